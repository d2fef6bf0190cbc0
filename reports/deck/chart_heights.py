"""Estimates one under the other: which stand at one height, and how high each of them is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from outputs.output import ArmStyle
from outputs.slide_chart import Panels, Row
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


def beside(heights: Sequence[Height]) -> list[tuple[Row | None, ...]]:
    """The rows of each height in columns: one per arm where a height has each arm once, else in their order."""
    most = max((len(height.rows) for height in heights), default=0)
    arms = list(dict.fromkeys(row.arm for height in heights for row in height.rows))
    if most > 1 and all(len({row.arm for row in height.rows}) == len(height.rows) for height in heights):
        return [
            tuple(next((r for r in height.rows if r.arm == arm), None) for arm in arms) for height in heights
        ]
    return [(*height.rows, *[None] * (most - len(height.rows))) for height in heights]


def words_lines(row: Row | None, width: float, size: float, arms: Sequence[ArmStyle]) -> list[Run]:
    """What stands right of a row."""
    if row is None or not row.words:
        return []
    return runs(row.words, width, size, brush_of(row.arm, arms).words, bold=row.leading, most=2)


def key_words(words: str) -> tuple[str, str]:
    """ "22.6", "4.7 to 39.1"; the second is empty where there is no interval."""
    found = KEY_WORDS.match(words)
    return (found[1], found[2]) if found else (words, "")


def needed(
    heights: Sequence[Height], label: float, words: Sequence[float], size: float, arms: Sequence[ArmStyle]
) -> list[float]:
    """Points that each height takes, with labels and words of those widths."""
    return [
        AIR * size
        + max(
            height_of(label_lines(height, label, size, arms)) if label else size,
            *(height_of(words_lines(row, wide, size, arms)) for row, wide in zip(rows, words, strict=False)),
            size,
        )
        for height, rows in zip(heights, beside(heights), strict=True)
    ]


def rhythm(
    heights: Sequence[Height], label: float, words: Sequence[float], room: float, arms: Sequence[ArmStyle]
) -> tuple[float, list[float]]:
    """The largest size in which all heights have room, and the points of each; at the smallest they may not fit."""
    for size in range(int(SIZE), int(SMALLEST) - 1, -1):
        each = needed(heights, label, words, size, arms)
        if sum(each) <= room:
            air = min((room - sum(each)) / len(each), MOST_AIR * size) if each else 0.0
            return float(size), [high + air for high in each]
    return SMALLEST, each


def roomy(heights: Sequence[Height], room: float) -> bool:
    """Whether the numbers can stand at the marks: few heights of one row each."""
    single = all(len(height.rows) == 1 for height in heights)
    return single and 0 < len(heights) <= FEW and room / len(heights) >= ROOMY


def level(chart: Panels) -> bool:
    """Whether the panels have the same heights in the same order."""
    return [h.key for h in heights_of(chart.left.rows)] == [h.key for h in heights_of(chart.right.rows)]
