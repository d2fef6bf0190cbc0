"""Counts by two things: a grid for each arm beside the other, each cell as dark as its count is large."""

from collections.abc import Iterator, Sequence

from outputs.output import ArmStyle
from outputs.slide_chart import Grid, GridPanel
from outputs.slide_look import STRONGEST, TEXT, Fill, shade
from reports.markup import Markup
from reports.svg.marks import Pen, filled, paragraph, pen_of, words
from reports.svg.plane import FONT, WIDTH, width_of

CELL, HEAD, APART, BETWEEN = 40.0, 84.0, 24.0, 2.0  # pixels


def grid_picture(chart: Grid, arms: Sequence[ArmStyle]) -> tuple[list[Markup], float]:
    """The picture of a grid, and its height."""
    left = max(width_of(word) for word in (chart.down, *chart.rows)) + APART / 2
    room = (WIDTH - left - APART * (len(chart.panels) - 1)) / len(chart.panels)
    drawn = [words(0, HEAD - 12, chart.down, colour=TEXT, bold=True)]
    for at, name in enumerate(chart.rows):
        drawn.append(words(0, HEAD + at * CELL + CELL / 2 + FONT * 0.35, name, colour=TEXT))
    for number, panel in enumerate(chart.panels):
        drawn += _panel(chart, panel, left + number * (room + APART), room, pen_of(panel.arm, arms))
    return drawn, HEAD + CELL * len(chart.rows)


def _panel(chart: Grid, panel: GridPanel, left: float, room: float, pen: Pen) -> Iterator[Markup]:
    width = room / len(chart.columns)
    yield words(left, 14, panel.name, colour=pen.words, bold=True)
    yield words(left, 14 + FONT * 1.3, chart.across)
    for place, name in enumerate(chart.columns):
        middle = left + (place + 0.5) * width
        yield from paragraph(middle, HEAD - 18, _lines(name, width), anchor="middle", colour=TEXT)
        for at, (counts, said) in enumerate(zip(panel.counts, panel.words, strict=True)):
            top = HEAD + at * CELL
            fill = Fill(shade(pen.colour, STRONGEST * chart.share(counts[place])), TEXT, "")
            yield from filled(left + place * width, top, width - BETWEEN, CELL - BETWEEN, fill)
            inside = top + (CELL - BETWEEN) / 2
            yield from paragraph(middle, inside, _lines(said[place], width), anchor="middle", colour=TEXT)


def _lines(text: str, width: float) -> list[str]:
    """The text, a word a line where it is wider than its cell."""
    return text.split() if width_of(text) > width - BETWEEN else [text]
