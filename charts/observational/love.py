"""Balance of two arms before weighting and after: a hollow and a filled dot per covariate, and a line at 0.1."""

import pandas as pd
import plotly.graph_objects as go

from charts.balance import (
    MARK,
    NAME_MARGIN,
    PHONE_MARGIN,
    PHONE_ROW,
    ROW,
    TOP,
    difference_axis,
    names_and_numbers,
)
from charts.format import fixed, wrapped
from charts.layout import bold, each, figure, note, pixel_axis, rule
from charts.theme import Look, look_of

HEAD, NUMBERS = 24, 112
KEY = "○ before   ● after weighting"


def love_figure(
    balance: pd.DataFrame, *, theme: str = "light", compact: bool = False, scale: float = 1.0
) -> go.Figure:
    """A row per term in the given order, absolute differences on the axis, signed ones in the hover.

    `balance`: one row per term: term, label, before, after; one that is NaN has words only.
    """
    look = look_of(theme, scale)
    top, step = HEAD + TOP, PHONE_ROW if compact else ROW
    heights = {row.term: top + step * (i + (0.72 if compact else 0.5)) for i, row in enumerate(each(balance))}
    plot = top + step * max(len(balance), 1) + 6
    labels = dict(zip(balance["term"], balance["label"], strict=True))
    words = {row.term: f"{_number(row.before)} → {_number(row.after)}" for row in each(balance)}
    sides = (PHONE_MARGIN, PHONE_MARGIN) if compact else (NAME_MARGIN, NUMBERS)
    largest = balance[["before", "after"]].abs().max().max()
    return figure(
        [_dots(balance, "before", heights, look), _dots(balance, "after", heights, look)],
        look,
        height=plot + 64,
        margin=(*sides, 8, 50),
        axes={"xaxis": difference_axis(largest, look), "yaxis": pixel_axis(0, plot, plot)},
        notes=[
            *names_and_numbers(labels, words, heights, look, compact=compact),
            note(fixed(MARK, 1), look, x=MARK, y=top - 8, xref="x", yref="y", anchor=("center", "bottom")),
            note(KEY, look, x=0, y=4, yref="y", anchor=("left", "top"), size=14, colour=look.text),
        ],
        shapes=[
            rule((0, 0), (top - 6, plot), colour=look.axis, width=1.2),
            rule((MARK, MARK), (top - 6, plot), colour=look.threshold, dash="dot", width=1.5, layer="above"),
            *(
                rule((abs(row.before), abs(row.after)), (heights[row.term],) * 2, colour=look.axis, width=1.5)
                for row in each(balance.dropna(subset=["before", "after"]))
            ),
        ],
    )


def _number(value: float) -> str:
    return "–" if pd.isna(value) else fixed(abs(value), 2)


def _dots(balance: pd.DataFrame, when: str, heights: dict[str, float], look: Look) -> dict:
    rows = list(each(balance[balance[when].notna()]))
    return {
        "type": "scatter",
        "mode": "markers",
        "name": when,
        "x": [abs(getattr(row, when)) for row in rows],
        "y": [heights[row.term] for row in rows],
        "hoverinfo": "text",
        "hovertext": [
            f"{bold(wrapped(row.label, 40))}<br>before {_signed(row.before)}<br>after {_signed(row.after)}"
            for row in rows
        ],
        "marker": {
            "symbol": "circle",
            "size": look.px(11),
            "opacity": 1,
            "color": look.page if when == "before" else look.text,
            "line": {"color": look.text if when == "before" else look.page, "width": look.px(1.5)},
        },
        "cliponaxis": False,
    }


def _signed(value: float) -> str:
    return "–" if pd.isna(value) else fixed(value, 2)
