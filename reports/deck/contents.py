"""What stands in the middle of the slides of an output: its chart, the pages of its table, or why there is neither."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from pptx.slide import Slide as PptxSlide
from pptx.util import Pt

from outputs.output import Output
from outputs.slide_chart import Chart, Flow, Grid
from reports.deck.box import Box
from reports.deck.charts import draw_chart, pages_of
from reports.deck.fitting import height_of
from reports.deck.flow import fits_as_flow
from reports.deck.grid import fits_as_grid
from reports.deck.look import BODY
from reports.deck.pictures import draw_picture
from reports.deck.table_pages import Page, table_pages
from reports.deck.tables import draw_table
from reports.deck.writing import Run, add_text, one_line
from reports.shown import Shown

APART = 8.0  # points from the last line of a table to the rule below it, beside those it has anyway
NOTHING = "Nothing to show at this data cut."


@dataclass(frozen=True)
class Content:
    """`draw` puts it on a slide; `charted`: it is a chart, of which the words beside it may speak."""

    draw: Callable[[PptxSlide], None]
    charted: bool = False


def contents_of(shown: Shown, box: Box, *, font: str, picture: bytes | None = None) -> list[Content]:
    """One for each slide: charts first, then tables, as the plan wants them; `picture` is that of an output without
    a chart."""
    output, show = shown.output, shown.slide.show
    if output.empty:
        return [Content(partial(_why_empty, output=output, box=box))]
    contents = _charts(output, box, font) if show != "table" else []
    if picture and not contents:
        contents = [Content(partial(_picture, picture=picture, output=output, box=box), charted=True)]
    if show != "chart" or not contents:
        contents += _tables(output, box)
    return contents or [Content(partial(_sentence, text=NOTHING, box=box))]


def _charts(output: Output, box: Box, font: str) -> list[Content]:
    if output.chart is None:
        return []
    chart = output.chart()
    if isinstance(chart, Flow) and not fits_as_flow(chart, box):
        return []
    if isinstance(chart, Grid) and not fits_as_grid(chart, box):
        return []
    parts = pages_of(chart, box, output.arms)
    return [
        Content(partial(_chart, chart=part, output=output, box=box, font=font), charted=True)
        for part in parts
    ]


def _chart(slide: PptxSlide, *, chart: Chart, output: Output, box: Box, font: str) -> None:
    alt = one_line(output.alt or output.headline or output.title)
    draw_chart(slide, chart, box, arms=output.arms, alt=alt, font=font)


def _picture(slide: PptxSlide, *, picture: bytes, output: Output, box: Box) -> None:
    draw_picture(slide, picture, box, alt=one_line(output.alt or output.headline or output.title))


def _tables(output: Output, box: Box) -> list[Content]:
    if output.table.empty:
        return []
    pages = table_pages(output.table, box.width.pt, box.height.pt - APART)
    return [Content(partial(_table, page=page, output=output, box=box)) for page in pages]


def _table(slide: PptxSlide, *, page: Page, output: Output, box: Box) -> None:
    draw_table(slide, page, box, arms=output.arms, alt=one_line(f"{output.title}, table"))


def _why_empty(slide: PptxSlide, *, output: Output, box: Box) -> None:
    """The sentence, and below it the table where there is one that fits."""
    _sentence(slide, text=output.empty, box=box)
    rest = box.below(Pt(height_of(output.empty, box.width.pt, BODY) + 12))
    pages = _tables(output, rest) if output.figure is None else []
    if len(pages) == 1:
        pages[0].draw(slide)


def _sentence(slide: PptxSlide, *, text: str, box: Box) -> None:
    height = Pt(height_of(text, box.width.pt, BODY) + 6)
    add_text(slide, box.upper(height), [[Run(text, BODY)]], name="Why there is nothing")
