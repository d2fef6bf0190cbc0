"""Wilcoxon rank-sum test of two groups and the Hodges-Lehmann difference with its interval.

`x1` are the values of the experimental arm, `x0` those of control. The rank sum is counted as W, the pairs of which
the experimental value is the higher (a tie is half a pair), as in R's `wilcox.test`. With the continuity correction of
1/2 where the normal distribution is used (R's default); exact as in R where no two values are equal and each arm has
fewer than 50. Formulas and citations: docs/reference/methods/without_a_model.md.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtri
from scipy.stats import mannwhitneyu, rankdata

from analysis.longitudinal import median_and_quartiles

EXACT = "Hodges-Lehmann, exact interval; exact rank-sum test"
NORMAL = "Hodges-Lehmann, normal interval; rank-sum test, tie and continuity corrected"
UNCORRECTED = "Rank-sum test, tie corrected, no continuity correction"
PERMUTATION = "Rank-sum test, exact with ties"
QUARTILES = "median and quartiles, type 7"
EXACT_BELOW = 50  # in each arm
TOO_FEW = "too few participants for a 95% interval"
ALL_EQUAL = "all differences are equal: no interval"
NOBODY = "an arm has no value"
COLUMNS = [
    "comparison",
    "measure",
    "n",
    "estimate",
    "conf_low",
    "conf_high",
    "p_value",
    "statistic",
    "method",
]


class Shift(NamedTuple):
    """The Hodges-Lehmann difference, its limits, and why a limit is missing ("" where both stand)."""

    estimate: float
    low: float
    high: float
    note: str


def arm_medians(values: pd.DataFrame, arms: Sequence[str]) -> pd.DataFrame:
    """One row per arm: `n` values, their median, and the quartiles as the limits (measure "median").

    `values` has one row per participant: ARM, AVAL.
    """
    rows = []
    for arm in arms:
        own = values.loc[values["ARM"] == arm, "AVAL"].to_numpy(float)
        spread = median_and_quartiles(own) if len(own) else (math.nan,) * 3
        rows.append((arm, "median", len(own), *spread, QUARTILES, "" if len(own) else NOBODY))
    return pd.DataFrame(
        rows, columns=["arm", "measure", "n", "estimate", "conf_low", "conf_high", "method", "note"]
    )


def rank_sum_comparison(values: pd.DataFrame, *, experimental: str, control: str) -> pd.DataFrame:
    """One row per method: the headline first (measure "difference"), then tests alone (measure "test").

    The headline is exact without ties and with fewer than 50 values an arm, else the normal approximation; where
    there are ties its p stands beside the exact one of the permutation distribution. `values` as in `arm_medians`;
    `statistic` is W, `n` the values of both arms.
    """
    x1, x0 = (values.loc[values["ARM"] == arm, "AVAL"].to_numpy(float) for arm in (experimental, control))
    exact, n = is_exact(x1, x0), len(x1) + len(x0)
    shift = hodges_lehmann(x1, x0)
    p_value = exact_p(x1, x0) if exact else normal_p(x1, x0)
    method = EXACT if exact else NORMAL
    rows = [("difference", n, *shift[:3], p_value, w_statistic(x1, x0), method, shift.note)]
    others = [(UNCORRECTED, normal_p(x1, x0, continuity=False))]
    if exact:
        others.insert(0, (NORMAL, normal_p(x1, x0)))
    elif 0 < max(len(x1), len(x0)) < EXACT_BELOW:
        others.insert(0, (PERMUTATION, permutation_p(x1, x0)))
    rows += [
        ("test", n, *(math.nan,) * 3, p, w_statistic(x1, x0), name, NOBODY if math.isnan(p) else "")
        for name, p in others
    ]
    frame = pd.DataFrame(rows, columns=[*COLUMNS[1:], "note"])
    return frame.assign(comparison=f"{experimental} - {control}")[[*COLUMNS, "note"]]


def is_exact(x1: np.ndarray, x0: np.ndarray) -> bool:
    """No two values are equal and each arm has at least one and fewer than 50."""
    pooled = np.concatenate([x1, x0])
    sizes = (len(x1), len(x0))
    return min(sizes) > 0 and max(sizes) < EXACT_BELOW and len(np.unique(pooled)) == len(pooled)


def w_statistic(x1: np.ndarray, x0: np.ndarray) -> float:
    """W: pairs in which the experimental value is the higher, ties half; NaN with an empty arm."""
    if not len(x1) or not len(x0):
        return math.nan
    ranks = rankdata(np.concatenate([x1, x0]))
    return float(ranks[: len(x1)].sum() - len(x1) * (len(x1) + 1) / 2)


def hodges_lehmann(x1: np.ndarray, x0: np.ndarray, *, conf_level: float = 0.95) -> Shift:
    """The median of all pairwise differences x1 - x0, its limits being two of them (Hollander and Wolfe 1999, 4.2).

    D(1) <= ... <= D(mn) are the differences; the limits are D(c) and D(mn + 1 - c). Exact: c is the alpha/2 quantile
    of W, so that the level is at least the nominal one. Otherwise c = mn/2 - 1/2 - z sigma, rounded up, sigma corrected
    for the ties within the arms: every shift that the continuity-corrected test keeps.
    """
    if not len(x1) or not len(x0):
        return Shift(math.nan, math.nan, math.nan, NOBODY)
    differences = np.sort(np.subtract.outer(x1, x0).ravel())
    estimate = float(np.median(differences))
    if len(differences) > 1 and differences[0] == differences[-1]:
        return Shift(estimate, math.nan, math.nan, ALL_EQUAL)
    alpha = 1 - conf_level
    c = _exact_place(len(x1), len(x0), alpha) if is_exact(x1, x0) else _normal_place(x1, x0, alpha)
    if c < 1:
        return Shift(estimate, math.nan, math.nan, TOO_FEW)
    return Shift(estimate, float(differences[c - 1]), float(differences[-c]), "")


def exact_p(x1: np.ndarray, x0: np.ndarray) -> float:
    """Two-sided p of W among all arrangements; for values without ties."""
    return float(mannwhitneyu(x1, x0, method="exact").pvalue)


def normal_p(x1: np.ndarray, x0: np.ndarray, *, continuity: bool = True) -> float:
    """Two-sided p of W from the normal distribution with the tie-corrected variance; 1 where all values are equal."""
    if not len(x1) or not len(x0):
        return math.nan
    if len(np.unique(np.concatenate([x1, x0]))) == 1:
        return 1.0
    result = mannwhitneyu(x1, x0, method="asymptotic", use_continuity=continuity)
    return min(float(result.pvalue), 1.0)


def permutation_p(x1: np.ndarray, x0: np.ndarray) -> float:
    """Two-sided p of the rank sum among all divisions of the midranks, ties as they are (Streitberg and Röhmel 1986).

    The probability of a rank sum at least as far from its mean as the observed one.
    """
    if not len(x1) or not len(x0):
        return math.nan
    doubled = np.round(2 * rankdata(np.concatenate([x1, x0]))).astype(int)
    ways = _ways(doubled, len(x1))
    sums = np.arange(len(ways))
    mean = len(x1) * doubled.sum() / len(doubled)
    as_far = np.abs(sums - mean) >= abs(doubled[: len(x1)].sum() - mean) - 1e-7
    return float(min(ways[as_far].sum() / ways.sum(), 1.0))


def _ways(scores: np.ndarray, chosen: int) -> np.ndarray:
    """Per sum the number of ways to choose that many of the scores (whole numbers) with this sum."""
    most = int(np.sort(scores)[-chosen:].sum())
    ways = np.zeros((chosen + 1, most + 1))
    ways[0, 0] = 1.0
    for score in scores:
        ways[1:, score:] += ways[:-1, : most + 1 - score].copy()
    return ways[chosen]


def _exact_place(m: int, n: int, alpha: float) -> int:
    """The smallest w with P(W <= w) >= alpha/2, at least 1; 0 where even the whole range falls short of the level."""
    ways = _ways(np.arange(1, m + n + 1), m)[m * (m + 1) // 2 :]
    below = np.cumsum(ways) / ways.sum()
    place = int(np.searchsorted(below, alpha / 2 - 1e-12))
    if place == 0:
        return 1 if 2 * below[0] <= alpha + 1e-12 else 0
    return place


def _normal_place(x1: np.ndarray, x0: np.ndarray, alpha: float) -> int:
    m, n, total = len(x1), len(x0), len(x1) + len(x0)
    ties = sum(
        float((repeats**3 - repeats).sum())
        for repeats in (np.unique(x, return_counts=True)[1].astype(float) for x in (x1, x0))
    )
    sigma = math.sqrt(m * n / 12 * (total + 1 - ties / (total * (total - 1))))
    return math.ceil(m * n / 2 - 0.5 - float(ndtri(1 - alpha / 2)) * sigma)
