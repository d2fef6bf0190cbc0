"""Laboratory values: units, baseline, visits, ranges, the liver; and a slow second count over generated data."""

import random

import pytest
import slow_laboratory as slow
from lab_rows import data_of, lab, laboratory_of, only

from analysis.safety.laboratory import at_visits, laboratory, left_out, parameters_in, ranges, worst_grades
from analysis.safety.liver import liver_peaks, potential_cases
from trialdata.definition import Visits
from trialdata.laboratory_parameters import PARAMETERS, parameter_of

VISITS = Visits((0, 4, 8), last_window_days=7)


# Units


@pytest.mark.parametrize(
    ("paramcd", "unit", "value", "stored"),
    [
        ("BILI", "mg/dL", 1.2, 20.5248),  # 1.2 × 17.104
        ("TBIL", "μmol/L", 20.5, 20.5),
        ("BILI", "mmol/L", 0.02, 20),
        ("CREAT", "mg/dL", 1, 88.4),
        ("HGB", "g/dL", 12.5, 125),
        ("hb", "G/L", 125, 125),
        ("NEUT", "/µL", 1500, 1.5),
        ("NEUT", "K/uL", 1.5, 1.5),
        ("NEUT", "G/L", 1.5, 1.5),
        ("CD19", "10^9/L", 0.2, 200),
        ("CD19", "cells/uL", 200, 200),
        ("ALT", "iu/l", 30, 30),
        ("SGPT", "µkat/L", 0.5, 30),
        ("IGG", "mg/dL", 1100, 11),
        ("CRP", "mg/dL", 1.5, 15),
        ("GLUC", "mg/dL", 100, 5.551),
        ("RETIRBC", "‰", 12, 1.2),
    ],
)
def test_known_units_are_converted_with_their_limits(paramcd, unit, value, stored):
    rows = laboratory_of([lab("S1", paramcd, 1, value, unit, high=2 * value, low=value / 2)]).rows
    assert only(rows["AVAL"]) == pytest.approx(stored, rel=1e-12)
    assert only(rows["ANRHI"]) == pytest.approx(2 * stored, rel=1e-12)
    assert only(rows["ANRLO"]) == pytest.approx(stored / 2, rel=1e-12)
    assert only(rows["KNOWN"]) is True
    assert only(rows["KEY"]) == parameter_of(paramcd).paramcd


@pytest.mark.parametrize(
    ("paramcd", "unit"), [("ALT", "foo"), ("ALT", ""), ("HGB", "mmol/L"), ("NEUT", ""), ("RETIC", "%")]
)
def test_an_unknown_unit_stays_by_itself_and_has_no_grade(paramcd, unit):
    result = laboratory_of(
        [lab("S1", paramcd, 1, 500, unit, high=1, low=1), lab("S1", paramcd, 8, 500, unit, 1, 1)]
    )
    assert set(result.rows["KEY"]) == {f"{paramcd} ({unit or 'no unit'})"}
    assert not result.rows["KNOWN"].any() and worst_grades(result).empty
    assert left_out(result, [paramcd]) == {paramcd: (2, 1)}


def test_the_unit_may_stand_in_the_name_of_the_parameter():
    rows = laboratory_of([lab("S1", "ALT", 1, 30, "", 40, PARAM="Alanine Aminotransferase (U/L)")]).rows
    assert only(rows["KEY"]) == "ALT"


def test_a_parameter_that_nobody_knows_is_shown_as_it_is_known_ones_first():
    rows = [
        lab("S1", "ZINC", 1, 12, "µmol/L", PARAM="A zinc"),
        lab("S1", "ALT", 1, 30),
        lab("S1", "PLAT", 1, 9),
    ]
    assert list(parameters_in(data_of(rows)).items()) == [
        ("ALT", "Alanine aminotransferase, U/L"),
        ("ZINC (µmol/L)", "A zinc, µmol/L"),
    ]


def test_no_code_names_two_parameters():
    names = [name for known in PARAMETERS for name in (known.paramcd, *known.names)]
    assert len(names) == len(set(names))


# Baseline, visits, censored values


def baseline_of(*rows: dict) -> float | None:
    values = laboratory_of(list(rows)).rows
    return only(values.loc[values["BASELINE"], "AVAL"])


def test_baseline_is_the_flagged_value_else_the_last_by_day_1():
    assert baseline_of(lab("S1", "ALT", -5, 10), lab("S1", "ALT", 1, 20), lab("S1", "ALT", 2, 30)) == 20
    assert baseline_of(lab("S1", "ALT", -5, 10, ABLFL="Y"), lab("S1", "ALT", 1, 20)) == 10
    assert baseline_of(lab("S1", "ALT", 1, 10), lab("S1", "ALT", 1, 20)) == 20  # the highest of the day
    assert baseline_of(lab("S1", "ALT", -5, 10), lab("S1", "ALT", 1, 20, DTYPE="LOV")) == 10


def test_baseline_is_compared_in_one_unit():
    # 1 mg/dL is 17.104 µmol/L: more than 15
    assert baseline_of(lab("S1", "BILI", 1, 15, "µmol/L"), lab("S1", "BILI", 1, 1, "mg/dL")) == pytest.approx(
        17.104
    )


def test_a_baseline_flagged_late_is_no_value_after_baseline():
    result = laboratory_of([lab("S1", "ALT", 3, 500, high=40, ABLFL="Y")])
    assert not result.rows["AFTER"].any()
    assert (only(worst_grades(result)["BASE"]), only(worst_grades(result)["WORST"])) == (3, None)


def test_a_derived_row_is_no_value():
    result = laboratory_of(
        [lab("S1", "ALT", 1, 20, high=40), lab("S1", "ALT", 8, 500, high=40, DTYPE="MAXIMUM")]
    )
    assert result.rows["AVAL"].tolist() == [20]


def visit_values(*rows: dict) -> dict[float, float]:
    chosen = at_visits(laboratory_of(list(rows)).rows, VISITS)
    return dict(zip(chosen["AVISITN"], chosen["AVAL"], strict=True))


def test_the_value_of_a_visit_is_the_nearest_to_its_day():
    # the definition of these rows has weeks 0, 1, 2, 4, 8 ...: week 4 is day 29, its window 22 to 42
    assert visit_values(lab("S1", "ALT", 27, 1), lab("S1", "ALT", 30, 2)) == {4: 2}
    assert visit_values(lab("S1", "ALT", 27, 1), lab("S1", "ALT", 31, 2)) == {4: 2}  # equally near: the later
    assert visit_values(lab("S1", "ALT", 29, 1), lab("S1", "ALT", 29, 3), lab("S1", "ALT", 29, 2)) == {4: 3}
    assert visit_values(lab("S1", "ALT", -9, 7), lab("S1", "ALT", 29, 1)) == {0: 7, 4: 1}


def test_less_than_a_bound_lies_below_it():
    def worst(paramcd, text, unit, **limits):
        row = lab("S1", paramcd, 8, None, unit, AVALC=text, **limits)
        return only(worst_grades(laboratory_of([row]))["WORST"])

    assert worst("NEUT", "<0.5", "10^9/L", low=1.8) == 4
    assert worst("ALT", ">120", "U/L", high=40) == 2
    assert worst("ALT", "<40", "U/L", high=40) == 0


# Ranges


def test_low_and_high_after_baseline_are_both_told():
    values = [
        lab("S1", "HGB", day, value, "g/L", 175, 115)
        for day, value in ((1, 130), (8, 100), (15, 180), (22, 130))
    ]
    result = laboratory_of(values)
    assert sorted(ranges(result, "any")["FLAG"]) == ["high", "low"]
    assert ranges(result, "last")["FLAG"].tolist() == ["normal"]
    assert ranges(result, "baseline")["FLAG"].tolist() == ["normal"]


def test_a_limit_itself_is_normal_and_a_missing_one_is_not_exceeded():
    for value, low, high, flag in ((40, 7, 40, "normal"), (7, 7, 40, "normal"), (999, 7, None, "normal")):
        assert ranges(laboratory_of([lab("S1", "ALT", 8, value, high=high, low=low)]), "last")[
            "FLAG"
        ].tolist() == [flag]
    assert ranges(laboratory_of([lab("S1", "ALT", 8, 999)]), "last").empty


# Liver


def cases(*rows: dict) -> list[tuple]:
    found = potential_cases(laboratory_of(list(rows)))
    return list(zip(found["USUBJID"], found["ENZYME"], found["ENZYMEDY"], found["BILIDY"], strict=True))


def alt(day, times):
    return lab("S1", "ALT", day, 40 * times, high=40)


def bili(day, times):
    return lab("S1", "BILI", day, 20 * times, "µmol/L", high=20)


@pytest.mark.parametrize(
    ("alt_times", "bili_times", "case"), [(3, 2.01, True), (2.99, 5, False), (3, 2, False), (9, 2.01, True)]
)
def test_three_times_is_reached_and_two_times_exceeded(alt_times, bili_times, case):
    assert bool(cases(alt(29, alt_times), bili(29, bili_times))) == case


@pytest.mark.parametrize(("bili_day", "case"), [(28, False), (29, True), (59, True), (60, False)])
def test_bilirubin_rises_on_the_day_or_within_thirty_after(bili_day, case):
    assert bool(cases(alt(29, 4), bili(bili_day, 3))) == case


def test_the_first_pair_is_shown_and_the_peak_need_not_be_in_it():
    rows = (alt(29, 4), alt(200, 9), bili(40, 3), bili(35, 2.5), bili(190, 6))
    assert cases(*rows) == [("S1", "ALT", 29, 35)]
    peak = liver_peaks(laboratory_of(list(rows)))
    assert (only(peak["ENZYMEDY"]), only(peak["BILIDY"]), only(peak["QUADRANT"])) == (200, 190, "HY")


def test_values_at_baseline_or_without_an_upper_limit_make_no_case():
    assert cases(alt(1, 9), bili(29, 3)) == []
    assert cases(alt(29, 9) | {"ANRHI": None}, bili(29, 3)) == []
    assert liver_peaks(laboratory_of([alt(29, 9)])).empty


# A second count


NUMBERS = {
    "ALT": ("7", "20", "40", "60", "119.9", "120", "120.1", "150", "200", "201", "800", "801", "<5", ">1000"),
    "AST": ("7", "20", "40", "60", "105", "120", "121", "200", "201", ">500"),
    "BILI": ("10", "20.5", "20.6", "30.75", "30.8", "41", "41.1", "61.5", "62", "205", "206"),
    "HGB": ("160", "115", "114", "100", "99.9", "80", "79", "<70"),
    "NEUT": ("4", "1.8", "1.7", "1.5", "1.49", "1", "0.99", "0.5", "0.49", "<0.5"),
}
UPPER = {"ALT": "40", "AST": "35", "BILI": "20.5", "HGB": "175", "NEUT": "6.3"}
LOWER = {"ALT": "7", "AST": None, "BILI": None, "HGB": "115", "NEUT": "1.8"}
UNITS = {
    "ALT": ("U/L", "U/L", "IU/L", "foo"),
    "AST": ("U/L",),
    "BILI": ("µmol/L", "µmol/L", "foo"),
    "HGB": ("g/L", ""),
    "NEUT": ("10^9/L",),
}
DAYS = (-7, -1, 1, 1, 8, 15, 26, 27, 29, 31, 45, 57, 57, 59, 60, 90)


def generated(seed: int) -> list[dict]:
    """Rows of eight participants, many on a bound, some flagged, derived, without limits or in another unit."""
    dice = random.Random(seed)
    rows = []
    for number in range(1, 9):
        for _ in range(dice.randint(10, 40)):
            paramcd = dice.choice(list(NUMBERS))
            text = dice.choice(NUMBERS[paramcd])
            censored = text[0] in "<>"
            rows.append(
                lab(f"S{number}", paramcd, dice.choice(DAYS), unit=dice.choice(UNITS[paramcd]))
                | {"AVAL": None if censored else text, "AVALC": text if censored else ""}
                | {"ANRHI": dice.choice((UPPER[paramcd],) * 5 + (None,))}
                | {"ANRLO": dice.choice((LOWER[paramcd],) * 5 + (None,))}
                | {"ABLFL": dice.choice(("",) * 12 + ("Y",)), "DTYPE": dice.choice(("",) * 12 + ("LOV",))}
            )
    return rows


@pytest.mark.parametrize("seed", range(25))
def test_a_slow_second_count_agrees(seed):
    rows = generated(seed)
    result = laboratory_of(rows)
    people = sorted({row["USUBJID"] for row in rows})
    worst = worst_grades(result).set_index(["USUBJID", "PARAMCD"])[["BASE", "WORST"]]
    worst = worst.astype(object).where(worst.notna(), None)
    for usubjid in people:
        for paramcd in NUMBERS:
            counted = slow.worst(rows, usubjid, paramcd)
            key = (usubjid, paramcd)
            assert (tuple(worst.loc[key]) if key in worst.index else (None, None)) == counted, key
    for at in ("any", "last", "baseline"):
        found = ranges(result, at)
        for usubjid in people:
            for paramcd in NUMBERS:
                own = found[(found["USUBJID"] == usubjid) & (found["KEY"] == paramcd)]
                assert set(own["FLAG"]) == slow.flags(rows, usubjid, paramcd, at), (usubjid, paramcd, at)
    quadrants = liver_peaks(result).set_index("USUBJID")["QUADRANT"].to_dict()
    pairs = {usubjid: days for usubjid, _, *days in ((c[0], c[1], c[2], c[3]) for c in cases(*rows))}
    for usubjid in people:
        quadrant, first = slow.liver(rows, usubjid)
        assert quadrants.get(usubjid) == quadrant
        assert pairs.get(usubjid) == (None if first is None else list(first))


@pytest.mark.parametrize("seed", range(8))
def test_the_slow_count_of_a_visit_agrees(seed):
    rows = generated(100 + seed)
    data = data_of(rows)
    result = laboratory(data, data.adsl.assign(ARM="A"))
    for paramcd in NUMBERS:
        chosen = at_visits(result.of(paramcd), data.definition.visits).set_index(["USUBJID", "AVISITN"])[
            "POINT"
        ]
        for usubjid in sorted({row["USUBJID"] for row in rows}):
            base, _ = slow.values_of(rows, usubjid, paramcd)
            assert chosen.get((usubjid, 0.0)) == (
                None if base is None else pytest.approx(float(base["VALUE"]))
            )
            # week 4: days 22 to 42 around 29 (borders to week 2, day 15, and to week 8, day 57, midway)
            given = slow.at_week(rows, usubjid, paramcd, 29, 22, 42)
            assert chosen.get((usubjid, 4.0)) == (None if given is None else pytest.approx(float(given)))


def test_the_generated_rows_reach_every_grade_and_quadrant():
    grades, quadrants, made = set(), set(), 0
    for seed in range(25):
        result = laboratory_of(generated(seed))
        grades |= {int(g) for g in worst_grades(result)["WORST"].dropna()}
        quadrants |= set(liver_peaks(result)["QUADRANT"])
        made += len(potential_cases(result))
    assert grades == {0, 1, 2, 3, 4} and quadrants == {"HY", "ENZYME", "BILIRUBIN", "NEITHER"} and made > 5
