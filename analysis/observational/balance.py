"""How alike two arms are in each covariate, before weighting and after.

Rules: docs/reference/nonrandomised.md, section 5.
"""

import numpy as np
import pandas as pd

from analysis.observational.groups import MISSING, Groups
from analysis.observational.propensity import Propensity

SHARE, NUMBER = "share", "mean"
LARGE = 0.1  # Austin 2009
METHOD = "difference in means over the root of the mean unweighted variance"
ROUNDING = 1e-12
SIDES = (("experimental", 1), ("control", 0))


def weighted_balance(propensity: Propensity, estimand: str, *, truncate: float = 0.0) -> pd.DataFrame:
    """One row per column of the model, and for the first level of a category of more than two.

    term, covariate, measure ("mean" or, of 0 and 1, "share"); the mean of each arm as `experimental_before`,
    `control_before`, `experimental_after`, `control_after`; `before` and `after`, the standardised differences,
    NaN where the columns differ without a variance.
    """
    groups = propensity.groups
    described, covariate_of = described_columns(groups)
    weights = {"before": np.ones(len(groups.arm)), "after": propensity.weights(estimand, truncate=truncate)}
    rows = []
    for term in described:
        values = described[term].to_numpy(float)
        shares = bool(np.isin(values, (0.0, 1.0)).all())
        row: dict = {
            "term": term,
            "covariate": covariate_of[term],
            "measure": SHARE if shares else NUMBER,
        }
        spread = pooled_spread(values, groups.arm, shares=shares)
        for when, weight in weights.items():
            means = [_mean(values, weight, groups.arm == side) for _, side in SIDES]
            row |= {f"{name}_{when}": mean for (name, _), mean in zip(SIDES, means, strict=True)}
            row[when] = _standardised(means[0] - means[1], spread)
        rows.append(row)
    return pd.DataFrame(rows)


def described_columns(groups: Groups, *, both_levels: bool = False) -> tuple[pd.DataFrame, dict[str, str]]:
    """The columns of the model with the first level of each category before its others, and the covariate of each.

    Of a category of two levels the second says it all; `both_levels` has the first as well.
    """
    columns: dict[str, pd.Series] = {}
    covariate_of: dict[str, str] = {}
    for covariate in dict.fromkeys(groups.column_of.values()):
        own = [term for term in groups.matrix if groups.column_of[term] == covariate]
        levels = [term for term in own if term != f"{covariate}{MISSING}"]
        if covariate in groups.first_level and (both_levels or len(levels) > 1):
            first = f"{covariate}: {groups.first_level[covariate]}"
            columns[first] = 1 - groups.matrix[levels].sum(axis=1)
            covariate_of[first] = covariate
        columns |= {term: groups.matrix[term] for term in own}
        covariate_of |= dict.fromkeys(own, covariate)
    return pd.DataFrame(columns, index=groups.matrix.index), covariate_of


def pooled_spread(values: np.ndarray, arm: np.ndarray, *, shares: bool) -> float:
    """The root of the mean of both arms' unweighted variances: p(1 - p) of shares, divisor n - 1 of numbers."""
    variances = [np.var(values[arm == side], ddof=0 if shares else 1) for _, side in SIDES]
    return float(np.sqrt(np.mean(variances)))


def _mean(values: np.ndarray, weights: np.ndarray, own: np.ndarray) -> float:
    return float((weights[own] * values[own]).sum() / weights[own].sum())


def _standardised(difference: float, spread: float) -> float:
    if spread > ROUNDING:
        return difference / spread
    return 0.0 if abs(difference) <= ROUNDING else np.nan
