"""Those due in the arms compared, with their score and answer, and the names of covariates."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.baseline import LABELS
from analysis.observational.weighting import ESTIMANDS
from analysis.populations import subgroup_of
from outputs.basis import Basis
from outputs.observational import words
from outputs.observational.compared import Compared, compare
from outputs.observational.warnings import warnings
from outputs.response import MISSING_WORDS, first_due, handling_of
from trialdata.definition import Endpoint, StudyDefinition


@dataclass(frozen=True, eq=False)
class Responding:
    """Those due in the two arms compared; `y` is 1 for a response, in the order of the score."""

    compared: Compared
    endpoint: Endpoint
    handling: str  # of those without an answer
    y: np.ndarray

    @property
    def people(self) -> pd.DataFrame:
        """The rows of adsl, in the order of the score."""
        subjects = self.compared.basis.subjects.set_index("USUBJID", drop=False)
        return subjects.loc[self.compared.groups.usubjid]

    @property
    def comparison(self) -> str:
        groups = self.compared.groups
        return f"{groups.experimental} - {groups.control}"

    def sizes_words(self) -> str:
        """ "TPO-RA 56, best available therapy 38 participants due"."""
        names = zip(self.compared.labels, self.compared.groups.sizes, strict=True)
        return f"{', '.join(f'{label} {n}' for label, n in names)} participants due"

    def notes(self, estimand: str) -> tuple[str, ...]:
        """What stands under every output about this comparison."""
        return (
            words.sentence(estimand, self.compared.experimental, self.compared.control),
            f"{self.compared.basis.population}: {self.sizes_words()}; pending and missing "
            f"{MISSING_WORDS[self.handling]}.",
            *self.compared.notes(),
            *warnings(self.compared, estimand),
            *self.compared.basis.notes(self.endpoint),
        )


def responding(basis: Basis, *, arm: str = "") -> Responding:
    """The comparison among those due; StudyDataError with the sentence to show where there is none."""
    endpoint = basis.rate_endpoint
    handling = handling_of(endpoint, "")
    answers = basis.results_of(endpoint)
    due = answers[answers["DUEFL"] == "Y"]
    due = due[due["AVAL"].notna()] if handling == "exclude" else due
    compared = compare(basis, arm=arm, among=due["USUBJID"], when_nobody=first_due(basis, endpoint))
    answered = due.set_index("USUBJID")["AVAL"].fillna(0)
    return Responding(compared, endpoint, handling, answered.loc[compared.groups.usubjid].to_numpy(float))


def known_estimand(estimand: str) -> str:
    if estimand not in ESTIMANDS:
        raise ValueError(f"estimand is {estimand!r}; expected one of {ESTIMANDS}")
    return estimand


def covariate_name(definition: StudyDefinition, column: str) -> str:
    """ "Prior lines of therapy": the label of its subgroup, else the usual name, else the column."""
    label = subgroup_of(definition, column).label
    return label if label != column else LABELS.get(column, column)


def level_name(name: str, level: str) -> str:
    """ "Age above 40", "Sex: M"; a flag has the name alone."""
    if level == "Y":
        return name
    return f"{name} {level}" if level.startswith("above ") else f"{name}: {level}"


def short_name(definition: StudyDefinition, column: str) -> str:
    """The name without its unit."""
    return covariate_name(definition, column).split(",")[0]
