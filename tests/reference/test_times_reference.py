"""Comparisons of times to an event against R: survival 3.5-3 and cmprsk 2.2-11 (make_times_reference.R)."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.bootstrap import resampled_medians
from analysis.cox import fit_cox, hazard_ratios, profile_hazard_ratios
from analysis.gray import gray_tests
from analysis.landmarks import landmark_differences, landmark_tests
from analysis.proportional_hazards import proportional_hazards_test, schoenfeld_residuals, smoothed
from analysis.restricted_mean import restricted_mean_comparisons, restricted_means
from analysis.stratified_log_rank import stratified_log_rank
from tests.reference.cases import HERE, general_cases, numbers

CASES = json.loads((HERE / "times_reference.json").read_text(encoding="utf-8"))["cases"]
SURVIVAL = "R 4.2.2 survival 3.5-3"


def named(prefix: str) -> list[str]:
    return [name for name in CASES if name.startswith(prefix)]


def given(name: str) -> dict:
    """The input of a case: its own data, or the data set that it names."""
    own = CASES[name]["input"]
    return CASES[f"data {own['data']}"]["input"] | own if "data" in own else own


def make_adtte(case: dict) -> pd.DataFrame:
    return pd.DataFrame({"ARM": case["group"], "AVAL": case["time"], "CNSR": 1 - np.array(case["event"])})


def cox_input(name: str) -> tuple:
    """Times, events, covariates and strata of a Cox case."""
    case = given(name)
    X = pd.DataFrame(
        {"x": [float(group == case["experimental"]) for group in case["group"]], "age": case["age"]}
    )
    covariates = [case["covariates"]] if isinstance(case["covariates"], str) else case["covariates"]
    return case["time"], case["event"], X[covariates], case["stratum"] if case["strata"] else None


def pair(case: dict) -> tuple[str, str]:
    (control,) = set(case["group"]) - {case["experimental"]}
    return case["experimental"], control


@pytest.mark.parametrize("name", named("cox "))
def test_cox_coefficients_and_tests(name, compared):
    expected = CASES[name]["expected"]
    fit = fit_cox(*cox_input(name))
    tests = fit.tests().set_index("method")["statistic"]
    source = {"code": "own", "against": f"{SURVIVAL} coxph"}
    compared("Cox coefficients, Efron", fit.coefficients, numbers(expected["coef"]), **source, tolerance=1e-6)
    covariance = [numbers(column) for column in expected["covariance"].values()]
    compared("Cox covariance", fit.covariance, covariance, **source, tolerance=1e-6)
    likelihoods = [fit.null_log_likelihood, fit.log_likelihood]
    compared("Cox log likelihood", likelihoods, numbers(expected["loglik"]), **source, tolerance=1e-9)
    compared(
        "Cox tests: likelihood ratio, Wald, score",
        tests.loc[["likelihood ratio", "Wald", "score"]].to_numpy(),
        [expected["lr"][0], expected["wald"], expected["score"]],
        **source,
        tolerance=1e-6,
    )
    assert fit.events == expected["events"]
    assert fit.tests().set_index("method").loc["likelihood ratio", "p_value"] == pytest.approx(
        expected["lr"][2]
    )


@pytest.mark.parametrize("name", [name for name in named("cox ") if "profile" in CASES[name]["input"]])
def test_hazard_ratio_intervals(name, compared):
    case, expected = given(name), CASES[name]["expected"]
    strata = case["stratum"] if case["strata"] else None
    (wald,) = hazard_ratios(make_adtte(case), [pair(case)], strata).itertuples()
    (profile,) = profile_hazard_ratios(make_adtte(case), [pair(case)], strata).itertuples()
    ours = [wald.estimate, wald.conf_low, wald.conf_high]
    theirs = [np.exp(expected["coef"]), *expected["conf"]]
    source = {"code": "own", "against": f"{SURVIVAL} coxph"}
    compared("Hazard ratio, Wald interval", ours, theirs, **source, tolerance=1e-6)
    source = {"code": "own", "against": f"{SURVIVAL} coxph with an offset"}
    limits = [profile.conf_low, profile.conf_high]
    compared("Hazard ratio, profile likelihood interval", limits, case["profile"], **source, tolerance=1e-6)


def test_an_arm_without_an_event(compared):
    case, expected = given("monotone"), CASES["monotone"]["expected"]
    fit = fit_cox(case["time"], case["event"], np.array(case["x"])[:, None])
    source = {"code": "own", "against": f"{SURVIVAL} coxph with an offset"}
    likelihoods = [fit.null_log_likelihood, fit.log_likelihood]
    compared(
        "Cox log likelihood without a maximum", likelihoods, expected["loglik"], **source, tolerance=1e-6
    )
    adtte = make_adtte(case | {"group": [f"arm {x}" for x in case["x"]]})
    (row,) = profile_hazard_ratios(adtte, [("arm 1", "arm 0")]).itertuples()
    assert (row.estimate, row.conf_high) == (np.inf, np.inf)
    compared(
        "Hazard ratio, an arm without an event", row.conf_low, expected["lower"], **source, tolerance=1e-6
    )
    score = fit.tests().set_index("method").loc["score", "statistic"]
    assert score == pytest.approx(expected["score"], rel=1e-9)
    (row,) = hazard_ratios(adtte, [("arm 1", "arm 0")]).itertuples()
    assert row.estimate == np.inf and np.isnan([row.conf_low, row.conf_high, row.p_value]).all() and row.note


@pytest.mark.parametrize("name", [name for name in named("cox ") if not name.endswith("two")])
def test_proportional_hazards(name, compared):
    case, expected = given(name), CASES[name]["expected"]["zph"]["km"]
    strata = case["stratum"] if case["strata"] else None
    adtte = make_adtte(case)
    (row,) = proportional_hazards_test(adtte, [pair(case)], strata).itertuples()
    source = {"code": "own", "against": f"{SURVIVAL} cox.zph"}
    theirs = [expected["chisq"][0], expected["p"][0]]
    compared("Test of proportional hazards", [row.statistic, row.p_value], theirs, **source, tolerance=1e-6)
    residuals = schoenfeld_residuals(adtte, pair(case), strata)
    by_time = ["time", "estimate"]
    theirs = pd.DataFrame(
        {"time": expected["time"], "x": expected["x"], "estimate": numbers(expected["residuals"])}
    )
    theirs = theirs[theirs["estimate"].notna()].sort_values(by_time)
    compared(
        "Scaled Schoenfeld residuals",
        residuals.sort_values(by_time)[["time", "x", "estimate"]].to_numpy(),
        theirs.to_numpy(),
        **source,
        tolerance=1e-6,
    )
    drawn = expected["smooth"]
    if drawn:
        curve = smoothed(residuals).iloc[drawn["at"]]
        error = (curve["conf_high"] - curve["conf_low"]) / (2 * 1.959963984540054)
        source["against"] = f"{SURVIVAL} plot.cox.zph"
        ours = [curve["estimate"], error]
        compared("Smooth of the residuals", ours, [drawn["value"], drawn["error"]], **source, tolerance=1e-6)


@pytest.mark.parametrize("name", named("stratified log-rank "))
def test_stratified_log_rank(name, compared):
    case, expected = given(name), CASES[name]["expected"]
    adtte = make_adtte(case)
    (row,) = stratified_log_rank(adtte, sorted(set(adtte["ARM"])), case["stratum"]).itertuples()
    compared(
        "Stratified log-rank",
        [row.statistic, row.df, row.p_value],
        [expected["statistic"], expected["df"], expected["p"]],
        code="statsmodels survdiff",
        against=f"{SURVIVAL} survdiff",
        tolerance=1e-9,
    )


@pytest.mark.parametrize("name", named("rmst "))
def test_restricted_means(name, compared):
    case, expected = given(name), CASES[name]["expected"]
    arms = pair(case)
    means = restricted_means(make_adtte(case), arms, tau=case["tau"])
    source = {"code": "own", "against": f"{SURVIVAL} summary(survfit, rmean)", "tolerance": 1e-9}
    theirs = [expected["experimental"], expected["control"]]
    compared("Restricted mean, standard error", means[["estimate", "error"]].to_numpy(), theirs, **source)
    found = restricted_mean_comparisons(means, [arms]).set_index("measure")
    z = 1.959963984540054
    difference, error = expected["difference"], expected["error"]
    theirs = [difference, difference - z * error, difference + z * error]
    ours = found.loc["RMST difference", ["estimate", "conf_low", "conf_high"]].to_numpy(dtype=float)
    source["against"] = f"{SURVIVAL} summary(survfit, rmean), formula in R"
    compared("Difference of restricted means", ours, theirs, **source)
    theirs = expected["ratio"] * np.exp(np.array([0, -z, z]) * expected["log_error"])
    ours = found.loc["RMST ratio", ["estimate", "conf_low", "conf_high"]].to_numpy(dtype=float)
    compared("Ratio of restricted means", ours, theirs, **source)


@pytest.mark.parametrize("case", general_cases("rmst"), ids=lambda case: case["id"])
def test_restricted_mean_of_the_aml_trial(case, compared):
    arm = case["input"]["level"]
    (row,) = restricted_means(make_adtte(case["input"]), [arm], tau=case["input"]["tau"]).itertuples()
    theirs = [case["expected"]["rmst"], case["expected"]["se"]]
    compared(
        "Restricted mean, standard error",
        [row.estimate, row.error],
        theirs,
        code="own",
        against=f"{SURVIVAL} summary(survfit, rmean)",
        tolerance=1e-9,
    )


@pytest.mark.parametrize("name", named("landmark "))
def test_landmarks(name, compared):
    case, expected = given(name), CASES[name]["expected"]
    adtte, arms = make_adtte(case), pair(case)
    (row,) = landmark_differences(adtte, [arms], [case["day"]]).itertuples()
    error = (row.conf_high - row.conf_low) / (2 * 1.959963984540054)
    source = {"code": "own", "against": f"{SURVIVAL} summary(survfit, times)", "tolerance": 1e-9}
    ours = [row.estimate, error, row.statistic, row.p_value]
    theirs = [expected["difference"], expected["error"], *expected["wald"]]
    compared("Difference at a landmark, Greenwood", ours, theirs, **source)
    (row,) = landmark_tests(adtte, [arms], [case["day"]]).itertuples()
    source["against"] = "Klein et al. 2007, formula in R"
    compared(
        "Test at a landmark, complementary log-log",
        [row.statistic, row.p_value],
        expected["cloglog"],
        **source,
    )


@pytest.mark.parametrize("name", named("resamples "))
def test_medians_of_resamples(name, compared):
    case = CASES[name]["input"]
    expected = [np.inf if median is None else median for median in CASES[name]["expected"]["medians"]]
    ours = resampled_medians(case["time"], case["event"], np.array(case["draws"]))
    source = {"code": "own", "against": f"{SURVIVAL} survfit of each resample"}
    compared("Medians of resampled arms", ours, expected, **source, tolerance=1e-12)


@pytest.mark.parametrize("name", named("gray "))
def test_gray(name, compared):
    case = CASES[name]["input"]
    expected = {key: numbers(value) for key, value in CASES[name]["expected"].items()}
    event = np.array(["", "response", "rescue"])[case["cause"]]
    frame = pd.DataFrame({"ARM": case["group"], "CIFDY": case["time"], "CIFEVENT": event})
    found = gray_tests(frame, sorted(set(case["group"])), ["response", "rescue"][: len(expected["p"])])
    compared(
        "Gray's test",
        found[["statistic", "df", "p_value"]].to_numpy().T,
        [expected["statistic"], expected["df"], expected["p"]],
        code="own",
        against="R 4.2.2 cmprsk 2.2-11 cuminc",
        tolerance=1e-9,
    )
