"""The axis of study days and the margins that all figures of one participant share, so that they stand in line."""

import math

from charts.format import fixed
from charts.layout import week_ticks, x_axis, y_axis
from charts.theme import Look

DAY_WEEKS = (0, 4, 8, 12, 16, 20, 26, 34, 42, 52, 65, 78, 91, 104)
TICKS = (1, 3, 10, 30, 50, 100, 300, 1000)


def margins(compact: bool) -> tuple[float, float, float, float]:
    """Room at the left for the names of the rows; on a phone they stand above their row."""
    return (52, 22, 44, 48) if compact else (212, 140, 26, 48)


def with_air(days: tuple[float, float]) -> tuple[float, float]:
    air = 0.012 * (days[1] - days[0])
    return days[0] - air, days[1] + air


def day_axis(look: Look, first: float, last: float, *, compact: bool, **changes) -> dict:
    """Study days with the week below, at visits."""
    inside = [week for week in DAY_WEEKS if first <= 7 * week + 1 <= last] or [0]
    ticks = week_ticks(inside, DAY_WEEKS, most=6 if compact else 10)
    days = [7 * week + 1 for week in ticks]
    return x_axis(look, ticks=days, words=[_word(week) for week in ticks], showgrid=True, range=[first, last],
                  **changes)  # fmt: skip


def _word(week: float) -> str:
    return "day 1<br> " if week == 0 else f"{fixed(7 * week + 1)}<br>wk {fixed(week)}"


def count_axis(look: Look, limits: tuple[float, float]) -> dict:
    ticks = [tick for tick in TICKS if limits[0] <= tick <= limits[1]]
    span = [math.log10(limit) for limit in limits]
    return y_axis(look, ticks=ticks, words=[fixed(t) for t in ticks], type="log", range=span, anchor="x")
