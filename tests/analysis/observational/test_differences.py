"""Weighted and crude differences, what standardises them, and the ratio behind the E-value."""

import numpy as np
import pytest
from scipy import stats

from analysis.observational.adjusted_rates import adjusted_rates
from analysis.observational.differences import (
    crude_difference,
    standardised_by,
    weighted_difference,
    weighted_ratio,
)
from analysis.observational.propensity import fit_propensity
from analysis.observational.resamples import resample
from analysis.observational.weighting import ESTIMANDS
from tests.analysis.observational.made import groups, subjects


@pytest.fixture(scope="module")
def sample():
    frame = subjects()
    return frame, fit_propensity(groups(frame)), frame["RESPONSE"].to_numpy()


@pytest.mark.parametrize("estimand", ESTIMANDS)
def test_a_difference_in_a_number_is_that_of_the_weighted_means(sample, estimand):
    frame, propensity, _ = sample
    age, arm = frame["AGE"].to_numpy(), propensity.groups.arm
    weights = propensity.weights(estimand)
    found = weighted_difference(propensity, age, estimand)
    means = [np.average(age[arm == group], weights=weights[arm == group]) for group in (1, 0)]
    assert found["means"] == pytest.approx(means)
    assert found["estimate"] == pytest.approx(means[0] - means[1])


def test_overlap_weights_leave_nothing_in_a_covariate_of_the_score(sample):
    frame, propensity, _ = sample
    found = weighted_difference(propensity, frame["AGE"].to_numpy(), "ATO")
    assert found["estimate"] == pytest.approx(0, abs=1e-8)
    assert (found["conf_low"], found["conf_high"]) == pytest.approx((0, 0), abs=1e-6)


def test_the_limits_are_percentiles_of_the_resamples_where_these_are_given(sample):
    frame, propensity, _ = sample
    height, arm = frame["PRIOR"].to_numpy() ** 2, propensity.groups.arm
    drawn = resample(propensity.groups, resamples=200)
    found = weighted_difference(propensity, height, "ATO", drawn=drawn)
    differences = [
        np.average(height, weights=np.where(arm == 1, row, 0))
        - np.average(height, weights=np.where(arm == 0, row, 0))
        for row in drawn.weights("ATO")
    ]
    assert (found["conf_low"], found["conf_high"]) == pytest.approx(np.quantile(differences, [0.025, 0.975]))
    assert "bootstrap" in found["method"]


def test_an_arm_of_one_value_has_no_interval(sample):
    _, propensity, y = sample
    same = np.where(propensity.groups.arm == 1, 1.0, y)
    found = weighted_difference(propensity, same, "ATO")
    assert np.isfinite(found["estimate"]) and np.isnan(found["conf_low"])
    assert found["note"] == "No interval: an arm has one value alone."


def test_crude_differences_of_numbers_and_shares():
    arm = np.array([1, 1, 1, 0, 0, 0, 0])
    numbers = np.array([3.0, 5, 10, 1, 2, 2, 7])
    found = crude_difference(numbers, arm)
    assert found["estimate"] == pytest.approx(6 - 3)
    a, b = numbers[:3].var(ddof=1) / 3, numbers[3:].var(ddof=1) / 4
    df = (a + b) ** 2 / (a**2 / 2 + b**2 / 3)  # Welch and Satterthwaite
    half = stats.t.ppf(0.975, df) * np.sqrt(a + b)
    assert (found["conf_low"], found["conf_high"]) == pytest.approx((3 - half, 3 + half))
    share = crude_difference(np.array([1.0, 1, 0, 1, 0, 0, 0]), arm)
    assert share["estimate"] == pytest.approx(2 / 3 - 1 / 4)
    assert share["method"] == "crude, Miettinen-Nurminen"


def test_what_standardises_a_difference():
    arm = np.array([1, 1, 1, 0, 0, 0, 0])
    assert standardised_by(np.array([3.0, 5, 10, 1, 2, 2, 7]), arm) == pytest.approx(
        np.sqrt((13 + 22 / 3) / 2)  # variances by hand
    )
    assert standardised_by(np.array([1.0, 1, 0, 1, 0, 0, 0]), arm) == pytest.approx(
        np.sqrt((2 / 9 + 3 / 16) / 2)
    )
    assert np.isnan(standardised_by(np.array([1.0, 1, 1, 0, 0, 0, 0]), arm))


def test_the_ratio_is_the_one_of_the_adjusted_rates(sample):
    """The page of adjusted rates and the E-value tell of one number."""
    _, propensity, y = sample
    answer = adjusted_rates(propensity, y).results.set_index(["estimand", "method", "measure"])
    for estimand, method in (
        ("ATO", "Overlap weights"),
        ("ATE", "Inverse probability weights"),
        ("ATT", "Weights of the treated"),
    ):
        found = weighted_ratio(propensity, y, estimand)
        expected = answer.loc[(estimand, method, "risk ratio")]
        for key in ("estimate", "conf_low", "conf_high"):
            assert found[key] == pytest.approx(expected[key], rel=1e-9)


@pytest.mark.parametrize(("silent", "said"), [(0, "Nobody in B responds"), (1, "Nobody in A responds")])
def test_an_arm_without_responders_has_no_ratio(sample, silent, said):
    _, propensity, y = sample
    found = weighted_ratio(propensity, np.where(propensity.groups.arm == silent, 0.0, y), "ATO")
    assert np.isnan(found["estimate"]) and np.isnan(found["conf_low"])
    assert found["note"].startswith(said)


def test_an_arm_in_which_everybody_responds_has_a_ratio_without_interval(sample):
    _, propensity, y = sample
    found = weighted_ratio(propensity, np.where(propensity.groups.arm == 1, 1.0, y), "ATO")
    assert np.isfinite(found["estimate"]) and np.isnan(found["conf_low"])


def test_the_standard_error_is_the_sandwich_and_of_firths_score_the_spread_of_the_resamples(sample):
    frame, propensity, y = sample
    drawn = resample(propensity.groups, resamples=200)
    alone, both = (weighted_difference(propensity, y, "ATO", drawn=given) for given in (None, drawn))
    assert alone["std_err"] == both["std_err"] == adjusted_error(propensity, y)
    torn = frame.assign(
        SITE=np.where(frame.index < 4, "X", "Y"), ARM=frame["ARM"].where(frame.index >= 4, "A")
    )
    firth = fit_propensity(groups(torn, ("AGE", "SITE")))
    assert firth.fit.separated
    drawn = resample(firth.groups, resamples=200)
    found = weighted_difference(firth, y, "ATO", drawn=drawn)
    arm = firth.groups.arm
    differences = [
        np.average(y, weights=np.where(arm == 1, row, 0)) - np.average(y, weights=np.where(arm == 0, row, 0))
        for row in drawn.weights("ATO")
    ]
    assert found["std_err"] == pytest.approx(np.std(differences, ddof=1))


def adjusted_error(propensity, y) -> float:
    """The standard error that the page Adjusted difference prints."""
    rows = adjusted_rates(propensity, y, resamples=20).results
    (error,) = rows.loc[(rows["method"] == "Overlap weights") & (rows["measure"] == "difference"), "std_err"]
    return error
