"""A second reading of a cell of counts and of a date, one sign at a time, from the rules and not from the code."""

import datetime
from fractions import Fraction

MARKS = "↑↓*HLhl"
MISSING = {"nd", "na", "未查", "溶血", "pending", ".", "-", "#n/a", ""}
MISSING_CODES = {999, 9999, -99, -999, -9}
PER_LITRE = {"": 1, "10^9/L": 1, "G/L": 1, "K/uL": 1, "/uL": Fraction(1, 1000), "/mm3": Fraction(1, 1000)}
PER_LITRE |= {"万/μL": 10, "×10^9/L": 1}
WIDE = {chr(ord("0") + n): n for n in range(10)} | {chr(ord("０") + n): n for n in range(10)}


def number(text: str) -> Fraction | None:
    """The value of digits with one point at most and commas between groups of three, else None."""
    whole, point, part = text.replace("．", ".").partition(".")
    groups = whole.split(",")
    if len(groups) > 1 and not (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])):
        return None
    digits = "".join(groups)
    if not digits or not all(sign in WIDE for sign in digits + part) or (point and not part):
        return None
    value = Fraction(0)
    for sign in digits + part:
        value = value * 10 + WIDE[sign]
    return value / 10 ** len(part)


def slow_count(text: str, unit: str, unit_of_empty: str) -> tuple[str, Fraction | None]:
    """("count" | "below" | "above" | "missing" | "as sent", value in 10^9/L)."""
    text = text.strip()
    if text.casefold() in MISSING:
        return "missing", None
    kind = {"<": "below", "＜": "below", "≤": "below", ">": "above"}.get(text[0], "count")
    bare = text[1:].strip() if kind != "count" else text
    factor = PER_LITRE[unit or unit_of_empty]
    for own in ("×10^9/L", "G/L", "K/uL", "/uL", "万/μL"):
        if bare.endswith(own) and number(bare.removesuffix(own).strip()) is not None:
            if unit and PER_LITRE[unit] != PER_LITRE[own]:
                return "as sent", None
            return kind, number(bare.removesuffix(own).strip()) * PER_LITRE[own]
    while bare and (bare[-1] in MARKS or bare[-1] == " "):
        bare = bare[:-1]
    negative, bare = bare.startswith("-"), bare.removeprefix("-")
    value = number(bare)
    if value is None:
        return ("missing" if any(sign in WIDE for sign in text) else "as sent"), None
    value = -value if negative else value
    if kind == "count" and value in MISSING_CODES:
        return "missing", None
    return kind, value * factor


def slow_day(date: datetime.date, start: datetime.date) -> int:
    """Counting one day at a time from day 1, over the missing day 0."""
    day, here = 1, start
    while here < date:
        here += datetime.timedelta(days=1)
        day += 1
    while here > date:
        here -= datetime.timedelta(days=1)
        day = -1 if day == 1 else day - 1
    return day
