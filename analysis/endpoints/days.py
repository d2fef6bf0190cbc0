"""Study days: day 1 is the first dose, there is no day 0, and a span counts calendar days.

Rule: docs/reference/endpoints.md, section 1 "Day". Days are float arrays, NaN where unknown, inf for "never ends".
"""

import numpy as np

FURTHEST = 2**30  # days beyond this are equal for sorting; a study day never comes near it


def is_day(day: np.ndarray) -> np.ndarray:
    """Whether each number is a study day: finite, whole and not 0."""
    return np.isfinite(day) & (day != 0) & (np.floor(day) == day)


def calendar(day: np.ndarray) -> np.ndarray:
    """Days on a scale without a gap (day 1 is 0, day -1 is -1), so that differences are spans."""
    return day - (day > 0)


def add_days(day: np.ndarray, days: np.ndarray | float) -> np.ndarray:
    """The study day that many calendar days later: day -3 plus 28 is day 26."""
    shifted = calendar(day) + days
    return shifted + (shifted >= 0)


def sort_key(group: np.ndarray, day: np.ndarray) -> np.ndarray:
    """One integer that sorts by group, then by day."""
    return group.astype(np.int64) * 2**32 + np.clip(day, -FURTHEST, FURTHEST).astype(np.int64)


def split_key(key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Group and day of each `sort_key`."""
    group = (key + 2**31) // 2**32
    return group, key - group * 2**32
