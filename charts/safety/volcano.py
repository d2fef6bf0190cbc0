"""Screening of terms: the difference of the shares against how rare such a difference is by chance alone."""

import math
from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed, points, text_width, wrapped
from charts.layout import NARROWEST, PHONE, bold, figure, note, rule, x_axis, y_axis
from charts.theme import Look, look_of

HEIGHT, TOP, BOTTOM = 330, 40, 54
MOST_NAMED = 12
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
    found = terms.loc[terms["q_value"] <= rate, "p_value"]
    left, right = (44, 12) if compact else (64, 24)
    shapes = [rule((0, 0), (0, top), colour=look.axis)]
    notes = [
        note("Fisher's exact p of the term", look, x=0, y=1, anchor=("left", "bottom"), shift=(-left + 6, 8))
    ]
    if len(found):
        y = _height(found.max())
        shapes.append(rule((-reach, reach), (y, y), colour=look.threshold, dash="4px,3px", width=1.3))
        notes.append(
            note(
                f"false discovery rate {100 * rate:g}%",
                look,
                x=reach,
                xref="x",
                y=y,
                yref="y",
                anchor=("right", "bottom"),
            )
        )
    notes += _sides(compared, reach, top, look)
    notes += _named(terms, heights, reach, top, look, (PHONE if compact else NARROWEST) - left - right)
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
            "size": [look.px(6 + 2 * math.sqrt(n)) for n in terms["n"]],
            "line": {"color": look.page, "width": 1},
        },
        "customdata": terms[["soc", "term"]].to_numpy().tolist(),
        "unselected": {"marker": {"opacity": 0.35}},
        "hoverinfo": "text",
        "hovertext": hover,
        "cliponaxis": False,
    }


def _sides(compared: tuple[str, str], reach: float, top: float, look: Look) -> list[dict]:
    return [
        note(
            f"more with {escaped(name)}",
            look,
            x=x,
            xref="x",
            y=1,
            anchor=(side, "bottom"),
            size=12,
            shift=(0, -12),
        )
        for name, x, side in ((compared[1], -reach, "left"), (compared[0], reach, "right"))
    ]


def _named(
    terms: pd.DataFrame, heights: Sequence[float], reach: float, top: float, look: Look, width: float
) -> list[dict]:
    """The names of the rarest differences that have room beside their point."""
    order = sorted(range(len(terms)), key=lambda i: -heights[i])[:MOST_NAMED]
    per_x, per_y = width / (2 * reach), HEIGHT / (1.04 * top)
    taken: list[tuple[float, float, float]] = []
    notes: list[dict] = []
    for i in order:
        name = str(terms["name"].iloc[i])[:28]
        x, y = 100 * float(terms["estimate"].iloc[i]), heights[i]
        wide, side = text_width(name, 12), 1 if x >= 0 else -1
        centre = (x + reach) * per_x + side * (12 + wide / 2)
        box = (centre - wide / 2, centre + wide / 2, y * per_y)
        apart = all(box[1] < a or box[0] > b or abs(box[2] - c) > 15 for a, b, c in taken)
        if apart and box[0] > 0 and box[1] < width:
            taken.append(box)
            notes.append(note(escaped(name), look, x=x, y=y, xref="x", yref="y", size=12,
                              anchor=("left" if side > 0 else "right", "middle"), shift=(side * 11, 0)))  # fmt: skip
    return notes
