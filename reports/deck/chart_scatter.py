"""A native XY chart: series with their error bars, axes whose ticks bear words, and words at points."""

from collections.abc import Sequence
from dataclasses import dataclass

from pptx.enum.chart import XL_CHART_TYPE
from pptx.slide import Slide as PptxSlide

from outputs.slide_look import AXIS, GREY
from reports.deck.box import Box
from reports.deck.chart_axis import Span, apart
from reports.deck.chart_book import DATA, DRAWN, Block, Cells, Drawing, Sheet, workbook
from reports.deck.chart_look import SPACE, no_marker
from reports.deck.chart_space import chart_space, legend_of, put, value_axis
from reports.deck.chart_xml import (
    Element,
    Run,
    label,
    labels,
    node,
    placed,
    shape,
    stroke,
    title,
    val,
)

X_AXIS, Y_AXIS = 111111111, 222222222


@dataclass(frozen=True)
class Inner:
    """The plot inside its frame: margins in points."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class ErrorBars:
    """Error bars: direction "x" or "y", distances below and above, line."""

    direction: str
    below: Cells
    above: Cells
    line: Element

    def xml(self) -> Element:
        return node(
            "c:errBars",
            val("c:errDir", self.direction),
            val("c:errBarType", "both"),
            val("c:errValType", "cust"),
            val("c:noEndCap", 1),
            node("c:plus", self.above.numbers()),
            node("c:minus", self.below.numbers()),
            shape(None, self.line),
        )


@dataclass(frozen=True)
class Said:
    """Words at a point of the plot."""

    x: float
    y: float
    lines: tuple[Run, ...]
    place: str
    align: str = "ctr"
    patch: bool = False


@dataclass(frozen=True)
class Drawn:
    """A series without its place among the others."""

    parts: tuple[Element | None, ...]
    length: int
    listed: bool

    def at(self, place: int) -> Element:
        return node("c:ser", val("c:idx", place), val("c:order", place), *self.parts)


class Scatter:
    """A chart that is put together and then put on a slide."""

    def __init__(self, box: Box, inner: Inner, x: Span, y: Span, header: tuple[str, ...], font: str) -> None:
        self.box, self.inner, self.x, self.y, self.font = box, inner, x, y, font
        self.data = Sheet(DATA, header)
        self.drawn = Sheet(DRAWN, ("What", "x", "y", "Words"))
        self._series: list[Drawn] = []
        self._said: list[Said] = []
        self._title: Element | None = None
        self._x_title: Element | None = None
        self._legend: tuple[float, float] | None = None

    @property
    def edge(self) -> float:
        """The right end of the x axis, where words can stand: LibreOffice has none at the very end of a log axis."""
        return self.x.value(1 - 1e-6)

    @property
    def floor(self) -> float:
        """The lower end of the y axis, likewise."""
        return self.y.value(1e-6) if self.y.log else self.y.low

    @property
    def width(self) -> float:
        """Of the plot, in points."""
        return self.box.width.pt - self.inner.left - self.inner.right

    @property
    def height(self) -> float:
        return self.box.height.pt - self.inner.top - self.inner.bottom

    def add(
        self,
        name: Element,
        x: Cells,
        y: Cells,
        *,
        line: Element | None = None,
        mark: Element | None = None,
        bars: Sequence[ErrorBars] = (),
        listed: bool = False,
        words: Element | None = None,
    ) -> None:
        """One series; `listed`: named in the legend, where there is one."""
        parts = (
            name,
            shape(None, line if line is not None else stroke("")),
            mark if mark is not None else no_marker(),
            words,
            *(bar.xml() for bar in bars),
            node("c:xVal", x.numbers()),
            node("c:yVal", y.numbers()),
            val("c:smooth", 0),
        )
        self._series.append(Drawn(parts, len(x.values), listed))

    def path(
        self,
        what: str,
        points: Sequence[tuple[float, float]],
        *,
        line: Element | None = None,
        mark: Element | None = None,
    ) -> None:
        """Something drawn that is no number of the chart: a threshold, the ticks of an axis."""
        block = self.drawn.add([(what, x, y, None) for x, y in points])
        self.add(block.name(), block.cells("x"), block.cells("y"), line=line, mark=mark)

    def say(
        self, x: float, y: float, lines: Sequence[Run], place: str, align: str = "ctr", *, patch: bool = False
    ) -> None:
        """Write words at a point."""
        self._said.append(Said(x, y, tuple(lines), place, align, patch))

    def head(self, lines: Sequence[Run]) -> None:
        """The title of the y axis: above it, level."""
        if lines:
            self._title = title(lines, 0.0, 0.0, self.font, "l")

    def foot(self, lines: Sequence[Run], top: float, width: float) -> None:
        """The title of the x axis: in the middle below it, so many points under the plot."""
        if lines:
            left = max(self.inner.left + (self.width - width) / 2, 0.0)
            down = self.inner.top + self.height + top
            self._x_title = title(lines, left / self.box.width.pt, down / self.box.height.pt, self.font)

    def list_names(self, top: float, height: float) -> None:
        """A legend above the plot."""
        self._legend = top, height

    def x_ticks(self, size: float) -> None:
        """Words below the x axis, a small line at each."""
        points = [(value, self.floor) for value, _ in self.x.ticks]
        if points:
            mark = node(
                "c:marker", val("c:symbol", "plus"), val("c:size", 6), shape(node("a:noFill"), stroke(AXIS))
            )
            self.path("Ticks of x", points, mark=mark)
        for value, words in apart(self.x, self.width, size):
            self.say(value, self.floor, [Run(words, size, GREY)], "b")

    def y_ticks(self, size: float) -> None:
        """Words left of the plot."""
        for value, words in self.y.ticks:
            if words:
                self.say(self.x.low, value, [Run(words + SPACE, size, GREY)], "l", "r")

    def put(self, slide: PptxSlide, *, name: str, alt: str) -> None:
        """Make it a shape of the slide."""
        self._write_words()
        drawing = Drawing(self._space(), workbook([self.data, self.drawn]))
        put(slide, drawing, XL_CHART_TYPE.XY_SCATTER, self.box, name=name, alt=alt)

    def _write_words(self) -> None:
        """The words are the first series and the longest: LibreOffice forgets the numbers of those before a longer one.

        Its last point is repeated as often as that takes.
        """
        if not self._said:
            return
        rows = [("Words", said.x, said.y, " ".join(run.text for run in said.lines)) for said in self._said]
        longest = max((each.length for each in self._series), default=0)
        again = [(*rows[-1][:3], None)] * (longest - len(rows))
        block: Block = self.drawn.add([*rows, *again])
        words = [
            label(at, said.lines, said.place, self.font, said.align, patch=said.patch)
            for at, said in enumerate(self._said)
        ]
        self.add(block.name(), block.cells("x"), block.cells("y"), words=labels(words))
        self._series.insert(0, self._series.pop())

    def _space(self) -> Element:
        width, height = self.box.width.pt, self.box.height.pt
        layout = placed(
            self.inner.left / width,
            self.inner.top / height,
            self.width / width,
            self.height / height,
            inner=True,
        )
        chart = node(
            "c:scatterChart",
            val("c:scatterStyle", "lineMarker"),
            val("c:varyColors", 0),
            *(each.at(at) for at, each in enumerate(self._series)),
            val("c:axId", X_AXIS),
            val("c:axId", Y_AXIS),
        )
        plot = node(
            "c:plotArea",
            layout,
            chart,
            value_axis(X_AXIS, Y_AXIS, self.x, "b", AXIS, heading=self._x_title),
            value_axis(Y_AXIS, X_AXIS, self.y, "l", ""),
            shape(node("a:noFill"), stroke("")),
        )
        legend = None
        if self._legend:
            top, high = self._legend
            unlisted = [at for at, each in enumerate(self._series) if not each.listed]
            left = self.inner.left / width
            legend = legend_of(unlisted, placed(left, top / height, 1 - left, high / height), self.font)
        return chart_space(self._title, plot, legend, self.font)
