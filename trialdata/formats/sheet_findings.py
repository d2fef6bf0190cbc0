"""What is worth knowing of a sheet's layout: hidden parts, merged cells, text around the table."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pandas as pd

from trialdata.findings import LISTED, finding
from trialdata.formats.cell_names import cell_name, column_letters
from trialdata.formats.sheet_scan import SheetScan
from trialdata.limits import UnreadableFile


class SheetTable(NamedTuple):
    """A table and where it stands: rows and columns are the spreadsheet's, counted from 1."""

    frame: pd.DataFrame
    columns: dict[int, str]  # the frame's column that stands there
    header: range
    above: list[int]  # rows with text
    below: list[int]

    @property
    def blank(self) -> list[int]:
        """Rows without a value between those of the table."""
        last = self.frame.index[-1] if len(self.frame) else 0
        return sorted(set(range(self.header.stop, last)) - set(self.frame.index))


def sheet_findings(name: str, table: SheetTable, scan: SheetScan) -> Iterator[pd.DataFrame]:
    yield from _around(name, table)
    yield from _merged(name, table, scan)
    yield from _hidden(name, table, scan)
    yield from _unvalued(name, table, scan)


def _around(name: str, table: SheetTable) -> Iterator[pd.DataFrame]:
    top = table.header.start
    if table.above:
        yield finding("rows_above_header", name, row=top, found=f"text above it, in {_rows(table.above)}")
    if len(table.header) > 1:
        yield finding("header_rows_joined", name, row=top, found=f"a header in {_rows(list(table.header))}")
    if table.blank:
        yield finding("blank_rows", name, row=table.blank[0], found=f"nothing in {_rows(table.blank)}")
    if table.below:
        found = f"text in {_rows(table.below)}"
        yield finding("rows_below_table", name, row=table.below[0], found=found)


def _merged(name: str, table: SheetTable, scan: SheetScan) -> Iterator[pd.DataFrame]:
    """Filled merged cells among the values; over several rows they are refused: only the first has a value."""
    across = set()
    for merge in scan.merges:
        if merge.top not in table.frame.index or merge.left not in table.columns:
            continue
        if not table.frame.at[merge.top, table.columns[merge.left]]:
            continue
        if merge.bottom > merge.top:
            cells = f"{cell_name(merge.top, merge.left)} to {cell_name(merge.bottom, merge.right)}"
            raise UnreadableFile("cells_merged_down", f"the cells {cells} merged into one", row=merge.top)
        across.add(merge.top)
    if across:
        found = f"merged cells in {_rows(sorted(across))}"
        yield finding("cells_merged_across", name, row=min(across), found=found)


def _hidden(name: str, table: SheetTable, scan: SheetScan) -> Iterator[pd.DataFrame]:
    for number, column in table.columns.items():
        if any(first <= number <= last for first, last in scan.hidden_columns):
            found = f"column {column_letters(number)} is hidden"
            yield finding("hidden_column", name, column=column, found=found)
    rows = sorted(set(scan.hidden_rows) & set(table.frame.index))
    if rows:
        yield finding("hidden_rows", name, row=rows[0], found=f"hidden: {_rows(rows)}")


def _unvalued(name: str, table: SheetTable, scan: SheetScan) -> Iterator[pd.DataFrame]:
    for number, column in table.columns.items():
        rows = [row for row, place in scan.unvalued if place == number and row in table.frame.index]
        if rows:
            found = f"a formula without a stored value in {_rows(rows)}"
            yield finding("formula_without_value", name, row=rows[0], column=column, found=found)


def _rows(rows: Sequence[int]) -> str:
    """`row 3`, or `rows 3, 4, 5`; of many the first ones."""
    listed = ", ".join(map(str, rows[:LISTED]))
    if len(rows) > LISTED:
        return f"{len(rows):,} rows ({listed}, ...)"
    return f"row {listed}" if len(rows) == 1 else f"rows {listed}"
