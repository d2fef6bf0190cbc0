"""Lines over time as a native chart, and the table of numbers under it."""

import math
from collections.abc import Sequence
from dataclasses import replace

from pptx.slide import Slide as PptxSlide
from pptx.util import Emu, Pt

from outputs.output import ArmStyle
from outputs.slide_chart import Lines, Series
from outputs.slide_look import GREY, PAGE, THRESHOLD
from reports.deck.box import Box
from reports.deck.chart_axis import Span, span_of
from reports.deck.chart_below import draw_below, heights_below, names_width
from reports.deck.chart_book import Block, Formula, finite
from reports.deck.chart_ends import End, Stack, stacked
from reports.deck.chart_look import GAP, SIZE, Brush, brush_of, height_of, marker, runs, wide, width_of
from reports.deck.chart_scatter import ErrorBars, Inner, Scatter
from reports.deck.chart_xml import stroke

HEADER = ("Series", "x", "y", "low", "high", "y below", "y above", "x drawn")
MOST_MARKERS = 40  # points of a line; more are drawn as a line alone
ASIDE = 0.004  # of the axis, between intervals of two arms at one time
RIGHT = 0.27  # of the width at most, for words at the ends of lines


def draw_lines(
    slide: PptxSlide, chart: Lines, box: Box, *, arms: tuple[ArmStyle, ...], alt: str, font: str
) -> None:
    """A chart of lines; `below` stands under it as a table whose numbers stand under the ticks."""
    x, y = spans(chart)
    shifts = _shifts(chart, x)
    x = replace(x, low=x.low + min(0.0, *shifts), high=x.high + max(0.0, *shifts)) if any(shifts) else x
    under = Pt(sum(heights_below(chart.below)))
    upper = box.upper(Emu(box.height - under))
    plot, stack = _room(chart, upper, x, y, arms, font)
    for words, value in chart_thresholds(chart, y):
        plot.path(
            f"Threshold {words or value}",
            [(x.low, value), (x.high, value)],
            line=stroke(THRESHOLD, 1, "sysDot"),
        )
    for series, shift in sorted(zip(chart.series, shifts, strict=True), key=lambda pair: not pair[0].thin):
        _draw(plot, series, shift, brush_of(series.arm, arms), y, steps=chart.steps, plain=not stack)
    if stack:
        for share, lines in zip(stack.shares, stack.lines, strict=True):
            plot.say(plot.edge, y.value(share), lines, "r", "l")
    plot.x_ticks(SIZE)
    plot.y_ticks(SIZE)
    plot.put(slide, name="Chart", alt=alt)
    if under:
        draw_below(slide, chart.below, plot, box, arms=arms, font=font)


def spans(chart: Lines) -> tuple[Span, Span]:
    """The axes."""
    ys = [v for s in chart.series for v in (*s.y, *s.low, *s.high)] + [value for value, _ in chart.thresholds]
    return span_of(chart.x, [v for s in chart.series for v in s.x]), span_of(chart.y, ys)


def chart_thresholds(chart: Lines, y: Span) -> list[tuple[str, float]]:
    return [(words, value) for value, words in chart.thresholds if y.within(value)]


def _room(
    chart: Lines, box: Box, x: Span, y: Span, arms: Sequence[ArmStyle], font: str
) -> tuple[Scatter, Stack | None]:
    """The plot with the margins that its words need, and the words at the ends of the lines."""
    width, height = box.width.pt, box.height.pt
    heading = runs(chart.y.title, width, SIZE, GREY, most=2)
    footing = runs(chart.x.title, width * 0.7, SIZE, GREY, most=2)
    ticks = SIZE * 1.2 + GAP
    top = height_of(heading) + SIZE
    bottom = ticks + GAP + height_of(footing) + GAP
    ends = _ends(chart, y, arms)
    stack = stacked(ends, width * RIGHT, height - top - bottom)
    if stack is None:
        top += 2 * SIZE * 1.2
    beside = stack.width + 2 * GAP if stack and stack.lines else wide(x.ticks[-1][1] if x.ticks else "", SIZE)
    words = max((wide(words, SIZE) for _, words in y.ticks), default=0.0)
    left = max(words + 2 * GAP, names_width(chart.below, width) + 3 * GAP)
    plot = Scatter(box, Inner(left, top, beside, bottom), x, y, HEADER, font)
    plot.head(heading)
    plot.foot(footing, ticks + GAP, width_of(footing))
    if stack is None:
        plot.list_names(height_of(heading), 2 * SIZE * 1.2)
    return plot, stack


def _ends(chart: Lines, y: Span, arms: Sequence[ArmStyle]) -> list[End]:
    """What stands at the right: thresholds, and each name once, at the height of its last mature value."""
    ends = [
        End(words, y.share(value), GREY, bold=False) for words, value in chart_thresholds(chart, y) if words
    ]
    named: dict[str, End] = {}
    for series in sorted(chart.series, key=lambda s: s.thin):
        last = next((value for value in reversed(series.y) if math.isfinite(value)), None)
        if series.name and series.name not in named and last is not None and (last > 0 or not y.log):
            share = min(max(y.share(last), 0.0), 1.0)
            named[series.name] = End(series.name, share, brush_of(series.arm, arms).words)
    return [*ends, *named.values()]


def _shifts(chart: Lines, x: Span) -> list[float]:
    """How far each line stands aside, so that intervals at one time do not cover each other."""
    arms = list(dict.fromkeys((s.arm or s.name) for s in chart.series if s.low))
    if chart.steps or x.log or len(arms) < 2:
        return [0.0] * len(chart.series)
    places = {arm: (at - (len(arms) - 1) / 2) * 2 * ASIDE * (x.high - x.low) for at, arm in enumerate(arms)}
    return [places.get(s.arm or s.name, 0.0) for s in chart.series]


def _draw(
    plot: Scatter, series: Series, shift: float, brush: Brush, y: Span, *, steps: bool, plain: bool
) -> None:
    if not series.x:
        return
    block = plot.data.add(rows_of(series, shift, y))
    width = 1.0 if series.thin else 2.5
    line = stroke(brush.colour, width, brush.dash)
    if steps:
        _draw_steps(plot, series, block, brush, y)
        return
    few = len(series.x) <= MOST_MARKERS
    mark = marker(brush, 6 if series.thin else 8, hollow=series.thin) if few else None
    whisker = stroke(paler(brush.colour), 1.0 if series.thin else 1.5)
    bars = [ErrorBars("y", block.cells("y below"), block.cells("y above"), whisker)] if series.low else []
    xs = block.cells("x drawn" if shift else "x")
    plot.add(block.name(), xs, block.cells("y"), line=line, mark=mark, bars=bars, listed=plain)


def rows_of(series: Series, shift: float, y: Span) -> list[tuple]:
    """The numbers of a series as the workbook holds them; intervals are drawn to the end of the axis at most."""
    lows = series.low or (math.nan,) * len(series.x)
    highs = series.high or (math.nan,) * len(series.x)
    return [
        (
            series.name,
            *(float(v) for v in (at, value, low, high)),
            distance(value, low, f"=C{{row}}-MAX(D{{row}},{y.low!r})", y),
            distance(value, high, f"=MIN(E{{row}},{y.high!r})-C{{row}}", y),
            Formula(f"=B{{row}}+{shift!r}", at + shift) if shift else None,
        )
        for at, value, low, high in zip(series.x, series.y, lows, highs, strict=True)
    ]


def distance(value: float, limit: float, formula: str, axis: Span) -> Formula | None:
    """From an estimate to its limit, or to the end of the axis; None where either is unknown."""
    if math.isnan(limit) or finite(value) is None:
        return None
    return Formula(formula, abs(value - min(max(limit, axis.low), axis.high)))


def _draw_steps(plot: Scatter, series: Series, block: Block, brush: Brush, y: Span) -> None:
    """A curve that stays level until its next point, and its limits as thin curves."""
    for column in ("low", "high") if series.low else ():
        _step(plot, block, column, stroke(paler(brush.colour), 0.75, brush.dash), listed=False)
    _step(plot, block, "y", stroke(brush.colour, 1.0 if series.thin else 2.5, brush.dash), listed=True)


def _step(plot: Scatter, block: Block, column: str, line, *, listed: bool) -> None:
    xs, ys = block.cells("x").values, block.cells(column).values
    letter = {"y": "C", "low": "D", "high": "E"}[column]
    rows = []
    for at in range(len(xs)):
        row = block.first + at + 2
        height = _copy(letter, row, ys[at])
        if at:
            rows.append((_copy("B", row, xs[at]), _copy(letter, row - 1, ys[at - 1])))
        rows.append((_copy("B", row, xs[at]), height))
    kind = "" if column == "y" else f", {column}"
    name = str(block.cells("Series").values[0])
    drawn = plot.drawn.add([(f"{name}{kind}", x, height, None) for x, height in rows])
    source = block if column == "y" else drawn
    plot.add(source.name(), drawn.cells("x"), drawn.cells("y"), line=line, listed=listed)


def _copy(letter: str, row: int, value) -> Formula | None:
    number = finite(value)
    return None if number is None else Formula(f"=Data!{letter}{row}", number)


def paler(colour: str, share: float = 0.55) -> str:
    """A colour as if it were that opaque on the page."""
    parts = [(int(colour[i : i + 2], 16), int(PAGE[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(own * share + page * (1 - share)):02X}" for own, page in parts)
