"""Estimates one under the other as a native chart, with their labels and words in a native table behind it."""

from dataclasses import replace

from pptx.enum.text import PP_ALIGN
from pptx.slide import Slide as PptxSlide
from pptx.util import Emu, Pt

from outputs.output import ArmStyle
from outputs.slide_chart import Panels, Rows
from outputs.slide_look import AXIS, GREY
from reports.deck.box import Box
from reports.deck.chart_axis import Span
from reports.deck.chart_columns import (
    FOOT,
    TOP,
    Columns,
    Place,
    boxes,
    line_share,
    placed_in,
    span_of_rows,
    words_widths,
)
from reports.deck.chart_heights import (
    INDENT,
    beside,
    detail_lines,
    heights_of,
    label_lines,
    level,
    roomy,
    words_lines,
)
from reports.deck.chart_look import GAP, SIZE, SMALLEST, runs, wide, width_of
from reports.deck.chart_row_marks import draw_row, row_brush
from reports.deck.chart_scatter import Inner, Scatter
from reports.deck.chart_table import bare_table, fill
from reports.deck.chart_xml import stroke

HEADER = ("Label", "x", "y", "low", "high", "Words", "Group", "Arm")
TITLE = 12.0  # size of the title of the axis where rows are small
SIDES = 12.0  # size of what stands at the sides of the line


def draw_rows(
    slide: PptxSlide, chart: Rows, box: Box, *, arms: tuple[ArmStyle, ...], alt: str, font: str
) -> None:
    """A list of estimates: labels left, words right or, where there are few, at the marks."""
    heights = heights_of(chart.rows)
    columns, place = placed_in(heights, box, arms, line_share(chart))
    _panel(slide, chart, box, columns, place, arms=arms, alt=alt, font=font, name="Chart")


def draw_panels(
    slide: PptxSlide, chart: Panels, box: Box, *, arms: tuple[ArmStyle, ...], alt: str, font: str
) -> None:
    """Two lists side by side; where they are level the labels stand at the left alone."""
    left, right = boxes(chart, box)
    heights = heights_of(chart.left.rows)
    columns, place = placed_in(heights, left, arms, line_share(chart.left))
    _panel(slide, chart.left, left, columns, place, arms=arms, alt=alt, font=font, name="Chart")
    if not level(chart):
        _beside(slide, chart.right, right, place.total, arms=arms, alt=alt, font=font)
        return
    others = heights_of(chart.right.rows)
    across = right.width.pt
    words = () if place.at_marks else words_widths(others, across, across * 0.55, arms)
    bare = Columns(0.0, 0.0, across - sum(words), words)
    second = replace(place, heights=others)
    _panel(slide, chart.right, right, bare, second, arms=arms, alt=alt, font=font, name="Chart 2")


def _beside(
    slide: PptxSlide,
    chart: Rows,
    box: Box,
    room: float,
    *,
    arms: tuple[ArmStyle, ...],
    alt: str,
    font: str,
) -> None:
    """A panel with heights of its own; a single one needs no label, the axis says what it is, and stands in the middle
    of the points that the other panel takes."""
    heights = heights_of(chart.rows)
    if roomy(heights, room) and len(heights) == 1:
        place = Place(heights, [room], SIZE, True)
        columns = Columns(0.0, 0.0, box.width.pt)
        _panel(slide, chart, box, columns, place, arms=arms, alt=alt, font=font, name="Chart 2")
        return
    draw_rows(slide, chart, box, arms=arms, alt=alt, font=font)


def _panel(
    slide: PptxSlide,
    chart: Rows,
    box: Box,
    columns: Columns,
    place: Place,
    *,
    arms: tuple[ArmStyle, ...],
    alt: str,
    font: str,
    name: str,
) -> None:
    """The table of labels and words, and the chart over its middle column."""
    if not place.at_marks:
        _table(
            slide, box, columns, place, arms, font, f"{chart.x.title}: labels and words of the chart", name
        )
    labels = columns.labels if place.at_marks else 0.0
    left = Emu(box.left + Pt(columns.labels + columns.details - labels))
    x = span_of_rows(chart)
    edge = max((wide(words, SIZE) / 2 for _, words in x.ticks), default=0.0) + 2
    frame = Box(left, box.top, Pt(labels + columns.plot), Pt(TOP + place.total + FOOT))
    y = Span(0.0, place.total + TOP)
    left_edge, right_edge = _edges(chart, x, max(labels, edge), edge, frame.width.pt)
    plot = Scatter(frame, Inner(left_edge, 0.0, right_edge, FOOT), x, y, HEADER, font)
    _line(plot, chart)
    for at, height in enumerate(place.heights):
        spread = _spread(place, at, len(height.rows))
        for row, aside in zip(height.rows, spread, strict=True):
            draw_row(plot, row, place.middle(at) + aside, row_brush(row, arms), place, chart.line)
        if labels:
            inside = columns.inside.labels
            lines = [*label_lines(height, inside, SIZE, arms), *detail_lines(height, inside, SIZE)]
            plot.say(x.low, place.middle(at), lines, "l", "r")
    plot.x_ticks(SIZE if place.size >= SIZE else 12.0)
    title_size = SIZE if place.size >= SIZE else TITLE
    footing = runs(chart.x.title, plot.width, title_size, GREY, most=3)
    if len(footing) > 2:
        footing = runs(chart.x.title, plot.width, SMALLEST, GREY, most=3)
    plot.foot(footing, SIZE * 1.2 + GAP, width_of(footing))
    plot.put(slide, name=name, alt=alt)


def _edges(chart: Rows, x: Span, left: float, right: float, width: float) -> tuple[float, float]:
    """Margins of the plot that leave room for what stands at the sides of the line."""
    if chart.line is None or not x.within(chart.line):
        return left, right
    share = min(max(x.share(chart.line), 0.05), 0.95)
    before, after = (wide(words, SIDES) + GAP if words else 0.0 for words in chart.sides)
    left = max(left, min((before - share * (width - right)) / (1 - share), width * 0.3))
    right = max(right, min((after - (1 - share) * (width - left)) / share, width * 0.3))
    return left, right


def _spread(place: Place, at: int, count: int) -> list[float]:
    """How far rows at one height stand from its middle, the first on top."""
    step = min(place.points[at] / (count + 1), place.size * 0.7)
    return [((count - 1) / 2 - i) * step for i in range(count)]


def _line(plot: Scatter, chart: Rows) -> None:
    """The line of no difference, and what lies on either side of it."""
    if chart.line is None or not plot.x.within(chart.line):
        return
    plot.path("Line", [(chart.line, plot.y.low), (chart.line, plot.y.high)], line=stroke(AXIS, 1.25))
    for words, where in zip(chart.sides, ("l", "r"), strict=True):
        share = plot.x.share(chart.line)
        room = plot.width * (share if where == "l" else 1 - share) + (
            plot.inner.left if where == "l" else plot.inner.right
        )
        lines = runs(words, max(room - GAP / 2, 40.0), SIDES, GREY, most=1) if words else []
        if lines:
            plot.say(chart.line, plot.y.high - TOP / 2, lines, where)


def _table(
    slide: PptxSlide,
    box: Box,
    columns: Columns,
    place: Place,
    arms: tuple[ArmStyle, ...],
    font: str,
    alt: str,
    name: str,
) -> None:
    """Labels and words in the rhythm of the chart, which stands over the column between them."""
    lefts = [width for width in (columns.labels, columns.details) if width]
    widths = [*lefts, columns.plot, *columns.words]
    grid = bare_table(slide, box.below(Pt(TOP)), widths, place.points, name=f"Labels of {name}", alt=alt)
    inside, size = columns.inside, place.size
    for at, (height, rows) in enumerate(zip(place.heights, beside(place.heights), strict=True)):
        if lefts:
            across = inside.labels if height.rows else inside.groups
            grid.cell(at, 0).margin_left = Pt(INDENT if height.group else 0.0)
            fill(grid.cell(at, 0), label_lines(height, across, size, arms), font, PP_ALIGN.LEFT)
        if len(lefts) == 2 and height.rows:
            fill(grid.cell(at, 1), detail_lines(height, inside.details, size), font, PP_ALIGN.LEFT)
        elif lefts and not height.rows:
            grid.cell(at, 0).merge(grid.cell(at, len(lefts)))
        for column, (row, width) in enumerate(zip(rows, inside.words, strict=False), start=len(lefts) + 1):
            cell = grid.cell(at, column)
            cell.margin_left = Pt(2 * GAP)
            fill(cell, words_lines(row, width, size, arms), font, PP_ALIGN.LEFT)
