"""Words with a hairline leader beside a curve, placed where neither the curve nor other words are."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from charts.format import text_width
from charts.layout import bold, note
from charts.theme import Look

Point = tuple[float, float]
Box = tuple[float, float, float, float]
OFFSETS = [(dx, dy) for dy in (-44, 44, -70, 70, -100, 100) for dx in (18, 46, -46, 80, -80, 120, -120)]


def placed_callouts(
    marks: Sequence[tuple[float, float, Point, str, str]], curve: Sequence[Point], size: Point, look: Look
) -> list[dict]:
    """One annotation per mark: (x, y, its place in pixels, bold word, words after it).

    `curve` and places are pixels from the top left corner of a plot of `size`. Of the offsets tried, nearest
    first, the one that covers the least of the curve and of the words already placed is taken.
    """
    stroke = _along(curve)
    taken: list[Box] = []
    leaders = np.empty((0, 2))
    notes = []
    for x, y, at, word, rest in marks:
        half = (text_width(word, 13, bold=True) + text_width(f", {rest}", 13)) / 2 + 4
        boxes = [_box(at, offset, half) for offset in OFFSETS]
        lines = [_along([at, (at[0] + dx, at[1] + dy)]) for dx, dy in OFFSETS]
        costs = [
            _cost(box, stroke, taken, size) + _crossing(line, box, taken, leaders) + 0.02 * i
            for i, (box, line) in enumerate(zip(boxes, lines, strict=True))
        ]
        best = int(np.argmin(costs))
        taken.append(boxes[best])
        leaders = np.concatenate([leaders, lines[best]])
        dx, dy = OFFSETS[best]
        notes.append(
            note(
                f"{bold(word)}, {rest}", look, x=x, y=np.log10(y), xref="x", yref="y", anchor=("auto", "auto"),
                colour=look.text, showarrow=True, ax=look.px(dx), ay=look.px(dy), arrowhead=0, arrowwidth=1,
                arrowcolor=look.grey, standoff=look.px(5),
            ) | {"xanchor": "center", "yanchor": "bottom" if dy < 0 else "top", "xshift": 0, "yshift": 0}
        )  # fmt: skip
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


def _crossing(line: np.ndarray, box: Box, taken: Sequence[Box], leaders: np.ndarray) -> float:
    """What a leader that runs through other words costs, and words that lie on another leader."""
    through = sum(_inside(line, other).sum() for other in taken)
    near = np.hypot(*(line[:, None, :] - leaders[None, :, :]).transpose(2, 0, 1)) < 4 if len(leaders) else 0
    return 10.0 * float(through + _inside(leaders, box).sum()) + 5.0 * float(np.sum(near))


def _inside(points: np.ndarray, box: Box, air: float = 3) -> np.ndarray:
    left, top, right, bottom = box
    across = (points[:, 0] > left - air) & (points[:, 0] < right + air)
    return across & (points[:, 1] > top - air) & (points[:, 1] < bottom + air)


def _cost(box: Box, stroke: np.ndarray, taken: Sequence[Box], size: Point) -> float:
    left, top, right, bottom = box
    touching = sum(
        left < b[2] + 6 and right > b[0] - 6 and top < b[3] + 3 and bottom > b[1] - 3 for b in taken
    )
    outside = max(0, -left) + max(0, right - size[0] - 40) + 3 * max(0, -top) + 3 * max(0, bottom - size[1])
    return float(_inside(stroke, box, 6).sum()) + 50 * touching + outside
