"""Adverse events in time, and the screening of terms, against R (make_event_course_reference.R).

survival 3.5-3 (survfit, survSplit), cmprsk 2.2-11 (cuminc), fisher.test and p.adjust, poisson.test.
"""

import pandas as pd
import pytest

from analysis.safety.event_course import EVENT, hazard_by_period, onset_times
from analysis.survival import cumulative_incidence, kaplan_meier, landmark, median_survival
from outputs.safety.adverse_volcano import screen
from tests.reference.cases import chapter_cases, numbers
from trialdata.definition import Arm

ONSET = chapter_cases("event_course", "onset ")
PERIODS = chapter_cases("event_course", "periods ")
SCREENING = chapter_cases("event_course", "screening")["screening"]
DURATION = chapter_cases("event_course", "duration")["duration"]
SURVIVAL = "R 4.2.2 survival 3.5-3"
CENSORED, EVENT_OF_R, DEATH_OF_R = 0, 1, 2


def times_of(given: dict) -> pd.DataFrame:
    """The participants of R as rows of adsl and adae, read by `onset_times`; followed ten days after their event."""
    frame = pd.DataFrame({"ASTDY": given["day"], "what": given["what"]}).astype(float)
    frame["USUBJID"] = [f"S{place}" for place in range(len(frame))]
    later = 10 * (frame["what"] == EVENT_OF_R)
    subjects = frame.assign(
        ARM="A", FUDY=frame["ASTDY"] + later, DTHDY=frame["ASTDY"].where(frame["what"] == DEATH_OF_R)
    )
    return onset_times(frame.loc[frame["what"] == EVENT_OF_R, ["USUBJID", "ASTDY"]], subjects)


@pytest.mark.parametrize("name", ONSET)
def test_onset(name, compared):
    given, expected = ONSET[name]["input"], ONSET[name]["expected"]
    curve = cumulative_incidence(times_of(given), ["A"], (EVENT, "death"))
    at = landmark(curve[curve["cause"] == EVENT], given["at"])
    what, code = "Onset of an adverse event, death competing", {"code": "own", "tolerance": 1e-9}
    compared(what, at["estimate"], numbers(expected["estimate"]), against=f"{SURVIVAL} survfit", **code)
    compared(what, at["estimate"], numbers(expected["cmprsk"]), against="R cmprsk 2.2-11 cuminc", **code)
    limits = f"{what}, log-log limits"
    compared(limits, at["conf_low"], numbers(expected["low"]), against=f"{SURVIVAL} survfit", **code)
    compared(limits, at["conf_high"], numbers(expected["high"]), against=f"{SURVIVAL} survfit", **code)


@pytest.mark.parametrize("name", PERIODS)
def test_first_events_in_each_period(name, compared):
    found = hazard_by_period(times_of(PERIODS[name]["input"]), ["A"])
    source = {"against": f"{SURVIVAL} survSplit, poisson.test", "code": "SciPy chdtri", "tolerance": 1e-9}
    for row, expected in zip(found.itertuples(), PERIODS[name]["expected"], strict=True):
        assert (row.n, row.at_risk) == (expected["n"], expected["at_risk"])
        ours = [row.estimate, row.conf_low, row.conf_high]
        theirs = numbers([expected["rate"], *expected["limits"]])
        compared("First events per 100 patient-years in a period, exact limits", ours, theirs, **source)


def test_false_discovery_rate_of_the_screening(compared):
    rows = [
        ("Class", f"Term {place}", arm, n, N)
        for place, (n1, N1, n0, N0) in enumerate(SCREENING["input"]["rows"])
        for arm, n, N in (("A", n1, N1), ("B", n0, N0))
    ]
    counts = pd.DataFrame(rows, columns=["SOC", "TERM", "arm", "n", "N"])
    pair = (Arm(trt="A", label="A", role="experimental"), Arm(trt="B", label="B", role="control"))
    found, expected = screen(counts, pair), SCREENING["expected"]
    source = {"code": "SciPy", "tolerance": 1e-9}
    compared(
        "Screening, Fisher's p", found["p_value"], numbers(expected["p"]), against="R fisher.test", **source
    )
    compared(
        "Screening, false discovery rate", found["q_value"], numbers(expected["q"]),
        against='R p.adjust "BH"', **source,
    )  # fmt: skip


def test_median_duration_of_events(compared):
    days, ended = (pd.Series(DURATION["input"][name], dtype=float) for name in ("days", "ended"))
    events = pd.DataFrame({"ARM": "A", "AVAL": days, "CNSR": 1 - ended})
    (found,) = median_survival(kaplan_meier(events, ["A"])).itertuples()
    expected = [DURATION["expected"][name] for name in ("median", "low", "high")]
    compared(
        "Duration of an event, median and limits", [found.estimate, found.conf_low, found.conf_high],
        numbers(expected), code="own", against=f"{SURVIVAL} survfit", tolerance=1e-9,
    )  # fmt: skip
