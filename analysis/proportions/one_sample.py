"""Intervals of one proportion x/n. With n = 0 there is none; limits stay within 0 and 1."""

import math

from scipy.special import betainccinv, betaincinv
from statsmodels.stats.proportion import proportion_confint

from analysis.proportions.basics import NOT_ESTIMABLE, Interval, normal_quantile, within


def wilson(x: int, n: int, conf_level: float = 0.95) -> Interval:
    """Score interval of x/n (Wilson 1927), no continuity correction."""
    return _one_proportion(x, n, conf_level, method="wilson")


def wilson_corrected(x: int, n: int, conf_level: float = 0.95) -> Interval:
    """Score interval of x/n with continuity correction (Newcombe 1998, one sample, method 4).

    It is Wilson's interval with half a responder less for the lower limit and half a one more for the upper.
    """
    if n == 0:
        return NOT_ESTIMABLE
    low = _one_proportion(x - 0.5, n, conf_level, method="wilson").low if x > 0 else 0.0
    high = _one_proportion(x + 0.5, n, conf_level, method="wilson").high if x < n else 1.0
    return Interval(low, high)


def clopper_pearson(x: int, n: int, conf_level: float = 0.95) -> Interval:
    """Exact interval of x/n (Clopper and Pearson 1934), from beta quantiles."""
    return _one_proportion(x, n, conf_level, method="beta")


def jeffreys(x: int, n: int, conf_level: float = 0.95) -> Interval:
    """Equal-tailed interval of Beta(x + 1/2, n - x + 1/2); 0 at x = 0 and 1 at x = n (Brown, Cai, DasGupta 2001)."""
    if n == 0:
        return NOT_ESTIMABLE
    tail = (1 - conf_level) / 2
    a, b = x + 0.5, n - x + 0.5
    low = float(betaincinv(a, b, tail)) if x > 0 else 0.0
    return Interval(low, float(betainccinv(a, b, tail)) if x < n else 1.0)


def agresti_coull(x: int, n: int, conf_level: float = 0.95) -> Interval:
    """Wald's formula after adding z^2/2 responders and z^2/2 others (Agresti and Coull 1998)."""
    if n == 0:
        return NOT_ESTIMABLE
    return within(proportion_confint(x, n, alpha=1 - conf_level, method="agresti_coull"), 0, 1)


def wald(x: int, n: int, conf_level: float = 0.95) -> Interval:
    """p +/- z sqrt(p (1 - p) / n): of width 0 at 0 of n and n of n."""
    if n == 0:
        return NOT_ESTIMABLE
    return within(proportion_confint(x, n, alpha=1 - conf_level, method="normal"), 0, 1)


def wald_corrected(x: int, n: int, conf_level: float = 0.95) -> Interval:
    """Wald's interval with continuity correction: 1/(2n) wider on each side (Newcombe 1998, one sample, method 2)."""
    if n == 0:
        return NOT_ESTIMABLE
    p = x / n
    half = normal_quantile(conf_level) * math.sqrt(p * (1 - p) / n) + 1 / (2 * n)
    return within((p - half, p + half), 0, 1)


def _one_proportion(x: float, n: int, conf_level: float, *, method: str) -> Interval:
    """The limits at 0 of n and n of n are set: rounding leaves those of Wilson just inside."""
    if n == 0:
        return NOT_ESTIMABLE
    low, high = proportion_confint(x, n, alpha=1 - conf_level, method=method)
    return Interval(float(low) if x > 0 else 0.0, float(high) if x < n else 1.0)
