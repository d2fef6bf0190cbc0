"""Quartiles, means and geometric means against R (quantile type 7, t.test); tolerance 1e-9."""

import pandas as pd
import pytest

from analysis.longitudinal import (
    mean_and_t_interval,
    median_and_quartiles,
    platelet_geometric_means,
    platelet_quantiles,
)
from tests.reference.cases import CLOSED_FORM, interim_cases

COUNTS = interim_cases("platelets ")


def make_records(counts: list[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {"ARM": "a", "AVISITN": 4.0, "AVAL": counts, "VISITFL": "Y", "BLFL": "", "SHADOW": "", "CENSOR": ""}
    )


@pytest.mark.parametrize("name", COUNTS)
def test_quartiles(name):
    counts, expected = COUNTS[name]["input"]["values"], COUNTS[name]["expected"]["quartiles"]
    (row,) = platelet_quantiles(make_records(counts), [4], ["a"]).itertuples()
    assert [row.conf_low, row.estimate, row.conf_high] == pytest.approx(expected, **CLOSED_FORM)
    median, low, high = median_and_quartiles(counts)
    assert [low, median, high] == pytest.approx(expected, **CLOSED_FORM)


@pytest.mark.parametrize("name", COUNTS)
def test_means(name):
    counts, expected = COUNTS[name]["input"]["values"], COUNTS[name]["expected"]
    assert mean_and_t_interval(counts) == pytest.approx(
        (expected["mean"], *expected["mean_ci"]), **CLOSED_FORM
    )


@pytest.mark.parametrize("name", COUNTS)
def test_geometric_means(name):
    counts, expected = COUNTS[name]["input"]["values"], COUNTS[name]["expected"]
    (row,) = platelet_geometric_means(make_records(counts), [4], ["a"]).itertuples()
    assert (row.estimate, row.conf_low, row.conf_high) == pytest.approx(
        (expected["geometric_mean"], *expected["geometric_ci"]), **CLOSED_FORM
    )
