"""Tables as a workbook with one sheet each, every cell plain text."""

import io
import re
from collections.abc import Iterable, Mapping

import pandas as pd
import xlsxwriter

LONGEST_NAME = 31  # of a sheet
WIDEST, NARROWEST = 60, 8  # characters of a column
PLAIN = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def as_workbook(tables: Mapping[str, pd.DataFrame], *, when_empty: str = "Nothing") -> bytes:
    """An XLSX file; `tables` by the name of their sheet. Nothing in it is a formula or a link."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, PLAIN) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        cell = book.add_format({"text_wrap": True, "valign": "top"})
        for name, table in zip(sheet_names(tables), tables.values(), strict=True):
            sheet = book.add_worksheet(name)
            for place, column in enumerate(table.columns):
                texts = [str(text) for text in table[column]]
                sheet.set_column(place, place, _width([str(column), *texts]), cell)
                sheet.write_string(0, place, str(column), head)
                sheet.write_column(1, place, texts, cell)
            sheet.freeze_panes(1, 0)
            if len(table.columns):
                sheet.autofilter(0, 0, max(len(table), 1), len(table.columns) - 1)
        if not tables:
            book.add_worksheet("Sheet1").write_string(0, 0, when_empty)
    return buffer.getvalue()


def _width(texts: Iterable[str]) -> int:
    return min(max(NARROWEST, *(len(text) + 2 for text in texts)), WIDEST)


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
