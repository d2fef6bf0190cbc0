"""Rates at two cuts: hollow and filled marks, where they stand, their words and click data."""

import itertools

import pandas as pd
import pytest
from figure_frames import NAN, POOLED, C, E, noted, texts

from charts.cut_rows import cut_rows_figure

COLUMNS = ["endpoint", "cut", "arm", "n", "N", "estimate", "conf_low", "conf_high"]
CUTS = ("31 Mar 2026", "31 Dec 2026")
AT_CUTS = pd.DataFrame(
    [
        ("OR", CUTS[0], "IGU+RTX", 0, 0, NAN, NAN, NAN),
        ("OR", CUTS[0], "RTX", 5, 11, 5 / 11, 0.213, 0.720),
        ("OR", CUTS[1], "IGU+RTX", 22, 27, 22 / 27, 0.633, 0.918),
        ("OR", CUTS[1], "RTX", 16, 28, 16 / 28, 0.391, 0.735),
        ("W12", CUTS[1], "RTX", 10, 20, 0.5, 0.299, 0.701),
    ],
    columns=COLUMNS,
)
ENDPOINTS = {"OR": "Overall response <b>", "W12": "Response at week 12"}
MOVERS = {"OR": "28 newly due, 1 correction", "W12": "20 newly due"}


def figure(frame=AT_CUTS, arms=(E, C), **look):
    return cut_rows_figure(frame, arms, endpoints=ENDPOINTS, cuts=CUTS, moved=MOVERS, **look)


def test_the_earlier_cut_is_hollow_and_this_one_filled():
    way, then, now = figure().data[3:]
    assert list(then.x) == pytest.approx([100 * 5 / 11]) and list(now.x) == pytest.approx([100 * 16 / 28, 50])
    assert then.marker.color == "#FFFFFF" and now.marker.color == now.marker.line.color == "#D55E00"
    assert now.error_x.array[0] == pytest.approx(73.5 - 100 * 16 / 28)
    assert then.y[0] < now.y[0]
    assert list(way.x[:2]) == pytest.approx([100 * 5 / 11, 100 * 16 / 28]) and len(way.x) == 3


def test_nobody_due_is_said_and_not_drawn():
    drawn = figure()
    assert len(drawn.data[0].x) == 0 and len(drawn.data[1].x) == 0
    assert "31 Mar 2026: nobody due vs 45%" in noted(drawn, "Overall response").text
    assert "31 Mar 2026: nobody due" in noted(drawn, "week 12").text


def test_a_click_names_endpoint_and_arm():
    assert [list(cell) for cell in figure().data[5].customdata] == [
        ["Overall response <b>", "RTX"],
        ["Response at week 12", "RTX"],
    ]


def test_who_moved_stands_at_the_end_of_the_row():
    assert "20 newly due" in texts(figure())
    assert "28 newly due" in noted(figure(compact=True), "Overall response").text


@pytest.mark.parametrize("compact", [False, True])
def test_rows_are_apart_and_inside_the_plot(compact):
    drawn = figure(compact=compact)
    heights = sorted({y for place in (1, 2, 4, 5) for y in drawn.data[place].y})
    low, high = drawn.layout.yaxis.range[1], drawn.layout.yaxis.range[0]
    assert low < heights[0] and heights[-1] < high
    assert all(b - a >= 10 for a, b in itertools.pairwise(heights))


def test_one_arm():
    drawn = figure(AT_CUTS[AT_CUTS["arm"] == "RTX"].assign(arm="All"), (POOLED,))
    assert len(drawn.data) == 3 and "31 Dec 2026: 57%" in noted(drawn, "Overall response").text
