"""The difference without each covariate, and what is then left in it."""

import numpy as np
import pytest

from analysis.observational.left_out import REMAINING, RESPONSE, left_out, score_without
from analysis.observational.propensity import fit_propensity
from analysis.observational.weighted_rates import quick_difference
from tests.analysis.observational.made import groups, subjects
from trialdata.errors import StudyDataError


def test_each_covariate_is_left_out_in_turn():
    frame = subjects()
    propensity, y = fit_propensity(groups(frame)), frame["RESPONSE"].to_numpy()
    found = left_out(propensity, y, "ATO")
    responses = found[found["measure"] == RESPONSE].set_index("left_out")
    assert list(responses.index) == ["", "AGE", "SEX", "PRIOR"]
    assert responses.loc["", "estimate"] == pytest.approx(quick_difference(propensity, y, "ATO").difference)
    without = fit_propensity(groups(frame, ("AGE", "PRIOR")))
    alone = quick_difference(without, y, "ATO")
    row = responses.loc["SEX"]
    assert (row["estimate"], row["conf_low"], row["conf_high"]) == pytest.approx(
        (alone.difference, alone.conf_low, alone.conf_high)
    )


def test_what_is_left_in_a_covariate_is_its_own_weighted_difference():
    frame = subjects()
    propensity, y = fit_propensity(groups(frame)), frame["RESPONSE"].to_numpy()
    found = left_out(propensity, y, "ATT")
    (row,) = found[(found["measure"] == REMAINING) & (found["left_out"] == "AGE")].itertuples()
    without = fit_propensity(groups(frame, ("SEX", "PRIOR")))
    weights, arm, age = without.weights("ATT"), propensity.groups.arm, frame["AGE"].to_numpy()
    means = [np.average(age[arm == group], weights=weights[arm == group]) for group in (1, 0)]
    assert row.estimate == pytest.approx(means[0] - means[1])
    assert row.spread == pytest.approx(np.sqrt((age[arm == 1].var(ddof=1) + age[arm == 0].var(ddof=1)) / 2))
    assert row.conf_low < row.estimate < row.conf_high


def test_the_column_of_missing_values_goes_with_its_covariate():
    frame = subjects()
    frame.loc[:7, "AGE"] = np.nan
    propensity, y = fit_propensity(groups(frame)), frame["RESPONSE"].to_numpy()
    assert "AGE: missing" in propensity.groups.matrix
    assert list(score_without(propensity.groups, "AGE").groups.matrix) == ["SEX: M", "PRIOR"]
    found = left_out(propensity, y, "ATO")
    assert found.loc[found["measure"] == REMAINING, "term"].tolist() == ["AGE", "SEX: M", "PRIOR"]


def test_a_single_covariate_cannot_be_left_out():
    frame = subjects()
    propensity = fit_propensity(groups(frame, ("AGE",)))
    found = left_out(propensity, frame["RESPONSE"].to_numpy(), "ATO").set_index("left_out")
    assert np.isnan(found.loc["AGE", "estimate"])
    assert found.loc["AGE", "note"].startswith("It is the only covariate")
    with pytest.raises(StudyDataError, match="only covariate"):
        score_without(propensity.groups, "AGE")
