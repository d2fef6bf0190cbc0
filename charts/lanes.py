"""Swim lanes: one lane per participant, response state over the weeks, a panel per arm."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed, of, plural, text_width, weeks
from charts.layout import (
    NARROWEST,
    PHONE,
    PHONE_TICKS,
    WEEK_TICKS,
    bold,
    each,
    figure,
    note,
    pixel_axis,
    sized,
    week_ticks,
    x_axis,
)
from charts.theme import Look, arm_styles, look_of, state_styles

LANE, GROUP_GAP = 10, 2.2
TALLEST, MOST_LANES = 1600, 400
GROUPS = {"CR": "CR", "Y": "Yes", "R": "R", "PENDING": "Pending", "NR": "NR", "N": "No", "MISSING": "Missing"}
THICK, THIN = 0.78, 0.22


def swimlane_figure(
    states: pd.DataFrame,
    lanes: pd.DataFrame,
    arms: Iterable,
    *,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """One lane per participant, grouped by answer so far; on a phone the arms stand below each other.

    `lanes`: one row per participant in drawing order: USUBJID ARM GROUP (CR Y R PENDING NR N MISSING) LASTDY
    (last day seen) RESCUEDY (missing: none) STATUS ("on study", "completed", "withdrawn", "died"). `states`:
    stretches of days: USUBJID STARTDY ENDDY STATE (CR or R are drawn thick). customdata is the USUBJID.
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    panels = [_placed_lanes(lanes[lanes["ARM"] == style["trt"]]) for style in styles]
    pitch = _pitch(panels)
    spans = [max(panel["rows"] * pitch, 24) for panel in panels]
    domains, plot = _domains(spans, compact)
    last = max([4.0, *(lanes["LASTDY"].dropna() / 7)])
    ticks = _ticks(last, compact or len(styles) > 2)
    traces, notes, axes = [], _legend(look, theme, compact), {}
    for i, (style, panel, area, span) in enumerate(zip(styles, panels, domains, spans, strict=True)):
        number = "" if i == 0 else str(i + 1)
        lower = max(spans) if not compact else span
        traces += _lane_traces(states, panel, pitch, look, theme, number)
        notes += _group_notes(panel, pitch, area, plot, look)
        notes.append(_arm_note(style, panel, area, plot, look, len(styles), compact))
        axes[f"xaxis{number}"] = x_axis(
            look, title="Week of treatment" if not compact or i == len(styles) - 1 else "", ticks=ticks,
            words=[weeks(t) for t in ticks], showgrid=True, range=[-0.01 * last, last * 1.02], domain=area["x"],
            anchor=f"y{number}",
        )  # fmt: skip
        axes[f"yaxis{number}"] = pixel_axis(
            area["top"], area["top"] + lower, plot, range=[lower / pitch - 0.3, -0.7], anchor=f"x{number}"
        )
    top = 74 if compact else 56
    return figure(traces, look, height=plot + top + 46, margin=(60, 10, top, 46), axes=axes, notes=notes,
                  barmode="overlay")  # fmt: skip


def _placed_lanes(own: pd.DataFrame) -> dict:
    """The lanes of one arm with their row, group after group, and where each group begins and ends."""
    size = len(own)
    own = own.head(MOST_LANES)
    row, groups, parts = 0.0, [], []
    for code, name in GROUPS.items():
        members = own[own["GROUP"] == code]
        if len(members):
            parts.append(members.assign(ROW=row + np.arange(len(members))))
            groups.append((name, len(members), row, row + len(members) - 1))
            row += max(len(members), 1) + GROUP_GAP
    placed = pd.concat(parts) if parts else own.assign(ROW=np.zeros(len(own)))
    return {"lanes": placed, "groups": groups, "rows": max(row - GROUP_GAP, 0) + 0.6, "size": size}


def _pitch(panels: Sequence[dict]) -> float:
    """Pixels per lane: 10, less when an arm would be taller than some two screens."""
    rows = max((panel["rows"] for panel in panels), default=1)
    return min(LANE, TALLEST / max(rows, 1))


def _domains(spans: Sequence[float], compact: bool) -> tuple[list[dict], float]:
    if compact:
        tops = [sum(spans[:i]) + 70 * i for i in range(len(spans))]
        return [{"x": [0, 1], "top": top} for top in tops], tops[-1] + spans[-1]
    gap = 0.12 if len(spans) > 1 else 0
    width = (1 - gap * (len(spans) - 1)) / len(spans)
    return [{"x": [i * (width + gap), i * (width + gap) + width], "top": 0} for i in range(len(spans))], max(
        spans
    )


def _ticks(last: float, few: bool) -> list[float]:
    inside = [week for week in (PHONE_TICKS if few else WEEK_TICKS) if week <= last]
    return week_ticks(inside if len(inside) > 2 else range(int(last) + 1), inside, most=8 if few else 14)


def _lane_traces(states, panel: dict, pitch: float, look: Look, theme: str, number: str) -> list[dict]:
    """The thin lane, the thick stretches by state, and the marks on them."""
    lanes = panel["lanes"]
    axes = {"xaxis": f"x{number}", "yaxis": f"y{number}"}
    fills = state_styles(theme)
    row_of = lanes.set_index("USUBJID")["ROW"]
    own = states[states["USUBJID"].isin(row_of.index)]
    base = _bars(lanes["USUBJID"], lanes["ROW"], 0, lanes["LASTDY"] / 7, THIN, fills["NR"].fill, axes)
    base["hovertext"] = [f"{escaped(row.USUBJID)}<br>followed to day {fixed(row.LASTDY)}<br>click to open"
                         for row in each(lanes)]  # fmt: skip
    traces = [base]
    for state in ("R", "CR"):
        part = own[own["STATE"] == state]
        start = (part["STARTDY"] - 1).clip(lower=0) / 7
        bars = _bars(part["USUBJID"], part["USUBJID"].map(row_of), start, part["ENDDY"] / 7 - start, THICK,
                     fills[state].fill, axes)  # fmt: skip
        bars["hovertext"] = [
            f"{escaped(row.USUBJID)}<br>{fills[state].name.lower()}, day {fixed(row.STARTDY)} to {fixed(row.ENDDY)}"
            "<br>click to open"
            for row in each(part)
        ]
        traces.append(bars)
    size = min(look.px(7), look.px(pitch * 0.8))
    rescued = lanes[lanes["RESCUEDY"].notna()]
    gone = lanes[lanes["STATUS"].isin(["withdrawn", "died"])]
    ongoing = lanes[lanes["STATUS"] == "on study"]
    return [
        *traces,
        _marks(
            ongoing,
            ongoing["LASTDY"] / 7,
            "triangle-right",
            size,
            look.grey,
            "still followed",
            axes,
            shift=0.5,
        ),
        _marks(gone, gone["LASTDY"] / 7, "line-ns", size * 1.7, look.text, "left the study", axes, shift=0.3),
        _marks(rescued, (rescued["RESCUEDY"] - 1) / 7, "x-thin", size * 1.1, look.text, "rescue", axes),
    ]


def _bars(subjects, rows, start, width, thickness: float, fill: str, axes: dict) -> dict:
    return {
        "type": "bar",
        "orientation": "h",
        "y": np.asarray(rows, dtype=float),
        "base": np.broadcast_to(np.asarray(start, dtype=float), len(subjects)),
        "x": np.asarray(width, dtype=float),
        "width": thickness,
        "customdata": subjects.tolist(),
        "hoverinfo": "text",
        "marker": {"color": fill, "line": {"width": 0}},
        "unselected": {"marker": {"opacity": 0.6}},
        **axes,
    }


def _marks(
    lanes, at, symbol: str, size: float, colour: str, words: str, axes: dict, shift: float = 0
) -> dict:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": np.asarray(at, dtype=float) + shift,
        "y": lanes["ROW"].to_numpy(dtype=float),
        "customdata": lanes["USUBJID"].tolist(),
        "hoverinfo": "text",
        "hovertext": [f"{escaped(name)}<br>{words}, day {fixed(7 * week + (words == 'rescue'))}<br>click to open"
                      for name, week in zip(lanes["USUBJID"], at, strict=True)],
        "marker": {"symbol": symbol, "size": size, "color": colour, "opacity": 1,
                   "line": {"color": colour, "width": 1.8 if symbol.startswith(("x", "line")) else 0}},
        "unselected": {"marker": {"opacity": 1}},
        "cliponaxis": False,
        **axes,
    }  # fmt: skip


def _group_notes(panel: dict, pitch: float, area: dict, plot: float, look: Look) -> list[dict]:
    """Name and count left of each group."""
    return [
        note(
            bold(name) + "<br>" + sized(fixed(n), look, 13, look.grey), look, x=area["x"][0],
            y=1 - (area["top"] + pitch * (0.7 + (first + final) / 2)) / plot, anchor=("right", "middle"),
            shift=(-8, 0), colour=look.text,
        )
        for name, n, first, final in panel["groups"]
    ]  # fmt: skip


def _arm_note(style, panel: dict, area: dict, plot: float, look: Look, arms: int, compact: bool) -> dict:
    words = plural(panel["size"], "participant")
    if panel["size"] > MOST_LANES:
        words = f"first {of(MOST_LANES, panel['size'])}"
    room = PHONE - 80 if compact else (NARROWEST - 70) / arms - 60
    fits = text_width(style["label"], 14, bold=True) + text_width(words, 14) <= room
    text = bold(escaped(style["label"] if fits else style["short"])) + "  " + words
    return note(text, look, x=area["x"][0], y=1 - area["top"] / plot, anchor=("left", "bottom"), shift=(0, 6), size=14,
                colour=style["text_colour"])  # fmt: skip


def _legend(look: Look, theme: str, compact: bool) -> list[dict]:
    """One line above the plot in the plot's own marks (two on a phone)."""
    fills = state_styles(theme)
    marks = [
        ("■", fills["CR"].fill, "complete response"),
        ("■", fills["R"].fill, "response"),
        ("—", look.axis, "not in response"),
        ("×", look.text, "rescue"),
        ("▸", look.grey, "still followed"),
        ("|", look.text, "left the study"),
    ]
    words = [f'<span style="color:{colour}"><b>{mark}</b></span> {text}' for mark, colour, text in marks]
    lines = [words[:3], words[3:]] if compact else [words]
    text = "<br>".join("   ".join(line) for line in lines)
    return [note(text, look, x=0, y=1, anchor=("left", "bottom"), shift=(-50 if compact else 0, 32), size=13)]
