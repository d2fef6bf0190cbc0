"""Our own plain slides: 16:9, white, one font, a title at the top and nothing else."""

from collections.abc import Iterator

import pptx
from lxml import etree
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.presentation import Presentation
from pptx.slide import SlideMaster
from pptx.util import Inches

from reports.deck.box import HEIGHT, WIDTH, Box
from reports.deck.look import GREY, LINE, TEXT, TITLE

FONT = "Arial"
LEFT, ACROSS = Inches(0.6), Inches(12.13)
TITLE_BOX = Box(LEFT, Inches(0.42), ACROSS, Inches(0.95))
BODY_BOX = Box(LEFT, Inches(1.5), ACROSS, Inches(5.6))
OPENING_BOX = Box(LEFT, Inches(2.0), ACROSS, Inches(1.5))
SUBTITLE_BOX = Box(LEFT, Inches(3.65), ACROSS, Inches(1.5))
OPENING, TITLE_ONLY = "Title Slide", "Title Only"
COLOURS = {"dk1": TEXT, "lt1": "FFFFFF", "dk2": GREY, "lt2": "F4F5F7"} | {
    "accent1": "0072B2",
    "accent2": "D55E00",
    "accent3": "009E73",
    "accent4": "45304F",
    "accent5": "A18FAB",
    "accent6": "44525F",
    "hlink": "2F4858",
    "folHlink": "68727D",
}


def make_own() -> Presentation:
    """An empty presentation with a layout for the title slide and one for all others."""
    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    master = deck.slide_masters[0]
    for layout in [each for each in master.slide_layouts if each.name not in (OPENING, TITLE_ONLY)]:
        master.slide_layouts.remove(layout)
    _colour(master)
    _style(master)
    boxes = {PP_PLACEHOLDER.TITLE: TITLE_BOX, PP_PLACEHOLDER.BODY: BODY_BOX}
    _arrange(master, boxes)
    for layout in master.slide_layouts:
        _arrange(layout, {PP_PLACEHOLDER.CENTER_TITLE: OPENING_BOX, PP_PLACEHOLDER.SUBTITLE: SUBTITLE_BOX})
    return deck


def _colour(master: SlideMaster) -> None:
    """Colours and fonts of the theme."""
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = etree.fromstring(part.blob)
    scheme = next(theme.iter(qn("a:clrScheme")))
    for slot in scheme:
        for old in list(slot):
            slot.remove(old)
        etree.SubElement(slot, qn("a:srgbClr"), val=COLOURS[etree.QName(slot).localname])
    for latin in _latin(theme):
        latin.set("typeface", FONT)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _latin(theme: etree._Element) -> Iterator[etree._Element]:
    scheme = next(theme.iter(qn("a:fontScheme")))
    yield from scheme.iter(qn("a:latin"))


def _style(master: SlideMaster) -> None:
    """Titles bold and to the left."""
    styles = master.element.find(qn("p:txStyles"))
    level = styles.find(f"{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    level.set("algn", "l")
    level.find(qn("a:defRPr")).set("sz", f"{TITLE * 100:.0f}")
    level.find(qn("a:defRPr")).set("b", "1")


def _arrange(owner, boxes: dict[PP_PLACEHOLDER, Box]) -> None:
    """Placeholders to their boxes, without margins; those of date, footer and number are left out."""
    for shape in list(owner.placeholders):
        kind = shape.placeholder_format.type
        box = boxes.get(kind)
        if box is not None:
            shape.left, shape.top, shape.width, shape.height = box.left, box.top, box.width, box.height
        elif kind in (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER):
            shape.element.getparent().remove(shape.element)
            continue
        frame = shape.text_frame
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        if kind in (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE):
            frame.vertical_anchor = MSO_ANCHOR.BOTTOM
        if kind == PP_PLACEHOLDER.SUBTITLE:
            _to_the_left(shape)


def _to_the_left(shape) -> None:
    for level in shape.element.iter(qn("a:lvl1pPr")):
        level.set("algn", "l")
        level.find(qn("a:defRPr")).set("sz", f"{LINE * 100:.0f}")
