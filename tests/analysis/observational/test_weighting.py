"""Balancing weights, their truncation and the effective sample size, by hand."""

import numpy as np
import pytest

from analysis.observational.resamples import draw
from analysis.observational.weighting import (
    ESTIMANDS,
    balancing_weights,
    effective_size,
    percentiles,
    shares,
)

ARM = np.array([1, 1, 0, 0, 0])
SCORES = np.array([0.8, 0.5, 0.5, 0.2, 0.9])


def test_weights_of_each_estimand():
    def weights(estimand):
        return balancing_weights(SCORES, ARM, estimand)

    assert weights("ATO") == pytest.approx([0.2, 0.5, 0.5, 0.2, 0.9])
    assert weights("ATE") == pytest.approx([0.4 / 0.8, 0.4 / 0.5, 0.6 / 0.5, 0.6 / 0.8, 0.6 / 0.1])
    assert weights("ATT") == pytest.approx([1, 1, 1, 0.25, 9])
    with pytest.raises(ValueError, match="ATC"):
        weights("ATC")


def test_truncation_is_at_the_percentiles_of_all_for_ate_of_control_for_att_and_never_for_ato():
    ate = balancing_weights(SCORES, ARM, "ATE", truncate=0.05)
    low, high = np.percentile([0.5, 0.8, 1.2, 0.75, 6], [5, 95])
    assert ate == pytest.approx([low, 0.8, 1.2, 0.75, high])
    att = balancing_weights(SCORES, ARM, "ATT", truncate=0.05)
    low, high = np.percentile([1, 0.25, 9], [5, 95])
    assert att == pytest.approx([1, 1, 1, low, high])
    assert balancing_weights(SCORES, ARM, "ATO", truncate=0.05) == pytest.approx([0.2, 0.5, 0.5, 0.2, 0.9])


@pytest.mark.parametrize("estimand", ESTIMANDS)
@pytest.mark.parametrize("truncate", [0.0, 0.05])
def test_a_resample_has_the_weights_of_its_rows_repeated(estimand, truncate):
    rng = np.random.default_rng(4)
    arm, counts = np.repeat([1, 0], 12), draw(24, 20, seed=2)
    scores = rng.uniform(0.05, 0.95, (20, 24))
    found = balancing_weights(scores, arm, estimand, truncate=truncate, counts=counts)
    for row in range(20):
        rows = np.repeat(np.arange(24), counts[row])
        expected = balancing_weights(scores[row][rows], arm[rows], estimand, truncate=truncate)
        assert found[row][rows] == pytest.approx(expected)


def test_percentiles_of_repeated_values_are_those_of_numpy():
    rng = np.random.default_rng(1)
    values, copies = rng.normal(size=(30, 9)), rng.integers(0, 4, (30, 9))
    copies[0], copies[1] = 0, [0, 0, 0, 1, 0, 0, 0, 0, 0]
    found = percentiles(values, copies, (0.0, 0.2, 0.5, 0.99, 1.0))
    assert np.isnan(found[0]).all()
    for row in range(1, 30):
        expected = np.quantile(np.repeat(values[row], copies[row]), [0.0, 0.2, 0.5, 0.99, 1.0])
        assert found[row] == pytest.approx(expected)


def test_effective_size_and_shares():
    assert effective_size(np.array([1.0, 1, 1, 1])) == 4
    assert effective_size(np.array([3.0, 1])) == pytest.approx(16 / 10)
    assert effective_size(np.array([])) == 0
    assert shares(np.array([3.0, 1, 2, 2, 4]), ARM) == pytest.approx([0.75, 0.25, 0.25, 0.25, 0.5])
