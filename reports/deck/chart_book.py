"""The workbook inside a chart: its numbers on the sheet Data, what is only drawn on the sheet Drawn."""

import datetime
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lxml import etree
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from reports.deck.chart_xml import Element, node, val
from reports.export import inert

DAY = datetime.datetime(2000, 1, 1)  # of every workbook, so that the same numbers give the same bytes
DATA, DRAWN = "Data", "Drawn"


@dataclass(frozen=True)
class Formula:
    """A cell that follows from others; `{row}` is its own row."""

    text: str
    value: float


Cell = str | float | Formula | None


@dataclass(frozen=True)
class Cells:
    """Cells below each other and what they hold."""

    place: str
    values: tuple[Cell, ...]

    def numbers(self) -> Element:
        """A reference to numbers, with the numbers; a cell without one is a gap."""
        known = [
            (at, number) for at, value in enumerate(self.values) if (number := finite(value)) is not None
        ]
        points = [node("c:pt", node("c:v", text=repr(number)), idx=at) for at, number in known]
        kept = node(
            "c:numCache", node("c:formatCode", text="General"), val("c:ptCount", len(self.values)), *points
        )
        return node("c:numRef", node("c:f", text=self.place), kept)

    def texts(self, shown: Sequence[str] = ()) -> Element:
        """A reference to words, with the words, or what is shown of them."""
        words = shown or [str(value) for value in self.values]
        points = [node("c:pt", node("c:v", text=word), idx=at) for at, word in enumerate(words)]
        return node(
            "c:strRef",
            node("c:f", text=self.place),
            node("c:strCache", val("c:ptCount", len(words)), *points),
        )


def finite(value: Cell) -> float | None:
    """The number of a cell, where it is one that can be drawn."""
    number = value.value if isinstance(value, Formula) else value
    if number is None or isinstance(number, str) or not math.isfinite(number):
        return None
    return float(number)


@dataclass
class Sheet:
    """A table with a header."""

    name: str
    header: tuple[str, ...]
    rows: list[tuple[Cell, ...]] = field(default_factory=list)

    def add(self, rows: Iterable[tuple[Cell, ...]]) -> "Block":
        """Write rows under those that are there."""
        first = len(self.rows)
        self.rows.extend(rows)
        return Block(self, first, len(self.rows))


@dataclass(frozen=True)
class Block:
    """Rows of a sheet, from `first` to before `last`, counted from 0 below the header."""

    sheet: Sheet
    first: int
    last: int

    def cells(self, column: str, rows: slice = slice(None)) -> Cells:
        """The cells of a column, or some of them."""
        place = self.sheet.header.index(column)
        at = range(self.first, self.last)[rows]
        letter = xl_col_to_name(place)
        where = f"{self.sheet.name}!${letter}${at[0] + 2}:${letter}${at[-1] + 2}"
        return Cells(where, tuple(self.sheet.rows[row][place] for row in at))

    def name(self, shown: str = "") -> Element:
        """The name of a series: the first cell of the first column, or what is shown of it."""
        first = self.cells(self.sheet.header[0], slice(0, 1))
        return node("c:tx", Cells(first.place.split(":")[0], first.values).texts([shown] if shown else ()))

    def title(self, column: str, shown: str) -> Element:
        """The name of a series that is a column: its header."""
        place = f"{self.sheet.name}!${xl_col_to_name(self.sheet.header.index(column))}$1"
        return node("c:tx", Cells(place, (column,)).texts([shown]))


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """The sheets as a workbook that names nobody; unrounded, text is never a formula."""
    content = io.BytesIO()
    book = Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": DAY, "author": ""})
    for sheet in sheets:
        if sheet.rows:
            _write(book.add_worksheet(sheet.name), sheet)
    book.close()
    return content.getvalue()


def _write(page, sheet: Sheet) -> None:
    for place, words in enumerate(sheet.header):
        page.write_string(0, place, str(inert(words)))
    for row, cells in enumerate(sheet.rows, start=1):
        for place, cell in enumerate(cells):
            if isinstance(cell, Formula):
                page.write_formula(row, place, cell.text.format(row=row + 1), None, cell.value)
            elif isinstance(cell, str):
                page.write_string(row, place, str(inert(cell)))
            elif cell is not None and math.isinf(cell):
                page.write_string(row, place, "Infinity" if cell > 0 else "-Infinity")
            elif cell is not None and not math.isnan(cell):
                page.write_number(row, place, cell)


@dataclass(frozen=True)
class Drawing:
    """A chart with its workbook, in the form that python-pptx puts on a slide."""

    space: Element
    xlsx_blob: bytes

    def xml_bytes(self, chart_type: object) -> bytes:
        return etree.tostring(self.space, xml_declaration=True, encoding="UTF-8", standalone=True)
