"""Multiple imputation of responses: logistic draws within each arm, pooled by Rubin's rules.

Proper: the coefficients are drawn from the normal approximation to their posterior, then the responses (Rubin 1987,
ch. 5). Degrees of freedom: Barnard and Rubin 1999. Every draw comes from one seed, so that a number never changes.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import expit, stdtr, stdtrit

from analysis.logistic import fit_logistic
from trialdata.errors import StudyDataError

IMPUTATIONS = 200
SEED = 20260726
PER_TERM = 5  # participants with an answer for each column of the model; with fewer the arm has no covariates
POOLED = "Multiple imputation, Rubin's rules"
NONE_ANSWERED = "nobody has an answer in an arm: nothing to draw from"
NO_SPREAD = "no interval: everybody or nobody responds in an arm"
NOBODY_DUE = "nobody due in an arm"
ROW = ("estimate", "conf_low", "conf_high", "p_value", "statistic", "df")


@dataclass(frozen=True, eq=False)
class Imputed:
    """One arm: `responders` of `due` participants in each imputation; `note` says why there are none, or what was
    left out of the model.
    """

    responders: np.ndarray  # NaN where nothing can be drawn
    due: int
    note: str

    @property
    def rates(self) -> np.ndarray:
        return self.responders / self.due if self.due else np.full(len(self.responders), math.nan)


@dataclass(frozen=True)
class Pool:
    """Rubin's rules: estimate, total variance and degrees of freedom; `between` and `within` are its parts."""

    estimate: float
    variance: float
    df: float
    between: float
    within: float


def impute_responses(
    due: pd.DataFrame,
    covariates: pd.DataFrame,
    arms: Sequence[str],
    *,
    m: int = IMPUTATIONS,
    seed: int = SEED,
) -> dict[str, Imputed]:
    """By arm the responders in each of `m` imputations.

    `due` has one row per participant due (USUBJID, ARM, AVALC, RESPONDS, UNKNOWN); the UNKNOWN are drawn, the model is
    of those who answered (neither PENDING nor MISSING). `covariates` has one column per term, indexed by USUBJID.
    """
    own = np.random.default_rng(seed).spawn(len(arms))
    return {
        arm: _impute_arm(due[due["ARM"] == arm], covariates, m, random)
        for arm, random in zip(arms, own, strict=True)
    }


def _impute_arm(due: pd.DataFrame, covariates: pd.DataFrame, m: int, random: np.random.Generator) -> Imputed:
    if due.empty:
        return Imputed(np.full(m, math.nan), 0, NOBODY_DUE)
    observed = ~due["AVALC"].isin(["PENDING", "MISSING"])
    known = int(due.loc[~due["UNKNOWN"], "RESPONDS"].sum())
    if not due["UNKNOWN"].any():
        return Imputed(np.full(m, float(known)), len(due), "")
    if not observed.any():
        return Imputed(np.full(m, math.nan), len(due), NONE_ANSWERED)
    X, answered, unknown = covariates.loc[due["USUBJID"]], observed.to_numpy(), due["UNKNOWN"].to_numpy()
    kept, note = model_terms(X[answered])
    scaled = (X[kept] - X.loc[answered, kept].mean()) / X.loc[answered, kept].std(ddof=0)
    try:
        mean, covariance = posterior(scaled[answered], due.loc[observed, "RESPONDS"].to_numpy())
    except StudyDataError as error:
        return Imputed(np.full(m, math.nan), len(due), str(error))
    return Imputed(known + draw_responders(mean, covariance, scaled[unknown], m, random), len(due), note)


def model_terms(X: pd.DataFrame) -> tuple[list[str], str]:
    """The columns that tell the observed participants of an arm apart, and in words why others are left out."""
    kept: list[str] = []
    columns = np.ones((len(X), 1))
    for name in X:
        wider = np.column_stack([columns, (X[name] - X[name].mean()) / (X[name].std(ddof=0) or 1.0)])
        if np.linalg.matrix_rank(wider, tol=1e-8 * len(X)) > columns.shape[1]:
            kept, columns = [*kept, name], wider
    if kept and len(X) < PER_TERM * (len(kept) + 1):
        return [], f"fewer than {PER_TERM} answers for each term of the model: no covariates"
    left_out = [name for name in X if name not in kept]
    return (
        kept,
        f"{', '.join(left_out)} the same in all who answered or given by the others: left out"
        if left_out
        else "",
    )


def posterior(X: pd.DataFrame, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of the coefficients, intercept first: the fit of `fit_logistic`, Firth's where separated."""
    fit = fit_logistic(X, y)
    return fit.coefficients, fit.covariance


def draw_responders(
    mean: np.ndarray, covariance: np.ndarray, X: pd.DataFrame, m: int, random: np.random.Generator
) -> np.ndarray:
    """Responders among the rows of `X` in each of `m` imputations: coefficients drawn first, then the responses."""
    coefficients = random.multivariate_normal(mean, covariance, size=m, method="cholesky")
    design = np.column_stack([np.ones(len(X)), X.to_numpy(float)])
    probability = expit(coefficients @ design.T)
    return (random.random(probability.shape) < probability).sum(axis=1).astype(float)


def pool(estimates: np.ndarray, variances: np.ndarray, complete_df: float) -> Pool:
    """Rubin's rules over the imputations: T = U + (1 + 1/m) B, degrees of freedom of Barnard and Rubin 1999.

    `complete_df` are those of the analysis without anything missing. Without spread between the imputations
    the degrees of freedom are those of the observed data.
    """
    m = len(estimates)
    within, between = float(np.mean(variances)), float(np.var(estimates, ddof=1))
    total = within + (1 + 1 / m) * between
    missing = (1 + 1 / m) * between / total if total else 0.0
    observed = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - missing)
    if missing == 0:
        df = observed
    elif observed <= 0:
        df = 0.0
    else:
        df = 1 / (missing**2 / (m - 1) + 1 / observed)
    return Pool(float(np.mean(estimates)), total, df, between, within)


def pooled_rate(arm: Imputed, conf_level: float = 0.95) -> dict:
    """Rate of an arm over the imputations with its t interval."""
    row = _pooled_row([arm], arm.rates, arm.due - 1, conf_level)
    return row | {"N": arm.due, "p_value": math.nan, "statistic": math.nan}


def pooled_difference(experimental: Imputed, control: Imputed, conf_level: float = 0.95) -> dict:
    """Difference of two rates over the imputations: t interval and test on n1 + n0 - 2 complete degrees of freedom."""
    arms = [experimental, control]
    return _pooled_row(
        arms, experimental.rates - control.rates, experimental.due + control.due - 2, conf_level
    )


def monte_carlo_error(estimates: np.ndarray) -> float:
    """Standard error of the pooled estimate that comes from the number of imputations alone."""
    return float(np.sqrt(np.var(estimates, ddof=1) / len(estimates)))


def _pooled_row(
    arms: Sequence[Imputed], estimates: np.ndarray, complete_df: float, conf_level: float
) -> dict:
    """The row of pooled estimates of these arms, with the notes of the arms.

    All NaN where nothing could be drawn; no interval where the variance of an arm is 0 in every imputation: that of the
    other arm alone would be too narrow.
    """
    failed = [arm for arm in arms if np.isnan(arm.rates).any()]
    notes = "; ".join(dict.fromkeys(arm.note for arm in failed or arms if arm.note))
    if failed:
        return dict.fromkeys(ROW, math.nan) | {"note": notes}
    variances = [arm.rates * (1 - arm.rates) / arm.due for arm in arms]
    pooled = pool(estimates, np.sum(variances, axis=0), complete_df)
    if not all(variance.any() for variance in variances):
        pooled = replace(pooled, variance=0.0)
    row = pooled_row(pooled, conf_level)
    return row | {"note": row["note"] or notes}


def pooled_row(pooled: Pool, conf_level: float) -> dict:
    """Estimate, t interval (within -1 and 1), p, statistic and df; NaN but the estimate where there is no variance."""
    if not pooled.variance or pooled.df <= 0:
        return dict.fromkeys(ROW, math.nan) | {"estimate": pooled.estimate, "note": NO_SPREAD}
    error = math.sqrt(pooled.variance)
    half = float(stdtrit(pooled.df, (1 + conf_level) / 2)) * error
    statistic = pooled.estimate / error
    return {
        "estimate": pooled.estimate,
        "conf_low": max(pooled.estimate - half, -1.0),
        "conf_high": min(pooled.estimate + half, 1.0),
        "p_value": float(2 * stdtr(pooled.df, -abs(statistic))),
        "statistic": statistic,
        "df": pooled.df,
        "note": "",
    }
