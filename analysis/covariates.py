"""The baseline covariates of an adjusted analysis as the columns of a model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialdata.errors import StudyDataError

MOST_LEVELS = 20
TOLERANCE = 1e-9  # of a column's length: what is below it is rounding


@dataclass(frozen=True, eq=False)
class Design:
    """Covariates as model columns: one row per participant (index USUBJID), one column per term, no intercept.

    A number is one column under its own name ("AGE"); a category one column of 0 and 1 per level but the first
    ("SEX: M"). `column_of` gives the ADSL column of each term. `notes` say what was done with missing values.
    """

    matrix: pd.DataFrame
    column_of: dict[str, str]
    notes: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.matrix.columns)


def design_matrix(adsl: pd.DataFrame, covariates: Sequence[str]) -> Design:
    """The `Design` of the ADSL rows given: exactly the participants who are analysed, of all arms together.

    Numbers enter as they are, BASE too (no logarithm). The reference level of a category is its first in sorted
    order. A missing number becomes the mean, a missing category the commonest level of the participants given:
    one value for all arms and blind to the outcome, which keeps a randomised comparison unbiased (White and
    Thompson 2005; FDA 2023, Adjusting for Covariates in Randomized Clinical Trials, section III). A level
    "missing" of one or two participants would separate the outcome; it is not made.
    StudyDataError: an absent or empty column, one that is constant or has more than 20 categories, and one
    that is determined by those before it.
    """
    if adsl.empty:
        raise StudyDataError("Nobody is analysed at this cut: there is nothing to adjust yet.")
    terms: dict[str, np.ndarray] = {}
    column_of: dict[str, str] = {}
    notes = []
    for column in covariates:
        values, note = _filled_in(_known(adsl, column), column)
        found = {column: values.to_numpy(float)} if _numeric(values) else _indicators(values, column)
        terms |= found
        column_of |= dict.fromkeys(found, column)
        notes += [note] if note else []
    matrix = pd.DataFrame(terms, index=pd.Index(adsl["USUBJID"], name="USUBJID"))
    refuse_singular(matrix, column_of)
    return Design(matrix, column_of, tuple(notes))


def refuse_singular(matrix: pd.DataFrame, column_of: dict[str, str] | None = None) -> None:
    """StudyDataError where a column of the model is determined by the intercept and the columns before it.

    `column_of` gives the covariate behind a term, for the message; a term without one is named itself.
    """
    values = matrix.to_numpy(float)
    before = np.ones((len(matrix), 1))
    for place, term in enumerate(matrix.columns):
        column = _unit(values[:, place])
        weights = np.linalg.lstsq(before, column, rcond=None)[0]
        if np.linalg.norm(column - before @ weights) < TOLERANCE:
            earlier = zip(matrix.columns[:place], weights[1:], strict=True)
            others = [name for name, weight in earlier if abs(weight) > TOLERANCE]
            raise StudyDataError(_determined((column_of or {}).get(term, term), others, len(matrix)))
        before = np.column_stack([before, column])


def _unit(column: np.ndarray) -> np.ndarray:
    """The column around its mean at length 1; zeros where it is constant."""
    centred = column - column.mean()
    length = np.linalg.norm(centred)
    return centred / length if length > TOLERANCE * np.linalg.norm(column) else np.zeros(len(column))


def _determined(column: str, others: Sequence[str], participants: int) -> str:
    if others:
        reason = f"follows from {', '.join(others)} in the {participants} participants analysed"
    else:
        reason = f"is the same in all {participants} participants analysed"
    return f"{column} {reason}: take it out of the covariates of the study."


def _known(adsl: pd.DataFrame, column: str) -> pd.Series:
    if column not in adsl:
        raise StudyDataError(f"{column} is not a column of adsl: take it out of the covariates of the study.")
    values = adsl[column]
    return values if _numeric(values) else values.where(values.astype(str) != "")


def _numeric(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values)


def _filled_in(values: pd.Series, column: str) -> tuple[pd.Series, str]:
    """The values with none missing, and in words what stands for those that were."""
    missing = int(values.isna().sum())
    if not missing:
        return values, ""
    if missing == len(values):
        raise StudyDataError(
            f"{column} has no value in the participants analysed: take it out of the covariates of the study."
        )
    if _numeric(values):
        return values.fillna(values.mean()), f"{column} missing in {missing}: set to the mean of the others."
    commonest = values.mode().sort_values().iloc[0]
    return values.fillna(
        commonest
    ), f"{column} missing in {missing}: set to the commonest level of the others."


def _indicators(values: pd.Series, column: str) -> dict[str, np.ndarray]:
    """A column of 0 and 1 for each level but the first."""
    levels = sorted(values.unique())
    if len(levels) > MOST_LEVELS:
        raise StudyDataError(
            f"{column} has {len(levels)} levels, and a covariate may have {MOST_LEVELS}: "
            f"take it out of the covariates of the study or group its levels."
        )
    if len(levels) == 1:
        raise StudyDataError(_determined(column, (), len(values)))
    return {f"{column}: {level}": (values == level).to_numpy(float) for level in levels[1:]}
