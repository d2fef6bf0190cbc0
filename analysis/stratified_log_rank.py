"""The log-rank test within strata: each stratum compares its own participants, the differences are added up."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import chdtrc
from statsmodels.duration.survfunc import survdiff

STRATIFIED_LOG_RANK = "log-rank, stratified"


def stratified_log_rank(adtte: pd.DataFrame, arms: Sequence[str], strata) -> pd.DataFrame:
    """One row: the stratified log-rank test of equal curves in `arms` (Mantel 1966); `strata_used` of `strata`.

    `strata` is a label for each row of `adtte` (ARM, AVAL in days, CNSR 0 event). A stratum without an event at
    which two arms are at risk says nothing; `note` says why there is no test.
    """
    rows = adtte.assign(STRATUM=np.asarray(strata).astype(str))
    rows = rows[rows["ARM"].isin(list(arms)) & rows["AVAL"].notna()]
    at_risk = [_at_risk_at_an_event(stratum) for _, stratum in rows.groupby("STRATUM")]
    informative = [stratum for stratum in at_risk if stratum["ARM"].nunique() > 1]
    statistic, df = _statistic(pd.concat(informative)) if informative else (np.nan, np.nan)
    note = "No stratum has an event while two arms are at risk." if np.isnan(statistic) else ""
    return pd.DataFrame(
        {
            "n": [int((rows["CNSR"] == 0).sum())],
            "N": [len(rows)],
            "strata": [rows["STRATUM"].nunique()],
            "strata_used": [len(informative)],
            "statistic": [statistic],
            "df": [df],
            "p_value": [float(chdtrc(df, statistic))],
            "method": [STRATIFIED_LOG_RANK],
            "note": [note],
        }
    )


def _at_risk_at_an_event(stratum: pd.DataFrame) -> pd.DataFrame:
    return stratum[stratum["AVAL"] >= stratum.loc[stratum["CNSR"] == 0, "AVAL"].min()]


def _statistic(rows: pd.DataFrame) -> tuple[float, float]:
    """Chi-square and degrees of freedom; NaN when all have their event on the only event day of their stratum."""
    try:
        statistic, _ = survdiff(rows["AVAL"], rows["CNSR"] == 0, rows["ARM"], strata=rows["STRATUM"])
    except np.linalg.LinAlgError:  # the variance is 0
        return np.nan, np.nan
    return float(statistic), rows["ARM"].nunique() - 1
