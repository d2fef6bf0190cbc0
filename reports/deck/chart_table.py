"""Native tables without lines, whose columns and rows stand where a chart beside them needs them."""

from collections.abc import Sequence

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide as PptxSlide
from pptx.table import Table
from pptx.util import Emu, Pt

from reports.deck.box import Box
from reports.deck.chart_xml import CONTROL, Run

NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # built in: neither fill nor grid
Aligned = PP_ALIGN


def bare_table(
    slide: PptxSlide, box: Box, widths: Sequence[float], heights: Sequence[float], *, name: str, alt: str
) -> Table:
    """An empty table at the top left of the box; widths and heights in points."""
    across, down = Emu(sum(map(Pt, widths))), Emu(sum(map(Pt, heights)))
    frame = slide.shapes.add_table(len(heights), len(widths), box.left, box.top, across, down)
    frame.name = name
    frame._element.nvGraphicFramePr.cNvPr.set("descr", alt)
    table = frame.table
    table.first_row, table.first_col, table.horz_banding = False, True, False
    table._tbl.tblPr.find(qn("a:tableStyleId")).text = NO_STYLE
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Pt(width)
    for row, height in zip(table.rows, heights, strict=True):
        row.height = Pt(height)
    for cell in table.iter_cells():
        cell.margin_left = cell.margin_right = cell.margin_top = cell.margin_bottom = 0
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        cell.text_frame.paragraphs[0].font.size = Pt(1)  # an empty cell is no higher than its row
    return table


def fill(cell, lines: Sequence[Run], font: str, align: PP_ALIGN) -> None:
    """Write lines into a cell, each a paragraph."""
    frame = cell.text_frame
    for at, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        paragraph.alignment = align
        run = paragraph.add_run()
        run.text = line.text.translate(CONTROL)
        run.font.size, run.font.bold = Pt(line.size), line.bold
        run.font.name = font or None
        run.font.color.rgb = RGBColor.from_string(line.colour.lstrip("#"))
