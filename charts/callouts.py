"""Words with a hairline leader beside a curve, placed where neither the curve nor other words are."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from charts.format import text_width
from charts.layout import bold, note
from charts.theme import Look

Point = tuple[float, float]
Box = tuple[float, float, float, float]
OFFSETS = [(dx, dy) for dy in (-36, 36, -64, 64, -96, 96) for dx in (0, 22, -22, 48, -48, 80, -80, 120, -120)]


@dataclass
class Scene:
    """The curve at one width of the figure, in pixels from its top left corner, and what stands on it already."""

    curve: Sequence[Point]
    size: Point
    taken: list[Box] = field(default_factory=list)
    leaders: np.ndarray = field(default_factory=lambda: np.empty((0, 2)))

    def __post_init__(self):
        self.stroke = _along(self.curve)

    def cost(self, at: Point, offset: Point, half: float) -> float:
        """How much of the curve and of other words a callout covers, and how far it stands off."""
        box, line = _box(at, offset, half), _along([at, (at[0] + offset[0], at[1] + offset[1])])
        covered = _cost(box, self.stroke, self.taken, self.size)
        crossed = _touches(line[4:], self.stroke) + 4 * _touches(line, self.leaders)
        through = sum(_inside(line, other).sum() for other in self.taken) + _inside(self.leaders, box).sum()
        return covered + crossed + 10.0 * float(through) + 0.03 * math.hypot(*offset)

    def put(self, at: Point, offset: Point, half: float) -> None:
        self.taken.append(_box(at, offset, half))
        self.leaders = np.concatenate([self.leaders, _along([at, (at[0] + offset[0], at[1] + offset[1])])])


def placed_callouts(
    marks: Sequence[tuple[float, float, Sequence[Point], str, str]], scenes: Sequence[Scene], look: Look
) -> list[dict]:
    """One annotation per mark: (x, y, its place in each scene, bold word, words after it).

    The scenes are the same curve at the narrowest and the widest the figure may be. Of the offsets tried,
    nearest first, the one that covers least in both is taken.
    """
    notes = []
    for x, y, places, word, rest in marks:
        half = (text_width(word, 13, bold=True) + text_width(f", {rest}", 13)) / 2 + 4
        seen = list(zip(scenes, places, strict=True))
        costs = [sum(scene.cost(at, offset, half) for scene, at in seen) for offset in OFFSETS]
        dx, dy = OFFSETS[int(np.argmin(costs))]
        for scene, at in seen:
            scene.put(at, (dx, dy), half)
        leader: dict[str, Any] = {"showarrow": True, "arrowhead": 0, "arrowwidth": 1, "arrowcolor": look.grey}
        leader |= {"ax": look.px(dx), "ay": look.px(dy), "standoff": look.px(5), "xshift": 0, "yshift": 0}
        anchor = ("center", "bottom" if dy < 0 else "top")
        words = f"{bold(word)}, {rest}"
        notes.append(
            note(words, look, x=x, y=np.log10(y), xref="x", yref="y", anchor=anchor, colour=look.text)
            | leader
        )
    return notes


def _box(at: Point, offset: Point, half: float) -> Box:
    """The rectangle of words (left, top, right, bottom) at the far end of a leader."""
    x, y = at[0] + offset[0], at[1] + offset[1]
    top = y - 18 if offset[1] < 0 else y
    return x - half, top, x + half, top + 18


def _along(curve: Sequence[Point]) -> np.ndarray:
    """Points every few pixels along a polyline."""
    if len(curve) < 2:
        return np.array(curve, dtype=float).reshape(-1, 2)
    corners = np.array(curve, dtype=float)
    steps = np.linspace(0, 1, 16)[:, None]
    return np.concatenate([a + steps * (b - a) for a, b in pairwise(corners)])


def _touches(line: np.ndarray, other: np.ndarray, near: float = 4) -> float:
    """How many points of a line lie on another one."""
    if not len(other) or not len(line):
        return 0.0
    return float(
        (np.hypot(*(line[:, None, :] - other[None, :, :]).transpose(2, 0, 1)) < near).any(axis=1).sum()
    )


def _inside(points: np.ndarray, box: Box, air: float = 3) -> np.ndarray:
    left, top, right, bottom = box
    across = (points[:, 0] > left - air) & (points[:, 0] < right + air)
    return across & (points[:, 1] > top - air) & (points[:, 1] < bottom + air)


def _cost(box: Box, stroke: np.ndarray, taken: Sequence[Box], size: Point) -> float:
    left, top, right, bottom = box
    touching = sum(
        left < b[2] + 6 and right > b[0] - 6 and top < b[3] + 3 and bottom > b[1] - 3 for b in taken
    )
    outside = (
        max(0, -left - 20)
        + max(0, right - size[0] - 40)
        + 3 * max(0, -top - 10)
        + 3 * max(0, bottom - size[1])
    )
    return float(_inside(stroke, box, 6).sum()) + 50 * touching + outside
