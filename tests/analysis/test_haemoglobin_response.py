"""The haemoglobin response: each clause of the rule at its edge, by hand, and a slow second count."""

import dataclasses
import random

import numpy as np
import pandas as pd
import pytest
import slow_haemoglobin as slow
from lab_rows import adlb, lab
from patients import definition, frame, study

from analysis.adam import derive
from analysis.haemoglobin_response import haemoglobin_responses, with_anaemia
from analysis.safety.laboratory import laboratory
from trialdata.definition import HaemoglobinResponse

RULE = HaemoglobinResponse("CLASS", ("EVANS",), (2, 100), raised=("LDH", "BILI"), lowered=("HAPTO",))
BASE = lab("S1", "HGB", 1, 8.0, "g/dL")


def hgb(day, value, unit="g/dL", **more):
    return lab("S1", "HGB", day, value, unit, **more)


def answered(rows, given=(), rule=RULE, classes=None, **adsl):
    """One row per participant, from rows of adlb, transfusions (USUBJID, first, last) and columns of adsl."""
    people = sorted({row["USUBJID"] for row in rows})
    made = study(dict.fromkeys(people, ""), haemoglobin_response=rule)
    columns = {"CLASS": "EVANS", "SEX": "F", "DCUTDY": 200.0} | adsl
    cm = [
        {"USUBJID": who, "CMCLAS": cmclas or "RED CELL TRANSFUSION", "ASTDY": first, "AENDY": last}
        for who, first, last, *rest in given
        for cmclas in [rest[0] if rest else ""]
    ]
    whole = dataclasses.replace(
        made, adsl=made.adsl.assign(**columns), adlb=adlb(rows), adcm=frame("adcm", cm)
    )
    data = derive(whole)
    who = with_anaemia(data.adsl.assign(ARM=data.adsl["TRT01P"]), rule)
    return haemoglobin_responses(data, who, laboratory(data, who))


def one(rows, given=(), **more) -> pd.Series:
    (row,) = answered([BASE, *rows], [("S1", *days) for days in given], **more).to_dict("records")
    return pd.Series(row)


@pytest.mark.parametrize(
    ("value", "answer"), [(10.0, "R"), (9.99, "NR"), (11.99, "R"), (12.0, "CR"), (13, "CR")]
)
def test_a_rise_of_exactly_two_is_a_response_and_normal_is_from_the_limit_on(value, answer):
    assert one([hgb(30, value)])["AVALC"] == answer


@pytest.mark.parametrize(
    ("base", "value", "answer"), [(8.3, 10.3, "R"), (9.7, 11.7, "R"), (9.7, 11.69, "NR")]
)
def test_binary_numbers_do_not_blur_the_rise(base, value, answer):
    (row,) = answered([hgb(1, base), hgb(30, value)]).to_dict("records")
    assert row["AVALC"] == answer


def test_normal_is_by_the_limit_of_the_record_else_by_sex():
    assert one([hgb(30, 12.5)], SEX="M")["AVALC"] == "R"  # a rise, below 13
    assert one([hgb(30, 13.0)], SEX="M")["AVALC"] == "CR"
    assert one([hgb(30, 11.5, low=11.5)])["AVALC"] == "CR"
    assert one([hgb(30, 12.5, low=12.6)])["AVALC"] == "R"
    assert one([hgb(30, 13.0)], SEX="U")["AVALC"] == "no limit of normal"


def test_grams_per_litre_are_the_same_and_millimoles_do_not_count():
    assert one([hgb(30, 100, "g/L")])["AVALC"] == "R"
    assert one([hgb(30, 120, "g/L")])["AVALC"] == "CR"
    assert one([hgb(30, 7.5, "mmol/L")])["AVALC"] == "MISSING"


@pytest.mark.parametrize(("day", "answer"), [(23, "NR"), (22, "R"), (30, "NR"), (31, "R"), (29, "NR")])
def test_seven_days_before_without_transfusion(day, answer):
    """Transfused on day 23: values of days 23 to 30 do not count, those of day 22 and day 31 do."""
    assert one([hgb(day, 10.5)], [(23, 23)])["AVALC"] == answer


@pytest.mark.parametrize(("last", "answer"), [(24, "NR"), (None, "R"), (20, "R"), (22, "R"), (23, "NR")])
def test_a_transfusion_has_every_day_to_its_last(last, answer):
    """Begun on day 22, looked at on day 30: eight days after the first day. An end before the start is the start."""
    assert one([hgb(30, 10.5)], [(22, last)])["AVALC"] == answer


def test_the_days_before_cross_the_missing_day_0():
    assert one([hgb(7, 10.5)], [(-1, None)])["AVALC"] == "NR"  # seven calendar days
    assert one([hgb(8, 10.5)], [(-1, None)])["AVALC"] == "R"


def test_another_class_is_no_transfusion_and_rescue_for_platelets_plays_no_part():
    assert one([hgb(30, 10.5)], [(29, 29, "PLT")])["AVALC"] == "R"
    assert one([hgb(30, 10.5)], [(29, 29, "red cell transfusion")])["AVALC"] == "R"  # letter by letter


@pytest.mark.parametrize(("day", "answer"), [(1, "MISSING"), (2, "R"), (100, "R"), (101, "MISSING")])
def test_both_ends_of_the_window_belong_to_it(day, answer):
    rows = [lab("S1", "HGB", -3, 8.0, "g/dL", ABLFL="Y"), hgb(day, 10.5)]
    (row,) = answered(rows).to_dict("records")
    assert row["AVALC"] == answer


@pytest.mark.parametrize(
    ("marker", "answer"),
    [
        (lab("S1", "LDH", 30, 250, high=250), "CR"),  # at the limit is normal
        (lab("S1", "LDH", 30, 251, high=250), "R"),
        (lab("S1", "HAPTO", 30, 0.3, "g/L", low=0.3), "CR"),
        (lab("S1", "HAPTO", 30, 0.29, "g/L", low=0.3), "R"),
        (lab("S1", "HAPTO", 30, 29, "mg/dL", low=30), "R"),
        (lab("S1", "BILI", 30, 2.0, "mg/dL", high=1.2), "R"),
        (lab("S1", "LDH", 23, 300, high=250), "R"),  # seven days before
        (lab("S1", "LDH", 37, 300, high=250), "R"),
        (lab("S1", "LDH", 22, 300, high=250), "CR"),  # eight
        (lab("S1", "LDH", 38, 300, high=250), "CR"),
        (lab("S1", "LDH", 30, 300), "CR"),  # without a limit: not measured
        (lab("S1", "LDH", 30, 300, "foo", high=250), "CR"),  # in an unknown unit
        (lab("S1", "HAPTO", 30, 3.0, "g/L", low=0.3, high=2.0), "CR"),  # high haptoglobin is no haemolysis
        (lab("S1", "RETIC", 30, 200, "10^9/L", high=84), "CR"),  # not among the markers of this rule
    ],
)
def test_haemolysis_near_the_value_leaves_a_response(marker, answer):
    assert one([hgb(30, 12.5), marker])["AVALC"] == answer


def test_any_marker_beyond_its_limit_is_haemolysis():
    inside, beyond = lab("S1", "LDH", 30, 200, high=250), lab("S1", "HAPTO", 28, 0.1, "g/L", low=0.3)
    assert one([hgb(30, 12.5), inside])["AVALC"] == "CR"
    assert one([hgb(30, 12.5), inside, beyond])["AVALC"] == "R"


def test_whether_haemolysis_was_measured_near_a_complete_response_is_told():
    near, far = lab("S1", "LDH", 37, 200, high=250), lab("S1", "LDH", 38, 200, high=250)
    assert one([hgb(30, 12.5), near])["MEASFL"] == "Y"
    assert one([hgb(30, 12.5), far])["MEASFL"] == "N"
    assert one([hgb(30, 12.5), hgb(36, 12.5), far])["MEASFL"] == "Y"  # near another record of the response
    assert one([hgb(30, 10.5), near])["MEASFL"] == "N"  # no complete response


def test_who_is_not_anaemic_at_baseline_is_in_no_rate():
    for rows, answer in (
        ([hgb(1, 12.0), hgb(30, 14.5)], "not anaemic"),
        ([hgb(1, 11.99), hgb(30, 14.5)], "CR"),
        ([hgb(30, 14.5)], "no baseline"),
        ([hgb(1, 7.0, "mmol/L"), hgb(30, 14.5)], "no baseline"),
    ):
        (row,) = answered(rows).to_dict("records")
        assert row["AVALC"] == answer
        assert np.isnan(row["ONSETDY"]) == (answer != "CR")


def test_the_lowest_value_of_a_day_counts():
    assert one([hgb(30, 10.5), hgb(30, 9.0)])["AVALC"] == "NR"


def test_the_first_days_of_response_and_of_complete_response():
    row = one([hgb(60, 12.5), hgb(30, 10.5), hgb(45, 9.0)])
    assert (row["AVALC"], row["ONSETDY"], row["CRONSDY"]) == ("CR", 30, 60)
    assert np.isnan(one([hgb(30, 10.5)])["CRONSDY"])


@pytest.mark.parametrize(("cut", "due"), [(106, "N"), (107, "Y"), (None, "N")])
def test_due_when_the_last_marker_can_have_been_measured_response_or_not(cut, due):
    assert one([hgb(30, 12.5)], DCUTDY=np.nan if cut is None else float(cut))["DUEFL"] == due


def test_a_response_that_is_there_makes_nobody_due():
    row = one([hgb(30, 12.5)], DCUTDY=50.0)
    assert (row["AVALC"], row["DUEFL"]) == ("CR", "N")


def test_missing_never_hides_a_death():
    assert one([])["AVALC"] == "MISSING"
    assert one([], DTHDY=100.0)["AVALC"] == "NR"
    assert one([], DTHDY=101.0)["AVALC"] == "MISSING"
    assert one([hgb(51, 12.5)], DTHDY=50.0)["AVALC"] == "NR"  # a value after death is none


def test_less_than_a_limit_lies_below_it():
    row = lab("S1", "HGB", 30, None, "g/dL", AVALC="<12")
    assert one([row])["AVALC"] == "R"


def test_who_it_is_about():
    rows = [hgb(1, 8.0), hgb(30, 12.5)]
    assert len(answered(rows, CLASS=" evans "))
    assert not len(answered(rows, CLASS="EVANS SYNDROME"))
    without = dataclasses.replace(RULE, column="NOTHERE")
    assert not len(answered(rows, rule=without))


DAYS = (-7, -1, 1, 1, 2, 8, 9, 15, 22, 23, 30, 60, 93, 100, 101)
VALUES = {
    "HGB": (
        ("8.0", "g/dL"),
        ("10.0", "g/dL"),
        ("9.99", "g/dL"),
        ("12.0", "g/dL"),
        ("119", "g/L"),
        ("131", "g/L"),
    ),
    "LDH": (("250", "U/L"), ("251", "U/L"), ("300", "foo")),
    "BILI": (("20.5", "µmol/L"), ("21", "µmol/L")),
    "HAPTO": (("0.3", "g/L"), ("0.29", "g/L"), ("0.03", "g/dL")),
}
LIMITS = {"HGB": ("", ""), "LDH": ("120", "250"), "BILI": ("", "20.5"), "HAPTO": ("0.3", "2")}


def generated(seed: int):
    dice = random.Random(seed)
    rows, given, sex, died = [], {}, {}, {}
    for number in range(1, 11):
        who = f"S{number:02}"
        sex[who], died[who] = dice.choice("FMU"), dice.choice((None, None, None, 25, 100, 150))
        rows.append(lab(who, "HGB", dice.choice((-2, 1)), 7.9, "g/dL"))
        for _ in range(dice.randint(1, 14)):
            paramcd = dice.choice(("HGB", "HGB", *VALUES))
            value, unit = dice.choice(VALUES[paramcd])
            low, high = (float(limit) if limit and dice.random() < 0.8 else None for limit in LIMITS[paramcd])
            if paramcd == "HGB" and dice.random() < 0.3:
                low = 110 if unit == "g/L" else 11.0
            if unit == "g/dL" and paramcd == "HAPTO":
                low, high = (0.03 if low else None), None
            rows.append(
                lab(who, paramcd, dice.choice(DAYS), float(value), unit, high=high, low=low)
                | {"ABLFL": dice.choice(("",) * 20 + ("Y",)) if paramcd == "HGB" else ""}
            )
        given[who] = [
            (first, dice.choice((None, first, first + 2, first - 3)))
            for first in dice.sample((-6, 1, 2, 15, 16, 23, 30, 53, 92, 93), dice.choice((0, 0, 1, 2)))
        ]
        given[who] = [(first, 1 if last == 0 else last) for first, last in given[who]]
    return rows, given, sex, died


@pytest.mark.parametrize("seed", range(12))
def test_a_slow_second_count_agrees(seed):
    rows, given, sex, died = generated(seed)
    people = sorted(sex)
    found = answered(
        rows,
        [(who, *days) for who in people for days in given[who]],
        SEX=[sex[who] for who in people],
        DTHDY=[np.nan if died[who] is None else float(died[who]) for who in people],
    ).set_index("USUBJID")
    for who in people:
        own = [row for row in rows if row["USUBJID"] == who]
        answer, onset, complete, measured = slow.answer(own, given[who], sex[who], died[who])
        row = found.loc[who]
        days = tuple(None if np.isnan(day) else day for day in (row["ONSETDY"], row["CRONSDY"]))
        assert (row["AVALC"], *days, row["MEASFL"] == "Y") == (answer, onset, complete, measured), who


def test_the_generated_rows_reach_every_answer():
    seen = set()
    for seed in range(12):
        rows, given, sex, died = generated(seed)
        for who in sex:
            own = [row for row in rows if row["USUBJID"] == who]
            seen.add(slow.answer(own, given[who], sex[who], died[who])[0])
    assert seen >= {"CR", "R", "NR", "MISSING", "not anaemic", "no limit of normal"}


def test_a_definition_without_the_table_has_none():
    assert definition().haemoglobin_response is None
