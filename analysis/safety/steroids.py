"""Corticosteroids in prednisone equivalents: the dose at each visit, the cumulative dose, and the day of the stop.

Rule: docs/reference/safety.md, section 5.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.longitudinal import MEDIAN_TYPE_2, quartiles_type_2
from analysis.safety.doses import read_dosing
from trialdata.definition import StudyDefinition
from trialdata.dosing import STEROID_CLASSES

EQUIVALENTS = {  # mg of prednisone in 1 mg, by the first word of CMDECOD
    **dict.fromkeys(("prednisone", "prednisolone", "泼尼松", "强的松", "泼尼松龙"), 1.0),
    **dict.fromkeys(("methylprednisolone", "甲泼尼龙", "甲强龙"), 1.25),
    **dict.fromkeys(("dexamethasone", "地塞米松"), 6.67),
    **dict.fromkeys(("hydrocortisone", "氢化可的松"), 0.25),
}
ON_STEROID, DOSE, TAKEN = "on a corticosteroid", "daily dose", "daily dose of those on one"
CUMULATIVE = "cumulative dose"
OF_FOLLOWED = "share of those followed"
STOPPED, DEATH = "stopped", "death"


def steroid_rows(data: AnalysisData, subjects: pd.DataFrame) -> pd.DataFrame:
    """One row per steroid of adcm with a day from day 1 to FUDY: USUBJID, ARM, START, END, FUDY and DAILY.

    DAILY is mg of prednisone equivalents a day, NaN where the dose cannot be converted (safety.md, section 5).
    """
    steroid = data.adcm["CMCLAS"].str.strip().str.casefold().isin(STEROID_CLASSES)
    adcm = data.adcm[steroid].merge(subjects[["USUBJID", "ARM", "FUDY"]], on="USUBJID")
    read = pd.DataFrame(read_dosing(adcm, "CM", open_ends(adcm, data.definition)))
    factor = adcm["CMDECOD"].map(equivalent).astype(float)
    dose = adcm["CMDOSE"].where((adcm["CMDOSE"] >= 0) & (read["UNIT"] == "mg"))
    daily = dose * factor * read["TIMES"] / read["EVERY"]
    rows = adcm[["USUBJID", "ARM", "FUDY"]].assign(START=read["START"], END=read["END"], DAILY=daily)
    return rows[(rows["END"] >= rows["START"]) & ~(adcm["CMDOSE"] == 0)].reset_index(drop=True)


def equivalent(name: str) -> float:
    """mg of prednisone in 1 mg of a steroid, by the first word of its name; NaN for another one."""
    return EQUIVALENTS.get(name.casefold().partition(" ")[0], np.nan)


def open_ends(adcm: pd.DataFrame, definition: StudyDefinition) -> pd.Series:
    """The last day of a row that has none: FUDY, or its first day where its rescue class says so."""
    single = [rescue.cmclas for rescue in definition.rescue if rescue.open_end == "single"]
    return adcm["FUDY"].where(~adcm["CMCLAS"].isin(single), adcm["ASTDY"])


def steroid_by_week(
    rows: pd.DataFrame, subjects: pd.DataFrame, weeks: Sequence[float], arms: Sequence[str]
) -> pd.DataFrame:
    """Three rows per arm and week (day 7 × week + 1) among the N followed to it.

    `measure` "on a corticosteroid": n of N, `estimate` the share; "daily dose": median and quartiles of the n whose
    dose is known, 0 without steroid, in mg of prednisone equivalents; "daily dose of those on one": the same of the n
    of N on a steroid.
    """
    found = []
    for week in weeks:
        day = 7 * week + 1
        followed = subjects[subjects["FUDY"] >= day].set_index("USUBJID")["ARM"]
        current = rows[(rows["START"] <= day) & (day <= rows["END"])]
        dose = daily_doses(current, followed.index)
        for arm in arms:
            own = dose[(followed == arm).to_numpy()]
            taken = own[own.index.isin(current["USUBJID"])]
            share = len(taken) / len(own) if len(own) else np.nan
            found.append((ON_STEROID, arm, week, len(taken), len(own), share, np.nan, np.nan, OF_FOLLOWED))
            found += [
                (measure, arm, week, int(of.notna().sum()), len(of), *_summary(of), MEDIAN_TYPE_2)
                for measure, of in ((DOSE, own), (TAKEN, taken))
            ]
    columns = ["measure", "arm", "time", "n", "N", "estimate", "conf_low", "conf_high", "method"]
    return pd.DataFrame(found, columns=columns)


def daily_doses(current: pd.DataFrame, participants: pd.Index) -> pd.Series:
    """The dose of each participant from the rows of one day: 0 without a row, NaN with one that is unknown."""
    total = current.groupby("USUBJID")["DAILY"].sum(skipna=False)
    return total.reindex(participants).where(participants.isin(total.index), 0.0)


def cumulative_doses(rows: pd.DataFrame, subjects: pd.DataFrame, week: float) -> pd.Series:
    """mg of prednisone equivalents from day 1 to day 7 × week, by USUBJID, of those followed so far; NaN unknown."""
    day = 7 * week
    followed = subjects.loc[subjects["FUDY"] >= day, "USUBJID"]
    taken = rows[rows["START"] <= day]
    days = np.minimum(taken["END"], day) - taken["START"] + 1
    return daily_doses(taken.assign(DAILY=taken["DAILY"] * days), pd.Index(followed))


def cumulative_by_arm(
    rows: pd.DataFrame, subjects: pd.DataFrame, week: float, arms: Sequence[str]
) -> pd.DataFrame:
    """One row per arm: median and quartiles of the cumulative dose to a week, of the n of N whose dose is known."""
    dose = cumulative_doses(rows, subjects, week)
    arm_of = subjects.set_index("USUBJID")["ARM"].reindex(dose.index)
    found = [
        (CUMULATIVE, arm, week, int(own.notna().sum()), len(own), *_summary(own), MEDIAN_TYPE_2)
        for arm in arms
        for own in [dose[(arm_of == arm).to_numpy()]]
    ]
    columns = ["measure", "arm", "time", "n", "N", "estimate", "conf_low", "conf_high", "method"]
    return pd.DataFrame(found, columns=columns)


def steroid_stops(rows: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """One row per participant on a steroid on day 1: USUBJID, ARM, CIFDY and CIFEVENT ("stopped", "death", "").

    The stop is the first day after the last steroid; who takes one at FUDY is censored there, or has died.
    """
    taken = rows.groupby("USUBJID").agg(FIRST=("START", "min"), LAST=("END", "max"))
    own = subjects.merge(taken[taken["FIRST"] == 1].reset_index(), on="USUBJID")
    off = own["LAST"] < own["FUDY"]
    event = np.select([off, own["DTHDY"].notna()], [STOPPED, DEATH], default="")
    return pd.DataFrame(
        {
            "USUBJID": own["USUBJID"],
            "ARM": own["ARM"],
            "CIFDY": (own["LAST"] + 1).where(off, own["FUDY"]),
            "CIFEVENT": pd.Series(event, own.index, dtype="str"),
        }
    )


def _summary(doses: pd.Series) -> tuple[float, float, float]:
    known = doses.dropna().to_numpy(dtype=float)
    return quartiles_type_2(known) if len(known) else (np.nan, np.nan, np.nan)
