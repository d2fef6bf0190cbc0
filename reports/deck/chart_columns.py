"""Where the columns of a list of estimates stand: labels, details, plot, words; and the rhythm of its heights."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pptx.util import Emu

from outputs.output import ArmStyle
from outputs.slide_chart import Panels, Rows
from reports.deck.box import Box
from reports.deck.chart_axis import Span, span_of
from reports.deck.chart_heights import (
    INDENT,
    Height,
    Widths,
    at_marks,
    beside,
    detail_lines,
    key_words,
    label_lines,
    level,
    rhythm,
    roomy,
    words_lines,
)
from reports.deck.chart_look import GAP, SIZE, wide, width_of

LABELS, DETAILS = 0.4, 0.2  # of the width at most
PLOT = 0.42  # of the width; where the plot has less, intervals stand below their estimates
TOP, FOOT = SIZE * 1.7, SIZE * 4.6  # above and below the heights: sides of the line; ticks and title
LEFT, RIGHT = 0.6, 0.37  # of the width: two panels
LEFT_OF_NAMES, RIGHT_NAMED = 0.5, 0.47  # the same where the right one has names of its own


@dataclass(frozen=True)
class Columns:
    """Points across."""

    labels: float
    details: float
    plot: float
    words: tuple[float, ...] = ()
    free: float = 1.0  # share of the plot that names of groups can run into

    @property
    def inside(self) -> Widths:
        """What the words in them have of that."""
        words = tuple(width - 2 * GAP for width in self.words)
        groups = self.labels + self.details + self.free * self.plot
        return Widths(
            max(self.labels - 2 * GAP, 0.0),
            max(self.details - 2 * GAP, 0.0),
            max(groups - 2 * GAP, 0.0),
            words,
        )


@dataclass(frozen=True)
class Place:
    """Where the heights stand: points of each from the top, the size of words, whether numbers stand at the marks."""

    heights: Sequence[Height]
    points: Sequence[float]
    size: float
    at_marks: bool

    @property
    def total(self) -> float:
        return sum(self.points)

    def middle(self, at: int) -> float:
        """Points from the foot of the plot to the middle of a height."""
        return self.total - sum(self.points[:at]) - self.points[at] / 2


def room_in(box: Box) -> float:
    """Points that the heights have."""
    return box.height.pt - TOP - FOOT


def placed_in(
    heights: Sequence[Height], box: Box, arms: Sequence[ArmStyle], line: float
) -> tuple[Columns, Place]:
    """The columns and the rhythm of heights in a box; `line`: where that of no difference stands, as a share."""
    width, room = box.width.pt, room_in(box)
    if roomy(heights, room):
        widest = max((_label_width(h, arms) for h in heights), default=0.0)
        details = max((width_of(detail_lines(h, math.inf, SIZE)) for h in heights), default=0.0)
        labels = min(max(widest, details) + 2 * GAP, width * LABELS)
        return Columns(labels, 0.0, width - labels), Place(heights, at_marks(heights, room), SIZE, True)
    rows = [height for height in heights if height.rows]
    details = min(
        max((width_of(detail_lines(h, math.inf, SIZE)) for h in rows), default=0.0), width * DETAILS
    )
    details += 2 * GAP if details else 0.0
    labels = min(max((_label_width(h, arms) for h in rows), default=0.0) + 2 * GAP, width * LABELS)
    words = words_widths(heights, width - labels - details, width * PLOT, arms)
    columns = Columns(labels, details, width - labels - details - sum(words), words, line * 0.9)
    size, points = rhythm(heights, columns.inside, room, arms)
    return columns, Place(heights, points, size, False)


def _label_width(height: Height, arms: Sequence[ArmStyle]) -> float:
    return width_of(label_lines(height, math.inf, SIZE, arms)) + (INDENT if height.group else 0.0) + 1


def words_widths(
    heights: Sequence[Height], room: float, plot: float, arms: Sequence[ArmStyle]
) -> tuple[float, ...]:
    """Points of the columns of words right of the plot; narrower ones, in two lines, where the plot has too little."""
    columns = [[row for row in rows if row] for rows in zip(*beside(heights), strict=True)]
    whole = [max(width_of(words_lines(row, math.inf, SIZE, arms)) for row in rows) for rows in columns]
    broken = [
        max(wide(part, SIZE, bold=row.leading) for row in rows for part in _broken(row.words))
        for rows in columns
    ]
    if not any(whole):
        return ()
    fits = room - sum(whole) - 2 * GAP * len(whole) >= plot
    widths = [width + 2 * GAP + 1 for width in (whole if fits else broken)]
    return tuple(width * min(1.0, room / 2 / sum(widths)) for width in widths)


def _broken(words: str) -> tuple[str, str]:
    key, rest = key_words(words)
    return key, f"({rest})" if rest else ""


def boxes(chart: Panels, box: Box) -> tuple[Box, Box]:
    """The places of the two panels; the labels are in the left one, unless the right one has others."""
    named = not level(chart) and any(row.label for row in chart.right.rows)
    shares = (LEFT_OF_NAMES, RIGHT_NAMED) if named else (LEFT, RIGHT)
    left, right = (Emu(int(box.width * share)) for share in shares)
    aside = Emu(box.left + box.width - right)
    return Box(box.left, box.top, left, box.height), Box(aside, box.top, right, box.height)


def span_of_rows(chart: Rows) -> Span:
    """The axis: it holds every estimate, every limit and the line."""
    values = [v for row in chart.rows for v in (row.estimate, row.low, row.high)]
    return span_of(chart.x, [*values, *([] if chart.line is None else [chart.line])])


def line_share(chart: Rows) -> float:
    """Where the line stands in the plot, as a share of its width; 1 without one."""
    x = span_of_rows(chart)
    return x.share(chart.line) if chart.line is not None and x.within(chart.line) else 1.0
