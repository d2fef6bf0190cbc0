"""Names beside the marks of a panel, where they keep clear of each other and of what is drawn."""

import math
from collections.abc import Iterator, Sequence

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, right, bottom, top, in pixels of the panel
LINE, GAP = 17.0, 5.0
DISTANCES = (0.0, 12.0, 26.0, 44.0, 66.0, 92.0, 122.0, 156.0)
DIRECTIONS = tuple((math.cos(math.pi * i / 8), math.sin(math.pi * i / 8)) for i in range(16))
BESIDE = 12.0  # a name further away has a hairline
CROSSING = 60.0  # what a hairline through a name or curve weighs, in square pixels covered


def offsets(
    marks: Sequence[Point],
    widths: Sequence[float],
    *,
    panel: Point,
    taken: Sequence[Box] = (),
    radius: float = 6,
) -> list[Point]:
    """From each mark to the centre of its name, right and up; the earlier ones are served first.

    `marks` and `widths` are pixels from the lower left corner of a panel of that width and height; `taken` is drawn
    already. A name stands as near as it can without covering anything, and covers least where it cannot.
    """
    dots = [(x - radius, x + radius, y - radius, y + radius) for x, y in marks]
    filled: list[Box] = [*taken, *dots]
    lines: list[Box] = []
    found = []
    for mark, dot, width in zip(marks, dots, widths, strict=True):
        others = [box for box in filled if box != dot]
        boxes = list(_around(mark, width, radius))
        costs = [_cost(box, mark, others, lines, panel) for box in boxes]
        best = boxes[min(range(len(boxes)), key=lambda i: (costs[i], i))]
        filled.append(best)
        lines += _hairline(mark, best)
        found.append(((best[0] + best[1]) / 2 - mark[0], (best[2] + best[3]) / 2 - mark[1]))
    return found


def is_beside(offset: Point, width: float, radius: float = 6) -> bool:
    """Whether a name stands so near its mark that it needs no hairline."""
    across = max(abs(offset[0]) - width / 2, 0.0)
    up = max(abs(offset[1]) - LINE / 2, 0.0)
    return math.hypot(across, up) <= radius + BESIDE


def along(curve: Sequence[Point], size: float = 4) -> list[Box]:
    """Small boxes on a curve, so that names keep off it."""
    return [(x - size, x + size, y - size, y + size) for x, y in curve]


def _around(mark: Point, width: float, radius: float) -> Iterator[Box]:
    for distance in DISTANCES:
        for right, up in DIRECTIONS:
            x = mark[0] + right * (radius + GAP + distance + width / 2)
            y = mark[1] + up * (radius + 1 + distance + LINE / 2)
            yield x - width / 2, x + width / 2, y - LINE / 2, y + LINE / 2


def _cost(box: Box, mark: Point, filled: Sequence[Box], lines: Sequence[Box], panel: Point) -> float:
    """What a name there would cover, and what its hairline would cross."""
    covered = sum(_overlap(box, other) for other in filled)
    over_lines = sum(_overlap(box, piece) > 0 for piece in lines)
    crossed = sum(_overlap(piece, other) > 0 for piece in _hairline(mark, box) for other in (*filled, *lines))
    return _outside(box, panel) + covered + CROSSING * (over_lines + crossed)


def _hairline(mark: Point, box: Box) -> list[Box]:
    """The way from a mark to its name in small pieces; none where the name stands beside it."""
    centre = ((box[0] + box[1]) / 2, (box[2] + box[3]) / 2)
    if is_beside((centre[0] - mark[0], centre[1] - mark[1]), box[1] - box[0]):
        return []
    end = (min(max(mark[0], box[0]), box[1]), min(max(mark[1], box[2]), box[3]))
    steps = [i / 12 for i in range(2, 12)]
    return along([(mark[0] + t * (end[0] - mark[0]), mark[1] + t * (end[1] - mark[1])) for t in steps], 1)


def _overlap(a: Box, b: Box) -> float:
    across, up = min(a[1], b[1]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[2], b[2])
    return across * up if across > 0 and up > 0 else 0.0


def _outside(box: Box, panel: Point) -> float:
    """How much of a box is not in the panel, which weighs more than an overlap."""
    inside = _overlap(box, (0, panel[0], 0, panel[1]))
    return 10 * ((box[1] - box[0]) * (box[3] - box[2]) - inside)
