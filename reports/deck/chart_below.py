"""The table under a chart, such as numbers at risk: each number under its tick."""

from itertools import pairwise

import pandas as pd
from pptx.enum.text import PP_ALIGN
from pptx.slide import Slide as PptxSlide
from pptx.util import Emu, Pt

from outputs.output import ArmStyle
from outputs.slide_look import GREY
from reports.deck.box import Box
from reports.deck.chart_look import GAP, brush_of, leading, runs, wide
from reports.deck.chart_scatter import Scatter
from reports.deck.chart_table import bare_table, fill
from reports.deck.chart_xml import Run

SIZE = 12.0
WIDEST_NAME = 0.28  # of the width


def heights_below(table: pd.DataFrame) -> list[float]:
    """Points of each row of the table, its header first; none where there is no table."""
    return [] if table.empty else [SIZE * leading(name) + 4 for name in _names(table)]


def names_width(table: pd.DataFrame, width: float) -> float:
    """Points that the names of its rows take."""
    if table.empty:
        return 0.0
    return min(max(wide(name, SIZE, bold=True) for name in _names(table)) + 1, width * WIDEST_NAME)


def draw_below(
    slide: PptxSlide, table: pd.DataFrame, plot: Scatter, box: Box, *, arms: tuple[ArmStyle, ...], font: str
) -> None:
    """Put the table at the foot of the box; its columns are the ticks of x, in their order."""
    ticks = plot.x.ticks[: table.shape[1] - 1]
    places = [plot.inner.left + plot.width * plot.x.share(value) for value, _ in ticks]
    edges = _edges(places, plot.inner.left - 3 * GAP, box.width.pt)
    heights = heights_below(table)
    foot = Box(box.left, Emu(box.top + box.height - Pt(sum(heights))), box.width, Pt(sum(heights)))
    widths = [edges[0], *(right - left for left, right in pairwise(edges))]
    times = ", ".join(words for _, words in ticks)
    alt = f"{table.columns[0]}: one column per tick of the axis, {times}"
    grid = bare_table(slide, foot, widths, heights, name="Numbers under the chart", alt=alt)
    fill(grid.cell(0, 0), _name(str(table.columns[0]), edges[0], GREY, bold=False), font, PP_ALIGN.RIGHT)
    for at, row in enumerate(table.astype(str).itertuples(index=False, name=None), start=1):
        colour = brush_of(row[0], arms).words
        fill(grid.cell(at, 0), _name(row[0], edges[0], colour, bold=True), font, PP_ALIGN.RIGHT)
        for place, number in enumerate(row[1 : len(places) + 1]):
            cell = grid.cell(at, place + 1)
            fill(cell, [Run(number, SIZE, colour)], font, PP_ALIGN.CENTER)
            aside = (edges[place + 1] - places[place]) - (places[place] - edges[place])
            cell.margin_left, cell.margin_right = Pt(max(-aside, 0.0)), Pt(max(aside, 0.0))


def _names(table: pd.DataFrame) -> list[str]:
    return [str(table.columns[0]), *table.iloc[:, 0].astype(str)]


def _name(text: str, width: float, colour: str, *, bold: bool) -> list[Run]:
    return runs(text, width - 1, SIZE, colour, bold=bold, most=1)


def _edges(places: list[float], first: float, most: float) -> list[float]:
    """Where the columns of the numbers begin and end: half way between the ticks."""
    middles = [(left + right) / 2 for left, right in pairwise(places)]
    last = places[-1] + max(places[-1] - middles[-1] if middles else 0.0, 2 * GAP)
    return [min(first, places[0] - GAP), *middles, min(last, most)]
