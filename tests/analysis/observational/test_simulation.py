"""Trials in which the true differences are known: who is biased, who is not, and what the intervals cover.

Arm and response depend on a number and on a level. The truth of each estimand is an integral over both. A model is
wrong where it leaves the number out. Bounds are three standard errors of the simulation; seeds are fixed.
"""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from analysis.logistic import fit_maximum_likelihood
from analysis.observational.adjusted_rates import adjusted_rates
from analysis.observational.groups import two_groups
from analysis.observational.matching import match
from analysis.observational.methods import (
    CRUDE,
    DOUBLY_ROBUST,
    G_COMPUTATION,
    INVERSE_WEIGHTS,
    MATCHING,
    METHODS,
    OVERLAP_WEIGHTS,
    STRATA,
    TREATED_WEIGHTS,
    WEIGHTED,
)
from analysis.observational.propensity import Propensity
from analysis.observational.resampled_rates import rates_of, with_sample
from analysis.observational.weighted_rates import quick_difference

TRIALS, PARTICIPANTS = 400, 400
TRIALS_RESAMPLED, PARTICIPANTS_RESAMPLED, RESAMPLES = 200, 160, 250
SHARE_OF_LEVEL = 0.4
ERRORS = 3


def chance_of_arm(number, level):
    return expit(-0.4 + 0.8 * number - 0.6 * level)


def chance_of_response(arm, number, level):
    return expit(-0.4 + 0.7 * arm + 1.1 * number - 0.7 * level)


def truth() -> dict[str, float]:
    """The mean difference of the two chances over the participants of each estimand, by Gauss-Hermite quadrature."""
    places, weights = np.polynomial.hermite_e.hermegauss(80)
    number, level = np.meshgrid(places, [0, 1])
    density = np.outer([1 - SHARE_OF_LEVEL, SHARE_OF_LEVEL], weights)
    apart = chance_of_response(1, number, level) - chance_of_response(0, number, level)
    e = chance_of_arm(number, level)
    of = {"ATO": e * (1 - e), "ATE": np.ones_like(e), "ATT": e}
    return {estimand: float(np.average(apart, weights=density * tilt)) for estimand, tilt in of.items()}


def trial(rng: np.random.Generator, n: int) -> tuple[pd.DataFrame, np.ndarray]:
    number, level = rng.normal(size=n), (rng.random(n) < SHARE_OF_LEVEL).astype(float)
    arm = rng.random(n) < chance_of_arm(number, level)
    y = (rng.random(n) < chance_of_response(arm, number, level)).astype(float)
    names = [f"S-{place:04d}" for place in range(n)]
    frame = pd.DataFrame({"USUBJID": names, "ARM": np.where(arm, "A", "B"), "NUMBER": number, "LEVEL": level})
    return frame, y


def score(frame: pd.DataFrame, *covariates: str) -> Propensity:
    """The score without asking for separation, which there is none of here and which takes most of the time."""
    groups = two_groups(frame, covariates, experimental="A", control="B")
    return Propensity(groups, fit_maximum_likelihood(groups.matrix, groups.arm))


def differences(propensity, covariates: pd.DataFrame, y: np.ndarray) -> dict[str, float]:
    found = rates_of(with_sample(propensity), covariates, y)
    return {key: float(rates[0, 0] - rates[0, 1]) for key, rates in found.items()}


@pytest.fixture(scope="module")
def simulated() -> dict[str, pd.DataFrame]:
    """A row per trial: differences with both models right, with the score or the response's wrong; sandwich limits."""
    rng = np.random.default_rng(20260301)
    rows: dict[str, list[dict]] = {"right": [], "score wrong": [], "response wrong": [], "limits": []}
    for _ in range(TRIALS):
        frame, y = trial(rng, PARTICIPANTS)
        right, wrong = score(frame, "NUMBER", "LEVEL"), score(frame, "LEVEL")
        both, one = right.groups.matrix, wrong.groups.matrix
        pairs, arm = match(right).pairs, right.groups.arm
        rows["right"].append(
            differences(right, both, y)
            | {CRUDE.key: y[arm == 1].mean() - y[arm == 0].mean()}
            | {MATCHING.key: float(np.subtract(*y[pairs].mean(axis=0))), "pairs": len(pairs) / arm.sum()}
        )
        rows["score wrong"].append(differences(wrong, both, y))
        rows["response wrong"].append(differences(right, one, y))
        quick = {method.key: quick_difference(right, y, method.estimand) for method in WEIGHTED}
        rows["limits"].append({key: (one.conf_low, one.conf_high) for key, one in quick.items()})
    return {name: pd.DataFrame(found) for name, found in rows.items()}


def bias(values: pd.Series, true: float) -> float:
    """How far the mean is from the truth, in standard errors of the simulation."""
    return float((values.mean() - true) / (values.std() / len(values) ** 0.5))


def within_error(covered: np.ndarray) -> bool:
    return abs(covered.mean() - 0.95) < ERRORS * (0.95 * 0.05 / len(covered)) ** 0.5


def test_crude_is_biased_for_every_estimand(simulated):
    crude = simulated["right"][CRUDE.key]
    for true in truth().values():
        assert crude.mean() - true > 0.1 and bias(crude, true) > 30


@pytest.mark.parametrize(
    "method",
    [OVERLAP_WEIGHTS, INVERSE_WEIGHTS, TREATED_WEIGHTS, G_COMPUTATION, DOUBLY_ROBUST],
    ids=lambda method: method.key,
)
def test_an_adjusted_method_is_unbiased_where_its_model_is_right(simulated, method):
    assert abs(bias(simulated["right"][method.key], truth()[method.estimand])) < ERRORS


def test_the_estimands_are_told_apart(simulated):
    """The truths differ, and overlap weights do not answer for all, nor inverse weights for those of choice."""
    true, right = truth(), simulated["right"]
    assert true["ATO"] - true["ATE"] > 0.005
    apart = right[OVERLAP_WEIGHTS.key] - right[INVERSE_WEIGHTS.key]
    assert abs(bias(apart, true["ATO"] - true["ATE"])) < ERRORS and bias(apart, 0) > ERRORS


def test_strata_and_matching_leave_little_of_the_bias(simulated):
    """Five strata remove about 90 % of it (Cochran 1968), pairs within a caliper about as much."""
    right, true = simulated["right"], truth()
    for method in (STRATA, MATCHING):
        crude = right[CRUDE.key].mean() - true[method.estimand]
        assert abs(right[method.key].mean() - true[method.estimand]) < 0.2 * crude, method
    assert right["pairs"].mean() > 0.85


def test_aipw_is_right_where_one_of_its_models_is_and_the_single_methods_are_not(simulated):
    true = truth()
    for wrong in ("score wrong", "response wrong"):
        assert abs(bias(simulated[wrong][DOUBLY_ROBUST.key], true["ATE"])) < ERRORS, wrong
    for method in (*WEIGHTED, STRATA):
        assert bias(simulated["score wrong"][method.key], true[method.estimand]) > 20, method
    assert bias(simulated["response wrong"][G_COMPUTATION.key], true["ATE"]) > 20
    assert abs(bias(simulated["score wrong"][G_COMPUTATION.key], true["ATE"])) < ERRORS
    assert abs(bias(simulated["response wrong"][INVERSE_WEIGHTS.key], true["ATE"])) < ERRORS


@pytest.mark.parametrize("method", WEIGHTED, ids=lambda method: method.key)
def test_sandwich_limits_cover_95_percent(simulated, method):
    true = truth()[method.estimand]
    covered = np.array([low <= true <= high for low, high in simulated["limits"][method.key]])
    assert within_error(covered), covered.mean()


def test_percentile_limits_cover_95_percent():
    rng, true = np.random.default_rng(7), truth()
    methods = [method for method in METHODS.values() if method not in (CRUDE, STRATA, MATCHING)]
    covered: dict[str, list[bool]] = {method.key: [] for method in methods}
    for _ in range(TRIALS_RESAMPLED):
        frame, y = trial(rng, PARTICIPANTS_RESAMPLED)
        found = adjusted_rates(score(frame, "NUMBER", "LEVEL"), y, resamples=RESAMPLES)
        for method in methods:
            row = found.row(method)
            covered[method.key].append(row["conf_low"] <= true[method.estimand] <= row["conf_high"])
    for key, hits in covered.items():
        assert within_error(np.array(hits)), (key, np.mean(hits))
