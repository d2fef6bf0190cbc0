"""Area under the platelet curve and weeks at or above a threshold, worked by hand for single courses."""

import math
from types import SimpleNamespace

import pytest

from analysis.adam import derive
from analysis.platelet_area import compared_values, platelet_areas
from tests.analysis.patients import endpoint, study
from trialdata.errors import StudyDataError

GAP42 = endpoint("time_in_response", paramcd="T", max_gap_days=42)


def area(course: str, *endpoints, week: float = 4, **options):
    """The one row of a participant, week 4 ending on day 29."""
    (row,) = platelet_areas(
        derive(study({"S1": course}, *(endpoints or (endpoint(),)))), week=week, **options
    ).itertuples()
    return SimpleNamespace(**{name.lower(): value for name, value in row._asdict().items()})


def test_trapezoids_from_baseline_to_the_end_day():
    # day 1 to 8: 7 x (10 + 30) / 2 = 140; to 15: 7 x 40 = 280; to 29: 14 x 60 = 840
    row = area("-3:10 8:30 15:50 29:70")
    assert (row.area, row.days, row.average) == pytest.approx((1260, 28, 45))


def test_the_line_into_the_next_count_is_cut_at_the_end_day():
    # from 50 on day 22 to 92 on day 43 (2 a day): 64 on day 29; 21 x 30 + 7 x 57
    row = area("1:10 22:50 43:92")
    assert (row.area, row.days) == pytest.approx((21 * 30 + 7 * 57, 28))


def test_nothing_is_known_after_the_last_count():
    row = area("1:10 8:30 22:30")
    assert (row.area, row.days) == pytest.approx((140 + 420, 21))
    assert row.average == pytest.approx(560 / 21)


def test_a_long_gap_counts_neither_way():
    whole = area("1:20 32:20 60:20", week=8)  # 31 days apart, then 28
    assert (whole.area, whole.days) == pytest.approx((20 * 25, 25))
    assert math.isnan(whole.average) and whole.note == "fewer than half of the days covered"
    wider = area("1:20 32:20 60:20", GAP42, week=8)  # the study's own gap of 42 days
    assert (wider.area, wider.days, wider.average) == pytest.approx((20 * 56, 56, 20))


def test_rescue_is_part_of_the_curve_unless_left_out():
    course = "1:10 8:30 15:100 22:100 29:30 rPLT15-16"  # the shadow lasts to day 23
    assert area(course).days == 28
    row = area(course, outside=True)
    assert (row.area, row.days) == pytest.approx((140, 7))
    assert math.isnan(row.average)


def test_no_baseline_and_not_due():
    row = area("8:30 15:30 29:30")
    assert math.isnan(row.average) and row.note == "no baseline" and row.weeks == 0
    data = derive(study({"S1": "1:10 8:30 cut30"}, endpoint()))
    assert platelet_areas(data, week=4).empty  # the window of week 4 closes on day 42


def test_a_count_below_the_limit_of_the_laboratory():
    row = area("1:<5 29:<5")
    assert row.average == pytest.approx(5)
    assert area("1:10 8:<50 15:50 22:40 29:40").weeks == pytest.approx(1)


def test_weeks_at_or_above_the_threshold():
    # 60 holds on days 8 to 14, 50 on days 15 to 21, 80 on day 29 alone, where the weeks end
    row = area("1:90 8:60 15:50 22:49 29:80 36:80")
    assert row.weeks == pytest.approx((7 + 7 + 1) / 7)
    assert area("1:90 8:60 15:50 22:49 29:80 36:80", threshold=80).weeks == pytest.approx(1 / 7)


def test_weeks_end_with_the_gap_the_last_count_and_the_shadow():
    assert area("1:10 8:60 57:60", week=8).weeks == pytest.approx((28 + 1) / 7)
    assert area("1:10 8:60 15:60").weeks == pytest.approx((7 + 1) / 7)
    # platelets given on day 10, shadow to day 17: days 8, 9 and 18 to 21 remain, day 22 is the last count
    assert area("1:10 8:60 22:60 rPLT10").weeks == pytest.approx((2 + 4 + 1) / 7)
    assert area("1:10 8:60 15:60 22:60 rNEW9").weeks == pytest.approx(1 / 7)


def test_only_a_scheduled_visit_ends_the_curve():
    with pytest.raises(StudyDataError, match="Week 5 is not a scheduled visit after baseline"):
        area("1:10", week=5)


def test_values_compared_are_those_of_the_analysis_set():
    data = derive(study({"S1": "1:10 29:30", "S2": "29:90", "S3": "1:10 29:20"}, endpoint()))
    areas = platelet_areas(data, week=4)
    arm_of = data.adsl.set_index("USUBJID")["TRT01P"].drop("S3")
    assert compared_values(areas, "AVERAGE", arm_of)["AVAL"].tolist() == [20]
    assert compared_values(areas, "WEEKS", arm_of)["USUBJID"].tolist() == ["S1", "S2"]
