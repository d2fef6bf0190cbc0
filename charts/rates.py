"""Response rates by arm with their intervals, and the difference from control on an axis of its own."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.differences import Place, ci_words, comparisons, difference_part, interval_bar
from charts.format import (
    IMMATURE_BELOW,
    escaped,
    of,
    percent,
    percent_range,
    rate,
    text_width,
    wrapped,
)
from charts.layout import NARROWEST, PHONE, bold, each, figure, note, pixel_axis, rule, sized, x_axis
from charts.theme import Look, arm_styles, look_of

NAME_MARGIN, RIGHT_MARGIN = 196, 24
LINE_ROOM = 18  # above the figure, for the name of a line
FAVOURS_ROOM = 80  # pixels a name has on a phone before "favours B" takes two lines
RATE_DOMAIN, DIFFERENCE_DOMAIN = (0, 0.60), (0.68, 1)


def rates_figure(
    rates: pd.DataFrame,
    difference: pd.DataFrame | None,
    arms: Iterable,
    *,
    axis_title: str = "Response, 95% CI",
    unit_label: str = "due",
    conf_level: float = 0.95,
    fixed: float | None = None,
    difference_title: str = "Difference",
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """Rates and difference: a row per arm on 0 to 100%, and beside it each experimental arm minus control.

    `rates`: one row per arm (the first of an arm is drawn): arm n N estimate conf_low conf_high, shares of 1;
    an arm without participants has N 0 or no row. `difference`: comparison ("A - B", TRT01P values),
    estimate conf_low conf_high, shares of 1, and `name` where a comparison has several ("Crude" and another); None,
    or without rows: the rates take the whole width. On a
    phone the difference stands below the rates. customdata of a rate is its arm. `fixed`: a rate from elsewhere (share
    of 1), drawn as a line.
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    compared = comparisons(difference, styles)
    rows = _rows(rates, styles, unit_label, ci_words(conf_level))
    if compact:
        return _with_line(
            _stacked(rows, compared, look, axis_title, conf_level, difference_title), fixed, look
        )
    pitch = 88 if len(compared) > 1 else 72
    first = 94 if len(compared) > 1 else 46
    heights = [float(first + pitch * i) for i in range(len(rows))]
    named = _named_heights(compared, first, pitch)
    if len(named) > len(rows) > 1:
        step = (named[-1] - first) / (len(rows) - 1)
        heights = [first + step * i for i in range(len(rows))]
    plot = max([*heights, *named]) + 44 if rows else 60
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
        place = Place(0, plot, width, slack=(34, 20))
        middle = [(heights[0] + heights[-1]) / 2] if len(compared) == 1 else named or heights
        part = difference_part(compared, middle, place, look, conf_level, difference_title)
        axes["xaxis2"] = part["axis"] | {"domain": list(DIFFERENCE_DOMAIN), "anchor": "y"}
        traces, notes, shapes = traces + part["traces"], notes + part["notes"], part["shapes"]
    margin = (NAME_MARGIN, RIGHT_MARGIN, 12, 50)
    drawn = figure(traces, look, height=plot + 62, margin=margin, axes=axes, notes=notes, shapes=shapes)
    return _with_line(drawn, fixed, look)


def _named_heights(compared: Sequence[dict], first: float, pitch: float) -> list[float]:
    """Where differences with names stand, each on a line of its own; none where they stand beside their arms."""
    return [first + pitch * i for i, _ in enumerate(compared)] if any(row["name"] for row in compared) else []


def _with_line(drawn: go.Figure, fixed: float | None, look: Look) -> go.Figure:
    """The line of a fixed rate over the height of the rates, named above it."""
    if fixed is None:
        return drawn
    at = 100 * fixed
    bottom = max(drawn.layout.yaxis.range)
    words, more = f"historical {percent(fixed, 100)}", look.px(LINE_ROOM)
    side = "left" if at < 12 else "right" if at > 88 else "center"
    drawn.update_layout(height=drawn.layout.height + more, margin_t=drawn.layout.margin.t + more)
    drawn.add_shape(rule((at, at), (0, bottom), colour=look.threshold, dash="dot", width=1.5))
    drawn.add_annotation(
        note(words, look, x=at, y=0, xref="x", yref="y", anchor=(side, "bottom"), shift=(0, 2), size=12)
    )
    return drawn


def _rows(rates: pd.DataFrame, styles: Sequence[dict], unit: str, ci: str) -> list[dict]:
    """What is written and drawn for each arm; an arm without a row counts as nobody."""
    known = {row.arm: row for row in each(rates.drop_duplicates("arm"))}
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
                "ci": ci,
                "fraction": of(row.n, total),
                "percent": percent(row.estimate, total),
            }
        )
    return rows


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
        "error_x": interval_bar(row["x"], row["low"], row["high"], row["colour"], look) if drawn else {},
        "unselected": {"marker": {"opacity": 1}},
        "cliponaxis": False,
    }


def _rate_hover(row: dict) -> str:
    share = "" if row["N"] < IMMATURE_BELOW else f": {row['percent']}"
    return f"{bold(escaped(row['label']))}<br>{row['count']}{share}<br>{row['ci']} {row['interval']}"


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
        place: dict[str, Any] = {"x": row["x"], "y": y, "xref": "x", "yref": "y"}
        key, colour = bold(row["key"]), row["text_colour"]
        right = max(0, max(text_width(row["key"], 20), text_width(row["interval"])) / 2 - 2.5 * row["x"] - 8)
        notes += [
            note(key, look, **place, anchor=("center", "bottom"), shift=(right, 9), size=20, colour=colour),
            note(row["interval"], look, **place, anchor=("center", "top"), shift=(right, -10)),
        ]
    return notes


def _stacked(
    rows, compared, look: Look, axis_title: str, conf_level: float, difference_title: str
) -> go.Figure:
    """The phone variant: words above each interval, the difference below the rates."""
    heights = [40 + 58 * i for i in range(len(rows))]
    end = (heights[-1] if heights else 20) + 18
    start = end + 58
    names = [name for row in compared for name in (row["experimental"], row["control"])]
    one_line = all(text_width(f"favours {name}", 12) < FAVOURS_ROOM for name in names)
    words = 78 if len(compared) > 1 else 46 if one_line else 62  # below them the first difference
    lower = [start + words + 62 * i for i in range(len(compared))]
    plot = lower[-1] + 18 if compared else end
    traces = [_rate_trace(row, y, look) for row, y in zip(rows, heights, strict=True)]
    notes = [n for row, y in zip(rows, heights, strict=True) for n in _phone_notes(row, y, look)]
    axes = {
        "xaxis": _rate_axis(look, axis_title),
        "yaxis": pixel_axis(0, end, plot),
    }
    shapes: list[dict] = []
    if compared:
        place = Place(start, plot, PHONE - 34, one_line=True, yref="y2")
        part = difference_part(compared, lower, place, look, conf_level, difference_title)
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
    name = row["label"] if text_width(row["label"], 14, bold=True) <= room else row["short"]
    colour = row["text_colour"]
    place: dict[str, Any] = {"y": y, "yref": "y", "shift": (0, 9)}
    return [
        note(
            bold(escaped(name)), look, x=0, anchor=("left", "bottom"), size=14, colour=colour, **place
        ),
        note(words, look, x=1, anchor=("right", "bottom"), colour=look.text, **place),
    ]  # fmt: skip
