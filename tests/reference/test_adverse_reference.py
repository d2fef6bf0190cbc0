"""Rates per time and their ratio against R: poisson.test, and epi.conf of epiR 2.0.57 (make_adverse_reference.R)."""

import pytest

from analysis.safety.exposure_adjusted import garwood, rate_ratio, rate_ratio_interval
from tests.reference.cases import chapter_cases, numbers

RATES = chapter_cases("adverse", "rate ")
RATIOS = chapter_cases("adverse", "ratio ")


@pytest.mark.parametrize("name", RATES)
def test_garwood_limits(name, compared):
    given, expected = RATES[name]["input"], RATES[name]["expected"]
    ours = garwood(given["n"], given["years"])
    method = "Rate per time, exact limits"
    code = {"code": "SciPy chdtri", "tolerance": 1e-9}
    compared(method, ours, numbers(expected["limits"]), against="R 4.2.2 poisson.test", **code)
    compared(method, ours, numbers(expected["epiR"]), against="R epiR 2.0.57 epi.conf", **code)


@pytest.mark.parametrize("name", RATIOS)
def test_ratio_of_rates(name, compared):
    given, expected = RATIOS[name]["input"], RATIOS[name]["expected"]
    counts = given["n1"], given["years1"], given["n0"], given["years0"]
    source = {"against": "R 4.2.2 poisson.test", "tolerance": 1e-7}
    compared("Ratio of rates", [rate_ratio(*counts)], numbers(expected["estimate"]), code="own", **source)
    compared(
        "Ratio of rates, conditional exact limits",
        rate_ratio_interval(*counts),
        numbers(expected["limits"]),
        code="statsmodels beta",
        **source,
    )
