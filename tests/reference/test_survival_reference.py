"""Survival curves, tests and cumulative incidence against R.

Source: make_r_reference.R and make_interim_reference.R (survival 3.5-3, cmprsk 2.2-11). Tolerance 1e-9 for
closed forms; variances of a cumulative incidence 10 %, because the packages use different estimators.
"""

import numpy as np
import pandas as pd
import pytest

from analysis.survival import (
    cumulative_incidence,
    kaplan_meier,
    landmark,
    log_rank,
    median_survival,
    reverse_kaplan_meier_followup,
)
from tests.reference.cases import CLOSED_FORM, general_cases, interim_cases, numbers

CURVES, TESTS, INCIDENCES = interim_cases("km "), interim_cases("log-rank "), interim_cases("cif ")
LIMITS = ["conf_low", "conf_high"]


def make_adtte(given: dict, group: str = "all") -> pd.DataFrame:
    time = numbers(given["time"])
    return pd.DataFrame(
        {"ARM": given.get("group", group), "AVAL": time, "CNSR": 1 - np.array(numbers(given["event"]))}
    )


@pytest.mark.parametrize("name", CURVES)
def test_kaplan_meier_at_every_time(name):
    expected = CURVES[name]["expected"]
    curve = kaplan_meier(make_adtte(CURVES[name]["input"]), ["all"]).iloc[1:]
    for column, r_name in (
        ("time", "time"),
        ("n_risk", "n_risk"),
        ("n_event", "n_event"),
        ("n_censor", "n_censor"),
    ):
        assert list(curve[column]) == numbers(expected[r_name])
    for column, r_name in (("estimate", "surv"), ("conf_low", "lower"), ("conf_high", "upper")):
        assert list(curve[column]) == pytest.approx(numbers(expected[r_name]), **CLOSED_FORM)


@pytest.mark.parametrize(
    "name", [name for name, case in CURVES.items() if not case["expected"]["exactly_half"]]
)
def test_median_and_its_limits(name):
    (row,) = median_survival(kaplan_meier(make_adtte(CURVES[name]["input"]), ["all"])).itertuples()
    expected = CURVES[name]["expected"]
    assert row.estimate == pytest.approx(*numbers(expected["median"]), nan_ok=True)
    assert [row.conf_low, row.conf_high] == pytest.approx(numbers(expected["median_ci"]), nan_ok=True)


def test_median_of_a_stretch_at_one_half_is_its_first_day():
    case = CURVES["km flat at one half"]  # S is 0.5 from day 4 to day 6: R says 5, the middle
    (row,) = median_survival(kaplan_meier(make_adtte(case["input"]), ["all"])).itertuples()
    assert case["expected"]["median"] == 5
    assert row.estimate == 4
    assert [row.conf_low, row.conf_high] == pytest.approx(numbers(case["expected"]["median_ci"]), nan_ok=True)


@pytest.mark.parametrize("case", general_cases("kaplan_meier"), ids=lambda case: case["id"])
def test_landmarks_and_median_of_the_aml_trial(case):
    arm, expected = case["input"]["level"], case["expected"]
    curve = kaplan_meier(make_adtte(case["input"]), [arm])
    at = landmark(curve, case["input"]["times"])
    assert list(at["estimate"]) == pytest.approx(expected["surv"], rel=1e-7)
    assert list(at["conf_low"]) == pytest.approx(expected["lower"], rel=1e-7)
    assert list(at["conf_high"]) == pytest.approx(expected["upper"], rel=1e-7)
    (median,) = median_survival(curve).itertuples()
    assert median.estimate == expected["median"]
    assert [median.conf_low, median.conf_high] == pytest.approx(numbers(expected["median_ci"]), nan_ok=True)


@pytest.mark.parametrize("name", TESTS)
def test_log_rank(name):
    adtte = make_adtte(TESTS[name]["input"])
    (row,) = log_rank(adtte, sorted(set(adtte["ARM"]))).itertuples()
    expected = TESTS[name]["expected"]
    assert (row.statistic, row.df, row.p_value) == pytest.approx(
        (expected["statistic"], expected["df"], expected["p"]), **CLOSED_FORM
    )


@pytest.mark.parametrize("case", general_cases("logrank"), ids=lambda case: case["id"])
def test_log_rank_of_the_aml_trial(case):
    (row,) = log_rank(make_adtte(case["input"]), ["Maintained", "Nonmaintained"]).itertuples()
    assert (row.statistic, row.p_value) == pytest.approx(
        (case["expected"]["chisq"], case["expected"]["p"]), rel=1e-7
    )


def make_competing(given: dict) -> pd.DataFrame:
    cause = np.array(["", "response", "rescue"])[np.array(given["cause"])]
    return pd.DataFrame({"ARM": given.get("group", "all"), "CIFDY": given["time"], "CIFEVENT": cause})


@pytest.mark.parametrize("name", INCIDENCES)
def test_cumulative_incidence(name):
    given, expected = INCIDENCES[name]["input"], INCIDENCES[name]["expected"]
    curves = cumulative_incidence(make_competing(given), ["all"], ["response", "rescue"])
    at = landmark(curves, given["times"]).set_index("cause")
    assert list(at.loc["response", "estimate"]) == pytest.approx(expected["est1"], **CLOSED_FORM)
    assert list(at.loc["rescue", "estimate"]) == pytest.approx(expected["est2"], **CLOSED_FORM)


@pytest.mark.parametrize("name", INCIDENCES)
@pytest.mark.parametrize(("cause", "key"), [("response", "var1"), ("rescue", "var2")])
def test_cumulative_incidence_variance(name, cause, key):
    # the standard error is read back from the log-log limits: log(-log F) -+ z se / (F log F)
    given, expected = INCIDENCES[name]["input"], INCIDENCES[name]["expected"]
    at = landmark(
        cumulative_incidence(make_competing(given), ["all"], ["response", "rescue"]), given["times"]
    )
    at = at[at["cause"] == cause]
    low, high = (np.log(-np.log(at[limit])) for limit in LIMITS)
    error = (low - high) / (2 * 1.959963984540054) * -at["estimate"] * np.log(at["estimate"])
    assert list(error**2) == pytest.approx(expected[key], rel=0.10)
    if key == "var1":  # the infinitesimal jackknife of survival, a third estimator
        assert list(error) == pytest.approx(expected["survival_se1"], rel=0.05)


@pytest.mark.parametrize("case", general_cases("cumulative_incidence"), ids=lambda case: case["id"])
def test_cumulative_incidence_by_group_with_ties(case):
    given, expected = case["input"], case["expected"]
    curves = cumulative_incidence(make_competing(given), ["a", "b"], ["response", "rescue"])
    at = landmark(curves, given["times"]).set_index(["arm", "cause"])["estimate"]
    assert list(at.loc[("a", "response")]) == pytest.approx(expected["a_cause1"], rel=1e-6)
    assert list(at.loc[("b", "response")]) == pytest.approx(expected["b_cause1"], rel=1e-6)


def test_median_follow_up():
    case = interim_cases("follow-up ")["follow-up lung"]
    died = np.array(case["input"]["died"]) == 1
    adsl = pd.DataFrame(
        {"ARM": "all", "FUDY": case["input"]["day"], "STATUS": np.where(died, "died", "on study")}
    )
    row = reverse_kaplan_meier_followup(adsl, ["all"]).set_index("arm").loc["All"]
    assert row["estimate"] == case["expected"]["median"]
    assert [row["conf_low"], row["conf_high"]] == case["expected"]["ci"]
