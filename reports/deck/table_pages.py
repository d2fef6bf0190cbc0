"""A table cut into pages that fit a slide: sizes, widths and heights, before anything is drawn. All in points."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from outputs.small_cells import NOT_SHOWN
from reports.deck.fitting import ample_width, cut, line_count, room_for
from reports.deck.look import leading

SIZES = (14.0, 13.0, 12.0, 11.0)
ASIDE = 7.0  # points at each side of a cell
ABOVE = 2.6  # over and under its text
LONGEST_WORD = 110.0  # a longer one may be broken
FULL_FROM = 0.6  # a table fills its place when it needs that much of it
NUMBER = re.compile(r"^[<>≥≤(\[]?\s*[-−+]?\d")
NO_NUMBER = re.compile(r"$|–$|not shown|infinite|not estimable|not reached|too few")


@dataclass(frozen=True)
class Page:
    """Rows of a table for one slide: texts with the header first, whether a column is of numbers."""

    cells: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    size: float
    widths: tuple[float, ...]
    heights: tuple[float, ...]


def table_pages(table: pd.DataFrame, width: float, height: float) -> list[Page]:
    """The table on one page if it fits in the largest size that does, else on as few as its smallest allows."""
    whole = [tuple(map(str, table.columns)), *(tuple(map(_text, row)) for row in table.to_numpy())]
    numeric = tuple(_is_numeric(column) for column in zip(*whole[1:], strict=True)) or (False,) * len(
        whole[0]
    )
    pages = []
    for columns in _column_groups(whole, width):
        cells = [tuple(row[at] for at in columns) for row in whole]
        pages += _pages(cells, tuple(numeric[at] and at > 0 for at in columns), width, height)
    return pages


def _text(value: object) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value)


def _is_numeric(column: Sequence[str]) -> bool:
    told = [cell for cell in column if not NO_NUMBER.match(cell)]
    numbers = sum(bool(NUMBER.match(cell)) for cell in told)
    return numbers >= 0.6 * len(told) if told else NOT_SHOWN in column


def _column_groups(cells: list[tuple[str, ...]], width: float) -> list[list[int]]:
    """All columns together where their longest words fit beside each other, else the first with some of the rest."""
    least = [_least(column, SIZES[-1]) for column in zip(*cells, strict=True)]
    groups: list[list[int]] = [[0]]
    for at in range(1, len(least)):
        if len(groups[-1]) > 1 and sum(least[i] for i in groups[-1]) + least[at] > width:
            groups.append([0])
        groups[-1].append(at)
    return groups


def _least(column: Sequence[str], size: float) -> float:
    """The width of the longest word, of a long one as much as can be asked for."""
    words = [(word, at == 0) for at, cell in enumerate(column) for word in cell.split()]
    widest = max((ample_width(word, size, bold=bold) for word, bold in words), default=0.0)
    return min(widest, LONGEST_WORD) + 2 * ASIDE


def _pages(
    cells: list[tuple[str, ...]], numeric: tuple[bool, ...], width: float, height: float
) -> list[Page]:
    few: list[Page] = []
    for size in SIZES:
        if size > SIZES[-1] and sum(_least(column, size) for column in zip(*cells, strict=True)) > width:
            continue  # words would be broken
        pages = _of_size(cells, numeric, size, width, height)
        if len(pages) == 1:
            return pages
        few = pages if not few or len(pages) < len(few) else few
    return few


def _of_size(
    cells: list[tuple[str, ...]], numeric: tuple[bool, ...], size: float, width: float, height: float
) -> list[Page]:
    """The pages in one size; the header stands on each, rows are spread evenly."""
    widths = _widths(cells, size, width)
    most = max(1, room_for(height, size) - 2)
    rows = [
        tuple(
            cut(cell, across - 2 * ASIDE, size, most=most) for cell, across in zip(row, widths, strict=True)
        )
        for row in cells
    ]
    heights = [_height(row, widths, size, bold=at == 0) for at, row in enumerate(rows)]
    room = height - heights[0]
    groups = _spread(heights[1:], room)
    return [
        Page(
            (rows[0], *_continued(rows, group)),
            numeric,
            size,
            tuple(widths),
            (heights[0], *(heights[at] for at in group)),
        )
        for group in groups
    ]


def _height(row: tuple[str, ...], widths: Sequence[float], size: float, *, bold: bool) -> float:
    return 2 * ABOVE + max(
        line_count(cell, across - 2 * ASIDE, size, bold=bold) * size * leading(cell)
        for cell, across in zip(row, widths, strict=True)
    )


def _spread(heights: Sequence[float], room: float) -> list[list[int]]:
    """The rows, counted from 1, by page: as few pages as there can be, about equally full."""
    fewest = _filled(heights, room)
    even = sum(heights) / max(len(fewest), 1) + max(heights, default=0)
    spread = _filled(heights, min(room, even))
    return spread if len(spread) == len(fewest) else fewest


def _filled(heights: Sequence[float], room: float) -> list[list[int]]:
    pages: list[list[int]] = [[]]
    used = 0.0
    for at, height in enumerate(heights, start=1):
        if pages[-1] and used + height > room:
            pages.append([])
            used = 0.0
        pages[-1].append(at)
        used += height
    return pages


def _continued(rows: list[tuple[str, ...]], group: list[int]) -> list[tuple[str, ...]]:
    """The rows of a page; one that belongs to a name on the page before says so."""
    page = [rows[at] for at in group]
    if page and not page[0][0] and len(page[0]) > 1 and group[0] > 1:
        named = next((rows[at][0] for at in range(group[0] - 1, 0, -1) if rows[at][0]), "")
        page[0] = (f"{named}, continued" if named else "", *page[0][1:])
    return page


def _widths(cells: list[tuple[str, ...]], size: float, width: float) -> list[float]:
    """What each column needs; where that is too much, the widest give way first."""
    columns = list(zip(*cells, strict=True))
    wanted = [
        max(ample_width(cell, size, bold=at == 0) for at, cell in enumerate(column)) + 2 * ASIDE + 2
        for column in columns
    ]
    total = sum(wanted)
    if total <= width:
        goal = width if total >= FULL_FROM * width else max(total, FULL_FROM * width)
        return [each * goal / total for each in wanted]
    least = [min(_least(column, size), want) for column, want in zip(columns, wanted, strict=True)]
    return _given_way(wanted, least, width)


def _given_way(wanted: list[float], least: list[float], width: float) -> list[float]:
    """Every column has what it wants up to one limit, but never less than its longest word."""
    for limit in range(int(width), 20, -4):
        given = [max(low, min(want, limit)) for want, low in zip(wanted, least, strict=True)]
        if sum(given) <= width:
            spare = (width - sum(given)) / len(given)
            return [each + spare for each in given]
    return [each * width / sum(least) for each in least]
