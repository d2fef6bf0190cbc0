"""Combinations of assigned drugs, and steroid-sparing at a landmark, for a few typed participants."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from patients import definition, endpoint, frame, study

from analysis.adam import derive
from analysis.safety.combinations import NOTHING, combinations, drugs_given
from analysis.safety.doses import dose_rows
from analysis.safety.medication import rescue_rows
from analysis.safety.sparing import at_landmark
from trialdata.definition import RescueClass

ENDPOINT = endpoint()
RESCUE = (
    RescueClass("CORTICOSTEROID INCREASE", open_end="single"),
    RescueClass("Prednisone"),
    RescueClass("IVIG"),
)
WEEK, DAY = 12, 85


def data_of(courses, adex=(), adcm=(), **adsl):
    """Participants by course, with rows of adex and adcm typed as dictionaries."""
    made = study(courses, ENDPOINT, rescue=RESCUE)
    columns = {name: [values.get(who, "") for who in made.adsl["USUBJID"]] for name, values in adsl.items()}
    return derive(
        dataclasses.replace(
            made,
            adsl=made.adsl.assign(**{name: pd.array(v, dtype="str") for name, v in columns.items()}),
            adex=with_numbers(frame("adex", list(adex)), "EXDOSE"),
            adcm=with_numbers(frame("adcm", list(adcm)), "CMDOSE"),
        )
    )


def with_numbers(table, name):
    return table.assign(**{name: pd.to_numeric(table[name]) if name in table else np.nan} | {
        column: table.get(column, "") for column in ("CMDOSU", "EXDOSFRQ") if column[:2] == name[:2]
    })  # fmt: skip


def taken(who, mg, first, last, drug="Prednisone", cmclas="CORTICOSTEROID"):
    return {"USUBJID": who, "CMCLAS": cmclas, "CMDECOD": drug, "CMDOSE": mg, "CMDOSU": "mg/day"} | {
        "ASTDY": first, "AENDY": last,
    }  # fmt: skip


def given(who, drug, mg, first, last, unit="mg", often="QD"):
    return {"USUBJID": who, "EXTRT": drug, "EXDOSE": mg, "EXDOSU": unit, "EXDOSFRQ": often} | {
        "ASTDY": first, "AENDY": last,
    }  # fmt: skip


def subjects(data):
    return data.adsl.assign(ARM=data.adsl["TRT01P"])


def landmark(courses, adcm=(), adex=(), week=WEEK, **adsl):
    data = data_of(courses, adex, adcm, **adsl)
    return at_landmark(data, subjects(data), week, ENDPOINT).set_index("USUBJID")


def reached(row) -> str:
    return "".join(letter for letter, name in zip("OLH", ("OFF", "LOW", "HALVED"), strict=True) if row[name])


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(20, -10, 84)], "OLH"),  # the last day before the landmark
        ([(20, -10, 85)], ""),
        ([(20, -10, 30), (10, 31, 100)], "H"),  # exactly half
        ([(20, -10, 30), (10.5, 31, 100)], ""),
        ([(20, -10, 30), (5, 31, 100)], "LH"),  # exactly five
        ([(8, -10, 30), (5, 31, 100)], "L"),
        ([(20, -10, None)], ""),  # goes on
        ([(20, -10, 30), (4, 80, 90), (6, 85, 85)], "H"),  # two rows of one day add up
        ([(20, -10, 30), (None, 80, 90)], ""),  # on a corticosteroid of unknown dose
        ([(None, -10, 30), (10, 31, 100)], ""),  # halving cannot be told
        ([(None, -10, 30), (5, 31, 100)], "L"),
    ],
)
def test_off_at_most_five_and_half(rows, expected):
    found = landmark({"S1": "cut400"}, [taken("S1", *row) for row in rows])
    assert reached(found.loc["S1"]) == expected


def test_unknown_doses_are_told():
    unknown = landmark({"S1": "cut400"}, [taken("S1", 20, -10, 30), taken("S1", None, 80, 90)])
    assert unknown.loc["S1", "UNKNOWN"]
    assert not landmark({"S1": "cut400"}, [taken("S1", None, -10, 30)]).loc["S1", "UNKNOWN"]  # off: known


def test_who_was_on_it_at_entry():
    courses = dict.fromkeys(("flag", "row", "before", "later", "no"), "cut400")
    rows = [taken("row", 20, 1, 30), taken("before", 20, -30, -1), taken("later", 20, 2, 30)]
    found = landmark(courses, rows, STERFL={"flag": "Y", "no": "N"})
    assert sorted(found.index) == ["flag", "row"]
    assert reached(found.loc["flag"]) == "OLH"


@pytest.mark.parametrize(("course", "due", "off"), [
    ("cut84", False, None), ("cut85", True, True), ("cut400 left84", True, False), ("cut400 left85", True, True),
    ("cut400 died50", True, False), ("cutnone", False, None),
])  # fmt: skip
def test_due_by_the_cut_alone_and_who_left_has_not_reached_it(course, due, off):
    found = landmark({"S1": course}, [taken("S1", 20, -10, 30)])
    assert ("S1" in found.index) == due
    if due:
        assert (found.loc["S1", "OFF"], found.loc["S1", "LEFT"]) == (off, not off)


def test_assigned_corticosteroid_is_no_sparing():
    brought = [taken("S1", 20, -10, 30)]
    on = landmark({"S1": "cut400"}, brought, [given("S1", "Prednisone", 30, 1, 200)])
    assert reached(on.loc["S1"]) == ""
    low = landmark({"S1": "cut400"}, brought, [given("S1", "Prednisone", 5, 1, 200)])
    assert reached(low.loc["S1"]) == "LH"
    twice = landmark({"S1": "cut400"}, brought, [given("S1", "Prednisone", 5, 1, 200, often="BID")])
    assert reached(twice.loc["S1"]) == "H"
    stopped = landmark({"S1": "cut400"}, brought, [given("S1", "Prednisone", 30, 1, 84)])
    assert reached(stopped.loc["S1"]) == "OLH"
    other = landmark({"S1": "cut400"}, brought, [given("S1", "Danazol", 200, 1, 200)])
    assert reached(other.loc["S1"]) == "OLH"


def test_assigned_corticosteroid_alone_is_not_corticosteroid_at_entry():
    assert landmark({"S1": "cut400"}, [], [given("S1", "Prednisone", 30, 1, 200)]).empty


def test_half_is_of_what_was_brought_along():
    """20 mg brought along, 40 mg assigned from day 1: half is 10 mg."""
    rows = [given("S1", "Prednisone", 40, 1, 30), given("S1", "Prednisone", 15, 31, 200)]
    assert reached(landmark({"S1": "cut400"}, [taken("S1", 20, -10, 5)], rows).loc["S1"]) == ""


def test_an_increase_as_rescue_is_corticosteroid():
    rows = [taken("S1", 20, -10, 30), taken("S1", 40, 80, 90, cmclas="CORTICOSTEROID INCREASE")]
    assert reached(landmark({"S1": "cut400"}, rows).loc["S1"]) == ""


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        ("1:10 85:50 cut400", True),
        ("1:10 85:25 cut400", False),
        ("1:10 cut400", False),  # no count at the visit
        ("1:10 85:50 cut133", True),  # the last day before the border with week 26, day (85 + 183) / 2
        ("1:10 85:50 cut132", None),
    ],
)
def test_off_and_in_response_at_the_visit(course, expected):
    value = landmark({"S1": course}, [taken("S1", 20, -10, 30)]).loc["S1", "OFFRESP"]
    assert (None if pd.isna(value) else bool(value)) is expected


def test_in_response_but_not_off_does_not_count_and_a_week_without_a_visit_has_none():
    rows = [taken("S1", 20, -10, 100)]
    assert not landmark({"S1": "1:10 85:50 cut400"}, rows).loc["S1", "OFFRESP"]
    assert pd.isna(landmark({"S1": "1:10 85:50 cut400"}, rows, week=13).loc["S1", "OFFRESP"])


COURSES = dict.fromkeys(("S1", "S2", "S3", "S4"), "cut100")
GIVEN = [
    given("S1", "Prednisone", 30, 1, 50),
    given("S1", "DANAZOL ", 200, 11, 60, often="BID"),
    given("S1", "Danazol", 100, 70, 80),
    given("S2", "Danazol", 0, 1, 30),  # left out: not given
    given("S2", "Ciclosporin", 100, 101, 120),  # after the last day followed
    given("S3", "Danazol", 200, 1, None),
]


def test_each_participant_is_in_one_combination():
    data = data_of(COURSES, GIVEN)
    own = subjects(data)
    found = combinations(drugs_given(dose_rows(data, own)), own).set_index("USUBJID")
    assert found["GIVEN"].str.casefold().to_dict() == {
        "S1": "danazol + prednisone", "S2": NOTHING, "S3": "danazol", "S4": NOTHING,
    }  # fmt: skip
    assert found["DAYS"].loc[["S1", "S3"]].tolist() == [80, 100]
    assert found["DAYS"].loc[["S2", "S4"]].isna().all()


def test_days_and_first_dose_of_a_drug():
    data = data_of(COURSES, GIVEN)
    found = drugs_given(dose_rows(data, subjects(data)))
    rows = {(row.USUBJID, row.DRUG.casefold()): (row.DAYS, row.DOSE, row.UNIT) for row in found.itertuples()}
    assert rows == {
        ("S1", "danazol"): (70, 200, "mg"),
        ("S1", "prednisone"): (50, 30, "mg"),
        ("S3", "danazol"): (100, 200, "mg"),
    }


def test_assigned_treatment_is_never_rescue():
    """A drug of adex by the name of a class of rescue: no rescue, no shadow, and the response stands."""
    course = "1:10 8:60 22:60 cut400"
    adex = [given("S1", drug, 30, 5, 30) for drug in ("Prednisone", "IVIG", "CORTICOSTEROID INCREASE")]
    data = data_of({"S1": course}, adex)
    assert rescue_rows(data, subjects(data)).empty
    (answer,) = data.adrs.to_dict("records")
    assert (answer["AVALC"], answer["ONSETDY"]) == ("R", 8)
    assert (data.adlb["SHADOW"] == "").all()
    rescued = data_of({"S1": course}, adcm=[taken("S1", 30, 5, 30, cmclas="Prednisone")])
    assert rescued.adrs["AVALC"].tolist() == ["NR"]


def test_the_definition_of_these_tests_has_a_visit_at_week_12():
    assert WEEK in definition().visits.weeks and 13 not in definition().visits.weeks
