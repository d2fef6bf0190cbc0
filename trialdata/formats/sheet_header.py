"""Where the table of a sheet begins: its header rows, and the names they make."""

from collections.abc import Iterable
from statistics import median
from typing import NamedTuple

from trialdata.formats.sheet_cells import Cells
from trialdata.formats.sheet_scan import Merge


class Header(NamedTuple):
    """Positions within the cells: `top` to `bottom` are the header rows; `names` has "" for a column without."""

    top: int
    bottom: int
    names: list[str]


def find_header(cells: Cells, merges: Iterable[Merge]) -> Header | None:
    """The header of the sheet's table, or None where no row has two filled cells.

    It is the first row with at least two filled cells that reaches over more than half as many columns as
    the rows with at least two filled cells usually fill (their median). A group above it, merged over
    several columns, belongs to it, and so do the rows that divide such a group.
    """
    several = [count for count in cells.filled if count > 1]
    if not several:
        return None
    layout, usual = _Layout(cells, merges), median(several)
    top = next(row for row in range(len(cells.rows)) if layout.reach(row) > usual / 2)
    bottom = top
    while top > 0 and layout.names_groups_of(top):
        top -= 1
    while bottom + 1 < len(cells.rows) and layout.continues_below(top, bottom):
        bottom += 1
    return Header(top, bottom, layout.names(top, bottom))


class _Layout:
    """The cells with their merges, both counted from the first filled row and column."""

    def __init__(self, cells: Cells, merges: Iterable[Merge]):
        self.rows, self.width, self.filled = cells.rows, len(cells.rows[0]), cells.filled
        self.merges: dict[int, list[Merge]] = {}  # filled ones, by their first row
        for merge in merges:
            shifted = merge.shifted(cells.first_row, cells.first_column)
            if self._text(shifted.top, shifted.left):
                self.merges.setdefault(shifted.top, []).append(shifted)

    def reach(self, row: int) -> int:
        """The columns below the filled cells of a row, merged ones counted over all their columns.

        0 for a row with one filled cell: a title.
        """
        filled = self.filled[row]
        merged = sum(merge.right - merge.left for merge in self.merges.get(row, ()))
        return filled + merged if filled > 1 else 0

    def names_groups_of(self, row: int) -> bool:
        """Whether the row above has groups of this row's columns; a title begins in the first column instead."""
        groups = self._groups(row - 1)
        return bool(groups) and all(
            merge.left > 0 and sum(map(bool, self.rows[row][merge.left : merge.right + 1])) > 1
            for merge in groups
        )

    def continues_below(self, top: int, bottom: int) -> bool:
        """Whether the next row is of the header too: a name is merged into it, or it divides a group.

        A row that divides groups names no column that has a name already: such a row holds values.
        """
        if any(merge.bottom > bottom for row in range(top, bottom + 1) for merge in self.merges.get(row, ())):
            return True
        grouped = {column for merge in self._groups(bottom) for column in range(merge.left, merge.right + 1)}
        named = {column for column in range(self.width) if self._text(bottom, column)} - grouped
        below = {column for column in range(self.width) if self._text(bottom + 1, column)}
        return bool(below & grouped) and not below & named

    def names(self, top: int, bottom: int) -> list[str]:
        """The texts of the header rows over each column, from above, each once."""
        names: list[dict[str, None]] = [{} for _ in range(self.width)]  # dicts keep the order
        for row in range(top, bottom + 1):
            texts = {column: self._text(row, column) for column in range(self.width)}
            for merge in self.merges.get(row, ()):
                over = range(merge.left, min(merge.right + 1, self.width))
                texts |= dict.fromkeys(over, self._text(row, merge.left))
            for column, text in texts.items():
                names[column] |= {text: None} if text else {}
        return [" ".join(texts) for texts in names]

    def _groups(self, row: int) -> list[Merge]:
        """The cells merged over several columns of this row alone."""
        return [
            merge for merge in self.merges.get(row, ()) if merge.bottom == row and merge.right > merge.left
        ]

    def _text(self, row: int, column: int) -> str:
        inside = 0 <= row < len(self.rows) and 0 <= column < self.width
        return self.rows[row][column].strip() if inside else ""
