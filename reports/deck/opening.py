"""The title slide."""

from typing import Any

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.slide import Slide as PptxSlide
from pptx.util import Emu

from analysis.adam import AnalysisData
from outputs.context import cut_words, marks
from reports.deck.box import Box
from reports.deck.fitting import line_count
from reports.deck.frame import MARGIN
from reports.deck.look import LINE, VIOLET
from reports.deck.slides import SYNTHETIC, add_notes, without_empty_placeholders
from reports.deck.template import Template
from reports.deck.writing import QUIET, Paragraph, Run, add_text, write
from reports.plan import Plan
from trialdata.version import version

LARGEST, SMALLEST, LINES = 32, 18, 3


def title_of(data: AnalysisData, plan: Plan) -> str:
    """The title of the plan, else of the study."""
    return plan.title or data.definition.title or data.definition.studyid


def add_opening(template: Template, data: AnalysisData, plan: Plan) -> None:
    """Title, study and registry number, data cut, and what holds for every number."""
    slide = template.deck.slides.add_slide(template.opening)
    shape: Any = slide.shapes.title
    title = title_of(data, plan)
    width = Emu(shape.width or template.width).pt
    size = LARGEST
    while size > SMALLEST and line_count(title, width, size, bold=True) > LINES:
        size -= 1
    write(shape.text_frame, [[Run(title, size)]])
    _below(template, slide, _lines(data, plan))
    without_empty_placeholders(slide)
    add_notes(slide, _origin(data))


def _lines(data: AnalysisData, plan: Plan) -> list[Paragraph]:
    study = data.definition.title if plan.title and plan.title != data.definition.title else ""
    plain = [line for line in (study, cut_words(data)) if line]
    return [
        *([Run(line, LINE, colour=QUIET)] for line in plain),
        *(
            [Run(mark, LINE, bold=mark == SYNTHETIC, colour=VIOLET if mark == SYNTHETIC else QUIET)]
            for mark in marks(data)
        ),
    ]


def _below(template: Template, slide: PptxSlide, lines: list[Paragraph]) -> None:
    """In the subtitle, or below the title where the layout has none."""
    for each in slide.placeholders:
        if each.placeholder_format.type == PP_PLACEHOLDER.SUBTITLE:
            write(each.text_frame, lines)
            return
    title: Any = slide.shapes.title
    top = Emu(title.top + title.height + MARGIN)
    height = Emu(template.height - top - MARGIN)
    add_text(slide, Box(title.left, top, title.width, height), lines, name="Study")


def _origin(data: AnalysisData) -> str:
    """From what the deck was made, for the speaker."""
    return "\n".join(
        [
            f"Made by ITP Interim {version()}.",
            f"Hash of the data cut: {data.study.content_hash}",
            f"Hash of the definition: {data.definition.content_hash}",
        ]
    )
