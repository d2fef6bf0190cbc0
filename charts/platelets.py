"""The platelet figures: course and change by arm, every participant, and the share above each threshold."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.course import THRESHOLDS, change_figure, course_figure
from charts.format import escaped, of, percent, text_width, weeks
from charts.layout import (
    PHONE_TICKS,
    SMALL_TICKS,
    bold,
    each,
    figure,
    note,
    percent_axis,
    sized,
    spread,
    week_ticks,
    x_axis,
)
from charts.lines import arm_lines, common_week, labelled, last_week, line_traces, rate_words, week_words
from charts.theme import Look, arm_styles, look_of
from charts.trajectories import panels, participants_figure

__all__ = ["change_figure", "course_figure", "participants_figure", "thresholds_figure"]


def thresholds_figure(
    shares: pd.DataFrame,
    arms: Iterable,
    *,
    mature_week: float | None = None,
    enrolled: Mapping[str, int] | None = None,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """The share of participants at or above each threshold by visit, a panel per threshold.

    `shares`: one row per arm, threshold and visit: arm threshold (10⁹/L) time (week) n N estimate, shares of
    1 of N. Lines are thin from the first visit at which N is fewer than half of the arm (`enrolled`, else its
    largest N). Labels give the percent at `mature_week`; names stand in the last panel. On a phone the panels
    stand below each other. customdata of a point is (arm, threshold, week).
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    thresholds = sorted(shares["threshold"].unique()) or list(THRESHOLDS)
    grid = panels(len(thresholds), stacked=compact, height=160 if compact else 190, gap=0.11)
    last = last_week(shares, "N")
    seen = [week for week in (PHONE_TICKS if compact else SMALL_TICKS) if week <= last]
    ticks = week_ticks(
        [0, *seen] if len(seen) > 2 else [0, *shares.loc[shares["N"] > 0, "time"]], SMALL_TICKS, most=6
    )
    traces, notes, axes = [], [], {}
    for i, (threshold, cell) in enumerate(zip(thresholds, grid["cells"], strict=True)):
        number = "" if i == 0 else str(i + 1)
        own = shares[shares["threshold"] == threshold]
        lines = arm_lines(own, styles, n_column="N", enrolled=enrolled, factor=100)
        week = common_week(lines) if mature_week is None else mature_week
        for line in lines:
            traces += _threshold_line(line, threshold, week, look, number)
        notes.append(
            note(bold(f"At least {weeks(threshold)}"), look, x=cell["x"][0], y=cell["y"][1],
                 anchor=("left", "bottom"), shift=(0, 8), size=14, colour=look.text)
        )  # fmt: skip
        named = compact or i == len(thresholds) - 1
        notes += _labels(lines, week, look, cell, grid["height"], named=named)
        middle = i == len(thresholds) // 2 if not compact else i == len(thresholds) - 1
        axes[f"xaxis{number}"] = x_axis(
            look, title="Week of treatment" if middle else "", ticks=ticks, words=[weeks(t) for t in ticks],
            range=[0, last * 1.02], domain=cell["x"], anchor=f"y{number}",
        )  # fmt: skip
        words = {} if compact or i == 0 else {"ticktext": [""] * 5}
        axes[f"yaxis{number}"] = percent_axis(look, domain=cell["y"], anchor=f"x{number}") | words
    names = max(text_width(style["short"], 12) for style in styles) if styles else 0
    margin = (44, min(150, max(84, names + 48)), 30, 46)
    return figure(traces, look, height=grid["height"] + 76, margin=margin, axes=axes, notes=notes)


def _threshold_line(line: dict, threshold: float, week: float | None, look: Look, number: str) -> list[dict]:
    """The line with invisible points to hover over and one marker at the labelled visit."""
    hover = [
        f"{bold(escaped(line['label']))}<br>At least {weeks(threshold)} at {week_words(row.time)}: "
        f"{percent(row.estimate, row.N)}, {of(row.n, row.N)}"
        for row in each(line["rows"])
    ]
    axes: dict[str, Any] = {"xaxis": f"x{number}", "yaxis": f"y{number}"}
    drawn = line_traces(line, look, hover=hover, width=2.6, markers=False, intervals=False, **axes)
    points = [[line["trt"], threshold, time] for time in line["time"]]
    split = int(line["mature"].sum())
    drawn[0]["customdata"] = points[:split]
    if len(drawn) > 1:
        drawn[1]["customdata"] = points[max(split - 1, 0) :]
    if len(line["y"]):
        i = labelled(line, week)
        drawn.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [line["x"][i]],
                "y": [line["y"][i]],
                "hoverinfo": "skip",
                "marker": {"symbol": line["symbol"], "size": look.px(9), "color": line["colour"],
                           "line": {"color": look.page, "width": 1}},
                **axes,
            }
        )  # fmt: skip
    return drawn


def _labels(lines, week: float | None, look: Look, cell: dict, total: float, *, named: bool) -> list[dict]:
    """The percent of each arm at the right end of a panel; in the last one with the short name."""
    found = [(line, labelled(line, week)) for line in lines if len(line["y"])]
    height = total * (cell["y"][1] - cell["y"][0])
    top = total * (1 - cell["y"][1])
    wanted = [top + height * (101 - line["y"][i]) / 102 for line, i in found]
    centres = spread(wanted, [17.0] * len(found), low=top - 8, high=top + height + 8)
    notes = []
    for (line, i), centre in zip(found, centres, strict=True):
        words = bold(rate_words(line, i))
        if named:
            words += " " + sized(escaped(line["short"]), look, 12, line["text_colour"])
        notes.append(
            note(words, look, x=cell["x"][1], y=1 - centre / total, shift=(4, 0), colour=line["text_colour"])
        )
    return notes
