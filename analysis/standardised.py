"""Standardised response rates: the mean probability of response with everybody in one arm, then in the other."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from analysis.logistic import LogisticFit

ARM = "Arm"
INFLUENCE = "standardised (influence function)"
SANDWICH = "standardised (sandwich)"
DELTA = "standardised (delta method)"


@dataclass(frozen=True, eq=False)
class Standardised:
    """Standardised rates of arm 1 and arm 0, and their covariance by each method."""

    rates: np.ndarray
    covariance: dict[str, np.ndarray]


def standardise(fit: LogisticFit, y: np.ndarray, arm: np.ndarray) -> Standardised:
    """Mean probability of response with everybody in arm 1, then in arm 0, after a maximum likelihood fit.

    Influence function (AIPW with the logistic working model and the observed share of each arm; Ye et al. 2023):
    1(A = a)/pi_a (Y - mu_a) + mu_a - theta_a. Sandwich: the logistic equations stacked with those of the means
    (Stefanski and Boos 2002). Delta: the covariance of the coefficients alone, covariates held fixed (Ge et al. 2011).
    """
    n = len(y)
    moved = [fit.X.assign(**{ARM: value}).to_numpy() for value in (1.0, 0.0)]
    mu = np.array([expit(X @ fit.coefficients) for X in moved])
    slopes = np.array([X.T @ (p * (1 - p)) / n for X, p in zip(moved, mu, strict=True)])
    rates = mu.mean(axis=1)
    around = mu - rates[:, None]
    in_arm = np.array([arm == 1, arm == 0], float)
    influence = in_arm / in_arm.mean(axis=1, keepdims=True) * (y - mu) + around
    score = fit.X.to_numpy().T * (y - fit.probabilities)
    stacked = around + n * slopes @ fit.covariance @ score
    return Standardised(
        rates,
        {
            INFLUENCE: influence @ influence.T / n**2,
            SANDWICH: stacked @ stacked.T / n**2,
            DELTA: slopes @ fit.covariance @ slopes.T,
        },
    )
