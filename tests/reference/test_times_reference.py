"""Comparisons of times to an event against R: survival 3.5-3 and cmprsk 2.2-11 (make_times_reference.R)."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.cox import fit_cox, hazard_ratios, profile_hazard_ratios
from tests.reference.cases import HERE, numbers

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
    source = {"code": "statsmodels PHReg, own maximum", "against": f"{SURVIVAL} coxph"}
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
    source = {"code": "statsmodels PHReg, own maximum", "against": f"{SURVIVAL} coxph"}
    compared("Hazard ratio, Wald interval", ours, theirs, **source, tolerance=1e-6)
    source = {"code": "own, likelihood of statsmodels PHReg", "against": f"{SURVIVAL} coxph with an offset"}
    limits = [profile.conf_low, profile.conf_high]
    compared("Hazard ratio, profile likelihood interval", limits, case["profile"], **source, tolerance=1e-6)


def test_an_arm_without_an_event(compared):
    case, expected = given("monotone"), CASES["monotone"]["expected"]
    fit = fit_cox(case["time"], case["event"], np.array(case["x"])[:, None])
    source = {"code": "own, likelihood of statsmodels PHReg", "against": f"{SURVIVAL} coxph with an offset"}
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
