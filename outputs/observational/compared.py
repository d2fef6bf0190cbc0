"""The two arms that an output compares, with the score of everybody in them, or why there is none."""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.adam import AnalysisData
from analysis.observational.groups import Groups, two_groups
from analysis.observational.propensity import Propensity, fit_propensity
from outputs.basis import Basis
from outputs.observational.words import ONE_ARM, POOLED, RANDOMISED
from outputs.output import View
from trialdata.definition import Arm
from trialdata.errors import StudyDataError


@dataclass(frozen=True, eq=False)
class Compared:
    """One experimental arm against control in the participants of an output, and their fitted score."""

    basis: Basis
    experimental: Arm
    control: Arm
    propensity: Propensity
    held: tuple[str, ...]  # covariates that a filter holds at one level

    @property
    def groups(self) -> Groups:
        return self.propensity.groups

    @property
    def arms(self) -> tuple[Arm, Arm]:
        return self.experimental, self.control

    @property
    def labels(self) -> tuple[str, str]:
        return self.experimental.label, self.control.label

    @property
    def sizes(self) -> str:
        """ "Full analysis set: A 56 and B 38 participants"."""
        arms = [f"{label} {n}" for label, n in zip(self.labels, self.groups.sizes, strict=True)]
        return f"{self.basis.population}: {' and '.join(arms)} participants"

    def notes(self) -> tuple[str, ...]:
        """What was done with the covariates."""
        held = (f"The filter holds {', '.join(self.held)} at one level.",) if self.held else ()
        return (*self.groups.notes, *held)


def nothing_compared(basis: Basis) -> str:
    """Why this study has no comparison by a score; empty where it has."""
    if basis.data.study.view == "pooled":
        return POOLED
    if basis.definition.randomised:
        return RANDOMISED
    return "" if basis.comparisons else ONE_ARM


def compare(
    basis: Basis, *, arm: str = "", among: Iterable[str] | None = None, when_nobody: str = ""
) -> Compared:
    """The comparison of experimental arm `arm` (the first one unless named) in the chosen set and filters.

    `among` keeps these USUBJID alone, such as those due; `when_nobody` is said where these are nobody. StudyDataError
    with the sentence to show where there is no comparison, and where no adjusted number can be trusted.
    """
    reason = basis.nobody() or nothing_compared(basis)
    if reason:
        raise StudyDataError(reason)
    experimental = arm if arm in dict(basis.comparisons) else basis.comparisons[0][0]
    usubjid = basis.subjects["USUBJID"]
    who = usubjid if among is None else usubjid[usubjid.isin(list(among))]
    if when_nobody and who.empty:
        raise StudyDataError(when_nobody)
    return basis.data.once(_compared, basis.view, experimental, tuple(who))


def _compared(data: AnalysisData, view: View, experimental: str, usubjid: tuple[str, ...]) -> Compared:
    """One comparison of these participants, which many outputs rest on."""
    basis = Basis(data, view)
    pairs = dict(basis.comparisons)
    of_trt = {each.trt: each for each in basis.arms}
    covariates, held = covariates_of(basis)
    subjects = basis.subjects[basis.subjects["USUBJID"].isin(usubjid)]
    groups = two_groups(subjects, covariates, experimental=experimental, control=pairs[experimental])
    return Compared(basis, of_trt[experimental], of_trt[pairs[experimental]], fit_propensity(groups), held)


def covariates_of(basis: Basis) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The study's covariates to adjust for, and those that a filter holds at one level."""
    filtered = {column for column, _ in basis.view.filters}
    held = tuple(
        column
        for column in basis.definition.covariates
        if column in filtered and column in basis.subjects and basis.subjects[column].nunique() <= 1
    )
    return tuple(column for column in basis.definition.covariates if column not in held), held
