"""Adverse events in time: onset, hazard by period, duration, outcome, recurrence.

Rule: docs/reference/safety.md, section 2.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.safety.exposure_adjusted import DAYS_OF_YEAR, GARWOOD, PER, garwood

PERIODS = ((1, 28), (29, 84), (85, 182), (183, None))
EVENT, DEATH = "event", "death"
RECOVERED, RECOVERING, NOT_RECOVERED = "recovered", "recovering", "not recovered"
SEQUELAE, FATAL, UNKNOWN = "recovered with sequelae", "fatal", "unknown"
OUTCOMES = (FATAL, NOT_RECOVERED, SEQUELAE, RECOVERING, RECOVERED, UNKNOWN)  # the worst first
HALVES = {
    RECOVERED: ("recovered", "resolved"),
    RECOVERING: ("recovering", "resolving"),
    NOT_RECOVERED: ("not recovered", "not resolved"),
    SEQUELAE: ("recovered with sequelae", "resolved with sequelae"),
}
WORDS = {half: outcome for outcome, halves in HALVES.items() for half in halves}
WORDS |= {"/".join(halves): outcome for outcome, halves in HALVES.items()}
WORDS |= {"recovered/resolved with sequelae": SEQUELAE}


def onset_times(rows: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """One row per participant: ARM CIFDY CIFEVENT ("event" on the first known first day, "death", or "" at FUDY).

    `rows`: the events of one kind; `subjects`: ADSL rows with ARM, FUDY, DTHDY. Whose events all have an unknown
    first day, and who was never followed, is left out: the caller counts them.
    """
    first = rows.groupby("USUBJID")["ASTDY"].min()
    known = subjects[["USUBJID", "ARM", "FUDY", "DTHDY"]].reset_index(drop=True)
    onset = known["USUBJID"].map(first).astype(float).clip(lower=1)
    unknown = known["USUBJID"].isin(rows["USUBJID"]) & onset.isna()
    died = known["DTHDY"].notna() & ~(onset <= known["DTHDY"])
    day = onset.where(onset.notna() & ~died, known["DTHDY"].where(died, known["FUDY"]))
    event = np.select([died, onset.notna()], [DEATH, EVENT], "")
    frame = known[["USUBJID", "ARM"]].assign(
        CIFDY=day.astype(float), CIFEVENT=pd.Series(event, known.index, dtype="str")
    )
    return frame[~unknown & (frame["CIFDY"] >= 1)].reset_index(drop=True)


def unknown_onset(rows: pd.DataFrame) -> int:
    """How many participants have an event in `rows` and none of them a known first day."""
    return int(rows.groupby("USUBJID")["ASTDY"].count().eq(0).sum())


def period_label(period: tuple[int, int | None]) -> str:
    """ "Days 1 to 28", "From day 183"."""
    first, last = period
    return f"From day {first}" if last is None else f"Days {first} to {last}"


def hazard_by_period(times: pd.DataFrame, arms: Sequence[str]) -> pd.DataFrame:
    """One row per period and arm: n first events of `at_risk` participants per 100 patient-years at risk in it.

    `times` is a frame of `onset_times`. Exact Poisson interval (Garwood 1936).
    """
    made = []
    for place, (first, last) in enumerate(PERIODS):
        end = np.inf if last is None else last
        for arm in arms:
            own = times[times["ARM"] == arm]
            days = (own["CIFDY"].clip(upper=end) - first + 1).clip(lower=0)
            n = int(((own["CIFEVENT"] == EVENT) & own["CIFDY"].between(first, end)).sum())
            years = float(days.sum()) / DAYS_OF_YEAR
            low, high = garwood(n, years)
            estimate = PER * n / years if years > 0 else np.nan
            label = period_label(PERIODS[place])
            made.append(
                (label, arm, n, int((days > 0).sum()), years, estimate, PER * low, PER * high, GARWOOD)
            )
    columns = ["period", "arm", "n", "at_risk", "years", "estimate", "conf_low", "conf_high", "method"]
    return pd.DataFrame(made, columns=columns)


def days_lasted(start: pd.Series, end: pd.Series) -> pd.Series:
    """Days from the first to the last, both counted; missing where either is.

    An end before the start is read as the day of the start; a day count over the missing day 0 is one less.
    """
    last = end.where(~(end < start), start)
    return (last - start + 1 - ((start < 0) & (last > 0))).astype(float)


def event_durations(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per event with a known first day: USUBJID ARM SOC TERM AVAL (days) CNSR (1: it still runs at FUDY)."""
    known = rows[rows["ASTDY"].notna() & (rows["AENDY"].notna() | rows["FUDY"].notna())]
    ended = known["AENDY"].notna()
    days = days_lasted(known["ASTDY"], known["AENDY"].where(ended, known["FUDY"]))
    frame = known[["USUBJID", "ARM", "SOC", "TERM"]].assign(
        AVAL=days.astype(float), CNSR=(~ended).astype(int)
    )
    return frame.reset_index(drop=True)


def worst_outcomes(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per participant: USUBJID ARM OUTCOME, the worst known of OUTCOMES, or "unknown".

    AEOUT in the words of CDISC, whole or either half, capitals aside.
    """
    known = rows["OUTCOME"].str.strip().str.casefold().map(WORDS).fillna(UNKNOWN)
    place = known.mask(rows["FATAL"], FATAL).map(OUTCOMES.index)
    worst = rows[["USUBJID", "ARM"]].assign(PLACE=place).groupby(["USUBJID", "ARM"], as_index=False).min()
    named = worst["PLACE"].map(lambda each: OUTCOMES[each]).astype("str")
    return worst.drop(columns="PLACE").assign(OUTCOME=named)


def recurrences(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per participant and term: USUBJID ARM SOC TERM EVENTS, the number of events of that term."""
    return (
        rows.groupby(["USUBJID", "ARM", "SOC", "TERM"], as_index=False)
        .size()
        .rename(columns={"size": "EVENTS"})
    )
