"""Rates within subgroups: the comparison of the arms in each level, and whether the levels differ.

Everything here needs counts alone. The intervals are those of analysis/rates.py; the tests of interaction are
Cochran's heterogeneity statistic for the difference and the risk ratio and a likelihood-ratio test for the odds
ratio. Formulas, sources and what they are worth with empty cells: docs/reference/methods/subgroups.md.
"""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.special import chdtrc
from statsmodels.stats.meta_analysis import combine_effects

from analysis.logistic import firth_likelihood_ratio, fit_maximum_likelihood
from analysis.rate_methods import INTERVALS, interval_note
from analysis.subgroups import ALL, LEVEL, TOO_FEW, tested_levels

HETEROGENEITY = {
    "difference": "inverse-variance heterogeneity of the differences",
    "risk ratio": "inverse-variance heterogeneity of the log risk ratios",
}
LOGISTIC_RATIO = "likelihood ratio of arm by level, logistic"
FIRTH_RATIO = "penalised likelihood ratio of arm by level, Firth logistic"
FEW_LEVELS = f"fewer than two levels with at least {TOO_FEW} in each arm"
ESTIMATE_COLUMNS = [*LEVEL, "measure", "estimate", "conf_low", "conf_high", "method", "note"]
TEST_COLUMNS = ["column", "measure", "statistic", "df", "p_value", "method", "note"]


def level_comparisons(
    tables: pd.DataFrame, *, measure: str, method: str, conf_level: float = 0.95
) -> pd.DataFrame:
    """One row per level: difference, risk ratio or odds ratio of its counts by one method of `INTERVALS`.

    `tables` is the frame of `tables_of`. NaN with a `note` where a level has too few or the method no answer.
    """
    by = INTERVALS[measure][method]
    rows = []
    for row in tables.itertuples():
        estimate, low, high, note = math.nan, math.nan, math.nan, row.note
        if not note:
            counts = (row.x1, row.n1, row.x0, row.n0)
            estimate, limits = by.estimate(*counts), by.limits(*counts, conf_level)
            (low, high), note = limits, interval_note(counts, method, estimate, limits)
        rows.append((row.column, row.level, measure, estimate, low, high, method, note))
    return pd.DataFrame(rows, columns=ESTIMATE_COLUMNS)


def rate_interactions(tables: pd.DataFrame, *, measure: str) -> pd.DataFrame:
    """One row per subgroup column: the test that the measure is the same in all its levels.

    NaN with a `note` where fewer than two levels can be compared or the statistic is not defined.
    """
    return interactions(tables, test=TESTS[measure], method=TEST_METHODS[measure])


def interactions(tables: pd.DataFrame, *, test: Callable[[pd.DataFrame], tuple], method: str) -> pd.DataFrame:
    """One row per column of `tables`; `test` gives statistic, df, method and note for the levels of one."""
    tested = tested_levels(tables)
    rows = []
    for column in tables.loc[tables["column"] != ALL, "column"].unique():
        levels = tested[tested["column"] == column]
        statistic, df, by, note = math.nan, math.nan, method, FEW_LEVELS
        if len(levels) > 1:
            statistic, df, by, note = test(levels)
        rows.append((column, "interaction", statistic, df, float(chdtrc(df, statistic)), by, note))
    return pd.DataFrame(rows, columns=TEST_COLUMNS)


def difference_heterogeneity(levels: pd.DataFrame) -> tuple[float, float, str, str]:
    """Q = sum w (d - mean)^2 of the differences d, w = 1 / [p1 (1 - p1) / n1 + p0 (1 - p0) / n0] (Cochran 1954).

    Not estimable where an arm of a level responded wholly or not at all: its variance would be 0, the level would
    weigh too much, and p would be too small.
    """
    p1, p0 = levels["x1"] / levels["n1"], levels["x0"] / levels["n0"]
    variance = p1 * (1 - p1) / levels["n1"] + p0 * (1 - p0) / levels["n0"]
    return _cochran(p1 - p0, variance, levels, HETEROGENEITY["difference"])


def risk_ratio_heterogeneity(levels: pd.DataFrame) -> tuple[float, float, str, str]:
    """The same of the log risk ratios, w = 1 / [1/x1 - 1/n1 + 1/x0 - 1/n0]."""
    x1, x0 = levels["x1"].replace(0, np.nan), levels["x0"].replace(0, np.nan)
    log_ratio = np.log(x1 / levels["n1"] / (x0 / levels["n0"]))
    variance = 1 / x1 - 1 / levels["n1"] + 1 / x0 - 1 / levels["n0"]
    return _cochran(log_ratio, variance, levels, HETEROGENEITY["risk ratio"])


def odds_ratio_interaction(levels: pd.DataFrame) -> tuple[float, float, str, str]:
    """Likelihood ratio of arm x level in a logistic regression with arm and levels; Firth's with an empty cell.

    An empty or full cell separates the model with arm x level, whose likelihood then has no maximum. Where all
    cells are so, the penalised profile can have several tops, and there is no test.
    """
    names = list(levels["level"])
    cells = [
        (arm, level, response, number)
        for row in levels.itertuples()
        for arm, x, n in ((1, row.x1, row.n1), (0, row.x0, row.n0))
        for level, response, number in ((row.level, 1, x), (row.level, 0, n - x))
    ]
    rows = pd.DataFrame(cells, columns=["arm", "level", "y", "number"])
    rows = rows.loc[rows.index.repeat(rows["number"])]
    common, each = arm_by_level(rows["arm"] == 1, rows["level"], names)
    df = len(names) - 1
    answers = rows.groupby(["arm", "level"])["y"].nunique()
    if (answers < 2).all():
        return (
            math.nan,
            math.nan,
            FIRTH_RATIO,
            "not estimable: every arm of every level responded wholly or not",
        )
    if (answers < 2).any():
        return firth_likelihood_ratio(each, rows["y"], each.columns[-df:]), df, FIRTH_RATIO, ""
    fits = [fit_maximum_likelihood(X, rows["y"]).log_likelihood for X in (common, each)]
    return max(2 * (fits[1] - fits[0]), 0.0), df, LOGISTIC_RATIO, ""


def arm_by_level(experimental, level: pd.Series, levels: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The columns of two nested models: arm and levels, and the same with arm x level; the first level is 0."""
    arm = np.asarray(experimental, dtype=float)
    own = {name: (level == name).to_numpy(dtype=float) for name in levels[1:]}
    common = pd.DataFrame({"arm": arm, **own})
    return common, common.assign(**{f"arm x {name}": arm * column for name, column in own.items()})


def _cochran(value: pd.Series, variance: pd.Series, levels: pd.DataFrame, method: str):
    extreme = (levels["x1"] == 0) | (levels["x0"] == 0)
    extreme |= (levels["x1"] == levels["n1"]) | (levels["x0"] == levels["n0"])
    if extreme.any():
        named = ", ".join(levels.loc[extreme, "level"])
        return math.nan, math.nan, method, f"not estimable: a rate of 0 or 100% in {named}"
    with np.errstate(divide="ignore"):  # I2 of equal values, which is not used
        combined = combine_effects(value.to_numpy(), variance.to_numpy())
    return float(combined.q), len(levels) - 1, method, ""


TESTS = {
    "difference": difference_heterogeneity,
    "risk ratio": risk_ratio_heterogeneity,
    "odds ratio": odds_ratio_interaction,
}
TEST_METHODS = HETEROGENEITY | {"odds ratio": LOGISTIC_RATIO}
