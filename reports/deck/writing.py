"""Words on a slide: text boxes, paragraphs and runs."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml import etree
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide as PptxSlide
from pptx.text.text import TextFrame
from pptx.util import Pt

from reports.deck.box import Box
from reports.deck.look import rgb

BREAKS = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
INTERVAL = re.compile(r"(?:\d )?\([^()]{1,40}\)")  # stays on one line in a title, as "4 (7%)" does
PAGE_FIELD = "{6F1B2D3C-1B7A-4E57-9C64-3D5A0F7E2B10}"
DECORATIVE = "http://schemas.microsoft.com/office/drawing/2017/decorative"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Run:
    """Words of one look; without a colour in that of the text around, "quiet" in the second text colour."""

    text: str
    size: float
    bold: bool = False
    colour: str = ""
    is_page_number: bool = False


QUIET = "quiet"
Paragraph = Sequence[Run]


def one_line(text: str) -> str:
    """The text without breaks."""
    return BREAKS.sub(" ", text)


def kept_together(text: str) -> str:
    """The text whose short parentheses do not break over a line."""
    return INTERVAL.sub(lambda found: found[0].replace(" ", NO_BREAK_SPACE), text)


def write(frame: TextFrame, paragraphs: Iterable[Paragraph], *, align: PP_ALIGN | None = None) -> None:
    """Fill the frame with the paragraphs."""
    for number, runs in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        if align is not None:
            paragraph.alignment = align
        for run in runs:
            if run.text:
                _add(paragraph, run)
        if not any(run.text for run in runs):
            _sized_though_empty(paragraph, runs)


def _sized_though_empty(paragraph, runs: Paragraph) -> None:
    """An empty paragraph as high as one with words."""
    for run in runs:
        etree.SubElement(paragraph._p, qn("a:endParaRPr"), sz=f"{run.size * 100:.0f}")


def _add(paragraph, run: Run) -> None:
    added = paragraph.add_run()
    added.text = one_line(run.text)
    added.font.size = Pt(run.size)
    if run.bold:
        added.font.bold = True
    if run.colour == QUIET:
        added.font.color.theme_color = MSO_THEME_COLOR.TEXT_2
    elif run.colour:
        added.font.color.rgb = rgb(run.colour)
    if run.is_page_number:
        _make_field(added._r)


def _make_field(run) -> None:
    """Turn a run into the field of the slide's number, so that it stays right when slides are moved."""
    field = etree.SubElement(run.getparent(), qn("a:fld"), id=PAGE_FIELD, type="slidenum")
    run.getparent().replace(run, field)
    field.extend(list(run))


def add_text(
    slide: PptxSlide,
    box: Box,
    paragraphs: Iterable[Paragraph],
    *,
    name: str,
    align: PP_ALIGN | None = None,
    anchor: MSO_ANCHOR = MSO_ANCHOR.TOP,
) -> None:
    """A text box without margins."""
    shape = slide.shapes.add_textbox(box.left, box.top, box.width, box.height)
    shape.name = name
    frame = shape.text_frame
    frame.word_wrap, frame.auto_size, frame.vertical_anchor = True, MSO_AUTO_SIZE.NONE, anchor
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    write(frame, paragraphs, align=align)


def decorative(properties) -> None:
    """Mark a shape (its cNvPr) as one that a screen reader passes over."""
    listed = etree.SubElement(properties, qn("a:extLst"))
    extension = etree.SubElement(listed, qn("a:ext"), uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}")
    etree.SubElement(extension, f"{{{DECORATIVE}}}decorative", {"val": "1"}, nsmap={"adec": DECORATIVE})
