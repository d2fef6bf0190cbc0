"""What a picture is drawn with: words, lines, points of an arm, axes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from outputs.output import ArmStyle
from outputs.slide_chart import Axis
from outputs.slide_look import AXIS, GREY, GRID, INK, PAGE, TEXT, Fill
from reports.markup import Markup, element
from reports.svg.plane import FONT, LINE, Scale, width_of

HATCH = 6  # pixels from line to line


@dataclass(frozen=True)
class Pen:
    """How a series or row is drawn: colour of marks and of words, dash and marker."""

    colour: str = INK
    words: str = TEXT
    dash: str | None = None
    marker: str = "circle"


def pen_of(arm: str, arms: Sequence[ArmStyle]) -> Pen:
    """The pen of an arm, by its code or its label; ink where there is no such arm."""
    for style in arms:
        if arm and arm in (style.trt, style.label):
            dash = None if style.dash == "solid" else style.dash.replace("px", "").replace(",", " ")
            return Pen(style.colour, style.text_colour or TEXT, dash, style.marker)
    return Pen()


def at(value: float) -> str:
    """A place as text."""
    return f"{value:.1f}".removesuffix(".0")


def words(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    colour: str = GREY,
    bold: bool = False,
    size: float = FONT,
) -> Markup:
    """One line of text whose baseline starts, ends or is centred at x."""
    return element(
        "text",
        text,
        x=at(x),
        y=at(y),
        text_anchor=None if anchor == "start" else anchor,
        fill=colour,
        font_weight="700" if bold else None,
        font_size=None if size == FONT else at(size),
    )


def paragraph(x: float, middle: float, lines: Sequence[str], **look) -> list[Markup]:
    """Lines of text one under the other around a middle."""
    first = middle - (len(lines) - 1) * LINE / 2 + FONT * 0.35
    return [words(x, first + place * LINE, line, **look) for place, line in enumerate(lines)]


def line(
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    colour: str = AXIS,
    width: float = 1.0,
    dash: str | None = None,
) -> Markup:
    return element(
        "line",
        x1=at(start[0]),
        y1=at(start[1]),
        x2=at(end[0]),
        y2=at(end[1]),
        stroke=colour,
        stroke_width=at(width),
        stroke_dasharray=dash,
    )


def path(
    places: Iterable[tuple[float, float]], *, colour: str, width: float, dash: str | None = None
) -> Markup:
    """A line through all places."""
    points = " ".join(f"{at(x)},{at(y)}" for x, y in places)
    return element(
        "polyline",
        points=points,
        fill="none",
        stroke=colour,
        stroke_width=at(width),
        stroke_dasharray=dash,
        stroke_linejoin="round",
    )


def band(places: Iterable[tuple[float, float]], colour: str) -> Markup:
    """An interval as a light area."""
    points = " ".join(f"{at(x)},{at(y)}" for x, y in places)
    return element("polygon", points=points, fill=colour, fill_opacity="0.1")


def filled(x: float, y: float, width: float, height: float, fill: Fill) -> list[Markup]:
    """A rectangle with its outline and hatching."""
    width, height = max(width, 0.0), max(height, 0.0)
    rectangle = element(
        "rect",
        x=at(x),
        y=at(y),
        width=at(width),
        height=at(height),
        fill=fill.colour or PAGE,
        stroke=fill.outline or None,
    )
    return [rectangle, *(_hatching(x, y, width, height, fill) if fill.hatch else ())]


def _hatching(x: float, y: float, width: float, height: float, fill: Fill) -> list[Markup]:
    """Lines at 45 degrees from edge to edge; "x" has the other ones too."""
    rising, falling = [], []
    for start in range(int(-height) + HATCH, int(width), HATCH):
        left, right = max(start, 0.0), min(start + height, width)
        low, high = left - start, right - start
        rising.append(f"M{at(x + left)} {at(y + height - low)}L{at(x + right)} {at(y + height - high)}")
        falling.append(f"M{at(x + left)} {at(y + low)}L{at(x + right)} {at(y + high)}")
    lines = [rising, falling] if fill.hatch == "x" else [rising]
    return [
        element("path", d="".join(each), stroke=fill.hatch_colour, stroke_width="1", fill="none")
        for each in lines
        if each
    ]


def point(x: float, y: float, pen: Pen, *, radius: float = 4.5, hollow: bool = False) -> Markup:
    """The marker of an arm, with a rim in the colour of the page; `hollow` where it is immature."""
    look = {
        "fill": PAGE if hollow else pen.colour,
        "stroke": pen.colour if hollow else PAGE,
        "stroke_width": "1.5",
    }
    if pen.marker == "circle":
        return element("circle", cx=at(x), cy=at(y), r=at(radius), **look)
    corners = {
        "diamond": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
        "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    }.get(pen.marker, ((0, -1.2), (1.1, 0.9), (-1.1, 0.9)))
    points = " ".join(f"{at(x + dx * radius)},{at(y + dy * radius)}" for dx, dy in corners)
    return element("polygon", points=points, **look)


def x_axis(
    axis: Axis, scale: Scale, ticks: Sequence[tuple[float, str]], y: float, top: float, *, grid: bool = False
) -> list[Markup]:
    """The line at the bottom of the plot with its ticks, and the title centred under it."""
    drawn = []
    last = -1e9
    for value, label in ticks:
        place = scale(value)
        if grid:
            drawn.append(line((place, top), (place, y), colour=GRID))
        drawn.append(line((place, y), (place, y + 4)))
        if place - width_of(label) / 2 > last:  # a label that would touch the one before is left out
            drawn.append(words(place, y + 18, label, anchor="middle"))
            last = place + width_of(label) / 2 + 3
    drawn.append(line((scale.start, y), (scale.end, y)))
    drawn.append(words((scale.start + scale.end) / 2, y + 38, axis.title, anchor="middle"))
    return drawn


def y_axis(
    axis: Axis, scale: Scale, ticks: Sequence[tuple[float, str]], x: float, right: float
) -> list[Markup]:
    """Ticks with light lines across the plot, and the title above, never turned."""
    drawn = []
    for value, label in ticks:
        place = scale(value)
        drawn.append(line((x, place), (right, place), colour=GRID))
        drawn.append(words(x - 8, place + FONT * 0.35, label, anchor="end"))
    drawn.append(words(4, scale.end - 14, axis.title))
    return drawn
