"""Participants worked by hand under two rules: who moves, and which change moved them."""

import math

import pandas as pd
import pytest
from patients import definition, endpoint, study

from analysis.adam import derive
from analysis.customary_rules import customary_changes
from analysis.rule_sensitivity import changes_in_rates, compare_rules, rates_by_rule

COURSES = {
    "stays": "1:10 15:120 29:120",  # CR by every rule here
    "threshold": "1:10 15:40 22:40 29:40",  # 40 is not 50
    "days": "1:10 15:60 22:60 23:20",  # confirmed after 7 days, not after 14
    "either": "1:10 15:40 22:40 29:20",  # both 50 and 14 days end it
    "together": "1:10 15:40 22:60 29:60 36:20",  # 14 days alone: day 15 to 29; 50 alone: day 22 to 29
    "late": "1:10 15:60 29:60 cut375",  # due from day 372, with 14 days from day 379
}


@pytest.fixture(scope="module")
def data():
    return derive(study(COURSES, endpoint()))


def moved(data, **changes) -> dict[str, tuple]:
    rows = compare_rules(data, "E", changes).movers
    return {
        row.USUBJID: (row.AVALC, row.NEWAVALC, row.DUEFL + row.NEWDUEFL, row.MOVEDBY, row.TOGETHER)
        for row in rows.itertuples()
    }


def test_a_higher_threshold_moves_who_only_reached_the_lower_one(data):
    assert moved(data, r_count=50) == {
        "threshold": ("R", "NR", "YY", "r_count", ""),
        "either": ("R", "NR", "YY", "r_count", ""),
    }


def test_each_change_that_moves_a_participant_alone_is_named(data):
    assert moved(data, r_count=50, confirm_days=14) == {
        "threshold": ("R", "NR", "YY", "r_count", ""),
        "days": ("R", "NR", "YY", "confirm_days", ""),
        "either": ("R", "NR", "YY", "r_count confirm_days", ""),
        "together": ("R", "NR", "YY", "", "Y"),
        "late": ("R", "R", "YN", "confirm_days", ""),
    }


def test_washout_is_that_of_every_class_that_ends():
    two = {"before": "1:10 rIVIG-10 15:40 22:40 29:20", "never": "1:10 15:40 22:40 29:20"}
    data = derive(study(two, endpoint(rescue="washout")))
    # IVIG on day -10, 28 days: its shadow ends on day 19 and hides day 15; without washout both counts are used
    assert list(data.adrs["AVALC"]) == ["NR", "R"]
    assert moved(data, washout_days=0) == {"before": ("NR", "R", "YY", "washout_days", "")}
    assert moved(data, washout_times=0) == {"before": ("NR", "R", "YY", "washout_times", "")}
    assert moved(data, washout_times=0.5) == {"before": ("NR", "R", "YY", "washout_times", "")}


def test_nothing_changed_moves_nobody(data):
    assert moved(data) == {}
    assert moved(data, r_count=30) == {}


def test_the_protocol_s_answers_are_untouched(data):
    before = data.adrs.copy()
    compared = compare_rules(data, "E", {"r_count": 50, "washout_days": 0})
    pd.testing.assert_frame_equal(data.adrs, before)
    pd.testing.assert_frame_equal(compared.protocol, before)


def test_rates_are_over_the_due_of_each_rule(data):
    compared = compare_rules(data, "E", {"r_count": 50, "confirm_days": 14})
    arm = {"stays": "A", "threshold": "A", "days": "A", "either": "B", "together": "B", "late": "B"}
    answers = {
        rule: (rows.assign(ARM=rows["USUBJID"].map(arm)), "nonresponse")
        for rule, rows in (("protocol", compared.protocol), ("changed", compared.changed))
    }
    rates = rates_by_rule(answers, ["A", "B"], [("A", "B")])
    counts = [(row.rule, row.arm, row.n, row.N) for row in rates[rates["measure"] == "rate"].itertuples()]
    assert counts == [
        ("protocol", "A", 3, 3),
        ("protocol", "B", 3, 3),
        ("changed", "A", 1, 3),
        ("changed", "B", 0, 2),  # "late" is not due any more
    ]
    change = changes_in_rates(rates).set_index(["measure", "arm"])["estimate"]
    assert change["change in rate", "A"] == pytest.approx(-2 / 3)
    assert change["change in rate", "B"] == -1
    assert change["change in difference", ""] == pytest.approx(1 / 3)


def test_an_arm_with_nobody_due_has_its_reason(data):
    rows = compare_rules(data, "E", {"r_count": 50}).protocol.assign(ARM="A")
    rates = rates_by_rule(
        {"protocol": (rows, "nonresponse"), "changed": (rows, "nonresponse")}, ["A", "B"], [("A", "B")]
    )
    both = pd.concat([rates, changes_in_rates(rates)])
    unknown = both["estimate"].isna()
    assert set(both.loc[unknown, "note"]) == {"nobody is due in an arm"}
    assert set(both.loc[unknown, "arm"]) == {"B", ""}
    assert math.isnan(both.loc[both["measure"] == "difference", "conf_low"].iloc[0])


def test_customary_alternatives_by_kind():
    confirmed = definition(endpoint(bleeding="WHO"))
    assert customary_changes(confirmed, "E") == [
        ("r_count", 50),
        ("r_fold", 0),
        ("confirm_days", 0),
        ("confirm_days", 14),
        ("rescue", "washout"),
        ("rescue", "ignore"),
        ("washout_times", 2),
        ("washout_times", 0),
        ("bleeding", ""),
        ("bleeding_missing", "present"),
    ]
    visit = definition(
        endpoint("response_at_visit", avisitn=52, rescue="ignore"), endpoint(paramcd="F", bleeding="WHO")
    )
    assert customary_changes(visit, "E") == [
        ("r_count", 50),
        ("r_fold", 0),
        ("confirmed", True),
        ("avisitn", 26),
        ("rescue", "nonresponse"),
        ("rescue", "washout"),
        ("bleeding", "WHO"),
    ]
    durable = definition(endpoint("durable_counts", visits=(1, 8), at_least=1), rescue=())
    assert customary_changes(durable, "E") == [("threshold", 30), ("at_least", 2), ("visits", (2, 12))]
