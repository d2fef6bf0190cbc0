"""Is the hazard ratio constant? A mark per event, a curve through the marks, and the one ratio of the Cox model."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed, plural, weeks, wrapped
from charts.layout import bold, domain, each, figure, note, rule, spread, x_axis, y_axis
from charts.survival import PHONE_RISK_TICKS, RISK_TICKS
from charts.theme import Look, arm_styles, look_of, with_opacity

PANEL, GAP = 230, 44
RATIOS = (0.001, 0.01, 0.1, 1, 10, 100, 1000)
FINER_RATIOS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)


def proportional_hazards_figure(
    residuals: pd.DataFrame,
    curve: pd.DataFrame,
    ratios: pd.DataFrame,
    arms: Iterable,
    *,
    x_title: str = "Weeks from first dose",
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """A panel per comparison: scaled Schoenfeld residuals over time with their smooth and the Cox hazard ratio.

    `residuals`: one row per event: comparison arm time (days) x (where it stands) estimate (log hazard ratio);
    `curve`: comparison x estimate conf_low conf_high; `ratios`: comparison estimate (the hazard ratio).
    """
    look, styles = look_of(theme, scale), {style["trt"]: style for style in arm_styles(arms, theme)}
    names = [name for name in ratios["comparison"] if (residuals["comparison"] == name).any()]
    top = 40 + (18 * len(styles) if compact else 0)
    plot = max(len(names), 1) * (PANEL + GAP) - GAP + 4
    traces, notes, shapes = [], [], []
    axes: dict[str, dict] = {}
    for i, name in enumerate(names):
        own, smooth = (frame[frame["comparison"] == name] for frame in (residuals, curve))
        suffix = "" if i == 0 else str(i + 1)
        ratio = float(ratios.loc[ratios["comparison"] == name, "estimate"].iloc[0])
        start = i * (PANEL + GAP)
        axes |= _axes(own, smooth, look, suffix, domain(start, start + PANEL, plot), x_title, compact)
        on = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
        traces += _smooth(smooth, look, on) + _events(own, styles, look, on)
        ref: dict[str, Any] = {"xref": f"x{suffix}", "yref": f"y{suffix}"}
        ends = (own["x"].min(), own["x"].max())
        shapes.append(rule(ends, (0, 0), colour=look.axis, **ref))
        shapes.append(rule(ends, (math.log(ratio),) * 2, colour=look.text, width=1.3, dash="4px,3px", **ref))
        low, high = axes[f"yaxis{suffix}"]["range"]
        notes += _labels(own, ratio, styles, look, (low, high), start, plot, compact)
        title = f"Hazard ratio that each event suggests{', ' + escaped(name) if len(names) > 1 else ''}"
        notes.append(note(title, look, x=0, y=1 - start / plot, anchor=("left", "bottom"), shift=(-42, 12)))
    if compact:
        notes += _names_above(residuals, styles, look)
    if not names:
        axes = {"xaxis": x_axis(look, ticks=[], words=[]), "yaxis": y_axis(look, ticks=[], words=[])}
    margin = (62, 16 if compact else 186, top, 50)
    return figure(traces, look, height=plot + top + 50, margin=margin, axes=axes, notes=notes, shapes=shapes)


def _axes(own, smooth, look: Look, suffix: str, of_panel: list[float], x_title: str, compact: bool) -> dict:
    """Weeks where their events stand, and hazard ratios on a log scale."""
    values = np.concatenate(
        [own["estimate"], *(smooth[c] for c in ("estimate", "conf_low", "conf_high"))]
    ).astype(float)
    low, high = min(values.min(), -0.2), max(values.max(), 0.2)
    pad = 0.06 * (high - low)
    finer = high - low < math.log(1000)
    ticks = [r for r in (FINER_RATIOS if finer else RATIOS) if low - pad <= math.log(r) <= high + pad]
    first, last = float(own["x"].min()), float(own["x"].max())
    width = max(last - first, 1e-6)
    places = _week_places(own, PHONE_RISK_TICKS if compact else RISK_TICKS, width / (8 if compact else 20))
    x = x_axis(look, title=f"{escaped(x_title)}, spaced by the events", ticks=[x for _, x in places],
               words=[weeks(week) for week, _ in places], anchor=f"y{suffix}",
               range=[first - 0.02 * width, last + 0.02 * width])  # fmt: skip
    y = y_axis(look, ticks=[math.log(r) for r in ticks], words=[f"{r:g}" for r in ticks], domain=of_panel,
               range=[low - pad, high + pad], showgrid=True, anchor=f"x{suffix}")  # fmt: skip
    return {f"xaxis{suffix}": x, f"yaxis{suffix}": y}


def _week_places(own: pd.DataFrame, preferred: Sequence[int], nearest: float) -> list[tuple[float, float]]:
    """(week, place) of the labelled weeks among the events: the first event's day stands first."""
    days, places = own["time"].to_numpy(dtype=float), own["x"].to_numpy(dtype=float)
    wanted = [week for week in preferred if days.min() <= 7 * week <= days.max()]
    if len(wanted) < 2:
        wanted = sorted({round(days.min() / 7, 1), round(days.max() / 7, 1)})
    kept: list[tuple[float, float]] = []
    for week in wanted:
        place = float(np.interp(7 * week, days, places))
        if not kept or place - kept[-1][1] >= nearest:
            kept.append((week, place))
    return kept


def _smooth(curve: pd.DataFrame, look: Look, on: dict) -> list[dict]:
    if curve.empty:
        return []
    x = curve["x"].to_numpy()
    band = {
        "type": "scatter",
        "mode": "lines",
        "x": np.concatenate([x, x[::-1]]),
        "y": np.concatenate([curve["conf_low"], curve["conf_high"][::-1]]),
        "fill": "toself",
        "fillcolor": with_opacity(look.ink, look.band_opacity),
        "line": {"width": 0},
        "hoverinfo": "skip",
        **on,
    }
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": curve["estimate"],
        "line": {"color": look.ink, "width": look.px(2.4)},
        "hoverinfo": "text",
        "hovertext": [f"smooth<br>hazard ratio {fixed(math.exp(y), 2)}" for y in curve["estimate"]],
        **on,
    }
    return [band, line]


def _events(own: pd.DataFrame, styles: dict[str, dict], look: Look, on: dict) -> list[dict]:
    traces = []
    for trt, rows in own.groupby("arm", sort=False):
        style = styles[str(trt)]
        hover = [
            f"{bold(escaped(style['label']))}<br>event in week {fixed(row.time / 7, 1)}" for row in each(rows)
        ]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": escaped(style["label"]),
                "x": rows["x"],
                "y": rows["estimate"],
                "marker": {
                    "symbol": style["symbol"],
                    "size": look.px(8),
                    "color": style["colour"],
                    "opacity": 1,
                    "line": {"color": look.page, "width": look.px(1)},
                },
                "hoverinfo": "text",
                "hovertext": hover,
                "cliponaxis": False,
                **on,
            }
        )
    return traces


def _labels(
    own, ratio: float, styles, look: Look, limits, start: float, plot: float, compact: bool
) -> list[dict]:
    """At the right: each arm at the height of its last mark with its events, and the one ratio at its line."""
    low, high = limits
    found = [(f"one ratio: {fixed(ratio, 2)}", look.text, math.log(ratio))]
    if not compact:
        for trt, rows in own.groupby("arm", sort=False):
            style = styles[str(trt)]
            words = f"{bold(wrapped(style['label'], 22))}<br>{plural(len(rows), 'event')}"
            found.append((words, style["text_colour"], rows["estimate"].iloc[-1]))
    wanted = [PANEL * (high - value) / (high - low) for _, _, value in found]
    if compact:
        words, colour, _ = found[0]
        at = {
            "x": 1,
            "y": 1 - (start + wanted[0]) / plot,
            "anchor": ("right", "bottom"),
            "bgcolor": look.page,
        }
        return [note(words, look, **at, shift=(0, 3), colour=colour)]
    sizes = [18.0 * (words.count("<br>") + 1) for words, _, _ in found]
    centres = spread(wanted, sizes, low=-16, high=PANEL + 10, gap=3)
    return [
        note(words, look, x=1, y=1 - (start + centre) / plot, colour=colour, shift=(10, 0), size=14)
        for (words, colour, _), centre in zip(found, centres, strict=True)
    ]


def _names_above(residuals: pd.DataFrame, styles: dict[str, dict], look: Look) -> list[dict]:
    """On a phone the arms stand above the figure, with their events."""
    counts = residuals.groupby(["comparison", "arm"]).size().groupby("arm").max()
    marks = {"circle": "●", "diamond": "◆", "square": "■"}
    lines = [
        (
            f"{marks.get(style['symbol'], '●')} {escaped(style['short'])}: {plural(counts.get(trt, 0), 'event')}",
            style,
        )
        for trt, style in styles.items()
    ]
    return [
        note(words, look, x=0, y=1, anchor=("left", "bottom"), shift=(-42, 12 + 18 * (len(lines) - i)),
             colour=style["text_colour"])
        for i, (words, style) in enumerate(lines)
    ]  # fmt: skip
