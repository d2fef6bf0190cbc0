"""The baseline table and the standardised differences against R.

Source: make_baseline_reference.R (R 4.2.2; MASS 7.3-58.2 for the generalised inverse).
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.balance import standardised_difference
from analysis.baseline import Variable, baseline_balance, baseline_summary

CASES = json.loads((Path(__file__).parent / "baseline_reference.json").read_text(encoding="utf-8"))["cases"]
NUMBERS = [name for name in CASES if name.startswith("number")]
CATEGORIES = [name for name in CASES if name.startswith("category")]
COLUMNS = {"estimate": "mean", "sd": "sd"} | {n: n for n in ("median", "q1", "q3", "minimum", "maximum")}
R = "R 4.2.2"


def of_case(name: str) -> tuple[Variable, pd.Series]:
    """The case as one variable, and the arm of each participant."""
    given = CASES[name]["input"]
    values = pd.Series([*given["x"], *given["y"]])
    arm = pd.Series(["E"] * len(given["x"]) + ["C"] * len(given["y"]))
    if name in NUMBERS:
        return Variable("X", "X", values.astype(float)), arm
    return Variable("X", "X", values.astype("str"), tuple(sorted(set(values)))), arm


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_by_arm(name, compared):
    variable, arm = of_case(name)
    summary = baseline_summary([variable], arm, ["E", "C"])
    for ours, theirs in (("E", "x"), ("C", "y"), ("All", "all")):
        expected = CASES[name]["expected"][theirs]
        own = summary[summary["arm"] == ours].set_index("measure")
        assert own.loc["number", "n"] == expected["n"]
        assert own.loc["missing", "n"] == expected["missing"]
        compared(
            "Mean, SD, quartiles of type 2, range", own.loc["number", list(COLUMNS)].to_numpy(float),
            [expected[key] for key in COLUMNS.values()], code="NumPy", against=f"{R} quantile(type = 2)",
            tolerance=1e-12,
        )  # fmt: skip


@pytest.mark.parametrize("name", NUMBERS)
def test_the_standardised_difference_of_means(name, compared):
    variable, arm = of_case(name)
    expected = CASES[name]["expected"]["difference"]
    ours = baseline_balance([variable], arm, [("E", "C")])["estimate"]
    compared("Standardised difference of means", ours, [expected], code="own", against=R, tolerance=1e-12)
    swapped = baseline_balance([variable], arm, [("C", "E")])["estimate"]
    assert swapped.iloc[0] == pytest.approx(-expected)


@pytest.mark.parametrize("key", ["yang_dalton", "mahalanobis"])
@pytest.mark.parametrize("name", CATEGORIES)
def test_the_standardised_difference_of_categories(name, key, compared):
    variable, arm = of_case(name)
    ours = baseline_balance([variable], arm, [("E", "C")])["estimate"]
    against = {"yang_dalton": f"{R} MASS ginv", "mahalanobis": f"{R} mahalanobis"}[key]
    compared("Standardised difference of categories, Yang and Dalton", ours, [CASES[name]["expected"][key]],
             code="own", against=against, tolerance=1e-9)  # fmt: skip


def test_the_order_and_the_names_of_levels_do_not_matter():
    variable, arm = of_case("category 2")
    turned = Variable("X", "X", variable.values, variable.levels[::-1])
    one, other = (
        baseline_balance([each], arm, [("E", "C")])["estimate"].iloc[0] for each in (variable, turned)
    )
    assert one == pytest.approx(other, rel=1e-12)


def test_of_two_levels_it_is_the_difference_in_shares_over_the_root_of_the_mean_variance():
    variable, arm = of_case("category 1")
    female = (variable.values == "F").astype(float)
    shares = [female[arm == name].mean() for name in ("E", "C")]
    by_hand = abs(shares[0] - shares[1]) / np.sqrt(sum(p * (1 - p) for p in shares) / 2)
    ours = baseline_balance([variable], arm, [("E", "C")])["estimate"].iloc[0]
    assert ours == pytest.approx(by_hand, rel=1e-12)
    assert standardised_difference(np.array([1.0, 2.0]), np.array([3.0, 4.0])) == pytest.approx(
        -2 / np.sqrt(0.5)
    )
