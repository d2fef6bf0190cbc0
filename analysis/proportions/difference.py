"""Intervals of the difference p1 - p0, and the score test; limits stay within -1 and 1.

The exact unconditional interval stands in analysis/proportions/unconditional.py.
"""

import math

import numpy as np
from statsmodels.stats.proportion import confint_proportions_2indep

from analysis.proportions.basics import (
    NOT_ESTIMABLE,
    Interval,
    normal_quantile,
    root,
    score_variance,
    within,
)
from analysis.proportions.one_sample import wilson_corrected

NUDGE = 1e-9  # a limit is at least this far from an estimate whose own variance is 0


def newcombe(x1: int, n1: int, x0: int, n0: int, conf_level: float = 0.95) -> Interval:
    """Hybrid score interval of the difference (Newcombe 1998, method 10), from the two Wilson intervals."""
    return _from_statsmodels(x1, n1, x0, n0, conf_level, method="newcomb")


def newcombe_corrected(x1: int, n1: int, x0: int, n0: int, conf_level: float = 0.95) -> Interval:
    """Hybrid score interval with continuity correction (Newcombe 1998, method 11), from the corrected Wilson ones."""
    if n1 == 0 or n0 == 0:
        return NOT_ESTIMABLE
    p1, p0 = x1 / n1, x0 / n0
    low1, high1 = wilson_corrected(x1, n1, conf_level)
    low0, high0 = wilson_corrected(x0, n0, conf_level)
    below, above = math.hypot(p1 - low1, high0 - p0), math.hypot(high1 - p1, p0 - low0)
    return within((p1 - p0 - below, p1 - p0 + above), -1, 1)


def agresti_caffo(x1: int, n1: int, x0: int, n0: int, conf_level: float = 0.95) -> Interval:
    """Wald's formula after adding one responder and one other to each arm (Agresti and Caffo 2000)."""
    return _from_statsmodels(x1, n1, x0, n0, conf_level, method="agresti-caffo")


def wald_difference(x1: int, n1: int, x0: int, n0: int, conf_level: float = 0.95) -> Interval:
    """p1 - p0 +/- z sqrt(p1 (1 - p1)/n1 + p0 (1 - p0)/n0): of width 0 where each arm has none or all."""
    return _from_statsmodels(x1, n1, x0, n0, conf_level, method="wald")


def wald_difference_corrected(x1: int, n1: int, x0: int, n0: int, conf_level: float = 0.95) -> Interval:
    """Wald's interval, (1/n1 + 1/n0)/2 wider on each side (Newcombe 1998, method 2)."""
    if n1 == 0 or n0 == 0:
        return NOT_ESTIMABLE
    p1, p0 = x1 / n1, x0 / n0
    error = math.sqrt(p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0)
    half = normal_quantile(conf_level) * error + (1 / n1 + 1 / n0) / 2
    return within((p1 - p0 - half, p1 - p0 + half), -1, 1)


def miettinen_nurminen(x1: int, n1: int, x0: int, n0: int, conf_level: float = 0.95) -> Interval:
    """Score interval of the difference (Miettinen and Nurminen 1985): every d that the score test keeps.

    (p1 - p0 - d)^2 <= z^2 V(d), V from the maximum likelihood estimates under p1 - p0 = d, times N/(N-1).
    """
    if n1 == 0 or n0 == 0:
        return NOT_ESTIMABLE
    z = normal_quantile(conf_level)
    estimate = x1 / n1 - x0 / n0

    def distance(d: float) -> float:
        p1, p0 = restricted_by_difference(x1, n1, x0, n0, d)
        return abs(estimate - d) - z * math.sqrt(score_variance(p1, n1, p0, n0))

    low = root(distance, -1.0, estimate - NUDGE) if estimate > -1 else -1.0
    high = root(distance, estimate + NUDGE, 1.0) if estimate < 1 else 1.0
    return Interval(low, high)


def restricted_by_difference(x1: int, n1: int, x0: int, n0: int, d: float) -> tuple[float, float]:
    """Maximum likelihood estimates (p1, p0) under p1 - p0 = d: a root of a cubic, in closed form."""
    total, responders = n1 + n0, x1 + x0
    # p0^3 + 3 b p0^2 + 3 c p0 + e = 0 has three real roots; the middle one lies in the unit interval
    b = ((n1 + 2 * n0) * d - total - responders) / (3 * total)
    c = ((n0 * d - total - 2 * x0) * d + responders) / (3 * total)
    e = x0 * d * (1 - d) / total
    v = b**3 - 1.5 * b * c + e / 2
    u = math.copysign(math.sqrt(max(b * b - c, 0.0)), v)
    cosine = min(max(v / u**3, -1.0), 1.0) if u else 1.0
    p0 = 2 * u * math.cos((math.pi + math.acos(cosine)) / 3) - b
    p0 = min(max(p0, 0.0, -d), 1.0, 1.0 - d)
    return min(max(p0 + d, 0.0), 1.0), p0


def restricted_for_all_tables(n1: int, n0: int, d: float) -> tuple[np.ndarray, np.ndarray]:
    """`restricted_by_difference` of each table of the sizes at once, (n1 + 1) x (n0 + 1)."""
    x1, x0 = np.arange(n1 + 1)[:, None], np.arange(n0 + 1)[None, :]
    total, responders = n1 + n0, x1 + x0
    b = ((n1 + 2 * n0) * d - total - responders) / (3 * total)
    c = ((n0 * d - total - 2 * x0) * d + responders) / (3 * total)
    v = b**3 - 1.5 * b * c + x0 * d * (1 - d) / (2 * total)
    u = np.copysign(np.sqrt(np.maximum(b * b - c, 0.0)), v)
    cosine = np.clip(np.divide(v, u**3, out=np.ones_like(u), where=u != 0), -1.0, 1.0)
    p0 = 2 * u * np.cos((math.pi + np.arccos(cosine)) / 3) - b
    p0 = np.clip(p0, max(0.0, -d), min(1.0, 1.0 - d))
    return np.clip(p0 + d, 0.0, 1.0), p0


def _from_statsmodels(x1: int, n1: int, x0: int, n0: int, conf_level: float, *, method: str) -> Interval:
    if n1 == 0 or n0 == 0:
        return NOT_ESTIMABLE
    return within(confint_proportions_2indep(x1, n1, x0, n0, method=method, alpha=1 - conf_level), -1, 1)
