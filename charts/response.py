"""The response figures: rates, where everybody stands, best response, and the share in response by visit."""

from collections.abc import Iterable, Mapping

import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, of, percent, percent_range, weeks
from charts.layout import bold, figure, note, percent_axis, x_axis
from charts.lines import (
    END_MARGIN,
    PHONE_END_MARGIN,
    arm_lines,
    cells_of,
    end_labels,
    immature_bar,
    line_traces,
    n_rows,
    names_margin,
    ticks_for,
    week_words,
)
from charts.rates import difference_figure, rates_figure
from charts.standing import best_response_figure, standing_figure
from charts.theme import arm_styles, look_of

__all__ = [
    "best_response_figure",
    "by_visit_figure",
    "difference_figure",
    "rates_figure",
    "standing_figure",
]


def by_visit_figure(
    visits: pd.DataFrame,
    arms: Iterable,
    *,
    enrolled: Mapping[str, int] | None = None,
    mature_week: float | None = None,
    y_title: str = "In response",
    row_header: str = "Due",
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """The share in response at each visit, with upright intervals and the denominator under the axis.

    `visits`: one row per arm and visit: arm time (week) n N estimate conf_low conf_high, shares of 1; N is
    the number in the row under the axis, `enrolled` the arm's size, of which fewer than half is immature.
    `mature_week` is the visit that the labels give. customdata of a point is (arm, week).
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    lines = arm_lines(visits, styles, n_column="N", enrolled=enrolled, factor=100, dodge=0.14)
    ticks = ticks_for(visits, compact=compact, n_column="N")
    panel, top = (230, 44) if not compact else (200, 40)
    plot = panel + 56 + 16 * (len(styles) + 1)
    rows = n_rows(cells_of(visits, "N"), styles, ticks, look, header=row_header, top=panel + 56, plot=plot)
    last = max(ticks[-1], 1)
    axes = {
        "xaxis": x_axis(
            look,
            title="Week of treatment",
            ticks=ticks,
            words=[weeks(tick) for tick in ticks],
            range=[ticks[0] - last / 52 * 2, last * 1.015],
            anchor="y",
        ),
        "yaxis": percent_axis(look, domain=[1 - panel / plot, 1]),
        "yaxis2": rows["axis"],
    }
    traces = []
    for line in lines:
        customdata = [[line["trt"], week] for week in line["time"]]
        drawn = line_traces(line, look, hover=_visit_hover(line), width=2.8, marker_size=6 if compact else 9)
        split = int(line["mature"].sum())
        drawn[1]["customdata"] = customdata[:split]
        if len(drawn) > 2:
            drawn[2]["customdata"] = customdata[max(split - 1, 0) :]
        traces += drawn
    half = "fewer than half due" if row_header == "Due" else "fewer than half observed"
    notes, shapes = immature_bar(lines, look, y=1 + 12 / plot, last=last, words=half)
    size = visits["N"].max() if len(visits) else 0
    notes = (
        notes
        + rows["notes"]
        + [note(escaped(y_title), look, x=0, y=1, anchor=("left", "bottom"), shift=(-38, 12))]
    )
    notes += end_labels(
        lines,
        look,
        words=lambda value, week: percent(value / 100, size) + ("" if compact else f" at {week_words(week)}"),
        week=mature_week,
        height=lambda value: panel * (101 - value) / 102,
        total=plot,
        domain_top=0,
        panel=panel,
        compact=compact,
    )
    left = names_margin(styles, row_header, 44)
    margin = (left, PHONE_END_MARGIN if compact else END_MARGIN, top, 6)
    return figure(
        traces + rows["traces"],
        look,
        height=plot + top + 6,
        margin=margin,
        axes=axes,
        notes=notes,
        shapes=shapes,
    )


def _visit_hover(line: dict) -> list[str]:
    return [
        f"{bold(escaped(line['label']))}<br>{week_words(row.time)}: {percent(row.estimate, row.N)}, "
        f"{of(row.n, row.N)}<br>95% CI {percent_range(row.conf_low, row.conf_high, row.N)}"
        for row in line["rows"].itertuples()
    ]
