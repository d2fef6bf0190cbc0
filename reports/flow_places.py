"""Where the boxes of a participant flow stand, in any unit: on a slide in points, in a picture in pixels.

Lengths in capitals are multiples of the size of the words.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from outputs.slide_chart import Counted, Flow, FlowBox
from outputs.small_cells import NOT_SHOWN
from outputs.wording import fixed, lines_within, text_width

PAD = 0.35  # inside a box
BETWEEN = 1.15  # from box to box down
FORK = 1.6  # from the trunk to the columns
APART = 1.3  # from column to column, and to a box aside
INDENT = 0.6  # of a part of the line above
NUMBER = 0.6  # between a number and its words
LEADING, TALL_LEADING = 1.2, 1.45  # height of a line; of Chinese letters
LEAST_ASIDE = 9.5  # narrower than this, who goes out stands in the way of those who stay
FULL_WIDTH = "\u2e80"  # from here on Chinese letters
STAY = 0.56  # share of a column where others go aside
TRUNK, TRUNK_ASIDE = (0.37, 0.63), (0.65, 1.0)  # shares of the whole width
MOST = 12  # lines of a name or of words


@dataclass(frozen=True)
class Written:
    """A line of a box: its number, its text, as words that break, whether a part of the line above, or the name."""

    number: str
    text: str
    words: tuple[str, ...]
    part: bool = False
    heading: bool = False

    @property
    def height(self) -> float:
        """As a multiple of the size."""
        tall = any(c >= FULL_WIDTH for text in self.words for c in text)
        return len(self.words) * (TALL_LEADING if tall else LEADING)


@dataclass(frozen=True)
class Placed:
    """A box where it stands, and the room for numbers before the words of its lines."""

    box: FlowBox
    left: float
    top: float
    width: float
    height: float
    lines: tuple[Written, ...]
    numbers: float

    @property
    def middle(self) -> float:
        return self.left + self.width / 2

    @property
    def bottom(self) -> float:
        return self.top + self.height


@dataclass(frozen=True)
class Places:
    """`boxes` in the order in which they are read.

    `ways`: which box leads down to which, by position; `asides`: from the way down of which box somebody goes to which.
    """

    boxes: tuple[Placed, ...]
    ways: tuple[tuple[int, int], ...]
    asides: tuple[tuple[int, int], ...]
    size: float

    @property
    def height(self) -> float:
        return max((box.bottom for box in self.boxes), default=0.0)


@dataclass(frozen=True)
class Setter:
    """How words are set: their size, and how much wider they may be drawn than they are measured."""

    size: float
    ample: float

    def placed(self, box: FlowBox, left: float, width: float) -> Placed:
        """The box there, at the top."""
        room = width - 2 * PAD * self.size
        known = [fixed(line.n) for line in box.lines if not math.isnan(line.n)]
        widest = max((text_width(each, self.size, bold=True) for each in known), default=0.0)
        numbers = self.ample * widest + NUMBER * self.size
        heading = [self._written("", box.name, room, heading=True)] if box.name else []
        lines = (*heading, *(self._line(line, room - numbers) for line in box.lines))
        height = self.size * (2 * PAD + sum(line.height for line in lines))
        return Placed(box, left, 0.0, width, height, lines, numbers)

    def _line(self, line: Counted, room: float) -> Written:
        known = not math.isnan(line.n)
        text = line.words if known else f"{line.words}: {NOT_SHOWN}"
        left = room - (INDENT * self.size if line.part else 0.0)
        return self._written(fixed(line.n) if known else "", text, left, part=line.part)

    def _written(
        self, number: str, text: str, room: float, *, part: bool = False, heading: bool = False
    ) -> Written:
        words = lines_within(text, room / self.ample, self.size, bold=heading, most=MOST)
        return Written(number, text, tuple(words), part, heading)


def flow_places(flow: Flow, width: float, size: float, *, ample: float = 1.0) -> Places:
    """The boxes of a flow in that width, as high as they are; words may be drawn `ample` times as wide as measured."""
    setter = Setter(size, ample)
    trunk = _beside_each_other([flow.trunk], [_shares(width)], 0.0, setter)
    top = max((box.bottom + FORK * size for box in trunk[0]), default=0.0)
    columns = _beside_each_other(flow.columns, list(_lanes(flow, width, size)), top, setter)
    return _joined(trunk[0], columns, setter)


Lane = tuple[
    float, float, float, float
]  # left and width of who stays, of who goes aside; no width: in the way


def _shares(width: float) -> Lane:
    """Of the trunk, and of the only column there is."""
    stay, aside = TRUNK, TRUNK_ASIDE
    return stay[0] * width, (stay[1] - stay[0]) * width, aside[0] * width, (aside[1] - aside[0]) * width


def _lanes(flow: Flow, width: float, size: float) -> Iterator[Lane]:
    """A lane for each column."""
    count = len(flow.columns)
    each = (width - (count - 1) * APART * size) / max(count, 1)
    stay = STAY * each
    aside = each - stay - APART * size
    leaves = any(box.aside for column in flow.columns for box in column)
    for place in range(count):
        left = place * (each + APART * size)
        if count == 1:
            yield _shares(width)
        elif leaves and aside >= LEAST_ASIDE * size:
            yield left, stay, left + stay + APART * size, aside
        else:
            yield left, each, left, 0.0


def _beside_each_other(
    columns: Sequence[Sequence[FlowBox]], lanes: Sequence[Lane], top: float, setter: Setter
) -> list[list[Placed]]:
    """Columns beside each other, boxes of the same kind at the same height."""
    gap = BETWEEN * setter.size
    placed: list[list[Placed]] = [[] for _ in columns]
    bottom = least = top
    for level in zip(*columns, strict=True):
        beside = level[0].aside and lanes[0][3] > 0
        spots = [(lane[2], lane[3]) if beside else lane[:2] for lane in lanes]
        boxes = [setter.placed(box, *spot) for box, spot in zip(level, spots, strict=True)]
        height = max(box.height for box in boxes)
        if beside:
            middle = max(bottom + gap / 2, top + height / 2)
            placed_now = [replace(box, top=middle - box.height / 2) for box in boxes]
            least = middle + gap / 2
        else:
            at = max(least, bottom + gap if any(placed) else top)
            placed_now = [replace(box, top=at, height=height) for box in boxes]
            bottom = at + height
        for column, box in zip(placed, placed_now, strict=True):
            column.append(box)
    return placed


def _joined(trunk: Sequence[Placed], columns: Sequence[Sequence[Placed]], setter: Setter) -> Places:
    """All boxes, and the ways between them."""
    boxes: list[Placed] = []
    ways: list[tuple[int, int]] = []
    asides: list[tuple[int, int]] = []
    end_of_trunk = -1
    for column in [trunk, *columns]:
        first = len(boxes)
        boxes += column
        beside = [at for at in range(first, len(boxes)) if boxes[at].left > column[0].left]
        down = [at for at in range(first, len(boxes)) if at not in beside]
        if column is trunk:
            end_of_trunk = down[-1] if down else -1
        elif end_of_trunk >= 0:
            ways.append((end_of_trunk, first))
        ways += pairwise(down)
        asides += [(at - 1, at) for at in beside]
    return Places(tuple(boxes), tuple(ways), tuple(asides), setter.size)
