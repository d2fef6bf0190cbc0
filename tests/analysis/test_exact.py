"""Fisher's test and the conditional odds ratio against the distribution they rest on, summed up table by table.

Given the margins, a table with x responders in the first arm has comb(n1, x) comb(n0, total - x) ways, and its
weight is the ways times the odds ratio to the power x.
"""

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.proportions import boschloo, conditional_odds_ratio, fisher, mid_p


@st.composite
def tables(draw):
    n1, n0 = draw(st.integers(1, 90)), draw(st.integers(1, 90))
    return draw(st.integers(0, n1)), n1, draw(st.integers(0, n0)), n0


def ways(x1: int, n1: int, x0: int, n0: int) -> dict[int, int]:
    """The number of ways of every table with the margins of this one, by the responders of the first arm."""
    total = x1 + x0
    possible = range(max(0, total - n0), min(n1, total) + 1)
    return {x: math.comb(n1, x) * math.comb(n0, total - x) for x in possible}


def weighted(table, odds_ratio: float, of=lambda x: 1) -> Fraction:
    """The mean of `of(x)` over the tables with these margins, in exact arithmetic."""
    weights = {x: way * Fraction(odds_ratio) ** x for x, way in ways(*table).items()}
    return sum(weight * of(x) for x, weight in weights.items()) / sum(weights.values())


@settings(max_examples=200, deadline=None)
@given(tables())
def test_fisher_sums_the_tables_that_are_no_more_probable(table):
    counted = ways(*table)
    no_more = [way for way in counted.values() if way <= counted[table[0]]]
    assert fisher(*table) == pytest.approx(sum(no_more) / sum(counted.values()), rel=1e-9)


@settings(max_examples=100, deadline=None)
@given(tables())
def test_mid_p_counts_the_tables_as_probable_by_half(table):
    counted = ways(*table)
    less = sum(way for way in counted.values() if way < counted[table[0]])
    equal = sum(way for way in counted.values() if way == counted[table[0]])
    assert mid_p(*table) == pytest.approx((less + equal / 2) / sum(counted.values()), rel=1e-9)


def test_boschloo_is_never_above_twice_the_one_sided_fisher_p():
    # Boschloo 1970: uniformly more powerful than Fisher's test
    for table in [(3, 4, 1, 4), (7, 10, 2, 9), (24, 30, 16, 30)]:
        counted = ways(*table)
        above = sum(way for x, way in counted.items() if x >= table[0]) / sum(counted.values())
        assert boschloo(*table) < 2 * above


@settings(max_examples=60, deadline=None)
@given(tables())
def test_each_conditional_limit_leaves_half_of_alpha_beyond(table):
    x1, possible = table[0], ways(*table)
    estimate, (low, high) = conditional_odds_ratio(*table)
    if x1 > min(possible):
        assert weighted(table, low, lambda x: x >= x1) == pytest.approx(0.025, rel=1e-6)
    else:
        assert low == 0
    if x1 < max(possible):
        assert weighted(table, high, lambda x: x <= x1) == pytest.approx(0.025, rel=1e-6)
    else:
        assert high == math.inf
    if min(possible) < x1 < max(possible):
        assert weighted(table, estimate, lambda x: x) == pytest.approx(x1, rel=1e-6)


def test_fishers_tea_table_by_hand():
    # 3/4 v 1/4: tables 0..4 have 1, 16, 36, 16, 1 of 70 ways; as improbable as 16: 1 + 16 + 16 + 1 = 34
    assert fisher(3, 4, 1, 4) == pytest.approx(34 / 70, rel=1e-12)


@pytest.mark.parametrize("table", [(0, 8, 0, 5), (8, 8, 5, 5)])
def test_margins_that_leave_one_table(table):
    estimate, limits = conditional_odds_ratio(*table)
    assert fisher(*table) == 1
    assert mid_p(*table) == 0.5
    assert math.isnan(estimate)
    assert limits == (0, math.inf)


def test_an_empty_arm_is_not_estimable():
    assert math.isnan(fisher(0, 0, 3, 9))
    assert math.isnan(mid_p(0, 0, 3, 9))
    estimate, limits = conditional_odds_ratio(3, 9, 0, 0)
    assert all(math.isnan(number) for number in (estimate, *limits))
