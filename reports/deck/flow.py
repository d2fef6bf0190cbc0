"""The participant flow as shapes and connectors of a slide, which can be edited: one group, read from the top down."""

from collections.abc import Sequence
from typing import Any

from lxml import etree
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide as PptxSlide
from pptx.util import Emu, Length, Pt

from outputs.output import ArmStyle
from outputs.slide_chart import Flow
from outputs.slide_look import AXIS, GREY, PAGE, TEXT
from reports.deck.box import Box
from reports.deck.chart_look import SIZE, SMALLEST, brush_of
from reports.deck.fitting import AMPLE
from reports.deck.look import rgb
from reports.deck.writing import Run, decorative, one_line, write
from reports.flow_places import INDENT, PAD, Placed, Places, Written, flow_places

TOP, LEFT, BOTTOM = 0, 1, 2  # where a connector meets a box
TAB = "\t"
QUARTER, THREE_QUARTERS = 5_400_000, 16_200_000  # of a turn


def fits_as_flow(chart: Flow, box: Box) -> bool:
    """Whether the boxes have room there in the smallest size."""
    return _places(chart, box).height <= box.height.pt


def _places(chart: Flow, box: Box) -> Places:
    """The boxes in the largest size in which they fit, else in the smallest."""
    size = SIZE
    while size >= SMALLEST:
        places = flow_places(chart, box.width.pt, size, ample=AMPLE)
        if places.height <= box.height.pt:
            break
        size -= 0.5
    return places


def draw_flow(slide: PptxSlide, chart: Flow, box: Box, *, arms: tuple[ArmStyle, ...], alt: str) -> None:
    """Put the boxes and the ways between them into the box, as one group with that description."""
    places = _places(chart, box)
    group: Any = slide.shapes.add_group_shape()
    group.name = "Participant flow"
    group._element.nvGrpSpPr.cNvPr.set("descr", alt)
    shapes = [_box(group, each, places, box, arms) for each in places.boxes]
    for before, after in places.ways:
        _down(group, shapes[before], shapes[after])
    for before, aside in places.asides:
        _aside(group, shapes[before], shapes[aside])
    _bound(group, shapes)


def _bound(group: Any, shapes: Sequence[Any]) -> None:
    """The edges of the group are those of its boxes, between which all arrows lie, turned or not."""
    left, top = min(each.left for each in shapes), min(each.top for each in shapes)
    width = max(each.left + each.width for each in shapes) - left
    height = max(each.top + each.height for each in shapes) - top
    place = group._element.grpSpPr.find(qn("a:xfrm"))
    for corner, size in (("a:off", "a:ext"), ("a:chOff", "a:chExt")):
        found = place.find(qn(corner))
        found.set("x", str(left))
        found.set("y", str(top))
        found = place.find(qn(size))
        found.set("cx", str(width))
        found.set("cy", str(height))


def _box(group: Any, placed: Placed, places: Places, box: Box, arms: Sequence[ArmStyle]) -> Any:
    shape = group.shapes.add_shape(
        MSO_SHAPE.RECTANGLE,
        Emu(box.left + Pt(placed.left)),
        Emu(box.top + Pt(placed.top)),
        Pt(placed.width),
        Pt(placed.height),
    )
    shape.name = one_line(placed.box.name or placed.box.lines[0].words)
    _plain(shape)
    shape.fill.solid()
    shape.fill.fore_color.rgb = rgb(PAGE)
    shape.line.color.rgb, shape.line.width = rgb(AXIS), Pt(0.75)
    frame = shape.text_frame
    frame.word_wrap, frame.auto_size, frame.vertical_anchor = True, MSO_AUTO_SIZE.NONE, MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Pt(PAD * places.size)
    named = brush_of(placed.box.arm, arms).words
    write(frame, [_runs(line, places, named) for line in placed.lines], align=PP_ALIGN.LEFT)
    for paragraph, line in zip(frame.paragraphs, placed.lines, strict=True):
        if not line.heading:
            _hang(paragraph, line, Pt(INDENT * places.size if line.part else 0), Pt(placed.numbers))
    return shape


def _runs(line: Written, places: Places, named: str) -> list[Run]:
    """The number, and after it the words."""
    if line.heading:
        return [Run(line.text, places.size, bold=True, colour=named)]
    colour = GREY if line.part else TEXT
    number = [Run(line.number, places.size, bold=not line.part, colour=colour)] if line.number else []
    return [*number, Run(line.text, places.size, colour=colour)]


def _hang(paragraph: Any, line: Written, indent: Length, numbers: Length) -> None:
    """The words of a line begin at one place, in its second row too."""
    start = str(indent + numbers)
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", start)
    properties.set("indent", str(-numbers if line.number else 0))
    stops = etree.SubElement(properties, qn("a:tabLst"))
    etree.SubElement(stops, qn("a:tab"), pos=start, algn="l")
    if line.number:
        paragraph.runs[1]._r.t.text = TAB + paragraph.runs[1].text


def _down(group: Any, before: Any, after: Any) -> None:
    """An arrow from the bottom of a box to the top of another, with two corners where that is not below it."""
    across = (after.left + after.width // 2) - (before.left + before.width // 2)
    straight = abs(across) < Pt(1)
    kind = MSO_CONNECTOR.STRAIGHT if straight else MSO_CONNECTOR.ELBOW
    arrow = group.shapes.add_connector(kind, 0, 0, 0, 0)
    arrow.begin_connect(before, BOTTOM)
    arrow.end_connect(after, TOP)
    if not straight:
        _turned(arrow, before, after, across)
    _looks(arrow)


def _turned(arrow: Any, before: Any, after: Any, across: int) -> None:
    """First down, then across: an elbow begins across, so it is drawn lying and turned."""
    top, high = before.top + before.height, after.top - (before.top + before.height)
    middle = before.left + before.width // 2 + across // 2
    arrow.left, arrow.top = Emu(middle - high // 2), Emu(top + high // 2 - abs(across) // 2)
    arrow.width, arrow.height = Emu(high), Emu(abs(across))
    place = arrow._element.spPr.find(qn("a:xfrm"))
    for flip in ("flipH", "flipV"):
        place.attrib.pop(flip, None)
    place.set("rot", str(QUARTER if across < 0 else THREE_QUARTERS))
    if across > 0:
        place.set("flipH", "1")


def _aside(group: Any, before: Any, aside: Any) -> None:
    """An arrow from the way down of a box to who goes aside."""
    middle = aside.top + aside.height // 2
    arrow = group.shapes.add_connector(
        MSO_CONNECTOR.STRAIGHT, before.left + before.width // 2, middle, aside.left, middle
    )
    arrow.end_connect(aside, LEFT)
    _looks(arrow)


def _looks(arrow: Any) -> None:
    arrow.name = "Way"
    decorative(arrow._element.nvCxnSpPr.cNvPr)
    _plain(arrow)
    arrow.line.color.rgb, arrow.line.width = rgb(AXIS), Pt(1)
    etree.SubElement(arrow.line._get_or_add_ln(), qn("a:tailEnd"), type="triangle", w="med", len="med")


def _plain(shape: Any) -> None:
    """Without the fill, line and shadow of the theme."""
    style = shape._element.find(qn("p:style"))
    if style is not None:
        shape._element.remove(style)
