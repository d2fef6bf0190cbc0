"""Adverse events in time against what a reader of docs/reference/safety.md, section 2, counts by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.safety.event_course import (
    OUTCOMES,
    event_durations,
    hazard_by_period,
    onset_times,
    recurrences,
    unknown_onset,
    worst_outcomes,
)

NAN = np.nan
SUBJECTS = pd.DataFrame(
    [
        ("first of two", 100.0, NAN),
        ("no event", 90.0, NAN),
        ("before day 1", 80.0, NAN),
        ("unknown", 70.0, NAN),
        ("one of two unknown", 60.0, NAN),
        ("died", 50.0, 50.0),
        ("died that day", 40.0, 40.0),
        ("died later", 40.0, 40.0),
        ("not followed", NAN, NAN),
        ("after leaving", 20.0, NAN),
    ],
    columns=["USUBJID", "FUDY", "DTHDY"],
).assign(ARM="A")
EVENTS = pd.DataFrame(
    [
        ("first of two", 30.0),
        ("first of two", 12.0),
        ("before day 1", -3.0),
        ("unknown", NAN),
        ("one of two unknown", NAN),
        ("one of two unknown", 45.0),
        ("died that day", 40.0),
        ("died later", 29.0),
        ("after leaving", 25.0),
    ],
    columns=["USUBJID", "ASTDY"],
)


def test_the_first_known_day_of_each_participant():
    times = onset_times(EVENTS, SUBJECTS).set_index("USUBJID")
    assert {name: (day, what) for name, day, what in times[["CIFDY", "CIFEVENT"]].itertuples()} == {
        "first of two": (12, "event"),
        "no event": (90, ""),
        "before day 1": (1, "event"),
        "one of two unknown": (45, "event"),
        "died": (50, "death"),
        "died that day": (40, "event"),
        "died later": (29, "event"),
        "after leaving": (25, "event"),
    }
    assert unknown_onset(EVENTS) == 1


def test_without_anybody_there_is_no_onset():
    assert onset_times(EVENTS[:0], SUBJECTS[:0]).empty
    assert onset_times(EVENTS[:0], SUBJECTS)["CIFEVENT"].isin(["", "death"]).all()


def test_first_events_and_time_at_risk_of_each_period():
    """Days 28 and 29 are in different periods; who is censored on day 28 is not at risk in the second."""
    times = pd.DataFrame(
        [(28.0, "event"), (28.0, ""), (29.0, "event"), (84.0, "death"), (200.0, "event")],
        columns=["CIFDY", "CIFEVENT"],
    ).assign(ARM="A")
    rates = hazard_by_period(times, ["A", "B"])
    own = rates[rates["arm"] == "A"]
    assert own["period"].tolist() == ["Days 1 to 28", "Days 29 to 84", "Days 85 to 182", "From day 183"]
    assert own["n"].tolist() == [1, 1, 0, 1]
    assert own["at_risk"].tolist() == [5, 3, 1, 1]
    days = [5 * 28, 1 + 56 + 56, 98, 18]
    assert (own["years"] * 365.25).tolist() == pytest.approx(days)
    assert own["estimate"].tolist() == pytest.approx(
        [36525 * n / d for n, d in zip([1, 1, 0, 1], days, strict=True)]
    )
    empty = rates[rates["arm"] == "B"]
    assert empty["n"].eq(0).all() and empty["estimate"].isna().all() and empty["conf_high"].isna().all()


@pytest.mark.parametrize(
    ("start", "end", "followed", "days", "censored"),
    [
        (5, 5, 90, 1, 0),
        (5, 11, 90, 7, 0),
        (-2, 3, 90, 5, 0),  # days -2, -1, 1, 2, 3
        (-5, -2, 90, 4, 0),
        (5, 3, 90, 1, 0),  # an end before the start
        (5, NAN, 90, 86, 1),
        (95, NAN, 90, 1, 1),
        (5, 11, NAN, 7, 0),
    ],
)
def test_days_of_an_event(start, end, followed, days, censored):
    row = {"USUBJID": "1", "ARM": "A", "SOC": "Skin", "TERM": "Rash"}
    (found,) = event_durations(
        pd.DataFrame([row | {"ASTDY": float(start), "AENDY": end, "FUDY": followed}])
    ).itertuples()
    assert (days, censored) == (found.AVAL, found.CNSR)


def test_an_event_of_an_unknown_day_has_no_duration():
    row = {"USUBJID": "1", "ARM": "A", "SOC": "Skin", "TERM": "Rash", "ASTDY": NAN, "AENDY": 4.0, "FUDY": 9.0}
    assert event_durations(pd.DataFrame([row, row | {"ASTDY": 2.0, "AENDY": NAN, "FUDY": NAN}])).empty


def with_outcomes(*outcomes: str, fatal: bool = False) -> pd.DataFrame:
    rows = pd.DataFrame({"OUTCOME": pd.Series(outcomes, dtype="str")})
    return rows.assign(USUBJID="1", ARM="A", FATAL=fatal)


@pytest.mark.parametrize(
    ("outcomes", "worst"),
    [
        (["RECOVERED/RESOLVED"], "recovered"),
        ([" Resolved "], "recovered"),
        (["RECOVERED/RESOLVED", "RECOVERING/RESOLVING"], "recovering"),
        (["recovering", "RECOVERED/RESOLVED WITH SEQUELAE"], "recovered with sequelae"),
        (["resolved with sequelae", "NOT RECOVERED/NOT RESOLVED"], "not recovered"),
        (["", "RECOVERED/RESOLVED", "UNKNOWN"], "recovered"),
        (["", "something else"], "unknown"),
    ],
)
def test_the_worst_known_outcome_counts(outcomes, worst):
    assert worst_outcomes(with_outcomes(*outcomes))["OUTCOME"].tolist() == [worst]


def test_a_fatal_event_is_the_worst_whatever_its_outcome_says():
    assert worst_outcomes(with_outcomes("RECOVERED/RESOLVED", fatal=True))["OUTCOME"].tolist() == ["fatal"]
    assert OUTCOMES[0] == "fatal" and OUTCOMES[-1] == "unknown"


def test_events_of_one_term_are_counted_for_each_participant():
    rows = pd.DataFrame(
        [("1", "Rash"), ("1", "Rash"), ("1", "Itch"), ("2", "Rash")], columns=["USUBJID", "TERM"]
    ).assign(ARM="A", SOC="Skin")
    found = {(row.USUBJID, row.TERM): row.EVENTS for row in recurrences(rows).itertuples()}
    assert found == {("1", "Rash"): 2, ("1", "Itch"): 1, ("2", "Rash"): 1}
