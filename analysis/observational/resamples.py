"""The bootstrap of the whole pipeline: participants drawn with replacement, the propensity score made anew in each.

Rules: docs/reference/nonrandomised.md, section 7.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.observational.groups import Groups
from analysis.observational.many_scores import fit_many, probabilities
from analysis.observational.weighting import balancing_weights
from analysis.progress import report

RESAMPLES, SEED = 2000, 1
AT_ONCE = 250
KEPT = 4  # sets of participants whose resamples are kept
BEYOND_ALL = 1e300
MOST_WITHOUT = 0.05  # share of resamples without an answer beyond which there is no interval


@dataclass(frozen=True, eq=False)
class Resamples:
    """A row per resample, a column per participant of `groups`: how often drawn, and the score fitted there.

    `usable`: both arms were drawn and the score could be fitted; the scores of others are NaN.
    """

    groups: Groups
    counts: np.ndarray
    scores: np.ndarray
    usable: np.ndarray

    def weights(self, estimand: str, *, truncate: float = 0.0) -> np.ndarray:
        """The weight of each participant in each resample, times how often drawn: 0 for those who are not in it."""
        scores = np.where(np.isnan(self.scores), 0.5, self.scores)
        with np.errstate(divide="ignore"):  # a score that is 0 or 1 in a resample: no answer there
            own = balancing_weights(scores, self.groups.arm, estimand, truncate=truncate, counts=self.counts)
        return np.where(self.usable[:, None], own * self.counts, np.nan)


def number_of(resamples: int | None) -> int:
    """How many resamples are drawn: as asked, else as many as everywhere."""
    return RESAMPLES if resamples is None else resamples


def draw(n: int, resamples: int, seed: int = SEED) -> np.ndarray:
    """How often each of `n` participants is drawn, a row per resample."""
    return np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=resamples)


def resample(groups: Groups, *, resamples: int | None = None, seed: int = SEED) -> Resamples:
    """Scores of every resample, 250 at a time; how far it is goes to `analysis.progress`."""
    matrix = np.ascontiguousarray(groups.matrix.to_numpy(float))
    counts, scores = _fitted(matrix.tobytes(), groups.arm.tobytes(), number_of(resamples), seed)
    return Resamples(groups, counts, scores, ~np.isnan(scores[:, 0]))


@lru_cache(maxsize=KEPT)
def _fitted(matrix: bytes, arm: bytes, resamples: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """How often each participant is drawn, and the scores: the outputs of a page resample the same participants."""
    treated = np.frombuffer(arm)
    X = model_columns(pd.DataFrame(np.frombuffer(matrix).reshape(len(treated), -1)))
    counts = draw(len(treated), resamples, seed)
    scores = np.concatenate([_scores(X, treated, part) for part in in_parts(counts)])
    for array in (counts, scores):
        array.flags.writeable = False
    return counts, scores


def in_parts(counts: np.ndarray) -> Iterator[np.ndarray]:
    """Some rows after others, so that a long computation says how far it is."""
    for start in range(0, len(counts), AT_ONCE):
        report(start / len(counts))
        yield counts[start : start + AT_ONCE]
    report(1.0)


def _scores(X: np.ndarray, arm: np.ndarray, counts: np.ndarray) -> np.ndarray:
    both = ((counts * arm).sum(axis=1) > 0) & ((counts * (1 - arm)).sum(axis=1) > 0)
    beta, solved = fit_many(X, arm, counts.astype(float))
    scores = np.where(counts > 0, probabilities(X, beta), 0.5)  # of those who are not in it nothing is asked
    return np.where((both & solved)[:, None], scores, np.nan)


def model_columns(matrix: pd.DataFrame) -> np.ndarray:
    """The intercept, then the columns around their mean at standard deviation 1.

    Scores and rates are the same, the arithmetic is safer.
    """
    values = matrix.to_numpy(float)
    return np.column_stack([np.ones(len(values)), (values - values.mean(axis=0)) / values.std(axis=0)])


def percentile_interval(values: np.ndarray, conf_level: float = 0.95) -> tuple[float, float]:
    """The percentiles of the resamples that have an answer; NaN where more than 5 % have none.

    NaN is no answer; an infinite value, as the ratio where nobody of control responds, is one.
    """
    known = np.clip(values[~np.isnan(values)], -BEYOND_ALL, BEYOND_ALL)
    if not len(known) or len(known) < (1 - MOST_WITHOUT) * len(values):
        return np.nan, np.nan
    limits = np.quantile(known, [(1 - conf_level) / 2, (1 + conf_level) / 2])
    low, high = np.where(np.abs(limits) > BEYOND_ALL**0.5, np.copysign(np.inf, limits), limits)
    return float(low), float(high)
