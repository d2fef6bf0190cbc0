"""Tables as one workbook, a sheet for each.

A text cell is written as text and led by an apostrophe where a spreadsheet would take it for a formula; nothing is
a formula or a link.
"""

import datetime
import io
import re
from collections.abc import Iterable, Mapping

import pandas as pd
import xlsxwriter

from reports.export import inert

LONGEST = 32_767  # characters of a cell
LONGEST_NAME = 31  # of a sheet
NARROWEST, WIDEST = 8, 60  # characters of a column
SAMPLE = 200  # rows from which the width of a column is taken
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def workbook_bytes(
    sheets: Mapping[str, pd.DataFrame],
    created: datetime.datetime | None = None,
    *,
    when_empty: str = "Nothing",
) -> bytes:
    """One sheet per frame under its name, the header frozen and filterable; `when_empty` where there is no frame."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        if created:
            book.set_properties({"created": created.replace(tzinfo=None)})
        header = book.add_format({"bold": True, "bottom": 1})
        cell = book.add_format({"text_wrap": True, "valign": "top"})
        for name, frame in zip(sheet_names(sheets), sheets.values(), strict=True):
            _write(book.add_worksheet(name), frame, header, cell)
        if not sheets:
            book.add_worksheet("Sheet1").write_string(0, 0, when_empty)
    return content.getvalue()


def _write(sheet, frame: pd.DataFrame, header, cell_format) -> None:
    """Row by row, as a book that is not kept in memory has to be written."""
    for place, name in enumerate(frame):
        sheet.set_column(place, place, _width(frame.iloc[:SAMPLE, place]), cell_format)
        sheet.write_string(0, place, str(inert(name)), header)
    columns = [_cells(column) for _, column in frame.items()]
    writers = [
        sheet.write_number if pd.api.types.is_numeric_dtype(column) else sheet.write_string
        for _, column in frame.items()
    ]
    for row, cells in enumerate(zip(*columns, strict=True), start=1):
        for place, cell in enumerate(cells):
            if cell is not None:
                writers[place](row, place, cell)
    sheet.freeze_panes(1, 0)
    if len(frame.columns):
        sheet.autofilter(0, 0, max(len(frame), 1), len(frame.columns) - 1)


def _cells(column: pd.Series) -> list:
    """Numbers and safe texts; None for a cell that stays empty."""
    if pd.api.types.is_numeric_dtype(column):
        return column.astype(object).where(column.notna(), None).tolist()
    safe = {text: str(inert(text))[:LONGEST] for text in column.dropna().unique()}
    return [safe.get(text) or None for text in column]


def _width(column: pd.Series) -> int:
    longest = max(len(str(cell)) for cell in [column.name, *column])
    return min(max(longest, NARROWEST), WIDEST) + 2


def sheet_names(names: Iterable[str]) -> list[str]:
    """Names that a workbook can hold: no character it forbids, 31 characters, each once whatever its capitals."""
    used: dict[str, str] = {}
    for name in names:
        plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "-", name).strip("'") or "Sheet"
        plain = f"{plain} " if plain.casefold() == "history" else plain
        short, number = plain[:LONGEST_NAME], 1
        while short.casefold() in used:
            number += 1
            short = f"{plain[: LONGEST_NAME - len(str(number)) - 1]} {number}"
        used[short.casefold()] = short
    return list(used.values())
