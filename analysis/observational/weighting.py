"""Balancing weights from a propensity score, their truncation, and the effective sample size they leave.

Rules: docs/reference/nonrandomised.md, section 4.
"""

from collections.abc import Sequence

import numpy as np

OVERLAP, INVERSE, OF_TREATED = "ATO", "ATE", "ATT"
ESTIMANDS = (OVERLAP, INVERSE, OF_TREATED)
TRUNCATIONS = (0.0, 0.01, 0.05)


def balancing_weights(
    scores: np.ndarray,
    arm: np.ndarray,
    estimand: str,
    *,
    truncate: float = 0.0,
    counts: np.ndarray | None = None,
) -> np.ndarray:
    """The weight of each participant for one estimand; `scores` may have several rows, one per resample.

    `counts`, of the same shape, says how often each participant is in the resample; a weight is that of one copy.
    """
    scores = np.asarray(scores, float)
    copies = np.ones_like(scores) if counts is None else np.asarray(counts, float)
    if estimand == OVERLAP:
        return np.where(arm == 1, 1 - scores, scores)
    own = np.where(arm == 1, scores, 1 - scores)  # the probability of the arm that each is in
    if estimand == OF_TREATED:
        weights = np.where(arm == 1, 1.0, (1 - own) / own)
        varying = copies * (arm == 0)
    elif estimand == INVERSE:
        share = (copies * arm).sum(axis=-1, keepdims=True) / copies.sum(axis=-1, keepdims=True)
        weights = np.where(arm == 1, share, 1 - share) / own
        varying = copies
    else:
        raise ValueError(f"estimand is {estimand!r}; expected one of {ESTIMANDS}")
    return _truncated(weights, varying, truncate) if truncate else weights


def _truncated(weights: np.ndarray, copies: np.ndarray, share: float) -> np.ndarray:
    """Weights beyond the percentiles `share` and 1 - `share` set to them; those of no copies set no percentile."""
    low, high = np.moveaxis(percentiles(weights, copies, (share, 1 - share)), -1, 0)[..., None]
    varying = (copies > 0) | (copies.sum(axis=-1, keepdims=True) == 0)
    return np.where(varying, np.clip(weights, low, high), weights)


def percentiles(values: np.ndarray, copies: np.ndarray, shares: Sequence[float]) -> np.ndarray:
    """Percentiles of type 7, in the last dimension, of values that are there so many times; rows are resamples.

    NaN where a row has no copy.
    """
    order = np.argsort(values, axis=-1)
    ranked = np.take_along_axis(values, order, axis=-1)
    upto = np.cumsum(np.take_along_axis(copies, order, axis=-1), axis=-1)
    total = upto[..., -1]
    found = []
    for share in shares:
        place = np.maximum(total - 1, 0) * share
        low, high = (
            np.take_along_axis(
                ranked, np.minimum((upto <= at[..., None]).sum(axis=-1), len(order.T) - 1)[..., None], axis=-1
            )[..., 0]
            for at in (np.floor(place), np.ceil(place))
        )
        found.append(np.where(total > 0, low + (high - low) * (place - np.floor(place)), np.nan))
    return np.stack(found, axis=-1)


def effective_size(weights: np.ndarray) -> float:
    """(sum of weights)^2 / sum of squares: how many equally weighted participants say as much."""
    return float(weights.sum() ** 2 / (weights**2).sum()) if len(weights) else 0.0


def shares(weights: np.ndarray, arm: np.ndarray) -> np.ndarray:
    """Each participant's share of the weight of their arm."""
    totals = np.where(arm == 1, weights[arm == 1].sum(), weights[arm == 0].sum())
    return weights / totals
