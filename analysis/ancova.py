"""Analysis of covariance of one visit: difference of two arms, adjusted for the baseline."""

from collections.abc import Sequence

import numpy as np
from statsmodels.regression.linear_model import OLS


def ancova(
    y: np.ndarray,
    arm: np.ndarray,
    base: np.ndarray,
    arms: Sequence[str],
    pair: tuple[str, str],
    *,
    conf_level: float = 0.95,
) -> dict[str, float | str]:
    """Estimate, limits, statistic, df and p of the difference of `pair`, from y ~ arm + baseline in all arms.

    Least squares with HC3 standard errors (MacKinnon & White 1985) and t with n - p degrees of freedom. Numbers are
    NaN with a `note` where the data do not carry the model.
    """
    design = np.column_stack([*(arm == name for name in arms), base - base.mean()]).astype(float)
    contrast = np.zeros(design.shape[1])
    contrast[arms.index(pair[0])], contrast[arms.index(pair[1])] = 1, -1
    if np.linalg.matrix_rank(design) < design.shape[1] or len(y) <= design.shape[1]:
        return {"note": "too few counts, or a constant baseline, at this visit"}
    fitted = OLS(y, design).fit(cov_type="HC3", use_t=True)
    test = fitted.t_test(contrast)
    low, high = test.conf_int(1 - conf_level)[0]
    return {
        "estimate": float(test.effect[0]),
        "conf_low": float(low),
        "conf_high": float(high),
        "statistic": float(np.ravel(test.tvalue)[0]),
        "df": float(fitted.df_resid),
        "p_value": float(np.ravel(test.pvalue)[0]),
    }
