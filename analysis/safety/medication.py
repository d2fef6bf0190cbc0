"""Rescue and other concomitant medication of the safety set, and the time to the first rescue.

Rule: docs/reference/safety.md, section 5.
"""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.doses import read_dosing
from analysis.safety.steroids import open_ends
from trialdata.schema import empty_column

NO_CLASS, NO_NAME, NO_REASON = "Class missing", "Name missing", "no reason recorded"
RESCUE, DEATH = "rescue", "death"


def rescue_rows(data: AnalysisData, subjects: pd.DataFrame) -> pd.DataFrame:
    """One row per rescue from day 1 to FUDY: USUBJID, ARM, CLASS, NAME, REASON ("" not recorded), ASTDY."""
    rows = _read(data, subjects)
    return rows[rows["RESCUE"] & rows["ASTDY"].between(1, rows["FUDY"])].reset_index(drop=True)


def other_medication(data: AnalysisData, subjects: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The rows of adcm in no class of rescue with a day from day 1 to FUDY, and how many ended before day 1."""
    rows = _read(data, subjects)
    rows = rows[~rows["RESCUE"]]
    return rows[rows["END"] >= rows["START"]].reset_index(drop=True), int((rows["END"] < 1).sum())


def rescue_times(rescue: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """One row per participant followed: USUBJID, ARM, CIFDY and CIFEVENT ("rescue", "death", "" censored at FUDY)."""
    own = subjects[subjects["FUDY"] >= 1]
    first = own["USUBJID"].map(rescue.groupby("USUBJID")["ASTDY"].min()).astype(float)
    event = np.select([first.notna(), own["DTHDY"].notna()], [RESCUE, DEATH], default="")
    return pd.DataFrame(
        {
            "USUBJID": own["USUBJID"],
            "ARM": own["ARM"],
            "CIFDY": first.fillna(own["FUDY"]),
            "CIFEVENT": pd.Series(event, own.index, dtype="str"),
        }
    )


def _read(data: AnalysisData, subjects: pd.DataFrame) -> pd.DataFrame:
    adcm = data.adcm.merge(subjects[["USUBJID", "ARM", "FUDY"]], on="USUBJID")
    dosing = read_dosing(adcm, "CM", open_ends(adcm, data.definition))
    reason = adcm.get("CMINDC", empty_column("text", adcm.index))
    return pd.DataFrame(
        {
            **{name: adcm[name] for name in ("USUBJID", "ARM", "FUDY", "ASTDY")},
            "CLASS": adcm["CMCLAS"].str.strip().replace("", NO_CLASS),
            "NAME": adcm["CMDECOD"].str.strip().replace("", NO_NAME),
            "REASON": reason.str.strip(),
            "RESCUE": adcm["CMCLAS"].isin([rescue.cmclas for rescue in data.definition.rescue]),
            "START": dosing["START"],
            "END": dosing["END"],
        }
    )
