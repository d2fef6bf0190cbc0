"""The room of a chart of bars: margins, sizes of words, and the axis of its values."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pptx.util import Emu, Pt

from outputs.slide_chart import Bars
from outputs.slide_look import GREY, state_fill
from reports.deck.box import Box
from reports.deck.chart_axis import Span, span_of
from reports.deck.chart_look import GAP, SIZE, SMALLEST, height_of, runs, wide
from reports.deck.chart_scatter import Inner

MOST_BAR = 84.0  # points of a level bar with the air around it
NAMES = 0.3  # of the width at most, for categories at the left


@dataclass(frozen=True)
class Room:
    """The plot of bars: its frame and margins, its axis, the size of words, and the lines of the legend."""

    box: Box
    inner: Inner
    value: Span
    size: float
    names: tuple[str, ...]
    legend: float

    @property
    def along(self) -> float:
        return self.box.width.pt - self.inner.left - self.inner.right

    @property
    def down(self) -> float:
        return self.box.height.pt - self.inner.top - self.inner.bottom


def value_span(chart: Bars) -> Span:
    """The axis of the values: from 0 to the highest bar."""
    finite = [[v if math.isfinite(v) else 0.0 for v in each.values] for each in chart.series]
    ups = [[max(v, 0.0) for v in each] for each in finite]
    downs = [[min(v, 0.0) for v in each] for each in finite]
    tops = [v for each in finite for v in each]
    if chart.stacked:
        tops = [math.fsum(parts) for side in (ups, downs) for parts in zip(*side, strict=True)]
    return span_of(chart.value, [0.0, *tops])


def room_for(chart: Bars, box: Box) -> Room:
    """The margins that titles, legend, categories and ticks need."""
    width, height = box.width.pt, box.height.pt
    value = value_span(chart)
    legend = _legend_height(chart, width)
    ticks = max((wide(words, SIZE) for _, words in value.ticks), default=0.0)
    if chart.horizontal:
        size = category_size(chart, height - legend - 4 * SIZE)
        widest = max((wide(name, size) for name in chart.categories), default=0.0)
        left = min(widest, width * NAMES) + 3 * GAP
        inner = Inner(left, legend + GAP, max(ticks / 2, 2 * GAP) + 3 * SIZE, 3.6 * SIZE)
        most = max(1, int((height - legend - 4 * SIZE) / max(len(chart.categories), 1) / (size * 1.2)))
        names = tuple(shown(name, left - 3 * GAP, size, min(most, 3)) for name in chart.categories)
        return Room(box, inner, value, size, names, legend)
    heading = height_of(runs(chart.value.title, width, SIZE, GREY, most=2))
    left = ticks + 3 * GAP
    each = (width - left - 2 * GAP) / max(len(chart.categories), 1)
    size = _upright_size(chart.categories, each)
    names = tuple(shown(name, each - 4, size, 3) for name in chart.categories)
    under = max((height_of(runs(name, each - 4, size, GREY)) for name in names), default=0.0)
    inner = Inner(left, heading + legend + 1.5 * SIZE, 2 * GAP, under + 3 * GAP)
    return Room(box, inner, value, size, names, legend)


def as_high_as_needed(chart: Bars, box: Box) -> Box:
    """The upper part of the box where a few level bars would fill it with too high ones."""
    if not chart.horizontal:
        return box
    spare = room_for(chart, box).down - MOST_BAR * max(len(chart.categories), 1)
    return box.upper(Emu(int(box.height - Pt(spare)))) if spare > 0 else box


def category_size(chart: Bars, height: float) -> float:
    """The largest size in which a line per category has room."""
    each = height / max(len(chart.categories), 1)
    return max(SMALLEST, min(SIZE, math.floor(each / 1.45)))


def _upright_size(names: Sequence[str], width: float) -> float:
    longest = max((wide(word, 1.0) for name in names for word in name.split()), default=1.0)
    return max(SMALLEST, min(SIZE, math.floor((width - 4) / longest)))


def shown(name: str, width: float, size: float, most: int) -> str:
    """The name as far as it fits, with the number at its end: "A long na…, 60"."""
    begin, comma, end = name.rpartition(", ")
    if not end[:1].isdigit():
        begin, comma, end = name, "", ""
    short = name
    while len(runs(short, width, size, GREY, most=most + 1)) > most and len(begin) > 1:
        begin = begin[:-1]
        short = f"{begin.rstrip()}…{comma}{end}"
    return short


def _legend_height(chart: Bars, width: float) -> float:
    """Of the names of the parts in lines, 0 where there is one part that is no state."""
    if len(chart.series) < 2 and not any(state_fill(each.fill) for each in chart.series):
        return 0.0
    names = sum(wide(shown(each.name, width / 3, SIZE, 1), SIZE) + 34 for each in chart.series)
    return math.ceil(names / (width * 0.9)) * SIZE * 1.5


def even_step(axis: Span) -> float:
    """The distance of ticks that are evenly apart; 0 where they are not."""
    values = [value for value, _ in axis.ticks]
    steps = [later - earlier for earlier, later in pairwise(values)]
    even = steps and not axis.log and max(steps) - min(steps) < 1e-9 * abs(max(steps))
    return steps[0] if even else 0.0


def number_format(axis: Span) -> str:
    """Numbers without sign, those left of 0 in two-sided bars too; a percent sign at the last tick alone."""
    last = axis.ticks[-1] if axis.ticks else (0.0, "")
    two_sided = any(value < 0 and not re.match("[-−]", words) for value, words in axis.ticks)
    if last[1].endswith("%"):
        return f'[={last[0]:g}]0"%";0' if not two_sided else '0"%";0"%"'
    return "General;General" if two_sided else "General"
