"""One output as one slide or several."""

from typing import Any

from pptx.enum.shapes import MSO_CONNECTOR
from pptx.enum.text import PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide as PptxSlide
from pptx.util import Emu, Pt

from reports.deck.contents import Content, contents_of
from reports.deck.fitting import line_count
from reports.deck.frame import GAP, Frame, footer_width, frame_of
from reports.deck.look import FOOT, HAIRLINE, LINE, VIOLET, rgb
from reports.deck.template import Template
from reports.deck.words import Words, speaker_notes, words_of
from reports.deck.writing import QUIET, Paragraph, Run, add_text, decorative, write
from reports.shown import Shown

SYNTHETIC = "Synthetic data"
LEAST_FOOTER_LINES = 3


def add_slides(template: Template, shown: Shown, picture: bytes | None = None) -> None:
    """The slides of one output; a table that is too long goes on on further ones."""
    lines = sum(line_count(_text(each), footer_width(template), FOOT) for each in _footer(shown, 999))
    frame = frame_of(template, footer_lines=max(lines, LEAST_FOOTER_LINES))
    contents = contents_of(shown, frame.content, font=template.font, picture=picture)
    for number, content in enumerate(contents, start=1):
        part = f"{number} of {len(contents)}" if len(contents) > 1 else ""
        words = words_of(
            shown,
            frame.title.pt,
            notes_width=frame.notes.width.pt,
            notes_lines=max(lines, LEAST_FOOTER_LINES),
            part=part,
            charted=content.charted,
        )
        _add(template, shown, frame, words, content)


def _add(template: Template, shown: Shown, frame: Frame, words: Words, content: Content) -> None:
    """In the order in which it is read: title, line, content, notes, footer."""
    slide = template.deck.slides.add_slide(template.layout)
    write(slide.shapes.title.text_frame, [[Run(words.headline, words.headline_size)]])
    without_empty_placeholders(slide)
    if words.line:
        add_text(slide, frame.line, [[Run(words.line, LINE, colour=QUIET)]], name="Line")
    content.draw(slide)
    _rule(slide, frame)
    if words.notes:
        add_text(slide, frame.notes, [[Run(words.notes, FOOT, colour=QUIET)]], name="Notes")
    page = len(template.deck.slides)
    add_text(slide, frame.footer, _footer(shown, page), name="Footer", align=PP_ALIGN.RIGHT)
    add_notes(slide, speaker_notes(shown, words.left_over))


def _footer(shown: Shown, page: int) -> list[Paragraph]:
    """Study, cut, population and filter; what holds for every number; the code and the page."""
    runs: list[Run] = []
    for mark in shown.marks:
        synthetic = mark == SYNTHETIC
        runs += [
            Run(mark, FOOT, bold=synthetic, colour=VIOLET if synthetic else QUIET),
            Run(" · ", FOOT, colour=QUIET),
        ]
    runs += [
        Run(f"{shown.code} · ", FOOT, colour=QUIET),
        Run(str(page), FOOT, colour=QUIET, is_page_number=True),
    ]
    return [[Run(shown.context, FOOT, colour=QUIET)], runs]


def _text(paragraph: Paragraph) -> str:
    return "".join(run.text for run in paragraph)


def _rule(slide: PptxSlide, frame: Frame) -> None:
    """A hairline over notes and footer, which a screen reader passes over."""
    top = Emu(frame.notes.top - GAP)
    end = frame.footer.left + frame.footer.width
    line: Any = slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, frame.notes.left, top, Emu(end), top)
    line.name = "Rule"
    line._element.remove(line._element.find(qn("p:style")))  # the shadow of the theme
    line.line.color.rgb, line.line.width = rgb(HAIRLINE), Pt(0.75)
    decorative(line._element.nvCxnSpPr.cNvPr)


def without_empty_placeholders(slide: PptxSlide) -> None:
    """No "Click to add text" is left."""
    for shape in list(slide.placeholders):
        if not shape.has_text_frame or not shape.text_frame.text:
            shape.element.getparent().remove(shape.element)


def add_notes(slide: PptxSlide, text: str) -> None:
    """What the speaker reads; no notes page where there is nothing."""
    if not text:
        return
    frame = slide.notes_slide.notes_text_frame
    if frame is not None:
        write(frame, [[Run(line, 12)] for line in text.split("\n")])
