"""Platelets of everybody at every visit: a row per participant, a square per visit, darker with more platelets."""

from collections.abc import Iterable, Sequence

import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, plural, text_width
from charts.heatmap_marks import KEY_LINE, ROW, cells_of, crosses, key, leavings, marks_of
from charts.layout import (
    NARROWEST,
    WEEK_TICKS,
    bold,
    figure,
    note,
    pixel_axis,
    sized,
    x_axis,
)
from charts.theme import Look, arm_styles, look_of, state_styles

APART, HEAD, BETWEEN = 7, 30, 56  # pixels between two groups, of a heading, between two panels
SIDE_BY_SIDE = 2  # arms; a third has no room for its squares


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
    marks = marks_of(look)
    panels = [lanes[lanes["ARM"] == style["trt"]].reset_index(drop=True) for style in styles]
    heights = [max(len(panel), 1) * ROW + APART * max(panel["GROUP"].nunique() - 1, 0) for panel in panels]
    columns = len(styles) if len(styles) <= SIDE_BY_SIDE and not compact else 1
    groups = _short(groups, theme) if compact else groups
    names = max([text_width(f"{name} 00", 12) for name in groups.values()] + [40]) + 12
    notes, lines = key(marks, look, names if columns == 1 else 0, compact)
    tops = _tops(heights, columns, KEY_LINE * lines + 8)
    plot = max(top + height for top, height in zip(tops, heights, strict=True)) + 8
    data: list[dict] = []
    axes: dict[str, dict] = {"yaxis": pixel_axis(0, plot, plot)}
    places = {week: place for place, week in enumerate(weeks)}
    for i, (style, panel, top) in enumerate(zip(styles, panels, tops, strict=True)):
        suffix, area = "" if i == 0 else str(i + 1), _area(i % columns, columns, names)
        at = _heights(panel, top)
        seen, rescued, gone = (each[each["USUBJID"].isin(list(at))] for each in (cells, rescues, left))
        data += cells_of(seen, at, places, marks, suffix)
        data += [*crosses(rescued, at, places, look, suffix), leavings(gone, at, places, look, suffix)]
        axes |= _axes(weeks, look, suffix, area, plot, top + heights[i], compact)
        indent = 6 - names if columns == 1 else 0
        notes += [_head(style, len(panel), (area[0], top), indent, look, compact)]
        notes += _groups(panel, top, area, groups, look)
    margin = (names if columns == 1 else 12, 16, 6, 40)
    return figure(data, look, height=plot + 46, margin=margin, axes=axes, notes=notes)


def _short(groups: dict[str, str], theme: str) -> dict[str, str]:
    """The groups by the short names of their states: a phone has no room for more."""
    styles = state_styles(theme)
    return {group: styles[group].short if group in styles else name for group, name in groups.items()}


def _heights(panel: pd.DataFrame, top: float) -> dict[str, float]:
    """Where the middle of each participant's row is, by USUBJID; groups stand apart."""
    apart = APART * (panel["GROUP"] != panel["GROUP"].shift()).cumsum().sub(1)
    return dict(zip(panel["USUBJID"], top + ROW * (panel.index + 0.5) + apart, strict=True))


def _head(style: dict, n: int, at: tuple[float, float], indent: float, look: Look, compact: bool) -> dict:
    label = bold(escaped(style["short"] if compact else style["label"]))
    words = f"{label} {sized(plural(n, 'participant'), look, 13, look.grey)}"
    return note(words, look, x=at[0], y=at[1] - 8, yref="y", anchor=("left", "bottom"), shift=(indent, 0), size=14,
                colour=style["text_colour"])  # fmt: skip


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
