"""What a flow diagram is drawn from: boxes of counted lines, their frames, words and the arrows between them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from charts.format import escaped, fixed
from charts.layout import NO_FILL, bold, note, rule
from charts.theme import Look

PAD, ROW = 8, 18  # pixels inside a box, and of a line of text
HEAD = 4  # half the head of an arrow
Joint = Sequence[tuple[float, float]]  # the corners of a line from box to box


@dataclass(frozen=True)
class Line:
    """One counted line of a box; without `n` its heading, or a part whose count is left out."""

    rows: tuple[str, ...]
    n: int | None
    label: str = ""
    arm: str = ""
    indent: float = 0
    strong: bool = True
    colour: str = ""

    @property
    def height(self) -> float:
        return ROW * len(self.rows)


@dataclass(frozen=True)
class Box:
    """A box between `left` and `right` (0 to 1), from `top` down by `height` pixels."""

    left: float
    right: float
    top: float
    height: float
    lines: tuple[Line, ...] = field(default=())

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def rules(joint: Joint, look: Look) -> list[dict]:
    return [rule((a[0], b[0]), (a[1], b[1]), colour=look.axis) for a, b in pairwise(joint) if a != b]


def heads(joints: Sequence[Joint], width: float, look: Look) -> list[dict]:
    """The heads of the arrows, before the edge: each joint ends at the top or at the left of a box."""
    if not joints:
        return []
    sideways = [joint[-1][1] == joint[-2][1] for joint in joints]
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [joint[-1][0] - side * HEAD / width for joint, side in zip(joints, sideways, strict=True)],
            "y": [joint[-1][1] - (not side) * HEAD for joint, side in zip(joints, sideways, strict=True)],
            "hoverinfo": "skip",
            "marker": {
                "symbol": ["triangle-right" if side else "triangle-down" for side in sideways],
                "size": look.px(8),
                "color": look.axis,
                "opacity": 1,
            },
            "unselected": {"marker": {"opacity": 1}},
            "cliponaxis": False,
        }
    ]


def frame(box: Box, look: Look) -> dict:
    return {
        "type": "rect",
        "x0": box.left,
        "x1": box.right,
        "y0": box.top,
        "y1": box.bottom,
        "xref": "x",
        "yref": "y",
        "layer": "below",
        "fillcolor": NO_FILL,
        "line": {"color": look.axis, "width": 1},
    }


def _placed(box: Box) -> list[tuple[Line, float]]:
    """Each line with the height of its top."""
    top, placed = box.top + PAD, []
    for line in box.lines:
        placed.append((line, top))
        top += line.height
    return placed


def lines_trace(boxes: Sequence[Box], styles: Sequence[dict], look: Look) -> dict:
    """An invisible bar behind every counted line: what a click or the pointer finds."""
    names = {style["trt"]: style["label"] for style in styles}
    found = [(box, line, top) for box in boxes for line, top in _placed(box) if line.n is not None]
    return {
        "type": "bar",
        "x": [box.middle for box, _, _ in found],
        "width": [box.right - box.left for box, _, _ in found],
        "base": [top for _, _, top in found],
        "y": [line.height for _, line, _ in found],
        "customdata": [[line.label, line.arm] for _, line, _ in found],
        "hoverinfo": "text",
        "hovertext": [
            (f"{bold(escaped(names[line.arm]))}<br>" if line.arm else "")
            + f"{escaped(line.label)}: {fixed(line.n or 0)}"
            + ("<br>click to list them" if line.n else "")
            for _, line, _ in found
        ],
        "marker": {"color": NO_FILL, "opacity": 1, "line": {"width": 0}},
        "unselected": {"marker": {"opacity": 1}},
    }


def words(box: Box, look: Look) -> list[dict]:
    """The words of each line at the left, its count at the right."""
    notes = []
    for line, top in _placed(box):
        size = 14 if line.strong else 13
        colour = line.colour or look.text
        text = "<br>".join(map(escaped, line.rows))
        shown = bold(text) if line.n is None and line.strong else text
        at: dict[str, Any] = {"yref": "y", "xref": "x", "size": size, "colour": colour}
        notes.append(
            note(
                shown,
                look,
                x=box.left,
                y=top + line.height / 2,
                anchor=("left", "middle"),
                shift=(PAD + 2 + line.indent, 0),
                **at,
            )
        )
        if line.n is not None:
            count = bold(fixed(line.n)) if line.strong else fixed(line.n)
            notes.append(
                note(
                    count,
                    look,
                    x=box.right,
                    y=top + ROW / 2,
                    anchor=("right", "middle"),
                    shift=(-PAD - 2, 0),
                    **at,
                )
            )
    return notes
