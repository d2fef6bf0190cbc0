"""Estimates one under the other as a native chart, with their labels and words in a native table behind it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pptx.enum.text import PP_ALIGN
from pptx.slide import Slide as PptxSlide
from pptx.util import Emu, Pt

from outputs.output import ArmStyle
from outputs.slide_chart import Panels, Row, Rows
from outputs.slide_look import AXIS, GREY
from reports.deck.box import Box
from reports.deck.chart_axis import Span, span_of
from reports.deck.chart_book import Block, Formula, finite
from reports.deck.chart_heights import (
    INDENT,
    LABELS,
    Height,
    heights_of,
    key_words,
    label_lines,
    level,
    rhythm,
    roomy,
    words_lines,
)
from reports.deck.chart_look import GAP, KEY, SIZE, Brush, brush_of, marker, runs, wide, width_of
from reports.deck.chart_scatter import Inner, Scatter
from reports.deck.chart_table import bare_table, fill
from reports.deck.chart_xml import Element, Run, stroke

HEADER = ("Label", "x", "y", "low", "high", "Words", "Group", "Arm")
SIDES = 12.0  # size of what stands at the sides of the line
WORDS = 0.3  # of the width at most
PLOT = 0.34  # of the width at least
TOP, FOOT = SIZE * 1.7, SIZE * 3.6  # above and below the heights: sides of the line; ticks and title


@dataclass(frozen=True)
class Columns:
    """Points across: labels, plot, words."""

    labels: float
    plot: float
    words: float


@dataclass(frozen=True)
class Place:
    """Where the heights stand: points of each from the top, the size of words, whether numbers stand at the marks."""

    heights: Sequence[Height]
    points: Sequence[float]
    size: float
    at_marks: bool

    @property
    def total(self) -> float:
        return sum(self.points)

    def middle(self, at: int) -> float:
        """Points from the foot of the plot to the middle of a height."""
        return self.total - sum(self.points[:at]) - self.points[at] / 2


def draw_rows(
    slide: PptxSlide, chart: Rows, box: Box, *, arms: tuple[ArmStyle, ...], alt: str, font: str
) -> None:
    """A list of estimates: labels left, words right or, where there are few, at the marks."""
    heights = heights_of(chart.rows)
    columns, place = placed_in(heights, box, arms)
    if place.at_marks:
        columns = replace(columns, plot=columns.plot + columns.words, words=0.0)
    _panel(slide, chart, box, columns, place, arms=arms, alt=alt, font=font, name="Chart")


def draw_panels(
    slide: PptxSlide, chart: Panels, box: Box, *, arms: tuple[ArmStyle, ...], alt: str, font: str
) -> None:
    """Two lists side by side; where they are level the labels stand at the left alone."""
    left, right = boxes(chart, box)
    if not level(chart):
        draw_rows(slide, chart.left, left, arms=arms, alt=alt, font=font)
        _beside(slide, chart.right, right, arms=arms, alt=alt, font=font)
        return
    heights = heights_of(chart.left.rows)
    columns, place = placed_in(heights, left, arms)
    if place.at_marks:
        columns = replace(columns, plot=columns.plot + columns.words, words=0.0)
    _panel(slide, chart.left, left, columns, place, arms=arms, alt=alt, font=font, name="Chart")
    others = heights_of(chart.right.rows)
    widest = 0.0 if place.at_marks else words_width(others, right.width.pt * 0.5, place.size, arms)
    bare = Columns(0.0, right.width.pt - widest, widest)
    second = replace(place, heights=others)
    _panel(slide, chart.right, right, bare, second, arms=arms, alt=alt, font=font, name="Chart 2")


def _beside(
    slide: PptxSlide, chart: Rows, box: Box, *, arms: tuple[ArmStyle, ...], alt: str, font: str
) -> None:
    """A panel with heights of its own; few of them need no label, the axis says what they are."""
    heights = heights_of(chart.rows)
    room = box.height.pt - TOP - FOOT
    if roomy(heights, room) and len(heights) == 1:
        place = Place(heights, [room], SIZE, True)
        columns = Columns(0.0, box.width.pt, 0.0)
        _panel(slide, chart, box, columns, place, arms=arms, alt=alt, font=font, name="Chart 2")
        return
    draw_rows(slide, chart, box, arms=arms, alt=alt, font=font)


def boxes(chart: Panels, box: Box) -> tuple[Box, Box]:
    """The places of the two panels: 62 % and 33 % of the width, the labels being in the left one."""
    left, right = Emu(int(box.width * 0.62)), Emu(int(box.width * 0.33))
    aside = Emu(box.left + box.width - right)
    return Box(box.left, box.top, left, box.height), Box(aside, box.top, right, box.height)


def placed_in(heights: Sequence[Height], box: Box, arms: Sequence[ArmStyle]) -> tuple[Columns, Place]:
    """The columns and the rhythm of heights in a box."""
    width, room = box.width.pt, box.height.pt - TOP - FOOT
    at_marks = roomy(heights, room)
    widest = max((width_of(label_lines(h, math.inf, SIZE, arms)) for h in heights), default=0.0)
    labels = min(widest + INDENT + 3 * GAP, width * LABELS)
    words = 0.0 if at_marks else words_width(heights, width * WORDS, SIZE, arms)
    if at_marks:
        return Columns(labels, width - labels, 0.0), Place(
            heights, [room / len(heights)] * len(heights), SIZE, True
        )
    size, points = rhythm(heights, labels - 3 * GAP, words - 2 * GAP, room, arms)
    return Columns(labels, width - labels - words, words), Place(heights, points, size, False)


def words_width(heights: Sequence[Height], most: float, size: float, arms: Sequence[ArmStyle]) -> float:
    """Points that the words right of the plot take."""
    return min(
        max((width_of(words_lines(h, math.inf, size, arms)) for h in heights), default=0.0) + 2 * GAP, most
    )


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
    if not place.at_marks and (columns.labels or columns.words):
        _table(
            slide, box, columns, place, arms, font, f"{chart.x.title}: labels and words of the chart", name
        )
    labels = columns.labels if place.at_marks else 0.0
    left = Emu(box.left + Pt(columns.labels - labels))
    x = span_of(
        chart.x, [v for row in chart.rows for v in (row.estimate, row.low, row.high, _known(chart.line))]
    )
    edge = max((wide(words, SIZE) / 2 for _, words in x.ticks), default=0.0) + 2
    frame = Box(left, box.top, Pt(labels + columns.plot), Pt(TOP + place.total + FOOT))
    y = Span(0.0, place.total + TOP)
    left_edge, right_edge = _edges(chart, x, max(labels, edge), edge, frame.width.pt)
    plot = Scatter(frame, Inner(left_edge, 0.0, right_edge, FOOT), x, y, HEADER, font)
    _line(plot, chart)
    for at, height in enumerate(place.heights):
        spread = _spread(place, at, len(height.rows))
        for row, aside in zip(height.rows, spread, strict=True):
            _row(plot, row, place.middle(at) + aside, _brush(row, arms), place, chart.line)
        if labels:
            plot.say(x.low, place.middle(at), label_lines(height, labels - 3 * GAP, SIZE, arms), "l", "r")
    plot.x_ticks(SIZE if place.size >= SIZE else 12.0)
    footing = runs(chart.x.title, frame.width.pt, min(SIZE, max(place.size, 12.0)), GREY, most=1)
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


def _brush(row: Row, arms: Sequence[ArmStyle]) -> Brush:
    """A difference belongs to no arm: a square in ink."""
    brush = brush_of(row.arm, arms)
    return replace(brush, marker="square") if brush == Brush() else brush


def _known(value: float | None) -> float:
    return math.nan if value is None else value


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


def _row(plot: Scatter, row: Row, middle: float, brush: Brush, place: Place, line: float | None) -> None:
    """One estimate with its interval."""
    numbers = (float(row.estimate), middle, float(row.low), float(row.high))
    block = plot.data.add([(row.label, *numbers, row.words, row.group, row.arm)])
    _interval(plot, row, block, stroke(brush.colour, _thick(row, place)))
    for limit, beyond, sign in (
        (plot.x.low, row.low < plot.x.low, "‹"),
        (plot.x.high, row.high > plot.x.high, "›"),
    ):
        if beyond:
            plot.say(limit, middle, [Run(sign, place.size + 5, brush.words, True)], "ctr")
    if finite(row.estimate) is None or not plot.x.within(row.estimate):
        if place.at_marks:
            plot.say(plot.x.value(0.5), middle, runs(row.words, plot.width, SIZE, GREY), "ctr")
        return
    mark = marker(brush, _size(row, place), hollow=row.thin, rim=place.at_marks)
    plot.add(block.name(), block.cells("x"), block.cells("y"), mark=mark)
    if place.at_marks:
        key, rest = key_words(row.words)
        _at_mark(plot, row.estimate, middle + GAP, Run(key, KEY, brush.words, True), "t", line)
        if rest:
            _at_mark(plot, row.estimate, middle - GAP, Run(rest, SIZE, GREY), "b", line)


def _at_mark(plot: Scatter, x: float, y: float, words: Run, where: str, line: float | None) -> None:
    """A number above or below its mark, on a patch where the line of no difference runs through it."""
    half = wide(words.text, words.size, bold=words.bold) / 2
    crossed = (
        line is not None
        and plot.x.within(line)
        and abs(plot.x.share(line) - plot.x.share(x)) * plot.width < half
    )
    plot.say(x, y, [words], where, patch=crossed)


def _interval(plot: Scatter, row: Row, block: Block, line: Element) -> None:
    """From limit to limit, as far as the axis goes: a line, since LibreOffice draws no level error bars."""
    if math.isnan(row.low) or math.isnan(row.high) or row.low > plot.x.high or row.high < plot.x.low:
        return
    at = block.first + 2
    ends = (
        Formula(f"=MAX(Data!D{at},{plot.x.low!r})", max(float(row.low), plot.x.low)),
        Formula(f"=MIN(Data!E{at},{plot.x.high!r})", min(float(row.high), plot.x.high)),
    )
    level = Formula(f"=Data!C{at}", finite(block.cells("y").values[0]) or 0.0)
    drawn = plot.drawn.add([(f"{row.label}, interval", end, level, None) for end in ends])
    plot.add(drawn.name(), drawn.cells("x"), drawn.cells("y"), line=line)


def _thick(row: Row, place: Place) -> float:
    return 1.0 if row.thin else 3.0 if place.at_marks else 2.25 if row.leading else 1.5


def _size(row: Row, place: Place) -> int:
    return 14 if place.at_marks else 9 if row.leading else 7


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
    widths = [columns.labels, columns.plot, columns.words]
    used = [at for at, width in enumerate(widths) if width or at == 1]
    under = box.below(Pt(TOP))
    grid = bare_table(
        slide, under, [widths[at] for at in used], place.points, name=f"Labels of {name}", alt=alt
    )
    for at, height in enumerate(place.heights):
        if columns.labels:
            cell = grid.cell(at, 0)
            cell.margin_left = Pt(INDENT if height.group else 0.0)
            fill(cell, label_lines(height, columns.labels - 3 * GAP, place.size, arms), font, PP_ALIGN.LEFT)
        if columns.words:
            cell = grid.cell(at, len(used) - 1)
            cell.margin_left = Pt(2 * GAP)
            fill(cell, words_lines(height, columns.words - 2 * GAP, place.size, arms), font, PP_ALIGN.LEFT)
