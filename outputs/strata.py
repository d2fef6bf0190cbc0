"""Which strata an output has: those asked for, those of the randomisation, or a subgroup of the study."""

from dataclasses import dataclass

import pandas as pd

from analysis.strata import strata_labels
from outputs import wording
from outputs.basis import Basis
from trialdata.definition import StudyDefinition
from trialdata.errors import StudyDataError

ENOUGH = 5  # participants per arm in every level of the subgroup that is taken first


@dataclass(frozen=True, eq=False)
class Strata:
    """The strata of one output: their columns, the stratum of each USUBJID, or why there are none."""

    columns: tuple[str, ...]
    of_each: pd.Series
    trouble: str = ""


def choose_strata(basis: Basis, asked: str) -> Strata:
    """The columns asked for, else the study's strata, else its first subgroup with enough in every level."""
    wanted = tuple(column.strip() for column in asked.split(",") if column.strip())
    columns = wanted or basis.definition.strata or _first_subgroup(basis)
    nobody = pd.Series(dtype="object")
    if not columns:
        return Strata((), nobody, "The study names neither strata nor subgroups: name columns of adsl.")
    try:
        labels = strata_labels(basis.subjects, basis.definition, columns)
    except StudyDataError as error:
        return Strata(columns, nobody, str(error))
    return Strata(columns, labels.set_axis(basis.subjects["USUBJID"]))


def _first_subgroup(basis: Basis) -> tuple[str, ...]:
    """The first with two levels or more and enough participants of either arm in each, else the first with two."""
    several = []
    for subgroup in basis.definition.subgroups:
        try:
            labels = strata_labels(basis.subjects, basis.definition, [subgroup.column])
        except StudyDataError:
            continue
        if len(labels.cat.categories) > 1:
            several.append(subgroup.column)
            if _smallest(labels, basis) >= ENOUGH:
                return (subgroup.column,)
    return tuple(several[:1])


def _smallest(labels: pd.Series, basis: Basis) -> int:
    """Participants in the smallest cell of level and arm."""
    level, arm = labels.cat.codes.to_numpy(), basis.subjects["ARM"].to_numpy()
    return min(((level == code) & (arm == trt)).sum() for code in set(level) for trt in basis.trts)


def stratum_names(basis: Basis, chosen: Strata) -> str:
    """The columns in words, without units: "Age and sex"."""
    named = short_labels(basis.definition)
    words = [named.get(column, column) for column in chosen.columns]
    return wording.joined([words[0], *map(wording.lowered, words[1:])]) if words else "Strata"


def strata_choices(definition: StudyDefinition) -> dict[str, str]:
    """What a reader can choose, option to words: the study's own strata, or one of its subgroups."""
    own = "Of the randomisation" if definition.strata else "First subgroup large enough"
    return {"": own, **short_labels(definition)}


def short_labels(definition: StudyDefinition) -> dict[str, str]:
    """The label of each subgroup column up to its unit."""
    return {s.column: s.label.split(",")[0].strip() for s in definition.subgroups}
