"""Arms that were not randomised against R: survey, MatchIt, metafor, brglm2 and equations derived numerically."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.logistic import FIRTH
from analysis.observational.adjusted_rates import adjusted_rates
from analysis.observational.groups import two_groups
from analysis.observational.matching import match
from analysis.observational.methods import (
    DIFFERENCE,
    DOUBLY_ROBUST,
    G_COMPUTATION,
    MATCHING,
    METHODS,
    RATE_CONTROL,
    RATE_EXPERIMENTAL,
    RISK_RATIO,
    STRATA,
    WEIGHTED,
)
from analysis.observational.propensity import Propensity, fit_propensity
from analysis.observational.resampled_rates import rates_of, with_sample
from analysis.observational.resamples import resample
from analysis.observational.weighted_rates import quick_difference, sandwich
from analysis.observational.weighting import ESTIMANDS, effective_size
from tests.reference.cases import HERE
from trialdata.errors import StudyDataError

CASES = json.loads((HERE / "observational_reference.json").read_text(encoding="utf-8"))["cases"]
FITTED = [name for name in CASES if name != "no overlap"]
WHOLE = [name for name in FITTED if name != "separated in part"]
GLM, SURVEY = "R 4.2.2 glm(binomial)", "R 4.2.2 survey 4.1"
MATCHIT, METAFOR = "R 4.2.2 MatchIt 4.5.1", "R 4.2.2 metafor 3.8"
EQUATIONS = "R 4.2.2, estimating equations derived numerically"
FEW = 40  # resamples: point estimates and standard errors need none


def groups_of(name: str):
    given = pd.DataFrame(CASES[name]["input"])
    given["USUBJID"] = [f"S-{place:03d}" for place in range(len(given))]
    given["ARM"] = np.where(given["arm"] == 1, "A", "B")
    covariates = [column for column in given if column not in ("USUBJID", "ARM", "arm", "y")]
    return two_groups(given, covariates, experimental="A", control="B"), given["y"].to_numpy(float)


def fitted(name: str) -> tuple[Propensity, np.ndarray, dict]:
    groups, y = groups_of(name)
    return fit_propensity(groups), y, CASES[name]["expected"]


@pytest.mark.parametrize("name", FITTED)
def test_score_weights_and_effective_sizes(name, compared):
    propensity, _, theirs = fitted(name)
    separated = name == "separated in part"
    assert (propensity.fit.method == FIRTH) == separated
    against, tolerance = ("R 4.2.2 brglm2 0.9", 1e-5) if separated else (GLM, 1e-6)
    own = {"code": "own", "against": against, "tolerance": tolerance}
    compared("propensity score", propensity.scores, theirs["scores"], **own)
    for estimand in ESTIMANDS:
        for truncate, key in ((0.0, estimand), (0.05, f"{estimand} truncated")):
            if key not in theirs:
                continue
            weights = propensity.weights(estimand, truncate=truncate)
            sizes = [effective_size(weights[propensity.groups.arm == arm]) for arm in (1, 0)]
            compared(f"weights of {key}", weights, theirs[key]["weights"], **own)
            compared("effective sample size", sizes, theirs[key]["sizes"], **own)


@pytest.mark.parametrize("name", FITTED)
def test_weighted_rates(name, compared):
    propensity, y, theirs = fitted(name)
    for estimand in ESTIMANDS:
        for truncate, key in ((0.0, estimand), (0.05, f"{estimand} truncated")):
            if key not in theirs:
                continue
            found, expected = quick_difference(propensity, y, estimand, truncate=truncate), theirs[key]
            own = {"code": "own", "against": SURVEY, "tolerance": 1e-6}
            compared("weighted rates", found.rates, expected["rates"], **own)
            compared("weighted difference", found.difference, expected["difference"], **own)
            compared("weighted ratio", found.ratio, expected["ratio"], **own)


@pytest.mark.parametrize("estimand", ESTIMANDS)
@pytest.mark.parametrize("name", WHOLE)
def test_sandwich(name, estimand, compared):
    propensity, y, theirs = fitted(name)
    expected = theirs[estimand]["sandwich"]
    found, covariance = quick_difference(propensity, y, estimand), sandwich(propensity, y, estimand)
    z = 1.959963984540054
    own = {"code": "own", "against": EQUATIONS, "tolerance": 1e-6}
    compared(f"sandwich of {estimand}, difference", found.std_err, expected["difference"], **own)
    log_error = np.log(found.ratio_high / found.ratio_low) / (2 * z)
    compared(f"sandwich of {estimand}, log ratio", log_error, expected["log_ratio"], **own)
    compared(f"sandwich of {estimand}, rates", np.sqrt(np.diag(covariance)), expected["rates"], **own)


def test_no_sandwich_under_firth():
    propensity, y, _ = fitted("separated in part")
    assert np.isnan(sandwich(propensity, y, "ATO")).all()
    found = quick_difference(propensity, y, "ATO")
    assert np.isnan([found.std_err, found.conf_low, found.ratio_high]).all() and "Firth" in found.note


def test_without_overlap_there_is_no_number():
    groups, _ = groups_of("no overlap")
    assert CASES["no overlap"]["expected"] == {"overlapping": False}
    with pytest.raises(StudyDataError, match="together determine the arm"):
        fit_propensity(groups)


@pytest.mark.parametrize("name", WHOLE)
def test_matching(name, compared):
    propensity, y, theirs = fitted(name)
    expected, found = theirs["matching"], match(propensity)
    pairs = found.pairs[np.argsort(found.pairs[:, 0])] + 1
    own = {"code": "own", "against": MATCHIT}
    compared("caliper of the logit", found.caliper, expected["caliper"], tolerance=1e-6, **own)
    compared("pairs of nearest neighbours", pairs, expected["pairs"], tolerance=0, **own)
    assert len(found.unmatched) == propensity.groups.sizes[0] - len(pairs)
    rows = adjusted_rates(propensity, y, resamples=FEW)
    rates = [rows.row(MATCHING, measure)["estimate"] for measure in (RATE_EXPERIMENTAL, RATE_CONTROL)]
    compared("rates of the pairs", rates, expected["rates"], tolerance=1e-9, **own)
    difference = rows.row(MATCHING)
    by_survey = {"code": "own", "against": SURVEY, "tolerance": 1e-6}
    compared("difference of the pairs", difference["estimate"], expected["difference"], **by_survey)
    compared("error of paired differences", difference["std_err"], expected["std_err"], **by_survey)


@pytest.mark.parametrize("name", WHOLE)
def test_strata_of_the_score(name, compared):
    propensity, y, theirs = fitted(name)
    expected, found = theirs["strata"], adjusted_rates(propensity, y, resamples=FEW)
    assert found.strata[["x1", "n1", "x0", "n0"]].to_numpy().tolist() == expected["counts"]
    difference, ratio = found.row(STRATA), found.row(STRATA, RISK_RATIO)
    own = {"code": "own", "against": METAFOR, "tolerance": 1e-7}
    compared("strata of the score, difference", difference["estimate"], expected["difference"], **own)
    compared("strata of the score, Sato's error", difference["std_err"], expected["se"], **own)
    compared("strata of the score, ratio", ratio["estimate"], expected["ratio"], **own)
    compared("strata of the score, error of the log ratio", ratio["std_err"], expected["se_log"], **own)


@pytest.mark.parametrize("name", WHOLE)
def test_models_of_the_response(name, compared):
    propensity, y, theirs = fitted(name)
    found = rates_of(with_sample(propensity), propensity.groups.matrix, y)
    own = {"code": "own", "against": "R 4.2.2 glm, averaged", "tolerance": 1e-6}
    compared("g-computation", found[G_COMPUTATION.key][0], theirs["models"]["g_computation"], **own)
    compared("doubly robust (AIPW)", found[DOUBLY_ROBUST.key][0], theirs["models"]["aipw"], **own)


def test_a_resample_is_the_analysis_of_its_rows():
    """What a resample gives is what its participants, repeated, give as a sample of their own."""
    propensity, y, _ = fitted("strong overlap")
    drawn = resample(propensity.groups, resamples=6)
    found = rates_of(drawn, propensity.groups.matrix, y, truncate=0.05)
    given = pd.DataFrame(CASES["strong overlap"]["input"])
    for place, counts in enumerate(drawn.counts):
        rows = np.repeat(np.arange(len(y)), counts)
        again = given.iloc[rows].reset_index(drop=True)
        again["USUBJID"], again["ARM"] = (
            [f"S-{n}" for n in range(len(again))],
            np.where(again["arm"] == 1, "A", "B"),
        )
        groups = two_groups(again, ["age", "base", "lines", "steroid"], experimental="A", control="B")
        alone = fit_propensity(groups)
        expected = rates_of(with_sample(alone), groups.matrix, y[rows], truncate=0.05)
        for key, rates in found.items():
            assert rates[place] == pytest.approx(expected[key][0], abs=1e-7), key


def test_every_method_has_every_measure():
    propensity, y, _ = fitted("strong overlap")
    found = adjusted_rates(propensity, y, resamples=FEW)
    assert list(found.results["method"].unique()) == [method.name for method in METHODS.values()]
    for method in (*WEIGHTED, MATCHING, STRATA, G_COMPUTATION, DOUBLY_ROBUST):
        one, other = (found.row(method, m)["estimate"] for m in (RATE_EXPERIMENTAL, RATE_CONTROL))
        assert found.row(method, DIFFERENCE)["estimate"] == pytest.approx(one - other)
        assert found.row(method, RISK_RATIO)["estimate"] == pytest.approx(one / other)
