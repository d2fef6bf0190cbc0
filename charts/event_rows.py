"""Rows of events under a participant's platelets: bleeding, rescue, treatment and adverse events by day.

What a row and its marks are: `charts.drawn_rows`.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from charts.drawn_rows import TIER, square_size
from charts.format import escaped, fixed, plural, wrapped
from charts.layout import each
from charts.theme import StateStyle

ROW = 22
NAME_CHARACTERS = 25
MOST_EVENTS = 14
UNKNOWN_DAY = "first day not known"


def bleeding_row(bleeding: pd.DataFrame, label: str, per_day: float) -> dict:
    """Squares with the grade; grade 0 is a tick, so that "none" differs from "not asked".

    Squares that would touch at `per_day` pixels stand on tiers above each other.
    """
    seen = bleeding[bleeding["AVAL"].notna() & bleeding["ADY"].notna()].sort_values("ADY")
    tiers = _tiers([(row.ADY * per_day, square_size(row.AVAL)) for row in each(seen) if row.AVAL > 0])
    tier = iter(tiers)
    name = escaped(label)
    marks: list[dict] = [
        {"kind": "square", "day": row.ADY, "grade": row.AVAL, "tier": next(tier),
         "hover": f"day {fixed(row.ADY)}: {name}, grade {fixed(row.AVAL)}"}
        if row.AVAL > 0
        else {"kind": "tick", "day": row.ADY, "grade": 0, "hover": f"day {fixed(row.ADY)}: {name}, grade 0"}
        for row in each(seen)
    ]  # fmt: skip
    if not marks:
        marks = [{"kind": "words", "text": "no assessment"}]
    return {
        "name": wrapped(label, NAME_CHARACTERS),
        "height": 30 + TIER * max(tiers, default=0),
        "marks": marks,
    }


def bleeding_rows(bleeding: Mapping[str, pd.DataFrame], per_day: float) -> list[dict]:
    """A row per instrument by its label; instruments are never mixed."""
    return [bleeding_row(rows, label, per_day) for label, rows in bleeding.items()]


def _tiers(squares: Sequence[tuple[float, float]]) -> list[int]:
    """The tier of each square (its middle and size in pixels): the lowest on which it touches no other."""
    ends: list[float] = []
    tiers = []
    for middle, size in squares:
        free = next((i for i, end in enumerate(ends) if middle - size / 2 >= end + 1), len(ends))
        ends[free : free + 1] = [middle + size / 2]
        tiers.append(free)
    return tiers


def state_row(states: pd.DataFrame, styles: Mapping[str, StateStyle]) -> dict:
    """One bar per stretch of days in one state (STARTDY ENDDY STATE): thick in response, thin elsewhere."""
    known = states[states["STATE"].isin(list(styles))]
    marks: list[dict] = [
        {"kind": "bar", "start": row.STARTDY, "end": row.ENDDY + 1, "colour": styles[row.STATE].fill,
         "thickness": 12 if row.STATE in ("CR", "R") else 4,
         "hover": f"{row.STATE}: day {fixed(row.STARTDY)} to {fixed(row.ENDDY)}"}
        for row in each(known)
    ]  # fmt: skip
    return {
        "name": "Response",
        "height": ROW,
        "marks": marks or [{"kind": "words", "text": "not known on any day"}],
    }


def rescue_rows(rescue: pd.DataFrame, last: float) -> list[dict]:
    """A row per rescue drug; its courses as bars, the days in words."""
    rows: list[dict] = []
    for name, courses in _by_name(rescue, "CMDECOD", "CMCLAS"):
        marks = [
            _bar(row, last, 12, strong=True, hover=f"{escaped(name)}: {_days(row)}") for row in each(courses)
        ]
        days = ", ".join(fixed(day) for day in courses["ASTDY"])
        words = f"{escaped(name)}, day{'s' if len(courses) > 1 else ''} {days}"
        rows.append({"name": "Rescue" if not rows else "", "height": ROW, "marks": marks, "beside": words})
    words = "none" if rescue.empty else UNKNOWN_DAY
    return rows or [{"name": "Rescue", "height": ROW, "marks": [{"kind": "words", "text": words}]}]


def treatment_rows(exposure: pd.DataFrame, medication: pd.DataFrame, first: float, last: float) -> list[dict]:
    """A row per drug given: infusions as ticks, courses as bars, a changing dose as steps with the dose."""
    rows = []
    for name, doses in _by_name(exposure, "EXTRT", "EXTRT"):
        rows.append(_drug_row(name, doses, doses["EXDOSE"], doses["EXDOSU"], first, last))
    for name, doses in _by_name(medication, "CMDECOD", "CMCLAS"):
        rows.append(_drug_row(name, doses, doses["CMDOSE"], doses["CMDOSU"], first, last))
    return [row for row in rows if row["marks"]]


def _drug_row(
    name: str, courses: pd.DataFrame, dose: pd.Series, unit: pd.Series, first: float, last: float
) -> dict:
    dose, units = dose.astype(float), [u for u in unit.dropna().unique() if u]
    known = dose.dropna()
    reasons = courses.get("EXADJ", pd.Series("", courses.index)).fillna("")
    hovers = pd.Series(
        [_dose_hover(name, row, *of) for row, *of in zip(each(courses), dose, unit, reasons, strict=True)],
        courses.index,
    )
    inside = courses["AENDY"].fillna(last) >= first
    shown, hovers = courses[inside], hovers[inside]
    if (courses["AENDY"] == courses["ASTDY"]).all():
        marks = [
            {"kind": "tick", "day": row.ASTDY, "grade": 1, "hover": hover}
            for row, hover in zip(each(shown), hovers, strict=True)
        ]
        title = _dose_title(name, known, units)
        return {"name": title, "height": ROW, "marks": marks, "beside": plural(len(courses), "dose")}
    if known.nunique() > 1 and len(known) == len(courses):
        marks = [
            _bar(row, last, max(2.0, 18 * amount / dose.max()), hover=hover)
            | {"foot": True, "text": _amount(amount)}
            for row, amount, hover in zip(each(shown), dose[inside], hovers, strict=True)
        ]
        title = wrapped(f"{name}, {units[0]}" if units else name, NAME_CHARACTERS)
        steps = ", ".join(
            map(_amount, dose[dose != dose.shift()])
        )  # a phone has no room for all above the bars
        beside = _end_words(courses)
        return {"name": title, "height": ROW + 18, "marks": marks, "beside": beside, "steps": steps}
    marks = [_bar(row, last, 8, hover=hover) for row, hover in zip(each(shown), hovers, strict=True)]
    return {
        "name": _dose_title(name, known, units),
        "height": ROW,
        "marks": marks,
        "beside": _end_words(courses),
    }


def _amount(dose: float) -> str:
    return fixed(dose, 0 if dose == int(dose) else 1)


def _dose_hover(name: str, row, dose: float, unit: str, reason: str) -> str:
    amount = "" if math.isnan(dose) else f" {_amount(dose)} {unit}".rstrip()
    why = f"<br>{escaped(str(reason).lower())}" if reason else ""
    return f"{escaped(name + amount)}: {_days(row)}{why}"


def _dose_title(name: str, known: pd.Series, units: Sequence[str]) -> str:
    if known.nunique() != 1 or not units:
        return wrapped(name, NAME_CHARACTERS)
    return wrapped(f"{name} {_amount(float(known.iloc[0]))} {units[0]}", NAME_CHARACTERS)


def _end_words(courses: pd.DataFrame) -> str:
    return "ongoing" if courses["AENDY"].isna().any() else f"to day {fixed(courses['AENDY'].max())}"


def adverse_event_rows(
    events: pd.DataFrame, last: float, *, none: str = "none", most: int = MOST_EVENTS
) -> list[dict]:
    """A row per term: bars whose thickness is the grade, with the worst grade and the days in words.

    `DAYS` is the duration of an event, missing where it still runs. More terms than `most` are counted; `none` is said
    where there is no event.
    """
    grouped = list(_by_name(events, "AEDECOD", "AEDECOD"))
    if not grouped:
        words = none if events.empty else UNKNOWN_DAY
        return [{"name": "", "height": 18, "marks": [{"kind": "words", "text": words}]}]
    rows = [_adverse_row(name or "Term missing", courses, last) for name, courses in grouped[:most]]
    if len(grouped) > most:
        text = f"and {len(grouped) - most} more terms, in the table"
        rows.append({"name": "", "height": 18, "marks": [{"kind": "words", "text": text}]})
    return rows


def _adverse_row(name: str, courses: pd.DataFrame, last: float) -> dict:
    grades = pd.to_numeric(courses["AETOXGR"], errors="coerce")
    name = name[:1].upper() + (name[1:].lower() if name.isupper() else name[1:])
    marks = []
    for row, grade in zip(each(courses), grades, strict=True):
        known = "" if math.isnan(grade) else f", grade {fixed(grade)}"
        hover = f"{escaped(name)}{known}: {_days(row)}"
        marks.append(_bar(row, last, 2 + 3 * (1 if math.isnan(grade) else grade), hover=hover))
    worst = "grade missing" if grades.isna().all() else f"grade {fixed(grades.max())}"
    words = f"{worst}, {_duration(courses)}"
    return {"name": wrapped(name, NAME_CHARACTERS), "height": 18, "marks": marks, "beside": words}


def _duration(courses: pd.DataFrame) -> str:
    if len(courses) > 1:
        return f"{len(courses)} times"
    days = float(courses["DAYS"].iloc[0])
    return "no end known" if math.isnan(days) else plural(days, "day")


def _days(row) -> str:
    if pd.isna(row.AENDY):
        return f"from day {fixed(row.ASTDY)}, no end known"
    if row.AENDY <= row.ASTDY:
        return f"day {fixed(row.ASTDY)}"
    return f"day {fixed(row.ASTDY)} to {fixed(row.AENDY)}"


def _by_name(frame: pd.DataFrame, column: str, otherwise: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """(name, its rows by start) in the order of the first start; rows without a start are not drawn."""
    known = frame[frame["ASTDY"].notna()].sort_values("ASTDY", kind="stable")
    names = known[column].where(known[column].fillna("") != "", known[otherwise])
    return iter((str(name), rows) for name, rows in known.groupby(names.astype(str), sort=False))


def _bar(row: Any, last: float, thickness: float, *, hover: str, strong: bool = False) -> dict:
    end = last if pd.isna(row.AENDY) else max(row.AENDY, row.ASTDY)
    return {
        "kind": "bar",
        "start": row.ASTDY,
        "end": end,
        "thickness": thickness,
        "strong": strong,
        "hover": hover,
    }
