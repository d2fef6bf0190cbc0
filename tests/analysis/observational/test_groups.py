"""Who is compared and on which columns: arms, missing values, covariates left out."""

import numpy as np
import pandas as pd
import pytest

from analysis.observational.groups import two_groups
from tests.analysis.observational.made import groups, subjects
from trialdata.errors import StudyDataError


def test_columns_and_arms_in_the_order_of_the_participants():
    frame = subjects(40)
    found = groups(frame)
    assert list(found.matrix.columns) == ["AGE", "SEX: M", "PRIOR"]
    assert found.column_of == {"AGE": "AGE", "SEX: M": "SEX", "PRIOR": "PRIOR"}
    assert list(found.usubjid) == list(frame["USUBJID"])
    assert found.arm.tolist() == (frame["ARM"] == "A").astype(float).tolist()
    assert found.sizes == ((frame["ARM"] == "A").sum(), (frame["ARM"] == "B").sum())
    assert found.notes == () and found.warnings == ()


def test_other_arms_are_not_compared():
    frame = subjects(60)
    frame.loc[:9, "ARM"] = "C"
    assert list(groups(frame).usubjid) == list(frame["USUBJID"][10:])


@pytest.mark.parametrize(
    ("kept", "said"),
    [(4, "fewer than 5 participants"), (1, "fewer than 5 participants"), (0, "no participants")],
)
def test_fewer_than_5_in_an_arm_are_refused(kept, said):
    frame = subjects(60)
    in_b = frame.index[frame["ARM"] == "B"]
    with pytest.raises(StudyDataError) as refused:
        groups(frame.drop(in_b[kept:]))
    assert str(refused.value) == f"B has {said} to compare: an adjusted difference needs 5 in each arm."
    assert groups(frame.drop(in_b[5:]), ("AGE",)).sizes[1] == 5


def test_a_missing_number_becomes_the_mean_and_5_missing_have_a_column():
    frame = subjects(60)
    frame.loc[:3, "AGE"] = np.nan
    frame.loc[10:15, "SEX"] = ""
    found = groups(frame)
    assert found.matrix["AGE"].iloc[:4].tolist() == pytest.approx([frame["AGE"].mean()] * 4)
    commonest = frame["SEX"].mode().iloc[0] if frame["SEX"].mode().iloc[0] else "F"
    assert (found.matrix["SEX: M"].iloc[10:16] == float(commonest == "M")).all()
    assert list(found.matrix.columns) == ["AGE", "SEX: M", "PRIOR", "SEX: missing"]
    assert found.column_of["SEX: missing"] == "SEX"
    assert found.matrix["SEX: missing"].to_numpy().nonzero()[0].tolist() == [10, 11, 12, 13, 14, 15]
    assert found.notes == (
        "AGE missing in 4: set to the mean of the others.",
        "SEX missing in 6: set to the commonest level of the others.",
    )
    assert found.warnings == ()


def test_half_missing_is_a_warning():
    frame = subjects(60)
    frame.loc[:29, "PRIOR"] = np.nan
    (said,) = groups(frame).warnings
    assert said.startswith("PRIOR is missing in 50% of the participants: the score knows little of it")


def test_two_covariates_missing_together_have_one_column():
    frame = subjects(60)
    frame.loc[:7, ["AGE", "PRIOR"]] = np.nan
    assert [name for name in groups(frame).matrix if name.endswith(": missing")] == ["AGE: missing"]


def test_covariates_that_cannot_be_used_are_left_out_and_said():
    frame = subjects(60).assign(
        SAME=1.0,
        TWICE=lambda given: 2 * given["AGE"] + 1,
        EMPTY=np.nan,
        MANY=[f"L{place % 30}" for place in range(60)],
    )
    found = groups(frame, ("AGE", "SAME", "TWICE", "EMPTY", "MANY", "ABSENT", "SEX"))
    assert list(found.matrix.columns) == ["AGE", "SEX: M"]
    assert len(found.notes) == 5 and all(note.endswith(": left out of the score.") for note in found.notes)
    for note, name in zip(found.notes, ("SAME", "TWICE", "EMPTY", "MANY", "ABSENT"), strict=True):
        assert note.startswith(name)


def test_nothing_to_adjust_for_is_refused():
    with pytest.raises(StudyDataError, match="No covariate of the study can be used here"):
        two_groups(subjects(40).assign(SAME=1.0), ["SAME"], experimental="A", control="B")


def test_without_a_covariate_all_its_columns_go():
    frame = subjects(60)
    frame["CLASS"] = np.tile(["x", "y", "z"], 20)
    frame.loc[:7, "CLASS"] = ""
    found = groups(frame, ("AGE", "CLASS"))
    assert set(found.matrix) == {"AGE", "CLASS: y", "CLASS: z", "CLASS: missing"}
    less = found.without("CLASS")
    assert list(less.matrix) == ["AGE"] and less.sizes == found.sizes
    pd.testing.assert_index_equal(less.usubjid, found.usubjid)
