"""Logistic regression: maximum likelihood, and Firth's penalised likelihood where the outcome is separated."""

import math
import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import brentq, linprog
from scipy.special import chdtrc, chdtri, expit, ndtr
from statsmodels.discrete.discrete_model import Logit

from analysis.proportions import normal_quantile
from trialdata.errors import StudyDataError

INTERCEPT = "Intercept"
MAXIMUM_LIKELIHOOD = "logistic regression"
FIRTH = "Firth logistic regression"
STEPS = 200
SOLVED = 1e-8  # distance from the maximum, in standard errors
SLACK = 1e-9  # fall of a log likelihood that is rounding
LONGEST_STEP = 5.0
NOT_CONVERGED = (
    "The logistic regression did not converge: take a covariate out of the covariates of the study, "
    "or join its rare levels."
)


@dataclass(frozen=True, eq=False)
class LogisticFit:
    """One fitted model. `table` has one row per term, "Intercept" first, on the scale of the log odds:
    term estimate std_err conf_low conf_high p_value method.

    Maximum likelihood: Wald intervals and tests; Firth: profile penalised likelihood. `covariance` is the inverse
    information, `probabilities` one fitted probability per participant, `X` the model columns with the intercept.
    `log_likelihood` is penalised under Firth: compare two models only where both have the same method.
    """

    X: pd.DataFrame
    table: pd.DataFrame
    covariance: np.ndarray
    probabilities: np.ndarray
    log_likelihood: float
    method: str

    @property
    def coefficients(self) -> np.ndarray:
        return self.table["estimate"].to_numpy()

    @property
    def separated(self) -> bool:
        return self.method == FIRTH


def fit_logistic(X: pd.DataFrame, y: np.ndarray, *, conf_level: float = 0.95) -> LogisticFit:
    """Maximum likelihood, or Firth where some combination of the columns separates y (0 or 1) wholly or in part.

    `X` has one column per term and no intercept, which is added first; its columns must not determine each other
    (`analysis.covariates.refuse_singular`). Without convergence: StudyDataError.
    """
    fit = fit_firth if is_separated(X, y) else fit_maximum_likelihood
    try:
        return fit(X, y, conf_level=conf_level)
    except np.linalg.LinAlgError:
        raise StudyDataError(NOT_CONVERGED) from None


def is_separated(X: pd.DataFrame, y: np.ndarray) -> bool:
    """Whether maximum likelihood has no finite answer: complete or quasi-complete separation.

    There is a direction b with (2y - 1) x'b >= 0 for everybody and > 0 for somebody (Albert and Anderson 1984),
    found by linear programming within -1 <= b <= 1 (Konis 2007).
    """
    signed = (2 * np.asarray(y, float) - 1)[:, None] * _standardised(with_intercept(X))[0]
    found = linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=(-1, 1))
    return bool(found.status != 0 or -found.fun > 1e-6)


def with_intercept(X: pd.DataFrame) -> pd.DataFrame:
    """The columns of the model, the intercept first."""
    whole = X.astype(float)
    whole.insert(0, INTERCEPT, 1.0)
    return whole


def fit_maximum_likelihood(X: pd.DataFrame, y: np.ndarray, *, conf_level: float = 0.95) -> LogisticFit:
    """Newton's method to the last digit (statsmodels), Wald intervals and tests."""
    whole, y = with_intercept(X), np.asarray(y, float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # whether it converged is asked below
        fitted = Logit(y, whole.to_numpy()).fit(method="newton", tol=1e-12, maxiter=STEPS, disp=0)
    beta, p = np.asarray(fitted.params), expit(whole.to_numpy() @ fitted.params)
    if not np.isfinite(beta).all():
        raise StudyDataError(NOT_CONVERGED)
    covariance = np.linalg.inv(_information(whole.to_numpy(), p))
    score = whole.to_numpy().T @ (y - p)
    if score @ covariance @ score > SOLVED**2:
        raise StudyDataError(NOT_CONVERGED)
    std_err = np.sqrt(np.diag(covariance))
    half = normal_quantile(conf_level) * std_err
    p_values = 2 * ndtr(-np.abs(beta) / std_err)
    table = _table(whole, beta, std_err, beta - half, beta + half, p_values, MAXIMUM_LIKELIHOOD)
    return LogisticFit(whole, table, covariance, p, float(fitted.llf), MAXIMUM_LIKELIHOOD)


def fit_firth(X: pd.DataFrame, y: np.ndarray, *, conf_level: float = 0.95) -> LogisticFit:
    """Log likelihood + log|information|/2 (Firth 1993), with its profile intervals and likelihood ratio tests.

    Every limit is where the profile falls by half the chi-square quantile (Heinze and Schemper 2002); the penalty
    is that of the whole model throughout. Estimates and limits are finite whatever the separation. The intercept
    has no limits and no test here: nobody asks for them.
    """
    whole, y = with_intercept(X), np.asarray(y, float)
    scaled, back = _standardised(whole)
    beta = _climb(scaled, y, np.zeros(scaled.shape[1]), fixed=None)
    covariance = np.linalg.inv(_information(scaled, expit(scaled @ beta)))
    drop = chdtri(1, 1 - conf_level) / 2
    rows = [(math.nan,) * 3] + [_profile(scaled, y, beta, covariance, j, drop) for j in range(1, len(beta))]
    low, high, p_values = np.array(rows).T
    scale = np.diag(back)
    of_columns = back @ covariance @ back.T
    std_err = np.sqrt(np.diag(of_columns))
    table = _table(whole, back @ beta, std_err, low * scale, high * scale, p_values, FIRTH)
    # the information, and so the penalty, depends on the scale of the columns; the fit does not
    top = _penalised(scaled, y, beta) - np.log(scale).sum()
    return LogisticFit(whole, table, of_columns, expit(scaled @ beta), top, FIRTH)


def _profile(
    X: np.ndarray, y: np.ndarray, beta: np.ndarray, covariance: np.ndarray, place: int, drop: float
) -> tuple[float, float, float]:
    """Lower limit, upper limit and likelihood ratio p of one coefficient."""
    top, last = _penalised(X, y, beta), beta

    def below(value: float) -> float:
        nonlocal last
        start = last + covariance[:, place] / covariance[place, place] * (value - last[place])
        start[place] = value
        last = _climb(X, y, start, fixed=place)
        return max(top - _penalised(X, y, last), 0.0)

    def beyond(value: float) -> float:  # the root of the fall is nearly straight
        return math.sqrt(below(value)) - math.sqrt(drop)

    limits = []
    for side in (-1, 1):
        last, step = beta, side * math.sqrt(2 * drop * covariance[place, place])
        near, far = beta[place], beta[place] + step
        while below(far) < drop:
            near, far = far, far + step
        limits.append(float(brentq(beyond, *sorted([near, far]), xtol=1e-9, rtol=1e-12)))
    last = beta
    return limits[0], limits[1], float(chdtrc(1, 2 * below(0.0)))


def _climb(X: np.ndarray, y: np.ndarray, beta: np.ndarray, *, fixed: int | None) -> np.ndarray:
    """The maximum of the penalised likelihood, one coefficient held at its value if `fixed`: Newton, steps halved.

    Fisher scoring, the usual way, swings to and fro for hundreds of steps along a separated profile.
    """
    free = np.array([place for place in range(X.shape[1]) if place != fixed])
    value = _penalised(X, y, beta)
    for _ in range(STEPS):
        score = _penalised_score(X, y, beta)[free]
        step = np.zeros(len(beta))
        step[free] = np.linalg.solve(_curvature(X, y, beta, free), score)
        if score @ step[free] < SOLVED**2:
            return beta
        step *= min(1.0, LONGEST_STEP / np.abs(step).max())
        while (reached := _penalised(X, y, beta + step)) < value - SLACK:
            step /= 2
        beta, value = beta + step, reached
    raise StudyDataError(NOT_CONVERGED)


def _curvature(X: np.ndarray, y: np.ndarray, beta: np.ndarray, free: np.ndarray) -> np.ndarray:
    """Minus the second derivatives of the penalised likelihood, from its score; the information where not concave."""
    information = _information(X, expit(X @ beta))[np.ix_(free, free)]
    unit = 1e-4 / np.sqrt(np.diag(information))
    columns = []
    for place, h in zip(free, unit, strict=True):
        move = np.zeros(len(beta))
        move[place] = h
        columns.append(
            (_penalised_score(X, y, beta - move) - _penalised_score(X, y, beta + move))[free] / (2 * h)
        )
    curvature = (np.array(columns) + np.array(columns).T) / 2
    return curvature if np.linalg.eigvalsh(curvature * np.outer(unit, unit))[0] > 0 else information


def _penalised_score(X: np.ndarray, y: np.ndarray, beta: np.ndarray) -> np.ndarray:
    p = expit(X @ beta)
    leverage = p * (1 - p) * np.einsum("ij,ji->i", X, np.linalg.solve(_information(X, p), X.T))
    return X.T @ (y - p + leverage * (0.5 - p))


def _penalised(X: np.ndarray, y: np.ndarray, beta: np.ndarray) -> float:
    linear = X @ beta
    log_likelihood = -np.logaddexp(0, np.where(y == 1, -linear, linear)).sum()
    sign, log_determinant = np.linalg.slogdet(_information(X, expit(linear)))
    return log_likelihood + log_determinant / 2 if sign > 0 else -math.inf


def _information(X: np.ndarray, p: np.ndarray) -> np.ndarray:
    return X.T @ (X * (p * (1 - p))[:, None])


def _standardised(whole: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The columns around their means at standard deviation 1, and the matrix that takes coefficients back."""
    values = whole.to_numpy()
    centre, scale = values.mean(axis=0), values.std(axis=0)
    centre[0], scale[0] = 0.0, 1.0  # the intercept
    back = np.diag(1 / scale)
    back[0, 1:] = -centre[1:] / scale[1:]
    return (values - centre) / scale, back


def _table(whole, beta, std_err, low, high, p_values, method) -> pd.DataFrame:
    columns = {"term": whole.columns, "estimate": beta, "std_err": std_err, "conf_low": low}
    return pd.DataFrame(columns | {"conf_high": high, "p_value": p_values, "method": method})
