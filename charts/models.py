"""The models over time: adjusted means or proportions by visit and arm, and below them the comparison at each visit."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.course import SCORE_STEPS, THRESHOLDS, UNIT, change_span, platelet_span, platelet_ticks
from charts.format import escaped, fixed, percent, weeks
from charts.layout import bold, domain, each, figure, note, percent_axis, rule, sized, spread, x_axis, y_axis
from charts.lines import (
    END_MARGIN,
    PHONE_END_MARGIN,
    ROW_PITCH,
    arm_lines,
    cells_of,
    end_labels,
    line_traces,
    n_rows,
    names_margin,
    ticks_for,
    week_words,
)
from charts.theme import Look, arm_styles, look_of

RATIO_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 1000, 10000)
MEANS = {
    "log": f"Platelets, {UNIT}, adjusted geometric mean and 95% CI",
    "change": f"Change from baseline, {UNIT}, adjusted mean and 95% CI",
    "score": "Change from baseline, adjusted mean and 95% CI",
    "share": "Percent at or above the threshold, model estimate and 95% CI",
}
COMPARED = {
    "log": "Ratio of geometric means, 95% CI",
    "change": f"Difference of means, {UNIT}, 95% CI",
    "score": "Difference of means, 95% CI",
    "share": "Odds ratio, 95% CI",
}
SHORT = {
    "log": f"Platelets, {UNIT}",
    "change": f"Change, {UNIT}",
    "score": "Change",
    "share": "Percent at or above",
}
DIFFERENCES = ("change", "score")  # kinds compared by a difference, 0 being none


@dataclass(frozen=True)
class Scale:
    """A y axis: its dict, where a value stands as a share from the top, and the value in words."""

    axis: dict
    place: Callable[[float], float]
    words: Callable[[float], str]


def model_figure(
    means: pd.DataFrame,
    compared: pd.DataFrame,
    arms: Iterable,
    *,
    kind: str = "log",
    row_header: str = "With a count",
    direction: str = "",
    enrolled: Mapping[str, int] | None = None,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """Means by visit of each arm with their intervals, and each comparison by visit around the line of no difference.

    `means`: one row per arm and visit: arm time (week) n (of "share": n of N) estimate conf_low conf_high;
    `compared`: one row per comparison ("A - B") and visit. `kind` is "log" (geometric means in 10⁹/L, ratios),
    "change" (10⁹/L, differences), "score" (points of a questionnaire, differences; `direction` says which is better)
    or "share" (proportions, odds ratios). A stretch of line is thin where fewer than
    half of the arm (`enrolled`) were counted; `row_header` says who is counted. Labels give the last visit.
    customdata of a point is (arm, week).
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    counted = "N" if kind == "share" else "n"
    lines = arm_lines(
        means, styles, n_column=counted, enrolled=enrolled, factor=100 if kind == "share" else 1, dodge=0.16
    )
    lines = [line for line in lines if len(line["y"])]
    ticks = ticks_for(means, compact=compact, n_column=counted)
    series = _series(compared, styles)
    top, panel, below = 40, 210 if compact else 240, (130 if compact else 150) if series else 0
    lower = panel + 54 if series else panel
    start = lower + below + 58
    plot = start + ROW_PITCH * (len(lines) + 1)
    rows = n_rows(cells_of(means, counted), lines, ticks, look, header=row_header, top=start, plot=plot)
    upper = _mean_scale(kind, means, look, compact)
    axes = {
        "xaxis": _week_axis(look, ticks, anchor="y3" if series else "y"),
        "yaxis": upper.axis | {"domain": domain(0, panel, plot)},
        "yaxis2": rows["axis"],
    }
    traces = [trace for line in lines for trace in _clickable(line, upper, look, compact)]
    left = names_margin(lines, row_header, 60 if compact else 94)
    title = (SHORT if compact else MEANS)[kind] + (f" ({direction})" if direction else "")
    notes = rows["notes"] + _mean_notes(lines, title, upper, look, (panel, plot), left=left, compact=compact)
    shapes = _mean_rules(kind, look)
    if series:
        part = _comparisons(series, kind, look, (lower, below, plot), left=left, compact=compact)
        axes["yaxis3"] = part["axis"]
        traces, notes, shapes = traces + part["traces"], notes + part["notes"], shapes + part["shapes"]
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


def _mean_notes(
    lines: Sequence[dict],
    title: str,
    scale: Scale,
    look: Look,
    place: tuple[float, float],
    *,
    left: float,
    compact: bool,
) -> list[dict]:
    """The `title` of the upper panel and each arm's value at its last visit; `place`: heights of panel and plot."""
    panel, plot = place
    return [
        note(title, look, x=0, y=1, anchor=("left", "bottom"), shift=(14 - left, 12)),
        *end_labels(
            lines,
            look,
            words=lambda line, i: (
                scale.words(line["y"][i]) + ("" if compact else f" at {week_words(line['time'][i])}")
            ),
            week=max((line["time"][-1] for line in lines), default=None),
            height=lambda value: panel * scale.place(value),
            total=plot,
            panel=panel,
            compact=compact,
        ),
    ]


def _week_axis(look: Look, ticks: Sequence[float], *, anchor: str) -> dict:
    last = max(ticks[-1], 1)
    room = (last - ticks[0] or last) * 0.03
    words = [weeks(tick) for tick in ticks]
    span = [ticks[0] - room, last + room]
    return x_axis(look, title="Week of treatment", ticks=ticks, words=words, range=span, anchor=anchor)


def _mean_scale(kind: str, means: pd.DataFrame, look: Look, compact: bool) -> Scale:
    if kind == "share":
        return Scale(percent_axis(look), lambda value: (101 - value) / 102, lambda value: f"{fixed(value)}%")
    if kind in DIFFERENCES:
        return _change_scale(means, look, kind)
    low, high = platelet_span(means, log=True)
    ticks = platelet_ticks(log=True, low=low, high=high)
    limits = [math.log10(low), math.log10(high)]
    axis = y_axis(look, ticks=ticks, words=[fixed(tick) for tick in ticks], range=limits, type="log")
    return Scale(axis, lambda v: (limits[1] - math.log10(v)) / (limits[1] - limits[0]), fixed)


def _change_scale(rows: pd.DataFrame, look: Look, kind: str) -> Scale:
    score = kind == "score"
    low, high, step = change_span(rows, steps=SCORE_STEPS) if score else change_span(rows)
    ticks = list(range(low, high + 1, step))
    words = [fixed(tick, signed=True) for tick in ticks]
    axis = y_axis(look, ticks=ticks, words=words, range=[low, high])
    return Scale(axis, lambda v: (high - v) / (high - low), lambda v: fixed(v, int(score), signed=True))


def _mean_rules(kind: str, look: Look) -> list[dict]:
    if kind == "log":
        return [rule((0, 1), (t, t), colour=look.threshold, dash="1px,3px", xref="paper") for t in THRESHOLDS]
    return [rule((0, 1), (0, 0), colour=look.axis, xref="paper")] if kind in DIFFERENCES else []


def _clickable(line: dict, scale: Scale, look: Look, compact: bool) -> list[dict]:
    """The traces of an arm whose points say (arm, week)."""
    share = "N" in line["rows"] and line["rows"]["estimate"].between(0, 1).all() and scale.words(50) == "50%"
    hover = [
        f"{bold(escaped(line['label']))}<br>{week_words(row.time)}: "
        + (
            f"{percent(row.estimate, 1)}, {fixed(row.n)} of {fixed(row.N)} reached it"
            if share
            else f"{scale.words(row.estimate)}, {fixed(row.n)} counted"
        )
        + f"<br>95% CI {scale.words(low)} to {scale.words(high)}"
        for row, low, high in zip(each(line["rows"]), line["low"], line["high"], strict=True)
    ]
    drawn = line_traces(
        line, look, hover=hover, width=2.6 if compact else 3.2, marker_size=6 if compact else 9
    )
    points = [[line["trt"], week] for week in line["time"]]
    split = int(line["mature"].sum())
    drawn[1]["customdata"] = points[:split]
    for late in drawn[2:]:
        late["customdata"] = points[max(split - 1, 0) :]
    return drawn


def _series(compared: pd.DataFrame, styles: Sequence[dict]) -> list[dict]:
    """One dict per comparison that has estimates, in the order of the experimental arms."""
    control = next((style for style in styles if style["role"] == "control"), None)
    if control is None or compared.empty:
        return []
    found = []
    for style in styles:
        rows = compared[compared["comparison"] == f"{style['trt']} - {control['trt']}"]
        rows = rows[rows["estimate"].notna()].sort_values("time")
        if len(rows):
            found.append(style | {"rows": rows, "against": control["short"]})
    return found


def _comparisons(
    series: list[dict],
    kind: str,
    look: Look,
    place: tuple[float, float, float],
    *,
    left: float,
    compact: bool,
) -> dict:
    """Axis, traces, notes and shapes of the lower panel: `place` is its top, its height and the plot's height."""
    top, height, plot = place
    scale, null = _difference_scale(kind, series, look), 0 if kind in DIFFERENCES else 1
    title = COMPARED[kind]
    if not compact:
        title += f", {escaped(series[0]['short'])} vs {escaped(series[0]['against'])}" if len(series) == 1 else (
            f", against {escaped(series[0]['against'])}"
        )  # fmt: skip
    notes = [
        note(title, look, x=0, y=1 - top / plot, anchor=("left", "bottom"), shift=(14 - left, 12)),
        *_last_labels(series, scale, look, place, compact=compact),
    ]
    return {
        "axis": scale.axis | {"domain": domain(top, top + height, plot)},
        "traces": [_squares(one, i, series, scale, look) for i, one in enumerate(series)],
        "notes": notes,
        "shapes": [rule((0, 1), (null, null), colour=look.axis, width=1.2, xref="paper", yref="y3")],
    }


def _difference_scale(kind: str, series: list[dict], look: Look) -> Scale:
    """The axis of the comparisons: every interval inside, the value of no difference always on it."""
    rows = pd.concat([one["rows"] for one in series])
    values = rows[["estimate", "conf_low", "conf_high"]].to_numpy(dtype=float).ravel()
    if kind in DIFFERENCES:
        return _change_scale(rows, look, kind)
    usable = values[np.isfinite(values) & (values > 0)]
    low, high = min([0.5, *(usable * 0.9)]), max([2, *(usable * 1.1)])
    ticks = _ratio_ticks(low, high)
    limits = [math.log10(low), math.log10(high)]
    axis = y_axis(look, ticks=ticks, words=[f"{tick:g}" for tick in ticks], range=limits, type="log")
    return Scale(axis, lambda v: (limits[1] - math.log10(v)) / (limits[1] - limits[0]), lambda v: fixed(v, 2))


def _ratio_ticks(low: float, high: float) -> list[float]:
    """Round ratios of the range, 1 among them: in steps of about 2, or of 10 where they would crowd."""
    fine = [tick for tick in RATIO_TICKS if low <= tick <= high]
    tens = [tick for tick in fine if math.log10(tick).is_integer()]
    return fine if len(fine) <= 6 else tens


def _squares(one: dict, i: int, series: list[dict], scale: Scale, look: Look) -> dict:
    """Estimates as squares with upright intervals; in ink when there is one comparison, else in the arm's colour."""
    rows, colour = one["rows"], look.text if len(series) == 1 else one["colour"]
    shift = 0.16 * rows["time"].max() / 52 * (2 * i - len(series) + 1)
    names = f"{escaped(one['short'])} vs {escaped(one['against'])}"
    return {
        "type": "scatter",
        "mode": "markers",
        "name": names,
        "x": rows["time"] + shift,
        "y": rows["estimate"],
        "yaxis": "y3",
        "hoverinfo": "text",
        "hovertext": [
            f"{bold(names)}<br>{week_words(row.time)}: {scale.words(row.estimate)}<br>"
            f"95% CI {scale.words(row.conf_low)} to {scale.words(row.conf_high)}"
            for row in each(rows)
        ],
        "marker": {"symbol": "square", "size": look.px(9), "color": colour, "line": {"color": look.page, "width": 1}},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": rows["conf_high"] - rows["estimate"],
            "arrayminus": rows["estimate"] - rows["conf_low"],
            "thickness": look.px(2),
            "width": 0,
            "color": colour,
        },
        "unselected": {"marker": {"opacity": 1}},
        "cliponaxis": False,
    }  # fmt: skip


def _last_labels(
    series: list[dict], scale: Scale, look: Look, place: tuple[float, float, float], *, compact: bool
) -> list[dict]:
    """The comparison at the last visit in words at the right end, pushed apart where two would touch."""
    top, height, plot = place
    last = [one["rows"].iloc[-1] for one in series]
    lines = 1 if compact else 3 if len(series) > 1 else 2
    wanted = [top + height * scale.place(row.estimate) for row in last]
    centres = spread(wanted, [18.0 * lines] * len(last), low=top - 14, high=top + height + 14, gap=2)
    notes = []
    for one, row, centre in zip(series, last, centres, strict=True):
        key = bold(scale.words(row.estimate))
        if not compact:
            interval = f"95% CI {scale.words(row.conf_low)} to {scale.words(row.conf_high)}"
            named = f"{escaped(one['short'])}<br>" if len(series) > 1 else ""
            key = f"{named}{key} at {week_words(row.time)}<br>{sized(interval, look, 12, look.grey)}"
        colour = look.text if len(series) == 1 else one["text_colour"]
        size, shift = (13, 6) if compact else (14, 10)
        notes.append(note(key, look, x=1, y=1 - centre / plot, shift=(shift, 0), size=size, colour=colour))
    return notes
