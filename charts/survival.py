"""Time-to-event figures: Kaplan-Meier and cumulative incidence by arm, with the numbers at risk below."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed, percent, text_width, weeks
from charts.layout import bold, figure, note, percent_axis, rule, week_ticks, x_axis
from charts.lines import END_MARGIN, PHONE_END_MARGIN, end_labels, n_rows, names_margin, thin_line
from charts.theme import Look, arm_styles, look_of, with_opacity

RISK_TICKS = (0, 4, 8, 12, 16, 20, 26, 34, 42, 52, 65, 78, 91, 104)
PHONE_RISK_TICKS = (0, 8, 16, 26, 39, 52, 78, 104)


def kaplan_meier_figure(
    curve: pd.DataFrame,
    arms: Iterable,
    *,
    medians: pd.DataFrame | None = None,
    rising: bool = False,
    y_title: str = "Participants without event",
    x_title: str = "Weeks from first dose",
    end_words: str = "",
    crude: pd.DataFrame | None = None,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """Kaplan-Meier curves with their bands, censoring ticks, medians and the numbers at risk.

    `curve`: one row per arm and time: arm time (days) n_risk n_event n_censor estimate conf_low conf_high,
    the estimate being survival; `rising` draws 1 minus it, from 0 up. `medians`: arm estimate (days; missing:
    not reached), drawn as a dotted line from 50% with the weeks at its foot. `end_words` follows the percent
    in the label at the end of a curve ("still in response"; without it "by week 52" or "at week 52"). `crude`:
    where the curves are weighted those without weights in the same columns, drawn thin and dotted; arms without a
    curve are then left out.
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    if crude is not None:
        y_title = f"{y_title}, dotted: crude"
        styles = [style for style in styles if (curve["arm"] == style["trt"]).any()]
    curves = [curve_of(curve, style, flipped=rising) for style in styles]
    others = [curve_of(crude, style, flipped=rising) for style in styles] if crude is not None else []
    middle = dict(zip(medians["arm"], medians["estimate"], strict=True)) if medians is not None else {}
    return _step_figure(
        curves, look, y_title=y_title, x_title=x_title, medians=middle, rising=rising, compact=compact,
        end_words=end_words or ("by {week}" if rising else "at {week}"), others=others,
    )  # fmt: skip


def cumulative_incidence_figure(
    curve: pd.DataFrame,
    arms: Iterable,
    *,
    cause: str = "response",
    y_title: str = "Participants with a first response",
    x_title: str = "Weeks from first dose",
    end_words: str = "",
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """Cumulative incidence of one cause by arm, other causes competing, with the numbers at risk.

    `curve`: one row per arm, cause and time: arm cause time (days) n_risk n_event estimate conf_low
    conf_high; rows of other causes are not drawn. No median is drawn: with competing events half of the
    participants need never have the event.
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    own = curve[curve["cause"] == cause] if "cause" in curve else curve
    curves = [curve_of(own, style, flipped=False) for style in styles]
    return _step_figure(
        curves, look, y_title=y_title, x_title=x_title, medians={}, rising=True, compact=compact,
        end_words=end_words or "by {week}",
    )  # fmt: skip


def curve_of(frame: pd.DataFrame, style: dict, *, flipped: bool) -> dict:
    """One arm's curve in weeks and percent; a limit that is not defined at the start lies on the curve."""
    rows = frame[(frame["arm"] == style["trt"]) & frame["estimate"].notna()].sort_values("time")
    start = rows["estimate"].iloc[0] if len(rows) else 0.0
    level = rows["estimate"].to_numpy(dtype=float)
    low, high = (
        np.where((level == start) & rows[column].isna(), level, rows[column].to_numpy(dtype=float))
        for column in ("conf_low", "conf_high")
    )
    if flipped:
        level, low, high = 1 - level, 1 - high, 1 - low
    censored = rows["n_censor"].to_numpy() > 0 if "n_censor" in rows else np.zeros(len(rows), dtype=bool)
    return {
        **style,
        "days": rows["time"].to_numpy(dtype=float),
        "x": rows["time"].to_numpy(dtype=float) / 7,
        "y": 100 * level,
        "low": 100 * low,
        "high": 100 * high,
        "risk": rows["n_risk"].to_numpy(),
        "censored": censored,
        "time": rows["time"].to_numpy(dtype=float) / 7,
        "mature": np.ones(len(rows), dtype=bool),
    }


def at_risk(curve: dict, week: float) -> int:
    """The number at risk just before a week; 0 after the last observed time."""
    later = np.flatnonzero(curve["days"] >= 7 * week - 1e-9)
    return int(curve["risk"][later[0]]) if len(later) else 0


def _step_figure(
    curves: Sequence[dict],
    look: Look,
    *,
    y_title,
    x_title,
    medians,
    rising: bool,
    compact: bool,
    end_words: str,
    others: Sequence[dict] = (),
) -> go.Figure:
    drawn = [curve for curve in curves if len(curve["x"])]
    last = max([4.0, *(curve["x"][-1] for curve in drawn)])
    ticks = risk_ticks(last, compact)
    panel, top, header = (280, 40, "At risk") if not compact else (220, 36, "At risk")
    plot = panel + 58 + 16 * (len(curves) + 1)
    cells = {curve["trt"]: {tick: at_risk(curve, tick) for tick in ticks} for curve in drawn}
    rows = n_rows(cells, curves, ticks, look, header=header, top=panel + 58, plot=plot)
    end = max(last, ticks[-1])
    axes = {
        "xaxis": x_axis(look, title=escaped(x_title), ticks=ticks, words=[weeks(t) for t in ticks],
                        range=[-0.012 * end, end * 1.012], anchor="y"),
        "yaxis": percent_axis(look, domain=[1 - panel / plot, 1]),
        "yaxis2": rows["axis"],
    }  # fmt: skip
    traces = [_band(curve, look) for curve in drawn]
    traces += [thin_line(curve, look, hover=_hover(curve), shape="hv") for curve in others]
    traces += [_steps(curve, look) for curve in curves] + [_censoring(curve, look) for curve in drawn]
    shapes, notes = _medians(drawn, medians, look, end=end, rising=rising, width=240 if compact else 400)
    notes = notes + rows["notes"]
    notes.append(note(escaped(y_title), look, x=0, y=1, anchor=("left", "bottom"), shift=(-38, 12)))

    def label(curve: dict, i: int) -> str:
        reached = percent(curve["y"][i] / 100, curve["risk"][0])
        return (
            reached
            if compact
            else f"{reached} {end_words.replace('{week}', 'week ' + fixed(curve['time'][i]))}"
        )

    notes += end_labels(
        drawn, look, words=label, week=None, height=lambda value: panel * (101 - value) / 102, total=plot,
        panel=panel, compact=compact,
    )  # fmt: skip
    left = names_margin(curves, header, 44)
    margin = (left, PHONE_END_MARGIN if compact else END_MARGIN, top, 6)
    return figure(
        traces + rows["traces"], look, height=plot + top + 6, margin=margin, axes=axes, notes=notes,
        shapes=shapes,
    )  # fmt: skip


def risk_ticks(last: float, compact: bool = False) -> list[float]:
    """Labelled weeks up to the end of the curves; of a short follow-up every week or second week."""
    preferred = PHONE_RISK_TICKS if compact else RISK_TICKS
    inside = [tick for tick in preferred if tick <= last * 1.02]
    if len(inside) < 4:
        step = max(1, math.ceil(last / 6))
        inside = list(range(0, math.ceil(last) + 1, step))
    return week_ticks(inside, inside, most=7 if compact else 16)


def _outline(curve: dict, name: str) -> tuple[np.ndarray, np.ndarray]:
    """The corners of a step function: each value holds until the next time."""
    x, y = curve["x"], curve[name]
    return np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]


def _band(curve: dict, look: Look) -> dict:
    """The pointwise interval as one closed area, where it is defined."""
    x, low = _outline(curve, "low")
    _, high = _outline(curve, "high")
    known = np.isfinite(low) & np.isfinite(high)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.concatenate([x[known], x[known][::-1]]),
        "y": np.concatenate([low[known], high[known][::-1]]),
        "fill": "toself",
        "fillcolor": with_opacity(curve["colour"], look.band_opacity),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def _hover(curve: dict) -> list[str]:
    name = bold(escaped(curve["label"]))
    return [
        f"{name}<br>week {fixed(x, 1)}: {percent(y / 100, curve['risk'][0])}<br>{fixed(n)} at risk"
        for x, y, n in zip(curve["x"], curve["y"], curve["risk"], strict=True)
    ]


def _steps(curve: dict, look: Look) -> dict:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": escaped(curve["label"]),
        "x": curve["x"],
        "y": curve["y"],
        "line": {"shape": "hv", "color": curve["colour"], "width": look.px(2.8), "dash": curve["dash"]},
        "marker": {"size": 0.1, "color": curve["colour"]},
        "hoverinfo": "text",
        "hovertext": _hover(curve),
        "customdata": [curve["trt"]] * len(curve["x"]),
        "cliponaxis": False,
        "unselected": {"marker": {"opacity": 1}},
    }


def _censoring(curve: dict, look: Look) -> dict:
    """Upright ticks where participants were censored."""
    at = curve["censored"]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": curve["x"][at],
        "y": curve["y"][at],
        "marker": {"symbol": "line-ns", "size": look.px(9), "opacity": 1,
                   "line": {"color": curve["colour"], "width": look.px(1.5)}},
        "hoverinfo": "skip",
        "cliponaxis": False,
        "unselected": {"marker": {"opacity": 1}},
    }  # fmt: skip


def _medians(
    drawn: Sequence[dict], medians: dict, look: Look, *, end: float, rising: bool, width: float
) -> tuple[list[dict], list[dict]]:
    """Dotted lines from 50% to the axis, with the weeks at their foot on the side away from the curve.

    Numbers that would touch at the narrowest `width` of the plot stand above each other.
    """
    found = [(curve, medians[curve["trt"]] / 7) for curve in drawn
             if math.isfinite(medians.get(curve["trt"], math.nan))]  # fmt: skip
    if not found:
        return [], []
    found.sort(key=lambda pair: pair[1])
    furthest = found[-1][1]
    shapes = [rule((0, furthest), (50, 50), colour=look.threshold, dash="1px,2px")]
    side, shift = ("left", 5) if rising else ("right", -5)
    notes, height, placed = [], 7, 0.0
    for i, (curve, week) in enumerate(found if not rising else found[::-1]):
        shapes.append(rule((week, week), (0, 50), colour=curve["colour"], width=1.3, dash="1px,2px"))
        text = fixed(week, 1)
        apart = abs(week - placed) / end * width if i else math.inf
        height = 7 if apart > text_width(text, 14, bold=True) + 12 else height + 9
        placed = week
        place: dict[str, Any] = {"x": week, "y": height, "xref": "x", "yref": "y", "anchor": (side, "middle")}
        notes.append(note(bold(text), look, **place, shift=(shift, 0), size=14, colour=curve["text_colour"]))
    return shapes, notes
