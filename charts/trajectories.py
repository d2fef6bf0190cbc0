"""Every participant's platelet counts: hairlines with the arm's median on top, a panel per arm."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.course import THRESHOLDS, platelet_ticks
from charts.format import escaped, fixed, plural, text_width, weeks
from charts.layout import NARROWEST, PHONE, SMALL_TICKS, bold, figure, note, rule, week_ticks, x_axis, y_axis
from charts.lines import arm_lines, common_week, labelled, last_week, ticks_for, week_words
from charts.theme import Look, arm_styles, look_of, with_opacity


def participants_figure(
    records: pd.DataFrame,
    medians: pd.DataFrame,
    arms: Iterable,
    *,
    log: bool = True,
    mature_week: float | None = None,
    enrolled: Mapping[str, int] | None = None,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """Every participant's counts as a hairline, a panel per arm, the arm's median on top.

    `records`: one row per count: ARM USUBJID WEEK AVAL (10⁹/L). `medians`: arm time n estimate. On a phone
    the panels stand below each other. The median is marked at `mature_week`. customdata of a point is its USUBJID.
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    low, top = _count_span(records, log=log)
    limits = [math.log10(low), math.log10(top)] if log else [low, top]
    last = max([last_week(medians, "n"), *records["WEEK"].dropna()])
    known = medians if (medians["n"] > 0).any() else pd.DataFrame({"time": [0.0, last], "n": [0, 0]})
    ticks = ticks_for(known, compact=compact or len(styles) > 2)
    grid = panels(len(styles), stacked=compact, height=250 if compact else 285, gap=0.05)
    traces, notes, axes, shapes = [], [], {}, []
    lines = arm_lines(medians, styles, n_column="n", enrolled=enrolled)
    week = common_week(lines) if mature_week is None else mature_week
    for i, (line, cell) in enumerate(zip(lines, grid["cells"], strict=True)):
        own = records[(records["ARM"] == line["trt"]) & records["AVAL"].notna()]
        x, y = _axis_names(i)
        shown = platelet_ticks(log=log, low=low, high=top) if compact or i == 0 else []
        traces += [_hairlines(own, line, look, log=log, x=x, y=y), *_cased(line, look, x, y)]
        traces += _mark(line, week, look, x, y)
        size = (enrolled or {}).get(line["trt"], own["USUBJID"].nunique())
        room = (PHONE if compact else (NARROWEST - 56) / len(styles)) - 20
        notes.append(_panel_name(line, plural(size, "participant"), look, cell, room))
        titled = not compact or i == len(styles) - 1
        axes[f"xaxis{x[1:]}"] = x_axis(
            look,
            title="Week of treatment" if titled else "",
            ticks=ticks,
            words=[weeks(t) for t in ticks],
            range=[-0.012 * last, last * 1.01],
            domain=cell["x"],
            anchor=y,
        )
        kind: dict[str, Any] = {
            "type": "log" if log else "linear",
            "range": limits,
            "domain": cell["y"],
            "anchor": x,
        }
        axes[f"yaxis{y[1:]}"] = y_axis(look, ticks=shown, words=[fixed(t) for t in shown], **kind)
        shapes += _threshold_rules(cell, y, THRESHOLDS, look)
    margin = (44, 12, 30, 46)
    return figure(
        traces, look, height=grid["height"] + 76, margin=margin, axes=axes, notes=notes, shapes=shapes
    )


def _count_span(records: pd.DataFrame, *, log: bool) -> tuple[float, float]:
    """The range of the axis: every count inside, 2.6 to 350 at least (linear: 0 to 200)."""
    values = records["AVAL"].to_numpy(dtype=float)
    values = values[np.isfinite(values)]
    if not log:
        return 0, max([200, *(values * 1.02)])
    return max(0.9, min([2.6, *(values * 0.9)])), max([350, *(values * 1.05)])


def _axis_names(i: int) -> tuple[str, str]:
    """ "x", "y" of the first panel, "x2", "y2" of the second, ..."""
    number = "" if i == 0 else str(i + 1)
    return f"x{number}", f"y{number}"


def _threshold_rules(cell: dict, y: str, thresholds: Iterable[float], look: Look) -> list[dict]:
    """Dotted lines over the width of one panel."""
    dotted: dict[str, Any] = {"colour": look.threshold, "dash": "1px,3px", "xref": "paper", "yref": y}
    return [rule(tuple(cell["x"]), (t, t), **dotted) for t in thresholds]


def panels(count: int, *, stacked: bool, height: float, gap: float) -> dict:
    """Domains of small multiples: side by side, or below each other with room for ticks and a name."""
    count = max(count, 1)
    if not stacked:
        width = (1 - gap * (count - 1)) / count
        cells = [{"x": [i * (width + gap), i * (width + gap) + width], "y": [0, 1]} for i in range(count)]
        return {"cells": cells, "height": height}
    between = 56
    total = height * count + between * (count - 1)
    tops = [(height + between) * i for i in range(count)]
    cells = [{"x": [0, 1], "y": [1 - (t + height) / total, 1 - t / total]} for t in tops]
    return {"cells": cells, "height": total}


def _panel_name(line: dict, words: str, look: Look, cell: dict, room: float) -> dict:
    """The arm and its size over its panel; the short name where the long one does not fit."""
    fits = text_width(line["label"], 14, bold=True) + text_width(words, 14) + 8 <= room
    text = f"{bold(escaped(line['label' if fits else 'short']))}  {words}"
    place: dict[str, Any] = {
        "x": cell["x"][0],
        "y": cell["y"][1],
        "anchor": ("left", "bottom"),
        "shift": (2, 8),
    }
    return note(text, look, **place, size=14, colour=line["text_colour"])


def _hairlines(
    own: pd.DataFrame, style: dict, look: Look, *, log: bool, x: str, y: str, markers: bool = True
) -> dict:
    """All counts of one arm as one trace, a gap after each participant; points carry the identifier."""
    own = own.sort_values(["USUBJID", "WEEK"], kind="stable")
    subject = own["USUBJID"].to_numpy(dtype=object)
    opacity = min(0.8, max(look.hairline_opacity, 6 / max(own["USUBJID"].nunique(), 1)))
    ends = np.flatnonzero(subject[1:] != subject[:-1]) + 1
    counts = own["AVAL"].to_numpy(dtype=float)
    counts = np.maximum(counts, 1) if log else counts
    text = [
        f"{escaped(name)}<br>{week_words(round(week, 1))}: {fixed(count)}<br>click to open"
        for name, week, count in zip(subject, own["WEEK"], own["AVAL"], strict=True)
    ]
    return {
        "type": "scatter",
        "mode": "lines+markers" if markers else "lines",
        "name": escaped(style["label"]),
        "x": np.insert(own["WEEK"].to_numpy(dtype=float), ends, np.nan),
        "y": np.insert(counts, ends, np.nan),
        "customdata": np.insert(subject, ends, "").tolist(),
        "hoverinfo": "text" if markers else "skip",
        "hovertext": np.insert(np.array(text, dtype=object), ends, "").tolist() if markers else None,
        "line": {"color": with_opacity(style["colour"], opacity), "width": 1},
        "marker": {"size": look.px(3), "color": with_opacity(style["colour"], min(1, opacity + 0.1))},
        "unselected": {"marker": {"opacity": 1}},
        "connectgaps": False,
        "xaxis": x,
        "yaxis": y,
    }


def _cased(line: dict, look: Look, x: str, y: str, width: float = 3.2) -> list[dict]:
    """The median of an arm with a page-coloured casing; thin where it is not mature."""
    split = int(line["mature"].sum())
    common: dict[str, Any] = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "xaxis": x, "yaxis": y}
    casing = {"color": look.page, "width": look.px(width + 3.5)}
    colour = {"color": line["colour"], "dash": line["dash"]}
    early = {"x": line["x"][:split], "y": line["y"][:split]}
    late = {"x": line["x"][max(split - 1, 0) :], "y": line["y"][max(split - 1, 0) :]}
    traces = [common | early | {"line": casing}]
    if split < len(line["x"]):
        traces.append(common | late | {"line": casing | {"width": look.px(3.5)}})
        traces.append(common | late | {"line": colour | {"width": look.px(1.4)}})
    return [*traces, common | early | {"line": colour | {"width": look.px(width)}}]


def small_trajectories_figure(
    records: pd.DataFrame,
    medians: pd.DataFrame,
    arms: Iterable,
    *,
    label_week: float | None = None,
    enrolled: Mapping[str, int] | None = None,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """The small picture for the overview: hairlines, the median, and its value at one visit, a panel per arm.

    Columns as in `participants_figure`; always on a log axis; `label_week` is the visit whose median is
    written and marked. Nothing here can be clicked.
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    last = max([last_week(medians, "n"), *records["WEEK"].dropna()])
    wanted = [week for week in SMALL_TICKS if week <= last]
    ticks = week_ticks([*wanted, *([] if len(wanted) > 2 else [round(last)])], SMALL_TICKS, most=6)
    lines = arm_lines(medians, styles, n_column="n", enrolled=enrolled)
    cells = panels(len(styles), stacked=False, height=150, gap=0.07)["cells"]
    top = math.log10(max([450, *records["AVAL"].dropna()]) * 1.05)
    traces, notes, axes, shapes = [], [], {}, []
    for i, (line, cell) in enumerate(zip(lines, cells, strict=True)):
        own = records[(records["ARM"] == line["trt"]) & records["AVAL"].notna()]
        x, y = _axis_names(i)
        traces.append(_hairlines(own, line, look, log=True, x=x, y=y, markers=False))
        traces += _cased(line, look, x, y, width=2.6) + _mark(line, label_week, look, x, y)
        words = _small_words(line, label_week, arms=len(lines), compact=compact)
        place: dict[str, Any] = {"x": cell["x"][0], "y": 1, "anchor": ("left", "bottom"), "shift": (2, 6)}
        notes.append(note(words, look, **place, colour=line["text_colour"]))
        shown = (10, 30, 100, 300) if i == 0 else ()
        span: dict[str, Any] = {"range": [-0.01 * last, last * 1.01], "domain": cell["x"], "anchor": y}
        axes[f"xaxis{x[1:]}"] = x_axis(
            look, title="Week", ticks=ticks, words=[weeks(t) for t in ticks], **span
        )
        counts: dict[str, Any] = {"type": "log", "range": [0.4, top], "anchor": x}
        axes[f"yaxis{y[1:]}"] = y_axis(look, ticks=shown, words=[fixed(t) for t in shown], **counts)
        shapes += _threshold_rules(cell, y, (30, 100), look)
    return figure(traces, look, height=240, margin=(36, 10, 44, 46), axes=axes, notes=notes, shapes=shapes)


def _small_words(line: dict, week: float | None, *, arms: int, compact: bool) -> str:
    """The arm's name, and below it its median at a visit."""
    second = "no counts"
    if len(line["y"]):
        i = labelled(line, week)
        at, value = line["time"][i], line["y"][i]
        second = f"median <b>{fixed(value)}</b> at {week_words(at)}"
        if compact and arms > 2:
            second = f"<b>{fixed(value)}</b> at wk {weeks(at)}"
    short = compact or arms > 2
    return bold(escaped(line["short" if short else "label"])) + "<br>" + second


def _mark(line: dict, week: float | None, look: Look, x: str, y: str) -> list[dict]:
    """The point of the median that is written; nothing for an arm without counts."""
    if not len(line["y"]):
        return []
    i = labelled(line, week)
    at, value = line["time"][i], line["y"][i]
    rim = {"color": look.page, "width": look.px(1.5)}
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [at],
            "y": [value],
            "hoverinfo": "text",
            "hovertext": [f"{bold(escaped(line['label']))}<br>median {fixed(value)} at {week_words(at)}"],
            "marker": {"symbol": line["symbol"], "size": look.px(10), "color": line["colour"], "line": rim},
            "xaxis": x,
            "yaxis": y,
        }
    ]
