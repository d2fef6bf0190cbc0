"""A page of a table as a native table of a slide."""

from typing import Any

from lxml import etree
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide as PptxSlide
from pptx.util import Emu, Pt

from outputs.output import ArmStyle
from reports.deck.box import Box
from reports.deck.look import AXIS, GRID, arm_text_colour
from reports.deck.table_pages import ABOVE, ASIDE, Page
from reports.deck.writing import Run, write

NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # built in: neither fill nor grid
BORDERS = ("a:lnL", "a:lnR", "a:lnT", "a:lnB")


def draw_table(slide: PptxSlide, page: Page, box: Box, *, arms: tuple[ArmStyle, ...], alt: str) -> None:
    """Put the page at the top left of the box; names of arms in their colours, numbers to the right."""
    width, height = Pt(sum(page.widths)), Pt(sum(page.heights))
    shape = slide.shapes.add_table(len(page.cells), len(page.widths), box.left, box.top, width, height)
    shape.name = "Table"
    shape._element.nvGraphicFramePr.cNvPr.set("descr", alt)
    table: Any = shape.table
    table.first_row, table.horz_banding = True, False
    table._tbl.tblPr.find(qn("a:tableStyleId")).text = NO_STYLE
    for column, across in zip(table.columns, page.widths, strict=True):
        column.width = Pt(across)
    for row, high in zip(table.rows, page.heights, strict=True):
        row.height = Pt(high)
    for at, texts in enumerate(page.cells):
        for place, text in enumerate(texts):
            _fill(table.cell(at, place), text, page, place, header=at == 0, arms=arms)


def _fill(cell, text: str, page: Page, place: int, *, header: bool, arms: tuple[ArmStyle, ...]) -> None:
    cell.margin_left = cell.margin_right = Pt(ASIDE)
    cell.margin_top = cell.margin_bottom = Emu(int(Pt(ABOVE)))
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if header else MSO_ANCHOR.TOP
    colour = arm_text_colour(text, arms) if header or place == 0 else ""
    run = Run(text, page.size, bold=header or bool(colour), colour=colour)
    write(cell.text_frame, [[run]], align=PP_ALIGN.RIGHT if page.numeric[place] else PP_ALIGN.LEFT)
    _underline(cell, AXIS if header else GRID, 1.0 if header else 0.5)


def _underline(cell, colour: str, points: float) -> None:
    """A line below the cell and none at its other sides."""
    properties = cell._tc.get_or_add_tcPr()
    for place, tag in enumerate(BORDERS):
        line = etree.Element(qn(tag), w=str(Pt(points)))
        if tag == "a:lnB":
            fill = etree.SubElement(line, qn("a:solidFill"))
            etree.SubElement(fill, qn("a:srgbClr"), val=colour)
        else:
            etree.SubElement(line, qn("a:noFill"))
        properties.insert(place, line)
