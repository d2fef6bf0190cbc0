"""The parts every figure is built from: the layout, axes, notes beside the data and rules.

Figures are dicts of plotly's schema. Heights are fixed, widths are not, so everything vertical is known in
pixels: `domain` turns pixels from the top into an axis domain, and `pixel_axis` counts in them.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.format import text_width
from charts.theme import FONT, Look

NO_FILL = "rgba(0,0,0,0)"
NARROWEST, PHONE = 700, 350  # content widths at which the labels must still be apart


def figure(
    data: Sequence[dict],
    look: Look,
    *,
    height: float,
    margin: tuple[float, float, float, float],
    axes: dict[str, dict],
    notes: Sequence[dict] = (),
    shapes: Sequence[dict] = (),
    **layout,
) -> go.Figure:
    """One figure; `height` and `margin` (left, right, top, bottom) are pixels at font size 14."""
    left, right, top, bottom = (look.px(side) for side in margin)
    return go.Figure(
        {
            "data": list(data),
            "layout": {
                "template": {"layout": {}},
                "autosize": True,
                "height": round(look.px(height)),
                "margin": {"l": left, "r": right, "t": top, "b": bottom, "pad": 0, "autoexpand": False},
                "paper_bgcolor": look.paper,
                "plot_bgcolor": NO_FILL,
                "font": {"family": FONT, "size": look.px(14), "color": look.text},
                "showlegend": False,
                "dragmode": False,
                "hovermode": "closest",
                "hoverlabel": hover_label(look),
                "uirevision": "fixed",
                "annotations": list(notes),
                "shapes": list(shapes),
                **axes,
                **layout,
            },
        }
    )


def hover_label(look: Look) -> dict:
    return {
        "bgcolor": look.widget,
        "bordercolor": look.axis,
        "align": "left",
        "namelength": 0,
        "font": {"family": FONT, "size": look.px(14), "color": look.text},
    }


def x_axis(look: Look, *, title: str = "", ticks: Sequence[float], words: Sequence[str], **changes) -> dict:
    """A line with outside ticks at the given places and no grid."""
    return {
        "showgrid": False,
        "gridcolor": look.grid,
        "zeroline": False,
        "showline": True,
        "linecolor": look.axis,
        "linewidth": 1,
        "ticks": "outside",
        "ticklen": look.px(4),
        "tickcolor": look.axis,
        "tickmode": "array",
        "tickvals": list(ticks),
        "ticktext": list(words),
        "tickfont": {"size": look.px(13), "color": look.grey},
        "tickangle": 0,
        "title": {
            "text": title,
            "standoff": look.px(6),
            "font": {"size": look.px(13), "color": look.grey},
        },
        "fixedrange": True,
        "automargin": False,
        **changes,
    }


def y_axis(look: Look, *, ticks: Sequence[float], words: Sequence[str], **changes) -> dict:
    """Tick words only: no line, no tick marks, no grid."""
    plain = {"showline": False, "ticks": "", "ticklen": look.px(6), "ticklabelstandoff": round(look.px(6))}
    return x_axis(look, ticks=ticks, words=words) | plain | changes


def percent_axis(look: Look, **changes) -> dict:
    """0 to 100 percent with a grid; the sign stands at the last tick only."""
    return y_axis(
        look,
        ticks=(0, 25, 50, 75, 100),
        words=("0", "25", "50", "75", "100%"),
        showgrid=True,
        range=[-1, 101],
        **changes,
    )


def percent_ticks(most: float, ticks: float = 5) -> list[int]:
    """0 and whole steps up to `most` percent, about so many."""
    step = next(step for step in (5, 10, 20, 25, 50, 100) if most / step <= ticks)
    return list(range(0, int(most) + 1, step))


def pixel_axis(top: float, bottom: float, total: float, **changes) -> dict:
    """A hidden y axis that counts pixels (at font size 14) from `top` down to `bottom` of the plot area."""
    return {
        "visible": False,
        "fixedrange": True,
        "range": [bottom, top],
        "domain": domain(top, bottom, total),
        **changes,
    }


def domain(top: float, bottom: float, total: float) -> list[float]:
    """The domain of an axis between two distances from the top of a plot area `total` pixels high."""
    return [max(0.0, 1 - bottom / total), min(1.0, 1 - top / total)]


def note(
    text: str,
    look: Look,
    *,
    x: float,
    y: float,
    xref: str = "paper",
    yref: str = "paper",
    anchor: tuple[str, str] = ("left", "middle"),
    shift: tuple[float, float] = (0, 0),
    size: float = 13,
    colour: str = "",
    **changes,
) -> dict:
    """Words at a place; `shift` moves them right and up by pixels at font size 14."""
    return {
        "text": text,
        "x": x,
        "y": y,
        "xref": xref,
        "yref": yref,
        "xanchor": anchor[0],
        "yanchor": anchor[1],
        "xshift": look.px(shift[0]),
        "yshift": look.px(shift[1]),
        "align": anchor[0] if anchor[0] != "auto" else "center",
        "showarrow": False,
        "borderpad": 0,
        "font": {"family": FONT, "size": look.px(size), "color": colour or look.grey},
        **changes,
    }


def rule(
    x: tuple[float, float],
    y: tuple[float, float],
    *,
    colour: str,
    width: float = 1,
    dash: str = "solid",
    xref: str = "x",
    yref: str = "y",
    layer: str = "below",
) -> dict:
    """A straight line from (x0, y0) to (x1, y1)."""
    return {
        "type": "line",
        "x0": x[0],
        "x1": x[1],
        "y0": y[0],
        "y1": y[1],
        "xref": xref,
        "yref": yref,
        "layer": layer,
        "line": {"color": colour, "width": width, "dash": dash},
    }


def bold(text: str) -> str:
    return f"<b>{text}</b>"


def sized(text: str, look: Look, size: float, colour: str) -> str:
    """A run of text with a size and colour of its own."""
    return f'<span style="font-size:{look.px(size):g}px;color:{colour}">{text}</span>'


def spread(
    wanted: Sequence[float],
    sizes: Sequence[float],
    *,
    low: float,
    high: float,
    gap: float = 0,
    weights: Sequence[float] | None = None,
) -> list[float]:
    """Centres as near the wanted ones as keeps boxes of these sizes apart and between `low` and `high`.

    Neighbours that would touch move together to the place of least squared shift; a box of small weight
    gives way first.
    """
    weight = list(weights or [1.0] * len(wanted))
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    offsets, run = {}, 0.0
    for i in order:
        offsets[i] = run + sizes[i] / 2
        run += sizes[i] + gap
    groups: list[list[int]] = []
    edges: list[float] = []
    for i in order:
        groups.append([i])
        edges.append(wanted[i] - offsets[i])
        while len(groups) > 1 and edges[-2] > edges[-1]:
            merged = groups[-2] + groups[-1]
            groups[-2:] = [merged]
            total = sum(weight[k] for k in merged)
            edges[-2:] = [sum(weight[k] * (wanted[k] - offsets[k]) for k in merged) / total]
    start = {k: edge for group, edge in zip(groups, edges, strict=True) for k in group}
    ceiling = high - (run - gap)
    return [min(max(start[i], low), max(ceiling, low)) + offsets[i] for i in range(len(wanted))]


def each(frame: pd.DataFrame) -> Iterable[Any]:
    """The rows of a frame as named tuples, of whatever type their values are."""
    return frame.itertuples()


def widest(texts: Sequence[str], size: float = 14, *, bold: bool = False) -> float:
    """The width of the widest line among texts; <br> parts lines."""
    lines = [line for text in texts for line in str(text).split("<br>")]
    return max((text_width(line, size, bold=bold) for line in lines), default=0)


WEEK_TICKS = (0, 2, 4, 8, 12, 16, 20, 26, 34, 42, 52, 65, 78, 91, 104)
PHONE_TICKS = (0, 8, 16, 26, 34, 42, 52, 78, 104)
SMALL_TICKS = (0, 12, 26, 39, 52, 78, 104)


def week_ticks(weeks: Sequence[float], preferred: Sequence[float], *, most: int) -> list[float]:
    """The weeks that get a label: the preferred ones among the visits, at most `most` evenly apart.

    Visits of another grid than the preferred weeks stand for themselves. First and last always stay.
    """
    visits = sorted({float(week) for week in weeks})
    if not visits:
        return [0.0]
    shared = [week for week in visits if week in preferred]
    candidates = sorted({visits[0], visits[-1], *(shared if len(shared) >= 4 else visits)})
    nearest = (candidates[-1] - candidates[0]) / max(most, 1)
    kept = [candidates[0]]
    for week in candidates[1:]:
        if week - kept[-1] >= nearest:
            kept.append(week)
    if kept[-1] != candidates[-1]:
        kept = [week for week in kept if candidates[-1] - week >= nearest or week == candidates[0]]
        kept.append(candidates[-1])
    return kept


def labelled_places(count: int, most: int) -> list[int]:
    """The places of a row of `count` that get a label: about `most`, evenly apart, the first and the last always."""
    step = max(1, -(-count // max(most, 1)))
    kept = list(range(0, count, step))
    return [*kept[: -1 if len(kept) > 1 else None], count - 1] if kept and kept[-1] != count - 1 else kept


def runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """Stretches of true values as (first, one past the last)."""
    edges = [i for i, (a, b) in enumerate(pairwise([False, *flags, False])) if a != b]
    return list(zip(edges[::2], edges[1::2], strict=True))
