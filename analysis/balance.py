"""Standardised differences: how far two groups lie apart at baseline, whatever their size.

Rule: docs/reference/safety.md, section 6. Missing values are left out before.
"""

import numpy as np

DIFFERENCE_IN_MEANS = "difference in means over the root of the mean variance"
YANG_DALTON = "Mahalanobis distance of the shares (Yang and Dalton 2012)"
ROUNDING = 1e-12


def standardised_difference(experimental: np.ndarray, control: np.ndarray) -> float:
    """The difference in means, experimental minus control, over the root of the mean of both variances.

    0 where both groups have the one same value; NaN with fewer than two values in a group, or where only the
    variances are 0.
    """
    if len(experimental) < 2 or len(control) < 2:
        return np.nan
    difference = float(np.mean(experimental) - np.mean(control))
    spread = float(np.sqrt((np.var(experimental, ddof=1) + np.var(control, ddof=1)) / 2))
    if spread == 0:
        return 0.0 if difference == 0 else np.nan
    return difference / spread


def standardised_difference_of_levels(experimental: np.ndarray, control: np.ndarray) -> float:
    """The distance of two groups over the levels of a category, from the count of each level; never negative.

    sqrt((t - c)' S^-1 (t - c)), t and c the shares of all levels but one, S the mean of their multinomial
    covariances (Yang and Dalton, SAS Global Forum 2012, paper 335). NaN where a group is empty, and where the groups
    differ without a variance, so that the distance is infinite.
    """
    counts = np.array([experimental, control], dtype=float)
    if (counts.sum(axis=1) == 0).any():
        return np.nan
    counts = counts[:, counts.sum(axis=0) > 0]
    shares = (counts / counts.sum(axis=1, keepdims=True))[:, :-1]
    apart = shares[0] - shares[1]
    covariance = np.mean([np.diag(p) - np.outer(p, p) for p in shares], axis=0)
    solution = np.linalg.pinv(covariance, hermitian=True) @ apart
    if not np.allclose(covariance @ solution, apart, rtol=0, atol=ROUNDING * 1e3):
        return np.nan
    return float(np.sqrt(max(apart @ solution, 0.0)))
