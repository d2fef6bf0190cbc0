"""Intervals of the ratio p1/p0 (risk ratio)."""

import math

from scipy.stats import contingency

from analysis.proportions.basics import (
    INF,
    NAN,
    NOT_ESTIMABLE,
    Interval,
    limits_of,
    normal_quantile,
    root,
    score_variance,
)
from analysis.proportions.difference import NUDGE


def risk_ratio_score(x1: int, n1: int, x0: int, n0: int, conf_level: float = 0.95) -> Interval:
    """Score interval of p1/p0 (Koopman 1984; with the factor N/(N-1): Miettinen and Nurminen 1985).

    No responder at all: 0 to infinity.
    """
    if n1 == 0 or n0 == 0:
        return NOT_ESTIMABLE
    z = normal_quantile(conf_level)

    def distance(log_ratio: float) -> float:
        r = math.exp(log_ratio)
        p1, p0 = restricted_by_ratio(x1, n1, x0, n0, r)
        return abs(x1 / n1 - r * x0 / n0) - z * math.sqrt(score_variance(p1, n1, p0, n0, r))

    far = 40.0
    log_estimate = math.log(x1 / n1 * n0 / x0) if x1 and x0 else NAN
    low = math.exp(root(distance, -far, log_estimate - NUDGE if x0 else far)) if x1 else 0.0
    high = math.exp(root(distance, log_estimate + NUDGE if x1 else -far, far)) if x0 else INF
    return Interval(low, high)


def restricted_by_ratio(x1: int, n1: int, x0: int, n0: int, r: float) -> tuple[float, float]:
    """Maximum likelihood estimates (p1, p0) under p1 = r p0: the smaller root of a quadratic."""
    b = r * (n1 + x0) + x1 + n0
    p0 = 2 * (x1 + x0) / (b + math.sqrt(max(b * b - 4 * (n1 + n0) * r * (x1 + x0), 0.0)))
    return min(r * p0, 1.0), min(p0, 1.0)


def katz(x1: int, n1: int, x0: int, n0: int, conf_level: float = 0.95) -> Interval:
    """Interval of p1/p0 on the log scale (Katz 1978). An arm without responders: 0 to infinity.

    Everybody responds in both arms: NaN, because the formula's width is 0 there.
    """
    if n1 == 0 or n0 == 0 or (x1 == n1 and x0 == n0):
        return NOT_ESTIMABLE
    if x1 == 0 or x0 == 0:
        return Interval(0.0, INF)
    return limits_of(contingency.relative_risk(x1, n1, x0, n0), conf_level)
