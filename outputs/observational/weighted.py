"""What every weighted output rests on: the comparison, its resamples, the chosen estimand, and what is said of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.observational.resamples import RESAMPLES, SEED, Resamples, resample
from analysis.observational.weighting import effective_size
from outputs import wording
from outputs.basis import Basis
from outputs.observational import words
from outputs.observational.compared import Compared, compare
from outputs.observational.warnings import warnings
from outputs.response import NOT_RANDOMISED
from trialdata.errors import StudyDataError

INTERVALS = (
    f"Weighted intervals: percentiles of {wording.fixed(RESAMPLES)} resamples of participants (seed {SEED}), score and "
    "weights made anew in each."
)
BOOTSTRAP = (
    f"percentile interval of the bootstrap of the whole pipeline, {wording.fixed(RESAMPLES)} resamples"
)
WHY_BOOTSTRAP = (
    "Score and weights are estimated from the same participants; they are made anew in every resample, so the interval "
    "carries their uncertainty."
)
CRUDE = "Crude"


@dataclass(frozen=True, eq=False)
class Weighted:
    """A comparison under one estimand; `truncate` is the share of the weights truncated at each end, ATO's excepted."""

    compared: Compared
    estimand: str
    truncate: float

    @property
    def name(self) -> str:
        return self.name_of(self.estimand)

    def name_of(self, estimand: str) -> str:
        """The weights of an estimand in words, with the truncation where there is one."""
        return words.weights_words(estimand, self.truncate if estimand in words.TRUNCATED else 0.0)

    @property
    def sentence(self) -> str:
        """For whom the answer is."""
        return words.sentence(self.estimand, self.compared.experimental, self.compared.control)

    @cached_property
    def resamples(self) -> Resamples:
        return resample(self.compared.groups)

    def weights(self, estimand: str = "") -> np.ndarray:
        return self.compared.propensity.weights(estimand or self.estimand, truncate=self.truncate)

    def resampled(self, estimand: str = "") -> np.ndarray:
        return self.resamples.weights(estimand or self.estimand, truncate=self.truncate)

    @property
    def crude(self) -> np.ndarray:
        """Everybody's weight where nobody is weighted."""
        return np.ones(len(self.compared.groups.arm))

    @property
    def crude_resampled(self) -> np.ndarray:
        return self.resamples.counts.astype(float)

    def refused(self, estimand: str = "") -> str:
        """Why no number is given for an estimand; empty where one is."""
        return self.compared.propensity.refused(estimand or self.estimand, truncate=self.truncate)

    def effective_sizes(self) -> str:
        """ "effective sample size 41.3 of 56 (A) and 30.0 of 38 (B)." """
        groups = self.compared.groups
        parts = [
            f"{wording.fixed(effective_size(self.weights()[groups.arm == arm]), 1)} of {n} ({label})"
            for arm, n, label in zip((1, 0), groups.sizes, self.compared.labels, strict=True)
        ]
        return f"effective sample size {' and '.join(parts)}."

    def footnotes(self) -> tuple[str, ...]:
        """The notice, how large the weighted sample is, what was done with covariates, and what weakens the answer."""
        return (
            NOT_RANDOMISED,
            f"{self.name}: {self.effective_sizes()}",
            *self.compared.notes(),
            *warnings(self.compared, self.estimand, self.truncate),
        )


def weighted(
    basis: Basis, estimand: str, truncate: str, *, arm: str = "", among: Iterable[str] | None = None
) -> Weighted:
    """The comparison to weight; StudyDataError with the sentence to show where there is none at all.

    ValueError for an estimand or a truncation that does not exist.
    """
    checked, _ = words.asked(estimand, truncate)
    return Weighted(compare(basis, arm=arm, among=among), checked, int(truncate) / 100)


def answered(found: Weighted) -> Weighted:
    """The same, or StudyDataError where its own estimand has no answer."""
    if reason := found.refused():
        raise StudyDataError(reason)
    return found
