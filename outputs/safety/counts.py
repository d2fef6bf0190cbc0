"""Counts of participants by arm as every safety table sets them: a row per key, a column per arm.

A count that was left out of a file is missing in its results, and "not shown" in a table made from them.
"""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from analysis.safety.events import ALL
from outputs import wording
from outputs.basis import Basis
from outputs.small_cells import NOT_SHOWN

DERIVED = ("events", "estimate", "conf_low", "conf_high", "rate", "p_value", "statistic")

Key = tuple
Cell = Callable[..., str]
Heads = Mapping[str, Callable[[Key], str]]


def count_text(n: int, N: int) -> str:
    """ "12 (20%)": participants with, and their share of everybody; "–" in an arm of nobody."""
    return f"{n} ({wording.percent(n / N, N)})" if N else "–"


def share_cell(row) -> str:
    """ "12 (20%)", or that it is not shown."""
    return NOT_SHOWN if pd.isna(row.n) else count_text(int(row.n), int(row.N))


def of_cell(row) -> str:
    """ "12 of 60", or that it is not shown."""
    return NOT_SHOWN if pd.isna(row.n) else f"{row.n} of {row.N}"


def arm_columns(basis: Basis, *, total: bool = True) -> dict[str, str]:
    """The columns of a table by arm: TRT01A to its label, experimental first, "All" last."""
    several = total and len(basis.arms) > 1
    return basis.labels | ({ALL: ALL} if several else {})


def row_keys(frame: pd.DataFrame, keys: Sequence[str]) -> list[Key]:
    """The values of `keys` in the order in which they come."""
    return list(frame[list(keys)].drop_duplicates().itertuples(index=False, name=None))


def arm_cells(
    counts: pd.DataFrame,
    keys: Sequence[str],
    rows: Sequence[Key],
    columns: Mapping[str, str],
    cell: Cell = share_cell,
) -> dict[str, list[str]]:
    """A column of texts for each of `columns` (arm to label), a text for each of `rows` (values of `keys`)."""
    values = counts[[*keys, "arm"]].itertuples(index=False, name=None)
    cells = {key: cell(row) for key, row in zip(values, counts.itertuples(index=False), strict=True)}
    return {label: [cells.get((*row, arm), "–") for row in rows] for arm, label in columns.items()}


def arm_table(
    counts: pd.DataFrame,
    keys: Sequence[str],
    heads: Heads,
    columns: Mapping[str, str],
    cell: Cell = share_cell,
) -> pd.DataFrame:
    """A row for each combination of `keys` in the order in which they come, a column for each arm.

    `heads`: the first columns by their titles, each with what it says of a combination.
    """
    rows = row_keys(counts, keys)
    first = {title: [words(row) for row in rows] for title, words in heads.items()}
    return pd.DataFrame({**first, **arm_cells(counts, keys, rows, columns, cell)}).astype("str")


def sizes_words(basis: Basis, arms: Sequence[str] = ()) -> str:
    """ "Iguratimod + rituximab 60, rituximab 60 participants"."""
    parts = [f"{basis.labels[trt]} {basis.sizes[trt]}" for trt in arms or basis.trts]
    return f"{', '.join(parts)} participants"
