"""Standardised differences at baseline: a dot per characteristic, the largest first, and a line at 0.1."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed, lines_within, text_width
from charts.layout import PHONE, bold, each, figure, note, pixel_axis, rule, x_axis
from charts.theme import Look, arm_styles, look_of

MARK = 0.1  # Austin 2009: what is above it is worth a look
NAME_MARGIN, PHONE_MARGIN, VALUE_MARGIN = 236, 12, 64
ROW, PHONE_ROW, TOP, LEGEND = 30, 46, 26, 20


def balance_figure(
    differences: pd.DataFrame,
    arms: Iterable,
    *,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """A row per characteristic with the absolute standardised difference of each experimental arm from control.

    `differences`: one row per characteristic and comparison: variable, label, arm (the experimental one), estimate;
    one that is NaN has words only. With one comparison the dots are black, with several they are those of the arms.
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    largest = (
        differences.assign(size=differences["estimate"].abs()).groupby("variable", sort=False)["size"].max()
    )
    compared = [style for style in styles if (differences["arm"] == style["trt"]).any()]
    top = _top(compared)
    order = largest.sort_values(ascending=False, na_position="last", kind="stable").index
    step = PHONE_ROW if compact else ROW
    heights = {name: top + step * (i + (0.72 if compact else 0.5)) for i, name in enumerate(order)}
    plot = top + step * max(len(order), 1) + 6
    labels = dict(zip(differences["variable"], differences["label"], strict=True))
    words = {name: "–" if pd.isna(size) else fixed(size, 2) for name, size in largest.items()}
    axes = {"xaxis": difference_axis(largest.max(), look), "yaxis": pixel_axis(0, plot, plot)}
    traces = [_dots(differences, style, heights, look, alone=len(compared) == 1) for style in compared]
    sides = (PHONE_MARGIN, PHONE_MARGIN) if compact else (NAME_MARGIN, VALUE_MARGIN)
    return figure(
        traces,
        look,
        height=plot + 56 + 8,
        margin=(*sides, 8, 50),
        axes=axes,
        notes=[*names_and_numbers(labels, words, heights, look, compact=compact), *_above(compared, look)],
        shapes=[
            *([] if compact else [rule((0, 0), (top - 6, plot), colour=look.axis, width=1.2)]),
            rule((MARK, MARK), (top - 6, plot), colour=look.threshold, dash="dot", width=1.5),
        ],
    )


def difference_axis(largest: float, look: Look) -> dict:
    """From 0 to the end, a tick at every tenth or few of them."""
    end = _end(largest)
    ticks = [round(0.1 * i, 1) for i in range(round(end * 10) + 1)]
    ticks = ticks if len(ticks) <= 9 else ticks[:: 1 + len(ticks) // 9]
    return x_axis(
        look,
        title="Absolute standardised difference",
        ticks=ticks,
        words=[fixed(tick, 1) for tick in ticks],
        range=[-0.012 * end, end * 1.012],
        showgrid=True,
        anchor="y",
    )


def _end(largest: float) -> float:
    """The end of the axis: the next tenth above the largest, 0.3 at least."""
    return 0.3 if pd.isna(largest) else max(0.3, math.ceil(10 * largest - 1e-9) / 10)


def _dots(
    differences: pd.DataFrame, style: dict, heights: dict[str, float], look: Look, *, alone: bool
) -> dict:
    own = differences[(differences["arm"] == style["trt"]) & differences["estimate"].notna()]
    rows = list(each(own))
    colour = look.text if alone else style["colour"]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": escaped(style["label"]),
        "x": [abs(row.estimate) for row in rows],
        "y": [heights[row.variable] for row in rows],
        "hoverinfo": "text",
        "hovertext": [
            f"{bold(escaped(row.label))}<br>{escaped(style['label'])} vs control<br>{fixed(row.estimate, 2)}"
            for row in rows
        ],
        "marker": {
            "symbol": "circle" if alone else style["marker"],
            "size": look.px(11),
            "color": colour,
            "opacity": 1,
            "line": {"color": look.page, "width": look.px(1.5)},
        },
        "cliponaxis": False,
    }


def names_and_numbers(
    labels: Mapping[str, str],
    words: Mapping[str, str],
    heights: Mapping[str, float],
    look: Look,
    *,
    compact: bool,
) -> list[dict]:
    """Name left of the axis (phone: above the dot) and the number, as words, right of it."""
    notes = []
    room = PHONE - 2 * PHONE_MARGIN - 20 if compact else NAME_MARGIN - 16
    for name, y in heights.items():
        own = room - text_width(words[name]) - 10 if compact else room
        rows = lines_within(labels[name], own, 14, most=1 if compact else 2)
        text = "<br>".join(map(escaped, rows))
        at: dict[str, Any] = {"yref": "y", "colour": look.text, "size": 14}
        if compact:
            at |= {"bgcolor": look.page}
            notes.append(note(text, look, x=0, y=y, anchor=("left", "bottom"), shift=(0, 8), **at))
            notes.append(note(words[name], look, x=1, y=y, anchor=("right", "bottom"), shift=(0, 8), **at))
        else:
            notes.append(note(text, look, x=0, y=y, anchor=("right", "middle"), shift=(-12, 0), **at))
            notes.append(note(words[name], look, x=1, y=y, anchor=("left", "middle"), shift=(12, 0), **at))
    return notes


def _above(compared: list[dict], look: Look) -> list[dict]:
    """The name of the line, and above it what each mark compares where there are several."""
    notes = [note("0.1", look, x=MARK, y=_top(compared) - 8, xref="x", yref="y", anchor=("center", "bottom"))]
    if len(compared) < 2:
        return notes
    signs = {"circle": "●", "square": "■", "diamond": "◆"}
    return notes + [
        note(
            f"{signs[style['marker']]} {bold(escaped(style['short']))} vs control",
            look,
            x=0,
            y=4 + LEGEND * i,
            yref="y",
            anchor=("left", "top"),
            colour=style["text_colour"],
            size=14,
        )
        for i, style in enumerate(compared)
    ]


def _top(compared: list[dict]) -> float:
    return TOP + (LEGEND * len(compared) if len(compared) > 1 else 0)
