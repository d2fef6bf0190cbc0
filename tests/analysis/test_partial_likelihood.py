"""Efron's partial likelihood against statsmodels' loop over the days, with and without ties and strata."""

import numpy as np
import pytest
from statsmodels.duration.hazard_regression import PHReg

from analysis.partial_likelihood import PartialLikelihood


@pytest.mark.parametrize("strata", [1, 3])
@pytest.mark.parametrize("days", [1, 6, 10_000], ids=["one day", "ties", "hardly any tie"])
@pytest.mark.parametrize("columns", [1, 3])
def test_likelihood_score_and_second_derivatives(columns, days, strata):
    draw = np.random.default_rng(20260601)
    for n in (2, 9, 80):
        time, status = draw.integers(1, days + 1, n), draw.integers(0, 2, n)
        status[draw.integers(n)] = 1
        values, stratum = draw.normal(size=(n, columns)), draw.integers(0, strata, n)
        ours = PartialLikelihood(time, status, values, None if strata == 1 else stratum)
        loop = PHReg(time.astype(float), values, status=status, strata=stratum, ties="efron")
        for beta in (np.zeros(columns), draw.normal(size=columns)):
            for part in ("loglike", "score", "hessian"):
                assert getattr(ours, part)(beta) == pytest.approx(
                    getattr(loop, part)(beta), rel=1e-9, abs=1e-9
                )


def test_three_participants_by_hand():
    # day 1: one event of three at risk; day 2: two events, exp(b) = 2 for the first of them
    model = PartialLikelihood(np.array([1, 2, 2]), np.array([1, 1, 1]), np.array([[0.0], [1.0], [0.0]]), None)
    expected = -np.log(4) + np.log(2) - np.log(3) - np.log(1.5)
    assert model.loglike(np.array([np.log(2)])) == pytest.approx(expected, abs=1e-12)


def test_a_large_linear_predictor_does_not_overflow():
    model = PartialLikelihood(np.array([1, 2]), np.array([1, 1]), np.array([[0.0], [1.0]]), None)
    assert model.loglike(np.array([2000.0])) == pytest.approx(-2000)
