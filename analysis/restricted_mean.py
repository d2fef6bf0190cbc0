"""Restricted mean survival time: the mean of the days without event up to a day tau, the area under Kaplan-Meier.

Greenwood's plug-in standard error (Royston and Parmar 2013; Uno et al. 2014), as in survRM2 and survfit of R.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from analysis.proportions import normal_quantile
from analysis.risk_table import RiskTable, greenwood, risk_table_of, survival_curve
from trialdata.errors import StudyDataError

RMST = "Area under Kaplan-Meier, Greenwood"
RMST_DIFFERENCE = "RMST difference, Wald"
RMST_RATIO = "RMST ratio, Wald on the log scale"
NO_VARIANCE = "Greenwood's variance of {arm} is 0: no interval."


def last_common_day(adtte: pd.DataFrame, arms: Sequence[str]) -> float:
    """The smallest of the arms' last days, of the arms with anybody: the latest tau; NaN with nobody."""
    return float(adtte[adtte["ARM"].isin(list(arms))].groupby("ARM")["AVAL"].max().min())


def restricted_means(
    adtte: pd.DataFrame, arms: Sequence[str], *, tau: float | None = None, conf_level: float = 0.95
) -> pd.DataFrame:
    """One row per arm: the mean of the days without event up to day `tau` (column time), its interval and `error`.

    `adtte` has ARM, AVAL (days) and CNSR (0 event); `n` events up to tau of `N`. Without `tau` it is
    `last_common_day`; StudyDataError where it lies beyond that day. `note` says why a number is missing.
    """
    tau = checked_tau(adtte, arms, tau)
    rows = [(arm, tau, *_restricted_mean(risk_table_of(adtte, arm), tau, arm, conf_level)) for arm in arms]
    columns = ["arm", "time", "n", "N", "estimate", "error", "conf_low", "conf_high", "note"]
    return pd.DataFrame(rows, columns=columns).assign(method=RMST)


def checked_tau(adtte: pd.DataFrame, arms: Sequence[str], tau: float | None) -> float:
    """The day up to which the mean is taken; StudyDataError where some arm is not followed so long."""
    last = last_common_day(adtte, arms)
    if tau is None or np.isnan(last):
        return last
    if not 0 < tau <= last:
        raise StudyDataError(
            f"Week {tau / 7:g} is not within the follow-up of every arm: choose a week above 0 and up to "
            f"{np.floor(10 * last / 7) / 10:g}."
        )
    return tau


def _restricted_mean(table: RiskTable, tau: float, arm: str, conf_level: float) -> tuple:
    """Events, participants, mean, standard error, limits and note of one arm."""
    n, N = int(table.events[table.time <= tau].sum()) if table.n_risk[0] else 0, int(table.n_risk[0])
    if not N:
        return n, N, np.nan, np.nan, np.nan, np.nan, f"Nobody in {arm}."
    inside = table.time < tau
    widths = np.diff(np.append(table.time[inside], tau))
    areas = survival_curve(table)[inside] * widths
    still_to_come = np.append(np.cumsum(areas[::-1])[::-1], 0.0)[:-1]
    terms = np.diff(greenwood(table)[inside], prepend=0.0)
    mean, error = float(areas.sum()), float(np.sqrt((still_to_come**2 * terms).sum()))
    if error == 0:
        return n, N, mean, error, np.nan, np.nan, NO_VARIANCE.format(arm=arm)
    width = normal_quantile(conf_level) * error
    return n, N, mean, error, max(mean - width, 0.0), min(mean + width, tau), ""


def restricted_mean_comparisons(
    means: pd.DataFrame, pairs: Sequence[tuple[str, str]], *, conf_level: float = 0.95
) -> pd.DataFrame:
    """Two rows per (experimental, control): difference in days and ratio of the restricted means, with Wald's test.

    `means` is a frame of `restricted_means`. No interval where an arm has no event: its variance is then 0.
    """
    z, rows = normal_quantile(conf_level), []
    by_arm = means.set_index("arm")
    for experimental, control in pairs:
        treated, other = by_arm.loc[experimental], by_arm.loc[control]
        note = " ".join(said for said in (treated["note"], other["note"]) if said)
        errors = np.array([treated["error"], other["error"]])
        means_of_both = np.array([treated["estimate"], other["estimate"]])
        difference = treated["estimate"] - other["estimate"]
        ratio = treated["estimate"] / other["estimate"] if other["estimate"] else np.nan
        of_difference = np.hypot(*errors) if not note else np.nan
        of_ratio = np.hypot(*(errors / means_of_both)) if not note else np.nan
        limits = difference - z * of_difference, difference + z * of_difference
        rows.append(
            ("RMST difference", difference, *limits, difference / of_difference, RMST_DIFFERENCE, note)
        )
        limits = ratio * np.exp(-z * of_ratio), ratio * np.exp(z * of_ratio)
        rows.append(("RMST ratio", ratio, *limits, np.log(ratio) / of_ratio, RMST_RATIO, note))
    columns = ["measure", "estimate", "conf_low", "conf_high", "z", "method", "note"]
    names = [f"{experimental} - {control}" for experimental, control in pairs for _ in range(2)]
    found = pd.DataFrame(rows, columns=columns).assign(comparison=names, time=means["time"].iloc[0], df=1)
    statistic = found.pop("z").astype(float) ** 2
    return found.assign(statistic=statistic, p_value=chdtrc(1, statistic))
