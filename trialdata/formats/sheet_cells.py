"""The cells of a sheet as text, read by calamine."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from python_calamine import CalamineError, CalamineWorkbook, load_workbook

from trialdata.formats.number_text import number_text
from trialdata.formats.sheet_scan import SheetScan
from trialdata.formats.workbook_parts import Sheet, Workbook, damaged


@dataclass(frozen=True)
class Cells:
    """The rectangle of the filled cells; `rows` are the spreadsheet's, the first of them `first_row`."""

    rows: list[list[str]]
    first_row: int = 1
    first_column: int = 1

    @cached_property
    def filled(self) -> list[int]:
        """How many cells of each row are filled; blanks do not fill one."""
        return [sum(1 for text in row if text and not text.isspace()) for row in self.rows]


def open_values(workbook: Workbook) -> CalamineWorkbook:
    try:
        return load_workbook(workbook.for_values())
    except CalamineError:  # its words may hold a value
        raise damaged("parts that do not fit together") from None


def read_cells(values: CalamineWorkbook, sheet: Sheet, scan: SheetScan) -> Cells:
    """Every cell's text: numbers in their shortest form, dates in ISO form, TRUE and FALSE, errors as shown."""
    if not scan.filled_rows:
        return Cells([])
    try:
        read = values.get_sheet_by_name(sheet.name)
        rows = [[TEXT_OF[type(value)](value) for value in row] for row in read.to_python()]
    except CalamineError:
        raise damaged("cells that cannot be read") from None
    if not rows or read.start is None:
        return Cells([])
    first_row, first_column = read.start[0] + 1, read.start[1] + 1
    for (row, column), text in scan.negative.items():
        if not (0 <= row - first_row < len(rows) and 0 <= column - first_column < len(rows[0])):
            raise damaged("cells that cannot be told apart", row=row)
        rows[row - first_row][column - first_column] = text
    return Cells(rows, first_row, first_column)


def _elapsed(value: datetime.timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"


TEXT_OF: dict[type, Callable[..., str]] = {
    str: str,
    float: number_text,
    int: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    datetime.date: datetime.date.isoformat,
    datetime.datetime: lambda value: value.date().isoformat(),
    datetime.time: datetime.time.isoformat,
    datetime.timedelta: _elapsed,
}
