"""Weighted times and medians of arms that were not randomised against R (make_weighted_times_reference.R)."""

import numpy as np
import pytest

from analysis.observational.weighted_cox import log_hazard_ratios, robust_error
from analysis.observational.weighted_medians import weighted_median
from analysis.observational.weighted_survival import survival_at
from analysis.observational.weighting import balancing_weights
from tests.reference.cases import chapter_cases, numbers

SETS, TIMES, RESAMPLED, MEDIANS = (
    chapter_cases("weighted_times", prefix) for prefix in ("data ", "times ", "resampled ", "medians ")
)
R = "R 4.2.2 survival 3.5-3"


def data_of(case: dict) -> dict[str, np.ndarray]:
    given = SETS[case["input"]["data"]]["input"]
    found = {name: np.array(given[name], float) for name in ("time", "arm", "scores")}
    return found | {"event": np.array(given["event"]) == 1, "weights": given["weights"]}


@pytest.mark.parametrize("name", TIMES)
def test_weights_are_those_of_the_reference(name):
    given, kind = data_of(TIMES[name]), TIMES[name]["input"]["kind"]
    if kind in ("ATO", "ATE", "ATT"):
        ours = balancing_weights(given["scores"], given["arm"], kind)
        np.testing.assert_allclose(ours, given["weights"][kind], rtol=1e-9)


@pytest.mark.parametrize("name", TIMES)
def test_weighted_kaplan_meier(name, compared):
    case, given = TIMES[name], data_of(TIMES[name])
    weights = np.array(given["weights"][case["input"]["kind"]], float)
    for arm, expected in case["expected"]["curves"].items():
        own = given["arm"] == float(arm)
        members = given["time"][own], given["event"][own], weights[own]
        source = {"code": "own", "against": f"{R} survfit(weights)", "tolerance": 1e-9}
        ours = survival_at(*members, expected["time"])
        compared("Weighted Kaplan-Meier", ours, numbers(expected["surv"]), **source)
        ours = survival_at(*members, case["input"]["at"])
        compared("Weighted Kaplan-Meier at landmarks", ours, numbers(expected["at"]), **source)


@pytest.mark.parametrize("name", TIMES)
def test_weighted_cox(name, compared):
    case, given = TIMES[name], data_of(TIMES[name])
    weights = np.array(given["weights"][case["input"]["kind"]], float)
    people = given["time"], given["event"], given["arm"]
    (beta,) = log_hazard_ratios(*people, weights[None, :], np.ones((1, len(weights))))
    source = {"code": "own", "against": f"{R} coxph(weights, robust = TRUE)", "tolerance": 1e-6}
    compared("Weighted Cox, Efron", beta, case["expected"]["cox"]["coef"], **source)
    ours = robust_error(*people, weights, beta)
    compared("Robust standard error, Efron", ours, case["expected"]["cox"]["robust"], **source)


@pytest.mark.parametrize("name", RESAMPLED)
def test_resamples_hold_a_participant_several_times(name, compared):
    case, given = RESAMPLED[name], data_of(RESAMPLED[name])
    counts = np.array(case["input"]["counts"])
    weights = np.array(given["weights"]["ATE"]) * counts
    people = given["time"], given["event"], given["arm"]
    source = {"code": "own", "against": f"{R} of each resample"}
    ours = log_hazard_ratios(*people, weights, counts)
    compared("Weighted Cox of resamples", ours, case["expected"]["coef"], **source, tolerance=1e-6)
    own = given["arm"] == 1
    ours = survival_at(given["time"][own], given["event"][own], weights[:, own], case["input"]["at"])
    theirs = [numbers(row) for row in case["expected"]["at"]]
    compared("Weighted Kaplan-Meier of resamples", ours, theirs, **source, tolerance=1e-9)


@pytest.mark.parametrize("name", MEDIANS)
def test_weighted_medians(name, compared):
    case, given = MEDIANS[name], data_of(MEDIANS[name])
    counts = np.array(case["input"]["counts"], float)
    for kind, expected in case["expected"].items():
        weights = np.array(given["weights"][kind], float)
        arms = [given["arm"] == arm for arm in (1, 0)]
        ours = [weighted_median(counts[own], weights[own]) for own in arms]
        source = {"code": "own", "against": "R 4.2.2, the rule in base R", "tolerance": 1e-12}
        compared("Weighted median", ours, expected, **source)
