"""Logistic regression: maximum likelihood, and Firth's penalised likelihood where the outcome is separated."""

import math
import warnings
from collections.abc import Sequence
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
FAR = (-8.0, -4.0, 4.0, 8.0)  # standard errors away, where another top of a profile is looked for
BEYOND = (0.5, 2.0, 4.0)  # and so many times as far out
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


def fit_logistic(
    X: pd.DataFrame, y: np.ndarray, *, conf_level: float = 0.95, limits: bool = True
) -> LogisticFit:
    """Maximum likelihood, or Firth where some combination of the columns separates y (0 or 1) wholly or in part.

    `X` has one column per term and no intercept, which is added first; its columns must not determine each other
    (`analysis.covariates.refuse_singular`). `limits` as in `fit_firth`. Without convergence: StudyDataError.
    """
    try:
        if is_separated(X, y):
            return fit_firth(X, y, conf_level=conf_level, limits=limits)
        return fit_maximum_likelihood(X, y, conf_level=conf_level)
    except np.linalg.LinAlgError:
        raise StudyDataError(NOT_CONVERGED) from None


def is_separated(X: pd.DataFrame, y: np.ndarray, *, wholly: bool = False) -> bool:
    """Whether maximum likelihood has no finite answer: complete or quasi-complete separation; `wholly`: complete.

    There is a direction b with (2y - 1) x'b >= 0 for everybody and > 0 for somebody, wholly for everybody (Albert and
    Anderson 1984), found by linear programming within -1 <= b <= 1 (Konis 2007).
    """
    signed = (2 * np.asarray(y, float) - 1)[:, None] * _standardised(with_intercept(X))[0]
    if wholly:  # the largest margin t with signed b >= t
        objective = np.append(np.zeros(signed.shape[1]), -1.0)
        limits = np.column_stack([-signed, np.ones(len(signed))])
    else:
        objective, limits = -signed.sum(axis=0), -signed
    found = linprog(objective, A_ub=limits, b_ub=np.zeros(len(signed)), bounds=(-1, 1))
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


def fit_firth(
    X: pd.DataFrame, y: np.ndarray, *, conf_level: float = 0.95, limits: bool = True
) -> LogisticFit:
    """Log likelihood + log|information|/2 (Firth 1993), with its profile intervals and likelihood ratio tests.

    Every limit is where the profile falls by half the chi-square quantile (Heinze and Schemper 2002); the penalty
    is that of the whole model throughout. Estimates and limits are finite whatever the separation; where it is
    complete a profile can have several tops, and the limit is where the highest has fallen. The intercept has no
    limits and no test here: nobody asks for them. Without `limits` no column has them: profiles take seconds.
    """
    whole, y = with_intercept(X), np.asarray(y, float)
    scaled, back = _standardised(whole)
    beta = _climb(scaled, y, np.zeros(scaled.shape[1]))
    covariance = np.linalg.inv(_information(scaled, expit(scaled @ beta)))
    drop = chdtri(1, 1 - conf_level) / 2
    rows = [(math.nan,) * 3] * len(beta)
    if limits:
        several = is_separated(X, y, wholly=True)
        rows[1:] = [_profile(scaled, y, beta, covariance, j, drop, several) for j in range(1, len(beta))]
    low, high, p_values = np.array(rows).T
    scale = np.diag(back)
    of_columns = back @ covariance @ back.T
    std_err = np.sqrt(np.diag(of_columns))
    table = _table(whole, back @ beta, std_err, low * scale, high * scale, p_values, FIRTH)
    # the information, and so the penalty, depends on the scale of the columns; the fit does not
    top = _penalised(scaled, y, beta) - np.log(scale).sum()
    return LogisticFit(whole, table, of_columns, expit(scaled @ beta), top, FIRTH)


def firth_likelihood_ratio(X: pd.DataFrame, y: np.ndarray, terms: Sequence[str]) -> float:
    """Twice the fall of the penalised log likelihood when the coefficients of `terms` are held at 0.

    The penalty is that of the whole model in both (Heinze and Schemper 2002): a chi-square with as many degrees
    of freedom as terms.
    """
    whole, y = with_intercept(X), np.asarray(y, float)
    scaled, _ = _standardised(whole)
    start = np.zeros(scaled.shape[1])
    held = tuple(whole.columns.get_indexer(list(terms)))
    free, bound = (_climb(scaled, y, start, fixed=fixed) for fixed in ((), held))
    return 2 * max(_penalised(scaled, y, free) - _penalised(scaled, y, bound), 0.0)


def _profile(
    X: np.ndarray,
    y: np.ndarray,
    beta: np.ndarray,
    covariance: np.ndarray,
    place: int,
    drop: float,
    several: bool,
) -> tuple[float, float, float]:
    """Lower limit, upper limit and likelihood ratio p of one coefficient; `several`: the profile may have more tops."""
    top, last = _penalised(X, y, beta), beta
    known = {float(beta[place]): (0.0, beta)}  # by value: the fall there and the top it was reached at

    def below(value: float) -> float:
        nonlocal last
        if value not in known:
            start = last + covariance[:, place] / covariance[place, place] * (value - last[place])
            start[place] = value
            reached = _climb(X, y, start, fixed=(place,))
            known[value] = max(top - _penalised(X, y, reached), 0.0), reached
        fall, last = known[value]
        return fall

    def beyond(value: float) -> float:  # the root of the fall is nearly straight
        return math.sqrt(below(value)) - math.sqrt(drop)

    def limit(side: int) -> float:
        nonlocal last
        last, step = beta, side * math.sqrt(2 * drop * covariance[place, place])
        near = float(beta[place])
        while True:
            far = near + step
            while below(far) < drop:
                near, far = far, far + step
            found = float(brentq(beyond, *sorted([near, far]), xtol=1e-9, rtol=1e-12))
            higher = _highest(X, y, last, covariance, place) if several else last
            if top - _penalised(X, y, higher) > drop - SLACK * 100:
                return found
            near, known[found] = found, (top - _penalised(X, y, higher), higher)
            last = higher

    low, high = limit(-1), limit(1)
    last = beta
    return low, high, float(chdtrc(1, 2 * below(0.0)))


def _highest(
    X: np.ndarray, y: np.ndarray, beta: np.ndarray, covariance: np.ndarray, place: int
) -> np.ndarray:
    """The highest top with one coefficient held, climbed from `beta`, further out, and far off along the columns."""
    held = np.arange(len(beta)) == place
    widths = np.diag(np.sqrt(np.diag(covariance)))[~held]
    starts = [beta + far * width for width in widths for far in FAR]
    starts += [np.where(held, beta, times * beta) for times in BEYOND]
    found = [beta]
    for start in starts:
        try:
            found.append(_climb(X, y, start, fixed=(place,)))
        except (StudyDataError, np.linalg.LinAlgError):
            continue  # no top that way
    return max(found, key=lambda reached: _penalised(X, y, reached))


def _climb(X: np.ndarray, y: np.ndarray, beta: np.ndarray, *, fixed: Sequence[int] = ()) -> np.ndarray:
    """The maximum of the penalised likelihood, those of `fixed` held at their value: Newton, steps halved.

    Fisher scoring, the usual way, swings to and fro for hundreds of steps along a separated profile.
    """
    free = np.array([place for place in range(X.shape[1]) if place not in fixed])
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
