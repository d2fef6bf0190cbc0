"""What holds for every native chart: its frame, its legend, its axes of numbers, and how it comes on a slide."""

from collections.abc import Sequence
from typing import cast

from pptx.chart.data import ChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.shapes.graphfrm import GraphicFrame
from pptx.slide import Slide as PptxSlide

from outputs.slide_look import GREY
from reports.deck.box import Box
from reports.deck.chart_axis import Span
from reports.deck.chart_book import Drawing
from reports.deck.chart_look import SIZE
from reports.deck.chart_xml import Element, all_words, node, shape, stroke, val


def value_axis(
    own: int, other: int, span: Span, place: str, colour: str, *, heading: Element | None = None
) -> Element:
    """An axis of numbers without words, which stand at points of their own."""
    scaling = node(
        "c:scaling",
        val("c:logBase", 10) if span.log else None,
        val("c:orientation", "minMax"),
        val("c:max", span.high),
        val("c:min", span.low),
    )
    return node(
        "c:valAx",
        val("c:axId", own),
        scaling,
        val("c:delete", 0),
        val("c:axPos", place),
        heading,
        node("c:numFmt", formatCode="General", sourceLinked=0),
        val("c:majorTickMark", "none"),
        val("c:minorTickMark", "none"),
        val("c:tickLblPos", "none"),
        shape(None, stroke(colour)),
        val("c:crossAx", other),
        val("c:crosses", "min"),
        val("c:crossBetween", "midCat"),
    )


def legend_of(unlisted: Sequence[int], layout: Element, font: str, size: float = SIZE) -> Element:
    """The names of the series above the plot, without those that are no series of the chart."""
    gone = [node("c:legendEntry", val("c:idx", at), val("c:delete", 1)) for at in unlisted]
    return node(
        "c:legend",
        val("c:legendPos", "t"),
        *gone,
        layout,
        val("c:overlay", 0),
        all_words(size, GREY, font),
    )


def chart_space(heading: Element | None, plot: Element, legend: Element | None, font: str) -> Element:
    """The whole chart."""
    chart = node(
        "c:chart",
        heading,
        val("c:autoTitleDeleted", int(heading is None)),
        plot,
        legend,
        val("c:plotVisOnly", 1),
        val("c:dispBlanksAs", "gap"),
    )
    return node(
        "c:chartSpace",
        val("c:date1904", 0),
        val("c:roundedCorners", 0),
        chart,
        shape(node("a:noFill"), stroke("")),
        all_words(SIZE, GREY, font),
    )


def put(
    slide: PptxSlide, drawing: Drawing, kind: XL_CHART_TYPE, box: Box, *, name: str, alt: str
) -> GraphicFrame:
    """The chart as a shape with a name and words for those who do not see it."""
    place = box.left, box.top, box.width, box.height
    frame = cast(GraphicFrame, slide.shapes.add_chart(kind, *place, cast(ChartData, drawing)))
    frame.name = name
    frame._element.nvGraphicFramePr.cNvPr.set("descr", alt)
    return frame
