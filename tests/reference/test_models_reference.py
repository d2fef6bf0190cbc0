"""The models over time against R: nlme::gls, lmer with pbkrtest and lmerTest, lm with sandwich, geepack."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.ancova import ancova
from analysis.gee import fit_marginal
from analysis.mmrm.inference import kenward_roger, kenward_roger_observed, satterthwaite
from analysis.mmrm.layout import repeated_measures
from analysis.mmrm.reml import fit_reml
from tests.independent.slow_mmrm import DenseModel
from tests.reference.cases import HERE, general_cases

CASES = json.loads((HERE / "models_reference.json").read_text(encoding="utf-8"))["cases"]
GLS = "R 4.2.2 nlme 3.1-162 gls"
PBKRTEST = "R 4.2.2 pbkrtest 0.5.2"
LMERTEST = "R 4.2.2 lmerTest 3.1-3"


def named(prefix: str) -> list[str]:
    return [name for name in CASES if name.startswith(prefix)]


def fitted(case: dict):
    """Our fit of a case: per visit an intercept, a term for each experimental arm, and the baseline where given."""
    frame = pd.DataFrame(case["input"]["data"])
    visits = [case["input"]["visits"]] if np.isscalar(case["input"]["visits"]) else case["input"]["visits"]
    y = frame.pivot(index="id", columns="visit", values="y").reindex(columns=visits)
    one = frame.groupby("id").first().reindex(y.index)
    columns = [np.ones(len(one)), *(one["arm"] == arm for arm in sorted(set(one["arm"]) - {0}))]
    if "base" in one:
        columns.append(one["base"])
    z = np.column_stack(columns).astype(float)
    kept = np.ones((len(visits), z.shape[1]), dtype=bool)
    if case["input"]["constrained"]:
        kept[0, 1:] = False
    return fit_reml(repeated_measures(y.to_numpy(dtype=float), z, kept))


@pytest.mark.parametrize("name", named("mmrm "))
def test_unstructured_model_against_gls(name, compared):
    fit, expected = fitted(CASES[name]), CASES[name]["expected"]
    compared("MMRM, coefficients", fit.beta, expected["coef"], code="own", against=GLS, tolerance=1e-6)
    se = np.sqrt(np.diag(fit.phi))
    compared("MMRM, model-based SE", se, expected["se"], code="own", against=GLS, tolerance=1e-5)
    compared("MMRM, restricted log likelihood", fit.log_likelihood, expected["log_likelihood"], code="own",
             against=GLS, tolerance=1e-9)  # fmt: skip


@pytest.mark.parametrize("name", [name for name in named("mmrm ") if "lmer" in CASES[name]["expected"]])
def test_standard_errors_and_degrees_of_freedom_against_lmer(name, compared):
    fit, expected = fitted(CASES[name]), CASES[name]["expected"]["lmer"]
    each = np.eye(len(fit.beta))
    adjusted, plain = kenward_roger(fit, each), satterthwaite(fit, each)
    compared("MMRM, coefficients", fit.beta, expected["coef"], code="own", against="R 4.2.2 lme4 1.1-31",
             tolerance=1e-6)  # fmt: skip
    compared("MMRM, model-based SE", plain.std_error, expected["se"], code="own",
             against="R 4.2.2 lme4 1.1-31", tolerance=1e-6)  # fmt: skip
    compared("MMRM, Kenward-Roger SE", adjusted.std_error, expected["kr_se"], code="own", against=PBKRTEST,
             tolerance=1e-6)  # fmt: skip
    compared("MMRM, Kenward-Roger df", adjusted.df, expected["kr_df"], code="own", against=PBKRTEST,
             tolerance=1e-3)  # fmt: skip
    compared("MMRM, Satterthwaite df", plain.df, expected["satterthwaite_df"], code="own", against=LMERTEST,
             tolerance=1e-3)  # fmt: skip


def test_complete_data_have_the_degrees_of_freedom_of_a_t_test(compared):
    """Orthodont: the two arms at one visit of complete data are an ordinary two-sample t test."""
    (case,) = general_cases("mmrm_unstructured")
    fit = fitted(CASES["mmrm orthodont, complete"])
    last = np.eye(8)[-1:]
    for method in (kenward_roger, kenward_roger_observed, satterthwaite):
        found = method(fit, last)
        ours = [found.estimate[0], found.std_error[0], found.df[0]]
        theirs = [case["expected"][key] for key in ("estimate", "se", "df")]
        compared("MMRM, complete data: a t test at each visit", ours, theirs, code="own",
                 against="R 4.2.2 t.test", tolerance=1e-9)  # fmt: skip


SLOW = "slow second implementation"


@pytest.mark.parametrize("name", ["mmrm two visits, small", "mmrm one arm"])
def test_inference_against_the_slow_implementation(name, compared):
    """Dense matrices over all responses, derivatives by differences: also for the observed information."""
    case = CASES[name]
    fit = fitted(case)
    slow, theta = dense(case), fit.covariance[np.tril_indices(len(fit.covariance))]
    assert np.abs(slow.slopes(slow.log_likelihood, theta)).max() < 1e-5
    expected, observed = slow.expected_information(theta), slow.observed_information(theta)
    each = np.eye(len(fit.beta))
    found = (kenward_roger(fit, each), kenward_roger_observed(fit, each), satterthwaite(fit, each))
    for i, contrast in enumerate(each):
        for ours, information, words in (
            (found[0], expected, "Kenward-Roger"),
            (found[1], observed, "Kenward-Roger, observed information,"),
        ):
            se, df = slow.kenward_roger(theta, contrast, information)
            compared(f"MMRM, {words} SE", ours.std_error[i], se, code="own", against=SLOW, tolerance=1e-6)
            compared(f"MMRM, {words} df", ours.df[i], df, code="own", against=SLOW, tolerance=1e-3)
        df = slow.satterthwaite_df(theta, contrast, observed)
        compared("MMRM, Satterthwaite df", found[2].df[i], df, code="own", against=SLOW, tolerance=1e-3)


def dense(case: dict) -> DenseModel:
    frame = pd.DataFrame(case["input"]["data"])
    visits, arms = sorted(set(frame["visit"])), sorted(set(frame["arm"]) - {0})
    design = []
    for row in frame.itertuples():
        cells = []
        for visit in visits:
            at = float(row.visit == visit)
            cells.append(at)
            if not (case["input"]["constrained"] and visit == 0):
                cells += [at * (row.arm == arm) for arm in arms]
            if "base" in frame:
                cells.append(at * row.base)
        design.append(cells)
    return DenseModel(frame["id"], [visits.index(v) for v in frame["visit"]], design, frame["y"])


@pytest.mark.parametrize("name", named("ancova "))
def test_ancova_against_lm_and_sandwich(name, compared):
    given, expected = CASES[name]["input"], CASES[name]["expected"]
    y, base = (np.array(given[key], dtype=float) for key in ("y", "base"))
    arm = np.array([f"arm {number}" for number in given["arm"]], dtype=object)
    arms = sorted(set(arm))
    for i, other in enumerate(arms[1:]):
        found = ancova(y, arm, base, arms, (other, arms[0]))
        se = found["estimate"] / found["statistic"]
        theirs = [np.ravel(expected[key])[i] for key in ("difference", "se")] + [expected["df"]]
        compared("ANCOVA, HC3", [found["estimate"], se, found["df"]], theirs, code="statsmodels OLS",
                 against="R 4.2.2 lm, sandwich 3.0-2", tolerance=1e-9)  # fmt: skip


@pytest.mark.parametrize("name", named("gee "))
@pytest.mark.parametrize("correlation", ["independence", "exchangeable"])
def test_gee_against_geepack(name, correlation, compared):
    """geepack's own estimate of the exchangeable correlation differs; it is given the moment estimate here."""
    frame, expected = pd.DataFrame(CASES[name]["input"]), CASES[name]["expected"][correlation]
    wide = frame.pivot(index="id", columns="visit", values="y")
    arm = frame.groupby("id")["arm"].first().reindex(wide.index).to_numpy()
    counted, reached = wide.notna().to_numpy(), wide.eq(1).to_numpy()
    arms = sorted(set(arm))
    fit = fit_marginal(counted, reached, arm, arms, correlation=correlation)
    visits = wide.shape[1]
    contrasts = np.zeros((visits * len(arms),) * 2)  # visit by visit: control, then differences from it
    for visit in range(visits):
        for i in range(len(arms)):
            row = visit * len(arms) + i
            contrasts[row, i * visits + visit] += 1
            if i:
                contrasts[row, visit] -= 1
    errors = [np.sqrt(np.diag(contrasts @ v @ contrasts.T)) for v in (fit.robust, fit.corrected)]
    code, geepack = f"statsmodels GEE, {correlation}", "R 4.2.2 geepack 1.3.9"
    compared("GEE, log odds and log odds ratios", contrasts @ fit.log_odds, expected["coef"], code=code,
             against=geepack, tolerance=1e-6)  # fmt: skip
    compared("GEE, robust SE", errors[0], expected["robust_se"], code=code, against=geepack, tolerance=1e-6)
    compared("GEE, Mancl-DeRouen SE", errors[1], expected["mancl_derouen_se"], code=code,
             against="R 4.2.2, the matrices written out", tolerance=1e-6)  # fmt: skip
    compared("GEE, working correlation", fit.correlation, expected["alpha"], code=code,
             against="R 4.2.2, moments written out", tolerance=1e-6)  # fmt: skip
