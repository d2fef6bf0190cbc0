"""The weights of two arms: a bar per participant, the largest first, as shares of the arm's weight."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed
from charts.layout import bold, domain, each, figure, note, rule, x_axis, y_axis
from charts.theme import Look, arm_styles, look_of

HEAD, HEIGHT, GAP, BOTTOM = 52, 170, 34, 16
BETWEEN = 0.06  # of the width, between panels side by side
TENTH = 10  # percent of an arm's weight
NEAR = 0.8  # of it, from which the line is drawn
STEPS = (0.5, 1, 2, 5, 10, 20, 25, 50)


@dataclass(frozen=True)
class Panel:
    """Where the bars of one arm stand: axes by number, left and right in the width, pixels from the top."""

    number: str
    left: float
    right: float
    top: float
    plot: float


def weights_figure(
    weights: pd.DataFrame,
    arms: Iterable,
    *,
    sizes: Mapping[str, float],
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """A panel per arm; dashed where all would weigh the same, dotted a tenth of the arm where a bar comes near.

    `weights`: one row per participant: arm group weight share; `sizes`: the effective sample size of each arm.
    A click gives [group, arm].
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    largest = 100 * max([0.01, *weights["share"]])
    near = largest >= NEAR * TENTH
    most = max(1.08 * largest, 1.15 * TENTH if near else 0)
    panels = _panels(len(styles), compact)
    data, notes, shapes = [], [], []
    axes: dict[str, dict] = {}
    for style, panel in zip(styles, panels, strict=True):
        own = weights[weights["arm"] == style["trt"]].sort_values("share", ascending=False, kind="stable")
        axes |= _axes(panel, len(own), most, look)
        data.append(_bars(own, style, panel, look))
        notes.append(_head(style, len(own), sizes.get(style["trt"], 0.0), panel, look))
        if len(own):
            marks = [(100 / len(own), "5px,4px", f"equal weights: {fixed(100 / len(own), 1)}%")]
            marks += [(TENTH, "dot", f"{TENTH}% of the arm’s weight")] if near else []
            for height, dash, words in marks:
                shapes.append(_line(height, dash, panel, look))
                notes.append(_line_words(height, words, panel, look))
    plot = panels[0].plot if panels else HEAD
    return figure(
        data,
        look,
        height=plot + BOTTOM + 8,
        margin=(40, 12, 8, BOTTOM),
        axes=axes,
        notes=notes,
        shapes=shapes,
        bargap=0.25,
    )


def _panels(count: int, compact: bool) -> list[Panel]:
    """Side by side, on a phone one below the other."""
    pitch = HEAD + HEIGHT + GAP
    plot = pitch * count - GAP if compact else HEAD + HEIGHT
    width = 1.0 if compact else (1 - BETWEEN * (count - 1)) / max(count, 1)
    return [
        Panel(
            number=str(i + 1) if i else "",
            left=0.0 if compact else i * (width + BETWEEN),
            right=1.0 if compact else i * (width + BETWEEN) + width,
            top=HEAD + (pitch * i if compact else 0),
            plot=plot,
        )
        for i in range(count)
    ]


def _axes(panel: Panel, n: int, most: float, look: Look) -> dict[str, dict]:
    step = next((s for s in STEPS if most / s <= 5), STEPS[-1])
    ticks = [step * i for i in range(int(most / step) + 1)]
    words = [fixed(tick, 0 if step >= 1 else 1) for tick in ticks]
    words[-1] += "%"
    across: dict[str, Any] = {"domain": [panel.left, panel.right], "range": [0.4, max(n, 1) + 0.6]}
    down: dict[str, Any] = {"domain": domain(panel.top, panel.top + HEIGHT, panel.plot), "range": [0, most]}
    x, y = f"x{panel.number}", f"y{panel.number}"
    return {
        f"xaxis{panel.number}": x_axis(look, ticks=[], words=[], anchor=y, **across),
        f"yaxis{panel.number}": y_axis(look, ticks=ticks, words=words, anchor=x, showgrid=True, **down),
    }


def _bars(own: pd.DataFrame, style: dict, panel: Panel, look: Look) -> dict:
    name = bold(escaped(style["label"]))
    return {
        "type": "bar",
        "name": escaped(style["label"]),
        "x": list(range(1, len(own) + 1)),
        "y": [100 * share for share in own["share"]],
        "xaxis": f"x{panel.number}",
        "yaxis": f"y{panel.number}",
        "customdata": own[["group", "arm"]].to_numpy().tolist(),
        "hoverinfo": "text",
        "hovertext": [
            f"{name}<br>weight {fixed(row.weight, 2)}, {fixed(100 * row.share, 1)}% of the arm’s weight"
            f"<br>click to list {escaped(row.group)}"
            for row in each(own)
        ],
        "marker": {"color": style["colour"], "line": {"width": 0}},
        "unselected": {"marker": {"opacity": 0.55}},
    }


def _head(style: dict, n: int, size: float, panel: Panel, look: Look) -> dict:
    """The arm and what its weights leave of it, above its bars."""
    return note(
        f"{bold(escaped(style['short']))}<br>effective sample size {fixed(size, 1)} of {n}",
        look,
        x=panel.left,
        y=1 - (panel.top - HEAD) / panel.plot,
        anchor=("left", "top"),
        size=14,
        colour=style["text_colour"],
    )


def _line(height: float, dash: str, panel: Panel, look: Look) -> dict:
    return rule(
        (panel.left, panel.right),
        (height, height),
        xref="paper",
        yref=f"y{panel.number}",
        colour=look.threshold,
        dash=dash,
        width=1.5,
        layer="above",
    )


def _line_words(height: float, words: str, panel: Panel, look: Look) -> dict:
    """At the right end, where the bars are lowest."""
    at: dict[str, Any] = {"yref": f"y{panel.number}", "size": 12}
    return note(words, look, x=panel.right, y=height, anchor=("right", "bottom"), shift=(0, 2), **at)
