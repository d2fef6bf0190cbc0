"""Rates and their comparison against R.

Source: make_r_reference.R and make_interim_reference.R. Tolerance 1e-9 for closed forms, 1e-6 for limits that
either side finds as a root; R's score intervals maximise the likelihood numerically.
"""

import math

import pytest

from analysis import proportions
from analysis.rates import rate_comparisons, rates_from_counts
from tests.reference.cases import CLOSED_FORM, ROOT_FOUND, general_cases, interim_cases, numbers

TABLES = interim_cases("table ")
PROPORTIONS = interim_cases("proportion ")


def counts(case: dict) -> tuple[int, int, int, int]:
    return tuple(case["input"][key] for key in ("x1", "n1", "x0", "n0"))


@pytest.mark.parametrize("name", PROPORTIONS)
def test_interval_of_one_proportion(name):
    given, expected = PROPORTIONS[name]["input"], PROPORTIONS[name]["expected"]
    x, n, conf_level = given["x"], given["n"], given["conf_level"]
    assert proportions.wilson(x, n, conf_level) == pytest.approx(expected["wilson"], **CLOSED_FORM)
    assert proportions.clopper_pearson(x, n, conf_level) == pytest.approx(
        expected["clopper_pearson"], **CLOSED_FORM
    )


@pytest.mark.parametrize("case", general_cases("proportion_ci"), ids=lambda case: case["id"])
def test_interval_of_one_proportion_general(case):
    x, n = case["input"]["x"], case["input"]["n"]
    assert proportions.wilson(x, n) == pytest.approx(case["expected"]["wilson"], **CLOSED_FORM)
    assert proportions.clopper_pearson(x, n) == pytest.approx(
        case["expected"]["clopper_pearson"], **CLOSED_FORM
    )


@pytest.mark.parametrize("name", TABLES)
def test_miettinen_nurminen_difference(name):
    expected = numbers(TABLES[name]["expected"]["miettinen_nurminen"])
    assert proportions.miettinen_nurminen(*counts(TABLES[name])) == pytest.approx(expected, **ROOT_FOUND)


@pytest.mark.parametrize("name", TABLES)
def test_score_interval_of_the_risk_ratio(name):
    expected = numbers(TABLES[name]["expected"]["risk_ratio_score"])
    assert proportions.risk_ratio_score(*counts(TABLES[name])) == pytest.approx(expected, **ROOT_FOUND)


@pytest.mark.parametrize("name", TABLES)
def test_tests_of_equal_proportions(name):
    table, expected = counts(TABLES[name]), TABLES[name]["expected"]
    assert proportions.score_test(*table) == pytest.approx(
        (expected["score_statistic"], expected["score_p"]), **CLOSED_FORM
    )
    assert proportions.pearson(*table) == pytest.approx((expected["chi2"], expected["chi2_p"]), **CLOSED_FORM)
    assert proportions.yates(*table) == pytest.approx((expected["yates"], expected["yates_p"]), **CLOSED_FORM)
    assert proportions.fisher(*table) == pytest.approx(expected["fisher_p"], **CLOSED_FORM)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("method", ["woolf", "katz"])
def test_intervals_on_the_log_scale(name, method):
    limits = getattr(proportions, method)(*counts(TABLES[name]))
    expected = TABLES[name]["expected"][method]
    if expected:
        assert limits == pytest.approx(expected, **CLOSED_FORM)
    else:  # a zero cell: R's formula gives no number, the interval says nothing
        assert limits == (0, math.inf)


@pytest.mark.parametrize("case", general_cases("two_proportion_tests"), ids=lambda case: case["id"])
def test_tests_of_equal_proportions_general(case):
    arms = [("e", case["input"]["x1"], case["input"]["n1"]), ("c", case["input"]["x0"], case["input"]["n0"])]
    rows = rate_comparisons(rates_from_counts(arms), experimental="e", control="c").set_index("method")
    expected = case["expected"]
    assert rows.loc["Pearson chi-square", "p_value"] == pytest.approx(expected["chi2_p"], **CLOSED_FORM)
    assert rows.loc["Yates chi-square", "p_value"] == pytest.approx(expected["yates_p"], **CLOSED_FORM)
    assert rows.loc["Fisher exact", "p_value"] == pytest.approx(expected["fisher_p"], **CLOSED_FORM)


@pytest.mark.parametrize("case", general_cases("risk_difference_ci"), ids=lambda case: case["id"])
def test_difference_published_to_four_decimals(case):
    table, expected = counts(case), case["expected"]
    assert proportions.newcombe(*table) == pytest.approx(expected["newcombe"], abs=6e-5)
    assert proportions.miettinen_nurminen(*table) == pytest.approx(expected["miettinen_nurminen"], abs=6e-5)


def test_conditional_odds_ratio_limits_are_the_true_ones():
    # 2/3 v 1/4: R's fisher.test prints an upper limit of 467.0, its own root-finder being short by 0.5 %;
    # at 469.4959 the probability of 2 or fewer responders given the margins is 0.025, as it should be:
    # tables 0..3 have 4, 18, 12, 1 ways
    _, (_, high) = proportions.conditional_odds_ratio(2, 3, 1, 4)
    ways = [4, 18, 12, 1]
    weights = [way * high**x for x, way in enumerate(ways)]
    assert sum(weights[:3]) / sum(weights) == pytest.approx(0.025, rel=1e-9)
    assert high == pytest.approx(469.4959, abs=5e-5)
