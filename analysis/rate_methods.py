"""The methods for rates and their comparison, by measure: name, numbers from counts, and how costly.

`INTERVALS` has those of "difference", "risk ratio" and "odds ratio" by name, `ONE_SAMPLE` those of one rate and
`TESTS` those of equal rates; the first of each is the headline. Names are those of the column `method`.
Sets: "quick" is what the pages lead with, "cheap" adds every closed form, "full" adds the exact unconditional
methods, which cost 20 ms to a second each.
"""

from collections.abc import Callable
from dataclasses import dataclass

from analysis import proportions
from analysis.proportions import INF, NAN, NO_TEST, ChiSquare, Interval

METHOD_SETS = ("quick", "cheap", "full")
WILSON = "Wilson score"
WILSON_CORRECTED = "Wilson score, continuity corrected"
CLOPPER_PEARSON = "Clopper-Pearson exact"
JEFFREYS = "Jeffreys"
AGRESTI_COULL = "Agresti-Coull"
WALD = "Wald"
WALD_CORRECTED = "Wald, continuity corrected"
MIETTINEN_NURMINEN = "Miettinen-Nurminen"
NEWCOMBE = "Newcombe"
NEWCOMBE_CORRECTED = "Newcombe, continuity corrected"
AGRESTI_CAFFO = "Agresti-Caffo"
CHAN_ZHANG = "Chan-Zhang exact unconditional"
RATIO_SCORE = "Koopman/Miettinen-Nurminen score"
KATZ = "Katz log"
WOOLF = "Woolf logit"
CONDITIONAL_EXACT = "conditional exact"
SCORE = "Score test"
PEARSON = "Pearson chi-square"
YATES = "Yates chi-square"
FISHER = "Fisher exact"
MID_P = "Fisher mid-P"
BARNARD = "Barnard exact, pooled z"
BOSCHLOO = "Boschloo exact, twice one-sided"

Counts = tuple[int, int, int, int]  # x1, n1, x0, n0
NO_WIDTH = "Width 0: the formula takes a rate of 0 or 1 for certain."


@dataclass(frozen=True)
class OneSample:
    """A method for one rate: `limits(x, n, conf_level)`, and its set."""

    name: str
    limits: Callable[..., Interval]
    set: str = "cheap"


@dataclass(frozen=True)
class TwoSample:
    """A method for one measure: `limits(x1, n1, x0, n0, conf_level)`, `estimate(x1, n1, x0, n0)`, its set.

    `inverts_score`: the interval holds what the score test keeps, whose p stands in its row.
    """

    name: str
    limits: Callable[..., Interval]
    estimate: Callable[..., float]
    set: str = "cheap"
    inverts_score: bool = False


@dataclass(frozen=True)
class Test:
    """A test of equal rates, `test(x1, n1, x0, n0)`: a chi-square on 1 degree of freedom, or p alone."""

    name: str
    test: Callable[..., ChiSquare | float]
    set: str = "cheap"


def difference(x1: int, n1: int, x0: int, n0: int) -> float:
    """p1 - p0; NaN with an empty arm."""
    return x1 / n1 - x0 / n0 if n1 and n0 else NAN


def risk_ratio(x1: int, n1: int, x0: int, n0: int) -> float:
    """p1 / p0; infinite for x/0, NaN for 0/0 and with an empty arm."""
    return proportions.ratio(x1 * n0, x0 * n1) if n1 and n0 else NAN


def _conditional_estimate(x1: int, n1: int, x0: int, n0: int) -> float:
    return proportions.conditional_odds_ratio(x1, n1, x0, n0, 0.95)[0]


def _conditional_limits(x1: int, n1: int, x0: int, n0: int, conf_level: float) -> Interval:
    return proportions.conditional_odds_ratio(x1, n1, x0, n0, conf_level)[1]


ONE_SAMPLE = {
    method.name: method
    for method in (
        OneSample(WILSON, proportions.wilson, "quick"),
        OneSample(CLOPPER_PEARSON, proportions.clopper_pearson, "quick"),
        OneSample(WILSON_CORRECTED, proportions.wilson_corrected),
        OneSample(JEFFREYS, proportions.jeffreys),
        OneSample(AGRESTI_COULL, proportions.agresti_coull),
        OneSample(WALD, proportions.wald),
        OneSample(WALD_CORRECTED, proportions.wald_corrected),
    )
}

INTERVALS: dict[str, dict[str, TwoSample]] = {
    measure: {method.name: method for method in methods}
    for measure, methods in {
        "difference": (
            TwoSample(MIETTINEN_NURMINEN, proportions.miettinen_nurminen, difference, "quick", True),
            TwoSample(NEWCOMBE, proportions.newcombe, difference, "quick"),
            TwoSample(NEWCOMBE_CORRECTED, proportions.newcombe_corrected, difference),
            TwoSample(AGRESTI_CAFFO, proportions.agresti_caffo, difference),
            TwoSample(WALD, proportions.wald_difference, difference),
            TwoSample(WALD_CORRECTED, proportions.wald_difference_corrected, difference),
            TwoSample(CHAN_ZHANG, proportions.chan_zhang, difference, "full"),
        ),
        "risk ratio": (
            TwoSample(RATIO_SCORE, proportions.risk_ratio_score, risk_ratio, "quick", True),
            TwoSample(KATZ, proportions.katz, risk_ratio, "quick"),
        ),
        "odds ratio": (
            TwoSample(WOOLF, proportions.woolf, proportions.odds_ratio, "quick"),
            TwoSample(CONDITIONAL_EXACT, _conditional_limits, _conditional_estimate, "quick"),
        ),
    }.items()
}

TESTS = {
    test.name: test
    for test in (
        Test(SCORE, proportions.score_test),
        Test(PEARSON, proportions.pearson, "quick"),
        Test(YATES, proportions.yates, "quick"),
        Test(FISHER, proportions.fisher, "quick"),
        Test(MID_P, proportions.mid_p),
        Test(BARNARD, proportions.barnard, "full"),
        Test(BOSCHLOO, proportions.boschloo, "full"),
    )
}


def in_set(method: OneSample | TwoSample | Test, methods: str) -> bool:
    """Whether a method belongs to a set; ValueError for an unknown set."""
    if methods not in METHOD_SETS:
        raise ValueError(f"methods is {methods!r}; expected one of {METHOD_SETS}")
    return METHOD_SETS.index(method.set) <= METHOD_SETS.index(methods)


def names_in(methods: str) -> set[str]:
    """The names of every method of a set."""
    every: list[OneSample | TwoSample | Test] = [*ONE_SAMPLE.values(), *TESTS.values()]
    every += [method for of_measure in INTERVALS.values() for method in of_measure.values()]
    return {method.name for method in every if in_set(method, methods)}


def rate_rows(counts: tuple[str, int, int], methods: str, conf_level: float) -> list[dict]:
    """The interval of one arm's rate by each method of the set."""
    arm, n, N = counts
    common = {"arm": arm, "n": n, "N": N, "estimate": proportions.ratio(n, N)}
    rows = []
    for method in ONE_SAMPLE.values():
        if in_set(method, methods):
            low, high = method.limits(n, N, conf_level)
            note = f"Nobody in {arm}." if not N else NO_WIDTH if low == high else ""
            limits = {"conf_low": low, "conf_high": high, "method": method.name, "note": note}
            rows.append({**common, **limits})
    return rows


def interval_rows(table: Counts, methods: str, conf_level: float) -> list[dict]:
    """Difference, risk ratio and odds ratio by each method of the set."""
    score = proportions.score_test(*table)
    rows = []
    for measure, of_measure in INTERVALS.items():
        for method in of_measure.values():
            if in_set(method, methods):
                estimate, limits = method.estimate(*table), method.limits(*table, conf_level)
                test = score if method.inverts_score else NO_TEST
                rows.append(
                    {
                        "measure": measure,
                        "estimate": estimate,
                        "conf_low": limits.low,
                        "conf_high": limits.high,
                        "p_value": test.p_value,
                        "statistic": test.statistic,
                        "df": 1 if method.inverts_score else NAN,
                        "method": method.name,
                        "note": interval_note(table, method.name, estimate, limits),
                    }
                )
    return rows


def test_rows(table: Counts, methods: str) -> list[dict]:
    """Tests of equal rates of the set."""
    rows = []
    for test in TESTS.values():
        if in_set(test, methods):
            found = test.test(*table)
            statistic, p_value = found if isinstance(found, ChiSquare) else (NAN, found)
            rows.append(
                {
                    "measure": "test",
                    "p_value": p_value,
                    "statistic": statistic,
                    "df": 1 if isinstance(found, ChiSquare) else NAN,
                    "method": test.name,
                    "note": "Not defined: nobody or everybody responds."
                    if p_value != p_value and table[1] and table[3]
                    else "",
                }
            )
    return rows


def interval_note(table: Counts, method: str, estimate: float, limits: Interval) -> str:
    """Why an interval or estimate is missing, infinite or without width; empty for most tables."""
    x1, n1, x0, n0 = table
    if not (n1 and n0):
        return ""
    if method == CHAN_ZHANG and max(n1, n0) > proportions.LARGEST_ARM:
        return f"Not computed: an arm has more than {proportions.LARGEST_ARM} participants."
    if limits.low == limits.high:
        return NO_WIDTH
    if method == KATZ and x1 == n1 and x0 == n0:
        return "No interval: everybody responds, the formula would have no width."
    if estimate != estimate:
        return f"No estimate: {'nobody' if x1 + x0 == 0 else 'everybody'} responds."
    if limits == (0, INF):
        return "Any ratio: the formula divides by a count of 0."
    return ""
