"""Screening of terms: the difference of the shares against how rare such a difference is by chance alone."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed, points, shortened, text_width, wrapped
from charts.layout import NARROWEST, PHONE, bold, figure, note, rule, x_axis, y_axis
from charts.theme import Look, look_of

HEIGHT, TOP, BOTTOM = 330, 44, 54
MOST_NAMED, LONGEST_NAME, LINE = 12, 240, 16
Box = tuple[float, float, float, float]  # left, right, bottom, top, in pixels of the plot
P_TICKS = (1, 0.5, 0.2, 0.1, 0.05, 0.01, 0.001, 0.0001, 0.00001)


def volcano_figure(
    terms: pd.DataFrame,
    *,
    compared: tuple[str, str],
    rate: float = 0.05,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """A point per term: its difference in points across, its p upwards, its size by the participants with it.

    `terms`: soc term name estimate p_value q_value (false discovery rate) n (of both arms). A dashed line stands at the
    largest p whose false discovery rate is up to `rate`, where there is one. A click gives [soc, term].
    """
    look = look_of(theme, scale)
    heights = [_height(p) for p in terms["p_value"]]
    top = max([*heights, _height(0.05)]) * 1.12
    reach = max([100 * abs(x) for x in terms["estimate"]] + [5]) * 1.15
    left, right = (44, 12) if compact else (64, 24)
    width = (PHONE if compact else NARROWEST) - left - right
    places = [
        ((x + reach) * width / (2 * reach), (y / top + 0.04) / 1.04 * HEIGHT, _size(n) / 2)
        for x, y, n in zip(100 * terms["estimate"], heights, terms["n"], strict=True)
    ]
    marks: list[Box] = [(x - r, x + r, y - r, y + r) for x, y, r in places]
    shapes = [rule((0, 0), (0, top), colour=look.axis)]
    notes = [
        note(
            "Fisher's exact p of the term", look, x=0, y=1, anchor=("left", "bottom"), shift=(-left + 6, 24)
        ),
        *_sides(compared, reach, look),
    ]
    taken: list[Box] = []
    found = terms.loc[terms["q_value"] <= rate, "p_value"]
    if len(found):
        y = _height(found.max())
        words, box = _rate_words(rate, (y / top + 0.04) / 1.04 * HEIGHT, width, marks)
        taken.append(box)
        shapes.append(rule((-reach, reach), (y, y), colour=look.threshold, dash="4px,3px", width=1.3))
        x, side = (-reach, "left") if box[0] < width / 2 else (reach, "right")
        notes.append(note(words, look, x=x, xref="x", y=y, yref="y", anchor=(side, "bottom"), shift=(0, 1)))
    notes += _named(terms, heights, places, [*taken, *marks], width, look)
    return figure(
        [_marks(terms, heights, look)],
        look,
        height=HEIGHT + TOP + BOTTOM,
        margin=(left, right, TOP, BOTTOM),
        axes=_axes(reach, top, look),
        notes=notes,
        shapes=shapes,
    )


def _axes(reach: float, top: float, look: Look) -> dict:
    """Differences across, p-values upwards on a log scale."""
    ticks = [p for p in P_TICKS if _height(p) <= top]
    steps = _steps(reach)
    return {
        "xaxis": x_axis(
            look,
            title="Difference, percentage points",
            ticks=steps,
            words=[fixed(tick) for tick in steps],
            range=[-reach, reach],
        ),
        "yaxis": y_axis(
            look,
            ticks=[_height(p) for p in ticks],
            words=[f"{p:g}" for p in ticks],
            range=[-0.04 * top, top],
            showgrid=True,
        ),
    }


def _height(p: float) -> float:
    return -math.log10(max(p, 1e-12))


def _steps(reach: float) -> list[int]:
    step = next(step for step in (2, 5, 10, 20, 50) if reach / step <= 4)
    side = list(range(step, int(reach) + 1, step))
    return [-tick for tick in reversed(side)] + [0, *side]


def _marks(terms: pd.DataFrame, heights: Sequence[float], look: Look) -> dict:
    hover = []
    for row in terms.itertuples():
        point, _, _ = points(row.estimate, row.estimate, row.estimate)
        hover.append(
            f"{bold(wrapped(row.name, 40))}<br>{point} points, p {row.p_value:.3g}, "
            f"false discovery rate {row.q_value:.2g}"
            f"<br>{fixed(row.n)} participants<br>click to list them"
        )
    return {
        "type": "scatter",
        "mode": "markers",
        "x": 100 * terms["estimate"],
        "y": list(heights),
        "marker": {
            "color": look.ink,
            "opacity": 0.7,
            "size": [look.px(_size(n)) for n in terms["n"]],
            "line": {"color": look.page, "width": 1},
        },
        "customdata": terms[["soc", "term"]].to_numpy().tolist(),
        "unselected": {"marker": {"opacity": 0.35}},
        "hoverinfo": "text",
        "hovertext": hover,
        "cliponaxis": False,
    }


def _sides(compared: tuple[str, str], reach: float, look: Look) -> list[dict]:
    return [
        note(
            f"more with {escaped(name)}",
            look,
            x=x,
            xref="x",
            y=1,
            anchor=(side, "bottom"),
            size=12,
            shift=(0, 5),
        )
        for name, x, side in ((compared[1], -reach, "left"), (compared[0], reach, "right"))
    ]


def _size(n: float) -> float:
    return 6 + 2 * math.sqrt(n)


def _rate_words(rate: float, y: float, width: float, marks: Sequence[Box]) -> tuple[str, Box]:
    """What the line of the false discovery rate is, over its end with fewer points."""
    words = f"false discovery rate {100 * rate:g}%"
    wide = text_width(words, 13)
    ends: list[Box] = [(width - wide, width, y, y + LINE), (0, wide, y, y + LINE)]
    return words, min(ends, key=lambda end: sum(_overlap(end, mark) for mark in marks))


def _named(
    terms: pd.DataFrame,
    heights: Sequence[float],
    places: Sequence[tuple[float, float, float]],
    taken: list[Box],
    width: float,
    look: Look,
) -> list[dict]:
    """The names of the rarest differences that have room beside their point, off whatever is `taken`.

    `places`: x, y and radius of each point in pixels.
    """
    notes: list[dict] = []
    for i in sorted(range(len(terms)), key=lambda i: -heights[i])[:MOST_NAMED]:
        name = shortened(str(terms["name"].iloc[i]), LONGEST_NAME)
        x, y, r = places[i]
        wide, gap = text_width(name, 12), r + 5
        ways: dict[str, tuple[Box, tuple[str, str], tuple[float, float]]] = {
            "right": (_box(x + gap + wide / 2, y, wide), ("left", "middle"), (gap, 0)),
            "left": (_box(x - gap - wide / 2, y, wide), ("right", "middle"), (-gap, 0)),
            "above": (_box(x, y + gap + LINE / 2, wide), ("center", "bottom"), (0, gap)),
            "below": (_box(x, y - gap - LINE / 2, wide), ("center", "top"), (0, -gap)),
        }
        for way in (
            ("right", "left", "above", "below") if x >= width / 2 else ("left", "right", "above", "below")
        ):
            box, anchor, shift = ways[way]
            inside = box[0] >= 0 and box[1] <= width and box[2] >= 0 and box[3] <= HEIGHT
            if inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                place: dict[str, Any] = {
                    "x": 100 * float(terms["estimate"].iloc[i]),
                    "y": heights[i],
                    "xref": "x",
                    "yref": "y",
                }
                notes.append(note(escaped(name), look, size=12, anchor=anchor, shift=shift, **place))
                break
    return notes


def _box(x: float, y: float, wide: float) -> Box:
    return x - wide / 2, x + wide / 2, y - LINE / 2, y + LINE / 2


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]
