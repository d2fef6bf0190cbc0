"""Strata at the quintiles of the propensity score, and the Mantel-Haenszel rates within them, over many resamples.

Rules: docs/reference/nonrandomised.md, section 7.
"""

import numpy as np
import pandas as pd

from analysis.observational.weighting import percentiles

STRATA = 5
QUINTILES = tuple(place / STRATA for place in range(1, STRATA))


def strata_of(scores: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The stratum of each participant in each resample, 0 the lowest; limits of type 7 belong to the lower stratum."""
    limits = percentiles(scores, counts, QUINTILES)
    return (scores[..., None] > limits[..., None, :]).sum(axis=-1)


def tables(scores: np.ndarray, counts: np.ndarray, arm: np.ndarray, y: np.ndarray) -> np.ndarray:
    """x1, n1, x0, n0 (a row each) of every stratum (a column each) of every resample."""
    stratum = strata_of(scores, counts)
    members = np.stack([arm * y, arm, (1 - arm) * y, 1 - arm], axis=1).astype(float)
    return np.stack([(counts * (stratum == place)) @ members for place in range(STRATA)], axis=-1)


def mantel_haenszel_rates(of_strata: np.ndarray) -> np.ndarray:
    """Rates of both arms, strata weighted by n1 n0 / N: their difference and ratio are those of Mantel and Haenszel.

    Strata without both arms do not count; NaN where none has both.
    """
    x1, n1, x0, n0 = np.moveaxis(of_strata, -2, 0)
    total = np.where((n1 > 0) & (n0 > 0), n1 + n0, np.inf)
    weight = (n1 * n0 / total).sum(axis=-1)
    found = np.stack([(x1 * n0 / total).sum(axis=-1), (x0 * n1 / total).sum(axis=-1)], axis=-1)
    return np.where(weight[..., None] > 0, found / np.where(weight > 0, weight, 1.0)[..., None], np.nan)


def strata_table(of_strata: np.ndarray) -> pd.DataFrame:
    """One row per stratum of the sample: stratum (1 the lowest score), x1 n1 x0 n0."""
    counted = pd.DataFrame(of_strata.T.astype(int), columns=["x1", "n1", "x0", "n0"])
    counted.insert(0, "stratum", np.arange(1, STRATA + 1))
    return counted


def with_both_arms(strata: pd.DataFrame) -> pd.DataFrame:
    """The strata that count."""
    return strata[(strata["n1"] > 0) & (strata["n0"] > 0)].reset_index(drop=True)
