"""One arm against a fixed rate, against R. Source: make_historical_reference.R (R 4.2.2, binom.test)."""

import json
from pathlib import Path

import pytest

from analysis.historical import against_rate

CASES = json.loads((Path(__file__).parent / "historical_reference.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['n']} of {case['N']} v {case['fixed']}")
def test_exact_binomial(case, compared):
    found = against_rate(case["n"], case["N"], case["fixed"])
    against = {"against": "R 4.2.2 binom.test", "tolerance": 1e-9}
    compared("Exact binomial p, two-sided", found.p_value, case["p_value"], code="SciPy binomtest", **against)
    limits = [case["conf_low"], case["conf_high"]]
    compared("Clopper-Pearson", list(found.interval), limits, code="statsmodels", **against)
