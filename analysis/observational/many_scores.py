"""Logistic regressions of many resamples at once: the same participants, each in a resample so many times.

Maximum likelihood by Newton's method; where it has no finite answer, Firth's penalised likelihood.
"""

import numpy as np
from scipy.special import expit

STEPS = 30
FIRTH_STEPS = 200
SOLVED = 1e-8
STEEP = 30.0  # a linear predictor that says the likelihood has no maximum
LONGEST_STEP = 5.0
SINGULAR = 1e-10  # eigenvalue of a direction that is rounding


def fit_many(X: np.ndarray, y: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients of each resample (a row each), and whether there are any.

    `X`: a row per participant, the intercept among its columns; `y`: 0 or 1; `counts`: a row per resample, how often
    each participant is in it.
    """
    beta, solved = _newton(X, y, counts)
    again = ~solved
    if again.any():
        beta[again], solved[again] = _firth(X, y, counts[again])
    return beta, solved


def probabilities(X: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """The fitted probability of every participant in every resample."""
    return expit(beta @ X.T)


def _newton(X: np.ndarray, y: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    squares = (X[:, :, None] * X[:, None, :]).reshape(len(X), -1)
    size = X.shape[1]
    beta = np.zeros((len(counts), size))
    moving = np.arange(len(counts))
    solved = np.zeros(len(counts), bool)
    for _ in range(STEPS):
        linear = beta[moving] @ X.T
        p = expit(linear)
        score = (counts[moving] * (y - p)) @ X
        information = ((counts[moving] * p * (1 - p)) @ squares).reshape(-1, size, size)
        step, usable = _solve(information, score)
        decrement = (score * step).sum(axis=1)
        done = (
            usable & (decrement < SOLVED**2) & ~((np.abs(linear) > STEEP) & (counts[moving] > 0)).any(axis=1)
        )
        solved[moving[done]] = True
        going = usable & ~done & (np.abs(step).max(axis=1) < 1e6)
        beta[moving[going]] += step[going]
        moving = moving[going]
        if not len(moving):
            break
    return beta, solved


def _firth(X: np.ndarray, y: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fisher scoring on the penalised score, steps kept short."""
    squares = (X[:, :, None] * X[:, None, :]).reshape(len(X), -1)
    size = X.shape[1]
    beta = np.zeros((len(counts), size))
    moving = np.arange(len(counts))
    solved = np.zeros(len(counts), bool)
    for _ in range(FIRTH_STEPS):
        p = expit(beta[moving] @ X.T)
        spread = p * (1 - p)
        information = ((counts[moving] * spread) @ squares).reshape(-1, size, size)
        inverse, usable = _inverse(information)
        leverage = spread * (inverse.reshape(-1, size * size) @ squares.T)
        score = (counts[moving] * (y - p + leverage * (0.5 - p))) @ X
        step = np.einsum("bij,bj->bi", inverse, score)
        done = usable & ((score * step).sum(axis=1) < SOLVED**2)
        solved[moving[done]] = True
        going = usable & ~done
        longest = np.abs(step[going]).max(axis=1, keepdims=True, initial=0)
        beta[moving[going]] += step[going] * np.minimum(1.0, LONGEST_STEP / np.maximum(longest, 1e-12))
        moving = moving[going]
        if not len(moving):
            break
    return beta, solved


def _solve(information: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    inverse, usable = _inverse(information)
    return np.einsum("bij,bj->bi", inverse, score), usable


def _inverse(information: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The inverse of each matrix, and whether it has one.

    A column that does not vary in a resample, as a level that nobody drawn has, is no part of its model: the
    inverse is that of the directions that are.
    """
    scale = np.sqrt(np.einsum("bii->bi", information))
    usable = np.isfinite(scale).all(axis=1)
    scale = np.where(usable[:, None] & (scale > 0), scale, 1.0)
    unit = np.where(usable[:, None, None], information, 0.0) / (scale[:, :, None] * scale[:, None, :])
    values, vectors = np.linalg.eigh(unit)
    kept = values > SINGULAR
    inverse = np.einsum(
        "bij,bj,bkj->bik", vectors, np.where(kept, 1 / np.where(kept, values, 1.0), 0.0), vectors
    )
    return inverse / (scale[:, :, None] * scale[:, None, :]), usable & kept.any(axis=1)
