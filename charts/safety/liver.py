"""Evaluation of drug-induced serious hepatotoxicity: a point per participant, both axes logarithmic."""

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed, plural, text_width
from charts.layout import PHONE, bold, each, figure, note, rule, sized, x_axis, y_axis
from charts.theme import Look, arm_styles, look_of

ENZYME, BILIRUBIN = 3.0, 2.0  # multiples of the upper limit that part the quadrants
TICKS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
CORNERS = (  # x side, y side, name, on a phone
    ("right", "top", "Hy’s law quadrant", "Hy’s law"),
    ("left", "top", "Bilirubin alone", "Bilirubin"),
    ("right", "bottom", "ALT or AST alone", "ALT or AST"),
)


def liver_figure(
    peaks: pd.DataFrame,
    arms: Iterable,
    *,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """Highest ALT or AST against highest bilirubin of each participant, in multiples of the upper limit of normal.

    `peaks`: one row per participant: USUBJID ARM ENZYME (ALT or AST) ENZYMEX ENZYMEDY BILIX BILIDY. The quadrant
    lines stand at 3 and 2. customdata of a point is its USUBJID.
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    x, y = _span(peaks["ENZYMEX"], ENZYME), _span(peaks["BILIX"], BILIRUBIN)
    panel = 300 if compact else 340
    height_of_key = 20 * _key_lines(styles, compact) + 38
    shapes = [
        rule((ENZYME, ENZYME), (0, 1), colour=look.threshold, dash="1px,3px", yref="paper"),
        rule((0, 1), (BILIRUBIN, BILIRUBIN), colour=look.threshold, dash="1px,3px", xref="paper"),
    ]
    title = "Highest bilirubin, × upper limit of normal"
    notes = [
        note(title, look, x=0, y=1, anchor=("left", "bottom"), shift=(-34, 8)),
        *_key(styles, peaks, look, compact),
        *_corners(look, compact),
    ]
    axes = {
        "xaxis": x_axis(
            look,
            title="Highest ALT or AST, × upper limit",
            ticks=_ticks(x, ENZYME),
            words=_words(x, ENZYME),
            type="log",
            range=[math.log10(v) for v in x],
            anchor="y",
        ),
        "yaxis": y_axis(
            look,
            ticks=_ticks(y, BILIRUBIN),
            words=_words(y, BILIRUBIN),
            type="log",
            range=[math.log10(v) for v in y],
        ),
    }
    return figure(
        [_points(peaks, style, look) for style in styles],
        look,
        height=panel + height_of_key + 46,
        margin=(46, 16, height_of_key, 46),
        axes=axes,
        notes=notes,
        shapes=shapes,
    )


def _span(times: pd.Series, quadrant: float) -> tuple[float, float]:
    """The range of an axis: every point inside, half the limit of normal and three times the quadrant line at least."""
    values = times.to_numpy(dtype=float)
    values = values[np.isfinite(values) & (values > 0)]
    return float(min([0.4, *(values * 0.85)])), float(max([3.2 * quadrant, *(values * 1.2)]))


def _ticks(span: tuple[float, float], quadrant: float) -> list[float]:
    """Round multiples, and the quadrant line in place of the tick nearest to it."""
    kept = [t for t in TICKS if span[0] <= t <= span[1] and not 0.6 < t / quadrant < 1.7]
    return sorted([*kept, quadrant])


def _words(span: tuple[float, float], quadrant: float) -> list[str]:
    return [bold(f"{tick:g}") if tick == quadrant else f"{tick:g}" for tick in _ticks(span, quadrant)]


def _points(peaks: pd.DataFrame, style: dict, look: Look) -> dict:
    own = peaks[(peaks["ARM"] == style["trt"]) & (peaks["ENZYMEX"] > 0) & (peaks["BILIX"] > 0)]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": escaped(style["label"]),
        "x": own["ENZYMEX"].to_numpy(dtype=float),
        "y": own["BILIX"].to_numpy(dtype=float),
        "customdata": own["USUBJID"].tolist(),
        "hoverinfo": "text",
        "hovertext": [_hover(row, style) for row in each(own)],
        "cliponaxis": False,
        "marker": {
            "symbol": style["symbol"],
            "size": look.px(9),
            "color": style["colour"],
            "opacity": 0.8,
            "line": {"color": look.page, "width": 1},
        },
        "unselected": {"marker": {"opacity": 0.8}},
    }


def _hover(row, style: dict) -> str:
    return (
        f"{bold(escaped(style['label']))}<br>{escaped(row.USUBJID)}: {escaped(row.ENZYME)} {fixed(row.ENZYMEX, 1)} × "
        f"on day {fixed(row.ENZYMEDY)}<br>bilirubin {fixed(row.BILIX, 1)} × on day {fixed(row.BILIDY)}<br>click to open"
    )


def _key_lines(styles: list[dict], compact: bool) -> int:
    return max(1, len(styles)) if compact or len(styles) > 2 else 1


def _key(styles: list[dict], peaks: pd.DataFrame, look: Look, compact: bool) -> list[dict]:
    """Marker, name and number of each arm above the panel: side by side, or one below the other."""
    marks = {"circle": "●", "diamond": "◆", "square": "■"}
    lines, notes, left = _key_lines(styles, compact), [], -34.0
    for i, style in enumerate(styles):
        n = int((peaks["ARM"] == style["trt"]).sum())
        name = style["short"] if text_width(style["label"], 13) > PHONE - 150 and compact else style["label"]
        many = plural(n, "participant")
        words = f"{marks[style['symbol']]} {bold(escaped(name))} {sized(many, look, 13, look.grey)}"
        row = i if lines > 1 else 0
        notes.append(
            note(words, look, x=0, y=1, anchor=("left", "bottom"), colour=style["text_colour"],
                 shift=(left if lines == 1 else -34, 30 + 20 * (lines - 1 - row)))
        )  # fmt: skip
        left += 1.12 * (text_width(f"● {name} ", 13, bold=True) + text_width(many, 13)) + 28
    return notes


def _corners(look: Look, compact: bool) -> list[dict]:
    """The names of the quadrants in the corners; the lower left one needs none."""
    return [
        note(
            bold(short if compact else name)
            if (side, end) == ("right", "top")
            else short
            if compact
            else name,
            look,
            x=1 if side == "right" else 0,
            y=1 if end == "top" else 0,
            anchor=(side, end),
            shift=(-6 if side == "right" else 6, -4 if end == "top" else 4),
            colour=look.grey if (side, end) == ("right", "top") else look.faint,
        )
        for side, end, name, short in CORNERS
    ]
