"""Steroid-sparing at a landmark week among those on a corticosteroid at entry, assigned corticosteroid included.

Rule: docs/reference/safety.md, section 5.
"""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.response import response_by_visit
from analysis.safety.doses import dose_rows
from analysis.safety.steroids import daily_doses, equivalent, steroid_rows
from trialdata.definition import Endpoint

LOW_DOSE = 5.0  # mg of prednisone equivalents a day
RESPONDED = ("CR", "R")


def at_landmark(data: AnalysisData, subjects: pd.DataFrame, week: float, endpoint: Endpoint) -> pd.DataFrame:
    """One row per participant on a corticosteroid at entry whose cut day is on or after day 7 × week + 1.

    USUBJID, ARM; OFF, LOW (at most 5 mg a day), HALVED, and OFFRESP (off, and in response at the visit; missing where
    the visit's window is open, or the week is no visit); LEFT (left or died before the day), UNKNOWN (on a
    corticosteroid whose dose is not known on the day, or was not at entry so that halving cannot be told).
    """
    day = 7 * week + 1
    brought = steroid_rows(data, subjects)
    entered = on_steroid_at_entry(subjects, brought)
    own = subjects[subjects["USUBJID"].isin(entered) & (subjects["DCUTDY"] >= day)].set_index("USUBJID")
    every = pd.concat([brought, assigned_steroid(data, subjects)], ignore_index=True)
    followed = own["FUDY"] >= day
    taken, at_entry = _on_day(every, day), _on_day(brought, 1)
    dose, first = (daily_doses(rows, own.index) for rows in (taken, at_entry))
    off = followed & ~own.index.isin(taken["USUBJID"])
    low = off | (followed & (dose <= LOW_DOSE))
    halved = off | (followed & (first > 0) & (dose <= first / 2))
    return pd.DataFrame(
        {
            "ARM": own["ARM"],
            "OFF": off,
            "LOW": low,
            "HALVED": halved,
            "OFFRESP": _in_response(data, endpoint, week, own.index, off),
            "LEFT": ~followed,
            "UNKNOWN": followed & ~off & (dose.isna() | first.isna() | (first == 0)),
        }
    ).reset_index()


def on_steroid_at_entry(subjects: pd.DataFrame, brought: pd.DataFrame) -> pd.Index:
    """USUBJID of those whose STERFL is Y, or with a steroid of ADCM on day 1."""
    by_drug = _on_day(brought, 1)["USUBJID"]
    if "STERFL" not in subjects:
        return pd.Index(by_drug.unique())
    flagged = subjects.loc[subjects["STERFL"].astype("str").str.strip().str.upper() == "Y", "USUBJID"]
    return pd.Index(flagged).union(pd.Index(by_drug.unique()))


def assigned_steroid(data: AnalysisData, subjects: pd.DataFrame) -> pd.DataFrame:
    """The rows of ADEX that are a corticosteroid, as `steroid_rows` has those of ADCM."""
    rows = dose_rows(data, subjects)
    factor = rows["DRUG"].map(equivalent).astype(float)
    rows = rows.assign(DAILY=(rows["DOSE"] * rows["RATE"] * factor).where(rows["UNIT"] == "mg"))
    return rows.loc[factor.notna() & rows["GIVEN"], ["USUBJID", "ARM", "FUDY", "START", "END", "DAILY"]]


def _on_day(rows: pd.DataFrame, day: float) -> pd.DataFrame:
    return rows[(rows["START"] <= day) & (day <= rows["END"])]


def _in_response(
    data: AnalysisData, endpoint: Endpoint, week: float, participants: pd.Index, off: pd.Series
) -> pd.Series:
    """Whether each is off and in response at the visit of the week; missing where that is not due or no visit."""
    visits = response_by_visit(data, endpoint.paramcd)
    at = visits[(visits["AVISITN"] == week) & (visits["DUEFL"] == "Y")].set_index("USUBJID")["LEVEL"]
    level = at.reindex(participants)
    return (off & level.isin(RESPONDED)).astype("boolean").where(level.notna())
