"""Bars as a native chart: stacked or beside each other, upright or level, in the fills of states and arms."""

import math
import re
from collections.abc import Sequence

from pptx.enum.chart import XL_CHART_TYPE
from pptx.slide import Slide as PptxSlide

from outputs.output import ArmStyle
from outputs.slide_chart import Bars, BarSeries
from outputs.slide_look import AXIS, GREY, PAGE, TEXT, Fill, shade_fill, state_fill
from outputs.wording import fixed
from reports.deck.box import Box
from reports.deck.chart_axis import Span
from reports.deck.chart_bar_room import Room, as_high_as_needed, even_step, number_format, room_for, shown
from reports.deck.chart_book import DATA, Block, Drawing, Sheet, workbook
from reports.deck.chart_look import GAP, SIZE, SMALLEST, leading, runs, wide, width_of
from reports.deck.chart_space import chart_space, legend_of, put
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
BAR = 0.62  # of the room of a category
SHADES = (1.0, 0.55, 0.3, 0.8, 0.15)  # of ink, of series that are neither state nor arm
SHADE = re.compile(r"[01](\.\d+)?")


def draw_bars(
    slide: PptxSlide, chart: Bars, box: Box, *, arms: tuple[ArmStyle, ...], alt: str, font: str
) -> None:
    """A chart of bars; the names of its parts above it, where there are several."""
    box = as_high_as_needed(chart, box)
    room = room_for(chart, box)
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


def fill_of(series: BarSeries, at: int, arms: Sequence[ArmStyle]) -> Fill:
    """The fill of a state, of an arm, a shade of ink, or what is told apart by its place alone."""
    state = state_fill(series.fill)
    if state:
        return state
    if SHADE.fullmatch(series.fill):
        return shade_fill(float(series.fill))
    arm = next((arm for arm in arms if series.fill and series.fill in (arm.trt, arm.label)), None)
    return Fill(arm.colour, PAGE) if arm else shade_fill(SHADES[at % len(SHADES)])


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
        block.title(column, shown(own.name, room.box.width.pt / 3, SIZE, 1)),
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
