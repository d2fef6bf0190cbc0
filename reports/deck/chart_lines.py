"""Lines over time as a native chart, and the table of numbers under it."""

import math
from collections.abc import Sequence
from dataclasses import replace

from pptx.slide import Slide as PptxSlide
from pptx.util import Emu, Pt

from outputs.output import ArmStyle
from outputs.slide_chart import Lines, Series
from outputs.slide_look import GREY, shade
from reports.deck.box import Box
from reports.deck.chart_axis import Span, span_of
from reports.deck.chart_below import draw_below, heights_below, names_width
from reports.deck.chart_book import Block, Formula, finite
from reports.deck.chart_ends import End, Stack, stacked
from reports.deck.chart_look import (
    GAP,
    PALE,
    SIZE,
    Brush,
    brush_of,
    height_of,
    marker,
    runs,
    wide,
    width_of,
)
from reports.deck.chart_scatter import ErrorBars, Inner, Scatter
from reports.deck.chart_thresholds import aside, draw_thresholds, thresholds_of, with_named_ticks
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
    y = with_named_ticks(chart, y)
    shifts = _shifts(chart, x)
    x = replace(x, low=x.low + min(0.0, *shifts), high=x.high + max(0.0, *shifts)) if any(shifts) else x
    under = Pt(sum(heights_below(chart.below)))
    upper = box.upper(Emu(box.height - under))
    plot, stack = _room(chart, upper, x, y, arms, font)
    draw_thresholds(plot, thresholds_of(chart, y), stack, chart.series, box.width.pt * RIGHT)
    for series, shift in sorted(zip(chart.series, shifts, strict=True), key=lambda pair: not pair[0].thin):
        _draw(plot, series, shift, brush_of(series.arm, arms), y, steps=chart.steps, plain=not stack)
    if stack:
        for share, lines in zip(stack.shares, stack.lines, strict=True):
            plot.say(plot.edge, y.value(share), aside(lines), "r", "l")
    plot.x_ticks(SIZE)
    plot.y_ticks(SIZE)
    plot.put(slide, name="Chart", alt=alt)
    if under:
        draw_below(slide, chart.below, plot, box, arms=arms, font=font)


def spans(chart: Lines) -> tuple[Span, Span]:
    """The axes."""
    ys = [v for s in chart.series for v in (*s.y, *s.low, *s.high)] + [value for value, _ in chart.thresholds]
    return span_of(chart.x, [v for s in chart.series for v in s.x]), span_of(chart.y, ys)


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
    named = max((stack.width if stack else 0.0), *(each.width for each in thresholds_of(chart, y)), 0.0)
    last = wide(x.ticks[-1][1] if x.ticks else "", SIZE)
    beside = min(named, width * RIGHT) + 2 * GAP if named else last
    words = max((wide(words, SIZE) for _, words in y.ticks), default=0.0)
    left = max(words + 2 * GAP, names_width(chart.below, width) + 4 * GAP)
    plot = Scatter(box, Inner(left, top, beside, bottom), x, y, HEADER, font)
    plot.head(heading)
    plot.foot(footing, ticks + GAP, width_of(footing))
    if stack is None:
        plot.list_names(height_of(heading), 2 * SIZE * 1.2)
    return plot, stack


def _ends(chart: Lines, y: Span, arms: Sequence[ArmStyle]) -> list[End]:
    """What stands at the right: each name once, at the height of its last mature value."""
    ends: list[End] = []
    for own in _by_arm(chart.series):
        first = min(own, key=lambda series: series.thin)
        last = next((value for value in reversed(first.y) if math.isfinite(value)), None)
        if not first.name or last is None or (y.log and last <= 0):
            continue
        behind = [s.name.removeprefix(f"{first.name}, ") for s in own if s.thin and s is not first]
        detail = f"thin: {behind[0]}" if behind and behind[0] != first.name else ""
        share = min(max(y.share(last), 0.0), 1.0)
        ends.append(End(first.name, share, brush_of(first.arm, arms).words, detail=detail))
    return ends


def _by_arm(series: Sequence[Series]) -> list[list[Series]]:
    """Lines that bear one name: those of an arm with what is thin of it, others by their own name."""
    thick = {each.arm: each.name for each in reversed(series) if each.arm and not each.thin}
    found: dict[tuple[str, str], list[Series]] = {}
    for each in series:
        name = thick.get(each.arm, each.name) if each.thin else each.name
        found.setdefault((each.arm, name), []).append(each)
    return list(found.values())


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
    whisker = stroke(shade(brush.colour, PALE), 1.0 if series.thin else 1.5)
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
        _step(plot, block, column, stroke(shade(brush.colour, PALE), 0.75, brush.dash), listed=False)
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
