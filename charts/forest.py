"""The forest of subgroups: an interval per level on one axis, with its counts and numbers beside it.

Estimates are in ink: the colours of the arms are for arms. Long columns of rows are laid out in pixels.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.differences import interval_bar
from charts.forest_axis import Axis, axis_of
from charts.format import escaped, fixed, points, wrapped
from charts.layout import bold, each, figure, note, pixel_axis, rule
from charts.theme import Look, arm_styles, look_of

NAMES, COUNT, NUMBERS = (
    176,
    72,
    172,
)  # pixels at font size 14: names, the counts of an arm, estimate and interval
LARGEST, SMALLEST = 14, 6
LINE = 17


@dataclass(frozen=True)
class Row:
    """One line of the forest, `y` pixels from the top of the plot: the interval's height, `top` that of its words."""

    line: Any
    top: float
    y: float
    name: str
    words: str
    level: bool
    size: float = 0


def forest_figure(
    lines: pd.DataFrame,
    arms: Iterable,
    *,
    ratio: bool = False,
    axis_title: str = "Difference, percentage points",
    count_title: str = "responded",
    less_is_better: bool = False,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """A row per level under its column, after a row for all participants, per comparison.

    `lines` has one row per line in reading order: `kind` (comparison, all, column, level), `name`, `experimental`
    and `control` (trt), `counts1` and `counts0` ("22 of 27"), `estimate conf_low conf_high` (shares of 1, or
    ratios with `ratio`), `words` (in place of an estimate; of a column its test, or why it has no level), `key`
    (customdata of its square). `less_is_better`: an estimate below no difference favours the experimental arm.
    """
    look, styles = look_of(theme, scale), {style["trt"]: style for style in arm_styles(arms, theme)}
    axis = axis_of(lines, ratio=ratio)
    start = 46 if compact else 54
    rows, plot = _rows(lines, axis, start, compact=compact)
    notes = [n for row in rows for n in (_phone_notes if compact else _wide_notes)(row, look)]
    notes += _favours(lines, axis, styles, look, less_is_better=less_is_better)
    notes += [] if compact else _header(lines, styles, look, axis_title, count_title)
    drawn = [row for row in rows if row.level and axis.drawn(row.line)]
    left, right = (16, 18) if compact else (NAMES + 2 * COUNT, NUMBERS)
    return figure(
        [*[_square(row, axis, look) for row in drawn], *_arrows(drawn, axis, look)],
        look,
        height=plot + 62,
        margin=(left, right, 12, 50),
        axes={"xaxis": axis.layout(look, axis_title) | {"anchor": "y"}, "yaxis": pixel_axis(0, plot, plot)},
        notes=notes,
        shapes=_rules(rows, axis, look, start - 16, plot),
    )


def _rows(lines: pd.DataFrame, axis: Axis, start: float, *, compact: bool) -> tuple[list[Row], float]:
    """The rows with their places, and the height of them all."""
    sizes, rows, at = _sizes(lines, axis), [], start
    for place, line in enumerate(each(lines)):
        level = line.kind in ("all", "level")
        name = wrapped(line.name, (22 if compact else 20) if level else (24 if compact else 42))
        words = estimate_words(line, ratio=axis.ratio) if level else line.words
        if not level and line.trouble:
            words = ""
        extra = LINE * name.count("<br>")
        at += 12 if line.kind in ("column", "comparison") else 0
        below = 34 if axis.drawn(line) else 17  # on a phone: the counts, and the interval where there is one
        depth = extra + (below if compact and level else 0)
        rows.append(
            Row(line, at, at + depth if compact else at + extra / 2, name, words, level, sizes[place])
        )
        at += depth + (22 if compact and level else 24)
        if line.trouble:
            trouble = wrapped(line.trouble, 46)
            rows.append(Row(line, at, at, "", trouble, False))
            at += LINE * trouble.count("<br>") + 24
    return rows, at


def estimate_words(line, *, ratio: bool) -> str:
    """ "24 (−0.3 to 46.5)", or the words in place of an estimate."""
    if line.words or math.isnan(line.estimate):
        return escaped(line.words or "not estimable")
    if ratio:
        numbers = [_ratio(value) for value in (line.estimate, line.conf_low, line.conf_high)]
    else:
        numbers = list(points(line.estimate, line.conf_low, line.conf_high))
    return f"{bold(numbers[0])} ({numbers[1]} to {numbers[2]})"


def _ratio(value: float) -> str:
    return "infinite" if math.isinf(value) else fixed(value, 2)


def _sizes(lines: pd.DataFrame, axis: Axis) -> list[float]:
    """The side of each square: its area goes with the information, that is with one over the width squared."""
    widths = [axis.width(line) for line in each(lines)]
    narrowest = min((width for width in widths if width > 0), default=1.0)
    return [
        max(SMALLEST, LARGEST * narrowest / width) if 0 < width < math.inf else SMALLEST for width in widths
    ]


def _wide_notes(row: Row, look: Look) -> list[dict]:
    """Name at the left, counts right-aligned in the columns of the arms, the numbers at the right."""
    line, heavy = row.line, row.line.kind != "level"
    at: dict[str, Any] = {"y": row.y, "yref": "y"}
    left = -(NAMES + 2 * COUNT) + (14 if line.kind == "level" else 0)
    if not row.level and not row.name:
        return [note(row.words, look, x=0, anchor=("left", "top"), shift=(left + 14, 9), **at)]
    name = bold(row.name) if heavy else row.name
    notes = [note(name, look, x=0, shift=(left, 0), size=14, colour=look.text, **at)]
    if row.level:
        notes += [
            note(text, look, x=0, anchor=("right", "middle"), shift=(shift, 0), colour=look.text, **at)
            for text, shift in ((line.counts1, -COUNT - 16), (line.counts0, -16))
        ]
    colour = look.text if row.level and not line.words else look.grey
    if row.words:
        notes.append(note(row.words, look, x=1, shift=(14, 0), colour=colour, **at))
    return notes


def _phone_notes(row: Row, look: Look) -> list[dict]:
    """Name and numbers above the counts, both above the interval."""
    line = row.line
    at: dict[str, Any] = {"y": row.top, "yref": "y", "bgcolor": look.page}
    if not row.level and not row.name:
        return [note(row.words, look, x=0, anchor=("left", "top"), shift=(0, 9), **at)]
    name = row.name if line.kind == "level" else bold(row.name)
    notes = [note(name, look, x=0, anchor=("left", "top"), shift=(0, 9), size=14, colour=look.text, **at)]
    if row.words:
        colour = look.text if row.level and not line.words else look.grey
        notes.append(note(row.words, look, x=1, anchor=("right", "top"), shift=(0, 9), colour=colour, **at))
    if row.level:
        lower: dict[str, Any] = {"y": row.top + LINE * (1 + row.name.count("<br>")), "yref": "y"}
        counts = f"{line.counts1} vs {line.counts0}"
        notes.append(note(counts, look, x=0, anchor=("left", "middle"), size=12, bgcolor=look.page, **lower))
    return notes


def _header(lines: pd.DataFrame, styles: dict, look: Look, axis_title: str, count_title: str) -> list[dict]:
    """The arms over their counts and the measure over its numbers; several comparisons share their words."""
    if lines.empty:
        return []
    pairs = lines[["experimental", "control"]].drop_duplicates()
    experimental, control = (
        (styles[trt]["short"], styles[trt]["text_colour"])
        if pairs[side].nunique() == 1
        else (side, look.grey)
        for side, trt in pairs.iloc[0].items()
    )
    at: dict[str, Any] = {"y": 22, "yref": "y"}
    measure = axis_title.split(",")[0]
    notes = [
        note(
            bold(words), look, x=0, anchor=("right", "bottom"), shift=(shift, 0), colour=colour, **at
        )
        for words, colour, shift in (
            (escaped(experimental[0]), experimental[1], -COUNT - 16),
            (wrapped(control[0], 9), control[1], -16),
        )
    ]  # fmt: skip
    notes += [
        note(escaped(count_title), look, x=0, y=31, yref="y", anchor=("right", "middle"), shift=(shift, 0), size=12)
        for shift in (-COUNT - 16, -16)
    ]  # fmt: skip
    return [*notes, note(f"{escaped(measure)} (95% CI)", look, x=1, shift=(14, 0), y=31, yref="y", size=12)]


def _favours(
    lines: pd.DataFrame, axis: Axis, styles: dict, look: Look, *, less_is_better: bool
) -> list[dict]:
    """ "favours B | favours A" on both sides of no difference, on two lines each."""
    if lines.empty:
        return []
    pairs = lines[["experimental", "control"]].drop_duplicates()
    names = [
        styles[trt]["short"] if pairs[side].nunique() == 1 else side for side, trt in pairs.iloc[0].items()
    ]
    left, right = names if less_is_better else names[::-1]
    at: dict[str, Any] = {"x": axis.null, "xref": "x", "y": 2, "yref": "y", "size": 12, "colour": look.faint}
    return [
        note(f"favours<br>{escaped(name)}", look, anchor=(side, "top"), shift=(shift, 0), **at)
        for name, side, shift in ((left, "right", -7), (right, "left", 7))
    ]


def _square(row: Row, axis: Axis, look: Look) -> dict:
    """A square with its interval, cut at the ends of the axis; without a finite estimate the interval alone."""
    x, low, high = axis.places(row.line)
    words = estimate_words(row.line, ratio=axis.ratio).replace("<b>", "").replace("</b>", "")
    hover = f"{bold(escaped(row.line.hover))}<br>{words}<br>{row.line.counts1} vs {row.line.counts0}"
    return {
        "type": "scatter",
        "mode": "markers",
        "name": escaped(row.line.hover),
        "x": [x],
        "y": [row.y],
        "customdata": [row.line.key],
        "hoverinfo": "text",
        "hovertext": [hover],
        "marker": {
            "symbol": "square",
            "size": look.px(row.size if axis.inside(row.line.estimate) else 0.1),
            "color": look.text,
            "opacity": 1,
            "line": {"color": look.page, "width": look.px(1)},
        },
        "error_x": interval_bar(x, low, high, look.text, look) | {"thickness": look.px(2)},
        "unselected": {"marker": {"opacity": 1}},
        "cliponaxis": False,
    }


def _arrows(rows: Sequence[Row], axis: Axis, look: Look) -> list[dict]:
    """Where an interval goes on past the end of the axis."""
    ends = [(side, row.y) for row in rows for side in axis.cut(row.line)]
    traces = []
    for side, symbol in (("low", "triangle-left"), ("high", "triangle-right")):
        heights = [y for at, y in ends if at == side]
        if heights:
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "x": [axis.low if side == "low" else axis.high] * len(heights),
                    "y": heights,
                    "hoverinfo": "skip",
                    "marker": {"symbol": symbol, "size": look.px(8), "color": look.text, "opacity": 1},
                    "unselected": {"marker": {"opacity": 1}},
                    "cliponaxis": False,
                }
            )
    return traces


def _rules(rows: Sequence[Row], axis: Axis, look: Look, top: float, bottom: float) -> list[dict]:
    """The line of no difference, and per comparison the estimate of all participants as a dotted one."""
    shapes = [rule((axis.null, axis.null), (top, bottom), colour=look.axis, width=1.2)]
    starts = [place for place, row in enumerate(rows) if row.line.kind == "all"]
    for place in starts:
        following = [row.top - 30 for row in rows[place + 1 :] if row.line.kind == "comparison"]
        row = rows[place]
        if axis.inside(row.line.estimate):
            x, _, _ = axis.places(row.line)
            end = min([bottom, *following])
            shapes.append(rule((x, x), (row.y, end), colour=look.ink, width=1.2, dash="2px,3px"))
    return shapes
