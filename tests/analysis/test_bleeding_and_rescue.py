"""Bleeding at a record, rescue and its shadow, usable records: expected values by hand from endpoints.md, section 1."""

import pytest

from analysis.adam import derive
from analysis.trace import trace
from tests.analysis.patients import CLASSES, answers, endpoint, study
from trialdata.definition import RescueClass


def grade_read_with(course, day=20, **keys):
    read = trace(
        derive(study({"S1": f"1:20 {day}:90 {course}"}, endpoint(bleeding="WHO", **keys))), "S1", "E"
    )
    (row,) = read[read["ADY"] == day].to_dict("records")
    return None if row["BLEEDGR"] != row["BLEEDGR"] else (row["BLEEDGR"], row["BLEEDDY"])


@pytest.mark.parametrize(
    ("assessments", "read"),
    [
        ("b20:1", (1, 20)),
        ("b18:1 b21:0", (0, 21)),  # the nearest, after as well as before
        ("b18:0 b22:2", (2, 22)),  # equally near: the worse grade
        ("b18:2 b22:0", (2, 18)),
        ("b20:1 b20:3", (3, 20)),  # on one day: the worse grade
        ("b17:1", (1, 17)),  # at most three days away
        ("b16:1", None),
        ("b24:1", None),
    ],
)
def test_the_nearest_assessment_is_read_with_a_record(assessments, read):
    assert grade_read_with(assessments) == read


def test_assessments_before_day_two_are_not_read():
    assert grade_read_with("b1:3", day=3) is None
    assert grade_read_with("b1:3 b5:0", day=3) == (0, 5)


def test_an_assessment_after_death_or_the_cut_does_not_exist():
    assert grade_read_with("b21:3 died20") is None
    assert grade_read_with("b21:3 cut20") is None


@pytest.mark.parametrize(
    ("assessments", "keys", "answer"),
    [
        ("", {}, "R"),  # not assessed is read as absent
        ("", {"bleeding_missing": "present"}, "NR"),
        ("b20:0 b27:0", {"bleeding_missing": "present"}, "R"),
        ("b20:1", {}, "NR"),
        ("b20:1", {"bleeding_max": 1}, "R"),
        ("b20:1", {"bleeding": ""}, "R"),
    ],
)
def test_bleeding_keeps_a_count_from_being_a_response(assessments, keys, answer):
    row = answers(f"1:20 20:45 27:45 {assessments} left300", endpoint(**{"bleeding": "WHO", **keys}))
    assert row["AVALC"] == answer


def test_records_read_without_an_assessment_are_counted():
    course = "1:20 8:25 15:45 b15:0 22:45 366:45"
    assert answers(course, endpoint(bleeding="WHO"))["NOBLEED"] == 2  # days 8 and 22
    assert answers(course, endpoint())["NOBLEED"] == 0


def usable_days(course, **keys):
    read = trace(derive(study({"S1": course}, endpoint(**keys))), "S1", "E")
    return read.loc[read["USABLE"] == "Y", "ADY"].tolist()


def test_a_shadow_ends_that_many_calendar_days_after_the_last_dose():
    # IVIG on day -3 washes out for 28 days: -3 + 28 is day 26
    assert usable_days("1:20 25:50 26:50 27:50 rIVIG-3", rescue="washout") == [27]


@pytest.mark.parametrize(
    ("rescue", "usable"),
    [
        ("rPLT20", [19, 28, 99]),  # no end: given on its first day; 20 + 7 is 27
        ("rPLT20-25", [19, 99]),  # to day 32
        ("rPLT20-10", [19, 28, 99]),  # an end before the start is the start
        ("rSTEROID20", [19]),  # still running
        ("rSTEROID20-21", [19, 99]),  # to day 49
        ("rNEW20-21", [19]),  # a new therapy's shadow never ends
        ("rNEW-20", [19, 20, 27, 28, 99]),  # begun before day 1 it is not new
        ("rOTHER20", [19, 20, 27, 28, 99]),  # no rescue class
        ("rPLT21-21 rIVIG90-95", [19, 20]),  # 21 to 28, 90 to 123
    ],
)
def test_records_in_a_shadow_are_not_usable_under_washout(rescue, usable):
    assert usable_days(f"1:20 19:50 20:50 27:50 28:50 99:50 {rescue}", rescue="washout") == usable


def test_a_long_shadow_covers_beyond_a_short_one_that_started_later():
    assert usable_days("1:20 30:50 40:50 48:50 rIVIG10-20 rPLT15", rescue="washout") == []
    assert usable_days("1:20 30:50 48:50 49:50 rIVIG10-20 rPLT15", rescue="washout") == [49]


def test_a_rescue_that_counts_ends_the_search():
    course = "1:20 15:50 20:50 21:50 60:50 rIVIG20"
    assert usable_days(course) == [15]
    assert usable_days(course, rescue="washout") == [15, 60]
    assert usable_days(course, rescue="ignore") == [15, 20, 21, 60]


def test_a_rescue_up_to_the_grace_day_only_shadows():
    course = "1:20 8:50 50:50 57:60 rIVIG10 left300"
    assert usable_days(course, rescue_grace_day=10) == [8, 50, 57]
    row = answers(course, endpoint(rescue_grace_day=10))
    assert (row["AVALC"], row["ONSETDY"]) == ("R", 8)  # it interrupts no run
    assert answers(course, endpoint(rescue_grace_day=9))["AVALC"] == "NR"


def test_a_new_therapy_counts_whatever_the_grace_day():
    assert usable_days("1:20 8:50 50:50 rNEW10", rescue_grace_day=60) == [8]


def test_rescue_before_day_one_only_shadows():
    assert usable_days("1:20 20:50 30:50 rIVIG-3") == [30]


def test_a_class_that_the_endpoint_does_not_name_plays_no_part():
    course = "1:20 8:50 20:50 rSTEROID10"
    assert usable_days(course) == [8]
    assert usable_days(course, rescue_classes=("IVIG", "NEW")) == [8, 20]
    assert usable_days(course, rescue_classes=()) == [8, 20]


def test_a_rescue_between_two_counts_breaks_the_run_even_when_both_are_usable():
    course = "1:20 8:50 40:50 rPLT20 left300"
    assert answers(course, endpoint(rescue="washout"))["AVALC"] == "NR"
    assert answers(course, endpoint(rescue="ignore"))["AVALC"] == "R"


def test_under_washout_a_shadowed_count_neither_breaks_nor_prolongs():
    course = "1:20 8:50 rPLT10 12:5 15:50 40:50 left300"
    assert answers(course, endpoint(rescue="washout", rescue_grace_day=10))["ONSETDY"] == 8


def test_a_study_without_rescue_classes():
    row = answers("1:20 8:50 15:50 rIVIG9", endpoint(), rescue=())
    assert row["AVALC"] == "R"


def test_a_rescue_without_a_whole_day_is_never_used():
    built = study({"S1": "1:20 8:50 15:50 rIVIG9 rPLT9"}, endpoint())
    built.adcm["ASTDY"] = [0, 9.5]
    assert derive(built).adrs["AVALC"].tolist() == ["R"]


def test_shadow_of_a_platelet_row_names_the_class():
    adlb = derive(study({"S1": "1:20 9:50 10:50 17:50 18:50 rPLT10"}, endpoint())).adlb
    assert adlb["SHADOW"].tolist() == ["", "", "PLT", "PLT", ""]


def test_a_rescue_class_may_have_no_washout():
    classes = (*CLASSES[1:], RescueClass("IVIG"))
    built = study({"S1": "1:20 10:50 11:50 rIVIG10"}, endpoint(rescue="washout"), rescue=classes)
    assert derive(built).adlb["SHADOW"].tolist() == ["", "IVIG", ""]
