"""Participants at baseline: what is described, the numbers by arm, and how far the arms lie apart.

Rule: docs/reference/safety.md, section 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.balance import (
    DIFFERENCE_IN_MEANS,
    YANG_DALTON,
    standardised_difference,
    standardised_difference_of_levels,
)
from analysis.populations import ordered_levels, subgroup_levels, subgroup_of
from trialdata.definition import StudyDefinition

ALL = "All"
MISSING = "missing"
MOST_LEVELS = 20
BLEEDING = "bleeding grade"
SUMMARY = "mean and SD; median and quartiles of type 2, the default of SAS"
SHARE = "share of those known"
COUNT = "count"
LABELS = {
    "AGE": "Age, years",
    "SEX": "Sex",
    "BASE": "Baseline platelets, ×10⁹/L",
    "DURMO": "Months since diagnosis",
    "PRIORLN": "Prior lines of therapy",
    "STERFL": "Corticosteroid at entry",
}
NUMBERS = ("estimate", "sd", "median", "q1", "q3", "minimum", "maximum")


@dataclass(frozen=True, eq=False)
class Variable:
    """One characteristic: a number, or with `levels` a category, "missing" where a level is not known."""

    name: str
    label: str
    values: pd.Series
    levels: tuple[str, ...] = ()


def baseline_variables(
    subjects: pd.DataFrame, definition: StudyDefinition, grades: pd.Series
) -> tuple[list[Variable], list[str]]:
    """The characteristics of `subjects` (ADSL rows), and the columns of more than 20 levels, which are left out.

    Age, sex and platelets, then the study's subgroups, covariates and strata, each once; at last `grades`, the
    bleeding grade by USUBJID. A number is described as one, unless it is a subgroup or stratum without cuts.
    """
    columns = ["AGE", "SEX", "BASE", *(s.column for s in definition.subgroups)]
    columns += [*definition.covariates, *definition.strata]
    found = [
        _variable(subjects, definition, name) for name in dict.fromkeys(columns) if _has_value(subjects, name)
    ]
    bleeding = subjects["USUBJID"].map(grades)
    if bleeding.notna().any():
        texts = bleeding.map("{:g}".format, na_action="ignore").fillna(MISSING).astype("str")
        known = [f"{grade:g}" for grade in sorted(bleeding.dropna().unique())]
        found.append(Variable(BLEEDING, "Bleeding grade", texts, tuple(known)))
    fitting = [each for each in found if len(each.levels) <= MOST_LEVELS]
    return fitting, [each.label for each in found if len(each.levels) > MOST_LEVELS]


def _has_value(subjects: pd.DataFrame, name: str) -> bool:
    return name in subjects and bool((subjects[name].notna() & (subjects[name].astype("str") != "")).any())


def _variable(subjects: pd.DataFrame, definition: StudyDefinition, name: str) -> Variable:
    by_level = {s.column for s in definition.subgroups if not s.cuts} | set(definition.strata)
    cut = {s.column for s in definition.subgroups if s.cuts}
    subgroup = subgroup_of(definition, name)
    label = subgroup.label if subgroup.label != name else LABELS.get(name, name)
    values = subjects[name]
    if pd.api.types.is_numeric_dtype(values) and (name not in by_level or name in cut):
        return Variable(name, label, values.astype(float))
    levels = tuple(level for level in ordered_levels(subjects, subgroup) if level != MISSING)
    return Variable(name, label, subgroup_levels(subjects, subgroup), levels)


def baseline_grades(adqs: pd.DataFrame, paramcd: str) -> pd.Series:
    """The bleeding grade by USUBJID: the last on or before day 1, of several on that day the worst."""
    rows = adqs[(adqs["PARAMCD"] == paramcd) & adqs["AVAL"].notna() & (adqs["ADY"] <= 1)]
    return rows.sort_values(["ADY", "AVAL"]).groupby("USUBJID")["AVAL"].last()


def baseline_summary(variables: Sequence[Variable], arm: pd.Series, arms: Sequence[str]) -> pd.DataFrame:
    """One row per variable, arm (ALL last where there are several) and `measure`:

    "number": `n` known of `N`, estimate (mean), sd, median, q1, q3, minimum, maximum; "level": `n` with the `level` of
    `N` known, estimate their share; "missing": `n` of `N`. `arm` is that of each participant, by the values' index.
    """
    groups = {name: arm == name for name in arms}
    if len(arms) > 1:
        groups[ALL] = arm.isin(list(arms))
    rows = [
        {"variable": each.name, "label": each.label, "arm": name} | row
        for each in variables
        for name, own in groups.items()
        for row in (_levels(each, own) if each.levels else _numbers(each.values[own]))
    ]
    columns = ["variable", "label", "measure", "level", "arm", "n", "N", *NUMBERS, "method"]
    return pd.DataFrame(rows, columns=columns)


def _numbers(values: pd.Series) -> list[dict]:
    known = values.dropna().to_numpy(float)
    row = {"measure": "number", "level": "", "n": len(known), "N": len(values), "method": SUMMARY}
    if len(known):
        q1, median, q3 = np.quantile(known, [0.25, 0.5, 0.75], method="averaged_inverted_cdf")
        row |= {"estimate": known.mean(), "median": median, "q1": q1, "q3": q3}
        row |= {"minimum": known.min(), "maximum": known.max()}
    if len(known) > 1:
        row["sd"] = known.std(ddof=1)
    return [row, _missing(len(values) - len(known), len(values))]


def _levels(variable: Variable, own: pd.Series) -> list[dict]:
    values = variable.values[own]
    known = int((values != MISSING).sum())
    rows = []
    for level in variable.levels:
        n = int((values == level).sum())
        share = n / known if known else np.nan
        rows.append(
            {"measure": "level", "level": level, "n": n, "N": known, "estimate": share, "method": SHARE}
        )
    return [*rows, _missing(len(values) - known, len(values))]


def _missing(n: int, of: int) -> dict:
    return {"measure": "missing", "level": MISSING, "n": n, "N": of, "method": COUNT}


def baseline_balance(
    variables: Sequence[Variable], arm: pd.Series, comparisons: Sequence[tuple[str, str]]
) -> pd.DataFrame:
    """One row per variable and comparison (experimental, control): the standardised difference as `estimate`.

    Of a category it has no sign. NaN where it cannot be computed.
    """
    rows = [
        (each.name, each.label, f"{experimental} - {control}", experimental, *_difference(each, arm, pair))
        for each in variables
        for pair in comparisons
        for experimental, control in [pair]
    ]
    columns = ["variable", "label", "comparison", "arm", "estimate", "method"]
    return pd.DataFrame(rows, columns=columns).assign(measure="standardised difference")


def _difference(variable: Variable, arm: pd.Series, pair: tuple[str, str]) -> tuple[float, str]:
    one, other = (variable.values[arm == name] for name in pair)
    if not variable.levels:
        return standardised_difference(
            one.dropna().to_numpy(float), other.dropna().to_numpy(float)
        ), DIFFERENCE_IN_MEANS
    counts = [[int((values == level).sum()) for level in variable.levels] for values in (one, other)]
    return standardised_difference_of_levels(np.array(counts[0]), np.array(counts[1])), YANG_DALTON
