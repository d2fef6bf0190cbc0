"""Doses, time on treatment, interruptions, steroids and rescue, by hand and against a slow second implementation."""

import random
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import slow_exposure as slow
from patients import definition

from analysis.safety.doses import dose_rows, dose_totals, planned_doses
from analysis.safety.medication import other_medication, rescue_rows, rescue_times
from analysis.safety.steroids import cumulative_doses, steroid_by_week, steroid_rows, steroid_stops
from analysis.safety.treatment_time import ANY_DRUG, dose_changes, treatment_times
from trialdata.definition import PlannedDose, RescueClass
from trialdata.dosing import dose_unit, frequency_of

INFUSION = PlannedDose("A", "Rituximab", 100, "mg", doses=6, every_days=7)
TABLET = PlannedDose("A", "Iguratimod", 25, "mg", per_day=2, last_day=182)
STEROIDS = (RescueClass("CORTICOSTEROID INCREASE", open_end="single"), RescueClass("IVIG"))
ADEX = ["USUBJID", "EXTRT", "EXDOSE", "EXDOSU", "EXDOSFRQ", "EXADJ", "ASTDY", "AENDY"]
ADCM = ["USUBJID", "CMCLAS", "CMDECOD", "CMDOSE", "CMDOSU", "CMDOSFRQ", "CMINDC", "ASTDY", "AENDY"]
NUMBERS = {"EXDOSE", "CMDOSE", "ASTDY", "AENDY"}


def frame(columns, rows):
    table = pd.DataFrame(rows, columns=columns)
    kinds = {name: "float64" if name in NUMBERS else "str" for name in columns}
    return table.astype(object).where(table.notna(), None).astype(kinds)


def study(adex=(), adcm=(), doses=(INFUSION, TABLET), rescue=STEROIDS):
    return SimpleNamespace(
        adex=frame(ADEX, list(adex)),
        adcm=frame(ADCM, list(adcm)),
        definition=definition(doses=doses, rescue=rescue),
    )


def people(**fudy):
    """Participants of arm A by the last day followed; a name that ends in `died` died on it."""
    return pd.DataFrame(
        {
            "USUBJID": list(fudy),
            "ARM": "A",
            "FUDY": [float(day) for day in fudy.values()],
            "DTHDY": [float(day) if name.endswith("died") else np.nan for name, day in fudy.items()],
        }
    )


def dose(usubjid, drug, mg, often, start, end, unit="mg", why=""):
    return (usubjid, drug, mg, unit, often, why, start, end)


def steroid(usubjid, name, mg, start, end, unit="mg/day", often="", cmclas="CORTICOSTEROID"):
    return (usubjid, cmclas, name, mg, unit, often, "", start, end)


def totals(rows, subjects, **keys):
    data = study(rows, **keys)
    return dose_totals(dose_rows(data, subjects), subjects, data.definition).set_index(["USUBJID", "DRUG"])


def test_infusions_against_the_plan():
    """Five of six given; followed to day 36, when the sixth is due."""
    rows = [dose("p", "RITUXIMAB ", 100, "ONCE", day, day) for day in (1, 8, 15, 22, 29)]
    own = totals(rows, people(p=36)).loc[("p", "Rituximab")]
    assert (own["DOSES"], own["AMOUNT"], own["PLANNED"]) == (5, 500, 600)
    assert own["RELATIVE"] == pytest.approx(5 / 6)
    assert totals(rows, people(p=35)).loc[("p", "Rituximab"), "RELATIVE"] == 1


def test_a_tablet_that_goes_on_runs_to_the_last_day_followed():
    own = totals([dose("p", "Iguratimod", 25, "BID", 1, None)], people(p=100)).loc[("p", "Iguratimod")]
    assert (own["DOSES"], own["AMOUNT"], own["RELATIVE"], own["LAST"]) == (200, 5000, 1, 100)
    longer = totals([dose("p", "Iguratimod", 25, "BID", 1, 200)], people(p=400)).loc[("p", "Iguratimod")]
    assert longer["RELATIVE"] == pytest.approx(200 / 182)


def test_everybody_of_the_arm_has_a_plan():
    own = totals([], people(p=10)).loc[("p", "Rituximab")]
    assert (own["TREATED"], own["DOSES"], own["RELATIVE"]) == (False, 0, 0)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (dose("p", "Iguratimod", 25, "BID", 1, 10, unit=""), "no unit"),
        (dose("p", "Iguratimod", 25, "BID", 1, 10, unit="g"), "other unit"),
        (dose("p", "Iguratimod", 25, "now and then", 1, 10), "frequency"),
        (dose("p", "Iguratimod", 25, "", 1, 10), "frequency"),
        (dose("p", "Iguratimod", None, "BID", 1, 10), "no dose"),
        (dose("p", "Iguratimod", -25, "BID", 1, 10), "negative"),
        (dose("p", "Iguratimod", 25, "", 3, 3), ""),
        (dose("p", "Iguratimod", 50, "", 1, 10, unit="MG / day"), ""),
    ],
)
def test_a_dose_that_is_in_no_amount(row, why):
    subjects = people(p=100)
    rows = dose_rows(study([row]), subjects)
    assert rows["WHY"].tolist() == [why]
    own = dose_totals(rows, subjects, study().definition).set_index("DRUG").loc["Iguratimod"]
    assert bool(own["TREATED"]) and np.isnan(own["RELATIVE"]) == bool(why)


def test_a_dose_of_zero_was_left_out():
    own = totals([dose("p", "Iguratimod", 0, "BID", 1, 10)], people(p=100)).loc[("p", "Iguratimod")]
    assert (own["TREATED"], own["RELATIVE"]) == (False, 0)


def test_days_before_the_first_and_after_the_last_are_not_counted():
    """Every other day from day -2: days -2, 1, 3, 5; there is no day 0."""
    row = dose("p", "Iguratimod", 25, "QOD", -2, 6)
    assert totals([row], people(p=100)).loc[("p", "Iguratimod"), "DOSES"] == 3
    assert totals([row], people(p=4)).loc[("p", "Iguratimod"), "DOSES"] == 2


@pytest.mark.parametrize(("every", "due"), [(7, [0, 1, 1, 2, 6]), (None, [0, 6, 6, 6, 6])])
def test_planned_infusions(every, due):
    plan = PlannedDose("A", "Rituximab", 100, "mg", doses=6, every_days=every)
    assert planned_doses(plan, pd.Series([np.nan, 1, 7, 8, 400])).tolist() == due


def test_words_of_frequency_and_unit():
    assert [frequency_of(word).times for word in ("qd", " B.I.D. ", "TID", "每日四次", "qid")] == [
        1,
        2,
        3,
        4,
        4,
    ]
    assert [frequency_of(word).every for word in ("QOD", "qw", "Q2W", "每周一次")] == [2, 7, 14, 7]
    assert frequency_of("PRN") is None and frequency_of("") is None and frequency_of("once").once
    assert [dose_unit(text) for text in ("mg/day", "MG", " mg/d", "")] == [
        ("mg", True), ("mg", False), ("mg", True), ("", False),
    ]  # fmt: skip


def times_of(rows, subjects):
    data = study(rows)
    frame = treatment_times(dose_rows(data, subjects), subjects, data.definition)
    return {(row.DRUG, row.USUBJID): (row.AVAL, row.CNSR) for row in frame.itertuples()}


def test_between_two_infusions_a_participant_is_on_treatment():
    rows = [dose(name, "Rituximab", 100, "ONCE", day, day) for name in ("p", "q", "xdied") for day in (1, 8)]
    assert times_of(rows, people(p=21, q=22, xdied=21)) == {
        **{(drug, "p"): (21, 1) for drug in (ANY_DRUG, "Rituximab")},  # 13 days without, doses left
        **{(drug, "q"): (8, 0) for drug in (ANY_DRUG, "Rituximab")},  # 14 days without: stopped at the last
        **{(drug, "xdied"): (21, 0) for drug in (ANY_DRUG, "Rituximab")},
    }


def test_the_last_of_six_ends_the_infusions_and_the_tablet_goes_on():
    rows = [dose("p", "Rituximab", 100, "ONCE", day, day) for day in (1, 8, 15, 22, 29, 36)]
    rows.append(dose("p", "Iguratimod", 25, "BID", 3, None))
    assert times_of(rows, people(p=40)) == {
        (ANY_DRUG, "p"): (40, 1), ("Rituximab", "p"): (36, 0), ("Iguratimod", "p"): (38, 1),
    }  # fmt: skip


def changes_of(*rows, fudy=300):
    found = dose_changes(dose_rows(study(rows), people(p=fudy)))
    return list(zip(found["KIND"], found["REASON"], found["DAYS"], strict=True))


def test_interruptions_and_their_reasons():
    first = dose("p", "Iguratimod", 25, "BID", 1, 50, why="START")
    assert changes_of(first, dose("p", "Iguratimod", 25, "BID", 53, 90, why="AE")) == [
        ("interrupted", "AE", 2)
    ]
    assert changes_of(first, dose("p", "Iguratimod", 25, "BID", 52, 90, why="AE")) == []  # one day
    zero = dose("p", "Iguratimod", 0, "BID", 51, 60, why="ON LEAVE")
    assert changes_of(first, zero, dose("p", "Iguratimod", 25, "QD", 61, 90)) == [
        ("interrupted", "ON LEAVE", 10), ("dose lowered", "", 0),
    ]  # fmt: skip
    assert changes_of(first, dose("p", "Iguratimod", 25, "BID", 60, 90), fudy=55) == []  # not yet resumed


def test_infusions_are_never_interrupted_but_their_dose_may_change():
    assert changes_of(
        dose("p", "Rituximab", 100, "ONCE", 1, 1), dose("p", "Rituximab", 375, "ONCE", 30, 30, why="WEIGHT")
    ) == [("dose raised", "WEIGHT", 0)]


def test_a_weekly_drug_is_not_interrupted_between_its_doses():
    first = dose("p", "Iguratimod", 25, "QW", 1, 22)
    assert (
        changes_of(first, dose("p", "Iguratimod", 25, "QW", 30, 60)) == []
    )  # days 23 to 29: 7 days, 6 usual
    assert changes_of(first, dose("p", "Iguratimod", 25, "QW", 31, 60)) == [("interrupted", "", 8)]


def test_steroid_in_prednisone_equivalents():
    rows = [
        steroid("p", "Prednisone", 20, -30, 10),
        steroid("p", "METHYLPREDNISOLONE sodium", 8, 5, 14, unit="mg", often="BID"),
        steroid("p", "Dexamethasone", 40, 100, None, cmclas="CORTICOSTEROID INCREASE"),
        steroid("q", "Deflazacort", 6, 1, 20),
        steroid("r", "Prednisone", None, 8, 8, unit=""),
        ("s", "IVIG", "Immunoglobulin", 20, "g", "ONCE", "", 1, 1),
    ]
    subjects = people(p=200, q=200, r=200, s=200, early=7)
    read = steroid_rows(study(adcm=rows), subjects)
    week = steroid_by_week(read, subjects, [0, 1], ["A"]).set_index(["time", "measure"])
    assert week.loc[(0, "on a corticosteroid"), ["n", "N"]].tolist() == [2, 5]
    assert week.loc[(1, "on a corticosteroid"), ["n", "N"]].tolist() == [3, 4]
    assert week.loc[(1, "daily dose"), ["n", "N", "estimate"]].tolist() == [2, 4, 20]  # p 40, s 0
    assert week.loc[(1, "daily dose of those on one"), ["n", "N", "estimate"]].tolist() == [1, 3, 40]
    total = cumulative_doses(read, subjects, 26)
    assert total["p"] == pytest.approx(10 * 20 + 10 * 16 * 1.25 + 40 * 6.67)  # the dexamethasone is one day
    assert np.isnan(total["q"]) and np.isnan(total["r"]) and total["s"] == 0
    assert "early" not in total


def test_who_stops_the_steroid():
    rows = [
        steroid("stopped", "Prednisone", 5, -5, 20),
        steroid("again", "Prednisone", 5, -5, 20),
        steroid("again", "Prednisone", 5, 90, None),
        steroid("xdied", "Prednisone", 5, 1, None),
        steroid("later", "Prednisone", 5, 2, 20),
    ]
    subjects = people(stopped=100, again=100, xdied=60, later=100)
    stops = steroid_stops(steroid_rows(study(adcm=rows), subjects), subjects).set_index("USUBJID")
    assert sorted(stops.index) == ["again", "stopped", "xdied"]
    assert stops.loc["stopped", ["CIFDY", "CIFEVENT"]].tolist() == [21, "stopped"]
    assert stops.loc["again", ["CIFDY", "CIFEVENT"]].tolist() == [100, ""]
    assert stops.loc["xdied", ["CIFDY", "CIFEVENT"]].tolist() == [60, "death"]


def test_rescue_and_other_medication():
    rows = [
        ("p", "IVIG", "Immunoglobulin", 20, "g", "", "BLEEDING", 30, 31),
        ("p", "IVIG", "Immunoglobulin", 20, "g", "", "", -3, -1),  # before day 1
        ("q", "IVIG", "Immunoglobulin", 20, "g", "", "", 60, 61),  # after the last day followed
        ("p", "Antacid", "Omeprazole", 20, "mg", "QD", "", -20, -2),
        ("p", "Antacid", "Omeprazole", 20, "mg", "QD", "", -20, 1),
        ("q", "ivig", "Immunoglobulin", 20, "g", "", "", 5, 5),  # letter by letter
    ]
    subjects = people(p=50, q=50, xdied=40, none=np.nan)
    data = study(adcm=rows)
    rescue = rescue_rows(data, subjects)
    assert rescue[["USUBJID", "ASTDY", "REASON"]].to_numpy().tolist() == [["p", 30, "BLEEDING"]]
    times = rescue_times(rescue, subjects).set_index("USUBJID")
    assert times[["CIFDY", "CIFEVENT"]].to_numpy().tolist() == [[30, "rescue"], [50, ""], [40, "death"]]
    other, before = other_medication(data, subjects)
    assert other["CLASS"].tolist() == ["Antacid", "ivig"] and before == 1


WORDS = [
    "ONCE",
    "QD",
    "BID",
    "b.i.d.",
    "TID",
    "QID",
    "QOD",
    "QW",
    "Q2W",
    "每日一次",
    "隔日一次",
    "",
    "SOMETIMES",
]


def drawn_days(rng):
    start = rng.choice([-20, -3, -1, *range(1, 60)])
    return start, rng.choice([None, 0, start, start - 2, *(start + rng.randint(1, 40) for _ in range(8))])


def drawn_dose(rng, usubjid):
    drug, unit = (
        rng.choice(["Rituximab", "iguratimod", "Other"]),
        rng.choice(["mg"] * 9 + ["", "g", "mg/day"]),
    )
    amount = rng.choice([25.0, 25.0, 50.0, 100.0, 0.0, None, -1.0])
    return dose(
        usubjid, drug, amount, rng.choice(WORDS), *drawn_days(rng), unit, rng.choice(["", "AE", "OWN WISH"])
    )


def drawn_steroid(rng, usubjid):
    name = rng.choice(
        ["Prednisone", "DEXAMETHASONE", "Hydrocortisone acetate", "Methylprednisolone", "Unknown"]
    )
    amount = rng.choice([5.0, 10.0, 20.0, 0.0, None])
    unit = rng.choice(["mg/day", "mg", "mg", "g", ""])
    cmclas = rng.choice(["CORTICOSTEROID", "Corticosteroid", "CORTICOSTEROID INCREASE"])
    return steroid(usubjid, name, amount, *drawn_days(rng), unit, rng.choice(WORDS), cmclas)


def dicts(columns, rows):
    return [dict(zip(columns, row, strict=True)) for row in rows]


def same(ours, theirs):
    return theirs is None if pd.isna(ours) else theirs is not None and ours == pytest.approx(theirs)


@pytest.mark.parametrize("seed", range(60))
def test_doses_agree_with_the_slow_implementation(seed):
    rng = random.Random(seed)
    fudy = {f"p{i}": rng.choice([1, 7, 8, 30, 36, 200]) for i in range(4)}
    subjects = people(**fudy)
    rows = [drawn_dose(rng, rng.choice(list(fudy))) for _ in range(rng.randint(0, 14))]
    data = study(rows)
    read = dose_rows(data, subjects)
    ours = dose_totals(read, subjects, data.definition).set_index(["USUBJID", "DRUG"])
    changed, times = dose_changes(read), treatment_times(read, subjects, data.definition)
    unit = dict(zip(read["DRUG"], read["AMOUNTU"], strict=True)) | {"Rituximab": "mg", "Iguratimod": "mg"}
    plans = {"Rituximab": INFUSION, "Iguratimod": TABLET}
    for usubjid, last in fudy.items():
        for drug in ("Rituximab", "Iguratimod", "Other"):
            own = [
                row for row in dicts(ADEX, rows) if row["USUBJID"] == usubjid and row["EXTRT"].title() == drug
            ]
            theirs = slow.total(own, unit.get(drug, ""), plans.get(drug), last)
            if (usubjid, drug) in ours.index:
                line = ours.loc[(usubjid, drug)]
                assert [name for name in theirs if not same(line[name], theirs[name])] == []
            else:
                assert theirs["FIRST"] is None
            mine = changed[(changed["USUBJID"] == usubjid) & (changed["DRUG"] == drug)]
            assert mine[["KIND", "REASON", "DAYS"]].to_numpy().tolist() == [
                list(each) for each in slow.changes(own, unit.get(drug, ""), last)
            ]
            if theirs["FIRST"] is not None:
                ended, over = slow.still_on(own, plans.get(drug), last)
                time = times[(times["USUBJID"] == usubjid) & (times["DRUG"] == drug)].iloc[0]
                until = ended if over else last
                assert (time["AVAL"], time["CNSR"]) == (until - theirs["FIRST"] + 1, int(not over))


@pytest.mark.parametrize("seed", range(60))
def test_steroids_agree_with_the_slow_implementation(seed):
    rng = random.Random(1000 + seed)
    fudy = {f"p{i}": rng.choice([1, 7, 8, 30, 60, 200]) for i in range(4)}
    subjects = people(**fudy)
    rows = [drawn_steroid(rng, rng.choice(list(fudy))) for _ in range(rng.randint(0, 10))]
    read = steroid_rows(study(adcm=rows), subjects)
    ends = {"CORTICOSTEROID INCREASE": "single"}
    own = {name: [row for row in dicts(ADCM, rows) if row["USUBJID"] == name] for name in fudy}
    by_week = steroid_by_week(read, subjects, [0, 1, 4, 8], ["A"]).set_index(["measure", "time"])
    for week in (0, 1, 4, 8):
        followed = [name for name, last in fudy.items() if last >= 7 * week + 1]
        asked = {name: (own[name], 7 * week + 1, fudy[name], ends) for name in followed}
        doses = [slow.steroid_on(*asked[name]) for name in followed]
        on = sum(slow.on_steroid(*asked[name]) for name in followed)
        known = [each for each in doses if each is not None]
        assert by_week.loc[("on a corticosteroid", week), ["n", "N"]].tolist() == [on, len(followed)]
        assert by_week.loc[("daily dose", week), ["n", "N"]].tolist() == [len(known), len(followed)]
        if known:
            middle = np.median(known)
            assert by_week.loc[("daily dose", week), "estimate"] == pytest.approx(middle)
    total = cumulative_doses(read, subjects, 4)
    assert set(total.index) == {name for name, last in fudy.items() if last >= 28}
    for name in total.index:
        days = [slow.steroid_on(own[name], day, fudy[name], ends) for day in range(1, 29)]
        assert same(total[name], None if None in days else sum(days))
    stops = steroid_stops(read, subjects).set_index("USUBJID")
    for name, last in fudy.items():
        on = [day for day in range(1, last + 1) if slow.on_steroid(own[name], day, last, ends)]
        assert (name in stops.index) == (1 in on)
        if 1 in on:
            stopped = max(on) < last
            assert stops.loc[name, ["CIFDY", "CIFEVENT"]].tolist() == [
                max(on) + 1 if stopped else last, "stopped" if stopped else "",
            ]  # fmt: skip
