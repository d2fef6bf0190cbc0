"""The propensity score of two arms: each participant's probability of the experimental arm given the covariates.

Rules: docs/reference/nonrandomised.md, sections 3 and 6.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.logistic import INTERCEPT, LogisticFit, fit_logistic, is_separated
from analysis.observational.groups import Groups
from analysis.observational.weighting import ESTIMANDS, INVERSE, balancing_weights, effective_size
from trialdata.errors import StudyDataError

SMALLEST_EFFECTIVE = 5


@dataclass(frozen=True, eq=False)
class Propensity:
    """The fitted score: one per participant in the order of `groups`, strictly between 0 and 1.

    The limits of the coefficients are those of `odds_ratios`: `fit` has none under Firth.
    """

    groups: Groups
    fit: LogisticFit

    @property
    def scores(self) -> np.ndarray:
        return self.fit.probabilities

    @property
    def support(self) -> tuple[float, float]:
        """From the higher of the two arms' lowest scores to the lower of their highest."""
        of_arm = [self.scores[self.groups.arm == arm] for arm in (1, 0)]
        return max(s.min() for s in of_arm), min(s.max() for s in of_arm)

    @property
    def outside(self) -> np.ndarray:
        """Who lies outside the common support."""
        low, high = self.support
        return (self.scores < low) | (self.scores > high)

    @property
    def area(self) -> float:
        """Area under the curve: the share of pairs in which the experimental participant has the higher score."""
        treated, others = self.scores[self.groups.arm == 1], self.scores[self.groups.arm == 0]
        higher = (treated[:, None] > others).mean() + (treated[:, None] == others).mean() / 2
        return float(higher)

    @property
    def odds_ratios(self) -> pd.DataFrame:
        """One row per column of the model: term covariate estimate conf_low conf_high method, without a test."""
        table = fit_logistic(self.groups.matrix, self.groups.arm).table
        table = table[table["term"] != INTERCEPT].reset_index(drop=True)
        limits = {name: np.exp(table[name]) for name in ("estimate", "conf_low", "conf_high")}
        covariates = table["term"].map(self.groups.column_of)
        return pd.DataFrame(
            {"term": table["term"], "covariate": covariates, **limits, "method": table["method"]}
        )

    def weights(self, estimand: str, *, truncate: float = 0.0) -> np.ndarray:
        return balancing_weights(self.scores, self.groups.arm, estimand, truncate=truncate)

    def unstabilised(self, estimand: str, *, truncate: float = 0.0) -> np.ndarray:
        """The weights, for ATE without the share of the arm that stabilises them: 1 / e and 1 / (1 - e)."""
        weights = self.weights(estimand, truncate=truncate)
        if estimand != INVERSE:
            return weights
        share = self.groups.arm.mean()
        return weights / np.where(self.groups.arm == 1, share, 1 - share)

    def refused(self, estimand: str, *, truncate: float = 0.0) -> str:
        """Why no number is given for one estimand; empty where one is."""
        weights = self.weights(estimand, truncate=truncate)
        for name, in_arm in ((self.groups.experimental, 1), (self.groups.control, 0)):
            size = effective_size(weights[self.groups.arm == in_arm])
            if size < SMALLEST_EFFECTIVE:
                return (
                    f"In {name} the weights leave an effective sample size of {size:.1f}, below {SMALLEST_EFFECTIVE}: "
                    "the answer would be that of a few participants."
                )
        return ""

    @property
    def answerable(self) -> tuple[str, ...]:
        """The estimands for which a number is given."""
        return tuple(estimand for estimand in ESTIMANDS if not self.refused(estimand))


def fit_propensity(groups: Groups) -> Propensity:
    """The score of everybody compared; StudyDataError where no adjusted number can be trusted (nonrandomised.md, 6)."""
    terms, smaller = len(groups.matrix.columns), min(groups.sizes)
    if terms >= smaller:
        raise StudyDataError(
            f"The score would have {terms} columns for {smaller} participants of the smaller arm: no adjusted number "
            "can be trusted. Take covariates out of the covariates of the study."
        )
    if is_separated(groups.matrix, groups.arm, wholly=True):
        raise StudyDataError(
            f"{_determining(groups)} the arm: no participant could have been in the other, so there is nothing to "
            "compare and no adjusted number."
        )
    propensity = Propensity(groups, fit_logistic(groups.matrix, groups.arm, limits=False))
    low, high = propensity.support
    if low > high:
        raise StudyDataError(
            "The scores of the two arms do not overlap: there are no like participants to compare, and no adjusted "
            "number."
        )
    return propensity


def _determining(groups: Groups) -> str:
    """Which covariate alone determines the arm, in words; else that they do together."""
    for covariate in dict.fromkeys(groups.column_of.values()):
        own = [term for term in groups.matrix if groups.column_of[term] == covariate]
        if is_separated(groups.matrix[own], groups.arm, wholly=True):
            return f"{covariate} determines"
    return f"The covariates ({', '.join(dict.fromkeys(groups.column_of.values()))}) together determine"
