"""What a sheet's XML says that its values do not: where they stand, what is hidden, merged or left out.

The sheet is read once in a stream, before its values are: it stops at the first cell beyond the limits.
"""

from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers.expat import ExpatError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from trialdata.formats.cell_names import ColumnNumbers, column_letters
from trialdata.formats.number_text import number_text
from trialdata.formats.workbook_parts import damaged, is_true, local, telling
from trialdata.limits import Limits, UnreadableFile

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # of any workbook
OUTSIDE_TABLE = 1_000  # rows above, between and below the rows of a table
LARGEST_AREA = 10_000_000  # cells from the first to the last filled one: values are read as a full rectangle


class Merge(NamedTuple):
    top: int
    left: int
    bottom: int
    right: int

    def shifted(self, row: int, column: int) -> "Merge":
        """The same cells, counted from this row and column."""
        return Merge(self.top - row, self.left - column, self.bottom - row, self.right - column)


@dataclass
class SheetScan:
    """Facts of one sheet; rows and columns are counted from 1, as a spreadsheet does."""

    first_column: int = 0  # of the filled cells; 0 where there is none
    last_column: int = 0
    first_row: int = 0
    last_row: int = 0
    filled_rows: int = 0
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)  # first and last of each stretch
    hidden_rows: list[int] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    negative: dict[tuple[int, int], str] = field(default_factory=dict)  # calamine takes them for times of day
    unvalued: list[tuple[int, int]] = field(default_factory=list)  # formulas without a stored value
    texts: list[tuple[str, str]] = field(default_factory=list)  # element and text outside the cells


def scan_sheet(content: bytes, limits: Limits) -> SheetScan:
    handler = _Handler(limits)
    defended = DefusedXMLParser(encoding="utf-8", forbid_dtd=True)
    parser = defended.parser
    parser.StartElementHandler, parser.EndElementHandler = handler.start, handler.end
    parser.CharacterDataHandler, parser.buffer_text, parser.ordered_attributes = handler.text, True, False
    try:
        parser.Parse(content, True)
    except DefusedXmlException:
        raise damaged("a document type or entities") from None
    except ExpatError as error:
        raise damaged(f"XML that cannot be read ({error})") from None
    return handler.scan


class _Local(dict[str, str]):
    def __missing__(self, tag: str) -> str:
        self[tag] = local(tag)
        return self[tag]


class _Handler:
    """Called by the XML parser for every element and text of the sheet."""

    def __init__(self, limits: Limits):
        self.scan, self.limits = SheetScan(), limits
        self.columns, self.local = ColumnNumbers(), _Local()
        self.row, self.row_text, self.column = 0, "0", 0
        self.kind, self.value, self.has_formula = "n", "", False
        self.buffer, self.in_cells = "", False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name, self.buffer = self.local[tag], ""
        if name == "v":
            return
        if name == "c" and self.in_cells:
            self.kind, self.value, self.has_formula = attributes.get("t", "n"), "", False
            column = self._column(attributes["r"]) if "r" in attributes else self.column + 1
            if not self.column < column <= LAST_COLUMN:
                raise damaged("cells that are not in order", row=self.row)
            self.column = column
        elif name == "f":
            self.has_formula = True
        elif name == "row" and self.in_cells:
            self._start_row(attributes)
        elif name == "sheetData":
            self.in_cells = True
        elif not self.in_cells:
            self._start_other(name, attributes)

    def text(self, data: str) -> None:
        self.buffer += data

    def end(self, tag: str) -> None:
        name = self.local[tag]
        if name == "v" or name == "t":
            self.value += self.buffer
        elif name == "c" and self.in_cells:
            if self.value:
                self._filled_cell()
            elif self.has_formula and self.kind != "str":
                self.scan.unvalued.append((self.row, self.column))
        elif name == "sheetData":
            self.in_cells = False
        elif not self.in_cells and self.buffer.strip():
            self.scan.texts.append((name, self.buffer))
        self.buffer = ""

    def _start_row(self, attributes: dict[str, str]) -> None:
        row = _whole(attributes.get("r", self.row + 1))
        if not self.row < row <= LAST_ROW:
            raise damaged("rows that are not in order", row=row if row <= LAST_ROW else None)
        self.row, self.row_text, self.column = row, str(row), 0
        if is_true(attributes.get("hidden")) or attributes.get("ht") == "0":
            self.scan.hidden_rows.append(row)

    def _column(self, address: str) -> int:
        if not address.endswith(self.row_text):
            raise damaged("a cell that does not belong to its row", row=self.row)
        return self.columns[address[: -len(self.row_text)]]

    def _filled_cell(self) -> None:
        scan, row, column = self.scan, self.row, self.column
        if row != scan.last_row:
            scan.first_row, scan.last_row = scan.first_row or row, row
            scan.filled_rows += 1
            self._refuse_far_row(row)
        if not scan.first_column <= column <= scan.last_column:
            scan.first_column = min(column, scan.first_column or column)
            scan.last_column = max(column, scan.last_column)
            self._refuse_far_column()
        if self.kind == "n" and "-" in self.value:
            scan.negative[row, column] = _number(self.value, row)

    def _refuse_far_row(self, row: int) -> None:
        if self.scan.filled_rows > self.limits.rows + OUTSIDE_TABLE:
            raise UnreadableFile("too_large", f"more than {self.limits.rows:,} rows")
        if row - self.scan.first_row > self.limits.rows + OUTSIDE_TABLE:
            raise UnreadableFile(
                "too_large", f"a value below the {self.limits.rows:,} rows that are read", row=row
            )
        self._refuse_large_area()

    def _refuse_far_column(self) -> None:
        scan = self.scan
        if scan.last_column - scan.first_column + 1 > self.limits.columns:
            far = column_letters(scan.last_column)
            raise UnreadableFile(
                "too_large", f"a value in column {far}: more than {self.limits.columns:,} columns"
            )
        self._refuse_large_area()

    def _refuse_large_area(self) -> None:
        scan = self.scan
        rows, columns = scan.last_row - scan.first_row + 1, scan.last_column - scan.first_column + 1
        if rows * columns > LARGEST_AREA:
            raise UnreadableFile(
                "too_large", f"{rows:,} rows of {columns} columns, more than {LARGEST_AREA:,} cells"
            )

    def _start_other(self, name: str, attributes: dict[str, str]) -> None:
        if name == "col":
            if is_true(attributes.get("hidden")) or attributes.get("width") == "0":
                self.scan.hidden_columns.append(
                    (_whole(attributes.get("min")), _whole(attributes.get("max")))
                )
        elif name == "mergeCell":
            self.scan.merges.append(self._merge(attributes.get("ref", "")))
        else:
            self.scan.texts.extend((name, value) for value in telling(attributes))

    def _merge(self, reference: str) -> Merge:
        first, _, last = reference.replace("$", "").partition(":")
        top, left = self._address(first)
        bottom, right = self._address(last or first)
        return Merge(top, left, bottom, right)

    def _address(self, address: str) -> tuple[int, int]:
        letters = address.rstrip("0123456789")
        return _whole(address[len(letters) :]), self.columns[letters]


def _whole(text: object) -> int:
    try:
        return int(str(text))
    except ValueError:
        raise damaged("a row or column without a proper number") from None


def _number(text: str, row: int) -> str:
    try:
        return number_text(float(text))
    except ValueError:
        raise damaged("a number that is not one", row=row) from None
