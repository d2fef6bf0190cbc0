"""The characteristics that the baseline outputs describe, in the chosen set by planned arm."""

from dataclasses import dataclass

import pandas as pd

from analysis.baseline import Variable, baseline_grades, baseline_variables
from outputs.basis import Basis
from outputs.planned import planned

WHO = "WHOBLD"
CHANCE = "No p-values: arms were randomised, so differences at baseline are chance."
CHOICE = (
    "No p-values: arms were not randomised, and a test does not answer whether a difference at baseline matters. See "
    "Comparability."
)
MISSING_LEFT_OUT = "Standardised differences leave missing values out."


@dataclass(frozen=True, eq=False)
class Baseline:
    """`arm` is the planned arm of each participant, by the index of the variables' values."""

    subjects: pd.DataFrame
    variables: list[Variable]
    left_out: list[str]

    @property
    def arm(self) -> pd.Series:
        return self.subjects["ARM"]

    def notes(self) -> tuple[str, ...]:
        return (f"Not shown, more than 20 levels: {', '.join(self.left_out)}.",) if self.left_out else ()


def baseline_of(basis: Basis) -> Baseline:
    subjects = planned(basis)
    grades = baseline_grades(basis.data.adqs, bleeding_scale(basis))
    return Baseline(subjects, *baseline_variables(subjects, basis.definition, grades))


def bleeding_scale(basis: Basis) -> str:
    """The first bleeding scale that an endpoint names, else the WHO scale."""
    return next((e.bleeding for e in basis.definition.endpoints if e.bleeding), WHO)


def without_p(basis: Basis) -> str:
    """Why differences at baseline have no p-value."""
    return CHANCE if basis.definition.randomised else CHOICE


def no_comparison(basis: Basis) -> tuple[str, ...]:
    """Why there is no standardised difference."""
    if basis.comparisons:
        return ()
    if basis.data.study.view == "pooled":
        return ("The pooled view has one arm: no differences.",)
    return ("One arm: no differences.",)
