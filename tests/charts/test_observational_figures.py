"""Figures about arms that were not randomised: balance before and after, mirrored scores, weights by participant."""

import pandas as pd
import pytest
from figure_frames import E2, NAN, C, E, noted, texts

from charts.observational.love import love_figure
from charts.observational.overlap import overlap_figure
from charts.observational.weights import weights_figure

LOVE = pd.DataFrame(
    [
        ("BASE", "Baseline platelets <b>", -0.70, 0.02),
        ("SEX: M", "Sex: M", 0.31, -0.12),
        ("CODE", "Code", NAN, NAN),
    ],
    columns=["term", "label", "before", "after"],
)
BINS = pd.DataFrame(
    [
        (E2.trt, 0.40, 0.45, False, "score 0.40 to 0.45", 3, 6),
        (E2.trt, 0.55, 0.60, False, "score 0.55 to 0.60", 1, 6),
        (E2.trt, 0.55, 0.60, True, "outside", 2, 6),
        (C.trt, 0.05, 0.10, True, "outside", 1, 5),
        (C.trt, 0.40, 0.45, False, "score 0.40 to 0.45", 4, 5),
    ],
    columns=["arm", "low", "high", "outside", "group", "n", "N"],
)
SUPPORT = (0.42, 0.58)
WEIGHTS = pd.DataFrame(
    [
        *[
            (E2.trt, "the other weights", 1.0, 0.1),
            (E2.trt, "largest", 7.0, 0.7),
            (E2.trt, "largest", 2.0, 0.2),
        ],
        *[(C.trt, "equal weights", 1.0, 0.25)] * 4,
    ],
    columns=["arm", "group", "weight", "share"],
)
SIZES = {E2.trt: 1.85, C.trt: 4.0}


@pytest.mark.parametrize("compact", [False, True])
def test_hollow_before_and_filled_after_in_the_given_order(compact):
    before, after = love_figure(LOVE, compact=compact).data
    assert before.x == (0.70, 0.31) and after.x == (0.02, 0.12)
    assert before.y == after.y and list(before.y) == sorted(before.y)
    assert before.marker.color == "#FFFFFF" and after.marker.color == before.marker.line.color


def test_the_tenth_is_marked_and_the_hover_keeps_the_sign():
    figure = love_figure(LOVE)
    assert [s.x0 for s in figure.layout.shapes if s.line.dash == "dot"] == [0.1]
    assert "0.31 → 0.12" in texts(figure) and "– → –" in texts(figure)
    assert "after \N{MINUS SIGN}0.12" in figure.data[0].hovertext[1]
    assert figure.layout.xaxis.range[1] >= 0.70


def test_the_control_arm_hangs_below_and_who_is_outside_is_hollow():
    figure = overlap_figure(BINS, [E2, C], support=SUPPORT)
    up, down = figure.data
    assert up.y == (3, 1, 2) and up.base == (0, 0, 1)  # the two outside stand on the one inside
    assert down.y == (-1, -4) and set(down.base) == {0}
    assert up.x == pytest.approx((0.425, 0.575, 0.575))
    assert up.marker.color[2] == "#FFFFFF" != up.marker.color[1] == up.marker.line.color
    assert list(up.customdata[2]) == ["outside", E2.trt]
    (shade,) = [s for s in figure.layout.shapes if s.type == "rect"]
    assert (shade.x0, shade.x1) == SUPPORT
    assert noted(figure, "Common support").text == "Common support 0.42 to 0.58"
    assert noted(figure, "n = 6").text.endswith("n = 6, 2 outside")


@pytest.mark.parametrize(("support", "side"), [((0.01, 0.2), "left"), ((0.8, 0.99), "right")])
def test_the_words_of_the_support_stay_on_the_figure(support, side):
    assert noted(overlap_figure(BINS, [E2, C], support=support), "Common support").xanchor == side


def test_names_have_room_beyond_the_longest_bar():
    for most in (1, 2, 7, 60):
        bins = BINS.assign(n=[most, 0, 0, 0, 1])
        figure = overlap_figure(bins, [E2, C], support=SUPPORT)
        low, high = figure.layout.yaxis.range
        assert high == -low and high >= most * 1.2
        assert all(float(tick).is_integer() for tick in figure.layout.yaxis.tickvals)


@pytest.mark.parametrize("compact", [False, True])
def test_weights_stand_by_arm_the_largest_first(compact):
    figure = weights_figure(WEIGHTS, [E2, C], sizes=SIZES, compact=compact)
    first, second = figure.data
    assert first.y == pytest.approx((70, 20, 10)) and second.y == pytest.approx((25,) * 4)
    assert list(first.customdata[0]) == ["largest", E2.trt]
    assert noted(figure, "effective sample size 1.9 of 3")
    assert {"equal weights: 33.3%", "equal weights: 25.0%"} <= set(texts(figure))
    assert figure.layout.yaxis.range == figure.layout.yaxis2.range and figure.layout.yaxis.range[1] > 70
    wide, narrow = (figure.layout[name].domain for name in ("xaxis", "xaxis2"))
    assert (wide == narrow == (0, 1)) if compact else wide[1] < narrow[0]


def test_the_tenth_is_drawn_where_a_bar_comes_near_it():
    small = WEIGHTS.assign(share=WEIGHTS["share"] / 10)
    assert not [t for t in texts(weights_figure(small, [E, C], sizes=SIZES)) if "10% of" in t]
    assert [t for t in texts(weights_figure(WEIGHTS, [E2, C], sizes=SIZES)) if "10% of" in t]
