"""Response rates by arm with their intervals, and the difference from control on an axis of its own."""

import math
from collections.abc import Iterable, Sequence

import pandas as pd
import plotly.graph_objects as go

from charts.format import (
    IMMATURE_BELOW,
    escaped,
    fixed,
    of,
    percent,
    percent_range,
    points,
    rate,
    text_width,
    wrapped,
)
from charts.layout import NARROWEST, PHONE, bold, figure, note, pixel_axis, rule, sized, spread, x_axis
from charts.theme import Look, arm_styles, look_of

NAME_MARGIN, RIGHT_MARGIN = 196, 24
RATE_DOMAIN, DIFFERENCE_DOMAIN = (0, 0.60), (0.68, 1)


def rates_figure(
    rates: pd.DataFrame,
    difference: pd.DataFrame | None,
    arms: Iterable,
    *,
    axis_title: str = "Response, 95% CI",
    unit_label: str = "due",
    conf_level: float = 0.95,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """Rates and difference: a row per arm on 0 to 100%, and beside it each experimental arm minus control.

    `rates`: one row per arm (the first of an arm is drawn): arm n N estimate conf_low conf_high, shares of 1;
    an arm without participants has N 0 or no row. `difference`: comparison ("A - B", TRT01P values),
    estimate conf_low conf_high, shares of 1; None, or without rows: the rates take the whole width. On a
    phone the difference stands below the rates. customdata of a rate is its arm.
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    compared = _comparisons(difference, styles)
    rows = _rows(rates, styles, unit_label)
    if compact:
        return _stacked(rows, compared, look, axis_title, conf_level)
    pitch = 88 if len(compared) > 1 else 72
    first = 80 if len(compared) > 1 else 46
    heights = [first + pitch * i for i in range(len(rows))]
    plot = heights[-1] + 44 if rows else 60
    alone = not compared
    axes = {
        "xaxis": _rate_axis(look, axis_title, domain=[0, 0.94] if alone else list(RATE_DOMAIN)),
        "yaxis": pixel_axis(0, plot, plot),
    }
    traces = [_rate_trace(row, y, look) for row, y in zip(rows, heights, strict=True)]
    notes = [n for row, y in zip(rows, heights, strict=True) for n in _rate_notes(row, y, look)]
    shapes: list[dict] = []
    if compared:
        width = (NARROWEST - NAME_MARGIN - RIGHT_MARGIN) * (DIFFERENCE_DOMAIN[1] - DIFFERENCE_DOMAIN[0])
        middle = [(heights[0] + heights[-1]) / 2] if len(compared) == 1 else heights
        part = _difference_part(compared, middle, 0, plot, look, conf_level, width=width, slack=(34, 20))
        axes["xaxis2"] = part["axis"] | {"domain": list(DIFFERENCE_DOMAIN), "anchor": "y"}
        traces, notes, shapes = traces + part["traces"], notes + part["notes"], part["shapes"]
    margin = (NAME_MARGIN, RIGHT_MARGIN, 12, 50)
    return figure(traces, look, height=plot + 62, margin=margin, axes=axes, notes=notes, shapes=shapes)


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
    compared = _comparisons(difference, arm_styles(arms, theme))
    heights = [48 + 52 * i for i in range(len(compared))]
    plot = (heights[-1] if heights else 20) + 20
    width = (PHONE if compact else NARROWEST) - 24
    part = _difference_part(compared, heights, 0, plot, look, conf_level, width=width, one_line=True)
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


def _rows(rates: pd.DataFrame, styles: Sequence[dict], unit: str) -> list[dict]:
    """What is written and drawn for each arm; an arm without a row counts as nobody."""
    known = {row.arm: row for row in rates.drop_duplicates("arm").itertuples()}
    rows = []
    for style in styles:
        row = known.get(style["trt"])
        total = int(row.N) if row is not None and not math.isnan(row.N) else 0
        if total == 0 or row is None or math.isnan(row.estimate):
            rows.append({**style, "N": 0, "count": f"nobody {escaped(unit)}"})
            continue
        rows.append(
            {
                **style,
                "N": total,
                "x": 100 * row.estimate,
                "low": 100 * row.conf_low,
                "high": 100 * row.conf_high,
                "key": rate(row.n, total),
                "interval": percent_range(row.conf_low, row.conf_high, total),
                "count": f"{of(row.n, total)} {escaped(unit)}",
                "fraction": of(row.n, total),
                "percent": percent(row.estimate, total),
            }
        )
    return rows


def _comparisons(difference: pd.DataFrame | None, styles: Sequence[dict]) -> list[dict]:
    """One dict per difference that can be drawn, in the order of the experimental arms."""
    control = next((style for style in styles if style["role"] == "control"), None)
    if difference is None or control is None:
        return []
    estimable = difference[difference["estimate"].notna()]
    known = {row.comparison: row for row in estimable.itertuples()}
    found = []
    for i, style in enumerate(styles):
        row = known.get(f"{style['trt']} - {control['trt']}")
        if row is not None:
            words = points(row.estimate, row.conf_low, row.conf_high)
            limits = (100 * row.conf_low, 100 * row.conf_high)
            found.append(
                {"row": i, "x": 100 * row.estimate, "limits": limits, "words": words}
                | {"experimental": style["trt"], "control": control["trt"]}
            )
    return found


def _rate_axis(look: Look, title: str, **changes) -> dict:
    words = ("0", "25", "50", "75", "100%")
    ticks = (0, 25, 50, 75, 100)
    axis = {"range": [0, 101], "showgrid": True, "anchor": "y"}
    return x_axis(look, title=escaped(title), ticks=ticks, words=words, **(axis | changes))


def _rate_trace(row: dict, y: float, look: Look) -> dict:
    """The marker with its interval; empty where nobody is due."""
    drawn = row["N"] > 0
    return {
        "type": "scatter",
        "mode": "markers",
        "name": escaped(row["label"]),
        "x": [row["x"]] if drawn else [],
        "y": [y] if drawn else [],
        "customdata": [row["trt"]] if drawn else [],
        "hoverinfo": "text",
        "hovertext": [_rate_hover(row)] if drawn else [],
        "marker": {
            "symbol": row["symbol"],
            "size": look.px(15),
            "color": row["colour"],
            "opacity": 1,
            "line": {"color": look.page, "width": look.px(2)},
        },
        "error_x": _interval(row["x"], row["low"], row["high"], row["colour"], look) if drawn else {},
        "unselected": {"marker": {"opacity": 1}},
        "cliponaxis": False,
    }


def _rate_hover(row: dict) -> str:
    share = "" if row["N"] < IMMATURE_BELOW else f": {row['percent']}"
    return f"{bold(escaped(row['label']))}<br>{row['count']}{share}<br>95% CI {row['interval']}"


def _interval(x: float, low: float, high: float, colour: str, look: Look) -> dict:
    return {
        "type": "data",
        "symmetric": False,
        "array": [high - x],
        "arrayminus": [x - low],
        "thickness": look.px(3),
        "width": 0,
        "color": colour,
    }


def _rate_notes(row: dict, y: float, look: Look) -> list[dict]:
    """Name and count left of the axis, key number above the marker, interval below it."""
    name = bold(wrapped(row["label"], 24)) + "<br>" + sized(row["count"], look, 13, look.grey)
    notes = [
        note(
            name, look, x=0, y=y, yref="y", anchor=("right", "middle"), shift=(-14, 0), size=14,
            colour=row["text_colour"],
        )
    ]  # fmt: skip
    if row["N"]:
        place = {"x": row["x"], "y": y, "xref": "x", "yref": "y"}
        key, colour = bold(row["key"]), row["text_colour"]
        right = max(0, max(text_width(row["key"], 20), text_width(row["interval"])) / 2 - 2.5 * row["x"] - 8)
        notes += [
            note(key, look, **place, anchor=("center", "bottom"), shift=(right, 9), size=20, colour=colour),
            note(row["interval"], look, **place, anchor=("center", "top"), shift=(right, -10)),
        ]
    return notes


def _difference_part(
    compared: Sequence[dict],
    heights: Sequence[float],
    top: float,
    bottom: float,
    look: Look,
    conf_level: float,
    *,
    width: float,
    slack: tuple[float, float] = (0, 0),
    one_line: bool = False,
    yref: str = "y",
) -> dict:
    """Axis, traces, notes and shapes of the differences; `width` is the narrowest the panel can be."""
    low, high, ticks = difference_range([limit for row in compared for limit in row["limits"]])
    axis = x_axis(
        look,
        title="Difference, percentage points",
        ticks=ticks,
        words=[fixed(tick, signed=True) for tick in ticks],
        range=[low, high],
        showgrid=True,
    )
    several = len(compared) > 1
    traces, notes = [], []
    for i, row in enumerate(compared):
        y = heights[row["row"] if len(heights) > len(compared) else i]
        traces.append(_difference_trace(row, y, look, conf_level, yref))
        notes += _difference_notes(
            row, y, look, conf_level, (low, high), width, slack, several, one_line, yref
        )
    scale = width / (high - low)
    room = (-low * scale + slack[0], high * scale + slack[1])
    zero = rule((0, 0), (top, bottom), colour=look.axis, width=1.2, xref="x2", yref=yref)
    return {
        "axis": axis,
        "traces": traces,
        "shapes": [zero],
        "notes": notes + _favours(compared, top, look, yref, room),
    }


def difference_range(limits: Sequence[float]) -> tuple[float, float, list[float]]:
    """Range and ticks in points: 0 and every interval inside, −20 to +60 at least."""
    finite = [limit for limit in limits if math.isfinite(limit)]
    low, high = min([-20, *finite]), max([60 if not finite or max(finite) > 0 else 20, *finite])
    step = 20 if high - low <= 110 else 50
    first, last = math.floor(low / step), math.ceil(high / step)
    ticks = [float(step * i) for i in range(first, last + 1)]
    return max(ticks[0], -100.0) - 4, min(ticks[-1], 100.0) + 4, [t for t in ticks if abs(t) <= 100]


def _difference_trace(row: dict, y: float, look: Look, conf_level: float, yref: str) -> dict:
    estimate, low, high = row["words"]
    names = f"{escaped(row['experimental'])} vs {escaped(row['control'])}"
    return {
        "type": "scatter",
        "mode": "markers",
        "name": names,
        "x": [row["x"]],
        "y": [y],
        "xaxis": "x2",
        "yaxis": yref,
        "hoverinfo": "text",
        "hovertext": [f"{bold(names)}<br>{estimate} points<br>{_ci(conf_level)} {low} to {high}"],
        "marker": {
            "symbol": "square",
            "size": look.px(13),
            "color": look.text,
            "opacity": 1,
            "line": {"color": look.page, "width": look.px(1.5)},
        },
        "error_x": _interval(row["x"], *row["limits"], look.text, look),
        "unselected": {"marker": {"opacity": 1}},
        "cliponaxis": False,
    }


def _ci(conf_level: float) -> str:
    return f"{100 * conf_level:g}% CI"


def _difference_notes(row, y, look, conf_level, limits, width, slack, several, one_line, yref) -> list[dict]:
    """The estimate above its square and the interval below it, moved inward where a panel's edge is near."""
    estimate, low, high = row["words"]
    interval = f"{_ci(conf_level)} {low} to {high}"
    names = f"{row['experimental']} vs {row['control']}"
    place = {"x": row["x"], "y": y, "xref": "x2", "yref": yref}
    at = width * (row["x"] - limits[0]) / (limits[1] - limits[0])

    def inward(*sizes: float) -> float:
        (centre,) = spread([at], [max(sizes)], low=-slack[0], high=width + slack[1])
        return centre - at

    patch = {"bgcolor": look.page}
    key = text_width(f"{estimate} points", 14 if one_line else 20, bold=True)
    below = text_width(interval, 13)
    prefix = sized(escaped(names) + "<br>", look, 12, look.faint) if several else ""
    if one_line:
        words = f"{prefix}{bold(f'{estimate} points')} {sized(f'({interval})', look, 13, look.grey)}"
        shift = (inward(key + below + 10), 9)
        return [
            note(words, look, **place, anchor=("center", "bottom"), shift=shift, size=14, colour=look.text)
        ]
    words = prefix + bold(f"{estimate} points")
    colour = look.text
    return [
        note(
            words, look, **place, anchor=("center", "bottom"), shift=(inward(key), 9), size=20, colour=colour, **patch
        ),
        note(interval, look, **place, anchor=("center", "top"), shift=(inward(below), -10), **patch),
    ]  # fmt: skip


def _favours(compared, top: float, look: Look, yref: str, room: tuple[float, float]) -> list[dict]:
    """ "favours B | favours A" on both sides of zero; of several comparisons A is "experimental".

    Where a name does not fit in its `room` (pixels left and right of zero) both stand on two lines.
    """
    if not compared:
        return []
    winner = compared[0]["experimental"] if len(compared) == 1 else "experimental"
    names = (compared[0]["control"], winner)
    fits = all(
        text_width(f"favours {name}", 12) + 7 <= space for name, space in zip(names, room, strict=True)
    )
    break_or_space = " " if fits else "<br>"
    place = {"x": 0, "y": top, "xref": "x2", "yref": yref, "size": 12, "colour": look.faint}
    return [
        note(f"favours{break_or_space}{escaped(name)}", look, **place, anchor=(side, "top"), shift=(shift, 0))
        for name, side, shift in zip(names, ("right", "left"), (-7, 7), strict=True)
    ]


def _stacked(rows, compared, look: Look, axis_title: str, conf_level: float) -> go.Figure:
    """The phone variant: words above each interval, the difference below the rates."""
    heights = [40 + 58 * i for i in range(len(rows))]
    end = (heights[-1] if heights else 20) + 18
    start = end + 58
    lower = [start + (66 if len(compared) > 1 else 46) + 62 * i for i in range(len(compared))]
    plot = lower[-1] + 18 if compared else end
    traces = [_rate_trace(row, y, look) for row, y in zip(rows, heights, strict=True)]
    notes = [n for row, y in zip(rows, heights, strict=True) for n in _phone_notes(row, y, look)]
    axes = {
        "xaxis": _rate_axis(look, axis_title),
        "yaxis": pixel_axis(0, end, plot),
    }
    shapes: list[dict] = []
    if compared:
        part = _difference_part(
            compared, lower, start, plot, look, conf_level, width=PHONE - 34, one_line=True, yref="y2"
        )
        axes |= {"xaxis2": part["axis"] | {"anchor": "y2"}, "yaxis2": pixel_axis(start, plot, plot)}
        traces, notes, shapes = traces + part["traces"], notes + part["notes"], part["shapes"]
    return figure(
        traces, look, height=plot + 58, margin=(16, 18, 8, 50), axes=axes, notes=notes, shapes=shapes
    )


def _phone_notes(row: dict, y: float, look: Look) -> list[dict]:
    """Name at the left and numbers at the right, above the interval; the short name where room lacks."""
    words = row["count"]
    if row["N"]:
        words = f"{bold(row['key'])} ({row['interval']})"
        words += f" · {row['fraction']}" if row["N"] >= IMMATURE_BELOW else ""
    room = PHONE - 34 - text_width(words.replace("<b>", "").replace("</b>", ""), 13) - 12
    name = row["label"] if text_width(row["label"], 14, bold=True) <= room else row["trt"]
    colour = row["text_colour"]
    place = {"y": y, "yref": "y", "shift": (0, 9)}
    return [
        note(
            bold(escaped(name)), look, x=0, anchor=("left", "bottom"), size=14, colour=colour, **place
        ),
        note(words, look, x=1, anchor=("right", "bottom"), colour=look.text, **place),
    ]  # fmt: skip
