"""Analysis visits, response at a visit, durable counts: expected values by hand from endpoints.md, sections 2 and 4."""

import numpy as np
import pytest

from analysis.adam import derive
from analysis.response import response_by_visit
from analysis.visits import analysis_visit, visit_label, visit_windows
from tests.analysis.patients import answers, endpoint, study
from trialdata.definition import Visits

GRID = Visits((0, 1, 2, 4), last_window_days=14)  # targets on days 8, 15, 29


@pytest.mark.parametrize(
    ("day", "week"),
    [
        *((-30, 0), (1, 0), (2, 1), (8, 1), (11, 1), (12, 2), (15, 2), (21, 2)),
        *((22, 4), (29, 4), (43, 4), (44, np.nan), (np.nan, np.nan)),
    ],
)
def test_window_of_a_day(day, week):
    assert analysis_visit(np.array([day], dtype=float), GRID) == pytest.approx([week], nan_ok=True)


def test_windows_are_contiguous_whatever_the_order_of_the_weeks():
    windows = visit_windows(Visits((4, 1, 0, 2), last_window_days=3))
    assert windows["LOW"].tolist() == [-np.inf, 2, 12, 22]
    assert windows["HIGH"].tolist() == [1, 11, 21, 32]
    assert visit_windows(Visits((0,)))["HIGH"].tolist() == [1]


def test_labels():
    assert [visit_label(week) for week in (0, 1, 26, 0.5, np.nan)] == [
        "Baseline",
        "Week 1",
        "Week 26",
        "Week 0.5",
        "",
    ]


@pytest.mark.parametrize(
    ("days", "chosen"),
    [
        ((10, 20), [20]),  # window of week 2: 12 to 21
        ((13, 17), [17]),  # equally near to day 15: the later
        ((14, 17), [14]),
        ((12, 15, 16), [15]),
        ((-9, -2), [-2]),
    ],
)
def test_record_of_a_visit(days, chosen):
    course = " ".join(f"{day}:50" for day in days)
    adlb = derive(study({"S1": course}, endpoint(), visits=GRID)).adlb
    of_visit = adlb[(adlb["VISITFL"] == "Y") & (adlb["AVISITN"].isin([0, 2]))]
    assert of_visit["ADY"].tolist() == chosen


def test_the_visit_in_the_file_is_kept_for_display_only():
    built = study({"S1": "15:50"}, endpoint(), visits=GRID)
    built.adlb["AVISIT"] = "Week 4"
    row = derive(built).adlb.iloc[0]
    assert (row["VISIT"], row["AVISIT"], row["AVISITN"]) == ("Week 4", "Week 2", 2)


def at_week_2(course, **keys):
    return answers(course, endpoint("response_at_visit", avisitn=2, bleeding="WHO", **keys), visits=GRID)


@pytest.mark.parametrize(
    ("course", "answer", "reason"),
    [
        ("1:20 15:40", "R", ""),
        ("1:20 15:100", "CR", ""),
        ("1:20 15:39", "NR", "never reached"),
        ("1:20 15:40 b14:1", "NR", "bleeding"),
        ("1:20 11:40 22:40", "MISSING", ""),  # neither day lies in the window
        ("1:20 11:40 rIVIG21", "NR", "rescue"),  # a missing visit never hides a rescue by its end
        ("1:20 11:40 rIVIG22", "MISSING", ""),
        ("1:20 died21", "NR", "death"),
        ("1:20 died22", "MISSING", ""),
        ("1:20 15:90 rIVIG14", "NR", "rescue"),
        ("1:20 14:40 17:90 rIVIG15", "R", ""),  # nearest first, then usable or not
        ("1:20 13:90 16:40 rIVIG16", "NR", "rescue"),
    ],
)
def test_response_at_a_visit(course, answer, reason):
    row = at_week_2(course)
    assert (row["AVALC"], row["REASON"], row["DUEDY"]) == (answer, reason, 21)


@pytest.mark.parametrize(
    ("course", "answer"),
    [
        ("1:20 8:40 15:40", "R"),  # confirmed by the count a week before
        ("1:20 15:40 22:40", "R"),  # or a week after
        ("1:20 15:110 22:50", "R"),  # CR not confirmed, response is
        ("1:20 15:110 22:110", "CR"),
        ("1:20 12:40 15:50 19:40", "R"),  # within a pair, neither its first nor its last
        ("1:20 15:40", "PENDING"),
        ("1:20 15:40 left20", "NR"),
        ("1:20 15:40 18:20 25:40", "NR"),
        ("1:20 15:40 rIVIG60", "NR"),
    ],
)
def test_confirmed_response_at_a_visit(course, answer):
    row = at_week_2(course, confirmed=True)
    assert (row["AVALC"], row["DUEDY"]) == (answer, 28)
    if answer == "NR":
        assert row["REASON"] == "unconfirmed"


@pytest.mark.parametrize(("cut", "due"), [(20, "N"), (21, "Y")])
def test_due_at_the_end_of_the_visit_window(cut, due):
    assert at_week_2(f"1:20 cut{cut}")["DUEFL"] == due


WEEKLY = Visits((0, 1, 2, 3, 4), last_window_days=3)  # days 8 15 22 29


def durable(course, **keys):
    rule = {"visits": (1, 4), "threshold": 50, **keys}
    return answers(course, endpoint("durable_counts", bleeding="WHO", **rule), visits=WEEKLY)["AVALC"]


@pytest.mark.parametrize(
    ("course", "answer"),
    [
        ("8:50 15:50 22:50 29:10", "Y"),
        ("8:50 15:50 22:49 29:10", "N"),
        ("8:50 15:50 29:60", "Y"),  # a missing visit counts as not reached
        ("8:50 15:50 b15:4 29:60", "Y"),  # no bleeding clause
        ("8:50 15:50 29:60 rIVIG28", "N"),  # not usable
        ("8:<60 15:50 29:60", "N"),
        ("1:20", "MISSING"),
        ("1:20 rIVIG32", "N"),
        ("1:20 rIVIG33", "MISSING"),  # after the end of the last window
        ("1:20 died30", "N"),
    ],
)
def test_durable_counts_at_least_three(course, answer):
    assert durable(course, at_least=3) == answer


@pytest.mark.parametrize(
    ("course", "fraction", "min_available", "answer"),
    [
        ("8:50 15:50 22:10", 2 / 3, 1, "Y"),  # two of three: 2/3 x 3 within 1e-9
        ("8:50 15:10 22:10", 2 / 3, 1, "N"),
        ("8:50 15:50 22:50 29:10", 0.75, 1, "Y"),
        ("8:50 15:50", 0.75, 3, "N"),  # too few visits with a count
        ("8:50 15:50 22:60 29:60 rIVIG22", 0.75, 1, "N"),  # available, but not usable
        ("8:50", 1.0, 1, "Y"),
        ("1:20", 0.75, 1, "MISSING"),
    ],
)
def test_durable_counts_by_fraction(course, fraction, min_available, answer):
    assert durable(course, fraction=fraction, min_available=min_available) == answer


def test_durable_counts_are_due_at_the_end_of_the_last_window():
    rule = endpoint("durable_counts", visits=(1, 4), at_least=3)
    for cut, due in ((31, "N"), (32, "Y")):
        row = answers(f"8:50 cut{cut}", rule, visits=WEEKLY)
        assert (row["DUEFL"], row["DUEDY"]) == (due, 32)


def test_response_by_visit_is_unconfirmed_and_of_everybody():
    built = study({"S1": "1:20 8:45 15:110 29:20 cut30", "S2": "1:20 cut10"}, endpoint(), visits=GRID)
    levels = response_by_visit(derive(built), "E")
    by_subject = levels.pivot(index="USUBJID", columns="AVISITN", values="LEVEL")
    assert by_subject.loc["S1"].to_dict() == {1: "R", 2: "CR", 4: "NR"}
    assert by_subject.loc["S2"].to_dict() == {1: "MISSING", 2: "MISSING", 4: "MISSING"}
    due = levels[levels["USUBJID"] == "S1"].set_index("AVISITN")["DUEFL"]
    assert due.to_dict() == {1: "Y", 2: "Y", 4: "N"}
