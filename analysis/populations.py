"""Who counts: the analysis sets, where their flags come from, and the levels of a subgroup.

Rule: docs/reference/endpoints.md, section 6. Flags in ADSL win; an absent one is derived and named as derived. A source
of "treated" is one that the cut has when it holds a value for anybody. Per protocol exists only where ADSL has PPROTFL.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.words import flag
from trialdata.definition import StudyDefinition, Subgroup

LABELS = {
    "FAS": "Full analysis set",
    "ITT": "Intention to treat",
    "PP": "Per protocol",
    "SAF": "Safety set",
}
FLAGS = {"FAS": ("FASFL",), "ITT": ("ITTFL",), "PP": ("FASFL", "PPROTFL"), "SAF": ("SAFFL",)}


def derive_populations(
    adsl: pd.DataFrame, definition: StudyDefinition, adex: pd.DataFrame
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """ADSL with TRT01A and the population flags as "Y" or "N", and the names of the flags that were derived."""
    was_treated = treated(adsl, adex)
    adsl = adsl.assign(TRT01A=actual_arm(adsl))
    assigned = adsl["TRT01P"] != ""
    rules = {"FASFL": assigned & was_treated, "SAFFL": was_treated}
    if definition.randomised:
        rules = {"ITTFL": adsl["RANDFL"] == "Y" if "RANDFL" in adsl else assigned, **rules}
    in_trial = adsl["TRT01P"].isin(_arms(definition))
    flags = {name: (adsl[name] == "Y" if name in adsl else rule) & in_trial for name, rule in rules.items()}
    if "PPROTFL" in adsl:
        flags["PPROTFL"] = (adsl["PPROTFL"] == "Y") & flags["FASFL"]
    letters = {name: flag(said.to_numpy(), otherwise="N") for name, said in flags.items()}
    return adsl.assign(**letters), tuple(name for name in rules if name not in adsl)


def actual_arm(adsl: pd.DataFrame) -> pd.Series:
    """The arm of the treatment actually received; the planned arm where the file names none."""
    if "TRT01A" not in adsl:
        return adsl["TRT01P"]
    return adsl["TRT01A"].where(adsl["TRT01A"] != "", adsl["TRT01P"])


def treated(adsl: pd.DataFrame, adex: pd.DataFrame) -> pd.Series:
    """Whether each subject had treatment, by the first source that the cut has: TRTSDT, ADEX, TRT01A; else everyone."""
    if "TRTSDT" in adsl and (has := _filled(adsl["TRTSDT"])).any():
        return has
    if len(adex):
        return pd.Series(pd.Index(adex["USUBJID"].unique()).get_indexer(adsl["USUBJID"]) >= 0, adsl.index)
    if "TRT01A" in adsl and (has := _filled(adsl["TRT01A"])).any():
        return has
    return pd.Series(True, adsl.index)


def population_labels(definition: StudyDefinition, adsl: pd.DataFrame) -> dict[str, str]:
    """The analysis sets that apply to a study, with their names; `adsl` as derived."""
    applies = {"ITT": definition.randomised, "PP": "PPROTFL" in adsl}
    return {population: label for population, label in LABELS.items() if applies.get(population, True)}


def analysis_set(data, population: str, filters: Sequence[tuple[str, Sequence[str]]] = ()) -> pd.DataFrame:
    """The ADSL rows of an analysis set that pass the filters, with ARM: planned, for safety the actual arm.

    `data` is an AnalysisData; a filter names a column of ADSL and the levels to keep.
    """
    adsl = data.adsl
    arm = adsl["TRT01A"] if population == "SAF" else adsl["TRT01P"]
    arms = _arms(data.definition)
    kept = adsl["TRT01P"].isin(arms) & arm.isin(arms)
    for name in FLAGS[population]:
        kept &= adsl[name] == "Y" if name in adsl else False
    kept &= in_filters(adsl, data.definition, filters)
    return adsl[kept].assign(ARM=arm[kept])


def in_filters(
    adsl: pd.DataFrame, definition: StudyDefinition, filters: Sequence[tuple[str, Sequence[str]]]
) -> pd.Series:
    """Whether each ADSL row passes every filter: its level of the column is among the levels to keep."""
    kept = pd.Series(True, adsl.index)
    for column, levels in filters:
        kept &= subgroup_levels(adsl, subgroup_of(definition, column)).isin(levels)
    return kept


def subgroup_levels(adsl: pd.DataFrame, subgroup: Subgroup) -> pd.Series:
    """The level of each subject: "< 2" and "≥ 2" of a number with cuts, else the own value, or "missing"."""
    if subgroup.column not in adsl:
        return pd.Series("missing", adsl.index, dtype="str")
    values = adsl[subgroup.column]
    number = pd.to_numeric(values, errors="coerce")
    if subgroup.cuts:
        return _cut_levels(number, sorted(subgroup.cuts))
    if pd.api.types.is_numeric_dtype(values):
        distinct = {value: f"{value:g}" for value in number.dropna().unique()}
        return number.map(distinct).fillna("missing").astype("str")
    return values.where(_filled(values), "missing").astype("str")


def ordered_levels(adsl: pd.DataFrame, subgroup: Subgroup) -> list[str]:
    """The levels that occur, lowest values first, "missing" last."""
    labels = subgroup_levels(adsl, subgroup)
    if subgroup.column not in adsl:
        return sorted(labels.unique())
    first_value = adsl[subgroup.column].groupby(labels).min().sort_values()
    return sorted(first_value.index, key=lambda level: level == "missing")


def subgroup_of(definition: StudyDefinition, column: str) -> Subgroup:
    """The subgroup of that column as the study defines it, else the column's own values."""
    known = {subgroup.column: subgroup for subgroup in definition.subgroups}
    return known.get(column, Subgroup(column, column))


def _cut_levels(number: pd.Series, cuts: list[float]) -> pd.Series:
    between = [f"{low:g} to < {high:g}" for low, high in pairwise(cuts)]
    names = np.array([f"< {cuts[0]:g}", *between, f"≥ {cuts[-1]:g}"], dtype=object)
    level = names[np.searchsorted(cuts, number.fillna(cuts[0]), side="right")]
    return pd.Series(np.where(number.isna(), "missing", level), number.index, dtype="str")


def _filled(values: pd.Series) -> pd.Series:
    return values.notna() & (values.astype(str) != "")


def _arms(definition: StudyDefinition) -> list[str]:
    return [arm.trt for arm in definition.arms]
