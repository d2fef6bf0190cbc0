"""The datasets as one workbook: contents, dictionary, parameters and a sheet for each.

A text cell is written as text and led by an apostrophe where a spreadsheet would take it for a formula; nothing is
a formula or a link.
"""

import datetime
import io
from collections.abc import Mapping

import pandas as pd
import xlsxwriter

from reports.export import inert

LONGEST = 32_767  # characters of a cell
WIDEST = 60
SAMPLE = 200  # rows from which the width of a column is taken
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def workbook_bytes(sheets: Mapping[str, pd.DataFrame], created: datetime.datetime) -> bytes:
    """One sheet per frame, the header frozen and filterable."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        book.set_properties({"created": created.replace(tzinfo=None)})
        header = book.add_format({"bold": True, "bottom": 1})
        for name, frame in sheets.items():
            _write(book.add_worksheet(name), frame, header)
    return content.getvalue()


def _write(sheet, frame: pd.DataFrame, header) -> None:
    """Row by row, as a book that is not kept in memory has to be written."""
    for place, name in enumerate(frame):
        sheet.set_column(place, place, _width(frame.iloc[:SAMPLE, place]))
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
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)


def _cells(column: pd.Series) -> list:
    """Numbers and safe texts; None for a cell that stays empty."""
    if pd.api.types.is_numeric_dtype(column):
        return column.astype(object).where(column.notna(), None).tolist()
    safe = {text: str(inert(text))[:LONGEST] for text in column.dropna().unique()}
    return [safe.get(text) or None for text in column]


def _width(column: pd.Series) -> int:
    longest = max(len(str(cell)) for cell in [column.name, *column])
    return min(longest, WIDEST) + 2
