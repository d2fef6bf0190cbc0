"""confirmed_response, its pending, missing and reasons: expected values by hand from endpoints.md.

IWG 2009 (Rodeghiero, Blood 2009;113:2386): R is at least 30, at least twice the baseline and no bleeding; CR at least
100 and no bleeding; each by two counts at least seven days apart.
"""

import numpy as np
import pytest

from tests.analysis.patients import answers, endpoint


@pytest.mark.parametrize(
    ("course", "answer", "onset"),
    [
        ("1:20 8:35 15:35 22:39", "NR", None),  # 35 is 1.75 times 20
        ("1:20 8:40 15:40", "R", 8),  # exactly twice
        ("1:10 8:29 15:30 22:30", "R", 15),  # 30 and no less
        ("1:20 8:40 14:40", "NR", None),  # six days apart
        ("1:20 8:40 12:39 15:40", "NR", None),  # a failing count between breaks
        ("1:20 8:40 12:39 15:40 22:50", "R", 15),
        ("1:20 8:40 10:41 15:45", "R", 8),  # the first of the run, not the second
        ("1:60 8:100 15:100", "CR", 8),  # CR needs no doubling
        ("1:20 8:40 15:110 22:120", "CR", 8),
        ("1:20 8:110 12:60 15:110", "R", 8),  # CR broken, response not
        ("8:99 15:99", "NR", None),  # without a baseline only CR can be reached
        ("8:100 15:100", "CR", 8),
        ("1:0 8:30 15:30", "R", 8),
        ("-3:20 1:60 1:70", "MISSING", None),  # nothing after day 1
        ("1:20 365:40 372:40", "R", 365),  # the second count may lie after the window
        ("1:20 366:40 373:40", "MISSING", None),
        ("1:20 cut14 8:40 15:40", "PENDING", None),  # a row after the cut does not exist
    ],
)
def test_best_response(course, answer, onset):
    row = answers(course if "cut" in course else f"{course} left399", endpoint())
    assert row["AVALC"] == answer
    assert row["ONSETDY"] == pytest.approx(onset or np.nan, nan_ok=True)


def test_days_of_onset_complete_response_and_confirmation():
    #   day   1  8   15   20   22   29
    #   count 20 45  110  104  101  130   R from 8, confirmed on 15; CR from 15 (22 is seven days on)
    row = answers("1:20 8:45 15:110 20:104 22:101 29:130", endpoint())
    assert (row["AVALC"], row["AVAL"]) == ("CR", 1)
    assert (row["ONSETDY"], row["CRONSDY"], row["CONFDY"]) == (8, 15, 15)


def test_without_confirmation_one_count_is_enough():
    row = answers("1:20 8:45 15:20", endpoint(confirm_days=0))
    assert (row["AVALC"], row["ONSETDY"], row["CONFDY"]) == ("R", 8, 8)


def test_the_fold_condition_can_be_dropped():
    assert answers("8:31 15:31", endpoint(r_fold=0))["AVALC"] == "R"
    assert answers("1:29 8:31 15:31", endpoint(r_fold=0))["AVALC"] == "R"


def test_products_are_compared_with_a_tolerance():
    # 1.1 x 30 is 33.00000000000001 as a float
    assert answers("1:30 8:33 15:33", endpoint(r_fold=1.1))["AVALC"] == "R"


@pytest.mark.parametrize(
    ("course", "answer"),
    [
        ("1:20 8:20 15:45 cut20", "PENDING"),
        ("1:20 8:20 15:45 17:50 cut20", "PENDING"),
        ("1:20 8:45 15:20 cut20", "NR"),  # the last usable record is not in response
        ("1:20 15:45 cut20 left18", "NR"),  # not on study
        ("1:20 15:45 cut20 left25", "PENDING"),  # left after the cut: still on study at the cut
        ("1:20 15:45 cut20 left", "NR"),  # left, no day given
        ("1:20 15:45 cut20 died19", "NR"),
        ("1:20 15:45 cut20 rIVIG18", "NR"),  # the search has ended
        ("1:20 364:45 cut400", "PENDING"),  # a record of the open run lies in the window
        ("1:20 8:20 366:45 cut368", "NR"),  # none does
        ("8:20 cutnone", "MISSING"),  # no cut day: no rows
    ],
)
def test_pending(course, answer):
    assert answers(course, endpoint())["AVALC"] == answer


@pytest.mark.parametrize(
    ("course", "answer", "reason"),
    [
        ("1:20 rIVIG5 8:90 15:90", "NR", "rescue"),
        ("1:20 rIVIG5", "NR", "rescue"),  # never missing when rescue came first
        ("1:20 died60", "NR", "death"),
        ("1:20 died366", "MISSING", ""),  # died after the window
        ("1:20 8:45 15:20", "NR", "unconfirmed"),
        ("1:20 8:45 b8:1 15:45 b15:2", "NR", "bleeding"),
        ("1:20 8:25 15:39", "NR", "never reached"),
        ("1:20 8:45 15:20 died60", "NR", "unconfirmed"),  # there were records in the window
        ("1:20 8:45 rIVIG20", "NR", "rescue"),  # the first that fits
        ("1:20 8:25 rIVIG366", "NR", "never reached"),  # rescue after the window
        ("1:20 rSTEROID-3 8:90 15:90", "NR", "rescue"),  # every record lies in a shadow
    ],
)
def test_reason_of_no_response(course, answer, reason):
    row = answers(course, endpoint(bleeding="WHO"))
    assert (row["AVALC"], row["REASON"]) == (answer, reason)


@pytest.mark.parametrize(("cut", "due"), [(371, "N"), (372, "Y"), ("none", "N")])
def test_due_when_a_first_count_on_the_last_day_could_have_been_confirmed(cut, due):
    row = answers(f"1:20 cut{cut}", endpoint())
    assert (row["DUEFL"], row["DUEDY"]) == (due, 372)


def test_due_does_not_depend_on_the_outcome():
    assert answers("1:20 8:45 15:45 cut100", endpoint())[["AVALC", "DUEFL"]].tolist() == ["R", "N"]
