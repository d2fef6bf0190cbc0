"""Generalised estimating equations for reaching a platelet threshold at several visits.

Marginal logistic model with a proportion of its own for every arm and visit (Liang & Zeger 1986). The working
correlation is exchangeable or independence; standard errors are robust, with the correction of Mancl & DeRouen
(2001) for few participants, or without. Valid when counts are missing completely at random.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, ndtr, ndtri
from statsmodels.genmod.cov_struct import Exchangeable, Independence
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_estimating_equations import GEE

from analysis.mmrm.visits import left_out_words
from trialdata.errors import StudyDataError

CORRELATIONS = ("exchangeable", "independence")
CORRECTED = "GEE {} (Mancl-DeRouen)"
ROBUST = "GEE {} (robust)"
AVERAGE = "average of the visits"
LEAST_IN_ALL = 10
LEAST_VARIANCE = 1e-12
NO_SPREAD = "no spread between participants: no interval"
NOT_CONVERGED = (
    "The estimating equations with {} working correlation have no solution here: choose another threshold, or take "
    "visits with few counts out of [longitudinal] weeks."
)
COLUMNS = (
    *("arm", "comparison", "measure", "label", "time", "n", "N", "estimate", "conf_low", "conf_high"),
    *("statistic", "p_value", "method", "note"),
)


@dataclass(frozen=True, eq=False)
class ThresholdModel:
    """Rows by arm, comparison and method; the weeks modelled and left out; who was counted."""

    results: pd.DataFrame
    weeks: tuple[float, ...]
    left_out: dict[float, str]
    counted: np.ndarray


@dataclass(frozen=True, eq=False)
class Marginal:
    """Log odds of every arm and visit (arm after arm), with both covariance matrices."""

    log_odds: np.ndarray
    corrected: np.ndarray
    robust: np.ndarray
    correlation: float


def threshold_model(
    counted: np.ndarray,
    reached: np.ndarray,
    arm: np.ndarray,
    weeks: Sequence[float],
    arms: Sequence[str],
    comparisons: Sequence[tuple[str, str]],
    *,
    correlation: str = "exchangeable",
    conf_level: float = 0.95,
) -> ThresholdModel:
    """Proportions by arm and visit, and the odds ratio of each comparison by visit and averaged.

    `counted` and `reached`: participants by visits, as `analysis.longitudinal.reached_at_visits` gives; `n` of `N`
    are those counted. Rows of both working correlations and both standard errors, the chosen correlation first.
    StudyDataError where no visit can be modelled.
    """
    if correlation not in CORRELATIONS:
        raise ValueError(f"correlation is {' or '.join(CORRELATIONS)}, not {correlation!r}")
    present = [name for name in arms if counted[arm == name].any()]
    kept, left_out = _visits(counted, reached, arm, weeks, present)
    if not kept:
        raise StudyDataError(f"No visit has what a model of odds needs: {left_out_words(left_out)}.")
    counted, reached = counted[:, kept], reached[:, kept]
    compared = [pair for pair in comparisons if set(pair) <= set(present)]
    seen = tuple(float(weeks[i]) for i in kept)
    cells = _cells(counted, reached, arm, present, seen)
    others = [name for name in CORRELATIONS if name != correlation]
    rows = _all_rows(fit_marginal(counted, reached, arm, present, correlation=correlation), correlation,
                     cells, compared, present, conf_level)  # fmt: skip
    for name in others:
        try:
            fit = fit_marginal(counted, reached, arm, present, correlation=name)
        except StudyDataError as error:
            rows += [_without_fit(pair, cells, name, str(error)) for pair in compared]
        else:
            more = _all_rows(fit, name, cells, compared, present, conf_level)
            rows += [row for row in more if row["measure"] == "odds ratio"]
    return ThresholdModel(
        pd.DataFrame(rows, columns=list(COLUMNS)), seen, left_out, np.asarray(counted.any(axis=1))
    )


def _all_rows(fit: Marginal, correlation: str, cells, compared, arms, conf_level: float) -> list[dict]:
    """Proportions by the corrected standard error, odds ratios by both."""
    rows = []
    for method, covariance in ((CORRECTED, fit.corrected), (ROBUST, fit.robust)):
        words = {"method": method.format(correlation), "note": ""}
        if method == CORRECTED:
            rows += _proportions(fit.log_odds, covariance, cells, words, conf_level)
        for pair in compared:
            rows += _odds_ratios(fit.log_odds, covariance, cells, pair, arms, words, conf_level)
    return rows


def _without_fit(pair: tuple[str, str], cells: list[dict], correlation: str, note: str) -> dict:
    """The row of a comparison at the last visit by a fit that has none."""
    last = cells[-1]
    total = {key: sum(cell[key] for cell in cells if cell["time"] == last["time"] and cell["arm"] in pair)
             for key in ("n", "N")}  # fmt: skip
    return total | {"comparison": " - ".join(pair), "measure": "odds ratio", "label": last["label"],
                    "time": last["time"], "method": CORRECTED.format(correlation), "note": note}  # fmt: skip


def fit_marginal(
    counted: np.ndarray, reached: np.ndarray, arm: np.ndarray, arms: Sequence[str], *, correlation: str
) -> Marginal:
    """The marginal logistic model with a parameter for each arm and visit; StudyDataError without convergence."""
    participant, visit = np.nonzero(counted)
    number = np.array([list(arms).index(name) if name in arms else -1 for name in arm])
    known = number[participant] >= 0
    participant, visit = participant[known], visit[known]
    design = np.zeros((len(visit), len(arms) * counted.shape[1]))
    design[np.arange(len(visit)), number[participant] * counted.shape[1] + visit] = 1
    structure = Exchangeable() if correlation == "exchangeable" else Independence()
    response = reached[participant, visit].astype(float)
    model = GEE(response, design, groups=participant, family=Binomial(), cov_struct=structure)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            fitted = model.fit(cov_type="bias_reduced", ctol=1e-10, maxiter=200)
        except np.linalg.LinAlgError:
            fitted = None
    alpha = float(structure.dep_params) if correlation == "exchangeable" else 0.0
    # an exchangeable matrix of k visits is positive definite above -1/(k - 1)
    proper = 1 + alpha * (int(counted.sum(axis=1).max()) - 1) > 0
    if fitted is None or not fitted.converged or not proper or not np.isfinite(fitted.cov_robust_bc).all():
        raise StudyDataError(NOT_CONVERGED.format(correlation))
    return Marginal(fitted.params, fitted.cov_robust_bc, fitted.cov_robust, alpha)


def _visits(counted, reached, arm, weeks, arms) -> tuple[list[int], dict[float, str]]:
    """Positions of the visits at which every arm has both answers, and why the others are left out."""
    kept: list[int] = []
    reasons: dict[float, str] = {}
    for i, week in enumerate(weeks):
        totals = {name: (reached[arm == name, i].sum(), counted[arm == name, i].sum()) for name in arms}
        nobody = [name for name, (_, N) in totals.items() if N == 0]
        none = [name for name, (n, N) in totals.items() if N and n == 0]
        everybody = [name for name, (n, N) in totals.items() if N and n == N]
        if len(nobody) == len(totals):
            reasons[week] = "nobody counted"
        elif nobody:
            reasons[week] = f"nobody counted in {' and '.join(nobody)}"
        elif counted[:, i].sum() < LEAST_IN_ALL:
            reasons[week] = f"fewer than {LEAST_IN_ALL} counted"
        elif none or everybody:
            parts = [f"nobody reached it in {name}" for name in none]
            reasons[week] = ", ".join([*parts, *(f"everybody reached it in {name}" for name in everybody)])
        else:
            kept.append(i)
    return kept, reasons


def _cells(counted, reached, arm, arms, weeks) -> list[dict]:
    """One dict per arm and visit in the order of the parameters."""
    return [
        {"arm": name, "label": f"week {week:g}", "time": week}
        | {"n": int(reached[arm == name, i].sum()), "N": int(counted[arm == name, i].sum())}
        for name in arms
        for i, week in enumerate(weeks)
    ]


def _proportions(log_odds, covariance, cells: list[dict], words: dict, conf_level: float) -> list[dict]:
    half = ndtri((1 + conf_level) / 2) * np.sqrt(np.diag(covariance))
    limits = zip(expit(log_odds), expit(log_odds - half), expit(log_odds + half), strict=True)
    return [
        cell | words | {"measure": "proportion", "estimate": p, "conf_low": low, "conf_high": high}
        for cell, (p, low, high) in zip(cells, limits, strict=True)
    ]


def _odds_ratios(
    log_odds, covariance, cells: list[dict], pair: tuple[str, str], arms, words: dict, conf_level: float
) -> list[dict]:
    """The odds ratio at each visit; with several visits also their geometric mean."""
    visits = len(cells) // len(arms)
    at = [np.arange(visits) + visits * list(arms).index(name) for name in pair]
    contrasts = np.zeros((visits, len(log_odds)))
    contrasts[np.arange(visits), at[0]], contrasts[np.arange(visits), at[1]] = 1, -1
    labels = [{key: cells[i][key] for key in ("label", "time")} for i in at[0]]
    totals = [{key: cells[i][key] + cells[j][key] for key in ("n", "N")} for i, j in zip(*at, strict=True)]
    if visits > 1:
        contrasts = np.vstack([contrasts, contrasts.mean(axis=0)])
        labels.append({"label": AVERAGE, "time": np.nan})
        totals.append({key: sum(row[key] for row in totals) for key in ("n", "N")})
    estimate = contrasts @ log_odds
    variance = np.einsum("ca,ab,cb->c", contrasts, covariance, contrasts)
    fixed = variance < LEAST_VARIANCE
    error = np.sqrt(np.where(fixed, np.nan, variance))
    half = ndtri((1 + conf_level) / 2) * error
    statistic = estimate / error
    numbers = zip(
        np.exp(estimate), np.exp(estimate - half), np.exp(estimate + half), statistic,
        2 * ndtr(-np.abs(statistic)), strict=True,
    )  # fmt: skip
    keys = ("estimate", "conf_low", "conf_high", "statistic", "p_value")
    common = words | {"comparison": " - ".join(pair), "measure": "odds ratio"}
    notes = [{"note": NO_SPREAD} if flat else {} for flat in fixed]
    return [
        label | total | common | dict(zip(keys, row, strict=True)) | note
        for label, total, row, note in zip(labels, totals, numbers, notes, strict=True)
    ]
