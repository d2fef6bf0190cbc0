"""Platelets of everybody at every visit: a row per participant, a square per visit, darker with more platelets."""

from collections.abc import Iterable, Sequence

import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed, text_width
from charts.layout import (
    NARROWEST,
    PHONE,
    PHONE_TICKS,
    WEEK_TICKS,
    bold,
    figure,
    note,
    pixel_axis,
    sized,
    week_ticks,
    x_axis,
)
from charts.theme import Look, arm_styles, look_of

ROW, HEAD, KEY, BETWEEN = 11, 30, 26, 40
BANDS = ("< 10", "10 to < 30", "30 to < 50", "50 to < 100", "≥ 100")
LIGHT = ("#E3E6EA", "#C9BFD0", "#A18FAB", "#6F5879", "#3A2743")
DARK = ("#2A313A", "#4C4356", "#7C6889", "#B29DC0", "#E9DDF1")


def heatmap_figure(
    cells: pd.DataFrame,
    lanes: pd.DataFrame,
    arms: Iterable,
    *,
    weeks: Sequence[float],
    groups: dict[str, str],
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """A panel per arm, side by side, on a phone below each other.

    `lanes`: one row per participant in the order from the top: USUBJID ARM GROUP. `cells`: one row per participant and
    visit with a count: USUBJID AVISITN AVAL BAND (one of BANDS) RESCUED. `groups`: what each GROUP is called. A click
    gives the USUBJID.
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    fills = dict(zip(BANDS, DARK if look.dark else LIGHT, strict=True))
    panels = [lanes[lanes["ARM"] == style["trt"]].reset_index(drop=True) for style in styles]
    heights = [max(len(panel), 1) * ROW for panel in panels]
    columns = 1 if compact else len(styles)
    tops = _tops(heights, columns)
    plot = max(top + height for top, height in zip(tops, heights, strict=True)) + 8
    names = max([text_width(f"{name} 00", 12) for name in groups.values()] + [40]) + 12
    data: list[dict] = []
    notes = _key(fills, look, compact)
    axes: dict[str, dict] = {}
    for i, (style, panel, top) in enumerate(zip(styles, panels, tops, strict=True)):
        suffix, area = "" if i == 0 else str(i + 1), _area(i % columns, columns, names)
        at = {usubjid: top + ROW * (place + 0.5) for place, usubjid in enumerate(panel["USUBJID"])}
        own = cells[cells["USUBJID"].isin(list(at))]
        places = {week: place for place, week in enumerate(weeks)}
        data += _squares(own, at, places, fills, look, suffix)
        data.append(_rescues(own[own["RESCUED"]], at, places, look, suffix))
        axes |= _axes(weeks, look, suffix, area, plot, top + heights[i], compact)
        notes += _groups(panel, top, area, groups, look)
        label = style["short"] if compact else style["label"]
        words = f"{bold(escaped(label))} {sized(f'{len(panel)} participants', look, 13, look.grey)}"
        notes.append(note(words, look, x=area[0], y=top - 8, yref="y", anchor=("left", "bottom"), size=14,
                          colour=style["text_colour"]))  # fmt: skip
    axes["yaxis"] = pixel_axis(0, plot, plot)
    return figure(
        data, look, height=plot + 46, margin=(names if compact else 12, 12, 6, 40), axes=axes, notes=notes
    )


def _tops(heights: Sequence[float], columns: int) -> list[float]:
    """Where each panel begins, below the key and its heading."""
    if columns > 1:
        return [KEY + HEAD] * len(heights)
    tops, at = [], float(KEY)
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


def _squares(own: pd.DataFrame, at: dict, places: dict, fills: dict, look: Look, suffix: str) -> list[dict]:
    """One trace per band."""
    traces = []
    for band, rows in own.groupby("BAND", sort=False):
        hover = [
            f"{escaped(usubjid)}<br>week {week:g}: {fixed(value)} ×10⁹/L{', after rescue' if rescued else ''}"
            "<br>click to open"
            for usubjid, week, value, rescued in rows[["USUBJID", "AVISITN", "AVAL", "RESCUED"]].itertuples(
                index=False
            )
        ]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": escaped(band),
                "x": [places[week] for week in rows["AVISITN"]],
                "y": [at[usubjid] for usubjid in rows["USUBJID"]],
                "xaxis": f"x{suffix}",
                "marker": {
                    "symbol": "square",
                    "size": look.px(ROW - 1.5),
                    "color": fills[str(band)],
                    "line": {"width": 0},
                    "opacity": 1,
                },
                "customdata": rows["USUBJID"].tolist(),
                "unselected": {"marker": {"opacity": 1}},
                "hoverinfo": "text",
                "hovertext": hover,
                "cliponaxis": False,
            }
        )
    return traces


def _rescues(rows: pd.DataFrame, at: dict, places: dict, look: Look, suffix: str) -> dict:
    """A cross on the first count that rescue covers."""
    first = rows.sort_values("AVISITN").drop_duplicates("USUBJID")
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [places[week] for week in first["AVISITN"]],
        "y": [at[usubjid] for usubjid in first["USUBJID"]],
        "xaxis": f"x{suffix}",
        "marker": {
            "symbol": "x-thin",
            "size": look.px(7),
            "line": {"color": look.text, "width": look.px(1.8)},
        },
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _axes(
    weeks: Sequence[float], look: Look, suffix: str, area, plot: float, bottom: float, compact: bool
) -> dict:
    shown = week_ticks(weeks, PHONE_TICKS if compact else WEEK_TICKS, most=8) if weeks else []
    kept = [week for week in weeks if week in shown]
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
        at += ROW * len(rows)
    return notes


def _key(fills: dict, look: Look, compact: bool) -> list[dict]:
    """One line: the bands, and what the cross is."""
    notes, x = [], 0.0
    words = [
        (f'<span style="color:{fill};font-size:{look.px(16):g}px">■</span> {escaped(band)}', band)
        for band, fill in fills.items()
    ]
    words.append(("✕ first count after rescue", "first count after rescue"))
    room = (PHONE if compact else NARROWEST + 200) - 10
    for text, plain in words:
        width = text_width(plain, 12) + 36
        if x + width <= room:
            notes.append(note(text, look, x=0, y=1, anchor=("left", "top"), shift=(x, 0), size=12))
        x += width
    return notes
