"""Survival curves, tests and cumulative incidence against R.

Source: make_r_reference.R and make_interim_reference.R (survival 3.5-3, cmprsk 2.2-11). Tolerance 1e-9 for
closed forms; variances of a cumulative incidence 10 %, because the packages use different estimators.
"""

import numpy as np
import pandas as pd
import pytest

from analysis.gray import gray_tests
from analysis.survival import (
    cumulative_incidence,
    kaplan_meier,
    landmark,
    log_rank,
    median_survival,
    reverse_kaplan_meier_followup,
)
from tests.reference.cases import general_cases, interim_cases, numbers

CURVES, TESTS, INCIDENCES = interim_cases("km "), interim_cases("log-rank "), interim_cases("cif ")
LIMITS = ["conf_low", "conf_high"]
SURVIVAL, CMPRSK = "R 4.2.2 survival 3.5-3", "R 4.2.2 cmprsk 2.2-11"
LOG_RANK = {"code": "statsmodels survdiff", "against": f"{SURVIVAL} survdiff", "tolerance": 1e-9}
INCIDENCE = {"code": "own", "against": f"{CMPRSK} cuminc"}


def make_adtte(given: dict, group: str = "all") -> pd.DataFrame:
    time = numbers(given["time"])
    return pd.DataFrame(
        {"ARM": given.get("group", group), "AVAL": time, "CNSR": 1 - np.array(numbers(given["event"]))}
    )


@pytest.mark.parametrize("name", CURVES)
def test_kaplan_meier_at_every_time(name, compared):
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
        what = "Kaplan-Meier" if column == "estimate" else "Kaplan-Meier, log-log interval"
        against = f"{SURVIVAL} survfit"
        compared(what, curve[column], numbers(expected[r_name]), code="own", against=against, tolerance=1e-9)


@pytest.mark.parametrize(
    "name", [name for name, case in CURVES.items() if not case["expected"]["exactly_half"]]
)
def test_median_and_its_limits(name, compared):
    (row,) = median_survival(kaplan_meier(make_adtte(CURVES[name]["input"]), ["all"])).itertuples()
    expected = CURVES[name]["expected"]
    compared(
        "Median, Brookmeyer-Crowley interval",
        [row.estimate, row.conf_low, row.conf_high],
        numbers(expected["median"]) + numbers(expected["median_ci"]),
        code="own",
        against=f"{SURVIVAL} quantile(survfit)",
        tolerance=1e-9,
    )


def test_median_of_a_stretch_at_one_half_is_its_first_day():
    case = CURVES["km flat at one half"]  # S is 0.5 from day 4 to day 6: R says 5, the middle
    (row,) = median_survival(kaplan_meier(make_adtte(case["input"]), ["all"])).itertuples()
    assert case["expected"]["median"] == 5
    assert row.estimate == 4
    assert [row.conf_low, row.conf_high] == pytest.approx(numbers(case["expected"]["median_ci"]), nan_ok=True)


@pytest.mark.parametrize("case", general_cases("kaplan_meier"), ids=lambda case: case["id"])
def test_landmarks_and_median_of_the_aml_trial(case, compared):
    arm, expected = case["input"]["level"], case["expected"]
    curve = kaplan_meier(make_adtte(case["input"]), [arm])
    at = landmark(curve, case["input"]["times"])
    ours, theirs = at[["estimate", *LIMITS]], [expected[key] for key in ("surv", "lower", "upper")]
    source = {"code": "own", "against": f"{SURVIVAL} summary(survfit, times)", "tolerance": 1e-9}
    compared("Landmark, log-log interval", ours.to_numpy().T, theirs, **source)
    (median,) = median_survival(curve).itertuples()
    assert median.estimate == expected["median"]
    assert [median.conf_low, median.conf_high] == pytest.approx(numbers(expected["median_ci"]), nan_ok=True)


@pytest.mark.parametrize("name", TESTS)
def test_log_rank(name, compared):
    adtte = make_adtte(TESTS[name]["input"])
    (row,) = log_rank(adtte, sorted(set(adtte["ARM"]))).itertuples()
    expected = TESTS[name]["expected"]
    theirs = [expected["statistic"], expected["df"], expected["p"]]
    compared("Log-rank", [row.statistic, row.df, row.p_value], theirs, **LOG_RANK)


@pytest.mark.parametrize("case", general_cases("logrank"), ids=lambda case: case["id"])
def test_log_rank_of_the_aml_trial(case, compared):
    (row,) = log_rank(make_adtte(case["input"]), ["Maintained", "Nonmaintained"]).itertuples()
    theirs = [case["expected"]["chisq"], case["expected"]["p"]]
    compared("Log-rank", [row.statistic, row.p_value], theirs, **LOG_RANK)


def make_competing(given: dict) -> pd.DataFrame:
    cause = np.array(["", "response", "rescue"])[np.array(given["cause"])]
    return pd.DataFrame({"ARM": given.get("group", "all"), "CIFDY": given["time"], "CIFEVENT": cause})


@pytest.mark.parametrize("name", INCIDENCES)
def test_cumulative_incidence(name, compared):
    given, expected = INCIDENCES[name]["input"], INCIDENCES[name]["expected"]
    curves = cumulative_incidence(make_competing(given), ["all"], ["response", "rescue"])
    at = landmark(curves, given["times"]).set_index("cause")
    ours = [at.loc["response", "estimate"], at.loc["rescue", "estimate"]]
    compared("Cumulative incidence", ours, [expected["est1"], expected["est2"]], **INCIDENCE, tolerance=1e-9)


@pytest.mark.parametrize("name", INCIDENCES)
@pytest.mark.parametrize(("cause", "key"), [("response", "var1"), ("rescue", "var2")])
def test_cumulative_incidence_variance(name, cause, key, compared):
    # the standard error is read back from the log-log limits: log(-log F) -+ z se / (F log F)
    given, expected = INCIDENCES[name]["input"], INCIDENCES[name]["expected"]
    at = landmark(
        cumulative_incidence(make_competing(given), ["all"], ["response", "rescue"]), given["times"]
    )
    at = at[at["cause"] == cause]
    low, high = (np.log(-np.log(at[limit])) for limit in LIMITS)
    error = (low - high) / (2 * 1.959963984540054) * -at["estimate"] * np.log(at["estimate"])
    compared(
        "Variance of a cumulative incidence",
        error**2 / expected[key],
        np.ones(len(at)),
        **INCIDENCE,
        tolerance=0.1,
    )
    if key == "var1":  # the infinitesimal jackknife of survival, a third estimator
        jackknife = {"code": "own", "against": f"{SURVIVAL} survfit, jackknife"}
        ratio = error / expected["survival_se1"]
        compared(
            "Standard error of a cumulative incidence", ratio, np.ones(len(at)), **jackknife, tolerance=0.05
        )


@pytest.mark.parametrize("case", general_cases("cumulative_incidence"), ids=lambda case: case["id"])
def test_cumulative_incidence_by_group_with_ties(case, compared):
    given, expected = case["input"], case["expected"]
    curves = cumulative_incidence(make_competing(given), ["a", "b"], ["response", "rescue"])
    at = landmark(curves, given["times"]).set_index(["arm", "cause"])["estimate"]
    ours = [at.loc[("a", "response")], at.loc[("b", "response")]]
    theirs = [expected["a_cause1"], expected["b_cause1"]]
    compared("Cumulative incidence", ours, theirs, **INCIDENCE, tolerance=1e-9)
    (gray,) = gray_tests(make_competing(given), ["a", "b"], ["response"]).itertuples()
    theirs = [expected["gray_stat"], expected["gray_p"]]
    compared("Gray's test", [gray.statistic, gray.p_value], theirs, **INCIDENCE, tolerance=1e-9)


def test_median_follow_up(compared):
    case = interim_cases("follow-up ")["follow-up lung"]
    died = np.array(case["input"]["died"]) == 1
    adsl = pd.DataFrame(
        {"ARM": "all", "FUDY": case["input"]["day"], "STATUS": np.where(died, "died", "on study")}
    )
    row = reverse_kaplan_meier_followup(adsl, ["all"]).set_index("arm").loc["All"]
    ours, theirs = row[["estimate", *LIMITS]], [case["expected"]["median"], *case["expected"]["ci"]]
    compared("Median follow-up", ours, theirs, code="own", against=f"{SURVIVAL} survfit", tolerance=1e-12)
