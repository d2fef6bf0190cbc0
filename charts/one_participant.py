"""The course of one participant: platelets, bleeding, rescue, treatment and adverse events on one time axis."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.callouts import Scene, placed_callouts
from charts.day_axis import count_axis, day_axis, margins, with_air
from charts.drawn_rows import draw_rows
from charts.event_rows import adverse_event_rows, bleeding_rows, rescue_rows, treatment_rows
from charts.format import escaped, fixed
from charts.layout import bold, each, figure, note, pixel_axis, rule
from charts.theme import Look, arm_styles, look_of, with_opacity

ROLES = {"onset": "Onset", "confirms": "Confirmed", "loss": "Response lost", "breaks": "Broken",
         "censors": "Censored", "visit record": "Visit record"}  # fmt: skip
MOST_CALLOUTS = 5  # a durable response names every visit: too many to write beside the curve


def participant_figure(
    counts: pd.DataFrame,
    *,
    days: tuple[float, float],
    bleeding: Mapping[str, pd.DataFrame],
    rescue: pd.DataFrame,
    medication: pd.DataFrame,
    exposure: pd.DataFrame,
    adverse_events: pd.DataFrame,
    arm,
    thresholds: Sequence[float] = (30, 50, 100),
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """Everything that happened to one participant, by study day from the first to the last of `days`.

    `counts`: one row per platelet count, as the rule read it: ADY AVAL (10⁹/L) AVALC BASE THRESHOLD (count
    needed for a response) SHADOWDY ("70 to 98") USABLE ("Y" is drawn filled) ROLE (onset, confirms, loss, ...).
    `bleeding`: by the label of an instrument ADY AVAL (grade). `rescue` and `medication`: ASTDY AENDY CMDECOD CMCLAS
    CMDOSE CMDOSU. `exposure`: ASTDY AENDY EXTRT EXDOSE EXDOSU, EXADJ where there is one. `adverse_events`: ASTDY AENDY
    DAYS AEDECOD AETOXGR. A missing end is drawn to the last day. On a phone a row has its name above it.
    """
    look = look_of(theme, scale)
    (style,) = arm_styles([arm], theme)
    counts = counts[counts["AVAL"].notna() & counts["ADY"].notna()].sort_values("ADY", kind="stable")
    first, last = with_air(days)
    panel, width = (230, 270) if compact else (250, 330)  # of the plot, at its narrowest
    sections = [
        ("", [*bleeding_rows(bleeding, width / (last - first)), *rescue_rows(rescue, last)]),
        ("Treatment", treatment_rows(exposure, medication, first, last)),
        ("Adverse events", adverse_event_rows(adverse_events, last)),
    ]
    drawn = draw_rows(sections, look, top=panel + 24, days=(first, last), compact=compact)
    plot, limits, shadows = drawn["bottom"], _limits(counts), _shadows(counts, last)
    axes = {
        "xaxis": day_axis(look, first, last, compact=compact, anchor="y2"),
        "yaxis": count_axis(look, limits) | {"domain": [1 - panel / plot, 1]},
        "yaxis2": pixel_axis(panel, plot, plot),
    }
    shapes = [rule((0, 1), (t, t), colour=look.threshold, dash="1px,3px", xref="paper") for t in thresholds]
    shapes += [_shadow_shape(shadow, drawn["shadow_bottom"] / plot, look) for shadow in shadows]
    needed, notes = _needed(counts, thresholds, look, compact)
    notes += [_title(look, compact), *_shadow_words(shadows, look), *drawn["notes"]]
    notes += _callouts(counts, limits, (first, last), (width, panel), look)
    margin = margins(compact)
    return figure(
        [_counts_trace(counts, style, look), *drawn["traces"]],
        look,
        height=plot + margin[2] + margin[3],
        margin=margin,
        axes=axes,
        notes=notes,
        shapes=[*shapes, *needed, *drawn["shapes"]],
    )


def _limits(counts: pd.DataFrame) -> tuple[float, float]:
    values = np.maximum(counts["AVAL"].to_numpy(dtype=float), 1)
    return max(0.9, min([2.8, *(values * 0.8)])), max([420.0, *(values * 1.3)])


def _counts_trace(counts: pd.DataFrame, style: dict, look: Look) -> dict:
    """One line with the counts the rule used filled and the others hollow."""
    used = ((counts["USABLE"] == "Y") | (counts["ROLE"] == "baseline")).to_numpy()
    text = counts["AVALC"].where(counts["AVALC"].str.match("[<>]"), counts["AVAL"].map(fixed))
    hover = [
        f"day {fixed(row.ADY)}: {escaped(value)} ×10⁹/L<br>{'used' if flag else 'not used by the rule'}"
        + (f"<br>{escaped(ROLES[row.ROLE].lower())}" if row.ROLE in ROLES else "")
        for row, value, flag in zip(each(counts), text, used, strict=True)
    ]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": counts["ADY"].to_numpy(dtype=float),
        "y": np.maximum(counts["AVAL"].to_numpy(dtype=float), 1),
        "line": {"color": style["colour"], "width": look.px(1.8)},
        "marker": {
            "size": look.px(8),
            "symbol": style["symbol"],
            "opacity": 1,
            "color": [style["colour"] if flag else look.page for flag in used],
            "line": {"color": style["colour"], "width": look.px(1.5)},
        },
        "hoverinfo": "text",
        "hovertext": hover,
        "customdata": counts["ADY"].tolist(),
        "cliponaxis": False,
    }


def _needed(counts: pd.DataFrame, thresholds, look: Look, compact: bool) -> tuple[list[dict], list[dict]]:
    """The line this person must reach, where it is none of the thresholds, and why."""
    needed = counts["THRESHOLD"].dropna()
    if needed.empty or float(needed.iloc[-1]) in [float(t) for t in thresholds]:
        return [], []
    count, base = float(needed.iloc[-1]), counts["BASE"].dropna()
    fold = count / base.iloc[-1] if len(base) and base.iloc[-1] else math.nan
    why = (
        ""
        if math.isnan(fold)
        else "twice the baseline"
        if abs(fold - 2) < 0.01
        else f"{fixed(fold, 1)} × baseline"
    )
    number = fixed(count, 0 if count.is_integer() else 1)
    line = rule((0, 1), (count, count), colour=look.ink, xref="paper")
    place: dict[str, Any] = {"x": 1, "y": math.log10(count), "yref": "y", "colour": look.text}
    if compact:
        return [line], [note(f"{number} needed for R", look, anchor=("right", "bottom"), size=12, **place)]
    words = f"{number} needed for R" + (f":<br>{why}" if why else "")
    return [line], [note(words, look, shift=(8, 0), **place)]


def _title(look: Look, compact: bool) -> dict:
    words = f"{bold('Platelets')}, ×10⁹/L"
    if compact:
        return note(words, look, x=0, y=1, anchor=("left", "bottom"), shift=(-44, 22), colour=look.text)
    return note(words, look, x=0, y=1, anchor=("right", "top"), shift=(-44, -2), colour=look.text)


def _shadows(counts: pd.DataFrame, last: float) -> list[tuple[float, float]]:
    """The days of every rescue shadow that covers a count; an open end is drawn to the last day."""
    spans = set()
    for text in counts["SHADOWDY"].dropna().astype(str).unique():
        days = [float(d) for d in re.findall(r"-?\d+", text)]
        if days:
            spans.add((days[0], days[1] if len(days) > 1 else last))
    return sorted((start, min(end, last)) for start, end in spans)


def _shadow_shape(span: tuple[float, float], bottom: float, look: Look) -> dict:
    return {
        "type": "rect",
        "x0": span[0],
        "x1": span[1],
        "xref": "x",
        "y0": 1 - bottom,
        "y1": 1,
        "yref": "paper",
        "layer": "below",
        "line": {"width": 0},
        "fillcolor": with_opacity(look.text, look.shadow_opacity),
    }


def _shadow_words(spans, look: Look) -> list[dict]:
    if not spans:
        return []
    start, end = spans[0]
    return [note("rescue shadow", look, x=(start + end) / 2, y=1, xref="x", anchor=("center", "bottom"), shift=(0, 4),
                 size=12)]  # fmt: skip


def _callouts(counts, limits, days, size: tuple[float, float], look: Look) -> list[dict]:
    """Onset, confirmation and loss in words with a hairline leader, away from the curve."""
    named = counts[counts["ROLE"].isin(ROLES)]
    if len(named) > MOST_CALLOUTS:
        return []
    low, high = (math.log10(limit) for limit in limits)
    narrow, panel = size

    def place(row, width: float) -> tuple[float, float]:
        level = math.log10(max(row.AVAL, 1))
        return width * (row.ADY - days[0]) / (days[1] - days[0]), panel * (high - level) / (high - low)

    widths = (narrow, 2 * narrow)
    scenes = [Scene([place(row, width) for row in each(counts)], (width, panel)) for width in widths]
    marks = [
        (row.ADY, max(row.AVAL, 1), [place(row, w) for w in widths], ROLES[row.ROLE], f"day {fixed(row.ADY)}")
        for row in each(named)
    ]
    return placed_callouts(marks, scenes, look)
