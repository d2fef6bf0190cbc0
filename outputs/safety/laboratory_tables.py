"""Counts of participants in tables of laboratory results: several columns name a row, a column for each arm."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.events import ALL
from analysis.safety.laboratory import Laboratory, left_out
from outputs import wording
from outputs.basis import Basis
from outputs.safety.counts import DERIVED, arm_columns, arm_table
from outputs.small_cells import hidden_of, suppressed
from trialdata.laboratory_parameters import parameter_of

Names = Mapping[str, Mapping[str, str]]
PLATELETS_NOTE = "Platelets are not graded: a low count is the disease."


def pooled(data: AnalysisData) -> bool:
    return data.study.view == "pooled"


def with_total(rows: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """The rows, and where there are several arms each once more under "All"."""
    return pd.concat([rows, rows.assign(ARM=ALL)], ignore_index=True) if len(basis.arms) > 1 else rows


def cell_counts(
    rows: pd.DataFrame, among: pd.DataFrame, basis: Basis, *, by: Sequence[str], within: Sequence[str]
) -> pd.DataFrame:
    """One row per arm ("All" last) and combination of `by` that occurs in `rows`: n participants of N, estimate n/N.

    `rows`: USUBJID, ARM and `by`; `among`: USUBJID, ARM and `within`, the participants N counts for each of them.
    """
    by, within = list(by), list(within)
    n = with_total(rows, basis).groupby(["ARM", *by])["USUBJID"].nunique().rename("n").reset_index()
    N = with_total(among, basis).groupby(["ARM", *within])["USUBJID"].nunique().rename("N").reset_index()
    every = pd.DataFrame({"ARM": list(arm_columns(basis))}, dtype="str").merge(
        rows[by].drop_duplicates(), how="cross"
    )
    counts = every.merge(n, on=["ARM", *by], how="left").merge(N, on=["ARM", *within], how="left")
    counts = counts.fillna({"n": 0, "N": 0}).astype({"n": int, "N": int})
    share = (counts["n"] / counts["N"].where(counts["N"] > 0)).astype(float)
    return counts.assign(estimate=share).rename(columns={"ARM": "arm"} | {name: name.lower() for name in by})


def wide_table(counts: pd.DataFrame, basis: Basis, names: Names, headers: Mapping[str, str]) -> pd.DataFrame:
    """A row for each combination that occurs, in the order of `names`, a column for each arm: "12 (20%)".

    `names`: each column of `counts` that names a row, and the words of its values in order; `headers` its header.
    """
    place = [
        counts[column].map({value: i for i, value in enumerate(known)}) for column, known in names.items()
    ]
    ordered = counts.iloc[np.lexsort(place[::-1])]
    heads = {
        headers[column]: lambda key, i=i, words=words: words[key[i]]
        for i, (column, words) in enumerate(names.items())
    }
    return arm_table(ordered, list(names), heads, arm_columns(basis))


def wide_in_file(
    counts: pd.DataFrame,
    basis: Basis,
    names: Names,
    headers: Mapping[str, str],
    *,
    over: str = "",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Counts and `wide_table` without small cells, nor what would give them back.

    The levels of `over`, where there is one, add up to N.
    """
    within = [name for name in names if name != over]
    totals: dict[str, str | None] = {over: None} if over else {}
    if len(basis.arms) > 1:
        totals["arm"] = ALL
    kept = suppressed(counts, hidden_of(counts, over=totals, within=within, counts=("n",)), derived=DERIVED)
    return kept, wide_table(kept, basis, names, headers)


def unit_notes(lab: Laboratory, parameters: Sequence[str]) -> tuple[str, ...]:
    """What was left out for its unit, in words."""
    notes = []
    for code, (values, participants) in left_out(lab, parameters).items():
        parameter = parameter_of(code)
        name = parameter.label.lower() if parameter else code
        who = wording.plural(participants, "participant")
        notes.append(
            f"Left out, the unit is not known: {wording.plural(values, 'value')} of {name} in {who}."
        )
    return tuple(notes)


def chosen_key(parameter: str, offered: Sequence[str], *, first: str = "ALT") -> str:
    """The parameter asked for, else `first` where it is there, else the first of those offered; "" without any."""
    if parameter:
        return parameter
    return first if first in offered else next(iter(offered), "")
