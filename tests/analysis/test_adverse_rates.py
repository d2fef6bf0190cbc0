"""Adverse events per 100 patient-years, with the days at risk counted by hand."""

import math

import numpy as np
import pytest
from adverse_cases import events_of, subjects_of
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.safety.exposure_adjusted import (
    adjusted_rates,
    garwood,
    rate_ratio,
    rate_ratio_interval,
    rate_ratios,
)

SIZES = {"A": 6, "B": 2}
SUBJECTS = """
1 A 100
2 A 200
3 A 50
4 A 80
5 A ?
6 A -3
7 B 365
8 B 300
"""
EVENTS = """
1 A Gut Nausea 1 30 .
1 A Gut Nausea 1 10 .
3 A Gut Nausea 1 ? .
4 A Gut Nausea 1 -4 .
4 A Skin Rash 1 20 .
7 B Skin Rash 1 40 .
"""


def of(rates, measure: str, arm: str, **keys: str) -> dict:
    chosen = rates[(rates["measure"] == measure) & (rates["arm"] == arm)]
    for key, value in keys.items():
        chosen = chosen[chosen[key] == value]
    (row,) = chosen.to_dict("records")
    return row


def test_days_at_risk_end_with_the_first_event_or_the_follow_up():
    """A: 10, 200, 1 for an unknown day, 1 for one before treatment, 0 for 5 and 6: 212 days. B: 40 + 300."""
    rates = adjusted_rates(events := events_of(EVENTS, SIZES), subjects_of(SUBJECTS), events.rows)
    a, b = of(rates, "incidence", "A"), of(rates, "incidence", "B")
    assert (a["n"], a["N"], a["events"]) == (3, 6, 5)
    assert a["years"] == pytest.approx(212 / 365.25)
    assert a["estimate"] == pytest.approx(100 * 3 / (212 / 365.25))
    assert b["years"] == pytest.approx(340 / 365.25)


def test_events_are_divided_by_everybodys_follow_up():
    """A: 100 + 200 + 50 + 80 = 430 days and 5 events; without an interval."""
    rates = adjusted_rates(events := events_of(EVENTS, SIZES), subjects_of(SUBJECTS), events.rows)
    row = of(rates, "events", "A")
    assert row["estimate"] == pytest.approx(100 * 5 / (430 / 365.25))
    assert math.isnan(row["conf_low"])


def test_a_term_has_its_own_days_at_risk():
    """Rash in A: 4 to day 20, the others as long as followed: 100 + 200 + 50 + 20. Nausea in B: nobody, 665 days."""
    events = events_of(EVENTS, SIZES)
    rates = adjusted_rates(events, subjects_of(SUBJECTS), events.rows, ["SOC", "TERM"])
    assert of(rates, "incidence", "A", TERM="Rash")["years"] == pytest.approx(370 / 365.25)
    nausea = of(rates, "incidence", "B", TERM="Nausea")
    assert (nausea["n"], nausea["estimate"]) == (0, 0)
    assert nausea["years"] == pytest.approx(665 / 365.25)
    assert nausea["conf_high"] == pytest.approx(100 * -math.log(0.025) / (665 / 365.25))


def test_ratio_of_two_incidences():
    events = events_of(EVENTS, SIZES)
    rates = adjusted_rates(events, subjects_of(SUBJECTS), events.rows, ["SOC", "TERM"])
    ratios = rate_ratios(rates, [("A", "B")], ["SOC", "TERM"]).set_index("TERM")
    assert ratios.loc["Rash", "estimate"] == pytest.approx((1 / 370) / (1 / 340))
    assert ratios.loc["Nausea", ["estimate", "conf_high"]].tolist() == [np.inf, np.inf]
    assert ratios.loc["Nausea", "conf_low"] == pytest.approx(
        0.025 ** (1 / 3) / (1 - 0.025 ** (1 / 3)) * 665 / 212
    )


def test_nobody_at_risk_has_no_rate():
    events = events_of("1 A Gut Nausea 1 3 .", {"A": 1, "B": 0})
    rates = adjusted_rates(events, subjects_of("1 A 9"), events.rows)
    assert math.isnan(of(rates, "incidence", "B")["estimate"])
    assert math.isnan(rate_ratios(rates, [("A", "B")])["estimate"].iloc[0])
    assert all(map(math.isnan, (*garwood(0, 0.0), *rate_ratio_interval(1, 2.0, 0, 0.0))))
    assert math.isnan(rate_ratio(0, 1.0, 0, 1.0)) and all(
        map(math.isnan, rate_ratio_interval(0, 1.0, 0, 1.0))
    )


def test_no_events_at_all_leaves_the_time():
    events = events_of(EVENTS, SIZES)
    rates = adjusted_rates(events, subjects_of(SUBJECTS), events.rows[:0])
    assert of(rates, "incidence", "A")["years"] == pytest.approx(430 / 365.25)


def slow_days(subjects: list[tuple], events: list[tuple], arm: str) -> tuple[int, float]:
    """Participants of an arm with an event, and days at risk, one participant after another."""
    n, days = 0, 0.0
    for who, (of_arm, followed) in enumerate(subjects):
        if of_arm != arm:
            continue
        own = [1 if day is None or day < 1 else day for number, day in events if number == who]
        n += bool(own)
        days += min(own) if own else followed if followed is not None and followed >= 1 else 0
    return n, days


@settings(max_examples=50, deadline=None)
@given(
    subjects=st.lists(
        st.tuples(st.sampled_from("AB"), st.none() | st.integers(-5, 400)), min_size=1, max_size=8
    ),
    data=st.data(),
)
def test_days_at_risk_are_those_of_a_slow_count(subjects, data):
    drawn = data.draw(
        st.lists(
            st.tuples(st.integers(0, len(subjects) - 1), st.none() | st.integers(-9, 400)),
            min_size=1,
            max_size=12,
        )
    )
    text = lambda value: "?" if value is None else str(value)  # noqa: E731
    people = subjects_of("\n".join(f"{i} {arm} {text(day)}" for i, (arm, day) in enumerate(subjects)))
    lines = "\n".join(f"{who} {subjects[who][0]} Gut Nausea 1 {text(day)} ." for who, day in drawn)
    sizes = {arm: sum(arm == own for own, _ in subjects) for arm in "AB"}
    events = events_of(lines, sizes)
    rates = adjusted_rates(events, people, events.rows)
    for arm in "AB":
        row = of(rates, "incidence", arm)
        n, days = slow_days(subjects, drawn, arm)
        assert row["n"] == n and row["years"] * 365.25 == pytest.approx(days)
