"""Rubin's rules, the imputation model, imputation as a whole and the tipping-point grid against R.

Source: make_missing_data_reference.R. The draws are held against what R integrates, within four Monte-Carlo errors.
"""

import json
import math
from itertools import product

import numpy as np
import pandas as pd
import pytest

from analysis import imputation, proportions, tipping
from tests.reference.cases import HERE, general_cases

CASES = json.loads((HERE / "missing_data_reference.json").read_text(encoding="utf-8"))["cases"]
POOLS = [name for name in CASES if name.startswith("pool")]
ARMS = [name for name in CASES if name.startswith("arm")]
GRIDS = [name for name in CASES if name.startswith("grid")]
MICE = "R mice 3.15-0"
DRAWS = 100_000


@pytest.mark.parametrize("name", POOLS)
def test_rubins_rules(name, compared):
    given, expected = CASES[name]["input"], CASES[name]["expected"]
    pooled = imputation.pool(np.array(given["estimates"]), np.array(given["variances"]), given["complete_df"])
    ours = (pooled.estimate, pooled.within, pooled.between, pooled.variance)
    theirs = [expected[key] for key in ("estimate", "within", "between", "variance")]
    compared("Rubin's rules", ours, theirs, code="own", against=f"{MICE} pool.scalar", tolerance=1e-9)
    compared(
        "Degrees of freedom, Barnard-Rubin", pooled.df, expected["df"],
        code="own", against=f"{MICE} pool.scalar", tolerance=1e-9,
    )  # fmt: skip


@pytest.mark.parametrize("name", POOLS)
def test_interval_and_test_of_the_pooled_estimate(name, compared):
    given, expected = CASES[name]["input"], CASES[name]["expected"]
    pooled = imputation.pool(np.array(given["estimates"]), np.array(given["variances"]), given["complete_df"])
    row = imputation.pooled_row(pooled, 0.95)
    theirs = (max(expected["low"], -1), min(expected["high"], 1), expected["p"])
    ours = (row["conf_low"], row["conf_high"], row["p_value"])
    compared(
        "t interval and p after imputation",
        ours,
        theirs,
        code="own",
        against=f"{MICE}, R qt, pt",
        tolerance=1e-9,
    )


def test_general_case(compared):
    (case,) = general_cases("rubin_pool")
    given, expected = case["input"], case["expected"]
    complete_df = given["n"] - given["k"]
    pooled = imputation.pool(np.array(given["estimates"]), np.array(given["variances"]), complete_df)
    ours, theirs = (pooled.estimate, pooled.variance, pooled.df), [*expected.values()]
    compared("Rubin's rules", ours, theirs, code="own", against=f"{MICE} pool.scalar", tolerance=1e-7)


def arm(name: str) -> pd.DataFrame:
    frame = pd.DataFrame(CASES[name]["input"])
    return frame.astype({"age": float, "base": float, "female": float, "missing": bool})


@pytest.mark.parametrize("name", ARMS)
def test_posterior_of_the_imputation_model(name, compared):
    frame, expected = arm(name), CASES[name]["expected"]
    observed = frame[~frame["missing"]]
    for columns, mean, covariance in (
        (["age", "base", "female"], expected["coefficients"], expected["covariance"]),
        ([], expected["intercept"][:1], [expected["intercept"][1:]]),
    ):
        found = imputation.posterior(observed[columns], observed["y"].to_numpy())
        compared(
            "Imputation model: mean and covariance of its coefficients", found, (mean, covariance),
            code="own, statsmodels Logit", against="R 4.2.2 glm", tolerance=1e-6,
        )  # fmt: skip


@pytest.mark.parametrize("name", ARMS)
def test_responders_drawn(name, compared):
    frame, expected = arm(name), CASES[name]["expected"]
    for columns, theirs in (
        (["age", "base", "female"], expected["responders"]),
        ([], expected["responders_without_covariates"]),
    ):
        observed = frame[~frame["missing"]]
        drawn = imputation.draw_responders(
            *imputation.posterior(observed[columns], observed["y"].to_numpy()),
            frame.loc[frame["missing"], columns], DRAWS, np.random.default_rng(3),
        )  # fmt: skip
        assert 4 * drawn.std() / math.sqrt(DRAWS) < 0.01 * max(theirs, 1)
        compared(
            "Responders drawn among the missing, mean", drawn.mean(), theirs,
            code="own", against="R 4.2.2, integrated", tolerance=0.01,
        )  # fmt: skip


def test_imputation_as_a_whole(compared):
    """Two arms each by its own model; mice adds weak data to every model (White et al. 2010), this project does not."""
    parts = {}
    for name in CASES["mice"]["input"]["arms"]:
        frame = arm(f"arm {name}")
        parts[name] = pd.DataFrame(
            {
                "USUBJID": [f"{name} {i:02}" for i in range(len(frame))],
                "ARM": name,
                "AVALC": np.where(frame["missing"], "MISSING", np.where(frame["y"] == 1, "R", "NR")),
                "RESPONDS": np.where(frame["missing"], 0, frame["y"]),
                "UNKNOWN": frame["missing"],
                **{column: frame[column] for column in ("age", "base", "female")},
            }
        )
    due = pd.concat(parts.values(), ignore_index=True)
    covariates = due.set_index("USUBJID")[["age", "base", "female"]]
    imputed = imputation.impute_responses(due, covariates, list(parts), m=5000)
    row = imputation.pooled_difference(*imputed.values())
    expected = CASES["mice"]["expected"]
    error = row["estimate"] / row["statistic"]
    compared(
        "Difference and standard error after imputation", (row["estimate"], error),
        (expected["estimate"], expected["std_err"]), code="own", against=f"{MICE} logreg", tolerance=0.01,
    )  # fmt: skip


@pytest.mark.parametrize("name", GRIDS)
def test_tipping_point_grid(name, compared):
    given, expected = CASES[name]["input"], CASES[name]["expected"]
    grid = tipping.tipping_grid(tuple(given["experimental"]), tuple(given["control"]))
    theirs = np.array(expected["statistic"], float).ravel()
    compared(
        "Tipping-point grid: score statistic", grid["statistic"], theirs,
        code="own", against="R 4.2.2 prop.test", tolerance=1e-9,
    )  # fmt: skip


@pytest.mark.parametrize("name", GRIDS)
def test_a_cell_turns_where_the_interval_does(name):
    """Cell by cell: the Miettinen-Nurminen interval, itself checked against R, excludes 0 or does not."""
    (x1, n1, m1), (x0, n0, m0) = (CASES[name]["input"][key] for key in ("experimental", "control"))
    grid = tipping.tipping_grid((x1, n1, m1), (x0, n0, m0)).set_index(["added_experimental", "added_control"])
    for j, k in product(range(m1 + 1), range(m0 + 1)):
        low, high = proportions.miettinen_nurminen(x1 + j, n1, x0 + k, n0)
        assert grid.loc[(j, k), "excludes"] == (low > 0) - (high < 0)
