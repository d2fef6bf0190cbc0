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
    "in_memory": True,
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
    for place, (name, column) in enumerate(frame.items()):
        sheet.write_string(0, place, str(inert(name)), header)
        cells = column.astype(object).where(column.notna(), None).tolist()
        number = pd.api.types.is_numeric_dtype(column)
        for row, cell in enumerate(cells, start=1):
            if number and cell is not None:
                sheet.write_number(row, place, cell)
            elif cell not in (None, ""):
                sheet.write_string(row, place, str(inert(cell))[:LONGEST])
        widest = max(map(len, [str(name), *(str(cell) for cell in cells[:SAMPLE])]))
        sheet.set_column(place, place, min(widest, WIDEST) + 2)
    sheet.freeze_panes(1, 0)
    if len(frame.columns):
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
