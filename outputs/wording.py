"""Numbers and sentences as they are read: look of every number in titles, tables and footnotes."""

import math

import numpy as np
import pandas as pd

from charts import format as number
from charts.format import IMMATURE_BELOW, date_text, escaped, fixed, lines_within, plural, rate, text_width
from trialdata.definition import Endpoint

__all__ = ["IMMATURE_BELOW", "date_text", "escaped", "fixed", "lines_within", "plural", "text_width"]

NOT_ESTIMABLE = "not estimable"
NOT_REACHED = "not reached"


def percent(share: float, n: int) -> str:
    """A percentage as in the figures; "–" where there is no estimate."""
    return "–" if math.isnan(share) else number.percent(share, n)


def percent_interval(low: float, high: float, n: int) -> str:
    """ "63 to 92": limits of a percentage, without the sign."""
    return NOT_ESTIMABLE if math.isnan(low) or math.isnan(high) else number.percent_range(low, high, n)


def points_and_interval(estimate: float, low: float, high: float, *, decimals: int = 0) -> tuple[str, str]:
    """A difference in percentage points, and its interval in words."""
    point, lower, upper = number.points(estimate, low, high, decimals=decimals)
    return point, f"{lower} to {upper}"


def ratio(value: float) -> str:
    if math.isnan(value):
        return NOT_ESTIMABLE
    return "infinite" if math.isinf(value) else fixed(value, 2)


def p_value(p: float) -> str:
    """ "p = 0.051", two decimals from 0.10, "p < 0.001" below."""
    if math.isnan(p):
        return ""
    if p < 0.001:
        return "p < 0.001"
    return f"p = {fixed(p, 3)}" if p < 0.0995 else f"p = {fixed(p, 2)}"


def weeks(days: float) -> str:
    """Days as weeks with one decimal."""
    return NOT_REACHED if math.isnan(days) else fixed(days / 7, 1)


def day(value: float) -> str:
    return "" if pd.isna(value) else fixed(value)


def count(value: float) -> str:
    """A platelet count, whole."""
    return "" if pd.isna(value) else fixed(value)


def ordinal(place: int) -> str:
    words = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    return words[place - 1] if place <= len(words) else f"{place}th"


def rate_words(n: int, due: int) -> str:
    """ "81%", or "3 of 7" where fewer than 10 are due."""
    return rate(n, due) if due else "nobody due"


def short_label(endpoint: Endpoint) -> str:
    """The endpoint's label up to the first comma or bracket."""
    return endpoint.label.split(",")[0].split("(")[0].strip()


def lowered(label: str) -> str:
    """A label inside a sentence: its first letter small, unless the word is an abbreviation."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def joined(words: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def interval_text(row, *, scale: str, decimals: int = 0) -> tuple[str, str]:
    """Estimate and interval of one comparison as text, by scale: "points" (with `decimals`) or "ratio"."""
    if np.isnan(row.estimate):
        return NOT_ESTIMABLE, ""
    if scale == "points":
        numbers = (row.estimate, row.conf_low, row.conf_high)
        point, interval = points_and_interval(*numbers, decimals=decimals)
        return f"{point} points", "" if np.isnan(row.conf_low) else interval
    limits = "" if np.isnan(row.conf_low) else f"{ratio(row.conf_low)} to {ratio(row.conf_high)}"
    return ratio(row.estimate), limits
