"""The participant flow: boxes of counted lines, and the ways between them."""

from collections.abc import Iterator, Sequence

from outputs.output import ArmStyle
from outputs.slide_chart import Flow
from outputs.slide_look import AXIS, GREY, PAGE, TEXT, Fill
from reports.flow_places import FORK, INDENT, PAD, Placed, Places, Written, flow_places
from reports.markup import Markup, element
from reports.svg.marks import at, filled, path, pen_of, words
from reports.svg.plane import FONT, WIDTH

EDGE = 1.0  # around all, so that no frame is cut
HEAD = 4.0  # half the head of an arrow
BASELINE = 0.92  # of a line below its top, as a multiple of the size


def flow_picture(chart: Flow, arms: Sequence[ArmStyle]) -> tuple[list[Markup], float]:
    """The picture of a flow, and its height."""
    places = flow_places(chart, WIDTH - 2 * EDGE, FONT)
    drawn = [*_ways(places), *(each for box in places.boxes for each in _box(box, places, arms))]
    return [element("g", *drawn, transform=f"translate({at(EDGE)} {at(EDGE)})")], places.height + 2 * EDGE


def _box(box: Placed, places: Places, arms: Sequence[ArmStyle]) -> Iterator[Markup]:
    """Frame and lines; a number stands before its words."""
    yield from filled(box.left, box.top, box.width, box.height, Fill(PAGE, TEXT, AXIS))
    top = box.top + PAD * places.size
    for line in box.lines:
        colour = pen_of(box.box.arm, arms).words if line.heading else GREY if line.part else TEXT
        yield from _line(line, box, top, places.size, colour)
        top += line.height * places.size


def _line(line: Written, box: Placed, top: float, size: float, colour: str) -> Iterator[Markup]:
    left = box.left + (PAD + (INDENT if line.part else 0.0)) * size
    first = top + BASELINE * size
    if line.number:
        yield words(left, first, line.number, colour=colour, bold=not line.part)
    across = left if line.heading else left + box.numbers
    step = line.height * size / max(len(line.words), 1)
    for place, text in enumerate(line.words):
        yield words(across, first + place * step, text, colour=colour, bold=line.heading)


def _ways(places: Places) -> Iterator[Markup]:
    """From box to box down, over a fork to each arm, and to who goes aside."""
    boxes = places.boxes
    for before, after in places.ways:
        one, two = boxes[before], boxes[after]
        fork = two.top - FORK * places.size / 2
        corners = [(one.middle, one.bottom), (one.middle, fork), (two.middle, fork), (two.middle, two.top)]
        straight = abs(one.middle - two.middle) < 0.5
        yield path([corners[0], corners[-1]] if straight else corners, colour=AXIS, width=1)
        yield _head(two.middle, two.top, [(-HEAD, -2 * HEAD), (HEAD, -2 * HEAD)])
    for before, aside in places.asides:
        middle = boxes[aside].top + boxes[aside].height / 2
        yield path([(boxes[before].middle, middle), (boxes[aside].left, middle)], colour=AXIS, width=1)
        yield _head(boxes[aside].left, middle, [(-2 * HEAD, -HEAD), (-2 * HEAD, HEAD)])


def _head(x: float, y: float, back: Sequence[tuple[float, float]]) -> Markup:
    corners = [(x, y), *((x + dx, y + dy) for dx, dy in back)]
    return element("polygon", points=" ".join(f"{at(cx)},{at(cy)}" for cx, cy in corners), fill=AXIS)
