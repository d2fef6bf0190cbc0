"""The chart of an output as a native chart of a slide, whose workbook holds its numbers."""

from pptx.slide import Slide as PptxSlide

from outputs.output import ArmStyle
from outputs.slide_chart import Chart
from reports.deck.box import Box


def draw_chart(
    slide: PptxSlide, chart: Chart, box: Box, *, arms: tuple[ArmStyle, ...], alt: str, font: str
) -> None:
    """Put the chart into the box; colours, dashes and markers are those of the arms."""
    raise NotImplementedError
