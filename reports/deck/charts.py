"""The chart of an output as a native chart of a slide, whose workbook holds its numbers."""

from pptx.slide import Slide as PptxSlide

from outputs.output import ArmStyle
from outputs.slide_chart import Bars, Chart, Flow, Grid, Lines, Panels, Rows
from reports.deck.box import Box
from reports.deck.chart_bars import draw_bars
from reports.deck.chart_lines import draw_lines
from reports.deck.chart_pages import fits, pages_of
from reports.deck.chart_points import draw_points
from reports.deck.chart_rows import draw_panels, draw_rows
from reports.deck.flow import draw_flow
from reports.deck.grid import draw_grid

__all__ = ["draw_chart", "fits", "pages_of"]


def draw_chart(
    slide: PptxSlide, chart: Chart, box: Box, *, arms: tuple[ArmStyle, ...], alt: str, font: str
) -> None:
    """Put the chart into the box; colours, dashes and markers are those of the arms.

    `alt` says what it shows to those who do not see it. Ask `pages_of` first: what has too many rows for the box
    would run out of it.
    """
    if isinstance(chart, Lines):
        draw_lines(slide, chart, box, arms=arms, alt=alt, font=font)
    elif isinstance(chart, Rows):
        draw_rows(slide, chart, box, arms=arms, alt=alt, font=font)
    elif isinstance(chart, Panels):
        draw_panels(slide, chart, box, arms=arms, alt=alt, font=font)
    elif isinstance(chart, Bars):
        draw_bars(slide, chart, box, arms=arms, alt=alt, font=font)
    elif isinstance(chart, Flow):
        draw_flow(slide, chart, box, arms=arms, alt=alt)
    elif isinstance(chart, Grid):
        draw_grid(slide, chart, box, arms=arms, alt=alt)
    else:
        draw_points(slide, chart, box, arms=arms, alt=alt, font=font)
