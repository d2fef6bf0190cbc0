"""The scores of two arms as mirrored histograms: one upward, the other downward, the common support shaded."""

from collections.abc import Iterable
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed, plural
from charts.layout import bold, each, figure, note, rule, x_axis, y_axis
from charts.theme import Look, arm_styles, look_of, with_opacity

HALF, BAND, TOP, BOTTOM = 120, 26, 30, 50  # pixels: a side, the room for its name, margins
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
TICKS = (0, 0.25, 0.5, 0.75, 1)
EDGE = 0.3  # of the axis: nearer to an end the words of the support begin or end with it


def overlap_figure(
    bins: pd.DataFrame,
    arms: Iterable,
    *,
    support: tuple[float, float],
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """The first arm upward and the second downward; filled within the common support, hollow outside.

    `bins`: one row per arm, bin and side of the support: arm low high outside group n N. A click gives [group, arm].
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)[:2]
    totals = bins.groupby(["arm", "low"])["n"].sum()
    most = max([1, *totals])
    reach = most * (HALF + BAND) / HALF  # the names stand beyond the longest bar
    step = next((s for s in STEPS if most / s <= 3), STEPS[-1])
    ticks = [i * step for i in range(-(most // step), most // step + 1)]
    signs = {style["trt"]: sign for style, sign in zip(styles, (1, -1), strict=False)}
    axes = {
        "xaxis": x_axis(
            look,
            title="Propensity score: probability of the experimental arm",
            ticks=TICKS,
            words=[fixed(tick, 2) if tick % 1 else fixed(tick) for tick in TICKS],
            range=[-0.005, 1.005],
        ),
        "yaxis": y_axis(look, ticks=ticks, words=[fixed(abs(tick)) for tick in ticks], range=[-reach, reach]),
    }
    if compact:
        axes["xaxis"]["title"]["text"] = "Propensity score"
    return figure(
        [_bars(bins, style, signs[style["trt"]], look) for style in styles],
        look,
        height=2 * (HALF + BAND) + TOP + BOTTOM,
        margin=(34, 12, TOP, BOTTOM),
        axes=axes,
        notes=[
            _support_words(support, look),
            *_names(bins, styles, signs, reach, look),
        ],
        shapes=[
            {
                "type": "rect",
                "x0": support[0],
                "x1": support[1],
                "y0": -reach,
                "y1": reach,
                "fillcolor": with_opacity(look.text, look.shadow_opacity),
                "line": {"width": 0},
                "layer": "below",
            },
            rule((0, 1), (0, 0), colour=look.axis, layer="above"),
        ],
        barmode="overlay",
    )


def _bars(bins: pd.DataFrame, style: dict, sign: int, look: Look) -> dict[str, Any]:
    """The bars of one arm: those inside the support from the middle, those outside upon them."""
    own = bins[(bins["arm"] == style["trt"]) & (bins["n"] > 0)].sort_values(["low", "outside"])
    base = own.groupby("low")["n"].cumsum() - own["n"]
    rows = list(each(own))
    name = bold(escaped(style["label"]))
    return {
        "type": "bar",
        "name": escaped(style["label"]),
        "x": [(row.low + row.high) / 2 for row in rows],
        "y": [sign * row.n for row in rows],
        "base": [sign * below for below in base],
        "width": [0.86 * (row.high - row.low) for row in rows],
        "customdata": [[row.group, row.arm] for row in rows],
        "hoverinfo": "text",
        "hovertext": [
            f"{name}<br>score {fixed(row.low, 2)} to {fixed(row.high, 2)}: {plural(row.n, 'participant')}"
            + (" outside the common support" if row.outside else "")
            + "<br>click to list"
            for row in rows
        ],
        "marker": {
            "color": [look.page if row.outside else style["colour"] for row in rows],
            "line": {"color": style["colour"], "width": look.px(1.5)},
        },
        "unselected": {"marker": {"opacity": 0.55}},
    }


def _support_words(support: tuple[float, float], look: Look) -> dict:
    low, high = support
    middle = (low + high) / 2
    x, side = (low, "left") if middle < EDGE else (high, "right") if middle > 1 - EDGE else (middle, "center")
    return note(
        f"Common support {fixed(low, 2)} to {fixed(high, 2)}",
        look,
        x=x,
        xref="x",
        y=1,
        anchor=(side, "bottom"),
        shift=(0, 6),
    )


def _names(bins: pd.DataFrame, styles: list[dict], signs: dict, reach: float, look: Look) -> list[dict]:
    """Each arm beyond its bars, with its participants and how many are outside."""
    notes = []
    for style in styles:
        own = bins[bins["arm"] == style["trt"]]
        up = signs[style["trt"]] > 0
        outside = int(own.loc[own["outside"], "n"].sum())
        words = f"{bold(escaped(style['short']))}  n = {int(own['n'].sum())}, {outside} outside"
        notes.append(
            note(
                words,
                look,
                x=0,
                xref="paper",
                y=reach if up else -reach,
                yref="y",
                anchor=("left", "top" if up else "bottom"),
                shift=(6, -3 if up else 3),
                size=14,
                colour=style["text_colour"],
            )
        )
    return notes
