"""Exact unconditional methods: both arms binomial, the worst case over the unknown rate of the control arm.

Results are kept by counts: a test costs up to 40 ms, the interval up to a second.
"""

from functools import lru_cache

import numpy as np
from scipy.special import gammaln
from scipy.stats import boschloo_exact

from analysis.proportions.basics import KEPT, NAN, NOT_ESTIMABLE, Interval
from analysis.proportions.difference import restricted_for_all_tables

LARGEST_ARM = 150  # participants; above, the exact interval would take many seconds
_STEP, _CLOSE = 0.01, 1e-8  # of the search for the smallest difference that is not rejected: first and last
_GRID = np.sin(np.linspace(0, np.pi / 2, 161)) ** 2  # control rates, closer towards either end
_CLOSER = np.linspace(-1, 1, 17)
_FAR = 1e9  # a score without variance, as where p1 - p0 = -1
_EQUAL = 1e-7  # scores closer than this are tied: the closed form leaves 1e-8 where two roots meet


@lru_cache(maxsize=KEPT)
def chan_zhang(x1: int, n1: int, x0: int, n0: int, conf_level: float = 0.95) -> Interval:
    """Exact unconditional interval of p1 - p0 (Chan and Zhang 1999), from two one-sided tests of size alpha/2.

    The lower limit is the smallest d at which P(score >= the one observed | p1 - p0 = d), at its largest over
    p0, is above alpha/2; the upper limit is the mirror image. Score: (p1 - p0 - d) over its standard error under
    d. NaN where an arm is empty or has more than `LARGEST_ARM` participants.
    """
    if 0 in (n1, n0) or max(n1, n0) > LARGEST_ARM:
        return NOT_ESTIMABLE
    tail = (1 - conf_level) / 2
    return Interval(_lower_limit(x1, n1, x0, n0, tail), -_lower_limit(x0, n0, x1, n1, tail))


@lru_cache(maxsize=KEPT)
def barnard(x1: int, n1: int, x0: int, n0: int) -> float:
    """Two-sided p of Barnard's exact test (1947), tables ordered by the z statistic with pooled variance.

    Written here because SciPy loses tables whose z is equal but for rounding: 19/35 v 8/10 is 0.165, not 0.152.
    """
    if n1 == 0 or n0 == 0:
        return NAN
    scores = np.abs(_scores(n1, n0, 0.0))
    return _worst_case(_at_least(scores, scores[x1, x0]), n1, n0, 0.0)


@lru_cache(maxsize=KEPT)
def boschloo(x1: int, n1: int, x0: int, n0: int) -> float:
    """Two-sided p of Boschloo's exact test (1970): twice the smaller one-sided p, tables ordered by Fisher's p."""
    if n1 == 0 or n0 == 0:
        return NAN
    if x1 + x0 in (0, n1 + n0):
        return 1.0
    columns_are_arms = [[x1, x0], [n1 - x1, n0 - x0]]
    return min(float(boschloo_exact(columns_are_arms, alternative="two-sided").pvalue), 1.0)


def _lower_limit(x1: int, n1: int, x0: int, n0: int, tail: float) -> float:
    """The smallest d that is not rejected.

    P(d) falls wherever a table stops being extreme, so differences that are kept can lie in stretches of a
    thousandth. With the extreme tables of both its ends, and d at the upper one, a stretch has no smaller P than
    any d inside: it is passed over where that is below `tail`, and halved where it is not.
    """

    def extreme(d: float) -> np.ndarray:
        scores = _scores(n1, n0, d)
        return _at_least(scores, scores[x1, x0])

    def first(low: float, at_low: np.ndarray, high: float, at_high: np.ndarray) -> float:
        if not _above(tail, np.maximum(at_low, at_high), n1, n0, high):
            return NAN
        if high - low < _CLOSE:
            return high
        middle = (low + high) / 2
        at_middle = extreme(middle)
        found = first(low, at_low, middle, at_middle)
        return first(middle, at_middle, high, at_high) if found != found else found

    estimate = x1 / n1 - x0 / n0
    low, at_low = -1.0, extreme(-1.0)
    for high in np.append(np.arange(-1 + _STEP, estimate, _STEP), estimate):
        at_high = extreme(high)
        found = first(low, at_low, high, at_high)
        if found == found:
            return float(found)
        low, at_low = high, at_high
    return estimate


def _above(tail: float, extreme: np.ndarray, n1: int, n0: int, d: float) -> bool:
    """Whether the worst case is above `tail`; looked at closely only where it is near."""
    roughly = _worst_case(extreme, n1, n0, d, rounds=0)
    if abs(roughly - tail) > tail / 20:
        return roughly > tail
    return _worst_case(extreme, n1, n0, d) > tail


def _at_least(scores: np.ndarray, observed: float) -> np.ndarray:
    """1 for tables as extreme as the observed one, ties among them, else 0."""
    return (scores >= observed - _EQUAL * (1 + abs(observed))).astype(float)


def _worst_case(extreme: np.ndarray, n1: int, n0: int, d: float, *, rounds: int = 2) -> float:
    """The probability of the extreme tables under p1 - p0 = d, at its largest over p0.

    Looked for on a grid, then closer around the three best points, once per round.
    """
    low, high = max(0.0, -d), min(1.0, 1.0 - d)
    rates = low + (high - low) * _GRID
    chances = _chances(extreme, rates, n1, n0, d)
    apart = np.diff(rates).max()
    for _ in range(rounds):
        best = np.argsort(chances)[-3:]
        rates = np.clip((rates[best][:, None] + apart * _CLOSER).ravel(), low, high)
        chances = _chances(extreme, rates, n1, n0, d)
        apart *= _CLOSER[1] - _CLOSER[0]
    return min(float(chances.max()), 1.0)


def _scores(n1: int, n0: int, d: float) -> np.ndarray:
    """(p1 - p0 - d) / standard error under d for each table, (n1 + 1) x (n0 + 1)."""
    p1, p0 = restricted_for_all_tables(n1, n0, d)
    error = np.sqrt(p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0)
    distance = np.arange(n1 + 1)[:, None] / n1 - np.arange(n0 + 1)[None, :] / n0 - d
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = np.where(np.abs(distance) < 1e-12, 0.0, distance / error)
    return np.clip(scores, -_FAR, _FAR)


def _chances(extreme: np.ndarray, rates: np.ndarray, n1: int, n0: int, d: float) -> np.ndarray:
    """The probability of the extreme tables at each control rate.

    A row's extreme tables are runs: only their ends are summed, over the control arm's distribution function.
    """
    ends = extreme - np.pad(extreme[:, 1:], ((0, 0), (0, 1)))
    x1, x0 = np.nonzero(ends)
    experimental = _binomial(n1, np.clip(rates + d, 0.0, 1.0))
    control = np.cumsum(_binomial(n0, rates), axis=1)
    return (experimental[:, x1] * control[:, x0] * ends[x1, x0]).sum(axis=1)


def _binomial(n: int, p: np.ndarray) -> np.ndarray:
    """P(0), ..., P(n) in a row for each p."""
    k = np.arange(n + 1)
    log_p, log_q = (np.log(np.maximum(chance, 1e-300))[:, None] for chance in (p, 1 - p))
    return np.exp(_log_ways(n) + k * log_p + (n - k) * log_q)


@lru_cache(maxsize=512)
def _log_ways(n: int) -> np.ndarray:
    k = np.arange(n + 1)
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
