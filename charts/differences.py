"""Differences between arms: each experimental arm minus control, in percentage points, around a line at 0."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed, points, text_width
from charts.layout import NARROWEST, PHONE, bold, each, figure, note, pixel_axis, rule, sized, spread, x_axis
from charts.theme import Look, arm_styles, look_of


@dataclass(frozen=True)
class Place:
    """Where differences are drawn: from `top` to `bottom` pixels, at least `width` wide.

    Words may reach `slack` pixels over the left and right edge; `one_line` puts the interval beside the
    estimate instead of below it.
    """

    top: float
    bottom: float
    width: float
    slack: tuple[float, float] = (0, 0)
    one_line: bool = False
    yref: str = "y"


def difference_figure(
    difference: pd.DataFrame,
    arms: Iterable,
    *,
    conf_level: float = 0.95,
    theme: str = "light",
    compact: bool = True,
    scale: float = 1.0,
) -> go.Figure:
    """The differences alone, a row per comparison; columns as in `rates_figure`."""
    look = look_of(theme, scale)
    compared = comparisons(difference, arm_styles(arms, theme))
    heights = [48 + 52 * i for i in range(len(compared))]
    plot = (heights[-1] if heights else 20) + 20
    place = Place(0, plot, (PHONE if compact else NARROWEST) - 24, one_line=True)
    part = difference_part(compared, heights, place, look, conf_level)
    axes = {"xaxis2": part["axis"] | {"anchor": "y"}, "yaxis": pixel_axis(0, plot, plot)}
    return figure(
        part["traces"],
        look,
        height=plot + 62,
        margin=(12, 12, 12, 50),
        axes=axes,
        notes=part["notes"],
        shapes=part["shapes"],
    )


def comparisons(difference: pd.DataFrame | None, styles: Sequence[dict]) -> list[dict]:
    """One dict per difference that can be drawn, in the order of the experimental arms.

    With a column `name` ("Crude") there may be several of a comparison, and one without a number is named too.
    """
    control = next((style for style in styles if style["role"] == "control"), None)
    if difference is None or control is None:
        return []
    rows = difference if "name" in difference else difference[difference["estimate"].notna()].assign(name="")
    return [
        {"row": i, "name": row.name, "x": 100 * row.estimate, **_numbers(row)}
        | {"experimental": style["short"], "control": control["short"]}
        for i, style in enumerate(styles)
        for row in each(rows)
        if row.comparison == f"{style['trt']} - {control['trt']}"
    ]


def _numbers(row) -> dict[str, Any]:
    """The limits in points, and as words the estimate and the interval; "" where there is none."""
    limits = (100 * row.conf_low, 100 * row.conf_high)
    if math.isnan(row.estimate):
        return {"limits": limits, "words": ("not estimable", "")}
    if math.isnan(row.conf_low) or math.isnan(row.conf_high):
        return {"limits": limits, "words": (f"{points(*[row.estimate] * 3)[0]} points", "no interval")}
    estimate, low, high = points(row.estimate, row.conf_low, row.conf_high)
    return {"limits": limits, "words": (f"{estimate} points", f"{low} to {high}")}


def difference_part(
    compared: Sequence[dict],
    heights: Sequence[float],
    place: Place,
    look: Look,
    conf_level: float,
    title: str = "Difference",
) -> dict:
    """Axis, traces, notes and shapes of the differences, at `heights` pixels: one each, or one per arm."""
    low, high, ticks = difference_range([value for row in compared for value in (row["x"], *row["limits"])])
    axis = x_axis(
        look,
        title=f"{title}, percentage points",
        ticks=ticks,
        words=[fixed(tick, signed=True) for tick in ticks],
        range=[low, high],
        showgrid=True,
    )
    traces, notes = [], []
    for i, row in enumerate(compared):
        y = heights[row["row"] if len(heights) > len(compared) else i]
        at = 0.0 if math.isnan(row["x"]) else row["x"]
        inward = _inward(at, (low, high), place)
        if not math.isnan(row["x"]):
            traces.append(_difference_trace(row, y, look, conf_level, place.yref))
        prefix = _prefix(row, compared)
        notes += _difference_notes(row, at, y, look, ci_words(conf_level), place, inward, prefix)
    per_point = place.width / (high - low)
    room = (-low * per_point + place.slack[0], high * per_point + place.slack[1])
    zero = rule((0, 0), (place.top, place.bottom), colour=look.axis, width=1.2, xref="x2", yref=place.yref)
    return {
        "axis": axis,
        "traces": traces,
        "shapes": [zero],
        "notes": notes + _favours(compared, place, look, room),
    }


def _prefix(row: dict, compared: Sequence[dict]) -> str:
    """What names a difference among several: its arms where there are several, and its name."""
    several = len({each["row"] for each in compared}) > 1
    return escaped(named(f"{row['experimental']} vs {row['control']}" if several else "", row["name"]))


def named(arms: str, name: str) -> str:
    """ "A vs B: crude", "Crude", "A vs B"."""
    return f"{arms}: {name[:1].lower()}{name[1:]}" if arms and name else arms or name


def _inward(x: float, limits: tuple[float, float], place: Place):
    """How far words of a size must move so that they end inside the narrowest panel."""
    at = place.width * (x - limits[0]) / (limits[1] - limits[0])

    def shift(size: float) -> float:
        (centre,) = spread([at], [size], low=-place.slack[0], high=place.width + place.slack[1])
        return centre - at

    return shift


def _difference_notes(
    row, x: float, y: float, look: Look, ci: str, place: Place, inward, prefix: str
) -> list[dict]:
    """The estimate above its square and the interval below it (or beside it), on a page-coloured patch."""
    estimate, limits = row["words"]
    key, interval = bold(estimate), _interval_words(limits, ci)
    first = sized(f"{prefix}<br>", look, 12, look.faint) if prefix else ""
    at: dict[str, Any] = {"x": x, "y": y, "xref": "x2", "yref": place.yref, "bgcolor": look.page}
    above: dict[str, Any] = {"anchor": ("center", "bottom"), "colour": look.text}
    below: dict[str, Any] = {"anchor": ("center", "top")}
    size = text_width(estimate, 14 if place.one_line else 20, bold=True)
    if not interval:
        return [note(first + key, look, **at, **above, shift=(inward(size), 9), size=14)]
    if place.one_line:
        words = f"{first}{key} {sized(f'({interval})', look, 13, look.grey)}"
        return [
            note(words, look, **at, **above, shift=(inward(size + text_width(interval, 13) + 10), 9), size=14)
        ]
    return [
        note(first + key, look, **at, **above, shift=(inward(size), 9), size=20),
        note(interval, look, **at, **below, shift=(inward(text_width(interval, 13)), -10)),
    ]


def _interval_words(limits: str, ci: str) -> str:
    """ "95% CI −21 to 40"; "no interval" as it stands."""
    return f"{ci} {limits}" if " to " in limits else limits


def difference_range(limits: Sequence[float]) -> tuple[float, float, list[float]]:
    """Range and ticks in points: 0 and every interval inside, −20 to +60 at least."""
    finite = [limit for limit in limits if math.isfinite(limit)]
    low, high = min([-20, *finite]), max([60 if not finite or max(finite) > 0 else 20, *finite])
    step = 20 if high - low <= 110 else 50
    first, last = math.floor(low / step), math.ceil(high / step)
    ticks = [float(step * i) for i in range(first, last + 1)]
    return max(ticks[0], -100.0) - 4, min(ticks[-1], 100.0) + 4, [t for t in ticks if abs(t) <= 100]


def _difference_trace(row: dict, y: float, look: Look, conf_level: float, yref: str) -> dict:
    estimate, limits = row["words"]
    low, high = row["limits"]
    names = f"{escaped(row['experimental'])} vs {escaped(row['control'])}"
    what = f"{escaped(row['name'])}: " if row["name"] else ""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": names,
        "x": [row["x"]],
        "y": [y],
        "xaxis": "x2",
        "yaxis": yref,
        "hoverinfo": "text",
        "hovertext": [
            f"{bold(names)}<br>{what}{estimate}<br>{_interval_words(limits, ci_words(conf_level))}"
        ],
        "marker": {
            "symbol": "square",
            "size": look.px(13),
            "color": look.text,
            "opacity": 1,
            "line": {"color": look.page, "width": look.px(1.5)},
        },
        "error_x": {} if math.isnan(low) else interval_bar(row["x"], low, high, look.text, look),
        "unselected": {"marker": {"opacity": 1}},
        "cliponaxis": False,
    }


def _favours(compared: Sequence[dict], place: Place, look: Look, room: tuple[float, float]) -> list[dict]:
    """ "favours B | favours A" on both sides of zero; of several comparisons A is "experimental".

    Where a name does not fit in its `room` (pixels left and right of zero) both stand on two lines.
    """
    if not compared:
        return []
    winner = compared[0]["experimental"] if len({row["row"] for row in compared}) == 1 else "experimental"
    names = (compared[0]["control"], winner)
    fits = all(
        text_width(f"favours {name}", 12) + 7 <= space for name, space in zip(names, room, strict=True)
    )
    break_or_space = " " if fits else "<br>"
    at: dict[str, Any] = {
        "x": 0,
        "y": place.top,
        "xref": "x2",
        "yref": place.yref,
        "size": 12,
        "colour": look.faint,
    }
    return [
        note(f"favours{break_or_space}{escaped(name)}", look, **at, anchor=(side, "top"), shift=(shift, 0))
        for name, side, shift in zip(names, ("right", "left"), (-7, 7), strict=True)
    ]


def interval_bar(x: float, low: float, high: float, colour: str, look: Look) -> dict:
    """A 3 px line from limit to limit through a marker, as plotly's error_x."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [high - x],
        "arrayminus": [x - low],
        "thickness": look.px(3),
        "width": 0,
        "color": colour,
    }


def ci_words(conf_level: float) -> str:
    return f"{100 * conf_level:g}% CI"
