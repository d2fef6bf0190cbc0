"""The cells of a sheet as text, read by calamine."""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

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


def open_values(workbook: Workbook) -> CalamineWorkbook:
    try:
        return load_workbook(workbook.for_values())
    except CalamineError as error:
        raise damaged(f"parts that do not fit together ({error})") from None


def read_cells(values: CalamineWorkbook, sheet: Sheet, scan: SheetScan) -> Cells:
    """Every cell's text: numbers in their shortest form, dates in ISO form, TRUE and FALSE, errors as shown."""
    if not scan.filled_rows:
        return Cells([])
    try:
        rows = list(_texts(values, sheet, scan))
    except CalamineError as error:
        raise damaged(f"cells that cannot be read ({error})") from None
    for (row, column), text in scan.negative.items():
        rows[row - scan.first_row][column - scan.first_column] = text
    return Cells(rows, scan.first_row, scan.first_column)


def _texts(values: CalamineWorkbook, sheet: Sheet, scan: SheetScan) -> Iterator[list[str]]:
    width = scan.last_column - scan.first_column + 1
    rows = values.get_sheet_by_name(sheet.name).iter_rows()
    for row in islice(rows, scan.first_row - 1, scan.last_row):
        texts = [TEXT_OF[type(value)](value) for value in row[scan.first_column - 1 : scan.last_column]]
        yield texts + [""] * (width - len(texts))


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
