"""The participants of one comparison that was not randomised, with their arm and the columns of the score's model."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.covariates import Design, design_matrix, refuse_singular
from trialdata.errors import StudyDataError

FEWEST = 5  # participants of an arm
INDICATED = 5  # missing values from which they are a column of the model
MISSING = ": missing"
HALF = 0.5


@dataclass(frozen=True, eq=False)
class Groups:
    """Two arms: `arm` is 1 for experimental and 0 for control, in the order of `matrix` (index USUBJID).

    `matrix` has the columns of the model without intercept, `column_of` the covariate of each. `notes` say what was
    done with missing values and which covariates were left out, `warnings` what that does to the answer.
    `first_level` is the level of each category that has no column.
    """

    experimental: str
    control: str
    arm: np.ndarray
    matrix: pd.DataFrame
    column_of: dict[str, str]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    first_level: dict[str, str] = field(default_factory=dict)

    @property
    def usubjid(self) -> pd.Index:
        return self.matrix.index

    @property
    def sizes(self) -> tuple[int, int]:
        """Participants of the experimental arm and of control."""
        treated = int(self.arm.sum())
        return treated, len(self.arm) - treated

    def without(self, covariate: str) -> "Groups":
        """The same participants without the columns of one covariate."""
        kept = [term for term in self.matrix if self.column_of[term] != covariate]
        return Groups(
            self.experimental,
            self.control,
            self.arm,
            self.matrix[kept],
            {term: self.column_of[term] for term in kept},
            self.notes,
            self.warnings,
            {category: level for category, level in self.first_level.items() if category != covariate},
        )


def two_groups(
    subjects: pd.DataFrame, covariates: Sequence[str], *, experimental: str, control: str
) -> Groups:
    """The participants of two arms; `subjects` has one row each with USUBJID, ARM and the covariates.

    StudyDataError where an arm has fewer than 5 participants or no covariate is left (nonrandomised.md, 2 and 6).
    """
    people = subjects[subjects["ARM"].isin([experimental, control])]
    arm = (people["ARM"] == experimental).to_numpy(float)
    for name, n in ((experimental, int(arm.sum())), (control, int((1 - arm).sum()))):
        if n < FEWEST:
            who = f"fewer than {FEWEST}" if n else "no"  # no count: the sentence goes into files
            raise StudyDataError(
                f"{name} has {who} participants to compare: an adjusted difference needs {FEWEST} in each arm."
            )
    terms, left_out = _usable(people, covariates)
    if terms.matrix.empty:
        raise StudyDataError(
            "No covariate of the study can be used here, so nothing can be adjusted: "
            + " ".join(left_out or ("name some under covariates in the study definition.",))
        )
    indicators = _indicators(people, terms, covariates)
    matrix = pd.concat([terms.matrix, indicators], axis=1)
    column_of = terms.column_of | {name: name.removesuffix(MISSING) for name in indicators}
    return Groups(
        experimental,
        control,
        arm,
        matrix,
        column_of,
        (*terms.notes, *left_out),
        _half_missing(people, covariates),
        _first_levels(people, terms),
    )


def _usable(people: pd.DataFrame, covariates: Sequence[str]) -> tuple[Design, tuple[str, ...]]:
    """The design of the covariates that can be used, each judged after those before it, and why others cannot."""
    kept: list[str] = []
    left_out: list[str] = []
    for column in covariates:
        try:
            design_matrix(people, [*kept, column])
            kept.append(column)
        except StudyDataError as trouble:
            reason = str(trouble).split(": take it out")[0].rstrip(".")
            left_out.append(f"{reason}: left out of the score.")
    return design_matrix(people, kept), tuple(left_out)


def _first_levels(people: pd.DataFrame, terms: Design) -> dict[str, str]:
    """Of each category the level that `design_matrix` gives no column: the first in sorted order.

    None of a category that has a level of the name that the column of missing values would have.
    """
    first = {
        column: str(min(people.loc[~missing(people[column]), column]))
        for column in dict.fromkeys(column for term, column in terms.column_of.items() if term != column)
    }
    named = {f"{column}: {level}" for column, level in first.items()} | set(terms.matrix)
    return {column: level for column, level in first.items() if f"{column}{MISSING}" not in named}


def _indicators(people: pd.DataFrame, terms: Design, covariates: Sequence[str]) -> pd.DataFrame:
    """A column of 0 and 1 for each covariate of which 5 or more are missing, unless other columns determine it."""
    found = pd.DataFrame(index=terms.matrix.index)
    for column in dict.fromkeys(terms.column_of.values()):
        unknown = missing(people[column])
        if unknown.sum() < INDICATED or f"{column}{MISSING}" in terms.matrix:  # the name of one of its levels
            continue
        with_it = found.assign(**{f"{column}{MISSING}": unknown.to_numpy(float)})
        try:
            refuse_singular(pd.concat([terms.matrix, with_it], axis=1))
        except StudyDataError:
            continue
        found = with_it
    return found


def missing(values: pd.Series) -> pd.Series:
    """Which values are not known: none, or blank text."""
    return values.isna() | (values.astype("str").str.strip() == "")


def _half_missing(people: pd.DataFrame, covariates: Sequence[str]) -> tuple[str, ...]:
    shares = {column: missing(people[column]).mean() for column in covariates if column in people}
    return tuple(
        f"{column} is missing in {share:.0%} of the participants: the score knows little of it, and a difference "
        "between the arms in it may remain."
        for column, share in shares.items()
        if HALF <= share < 1
    )
