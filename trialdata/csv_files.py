"""Delimited text becomes a frame of text: nothing is converted, no row is guessed.

A row is one of the spreadsheet: a cell may hold line ends. All functions take UTF-8 bytes with `\\n` line ends.
"""

import csv
import io
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialdata.headers import clean_headers
from trialdata.limits import Limits, UnreadableFile
from trialdata.text_decoding import GB18030, UTF8, decode

LINES_PER_ROW = 10  # at most, where cells hold line ends


def read_csv(content: bytes, limits: Limits) -> pd.DataFrame:
    """The table of a study folder: UTF-8 or GB18030, commas, the header in row 1.

    One row per data row, every column text; the index is the spreadsheet row (the header is row 1).
    """
    data, encoding = decode(content)
    if encoding not in (UTF8, GB18030):
        raise UnreadableFile("encoding", f"{encoding} text")
    refuse_large_text(data, limits)
    rows = rows_of(data, ",")
    header = rows.texts(0)
    _refuse_other_separators(header)
    frame = read_rows(rows, 0, len(rows) - 1, limits)
    return frame[(frame != "").any(axis=1)]


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a text: where each ends (the position of its line end) and how many cells it has, 0 if blank."""

    data: bytes
    separator: str
    ends: np.ndarray
    cells: np.ndarray

    def __len__(self) -> int:
        return len(self.ends)

    def text(self, first: int, last: int) -> bytes:
        """The bytes of the rows from `first` to `last`."""
        start = 0 if first == 0 else int(self.ends[first - 1]) + 1
        return self.data[start : int(self.ends[last])]

    def blank(self, row: int) -> bool:
        """Whether a row holds nothing but separators, blanks and quotation marks."""
        return not self.text(row, row).strip(b' \t"' + self.separator.encode())

    def texts(self, row: int) -> list[str]:
        """The cells of one row; none where there is no such row."""
        if row >= len(self):
            return []
        text = self.text(row, row).decode()
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=self.separator), [])


def rows_of(data: bytes, separator: str) -> Rows:
    """The rows of a text; quotation marks that do not pair are refused."""
    ends = line_ends(data)
    if b'"' in data:
        return _quoted_rows(data, separator, ends)
    separators = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == ord(separator))
    cells = np.diff(np.searchsorted(separators, ends), prepend=0) + 1
    blank = np.diff(ends, prepend=-1) == 1
    return Rows(data, separator, ends, np.where(blank, 0, cells))


def _quoted_rows(data: bytes, separator: str, ends: np.ndarray) -> Rows:
    reader = csv.reader(io.StringIO(data.decode(), newline=""), delimiter=separator, strict=True)
    cells: list[int] = []
    lines: list[int] = []
    try:
        for row in reader:
            cells.append(len(row))
            lines.append(reader.line_num)
    except csv.Error as error:
        raise UnreadableFile(
            "ragged_row", f"quotation marks that do not pair ({error})", row=len(cells) + 1
        ) from None
    return Rows(data, separator, ends[np.array(lines, dtype=int) - 1], np.array(cells, dtype=int))


def line_ends(data: bytes) -> np.ndarray:
    """The byte position of every line end, one after the last line too."""
    ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == ord("\n"))
    return ends if data.endswith(b"\n") else np.append(ends, len(data))


def refuse_large_text(data: bytes, limits: Limits) -> None:
    """Before anything is made of it: too many lines, cells with line ends included, or too long a row."""
    if (lines := data.count(b"\n")) > LINES_PER_ROW * limits.rows:
        raise UnreadableFile("too_large", f"{lines:,} lines, more than {limits.rows:,} rows need")
    long = np.flatnonzero(np.diff(line_ends(data), prepend=-1) > limits.row_bytes)
    if len(long):
        found = f"a row of more than {limits.row_bytes:,} characters"
        raise UnreadableFile("too_large", found, row=int(long[0]) + 1)


def read_rows(rows: Rows, header_row: int, last: int, limits: Limits) -> pd.DataFrame:
    """The table from its header to row `last`, blank rows too, under clean headers; rows count from 0.

    The index is the spreadsheet row, which counts from 1.
    """
    header = rows.texts(header_row)
    if not any(name.strip() for name in header):
        raise UnreadableFile("empty_file", "a file without a header")
    if len(header) > limits.columns:
        raise UnreadableFile("too_large", f"{len(header):,} columns, more than {limits.columns:,}")
    if last - header_row > limits.rows:
        raise UnreadableFile("too_large", f"{last - header_row:,} rows, more than {limits.rows:,}")
    _refuse_shifted_rows(rows, header_row, last, len(header))
    frame = _parse(rows.text(header_row, last), rows.separator, len(header)).iloc[1:]
    frame.index = pd.RangeIndex(header_row + 2, header_row + 2 + len(frame))
    try:
        return clean_headers(_without_blank_columns(frame, header))
    except UnreadableFile as problem:
        problem.row = header_row + 1 if problem.check == "duplicate_header" else problem.row
        raise


def _refuse_other_separators(header: list[str]) -> None:
    if len(header) == 1:
        for separator, name in ((";", "semicolons"), ("\t", "tabs")):
            if separator in header[0]:
                raise UnreadableFile("not_comma_separated", f"columns separated by {name}", row=1)


def _refuse_shifted_rows(rows: Rows, header_row: int, last: int, columns: int) -> None:
    cells = rows.cells[header_row : last + 1]
    suspects = np.flatnonzero((cells != columns) & (cells != 0)) + header_row
    wrong = [row for row in map(int, suspects) if not rows.blank(row)]
    if wrong:
        listed = ", ".join(str(row + 1) for row in wrong[:20]) + (", ..." if len(wrong) > 20 else "")
        first = f"{rows.cells[wrong[0]]} cells in row {wrong[0] + 1} under {columns} headers"
        found = first if len(wrong) == 1 else f"{first}; {len(wrong):,} such rows: {listed}"
        raise UnreadableFile("ragged_row", found, row=wrong[0] + 1)


def _parse(data: bytes, separator: str, columns: int) -> pd.DataFrame:
    try:
        return pd.read_csv(
            io.BytesIO(data),
            sep=separator,
            header=None,
            names=list(range(columns)),
            dtype="str",
            keep_default_na=False,
            skip_blank_lines=False,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise UnreadableFile("ragged_row", f"rows that cannot be told apart ({error})") from None


def _without_blank_columns(frame: pd.DataFrame, header: list[str]) -> pd.DataFrame:
    """A column without header and without a value is a spreadsheet's leftover; with a value it is refused."""
    frame = frame.set_axis(header, axis=1)
    unnamed = [position for position, name in enumerate(header) if not name.strip()]
    for position in unnamed:
        filled = frame.iloc[:, position].str.strip() != ""
        if filled.any():
            raise UnreadableFile(
                "column_without_header", "values below an empty header", row=frame.index[filled][0]
            )
    return frame.iloc[:, [position for position in range(len(header)) if position not in unnamed]]
