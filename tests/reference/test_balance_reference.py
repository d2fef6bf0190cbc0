"""Balance, weights and the score's odds ratios against R.

Source: make_balance_reference.R (R 4.2.2: glm, weighted.mean, quantile, wilcox.test; formulas written out).
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.observational.balance import weighted_balance
from analysis.observational.groups import two_groups
from analysis.observational.propensity import Propensity, fit_propensity
from analysis.observational.weighting import ESTIMANDS, effective_size, shares

CASES = json.loads((Path(__file__).parent / "balance_reference.json").read_text(encoding="utf-8"))["cases"]
R = "R 4.2.2"
BALANCE = {"code": "own", "against": f"{R} weighted.mean, var", "tolerance": 1e-7}
TRUNCATIONS = {"0": 0.0, "0.01": 0.01, "0.05": 0.05}


def propensity_of(name: str) -> Propensity:
    given = CASES[name]["input"]
    subjects = pd.DataFrame(
        {
            "USUBJID": [f"S{i:03}" for i in range(len(given["arm"]))],
            "ARM": np.where(np.array(given["arm"]) == 1, "A", "B"),
            "AGE": np.array(given["age"], float),
            "SEX": given["sex"],
            "CLASS": given["class"],
            "LINES": np.array(given["lines"], float),
        }
    )
    columns = ("AGE", "SEX", "CLASS", "LINES")
    return fit_propensity(two_groups(subjects, columns, experimental="A", control="B"))


@pytest.mark.parametrize("estimand", ESTIMANDS)
@pytest.mark.parametrize("truncate", TRUNCATIONS)
@pytest.mark.parametrize("name", CASES)
def test_balance_and_weights(name, truncate, estimand, compared):
    expected, propensity = CASES[name]["expected"], propensity_of(name)
    own, share = expected[f"{estimand} {truncate}"], TRUNCATIONS[truncate]
    balance = weighted_balance(propensity, estimand, truncate=share)
    compared("Standardised differences before weighting", balance["before"], expected["before"], **BALANCE)
    compared("Standardised differences after weighting", balance["after"], own["after"], **BALANCE)
    means = balance[["experimental_after", "control_after"]].to_numpy().T
    compared("Weighted means and shares", means, own["means"], **BALANCE)
    weights, arm = propensity.weights(estimand, truncate=share), propensity.groups.arm
    sizes = [effective_size(weights[arm == side]) for side in (1, 0)]
    compared("Effective sample size", sizes, own["ess"], code="own", against=f"{R}, formula", tolerance=1e-7)
    largest = [shares(weights, arm)[arm == side].max() for side in (1, 0)]
    compared("Largest share of an arm's weight", largest, own["largest"], **BALANCE)


@pytest.mark.parametrize("name", CASES)
def test_the_model_of_the_score(name, compared):
    expected, propensity = CASES[name]["expected"], propensity_of(name)
    ratios = propensity.odds_ratios
    ours = [ratios[column] for column in ("estimate", "conf_low", "conf_high")]
    theirs = [expected["odds"][key] for key in ("estimate", "low", "high")]
    compared("Odds ratios of the score", ours, theirs, code="own", against=f"{R} glm", tolerance=1e-6)
    compared(
        "Area under the curve of the score", propensity.area, expected["area"],
        code="own", against=f"{R} wilcox.test", tolerance=1e-12,
    )  # fmt: skip
