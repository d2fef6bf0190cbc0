"""Counts by two things as a coloured table of a slide: a block of columns for each arm."""

from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide as PptxSlide
from pptx.util import Pt

from outputs.output import ArmStyle
from outputs.slide_chart import Grid, GridPanel
from outputs.slide_look import STRONGEST, TEXT, shade
from reports.deck.box import Box
from reports.deck.chart_look import SIZE, SMALLEST, brush_of
from reports.deck.fitting import ample_width, height_of
from reports.deck.look import LEADING, arm_text_colour, rgb
from reports.deck.tables import NO_STYLE
from reports.deck.writing import Run, write

PAD, APART = 6.0, 14.0  # points beside words, and between the blocks of two arms
TALLEST, BELOW = 44.0, 8.0  # points of a row, and from the last one to the rule


def fits_as_grid(chart: Grid, box: Box) -> bool:
    """Whether every word has room in the smallest size."""
    return _has_room(chart, box, SMALLEST)


def _size(chart: Grid, box: Box) -> float:
    """The largest size in which it fits, else the smallest."""
    size = SIZE
    while size > SMALLEST and not _has_room(chart, box, size):
        size -= 0.5
    return max(size, SMALLEST)


def _has_room(chart: Grid, box: Box, size: float) -> bool:
    """Whether no word is broken, and no row is lower than its words, which may stand on two lines."""
    texts = [*chart.columns, *(word for panel in chart.panels for row in panel.words for word in row)]
    widest = max(ample_width(word, size) for text in texts for word in text.split()) + PAD
    lines = 2 * LEADING * size + PAD
    return (
        widest <= _column_width(chart, box, size) and (2 + len(chart.rows)) * lines <= box.height.pt - BELOW
    )


def draw_grid(slide: PptxSlide, chart: Grid, box: Box, *, arms: tuple[ArmStyle, ...], alt: str) -> None:
    """A native table: the arms above, then the heads of the columns, then a row for each of `chart.rows`."""
    blocks = len(chart.panels)
    columns = 1 + blocks * len(chart.columns) + (blocks - 1)
    size = _size(chart, box)
    width = _column_width(chart, box, size)
    across = width * len(chart.columns)
    heads = [
        max(height_of(_head(chart, panel), across, size, bold=True) for panel in chart.panels) + PAD,
        max(height_of(name, width - PAD, size) for name in chart.columns) + PAD,
    ]
    high = min((box.height.pt - BELOW - sum(heads)) / len(chart.rows), TALLEST)
    heights = [*heads, *[high] * len(chart.rows)]
    shape = slide.shapes.add_table(len(heights), columns, box.left, box.top, box.width, Pt(sum(heights)))
    shape.name = "Table"
    shape._element.nvGraphicFramePr.cNvPr.set("descr", alt)
    table: Any = shape.table
    table.first_row, table.horz_banding = True, False
    table._tbl.tblPr.find(qn("a:tableStyleId")).text = NO_STYLE
    for row, points in zip(table.rows, heights, strict=True):
        row.height = Pt(points)
    table.columns[0].width = Pt(_label_width(chart, size))
    _say(table.cell(1, 0), chart.down, size, bold=True)
    for at, name in enumerate(chart.rows, start=2):
        _say(table.cell(at, 0), name, size)
    for number, panel in enumerate(chart.panels):
        first = 1 + number * (len(chart.columns) + 1)
        if number:
            table.columns[first - 1].width = Pt(APART)
        _block(table, chart, panel, first, (width, size), arms)


def _block(
    table: Any,
    chart: Grid,
    panel: GridPanel,
    first: int,
    sizes: tuple[float, float],
    arms: tuple[ArmStyle, ...],
) -> None:
    """The columns of one arm; `sizes` are the width of a column and the size of its words."""
    width, size = sizes
    last = first + len(chart.columns) - 1
    table.cell(0, first).merge(table.cell(0, last))
    colour = arm_text_colour(panel.name, arms)
    _say(table.cell(0, first), _head(chart, panel), size, bold=True, colour=colour, align=PP_ALIGN.LEFT)
    brush = brush_of(panel.arm, arms)
    for place, name in enumerate(chart.columns):
        table.columns[first + place].width = Pt(width)
        _say(table.cell(1, first + place), name, size, align=PP_ALIGN.CENTER)
        for at, (counts, words) in enumerate(zip(panel.counts, panel.words, strict=True), start=2):
            cell = table.cell(at, first + place)
            _say(cell, words[place], size, align=PP_ALIGN.CENTER)
            share = chart.share(counts[place])
            if share:
                cell.fill.solid()
                cell.fill.fore_color.rgb = rgb(shade(brush.colour, STRONGEST * share))


def _say(
    cell: Any, text: str, size: float, *, bold: bool = False, colour: str = "", align: Any = PP_ALIGN.LEFT
) -> None:
    cell.margin_left = cell.margin_right = Pt(PAD / 2)
    cell.margin_top = cell.margin_bottom = Pt(PAD / 2)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    write(cell.text_frame, [[Run(text, size, bold=bold, colour=colour or TEXT)]], align=align)


def _head(chart: Grid, panel: GridPanel) -> str:
    return f"{panel.name}: {chart.across[:1].lower()}{chart.across[1:]}"


def _label_width(chart: Grid, size: float) -> float:
    return max(ample_width(word, size, bold=True) for word in (chart.down, *chart.rows)) + 2 * PAD


def _column_width(chart: Grid, box: Box, size: float) -> float:
    blocks = len(chart.panels)
    room = box.width.pt - _label_width(chart, size) - APART * (blocks - 1)
    return room / (blocks * len(chart.columns))
