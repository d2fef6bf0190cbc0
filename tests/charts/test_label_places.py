"""Placing labels and ticks."""

import itertools

import pytest

from charts.layout import PHONE_TICKS, WEEK_TICKS, domain, spread, week_ticks
from charts.lines import spaced


def test_spread_leaves_boxes_that_do_not_touch():
    assert spread([10, 100], [20, 20], low=0, high=200) == [10, 100]


def test_spread_pushes_neighbours_apart_evenly():
    assert spread([50, 50], [20, 20], low=0, high=200, gap=4) == [38, 62]


def test_spread_keeps_the_order_wanted_and_the_bounds():
    centres = spread([195, 190, 198], [30, 30, 30], low=0, high=200)
    assert centres == [155, 125, 185]


def test_a_light_box_gives_way():
    heavy, light = spread([50, 55], [20, 20], low=0, high=200, weights=[1, 0.01])
    assert heavy == pytest.approx(50, abs=0.3)
    assert light == pytest.approx(70, abs=0.3)


def test_spread_of_nothing():
    assert spread([], [], low=0, high=10) == []


def test_domain_counts_from_the_top():
    assert domain(0, 100, 400) == [0.75, 1]
    assert domain(300, 400, 400) == [0, 0.25]


def test_week_ticks_are_visits_of_the_preferred_list():
    visits = [0, 1, 2, 3, 4, 6, 8, 12, 16, 20, 26, 30, 34, 42, 52]
    assert week_ticks(visits, WEEK_TICKS, most=26) == [0, 2, 4, 8, 12, 16, 20, 26, 34, 42, 52]
    assert week_ticks(visits, PHONE_TICKS, most=9) == [0, 8, 16, 26, 34, 42, 52]


def test_week_ticks_of_another_grid_are_its_own_visits():
    assert week_ticks([1, 3, 5], WEEK_TICKS, most=20) == [1, 3, 5]
    assert week_ticks([], WEEK_TICKS, most=20) == [0]


def test_week_ticks_keep_first_and_last_apart():
    ticks = week_ticks([0, 4, 8, 12, 51, 52], (0, 4, 8, 12, 51, 52), most=10)
    assert ticks[0] == 0 and ticks[-1] == 52
    assert all(b - a >= 5.2 for a, b in itertools.pairwise(ticks))


def test_numbers_under_the_axis_keep_their_distance():
    assert spaced([0, 2, 4, 8, 12], 3) == [0, 4, 8, 12]
