"""The marks of one estimate: its point, its interval, and its numbers where they stand at the mark."""

import math
from collections.abc import Sequence
from dataclasses import replace

from outputs.output import ArmStyle
from outputs.slide_chart import Row
from outputs.slide_look import GREY
from reports.deck.chart_book import Block, Formula, finite
from reports.deck.chart_columns import Place
from reports.deck.chart_heights import key_words
from reports.deck.chart_look import GAP, KEY, SIZE, Brush, brush_of, marker, runs, wide
from reports.deck.chart_scatter import Scatter
from reports.deck.chart_xml import Element, Run, stroke


def row_brush(row: Row, arms: Sequence[ArmStyle]) -> Brush:
    """A difference belongs to no arm: a square in ink."""
    brush = brush_of(row.arm, arms)
    return replace(brush, marker="square") if brush == Brush() else brush


def draw_row(plot: Scatter, row: Row, middle: float, brush: Brush, place: Place, line: float | None) -> None:
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
