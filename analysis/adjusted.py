"""Response of two arms adjusted for baseline covariates: odds ratio, difference and ratio of standardised rates.

A logistic regression of response on arm and covariates; then everybody's probability under either arm, averaged
(g-computation). Formulas and citations: docs/reference/methods/stratified_and_adjusted.md.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from analysis import proportions
from analysis.covariates import Design, design_matrix, refuse_singular
from analysis.logistic import FIRTH, INTERCEPT, LogisticFit, fit_logistic
from analysis.proportions import NAN, normal_quantile
from analysis.rate_methods import MIETTINEN_NURMINEN, RATIO_SCORE, WOOLF
from analysis.rates import MISSING_RULES
from analysis.standardised import ARM, DELTA, INFLUENCE, SANDWICH, standardise
from trialdata.errors import StudyDataError

UNADJUSTED = "unadjusted "
SEPARATED = "Not estimable: a covariate or the arm separates the answers."
MEASURES = ("difference", "risk ratio", "odds ratio", "standardised rate", "covariate")
RESULT_COLUMNS = ["comparison", "measure", "term", "n", "N", "estimate", "conf_low", "conf_high", "p_value"]
RESULT_COLUMNS += ["statistic", "df", "method", "note"]


@dataclass(frozen=True, eq=False)
class Adjusted:
    """One adjusted comparison: `results` (see `adjusted_comparison`), and what a reader must know of the model."""

    results: pd.DataFrame
    notes: tuple[str, ...]
    separated: bool
    participants: int
    terms: int
    rarer: int  # responders or non-responders, whichever are fewer
    fewer_respond: bool


def adjusted_comparison(
    adrs: pd.DataFrame,
    adsl: pd.DataFrame,
    covariates: Sequence[str],
    *,
    experimental: str,
    control: str,
    randomised: bool,
    missing: str = "nonresponse",
    conf_level: float = 0.95,
) -> Adjusted:
    """Adjusted and unadjusted estimates of one comparison, a row per measure and method, then a row per covariate term.

    `adrs` as in `analysis.rates.response_rates`, `adsl` the analysis set. Only the two arms compared are modelled.
    Columns: comparison measure term n N estimate conf_low conf_high p_value statistic df method note; measure is
    "difference", "risk ratio", "odds ratio" (the headline method of each first, "unadjusted ..." last),
    "standardised rate" (term: the arm) or "covariate" (an odds ratio per unit or against the first level).
    The standard error of a standardised difference is that of the AIPW influence function with the observed share of
    the arms where they were randomised, else of the stacked estimating equations. Singular or hopeless designs:
    StudyDataError.
    """
    due = _modelled(adrs, [experimental, control], missing)
    people = adsl.set_index("USUBJID", drop=False).loc[due["USUBJID"]]
    design = design_matrix(people, covariates)
    arm, y = (due["ARM"] == experimental).to_numpy(float), due["AVAL"].fillna(0).to_numpy(float)
    X = _with_arm(design, arm)
    fit = fit_logistic(X, y, conf_level=conf_level)
    pair = f"{experimental} - {control}"
    rows = [
        *_odds_ratio_rows(fit, conf_level),
        *_standardised_rows(
            fit, y, arm, (experimental, control), randomised=randomised, conf_level=conf_level
        ),
        *_unadjusted_rows(y, arm, conf_level),
        *_covariate_rows(fit),
    ]
    rows.sort(key=lambda row: MEASURES.index(row["measure"]))
    frame = pd.DataFrame([{"comparison": pair, "note": "", **row} for row in rows], columns=RESULT_COLUMNS)
    frame["term"] = frame["term"].fillna("")
    responders = int(y.sum())
    others = len(y) - responders
    counted = frame.astype({"n": "Int64", "N": "Int64"})
    return Adjusted(
        counted,
        design.notes,
        fit.separated,
        len(y),
        len(X.columns),
        min(responders, others),
        responders <= others,
    )


def _modelled(adrs: pd.DataFrame, arms: Sequence[str], missing: str) -> pd.DataFrame:
    """The participants of the two arms who are due, one row each."""
    if missing not in MISSING_RULES:
        raise ValueError(f"missing is {missing!r}; expected one of {MISSING_RULES}")
    due = adrs[(adrs["DUEFL"] == "Y") & adrs["ARM"].isin(arms)]
    due = due[due["AVAL"].notna()] if missing == "exclude" else due
    empty = [arm for arm in arms if not (due["ARM"] == arm).any()]
    if empty:
        raise StudyDataError(f"Nobody is due in {' or '.join(empty)}: nothing to adjust yet.")
    if due["AVAL"].fillna(0).nunique() == 1:
        who = "Everybody" if due["AVAL"].iloc[0] == 1 else "Nobody"
        raise StudyDataError(f"{who} among the {len(due)} due responds: covariates have nothing to explain.")
    return due


def _with_arm(design: Design, arm: np.ndarray) -> pd.DataFrame:
    """The covariates after a column for the arm; refuses a covariate that the arm determines."""
    terms = len(design.names) + 2
    if len(arm) <= terms:
        raise StudyDataError(
            f"{len(arm)} participants are due and the model has {terms} terms: "
            f"wait for more, or take covariates out of the covariates of the study."
        )
    X = design.matrix.copy()
    X.insert(0, ARM, arm)
    refuse_singular(X, design.column_of)
    return X


def _odds_ratio_rows(fit: LogisticFit, conf_level: float) -> Iterator[dict]:
    """The odds ratio of the arm; under Firth by profile, with the Wald interval beside it."""
    row = fit.table[fit.table["term"] == ARM].iloc[0]
    yield {
        "measure": "odds ratio",
        "estimate": math.exp(row["estimate"]),
        "conf_low": math.exp(row["conf_low"]),
        "conf_high": math.exp(row["conf_high"]),
        "p_value": row["p_value"],
        "method": fit.method,
    }
    if fit.separated:
        half = normal_quantile(conf_level) * row["std_err"]
        low, high = math.exp(row["estimate"] - half), math.exp(row["estimate"] + half)
        yield {
            "measure": "odds ratio",
            "estimate": math.exp(row["estimate"]),
            "conf_low": low,
            "conf_high": high,
            "p_value": 2 * float(ndtr(-abs(row["estimate"]) / row["std_err"])),
            "method": f"{FIRTH} (Wald)",
        }


def _standardised_rows(
    fit: LogisticFit,
    y: np.ndarray,
    arm: np.ndarray,
    arms: tuple[str, str],
    *,
    randomised: bool,
    conf_level: float,
) -> Iterator[dict]:
    """Difference, ratio and rates after standardising over everybody; NaN with its note under separation."""
    methods = ((INFLUENCE, SANDWICH) if randomised else (SANDWICH,)) + (DELTA,)
    if fit.separated:
        nothing = {"estimate": NAN, "conf_low": NAN, "conf_high": NAN, "note": SEPARATED}
        for measure in ("difference", "risk ratio"):
            yield {"measure": measure, "method": methods[0], **nothing}
        return
    standard = standardise(fit, y, arm)
    z = normal_quantile(conf_level)
    for method in methods:
        spread = standard.covariance[method]
        difference = standard.rates[0] - standard.rates[1]
        se = math.sqrt(max(spread[0, 0] + spread[1, 1] - 2 * spread[0, 1], 0.0))
        yield {"measure": "difference", "estimate": difference, "method": method} | _wald(
            difference, se, z, (-1, 1)
        )
    for method in methods:
        spread = standard.covariance[method] / np.outer(standard.rates, standard.rates)
        log_ratio = math.log(standard.rates[0] / standard.rates[1])
        se = math.sqrt(max(spread[0, 0] + spread[1, 1] - 2 * spread[0, 1], 0.0))
        limits = _wald(log_ratio, se, z, (-math.inf, math.inf))
        limits |= {key: math.exp(limits[key]) for key in ("conf_low", "conf_high")}
        yield {"measure": "risk ratio", "estimate": math.exp(log_ratio), "method": method} | limits
    spread = standard.covariance[methods[0]]
    for place, (name, in_arm) in enumerate(zip(arms, (arm == 1, arm == 0), strict=True)):
        rate, half = standard.rates[place], z * math.sqrt(spread[place, place])
        yield {
            "measure": "standardised rate",
            "term": name,
            "n": int(y[in_arm].sum()),
            "N": int(in_arm.sum()),
            "estimate": rate,
            "conf_low": max(rate - half, 0.0),
            "conf_high": min(rate + half, 1.0),
            "method": methods[0],
        }


def _wald(estimate: float, se: float, z: float, ends: tuple[float, float]) -> dict:
    p_value = 2 * float(ndtr(-abs(estimate) / se)) if se else NAN
    low, high = max(estimate - z * se, ends[0]), min(estimate + z * se, ends[1])
    return {"conf_low": low, "conf_high": high, "p_value": p_value, "statistic": estimate / se if se else NAN}


def _unadjusted_rows(y: np.ndarray, arm: np.ndarray, conf_level: float) -> Iterator[dict]:
    """The same participants compared without covariates, by the methods of the page Response."""
    x1, n1, x0, n0 = (
        int(v) for v in (y[arm == 1].sum(), (arm == 1).sum(), y[arm == 0].sum(), (arm == 0).sum())
    )
    table = (x1, n1, x0, n0)
    estimates = (x1 / n1 - x0 / n0, proportions.ratio(x1 * n0, x0 * n1), proportions.odds_ratio(*table))
    methods = (
        ("difference", MIETTINEN_NURMINEN, proportions.miettinen_nurminen),
        ("risk ratio", RATIO_SCORE, proportions.risk_ratio_score),
        ("odds ratio", WOOLF, proportions.woolf),
    )
    for estimate, (measure, method, interval) in zip(estimates, methods, strict=True):
        limits = interval(*table, conf_level)
        note = "No responder in either arm." if math.isnan(estimate) else ""
        yield {
            "measure": measure,
            "estimate": estimate,
            "conf_low": limits.low,
            "conf_high": limits.high,
            "method": UNADJUSTED + method,
            "note": note,
        }


def _covariate_rows(fit: LogisticFit) -> Iterator[dict]:
    for row in fit.table[~fit.table["term"].isin([INTERCEPT, ARM])].itertuples():
        yield {
            "measure": "covariate",
            "term": row.term,
            "estimate": math.exp(row.estimate),
            "conf_low": math.exp(row.conf_low),
            "conf_high": math.exp(row.conf_high),
            "p_value": row.p_value,
            "method": fit.method,
        }
