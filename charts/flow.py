"""The flow of participants as a CONSORT diagram: boxes of counted lines, joined from screened to analysed.

Every line of a box is a mark of its own, so that a click on it lists its participants.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import pandas as pd
import plotly.graph_objects as go

from charts.flow_boxes import PAD, Box, Line, frame, heads, lines_trace, rules, words
from charts.format import lines_within
from charts.layout import NARROWEST, PHONE, each, figure, pixel_axis
from charts.theme import Look, arm_styles, look_of

ALL = "All"
SIDE = 8  # margin left and right
GAP, COUNT = 26, 34  # pixels between boxes, and of room for a count
EDGE = 2  # above the first box, so that its frame is not cut
TRUNK, BESIDE = (0.37, 0.63), (0.67, 1.0)
BESIDE_PHONE = (0.14, 1.0)
COLUMN_GAP = 0.03
SINGLE = (0.24, 0.76)
IN_ARM = (
    ("ASSIGNED", "TREATED", "ELSEWHERE", "UNTREATED"),
    ("LEFT",),
    ("COMPLETED", "ONSTUDY"),
    ("SET ", "NOTDUE", "DUE", "UNANSWERED", "ANALYSED"),
)
INSIDE = ("ELSEWHERE",)  # a part of the line above


def flow_figure(
    counts: pd.DataFrame,
    arms: Iterable,
    *,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """The diagram: screened and screen failures, enrolled, and below it a column per arm (phone: one after another).

    `counts`: one row per step, reason and arm: label step reason arm ("All" for all of them) n (missing: left out);
    steps SCREENED FAILED ASSIGNED TREATED ELSEWHERE UNTREATED LEFT COMPLETED ONSTUDY "SET ..." NOTDUE DUE UNANSWERED
    ANALYSED, as far as they occur. customdata of a line is (label, arm), arm "" for all of them.
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    width = (PHONE if compact else NARROWEST) - 2 * SIDE
    trunk, joints = _trunk(counts, width, look, compact)
    if compact:
        columns = _stacked(counts, styles, trunk[-1].bottom + GAP, width, look)
    else:
        columns = _side_by_side(counts, styles, trunk[-1].bottom + 2 * GAP, width, look)
        joints += _branches(trunk[-1], columns)
    joints += [_down(a, b) for column in columns for a, b in pairwise(column)]
    boxes = [*trunk, *(box for column in columns for box in column)]
    plot = max(box.bottom for box in boxes) + 4
    axes = {
        "xaxis": {"visible": False, "fixedrange": True, "range": [-0.002, 1.002], "anchor": "y"},
        "yaxis": pixel_axis(0, plot, plot),
    }
    return figure(
        [lines_trace(boxes, styles, look), *heads(joints, width, look)],
        look,
        height=plot + 8,
        margin=(SIDE, SIDE, 4, 4),
        axes=axes,
        notes=[n for box in boxes for n in words(box, look)],
        shapes=[*(frame(box, look) for box in boxes), *(r for joint in joints for r in rules(joint, look))],
    )


def _trunk(counts: pd.DataFrame, width: float, look: Look, compact: bool) -> tuple[list[Box], list]:
    """Screened, those who failed beside it (phone: below it), and enrolled; where nobody was screened, enrolled."""
    place, beside = ((0.0, 1.0), BESIDE_PHONE) if compact else (TRUNK, BESIDE)

    def lines(step: str, place: tuple[float, float], name: str = "") -> tuple[Line, ...]:
        own = counts[(counts["step"] == step) & (counts["arm"] == ALL)]
        return tuple(_line(row, "", _room(place, width), look, name) for row in each(own))

    screened = lines("SCREENED", place)
    total = counts[(counts["step"] == "ASSIGNED") & (counts["arm"] == ALL)]
    enrolled = tuple(_line(row, "", _room(place, width), look, "Enrolled") for row in each(total))
    if not screened:
        return [_box(place, EDGE, enrolled)], []
    first = _box(place, EDGE, screened)
    failed = _box(beside, first.bottom + GAP / 2, lines("FAILED", beside))
    last = _box(place, failed.bottom + GAP / 2, enrolled)
    at = failed.top + failed.height / 2
    from_x = 0.06 if compact else first.middle
    down = [(from_x, first.bottom), (from_x, last.top)]
    return [first, failed, last], [down, [(from_x, at), (failed.left, at)]]


def _side_by_side(
    counts: pd.DataFrame, styles: Sequence[dict], top: float, width: float, look: Look
) -> list[list[Box]]:
    """A column per arm; boxes of the same kind begin and end at the same height."""
    places = _places(len(styles))
    lines = [
        _boxes_of(counts, style, place, width, look) for style, place in zip(styles, places, strict=True)
    ]
    columns: list[list[Box]] = [[] for _ in styles]
    for level in zip(*lines, strict=True):
        height = max(_height(own) for own in level)
        for column, place, own in zip(columns, places, level, strict=True):
            column.append(Box(*place, top, height, own))
        top += height + GAP
    return columns


def _stacked(
    counts: pd.DataFrame, styles: Sequence[dict], top: float, width: float, look: Look
) -> list[list[Box]]:
    columns = []
    for style in styles:
        column = []
        for own in _boxes_of(counts, style, (0.0, 1.0), width, look):
            column.append(_box((0.0, 1.0), top, own))
            top = column[-1].bottom + GAP * 0.7
        columns.append(column)
        top += GAP * 0.8
    return columns


def _places(n: int) -> list[tuple[float, float]]:
    if n == 1:
        return [SINGLE]
    wide = (1 - COLUMN_GAP * (n - 1)) / max(n, 1)
    return [(i * (wide + COLUMN_GAP), i * (wide + COLUMN_GAP) + wide) for i in range(n)]


def _boxes_of(
    counts: pd.DataFrame, style: dict, place: tuple[float, float], width: float, look: Look
) -> list[tuple[Line, ...]]:
    """The lines of each box of one arm, its name above the first."""
    own = counts[counts["arm"] == style["trt"]]
    room = _room(place, width)
    name = lines_within(style["label"], room + COUNT / 2, 14, bold=True, most=8)
    boxes = []
    for steps in IN_ARM:
        rows = own[own["step"].str.startswith("SET ") if steps[0] == "SET " else own["step"] == steps[0]]
        others = [own[own["step"] == step] for step in steps[1:]]
        lines = [_line(row, style["trt"], room, look) for row in each(pd.concat([rows, *others]))]
        boxes.append(tuple(lines))
    heading = Line(tuple(name), None, colour=style["text_colour"])
    return [(heading, *boxes[0]), *boxes[1:]]


def _room(place: tuple[float, float], width: float) -> float:
    """Pixels that the words of a line have beside its count."""
    return (place[1] - place[0]) * width - 2 * PAD - COUNT


def _line(row, arm: str, room: float, look: Look, name: str = "") -> Line:
    part = bool(row.reason) or row.step in INSIDE
    indent = 12 if part else 0
    text = name or str(row.reason) or str(row.label)
    if pd.isna(row.n):
        text = f"{text}: not shown"
    return Line(
        rows=tuple(lines_within(text, room - indent, 14 if not part else 13)),
        n=None if pd.isna(row.n) else int(row.n),
        label=str(row.label),
        arm=arm,
        indent=indent,
        strong=not part,
        colour=look.grey if part else look.text,
    )


def _height(lines: Sequence[Line]) -> float:
    return 2 * PAD + sum(line.height for line in lines)


def _box(place: tuple[float, float], top: float, lines: tuple[Line, ...]) -> Box:
    return Box(*place, top, _height(lines), lines)


def _down(above: Box, below: Box) -> list[tuple[float, float]]:
    return [(above.middle, above.bottom), (below.middle, below.top)]


def _branches(trunk: Box, columns: Sequence[Sequence[Box]]) -> list[list[tuple[float, float]]]:
    """From enrolled down, across, and down to each arm."""
    fork = trunk.bottom + GAP
    return [
        [
            (trunk.middle, trunk.bottom),
            (trunk.middle, fork),
            (column[0].middle, fork),
            (column[0].middle, column[0].top),
        ]
        for column in columns
    ]
