"""The state of the data: how complete each visit is in each arm."""

from collections.abc import Iterable

import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed, of, percent, percent_number, weeks
from charts.layout import bold, each, figure, note, pixel_axis
from charts.theme import Look, arm_styles, look_of, with_opacity

ROW, PHONE_ROW = 30, 22


def completeness_figure(
    completeness: pd.DataFrame,
    arms: Iterable,
    *,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """A grid of visits by arms: percent with a count, of those whose visit is due; the more missing, the darker.

    `completeness`: one row per arm and visit: arm time (week) n N, N those whose visit window has closed. A
    cell with N of 0 stays empty. On a phone the visits run downwards. customdata of a cell is (arm, week).
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    visits = sorted(completeness["time"].unique())
    known = {(row.arm, row.time): (int(row.n), int(row.N)) for row in each(completeness) if row.N > 0}
    cells = [
        {
            "arm": style["trt"],
            "week": week,
            "n": known[style["trt"], week][0],
            "N": known[style["trt"], week][1],
            "label": style["label"],
            "row": j if compact else i,
            "column": i if compact else j,
        }
        for i, style in enumerate(styles)
        for j, week in enumerate(visits)
        if (style["trt"], week) in known
    ]
    pitch = PHONE_ROW if compact else ROW
    down, across = (len(visits), len(styles)) if compact else (len(styles), len(visits))
    plot = pitch * max(down, 1)
    axes = {
        "xaxis": {"visible": False, "fixedrange": True, "range": [-0.5, max(across, 1) - 0.5], "anchor": "y"},
        "yaxis": pixel_axis(0, plot, plot),
    }
    notes = _heads(styles, visits, pitch, look, compact)
    margin = (72, 8, 28, 4) if compact else (110, 8, 8, 44)
    return figure(
        [_cells(cells, pitch, look)],
        look,
        height=plot + margin[2] + margin[3],
        margin=margin,
        axes=axes,
        notes=notes,
    )


def _cells(cells: list[dict], pitch: float, look: Look) -> dict:
    """One bar per cell, shaded by the share that is missing, with its percent inside."""
    shares = [cell["n"] / cell["N"] for cell in cells]
    return {
        "type": "bar",
        "x": [cell["column"] for cell in cells],
        "y": [pitch - 3] * len(cells),
        "base": [pitch * cell["row"] + 1.5 for cell in cells],
        "width": 0.94,
        "customdata": [[cell["arm"], cell["week"]] for cell in cells],
        "hoverinfo": "text",
        "hovertext": [
            f"{bold(escaped(cell['label']))}<br>week {weeks(cell['week'])}: {of(cell['n'], cell['N'])} due have a count"
            + (f", {percent(share, cell['N'])}" if cell["N"] >= 10 else "")
            for cell, share in zip(cells, shares, strict=True)
        ],
        "text": [
            percent_number(share, 1) if cell["N"] >= 10 else f"{fixed(cell['n'])}/{fixed(cell['N'])}"
            for cell, share in zip(cells, shares, strict=True)
        ],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "none",
        "textfont": {"size": look.px(12), "color": look.text},
        "marker": {
            "color": [with_opacity(look.ink, round(0.06 + 0.34 * min(1, 2 * (1 - s)), 3)) for s in shares],
            "line": {"width": 0},
        },
        "selected": {"textfont": {"color": look.text}},  # plotly.js 4 fails on a click without it
        "unselected": {"marker": {"opacity": 1}, "textfont": {"color": look.text}},
    }


def _heads(styles, visits, pitch: float, look: Look, compact: bool) -> list[dict]:
    """Arm names and weeks beside the grid."""
    arms = [(bold(escaped(style["short"])), style["text_colour"]) for style in styles]
    times = [(weeks(week), look.grey) for week in visits]
    rows, columns = (times, arms) if compact else (arms, times)
    bottom = not compact
    notes = [
        note(
            text,
            look,
            x=0,
            y=pitch * (i + 0.5),
            yref="y",
            anchor=("right", "middle"),
            shift=(-10, 0),
            colour=colour,
        )
        for i, (text, colour) in enumerate(rows)
    ]
    notes += [
        note(text, look, x=i, xref="x", y=0 if bottom else 1, anchor=("center", "top" if bottom else "bottom"),
             shift=(0, -4 if bottom else 4), colour=colour)
        for i, (text, colour) in enumerate(columns)
    ]  # fmt: skip
    title = note("Week", look, x=0, y=1, anchor=("right", "bottom"), shift=(-10, 4))
    if bottom:
        title = note(
            "Week of treatment, percent with a count",
            look,
            x=0.5,
            y=0,
            anchor=("center", "top"),
            shift=(0, -24),
        )
    return [*notes, title]
