"""The table of a sheet: what stands above and below it is set apart, what is blank is left out."""

from collections.abc import Iterator, Sequence

import pandas as pd

from trialdata.formats.cell_names import cell_name, column_letters
from trialdata.formats.layout import SUMMARIES
from trialdata.formats.sheet_cells import Cells
from trialdata.formats.sheet_findings import SheetTable, sheet_findings
from trialdata.formats.sheet_header import Header, find_header
from trialdata.formats.sheet_scan import Merge, SheetScan
from trialdata.formats.source_table import Concealed, SourceTable
from trialdata.headers import clean_headers, sent_headers
from trialdata.limits import Limits, UnreadableFile


def sheet_table(file: str, sheet: str, cells: Cells, scan: SheetScan, limits: Limits) -> SourceTable | None:
    """The sheet as a table, None where it has none: no row with two filled cells."""
    header = find_header(cells, scan.merges)
    if header is None:
        return None
    start, end = header.bottom + 1, _end(cells, header, scan.merges)
    filled = [row for row in range(start, len(cells.rows)) if cells.filled[row]]
    body, below = [row for row in filled if row < end], [row for row in filled if row >= end]
    _refuse_large(cells, body, limits)
    columns = [column for column, name in enumerate(header.names) if name]
    _refuse_unnamed(cells, header, body)
    frame = _frame(cells, header, body, columns)
    parts = SheetTable(
        frame=frame,
        columns={cells.first_column + at: name for at, name in zip(columns, frame.columns, strict=True)},
        header=range(cells.first_row + header.top, cells.first_row + start),
        above=[cells.first_row + row for row in range(header.top) if cells.filled[row]],
        below=[cells.first_row + row for row in below],
    )
    table = SourceTable(file, frame, sheet, sent=sent_headers(header.names))
    return table.replace(
        concealed=(*_texts(cells, range(header.top), "above"), *_texts(cells, below, "below")),
        findings=tuple(sheet_findings(table.name, parts, scan)),
    )


def _end(cells: Cells, header: Header, merges: Sequence[Merge]) -> int:
    """The position after the last row of the table: where its footer begins, if it has one.

    A footer are the last rows that begin with "Total", 合计 and the like, or that have one filled cell each, if a
    blank row stands before them or the cell is merged over several columns. A table of two columns has only totals.
    """
    merged = {merge.top - cells.first_row for merge in merges if merge.right > merge.left}
    fewest = 1 if sum(1 for name in header.names if name) > 2 else 0
    end = row = len(cells.rows)
    while row - 1 > header.bottom:
        row -= 1
        total = _is_total(cells, row, header)
        if not total and cells.filled[row] > fewest:
            break
        if total or row in merged or cells.filled[row] == 0:
            end = row
    return end


def _is_total(cells: Cells, row: int, header: Header) -> bool:
    """Whether a row sums up those above; where one of them begins with the same word, both are data."""
    word = _first(cells.rows[row])
    if not SUMMARIES.fullmatch(word):
        return False
    return all(_first(cells.rows[above]) != word for above in range(header.bottom + 1, row))


def _first(texts: Sequence[str]) -> str:
    return next((text.strip() for text in texts if text.strip()), "")


def _refuse_large(cells: Cells, body: Sequence[int], limits: Limits) -> None:
    if len(body) > limits.rows:
        raise UnreadableFile("too_large", f"{len(body):,} rows, more than {limits.rows:,}")
    for row in body:
        if sum(map(len, cells.rows[row])) > limits.row_bytes:
            found = f"a row of more than {limits.row_bytes:,} characters"
            raise UnreadableFile("too_large", found, row=cells.first_row + row)


def _refuse_unnamed(cells: Cells, header: Header, body: Sequence[int]) -> None:
    for column in (column for column, name in enumerate(header.names) if not name):
        row = next((row for row in body if cells.rows[row][column].strip()), None)
        if row is not None:
            letters, top = column_letters(cells.first_column + column), cells.first_row + header.top
            found = f"values below an empty header in column {letters}; the header was found in row {top}"
            raise UnreadableFile("column_without_header", found, row=cells.first_row + row)


def _frame(cells: Cells, header: Header, body: Sequence[int], columns: Sequence[int]) -> pd.DataFrame:
    index = pd.Index([cells.first_row + row for row in body], dtype="int64")
    texts = {column: [cells.rows[row][column] for row in body] for column in columns}
    frame = pd.DataFrame(texts, index=index, dtype="str")
    names = pd.Index([header.names[column] for column in columns], dtype=object)
    try:
        return clean_headers(frame.set_axis(names, axis=1))
    except UnreadableFile as problem:
        problem.row = cells.first_row + header.bottom
        raise


def _texts(cells: Cells, rows: Sequence[int], where: str) -> Iterator[Concealed]:
    for row in rows:
        for column, text in enumerate(cells.rows[row]):
            if text.strip():
                place = cell_name(cells.first_row + row, cells.first_column + column)
                yield Concealed(f"cell {place}, {where} the table", text)
