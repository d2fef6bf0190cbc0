"""Long charts over several slides: what does not fit in the smallest size goes on, on the same axis."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from outputs.output import ArmStyle
from outputs.slide_chart import Axis, Bars, Chart, Panels, Rows
from reports.deck.box import Box
from reports.deck.chart_axis import Span
from reports.deck.chart_bar_room import NAMES, value_span
from reports.deck.chart_columns import boxes, line_share, placed_in, room_in, span_of_rows
from reports.deck.chart_heights import CLOSE, Height, heights_of, level, needed
from reports.deck.chart_look import SIZE, SMALLEST, wide

EVENLY = 40  # steps in which a slide is filled less, until another one would be needed
BETWEEN = 1.45  # of the size, from bar to bar


def fits(chart: Chart, box: Box, arms: tuple[ArmStyle, ...] = ()) -> bool:
    """Whether the chart can be read in the box as it is."""
    return len(pages_of(chart, box, arms)) == 1


def pages_of(chart: Chart, box: Box, arms: tuple[ArmStyle, ...] = ()) -> list[Chart]:
    """The chart in as many parts as the box needs, each to be drawn by `draw_chart` on a slide of its own.

    Words are as small as 11 points before a list of estimates, or of bars, is split; a group that goes on is named
    again, and all parts have one axis. Lines and points are never split.
    """
    if isinstance(chart, Rows):
        return [*_pages_of_rows(chart, box, arms)]
    if isinstance(chart, Panels):
        return [*_pages_of_panels(chart, box, arms)]
    if isinstance(chart, Bars):
        return [*_pages_of_bars(chart, box)]
    return [chart]


def _pages_of_rows(chart: Rows, box: Box, arms: Sequence[ArmStyle]) -> list[Rows]:
    pages = _split(heights_of(chart.rows), box, arms, line_share(chart))
    if len(pages) == 1:
        return [chart]
    x = _fixed(chart.x, span_of_rows(chart))
    return [replace(chart, x=x, rows=_rows(page)) for page in pages]


def _pages_of_panels(chart: Panels, box: Box, arms: Sequence[ArmStyle]) -> list[Panels]:
    left, right = boxes(chart, box)
    if not level(chart):
        lefts, rights = _pages_of_rows(chart.left, left, arms), _pages_of_rows(chart.right, right, arms)
        most = max(len(lefts), len(rights))
        return [
            Panels(lefts[min(at, len(lefts) - 1)], rights[min(at, len(rights) - 1)]) for at in range(most)
        ]
    pages = _split(heights_of(chart.left.rows), left, arms, line_share(chart.left))
    if len(pages) == 1:
        return [chart]
    others = {height.key: height.rows for height in heights_of(chart.right.rows) if height.rows}
    first, second = (_fixed(each.x, span_of_rows(each)) for each in (chart.left, chart.right))
    return [
        Panels(
            replace(chart.left, x=first, rows=_rows(page)),
            replace(chart.right, x=second, rows=tuple(r for h in page if h.rows for r in others[h.key])),
        )
        for page in pages
    ]


def _rows(page: Sequence[Height]) -> tuple:
    return tuple(row for height in page for row in height.rows)


def _fixed(axis: Axis, span: Span) -> Axis:
    return replace(axis, low=span.low, high=span.high, ticks=span.ticks)


def _split(heights: Sequence[Height], box: Box, arms: Sequence[ArmStyle], line: float) -> list[list[Height]]:
    """Heights that stand on one slide; a group is never left without a row."""
    if not heights:
        return [[]]
    columns, place = placed_in(heights, box, arms, line)
    room = room_in(box)
    if place.at_marks:
        return [list(heights)]
    each = needed(heights, columns.inside, SMALLEST, arms, CLOSE)
    if sum(each) <= room:
        return [list(heights)]
    starts = _even_starts(heights, each, room)
    return [list(heights[first:last]) for first, last in pairwise([*starts, len(heights)])]


def _even_starts(heights: Sequence[Height], each: Sequence[float], room: float) -> list[int]:
    """Where each slide begins: as few slides as possible, evenly filled, groups whole where that takes no more."""
    fewest = _starts(heights, each, room, whole=False)
    for whole in (True, False):
        for share in range(1, EVENLY + 1):
            starts = _starts(heights, each, room * share / EVENLY, whole=whole)
            if len(starts) <= len(fewest) and _highest(heights, each, starts) <= room:
                return starts
    return fewest


def _starts(heights: Sequence[Height], each: Sequence[float], most: float, *, whole: bool) -> list[int]:
    """Where slides begin that are filled one after the other; a group's name has its first row, or all, with it."""
    starts, used = [0], 0.0
    for at, height in enumerate(heights):
        full = at > starts[-1] and used + sum(each[at : _end(heights, at, whole=whole)]) > most
        if full and not (whole and height.group):
            starts.append(at)
            used = _name_again(heights, each, at)
        used += each[at]
    return starts


def _end(heights: Sequence[Height], at: int, *, whole: bool) -> int:
    """Where what must stand with a height ends."""
    if heights[at].rows:
        return at + 1
    rows = (i for i in range(at + 1, len(heights)) if heights[i].group != heights[at].label)
    return next(rows, len(heights)) if whole else min(at + 2, len(heights))


def _name_again(heights: Sequence[Height], each: Sequence[float], at: int) -> float:
    """Points of the name of the group that goes on there."""
    if not heights[at].group:
        return 0.0
    return next(each[i] for i in range(at, -1, -1) if not heights[i].rows)


def _highest(heights: Sequence[Height], each: Sequence[float], starts: Sequence[int]) -> float:
    """Points of the fullest slide."""
    spans = pairwise([*starts, len(heights)])
    return max(_name_again(heights, each, first) + sum(each[first:last]) for first, last in spans)


def _pages_of_bars(chart: Bars, box: Box) -> list[Bars]:
    """As many categories on a slide as can bear their names."""
    if chart.horizontal:
        most = int((box.height.pt - 8 * SIZE) / (SMALLEST * BETWEEN))
    else:
        longest = max(
            (wide(word, SMALLEST) for name in chart.categories for word in name.split()), default=1.0
        )
        most = int(box.width.pt * (1 - NAMES / 3) / (min(longest, 90.0) + 4))
    count = len(chart.categories)
    if count <= max(most, 1):
        return [chart]
    value = _fixed(chart.value, value_span(chart))
    pages = -(-count // max(most, 1))
    size = -(-count // pages)
    return [_bars(chart, value, slice(at, at + size)) for at in range(0, count, size)]


def _bars(chart: Bars, value: Axis, part: slice) -> Bars:
    series = tuple(replace(each, values=each.values[part], words=each.words[part]) for each in chart.series)
    return replace(chart, categories=chart.categories[part], series=series, value=value)
