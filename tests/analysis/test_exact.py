"""Fisher's test and the conditional odds ratio against scipy.stats, and their answers at the edges."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact
from scipy.stats.contingency import odds_ratio

from analysis.exact import conditional_odds_ratio, fisher


@st.composite
def tables(draw):
    n1, n0 = draw(st.integers(1, 90)), draw(st.integers(1, 90))
    return draw(st.integers(0, n1)), n1, draw(st.integers(0, n0)), n0


@settings(max_examples=300, deadline=None)
@given(tables())
def test_fisher_agrees_with_scipy(table):
    x1, n1, x0, n0 = table
    expected = fisher_exact([[x1, n1 - x1], [x0, n0 - x0]]).pvalue
    assert fisher(*table) == pytest.approx(expected, rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(tables())
def test_conditional_odds_ratio_agrees_with_scipy(table):
    x1, n1, x0, n0 = table
    result = odds_ratio([[x1, n1 - x1], [x0, n0 - x0]], kind="conditional")
    estimate, limits = conditional_odds_ratio(*table)
    assert estimate == pytest.approx(result.statistic, rel=1e-6, nan_ok=True)
    assert limits == pytest.approx(tuple(result.confidence_interval(0.95)), rel=1e-6)


def test_fishers_tea_table_by_hand():
    # 3/4 v 1/4: tables 0..4 have 1, 16, 36, 16, 1 of 70 ways; as improbable as 16: 1 + 16 + 16 + 1 = 34
    assert fisher(3, 4, 1, 4) == pytest.approx(34 / 70, rel=1e-12)


@pytest.mark.parametrize("table", [(0, 8, 0, 5), (8, 8, 5, 5)])
def test_margins_that_leave_one_table(table):
    estimate, limits = conditional_odds_ratio(*table)
    assert fisher(*table) == 1
    assert math.isnan(estimate)
    assert limits == (0, math.inf)


def test_an_empty_arm_is_not_estimable():
    assert math.isnan(fisher(0, 0, 3, 9))
    estimate, limits = conditional_odds_ratio(3, 9, 0, 0)
    assert all(math.isnan(number) for number in (estimate, *limits))
