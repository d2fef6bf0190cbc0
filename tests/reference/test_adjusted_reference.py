"""Adjusted comparisons against R: glm, brglm2, and the standardised difference written a second time in R."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from analysis.logistic import FIRTH, MAXIMUM_LIKELIHOOD, fit_firth, fit_logistic
from analysis.standardised import ARM, DELTA, INFLUENCE, SANDWICH, standardise
from tests.reference.cases import HERE, general_cases

CASES = json.loads((HERE / "adjusted_reference.json").read_text(encoding="utf-8"))["cases"]
GLM = "R 4.2.2 glm(binomial)"
BRGLM2 = "R 4.2.2 brglm2 0.9"
ITERATED = 1e-6


def named(prefix: str):
    return pytest.mark.parametrize("name", [name for name in CASES if name.startswith(prefix)])


def data(name: str) -> tuple[pd.DataFrame, np.ndarray]:
    given = CASES[name]["input"]
    return pd.DataFrame(given["X"]).astype(float), np.array(given["y"], float)


@named("logistic")
def test_logistic_regression(name, compared):
    fit, theirs = fit_logistic(*data(name)), CASES[name]["expected"]
    assert fit.method == MAXIMUM_LIKELIHOOD
    for column, key in (("estimate", "estimate"), ("std_err", "std_err"), ("p_value", "p")):
        compared(
            f"logistic regression, {column.replace('_', ' ')}",
            fit.table[column],
            theirs[key],
            code="statsmodels Logit",
            against=GLM,
            tolerance=ITERATED,
        )
    assert fit.log_likelihood == pytest.approx(theirs["log_likelihood"], rel=1e-9)


@pytest.mark.parametrize("case", general_cases("logistic"), ids=lambda case: case["id"])
def test_logistic_regression_general(case, compared):
    rows = pd.DataFrame(case["input"]["data"])
    fit = fit_logistic(rows[["spontaneous", "age"]], rows["case"].to_numpy())
    theirs = case["expected"]
    for column, key in (("estimate", "coef"), ("std_err", "se")):
        compared(
            f"logistic regression, {column.replace('_', ' ')}",
            fit.table[column],
            theirs[key],
            code="statsmodels Logit",
            against=GLM,
            tolerance=ITERATED,
        )


@named("firth")
def test_firth(name, compared):
    (X, y), theirs = data(name), CASES[name]["expected"]
    fit = fit_firth(X, y)
    assert fit_logistic(X, y).method == (MAXIMUM_LIKELIHOOD if name.endswith("without separation") else FIRTH)
    own = {"code": "own", "tolerance": ITERATED}
    compared("Firth, estimate", fit.table["estimate"], theirs["estimate"], against=BRGLM2, **own)
    compared("Firth, standard error", fit.table["std_err"], theirs["std_err"], against=BRGLM2, **own)
    if theirs["low"]:
        profile = fit.table.iloc[1:]
        by_optim = {"code": "own", "against": "R 4.2.2 optim and uniroot", "tolerance": 1e-5}
        compared("Firth, profile limits", profile["conf_low"], theirs["low"], **by_optim)
        compared("Firth, profile limits", profile["conf_high"], theirs["high"], **by_optim)
        compared("Firth, likelihood ratio p", profile["p_value"], theirs["p"], **by_optim)
    assert fit.log_likelihood == pytest.approx(theirs["log_likelihood"], rel=1e-7)


def test_firth_limits_under_complete_separation(compared):
    """At each limit the profile is half the chi-square quantile below the summit, climbed from many starts."""
    X, y = data("firth complete separation")
    columns = np.column_stack([np.ones(len(y)), X - X.mean()])
    fit = fit_firth(X, y)
    summit = climbed(columns, y, fixed=None, value=0.0, start=fit.coefficients)
    for place, row in enumerate(fit.table.iloc[1:].itertuples(), start=1):
        for limit in (row.conf_low, row.conf_high):
            top = climbed(columns, y, fixed=place, value=limit, start=fit.coefficients)
            compared(
                "Firth, profile under complete separation",
                2 * (summit - top),
                3.841458820694124,
                code="own",
                against="slow second implementation",
                tolerance=1e-5,
            )


def climbed(X: np.ndarray, y: np.ndarray, *, fixed: int | None, value: float, start: np.ndarray) -> float:
    """The largest penalised log likelihood that Nelder and Mead's simplex finds from nine starts."""
    free = [place for place in range(X.shape[1]) if place != fixed]
    rng = np.random.default_rng(20260301)

    def minus(other: np.ndarray) -> float:
        beta = np.full(X.shape[1], value)
        beta[free] = other
        p = 1 / (1 + np.exp(-(X @ beta)))
        likelihood = np.log(np.clip(np.where(y == 1, p, 1 - p), 1e-300, None)).sum()
        return -(likelihood + np.linalg.slogdet(X.T @ np.diag(p * (1 - p)) @ X)[1] / 2)

    starts = [start[free]] + [
        start[free] * rng.uniform(0.5, 4) + rng.normal(0, 4, len(free)) for _ in range(8)
    ]
    options = {"maxiter": 4000, "xatol": 1e-9, "fatol": 1e-11}
    return -min(minimize(minus, s, method="Nelder-Mead", options=options).fun for s in starts)


@named("standardised")
def test_standardised_rates(name, compared):
    X, y = data(name)
    X = X.rename(columns={"arm": ARM})
    found, theirs = standardise(fit_logistic(X, y), y, X[ARM].to_numpy()), CASES[name]["expected"]
    own = {"code": "own, on statsmodels Logit", "tolerance": ITERATED}
    compared("standardised rates", found.rates, theirs["rates"], against="R 4.2.2 glm, averaged", **own)
    ours = (found.rates[0] - found.rates[1], np.log(found.rates[0] / found.rates[1]))
    compared(
        "standardised difference and log ratio",
        ours,
        (theirs["difference"], theirs["log_ratio"]),
        against="R 4.2.2, AIPW from the formula",
        **own,
    )
    for method, key, against in (
        (INFLUENCE, "se_influence", "R 4.2.2, AIPW from the formula"),
        (SANDWICH, "se_sandwich", "R 4.2.2, estimating equations derived numerically"),
        (DELTA, "se_delta", "R 4.2.2 vcov(glm) and the gradient"),
    ):
        compared(
            f"{method}, standard errors", standard_errors(found, method), theirs[key], against=against, **own
        )
    rate = np.sqrt(np.diag(found.covariance[INFLUENCE]))
    assert rate == pytest.approx(theirs["se_rate"], rel=ITERATED)


def standard_errors(found, method: str) -> tuple[float, float]:
    """Of the difference and of the log ratio."""
    gradients = (np.array([1, -1]), np.array([1, -1]) / found.rates)
    return tuple(float(np.sqrt(g @ found.covariance[method] @ g)) for g in gradients)


def test_with_the_arm_alone_the_influence_function_is_the_wald_interval():
    """Closed form without covariates: p1 (1 - p1) / n1 + p0 (1 - p0) / n0."""
    arm = np.array([1] * 30 + [0] * 20)
    y = np.array([1] * 21 + [0] * 9 + [1] * 8 + [0] * 12)
    found = standardise(fit_logistic(pd.DataFrame({ARM: arm}), y), y, arm)
    assert found.rates == pytest.approx([0.7, 0.4], abs=1e-9)
    assert standard_errors(found, INFLUENCE)[0] == pytest.approx((0.21 / 30 + 0.24 / 20) ** 0.5, rel=1e-9)
