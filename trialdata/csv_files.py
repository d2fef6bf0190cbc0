"""CSV text becomes a frame of text: nothing is converted, no row is guessed."""

import csv
import io

import numpy as np
import pandas as pd

from trialdata.headers import clean_headers
from trialdata.limits import Limits, UnreadableFile


def read_csv(content: bytes, limits: Limits) -> pd.DataFrame:
    """One row per data row, every column text; the index is the spreadsheet row (the header is row 1)."""
    text = _decode(content).replace("\r\n", "\n").replace("\r", "\n")
    _refuse_long_rows(text, limits)
    header = _header(text, limits)
    _refuse_other_separators(header)
    counts = _fields_per_row(text)
    if len(counts) - 1 > limits.rows:
        raise UnreadableFile("too_large", f"{len(counts) - 1:,} rows, more than {limits.rows:,}")
    _refuse_shifted_rows(counts, len(header))
    frame = _parse(text, len(header)).iloc[1:]
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    frame = frame[(frame != "").any(axis=1)]
    return clean_headers(_without_blank_columns(frame, header))


def _decode(content: bytes) -> str:
    """UTF-8, with or without byte order mark, else GB18030: nothing is replaced, nothing is guessed further."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile("encoding", "UTF-16 text")
    if b"\0" in content:
        row = content[: content.index(b"\0")].count(b"\n") + 1
        raise UnreadableFile("nul_bytes", "a zero byte: the file is damaged or not text", row=row)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
    _refuse_mixed_encodings(content, line)
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableFile("encoding", "characters that are neither UTF-8 nor GB18030", row=line) from None


def _refuse_mixed_encodings(content: bytes, line_not_utf8: int) -> None:
    """GB18030 decodes most UTF-8 without an error: Chinese that reads as UTF-8 elsewhere gives a mixture away."""
    for line in content.splitlines():
        try:
            chinese = any("\u4e00" <= letter <= "\u9fff" for letter in line.decode("utf-8"))
        except UnicodeDecodeError:
            continue
        if chinese:
            raise UnreadableFile(
                "encoding", "UTF-8 in some rows and another encoding here", row=line_not_utf8
            )


def _refuse_long_rows(text: str, limits: Limits) -> None:
    ends = _line_ends(text)
    long = np.flatnonzero(np.diff(ends, prepend=-1) > limits.row_bytes)
    if len(long):
        raise UnreadableFile(
            "too_large", f"a row of more than {limits.row_bytes:,} characters", row=int(long[0]) + 1
        )


def _line_ends(text: str) -> np.ndarray:
    """The byte position of every line end, one after the last line too."""
    ends = np.flatnonzero(np.frombuffer(text.encode(), dtype=np.uint8) == ord("\n"))
    return ends if text.endswith("\n") else np.append(ends, len(text.encode()))


def _header(text: str, limits: Limits) -> list[str]:
    header = next(csv.reader(io.StringIO(text)), [])
    if not any(name.strip() for name in header):
        raise UnreadableFile("empty_file", "a file without a header")
    if len(header) > limits.columns:
        raise UnreadableFile("too_large", f"{len(header):,} columns, more than {limits.columns:,}")
    return header


def _refuse_other_separators(header: list[str]) -> None:
    if len(header) == 1:
        for separator, name in ((";", "semicolons"), ("\t", "tabs")):
            if separator in header[0]:
                raise UnreadableFile("not_comma_separated", f"columns separated by {name}", row=1)


def _fields_per_row(text: str) -> np.ndarray:
    """The number of cells of each spreadsheet row, the header included; 0 for a blank one."""
    if '"' in text:
        return _fields_of_quoted_rows(text)
    ends = _line_ends(text)
    commas = np.flatnonzero(np.frombuffer(text.encode(), dtype=np.uint8) == ord(","))
    counts = np.diff(np.searchsorted(commas, ends), prepend=0) + 1
    blank = np.diff(ends, prepend=-1) == 1
    return np.where(blank, 0, counts)


def _fields_of_quoted_rows(text: str) -> np.ndarray:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    counts: list[int] = []
    try:
        counts.extend(len(row) for row in rows)
    except csv.Error as error:
        raise UnreadableFile(
            "ragged_row", f"quotation marks that do not pair ({error})", row=len(counts) + 1
        ) from None
    return np.array(counts)


def _refuse_shifted_rows(counts: np.ndarray, columns: int) -> None:
    wrong = np.flatnonzero((counts != columns) & (counts != 0))
    if len(wrong):
        rows = ", ".join(str(row + 1) for row in wrong[:20]) + (", ..." if len(wrong) > 20 else "")
        first = f"{counts[wrong[0]]} cells in row {wrong[0] + 1} under {columns} headers"
        found = first if len(wrong) == 1 else f"{first}; {len(wrong):,} such rows: {rows}"
        raise UnreadableFile("ragged_row", found, row=int(wrong[0]) + 1)


def _parse(text: str, columns: int) -> pd.DataFrame:
    try:
        return pd.read_csv(
            io.StringIO(text),
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
