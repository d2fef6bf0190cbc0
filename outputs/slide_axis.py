"""The axes of charts of a slide: percent, weeks, differences in points, ratios."""

from collections.abc import Iterable, Sequence

import pandas as pd

from charts.course import COUNT_STEPS, SCORE_STEPS, UNIT, change_span, platelet_span, platelet_ticks
from charts.differences import difference_range
from charts.format import fixed, weeks
from charts.strategies import ratio_range
from outputs.slide_chart import Axis

RESPONSE_LINES = ((30.0, "response 30"), (50.0, "50"), (100.0, "complete 100"))  # ×10⁹/L
QUARTERS = ((0.0, "0"), (25.0, "25"), (50.0, "50"), (75.0, "75"), (100.0, "100%"))


def percent_axis(title: str) -> Axis:
    """0 to 100%."""
    return Axis(title, 0, 100, QUARTERS)


def week_axis(ticks: Sequence[float], last: float, title: str = "Week of treatment") -> Axis:
    """From the first of the labelled weeks to the last week."""
    return Axis(title, ticks[0], max(last, ticks[0] + 1), tuple((week, weeks(week)) for week in ticks))


def points_axis(title: str, limits: Iterable[float], *, signed: bool = True) -> Axis:
    """Percentage points: 0 and every limit inside."""
    low, high, ticks = difference_range(list(limits))
    return Axis(title, low, high, tuple((tick, fixed(tick, signed=signed)) for tick in ticks))


def ratio_axis(title: str, limits: Iterable[float]) -> Axis:
    """Ratios on a log scale: a half to 2 at least."""
    low, high, ticks, words = ratio_range(list(limits))
    return Axis(title, low, high, tuple(zip(ticks, words, strict=True)), log=True)


def platelet_axis(rows: pd.DataFrame, summary: str, *, log: bool = True) -> Axis:
    """Platelet counts, every interval inside; `summary` says what of them."""
    low, high = platelet_span(rows, log=log)
    ticks = tuple((float(tick), fixed(tick)) for tick in platelet_ticks(log=log, low=low, high=high))
    return Axis(f"Platelets, {UNIT}, {summary}", low, high, ticks, log=log)


def change_axis(rows: pd.DataFrame, title: str, *, score: bool = False) -> Axis:
    """Changes, of counts or of a score: 0 and every interval inside."""
    low, high, step = change_span(rows, SCORE_STEPS if score else COUNT_STEPS)
    return Axis(
        title,
        low,
        high,
        tuple((float(tick), fixed(tick, signed=True)) for tick in range(low, high + 1, step)),
    )
