"""Weighted response rates of two arms that were not randomised, with the sandwich covariance of score and rates.

Rules: docs/reference/nonrandomised.md, sections 4 and 7.
"""

import math
from dataclasses import dataclass

import numpy as np

from analysis.observational.propensity import Propensity
from analysis.observational.weighting import INVERSE, OF_TREATED, OVERLAP
from analysis.proportions import INF, NAN, Interval, normal_quantile, ratio
from analysis.proportions.basics import within

FIRTH_NOTE = (
    "No limits: the sandwich variance holds for maximum likelihood, and the score is Firth's regression."
)
TRUNCATED_NOTE = "No limits: the sandwich variance does not hold for truncated weights."


@dataclass(frozen=True)
class QuickDifference:
    """Weighted rates of the experimental arm and of control, their difference and ratio with sandwich limits.

    `std_err` is that of the difference; ratio limits are on the log scale. Everything is NaN where the estimand is
    refused, the limits where they cannot be trusted; `note` says why.
    """

    estimand: str
    rates: tuple[float, float]
    difference: float
    std_err: float
    conf_low: float
    conf_high: float
    ratio: float
    ratio_low: float
    ratio_high: float
    note: str = ""


def weighted_rates(weights: np.ndarray, arm: np.ndarray, y: np.ndarray) -> np.ndarray:
    """sum wy / sum w of the experimental arm and of control, in the last dimension; NaN where an arm has no weight.

    `weights` may have several rows, one per resample, already times how often each participant is in it.
    """
    in_arm = np.stack([arm == 1, arm == 0], axis=1).astype(float)
    total = np.asarray(weights @ in_arm)
    responding = np.asarray(weights @ (in_arm * np.asarray(y, float)[:, None]))
    return np.divide(responding, total, out=np.full(total.shape, NAN), where=total > 0)


def sandwich(propensity: Propensity, y: np.ndarray, estimand: str) -> np.ndarray:
    """Covariance of the two weighted rates, untruncated; NaN where the score was not fitted by maximum likelihood.

    Stacked estimating equations of the logistic score and of the two weighted means (Lunceford and Davidian 2004).
    A factor common to the weights of an arm, as the stabilising share, drops out.
    """
    if propensity.fit.separated:
        return np.full((2, 2), NAN)
    arm, y = propensity.groups.arm, np.asarray(y, float)
    X, e = propensity.fit.X.to_numpy(), propensity.scores
    weights, slopes = _of_arms(e, estimand)
    in_arm = np.array([arm == 1, arm == 0], float)
    residuals = in_arm * (y - weighted_rates(np.where(arm == 1, *weights), arm, y)[:, None])
    through_score = (slopes * residuals) @ X @ propensity.fit.covariance @ (X.T * (arm - e))
    totals = (in_arm * weights).sum(axis=1, keepdims=True)
    influence = (weights * residuals + through_score) / totals
    return influence @ influence.T


def _of_arms(e: np.ndarray, estimand: str) -> tuple[np.ndarray, np.ndarray]:
    """The weight in the experimental arm and in control, and their derivatives by the logit of the score."""
    odds = e / (1 - e)
    if estimand == OVERLAP:
        return np.array([1 - e, e]), np.array([-e * (1 - e), e * (1 - e)])
    if estimand == INVERSE:
        return np.array([1 / e, 1 / (1 - e)]), np.array([-1 / odds, odds])
    if estimand == OF_TREATED:
        return np.array([np.ones_like(e), odds]), np.array([np.zeros_like(e), odds])
    raise ValueError(f"estimand is {estimand!r}")


def quick_difference(
    propensity: Propensity, y: np.ndarray, estimand: str, *, truncate: float = 0.0, conf_level: float = 0.95
) -> QuickDifference:
    """Difference and ratio of the weighted rates without resampling; `y` in the order of the participants compared.

    A `y` that is not 0 or 1 gives weighted means, their difference with its limits, and a ratio without use.
    """
    refused = propensity.refused(estimand, truncate=truncate)
    if refused:
        return QuickDifference(estimand, (NAN, NAN), *(NAN,) * 7, note=refused)
    arm, y = propensity.groups.arm, np.asarray(y, float)
    rates = weighted_rates(propensity.weights(estimand, truncate=truncate), arm, y)
    note = _without_limits(propensity, y, 0.0 if estimand == OVERLAP else truncate)
    covariance = np.full((2, 2), NAN) if note else sandwich(propensity, y, estimand)
    binary = bool(np.isin(y, (0, 1)).all())
    ends = (-1.0, 1.0) if binary else (-INF, INF)
    difference, std_err = float(rates[0] - rates[1]), spread_of(covariance)
    half = normal_quantile(conf_level) * std_err
    limits = (
        within((difference - half, difference + half), *ends) if math.isfinite(half) else Interval(NAN, NAN)
    )
    of_ratio = ratio(float(rates[0]), float(rates[1]))
    factor = (
        math.exp(normal_quantile(conf_level) * spread_of(covariance / np.outer(rates, rates)))
        if (rates > 0).all()
        else NAN
    )
    return QuickDifference(
        estimand,
        (float(rates[0]), float(rates[1])),
        difference,
        std_err,
        *limits,
        of_ratio,
        of_ratio / factor,
        of_ratio * factor,
        note,
    )


def spread_of(covariance: np.ndarray) -> float:
    """Standard error of the difference of two estimates with this covariance."""
    return float(np.sqrt(np.maximum(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1], 0.0)))


def same_answer(propensity: Propensity, y: np.ndarray) -> str:
    """Which arm has one answer alone, so that neither a sandwich nor resamples know how sure its rate is."""
    groups = propensity.groups
    for name, in_arm in ((groups.experimental, 1), (groups.control, 0)):
        answers = np.unique(y[groups.arm == in_arm])
        if len(answers) == 1:
            who = {0.0: "Nobody", 1.0: "Everybody"}.get(float(answers[0]))
            said = f"{who} in {name} responds" if who else f"All values in {name} are the same"
            return f"No limits: {said[0].lower()}{said[1:]}, and the method would take that for certain."
    return ""


def _without_limits(propensity: Propensity, y: np.ndarray, truncate: float) -> str:
    if propensity.fit.separated:
        return FIRTH_NOTE
    return TRUNCATED_NOTE if truncate else same_answer(propensity, y)
