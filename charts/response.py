"""The response figures: rates, where everybody stands, best response, and the share in response by visit."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from charts.differences import difference_figure
from charts.format import escaped, of, percent, percent_range
from charts.layout import bold, each, percent_axis
from charts.lines import arm_lines, rate_words, week_words
from charts.rates import rates_figure
from charts.standing import best_response_figure, standing_figure
from charts.theme import arm_styles, look_of
from charts.visit_figure import visit_figure

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
    cell: Sequence[str] = (),
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """The share in response at each visit, with upright intervals and the denominator under the axis.

    `visits`: one row per arm and visit: arm time (week) n N estimate conf_low conf_high, shares of 1; N is
    the number in the row under the axis, `enrolled` the arm's size, of which fewer than half is immature.
    `mature_week` is the visit that the labels give. customdata of a point is (arm, week) and `cell`.
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    return visit_figure(
        visits,
        arm_lines(visits, styles, n_column="N", enrolled=enrolled, factor=100, dodge=0.14),
        look,
        n_column="N",
        row_header=row_header,
        y=percent_axis(look),
        place=lambda value: (101 - value) / 102,
        panel=200 if compact else 230,
        y_title=y_title,
        title_shift=-38,
        hover=_visit_hover,
        label=rate_words,
        mature_week=mature_week,
        half_words="fewer than half due" if row_header == "Due" else "fewer than half observed",
        cell=cell,
        compact=compact,
    )


def _visit_hover(line: dict) -> list[str]:
    return [
        f"{bold(escaped(line['label']))}<br>{week_words(row.time)}: {percent(row.estimate, row.N)}, "
        f"{of(row.n, row.N)}<br>95% CI {percent_range(row.conf_low, row.conf_high, row.N)}"
        for row in each(line["rows"])
    ]
