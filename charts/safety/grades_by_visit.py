"""Grades at each visit: stacked shares of those assessed, a panel per arm, the number assessed below each bar."""

from collections.abc import Iterable, Sequence

import pandas as pd
import plotly.graph_objects as go

from charts.fill_key import LINE, fill_key, key_lines
from charts.format import escaped, fixed, of, percent
from charts.layout import NARROWEST, PHONE, bold, domain, figure, labelled_places, note, percent_axis, x_axis
from charts.safety.ramp import grade_fills
from charts.theme import Look, arm_styles, look_of

PANEL, GAP, HEAD = 150, 74, 34
MOST_LABELS, MOST_ON_PHONE = 16, 7


def grades_by_visit_figure(
    results: pd.DataFrame,
    arms: Iterable,
    *,
    grade_words: Sequence[str],
    unit: str = "assessed",
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """A panel per arm, a bar per visit, a segment per grade.

    `results`: one row per visit, arm and grade: time (weeks) arm grade n N estimate. `grade_words`: what stands for
    each grade from the lowest that occurs to the highest. A click gives [arm, week, grade].
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    weeks = sorted(results["time"].unique())
    places = {week: place for place, week in enumerate(weeks)}
    grades = sorted(results["grade"].unique())
    fills = dict(zip(grades, grade_fills(len(grades), look), strict=True))
    words = dict(zip(grades, grade_words, strict=True))
    plot = len(styles) * (PANEL + GAP) - GAP + 22
    left, right = (44, 12) if compact else (92, 24)
    room = (PHONE if compact else NARROWEST) - (16 if compact else left + right)
    head = HEAD + LINE * (key_lines(grade_words, look, room=room) - 1)
    notes = fill_key(grade_words, fills.values(), look, room=room, start=(-36 if compact else 0, head - 17))
    data = []
    axes: dict[str, dict] = {}
    for i, style in enumerate(styles):
        suffix, start = "" if i == 0 else str(i + 1), i * (PANEL + GAP)
        own = results[results["arm"] == style["trt"]]
        for grade in grades:
            data.append(
                _segment(own[own["grade"] == grade], places, style, words[grade], fills[grade], look, suffix)
            )
        axes |= _axes(weeks, look, suffix, start, plot, compact, last=i == len(styles) - 1)
        notes += _words_of_panel(own, places, style, look, suffix, start, plot, unit, compact)
    return figure(
        data,
        look,
        height=plot + head + 66,
        margin=(left, right, head, 66),
        axes=axes,
        notes=notes,
        barmode="stack",
        bargap=0.18,
    )


def _segment(
    rows: pd.DataFrame, places: dict, style: dict, word: str, fill: str, look: Look, suffix: str
) -> dict:
    hover = [
        f"{bold(escaped(style['label']))}<br>week {week:g}: {escaped(word)}, {of(n, N)} assessed"
        f"{f' ({percent(n / N, N)})' if N else ''}<br>click to list them"
        for week, n, N in rows[["time", "n", "N"]].itertuples(index=False)
    ]
    return {
        "type": "bar",
        "name": escaped(word),
        "x": [places[week] for week in rows["time"]],
        "y": 100 * rows["estimate"].fillna(0),
        "customdata": [
            [style["trt"], f"{week:g}", str(grade)]
            for week, grade in zip(rows["time"], rows["grade"], strict=True)
        ],
        "marker": {"color": fill, "line": {"color": look.page, "width": 1}},
        "unselected": {"marker": {"opacity": 0.55}},
        "hoverinfo": "text",
        "hovertext": hover,
        "xaxis": f"x{suffix}",
        "yaxis": f"y{suffix}",
    }


def _axes(
    weeks: Sequence[float], look: Look, suffix: str, start: float, plot: float, compact: bool, *, last: bool
) -> dict:
    kept = labelled_places(len(weeks), MOST_ON_PHONE if compact else MOST_LABELS)
    words = ["baseline" if weeks[at] == 0 and not compact else f"{weeks[at]:g}" for at in kept]
    x = x_axis(look, title="Week of treatment" if last else "", ticks=kept, words=words,
               anchor=f"y{suffix}", range=[-0.6, max(len(weeks), 1) - 0.4])  # fmt: skip
    x["title"]["standoff"] = look.px(26)  # below the row of those assessed
    y = percent_axis(look, domain=domain(start + 22, start + 22 + PANEL, plot), anchor=f"x{suffix}")
    return {f"xaxis{suffix}": x, f"yaxis{suffix}": y}


def _words_of_panel(
    own, places, style, look: Look, suffix: str, start, plot, unit: str, compact: bool
) -> list[dict]:
    """The arm above its panel, and under each bar how many were assessed."""
    name = style["label"] if not compact else style["short"]
    notes = [
        note(bold(escaped(name)), look, x=0, y=1 - start / plot, anchor=("left", "top"), size=14,
             colour=style["text_colour"], shift=(-36 if compact else 0, 0))
    ]  # fmt: skip
    assessed = own.drop_duplicates("time")
    kept = labelled_places(len(places), MOST_ON_PHONE if compact else MOST_LABELS)
    bottom = 1 - (start + 22 + PANEL) / plot
    if not compact:
        notes.append(note(unit, look, x=0, y=bottom, anchor=("right", "top"), shift=(-8, -22), size=12))
    for week, n in zip(assessed["time"], assessed["N"], strict=True):
        if places[week] in kept:
            notes.append(
                note(
                    fixed(n),
                    look,
                    x=places[week],
                    xref=f"x{suffix}",
                    y=bottom,
                    anchor=("center", "top"),
                    shift=(0, -22),
                    size=12,
                )
            )
    return notes
