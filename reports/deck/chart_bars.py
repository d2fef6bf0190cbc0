"""Bars as a native chart: stacked or beside each other, upright or level, in the fills of states and arms."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pptx.enum.chart import XL_CHART_TYPE
from pptx.slide import Slide as PptxSlide

from outputs.output import ArmStyle
from outputs.slide_chart import Bars, BarSeries
from outputs.slide_look import AXIS, GREY, INK, PAGE, TEXT, Fill, state_fill
from outputs.wording import fixed
from reports.deck.box import Box
from reports.deck.chart_axis import Span, span_of
from reports.deck.chart_book import DATA, Block, Drawing, Sheet, workbook
from reports.deck.chart_look import GAP, SIZE, SMALLEST, height_of, leading, runs, wide, width_of
from reports.deck.chart_scatter import Inner, chart_space, legend_of, put
from reports.deck.chart_xml import (
    Element,
    Run,
    all_words,
    colour_fill,
    label,
    labels,
    node,
    pattern_fill,
    placed,
    shape,
    stroke,
    title,
    val,
)

CATEGORIES, VALUES = 333333333, 444444444
NAMES = 0.3  # of the width at most, for categories at the left
BAR = 0.62  # of the room of a category
SHADES = ("#44525F", "#8C96A1", "#C4CAD1", "#68727D", "#E1E4E8")  # of series that are neither state nor arm


@dataclass(frozen=True)
class Room:
    """The plot of bars: its frame and margins, its axis, the size of words, and the lines of the legend."""

    box: Box
    inner: Inner
    value: Span
    size: float
    names: tuple[str, ...]
    legend: float

    @property
    def along(self) -> float:
        return self.box.width.pt - self.inner.left - self.inner.right

    @property
    def down(self) -> float:
        return self.box.height.pt - self.inner.top - self.inner.bottom


def draw_bars(
    slide: PptxSlide, chart: Bars, box: Box, *, arms: tuple[ArmStyle, ...], alt: str, font: str
) -> None:
    """A chart of bars; the names of its parts above it, where there are several."""
    room = _room(chart, box)
    header = ("Category", *(_unique([each.name for each in chart.series])))
    sheet = Sheet(DATA, header)
    rows = zip(chart.categories, *([float(v) for v in each.values] for each in chart.series), strict=True)
    block = sheet.add([tuple(row) for row in rows])
    series = [_series(chart, at, block, room, arms, font) for at in range(len(chart.series))]
    plot = node(
        "c:barChart",
        val("c:barDir", "bar" if chart.horizontal else "col"),
        val("c:grouping", "stacked" if chart.stacked else "clustered"),
        val("c:varyColors", 0),
        *series,
        val("c:gapWidth", round(100 * (1 - BAR) / BAR)),
        val("c:overlap", 100 if chart.stacked else 0),
        val("c:axId", CATEGORIES),
        val("c:axId", VALUES),
    )
    drawing = Drawing(_space(chart, plot, room, font), workbook([sheet]))
    kind = XL_CHART_TYPE.BAR_STACKED if chart.stacked else XL_CHART_TYPE.BAR_CLUSTERED
    put(slide, drawing, kind, box, name="Chart", alt=alt)


def _unique(names: Sequence[str]) -> list[str]:
    return [name if name not in names[:at] else f"{name} ({at + 1})" for at, name in enumerate(names)]


def value_span(chart: Bars) -> Span:
    """The axis of the values: from 0 to the highest bar."""
    finite = [[v if math.isfinite(v) else 0.0 for v in each.values] for each in chart.series]
    ups = [[max(v, 0.0) for v in each] for each in finite]
    downs = [[min(v, 0.0) for v in each] for each in finite]
    if chart.stacked:
        tops = [*map(sum, zip(*ups, strict=True)), *map(sum, zip(*downs, strict=True))]
    else:
        tops = [v for each in finite for v in each]
    return span_of(chart.value, [0.0, *tops])


def _room(chart: Bars, box: Box) -> Room:
    """The margins that titles, legend, categories and ticks need."""
    width, height = box.width.pt, box.height.pt
    value = value_span(chart)
    legend = _legend_height(chart, width)
    ticks = max((wide(words, SIZE) for _, words in value.ticks), default=0.0)
    if chart.horizontal:
        size = category_size(chart, height - legend - 4 * SIZE)
        widest = max((wide(name, size) for name in chart.categories), default=0.0)
        left = min(widest, width * NAMES) + 3 * GAP
        inner = Inner(left, legend + GAP, max(ticks / 2, 2 * GAP) + 3 * SIZE, 3.6 * SIZE)
        most = max(1, int((height - legend - 4 * SIZE) / max(len(chart.categories), 1) / (size * 1.2)))
        names = tuple(_shown(name, left - 3 * GAP, size, min(most, 3)) for name in chart.categories)
        return Room(box, inner, value, size, names, legend)
    heading = height_of(runs(chart.value.title, width, SIZE, GREY, most=2))
    left = ticks + 3 * GAP
    each = (width - left - 2 * GAP) / max(len(chart.categories), 1)
    size = _upright_size(chart.categories, each)
    names = tuple(_shown(name, each - 4, size, 3) for name in chart.categories)
    under = max((height_of(runs(name, each - 4, size, GREY)) for name in names), default=0.0)
    inner = Inner(left, heading + legend + 1.5 * SIZE, 2 * GAP, under + 3 * GAP)
    return Room(box, inner, value, size, names, legend)


def category_size(chart: Bars, height: float) -> float:
    """The largest size in which a line per category has room."""
    each = height / max(len(chart.categories), 1)
    return max(SMALLEST, min(SIZE, math.floor(each / 1.45)))


def _upright_size(names: Sequence[str], width: float) -> float:
    longest = max((wide(word, 1.0) for name in names for word in name.split()), default=1.0)
    return max(SMALLEST, min(SIZE, math.floor((width - 4) / longest)))


def _shown(name: str, width: float, size: float, most: int) -> str:
    return " ".join(run.text for run in runs(name, width, size, GREY, most=most))


def _legend_height(chart: Bars, width: float) -> float:
    """Of the names of the parts in lines, 0 where there is one part."""
    if len(chart.series) < 2:
        return 0.0
    names = sum(wide(_shown(each.name, width / 3, SIZE, 1), SIZE) + 34 for each in chart.series)
    return math.ceil(names / (width * 0.9)) * SIZE * 1.5


def fill_of(series: BarSeries, at: int, arms: Sequence[ArmStyle]) -> Fill:
    """The fill of a state, of an arm, or of what is neither."""
    state = state_fill(series.fill)
    if state:
        return state
    arm = next((arm for arm in arms if series.fill and series.fill in (arm.trt, arm.label)), None)
    colour = arm.colour if arm else SHADES[at % len(SHADES)]
    return Fill(colour, PAGE if arm or colour in (INK, "#68727D") else TEXT)


def _painted(fill: Fill) -> Element:
    if fill.hatch:
        return shape(pattern_fill(fill.hatch, fill.hatch_colour, PAGE), stroke(fill.outline, 1.0))
    return shape(colour_fill(fill.colour), stroke(fill.outline or PAGE, 1.0))


def _series(chart: Bars, at: int, block: Block, room: Room, arms: Sequence[ArmStyle], font: str) -> Element:
    own = chart.series[at]
    column = block.sheet.header[at + 1]
    fill = fill_of(own, at, arms)
    return node(
        "c:ser",
        val("c:idx", at),
        val("c:order", at),
        block.title(column, _shown(own.name, room.box.width.pt / 3, SIZE, 1)),
        _painted(fill),
        val("c:invertIfNegative", 0),
        _labels(chart, own, fill, room, font),
        node("c:cat", block.cells("Category").texts(room.names)),
        node("c:val", block.cells(column).numbers()),
    )


def _labels(chart: Bars, own: BarSeries, fill: Fill, room: Room, font: str) -> Element | None:
    """The words of the parts that have room for them."""
    size = max(SMALLEST, min(SIZE, room.size))
    beside = not chart.stacked
    place = "outEnd" if beside else "ctr"
    colour = TEXT if beside else fill.words
    said = own.words or tuple(bar_words(value, room.value) for value in own.values)
    made = [
        label(at, [Run(words, size, colour)], place, font)
        for at, (words, value) in enumerate(zip(said, own.values, strict=True))
        if words
        and math.isfinite(value)
        and (value or own.words)
        and _has_room(chart, words, value, room, size)
    ]
    return labels(made) if made else None


def bar_words(value: float, axis: Span) -> str:
    """A value as it is written in its bar, in the unit of the axis."""
    if not math.isfinite(value):
        return ""
    sign = "%" if axis.ticks and axis.ticks[-1][1].endswith("%") else ""
    return fixed(value, 0 if sign or value == round(value) else 1) + sign


def _has_room(chart: Bars, words: str, value: float, room: Room, size: float) -> bool:
    parts = 1 if chart.stacked else len(chart.series)
    length = abs(value) / (room.value.high - room.value.low)
    across, along = wide(words, size), size * leading(words)
    if chart.horizontal:
        thick = room.down / max(len(chart.categories), 1) * BAR / parts
        return thick >= along * 0.95 and (not chart.stacked or room.along * length >= across + 2)
    thick = room.along / max(len(chart.categories), 1) * BAR / parts
    return thick * (1 if chart.stacked else 1.3) >= across and (
        not chart.stacked or room.down * length >= along
    )


def _space(chart: Bars, plot: Element, room: Room, font: str) -> Element:
    width, height = room.box.width.pt, room.box.height.pt
    inner = room.inner
    heading = foot = None
    if chart.horizontal:
        lines = runs(chart.value.title, room.along, SIZE, GREY, most=1)
        left = inner.left + (room.along - width_of(lines)) / 2
        down = (inner.top + room.down + 2 * SIZE) / height
        foot = title(lines, max(left, 0.0) / width, down, font) if chart.value.title else None
    elif chart.value.title:
        heading = title(runs(chart.value.title, width, SIZE, GREY, most=2), 0.0, 0.0, font, "l")
    area = node(
        "c:plotArea",
        placed(inner.left / width, inner.top / height, room.along / width, room.down / height, inner=True),
        plot,
        _category_axis(chart, room, font),
        _value_axis(chart, room, foot, font),
        shape(node("a:noFill"), stroke("")),
    )
    legend = None
    if room.legend:
        top = inner.top - room.legend - (GAP if chart.horizontal else SIZE)
        where = placed(inner.left / width, top / height, (width - inner.left) / width, room.legend / height)
        legend = legend_of((), where, font)
    return chart_space(heading, area, legend, font)


def _category_axis(chart: Bars, room: Room, font: str) -> Element:
    return node(
        "c:catAx",
        val("c:axId", CATEGORIES),
        node("c:scaling", val("c:orientation", "maxMin" if chart.horizontal else "minMax")),
        val("c:delete", 0),
        val("c:axPos", "l" if chart.horizontal else "b"),
        node("c:numFmt", formatCode="General", sourceLinked=0),
        val("c:majorTickMark", "none"),
        val("c:minorTickMark", "none"),
        val("c:tickLblPos", "low"),
        shape(None, stroke(AXIS)),
        all_words(room.size, TEXT, font),
        val("c:crossAx", VALUES),
        val("c:crosses", "autoZero"),
        val("c:auto", 0),
        val("c:lblAlgn", "ctr"),
        val("c:lblOffset", 60),
        val("c:noMultiLvlLbl", 1),
    )


def _value_axis(chart: Bars, room: Room, foot: Element | None, font: str) -> Element:
    step = even_step(room.value)
    return node(
        "c:valAx",
        val("c:axId", VALUES),
        node(
            "c:scaling",
            val("c:logBase", 10) if room.value.log else None,
            val("c:orientation", "minMax"),
            val("c:max", room.value.high),
            val("c:min", room.value.low),
        ),
        val("c:delete", 0),
        val("c:axPos", "b" if chart.horizontal else "l"),
        foot,
        node("c:numFmt", formatCode=number_format(room.value), sourceLinked=0),
        val("c:majorTickMark", "out" if chart.horizontal else "none"),
        val("c:minorTickMark", "none"),
        val("c:tickLblPos", "nextTo"),
        shape(None, stroke(AXIS if chart.horizontal else "")),
        all_words(SIZE, GREY, font),
        val("c:crossAx", CATEGORIES),
        val("c:crosses", "max" if chart.horizontal else "autoZero"),
        val("c:crossBetween", "between"),
        val("c:majorUnit", step) if step else None,
    )


def even_step(axis: Span) -> float:
    """The distance of ticks that are evenly apart; 0 where they are not."""
    values = [value for value, _ in axis.ticks]
    steps = [later - earlier for earlier, later in pairwise(values)]
    even = steps and not axis.log and max(steps) - min(steps) < 1e-9 * abs(max(steps))
    return steps[0] if even else 0.0


def number_format(axis: Span) -> str:
    """Numbers without sign, those left of 0 in two-sided bars too; a percent sign at the last tick alone."""
    last = axis.ticks[-1] if axis.ticks else (0.0, "")
    two_sided = any(value < 0 and not re.match("[-−]", words) for value, words in axis.ticks)
    if last[1].endswith("%"):
        return f'[={last[0]:g}]0"%";0' if not two_sided else '0"%";0"%"'
    return "General;General" if two_sided else "General"
