"""Estimates one under the other with their intervals, as a forest; or two such lists."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from outputs.output import ArmStyle
from outputs.slide_chart import Panels, Row, Rows
from outputs.slide_look import TEXT, THRESHOLD
from reports.markup import Markup
from reports.svg.marks import Pen, line, paragraph, path, pen_of, point, words, x_axis
from reports.svg.plane import LINE, WIDTH, Scale, lines_of, scale_of, ticks_of, widest

TOP = 22.0
WIDEST_LABEL, WIDEST_WORDS = 230.0, 170.0
GAP = 18.0
INDENT = 14.0
PADDING = 12.0  # of a block, above and below its text together
AXIS = 50.0
BESIDE = 0.62  # of the width, for the left one of two lists at the same heights
BOLD = 1.1  # how much wider bold words are
OF_DIFFERENCES = Pen(colour=TEXT, marker="square")


@dataclass(frozen=True)
class Block:
    """The rows at one height, the lines of their label, and where the block begins and ends."""

    rows: tuple[Row, ...]
    label: tuple[str, ...]
    detail: tuple[str, ...]
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    def middles(self) -> list[float]:
        """The height of each of its rows."""
        first = self.middle - (len(self.rows) - 1) * LINE / 2
        return [first + place * LINE for place in range(len(self.rows))]


def rows_picture(chart: Rows, arms: Sequence[ArmStyle]) -> tuple[list[Markup], float]:
    """The picture of rows, and its height: names at the left, estimates in words at the right."""
    labels = _labels_width(chart)
    blocks, bottom = _blocks(chart, labels, TOP)
    drawn = [*_labels(blocks, labels, arms), *_panel(chart, blocks, bottom, labels + GAP, WIDTH, arms)]
    return drawn, bottom + AXIS


def panels_picture(chart: Panels, arms: Sequence[ArmStyle]) -> tuple[list[Markup], float]:
    """Two lists, beside each other where their heights are the same, else one below the other."""
    left, right = chart.left, chart.right
    if _keys(left) != _keys(right):
        above, height = rows_picture(left, arms)
        labels = _labels_width(right)
        blocks, bottom = _blocks(right, labels, height + TOP)
        below = _panel(right, blocks, bottom, labels + GAP, WIDTH, arms)
        return [*above, *_labels(blocks, labels, arms), *below], bottom + AXIS
    labels = _labels_width(left)
    blocks, bottom = _blocks(left, labels, TOP)
    others = _blocks(right, labels, TOP, heights=[block.bottom - block.top for block in blocks])[0]
    half = WIDTH * BESIDE
    return [
        *_labels(blocks, labels, arms),
        *_panel(left, blocks, bottom, labels + GAP, half, arms),
        *_panel(right, others, bottom, half + GAP, WIDTH, arms),
    ], bottom + AXIS


def _keys(chart: Rows) -> list[tuple[str, str]]:
    """Group and label of each height."""
    return [key for key, _ in groupby(chart.rows, key=lambda row: (row.group, row.label))]


def _labels_width(chart: Rows) -> float:
    names = [text for row in chart.rows for text in (row.label, row.detail)]
    return BOLD * widest(names, WIDEST_LABEL) + (INDENT if any(row.group for row in chart.rows) else 0.0)


def _blocks(
    chart: Rows, labels: float, top: float, *, heights: Sequence[float] = ()
) -> tuple[list[Block], float]:
    """The heights of a list, and where they end; `heights` are those of the list beside it."""
    blocks: list[Block] = []
    group = ""
    for place, ((own, label), together) in enumerate(
        groupby(chart.rows, key=lambda row: (row.group, row.label))
    ):
        rows = tuple(together)
        top += LINE + 8 if own and own != group else 0
        group = own
        room = labels - (INDENT if own else 0.0)
        lines, detail = lines_of(label, room + 4), lines_of(rows[0].detail, room + 4, most=2)
        texts = [lines_of(row.words, WIDEST_WORDS, most=2) for row in rows]
        needed = max(len(lines) + len(detail), len(rows), *(len(text) for text in texts)) * LINE + PADDING
        height = heights[place] if heights else needed
        blocks.append(Block(rows, tuple(lines), tuple(detail), top, top + height))
        top += height
    return blocks, top


def _labels(blocks: Sequence[Block], labels: float, arms: Sequence[ArmStyle]) -> list[Markup]:
    """The names of the heights, under those of their groups."""
    drawn: list[Markup] = []
    group = ""
    for block in blocks:
        row = block.rows[0]
        if row.group and row.group != group:
            name = lines_of(row.group, WIDTH, most=1)
            drawn += paragraph(0, block.top - (LINE + 8) / 2 + 4, name, colour=TEXT, bold=True)
        group = row.group
        left = INDENT if row.group else 0
        pen = pen_of(row.arm, arms) if len(block.rows) == 1 else Pen()
        down = len(block.detail) * LINE / 2
        drawn += paragraph(left, block.middle - down, block.label, colour=pen.words, bold=row.leading)
        drawn += paragraph(left, block.middle + len(block.label) * LINE / 2, block.detail, size=12)
    return drawn


def _panel(
    chart: Rows, blocks: Sequence[Block], bottom: float, left: float, right: float, arms: Sequence[ArmStyle]
) -> list[Markup]:
    """Axis, line of no difference, intervals, and the estimates in words at the right."""
    told = BOLD * widest([row.words for row in chart.rows], WIDEST_WORDS)
    values = [value for row in chart.rows for value in (row.estimate, row.low, row.high)]
    values += [] if chart.line is None else [chart.line]
    scale = scale_of(chart.x, values, left, right - told - (GAP if told else 12))
    top = blocks[0].top if blocks else TOP
    drawn = x_axis(chart.x, scale, ticks_of(chart.x, scale), bottom, top)
    if chart.line is not None:
        place = scale(chart.line)
        drawn.append(line((place, top), (place, bottom), colour=THRESHOLD))
        less, more = chart.sides
        drawn += [words(place - 8, top - 6, less, anchor="end", size=12)] if less else []
        drawn += [words(place + 8, top - 6, more, size=12)] if more else []
    for block in blocks:
        for row, middle in zip(block.rows, block.middles(), strict=True):
            pen = pen_of(row.arm, arms)
            drawn += _row(row, scale, middle, pen if row.arm else OF_DIFFERENCES)
            said = lines_of(row.words, told + 6, most=2)
            drawn += paragraph(scale.end + GAP, middle, said, colour=pen.words, bold=row.leading)
    return drawn


def _row(row: Row, scale: Scale, middle: float, pen: Pen) -> list[Markup]:
    """The interval, with an arrow where it goes on beyond the axis, and the estimate on it."""
    drawn = []
    if not (math.isnan(row.low) or math.isnan(row.high)):
        low, high = scale(row.low), scale(row.high)
        width = 1.4 if row.thin else 2.6
        drawn.append(line((low, middle), (high, middle), colour=pen.colour, width=width))
        drawn += [_arrow(low, middle, -1, pen.colour)] if row.low < scale.low else []
        drawn += [_arrow(high, middle, 1, pen.colour)] if row.high > scale.high else []
    if math.isfinite(row.estimate):
        radius = 6 if row.leading else 5
        drawn.append(point(scale(row.estimate), middle, pen, radius=radius, hollow=row.thin))
    return drawn


def _arrow(x: float, y: float, way: int, colour: str) -> Markup:
    return path([(x - way * 6, y - 4), (x, y), (x - way * 6, y + 4)], colour=colour, width=2)
