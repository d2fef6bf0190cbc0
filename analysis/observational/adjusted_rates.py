"""Response rates of two arms that were not randomised, compared by every method of nonrandomised.md, section 7."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import proportions
from analysis.common_difference import sato_variance
from analysis.logistic import is_separated
from analysis.mantel_haenszel import log_risk_ratio_variance
from analysis.observational.answers import Answer, counts, measures, rows
from analysis.observational.matching import FEWEST_PAIRS, Matching, match
from analysis.observational.methods import (
    CRUDE,
    DIFFERENCE,
    DOUBLY_ROBUST,
    G_COMPUTATION,
    MATCHING,
    MEASURES,
    METHODS,
    RISK_RATIO,
    STRATA,
    WEIGHTED,
    Method,
)
from analysis.observational.propensity import Propensity
from analysis.observational.resampled_rates import SCORES_UNTIL, rates_of, with_sample
from analysis.observational.resamples import (
    SEED,
    draw,
    number_of,
    resample,
)
from analysis.observational.score_strata import strata_table, tables, with_both_arms
from analysis.observational.weighted_rates import same_answer, sandwich, spread_of
from analysis.observational.weighting import OVERLAP
from analysis.progress import part
from analysis.standardised import ARM

RESULT_COLUMNS = ["method", "estimand", "measure", "n", "N", "estimate", "std_err", "conf_low", "conf_high"]
RESULT_COLUMNS += ["resamples", "note"]
FIRTH_MODEL = "Covariates separate the answers: Firth's regression, which draws rates towards one half."


@dataclass(frozen=True, eq=False)
class AdjustedRates:
    """Every method's answer in `results`, a row per method and measure, and what a reader must know of it.

    Columns: method (a name of `methods`), estimand, measure ("difference", "risk ratio", "rate experimental", "rate
    control"), n responders of N participants (of the arm for a rate, else of both), estimate, std_err (of a ratio:
    of its logarithm), conf_low, conf_high, resamples (that have an answer), note.
    `strata` has one row per stratum: stratum (1 the lowest score) x1 n1 x0 n0.
    """

    results: pd.DataFrame
    matching: Matching
    strata: pd.DataFrame
    resamples: int
    truncate: float

    def row(self, method: Method, measure: str = DIFFERENCE) -> pd.Series:
        """The answer of one method in one measure."""
        found = self.results
        return found[(found["method"] == method.name) & (found["measure"] == measure)].iloc[0]

    @property
    def strata_left_out(self) -> pd.DataFrame:
        """The strata without both arms."""
        return self.strata[(self.strata["n1"] == 0) | (self.strata["n0"] == 0)]

    @property
    def without_answer(self) -> dict[str, int]:
        """How many resamples have no difference, by name of the method, where there are any."""
        found = self.results[(self.results["measure"] == DIFFERENCE) & self.results["resamples"].notna()]
        missing = self.resamples - found["resamples"]
        return {method: int(n) for method, n in zip(found["method"], missing, strict=True) if n}


def adjusted_rates(
    propensity: Propensity,
    y: np.ndarray,
    *,
    truncate: float = 0.0,
    resamples: int | None = None,
    seed: int = SEED,
    conf_level: float = 0.95,
) -> AdjustedRates:
    """Difference, ratio and rates by every method; `y` is 1 for a responder, else 0, in the order of the groups.

    An estimand that is refused (nonrandomised.md, 6) has NaN and the reason as its note.
    """
    y, resamples = np.asarray(y, float), number_of(resamples)
    with part(0.0, SCORES_UNTIL):
        drawn = with_sample(propensity, resample(propensity.groups, resamples=resamples, seed=seed))
    rates = rates_of(drawn, propensity.groups.matrix, y, truncate=truncate)
    matching = match(propensity)
    of_pairs = draw(len(matching.pairs), resamples, seed) if len(matching.pairs) else np.zeros((resamples, 0))
    strata = strata_table(tables(drawn.scores[:1], drawn.counts[:1], propensity.groups.arm, y)[0])
    answers = {
        method: _answer(method, rates[method.key], propensity, y, strata, truncate)
        for method in METHODS.values()
        if method.key in rates
    }
    answers[MATCHING] = _matched(matching, propensity, y, of_pairs)
    table = list(_crude_rows(propensity, y, conf_level))
    for method in METHODS.values():
        if method in answers:
            refused = propensity.refused(method.estimand, truncate=truncate)
            table += rows(method, answers[method], refused, conf_level)
    results = pd.DataFrame(table, columns=RESULT_COLUMNS)
    whole = {"n": "Int64", "N": "Int64", "resamples": "Int64"}
    return AdjustedRates(results.astype(whole), matching, strata, resamples, truncate)


def _answer(
    method: Method,
    rates: np.ndarray,
    propensity: Propensity,
    y: np.ndarray,
    strata: pd.DataFrame,
    truncate: float,
) -> Answer:
    responders, participants = _counted(propensity.groups.arm, y)
    errors: dict[str, float] = {}
    note = ""
    if method in WEIGHTED and not (truncate and method.estimand != OVERLAP):
        errors = _errors(sandwich(propensity, y, method.estimand), rates[0])
    elif method == STRATA:
        used = with_both_arms(strata)
        errors = {
            DIFFERENCE: np.sqrt(sato_variance(used)),
            RISK_RATIO: np.sqrt(log_risk_ratio_variance(used)),
        }
        responders, participants = (
            used[list(names)].sum().to_numpy() for names in (("x1", "x0"), ("n1", "n0"))
        )
        left_out = len(strata) - len(used)
        if left_out:
            note = f"Strata without both arms, left out: {left_out} of {len(strata)}."
    elif method in (G_COMPUTATION, DOUBLY_ROBUST) and _separated(method, propensity, y):
        note = FIRTH_MODEL
    known = {measure: error for measure, error in errors.items() if np.isfinite(error)}
    return Answer(rates, responders, participants, known, note, same_answer(propensity, y))


def _separated(method: Method, propensity: Propensity, y: np.ndarray) -> bool:
    """Whether a model of the response has no finite answer by maximum likelihood."""
    arm, matrix = propensity.groups.arm, propensity.groups.matrix
    if method == G_COMPUTATION:
        return is_separated(matrix.assign(**{ARM: arm}), y)
    for in_arm in (arm == 1, arm == 0):
        own = matrix[in_arm]
        if len(np.unique(y[in_arm])) > 1 and is_separated(own.loc[:, own.nunique() > 1], y[in_arm]):
            return True
    return False


def _errors(covariance: np.ndarray, rates: np.ndarray) -> dict[str, float]:
    of_rates = np.sqrt(np.diag(covariance))
    of_log = spread_of(covariance / np.outer(rates, rates)) if (rates > 0).all() else np.nan
    return dict(zip(MEASURES, (spread_of(covariance), of_log, *of_rates), strict=True))


def _counted(arm: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Responders and participants of both arms."""
    in_arm = np.array([arm == 1, arm == 0], float)
    return in_arm @ y, in_arm.sum(axis=1)


def _matched(matching: Matching, propensity: Propensity, y: np.ndarray, counts: np.ndarray) -> Answer:
    """The rates of the pairs, and of the pairs drawn; errors of paired differences."""
    number = len(matching.pairs)
    if number < FEWEST_PAIRS:
        nothing = np.full((1 + len(counts), 2), np.nan)
        note = f"Pairs within the caliper: {number}. {FEWEST_PAIRS} are needed."
        return Answer(nothing, np.zeros(2), np.zeros(2), note=note, without_limits=note)
    of_pairs = y[matching.pairs]
    rates = np.concatenate([[of_pairs.mean(axis=0)], counts @ of_pairs / number])
    errors = _errors(np.cov(of_pairs.T) / number, rates[0])
    alone = len(matching.unmatched)
    note = (
        f"{alone} of {propensity.groups.sizes[0]} without a partner: the answer is for those matched."
        if alone
        else ""
    )
    return Answer(rates, of_pairs.sum(axis=0), np.full(2, number), errors, note)


def _crude_rows(propensity: Propensity, y: np.ndarray, conf_level: float) -> Iterator[dict]:
    """The rates as they are, with the intervals of the page Response."""
    responders, participants = _counted(propensity.groups.arm, y)
    x1, x0, n1, n0 = (int(number) for number in (*responders, *participants))
    limits = (
        proportions.miettinen_nurminen(x1, n1, x0, n0, conf_level),
        proportions.risk_ratio_score(x1, n1, x0, n0, conf_level),
        proportions.wilson(x1, n1, conf_level),
        proportions.wilson(x0, n0, conf_level),
    )
    values = measures(np.array([[x1 / n1, x0 / n0]]))
    counted = counts(responders, participants)
    for measure, (low, high) in zip(MEASURES, limits, strict=True):
        estimate = float(values[measure][0])
        yield {
            "method": CRUDE.name,
            "estimand": CRUDE.estimand,
            "measure": measure,
            **counted[measure],
            "estimate": estimate,
            "conf_low": low,
            "conf_high": high,
            "note": "No responder in either arm." if np.isnan(estimate) else "",
        }
