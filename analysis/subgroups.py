"""Subgroups: which level each participant is in, and the counts of each level by arm.

A level is compared when each arm has at least `TOO_FEW` participants in it; its counts stay in any case.
"missing" is a level of its own, and no part of a test of interaction. Method: docs/reference/methods/subgroups.md.
"""

from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.populations import ordered_levels, subgroup_levels
from trialdata.definition import Subgroup

TOO_FEW = 5  # a level with fewer in an arm has counts and no estimate
MOST_LEVELS = 20
MISSING = "missing"
ALL = ""  # the column and the level of all participants
LEVEL = ["column", "level"]


def subgroup_members(adsl: pd.DataFrame, subgroups: Iterable[Subgroup]) -> pd.DataFrame:
    """One row per participant and subgroup column, after one for all: USUBJID ARM column level.

    `adsl` is an analysis set with ARM. Columns in the order of `subgroups`, levels in that of their values. A
    column that cannot be compared (`column_trouble`) has no row.
    """
    parts = [adsl[["USUBJID", "ARM"]].assign(column=ALL, level=ALL)]
    for subgroup in subgroups:
        if column_trouble(adsl, subgroup):
            continue
        levels = subgroup_levels(adsl, subgroup)
        for level in ordered_levels(adsl, subgroup):
            of_level = adsl.loc[levels == level, ["USUBJID", "ARM"]]
            parts.append(of_level.assign(column=subgroup.column, level=level))
    return pd.concat(parts, ignore_index=True)


def column_trouble(adsl: pd.DataFrame, subgroup: Subgroup) -> str:
    """Why a column has no levels to compare and what to change, in words; empty where it has."""
    column = subgroup.column
    if column not in adsl:
        return f"{column} is not in the data: add it to adsl or take it out of [[subgroups]]"
    levels = ordered_levels(adsl, subgroup)
    if len(levels) > MOST_LEVELS:
        remedy = "give it cuts" if pd.api.types.is_numeric_dtype(adsl[column]) else "group its values"
        return f"{column} has {len(levels)} levels, {MOST_LEVELS} can be shown: {remedy}"
    if levels == [MISSING]:
        return f"{column} is missing for everybody: fill it in adsl or take it out of [[subgroups]]"
    if len(levels) == 1:
        remedy = "choose other cuts" if subgroup.cuts else "nothing to compare within it"
        return f"{column} has one level, {levels[0]}: {remedy}"
    return ""


def level_counts(members: pd.DataFrame, counted: pd.DataFrame, arms: Sequence[str]) -> pd.DataFrame:
    """One row per column, level and arm, all participants first: `n` with the response or event of the `N` counted.

    `members` is the frame of `subgroup_members`; `counted` has one row per participant counted: USUBJID and
    AVAL (1 response or event, otherwise 0 or NaN).
    """
    counted = members.merge(counted[["USUBJID", "AVAL"]], on="USUBJID")
    tables = counted.groupby([*LEVEL, "ARM"])["AVAL"].agg(["sum", "size"])
    rows = []
    levels = members.loc[members["column"] != ALL, LEVEL].drop_duplicates()
    for column, level in [(ALL, ALL), *levels.itertuples(index=False, name=None)]:
        for arm in arms:
            n, N = tables.loc[column, level, arm] if (column, level, arm) in tables.index else (0, 0)
            rows.append((column, level, arm, int(n), int(N)))
    return pd.DataFrame(rows, columns=[*LEVEL, "arm", "n", "N"])


def tables_of(counts: pd.DataFrame, experimental: str, control: str) -> pd.DataFrame:
    """One row per column and level: x1 n1 of the experimental and x0 n0 of the control arm, and a `note`.

    `counts` is the frame of `level_counts`. The note says why the level has no estimate; empty where it has.
    """
    sides = {arm: part.set_index(LEVEL)[["n", "N"]] for arm, part in counts.groupby("arm", sort=False)}
    tables = sides[experimental].set_axis(["x1", "n1"], axis=1)
    tables = tables.join(sides[control].set_axis(["x0", "n0"], axis=1)).reset_index()
    notes = [_too_few(row, experimental, control) for row in tables.itertuples()]
    return tables.assign(note=notes)


def _too_few(row, experimental: str, control: str) -> str:
    """All participants are compared whatever their number, as on every other page."""
    if row.n1 == 0 or row.n0 == 0:
        return f"nobody in {experimental if row.n0 else control}" if row.n1 or row.n0 else "nobody counted"
    return "too few" if row.column != ALL and min(row.n1, row.n0) < TOO_FEW else ""


def tested_levels(tables: pd.DataFrame) -> pd.DataFrame:
    """The levels that a test of interaction compares: those with an estimate, "missing" not among them."""
    return tables[(tables["column"] != ALL) & (tables["note"] == "") & (tables["level"] != MISSING)]
