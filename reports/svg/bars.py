"""Bars, upright or lying, their parts stacked or beside each other."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from outputs.output import ArmStyle
from outputs.slide_chart import Bars, BarSeries
from outputs.slide_look import INK, PAGE, TEXT, Fill, shade_fill, state_fill
from outputs.wording import fixed
from reports.markup import Markup
from reports.svg.marks import filled, line, paragraph, pen_of, words, x_axis, y_axis
from reports.svg.plane import FONT, LINE, WIDTH, Scale, lines_of, scale_of, ticks_of, widest, width_of

SWATCH = 12.0
WIDEST_LABEL = 230.0
LEFT = 64.0
PLOT = 260.0  # height of upright bars
BAR, APART = 26.0, 14.0  # a lying bar, and the room between two
SHADES = 4  # of parts that are neither states nor arms, dark to light


@dataclass(frozen=True)
class Part:
    """One rectangle: from and to as values, and in which of the lanes of its category it lies."""

    category: int
    lane: int
    start: float
    end: float
    words: str
    fill: Fill


def bars_picture(chart: Bars, arms: Sequence[ArmStyle]) -> tuple[list[Markup], float]:
    """The picture of bars with the names of the parts above, and its height."""
    fills = [_fill(series, place, arms) for place, series in enumerate(chart.series)]
    drawn, top = legend([(series.name, fill) for series, fill in zip(chart.series, fills, strict=True)])
    parts = list(_parts(chart, fills))
    lanes = 1 if chart.stacked else max(len(chart.series), 1)
    draw = _lying if chart.horizontal else _upright
    more, height = draw(chart, parts, lanes, top)
    return [*drawn, *more], height


def _fill(series: BarSeries, place: int, arms: Sequence[ArmStyle]) -> Fill:
    """The fill of a part: of its state, of its arm, or a grey."""
    state = state_fill(series.fill)
    if state is not None:
        return state
    if series.fill:
        pen = pen_of(series.fill, arms)
        if pen.colour != INK:
            return Fill(pen.colour, PAGE)
    if re.fullmatch(r"[01](\.\d+)?", series.fill):
        return shade_fill(float(series.fill))
    return shade_fill(1 - (place % SHADES) / SHADES)


def legend(names: Sequence[tuple[str, Fill]]) -> tuple[list[Markup], float]:
    """The names of the parts in their colours, in lines, and where they end."""
    drawn: list[Markup] = []
    x, y = 0.0, 4.0
    for name, fill in names:
        (label, *_) = [*lines_of(name, WIDTH - 40, most=1), ""]
        width = SWATCH + 6 + width_of(label) + 20
        if x and x + width > WIDTH:
            x, y = 0.0, y + LINE + 4
        drawn += filled(x + 1, y, SWATCH, SWATCH, fill)
        drawn.append(words(x + SWATCH + 7, y + SWATCH - 1, label, colour=TEXT))
        x += width
    return drawn, y + LINE + 12


def _parts(chart: Bars, fills: Sequence[Fill]):
    """Every rectangle; stacked ones begin where the one before ends, negative values on the other side of zero."""
    for category in range(len(chart.categories)):
        ends = {True: 0.0, False: 0.0}
        for lane, (series, fill) in enumerate(zip(chart.series, fills, strict=True)):
            value = series.values[category]
            if not math.isfinite(value) or value == 0:
                continue
            start = ends[value > 0] if chart.stacked else 0.0
            ends[value > 0] = start + value
            told = series.words[category] if series.words else _told(value)
            yield Part(category, 0 if chart.stacked else lane, start, start + value, told, fill)


def _value_scale(chart: Bars, parts: Sequence[Part], start: float, end: float) -> Scale:
    return scale_of(chart.value, [0.0, *(part.end for part in parts)], start, end)


def _told(value: float) -> str:
    """A value as it is written in its bar."""
    return fixed(value, 0 if float(value).is_integer() else 1)


def _lying(chart: Bars, parts: Sequence[Part], lanes: int, top: float) -> tuple[list[Markup], float]:
    """Bars from left to right, a category a row, its name at the left."""
    names = widest(chart.categories, WIDEST_LABEL) + 12
    scale = _value_scale(chart, parts, names, WIDTH - 30)
    thick = BAR if lanes == 1 else max(12.0, BAR / lanes)
    rows = [max(thick * lanes, LINE * len(lines_of(name, names - 12))) for name in chart.categories]
    tops = [top + sum(rows[:place]) + APART * place for place in range(len(rows))]
    bottom = top + sum(rows) + APART * len(rows)
    drawn = x_axis(chart.value, scale, ticks_of(chart.value, scale), bottom, top, grid=True)
    for name, start, height in zip(chart.categories, tops, rows, strict=True):
        drawn += paragraph(
            names - 10, start + height / 2, lines_of(name, names - 12), anchor="end", colour=TEXT
        )
    for part in parts:
        low, high = sorted((scale(part.start), scale(part.end)))
        y = tops[part.category] + part.lane * thick
        drawn += filled(low, y, high - low, thick - (lanes > 1), part.fill)
        if width_of(part.words) + 4 <= high - low and thick >= FONT:
            middle = y + thick / 2 + FONT * 0.35
            drawn.append(words((low + high) / 2, middle, part.words, anchor="middle", colour=part.fill.words))
    drawn.append(line((scale(0.0), top), (scale(0.0), bottom)))
    return drawn, bottom + 50


def _upright(chart: Bars, parts: Sequence[Part], lanes: int, top: float) -> tuple[list[Markup], float]:
    """Bars from below, a category a column, its name under it."""
    top += 34  # the title of the axis
    bottom = top + PLOT
    scale = _value_scale(chart, parts, bottom, top)
    room = (WIDTH - LEFT - 10) / max(len(chart.categories), 1)
    thick = min(room * 0.72, 120.0 * lanes) / lanes
    drawn = y_axis(chart.value, scale, ticks_of(chart.value, scale), LEFT, WIDTH - 10)
    most = 0
    for place, name in enumerate(chart.categories):
        label = lines_of(name, room - 4, size=12)
        most = max(most, len(label))
        drawn += [
            words(LEFT + (place + 0.5) * room, bottom + 18 + row * LINE, text, anchor="middle", size=12)
            for row, text in enumerate(label)
        ]
    for part in parts:
        low, high = sorted((scale(part.start), scale(part.end)))
        x = LEFT + (part.category + 0.5) * room + (part.lane - lanes / 2) * thick
        drawn += filled(x, low, thick - (lanes > 1), high - low, part.fill)
        if high - low >= FONT + 3 and width_of(part.words) <= thick:
            drawn.append(
                words(
                    x + thick / 2,
                    (low + high) / 2 + FONT * 0.35,
                    part.words,
                    anchor="middle",
                    colour=part.fill.words,
                )
            )
    drawn.append(line((LEFT, scale(0.0)), (WIDTH - 10, scale(0.0))))
    return drawn, bottom + 26 + most * LINE
