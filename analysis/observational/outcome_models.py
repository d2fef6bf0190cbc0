"""Response rates standardised over all participants by logistic regressions of the response, over many resamples.

Maximum likelihood, or Firth where the answers are separated. Where all answers of a model are the same it gives
that answer. Rules: docs/reference/nonrandomised.md, section 7.
"""

import numpy as np
from scipy.special import expit

from analysis.observational.many_scores import determined, fit_many, probabilities


def g_computation(X: np.ndarray, arm: np.ndarray, y: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Mean probability of response with everybody in the experimental arm, then in control; a row per resample.

    One model of the arm and the covariates `X` (intercept first). NaN where the covariates determine the arm.
    """
    design = np.column_stack([X, arm])
    beta, solved = fit_many(design, y, counts)
    answered = solved & ~determined(design, counts)[:, -1]
    linear = beta[:, :-1] @ X.T
    moved = np.stack([expit(linear + beta[:, -1:]), expit(linear)], axis=-1)
    rates = (counts[..., None] * moved).sum(axis=1) / counts.sum(axis=1)[:, None]
    same, answer = _same(y, counts)
    rates = np.where(same[:, None], answer[:, None], rates)
    return np.where((answered & _both(arm, counts))[:, None], rates, np.nan)


def doubly_robust(
    X: np.ndarray, arm: np.ndarray, y: np.ndarray, counts: np.ndarray, inverse: np.ndarray
) -> np.ndarray:
    """Mean of m_a(X) + 1(A = a) w (Y - m_a(X)) of the experimental arm, then of control; a row per resample.

    m_a is a model of the covariates `X` in arm a alone; `inverse` is w, one over the probability of the own arm.
    """
    rates = []
    for in_arm in (arm == 1, arm == 0):
        beta, solved = fit_many(X[in_arm], y[in_arm], counts[:, in_arm])
        same, answer = _same(y[in_arm], counts[:, in_arm])
        m = np.where(same[:, None], answer[:, None], probabilities(X, beta))
        terms = m + in_arm * np.where(counts > 0, inverse, 0.0) * (y - m)
        rate = (counts * terms).sum(axis=1) / counts.sum(axis=1)
        rates.append(np.where(solved & _both(arm, counts), rate, np.nan))
    return np.stack(rates, axis=-1)


def _both(arm: np.ndarray, counts: np.ndarray) -> np.ndarray:
    return ((counts @ arm) > 0) & ((counts @ (1 - arm)) > 0)


def _same(y: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether all answers of a resample are the same, and the share of responders."""
    total = counts.sum(axis=1)
    share = counts @ y / np.maximum(total, 1)
    return (share == 0) | (share == 1), share
