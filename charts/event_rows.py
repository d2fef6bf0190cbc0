"""Rows of events under a participant's platelets: bleeding, rescue, treatment and adverse events by day.

A row is a dict: name, height, marks, and the words beside its last mark. A mark is a bar (start, end,
thickness), a tick (day), a square (day, grade, tier) or words (text).
"""

import math
from collections.abc import Sequence

import pandas as pd

from charts.format import escaped, fixed, wrapped
from charts.layout import bold, each, note
from charts.theme import Look

ROW, HEAD, TIER = 22, 24, 19
NAME_CHARACTERS = 32
MOST_EVENTS = 14


def bleeding_row(bleeding: pd.DataFrame, label: str, per_day: float) -> dict:
    """Squares with the grade; grade 0 is a tick, so that "none" differs from "not asked".

    Squares that would touch at `per_day` pixels stand on tiers above each other.
    """
    seen = bleeding[bleeding["AVAL"].notna() & bleeding["ADY"].notna()].sort_values("ADY")
    tiers = _tiers([(row.ADY * per_day, _square_size(row.AVAL)) for row in each(seen) if row.AVAL > 0])
    tier = iter(tiers)
    marks = [
        {"kind": "square", "day": row.ADY, "grade": row.AVAL, "tier": next(tier)}
        if row.AVAL > 0
        else {"kind": "tick", "day": row.ADY, "grade": 0}
        for row in each(seen)
    ]
    if not marks:
        marks = [{"kind": "words", "text": "no assessment"}]
    return {"name": escaped(label), "height": 30 + TIER * max(tiers, default=0), "marks": marks}


def _tiers(squares: Sequence[tuple[float, float]]) -> list[int]:
    """The tier of each square (its middle and size in pixels): the lowest on which it touches no other."""
    ends: list[float] = []
    tiers = []
    for middle, size in squares:
        free = next((i for i, end in enumerate(ends) if middle - size / 2 >= end + 1), len(ends))
        ends[free : free + 1] = [middle + size / 2]
        tiers.append(free)
    return tiers


def _square_size(grade: float) -> float:
    return 12 + 3 * min(grade, 4)


def rescue_rows(rescue: pd.DataFrame, last: float) -> list[dict]:
    """A row per rescue drug; its courses as bars, the days in words."""
    rows: list[dict] = []
    for name, courses in _by_name(rescue, "CMDECOD", "CMCLAS"):
        marks = [_bar(row, last, 12, strong=True) for row in each(courses)]
        days = ", ".join(fixed(day) for day in courses["ASTDY"])
        words = f"{escaped(name)}, day{'s' if len(courses) > 1 else ''} {days}"
        rows.append({"name": "Rescue" if not rows else "", "height": ROW, "marks": marks, "beside": words})
    return rows or [
        {
            "name": "Rescue",
            "height": ROW,
            "marks": [{"kind": "words", "text": "none"}],
        }
    ]


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
    single = (courses["AENDY"] == courses["ASTDY"]).all()
    shown = courses[courses["AENDY"].fillna(last) >= first]
    if single:
        marks = [{"kind": "tick", "day": row.ASTDY, "grade": 1} for row in each(shown)]
        title = _dose_title(name, known, units)
        count = len(courses)
        return {
            "name": title,
            "height": ROW,
            "marks": marks,
            "beside": f"{count} dose{'s' if count > 1 else ''}",
        }
    if known.nunique() > 1 and len(known) == len(courses):
        heights = 18 * dose / dose.max()
        marks = [
            _bar(row, last, max(2.0, height))
            | {"foot": True, "text": fixed(amount, 0 if amount == int(amount) else 1)}
            for row, height, amount in zip(each(courses), heights, dose, strict=True)
            if pd.isna(row.AENDY) or first <= row.AENDY
        ]
        title = wrapped(f"{name}, {units[0]}" if units else name, NAME_CHARACTERS)
        return {"name": title, "height": ROW + 18, "marks": marks, "beside": _end_words(courses)}
    marks = [_bar(row, last, 8) for row in each(shown)]
    return {
        "name": _dose_title(name, known, units),
        "height": ROW,
        "marks": marks,
        "beside": _end_words(courses),
    }


def _dose_title(name: str, known: pd.Series, units: Sequence[str]) -> str:
    if known.nunique() != 1 or not units:
        return wrapped(name, NAME_CHARACTERS)
    amount = float(known.iloc[0])
    return wrapped(f"{name} {fixed(amount, 0 if amount == int(amount) else 1)} {units[0]}", NAME_CHARACTERS)


def _end_words(courses: pd.DataFrame) -> str:
    return "ongoing" if courses["AENDY"].isna().any() else f"to day {fixed(courses['AENDY'].max())}"


def adverse_event_rows(events: pd.DataFrame, last: float) -> list[dict]:
    """A row per term: bars whose thickness is the grade, with the worst grade in words."""
    grouped = list(_by_name(events, "AEDECOD", "AEDECOD"))
    rows = []
    for name, courses in grouped[:MOST_EVENTS]:
        grades = pd.to_numeric(courses["AETOXGR"], errors="coerce")
        marks = [
            _bar(row, last, 2 + 3 * (1 if math.isnan(grade) else grade))
            for row, grade in zip(each(courses), grades, strict=True)
        ]
        words = "" if grades.isna().all() else f"grade {fixed(grades.max())}"
        rows.append(
            {
                "name": wrapped(name.capitalize(), NAME_CHARACTERS),
                "height": 18,
                "marks": marks,
                "beside": words,
            }
        )
    if len(grouped) > MOST_EVENTS:
        text = f"and {len(grouped) - MOST_EVENTS} more terms, in the table"
        rows.append(
            {
                "name": "",
                "height": 18,
                "marks": [{"kind": "words", "text": text}],
            }
        )
    return rows


def _by_name(frame: pd.DataFrame, column: str, otherwise: str):
    """(name, its rows by start) in the order of the first start; rows without a start are not drawn."""
    known = frame[frame["ASTDY"].notna()].sort_values("ASTDY", kind="stable")
    names = known[column].where(known[column].fillna("") != "", known[otherwise])
    return known.groupby(names.astype(str), sort=False)


def _bar(row, last: float, thickness: float, *, strong: bool = False) -> dict:
    end = last if pd.isna(row.AENDY) else max(row.AENDY, row.ASTDY)
    return {"kind": "bar", "start": row.ASTDY, "end": end, "thickness": thickness, "strong": strong}


def draw_rows(sections, look: Look, *, top: float, days: tuple[float, float], compact: bool) -> dict:
    """Traces, shapes and notes of all rows from `top` down, and where they and the shadow end (pixels)."""
    y = top
    shapes: list[dict] = []
    notes: list[dict] = []
    squares: dict[str, list] = {"x": [], "y": [], "grade": []}
    ticks: dict[str, list] = {"x": [], "y": [], "strong": []}
    shadow_bottom = top
    for i, (head, rows) in enumerate(sections):
        if head and rows:
            notes.append(_left(bold(head), y + HEAD / 2, look, compact, look.grey))
            y += HEAD
        for row in rows:
            height = max(row["height"], 16 * (row["name"].count("<br>") + 1) + 2)
            if compact and row["name"]:
                y += 16
            middle = y + height / 2
            notes.append(_left(row["name"], y - 8 if compact else middle, look, compact, look.text))
            for mark in row["marks"]:
                _add_mark(mark, middle, y + height, squares, ticks, shapes, notes, look, days)
            notes += _beside(row, middle, days, look)
            y += height
        shadow_bottom = y if i == 0 else shadow_bottom
    traces = [_tick_trace(ticks, look), _square_trace(squares, look)]
    return {
        "traces": traces,
        "shapes": shapes,
        "notes": notes,
        "bottom": y + 6,
        "shadow_bottom": shadow_bottom,
    }


def _left(text: str, y: float, look: Look, compact: bool, colour: str) -> dict:
    if compact:
        return note(text, look, x=0, y=y, yref="y2", anchor=("left", "middle"), shift=(-44, 0), colour=colour)
    return note(text, look, x=0, y=y, yref="y2", anchor=("right", "middle"), shift=(-20, 0), colour=colour)


def _add_mark(mark, middle: float, bottom: float, squares, ticks, shapes, notes, look: Look, days) -> None:
    if mark["kind"] == "square":
        squares["x"].append(mark["day"])
        squares["y"].append(bottom - 15 - TIER * mark["tier"])
        squares["grade"].append(mark["grade"])
    elif mark["kind"] == "tick":
        ticks["x"].append(mark["day"])
        ticks["y"].append(middle if mark["grade"] else bottom - 15)
        ticks["strong"].append(mark["grade"] > 0)
    elif mark["kind"] == "words":
        notes.append(note(mark["text"], look, x=0, y=middle, yref="y2", shift=(8, 0), colour=look.faint))
    else:
        shapes.append(_bar_shape(mark, middle, bottom, look, days))
        if mark.get("text"):
            wide = (mark["end"] - max(mark["start"], days[0])) / (days[1] - days[0]) > 0.035
            if wide:
                place = {
                    "x": (max(mark["start"], days[0]) + mark["end"]) / 2,
                    "y": bottom - mark["thickness"] - 3,
                }
                notes.append(
                    note(
                        mark["text"], look, xref="x", yref="y2", anchor=("center", "bottom"), size=12, **place
                    )
                )


def _bar_shape(mark: dict, middle: float, bottom: float, look: Look, days) -> dict:
    low = bottom - 2 if mark.get("foot") else middle + mark["thickness"] / 2
    least = 0.004 * (days[1] - days[0])
    return {
        "type": "rect",
        "xref": "x",
        "yref": "y2",
        "x0": max(mark["start"], days[0]),
        "x1": max(mark["end"], max(mark["start"], days[0]) + least),
        "y0": low,
        "y1": low - mark["thickness"],
        "line": {"width": 0},
        "fillcolor": look.text if mark["strong"] else look.axis,
    }


def _beside(row: dict, middle: float, days, look: Look) -> list[dict]:
    """The words of a row at the free side of its last bar."""
    words = row.get("beside")
    bars = [m for m in row["marks"] if m["kind"] in ("bar", "tick")]
    if not words or not bars:
        return []
    starts = [m["start"] if m["kind"] == "bar" else m["day"] for m in bars]
    ends = [m["end"] if m["kind"] == "bar" else m["day"] for m in bars]
    right = (max(ends) - days[0]) / (days[1] - days[0]) < 0.62 or (min(starts) - days[0]) < 0.38 * (
        days[1] - days[0]
    )
    x, side, shift = (max(ends), "left", 8) if right else (min(starts), "right", -8)
    colour = look.text if any(m.get("strong") for m in bars) else look.grey
    return [note(words, look, x=x, y=middle, xref="x", yref="y2", anchor=(side, "middle"), shift=(shift, 0), size=13,
                 colour=colour)]  # fmt: skip


def _tick_trace(ticks: dict, look: Look) -> dict:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": ticks["x"],
        "y": ticks["y"],
        "yaxis": "y2",
        "hoverinfo": "skip",
        "cliponaxis": False,
        "marker": {
            "symbol": "line-ns",
            "size": [look.px(14 if strong else 6) for strong in ticks["strong"]],
            "line": {
                "color": look.axis,
                "width": [look.px(3 if strong else 1) for strong in ticks["strong"]],
            },
        },
    }


def _square_trace(squares: dict, look: Look) -> dict:
    """Squares that grow with the grade, which stands inside."""
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": squares["x"],
        "y": squares["y"],
        "yaxis": "y2",
        "text": [bold(fixed(grade)) for grade in squares["grade"]],
        "textfont": {"size": look.px(12), "color": look.page},
        "hoverinfo": "text",
        "hovertext": [
            f"day {fixed(day)}: bleeding grade {fixed(grade)}"
            for day, grade in zip(squares["x"], squares["grade"], strict=True)
        ],
        "cliponaxis": False,
        "marker": {
            "symbol": "square",
            "color": look.ink,
            "line": {"width": 0},
            "opacity": 1,
            "size": [look.px(_square_size(grade)) for grade in squares["grade"]],
        },
    }
