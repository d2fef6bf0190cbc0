"""Quartiles, means and geometric means against R (quantile types 7 and 2, t.test); tolerance 1e-9."""

import pandas as pd
import pytest

from analysis.longitudinal import (
    mean_and_t_interval,
    median_and_quartiles,
    platelet_geometric_means,
    platelet_mean_change,
    platelet_quantiles,
    platelet_quantiles_type_2,
)
from tests.reference.cases import interim_cases

COUNTS = interim_cases("platelets ")
R = {"against": "R 4.2.2", "tolerance": 1e-9}


def make_records(counts: list[float]) -> pd.DataFrame:
    visit = {"ARM": "a", "AVISITN": 4.0, "VISITFL": "Y", "BLFL": "", "SHADOW": "", "CENSOR": ""}
    return pd.DataFrame({"AVAL": counts, "CHG": counts} | visit)


def limits_around(frame: pd.DataFrame) -> list[float]:
    (row,) = frame.itertuples()
    return [row.conf_low, row.estimate, row.conf_high]


@pytest.mark.parametrize("name", COUNTS)
def test_quartiles(name, compared):
    counts, expected = COUNTS[name]["input"]["values"], COUNTS[name]["expected"]
    of_visit = limits_around(platelet_quantiles(make_records(counts), [4], ["a"]))
    compared("Median and quartiles, type 7", of_visit, expected["quartiles"], code="NumPy quantile", **R)
    median, low, high = median_and_quartiles(counts)
    assert [low, median, high] == of_visit
    as_sas = limits_around(platelet_quantiles_type_2(make_records(counts), [4], ["a"]))
    compared("Median and quartiles, type 2", as_sas, expected["quartiles_type_2"], code="NumPy quantile", **R)


@pytest.mark.parametrize("name", COUNTS)
def test_means(name, compared):
    counts, expected = COUNTS[name]["input"]["values"], COUNTS[name]["expected"]
    mean, (low, high) = expected["mean"], expected["mean_ci"]
    compared("Mean, t interval", mean_and_t_interval(counts), [mean, low, high], code="own", **R)
    change = limits_around(platelet_mean_change(make_records(counts), [4], ["a"]))
    compared("Mean, t interval", change, [low, mean, high], code="own", **R)


@pytest.mark.parametrize("name", COUNTS)
def test_geometric_means(name, compared):
    counts, expected = COUNTS[name]["input"]["values"], COUNTS[name]["expected"]
    low, high = expected["geometric_ci"]
    ours = limits_around(platelet_geometric_means(make_records(counts), [4], ["a"]))
    compared("Geometric mean, t interval", ours, [low, expected["geometric_mean"], high], code="own", **R)
