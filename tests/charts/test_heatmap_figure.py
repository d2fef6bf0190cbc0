"""The heat map of platelets: a square per count, what stands for none, marks, clicks."""

import itertools

import pandas as pd
import pytest
from figure_frames import E2, NAN, POOLED, C, E, noted, texts

from charts.heatmap import heatmap_figure
from charts.heatmap_marks import BANDS, DARK, LIGHT, MISSING, NOT_REACHED

WEEKS = [0.0, 1.0, 2.0, 4.0]
LANES = pd.DataFrame(
    [("01-001", "RTX", "CR"), ("01-002", "RTX", "NR"), ("01-003", "IGU+RTX", "NR"), ("<b>", "RTX", "NR")],
    columns=["USUBJID", "ARM", "GROUP"],
)
CELLS = pd.DataFrame(
    [
        ("01-001", 0.0, 8.0, BANDS[0]),
        ("01-001", 1.0, 120.0, BANDS[4]),
        ("01-001", 2.0, NAN, MISSING),
        ("01-001", 4.0, NAN, NOT_REACHED),
        ("01-002", 0.0, 30.0, BANDS[2]),
        ("01-003", 0.0, 99.0, BANDS[3]),
        ("<b>", 0.0, 10.0, BANDS[1]),
    ],
    columns=["USUBJID", "AVISITN", "AVAL", "BAND"],
)
RESCUES = pd.DataFrame([("01-002", 2.0)], columns=["USUBJID", "AVISITN"])
LEFT = pd.DataFrame([("01-002", 4.0)], columns=["USUBJID", "AVISITN"])
GROUPS = {"CR": "Complete response", "NR": "No response"}


def heat(cells=CELLS, lanes=LANES, arms=(E, C), **look):
    return heatmap_figure(cells, lanes, arms, rescues=RESCUES, left=LEFT, weeks=WEEKS, groups=GROUPS, **look)


def of_arm(figure, axis: str) -> dict:
    return {trace.name: trace for trace in figure.data if trace.xaxis == axis and trace.name}


def test_a_square_per_count_in_the_colour_of_its_band():
    traces = of_arm(heat(), "x2")
    for band, fill in zip(BANDS, LIGHT, strict=True):
        name = band.replace("<", "&lt;")
        assert traces[name].marker.color == fill
    assert list(traces["≥ 100"].x) == [1] and list(traces["≥ 100"].customdata) == ["01-001"]


def test_no_count_and_not_yet_reached_look_apart_and_are_clickable():
    traces = of_arm(heat(), "x2")
    missing, to_come = traces[MISSING], traces[NOT_REACHED]
    assert missing.marker.symbol == "square-open" and to_come.marker.symbol == "circle"
    assert missing.hovertext[0] == "01-001<br>week 2: no count<br>click to open"
    assert list(to_come.customdata) == ["01-001"]


def test_rows_stand_in_the_order_given_and_groups_apart():
    traces = of_arm(heat(), "x2")
    first, second = traces["&lt; 10"].y[0], traces["30 to &lt; 50"].y[0]
    third = traces["10 to &lt; 30"].y[0]
    assert second - first > third - second > 0
    assert {"Complete response 1", "No response 2", "No response 1"} <= set(texts(heat()))


def test_rescue_is_a_cross_with_a_rim_and_leaving_a_bar():
    figure = heat()
    crosses = [trace for trace in figure.data if trace.marker.symbol == "x-thin" and len(trace.x)]
    assert [list(trace.x) for trace in crosses] == [[2], [2]]
    assert crosses[0].marker.line.width > crosses[1].marker.line.width
    (bar,) = [trace for trace in figure.data if trace.marker.symbol == "line-ns" and len(trace.x)]
    assert bar.y[0] == crosses[0].y[0] and bar.x[0] > 3


def test_identifiers_are_text_in_the_hover_and_as_they_are_in_a_click():
    trace = of_arm(heat(), "x2")["10 to &lt; 30"]
    assert trace.hovertext[0].startswith("&lt;b&gt;<br>baseline: 10 ×10⁹/L") and trace.customdata[0] == "<b>"


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("fills", "page"), [(LIGHT, "#FFFFFF"), (DARK, "#12161B")])
def test_the_bands_differ_in_lightness_from_the_page_on(fills, page):
    """In grey too, so for every kind of colour blindness; the direction is the same throughout."""
    steps = [luminance(colour) + 0.05 for colour in (page, *fills)]
    ratios = [max(a, b) / min(a, b) for a, b in itertools.pairwise(steps)]
    assert min(ratios) >= 1.4
    assert sorted(steps) in (steps, steps[::-1])


@pytest.mark.parametrize("arms", [(POOLED,), (E, E2, C)])
def test_one_arm_and_three_have_room(arms):
    lanes = LANES.assign(ARM=[arms[i % len(arms)].trt for i in range(len(LANES))])
    figure = heat(lanes=lanes, arms=arms)
    areas = [axis.domain for axis in figure.select_xaxes()]
    assert len(areas) == len(arms) and all(list(area) == [0, 1] for area in areas)


def test_a_phone_has_the_arms_below_each_other_and_short_names():
    figure = heat(compact=True)
    assert {"CR 1", "NR 2"} <= set(texts(figure))
    assert noted(figure, "1 participant<").y < noted(figure, "3 participants<").y
