"""The platelet course of each arm by visit, and the change from baseline."""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed, plural
from charts.layout import bold, each, rule, y_axis
from charts.lines import arm_lines, thin_line, week_words
from charts.theme import Look, arm_styles, look_of
from charts.visit_figure import visit_figure

UNIT = "×10⁹/L"
THRESHOLDS = (30, 50, 100)
COUNT_STEPS, SCORE_STEPS = (10, 20, 50, 100, 200, 500), (1, 2, 5, 10, 20, 50)
SPREADS = {"median": "interquartile range", "geometric mean": "95% CI", "weighted median": "95% CI"}


def course_figure(
    summary: pd.DataFrame,
    arms: Iterable,
    *,
    kind: str = "median",
    log: bool = True,
    mature_week: float | None = None,
    enrolled: Mapping[str, int] | None = None,
    crude: pd.DataFrame | None = None,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """The platelet course of each arm: median with quartiles or geometric mean with its interval.

    `summary`: one row per arm and visit: arm time (week) n estimate conf_low conf_high in 10⁹/L, n the
    participants with a count; `kind` is "median" or "geometric mean". `enrolled` is the size of each arm:
    from the first visit with fewer than half of it the line is thin and hollow. `mature_week` is the visit
    that the labels give. customdata of a point is (arm, week). `crude`: where the summary is weighted that without
    weights in the same columns, drawn thin and dotted; arms without a count are then left out.
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    if crude is not None:
        styles = [style for style in styles if (summary["arm"] == style["trt"]).any()]
    low, high = platelet_span(pd.concat([summary, crude]), log=log)
    ticks = platelet_ticks(log=log, low=low, high=high)
    words = [_threshold_word(tick, compact) if tick in (30, 100) else fixed(tick) for tick in ticks]
    scaled = math.log10 if log else float
    limits = [scaled(low), scaled(high)]
    return visit_figure(
        summary,
        arm_lines(summary, styles, n_column="n", enrolled=enrolled, dodge=0.16),
        look,
        y=y_axis(look, ticks=ticks, words=words, range=limits, type="log" if log else "linear"),
        place=lambda value: (limits[1] - scaled(value)) / (limits[1] - limits[0]),
        panel=260 if compact else 330,
        y_title=f"Platelets, {UNIT}"
        + ("" if compact else f", {kind} and {SPREADS[kind]}")
        + ("" if crude is None else ", dotted: crude"),
        hover=lambda line: _count_hover(line, SPREADS[kind], signed=False),
        label=lambda line, i: fixed(line["y"][i]),
        shapes=[
            rule((0, 1), (t, t), colour=look.threshold, dash="1px,3px", xref="paper") for t in THRESHOLDS
        ],
        behind=_behind(crude, styles, look, SPREADS[kind]),
        mature_week=mature_week,
        compact=compact,
        **_shared(compact),
    )


def _behind(crude: pd.DataFrame | None, styles: Sequence[dict], look: Look, spread_word: str) -> list[dict]:
    if crude is None:
        return []
    lines = arm_lines(crude, styles, n_column="n", enrolled=None, dodge=0.16)
    return [thin_line(line, look, hover=_count_hover(line, spread_word, signed=False)) for line in lines]


def _shared(compact: bool) -> dict:
    """What the two figures of counts have in common."""
    return {
        "n_column": "n",
        "row_header": "With a count",
        "half_words": "fewer than half<br>observed",
        "title_shift": -46 if compact else -100,
        "least_margin": 60 if compact else 94,
    }


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
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    low, high, step = change_span(summary)
    ticks = list(range(low, high + 1, step))
    words = [fixed(tick, signed=True) for tick in ticks]
    spread_word = "95% CI" if kind == "mean" else "interquartile range"
    return visit_figure(
        summary,
        arm_lines(summary, styles, n_column="n", enrolled=enrolled, dodge=0.16),
        look,
        y=y_axis(look, ticks=ticks, words=words, range=[low, high]),
        place=lambda value: (high - value) / (high - low),
        panel=230 if compact else 270,
        y_title=f"Change, {UNIT}" if compact else f"Change from baseline, {UNIT}, {kind} and {spread_word}",
        hover=lambda line: _count_hover(line, spread_word, signed=True),
        label=lambda line, i: fixed(line["y"][i], signed=True),
        shapes=[rule((0, 1), (0, 0), colour=look.axis, xref="paper")],
        mature_week=mature_week,
        compact=compact,
        **_shared(compact),
    )


def _threshold_word(count: int, compact: bool) -> str:
    names = {30: ("R", "response"), 100: ("CR", "complete")}
    return f"{names[count][0 if compact else 1]} <b>{count}</b>"


def platelet_span(summary: pd.DataFrame, *, log: bool) -> tuple[float, float]:
    """The range of the platelet axis: 8 to 320 at least, every interval inside."""
    values = summary[["estimate", "conf_low", "conf_high"]].to_numpy(dtype=float)
    values = values[np.isfinite(values) & (values > 0)]
    top = max([320 if log else 120, *(values * 1.04)])
    return (min([8, *(values * 0.92)]), top) if log else (0, top)


def change_span(summary: pd.DataFrame, steps: Sequence[int] = COUNT_STEPS) -> tuple[int, int, int]:
    """The range of an axis of changes, 0 and every interval inside, and the step of its ticks."""
    values = summary[["estimate", "conf_low", "conf_high"]].to_numpy(dtype=float)
    values = values[np.isfinite(values)]
    step = next((s for s in steps if np.ptp([0, *values]) / s <= 7), steps[-1])
    return step * math.floor(min([0, *values]) / step), step * math.ceil(max([step, *values]) / step), step


def platelet_ticks(*, log: bool, low: float, high: float) -> list[int]:
    """The labelled counts of a platelet axis: the thresholds among them."""
    ticks = (1, 3, 10, 30, 50, 100, 300, 1000) if log else (0, 30, 50, 100, 200, 300, 500, 1000)
    return [tick for tick in ticks if low <= tick <= high]


def _count_hover(line: dict, spread_word: str, signed: bool) -> list[str]:
    return [
        f"{bold(escaped(line['label']))}<br>{week_words(row.time)}: {fixed(row.estimate, signed=signed)}, "
        f"{plural(row.n, 'participant')} with a count<br>"
        f"{spread_word} {fixed(row.conf_low, signed=signed)} to {fixed(row.conf_high, signed=signed)}"
        for row in each(line["rows"])
    ]
