"""Mantel-Haenszel ratios of two arms within strata, the CMH test and the tests of homogeneity, from counts.

Every function takes `counts`, one row per stratum with participants in both arms: x1 n1 x0 n0, responders and
participants of the experimental arm, then of the control arm. A stratum with only or no responders has no part
in the odds and in the tests. Formulas and citations: docs/reference/methods/stratified_and_adjusted.md.
"""

import math

import numpy as np
import pandas as pd
from scipy.special import chdtrc
from statsmodels.stats.contingency_tables import StratifiedTable

from analysis.common_difference import columns
from analysis.proportions import (
    INF,
    NAN,
    NO_TEST,
    NOT_ESTIMABLE,
    ChiSquare,
    Interval,
    normal_quantile,
    ratio,
)


def risk_ratio(counts: pd.DataFrame) -> float:
    """Mantel-Haenszel risk ratio; infinite or 0 where one arm has no responder in any stratum."""
    r, s, _ = _risk_parts(counts)
    return ratio(r, s)


def greenland_robins(counts: pd.DataFrame, conf_level: float = 0.95) -> Interval:
    """Limits of the Mantel-Haenszel risk ratio on the log scale (Greenland and Robins 1985).

    One arm without responders: 0 to infinity. Everybody responds: NaN, because the formula's width is 0.
    """
    r, s, _ = _risk_parts(counts)
    if not r and not s:
        return NOT_ESTIMABLE
    if not r or not s:
        return Interval(0.0, INF)
    variance = log_risk_ratio_variance(counts)
    return NOT_ESTIMABLE if math.isnan(variance) else _on_log_scale(r / s, variance, conf_level)


def log_risk_ratio_variance(counts: pd.DataFrame) -> float:
    """Variance of the logarithm of the Mantel-Haenszel risk ratio (Greenland and Robins 1985); NaN where it is 0.

    NaN too where an arm has no responder.
    """
    r, s, variance = _risk_parts(counts)
    return variance / (r * s) if r and s and variance else NAN


def odds_ratio(counts: pd.DataFrame) -> float:
    """Mantel-Haenszel odds ratio; infinite, 0 or NaN where one or both of its sums are 0."""
    x1, n1, x0, n0, total = columns(counts)
    return ratio(float((x1 * (n0 - x0) / total).sum()), float((x0 * (n1 - x1) / total).sum()))


def robins_breslow_greenland(counts: pd.DataFrame, conf_level: float = 0.95) -> Interval:
    """Limits of the Mantel-Haenszel odds ratio on the log scale (Robins, Breslow and Greenland 1986).

    An estimate of 0 or infinity: 0 to infinity.
    """
    estimate = odds_ratio(counts)
    if math.isnan(estimate):
        return NOT_ESTIMABLE
    if estimate in (0, INF):
        return Interval(0.0, INF)
    low, high = _tables(counts).oddsratio_pooled_confint(alpha=1 - conf_level)
    return Interval(float(low), float(high))


def cochran_mantel_haenszel(counts: pd.DataFrame) -> ChiSquare:
    """CMH test without continuity correction; NaN where every stratum has only or no responders."""
    informative = informative_strata(counts)
    if informative.empty:
        return NO_TEST
    statistic = float(_tables(informative).test_null_odds(correction=False).statistic)
    return ChiSquare(statistic, float(chdtrc(1, statistic)))


def cochran_mantel_haenszel_corrected(counts: pd.DataFrame) -> ChiSquare:
    """CMH test with the correction of 1/2, never more than the difference itself, as with Yates here."""
    statistic, _ = cochran_mantel_haenszel(counts)
    distance = _excess(counts)
    if not distance:  # 0 with or without correction, and NaN stays NaN
        return ChiSquare(statistic, float(chdtrc(1, statistic)))
    corrected = statistic * (max(distance - 0.5, 0.0) / distance) ** 2
    return ChiSquare(corrected, float(chdtrc(1, corrected)))


def breslow_day(counts: pd.DataFrame) -> tuple[float, int, float]:
    """Breslow-Day test of one odds ratio in all strata: statistic, degrees of freedom, p.

    Strata with responders and non-responders count, df is their number minus 1. NaN where fewer than two count
    or the Mantel-Haenszel odds ratio is 0 or infinite.
    """
    distance, variance = _from_common_odds(counts)
    return _homogeneity(float((distance**2 / variance).sum()), len(distance))


def tarone(counts: pd.DataFrame) -> tuple[float, int, float]:
    """The Breslow-Day test with the correction of Tarone (1985), which makes it a chi-square test."""
    distance, variance = _from_common_odds(counts)
    if not len(distance):
        return _homogeneity(NAN, 0)
    correction = float(distance.sum() ** 2 / variance.sum())
    return _homogeneity(float((distance**2 / variance).sum()) - correction, len(distance))


def informative_strata(counts: pd.DataFrame) -> pd.DataFrame:
    """The strata with responders and non-responders."""
    x1, _, x0, _, total = columns(counts)
    return counts[(x1 + x0 > 0) & (x1 + x0 < total)].reset_index(drop=True)


def _homogeneity(statistic: float, strata: int) -> tuple[float, int, float]:
    if strata < 2:
        return NAN, max(strata - 1, 0), NAN
    statistic = max(statistic, 0.0)
    return statistic, strata - 1, float(chdtrc(strata - 1, statistic))


def _from_common_odds(counts: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Per informative stratum: responders of arm 1 minus those expected under the common odds ratio, and the variance.

    The expected number e solves e (n0 - m + e) = odds ratio (n1 - e) (m - e), m responders in both arms; the root is
    taken in the form that loses no digits near an odds ratio of 1, where the usual form is 0/0.
    """
    common, used = odds_ratio(counts), informative_strata(counts)
    if used.empty or not 0 < common < INF:
        return np.array([]), np.array([])
    x1, n1, x0, n0, _ = columns(used)
    m = x1 + x0
    a, b, c = 1 - common, common * (n1 + m) + n0 - m, -common * n1 * m
    root = np.sqrt(b * b - 4 * a * c)
    positive = b > 0
    expected = np.where(positive, -2 * c / np.where(positive, b + root, 1), (root - b) / (2 * a if a else 1))
    variance = 1 / (1 / expected + 1 / (n1 - expected) + 1 / (m - expected) + 1 / (n0 - m + expected))
    return x1 - expected, variance


def _excess(counts: pd.DataFrame) -> float:
    """Responders of arm 1 minus those expected without difference, over all strata, without sign."""
    x1, n1, x0, _, total = columns(counts)
    return abs(float((x1 - n1 * (x1 + x0) / total).sum()))


def _risk_parts(counts: pd.DataFrame) -> tuple[float, float, float]:
    x1, n1, x0, n0, total = columns(counts)
    variance = (n1 * n0 * (x1 + x0) - x1 * x0 * total) / total**2
    return float((x1 * n0 / total).sum()), float((x0 * n1 / total).sum()), float(variance.sum())


def _on_log_scale(estimate: float, variance: float, conf_level: float) -> Interval:
    factor = math.exp(normal_quantile(conf_level) * math.sqrt(variance))
    return Interval(estimate / factor, estimate * factor)


def _tables(counts: pd.DataFrame) -> StratifiedTable:
    x1, n1, x0, n0, _ = columns(counts)
    return StratifiedTable(np.array([[x1, n1 - x1], [x0, n0 - x0]]))
