"""Scores that participants report: their course by arm, and how far they changed at one visit."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.course import SCORE_STEPS
from charts.format import escaped, fixed, percent, plural, rate
from charts.layout import bold, each, figure, note, percent_axis, rule, x_axis, y_axis
from charts.lines import END_MARGIN, PHONE_END_MARGIN, arm_lines, end_labels, week_words
from charts.theme import Look, arm_styles, look_of
from charts.visit_figure import visit_figure


def score_figure(
    means: pd.DataFrame,
    arms: Iterable,
    *,
    label: str,
    span: tuple[float, float],
    better: str,
    mature_week: float | None = None,
    enrolled: Mapping[str, int] | None = None,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """The mean score of each arm by visit with its 95% interval.

    `means`: one row per arm and visit: arm time (week) n estimate conf_low conf_high; `label` names the score, `span`
    its lowest and highest value, `better` which end is better ("higher", "lower"). The axis holds every interval, not
    the whole span. customdata of a point is (arm, week).
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    low, high, step = _span(means, span)
    ticks = np.arange(low, high + step / 2, step).tolist()
    which = f"{better} is better"
    whole = f"{label}, {fixed(span[0])} to {fixed(span[1])}, {which}; mean and 95% CI"
    return visit_figure(
        means,
        arm_lines(means, styles, n_column="n", enrolled=enrolled, dodge=0.16),
        look,
        n_column="n",
        row_header="With a score",
        y=y_axis(look, ticks=ticks, words=[fixed(tick) for tick in ticks], range=[low, high]),
        place=lambda value: (high - value) / (high - low),
        panel=220 if compact else 260,
        y_title=f"Mean score, {which}" if compact else whole,
        title_shift=-38,
        least_margin=44,
        hover=_score_hover,
        label=lambda line, i: fixed(line["y"][i], 1),
        mature_week=mature_week,
        half_words="fewer than half<br>observed",
        compact=compact,
    )


def _span(means: pd.DataFrame, span: tuple[float, float]) -> tuple[float, float, float]:
    """The range of the axis, every interval inside, never wider than the score, and the step of its ticks."""
    values = means[["estimate", "conf_low", "conf_high"]].to_numpy(dtype=float)
    values = values[np.isfinite(values)]
    if not len(values):
        return (*span, (span[1] - span[0]) / 4)
    step = next((s for s in SCORE_STEPS if np.ptp(values) / s <= 6), SCORE_STEPS[-1])
    low, high = step * math.floor(min(values) / step), step * math.ceil(max(values) / step)
    return low, max(high, low + step), step


def _score_hover(line: dict) -> list[str]:
    return [
        f"{bold(escaped(line['label']))}<br>{week_words(row.time)}: mean {fixed(row.estimate, 1)}, "
        f"{plural(row.n, 'participant')}"
        + (
            f"<br>95% CI {fixed(row.conf_low, 1)} to {fixed(row.conf_high, 1)}"
            if np.isfinite(row.conf_low)
            else ""
        )
        for row in each(line["rows"])
    ]


def distribution_figure(
    shares: pd.DataFrame,
    arms: Iterable,
    *,
    important: float,
    week: float,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """The share of each arm with at least each change for the better at one visit, as descending steps.

    `shares`: one row per arm and change that occurs: arm change n N estimate; `important` is the least change that
    matters: lines stand at it, at no change, and at as much for the worse. customdata of a point is (arm,).
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    curves = [curve for style in styles if (curve := _curve(shares, style, important))]
    ticks = _change_ticks([important, *shares["change"]])
    low, high = ticks[0], ticks[-1]
    panel, top, bottom = (240, 62, 46) if compact else (300, 62, 46)
    words = [fixed(tick, signed=True) for tick in ticks]
    title = (
        "Change for the better" if compact else f"Change for the better from baseline to {week_words(week)}"
    )
    axes = {
        "xaxis": x_axis(look, title=title, ticks=ticks, words=words, range=[low, high], anchor="y"),
        "yaxis": percent_axis(look),
    }
    notes = [
        note(
            "Percent with at least this change",
            look, x=0, y=1, anchor=("left", "bottom"), shift=(-38, 32),
        ),
        *_important_notes(important, look, compact),
        *end_labels(
            curves,
            look,
            words=lambda line, i: _end_words(line, important, compact),
            week=None,
            height=lambda value: panel * (101 - value) / 102,
            total=panel,
            panel=panel,
            compact=compact,
        ),
    ]  # fmt: skip
    marks = [rule((x, x), (0, 1), yref="paper", **style) for x, style in _rules(important, look)]
    return figure(
        [_steps(curve, (low, high), look) for curve in curves],
        look,
        height=panel + top + bottom,
        margin=(44, PHONE_END_MARGIN if compact else END_MARGIN, top, bottom),
        axes=axes,
        notes=notes,
        shapes=marks,
    )


def _curve(shares: pd.DataFrame, style: dict, important: float) -> dict[str, Any] | None:
    """One arm's changes in order with the percent at least as much; `y` is the percent its label stands at."""
    rows = shares[shares["arm"] == style["trt"]].sort_values("change")
    if rows.empty:
        return None
    at_least = rows.loc[rows["change"] >= important, "n"].max()
    reached = 0 if pd.isna(at_least) else int(at_least)
    total = int(rows["N"].iloc[0])
    return {
        **style,
        "rows": rows,
        "reached": reached,
        "total": total,
        "y": [100 * reached / total],
        "time": np.array([0.0]),
        "mature": np.array([True]),
    }


def _end_words(curve: dict, important: float, compact: bool) -> str:
    share = rate(curve["reached"], curve["total"])
    return share if compact else f"{share} by {fixed_change(important)} or more<br>n = {curve['total']}"


def fixed_change(value: float) -> str:
    """4, or 2.5: a change as it is defined."""
    return fixed(value, 0 if float(value).is_integer() else 1)


def _steps(curve: dict, limits: tuple[float, float], look: Look) -> dict:
    """Each percent holds from just above the smaller change up to its own: vertical first, then across."""
    rows = curve["rows"]
    changes, percents = rows["change"].tolist(), (100 * rows["estimate"]).tolist()
    name = bold(escaped(curve["label"]))
    hover = [
        f"{name}<br>Change of at least {fixed_change(row.change)}: {percent(row.estimate, row.N)}, "
        f"{row.n} of {row.N}<br>click to list"
        for row in each(rows)
    ]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": escaped(curve["label"]),
        "x": [min(limits[0], changes[0]), *changes, changes[-1], limits[1]],
        "y": [100, *percents, 0, 0],
        "line": {
            "shape": "vh",
            "color": curve["colour"],
            "width": look.px(2.8),
            "dash": curve["dash"],
        },
        "marker": {
            "symbol": curve["symbol"],
            "size": [0, *[look.px(5)] * len(changes), 0, 0],
            "color": curve["colour"],
        },
        "hoverinfo": "text",
        "hovertext": [hover[0], *hover, hover[-1], hover[-1]],
        "customdata": [[curve["trt"]]] * (len(changes) + 3),
        "unselected": {"marker": {"opacity": 1}},
    }


def _rules(important: float, look: Look) -> list[tuple[float, dict[str, Any]]]:
    dashed: dict[str, Any] = {"colour": look.threshold, "dash": "1px,3px"}
    return [(-important, dashed), (0, {"colour": look.axis}), (important, dashed)]


def _important_notes(important: float, look: Look, compact: bool) -> list[dict]:
    """What the dotted lines are, above them on the side away from no change."""
    size = fixed_change(important)
    words = ((-important, "right", f"{size} worse"), (important, "left", f"{size} better"))
    if not compact:
        words = ((-important, "right", f"worse by {size}"), (important, "left", f"important change: {size}"))
    return [
        note(
            text, look, x=x, y=1, xref="x", anchor=(side, "bottom"), shift=(0, 6), size=12, colour=look.faint
        )
        for x, side, text in words
    ]


def _change_ticks(changes: Sequence[float]) -> list[float]:
    """Round changes around 0 with every change inside."""
    furthest = max(abs(change) for change in changes)
    step = next((s for s in SCORE_STEPS if furthest / s <= 5), SCORE_STEPS[-1])
    low = -step * math.ceil(max(0, -min(changes), changes[0]) / step)
    high = step * math.ceil(max(changes) / step)
    return np.arange(low, high + step / 2, step).tolist()
