"""Platelets of everybody at every visit: a row per participant, a square per visit, darker with more platelets."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed, plural, text_width
from charts.layout import (
    NARROWEST,
    PHONE,
    WEEK_TICKS,
    bold,
    figure,
    note,
    pixel_axis,
    sized,
    x_axis,
)
from charts.theme import Look, arm_styles, look_of, state_styles

ROW, APART, HEAD, KEY_LINE, BETWEEN = 11, 7, 30, 19, 56  # APART: between two groups
SIDE_BY_SIDE = 2  # arms; a third has no room for its squares
BANDS = ("< 10", "10 to < 30", "30 to < 50", "50 to < 100", "≥ 100")
MISSING, NOT_REACHED = "no count", "not yet reached"
LIGHT = ("#CDD2D9", "#B5A6C0", "#927BA0", "#674E75", "#331F3D")
DARK = ("#46505C", "#76698A", "#9C8AB0", "#C3B3D2", "#EFE3F8")


def heatmap_figure(
    cells: pd.DataFrame,
    lanes: pd.DataFrame,
    arms: Iterable,
    *,
    rescues: pd.DataFrame,
    left: pd.DataFrame,
    weeks: Sequence[float],
    groups: dict[str, str],
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """A panel per arm, side by side, on a phone below each other.

    `lanes`: one row per participant in the order from the top: USUBJID ARM GROUP. `cells`: one row per participant and
    visit: USUBJID AVISITN AVAL BAND (one of BANDS, MISSING or NOT_REACHED). `rescues` and `left`: the visits with a
    rescue, and of leaving the study: USUBJID AVISITN. `groups`: what each GROUP is called. A click gives the USUBJID.
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    marks = _marks(look)
    panels = [lanes[lanes["ARM"] == style["trt"]].reset_index(drop=True) for style in styles]
    heights = [max(len(panel), 1) * ROW + APART * max(panel["GROUP"].nunique() - 1, 0) for panel in panels]
    columns = len(styles) if len(styles) <= SIDE_BY_SIDE and not compact else 1
    shorts = {state: words.short for state, words in state_styles(theme).items()} if compact else {}
    groups = {group: shorts.get(group, name) for group, name in groups.items()}
    names = max([text_width(f"{name} 00", 12) for name in groups.values()] + [40]) + 12
    notes, lines = _key(marks, look, names if columns == 1 else 0, compact)
    tops = _tops(heights, columns, KEY_LINE * lines + 8)
    plot = max(top + height for top, height in zip(tops, heights, strict=True)) + 8
    data: list[dict] = []
    axes: dict[str, dict] = {}
    for i, (style, panel, top) in enumerate(zip(styles, panels, tops, strict=True)):
        suffix, area = "" if i == 0 else str(i + 1), _area(i % columns, columns, names)
        apart = APART * (panel["GROUP"] != panel["GROUP"].shift()).cumsum().sub(1)
        at = dict(zip(panel["USUBJID"], top + ROW * (panel.index + 0.5) + apart, strict=True))
        own = cells[cells["USUBJID"].isin(list(at))]
        places = {week: place for place, week in enumerate(weeks)}
        data += _cells(own, at, places, marks, suffix)
        data += _crosses(rescues[rescues["USUBJID"].isin(list(at))], at, places, look, suffix)
        data.append(_leavings(left[left["USUBJID"].isin(list(at))], at, places, look, suffix))
        axes |= _axes(weeks, look, suffix, area, plot, top + heights[i], compact)
        notes += _groups(panel, top, area, groups, look)
        label = style["short"] if compact else style["label"]
        n = sized(plural(len(panel), "participant"), look, 13, look.grey)
        place: dict[str, Any] = {
            "x": area[0],
            "y": top - 8,
            "yref": "y",
            "shift": (6 - names if columns == 1 else 0, 0),
        }
        words = f"{bold(escaped(label))} {n}"
        notes.append(
            note(words, look, anchor=("left", "bottom"), size=14, colour=style["text_colour"], **place)
        )
    axes["yaxis"] = pixel_axis(0, plot, plot)
    return figure(
        data,
        look,
        height=plot + 46,
        margin=(names if columns == 1 else 12, 16, 6, 40),
        axes=axes,
        notes=notes,
    )


def _tops(heights: Sequence[float], columns: int, key: float) -> list[float]:
    """Where each panel begins, below the key (so high) and its heading."""
    if columns > 1:
        return [key + HEAD] * len(heights)
    tops, at = [], key
    for height in heights:
        tops.append(at + HEAD)
        at += HEAD + height + BETWEEN
    return tops


def _area(column: int, columns: int, names: float) -> tuple[float, float]:
    """The share of the width a panel has, its group names left of it."""
    if columns == 1:
        return 0.0, 1.0
    left = names / (NARROWEST + 300)
    wide = (1 - left * columns) / columns
    start = column * (wide + left) + left
    return start, min(start + wide - 0.012, 1.0)


def _marks(look: Look) -> dict[str, dict]:
    """How each band is drawn: filled from light to dark; a missing count as an outline, one to come as a dot."""
    fills = zip(BANDS, DARK if look.dark else LIGHT, strict=True)
    size = look.px(ROW - 1.5)
    filled = {
        band: {"symbol": "square", "size": size, "color": fill, "line": {"width": 0}} for band, fill in fills
    }
    outline = {"color": look.axis, "width": look.px(1)}
    missing = {"symbol": "square-open", "size": size - look.px(1.5), "color": look.axis, "line": outline}
    to_come = {"symbol": "circle", "size": look.px(2.5), "color": look.axis, "line": {"width": 0}}
    return filled | {MISSING: missing, NOT_REACHED: to_come}


def _cells(own: pd.DataFrame, at: dict, places: dict, marks: dict[str, dict], suffix: str) -> list[dict]:
    """One trace per band."""
    traces = []
    for band, mark in marks.items():
        rows = own[own["BAND"] == band]
        hover = [
            f"{escaped(usubjid)}<br>{_visit(week)}: {band if math.isnan(value) else f'{fixed(value)} ×10⁹/L'}"
            "<br>click to open"
            for usubjid, week, value in rows[["USUBJID", "AVISITN", "AVAL"]].itertuples(index=False)
        ]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": escaped(band),
                "x": [places[week] for week in rows["AVISITN"]],
                "y": [at[usubjid] for usubjid in rows["USUBJID"]],
                "xaxis": f"x{suffix}",
                "marker": mark | {"opacity": 1},
                "customdata": rows["USUBJID"].tolist(),
                "unselected": {"marker": {"opacity": 1}},
                "hoverinfo": "text",
                "hovertext": hover,
                "cliponaxis": False,
            }
        )
    return traces


def _visit(week: float) -> str:
    return "baseline" if week == 0 else f"week {week:g}"


def _crosses(rows: pd.DataFrame, at: dict, places: dict, look: Look, suffix: str) -> list[dict]:
    """A cross at each visit with rescue, with a rim so that it stands out on every band."""
    return [
        _over(rows, at, places, suffix, {"symbol": "x-thin", "size": look.px(size), "line": {"color": colour, "width":
              look.px(width)}})
        for colour, size, width in ((look.page, 9, 4.2), (look.text, 8, 1.8))
    ]  # fmt: skip


def _leavings(rows: pd.DataFrame, at: dict, places: dict, look: Look, suffix: str) -> dict:
    """An upright bar after the visit at which somebody left."""
    line = {"color": look.text, "width": look.px(1.6)}
    bar = {"symbol": "line-ns", "size": look.px(ROW - 1), "line": line}
    return _over(rows, at, places, suffix, bar, shift=0.62)


def _over(
    rows: pd.DataFrame, at: dict, places: dict, suffix: str, marker: dict, *, shift: float = 0.0
) -> dict:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [places[week] + shift for week in rows["AVISITN"]],
        "y": [at[usubjid] for usubjid in rows["USUBJID"]],
        "xaxis": f"x{suffix}",
        "marker": marker,
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _axes(
    weeks: Sequence[float], look: Look, suffix: str, area, plot: float, bottom: float, compact: bool
) -> dict:
    kept = _labelled(weeks, apart=4 if compact else 2)
    return {
        f"xaxis{suffix}": x_axis(
            look,
            title="Week of treatment",
            ticks=[weeks.index(week) for week in kept],
            words=[f"{week:g}" for week in kept],
            domain=list(area),
            anchor="free",
            position=max(0.0, 1 - (bottom + 4) / plot),
            range=[-0.8, max(len(weeks), 1) - 0.2],
        )
    }


def _labelled(weeks: Sequence[float], *, apart: int) -> list[float]:
    """The visits with a label: the customary weeks, so many columns apart, and the last."""
    kept: list[int] = []
    for place, week in enumerate(weeks):
        if week in WEEK_TICKS and (not kept or place - kept[-1] >= apart):
            kept.append(place)
    last = len(weeks) - 1
    kept = [place for place in kept if last - place >= apart] + ([last] if len(weeks) else [])
    return [weeks[place] for place in kept]


def _groups(panel: pd.DataFrame, top: float, area, groups: dict[str, str], look: Look) -> list[dict]:
    """Each group's name and number left of its first rows."""
    notes, at = [], top
    for group, rows in panel.groupby("GROUP", sort=False):
        words = f"{escaped(groups.get(str(group), str(group)))} {len(rows)}"
        notes.append(
            note(
                words,
                look,
                x=area[0],
                y=at + ROW / 2,
                yref="y",
                anchor=("right", "middle"),
                shift=(-6, 0),
                size=12,
            )
        )
        at += ROW * len(rows) + APART
    return notes


def _key(marks: dict[str, dict], look: Look, left: float, compact: bool) -> tuple[list[dict], int]:
    """What the marks mean, and in how many lines; on a phone they begin `left` of the panels."""
    signs = {MISSING: "□", NOT_REACHED: "•"}
    words = [
        (f'<span style="color:{mark["color"]};font-size:{look.px(16):g}px">{signs.get(band, "■")}</span> '
         f"{escaped(band)}", band)
        for band, mark in marks.items()
    ]  # fmt: skip
    words += [
        (f'<span style="font-size:{look.px(16):g}px">{sign}</span> {plain}', plain)
        for sign, plain in (("✕", "rescue"), ("|", "left the study"))
    ]
    room = PHONE if compact else NARROWEST + 200
    notes, x, line = [], 0.0, 0
    for text, plain in words:
        width = text_width(plain, 12) + 38
        if x + width > room:
            x, line = 0.0, line + 1
        place: dict[str, Any] = {"anchor": ("left", "top"), "shift": (x - max(left - 6, 0), -KEY_LINE * line)}
        notes.append(note(text, look, x=0, y=1, size=12, **place))
        x += width
    return notes, line + 1
