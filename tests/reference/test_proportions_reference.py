"""Rates and their comparison against R.

Source: make_r_reference.R, make_interim_reference.R and make_proportions_reference.R. Tolerance 1e-9 for closed
forms, 1e-6 for limits that either side finds as a root, 1e-5 for exact unconditional p; R's score intervals
maximise the likelihood numerically.
"""

import math

import pytest

from analysis import proportions
from analysis.rates import rate_comparisons, rates_from_counts
from tests.reference.cases import chapter_cases, general_cases, interim_cases, numbers

TABLES = interim_cases("table ")
PROPORTIONS = interim_cases("proportion ")
MORE_TABLES = chapter_cases("proportions", "table ")
MORE_PROPORTIONS = chapter_cases("proportions", "proportion ")
CLOSED, ROOT, EXACT = 1e-9, 1e-6, 1e-5
R = "R 4.2.2"
ARITHMETIC = f"{R}, the formula"
LIKELIHOOD = f"{R}, the likelihood maximised numerically"
ENUMERATED = f"{R}, every table enumerated"
STATSMODELS = "statsmodels proportion_confint"
DIFFERENCE = "statsmodels confint_proportions_2indep"

ONE_SAMPLE = {  # function: method, code, against
    "wilson_corrected": ("Wilson, continuity corrected", STATSMODELS, f"{R} prop.test(correct = TRUE)"),
    "jeffreys": ("Jeffreys", "SciPy betaincinv", f"{R} qbeta"),
    "agresti_coull": ("Agresti-Coull", STATSMODELS, ARITHMETIC),
    "wald": ("Wald, one rate", STATSMODELS, ARITHMETIC),
    "wald_corrected": ("Wald, continuity corrected, one rate", "own", ARITHMETIC),
}
TWO_SAMPLE = {
    "newcombe": ("Newcombe", DIFFERENCE, f"{R} prop.test, Wilson limits put together", CLOSED),
    "newcombe_corrected": (
        "Newcombe, continuity corrected",
        "own",
        f"{R} prop.test(correct = TRUE), limits put together",
        CLOSED,
    ),
    "agresti_caffo": ("Agresti-Caffo", DIFFERENCE, ARITHMETIC, CLOSED),
    "wald_difference": ("Wald, difference", DIFFERENCE, f"{R} prop.test(correct = FALSE)", CLOSED),
    "wald_difference_corrected": (
        "Wald, continuity corrected, difference",
        "own",
        f"{R} prop.test(correct = TRUE)",
        CLOSED,
    ),
    "katz": ("Risk ratio, Katz", "SciPy relative_risk", f"{R} epiR 2.0.57 epi.2by2", CLOSED),
    "woolf": ("Odds ratio, Woolf", "SciPy odds_ratio", f"{R} epiR 2.0.57 epi.2by2", CLOSED),
    "mid_p": ("Fisher mid-P", "SciPy fisher_exact, hypergeom", f"{R} fisher.test, dhyper", CLOSED),
    "barnard": ("Barnard, pooled z", "own", ENUMERATED, EXACT),
    "boschloo": ("Boschloo, twice one-sided", "SciPy boschloo_exact", ENUMERATED, EXACT),
}


def counts(case: dict) -> tuple[int, int, int, int]:
    return tuple(case["input"][key] for key in ("x1", "n1", "x0", "n0"))


@pytest.mark.parametrize("name", PROPORTIONS)
def test_interval_of_one_proportion(name, compared):
    given, expected = PROPORTIONS[name]["input"], PROPORTIONS[name]["expected"]
    of_one_proportion(compared, given["x"], given["n"], given["conf_level"], expected)


@pytest.mark.parametrize("case", general_cases("proportion_ci"), ids=lambda case: case["id"])
def test_interval_of_one_proportion_general(case, compared):
    of_one_proportion(compared, case["input"]["x"], case["input"]["n"], 0.95, case["expected"])


def of_one_proportion(compared, x: int, n: int, conf_level: float, expected: dict) -> None:
    wilson, exact = (f(x, n, conf_level) for f in (proportions.wilson, proportions.clopper_pearson))
    compared(
        "Wilson",
        wilson,
        expected["wilson"],
        code=STATSMODELS,
        against=f"{R} prop.test(correct = FALSE)",
        tolerance=CLOSED,
    )
    compared(
        "Clopper-Pearson",
        exact,
        expected["clopper_pearson"],
        code=STATSMODELS,
        against=f"{R} binom.test",
        tolerance=CLOSED,
    )


@pytest.mark.parametrize("method", ONE_SAMPLE)
@pytest.mark.parametrize("name", MORE_PROPORTIONS)
def test_further_intervals_of_one_proportion(name, method, compared):
    given, (label, code, against) = MORE_PROPORTIONS[name]["input"], ONE_SAMPLE[method]
    ours = getattr(proportions, method)(given["x"], given["n"], given["conf_level"])
    compared(
        label, ours, MORE_PROPORTIONS[name]["expected"][method], code=code, against=against, tolerance=CLOSED
    )


KNOWN_TO_R = [
    (name, method)
    for name, case in MORE_TABLES.items()
    for method in TWO_SAMPLE
    if method in case["expected"]
]


@pytest.mark.parametrize(("name", "method"), KNOWN_TO_R)
def test_further_methods_of_two_proportions(name, method, compared):
    case, (label, code, against, tolerance) = MORE_TABLES[name], TWO_SAMPLE[method]
    ours = getattr(proportions, method)(*counts(case))
    compared(label, ours, case["expected"][method], code=code, against=against, tolerance=tolerance)


@pytest.mark.parametrize("name", TABLES)
def test_miettinen_nurminen_difference(name, compared):
    expected = numbers(TABLES[name]["expected"]["miettinen_nurminen"])
    ours = proportions.miettinen_nurminen(*counts(TABLES[name]))
    compared("Miettinen-Nurminen", ours, expected, code="own", against=LIKELIHOOD, tolerance=ROOT)


@pytest.mark.parametrize("name", TABLES)
def test_score_interval_of_the_risk_ratio(name, compared):
    expected = numbers(TABLES[name]["expected"]["risk_ratio_score"])
    ours = proportions.risk_ratio_score(*counts(TABLES[name]))
    compared("Risk ratio, score", ours, expected, code="own", against=LIKELIHOOD, tolerance=ROOT)


@pytest.mark.parametrize("name", TABLES)
def test_tests_of_equal_proportions(name, compared):
    table, expected = counts(TABLES[name]), TABLES[name]["expected"]
    score = (expected["score_statistic"], expected["score_p"])
    scaled = f"{R} chisq.test times (N-1)/N"
    compared(
        "Score test", proportions.score_test(*table), score, code="own", against=scaled, tolerance=CLOSED
    )
    of_tests(compared, table, expected, statistics=True)


@pytest.mark.parametrize("case", general_cases("two_proportion_tests"), ids=lambda case: case["id"])
def test_tests_of_equal_proportions_general(case, compared):
    arms = [("e", case["input"]["x1"], case["input"]["n1"]), ("c", case["input"]["x0"], case["input"]["n0"])]
    rows = rate_comparisons(rates_from_counts(arms), experimental="e", control="c").set_index("method")
    expected = case["expected"]
    for method, key in (
        ("Pearson chi-square", "chi2_p"),
        ("Yates chi-square", "yates_p"),
        ("Fisher exact", "fisher_p"),
    ):
        assert rows.loc[method, "p_value"] == pytest.approx(
            expected[key] if expected[key] is not None else math.nan, rel=CLOSED, abs=CLOSED, nan_ok=True
        )
    of_tests(compared, counts(case), expected, statistics=False)


def of_tests(compared, table: tuple, expected: dict, *, statistics: bool) -> None:
    """Pearson, Yates and Fisher; the two chi-squares with their statistic where R's is on file."""
    for method, test, key, call in (
        ("Pearson chi-square", proportions.pearson, "chi2", "chisq.test(correct = FALSE)"),
        ("Yates chi-square", proportions.yates, "yates", "chisq.test"),
    ):
        ours = test(*table) if statistics else test(*table).p_value
        theirs = [expected[key], expected[f"{key}_p"]] if statistics else expected[f"{key}_p"]
        compared(method, ours, theirs, code="SciPy chi2_contingency", against=f"{R} {call}", tolerance=CLOSED)
    fisher = proportions.fisher(*table)
    compared(
        "Fisher exact",
        fisher,
        expected["fisher_p"],
        code="SciPy fisher_exact",
        against=f"{R} fisher.test",
        tolerance=CLOSED,
    )


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("method", ["woolf", "katz"])
def test_intervals_on_the_log_scale(name, method, compared):
    limits = getattr(proportions, method)(*counts(TABLES[name]))
    expected = TABLES[name]["expected"][method]
    label, code, *_ = TWO_SAMPLE[method]
    if expected:
        compared(label, limits, expected, code=code, against=ARITHMETIC, tolerance=CLOSED)
    else:  # a zero cell: R's formula gives no number, the interval says nothing
        assert limits == (0, math.inf)


@pytest.mark.parametrize("case", general_cases("risk_difference_ci"), ids=lambda case: case["id"])
def test_difference_published_to_four_decimals(case, compared):
    table, expected = counts(case), case["expected"]
    for label, interval, key, code in (
        ("Newcombe", proportions.newcombe, "newcombe", DIFFERENCE),
        ("Miettinen-Nurminen", proportions.miettinen_nurminen, "miettinen_nurminen", "own"),
    ):
        compared(
            label,
            interval(*table),
            expected[key],
            code=code,
            against=f"{R}, four decimals kept",
            tolerance=6e-5,
        )


def test_conditional_odds_ratio_limits_are_the_true_ones(compared):
    # 2/3 v 1/4: R's fisher.test prints an upper limit of 467.0, its own root-finder being short by 0.5 %;
    # at 469.4959 the probability of 2 or fewer responders given the margins is 0.025, as it should be:
    # tables 0..3 have 4, 18, 12, 1 ways
    _, (_, high) = proportions.conditional_odds_ratio(2, 3, 1, 4)
    ways = [4, 18, 12, 1]
    weights = [way * high**x for x, way in enumerate(ways)]
    compared(
        "Odds ratio, conditional exact",
        sum(weights[:3]) / sum(weights),
        0.025,
        code="SciPy odds_ratio",
        against="the probability beyond the limit, summed",
        tolerance=CLOSED,
    )
    assert sum(weights[:3]) / sum(weights) == pytest.approx(0.025, rel=1e-9)
    assert high == pytest.approx(469.4959, abs=5e-5)
