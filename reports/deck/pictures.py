"""Figures that have no native chart, as pictures at twice their size where a Chromium is found."""

import io
from collections.abc import Iterable

from pptx.slide import Slide as PptxSlide
from pptx.util import Emu

from reports.deck.box import Box
from reports.pictures import figures_of
from reports.shown import Shown
from trialdata.errors import StudyDataError


def pictures_for(all_shown: Iterable[Shown]) -> dict[str, bytes]:
    """PNG by code of what has a figure and no chart; nothing without a Chromium, so that the tables stand instead."""
    wanted = [shown for shown in all_shown if _needs_picture(shown)]
    try:
        return figures_of(wanted) if wanted else {}
    except StudyDataError:
        return {}


def _needs_picture(shown: Shown) -> bool:
    output = shown.output
    return (
        shown.slide.show != "table"
        and output.figure is not None
        and output.chart is None
        and not output.empty
    )


def draw_picture(slide: PptxSlide, content: bytes, box: Box, *, alt: str) -> None:
    """As large as the box allows, at its top and in its middle."""
    picture = slide.shapes.add_picture(io.BytesIO(content), box.left, box.top)
    scale = min(box.width / picture.width, box.height / picture.height)
    picture.width, picture.height = Emu(int(picture.width * scale)), Emu(int(picture.height * scale))
    picture.left = Emu(box.left + (box.width - picture.width) // 2)
    picture.name = "Picture"
    picture._element.nvPicPr.cNvPr.set("descr", alt)
