"""The frame of every figure with a line per arm over the visits: axis, row of n, immature part, end labels."""

from collections.abc import Callable, Sequence

import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, weeks
from charts.layout import figure, note, x_axis
from charts.lines import (
    END_MARGIN,
    PHONE_END_MARGIN,
    ROW_PITCH,
    cells_of,
    common_week,
    end_labels,
    immature_bar,
    line_traces,
    n_rows,
    names_margin,
    ticks_for,
    week_words,
)
from charts.theme import Look


def visit_figure(
    frame: pd.DataFrame,
    lines: Sequence[dict],
    look: Look,
    *,
    n_column: str,
    row_header: str,
    y: dict,
    place: Callable[[float], float],
    panel: float,
    y_title: str,
    title_shift: float,
    hover: Callable[[dict], list[str]],
    label: Callable[[dict, int], str],
    mature_week: float | None,
    half_words: str,
    shapes: Sequence[dict] = (),
    behind: Sequence[dict] = (),
    least_margin: float = 44,
    cell: Sequence[str] = (),
    compact: bool = False,
) -> go.Figure:
    """Lines of `arm_lines` on the axis `y`, `panel` pixels high; `place(value)` is the share from its top.

    Under the axis stands the row `row_header` with the numbers of `n_column`; `label(line, i)` is what an
    arm's end label says of its value at the visit `mature_week`. customdata of a point is (arm, week)
    and `cell`, what else the point stands for. `behind` are traces that lie under the lines.
    """
    ticks = ticks_for(frame, compact=compact, n_column=n_column)
    top, start = 48, panel + 58
    plot = start + ROW_PITCH * (len(lines) + 1)
    rows = n_rows(cells_of(frame, n_column), lines, ticks, look, header=row_header, top=start, plot=plot)
    last = max(ticks[-1], 1)
    y_axis = y | {"domain": [1 - panel / plot, 1]}
    axes = {"xaxis": _week_axis(look, ticks, last), "yaxis": y_axis, "yaxis2": rows["axis"]}
    traces = [trace for line in lines for trace in _clickable(line, look, hover(line), cell, compact)]
    notes, bars = immature_bar(lines, look, y=1 + 8 / plot, last=last, words=half_words)
    notes.append(note(escaped(y_title), look, x=0, y=1, anchor=("left", "bottom"), shift=(title_shift, 14)))
    notes += rows["notes"] + end_labels(
        lines,
        look,
        words=lambda line, i: label(line, i) + ("" if compact else f" at {week_words(line['time'][i])}"),
        week=common_week(lines) if mature_week is None else mature_week,
        height=lambda value: panel * place(value),
        total=plot,
        panel=panel,
        compact=compact,
    )
    sides = (names_margin(lines, row_header, least_margin), PHONE_END_MARGIN if compact else END_MARGIN)
    return figure(
        [*behind, *traces, *rows["traces"]],
        look,
        height=plot + top + 6,
        margin=(*sides, top, 6),
        axes=axes,
        notes=notes,
        shapes=[*shapes, *bars],
    )


def _week_axis(look: Look, ticks: Sequence[float], last: float) -> dict:
    span = [ticks[0] - last * 0.016, last * 1.016]
    words = [weeks(tick) for tick in ticks]
    return x_axis(look, title="Week of treatment", ticks=ticks, words=words, range=span, anchor="y")


def _clickable(line: dict, look: Look, hover: list[str], cell: Sequence[str], compact: bool) -> list[dict]:
    """The traces of an arm whose points say (arm, week, *cell)."""
    width, size = (2.6, 6) if compact else (3.2, 9)
    drawn = line_traces(line, look, hover=hover, width=width, marker_size=size)
    points = [[line["trt"], week, *cell] for week in line["time"]]
    split = int(line["mature"].sum())
    drawn[1]["customdata"] = points[:split]
    for late in drawn[2:]:
        late["customdata"] = points[max(split - 1, 0) :]
    return drawn
