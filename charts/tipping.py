"""The tipping-point grid: for every number of added responders in either arm, whether the conclusion turns."""

import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from charts.format import escaped, fixed, text_width, wrapped
from charts.layout import NARROWEST, PHONE, bold, domain, figure, note, sized, x_axis, y_axis
from charts.theme import Look, look_of, state_styles

LEFT, RIGHT, TOP, BOTTOM = 56, 16, 12, 12
LINE, CELL, LARGEST, SMALLEST_PLOT = 21, 36, 380, 30
Y_TITLE, X_TITLE, HEADING = 26, 58, 30
GLYPHS = {
    "circle": "\N{WHITE CIRCLE}",
    "square": "\N{WHITE SQUARE}",
    "diamond": "\N{WHITE DIAMOND}",
    "triangle-up": "\N{WHITE UP-POINTING TRIANGLE}",
    "triangle-down": "\N{WHITE DOWN-POINTING TRIANGLE}",
}


def tipping_figure(
    panels: Sequence[dict],
    *,
    states: tuple[str, str],
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """One heat map per comparison: a cell per (responders added in control, in the experimental arm).

    Each panel is a dict: `heading` ("" for one comparison), `x_title` and `y_title` (each a long and a short one),
    `cells` (added_control, added_experimental, turned, words for the hover) and `points` to mark (x, y, symbol,
    label, customdata).
    `states` say in words what a cell as observed and a turned one mean. Colours are those of states, light and
    dark, not of arms.
    """
    look, panels = look_of(theme, scale), [panel for panel in panels if len(panel["cells"])]
    legend = _legend(panels, states, compact, look, theme)
    top, traces, notes = float(legend["height"]), [], legend["notes"]
    axes = {name: {"visible": False, "fixedrange": True} for name in ("xaxis", "yaxis")}  # of no grid at all
    spans = []
    for panel in panels:
        rows = panel["cells"]["added_experimental"].nunique()
        start = top + (HEADING if panel["heading"] else 0) + Y_TITLE
        height = max(min(CELL * rows, LARGEST), SMALLEST_PLOT)
        spans.append((start, start + height))
        top = start + height + X_TITLE
    for number, (panel, span) in enumerate(zip(panels, spans, strict=True), 1):
        suffix = "" if number == 1 else str(number)
        axes |= _axes(panel, span, top, suffix, compact, look)
        traces += [_cells(panel, suffix, look, theme), *_points(panel, suffix, look)]
        notes += _titles(panel, span, compact, top, look)
    return figure(
        traces, look, height=top + TOP + BOTTOM, margin=(LEFT, RIGHT, TOP, BOTTOM), axes=axes, notes=notes
    )


def _axes(
    panel: dict, span: tuple[float, float], total: float, suffix: str, compact: bool, look: Look
) -> dict:
    """A whole number under and beside the cells; few columns keep cells from growing wider than twice their height."""
    cells = panel["cells"]
    across, up = cells["added_control"].to_numpy(), cells["added_experimental"].to_numpy()
    width = (PHONE if compact else NARROWEST) - LEFT - RIGHT
    columns = len(set(across))
    share = min(1.0, columns * 2 * CELL / width)
    x_step, y_step = _step(across), _step(up)
    most = max(int(width * share / 26), 1)
    return {
        f"xaxis{suffix}": x_axis(
            look,
            **_ticks(across, most),
            range=[-x_step / 2, across.max() + x_step / 2],
            domain=[0, share],
            anchor=f"y{suffix}",
        ),
        f"yaxis{suffix}": y_axis(
            look,
            **_ticks(up, max(int((span[1] - span[0]) / 20), 1)),
            range=[-y_step / 2, up.max() + y_step / 2],
            domain=domain(*span, total),
            anchor=f"x{suffix}",
        ),
    }


def _step(values) -> int:
    """How far drawn numbers lie apart."""
    distinct = sorted(set(values))
    return int(distinct[1] - distinct[0]) if len(distinct) > 1 else 1


def _ticks(values, most: int) -> dict:
    distinct = sorted(set(values))
    every = -(-len(distinct) // most)
    chosen = [float(value) for value in distinct[::every]]
    return {"ticks": chosen, "words": [fixed(value) for value in chosen]}


def _cells(panel: dict, suffix: str, look: Look, theme: str) -> dict:
    cells = panel["cells"]
    wide = cells.pivot(index="added_experimental", columns="added_control", values="turned")
    words = cells.pivot(index="added_experimental", columns="added_control", values="words")
    as_observed, turned = state_styles(theme)["NR"].fill, state_styles(theme)["CR"].fill
    gap = look.px(2) if wide.size <= 900 else look.px(0.5)
    return {
        "type": "heatmap",
        "x": list(wide.columns),
        "y": list(wide.index),
        "z": wide.astype(int).to_numpy().tolist(),
        "zmin": 0,
        "zmax": 1,
        "colorscale": [[0, as_observed], [0.5, as_observed], [0.5, turned], [1, turned]],
        "showscale": False,
        "xgap": gap,
        "ygap": gap,
        "xaxis": f"x{suffix}",
        "yaxis": f"y{suffix}",
        "hoverinfo": "text",
        "hovertext": words.to_numpy().tolist(),
    }


def _points(panel: dict, suffix: str, look: Look) -> list[dict]:
    """Marks on the grid, page-coloured with a dark rim, so that they are seen on both states."""
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": escaped(point["label"]),
            "x": [point["x"]],
            "y": [point["y"]],
            "xaxis": f"x{suffix}",
            "yaxis": f"y{suffix}",
            "customdata": [point["customdata"]],
            "hoverinfo": "text",
            "hovertext": [f"{bold(escaped(point['label']))}<br>click to list those without an answer"],
            "marker": {
                "symbol": point["symbol"],
                "size": look.px(13),
                "color": look.page,
                "opacity": 1,
                "line": {"color": look.text, "width": look.px(2)},
            },
            "unselected": {"marker": {"opacity": 1}},
            "cliponaxis": False,
        }
        for point in panel["points"]
    ]


def _legend(panels: Sequence[dict], states: tuple[str, str], compact: bool, look: Look, theme: str) -> dict:
    """What the two states and the marks mean, in lines above the grids."""
    fills = (state_styles(theme)["NR"].fill, state_styles(theme)["CR"].fill)
    items = [
        (f"{sized('■', look, 15, fill)} {escaped(words)}", text_width(f"■ {words}", 13))
        for fill, words in zip(fills, states, strict=True)
    ]
    labels = {(p["symbol"], p["label"]): None for panel in panels for p in panel["points"]}
    items += [
        (f"{sized(GLYPHS[symbol], look, 14, look.text)} {escaped(label)}", text_width(f"○ {label}", 13))
        for symbol, label in labels
    ]
    room, gap = (PHONE if compact else NARROWEST) - LEFT - RIGHT + (LEFT - 12), 18
    lines: list[list[str]] = [[]]
    used = math.inf
    for words, width in items:
        if used + gap + width > room:
            lines.append([])
            used = -gap
        lines[-1].append(words)
        used += gap + width
    lines = [line for line in lines if line]
    at: dict[str, Any] = {"x": 0, "y": 1, "anchor": ("left", "top")}
    notes = [
        note("\u2003".join(line), look, **at, shift=(12 - LEFT, -LINE * i), size=13)
        for i, line in enumerate(lines)
    ]
    return {"notes": notes, "height": LINE * len(lines) + 8}


def _titles(panel: dict, span: tuple[float, float], compact: bool, total: float, look: Look) -> list[dict]:
    """Heading, the vertical axis' title above the cells, the horizontal one's below them."""
    letters = 46 if compact else 90
    left: dict[str, Any] = {"x": 0, "shift": (12 - LEFT, 0)}

    def at(pixels: float) -> float:
        return 1 - pixels / total

    titles = [
        note(
            _that_fits(panel["y_title"], letters), look, y=at(span[0] - 8), anchor=("left", "bottom"), **left
        ),
        note(_that_fits(panel["x_title"], letters), look, y=at(span[1] + 26), anchor=("left", "top"), **left),
    ]
    if panel["heading"]:
        words = bold(_that_fits([panel["heading"]], letters))
        titles.append(
            note(
                words, look, y=at(span[0] - Y_TITLE - 6), anchor=("left", "bottom"), colour=look.text, **left
            )
        )
    return titles


def _that_fits(candidates: Sequence[str], letters: int) -> str:
    """The first text that fits on one line; where none does the last one, ending in an ellipsis."""
    chosen = next((words for words in candidates if len(words) <= letters), candidates[-1])
    first, *more = wrapped(chosen, letters).split("<br>")
    return f"{first}…" if more else first
