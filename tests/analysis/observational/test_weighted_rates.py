"""Weighted rates and their sandwich: against sums by hand, numeric derivatives and closed forms."""

import numpy as np
import pytest

from analysis.observational.propensity import fit_propensity
from analysis.observational.weighted_rates import quick_difference, sandwich, weighted_rates
from analysis.observational.weighting import ESTIMANDS
from tests.analysis.observational.made import groups, subjects


def test_a_weighted_rate_is_the_share_of_the_weight():
    arm, y = np.array([1, 1, 0, 0, 0]), np.array([1, 0, 1, 1, 0])
    weights = np.array([[3, 1, 1, 1, 2], [0, 2, 0, 0, 5], [1, 1, 0, 0, 0]], float)
    found = weighted_rates(weights, arm, y)
    assert found[:2].tolist() == [[0.75, 0.5], [0, 0]]
    assert found[2, 0] == 0.5 and np.isnan(found[2, 1])
    assert weighted_rates(weights[0], arm, y).tolist() == [0.75, 0.5]


def stacked(X, arm, y, estimand, theta):
    """The estimating equations of each participant, from the text."""
    beta, (mu1, mu0) = theta[:-2], theta[-2:]
    e = 1 / (1 + np.exp(-X @ beta))
    w1, w0 = {"ATO": (1 - e, e), "ATE": (1 / e, 1 / (1 - e)), "ATT": (1 + 0 * e, e / (1 - e))}[estimand]
    return np.column_stack([X * (arm - e)[:, None], arm * w1 * (y - mu1), (1 - arm) * w0 * (y - mu0)])


@pytest.mark.parametrize("estimand", ESTIMANDS)
def test_the_sandwich_is_that_of_the_stacked_equations(estimand):
    frame = subjects()
    propensity, y = fit_propensity(groups(frame)), frame["RESPONSE"].to_numpy()
    X, arm = propensity.fit.X.to_numpy(), propensity.groups.arm
    rates = weighted_rates(propensity.weights(estimand), arm, y)
    theta = np.concatenate([propensity.fit.coefficients, rates])
    at = stacked(X, arm, y, estimand, theta)
    assert np.abs(at.sum(axis=0)).max() < 1e-6
    bread = []
    for place in range(len(theta)):
        h = np.zeros(len(theta))
        h[place] = 1e-5 * max(1, abs(theta[place]))
        up, down = stacked(X, arm, y, estimand, theta + h), stacked(X, arm, y, estimand, theta - h)
        bread.append((up - down).sum(axis=0) / (2 * h[place]))
    inverse = np.linalg.inv(np.array(bread).T)
    expected = (inverse @ (at.T @ at) @ inverse.T)[-2:, -2:]
    assert sandwich(propensity, y, estimand) == pytest.approx(expected, rel=1e-5)


def test_limits_of_difference_and_ratio():
    frame = subjects()
    propensity, y = fit_propensity(groups(frame)), frame["RESPONSE"].to_numpy()
    found, V = quick_difference(propensity, y, "ATO"), sandwich(propensity, y, "ATO")
    (a, b), z = found.rates, 1.959963984540054
    assert found.difference == pytest.approx(a - b)
    se = np.sqrt(V[0, 0] + V[1, 1] - 2 * V[0, 1])
    assert (found.conf_low, found.conf_high) == pytest.approx((a - b - z * se, a - b + z * se))
    log_se = np.sqrt(V[0, 0] / a**2 + V[1, 1] / b**2 - 2 * V[0, 1] / (a * b))
    assert found.ratio == pytest.approx(a / b)
    limits = a / b * np.exp(-z * log_se), a / b * np.exp(z * log_se)
    assert (found.ratio_low, found.ratio_high) == pytest.approx(limits)
    assert found.note == ""


def test_no_limits_for_truncated_weights_and_where_an_arm_has_one_answer():
    frame = subjects()
    propensity, y = fit_propensity(groups(frame)), frame["RESPONSE"].to_numpy()
    truncated = quick_difference(propensity, y, "ATE", truncate=0.05)
    assert np.isfinite(truncated.difference) and np.isnan(truncated.conf_low)
    assert truncated.note == "No limits: the sandwich variance does not hold for truncated weights."
    nobody = quick_difference(propensity, np.where(propensity.groups.arm == 0, 0.0, y), "ATO")
    assert np.isnan([nobody.conf_low, nobody.ratio_high]).all() and nobody.ratio == np.inf
    assert nobody.note.startswith("No limits: nobody in B responds")


def test_a_number_that_is_no_rate_has_limits_beyond_1():
    frame = subjects()
    propensity = fit_propensity(groups(frame, ("SEX", "PRIOR")))
    found = quick_difference(propensity, frame["AGE"].to_numpy(), "ATO")
    assert found.conf_low > 1 and found.conf_high > found.difference
