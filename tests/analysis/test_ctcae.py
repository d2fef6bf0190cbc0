"""CTCAE v5.0 grades at every bound: on it, just below, just above; without limits; against an abnormal baseline.

Expected grades are read from docs/reference/laboratory-grades.md, typed by hand.
"""

import numpy as np
import pytest

from analysis.safety.ctcae import RULES, grades

NAN = float("nan")


def grade(paramcd, value, low=NAN, high=NAN, base=NAN, base_high=NAN):
    (given,) = grades(paramcd, *(np.array([float(x)]) for x in (value, low, high, base, base_high)))
    return None if np.isnan(given) else int(given)


def around(bound: float) -> tuple[float, float, float]:
    return bound * 0.9999, bound, bound * 1.0001


# bounds in multiples of the upper limit, and the grade below (and on) and above each
BY_LIMIT = {
    "ALT": (1, 3, 5, 20),
    "AST": (1, 3, 5, 20),
    "ALP": (1, 2.5, 5, 20),
    "GGT": (1, 2.5, 5, 20),
    "BILI": (1, 1.5, 3, 10),
    "CREAT": (1, 1.5, 3, 6),
}


@pytest.mark.parametrize("limit", [40, 17.1, 20.5, 0.7, 1.1])  # 3 × 0.7 and 3 × 1.1 are blurred in binary
@pytest.mark.parametrize("paramcd", BY_LIMIT)
def test_a_value_on_a_multiple_of_the_upper_limit_belongs_to_the_milder_grade(paramcd, limit):
    for below, multiple in enumerate(BY_LIMIT[paramcd]):
        bound = float(f"{multiple * limit:.6g}")  # as a laboratory writes it
        just_below, on, just_above = around(bound)
        assert grade(paramcd, just_below, high=limit) == below
        assert grade(paramcd, on, high=limit) == below
        assert grade(paramcd, just_above, high=limit) == below + 1


# bounds in multiples of an abnormal baseline of 100: (just below, on, just above)
BY_BASELINE = {
    "ALT": {1.5: (0, 1, 1), 3: (1, 1, 2), 5: (2, 2, 3), 20: (3, 3, 4)},
    "AST": {1.5: (0, 1, 1), 3: (1, 1, 2), 5: (2, 2, 3), 20: (3, 3, 4)},
    "ALP": {2: (0, 1, 1), 2.5: (1, 1, 2), 5: (2, 2, 3), 20: (3, 3, 4)},
    "GGT": {2: (0, 1, 1), 2.5: (1, 1, 2), 5: (2, 2, 3), 20: (3, 3, 4)},
    "BILI": {1: (0, 0, 1), 1.5: (1, 1, 2), 3: (2, 2, 3), 10: (3, 3, 4)},
}


@pytest.mark.parametrize("paramcd", BY_BASELINE)
@pytest.mark.parametrize("high", [40, NAN])
def test_where_baseline_is_abnormal_multiples_are_of_baseline(paramcd, high):
    for multiple, expected in BY_BASELINE[paramcd].items():
        given = tuple(
            grade(paramcd, v, high=high, base=100, base_high=40) for v in around(float(f"{multiple * 100:g}"))
        )
        assert given == expected, multiple


def test_a_baseline_on_the_upper_limit_is_normal():
    assert grade("ALT", 121, high=40, base=40, base_high=40) == 2
    assert grade("ALT", 121, high=40, base=40.1, base_high=40) == 2 and 121 > 3 * 40.1
    assert grade("ALT", 120.2, high=40, base=40, base_high=40) == 2
    assert grade("ALT", 120.2, high=40, base=40.1, base_high=40) == 1  # 3 × 40.1 is 120.3


def test_a_baseline_without_its_upper_limit_counts_as_normal():
    assert grade("ALT", 150, high=40, base=100) == 2
    assert grade("ALT", 150, high=40, base_high=40) == 2


BY_VALUE = {  # lower limit, then each bound with the grades just below, on and just above it
    "HGB": (115, {115: (1, 0, 0), 100: (2, 1, 1), 80: (3, 2, 2), 10: (3, 3, 3)}),
    "WBC": (4, {4: (1, 0, 0), 3: (2, 1, 1), 2: (3, 2, 2), 1: (4, 3, 3)}),
    "NEUT": (1.8, {1.8: (1, 0, 0), 1.5: (2, 1, 1), 1: (3, 2, 2), 0.5: (4, 3, 3)}),
    "LYM": (1.1, {1.1: (1, 0, 0), 0.8: (2, 1, 1), 0.5: (3, 2, 2), 0.2: (4, 3, 3)}),
    "ALB": (35, {35: (1, 0, 0), 30: (2, 1, 1), 20: (3, 2, 2), 1: (3, 3, 3)}),
}


@pytest.mark.parametrize("paramcd", BY_VALUE)
def test_bounds_by_value(paramcd):
    low, bounds = BY_VALUE[paramcd]
    for bound, expected in bounds.items():
        assert tuple(grade(paramcd, value, low=low) for value in around(bound)) == expected, bound


def test_the_table_holds_every_rule():
    assert set(RULES) == set(BY_LIMIT) | set(BY_VALUE)


@pytest.mark.parametrize("paramcd", BY_LIMIT)
def test_without_an_upper_limit_there_is_no_grade(paramcd):
    assert grade(paramcd, 1000, low=5) is None
    assert grade(paramcd, NAN, high=40) is None


def test_without_a_lower_limit_only_grade_1_is_not_known():
    assert grade("HGB", 101) is None and grade("HGB", 99) == 2 and grade("HGB", 79) == 3
    assert grade("NEUT", 1.6) is None and grade("NEUT", 0.4) == 4


def test_a_bound_of_ctcae_holds_whatever_the_lower_limit():
    assert grade("NEUT", 1.4, low=1.3) == 2


def test_creatinine_is_held_against_any_baseline_too():
    # normal baseline of 50, upper limit 100: 1.5 × baseline is 75, 3 × is 150
    given = [grade("CREAT", v, high=100, base=50, base_high=100) for v in (75, 76, 150, 151, 301, 601)]
    assert given == [0, 2, 2, 3, 3, 4]
    assert grade("CREAT", 76, high=100) == 0 and grade("CREAT", 76, base=50) is None


def test_platelets_have_no_grade():
    with pytest.raises(KeyError):
        grade("PLAT", 10, low=125)
