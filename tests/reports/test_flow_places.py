"""Where the boxes of a participant flow stand: none over another, ways lead down, every word has its place."""

import itertools
import math

import pytest

from outputs.slide_chart import Counted, Flow, FlowBox
from reports.flow_places import flow_places

LONG = "Drug A " + "with a very long name " * 5
CHINESE = "失访" * 12


def column(trt: str, name: str, reasons: int) -> tuple[FlowBox, ...]:
    left = [
        Counted("Left the study", 9),
        *(Counted(f"{CHINESE} {n}", math.nan, True) for n in range(reasons)),
    ]
    return (
        FlowBox((Counted("Randomised", 60), Counted("Treated as in another arm", 1, True)), name, trt),
        FlowBox(tuple(left), arm=trt, aside=True),
        FlowBox((Counted("Completed", 30), Counted("On study", 21)), arm=trt),
        FlowBox((Counted("Due, overall response within a year or any later visit", 12),), arm=trt),
    )


TRUNK = (
    FlowBox((Counted("Screened", 1400),)),
    FlowBox((Counted("Screen failure", 20), Counted("Not eligible", 20, True)), aside=True),
    FlowBox((Counted("Enrolled", 1380),)),
)
FLOWS = {
    f"{arms} arms, {reasons} reasons{', screened' if trunk is TRUNK else ''}": Flow(
        trunk, tuple(column(f"A{n}", LONG if n else "Short", reasons * (n + 1)) for n in range(arms))
    )
    for arms, reasons, trunk in itertools.product((1, 2, 3, 6), (0, 4), (TRUNK, TRUNK[2:]))
}


@pytest.fixture(params=FLOWS.values(), ids=FLOWS.keys())
def flow(request) -> Flow:
    return request.param


@pytest.mark.parametrize("width", [760, 320])
def test_no_box_lies_over_another_or_beside_the_page(flow, width):
    places = flow_places(flow, width, 13)
    assert [placed.box for placed in places.boxes] == list(flow.boxes)
    for box in places.boxes:
        assert box.left >= -1e-6 and box.left + box.width <= width + 1e-6
        assert box.top >= -1e-6 and box.bottom <= places.height
    for one, two in itertools.combinations(places.boxes, 2):
        across = one.left + one.width <= two.left + 1e-6 or two.left + two.width <= one.left + 1e-6
        assert across or one.bottom < two.top or two.bottom < one.top


def test_ways_lead_down_and_aside_between_two_boxes(flow):
    places = flow_places(flow, 760, 13)
    boxes = places.boxes
    for before, after in places.ways:
        assert boxes[before].bottom < boxes[after].top
    for before, aside in places.asides:
        (after,) = [
            two for one, two in places.ways if one == before and boxes[two].left == boxes[before].left
        ]
        middle = boxes[aside].top + boxes[aside].height / 2
        assert boxes[before].bottom < middle < boxes[after].top
        assert boxes[aside].left > boxes[before].left + boxes[before].width
    reached = {after for _, after in (*places.ways, *places.asides)}
    assert reached == set(range(1, len(boxes)))


def test_no_word_is_lost_and_what_is_left_out_says_so(flow):
    for placed in flow_places(flow, 760, 13).boxes:
        lines = [line for line in placed.lines if not line.heading]
        for counted, line in zip(placed.box.lines, lines, strict=True):
            words = "".join(line.words).replace(" ", "")
            assert words.removesuffix(":notshown") == counted.words.replace(" ", "")
            assert line.number == (
                "" if math.isnan(counted.n) else f"{counted.n:,.0f}".replace(",", "\u2009")
            )
            assert words.endswith(":notshown") == math.isnan(counted.n)
