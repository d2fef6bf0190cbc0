"""Counts in a matrix: one thing down, another across, a panel per arm; the fill says how many."""

from collections.abc import Iterable, Sequence

import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed, plural, text_width
from charts.layout import NARROWEST, PHONE, bold, figure, note, x_axis, y_axis
from charts.safety.ramp import grade_fills, text_on
from charts.theme import Look, arm_styles, look_of

CELL, HEAD, UNDER = 40, 46, 46


def matrix_figure(
    results: pd.DataFrame,
    arms: Iterable,
    *,
    down: Sequence[str],
    across: Sequence[str],
    down_title: str,
    across_title: str,
    what: str = "participant",
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """A panel per arm, panels below one another on a phone.

    `results`: one row per cell: arm, down, across (as in `down` and `across`), n. A click gives [arm, down, across].
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    width = max([text_width(word, 13) for word in [*down, down_title]] + [40]) + 20
    columns = 1 if compact else len(styles)
    panel = len(down) * CELL
    rows = -(-len(styles) // columns)
    pitch = ((PHONE if compact else NARROWEST) - width - 14) / columns * 0.95 / max(len(across), 1)
    words = [_broken(word, pitch) for word in across]
    below = UNDER + 16 * max([word.count("<br>") for word in words] + [0])
    plot = rows * (panel + HEAD) + (rows - 1) * below
    most = max(int(results["n"].max()), 1) if len(results) else 1
    data: list[dict] = []
    notes: list[dict] = []
    axes: dict[str, dict] = {}
    for i, style in enumerate(styles):
        suffix = "" if i == 0 else str(i + 1)
        own = results[results["arm"] == style["trt"]]
        column, row = i % columns, i // columns
        top = row * (panel + HEAD + below)
        named = (down_title, across_title, what)
        data.append(_cells(own, style, down, across, most, named, min(CELL - 6, pitch - 3), look, suffix))
        axes |= _axes(down, words, look, suffix, (column, columns), (top + HEAD, panel, plot), across_title,
                      first=column == 0)  # fmt: skip
        notes += _texts(own, down, across, most, look, suffix)
        left, _ = _share(column, columns)
        name = style["short"] if compact else style["label"]
        notes.append(
            note(bold(escaped(name)), look, x=left, y=1 - top / plot, anchor=("left", "top"),
                 size=14, colour=style["text_colour"])
        )  # fmt: skip
    notes.append(
        note(escaped(down_title), look, x=0, y=1, anchor=("right", "top"), shift=(-10, -HEAD + 18), size=13)
    )
    return figure(
        data, look, height=plot + below + 14, margin=(width, 14, 8, below + 6), axes=axes, notes=notes
    )


def _broken(word: str, pitch: float) -> str:
    """A word that is wider than its column, in lines."""
    return escaped(word).replace(" ", "<br>") if text_width(word, 13) > pitch - 8 else escaped(word)


def _share(column: int, columns: int) -> tuple[float, float]:
    wide = (1 - 0.05 * (columns - 1)) / columns
    return column * (wide + 0.05), column * (wide + 0.05) + wide


def _cells(
    own: pd.DataFrame,
    style: dict,
    down,
    across,
    most: int,
    named: tuple[str, str, str],
    size: float,
    look: Look,
    suffix: str,
) -> dict:
    fills = grade_fills(most + 1, look)
    filled = own[own["n"] > 0]
    of_rows, of_columns, what = named
    of_columns = of_columns[:1].lower() + of_columns[1:]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [across.index(word) for word in filled["across"]],
        "y": [down.index(word) for word in filled["down"]],
        "marker": {
            "symbol": "square",
            "size": look.px(size),
            "color": [fills[n] for n in filled["n"]],
            "line": {"width": 0},
            "opacity": 1,
        },
        "customdata": filled[["arm", "down", "across"]].to_numpy().tolist(),
        "unselected": {"marker": {"opacity": 0.55}},
        "hoverinfo": "text",
        "hovertext": [
            f"{bold(escaped(style['label']))}<br>{escaped(of_rows)} {escaped(a)}, {escaped(of_columns)} "
            f"{escaped(b)}: {plural(n, what)}<br>click to list them"
            for a, b, n in filled[["down", "across", "n"]].itertuples(index=False)
        ],
        "cliponaxis": False,
        "xaxis": f"x{suffix}",
        "yaxis": f"y{suffix}",
    }


def _texts(own: pd.DataFrame, down, across, most: int, look: Look, suffix: str) -> list[dict]:
    return [
        note(fixed(n), look, x=across.index(b), y=down.index(a), xref=f"x{suffix}", yref=f"y{suffix}",
             anchor=("center", "middle"), size=14, colour=text_on(n / most, look) if n else look.faint)
        for a, b, n in own[["down", "across", "n"]].itertuples(index=False)
    ]  # fmt: skip


def _axes(down, words, look: Look, suffix: str, place, vertical, title: str, *, first: bool) -> dict:
    start, panel, plot = vertical
    x = x_axis(look, title=escaped(title), ticks=range(len(words)), words=words,
               domain=list(_share(*place)), anchor=f"y{suffix}", range=[-0.6, len(words) - 0.4])  # fmt: skip
    y = y_axis(look, ticks=range(len(down)), words=[escaped(word) if first else "" for word in down],
               domain=[1 - (start + panel) / plot, 1 - start / plot], anchor=f"x{suffix}",
               range=[len(down) - 0.4, -0.6])  # fmt: skip
    return {f"xaxis{suffix}": x | {"showline": False, "ticks": ""}, f"yaxis{suffix}": y}
