"""What every method from counts shares: limits, a chi-square with its p, and the answers where there is none."""

import math
from collections.abc import Callable
from typing import NamedTuple

from scipy.optimize import brentq
from scipy.special import ndtri

KEPT = 4096  # results by counts that a costly method keeps
NAN = math.nan
INF = math.inf


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


def within(interval: tuple[float, float], low: float, high: float) -> Interval:
    """An interval cut off where the parameter ends."""
    return Interval(max(float(interval[0]), low), min(float(interval[1]), high))


def score_variance(p1: float, n1: int, p0: float, n0: int, r: float = 1.0) -> float:
    """Variance of p1 - r p0 with the factor N/(N-1) of Miettinen and Nurminen."""
    total = n1 + n0
    return (p1 * (1 - p1) / n1 + r * r * p0 * (1 - p0) / n0) * total / (total - 1)


def root(distance: Callable[[float], float], a: float, b: float) -> float:
    """Where `distance` is 0 between a and b, to the last digits."""
    return float(brentq(distance, a, b, xtol=1e-13, rtol=1e-13))


def two_by_two(x1: int, n1: int, x0: int, n0: int) -> list[list[int]]:
    """A row per arm: responders, others."""
    return [[x1, n1 - x1], [x0, n0 - x0]]


def limits_of(result, conf_level: float) -> Interval:
    """The interval of a SciPy `contingency` result."""
    low, high = result.confidence_interval(conf_level)
    return Interval(float(low), float(high))
