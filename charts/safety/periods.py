"""A rate per 100 patient-years in each period of the trial, by arm, with its interval."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed, text_width
from charts.layout import NARROWEST, bold, figure, note, widest, x_axis, y_axis
from charts.theme import Look, arm_styles, look_of

PLOT, TOP = 220, 58


def periods_figure(
    rates: pd.DataFrame,
    arms: Iterable,
    *,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """Points with upright intervals, arms side by side in each period; first events and participants at risk below.

    `rates`: period arm n at_risk estimate conf_low conf_high, the periods in order. A click gives [period, arm].
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    periods = list(rates["period"].unique())
    known = rates[["estimate", "conf_high"]].dropna()  # in a period of nobody nothing is known
    top = (
        1.05 * min(float(known["conf_high"].max()), 4 * float(known["estimate"].max()) + 10)
        if len(known)
        else 10.0
    )
    left = max(64 if compact else 110, widest([style["short"] for style in styles], 12) + 20)
    right, below = 12 if compact else 24, 40 + 18 * len(styles)
    data: list[dict] = []
    notes = [
        note(
            "First events per 100 patient-years",
            look,
            x=0,
            y=1,
            anchor=("left", "bottom"),
            shift=(-left + 6, 30),
        ),
        *_heads(styles, look, compact),
    ]
    for place, style in enumerate(styles):
        own = rates[rates["arm"] == style["trt"]]
        centres = [periods.index(period) for period in own["period"]]
        shift = 0.16 * (place - (len(styles) - 1) / 2)
        x = [centre + shift for centre in centres]
        data += [_points(own, x, top, style, look), _cut(own, x, top, style, look)]
        notes += _row(own, centres, place, style, look)
    ticks = _ticks(top)
    axes = {
        "xaxis": x_axis(look, ticks=range(len(periods)), words=[_short(p) if compact else escaped(p) for p in periods],
                        range=[-0.5, len(periods) - 0.5]),
        "yaxis": y_axis(look, ticks=ticks, words=[fixed(t) for t in ticks], range=[-0.02 * top, top], showgrid=True),
    }  # fmt: skip
    return figure(
        data, look, height=PLOT + TOP + below, margin=(left, right, TOP, below), axes=axes, notes=notes
    )


def _points(own: pd.DataFrame, x: Sequence[float], top: float, style: dict, look: Look) -> dict:
    """The rates of one arm with their intervals; one that is taller than the figure is cut at its top."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": escaped(style["label"]),
        "x": x,
        "y": own["estimate"],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": own["conf_high"].clip(upper=top) - own["estimate"],
            "arrayminus": own["estimate"] - own["conf_low"],
            "color": style["colour"],
            "thickness": look.px(2),
            "width": 0,
        },
        "marker": {
            "symbol": style["symbol"],
            "size": look.px(11),
            "color": style["colour"],
            "line": {"color": look.page, "width": look.px(1)},
        },
        "customdata": own[["period", "arm"]].to_numpy().tolist(),
        "unselected": {"marker": {"opacity": 0.55}},
        "hoverinfo": "text",
        "hovertext": _hover(own, style),
        "cliponaxis": False,
    }


def _cut(own: pd.DataFrame, x: Sequence[float], top: float, style: dict, look: Look) -> dict:
    """An arrow at the top where an interval goes on."""
    taller = [place for place, high in zip(x, own["conf_high"], strict=True) if high > top]
    marker = {"symbol": "triangle-up", "size": look.px(9), "color": style["colour"]}
    return {"type": "scatter", "mode": "markers", "x": taller, "y": [top] * len(taller), "marker": marker,
            "hoverinfo": "skip", "cliponaxis": False}  # fmt: skip


def _heads(styles: Sequence[dict], look: Look, compact: bool) -> list[dict]:
    """The arms in their colours side by side, by short names where the long ones have no room."""
    labels = [style["label"] for style in styles]
    brief = compact or sum(1.2 * text_width(name, 14, bold=True) + 20 for name in labels) > NARROWEST - 134
    notes, x = [], 0.0
    for style in styles:
        name = style["short"] if brief else style["label"]
        place: dict[str, Any] = {"x": 0, "y": 1, "anchor": ("left", "bottom"), "shift": (x, 8)}
        notes.append(note(bold(escaped(name)), look, size=14, colour=style["text_colour"], **place))
        x += 1.2 * text_width(name, 14, bold=True) + 20
    return notes


def _row(own: pd.DataFrame, x: Sequence[float], place: int, style: dict, look: Look) -> list[dict]:
    """First events and participants at risk of one arm, each below its period."""
    y, size, colour = -(30 + 18 * place) / PLOT, 12, style["text_colour"]
    name = note(
        escaped(style["short"]),
        look,
        x=0,
        y=y,
        anchor=("right", "middle"),
        shift=(-10, -8),
        size=size,
        colour=colour,
    )
    return [name] + [
        note(f"{fixed(n)} / {fixed(N)}", look, x=at, xref="x", y=y, anchor=("center", "middle"), shift=(0, -8),
             size=size, colour=colour)
        for at, n, N in zip(x, own["n"], own["at_risk"], strict=True)
    ]  # fmt: skip


def _hover(own: pd.DataFrame, style: dict) -> list[str]:
    return [
        f"{bold(escaped(style['label']))}<br>{escaped(row.period)}: {fixed(row.estimate, 1)} per 100 patient-years, "
        f"95% CI {fixed(row.conf_low, 1)} to {fixed(row.conf_high, 1)}<br>{row.n} first events, {row.at_risk} at risk"
        "<br>click to list them"
        for row in own.itertuples()
    ]


def _short(period: str) -> str:
    return escaped(period.replace("Days ", "").replace("From day ", "≥ ").replace(" to ", "–"))


def _ticks(top: float) -> Sequence[float]:
    steps = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
    step = next((step for step in steps if top / step <= 5), 10000)
    return [step * i for i in range(int(top / step) + 1)]
