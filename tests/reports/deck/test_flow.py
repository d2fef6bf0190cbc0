"""The participant flow of a slide: native boxes with the numbers of the results, joined by connectors."""

import dataclasses
import math

import pytest
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.util import Inches, Pt

from outputs.output import View
from outputs.slide import Slide
from outputs.slide_chart import Counted, Flow, FlowBox
from reports.deck.box import Box
from reports.deck.deck import build_deck
from reports.deck.flow import draw_flow, fits_as_flow
from reports.deck.template import open_template
from reports.plan import Plan
from reports.shown import show_all
from tests.reports.deck.conftest import opened

STUDY = "nct07057778"
SLIDE = Slide("participant_flow", View())


@pytest.fixture(scope="module", params=["true", "pooled"])
def made(request, marked_data):
    """The output as it leaves, and its group on the slide."""
    data = marked_data(STUDY, None, request.param)
    (shown,) = show_all(data, [SLIDE])
    deck = opened(build_deck(data, Plan((SLIDE,))))
    (group,) = [s for s in deck.slides[1].shapes if s.shape_type == MSO_SHAPE_TYPE.GROUP]
    return shown.output, group, deck.slides[1]


def boxes(group) -> list:
    return [shape for shape in group.shapes if shape.shape_type == MSO_SHAPE_TYPE.AUTO_SHAPE]


def arrows(group) -> list:
    return [shape for shape in group.shapes if shape.shape_type == MSO_SHAPE_TYPE.LINE]


def test_each_box_tells_the_numbers_of_the_results_in_order(made):
    output, group, _ = made
    chart = output.chart()
    assert len(boxes(group)) == len(chart.boxes)
    for shape, box in zip(boxes(group), chart.boxes, strict=True):
        said = [paragraph.text for paragraph in shape.text_frame.paragraphs]
        expected = [box.name] if box.name else []
        for line in box.lines:
            left_out = math.isnan(line.n)
            expected.append(f"{line.words}: not shown" if left_out else f"{line.n:.0f}\t{line.words}")
        assert said == expected
    of_results = {int(n) for n in output.results["n"].dropna()}
    numbers = [
        paragraph.text.split("\t")[0] for shape in boxes(group) for paragraph in shape.text_frame.paragraphs
    ]
    assert {int(n) for n in numbers if n.isdigit()} <= of_results


def test_the_group_is_described_and_read_from_the_top_down(made):
    output, group, slide = made
    assert group._element.nvGrpSpPr.cNvPr.get("descr") == output.alt
    names = [shape.name for shape in slide.shapes]
    assert names.index(group.name) > names.index(slide.shapes.title.name)
    assert names.index(group.name) < names.index("Footer")
    kinds = [shape.shape_type for shape in group.shapes]
    assert kinds == sorted(kinds, key=lambda kind: kind == MSO_SHAPE_TYPE.LINE)  # the boxes first
    assert all("decorative" in str(arrow._element.xml) for arrow in arrows(group))


def test_arrows_hang_on_their_boxes(made):
    output, group, _ = made
    chart = output.chart()
    ids = {shape.shape_id for shape in boxes(group)}
    ends = [arrow._element.xpath(".//a:endCxn") for arrow in arrows(group)]
    assert all(len(end) == 1 and int(end[0].get("id")) in ids for end in ends)
    assert {int(end[0].get("id")) for end in ends} == ids - {boxes(group)[0].shape_id}
    starts = [arrow._element.xpath(".//a:stCxn") for arrow in arrows(group)]
    aside = sum(box.aside for box in chart.boxes)
    assert sum(not start for start in starts) == aside


def test_the_group_stays_on_its_place(made):
    _, group, slide = made
    frame = {shape.name: shape for shape in slide.shapes}
    for shape in boxes(group):
        assert shape.top + shape.height <= frame["Rule"].top
        assert shape.top >= frame["Line"].top + frame["Line"].height
    assert group.top == min(shape.top for shape in boxes(group))
    assert group.left + group.width == max(shape.left + shape.width for shape in boxes(group))
    sizes = {run.font.size for shape in boxes(group) for p in shape.text_frame.paragraphs for run in p.runs}
    assert min(sizes) >= Pt(11)


def test_an_elbow_goes_from_the_trunk_to_the_arm():
    """Turned by a quarter about its middle, the drawn arrow begins below the one box and ends above the other."""
    one = FlowBox((Counted("Enrolled", 2),))
    flow = Flow((one,), tuple((FlowBox((Counted("In", 1),), arm=trt),) for trt in "AB"))
    slide = open_template().deck.slides.add_slide(open_template().layout)
    draw_flow(slide, flow, Box(Inches(1), Inches(1), Inches(8), Inches(4)), arms=(), alt="Flow")
    (group,) = [s for s in slide.shapes if s.shape_type == MSO_SHAPE_TYPE.GROUP]
    enrolled, *arms = boxes(group)
    for arrow, arm in zip(arrows(group), arms, strict=True):
        middle = arrow.left + arrow.width / 2, arrow.top + arrow.height / 2
        top, bottom = middle[1] - arrow.width / 2, middle[1] + arrow.width / 2
        assert top == pytest.approx(enrolled.top + enrolled.height, abs=2)
        assert bottom == pytest.approx(arm.top, abs=2)
        ends = {middle[0] - arrow.height / 2, middle[0] + arrow.height / 2}
        for expected in (enrolled.left + enrolled.width / 2, arm.left + arm.width / 2):
            assert min(abs(end - expected) for end in ends) <= 2


def test_a_flow_without_room_is_a_table(marked_data):
    data = marked_data(STUDY)
    reasons = [f"Reason {n} in so many words that it needs two lines of its box" for n in range(9)]
    why = data.adsl["DCSREAS"].astype("str")
    many = why.mask(why != "", [reasons[n % 9] for n in range(len(why))])
    changed = dataclasses.replace(data, adsl=data.adsl.assign(DCSREAS=many))
    (shown,) = show_all(changed, [SLIDE])
    assert not fits_as_flow(shown.output.chart(), Box(0, 0, Inches(6), Inches(3)))


def test_the_same_flow_has_the_same_bytes(marked_data):
    data = marked_data(STUDY)
    assert build_deck(data, Plan((SLIDE,))) == build_deck(data, Plan((SLIDE,)))
