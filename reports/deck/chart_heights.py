"""Estimates one under the other: which stand at one height, and how high each of them is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from outputs.output import ArmStyle
from outputs.slide_chart import Panels, Row
from outputs.slide_look import GREY, TEXT
from reports.deck.chart_look import LEADING, SIZE, SMALLEST, brush_of, height_of, runs
from reports.deck.chart_xml import Run

INDENT = 10.0
AIR, CLOSE = (
    0.45,
    0.25,
)  # of a line between heights, at least; where the smallest words would not fit otherwise
MOST_AIR = 3.0
KEY_WORDS = re.compile(r"(.+?) \((.+)\)$", re.DOTALL)  # "22.6 (4.7 to 39.1)"
ROOMY = 66.0  # points of a height that can bear its numbers above and below the mark
MOST_ROOMY = 100.0  # no higher, however few there are
FEW = 4


@dataclass(frozen=True)
class Widths:
    """Points that a line has: of labels, of details beside them, of names of groups, of the columns of words."""

    labels: float
    details: float
    groups: float
    words: tuple[float, ...] = ()


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
    """What stands left of a height."""
    named = {row.arm for row in height.rows}
    brush = brush_of(named.pop() if len(named) == 1 else "", arms)
    own = height.label in {arm.label for arm in arms} and bool(height.rows)
    bold = own or not height.rows or any(row.leading for row in height.rows)
    inside = width - (INDENT if height.group else 0.0)
    return runs(height.label, inside, size, brush.words if own else TEXT, bold=bold)


def detail_lines(height: Height, width: float, size: float, most: int = 2) -> list[Run]:
    """What is said of it beside or below its label."""
    return runs(height.detail, width, size, GREY, most=most) if height.detail else []


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
    """What stands right of a row: in one line, else its interval in a second one."""
    if row is None or not row.words:
        return []
    colour = brush_of(row.arm, arms).words
    whole = runs(row.words, width, size, colour, bold=row.leading, most=2)
    key, rest = key_words(row.words)
    if len(whole) == 1 or not rest:
        return whole
    parts = (key, f"({rest})")
    return [run for part in parts for run in runs(part, width, size, colour, bold=row.leading, most=1)]


def key_words(words: str) -> tuple[str, str]:
    """ "22.6", "4.7 to 39.1"; the second is empty where there is no interval."""
    found = KEY_WORDS.match(words)
    return (found[1], found[2]) if found else (words, "")


def needed(
    heights: Sequence[Height], widths: Widths, size: float, arms: Sequence[ArmStyle], air: float = AIR
) -> list[float]:
    """Points that each height takes, with labels, details and words of those widths."""
    found = []
    for height, rows in zip(heights, beside(heights), strict=True):
        across = widths.labels if height.rows else widths.groups
        lines = [label_lines(height, across, size, arms)] if widths.labels else []
        lines += [detail_lines(height, widths.details, size)] if widths.details else []
        lines += [words_lines(row, width, size, arms) for row, width in zip(rows, widths.words, strict=False)]
        found.append(air * size + max(size * LEADING, *map(height_of, lines), 0.0))
    return found


def rhythm(
    heights: Sequence[Height], widths: Widths, room: float, arms: Sequence[ArmStyle]
) -> tuple[float, list[float]]:
    """The largest size in which all heights have room, and the points of each.

    At the smallest they stand closer, and may not fit.
    """
    for size in range(int(SIZE), int(SMALLEST) - 1, -1):
        each = needed(heights, widths, size, arms)
        if sum(each) <= room and _whole(heights, widths, size, arms):
            air = min((room - sum(each)) / len(each), MOST_AIR * size) if each else 0.0
            return float(size), [high + air for high in each]
    each = needed(heights, widths, SMALLEST, arms, CLOSE)
    air = min(max(room - sum(each), 0.0) / max(len(each), 1), (AIR - CLOSE) * SMALLEST)
    return SMALLEST, [high + air for high in each]


def _whole(heights: Sequence[Height], widths: Widths, size: float, arms: Sequence[ArmStyle]) -> bool:
    """Whether no words of a row are shortened."""
    return not any(
        run.text.endswith("…") and not row.words.endswith("…")
        for rows in beside(heights)
        for row, width in zip(rows, widths.words, strict=False)
        for run in words_lines(row, width, size, arms)
        if row
    )


def roomy(heights: Sequence[Height], room: float) -> bool:
    """Whether the numbers can stand at the marks: few heights of one row each."""
    single = all(len(height.rows) == 1 for height in heights)
    return single and 0 < len(heights) <= FEW and room / len(heights) >= ROOMY


def at_marks(heights: Sequence[Height], room: float) -> list[float]:
    """The points of heights whose numbers stand at the marks."""
    return [min(room / len(heights), MOST_ROOMY)] * len(heights)


def level(chart: Panels) -> bool:
    """Whether the panels have the same heights in the same order."""
    return [h.key for h in heights_of(chart.left.rows)] == [h.key for h in heights_of(chart.right.rows)]
