"""Two arms mirrored: a bar to either side of each term, split by the worst grade of each participant."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed, lines_within, of, shortened, text_width, wrapped
from charts.layout import NARROWEST, PHONE, bold, figure, note, percent_ticks, pixel_axis, sized, x_axis
from charts.safety.ramp import grade_fills
from charts.theme import Look, arm_styles, look_of

ROW, BAR, HEAD, LINE = 34, 18, 58, 18
PHONE_KEYS = 3
MIDDLE, PHONE_ROW = 0.28, 44
GRADES, MISSING = ("1", "2", "3", "4", "5"), "missing"


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
    pitch = PHONE_ROW if compact else ROW
    more = LINE * ((len(grades) - 1) // PHONE_KEYS) if compact else 0
    head = HEAD + more
    at = {(soc, term): head + pitch * i + (30 if compact else 15) for i, (soc, term, _) in enumerate(terms)}
    plot = head + pitch * max(len(terms), 1) + 4
    totals = cells.groupby(["soc", "term", "arm"], sort=False).agg(n=("n", "sum"), N=("N", "first"))
    most = max([100 * n / N for n, N in totals.itertuples(index=False) if N] + [5]) * 1.12
    half = 0.47 if compact else (1 - MIDDLE) / 2
    sides = {styles[0]["trt"]: ("x2", [1 - half, 1])} | (
        {styles[1]["trt"]: ("x", [0, half])} if len(styles) > 1 else {}
    )
    fills = dict(zip(GRADES, grade_fills(len(GRADES) + 1, look)[1:], strict=True))
    data = [
        _bars(
            cells[(cells["arm"] == trt) & (cells["grade"] == grade)],
            at,
            axis,
            _marker(grade, fills, look),
            word,
        )
        for trt, (axis, _) in sides.items()
        for grade, word in zip(grades, grade_words, strict=True)
    ]
    axes = _axes(most, half, look) | {"yaxis": pixel_axis(0, plot, plot)}
    notes = [
        *_names(terms, at, look, compact),
        *_counts(totals, at, styles, sides, look),
        *_heads(styles, sides, totals, more, look, compact),
        *_key(grade_words, fills, grades, look, compact),
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


def _axes(most: float, half: float, look: Look) -> dict:
    """The shares to the left and to the right, to one scale."""
    ticks = percent_ticks(most)
    words = [f"{tick}%" if tick == ticks[-1] else str(tick) for tick in ticks]
    alike: dict[str, Any] = {"ticks": ticks, "showgrid": True}
    mirrored = ["", *words[1:]]  # one 0 is enough where the two are near
    return {
        "xaxis": x_axis(look, words=mirrored, domain=[0, half], range=[most, 0], **alike),
        "xaxis2": x_axis(look, words=words, domain=[1 - half, 1], range=[0, most], anchor="y", **alike),
    }


def _marker(grade: str, fills: dict[str, str], look: Look) -> dict:
    """A grade is filled, always the same; a missing one hatched."""
    line = {"color": look.axis, "width": 1}
    if grade in fills:
        return {"color": fills[grade], "line": line}
    pattern = {"shape": "x", "fgcolor": look.axis, "bgcolor": look.page, "size": look.px(5), "solidity": 0.2}
    return {"color": look.page, "pattern": pattern, "line": line}


def _bars(own: pd.DataFrame, at: dict, axis: str, marker: dict, word: str) -> dict:
    drawn = own[(own["N"] > 0) & (own["n"] > 0)]
    return {
        "type": "bar",
        "orientation": "h",
        "name": escaped(word),
        "x": [100 * n / N for n, N in drawn[["n", "N"]].itertuples(index=False)],
        "y": [at[key] for key in drawn[["soc", "term"]].itertuples(index=False, name=None)],
        "width": BAR,
        "xaxis": axis,
        "marker": marker,
        "customdata": drawn[["soc", "term", "grade", "arm"]].to_numpy().tolist(),
        "unselected": {"marker": {"opacity": 0.55}},
        "hoverinfo": "text",
        "hovertext": [
            f"{bold(wrapped(name, 40))}<br>{escaped(arm)}, worst {escaped(word)}: {of(n, N)}<br>click to list them"
            for name, arm, n, N in drawn[["name", "arm", "n", "N"]].itertuples(index=False)
        ],
    }


def _names(terms: Sequence[tuple], at: dict, look: Look, compact: bool) -> list[dict]:
    """Between the bars in two lines at most; on a phone in one above them."""
    if compact:
        words = [escaped(shortened(name, PHONE - 50)) for _, _, name in terms]
    else:
        room = NARROWEST * MIDDLE - 24
        words = ["<br>".join(map(escaped, lines_within(name, room, 13, most=2))) for _, _, name in terms]
    up = 20 if compact else 0
    return [
        note(text, look, x=0.5, y=at[soc, term] - up, yref="y", anchor=("center", "middle"), align="center",
             size=13 if compact else 12)
        for text, (soc, term, _) in zip(words, terms, strict=True)
    ]  # fmt: skip


def _counts(totals: pd.DataFrame, at: dict, styles: Sequence[dict], sides: dict, look: Look) -> list[dict]:
    """The participants at the end of each bar."""
    colours = {style["trt"]: style["text_colour"] for style in styles}
    notes = []
    for (soc, term, arm), n, N in totals.itertuples(name=None):
        if arm in sides and N:
            axis = sides[arm][0]
            out = 1 if axis == "x2" else -1
            anchor = ("left" if out > 0 else "right", "middle")
            notes.append(
                note(fixed(n), look, x=100 * n / N, xref=axis, y=at[soc, term], yref="y", anchor=anchor,
                     shift=(4 * out, 0), size=12, colour=colours[arm])
            )  # fmt: skip
    return notes


def _heads(
    styles: Sequence[dict], sides: dict, totals: pd.DataFrame, more: float, look: Look, compact: bool
) -> list[dict]:
    """The arms and their sizes over their bars, below the key."""
    N = totals["N"].groupby(level="arm").max()
    notes = []
    for style in styles:
        _, (low, high) = sides[style["trt"]]
        name = bold(escaped(style["short"] if compact else style["label"]))
        words = f"{name}, n of {fixed(N.get(style['trt'], 0))}"
        x, side = (high, "right") if low == 0 else (low, "left")
        place: dict[str, Any] = {"x": x, "y": 1, "anchor": (side, "top"), "shift": (0, -26 - more)}
        notes.append(note(words, look, size=12 if compact else 14, colour=style["text_colour"], **place))
    return notes


def _key(words: Sequence[str], fills: dict, grades: Sequence[str], look: Look, compact: bool) -> list[dict]:
    """Every grade in its own fill, three to a line on a phone."""
    notes, x, line = [], 0.0, 0
    for place, (grade, word) in enumerate(zip(grades, words, strict=True)):
        if compact and place and place % PHONE_KEYS == 0:
            x, line = 0.0, line + 1
        sign = sized("■", look, 17, fills[grade]) if grade in fills else sized("□", look, 17, look.axis)
        size = 12 if compact else 13
        notes.append(
            note(
                f"{sign} {escaped(word)}",
                look,
                x=0,
                y=1,
                anchor=("left", "top"),
                shift=(x, -LINE * line),
                size=size,
            )
        )
        x += text_width(word, size) + (20 if compact else 28)
    return notes
