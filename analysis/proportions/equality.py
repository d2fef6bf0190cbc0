"""Tests of equal proportions; exact unconditional ones stand in analysis/proportions/unconditional.py."""

import numpy as np
from scipy.special import chdtrc
from scipy.stats import chi2_contingency, fisher_exact, hypergeom

from analysis.proportions.basics import NAN, NO_TEST, ChiSquare, score_variance, two_by_two

_TIED = 1e-7  # relative: probabilities of tables that differ by less are equal, as in R's fisher.test


def score_test(x1: int, n1: int, x0: int, n0: int) -> ChiSquare:
    """Test of equal proportions with the variance of the Miettinen-Nurminen intervals (factor N/(N-1)).

    p < 0.05 exactly when the 95 % interval of the difference excludes 0, and that of the ratio excludes 1.
    Nobody or everybody responds: statistic 0, p 1.
    """
    if n1 == 0 or n0 == 0:
        return NO_TEST
    pooled = (x1 + x0) / (n1 + n0)
    variance = score_variance(pooled, n1, pooled, n0)
    statistic = (x1 / n1 - x0 / n0) ** 2 / variance if variance else 0.0
    return ChiSquare(statistic, float(chdtrc(1, statistic)))


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
    return float(fisher_exact(two_by_two(x1, n1, x0, n0)).pvalue)


def mid_p(x1: int, n1: int, x0: int, n0: int) -> float:
    """Two-sided mid-P of Fisher's test (Lydersen, Fagerland, Laake 2009): less half of what is as probable.

    Tables less probable than the observed one count in full, those just as probable by half: with arms of one
    size that is also the mirror image of the observed table. Nobody or everybody responds: 1/2.
    """
    if n1 == 0 or n0 == 0:
        return NAN
    possible = np.arange(max(0, x1 + x0 - n0), min(n1, x1 + x0) + 1)
    chances = hypergeom.pmf(possible, n1 + n0, x1 + x0, n1)
    tied = np.isclose(chances, chances[x1 - possible[0]], rtol=_TIED, atol=0)
    return fisher(x1, n1, x0, n0) - float(chances[tied].sum()) / 2


def _chi_square(x1: int, n1: int, x0: int, n0: int, *, correction: bool) -> ChiSquare:
    if n1 == 0 or n0 == 0 or x1 + x0 in (0, n1 + n0):
        return NO_TEST
    result = chi2_contingency(two_by_two(x1, n1, x0, n0), correction=correction)
    return ChiSquare(float(result.statistic), float(result.pvalue))
