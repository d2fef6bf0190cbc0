"""The propensity score and every reason for which no adjusted number is given (nonrandomised.md, section 6)."""

import numpy as np
import pytest

from analysis.logistic import FIRTH, MAXIMUM_LIKELIHOOD
from analysis.observational.propensity import fit_propensity
from tests.analysis.observational.made import groups, subjects
from trialdata.errors import StudyDataError


def refusal(frame, covariates) -> str:
    with pytest.raises(StudyDataError) as refused:
        fit_propensity(groups(frame, covariates))
    return str(refused.value)


def test_support_outside_and_area_by_hand():
    propensity = fit_propensity(groups(subjects(80)))
    arm, e = propensity.groups.arm, propensity.scores
    assert propensity.fit.method == MAXIMUM_LIKELIHOOD
    low = max(min(e[arm == 1]), min(e[arm == 0]))
    high = min(max(e[arm == 1]), max(e[arm == 0]))
    assert propensity.support == (low, high)
    assert propensity.outside.tolist() == [not low <= score <= high for score in e]
    pairs = [(a > b) + (a == b) / 2 for a in e[arm == 1] for b in e[arm == 0]]
    assert propensity.area == pytest.approx(np.mean(pairs))


def test_overlap_weights_balance_every_mean_exactly():
    propensity = fit_propensity(groups(subjects(80)))
    arm, X = propensity.groups.arm, propensity.groups.matrix.to_numpy(float)
    w = propensity.weights("ATO")
    means = [np.average(X[arm == value], axis=0, weights=w[arm == value]) for value in (1, 0)]
    assert means[0] == pytest.approx(means[1], rel=1e-6)


def test_a_level_in_one_arm_alone_is_firth():
    frame = subjects(80)
    frame["RARE"] = "no"
    frame.loc[frame.index[frame["ARM"] == "A"][:3], "RARE"] = "yes"
    propensity = fit_propensity(groups(frame, ("AGE", "SEX", "RARE")))
    assert propensity.fit.method == FIRTH
    assert ((propensity.scores > 0) & (propensity.scores < 1)).all()


def test_as_many_columns_as_participants_of_the_smaller_arm_are_refused():
    frame = subjects(60)
    rng = np.random.default_rng(1)
    names = tuple(f"X{place}" for place in range(20))
    frame[list(names)] = rng.normal(size=(60, 20))
    assert "The score would have 20 columns for" in refusal(frame.iloc[:30], names)
    in_b = frame.index[frame["ARM"] == "B"]
    five = frame.drop(in_b[5:])
    said = refusal(five, ("AGE", "SEX", "PRIOR", "X1", "X2"))
    assert said.startswith(
        "The score would have 5 columns for 5 participants of the smaller arm: no adjusted"
    )
    fit_propensity(groups(five, ("AGE", "SEX", "PRIOR", "X1")))


def test_a_covariate_that_determines_the_arm_is_refused_by_name():
    frame = subjects(60)
    frame["CHOICE"] = np.where(frame["ARM"] == "A", "combination", "other")
    said = refusal(frame, ("AGE", "CHOICE", "SEX"))
    assert said.startswith("CHOICE determines the arm: no participant could have been in the other")


def test_covariates_that_determine_the_arm_together_are_refused():
    frame = subjects(60)
    frame["ARM"] = np.where(frame["AGE"] + 10 * frame["PRIOR"] > 64.5, "A", "B")
    said = refusal(frame, ("AGE", "PRIOR"))
    assert said.startswith("The covariates (AGE, PRIOR) together determine the arm")


def test_a_small_effective_size_refuses_one_estimand_alone():
    """In generated data with little overlap ATE leaves few of the experimental arm; the other two stand."""
    propensity = fit_propensity(groups(subjects(60, 8, strength=1.5)))
    w = propensity.weights("ATE")[propensity.groups.arm == 1]
    size = w.sum() ** 2 / (w**2).sum()
    assert size < 5
    assert propensity.refused("ATE") == (
        f"In A the weights leave an effective sample size of {size:.1f}, below 5: the answer would be that of a few "
        "participants."
    )
    assert propensity.answerable == ("ATO", "ATT")
