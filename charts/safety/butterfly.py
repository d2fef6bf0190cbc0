"""Two arms mirrored: a bar to either side of each term, split by the worst grade of each participant."""

from collections.abc import Iterable, Sequence

import pandas as pd
import plotly.graph_objects as go

from charts.fill_key import LINE, fill_key, key_lines
from charts.format import escaped, of, wrapped
from charts.layout import NARROWEST, PHONE, bold, figure, note, pixel_axis, x_axis
from charts.safety.ramp import grade_fills
from charts.safety.term_rows import percent_ticks, shortened
from charts.theme import Look, arm_styles, look_of

ROW, BAR, HEAD = 30, 18, 58
MIDDLE, PHONE_ROW = 0.28, 44


def butterfly_figure(
    cells: pd.DataFrame,
    arms: Iterable,
    *,
    grades: Sequence[str],
    grade_words: Sequence[str],
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """The first arm to the right, the second to the left, the names between; on a phone above their bars.

    `cells`: one row per term, arm and grade in the order from the top: soc term name arm grade n N. `grades`: in their
    order, the mildest first. A click gives [soc, term, grade, arm].
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)[:2]
    terms = list(cells[["soc", "term", "name"]].drop_duplicates().itertuples(index=False, name=None))
    room, size = (PHONE if compact else NARROWEST) - 32, 12 if compact else 13
    head = HEAD + LINE * (key_lines(grade_words, look, room=room, size=size) - 1)
    pitch = PHONE_ROW if compact else ROW
    at = {(soc, term): head + pitch * i + (30 if compact else 15) for i, (soc, term, _) in enumerate(terms)}
    plot = head + pitch * max(len(terms), 1) + 4
    totals = cells.groupby(["soc", "term", "arm"], sort=False).agg(n=("n", "sum"), N=("N", "first"))
    most = max([100 * n / N for n, N in totals.itertuples(index=False) if N] + [5]) * 1.05
    half = 0.49 if compact else (1 - MIDDLE) / 2
    sides = {styles[0]["trt"]: ("x2", [1 - half, 1])} | (
        {styles[1]["trt"]: ("x", [0, half])} if len(styles) > 1 else {}
    )
    fills = dict(zip(grades, grade_fills(len(grades), look), strict=True))
    data = [
        _bars(cells[(cells["arm"] == trt) & (cells["grade"] == grade)], at, axis, fills[grade], word, look)
        for trt, (axis, _) in sides.items()
        for grade, word in zip(grades, grade_words, strict=True)
    ]
    axes = _axes(most, half, look, compact) | {"yaxis": pixel_axis(0, plot, plot)}
    notes = [
        *_names(terms, at, look, compact),
        *_heads(styles, sides, head, look, compact),
        *fill_key(grade_words, fills.values(), look, room=room, start=(0, -11), size=size),
    ]
    notes.append(
        note(
            "Participants with the event, by worst grade",
            look,
            x=0.5,
            y=0,
            anchor=("center", "top"),
            shift=(0, -26),
        )
    )
    return figure(
        data, look, height=plot + 60, margin=(16, 16, 6, 54), axes=axes, notes=notes, barmode="stack"
    )


def _axes(most: float, half: float, look: Look, compact: bool) -> dict:
    """Percent to the left and to the right; on a phone with one zero, two would touch."""
    ticks = percent_ticks(most)
    words = [f"{tick}%" if tick == ticks[-1] else str(tick) for tick in ticks]
    left = ["", *words[1:]] if compact else words
    return {
        "xaxis": x_axis(look, ticks=ticks, words=left, domain=[0, half], range=[most, 0], showgrid=True),
        "xaxis2": x_axis(
            look, ticks=ticks, words=words, domain=[1 - half, 1], range=[0, most], showgrid=True, anchor="y"
        ),
    }


def _bars(own: pd.DataFrame, at: dict, axis: str, fill: str, word: str, look: Look) -> dict:
    drawn = own[(own["N"] > 0) & (own["n"] > 0)]
    return {
        "type": "bar",
        "orientation": "h",
        "name": escaped(word),
        "x": [100 * n / N for n, N in drawn[["n", "N"]].itertuples(index=False)],
        "y": [at[key] for key in drawn[["soc", "term"]].itertuples(index=False, name=None)],
        "width": BAR,
        "xaxis": axis,
        "marker": {"color": fill, "line": {"color": look.page, "width": 1}},
        "customdata": drawn[["soc", "term", "grade", "arm"]].to_numpy().tolist(),
        "unselected": {"marker": {"opacity": 0.55}},
        "hoverinfo": "text",
        "hovertext": [
            f"{bold(wrapped(name, 40))}<br>{escaped(arm)}, worst {escaped(word)}: {of(n, N)}<br>click to list them"
            for name, arm, n, N in drawn[["name", "arm", "n", "N"]].itertuples(index=False)
        ],
    }


def _names(terms: Sequence[tuple], at: dict, look: Look, compact: bool) -> list[dict]:
    room = PHONE - 50 if compact else NARROWEST * MIDDLE - 24
    return [
        note(escaped(shortened(name, room)), look, x=0.5, y=at[soc, term] - (20 if compact else 0), yref="y",
             anchor=("center", "middle"))
        for soc, term, name in terms
    ]  # fmt: skip


def _heads(styles: Sequence[dict], sides: dict, head: float, look: Look, compact: bool) -> list[dict]:
    notes = []
    for style in styles:
        _, (low, high) = sides[style["trt"]]
        name = bold(escaped(style["short"] if compact else style["label"]))
        left = low == 0
        x, side = (high, "right") if left else (low, "left")
        notes.append(
            note(
                name,
                look,
                x=x,
                y=1,
                size=14,
                anchor=(side, "top"),
                shift=(0, 32 - head),
                colour=style["text_colour"],
            )
        )
    return notes
