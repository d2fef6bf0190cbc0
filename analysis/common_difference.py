"""The difference of two rates common to several strata, from counts: its estimate, three intervals and the test.

Every function takes `counts`, one row per stratum with participants in both arms: x1 n1 x0 n0, responders and
participants of the experimental arm, then of the control arm. Without any such stratum everything is NaN.
Formulas and citations: docs/reference/methods/stratified_and_adjusted.md.
"""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.special import chdtrc, ndtr

from analysis.proportions import (
    NAN,
    NO_TEST,
    NOT_ESTIMABLE,
    ChiSquare,
    Interval,
    normal_quantile,
    restricted_by_difference,
    wilson,
)
from analysis.proportions.basics import root, score_variance, within

_NUDGE = 1e-9  # a limit is at least this far from an estimate whose own variance is 0


def columns(counts: pd.DataFrame) -> tuple[np.ndarray, ...]:
    """x1, n1, x0, n0 and N of every stratum as arrays."""
    x1, n1, x0, n0 = (counts[name].to_numpy(float) for name in ("x1", "n1", "x0", "n0"))
    return x1, n1, x0, n0, n1 + n0


def cmh_weights(counts: pd.DataFrame) -> np.ndarray:
    """The share of each stratum in the common difference: n1 n0 / N, adding up to 1; 0 with an empty arm."""
    _, n1, _, n0, total = columns(counts)
    weight = n1 * n0 / np.maximum(total, 1)
    return weight / weight.sum() if weight.any() else weight


def common_difference(counts: pd.DataFrame) -> float:
    """Mantel-Haenszel difference: the strata's differences, weighted by `cmh_weights`."""
    if counts.empty:
        return NAN
    x1, n1, x0, n0, _ = columns(counts)
    return float(cmh_weights(counts) @ (x1 / n1 - x0 / n0))


def stratified_score_test(counts: pd.DataFrame, delta: float = 0.0) -> ChiSquare:
    """Test that every stratum has the difference `delta` (Miettinen and Nurminen 1985, with CMH weights).

    (sum w d - delta)^2 / sum w^2 V(delta), V with the factor N/(N-1). At delta 0 it is the CMH test without
    correction. Nobody or everybody responds in every stratum: statistic 0, p 1.
    """
    if counts.empty:
        return NO_TEST
    distance, variance = _distance_and_variance(counts)(delta)
    statistic = distance**2 / variance if variance else 0.0
    return ChiSquare(statistic, float(chdtrc(1, statistic)))


def stratified_miettinen_nurminen(counts: pd.DataFrame, conf_level: float = 0.95) -> Interval:
    """Every common difference that `stratified_score_test` keeps."""
    if counts.empty:
        return NOT_ESTIMABLE
    z, estimate, at = normal_quantile(conf_level), common_difference(counts), _distance_and_variance(counts)

    def beyond(delta: float) -> float:
        distance, variance = at(delta)
        return abs(distance) - z * math.sqrt(variance)

    low = root(beyond, -1.0, estimate - _NUDGE) if estimate - _NUDGE > -1 else -1.0
    high = root(beyond, estimate + _NUDGE, 1.0) if estimate + _NUDGE < 1 else 1.0
    return Interval(low, high)


def sato(counts: pd.DataFrame, conf_level: float = 0.95) -> Interval:
    """Limits of the Mantel-Haenszel difference from its variance (Sato 1989), for few large or many small strata.

    Everybody or nobody responds in each arm of every stratum: NaN, because the variance is 0 there.
    """
    estimate, variance = common_difference(counts), sato_variance(counts)
    if math.isnan(variance):
        return NOT_ESTIMABLE
    half = normal_quantile(conf_level) * math.sqrt(variance)
    return within((estimate - half, estimate + half), -1.0, 1.0)


def sato_variance(counts: pd.DataFrame) -> float:
    """Variance of the Mantel-Haenszel difference (Sato 1989); NaN where it is 0 or no stratum is given."""
    if counts.empty:
        return NAN
    x1, n1, x0, n0, total = columns(counts)
    p = (n1**2 * x0 - n0**2 * x1 + n1 * n0 * (n0 - n1) / 2) / total**2
    q = (x1 * (n0 - x0) + x0 * (n1 - x1)) / (2 * total)
    of_sums = max(float(common_difference(counts) * p.sum() + q.sum()), 0.0)
    variance = of_sums / float((n1 * n0 / total).sum()) ** 2
    return variance if variance >= _NUDGE**2 else NAN


def stratified_newcombe(counts: pd.DataFrame, conf_level: float = 0.95) -> Interval:
    """Hybrid of the two arms' stratified Wilson limits (Yan and Su 2010), with CMH weights as in SAS."""
    if counts.empty:
        return NOT_ESTIMABLE
    x1, n1, x0, n0, _ = columns(counts)
    weight, estimate = cmh_weights(counts), common_difference(counts)
    arm1, arm0 = (stratified_wilson(x, n, weight, conf_level) for x, n in ((x1, n1), (x0, n0)))
    spread1, spread0 = (float((weight**2 / n).sum()) for n in (n1, n0))

    def half(of_arm1: float, of_arm0: float) -> float:
        variance = spread1 * of_arm1 * (1 - of_arm1) + spread0 * of_arm0 * (1 - of_arm0)
        return normal_quantile(conf_level) * math.sqrt(variance)

    return within((estimate - half(arm1.low, arm0.high), estimate + half(arm1.high, arm0.low)), -1.0, 1.0)


def stratified_wilson(x: np.ndarray, n: np.ndarray, weight: np.ndarray, conf_level: float) -> Interval:
    """Weighted mean of the strata's Wilson limits, at the level that gives the mean its own (Yan and Su 2010).

    That level follows from the variances p(1-p)/n; where they are all 0, from 1/n.
    """
    variance = x / n * (1 - x / n) / n
    share = weight * np.sqrt(variance if variance.any() else 1 / n)
    z = normal_quantile(conf_level) * math.sqrt((share**2).sum()) / share.sum()
    limits = np.array([wilson(int(a), int(b), 2 * float(ndtr(z)) - 1) for a, b in zip(x, n, strict=True)])
    low, high = weight @ limits
    return Interval(float(low), min(float(high), 1.0))


def _distance_and_variance(counts: pd.DataFrame) -> Callable[[float], tuple[float, float]]:
    """Of a delta: the common difference minus delta, and its variance when every stratum has the difference delta."""
    estimate, weights = common_difference(counts), cmh_weights(counts).tolist()
    tables = counts[["x1", "n1", "x0", "n0"]].astype(int).to_numpy().tolist()

    def at(delta: float) -> tuple[float, float]:
        variance = 0.0
        for weight, (x1, n1, x0, n0) in zip(weights, tables, strict=True):
            p1, p0 = restricted_by_difference(x1, n1, x0, n0, delta)
            variance += weight**2 * score_variance(p1, n1, p0, n0)
        return estimate - delta, variance

    return at
