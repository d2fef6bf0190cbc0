"""The chart of an output as a native chart of a slide, whose workbook holds its numbers."""

from pptx.slide import Slide as PptxSlide

from outputs.output import ArmStyle
from outputs.slide_chart import Chart, Lines
from reports.deck.box import Box
from reports.deck.chart_lines import draw_lines


def draw_chart(
    slide: PptxSlide, chart: Chart, box: Box, *, arms: tuple[ArmStyle, ...], alt: str, font: str
) -> None:
    """Put the chart into the box; colours, dashes and markers are those of the arms."""
    if isinstance(chart, Lines):
        draw_lines(slide, chart, box, arms=arms, alt=alt, font=font)
