"""Where the table of a delimited text begins and ends: titles above the header, notes below the last row."""

import re
from dataclasses import dataclass
from statistics import median

import numpy as np

from trialdata.csv_files import Rows
from trialdata.limits import UnreadableFile
from trialdata.values import NUMBER, plain, read_date

EDGE = 30  # rows looked at from either end
SUMMARIES = re.compile(r"(total|totals|sum|mean|合计|总计|小计|平均|平均值|均值)\s*[:：]?", re.IGNORECASE)
SENTENCE = re.compile(
    r"\s|[:：。；*]|^(注|备注|说明|制表|打印|审核|签名|note|page|source|end)", re.IGNORECASE
)


@dataclass(frozen=True)
class Layout:
    """Row numbers from 0: the header, the last row of data, and what stands above and below."""

    header: int
    last: int
    above: tuple[int, ...] = ()
    below: tuple[int, ...] = ()


def find_layout(rows: Rows) -> Layout:
    """The table among the rows: as wide as most rows, its header the first row that is no title."""
    width = _usual_width(rows.cells)
    table = [cells for row in range(min(len(rows), EDGE)) if len(cells := rows.texts(row)) == width]
    usual = median([len(_filled(cells)) for cells in table]) if table else 0
    header, above = _header(rows, width, usual)
    if above and any(_is_value(cell) for cell in rows.texts(header)):
        titles = f"titles up to row {above[-1] + 1}, and values instead of headers in row {header + 1}"
        raise UnreadableFile("header_unclear", titles, row=header + 1)
    below = _footer(rows, header, width, usual)
    last = min(below) - 1 if below else len(rows) - 1
    return Layout(header, last, tuple(above), tuple(sorted(below)))


def _usual_width(cells: np.ndarray) -> int:
    """The most frequent number of cells; the larger one where two are as frequent."""
    counts = np.bincount(cells)
    counts[0] = 0
    return len(counts) - 1 - int(counts[::-1].argmax())


def _filled(cells: list[str]) -> list[str]:
    return [text for cell in cells if (text := cell.strip())]


def _header(rows: Rows, width: int, usual: float) -> tuple[int, list[int]]:
    above: list[int] = []
    for row in range(min(len(rows), EDGE)):
        cells = rows.texts(row)
        if not _filled(cells):
            continue
        if width == 1 or not _is_title(cells, width, usual):
            return row, above
        above.append(row)
    return (above[0], []) if above else (0, [])


def _is_title(cells: list[str], width: int, usual: float) -> bool:
    """One cell of several, or less than half of what rows usually hold; half in a row of another width."""
    filled = len(_filled(cells))
    if len(cells) != width:
        return filled < usual and (filled == 1 or filled <= usual / 2)
    return width > 2 and filled < usual and (filled == 1 or filled < usual / 2)


def _is_value(cell: str) -> bool:
    text = plain(cell)
    return bool(NUMBER.fullmatch(text)) or (text != "" and read_date(text)[0] != "")


def _footer(rows: Rows, header: int, width: int, usual: float) -> list[int]:
    """The notes at the end; a row whose first cell is written as those of the table is none."""
    if width == 1:
        return []
    start = range(header + 1, min(len(rows), header + 1 + EDGE))
    forms = [(row, _form(cells[0])) for row in start if (cells := rows.texts(row))]
    below: list[int] = []
    for row in range(len(rows) - 1, max(header, len(rows) - 1 - EDGE), -1):
        cells = rows.texts(row)
        if not (filled := _filled(cells)):
            continue
        alone = not _filled(rows.texts(row - 1))
        as_above = any(form == _form(filled[0]) for above, form in forms if above < row)
        if as_above or not _is_note(cells, width, usual, alone):
            break
        below.append(row)
    return below


def _form(cell: str) -> str:
    return re.sub(r"\d+", "9", cell.strip())


def _is_note(cells: list[str], width: int, usual: float, alone: bool) -> bool:
    filled = _filled(cells)
    if SUMMARIES.fullmatch(filled[0]):
        return True
    sparse = len(filled) == 1 or len(filled) < usual / 2
    if len(cells) != width:
        return sparse and (bool(SENTENCE.search(filled[0])) or alone)
    return sparse and width > 2 and bool(SENTENCE.search(filled[0]))
