"""Figures of the overview: enrolment against plan, who is due, the last record of each site."""

import datetime
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.format import date_text, escaped, fixed, of, plural, text_width, wrapped
from charts.layout import PHONE, bold, each, figure, note, pixel_axis, rule, spread, x_axis, y_axis
from charts.theme import Look, look_of
from charts.trajectories import small_trajectories_figure

__all__ = ["due_figure", "enrolment_figure", "sites_figure", "small_trajectories_figure"]

LEAST_WIDTH = 330  # of a half column, and about that of a phone


def enrolment_figure(
    months: pd.DataFrame,
    *,
    plan_start: datetime.date | None = None,
    plan_end: datetime.date | None = None,
    planned: int | None = None,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """Participants enrolled and due over calendar time as steps, against the plan as a dashed line.

    `months`: one row per calendar month, oldest first: month (its first day) enrolled due, both the numbers
    reached by its end. The plan is a straight line from 0 at `plan_start` to `planned` at `plan_end`.
    """
    look = look_of(theme, scale)
    ends = pd.to_datetime(months["month"]) + pd.offsets.MonthEnd(0)
    plan = []
    if plan_start is not None and plan_end is not None and planned:
        plan = [(pd.Timestamp(plan_start), 0), (pd.Timestamp(plan_end), planned)]
    dates = [*pd.to_datetime(months["month"]), *ends, *(day for day, _ in plan)]
    first = min(dates, default=pd.Timestamp(2000, 1, 1))
    last = max(dates, default=pd.Timestamp(2000, 12, 31))
    top = max([1, *months["enrolled"], *(n for _, n in plan)])
    panel, right = 150, 96
    steps = [
        _steps(months, ends, "enrolled", "enrolled", look.ink, look),
        _steps(months, ends, "due", "due so far", look.text, look),
    ]
    notes = _end_notes(months, ends, look, top, panel)
    if plan:
        steps.insert(0, _plan_line(plan, look))
        notes.append(_plan_note(*plan[1], look))
    ticks, words = date_ticks(first, last)
    axes = {
        "xaxis": x_axis(look, ticks=ticks, words=words, type="date", range=[first, last], anchor="y"),
        "yaxis": y_axis(look, ticks=(0, top / 2, top), words=("0", fixed(top / 2) if top > 3 else "", fixed(top)),
                        showgrid=True, range=[-0.01 * top, top * 1.02]),
    }  # fmt: skip
    margin = (44, right, 24, 30)
    return figure(steps, look, height=panel + 54, margin=margin, axes=axes, notes=notes)


def _steps(months: pd.DataFrame, ends: pd.Series, column: str, words: str, colour: str, look: Look) -> dict:
    """A step line from the first month with somebody: a month is drawn at the number reached by its end."""
    from_zero = months[column].to_numpy() > 0
    first = int(np.argmax(from_zero)) if from_zero.any() else len(months)
    reached, when = months[column].iloc[first:], ends.iloc[first:]
    start = pd.to_datetime(months["month"]).iloc[first : first + 1]
    hover = [f"{end:%b %Y}<br>{fixed(n)} {words}" for end, n in zip(when, reached, strict=True)]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [*start, *when],
        "y": [0] * len(start) + reached.tolist(),
        "line": {"shape": "hvh", "color": colour, "width": look.px(2.6)},
        "marker": {"size": 0.1, "color": colour},
        "hoverinfo": "text",
        "hovertext": [""] * len(start) + hover,
        "cliponaxis": False,
    }


def _plan_line(plan: list[tuple[pd.Timestamp, int]], look: Look) -> dict:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [day for day, _ in plan],
        "y": [n for _, n in plan],
        "line": {"color": look.threshold, "width": look.px(1.4), "dash": "4px,3px"},
        "hoverinfo": "skip",
    }


def _end_notes(months: pd.DataFrame, ends: pd.Series, look: Look, top: float, panel: float) -> list[dict]:
    """ "120 enrolled" and "55 due" at the end of their lines, kept apart."""
    if not len(months):
        return []
    values = [months["enrolled"].iloc[-1], months["due"].iloc[-1]]
    centres = spread([panel * (1 - v / top) for v in values], [18, 18], low=-9, high=panel)
    words = zip(values, ("enrolled", "due"), (look.ink, look.text), centres, strict=True)
    return [
        note(f"{bold(fixed(n))} {word}", look, x=ends.iloc[-1], xref="x", y=1 - centre / panel, shift=(8, 0), size=14,
             colour=colour)
        for n, word, colour, centre in words
    ]  # fmt: skip


def _plan_note(end: pd.Timestamp, planned: int, look: Look) -> dict:
    """The plan's words above the end of its line, where no other line can be."""
    words = f"plan: {fixed(planned)} by {date_text(end)}"
    place: dict[str, Any] = {"x": end, "y": 1, "xref": "x", "anchor": ("right", "bottom")}
    return note(words, look, **place, shift=(4, 6), size=12)


def date_ticks(first: pd.Timestamp, last: pd.Timestamp) -> tuple[list, list[str]]:
    """Starts of months, quarters, half years or years; the year stands at the first and at each January."""
    length = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((s for s in (1, 3, 6, 12) if length / s <= 4.5), 24)
    starts = pd.date_range(first.normalize().replace(day=1), last + pd.Timedelta(days=1), freq="MS")
    ticks = [day for day in starts if (day.month - 1) % step == 0 and (step < 24 or day.year % 2 == 0)]
    ticks = [day for day in ticks if day >= first.normalize()] or [starts[0]]
    words = [f"{day:%b %Y}" if i == 0 or day.month == 1 else f"{day:%b}" for i, day in enumerate(ticks)]
    return ticks, words


def due_figure(
    due: pd.DataFrame, *, theme: str = "light", compact: bool = False, scale: float = 1.0
) -> go.Figure:
    """A bar per endpoint: how many participants are due, of all.

    `due`: one row per endpoint: label n N, and where it can be clicked paramcd, the bar's customdata.
    """
    look = look_of(theme, scale)
    room = LEAST_WIDTH - 20
    labels = [_two_lines(row.label, room - text_width(of(row.n, row.N), 14) - 16) for row in each(due)]
    tops, y = [], 0
    for label in labels:
        y += 18 * (label.count("<br>") + 1) + 4
        tops.append(y)
        y += 14 + 15
    plot = max(y - 10, 20)
    shares = [row.n / row.N if row.N else 0.0 for row in each(due)]
    codes = due["paramcd"].tolist() if "paramcd" in due else due["label"].tolist()
    hover = [f"{escaped(row.label)}<br>{of(row.n, row.N)} due" for row in each(due)]
    bar = {"type": "bar", "orientation": "h", "y": [top + 7 for top in tops], "width": 14, "customdata": codes,
           "hoverinfo": "text", "hovertext": hover}  # fmt: skip
    traces = [
        bar | {"x": [1.0] * len(tops), "marker": {"color": look.grid, "line": {"width": 0}}},
        bar | {"x": shares, "marker": {"color": look.ink, "line": {"width": 0}}},
    ]
    notes = []
    for row, label, top in zip(each(due), labels, tops, strict=True):
        count = f"{bold(fixed(row.n))} of {fixed(row.N)}"
        below: dict[str, Any] = {"y": top, "yref": "y", "colour": look.text, "shift": (0, 2), "size": 14}
        notes.append(note(label, look, x=0, anchor=("left", "bottom"), **below))
        notes.append(note(count, look, x=1, anchor=("right", "bottom"), **below))
    axes = {
        "xaxis": {"visible": False, "fixedrange": True, "range": [0, 1], "anchor": "y"},
        "yaxis": pixel_axis(0, plot, plot),
    }
    return figure(
        traces, look, height=plot + 12, margin=(2, 2, 4, 8), axes=axes, notes=notes, barmode="overlay"
    )


def _two_lines(text: str, room: float) -> str:
    """Escaped text, in several lines where one is wider than the room."""
    if text_width(text, 14) <= room:
        return escaped(text)
    return wrapped(text, int(room / (text_width(text, 14) / len(text))))


def sites_figure(
    sites: pd.DataFrame, *, theme: str = "light", compact: bool = False, scale: float = 1.0
) -> go.Figure:
    """A row per site: how many days before the data cut its last record lies, the furthest first.

    `sites`: one row per site: site n (participants) days (before the cut; missing: no record yet). The cut is
    the line at the right; customdata of a point is its site.
    """
    look = look_of(theme, scale)
    rows = sites.sort_values(["days", "site"], ascending=[False, True], na_position="first")
    rows = rows.assign(y=[12.0 + 20 * i for i in range(len(rows))])
    known = rows[rows["days"].notna()]
    furthest = max([28.0, *known["days"]])
    step = next((s for s in (7, 14, 28, 56, 91, 182) if furthest / s <= 6), 364)
    ticks = [step * i for i in range(int(np.ceil(furthest / step)) + 1)]
    plot = 20 * max(len(rows), 1) + 6
    shapes = [rule((-row.days, 0), (row.y, row.y), colour=look.grid, width=look.px(2)) for row in each(known)]
    shapes.append(rule((0, 0), (0, plot), colour=look.axis, width=1.2))
    axes = {
        "xaxis": x_axis(
            look,
            title="Days before the data cut",
            ticks=[-tick for tick in ticks],
            words=[fixed(tick) for tick in ticks],
            range=[-ticks[-1] * 1.02, ticks[-1] * 0.01],
            anchor="y",
        ),
        "yaxis": pixel_axis(0, plot, plot),
    }
    left = min(160, max([78, *(text_width(site, 13) for site in rows["site"])]) + 44)
    margin = (min(left, PHONE / 3) if compact else left, 76, 24, 46)
    return figure(
        [_site_points(known, look)],
        look,
        height=plot + 70,
        margin=margin,
        axes=axes,
        notes=_site_notes(rows, look),
        shapes=shapes,
    )


def _site_points(known: pd.DataFrame, look: Look) -> dict:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": (-known["days"]).tolist(),
        "y": known["y"].tolist(),
        "customdata": known["site"].tolist(),
        "hoverinfo": "text",
        "hovertext": [
            f"{escaped(row.site)}: {plural(row.n, 'participant')}<br>"
            f"last record {plural(row.days, 'day')} before the cut"
            for row in each(known)
        ],
        "marker": {"size": look.px(8), "color": look.ink, "opacity": 1},
        "unselected": {"marker": {"opacity": 1}},
        "cliponaxis": False,
    }


def _site_notes(rows: pd.DataFrame, look: Look) -> list[dict]:
    """Site and number of participants at the left, days at the right, the cut above its line."""
    head: dict[str, Any] = {"y": 0, "yref": "y", "size": 12, "colour": look.faint}
    notes = [
        note("data cut", look, x=0, xref="x", anchor=("right", "bottom"), shift=(0, 4), **head),
        note("site · participants", look, x=0, anchor=("right", "bottom"), shift=(-12, 4), **head),
    ]
    for row in each(rows):
        place: dict[str, Any] = {"y": row.y, "yref": "y"}
        words = "no record" if np.isnan(row.days) else plural(row.days, "day")
        name = f"{escaped(row.site)} · {fixed(row.n)}"
        notes.append(note(name, look, x=0, anchor=("right", "middle"), shift=(-12, 0), **place))
        notes.append(note(words, look, x=1, anchor=("left", "middle"), shift=(8, 0), **place))
    return notes
