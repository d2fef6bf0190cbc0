"""Intervals and tests for one proportion and for two independent proportions, from counts.

Two-arm functions take `x1, n1, x0, n0`: responders and participants of the experimental arm, then of the
control arm. An arm without participants makes everything NaN; empty and full cells have an answer of their
own, stated with each function: the guards stand where the library would answer NaN, raise or warn.
Formulas, citations, whose code computes each and how it is checked: docs/reference/methods.md.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from scipy.optimize import brentq
from scipy.special import chdtrc, ndtri
from scipy.stats import chi2_contingency, contingency, fisher_exact
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

NAN = math.nan
INF = math.inf
_NUDGE = 1e-9  # a limit is at least this far from an estimate whose own variance is 0


class Interval(NamedTuple):
    """Lower and upper confidence limit."""

    low: float
    high: float


class ChiSquare(NamedTuple):
    """A chi-square statistic on 1 degree of freedom and its two-sided p."""

    statistic: float
    p_value: float


NOT_ESTIMABLE = Interval(NAN, NAN)
NO_TEST = ChiSquare(NAN, NAN)


def normal_quantile(conf_level: float) -> float:
    """z of a two-sided interval: 1.96 for 0.95."""
    return float(ndtri((1 + conf_level) / 2))


def ratio(numerator: float, denominator: float) -> float:
    """numerator / denominator; NaN for 0/0, infinite for x/0."""
    if denominator:
        return numerator / denominator
    return INF if numerator else NAN


# One proportion


def wilson(x: int, n: int, conf_level: float = 0.95) -> Interval:
    """Score interval of x/n (Wilson 1927), no continuity correction."""
    return _one_proportion(x, n, conf_level, method="wilson")


def clopper_pearson(x: int, n: int, conf_level: float = 0.95) -> Interval:
    """Exact interval of x/n (Clopper and Pearson 1934), from beta quantiles."""
    return _one_proportion(x, n, conf_level, method="beta")


def _one_proportion(x: int, n: int, conf_level: float, *, method: str) -> Interval:
    """The limits at 0 of n and n of n are set: rounding leaves those of Wilson just inside."""
    if n == 0:
        return NOT_ESTIMABLE
    low, high = proportion_confint(x, n, alpha=1 - conf_level, method=method)
    return Interval(low if x > 0 else 0.0, high if x < n else 1.0)


# Difference of two proportions


def newcombe(x1: int, n1: int, x0: int, n0: int, conf_level: float = 0.95) -> Interval:
    """Hybrid score interval of the difference (Newcombe 1998, method 10), from the two Wilson intervals."""
    if n1 == 0 or n0 == 0:
        return NOT_ESTIMABLE
    low, high = confint_proportions_2indep(x1, n1, x0, n0, method="newcomb", alpha=1 - conf_level)
    return Interval(max(float(low), -1.0), min(float(high), 1.0))


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
        return abs(estimate - d) - z * math.sqrt(_variance(p1, n1, p0, n0))

    low = _root(distance, -1.0, estimate - _NUDGE) if estimate > -1 else -1.0
    high = _root(distance, estimate + _NUDGE, 1.0) if estimate < 1 else 1.0
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


def score_test(x1: int, n1: int, x0: int, n0: int) -> ChiSquare:
    """Test of equal proportions with the variance of the Miettinen-Nurminen intervals (factor N/(N-1)).

    p < 0.05 exactly when the 95 % interval of the difference excludes 0, and that of the ratio excludes 1.
    Nobody or everybody responds: statistic 0, p 1.
    """
    if n1 == 0 or n0 == 0:
        return NO_TEST
    pooled = (x1 + x0) / (n1 + n0)
    variance = _variance(pooled, n1, pooled, n0)
    statistic = (x1 / n1 - x0 / n0) ** 2 / variance if variance else 0.0
    return ChiSquare(statistic, float(chdtrc(1, statistic)))


# Ratio of two proportions


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
        return abs(x1 / n1 - r * x0 / n0) - z * math.sqrt(_variance(p1, n1, p0, n0, r))

    far = 40.0
    log_estimate = math.log(x1 / n1 * n0 / x0) if x1 and x0 else NAN
    low = math.exp(_root(distance, -far, log_estimate - _NUDGE if x0 else far)) if x1 else 0.0
    high = math.exp(_root(distance, log_estimate + _NUDGE if x1 else -far, far)) if x0 else INF
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
    return _limits(contingency.relative_risk(x1, n1, x0, n0), conf_level)


# Odds ratio


def odds_ratio(x1: int, n1: int, x0: int, n0: int) -> float:
    """Sample odds ratio; infinite or NaN where a product of the diagonal is 0."""
    return float(contingency.odds_ratio(_table(x1, n1, x0, n0), kind="sample").statistic)


def woolf(x1: int, n1: int, x0: int, n0: int, conf_level: float = 0.95) -> Interval:
    """Interval of the odds ratio on the log scale (Woolf 1955). A cell with nobody: 0 to infinity."""
    if n1 == 0 or n0 == 0:
        return NOT_ESTIMABLE
    if 0 in (x1, n1 - x1, x0, n0 - x0):
        return Interval(0.0, INF)
    return _limits(contingency.odds_ratio(_table(x1, n1, x0, n0), kind="sample"), conf_level)


def conditional_odds_ratio(
    x1: int, n1: int, x0: int, n0: int, conf_level: float = 0.95
) -> tuple[float, Interval]:
    """Conditional maximum likelihood odds ratio and its exact interval (Cornfield 1956).

    Each limit is the odds ratio at which the observed count or one further out has probability alpha/2.
    Nobody or everybody responds: estimate NaN, 0 to infinity.
    """
    if n1 == 0 or n0 == 0:
        return NAN, NOT_ESTIMABLE
    result = contingency.odds_ratio(_table(x1, n1, x0, n0), kind="conditional")
    return float(result.statistic), _limits(result, conf_level)


# Tests of equal proportions


def pearson(x1: int, n1: int, x0: int, n0: int) -> ChiSquare:
    """Pearson's chi-square test. Nobody or everybody responds: NaN, as in R and SAS."""
    return _chi_square(x1, n1, x0, n0, correction=False)


def yates(x1: int, n1: int, x0: int, n0: int) -> ChiSquare:
    """Chi-square test with Yates' continuity correction, never more than the difference itself."""
    return _chi_square(x1, n1, x0, n0, correction=True)


def fisher(x1: int, n1: int, x0: int, n0: int) -> float:
    """Two-sided p of Fisher's exact test: all tables with the same margins that are no more probable."""
    if n1 == 0 or n0 == 0:
        return NAN
    return float(fisher_exact(_table(x1, n1, x0, n0)).pvalue)


def _chi_square(x1: int, n1: int, x0: int, n0: int, *, correction: bool) -> ChiSquare:
    if n1 == 0 or n0 == 0 or x1 + x0 in (0, n1 + n0):
        return NO_TEST
    result = chi2_contingency(_table(x1, n1, x0, n0), correction=correction)
    return ChiSquare(float(result.statistic), float(result.pvalue))


def _table(x1: int, n1: int, x0: int, n0: int) -> list[list[int]]:
    return [[x1, n1 - x1], [x0, n0 - x0]]


def _limits(result, conf_level: float) -> Interval:
    low, high = result.confidence_interval(conf_level)
    return Interval(float(low), float(high))


def _variance(p1: float, n1: int, p0: float, n0: int, r: float = 1.0) -> float:
    total = n1 + n0
    return (p1 * (1 - p1) / n1 + r * r * p0 * (1 - p0) / n0) * total / (total - 1)


def _root(distance: Callable[[float], float], a: float, b: float) -> float:
    return float(brentq(distance, a, b, xtol=1e-13, rtol=1e-13))
