"""Thresholds of a chart of lines, and where their words stand: the names of lines go before them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from outputs.slide_chart import Lines, Series
from outputs.slide_look import GREY, THRESHOLD
from reports.deck.chart_axis import Span
from reports.deck.chart_ends import SMALL, Stack
from reports.deck.chart_look import GAP, SMALLEST, SPACE, height_of, runs, wide, width_of
from reports.deck.chart_scatter import Scatter
from reports.deck.chart_xml import Run, stroke


@dataclass(frozen=True)
class Threshold:
    """A line through the plot, and its words; none where the tick at its value says them."""

    value: float
    name: str
    words: str

    @property
    def width(self) -> float:
        return wide(self.words, SMALL) if self.words else 0.0


def with_named_ticks(chart: Lines, y: Span) -> Span:
    """The axis whose ticks at a threshold say what it is: "response 30"."""
    named = dict(chart.thresholds)
    return replace(y, ticks=tuple((value, _named(named.get(value, ""), tick)) for value, tick in y.ticks))


def _named(words: str, tick: str) -> str:
    return words if words.endswith(tick) else f"{words} {tick}".strip()


def thresholds_of(chart: Lines, y: Span) -> list[Threshold]:
    """Those within the axis."""
    ticks = {value for value, _ in y.ticks}
    return [
        Threshold(value, words or f"{value:g}", "" if value in ticks else words)
        for value, words in chart.thresholds
        if y.within(value)
    ]


def draw_thresholds(
    plot: Scatter,
    thresholds: Sequence[Threshold],
    stack: Stack | None,
    series: Sequence[Series],
    right: float,
) -> None:
    """Each line, its words at the right or, where a name stands there, above its left end; else it has none."""
    taken = _spans(plot, stack)
    for each in thresholds:
        ends = [(plot.x.low, each.value), (plot.x.high, each.value)]
        plot.path(f"Threshold {each.name}", ends, line=stroke(THRESHOLD, 1, "sysDot"))
        if not each.words:
            continue
        lines = runs(each.words, right, SMALL, GREY, most=2)
        middle, half = plot.y.share(each.value) * plot.height, height_of(lines) / 2
        own = middle - half, middle + half
        if _free(own, taken):
            taken.append(own)
            plot.say(plot.edge, each.value, aside(lines), "r", "l")
        else:
            _at_left(plot, each, series)


def aside(lines: Iterable[Run]) -> list[Run]:
    """Words right of what is drawn, a space from it."""
    return [replace(line, text=SPACE + line.text) for line in lines]


def _spans(plot: Scatter, stack: Stack | None) -> list[tuple[float, float]]:
    """Points from the foot that the names at the right take."""
    if stack is None:
        return []
    middles = [share * plot.height for share in stack.shares]
    halves = [(height_of(lines) + GAP / 2) / 2 for lines in stack.lines]
    return [(middle - half, middle + half) for middle, half in zip(middles, halves, strict=True)]


def _free(own: tuple[float, float], taken: Iterable[tuple[float, float]]) -> bool:
    return all(own[1] <= low or high <= own[0] for low, high in taken)


def _at_left(plot: Scatter, each: Threshold, series: Sequence[Series]) -> None:
    """The words above the left end of their line, where nothing is drawn."""
    lines = [Run(each.words, SMALLEST, GREY)]
    middle = plot.y.share(each.value) * plot.height + height_of(lines) / 2
    own = middle - height_of(lines) / 2, middle + height_of(lines) / 2
    end = plot.x.value(min((width_of(lines) + GAP) / plot.width, 1.0))
    drawn = [_drawn(plot, one, end) for one in series]
    if own[1] <= plot.height and _free(own, [span for span in drawn if span]):
        plot.say(plot.x.low, plot.y.value(middle / plot.height), lines, "r", "l")


def _drawn(plot: Scatter, series: Series, end: float) -> tuple[float, float] | None:
    """Points from the foot that a line and its intervals take up to there, and to its next point."""
    within = [at for at, x in enumerate(series.x) if x <= end]
    reached = [*within, within[-1] + 1] if within else []
    values = [
        min(max(values[at], plot.y.low), plot.y.high)
        for values in (series.y, series.low, series.high)
        for at in reached
        if at < len(values) and values[at] == values[at]
    ]
    shares = [plot.y.share(value) * plot.height for value in values]
    return (min(shares), max(shares)) if shares else None
