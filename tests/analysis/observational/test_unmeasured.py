"""E-values against those published, contours and the strength of covariates by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.observational.unmeasured import (
    bounding_factor,
    e_value,
    e_values,
    measured_strengths,
    tipping_curve,
)

NAN, INF = math.nan, math.inf


@pytest.mark.parametrize(
    ("estimate", "low", "high", "of_estimate", "of_limit", "within"),
    [
        # smoking and lung cancer, Hammond and Horn 1958; package EValue of R, vignette "unmeasured-confounding"
        (10.73, 8.02, 14.36, 20.94777, 15.52336, 5e-6),
        # formula feeding and death of respiratory infection: VanderWeele and Ding, Ann Intern Med 2017;167:268
        (3.9, 1.8, 8.7, 7.26, 3.0, 5e-3),
        # below 1 by the formula of 1/RR: 2 + sqrt(2), and 1.25 + sqrt(1.25 * 0.25) of the upper limit
        (0.5, 0.3, 0.8, 3.414214, 1.809017, 1e-6),
    ],
)
def test_published_e_values(estimate, low, high, of_estimate, of_limit, within):
    found = e_values(estimate, low, high)
    assert found.estimate == pytest.approx(of_estimate, abs=within)
    assert found.limit == pytest.approx(of_limit, abs=within)


def test_a_limit_beyond_no_difference_needs_nothing():
    assert e_values(1.4, 0.9, 2.2).limit == 1
    assert e_values(0.7, 0.5, 1.2).limit == 1
    assert e_values(1.0, 0.8, 1.3).estimate == 1


@pytest.mark.parametrize("estimate", [0.0, INF, NAN])
def test_no_e_value_without_a_finite_ratio(estimate):
    found = e_values(estimate, 0.0, INF)
    assert math.isnan(found.estimate) and math.isnan(found.limit)


def test_without_an_interval_the_estimate_alone_has_one():
    found = e_values(2.0, NAN, NAN)
    assert found.estimate == pytest.approx(2 + math.sqrt(2))
    assert math.isnan(found.limit)


@settings(max_examples=60)
@given(st.floats(1.001, 50))
def test_a_confounder_of_the_e_value_explains_just_the_ratio(ratio):
    assert bounding_factor(e_value(ratio), e_value(ratio)) == pytest.approx(ratio)
    assert e_value(1 / ratio) == pytest.approx(e_value(ratio))


@settings(max_examples=60)
@given(st.floats(1.01, 8), st.floats(1.5, 3))
def test_the_contour_is_where_the_bound_is_the_ratio(ratio, beyond):
    most = beyond * e_value(ratio)
    curve = tipping_curve(ratio, most)
    assert curve[0, 1] == pytest.approx(most) and curve[-1, 0] == pytest.approx(most)
    for with_arm, with_response in curve:
        assert bounding_factor(with_arm, with_response) == pytest.approx(ratio)


def test_no_contour_of_no_difference_or_beyond_the_axis():
    assert len(tipping_curve(1.0, 10)) == 0
    assert len(tipping_curve(NAN, 10)) == 0
    assert len(tipping_curve(6.0, 10)) == 0  # two ratios of 10 explain 100 / 19 at most


def by_hand() -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Ten participants of either arm: in the first 6 smoke, 4 of them respond; 1 of the 4 others. Second: 2 and 8."""
    smokes = [*["Y"] * 6, *["N"] * 4, *["Y"] * 2, *["N"] * 8]
    y = [1, 1, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0]
    people = pd.DataFrame({"SMOKES": pd.Series(smokes, dtype="str"), "AGE": [*range(30, 40), *range(31, 41)]})
    return people, np.repeat([1.0, 0.0], 10), np.array(y, float)


def strengths(people, columns, arm, y):
    return measured_strengths(people, columns, arm, y, names=("A", "B"))


def test_the_strength_of_a_category_by_hand():
    people, arm, y = by_hand()
    (row,) = strengths(people, ["SMOKES"], arm, y).itertuples()
    # with the arm: 6/10 over 2/10; with response (Mantel-Haenszel over arms): (4*4/10 + 1*8/10) / (1*6/10 + 2*2/10)
    assert (row.level, row.n_experimental, row.N_experimental, row.n_control, row.N_control) == (
        *("Y", 6, 10),
        *(2, 10),
    )
    assert row.with_arm == pytest.approx(3)
    assert row.with_response == pytest.approx(2.4)
    assert row.explains == pytest.approx(3 * 2.4 / 4.4)


def test_a_ratio_below_one_is_turned_round():
    people, arm, y = by_hand()
    (row,) = strengths(people, ["SMOKES"], 1 - arm, 1 - y).itertuples()
    # 2/10 over 6/10; of the non-responders (2*4/10 + 1*8/10) / (3*6/10 + 6*2/10)
    assert row.with_arm == pytest.approx(3)
    assert row.with_response == pytest.approx((3 * 6 + 6 * 2) / (2 * 4 + 1 * 8))


def test_a_number_is_halved_at_the_median_of_those_who_have_one():
    people, arm, y = by_hand()
    people["AGE"] = people["AGE"].astype(float)
    (row,) = strengths(people, ["AGE"], arm, y).itertuples()
    assert (row.level, row.n_experimental, row.n_control) == ("above 35", 4, 5)
    people.loc[0:1, "AGE"] = np.nan  # 30 and 31 of the first arm: the median is that of the other 18
    (row,) = strengths(people, ["AGE"], arm, y).itertuples()
    assert (row.level, row.n_experimental, row.N_experimental, row.n_control) == ("above 35.5", 4, 8, 5)


def test_several_levels_are_a_point_each_and_two_are_one():
    people, arm, y = by_hand()
    people["CLASS"] = pd.Series(["a", "b", "c", ""] * 5, dtype="str")
    assert strengths(people, ["CLASS"], arm, y)["level"].tolist() == ["a", "b", "c"]
    assert strengths(people, ["CLASS"], arm, y)["N_experimental"].tolist() == [8, 8, 8]
    assert strengths(people, ["SMOKES"], arm, y)["level"].tolist() == ["Y"]


def test_an_empty_cell_is_no_point_and_says_which():
    people, arm, _ = by_hand()
    people["CLASS"] = pd.Series([*["a"] * 10, *["a"] * 5, *["b"] * 5], dtype="str")
    people["RARE"] = pd.Series(["N", *["Y"] * 9, *["N"] * 9, "Y"], dtype="str")
    found = strengths(people, ["CLASS", "RARE"], arm, np.zeros(20))
    assert found["note"].tolist() == [
        "Nobody in A has it.",
        "Nobody with it, or nobody without it, responds.",
    ]
    assert found[["with_arm", "with_response", "explains"]].isna().all(axis=None)
