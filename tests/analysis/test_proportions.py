"""Intervals and tests from counts: empty, zero and full cells, and the promises that hold for every table."""

import itertools
import math
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import proportions
from analysis.proportions import Interval
from analysis.proportions.difference import restricted_for_all_tables

SMALL = [
    (x1, n1, x0, n0)
    for n1, n0 in itertools.product(range(1, 13), repeat=2)
    for x1 in range(n1 + 1)
    for x0 in range(n0 + 1)
]
DIFFERENCES = (
    proportions.newcombe,
    proportions.newcombe_corrected,
    proportions.miettinen_nurminen,
    proportions.agresti_caffo,
    proportions.wald_difference,
    proportions.wald_difference_corrected,
)
INTERVALS = (
    *DIFFERENCES,
    proportions.risk_ratio_score,
    proportions.katz,
    proportions.woolf,
)
ONE_SAMPLE = (
    proportions.wilson,
    proportions.wilson_corrected,
    proportions.clopper_pearson,
    proportions.jeffreys,
    proportions.agresti_coull,
    proportions.wald,
    proportions.wald_corrected,
)
EXACT_P = (proportions.fisher, proportions.mid_p, proportions.barnard, proportions.boschloo)
TESTS = (proportions.score_test, proportions.pearson, proportions.yates)


@st.composite
def tables(draw, largest: int = 400):
    n1, n0 = draw(st.integers(1, largest)), draw(st.integers(1, largest))
    return draw(st.integers(0, n1)), n1, draw(st.integers(0, n0)), n0


def likelihood_slope(p0: float, x1: int, n1: int, x0: int, n0: int, d: float) -> float:
    """Derivative of the log likelihood at (p0 + d, p0), infinite where a needed probability is 0."""

    def term(count: int, probability: float) -> float:
        if count == 0:
            return 0.0
        return count / probability if probability > 0 else math.inf

    p1 = p0 + d
    return term(x0, p0) + term(x1, p1) - term(n0 - x0, 1 - p0) - term(n1 - x1, 1 - p1)


def restricted_by_bisection(x1: int, n1: int, x0: int, n0: int, d: float) -> float:
    """p0 of the maximum under p1 - p0 = d, halving the interval on the sign of the slope."""
    low, high = max(0.0, -d), min(1.0, 1 - d)
    for _ in range(100):
        middle = (low + high) / 2
        if likelihood_slope(middle, x1, n1, x0, n0, d) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


@pytest.mark.parametrize("d", [-0.999, -0.5, -0.1, -1e-6, 0, 1e-3, 0.3, 0.8, 0.999])
def test_restricted_estimates_are_the_maximum_for_every_small_table(d):
    # a second, slow implementation; 1e-7: the slope cannot place a flat maximum closer
    for table in SMALL[::5]:
        p1, p0 = proportions.restricted_by_difference(*table, d)
        assert p0 == pytest.approx(restricted_by_bisection(*table, d), abs=1e-7), table
        assert p1 == pytest.approx(p0 + d, abs=1e-7)


def excludes(limits: Interval, value: float) -> bool:
    return value < limits.low or value > limits.high


def agree(table) -> bool:
    rejected = proportions.score_test(*table).p_value < 0.05
    difference = excludes(proportions.miettinen_nurminen(*table), 0)
    ratio = excludes(proportions.risk_ratio_score(*table), 1)
    return rejected == difference == ratio


def test_score_test_and_its_intervals_never_contradict_in_small_tables():
    assert [table for table in SMALL if not agree(table)] == []


@settings(max_examples=300, deadline=None)
@given(tables())
def test_score_test_and_its_intervals_never_contradict(table):
    assert agree(table)


@settings(max_examples=300, deadline=None)
@given(tables())
def test_limits_enclose_the_estimate_and_turn_with_the_arms(table):
    x1, n1, x0, n0 = table
    difference = x1 / n1 - x0 / n0
    for interval in set(DIFFERENCES) - {proportions.agresti_caffo}:  # which is drawn towards 0
        low, high = interval(x1, n1, x0, n0)
        assert -1 <= low <= difference + 1e-12
        assert difference - 1e-12 <= high <= 1
        assert interval(x0, n0, x1, n1) == pytest.approx((-high, -low), abs=1e-9)


@settings(max_examples=200, deadline=None)
@given(tables())
def test_risk_ratio_turns_with_the_arms(table):
    x1, n1, x0, n0 = table
    low, high = proportions.risk_ratio_score(x1, n1, x0, n0)
    turned = proportions.risk_ratio_score(x0, n0, x1, n1)
    assert turned.low == pytest.approx(0 if high == math.inf else 1 / high, rel=1e-6)
    assert turned.high == pytest.approx(1 / low if low else math.inf, rel=1e-6)


@pytest.mark.parametrize("table", [(0, 0, 3, 9), (3, 9, 0, 0), (0, 0, 0, 0)])
def test_an_empty_arm_is_not_estimable(table):
    for interval in INTERVALS:
        assert all(math.isnan(limit) for limit in interval(*table))
    assert all(math.isnan(limit) for limit in proportions.chan_zhang(*table))
    for test in TESTS:
        assert all(math.isnan(number) for number in test(*table))
    assert all(math.isnan(test(*table)) for test in EXACT_P)


@pytest.mark.parametrize("interval", ONE_SAMPLE)
@pytest.mark.parametrize(("x", "n"), [(0, 1), (1, 1), (0, 9), (9, 9), (3, 9), (140, 141)])
def test_limits_of_a_rate_stay_within_0_and_1_and_enclose_it(interval, x, n):
    low, high = interval(x, n)
    assert 0 <= low <= x / n + 1e-12
    assert x / n - 1e-12 <= high <= 1


@settings(max_examples=100, deadline=None)
@given(tables())
def test_every_rate_turns_with_response_and_no_response(table):
    x, n, *_ = table
    for interval in ONE_SAMPLE:
        low, high = interval(x, n)
        assert interval(n - x, n) == pytest.approx((1 - high, 1 - low), abs=1e-9)


EXACT_ENDS = (
    proportions.wilson,
    proportions.wilson_corrected,
    proportions.clopper_pearson,
    proportions.jeffreys,
)


@pytest.mark.parametrize("interval", EXACT_ENDS)
def test_rate_of_nobody_zero_full_and_one_participant(interval):
    assert all(math.isnan(limit) for limit in interval(0, 0))
    assert interval(0, 7).low == 0
    assert interval(7, 7).high == 1
    assert 0 < interval(1, 1).low < interval(1, 1).high == 1


def test_wald_has_no_width_where_nobody_or_everybody_responds():
    assert proportions.wald(0, 9) == (0, 0)
    assert proportions.wald_difference(0, 8, 0, 5) == (0, 0)
    assert proportions.wald_difference(8, 8, 0, 5) == (1, 1)
    low, high = proportions.wald_difference_corrected(0, 8, 0, 5)
    assert (low, high) == pytest.approx((-13 / 80, 13 / 80))  # (1/8 + 1/5)/2


@pytest.mark.parametrize("table", [(0, 8, 0, 5), (8, 8, 5, 5)])
def test_exact_tests_see_no_difference_where_nobody_or_everybody_responds(table):
    assert proportions.fisher(*table) == 1
    assert proportions.barnard(*table) == pytest.approx(1)
    assert proportions.boschloo(*table) == 1


def test_exact_unconditional_interval_of_the_smallest_and_of_one_sided_tables():
    # 1 v 1, one against none: P(score >= observed) is p1 (1 - p0), at most ((1 + d)/2)^2 under p1 - p0 = d
    low, high = proportions.chan_zhang(1, 1, 0, 1)
    assert (low, high) == (pytest.approx(2 * 0.025**0.5 - 1, abs=1e-6), 1)
    assert proportions.chan_zhang(0, 1, 1, 1) == (-1, pytest.approx(-low))
    low, high = proportions.chan_zhang(0, 10, 0, 10)
    assert -1 < low < 0 < high == -low
    assert proportions.chan_zhang(10, 10, 0, 10).high == 1


def test_exact_unconditional_interval_is_not_computed_for_large_arms():
    low, high = proportions.chan_zhang(1, proportions.LARGEST_ARM + 1, 1, 5)
    assert math.isnan(low) and math.isnan(high)


def test_barnard_keeps_tables_that_are_tied_but_for_rounding():
    # 19/35 v 8/10: every table enumerated in R gives 0.16476; without the ties it would be 0.15167
    assert proportions.barnard(19, 35, 8, 10) == pytest.approx(0.164763, abs=1e-6)


def test_arrays_of_restricted_estimates_are_those_of_each_table():
    for d in (-0.7, -0.1, 0.0, 0.3):
        p1, p0 = restricted_for_all_tables(7, 5, d)
        for x1, x0 in itertools.product(range(8), range(6)):
            one = proportions.restricted_by_difference(x1, 7, x0, 5, d)
            assert (p1[x1, x0], p0[x1, x0]) == pytest.approx(one, abs=1e-9)


def test_nobody_responds_in_either_arm():
    assert proportions.score_test(0, 8, 0, 5) == (0, 1)
    assert proportions.risk_ratio_score(0, 8, 0, 5) == (0, math.inf)
    assert proportions.katz(0, 8, 0, 5) == (0, math.inf)
    assert proportions.woolf(0, 8, 0, 5) == (0, math.inf)
    assert math.isnan(proportions.odds_ratio(0, 8, 0, 5))
    assert math.isnan(proportions.pearson(0, 8, 0, 5).p_value)
    low, high = proportions.miettinen_nurminen(0, 8, 0, 5)
    assert -1 < low < 0 < high < 1


def test_everybody_responds_in_both_arms():
    assert proportions.score_test(8, 8, 5, 5) == (0, 1)
    low, high = proportions.risk_ratio_score(8, 8, 5, 5)
    assert 0 < low < 1 < high < math.inf
    assert all(math.isnan(limit) for limit in proportions.katz(8, 8, 5, 5))


def test_one_arm_without_responders():
    assert proportions.risk_ratio_score(0, 8, 3, 5).low == 0
    assert proportions.risk_ratio_score(3, 8, 0, 5).high == math.inf
    assert proportions.odds_ratio(3, 8, 0, 5) == math.inf
    assert proportions.odds_ratio(0, 8, 3, 5) == 0


def test_all_against_none_and_one_against_one():
    assert proportions.miettinen_nurminen(8, 8, 0, 5).high == 1
    assert proportions.miettinen_nurminen(0, 8, 5, 5).low == -1
    assert proportions.newcombe(8, 8, 0, 5).high == pytest.approx(1, abs=1e-12)
    low, high = proportions.miettinen_nurminen(1, 1, 0, 1)
    assert -1 < low < 0 and high == 1


def test_a_higher_confidence_level_is_wider():
    for interval in INTERVALS:
        narrow, wide = interval(24, 30, 16, 30, 0.90), interval(24, 30, 16, 30, 0.99)
        assert wide.low < narrow.low < narrow.high < wide.high


EVERY_FUNCTION_OF_A_TABLE = (
    *INTERVALS,
    *TESTS,
    proportions.fisher,
    proportions.mid_p,
    proportions.odds_ratio,
    proportions.conditional_odds_ratio,
)


def test_no_table_of_up_to_four_raises_or_warns():
    sizes = itertools.product(range(5), repeat=2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for n1, n0 in sizes:
            for x1, x0 in itertools.product(range(n1 + 1), range(n0 + 1)):
                for function in EVERY_FUNCTION_OF_A_TABLE:
                    function(x1, n1, x0, n0)
                if n1 < 3 and n0 < 3:
                    for function in (proportions.barnard, proportions.boschloo, proportions.chan_zhang):
                        function(x1, n1, x0, n0)
                for interval in ONE_SAMPLE:
                    interval(x1, n1)
