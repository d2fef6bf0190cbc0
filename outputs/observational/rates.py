"""The adjusted response rates of a comparison, worked out once for the outputs that rest on the same participants."""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from analysis.observational.adjusted_rates import AdjustedRates, adjusted_rates
from analysis.observational.propensity import Propensity

KEPT = 64


def rates_of(propensity: Propensity, answers: np.ndarray, *, truncate: float = 0.0) -> AdjustedRates:
    """`adjusted_rates`, read-only; `answers` in the order of the participants compared."""
    groups = propensity.groups
    numbers = (groups.matrix.to_numpy(float).tobytes(), groups.arm.tobytes(), answers.tobytes())
    return _worked_out(_Question((*numbers, tuple(groups.usubjid)), truncate, propensity, answers))


@dataclass(frozen=True)
class _Question:
    """Two questions are the same where participants, covariates, arms and answers are."""

    numbers: tuple
    truncate: float
    propensity: Propensity = field(compare=False)
    answers: np.ndarray = field(compare=False)


@lru_cache(maxsize=KEPT)
def _worked_out(question: _Question) -> AdjustedRates:
    return adjusted_rates(question.propensity, question.answers, truncate=question.truncate)
