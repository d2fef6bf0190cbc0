"""The report as one workbook: contents with links, then a sheet for each output.

A sheet holds the table as it is read and, below it, the results unrounded. Texts are written as texts, and led by an
apostrophe where a spreadsheet would take them for a formula; the only links lead from the contents to the sheets.
"""

import datetime
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import xlsxwriter

from analysis.adam import AnalysisData
from outputs.slide import Slide
from reports.document.pieces import Piece, Report, report
from reports.export import inert, plain
from reports.shown import Progress
from reports.workbook import LONGEST, NARROWEST, OPTIONS, WIDEST, sheet_names

CONTENTS = "Contents"
CONTENTS_COLUMNS = ("Number", "Title", "Section", "Sheet", "Population", "Filter", "Data cut", "Code")
CONTENTS_WIDTHS = (10, 52, 24, 32, 12, 30, 14, 14)
RESULTS = "Results, unrounded"
HEADER_ROW = 4  # of the table in each sheet, below what it is of
A4 = 9
MARGINS = {"left": 0.5, "right": 0.5, "top": 0.6, "bottom": 0.7}  # inches
LONGEST_FOOTER = 200  # characters, of 255 with its commands
LEAST_ACROSS = 90  # characters that stand beside each other on a printed page
UNSET = 8  # characters of a column without a width
LINE_HEIGHT = 15  # points


@dataclass(frozen=True)
class Formats:
    """How cells look."""

    title: Any
    grey: Any
    header: Any
    text: Any
    words: Any
    link: Any


def xlsx_report(
    data: AnalysisData,
    slides: Sequence[Slide],
    *,
    pins: Iterable[Slide] = (),
    progress: Progress | None = None,
) -> bytes:
    """The workbook of these slides."""
    return as_xlsx(report(data, slides, pins=pins, progress=progress))


def as_xlsx(told: Report) -> bytes:
    """One workbook, the same bytes for the same report."""
    content = io.BytesIO()
    names = sheet_names([CONTENTS, *(f"{piece.number} {piece.shown.slide.output}" for piece in told.pieces)])
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        created = datetime.datetime.combine(told.data.study.cut, datetime.time())
        book.set_properties({"title": told.title, "subject": told.study, "created": created})
        formats = Formats(
            title=book.add_format({"bold": True, "font_size": 13}),
            grey=book.add_format({"font_color": "#57606A", "text_wrap": True, "valign": "top"}),
            header=book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            text=book.add_format({"text_wrap": True, "valign": "top"}),
            words=book.add_format({"text_wrap": True, "valign": "top", "align": "left"}),
            link=book.add_format({"font_color": "#2F4858", "underline": 1}),
        )
        _contents(book.add_worksheet(names[0]), told, names[1:], formats)
        for name, piece in zip(names[1:], told.pieces, strict=True):
            _sheet(book.add_worksheet(name), piece, told.running, formats)
    return content.getvalue()


def _contents(sheet, told: Report, names: Sequence[str], formats: Formats) -> None:
    """What the workbook holds, a row and a link for each sheet."""
    for place, width in enumerate(CONTENTS_WIDTHS):
        sheet.set_column(place, place, width)
    _write(sheet, 0, 0, told.title, formats.title)
    _sentence(sheet, 1, told.running, CONTENTS_WIDTHS, formats.grey)
    _sentence(sheet, 2, f"Hash of the data cut {told.data.study.content_hash}", CONTENTS_WIDTHS, formats.grey)
    _header(sheet, HEADER_ROW, CONTENTS_COLUMNS, formats)
    for row, (name, piece) in enumerate(zip(names, told.pieces, strict=True), start=HEADER_ROW + 1):
        view = piece.shown.slide.view
        chosen = "; ".join(f"{column}={level}" for column, levels in view.filters for level in levels)
        title = piece.title + (" (nothing to show)" if piece.shown.output.empty else "")
        cells = (piece.number, title, piece.section, None, view.population, chosen, None, piece.shown.code)
        for place, cell in enumerate(cells):
            if cell:
                _write(sheet, row, place, cell, formats.text)
            elif place == CONTENTS_COLUMNS.index("Sheet"):
                sheet.write_url(row, place, f"internal:'{name}'!A1", formats.link, name)
            elif place == CONTENTS_COLUMNS.index("Data cut"):
                _write(sheet, row, place, str(told.data.study.cut), formats.text)
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    _printed(sheet, told.running)


def _printed(sheet, running: str) -> None:
    """A4 across, as wide as one page, the header on each, and below it what holds for every number."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(**MARGINS)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)
    words = running[:LONGEST_FOOTER].replace("&", "&&")
    sheet.set_footer(f"&L&8 {words}&R&8 Page &P of &N")


def _sheet(sheet, piece: Piece, running: str, formats: Formats) -> None:
    """One output: of what it is, its table, what stands below it, which is printed, and its results unrounded."""
    shown = piece.shown
    output = shown.output
    widths = _widths(output.table, output.results)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    across = _across(widths, output.table.shape[1])
    _write(sheet, 0, 0, f"Table {piece.number}. {piece.title}", formats.title)
    _sentence(sheet, 1, output.subtitle, across, formats.grey)
    above = " · ".join([shown.context, *shown.marks, f"code {shown.code}"])
    _sentence(sheet, 2, above, across, formats.grey)
    row = HEADER_ROW
    if not output.table.empty:
        row = _block(sheet, row, output.table.astype("str").mask(output.table.isna(), ""), formats)
        sheet.freeze_panes(HEADER_ROW + 1, 0)
    for note in (piece.comment, piece.headline, output.detail, *shown.notes):
        if note:
            _sentence(sheet, row, note, across, formats.words)
            row += 1
    _printed(sheet, running)
    if not output.table.empty:
        sheet.print_area(0, 0, max(row - 1, HEADER_ROW), len(across) - 1)
    if not output.results.empty:
        _write(sheet, row + 1, 0, RESULTS, formats.title)
        _block(sheet, row + 2, output.results, formats)


def _across(widths: Sequence[int], columns: int) -> list[int]:
    """The widths of the columns that are printed: those of the table, and as many more as a sentence needs."""
    wide = [*widths[:columns]]
    while sum(wide) < LEAST_ACROSS:
        wide.append(widths[len(wide)] if len(wide) < len(widths) else UNSET)
    return wide


def _sentence(sheet, row: int, text: str, across: Sequence[int], cell_format) -> None:
    """Words over all columns that are printed, in as many lines as they need."""
    told = str(inert(text))[:LONGEST]
    lines = max(1, math.ceil(1.1 * len(told) / sum(across)))
    sheet.set_row(row, LINE_HEIGHT * lines)
    if told:
        sheet.merge_range(row, 0, row, len(across) - 1, told, cell_format)


def _block(sheet, row: int, frame: pd.DataFrame, formats: Formats) -> int:
    """A frame with its header; the row after it and a blank one."""
    _header(sheet, row, list(frame.columns), formats)
    for cells in frame.itertuples(index=False, name=None):
        row += 1
        for place, cell in enumerate(cells):
            _write(sheet, row, place, cell, formats.text)
    return row + 2


def _header(sheet, row: int, names: Sequence[str], formats: Formats) -> None:
    for place, name in enumerate(names):
        _write(sheet, row, place, name, formats.header)


def _write(sheet, row: int, place: int, value: object, cell_format) -> None:
    """A number as a number, a text as a text; what is missing stays empty, an infinite limit is a word."""
    cell = plain(value)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell):
        sheet.write_number(row, place, cell, cell_format)
    elif cell is not None and str(cell):
        sheet.write_string(row, place, str(inert(str(cell)))[:LONGEST], cell_format)


def _widths(*frames: pd.DataFrame) -> list[int]:
    """The width of each column for all blocks of a sheet."""
    most = max((frame.shape[1] for frame in frames), default=0)
    widths = [NARROWEST] * most
    for frame in frames:
        for place, name in enumerate(frame):
            cells = [_shown(cell) for cell in frame.iloc[:, place]]
            longest = max(map(len, [str(name), *cells]), default=0)
            widths[place] = max(widths[place], min(longest, WIDEST) + 2)
    return widths


def _shown(cell: object) -> str:
    """A cell as a spreadsheet shows it in a column: of a number ten characters."""
    return f"{cell:.8g}" if isinstance(cell, float) else str(cell)
