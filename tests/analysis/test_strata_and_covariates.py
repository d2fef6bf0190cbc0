"""Strata and model columns of a handful of participants, and what is refused by name."""

import numpy as np
import pandas as pd
import pytest

from analysis.covariates import design_matrix, refuse_singular
from analysis.strata import strata_labels
from tests.analysis.patients import definition
from trialdata.definition import Subgroup
from trialdata.errors import StudyDataError

NAN = float("nan")
CUT_AGE = definition(subgroups=(Subgroup("AGE", "Age", (50,)),))


def adsl(**columns) -> pd.DataFrame:
    size = len(next(iter(columns.values())))
    return pd.DataFrame({"USUBJID": [f"S{i}" for i in range(size)], **columns})


def test_strata_follow_the_cuts_of_the_study_and_the_columns_own_values():
    people = adsl(AGE=[49, 50, NAN, 20], SEX=["M", "F", "F", ""])
    labels = strata_labels(people, CUT_AGE, ["AGE", "SEX"])
    assert list(labels) == ["< 50 · M", "≥ 50 · F", "missing · F", "< 50 · missing"]
    assert list(labels.cat.categories) == ["< 50 · M", "< 50 · missing", "≥ 50 · F", "missing · F"]


def test_strata_stand_in_the_order_of_their_values():
    labels = strata_labels(adsl(PRIORLN=[10, 2, 1]), definition(), ["PRIORLN"])
    assert list(labels.cat.categories) == ["1", "2", "10"]


def test_without_columns_there_is_one_stratum():
    assert list(strata_labels(adsl(AGE=[1, 2]), definition(), [])) == ["all", "all"]


def test_too_many_strata_are_refused_by_name():
    many = adsl(SITEID=[f"{i:02}" for i in range(80)], AGE=list(range(80)))
    with pytest.raises(StudyDataError, match="SITEID has 80 levels, and at most 20"):
        strata_labels(many, CUT_AGE, ["SITEID"])
    several = adsl(A=list("abcde") * 5, B=sorted("vwxyz" * 5), C=list("kkkkk") * 5)
    with pytest.raises(StudyDataError, match="A and B make 25 strata, and at most 20"):
        strata_labels(several, definition(), ["A", "B", "C"])
    with pytest.raises(StudyDataError, match="WEIGHT is not a column of adsl"):
        strata_labels(many, definition(), ["WEIGHT"])


def test_numbers_stay_and_categories_become_columns():
    people = adsl(BASE=[8.0, 12, 30, 4], SEX=["M", "F", "F", "M"], CLASS=["b", "c", "a", "a"])
    design = design_matrix(people, ["BASE", "CLASS"])
    assert design.names == ("BASE", "CLASS: b", "CLASS: c")
    assert design.matrix.to_numpy().tolist() == [[8, 1, 0], [12, 0, 1], [30, 0, 0], [4, 0, 0]]
    assert design.column_of["CLASS: c"] == "CLASS"
    assert list(design.matrix.index) == ["S0", "S1", "S2", "S3"] and design.notes == ()


def test_missing_values_become_the_mean_or_the_commonest_level_and_it_is_said():
    people = adsl(BASE=[8.0, NAN, 13, 3], SEX=["M", "F", "", "M"])
    design = design_matrix(people, ["BASE", "SEX"])
    assert design.matrix.to_numpy().tolist() == [[8, 1], [8, 0], [13, 1], [3, 1]]
    assert design.notes == (
        "BASE missing in 1: set to the mean of the others.",
        "SEX missing in 1: set to the commonest level of the others.",
    )


@pytest.mark.parametrize(
    ("columns", "covariates", "message"),
    [
        ({"AGE": [40.1] * 4}, ["AGE"], "AGE is the same in all 4 participants analysed: take it out"),
        ({"SEX": list("FFFF")}, ["SEX"], "SEX is the same in all 4"),
        ({"AGE": [1, 2, 4, 8], "MONTHS": [12, 24, 48, 96]}, ["AGE", "MONTHS"], "MONTHS follows from AGE in"),
        ({"SEX": list("FFMM"), "ARMFL": list("NNYY")}, ["SEX", "ARMFL"], "ARMFL follows from SEX: M in"),
        ({"AGE": [NAN] * 4}, ["AGE"], "AGE has no value in the participants analysed"),
        ({"AGE": [1, 2, 4, 8]}, ["WEIGHT"], "WEIGHT is not a column of adsl"),
        ({"SITEID": [f"{i:02}" for i in range(80)]}, ["SITEID"], "SITEID has 80 levels"),
        ({"AGE": []}, ["AGE"], "Nobody is analysed"),
    ],
)
def test_a_column_that_says_nothing_is_refused_by_name(columns, covariates, message):
    with pytest.raises(StudyDataError, match=message):
        design_matrix(adsl(**columns), covariates)


def test_more_columns_than_participants_are_refused():
    rng = np.random.default_rng(1)
    crowd = pd.DataFrame(rng.normal(size=(4, 4)), columns=list("abcd"))
    with pytest.raises(StudyDataError, match="d follows from a, b, c in the 4 participants"):
        refuse_singular(crowd)
    refuse_singular(crowd[["a", "b", "c"]])
