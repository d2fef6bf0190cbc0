"""Strata: the level of each participant in one or several ADSL columns, for stratified analyses."""

from collections.abc import Sequence
from functools import reduce

import pandas as pd

from analysis.populations import ordered_levels, subgroup_levels, subgroup_of
from trialdata.definition import StudyDefinition
from trialdata.errors import StudyDataError

MOST_STRATA = 20
EVERYBODY = "all"


def strata_labels(adsl: pd.DataFrame, definition: StudyDefinition, columns: Sequence[str]) -> pd.Series:
    """The stratum of each ADSL row, an ordered category: its level of each column, joined by " · ".

    The levels are those of the study's subgroup where it has one of that column (with its cuts), else the
    column's own values; a value that is not there is the level "missing". Only strata that occur are categories,
    in the order of the columns' values. Without columns everybody is in one stratum, "all".
    More than 20 strata, a column without a value, or one that ADSL does not have: StudyDataError.
    """
    if not columns:
        return pd.Series(pd.Categorical([EVERYBODY] * len(adsl)), adsl.index)
    levels = [_levels(adsl, definition, column) for column in columns]
    return reduce(_crossed, levels)


def _levels(adsl: pd.DataFrame, definition: StudyDefinition, column: str) -> pd.Series:
    """The levels of one column, in the order of its values."""
    if column not in adsl:
        raise StudyDataError(f"{column} is not a column of adsl: name one of its columns as stratum.")
    subgroup = subgroup_of(definition, column)
    of_each, in_order = subgroup_levels(adsl, subgroup), ordered_levels(adsl, subgroup)
    if in_order == ["missing"]:
        raise StudyDataError(
            f"{column} has no value in the participants shown: fill it in or name another column."
        )
    if len(in_order) > MOST_STRATA:
        raise StudyDataError(
            f"{column} has {len(in_order)} levels, and at most {MOST_STRATA} strata are possible: "
            f"give it cuts under [[subgroups]] or name another column."
        )
    return of_each.astype(pd.CategoricalDtype(in_order, ordered=True))


def _crossed(first: pd.Series, second: pd.Series) -> pd.Series:
    """Both levels of each row; refuses more than 20 that occur, naming the columns so far."""
    columns, pairs = f"{first.name} and {second.name}", pd.MultiIndex.from_arrays([first, second])
    occurring = pairs.unique().sort_values()
    if len(occurring) > MOST_STRATA:
        raise StudyDataError(
            f"{columns} make {len(occurring)} strata, and at most {MOST_STRATA} are possible: "
            f"name fewer columns, or give them fewer cuts under [[subgroups]]."
        )
    names = [" · ".join(pair) for pair in occurring]
    crossed = pd.Categorical.from_codes(occurring.get_indexer(pairs), names, ordered=True)
    return pd.Series(crossed, first.index, name=columns)
