"""How the marks of a chart look on a slide: sizes in points, and arms as everywhere."""

from collections.abc import Iterable
from dataclasses import dataclass

from outputs.output import ArmStyle
from outputs.slide_look import INK, PAGE, TEXT, shade, words_colour
from outputs.wording import lines_within, text_width
from reports.deck.chart_xml import Element, Run, colour_fill, node, shape, stroke, val

SIZE, SMALLEST, KEY = 14.0, 11.0, 20.0  # of words
LEADING, TALL_LEADING = 1.2, 1.45  # height of a line as a multiple of the size; of Chinese letters
FULL_WIDTH = "\u2e80"  # from here on Chinese letters
GAP = 6.0
SPACE = "\u00a0"  # between words and what is drawn beside them
GENEROUS = 1.2  # the font may be a wider one than asked for
HOLLOW = 0.25  # as good as empty, and still to be seen where a program draws no rim
PALE = 0.55
DASHES = {"solid": "solid", "7px,3px": "dash", "2px,3px": "sysDot"}


@dataclass(frozen=True)
class Brush:
    """Colours, dash and marker of an arm, or ink."""

    colour: str = INK
    words: str = TEXT
    dash: str = "solid"
    marker: str = "circle"


def brush_of(name: str, arms: Iterable[ArmStyle]) -> Brush:
    """How the arm of that code or label is drawn; ink for what is none."""
    for arm in arms:
        if name and name in (arm.trt, arm.label):
            return Brush(arm.colour, words_colour(arm), DASHES.get(arm.dash, "solid"), arm.marker)
    return Brush()


def marker(brush: Brush, size: int, *, hollow: bool = False, rim: bool = False) -> Element:
    """The mark of a point: hollow where it is immature, with a rim where it lies on a line."""
    fill = shade(brush.colour, HOLLOW) if hollow else brush.colour
    line = stroke(PAGE if rim and not hollow else brush.colour, 1.25)
    symbol = brush.marker if brush.marker in ("circle", "diamond", "square", "triangle") else "circle"
    return node("c:marker", val("c:symbol", symbol), val("c:size", size), shape(colour_fill(fill), line))


def no_marker() -> Element:
    return node("c:marker", val("c:symbol", "none"))


def leading(text: str) -> float:
    """The height of a line of that text as a multiple of its size."""
    return TALL_LEADING if any(c >= FULL_WIDTH for c in text) else LEADING


def runs(
    text: str, width: float, size: float, colour: str, *, bold: bool = False, most: int = 3
) -> list[Run]:
    """The text in at most so many lines of that width, shortened where it is longer."""
    lines = lines_within(text, width / GENEROUS, size, bold=bold, most=most)
    return [Run(line, size, colour, bold) for line in lines]


def width_of(lines: Iterable[Run]) -> float:
    return max((wide(line.text, line.size, bold=line.bold) for line in lines), default=0.0)


def wide(text: str, size: float, *, bold: bool = False) -> float:
    """Points that a line of words takes."""
    return text_width(text, size, bold=bold) * GENEROUS


def height_of(lines: Iterable[Run]) -> float:
    return sum(line.size * leading(line.text) for line in lines)
