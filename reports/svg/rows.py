"""Estimates one under the other with their intervals, as a forest."""

import math
from collections.abc import Sequence

from outputs.output import ArmStyle
from outputs.slide_chart import Row, Rows
from outputs.slide_colours import TEXT, THRESHOLD
from reports.markup import Markup
from reports.svg.marks import Pen, line, paragraph, path, pen_of, point, words, x_axis
from reports.svg.plane import LINE, WIDTH, Scale, lines_of, scale_of, text_width, ticks_of

TOP = 14.0
WIDEST_LABEL, WIDEST_WORDS = 250.0, 190.0
GAP = 20.0
PADDING = 12.0  # of a row, above and below its text together
OF_DIFFERENCES = Pen(colour=TEXT, marker="square")


def rows_picture(chart: Rows, arms: Sequence[ArmStyle]) -> tuple[list[Markup], float]:
    """The picture of rows, and its height: names at the left, estimates in words at the right."""
    indent = 14.0 if any(row.group for row in chart.rows) else 0.0
    labels = min(max((text_width(row.label) for row in chart.rows), default=0) + indent + 8, WIDEST_LABEL)
    told = min(max((text_width(row.words) for row in chart.rows), default=0), WIDEST_WORDS)
    values = [value for row in chart.rows for value in (row.estimate, row.low, row.high)]
    if chart.line is not None:
        values.append(chart.line)
    scale = scale_of(chart.x, values, labels + GAP, WIDTH - told - GAP)
    drawn: list[Markup] = []
    top, group = TOP, ""
    for row in chart.rows:
        if row.group and row.group != group:
            drawn.append(words(0, top + LINE, row.group, colour=TEXT, bold=True))
            top += LINE + 8
        group = row.group
        label = lines_of(row.label, labels - indent - 8)
        said = lines_of(row.words, told + 6, most=2)
        height = max(len(label), len(said), 1) * LINE + PADDING
        drawn += _row(row, scale, top + height / 2, pen_of(row.arm, arms) if row.arm else OF_DIFFERENCES)
        pen = pen_of(row.arm, arms)
        drawn += paragraph(
            indent if row.group else 0, top + height / 2, label, colour=pen.words, bold=row.leading
        )
        drawn += paragraph(scale.end + GAP, top + height / 2, said, colour=TEXT, bold=row.leading)
        top += height
    behind = [] if chart.line is None else [_upright(scale(chart.line), TOP, top)]
    return [*behind, *x_axis(chart.x, scale, ticks_of(chart.x, scale), top, TOP), *drawn], top + 50


def _upright(x: float, top: float, bottom: float) -> Markup:
    return line((x, top), (x, bottom), colour=THRESHOLD)


def _row(row: Row, scale: Scale, middle: float, pen: Pen) -> list[Markup]:
    """The interval, with an arrow where it goes on beyond the axis, and the estimate on it."""
    drawn = []
    if not (math.isnan(row.low) or math.isnan(row.high)):
        low, high = scale(row.low), scale(row.high)
        drawn.append(line((low, middle), (high, middle), colour=pen.colour, width=2.6))
        if row.low < scale.low:
            drawn.append(_arrow(low, middle, -1, pen.colour))
        if row.high > scale.high:
            drawn.append(_arrow(high, middle, 1, pen.colour))
    if math.isfinite(row.estimate):
        drawn.append(point(scale(row.estimate), middle, pen, radius=6 if row.leading else 5))
    return drawn


def _arrow(x: float, y: float, way: int, colour: str) -> Markup:
    return path([(x - way * 6, y - 4), (x, y), (x - way * 6, y + 4)], colour=colour, width=2)
