"""Points of two measures as a native chart, with lines and their words through the plot."""

import math
from collections.abc import Sequence

from pptx.slide import Slide as PptxSlide

from outputs.output import ArmStyle
from outputs.slide_chart import Points
from outputs.slide_look import GREY, THRESHOLD, shade
from reports.deck.box import Box
from reports.deck.chart_axis import span_of
from reports.deck.chart_ends import End, stacked
from reports.deck.chart_lines import HEADER, rows_of
from reports.deck.chart_look import GAP, PALE, SIZE, brush_of, height_of, marker, runs, wide, width_of
from reports.deck.chart_scatter import ErrorBars, Inner, Scatter
from reports.deck.chart_xml import stroke

RIGHT = 0.25  # of the width at most, for words at the ends of lines
MANY = 60  # points of a series; more are drawn smaller


def draw_points(
    slide: PptxSlide, chart: Points, box: Box, *, arms: tuple[ArmStyle, ...], alt: str, font: str
) -> None:
    """A chart of points; names of series above the plot in their colours and marks."""
    plot = _room(chart, box, font)
    across = [(value, words) for axis, value, words in chart.lines if axis == "y" and plot.y.within(value)]
    upright = [(value, words) for axis, value, words in chart.lines if axis == "x" and plot.x.within(value)]
    for value, words in across:
        plot.path(
            f"Line {words}", [(plot.x.low, value), (plot.x.high, value)], line=stroke(THRESHOLD, 1, "sysDot")
        )
    for value, words in upright:
        plot.path(
            f"Line {words}", [(value, plot.y.low), (value, plot.y.high)], line=stroke(THRESHOLD, 1, "sysDot")
        )
        plot.say(value, plot.y.high, runs(words, plot.width / 3, 12.0, GREY, most=1), "t")
    ends = [End(words, plot.y.share(value), GREY, bold=False) for value, words in across if words]
    stack = stacked(ends, plot.inner.right - 2 * GAP, plot.height)
    for share, lines in zip(stack.shares, stack.lines, strict=True) if stack else ():
        plot.say(plot.edge, plot.y.value(share), lines, "r", "l")
    _draw(plot, chart, arms)
    plot.x_ticks(SIZE)
    plot.y_ticks(SIZE)
    plot.put(slide, name="Chart", alt=alt)


def _room(chart: Points, box: Box, font: str) -> Scatter:
    """The plot with the margins that its words need."""
    lines = {axis: [value for own, value, _ in chart.lines if own == axis] for axis in ("x", "y")}
    x = span_of(chart.x, [v for s in chart.series for v in s.x] + lines["x"])
    y = span_of(chart.y, [v for s in chart.series for v in (*s.y, *s.low, *s.high)] + lines["y"])
    width = box.width.pt
    heading = runs(chart.y.title, width, SIZE, GREY, most=2)
    footing = runs(chart.x.title, width * 0.7, SIZE, GREY, most=2)
    legend = SIZE * 1.8 if len(chart.series) > 1 else 0.0
    ticks = SIZE * 1.2 + GAP
    words = [words for axis, _, words in chart.lines if axis == "y"]
    beside = max((width_of(runs(each, width * RIGHT, SIZE, GREY)) for each in words), default=0.0) + 3 * GAP
    left = max((wide(words, SIZE) for _, words in y.ticks), default=0.0) + 2 * GAP
    above = height_of(heading) + legend + SIZE * (2.0 if lines["x"] else 1.0)
    plot = Scatter(box, Inner(left, above, beside, ticks + 2 * GAP + height_of(footing)), x, y, HEADER, font)
    plot.head(heading)
    plot.foot(footing, ticks + GAP, width_of(footing))
    if legend:
        plot.list_names(height_of(heading), legend)
    return plot


def _draw(plot: Scatter, chart: Points, arms: Sequence[ArmStyle]) -> None:
    for series in chart.series:
        brush = brush_of(series.arm, arms)
        rows = [row for row in rows_of(series, 0.0, plot.y) if math.isfinite(row[1])]
        if not rows:
            continue
        block = plot.data.add(rows)
        mark = marker(brush, 5 if len(rows) > MANY else 8, hollow=series.thin, rim=not series.thin)
        whisker = stroke(shade(brush.colour, PALE), 1.25)
        bars = [ErrorBars("y", block.cells("y below"), block.cells("y above"), whisker)] if series.low else []
        shown = " ".join(
            run.text for run in runs(series.name, plot.width / len(chart.series) - 30, SIZE, GREY, most=1)
        )
        plot.add(block.name(shown), block.cells("x"), block.cells("y"), mark=mark, bars=bars, listed=True)
