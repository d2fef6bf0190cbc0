"""The places of a slide: what the title leaves, cut into line, content, notes and footer."""

from dataclasses import dataclass
from typing import Any

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.util import Emu, Inches, Length, Pt

from reports.deck.box import Box
from reports.deck.look import FOOT, LEADING, LINE
from reports.deck.template import Template
from trialdata.errors import StudyDataError

MARGIN = Inches(0.1)  # of the words in a placeholder of a template
GAP = Pt(9)
NOTES_SHARE, FOOTER_SHARE = 0.53, 0.45
LEAST = Inches(1.5)  # for a chart


@dataclass(frozen=True)
class Frame:
    """`title` is the width of the title; the boxes stand below it from the top down, notes beside the footer."""

    title: Length
    line: Box
    content: Box
    notes: Box
    footer: Box


def frame_of(template: Template, *, footer_lines: int) -> Frame:
    """The places on a slide whose footer has so many lines."""
    area = _area(template)
    line = area.upper(Pt(2 * LINE * LEADING + 2))
    foot = Pt(footer_lines * FOOT * LEADING + 2)
    taken = Emu(line.height + GAP + GAP + GAP + foot)
    content = Box(area.left, Emu(area.top + line.height + GAP), area.width, Emu(area.height - taken))
    if content.height < LEAST:
        raise StudyDataError(
            "The template: found too little room below the title, expected half of the slide; "
            "make the title of its layout smaller."
        )
    bottom = Emu(area.top + area.height - foot)
    notes = Box(area.left, bottom, Emu(int(area.width * NOTES_SHARE)), foot)
    width = Emu(int(area.width * FOOTER_SHARE))
    footer = Box(Emu(area.left + area.width - width), bottom, width, foot)
    return Frame(area.width, line, content, notes, footer)


def footer_width(template: Template) -> float:
    """Points a line of the footer may take."""
    return _area(template).width.pt * FOOTER_SHARE


def _area(template: Template) -> Box:
    """What is left below the title, as wide as the title, down to where the master's text ends."""
    shapes: Any = template.layout.placeholders
    title = next(each for each in shapes if each.placeholder_format.type == PP_PLACEHOLDER.TITLE)
    at = _box(title) or Box(Emu(0), Emu(0), Emu(template.width), Emu(template.height // 5))
    margin = 0 if template.own else MARGIN
    top, bottom = Emu(at.top + at.height + Pt(4)), _bottom(template)
    return Box(Emu(at.left + margin), top, Emu(at.width - 2 * margin), Emu(max(bottom - top, 0)))


def _bottom(template: Template) -> int:
    """Where the text of the master ends, or a margin from the end of the slide."""
    shapes: Any = template.layout.slide_master.placeholders
    bodies = [_box(each) for each in shapes if each.placeholder_format.type == PP_PLACEHOLDER.BODY]
    box = bodies[0] if bodies else None
    return box.top + box.height if box else int(template.height * 0.92)


def _box(shape) -> Box | None:
    if None in (shape.left, shape.top, shape.width, shape.height):
        return None
    return Box(shape.left, shape.top, shape.width, shape.height)
