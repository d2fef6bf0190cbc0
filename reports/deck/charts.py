"""The chart of an output as a native chart of a slide, whose workbook holds its numbers."""

from pptx.slide import Slide as PptxSlide

from outputs.output import ArmStyle
from outputs.slide_chart import Bars, Chart, Lines, Panels, Rows
from reports.deck.box import Box
from reports.deck.chart_bars import draw_bars
from reports.deck.chart_lines import draw_lines
from reports.deck.chart_points import draw_points
from reports.deck.chart_rows import draw_panels, draw_rows


def draw_chart(
    slide: PptxSlide, chart: Chart, box: Box, *, arms: tuple[ArmStyle, ...], alt: str, font: str
) -> None:
    """Put the chart into the box; colours, dashes and markers are those of the arms."""
    if isinstance(chart, Lines):
        draw_lines(slide, chart, box, arms=arms, alt=alt, font=font)
    elif isinstance(chart, Rows):
        draw_rows(slide, chart, box, arms=arms, alt=alt, font=font)
    elif isinstance(chart, Panels):
        draw_panels(slide, chart, box, arms=arms, alt=alt, font=font)
    elif isinstance(chart, Bars):
        draw_bars(slide, chart, box, arms=arms, alt=alt, font=font)
    else:
        draw_points(slide, chart, box, arms=arms, alt=alt, font=font)
