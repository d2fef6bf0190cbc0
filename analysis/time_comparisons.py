"""Every comparison of one time to an event between each experimental arm and control, in one results frame."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.bootstrap import median_differences
from analysis.cox import hazard_ratios, profile_hazard_ratios
from analysis.landmarks import landmark_differences, landmark_tests
from analysis.restricted_mean import RMST_DIFFERENCE, restricted_mean_comparisons, restricted_means
from analysis.stratified_log_rank import STRATIFIED_LOG_RANK, stratified_log_rank
from analysis.survival import log_rank
from trialdata.errors import StudyDataError

COLUMNS = [
    *("arm", "comparison", "measure", "time", "n", "N", "estimate", "conf_low", "conf_high"),
    *("p_value", "statistic", "df", "method", "note"),
]
NO_TEST = "No event, or nobody left to compare with at the first one."


def time_comparisons(
    times: pd.DataFrame,
    pairs: Sequence[tuple[str, str]],
    *,
    landmarks: Sequence[float],
    strata: pd.Series | None = None,
    tau: float | None = None,
) -> pd.DataFrame:
    """One row per comparison, measure and method; restricted means by arm besides. Days, shares and ratios.

    `times` has ARM, AVAL (days) and CNSR (0 event), a row per participant; `landmarks` and `tau` are days.
    Measures: log-rank, hazard ratio, restricted mean, RMST difference, RMST ratio, landmark difference, landmark
    test, median difference. `note` says why a number is missing.
    """
    parts = [_log_ranks(times, pairs, None), hazard_ratios(times, pairs).assign(measure="hazard ratio")]
    parts.append(profile_hazard_ratios(times, pairs).assign(measure="hazard ratio"))
    if strata is not None:
        parts.append(_log_ranks(times, pairs, strata))
        parts.append(hazard_ratios(times, pairs, strata).assign(measure="hazard ratio"))
    parts.append(_restricted(times, pairs, tau))
    for day in landmarks:
        parts.append(landmark_differences(times, pairs, [day]).assign(measure="landmark difference"))
        parts.append(landmark_tests(times, pairs, [day]).assign(measure="landmark test"))
    parts.append(median_differences(times, pairs).assign(measure="median difference"))
    return _framed(pd.concat(parts, ignore_index=True))


def _framed(rows: pd.DataFrame) -> pd.DataFrame:
    """The columns of a results frame: whole counts, no missing word."""
    rows = rows.reindex(columns=COLUMNS)
    words = {
        name: rows[name].astype(object).where(rows[name].notna(), "")
        for name in ("arm", "comparison", "note")
    }
    return rows.assign(**words).astype({"n": "Int64", "N": "Int64"})


def _log_ranks(times: pd.DataFrame, pairs, strata: pd.Series | None) -> pd.DataFrame:
    rows = []
    for pair in pairs:
        if strata is None:
            own = times[times["ARM"].isin(pair) & times["AVAL"].notna()]
            test = log_rank(times, pair).assign(n=(own["CNSR"] == 0).sum(), N=len(own))
            test = test.assign(note=np.where(test["statistic"].isna(), NO_TEST, ""))
        else:
            test = stratified_log_rank(times, pair, strata)
        rows.append(test.assign(comparison=f"{pair[0]} - {pair[1]}"))
    return pd.concat(rows).assign(measure="log-rank")


def _restricted(times: pd.DataFrame, pairs, tau: float | None) -> pd.DataFrame:
    """Restricted means by arm and their comparisons; a refused tau leaves its reason."""
    arms = list(dict.fromkeys(arm for pair in pairs for arm in pair))
    try:
        means = restricted_means(times, arms, tau=tau)
    except StudyDataError as refused:
        names = [f"{experimental} - {control}" for experimental, control in pairs]
        return pd.DataFrame(
            {"comparison": names, "time": tau, "note": str(refused), "method": RMST_DIFFERENCE}
        ).assign(measure="RMST difference")
    return pd.concat([means.assign(measure="restricted mean"), restricted_mean_comparisons(means, pairs)])


def without_strata(reason: str, pairs: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """The stratified rows that cannot be made, with the reason."""
    names = [f"{experimental} - {control}" for experimental, control in pairs]
    rows = pd.DataFrame(
        {"comparison": names, "measure": "log-rank", "method": STRATIFIED_LOG_RANK, "note": reason}
    )
    return _framed(rows)
