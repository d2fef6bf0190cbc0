"""Drawing of rows of events by study day: bars, ticks, squares and words on an axis that counts pixels.

A row is a dict: name, height, marks, maybe words `beside` its last mark and the `steps` of a dose. A mark is a bar
(start, end, thickness, hover), a tick (day, hover), a square (day, grade, tier) or words (text).
"""

from dataclasses import dataclass, field
from typing import Any

from charts.format import fixed
from charts.layout import bold, note
from charts.theme import Look

HEAD, NAME, TIER = 24, 17, 19  # pixels of a heading, of a name above its row, between two tiers of squares


@dataclass(eq=False)
class Drawn:
    """What the rows have become so far."""

    look: Look
    days: tuple[float, float]
    compact: bool
    shapes: list[dict] = field(default_factory=list)
    notes: list[dict] = field(default_factory=list)
    squares: list[dict] = field(default_factory=list)
    ticks: list[dict] = field(default_factory=list)
    hovers: list[tuple[float, float, str]] = field(default_factory=list)

    def traces(self) -> list[dict]:
        return [
            _tick_trace(self.ticks, self.look),
            _square_trace(self.squares, self.look),
            _hover_trace(self.hovers),
        ]


def draw_rows(sections, look: Look, *, top: float, days: tuple[float, float], compact: bool) -> dict:
    """Traces, shapes and notes of all rows from `top` down, and where they and the first section end (pixels).

    `sections`: (heading, rows). On a phone a row has its name and words above it, else left of it and beside its bar.
    """
    drawn, y, shadow_bottom = Drawn(look, days, compact), top, top
    for i, (head, rows) in enumerate(sections):
        if head and rows:
            drawn.notes.append(_left(bold(head), y + HEAD / 2, look, compact, look.grey))
            y += HEAD
        for row in rows:
            y = _draw_row(row, y, drawn)
        shadow_bottom = y if i == 0 else shadow_bottom
    return {
        "traces": drawn.traces(),
        "shapes": drawn.shapes,
        "notes": drawn.notes,
        "bottom": y + 6,
        "shadow_bottom": shadow_bottom,
    }


def _draw_row(row: dict, y: float, drawn: Drawn) -> float:
    """Draws a row that begins at `y`; where the next one begins."""
    look, name = drawn.look, row["name"]
    lines = name.count("<br>") + 1
    if drawn.compact:
        parts = (name.replace("<br>", " "), row.get("steps", ""), row.get("beside", ""))
        name = ", ".join(words for words in parts if words)
        if name:
            drawn.notes.append(_left(name, y + NAME / 2, look, True, look.text))
            y += NAME
        height = row["height"]
    else:
        height = max(row["height"], 16 * lines + 2)
        drawn.notes.append(_left(name, y + height / 2, look, False, look.text))
        drawn.notes += _beside(row, y + height / 2, drawn.days, look)
    for mark in row["marks"]:
        _add_mark(mark, y + height / 2, y + height, drawn)
    return y + height


def _left(text: str, y: float, look: Look, compact: bool, colour: str) -> dict:
    anchor, shift = ("left", -44) if compact else ("right", -20)
    return note(text, look, x=0, y=y, yref="y2", anchor=(anchor, "middle"), shift=(shift, 0), colour=colour)


def _add_mark(mark: dict, middle: float, bottom: float, drawn: Drawn) -> None:
    if mark["kind"] == "square":
        drawn.squares.append(mark | {"y": bottom - 15 - TIER * mark["tier"]})
    elif mark["kind"] == "tick":
        at = middle if mark["grade"] else bottom - 15
        drawn.ticks.append(mark | {"y": at})
        if mark.get("hover"):
            drawn.hovers.append((mark["day"], at, mark["hover"]))
    elif mark["kind"] == "words":
        words = note(
            mark["text"], drawn.look, x=0, y=middle, yref="y2", shift=(8, 0), colour=drawn.look.faint
        )
        drawn.notes.append(words)
    else:
        _add_bar(mark, middle, bottom, drawn)


def _add_bar(mark: dict, middle: float, bottom: float, drawn: Drawn) -> None:
    shape = _bar_shape(mark, middle, bottom, drawn.look, drawn.days)
    drawn.shapes.append(shape)
    span = drawn.days[1] - drawn.days[0]
    if mark.get("hover"):
        steps = 1 + int((shape["x1"] - shape["x0"]) / (0.04 * span))
        width = (shape["x1"] - shape["x0"]) / steps
        at = (shape["y0"] + shape["y1"]) / 2
        drawn.hovers += [(shape["x0"] + width * (step + 0.5), at, mark["hover"]) for step in range(steps)]
    if mark.get("text") and (shape["x1"] - shape["x0"]) / span > (0.09 if drawn.compact else 0.035):
        place = {"x": (shape["x0"] + shape["x1"]) / 2, "y": shape["y1"] - 3}
        words: dict[str, Any] = {"xref": "x", "yref": "y2", "anchor": ("center", "bottom"), "size": 12}
        drawn.notes.append(note(mark["text"], drawn.look, **words, **place))


def _bar_shape(mark: dict, middle: float, bottom: float, look: Look, days) -> dict:
    low = bottom - 2 if mark.get("foot") else middle + mark["thickness"] / 2
    least = 0.004 * (days[1] - days[0])
    start = max(mark["start"], days[0])
    return {
        "type": "rect",
        "xref": "x",
        "yref": "y2",
        "x0": start,
        "x1": max(mark["end"], start + least),
        "y0": low,
        "y1": low - mark["thickness"],
        "line": {"width": 0},
        "fillcolor": mark.get("colour") or (look.text if mark.get("strong") else look.axis),
    }


def _beside(row: dict, middle: float, days, look: Look) -> list[dict]:
    """The words of a row at the free side of its last bar."""
    words = row.get("beside")
    bars = [m for m in row["marks"] if m["kind"] in ("bar", "tick")]
    if not words or not bars:
        return []
    starts = [m["start"] if m["kind"] == "bar" else m["day"] for m in bars]
    ends = [m["end"] if m["kind"] == "bar" else m["day"] for m in bars]
    span = days[1] - days[0]
    right = (max(ends) - days[0]) / span < 0.62 or min(starts) - days[0] < 0.38 * span
    x, side, shift = (max(ends), "left", 8) if right else (min(starts), "right", -8)
    colour = look.text if any(m.get("strong") for m in bars) else look.grey
    return [note(words, look, x=x, y=middle, xref="x", yref="y2", anchor=(side, "middle"), shift=(shift, 0), size=13,
                 colour=colour)]  # fmt: skip


def square_size(grade: float) -> float:
    return 12 + 3 * min(grade, 4)


def _tick_trace(ticks: list[dict], look: Look) -> dict:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [tick["day"] for tick in ticks],
        "y": [tick["y"] for tick in ticks],
        "yaxis": "y2",
        "hoverinfo": "skip",
        "cliponaxis": False,
        "marker": {
            "symbol": "line-ns",
            "size": [look.px(14 if tick["grade"] else 6) for tick in ticks],
            "line": {"color": look.axis, "width": [look.px(3 if tick["grade"] else 1) for tick in ticks]},
        },
    }


def _square_trace(squares: list[dict], look: Look) -> dict:
    """Squares that grow with the grade, which stands inside."""
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [square["day"] for square in squares],
        "y": [square["y"] for square in squares],
        "yaxis": "y2",
        "text": [bold(fixed(square["grade"])) for square in squares],
        "textfont": {"size": look.px(12), "color": look.page},
        "hoverinfo": "text",
        "hovertext": [square["hover"] for square in squares],
        "cliponaxis": False,
        "marker": {
            "symbol": "square",
            "color": look.ink,
            "line": {"width": 0},
            "opacity": 1,
            "size": [look.px(square_size(square["grade"])) for square in squares],
        },
    }


def _hover_trace(hovers: list[tuple[float, float, str]]) -> dict:
    """Unseen points along bars and at ticks that say what each is."""
    x, y, words = ([hover[i] for hover in hovers] for i in range(3))
    return {
        "type": "scatter",
        "mode": "markers",
        "x": x,
        "y": y,
        "yaxis": "y2",
        "marker": {"size": 14, "opacity": 0},
        "hoverinfo": "text",
        "hovertext": words,
        "cliponaxis": False,
    }
