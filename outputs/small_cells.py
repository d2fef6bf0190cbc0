"""Small cells: counts of few participants, and what would give them back, left out of files.

A page shows every number to its reader; a file goes further. Cells of 1 up to (not including) the setting
ITP_SMALLEST_CELL, 5 unless given, are left out of tables by site and stratum and of rare events, and with them
as many further cells (complementary suppression) as it takes that no sum gives one of them back.
"""

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from outputs.cells_told import Sum, is_told

SETTING, SMALLEST = "ITP_SMALLEST_CELL", 5
NOT_SHOWN = "not shown"
KEPT = 4096  # small systems of cells whose answer is kept


def smallest_cell() -> int:
    """The smallest count of participants that a file may hold; 1 leaves nothing out."""
    given = os.environ.get(SETTING, "")
    return int(given) if given.isdigit() else SMALLEST


def few(n: float) -> bool:
    """Whether a count is a small cell."""
    return 1 <= n < smallest_cell()


def hidden_cells(
    counts: Sequence[float] | np.ndarray,
    sums: Sequence[Sum],
    *,
    smallest: int,
    at_most: Sequence[float] | np.ndarray | None = None,
) -> np.ndarray:
    """Which cells to leave out so that none of the small ones can be told from what is left.

    `at_most` bounds each cell by what is shown beside it (responders by the participants). A small cell is told
    where only one whole number from 0 agrees with everything shown. The smallest cells are given up first.
    Cells that share no sum say nothing of each other and are looked at apart.
    """
    count = np.asarray(counts, dtype=float)
    bound = np.full(len(count), np.inf) if at_most is None else np.asarray(at_most, dtype=float)
    hidden = (count >= 1) & (count < smallest)
    for cells, shared in _apart(len(count), sums):
        if hidden[cells].any():
            hidden[cells] = _hidden_together(tuple(count[cells]), tuple(bound[cells]), shared, smallest)
    return hidden


def _apart(cells: int, sums: Sequence[Sum]) -> list[tuple[list[int], tuple[Sum, ...]]]:
    """The cells that sums bind together, with those sums; their positions are those among the cells bound."""
    pairs = [(each.cells[0], cell) for each in sums if each.cells for cell in each.cells]
    first, other = np.array(pairs, dtype=int).reshape(-1, 2).T
    bonds = coo_array((np.ones(len(first)), (first, other)), shape=(cells, cells))
    _, group = connected_components(bonds, directed=False)
    members: dict[int, list[int]] = {}
    shared: dict[int, list[Sum]] = {}
    for each in sums:
        if each.cells:
            shared.setdefault(int(group[each.cells[0]]), []).append(each)
    for cell, number in enumerate(group.tolist()):
        if number in shared:
            members.setdefault(number, []).append(cell)
    return [(members[number], _renumbered(shared[number], members[number])) for number in shared]


def _renumbered(sums: Sequence[Sum], cells: Sequence[int]) -> tuple[Sum, ...]:
    place = {cell: number for number, cell in enumerate(cells)}
    return tuple(
        Sum(
            tuple(place[part] for part in each.parts),
            None if each.total is None else place[each.total],
            each.known,
        )
        for each in sums
    )


@lru_cache(maxsize=KEPT)
def _hidden_together(
    counts: tuple[float, ...], bounds: tuple[float, ...], sums: tuple[Sum, ...], smallest: int
) -> np.ndarray:
    """`hidden_cells` of cells bound together; kept, since tables of rare events repeat the same few counts."""
    count, bound = np.array(counts), np.array(bounds)
    hidden = (count >= 1) & (count < smallest)
    for cell in np.flatnonzero(hidden).tolist():  # what is not told stays so while more is left out
        while is_told(cell, count, hidden, sums, bound):
            given_up = _next_given_up(cell, count, hidden, sums)
            if given_up is None:
                return hidden
            hidden[given_up] = True
    return hidden


def _next_given_up(cell: int, count: np.ndarray, hidden: np.ndarray, sums: Sequence[Sum]) -> int | None:
    """The smallest cell still shown that shares a sum with a cell left out; parts before totals, zeros last."""
    near = _linked(cell, hidden, sums)
    totals = {each.total for each in sums}
    shown = {part for each in near for part in each.cells if not hidden[part]}
    return min(shown, key=lambda part: (count[part] == 0, part in totals, count[part], part), default=None)


def _linked(cell: int, hidden: np.ndarray, sums: Sequence[Sum]) -> list[Sum]:
    """The sums that a cell stands in; where all their cells are left out already, those of these cells too."""
    reached = {cell}
    while True:
        near = [each for each in sums if reached & set(each.cells)]
        wider = reached | {part for each in near for part in each.cells}
        if wider == reached or not all(hidden[part] for part in wider):
            return near
        reached = wider


def sums_over(
    frame: pd.DataFrame, column: str, count: str, *, within: Sequence[str], total: str | None
) -> list[Sum]:
    """The sums of a count over the levels of a column, for each combination of `within`.

    `total` is the level that stands for all; without such a row their sum counts as known from elsewhere: the
    number of participants of an arm stands in many tables.
    """
    numbers = frame[count].astype("float64").fillna(0).to_numpy()
    is_total = (frame[column] == total).to_numpy() if total is not None else np.zeros(len(frame), dtype=bool)
    sums = []
    for rows in _groups(frame, within):
        parts, whole = rows[~is_total[rows]].tolist(), rows[is_total[rows]].tolist()
        if parts and whole:
            sums.append(Sum(tuple(parts), whole[0]))
        elif parts:
            sums.append(Sum(tuple(parts), known=float(numbers[parts].sum())))
    return sums


def _groups(frame: pd.DataFrame, within: Sequence[str]) -> list[np.ndarray]:
    """The positions of the rows of each combination of `within`."""
    if not within:
        return [np.arange(len(frame))]
    number = frame.groupby(list(within), sort=False).ngroup().to_numpy()
    return [np.flatnonzero(number == each) for each in np.unique(number)]


def hidden_of(
    frame: pd.DataFrame,
    *,
    over: Mapping[str, str | None],
    within: Sequence[str] = (),
    counts: Sequence[str] = ("n", "N"),
    at_most: str | None = None,
    smallest: int | None = None,
) -> pd.DataFrame:
    """Which counts of which rows of a results frame to leave out; a frame of booleans.

    `over`: each column whose levels add up, with the level that stands for all of them (None: no such row).
    `within`: columns that only divide the rows. `counts`: the smaller count first (n of N); where N is left
    out, n is bounded by nothing that is shown. `at_most`: a column that is shown in any case and bounds the last.
    """
    smallest = smallest_cell() if smallest is None else smallest
    hidden: dict[str, np.ndarray] = {}
    bound = None if at_most is None else frame[at_most].to_numpy(float)
    for count in reversed(list(counts)):
        sums = [
            each
            for column, total in over.items()
            for each in sums_over(
                frame, column, count, within=[*within, *(c for c in over if c != column)], total=total
            )
        ]
        numbers = frame[count].astype("float64").fillna(0).to_numpy()
        hidden[count] = hidden_cells(numbers, sums, smallest=smallest, at_most=bound)
        bound = np.where(hidden[count], np.inf, numbers)
    return pd.DataFrame({count: hidden[count] for count in counts}, index=frame.index)


def suppressed(frame: pd.DataFrame, hidden: pd.DataFrame, *, derived: Sequence[str]) -> pd.DataFrame:
    """The frame without the hidden counts, and in their rows without what was computed from them.

    `derived`: rates, limits, weights; each of them times a denominator would give the count back.
    """
    rows = hidden.any(axis=1).reindex(frame.index, fill_value=False)
    counts = {
        name: frame[name].astype("Int64").mask(hidden[name].reindex(frame.index, fill_value=False))
        for name in hidden
    }
    numbers = {name: _number(frame[name]).mask(rows) for name in derived if name in frame}
    return frame.assign(**counts, **numbers)


def _number(column: pd.Series) -> pd.Series:
    return column.astype("Int64" if pd.api.types.is_integer_dtype(column) else "float64")


def footnote() -> str:
    """What a file with cells left out says of them."""
    return (
        f"Left out of this file: counts from 1 to {smallest_cell() - 1}, and what would give them back "
        f"({SETTING} = {smallest_cell()})."
    )
