"""Delimited text in the encodings and dialects that sites send becomes one table."""

import csv
import io
import re
from collections import Counter

import pandas as pd

from trialdata.csv_files import Rows, read_rows, refuse_large_text, rows_of
from trialdata.findings import finding
from trialdata.formats.decimal_commas import with_decimal_points
from trialdata.formats.layout import Layout, find_layout
from trialdata.formats.source_table import Concealed, SourceTable
from trialdata.headers import sent_headers
from trialdata.limits import Limits, UnreadableFile
from trialdata.reading import as_text
from trialdata.text_decoding import GB18030, WESTERN, Decoded, decode, unusual_characters

NAMES = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars"}
SAMPLE = 1 << 16  # bytes from which the separator is told
SEPARATOR_LINE = re.compile(
    rb'"?sep=([^"\n])"?\n', re.IGNORECASE
)  # read by spreadsheets, and not one of their rows
LOST = ("\ufffd".encode(), "锟斤拷".encode())  # what other software leaves of characters it could not read
LISTED = 20


def read_delimited(file: str, content: bytes, limits: Limits) -> list[SourceTable]:
    """The one table of a text file; the index is the row as a spreadsheet shows it."""
    decoded = decode(content)
    data = decoded.data
    refuse_large_text(data, limits)
    given = SEPARATOR_LINE.match(data)
    if given:
        data = data[given.end() :]
    separator = given[1].decode() if given else separator_of(data)
    rows = rows_of(data, separator)
    layout = find_layout(rows)
    frame = read_rows(rows, layout.header, layout.last, limits).apply(as_text)
    filled = (frame != "").any(axis=1)
    findings = [*encoding_findings(decoded, file), *_of_layout(layout, filled, file)]
    frame = frame[filled]
    changed: list[pd.DataFrame] = []
    if separator != ",":
        frame, found, changed = with_decimal_points(frame, file, separator=separator)
        findings += found
    return [
        SourceTable(
            file,
            frame,
            concealed=_beside_the_table(rows, layout),
            findings=tuple(findings),
            sent=sent_headers(rows.texts(layout.header)),
            changed=tuple(changed),
        )
    ]


def separator_of(data: bytes) -> str:
    """The separator that gives most rows the same number of cells; a comma where none gives more than one.

    Where two do so for as many rows, neither is chosen.
    """
    sample = data[:SAMPLE]
    if len(data) > SAMPLE:
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    text = sample.decode(errors="ignore")
    shapes = [(*_agreement(text, separator), separator) for separator in NAMES if separator in text]
    shapes = sorted((shape for shape in shapes if shape[0]), reverse=True)
    if len(shapes) > 1 and shapes[0][0] == shapes[1][0]:
        found = f"as many like rows by {NAMES[shapes[0][2]]} as by {NAMES[shapes[1][2]]}"
        raise UnreadableFile("separator_unclear", found)
    return shapes[0][2] if shapes else ","


def _agreement(text: str, separator: str) -> tuple[int, int]:
    """How many rows have the most frequent number of cells above one, and that number."""
    try:
        widths = Counter(map(len, csv.reader(io.StringIO(text, newline=""), delimiter=separator)))
    except csv.Error:
        return 0, 0
    return max(((rows, width) for width, rows in widths.items() if width > 1), default=(0, 0))


def encoding_findings(decoded: Decoded, file: str) -> list[pd.DataFrame]:
    """What a person should know of how the bytes of a file were read."""
    findings = []
    if decoded.encoding == GB18030:
        findings.append(finding("text_encoding", file, found="GB18030 text"))
    if decoded.encoding == WESTERN:
        found = f"text with {unusual_characters(decoded.data)}"
        findings.append(finding("western_encoding", file, found=found))
    places = [place for lost in LOST if (place := decoded.data.find(lost)) >= 0]
    if places:
        row = decoded.data.count(b"\n", 0, min(places)) + 1
        findings.append(finding("lost_characters", file, row=row, found="marks of characters that were lost"))
    return findings


def _of_layout(layout: Layout, filled: pd.Series, file: str) -> list[pd.DataFrame]:
    """`filled`: whether the row of that index holds anything."""
    last = filled[filled].index.max() if filled.any() else 0
    blank = [int(row) for row in filled.index[~filled] if row < last]
    parts = {
        "rows_above_header": ("above the header", [row + 1 for row in layout.above]),
        "rows_below_table": ("below the table", [row + 1 for row in layout.below]),
        "blank_rows": ("without any value", blank),
    }
    return [
        finding(check, file, row=rows[0], found=f"{_listed(rows)} {where}")
        for check, (where, rows) in parts.items()
        if rows
    ]


def _listed(rows: list[int]) -> str:
    if len(rows) == 1:
        return f"row {rows[0]}"
    more = f" and {len(rows) - LISTED:,} more" if len(rows) > LISTED else ""
    return f"rows {', '.join(map(str, rows[:LISTED]))}{more}"


def _beside_the_table(rows: Rows, layout: Layout) -> tuple[Concealed, ...]:
    return tuple(
        Concealed(f"row {row + 1}, outside the table", cell.strip())
        for row in (*layout.above, *layout.below)
        for cell in rows.texts(row)
        if cell.strip()
    )
