"""A list of estimates with their intervals around a line of no difference: one row each, the leading one marked."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.differences import difference_range, interval_bar
from charts.forest_axis import FEW_RATIO_TICKS, HIGHEST, LOWEST, RATIO_TICKS
from charts.format import escaped, fixed, text_width, wrapped
from charts.layout import NARROWEST, PHONE, bold, each, figure, note, pixel_axis, rule, x_axis
from charts.theme import Look, look_of

NAME_MARGIN, VALUE_MARGIN, PHONE_MARGIN = 276, 176, 12
NUMBERS = ("estimate", "conf_low", "conf_high")
Range = Callable[[Sequence[float]], tuple[float, float, list[float]]]
ROW, PHONE_ROW, HEADING, TOP, BOTTOM = 32, 50, 30, 30, 50


def estimates_figure(
    rows: pd.DataFrame,
    *,
    axis_title: str = "Difference, percentage points (95% CI)",
    favours: tuple[str, str] = ("", ""),
    customdata: Sequence[object] = (),
    ratio: bool = False,
    range_of: Range = difference_range,
    decimals: int = 0,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """One row per estimate, in the given order: name, dot with its interval, and both in words.

    `rows`: label, words ("22.6 (4.7 to 39.1)"), estimate conf_low conf_high in the axis' unit (points), leading (drawn
    filled and bold), group (a heading stands where it changes; "" for none). An estimate that is NaN has words only.
    `favours` stands left and right of no difference. customdata: `customdata` on every dot. `ratio`: the numbers are
    ratios, on a log axis around 1; an interval that is longer than the axis ends at its edge. Else `range_of` gives
    range and ticks from all numbers, `decimals` those of the ticks.
    """
    look = look_of(theme, scale)
    drawn = _logarithms(rows) if ratio else rows
    values = drawn[[*NUMBERS]].to_numpy(float)
    finite = list(values[np.isfinite(values)])
    low, high, ticks, words = _ratio_range(finite) if ratio else _plain_range(range_of, decimals, finite)
    axis = x_axis(
        look,
        title=escaped(axis_title),
        ticks=ticks,
        words=words,
        range=[low, high],
        showgrid=True,
        anchor="y",
    )
    placed, plot = _placed(drawn.assign(**{c: drawn[c].clip(low, high) for c in NUMBERS}), compact)
    axes = {"xaxis": axis, "yaxis": pixel_axis(0, plot, plot)}
    traces = [_trace(row, y, list(customdata), look) for row, y in placed if math.isfinite(row.estimate)]
    notes = [n for row, y in placed for n in (_phone_notes if compact else _wide_notes)(row, y, look)]
    notes += _headings(placed, compact, look) + _favours(favours, (low, high), compact, look)
    zero = rule((0, 0), (0, plot), colour=look.axis, width=1.2)
    sides = (PHONE_MARGIN, PHONE_MARGIN) if compact else (NAME_MARGIN, VALUE_MARGIN)
    margin = (*sides, 12, BOTTOM)
    return figure(traces, look, height=plot + 62, margin=margin, axes=axes, notes=notes, shapes=[zero])


def ratio_range(limits: Sequence[float]) -> tuple[float, float, list[float], list[str]]:
    """Range and ticks of a log axis of ratios: a half to 2 at least, 0 and infinity beyond its ends."""
    finite = [math.log10(value) for value in limits if math.isfinite(value) and value > 0]
    low, high, ticks, words = _ratio_range(finite)
    return 10**low, 10**high, [10**tick for tick in ticks], words


def _plain_range(
    range_of: Range, decimals: int, finite: Sequence[float]
) -> tuple[float, float, list[float], list[str]]:
    low, high, ticks = range_of(finite)
    return low, high, ticks, [fixed(tick, decimals, signed=True) for tick in ticks]


def _logarithms(rows: pd.DataFrame) -> pd.DataFrame:
    """Ratios as their logarithms to base 10, limits of 0 and infinity infinitely far out."""
    with np.errstate(divide="ignore"):
        return rows.assign(**{c: np.log10(rows[c].astype(float)) for c in NUMBERS})


def _ratio_range(finite: Sequence[float]) -> tuple[float, float, list[float], list[str]]:
    """A half to 2 at least, every interval inside, but not beyond `LOWEST` and `HIGHEST`."""
    bounds = math.log10(LOWEST), math.log10(HIGHEST)
    inside = [min(max(value, bounds[0]), bounds[1]) for value in finite]
    low, high = min([-0.32, *inside]) - 0.05, max([0.32, *inside]) + 0.05
    values = RATIO_TICKS if high - low <= 2 else FEW_RATIO_TICKS
    ticks = [value for value in values if low <= math.log10(value) <= high]
    return low, high, [math.log10(value) for value in ticks], [f"{value:g}" for value in ticks]


def _placed(rows: pd.DataFrame, compact: bool) -> tuple[list[tuple[Any, float]], float]:
    """Each row with its height in pixels from the top, and the height of the plot."""
    step = PHONE_ROW if compact else ROW
    y, group, placed = float(TOP), "", []
    for row in each(rows):
        if row.group != group:
            y, group = y + HEADING, row.group
        y += step
        placed.append((row, y - (10 if compact else step / 2)))
    return placed, y + 12


def _trace(row, y: float, customdata: list, look: Look) -> dict:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": escaped(row.label),
        "x": [row.estimate],
        "y": [y],
        "customdata": [customdata] if customdata else None,
        "hoverinfo": "text",
        "hovertext": [f"{bold(escaped(row.label))}<br>{escaped(row.words)}"],
        "marker": {
            "symbol": "square",
            "size": look.px(11 if row.leading else 10),
            "color": look.text if row.leading else look.page,
            "opacity": 1,
            "line": {"color": look.text, "width": look.px(1.5)},
        },
        "error_x": interval_bar(row.estimate, row.conf_low, row.conf_high, look.ink, look)
        if math.isfinite(row.conf_low)
        else None,
        "unselected": {"marker": {"opacity": 1}},
        "cliponaxis": False,
    }


def _wide_notes(row, y: float, look: Look) -> list[dict]:
    """Name left of the axis, estimate and interval right of it."""
    name, words = escaped(row.label), escaped(row.words)
    colour = look.text if row.leading else look.grey
    at: dict[str, Any] = {"y": y, "yref": "y", "colour": colour, "size": 14}
    emphasised = bold if row.leading else str
    return [
        note(emphasised(name), look, x=0, **at, anchor=("right", "middle"), shift=(-12, 0)),
        note(emphasised(words), look, x=1, **at, anchor=("left", "middle"), shift=(10, 0)),
    ]


def _phone_notes(row, y: float, look: Look) -> list[dict]:
    """Name and numbers in one line above the interval; where that is too long the numbers are below the name."""
    colour = look.text if row.leading else look.grey
    room = PHONE - 2 * PHONE_MARGIN
    size = 13 if text_width(row.label, 13) + text_width(row.words, 13) + 10 <= room else 12
    at: dict[str, Any] = {"y": y, "yref": "y", "colour": colour, "size": size, "bgcolor": look.page}
    emphasised = bold if row.leading else str
    return [
        note(emphasised(escaped(row.label)), look, x=0, **at, anchor=("left", "bottom"), shift=(0, 9)),
        note(emphasised(escaped(row.words)), look, x=1, **at, anchor=("right", "bottom"), shift=(0, 9)),
    ]


def _headings(placed: Sequence[tuple[Any, float]], compact: bool, look: Look) -> list[dict]:
    """The name of a group above its first row."""
    notes, group = [], ""
    for row, y in placed:
        if row.group != group:
            group = row.group
            above = y - (PHONE_ROW - 10 if compact else ROW / 2) - 4
            left = 0 if compact else -NAME_MARGIN + 12
            words = wrapped(group, 46 if compact else 90).split("<br>")[0]
            notes.append(
                note(bold(words), look, x=0, y=above, yref="y", anchor=("left", "bottom"), shift=(left, 0))
            )
    return notes


def _favours(words: tuple[str, str], limits: tuple[float, float], compact: bool, look: Look) -> list[dict]:
    """ "favours B | favours A" on both sides of zero; on two lines where a name does not fit."""
    if not any(words):
        return []
    margins = 2 * PHONE_MARGIN if compact else NAME_MARGIN + VALUE_MARGIN
    width = (PHONE if compact else NARROWEST) - margins
    slack = 0 if compact else 140
    per_unit = width / (limits[1] - limits[0])
    room = (-limits[0] * per_unit + slack, limits[1] * per_unit + slack)
    fits = all(text_width(f"favours {w}", 12) + 7 <= space for w, space in zip(words, room, strict=True))
    space = " " if fits else "<br>"
    at: dict[str, Any] = {"x": 0, "y": 0, "xref": "x", "yref": "y", "size": 12, "colour": look.faint}
    return [
        note(f"favours{space}{escaped(word)}", look, **at, anchor=(side, "top"), shift=(shift, 0))
        for word, side, shift in zip(words, ("right", "left"), (-7, 7), strict=True)
        if word
    ]
