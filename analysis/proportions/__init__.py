"""Intervals and tests for one proportion and for two independent proportions, from counts.

Two-arm functions take `x1, n1, x0, n0`: responders and participants of the experimental arm, then of the
control arm. An arm without participants makes everything NaN; empty and full cells have an answer of their
own, stated with each function: the guards stand where the library would answer NaN, raise or warn.
Formulas, citations, whose code computes each and how it is checked: docs/reference/methods/rates.md.
"""

from analysis.proportions.basics import (
    INF,
    NAN,
    NO_TEST,
    NOT_ESTIMABLE,
    ChiSquare,
    Interval,
    normal_quantile,
    ratio,
)
from analysis.proportions.difference import (
    agresti_caffo,
    miettinen_nurminen,
    newcombe,
    newcombe_corrected,
    restricted_by_difference,
    wald_difference,
    wald_difference_corrected,
)
from analysis.proportions.equality import fisher, mid_p, pearson, score_test, yates
from analysis.proportions.odds import conditional_odds_ratio, odds_ratio, woolf
from analysis.proportions.one_sample import (
    agresti_coull,
    clopper_pearson,
    jeffreys,
    wald,
    wald_corrected,
    wilson,
    wilson_corrected,
)
from analysis.proportions.ratios import katz, restricted_by_ratio, risk_ratio_score
from analysis.proportions.unconditional import LARGEST_ARM, barnard, boschloo, chan_zhang

__all__ = [
    "INF",
    "LARGEST_ARM",
    "NAN",
    "NOT_ESTIMABLE",
    "NO_TEST",
    "ChiSquare",
    "Interval",
    "agresti_caffo",
    "agresti_coull",
    "barnard",
    "boschloo",
    "chan_zhang",
    "clopper_pearson",
    "conditional_odds_ratio",
    "fisher",
    "jeffreys",
    "katz",
    "mid_p",
    "miettinen_nurminen",
    "newcombe",
    "newcombe_corrected",
    "normal_quantile",
    "odds_ratio",
    "pearson",
    "ratio",
    "restricted_by_difference",
    "restricted_by_ratio",
    "risk_ratio_score",
    "score_test",
    "wald",
    "wald_corrected",
    "wald_difference",
    "wald_difference_corrected",
    "wilson",
    "wilson_corrected",
    "woolf",
    "yates",
]
