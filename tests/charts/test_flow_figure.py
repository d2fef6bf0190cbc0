"""The flow diagram: boxes that do not touch, words that stay in their box, a mark for every counted line."""

import html
from types import SimpleNamespace

import pandas as pd
import pytest
from figure_frames import E2, POOLED, C, E, texts

from charts.flow import flow_figure
from charts.format import text_width
from charts.layout import NARROWEST, PHONE

LONG = "A very long name of an arm with many drugs, doses and a schedule that nobody ever reads to its end in a figure"
CHINESE = "失访" * 12
WIDE = [SimpleNamespace(trt=f"ARM{i}", label=f"{LONG} {i}", role=role) for i, role in enumerate(
    ("experimental", "experimental", "control")
)]  # fmt: skip
REASON = "Withdrawal of consent because of a move to another town, far from every site of the study"
IN_ARM = [
    ("ASSIGNED", "Randomised", "", 60),
    ("TREATED", "Treated", "", 59),
    ("ELSEWHERE", "Treated as in another arm", "", 1),
    ("UNTREATED", "Not treated", "", 1),
    ("LEFT", "Left the study", "", 6),
    ("LEFT", f"Left the study: {REASON}", REASON, 4),
    ("LEFT", f"Left the study: {CHINESE}", CHINESE, 2),
    ("COMPLETED", "Completed", "", 44),
    ("ONSTUDY", "On study", "", 10),
    ("SET FAS", "Full analysis set", "", 59),
    ("DUE", "Due, <b>primary</b> endpoint", "", 40),
    ("NOTDUE", "Not yet due, primary endpoint", "", 19),
    ("ANALYSED", "Analysed, primary endpoint", "", 40),
]  # fmt: skip
SCREENING = [
    ("SCREENED", "Screened", "", 140),
    ("FAILED", "Screen failure", "", 20),
    ("FAILED", f"Screen failure: {REASON}", REASON, 20),
]


def flow(arms, *, screened: bool = True) -> pd.DataFrame:
    rows = [(*row[:3], "All", row[3]) for row in ([*SCREENING, *IN_ARM] if screened else IN_ARM)]
    rows += [(*row[:3], arm.trt, row[3]) for arm in arms for row in IN_ARM if arm.trt != "All"]
    return pd.DataFrame(rows, columns=["step", "label", "reason", "arm", "n"])


FLOW = flow([E, E2, C])
CASES = {
    "two arms": ([E, C], True),
    "three arms of long names": (WIDE, True),
    "no screening": ([E, C], False),
    "one arm": ([E], True),
    "pooled": ([POOLED], True),
}


def drawn(case: str, compact: bool, **look):
    arms, screened = CASES[case]
    return flow_figure(flow(arms, screened=screened), arms, compact=compact, **look)


def boxes(figure) -> list[tuple[float, float, float, float]]:
    return [(s.x0, s.x1, s.y0, s.y1) for s in figure.layout.shapes if s.type == "rect"]


def lines(figure) -> list[dict]:
    """The marks of counted lines: label, arm, edges."""
    (bars,) = (trace for trace in figure.data if trace.type == "bar")
    parts = zip(bars.customdata, bars.x, bars.width, bars.base, bars.y, strict=True)
    return [
        {"cell": tuple(cell), "left": x - w / 2, "right": x + w / 2, "top": top, "bottom": top + height}
        for cell, x, w, top, height in parts
    ]


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_boxes_are_apart_and_inside_the_figure(case, compact):
    found = boxes(drawn(case, compact))
    for i, (left, right, top, bottom) in enumerate(found):
        assert -1e-9 <= left < right <= 1 + 1e-9 and 0 <= top < bottom
        for x0, x1, y0, y1 in found[:i]:
            assert right <= x0 or x1 <= left or bottom <= y0 or y1 <= top


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_words_stay_in_their_box_at_the_narrowest_width(case, compact):
    figure = drawn(case, compact)
    margin = figure.layout.margin
    width = (PHONE if compact else NARROWEST) - margin.l - margin.r
    for left in (n for n in figure.layout.annotations if n.xanchor == "left"):
        (box,) = (b for b in boxes(figure) if b[0] == left.x and b[2] <= left.y <= b[3])
        rows = left.text.removeprefix("<b>").removesuffix("</b>").split("<br>")
        strong = left.text.startswith("<b>")
        room = (box[1] - box[0]) * width - left.xshift - (0 if strong else 30)
        size = left.font.size
        assert max(text_width(html.unescape(row), size, bold=strong) for row in rows) <= room
        half = len(rows) * 18 / 2
        assert box[2] <= left.y - half and left.y + half <= box[3]


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_every_count_is_a_mark_that_says_whose_it_is(case, compact):
    arms, screened = CASES[case]
    figure = drawn(case, compact)
    expected = {(row[1], arm.trt) for arm in arms for row in IN_ARM}
    expected |= {("Randomised", "")} | ({(row[1], "") for row in SCREENING} if screened else set())
    found = lines(figure)
    assert {line["cell"] for line in found} == expected
    assert len(found) == len(expected)
    inside = boxes(figure)
    for line in found:
        assert any(
            b[0] - 1e-9 <= line["left"] and line["right"] <= b[1] + 1e-9
            and b[2] <= line["top"] and line["bottom"] <= b[3]
            for b in inside
        )  # fmt: skip
    counts = [n.text for n in figure.layout.annotations if n.xanchor == "right"]
    assert len(counts) == len(expected)


def test_boxes_of_a_kind_stand_at_the_same_height_in_every_arm():
    arms = [E, C]
    counts = flow(arms)
    more = counts[(counts["arm"] == C.trt) & (counts["reason"] != "")].head(1)
    figure = flow_figure(counts.drop(index=more.index), arms)
    columns: dict[float, list] = {}
    for left, _, top, bottom in boxes(figure)[3:]:
        columns.setdefault(left, []).append((top, bottom))
    first, second = columns.values()
    assert first == second and len(first) == 4


def test_arrows_end_at_the_boxes():
    figure = drawn("two arms", compact=False)
    (heads,) = (trace for trace in figure.data if trace.type == "scatter")
    edges = {round(top, 6) for _, _, top, _ in boxes(figure)}
    pointing_down = [
        y for y, symbol in zip(heads.y, heads.marker.symbol, strict=True) if symbol == "triangle-down"
    ]
    assert all(round(y + 4, 6) in edges for y in pointing_down)
    assert list(heads.marker.symbol).count("triangle-right") == 1


def test_names_are_in_the_colour_of_their_arm_and_markup_is_inert():
    figure = flow_figure(FLOW, [E, E2, C])
    named = {n.text: n.font.color for n in figure.layout.annotations if n.text.startswith("<b>")}
    assert next(c for text, c in named.items() if "Rituximab" in text) == "#B34E00"
    assert not any("<b>primary" in text or "<b>alone" in text for text in texts(figure))
