"""How strong an unmeasured confounder would have to be: contours of what it explains, and what was measured."""

import math
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed, text_width
from charts.layout import NARROWEST, PHONE, bold, each, figure, note, sized, x_axis, y_axis
from charts.observational.labels import along, is_beside, offsets
from charts.theme import Look, look_of

HEIGHT, PHONE_HEIGHT, BOTTOM, LINE, TITLE = 380, 320, 50, 21, 26
TICKS = (1, 1.2, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 100, 200, 500, 1000)
LEAST = 3.0  # the axes reach at least so far
UNNAMED, ALWAYS_NAMED = 1.05, 3  # points that explain less have no name, but for the strongest
PHONE_UNNAMED = 1.1


def tipping_strength_figure(
    curves: pd.DataFrame,
    points: pd.DataFrame,
    *,
    meanings: dict[str, str],
    corners: dict[str, float],
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """Both strengths on log axes from 1: the ratio with the arm across, with response upwards.

    `curves`: curve ("estimate", "limit") with_arm with_response, along each contour. `meanings`: of each curve drawn,
    what lies beyond it in words. `corners`: its E-value, marked where both strengths are equal. `points`: measured
    covariates: label, with_arm, with_response, explains, words (for the hover), key (customdata); those that explain
    little have no name but in the hover.
    """
    look = look_of(theme, scale)
    most = axis_end(curves, points, corners)
    left, right = (40, 14) if compact else (52, 20)
    width = (PHONE if compact else NARROWEST) - left - right
    height = PHONE_HEIGHT if compact else HEIGHT
    panel = Panel(width, height, most)
    legend = _legend(meanings, compact, look)
    top = LINE * len(legend) * (2 if compact else 1) + TITLE + 12
    title = note("Ratio with response", look, x=0, y=1, anchor=("left", "bottom"), shift=(12 - left, 6))
    axis = {"type": "log", "range": [-0.012 * math.log10(most), math.log10(most)]}
    ticks = _ticks(panel, 46 if compact else 60)
    words = [f"{tick:g}" for tick in ticks]
    return figure(
        [
            *_regions(curves, most, look),
            *_curves(curves, look),
            *_points(points, look),
            *_corners(corners, look),
        ],
        look,
        height=height + top + BOTTOM,
        margin=(left, right, top, BOTTOM),
        axes={
            "xaxis": x_axis(look, title="Ratio with the arm", ticks=ticks, words=words, **axis),
            "yaxis": y_axis(look, ticks=ticks, words=words, showgrid=False, **axis),
        },
        notes=[title, *legend, *_names(panel, curves, points, corners, compact, look)],
    )


class Panel:
    """Places of ratios in pixels from the lower left corner of a plot that shows 1 to `most` both ways."""

    def __init__(self, width: float, height: float, most: float):
        self.width, self.height, self.most = width, height, most

    def at(self, with_arm: float, with_response: float) -> tuple[float, float]:
        span = math.log(self.most) * 1.012
        start = math.log(self.most) * 0.012
        return (
            (math.log(with_arm) + start) / span * self.width,
            (math.log(with_response) + start) / span * self.height,
        )


def axis_end(curves: pd.DataFrame, points: pd.DataFrame, corners: dict[str, float]) -> float:
    """Where the axes end: the longest contour's end, every point inside, 3 at least."""
    known = [
        *curves["with_arm"],
        *(1.15 * value for value in corners.values()),
        *(1.15 * points["with_arm"]),
        *(1.15 * points["with_response"]),
    ]
    return float(max([LEAST, *(value for value in known if math.isfinite(value))]))


def _ticks(panel: Panel, apart: float) -> list[float]:
    """Round ratios that are far enough apart for their words."""
    kept: list[float] = []
    for tick in TICKS:
        if tick <= panel.most and (not kept or panel.at(tick, 1)[0] - panel.at(kept[-1], 1)[0] >= apart):
            kept.append(float(tick))
    return kept


def _regions(curves: pd.DataFrame, most: float, look: Look) -> list[dict]:
    """What lies beyond each contour, a little darker for each that is passed."""
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [*part["with_arm"], most],
            "y": [*part["with_response"], most],
            "fill": "toself",
            "fillcolor": _faint(look),
            "line": {"width": 0},
            "hoverinfo": "skip",
        }
        for _, part in curves.groupby("curve", sort=False)
    ]


def _faint(look: Look) -> str:
    red, green, blue = (int(look.text[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{look.shadow_opacity:g})"


def _curves(curves: pd.DataFrame, look: Look) -> list[dict]:
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": str(curve),
            "x": part["with_arm"].tolist(),
            "y": part["with_response"].tolist(),
            "line": {
                "color": look.text,
                "width": look.px(2.6 if curve == "estimate" else 1.8),
                "dash": "solid" if curve == "estimate" else "6px,4px",
            },
            "hoverinfo": "skip",
        }
        for curve, part in curves.groupby("curve", sort=False)
    ]


def _points(points: pd.DataFrame, look: Look) -> list[dict]:
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": escaped(row.label),
            "x": [row.with_arm],
            "y": [row.with_response],
            "customdata": [[row.key]],
            "hoverinfo": "text",
            "hovertext": [f"{bold(escaped(row.label))}<br>{escaped(row.words)}<br>click to list who has it"],
            "marker": {
                "size": look.px(9),
                "color": look.ink,
                "opacity": 1,
                "line": {"color": look.page, "width": look.px(1)},
            },
            "unselected": {"marker": {"opacity": 1}},
            "cliponaxis": False,
        }
        for row in each(points)
    ]


def _corners(corners: dict[str, float], look: Look) -> list[dict]:
    """Where both strengths are the E-value."""
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [value],
            "y": [value],
            "hoverinfo": "skip",
            "marker": {
                "symbol": "square",
                "size": look.px(10),
                "color": look.page,
                "opacity": 1,
                "line": {"color": look.text, "width": look.px(2)},
            },
        }
        for value in corners.values()
    ]


def _legend(meanings: dict[str, str], compact: bool, look: Look) -> list[dict]:
    """Each contour in its own mark, and what lies beyond it, above the plot."""
    marks = {"estimate": "━━", "limit": "╍╍"}
    lines = [
        f"{sized(marks[curve], look, 13, look.text)} {escaped(words)}" for curve, words in meanings.items()
    ]
    if compact:
        lines = [line.replace(" could ", "<br>could ", 1) for line in lines]
    step = LINE * (2 if compact else 1)
    left = 12 - (40 if compact else 52)
    return [
        note(line, look, x=0, y=1, anchor=("left", "top"), shift=(left, TITLE + step * (len(lines) - i)))
        for i, line in enumerate(lines)
    ]


def _names(
    panel: Panel,
    curves: pd.DataFrame,
    points: pd.DataFrame,
    corners: dict[str, float],
    compact: bool,
    look: Look,
) -> list[dict]:
    """The E-values and the covariates beside their marks, with a hairline where a name had to move away."""
    size = 12 if compact else 13
    at: list[tuple[float, float]] = [(value, value) for value in corners.values()]
    texts = [f"E-value {fixed(value, 2)}" for value in corners.values()]
    strongest = points.sort_values("explains", ascending=False)
    enough = strongest["explains"] >= (PHONE_UNNAMED if compact else UNNAMED)
    unnamed = strongest[~enough & (np.arange(len(strongest)) >= ALWAYS_NAMED)]
    strongest = strongest[enough | (np.arange(len(strongest)) < ALWAYS_NAMED)]
    at += list(zip(strongest["with_arm"], strongest["with_response"], strict=True))
    texts += list(strongest["label"])
    widths = [text_width(text, size, bold=i < len(corners)) + 4 for i, text in enumerate(texts)]
    drawn = [panel.at(x, y) for x, y in curves[["with_arm", "with_response"]].to_numpy(float)]
    nameless = [panel.at(row.with_arm, row.with_response) for row in each(unnamed)]
    away = offsets(
        [panel.at(*each) for each in at],
        widths,
        panel=(panel.width, panel.height),
        taken=[*along(drawn), *along(nameless, 6)],
    )
    return [
        _name(bold(text) if i < len(corners) else escaped(text), place, offset, width, size, look)
        for i, (text, place, offset, width) in enumerate(zip(texts, at, away, widths, strict=True))
    ]


def _name(
    words: str, at: tuple[float, float], offset: tuple[float, float], width: float, size: int, look: Look
) -> dict:
    """Words that stay where they are beside their mark, however wide the plot."""
    x, y = (math.log10(value) for value in at)
    beside: dict[str, Any] = {"shift": offset}
    if not is_beside(offset, width):
        beside = {
            "showarrow": True,
            "ax": look.px(offset[0]),
            "ay": -look.px(offset[1]),
            "arrowhead": 0,
            "arrowwidth": 1,
            "arrowcolor": look.axis,
            "standoff": look.px(6),
        }
    return note(
        words,
        look,
        x=x,
        y=y,
        xref="x",
        yref="y",
        anchor=("center", "middle"),
        size=size,
        colour=look.text if words.startswith("<b>") else look.grey,
        **beside,
    )
