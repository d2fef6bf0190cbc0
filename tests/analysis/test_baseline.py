"""What the baseline table describes and how; the numbers themselves are held against R in tests/reference."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.balance import standardised_difference, standardised_difference_of_levels
from analysis.baseline import (
    BLEEDING,
    Variable,
    baseline_balance,
    baseline_grades,
    baseline_summary,
    baseline_variables,
)
from trialdata.definition import Subgroup
from trialdata.study import find_study

NAN = float("nan")
ROOT = Path(__file__).parents[2]
DEFINITION = find_study(ROOT, "nct07057778")
NO_GRADES = pd.Series(dtype=float)


def adsl(**columns) -> pd.DataFrame:
    size = len(next(iter(columns.values())))
    return pd.DataFrame({"USUBJID": [f"S{i}" for i in range(size)]} | columns)


def names(subjects, definition, grades=NO_GRADES) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.name, each.levels) for each in baseline_variables(subjects, definition, grades)[0]]


def test_numbers_are_numbers_unless_the_study_reads_them_as_levels():
    definition = DEFINITION.replace(
        subgroups=(Subgroup("PRIORLN", "Lines", cuts=(2,)), Subgroup("CODE", "Code")),
        covariates=("DURMO", "SEX"),
        strata=("CLASS", "AGE"),
    )
    subjects = adsl(
        SEX=["F", "M", ""], AGE=[30.0, 50.0, NAN], BASE=[4.0, 8.0, NAN], DURMO=[1.0, 2.0, 3.0],
        PRIORLN=[1.0, 2.0, 3.0], CODE=[1.0, 0.0, 1.0], CLASS=["x", "y", "y"], EMPTY=["", "", ""],
    )  # fmt: skip
    assert names(subjects, definition) == [
        ("AGE", ("30", "50")),  # a stratum without cuts
        ("SEX", ("F", "M")),
        ("BASE", ()),
        ("PRIORLN", ()),
        ("CODE", ("0", "1")),
        ("DURMO", ()),
        ("CLASS", ("x", "y")),
    ]


def test_labels_are_those_of_the_study_else_the_usual_ones():
    definition = DEFINITION.replace(subgroups=(Subgroup("SEX", "Gender"),), covariates=("OWN",), strata=())
    subjects = adsl(SEX=["F"], AGE=[30.0], OWN=[1.0])
    found, _ = baseline_variables(subjects, definition, NO_GRADES)
    assert [each.label for each in found] == ["Age, years", "Gender", "OWN"]


def test_a_column_of_many_levels_and_an_empty_one_are_not_described():
    definition = DEFINITION.replace(subgroups=(Subgroup("NOTE", "Note"),), covariates=("EMPTY",), strata=())
    subjects = adsl(SEX=["F"] * 21, NOTE=[f"text {i}" for i in range(21)], EMPTY=[NAN] * 21)
    found, left_out = baseline_variables(subjects, definition, NO_GRADES)
    assert [each.name for each in found] == ["SEX"]
    assert left_out == ["Note"]


def test_the_bleeding_grade_is_the_last_on_or_before_day_1_and_of_that_day_the_worst():
    rows = [
        ("S0", "WHOBLD", -7, 3.0), ("S0", "WHOBLD", 1, 1.0), ("S0", "WHOBLD", 1, 2.0), ("S0", "WHOBLD", 2, 4.0),
        ("S1", "WHOBLD", -3, 1.0), ("S1", "WHOBLD", 1, NAN), ("S2", "WHOBLD", 8, 2.0), ("S3", "OTHER", 1, 4.0),
        ("S4", "WHOBLD", NAN, 4.0),
    ]  # fmt: skip
    grades = baseline_grades(pd.DataFrame(rows, columns=["USUBJID", "PARAMCD", "ADY", "AVAL"]), "WHOBLD")
    assert grades.to_dict() == {"S0": 2.0, "S1": 1.0}
    subjects = adsl(SEX=["F"] * 4)
    (sex, bleeding), _ = baseline_variables(
        subjects, DEFINITION.replace(subgroups=(), covariates=(), strata=()), grades
    )
    assert (sex.name, bleeding.name) == ("SEX", BLEEDING)
    assert list(bleeding.values) == ["2", "1", "missing", "missing"] and bleeding.levels == ("1", "2")


def test_a_small_table_by_hand():
    arm = pd.Series(list("AAAABBB"))
    age = Variable("AGE", "Age", pd.Series([30.0, 40, 50, NAN, 20, 60, 61]))
    sex = Variable("SEX", "Sex", pd.Series(["F", "F", "M", "missing", "M", "M", "M"]), ("F", "M"))
    table = baseline_summary([age, sex], arm, ["A", "B"]).set_index(["variable", "level", "arm"])
    row = table.loc["AGE", "", "A"]
    assert (row["n"], row["N"], row["estimate"], row["sd"], row["median"]) == (3, 4, 40, 10, 40)
    assert (row["q1"], row["q3"], row["minimum"], row["maximum"]) == (30, 50, 30, 50)
    # of six known, type 2: the first quartile is the second value, the median between the third and fourth
    row = table.loc["AGE", "", "All"]
    assert (row["n"], row["q1"], row["median"], row["q3"]) == (6, 30, 45, 60)
    assert table.loc["AGE", "missing", "A"]["n"] == 1 and table.loc["AGE", "missing", "B"]["n"] == 0
    shares = [(row["n"], row["N"]) for arm in ("A", "B", "All") for row in [table.loc["SEX", "F", arm]]]
    assert shares == [(2, 3), (0, 3), (2, 6)]
    assert table.loc["SEX", "missing", "All"]["n"] == 1


def test_an_empty_arm_and_one_value_have_no_spread():
    age = Variable("AGE", "Age", pd.Series([30.0]))
    table = baseline_summary([age], pd.Series(["A"]), ["A", "B"]).set_index(["measure", "arm"])
    assert np.isnan(table.loc["number", "A"]["sd"]) and table.loc["number", "A"]["estimate"] == 30
    assert table.loc["number", "B"]["n"] == 0 and np.isnan(table.loc["number", "B"]["median"])
    assert baseline_balance([age], pd.Series(["A"]), [("A", "B")])["estimate"].isna().all()


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([5.0, 5.0], [5.0, 5.0], 0.0),
        ([5.0, 5.0], [6.0, 6.0], NAN),
        ([5.0], [6.0, 7.0], NAN),
        ([], [6.0, 7.0], NAN),
        ([0.0, 2.0], [2.0, 4.0], -2 / np.sqrt(2)),
    ],
)
def test_the_difference_of_means_at_the_edges(one, other, expected):
    found = standardised_difference(np.array(one), np.array(other))
    assert found == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([10], [7], 0.0),
        ([10, 0], [7, 0], 0.0),
        ([10, 0], [0, 7], NAN),
        ([10, 0, 0], [0, 5, 5], NAN),
        ([0, 0], [3, 4], NAN),
        ([6, 4, 0], [3, 2, 0], 0.0),
        ([5, 5], [10, 0], 0.5 / np.sqrt(0.125)),
    ],
)
def test_the_distance_of_levels_at_the_edges(one, other, expected):
    found = standardised_difference_of_levels(np.array(one), np.array(other))
    assert found == pytest.approx(expected, nan_ok=True, abs=1e-12)
