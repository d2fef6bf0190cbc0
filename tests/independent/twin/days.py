"""Study days and the analysis windows of visits: there is no day 0."""

import math
from collections.abc import Sequence


def is_missing(value) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def is_day(value) -> bool:
    """A row whose day is missing, 0 or not whole is never used."""
    return not is_missing(value) and value != 0 and value == math.floor(value)


def calendar(day: float) -> float:
    """Day -1 is followed by day 1: calendar days since day 1."""
    return day - 1 if day > 0 else day


def span(start: float, end: float) -> float:
    """Calendar days from one study day to another (day -1 to day 1 is 1)."""
    return calendar(end) - calendar(start)


def plus(day: float, days: float) -> float:
    """The study day `days` calendar days later (day -3 + 28 is day 26)."""
    later = calendar(day) + days
    return later + 1 if later >= 0 else later


def window_of(avisitn: float, weeks: Sequence[float], last_window_days: int) -> tuple[float, float]:
    """First and last day of the analysis window of a visit; baseline is every day up to day 1."""
    if avisitn == 0:
        return -math.inf, 1
    targets = [7 * week + 1 for week in sorted(weeks) if week > 0]
    target = 7 * avisitn + 1
    position = targets.index(target)
    first = 2 if position == 0 else math.ceil((targets[position - 1] + target) / 2)
    if position == len(targets) - 1:
        return first, math.floor(target + last_window_days)
    midway = (target + targets[position + 1]) / 2
    last = math.floor(midway)
    return first, last - 1 if last == midway else last


def visit_of(day: float, weeks: Sequence[float], last_window_days: int) -> float | None:
    """The AVISITN whose analysis window holds the day, if one does."""
    for week in sorted({0, *weeks}):
        first, last = window_of(week, weeks, last_window_days)
        if first <= day <= last:
            return week
    return None
