"""Estimates one under the other: which stand at one height, and how high each of them is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from outputs.output import ArmStyle
from outputs.slide_chart import Panels, Row, Rows
from outputs.slide_look import GREY, TEXT
from reports.deck.chart_look import SIZE, SMALLEST, brush_of, height_of, runs
from reports.deck.chart_xml import Run

LABELS = 0.42  # of the width at most, for labels
INDENT = 10.0
AIR = 0.45  # of a line, at least, between heights
MOST_AIR = 2.0
KEY_WORDS = re.compile(r"(.+?) \((.+)\)$", re.DOTALL)  # "22.6 (4.7 to 39.1)"
ROOMY = 66.0  # points of a height that can bear its numbers above and below the mark
FEW = 4


@dataclass(frozen=True)
class Height:
    """Rows of one label beside each other in a list, or, without rows, the name of a group."""

    label: str
    rows: tuple[Row, ...]
    group: str = ""
    detail: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.group, self.label


def heights_of(rows: Sequence[Row]) -> list[Height]:
    """Rows of the same group and label in sequence at one height; each group under its name."""
    found: list[Height] = []
    group = ""
    for (own, label), same in groupby(rows, key=lambda row: (row.group, row.label)):
        if own != group and own:
            found.append(Height(own, ()))
        group = own
        members = tuple(same)
        found.append(Height(label, members, own, next((row.detail for row in members if row.detail), "")))
    return found


def label_lines(height: Height, width: float, size: float, arms: Sequence[ArmStyle]) -> list[Run]:
    """What stands left of a height: its label, and the detail below it."""
    bold = not height.rows or any(row.leading for row in height.rows)
    inside = width - (INDENT if height.group else 0.0)
    named = {row.arm for row in height.rows}
    brush = brush_of(named.pop() if len(named) == 1 else "", arms)
    own = brush_of(height.label, arms)
    colour = own.words if own.words != TEXT else brush.words
    first = runs(height.label, inside, size, colour, bold=bold or own.words != TEXT)
    return [*first, *(runs(height.detail, inside, size, GREY, most=2) if height.detail else [])]


def words_lines(height: Height, width: float, size: float, arms: Sequence[ArmStyle]) -> list[Run]:
    """What stands right of a height: the words of its rows, each in lines of its own."""
    return [
        run
        for row in height.rows
        for run in runs(row.words, width, size, brush_of(row.arm, arms).words, bold=row.leading, most=2)
        if run.text
    ]


def key_words(words: str) -> tuple[str, str]:
    """ "22.6", "4.7 to 39.1"; the second is empty where there is no interval."""
    found = KEY_WORDS.match(words)
    return (found[1], found[2]) if found else (words, "")


def least(height: Height, label: float, words: float, size: float, arms: Sequence[ArmStyle]) -> float:
    """Points that a height needs."""
    taller = max(
        height_of(label_lines(height, label, size, arms)),
        height_of(words_lines(height, words, size, arms)) if words else size,
    )
    return taller + AIR * size


def rhythm(
    heights: Sequence[Height], label: float, words: float, room: float, arms: Sequence[ArmStyle]
) -> tuple[float, list[float]]:
    """The largest size in which all heights have room, and the points of each; at the smallest they may not fit."""
    for size in range(int(SIZE), int(SMALLEST) - 1, -1):
        each = [least(height, label, words, size, arms) for height in heights]
        if sum(each) <= room:
            air = min((room - sum(each)) / len(each), MOST_AIR * size)
            return float(size), [high + air for high in each]
    return SMALLEST, each


def roomy(heights: Sequence[Height], room: float) -> bool:
    """Whether the numbers can stand at the marks: few heights of one row each."""
    single = all(len(height.rows) == 1 for height in heights)
    return single and 0 < len(heights) <= FEW and room / len(heights) >= ROOMY


def parts(heights: Sequence[Height], room: float, needed: Sequence[float]) -> list[list[Height]]:
    """The heights in as many pages as they need; a group that goes on is named again."""
    pages: list[list[Height]] = [[]]
    used = 0.0
    for at, (height, points) in enumerate(zip(heights, needed, strict=True)):
        follows = needed[at + 1] if not height.rows and at + 1 < len(needed) else 0.0
        if pages[-1] and used + points + follows > room:
            pages.append([])
            used = 0.0
        pages[-1].append(height)
        if len(pages[-1]) == 1 and height.group:
            used += SMALLEST * (1.2 + AIR)
        used += points
    return pages


def only(chart: Rows, keys: set[tuple[str, str]]) -> Rows:
    return replace(chart, rows=tuple(row for row in chart.rows if (row.group, row.label) in keys))


def level(chart: Panels) -> bool:
    """Whether the panels have the same heights in the same order."""
    return [h.key for h in heights_of(chart.left.rows)] == [h.key for h in heights_of(chart.right.rows)]
