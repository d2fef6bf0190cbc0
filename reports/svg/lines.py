"""Lines over time with their intervals, curves in steps, and points of two measures."""

import math
from collections.abc import Iterator, Sequence

import pandas as pd

from outputs.output import ArmStyle
from outputs.slide_chart import Axis, Lines, Points, Series
from outputs.slide_look import GREY, THRESHOLD
from reports.markup import Markup
from reports.svg.marks import Pen, band, line, paragraph, path, pen_of, point, words, x_axis, y_axis
from reports.svg.plane import FONT, LINE, WIDTH, Scale, lines_of, scale_of, ticks_of, widest

TOP, PLOT = 44.0, 270.0  # above the plot, and its height
RIGHT = 190.0  # room for the names of the lines
LEFT = 64.0
WIDEST_NAME = 185.0  # of the rows below
DODGE = 5.0  # between intervals at the same x


def lines_picture(chart: Lines, arms: Sequence[ArmStyle]) -> tuple[list[Markup], float]:
    """The picture of lines or curves, and its height."""
    named = dict(chart.thresholds)
    left = max(LEFT, _names_width(chart.below) + 24, widest(named.values(), WIDEST_NAME) + 12)
    x, y, bottom = _plane(chart.x, chart.y, chart.series, left, [value for value, _ in chart.thresholds])
    ticks = ticks_of(chart.x, x)
    up = [tick for tick in ticks_of(chart.y, y) if tick[0] not in named]
    drawn = [*y_axis(chart.y, y, _without_touching([*chart.thresholds, *up], y), left, x.end)]
    drawn += [line((left, y(value)), (x.end, y(value)), colour=THRESHOLD, dash="2 3") for value in named]
    shifts = _shifts(chart)
    for series in chart.series:
        pen = pen_of(series.arm, arms)
        drawn += _steps(series, x, y, pen) if chart.steps else _line(series, x, y, pen, shifts[series.arm])
    drawn += x_axis(chart.x, x, ticks, bottom, TOP)
    drawn += _thin_words(chart.series, x.end)
    drawn += _names(chart.series, y, x.end + 12, arms)
    below, height = _below(chart.below, x, ticks, bottom + 62, arms)
    return [*drawn, *below], height


def _without_touching(ticks: Sequence[tuple[float, str]], scale: Scale) -> list[tuple[float, str]]:
    """The ticks but those whose words would lie on the words of one before."""
    kept: list[tuple[float, str]] = []
    for tick in ticks:
        if all(abs(scale(tick[0]) - scale(value)) >= FONT for value, _ in kept):
            kept.append(tick)
    return kept


def points_picture(chart: Points, arms: Sequence[ArmStyle]) -> tuple[list[Markup], float]:
    """The picture of points of two measures, the lines through it and the names of its series above."""
    ups = [value for name, value, _ in chart.lines if name == "y"]
    acrosses = [value for name, value, _ in chart.lines if name == "x"]
    x, y, bottom = _plane(chart.x, chart.y, chart.series, LEFT, ups, more_x=acrosses)
    drawn = [*y_axis(chart.y, y, ticks_of(chart.y, y), LEFT, x.end)]
    drawn += x_axis(chart.x, x, ticks_of(chart.x, x), bottom, TOP, grid=True)
    for axis, value, label in chart.lines:
        if axis == "x":
            drawn.append(line((x(value), TOP), (x(value), bottom), colour=THRESHOLD, dash="2 3"))
            drawn.append(words(x(value) + 4, TOP + FONT, label, size=12))
        else:
            drawn.append(line((LEFT, y(value)), (x.end, y(value)), colour=THRESHOLD, dash="2 3"))
            drawn.append(words(x.end - 4, y(value) - 4, label, anchor="end", size=12))
    top = TOP + FONT
    for series in chart.series:
        pen = pen_of(series.arm, arms)
        for across, up in zip(series.x, series.y, strict=True):
            if math.isfinite(across) and math.isfinite(up):
                drawn.append(point(x(across), y(up), pen, hollow=series.thin))
        name = lines_of(series.name, RIGHT - 40)
        drawn.append(point(x.end + 18, top - FONT * 0.35, pen, hollow=series.thin))
        drawn += [
            words(x.end + 30, top + place * LINE, text, colour=pen.words, bold=True)
            for place, text in enumerate(name)
        ]
        top += LINE * len(name) + 6
    return drawn, bottom + 50


def _shifts(chart: Lines) -> dict[str, float]:
    """How far the lines of each arm stand beside their place, so that intervals do not lie on each other."""
    arms = list(dict.fromkeys(series.arm for series in chart.series))
    dodge = DODGE if any(series.low for series in chart.series) else 0.0
    return {arm: (place - (len(arms) - 1) / 2) * dodge for place, arm in enumerate(arms)}


def _plane(
    across: Axis,
    up: Axis,
    series: Sequence[Series],
    left: float,
    more_y: Sequence[float],
    more_x: Sequence[float] = (),
) -> tuple[Scale, Scale, float]:
    """The two scales, and where the plot ends below."""
    xs = [value for each in series for value in each.x]
    ys = [value for each in series for part in (each.y, each.low, each.high) for value in part]
    bottom = TOP + PLOT
    x = scale_of(across, [*xs, *more_x], left, WIDTH - RIGHT)
    return x, scale_of(up, [*ys, *more_y], bottom, TOP), bottom


def _stretches(series: Series) -> Iterator[list[int]]:
    """The runs of points without one that is not known between them."""
    run: list[int] = []
    for place, (x, y) in enumerate(zip(series.x, series.y, strict=True)):
        if math.isfinite(x) and math.isfinite(y):
            run.append(place)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _line(series: Series, x: Scale, y: Scale, pen: Pen, shift: float) -> list[Markup]:
    """Upright intervals, the line, and its points."""
    width = 1.4 if series.thin else 2.6
    drawn = []
    for run in _stretches(series):
        if series.low and series.high:
            drawn += [
                line(
                    (x(series.x[i]) + shift, y(series.low[i])),
                    (x(series.x[i]) + shift, y(series.high[i])),
                    colour=pen.colour,
                    width=1.4,
                )
                for i in run
                if math.isfinite(series.low[i]) and math.isfinite(series.high[i])
            ]
        places = [(x(series.x[i]) + shift, y(series.y[i])) for i in run]
        drawn.append(path(places, colour=pen.colour, width=width, dash=pen.dash))
        drawn += [point(*place, pen, radius=4, hollow=series.thin) for place in places]
    return drawn


def _steps(series: Series, x: Scale, y: Scale, pen: Pen) -> list[Markup]:
    """A curve that stays level between its points, its interval as a light area."""
    drawn = []
    for run in _stretches(series):
        xs = [series.x[i] for i in run]
        if series.low and series.high:
            known = [i for i in run if math.isfinite(series.low[i]) and math.isfinite(series.high[i])]
            times = [series.x[i] for i in known]
            upper = _stairs(times, [series.high[i] for i in known], x, y)
            lower = _stairs(times, [series.low[i] for i in known], x, y)
            drawn.append(band([*upper, *reversed(lower)], pen.colour))
        stairs = _stairs(xs, [series.y[i] for i in run], x, y)
        width = 1.4 if series.thin else 2.6
        drawn.append(path(stairs, colour=pen.colour, width=width, dash=pen.dash))
    return drawn


def _stairs(times: Sequence[float], values: Sequence[float], x: Scale, y: Scale) -> list[tuple[float, float]]:
    """The corners of a step function: each value holds until the next time."""
    corners: list[tuple[float, float]] = []
    for time, value in zip(times, values, strict=True):
        if corners:
            corners.append((x(time), corners[-1][1]))
        corners.append((x(time), y(value)))
    return corners


def _names(every: Sequence[Series], y: Scale, left: float, arms: Sequence[ArmStyle]) -> list[Markup]:
    """The name of each line at its end, moved apart where they would lie on each other."""
    blocks = []
    for name, own in _by_name(every).items():
        ends = [(series.x[i], series.y[i]) for series in own for i in _known(series)]
        if ends:
            pen = pen_of(own[0].arm, arms)
            blocks.append((y(max(ends)[1]), lines_of(name, RIGHT - 20), pen))
    blocks.sort(key=lambda block: block[0])
    middles = apart([middle for middle, _, _ in blocks], [len(name) * LINE + 4 for _, name, _ in blocks])
    return [
        mark
        for middle, (_, name, pen) in zip(middles, blocks, strict=True)
        for mark in paragraph(left, middle, name, colour=pen.words, bold=True)
    ]


def _by_name(every: Sequence[Series]) -> dict[str, list[Series]]:
    """The lines under each name; a thin one that only adds words to a name has no name of its own."""
    named = {series.name: [series] for series in every if not series.thin}
    for series in every:
        if series.thin:
            own = next((name for name in named if series.name.startswith(f"{name}, ")), series.name)
            named.setdefault(own, []).append(series)
    return named


def _thin_words(every: Sequence[Series], right: float) -> list[Markup]:
    """What a thin line is, above the plot."""
    names = {series.name for series in every if not series.thin}
    said = {
        series.name.removeprefix(f"{name}, ")
        for series in every
        for name in names
        if series.thin and series.name.startswith(f"{name}, ")
    }
    text = f"thin: {', '.join(sorted(said))}"
    return [words(right, TOP - 14, text, anchor="end", size=12)] if said else []


def _known(series: Series) -> list[int]:
    """The places of the points that are known."""
    pairs = enumerate(zip(series.x, series.y, strict=True))
    return [place for place, (x, y) in pairs if math.isfinite(x) and math.isfinite(y)]


def apart(middles: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Middles of blocks of these heights, in the same order, moved so that none lies on another or below the plot."""
    placed: list[float] = []
    end = 0.0
    for middle, height in zip(middles, heights, strict=True):
        placed.append(max(middle, end + height / 2))
        end = placed[-1] + height / 2
    beneath = TOP + PLOT + LINE
    for place in range(len(placed) - 1, -1, -1):
        placed[place] = min(placed[place], beneath - heights[place] / 2)
        beneath = placed[place] - heights[place] / 2
    return placed


def _names_width(below: pd.DataFrame) -> float:
    """How wide the names of the rows below are."""
    if below.empty:
        return 0.0
    return widest([str(below.columns[0]), *map(str, below.iloc[:, 0])], WIDEST_NAME)


def _below(
    below: pd.DataFrame, x: Scale, ticks: Sequence[tuple[float, str]], top: float, arms: Sequence[ArmStyle]
) -> tuple[list[Markup], float]:
    """The rows under the axis, each number under its tick, and where they end."""
    if below.empty:
        return [], top - 14
    cells = below.astype("str").to_numpy().tolist()
    edge = x.start - 18
    drawn = [words(edge, top, str(below.columns[0]), anchor="end", size=12)]
    for row, (name, *numbers) in enumerate(cells, start=1):
        height = top + row * LINE
        (label, *_) = [*lines_of(name, WIDEST_NAME, size=12, most=1), ""]
        drawn.append(words(edge, height, label, anchor="end", colour=pen_of(name, arms).words, size=12))
        drawn += [
            words(x(value), height, number, anchor="middle", colour=GREY, size=12)
            for (value, _), number in zip(ticks, numbers, strict=False)
        ]
    return drawn, top + len(cells) * LINE + 12
