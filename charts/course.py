"""The platelet course of each arm by visit, and the change from baseline."""

import math
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed, plural, weeks
from charts.layout import bold, figure, note, rule, x_axis, y_axis
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
from charts.theme import Look, arm_styles, look_of

UNIT = "×10⁹/L"
THRESHOLDS = (30, 50, 100)
SPREADS = {"median": "interquartile range", "geometric mean": "95% CI"}


def course_figure(
    summary: pd.DataFrame,
    arms: Iterable,
    *,
    kind: str = "median",
    log: bool = True,
    mature_week: float | None = None,
    enrolled: Mapping[str, int] | None = None,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """The platelet course of each arm: median with quartiles or geometric mean with its interval.

    `summary`: one row per arm and visit: arm time (week) n estimate conf_low conf_high in 10⁹/L, n the
    participants with a count; `kind` is "median" or "geometric mean". `enrolled` is the size of each arm:
    from the first visit with fewer than half of it the line is thin and hollow. `mature_week` is the visit
    that the labels give. customdata of a point is (arm, week).
    """
    look = look_of(theme, scale)
    panel = 330 if not compact else 260
    low, high = _span(summary, log=log)
    ticks = platelet_ticks(log=log, high=high, low=low)
    words = [_threshold_word(tick, compact) if tick in (30, 100) else fixed(tick) for tick in ticks]
    limits = [math.log10(low), math.log10(high)] if log else [low, high]
    axis = y_axis(look, ticks=ticks, words=words, range=limits, type="log" if log else "linear")
    title = f"Platelets, {UNIT}" + ("" if compact else f", {kind} and {SPREADS[kind]}")
    shapes = [rule((0, 1), (t, t), colour=look.threshold, dash="1px,3px", xref="paper") for t in THRESHOLDS]
    return _visit_lines(
        summary, arms, look, theme,
        axis=axis,
        limits=limits,
        transform=math.log10 if log else float,
        title=title,
        panel=panel,
        shapes=shapes,
        mature_week=mature_week,
        enrolled=enrolled,
        compact=compact,
        spread_word=SPREADS[kind],
    )  # fmt: skip


def change_figure(
    summary: pd.DataFrame,
    arms: Iterable,
    *,
    kind: str = "median",
    mature_week: float | None = None,
    enrolled: Mapping[str, int] | None = None,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """Change of platelets from baseline by visit, on a linear axis with a line at no change.

    `summary` as in `course_figure`, with changes in 10⁹/L; `kind` "median" or "mean".
    """
    look = look_of(theme, scale)
    values = summary[["estimate", "conf_low", "conf_high"]].to_numpy(dtype=float)
    values = values[np.isfinite(values)]
    step = next((s for s in (10, 20, 50, 100, 200) if np.ptp([0, *values]) / s <= 7), 500)
    low, high = (
        step * f(v / step) for f, v in ((math.floor, min([0, *values])), (math.ceil, max([step, *values])))
    )
    ticks = list(range(int(low), int(high) + 1, step))
    axis = y_axis(look, ticks=ticks, words=[fixed(t, signed=True) for t in ticks], range=[low, high])
    spread_word = "95% CI" if kind == "mean" else "interquartile range"
    title = f"Change, {UNIT}" if compact else f"Change from baseline, {UNIT}, {kind} and {spread_word}"
    return _visit_lines(
        summary, arms, look, theme,
        axis=axis,
        limits=[low, high],
        transform=float,
        title=title,
        panel=270 if not compact else 230,
        shapes=[rule((0, 1), (0, 0), colour=look.axis, xref="paper")],
        mature_week=mature_week,
        enrolled=enrolled,
        compact=compact,
        spread_word=spread_word,
        signed=True,
    )  # fmt: skip


def _threshold_word(count: float, compact: bool) -> str:
    names = {30: ("R", "response"), 100: ("CR", "complete")}
    return f"{names[count][0 if compact else 1]} <b>{count}</b>"


def _span(summary: pd.DataFrame, *, log: bool) -> tuple[float, float]:
    """The range of the platelet axis: 8 to 320 at least, every interval inside."""
    values = summary[["estimate", "conf_low", "conf_high"]].to_numpy(dtype=float)
    values = values[np.isfinite(values) & (values > 0)]
    top = max([320 if log else 120, *(values * 1.04)])
    return (min([8, *(values * 0.92)]), top) if log else (0, top)


def platelet_ticks(*, log: bool, high: float, low: float = 0, individual: bool = False) -> list[float]:
    ticks = (1, 3, 10, 30, 50, 100, 300, 1000) if log else (0, 30, 50, 100, 200, 300, 500, 1000)
    least = 3 if individual else 8
    return [t for t in ticks if max(low, least * 0.99 if log and low > least * 0.5 else low) <= t <= high]


def _visit_lines(
    summary, arms, look: Look, theme: str, *, axis, limits, transform, title, panel, shapes, mature_week,
    enrolled, compact, spread_word, signed=False,
) -> go.Figure:  # fmt: skip
    """Lines by visit over the row "With a count": what `course_figure` and `change_figure` share."""
    styles = arm_styles(arms, theme)
    lines = arm_lines(summary, styles, n_column="n", enrolled=enrolled, dodge=0.16)
    ticks = ticks_for(summary, compact=compact)
    top, header = 48, "With a count"
    plot = panel + 58 + 16 * (len(styles) + 1)
    rows = n_rows(cells_of(summary, "n"), styles, ticks, look, header=header, top=panel + 58, plot=plot)
    last = max(ticks[-1], 1)
    week_range = [ticks[0] - last * 0.014, last * 1.014]
    axes = {
        "xaxis": x_axis(look, title="Week of treatment", ticks=ticks, words=[weeks(t) for t in ticks],
                        range=week_range, anchor="y"),
        "yaxis": axis | {"domain": [1 - panel / plot, 1]},
        "yaxis2": rows["axis"],
    }  # fmt: skip

    def place(value: float) -> float:
        return panel * (limits[1] - transform(value)) / (limits[1] - limits[0])

    traces = []
    for line in lines:
        drawn = line_traces(
            line,
            look,
            hover=_count_hover(line, spread_word, signed),
            width=2.6 if compact else 3.2,
            marker_size=6 if compact else 9,
        )
        points = [[line["trt"], week] for week in line["time"]]
        split = int(line["mature"].sum())
        drawn[1]["customdata"] = points[:split]
        if len(drawn) > 2:
            drawn[2]["customdata"] = points[max(split - 1, 0) :]
        traces += drawn
    half = "fewer than half<br>observed"
    notes, bars = immature_bar(lines, look, y=1 + 8 / plot, last=last, words=half)
    notes = notes + rows["notes"]
    shift = -100 if not compact else -46
    notes.append(note(escaped(title), look, x=0, y=1, anchor=("left", "bottom"), shift=(shift, 14)))
    notes += end_labels(
        lines,
        look,
        words=lambda value, week: (
            fixed(value, signed=signed) + ("" if compact else f" at {week_words(week)}")
        ),
        week=mature_week,
        height=place,
        total=plot,
        domain_top=0,
        panel=panel,
        compact=compact,
    )
    left = names_margin(styles, header, 60 if compact else 94)
    margin = (left, PHONE_END_MARGIN if compact else END_MARGIN, top, 6)
    return figure(
        traces + rows["traces"], look, height=plot + top + 6, margin=margin, axes=axes, notes=notes,
        shapes=[*shapes, *bars],
    )  # fmt: skip


def _count_hover(line: dict, spread_word: str, signed: bool) -> list[str]:
    return [
        f"{bold(escaped(line['label']))}<br>{week_words(row.time)}: {fixed(row.estimate, signed=signed)}, "
        f"{plural(row.n, 'participant')} with a count<br>"
        f"{spread_word} {fixed(row.conf_low, signed=signed)} to {fixed(row.conf_high, signed=signed)}"
        for row in line["rows"].itertuples()
    ]
