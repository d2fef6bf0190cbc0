"""Up to four participants below each other: platelets on one scale and one axis of days, with what happened below."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.day_axis import count_axis, day_axis, margins, with_air
from charts.drawn_rows import draw_rows
from charts.event_rows import adverse_event_rows, bleeding_rows, rescue_rows, state_row
from charts.format import escaped, fixed, lines_within, text_width
from charts.layout import NARROWEST, PHONE, bold, domain, figure, note, pixel_axis, rule, sized
from charts.theme import Look, StateStyle, arm_styles, look_of, state_styles

PANEL, GAP, HEAD, KEY = 140, 26, 26, 26
MOST_EVENTS = 4
NO_EVENT = "none of grade 3 or more"
STATES = ("CR", "R", "NR")


def compared_figure(
    people: Sequence[dict],
    *,
    days: tuple[float, float],
    thresholds: Sequence[float] = (30, 50, 100),
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """A panel per participant on one axis of days and one scale of platelets.

    Each is a dict: `name`, `line` (a grey sentence), `arm`, `counts` (ADY AVAL), `states` (STARTDY ENDDY STATE), and
    `bleeding`, `rescue`, `adverse_events` as for `participant_figure`, the last those of grade 3 or more.
    """
    look = look_of(theme, scale)
    first, last = with_air(days)
    styles = {state: style for state, style in state_styles(theme).items() if state in STATES}
    limits = _limits([each["counts"]["AVAL"] for each in people])
    per_day = (270 if compact else 330) / (last - first)
    drawn = _Parts()
    top: float = KEY
    starts = []
    for i, each in enumerate(people):
        axis = "y" if i == 0 else f"y{i + 2}"  # y2 counts the pixels of the rows
        start = top + HEAD
        starts.append((axis, start))
        (style,) = arm_styles([each["arm"]], theme)
        drawn.data.append(_counts(each["counts"], style, look, axis))
        drawn.notes.append(_head(each, start, style, look, compact))
        drawn.shapes += [_threshold(t, look, axis) for t in thresholds]
        rows = draw_rows([("", _rows(each, per_day, last, styles))], look, top=start + PANEL + 8, days=(first, last),
                         compact=compact)  # fmt: skip
        drawn.add(rows)
        top = rows["bottom"] + GAP
    plot = max(top - GAP, KEY) + 2
    axes = {
        "yaxis": count_axis(look, limits),
        "xaxis": day_axis(look, first, last, compact=compact, anchor="y2"),
        "yaxis2": pixel_axis(0, plot, plot),
    }
    for axis, start in starts:
        axes[f"yaxis{axis[1:]}"] = count_axis(look, limits) | {"domain": domain(start, start + PANEL, plot)}
    left, right, _, bottom = margins(compact)
    return figure(drawn.data, look, height=plot + 8 + bottom, margin=(left, right, 8, bottom), axes=axes,
                  notes=[*_key(styles, look, compact), *drawn.notes], shapes=drawn.shapes)  # fmt: skip


class _Parts:
    """The traces, notes and shapes of all panels."""

    def __init__(self) -> None:
        self.data: list[dict] = []
        self.notes: list[dict] = []
        self.shapes: list[dict] = []

    def add(self, rows: dict) -> None:
        self.data += rows["traces"]
        self.notes += rows["notes"]
        self.shapes += rows["shapes"]


def _limits(counts: Sequence[pd.Series]) -> tuple[float, float]:
    """One scale for everybody, from the lowest to the highest count of all."""
    values = pd.concat(list(counts)).astype(float) if counts else pd.Series(dtype=float)
    low, high = (values.clip(lower=1).min(), values.max()) if len(values) else (10.0, 300.0)
    return max(0.9, min(2.8, low * 0.8)), max(420.0, high * 1.3)


def _rows(each: dict, per_day: float, last: float, styles: dict[str, StateStyle]) -> list[dict]:
    severe = adverse_event_rows(each["adverse_events"], last, none=NO_EVENT, most=MOST_EVENTS)
    if not severe[0]["name"]:
        severe[0]["name"] = "Adverse events"
    return [
        state_row(each["states"], styles),
        *bleeding_rows(each["bleeding"], per_day),
        *rescue_rows(each["rescue"], last),
        *severe,
    ]


def _head(each: dict, start: float, style: dict, look: Look, compact: bool) -> dict:
    """Who it is; the facts beside, as many as there is room for."""
    room = (PHONE if compact else NARROWEST + 200) - text_width(each["name"], 14, bold=True) - 30
    line = lines_within(each["line"], room, 12, most=1)
    words = f"{bold(escaped(each['name']))}  {sized(' '.join(map(escaped, line)), look, 12, look.grey)}"
    shift = -44 if compact else -margins(False)[0] + 12
    return note(words, look, x=0, y=start - 6, yref="y2", anchor=("left", "bottom"), shift=(shift, 0), size=14,
                colour=style["text_colour"])  # fmt: skip


def _threshold(count: float, look: Look, axis: str) -> dict:
    return rule((0, 1), (count, count), colour=look.threshold, dash="1px,3px", xref="paper", yref=axis)


def _key(styles: dict[str, StateStyle], look: Look, compact: bool) -> list[dict]:
    """What the bars of response mean, and the unit."""
    names = [("■", style.fill, style.short if compact else style.name) for style in styles.values()]
    words = " &nbsp; ".join(
        f'<span style="color:{fill};font-size:{look.px(16):g}px">{mark}</span> {escaped(name)}'
        for mark, fill, name in names
    )
    text = f"{bold('Platelets')}, ×10⁹/L &nbsp; {words}"
    shift = -44 if compact else -margins(False)[0] + 12
    place: dict[str, Any] = {"x": 0, "y": 4, "yref": "y2", "anchor": ("left", "top"), "shift": (shift, 0)}
    return [note(text, look, size=12 if compact else 13, **place)]


def _counts(counts: pd.DataFrame, style: dict, look: Look, axis: str) -> dict:
    known = counts[counts["AVAL"].notna() & counts["ADY"].notna()].sort_values("ADY", kind="stable")
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": known["ADY"].to_numpy(float),
        "y": known["AVAL"].clip(lower=1).to_numpy(float),
        "yaxis": axis,
        "line": {"color": style["colour"], "width": look.px(1.8)},
        "marker": {"symbol": style["symbol"], "size": look.px(6), "color": style["colour"], "opacity": 1},
        "hoverinfo": "text",
        "hovertext": [
            f"day {fixed(day)}: {fixed(value, 0 if math.floor(value) == value else 1)} ×10⁹/L"
            for day, value in known[["ADY", "AVAL"]].itertuples(index=False)
        ],
        "cliponaxis": False,
    }
