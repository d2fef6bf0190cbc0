"""The axes of charts of a slide: percent, weeks, differences in points, ratios."""

from collections.abc import Iterable, Sequence

from charts.differences import difference_range
from charts.format import fixed, weeks
from charts.strategies import ratio_range
from outputs.slide_chart import Axis

QUARTERS = ((0.0, "0"), (25.0, "25"), (50.0, "50"), (75.0, "75"), (100.0, "100%"))


def percent_axis(title: str) -> Axis:
    """0 to 100%."""
    return Axis(title, 0, 100, QUARTERS)


def week_axis(ticks: Sequence[float], title: str = "Week of treatment") -> Axis:
    """From the first of the labelled weeks to the last."""
    return Axis(title, ticks[0], max(ticks[-1], ticks[0] + 1), tuple((week, weeks(week)) for week in ticks))


def points_axis(title: str, limits: Iterable[float], *, signed: bool = True) -> Axis:
    """Percentage points: 0 and every limit inside."""
    low, high, ticks = difference_range(list(limits))
    return Axis(title, low, high, tuple((tick, fixed(tick, signed=signed)) for tick in ticks))


def ratio_axis(title: str, limits: Iterable[float]) -> Axis:
    """Ratios on a log scale: a half to 2 at least."""
    low, high, ticks, words = ratio_range(list(limits))
    return Axis(title, low, high, tuple(zip(ticks, words, strict=True)), log=True)
