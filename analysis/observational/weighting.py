"""Balancing weights from a propensity score, their truncation, and the effective sample size they leave.

Rules: docs/reference/nonrandomised.md, section 4.
"""

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
    if estimand == OF_TREATED:
        weights = np.where(arm == 1, 1.0, scores / (1 - scores))
        varying = copies * (arm == 0)
    elif estimand == INVERSE:
        share = (copies * arm).sum(axis=-1, keepdims=True) / copies.sum(axis=-1, keepdims=True)
        weights = np.where(arm == 1, share / scores, (1 - share) / (1 - scores))
        varying = copies
    else:
        raise ValueError(f"estimand is {estimand!r}; expected one of {ESTIMANDS}")
    return _truncated(weights, varying, truncate) if truncate else weights


def _truncated(weights: np.ndarray, copies: np.ndarray, share: float) -> np.ndarray:
    """Weights beyond the percentiles `share` and 1 - `share` set to them; those of no copies set no percentile."""
    rows = np.atleast_2d(weights)
    limits = [_percentiles(*row, share) for row in zip(rows, np.atleast_2d(copies), strict=True)]
    low, high = np.array(limits).T[:, :, None]
    varying = (np.atleast_2d(copies) > 0) | (np.atleast_2d(copies).sum(axis=-1, keepdims=True) == 0)
    return np.where(varying, np.clip(rows, low, high), rows).reshape(weights.shape)


def _percentiles(weights: np.ndarray, copies: np.ndarray, share: float) -> np.ndarray:
    return np.quantile(np.repeat(weights, copies.astype(int)), [share, 1 - share])


def effective_size(weights: np.ndarray) -> float:
    """(sum of weights)^2 / sum of squares: how many equally weighted participants say as much."""
    return float(weights.sum() ** 2 / (weights**2).sum()) if len(weights) else 0.0


def shares(weights: np.ndarray, arm: np.ndarray) -> np.ndarray:
    """Each participant's share of the weight of their arm."""
    totals = np.where(arm == 1, weights[arm == 1].sum(), weights[arm == 0].sum())
    return weights / totals
