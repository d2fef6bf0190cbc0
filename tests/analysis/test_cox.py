"""Cox regression by hand for three participants, and where there is no estimate."""

import math

import numpy as np
import pandas as pd
import pytest

from analysis.cox import MONOTONE, NEVER_IN_A_STRATUM, fit_cox, hazard_ratios, profile_hazard_ratios
from trialdata.errors import StudyDataError

PAIR = [("E", "C")]


def make_adtte(**arms: list[tuple[float, int]]) -> pd.DataFrame:
    """`make_adtte(E=[(5, 0)])` is one participant of E with an event (CNSR 0) on day 5."""
    rows = [(arm, day, censored) for arm, times in arms.items() for day, censored in times]
    return pd.DataFrame(rows, columns=["ARM", "AVAL", "CNSR"])


# Efron's likelihood of two events on one day, h the hazard ratio: h / ((h + 2) (h + 2 - (h + 1) / 2)); largest
# where (h + 2) (h + 3) = h (h + 3) + h (h + 2), that is h = sqrt(6)
TIED = make_adtte(E=[(7, 0)], C=[(7, 0), (9, 1)])


def test_two_events_on_one_day():
    (row,) = hazard_ratios(TIED, PAIR).itertuples()
    assert row.estimate == pytest.approx(math.sqrt(6), rel=1e-9)
    assert (row.comparison, row.n, row.N, row.df, row.note) == ("E - C", 2, 3, 1, "")
    fit = fit_cox(TIED["AVAL"], TIED["CNSR"] == 0, (TIED[["ARM"]] == "E").astype(int))
    assert fit.null_log_likelihood == pytest.approx(-math.log(3 * 2))


def test_a_stratum_where_all_are_in_one_arm_says_nothing():
    more = pd.concat([TIED, make_adtte(E=[(3, 0), (5, 0), (6, 1)])], ignore_index=True)
    strata = ["one"] * 3 + ["two"] * 3
    (row,) = hazard_ratios(more, PAIR, strata).itertuples()
    assert row.estimate == pytest.approx(math.sqrt(6), rel=1e-9)
    assert (row.n, row.N) == (4, 6)
    assert row.method == "Cox, Wald, stratified"


@pytest.mark.parametrize(
    ("adtte", "words"),
    [
        (make_adtte(E=[(3, 1), (5, 1)], C=[(4, 1)]), "No event"),
        (make_adtte(E=[(3, 0), (5, 1)]), "Nobody in C"),
        (make_adtte(C=[(3, 0)]), "Nobody in E"),
        (make_adtte(), "Nobody in E"),
        (make_adtte(E=[(9, 0), (12, 0)], C=[(4, 1)]), "No event while both arms are at risk"),
    ],
)
def test_no_estimate_has_its_reason(adtte, words):
    for ratios in (hazard_ratios, profile_hazard_ratios):
        (row,) = ratios(adtte, PAIR).itertuples()
        assert np.isnan([row.estimate, row.conf_low, row.conf_high, row.p_value]).all()
        assert row.note.startswith(words)


def test_strata_that_are_the_arms_are_named_as_the_reason():
    (row,) = hazard_ratios(TIED, PAIR, TIED["ARM"]).itertuples()
    assert math.isnan(row.estimate) and row.note == NEVER_IN_A_STRATUM
    (row,) = hazard_ratios(TIED, PAIR, ["one", "one", "two"]).itertuples()
    assert row.note == ""


def test_everybody_has_the_event_on_one_day():
    # all tied: Efron's likelihood is flat in neither direction; by symmetry the ratio is 1
    (row,) = hazard_ratios(make_adtte(E=[(7, 0), (7, 0)], C=[(7, 0), (7, 0)]), PAIR).itertuples()
    assert row.estimate == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize(("arms", "estimate"), [(("E", "C"), math.inf), (("C", "E"), 0.0)])
def test_an_arm_without_an_event(arms, estimate):
    times = {arms[0]: [(2, 0), (3, 0), (5, 0), (9, 1)], arms[1]: [(6, 1), (6, 1), (7, 1), (9, 1)]}
    (wald,) = hazard_ratios(make_adtte(**times), PAIR).itertuples()
    assert wald.estimate == estimate and wald.note == MONOTONE
    assert np.isnan([wald.conf_low, wald.conf_high, wald.p_value]).all()
    (profile,) = profile_hazard_ratios(make_adtte(**times), PAIR).itertuples()
    assert profile.estimate == estimate and profile.note == ""
    limits = (profile.conf_low, profile.conf_high)
    assert limits[1 if estimate else 0] == estimate and 0 < limits[0 if estimate else 1] < math.inf
    assert 0 < profile.p_value < 0.05


def test_a_column_that_says_nothing_is_named():
    time, event = [3, 5, 8, 9], [1, 1, 1, 0]
    X = pd.DataFrame({"AGE": [40, 51, 33, 60], "SITE": 1.0, "MONTHS": [480, 612, 396, 720]})
    with pytest.raises(StudyDataError, match="SITE is the same"):
        fit_cox(time, event, X[["AGE", "SITE"]])
    with pytest.raises(StudyDataError, match="AGE, MONTHS: one follows from the others"):
        fit_cox(time, event, X[["AGE", "MONTHS"]])
    with pytest.raises(StudyDataError, match="No event"):
        fit_cox(time, [0, 0, 0, 0], X[["AGE"]])


def test_the_scale_of_a_column_does_not_matter():
    time, event = [3, 5, 8, 9, 12, 13], [1, 1, 1, 0, 1, 1]
    age = np.array([40, 61, 33, 60, 52, 44.0])
    years = fit_cox(time, event, age[:, None])
    days = fit_cox(time, event, 365.25 * age[:, None] + 1e4)
    assert days.coefficients[0] * 365.25 == pytest.approx(years.coefficients[0], rel=1e-8)
    assert days.tests()["statistic"].to_numpy() == pytest.approx(years.tests()["statistic"], rel=1e-8)


def test_of_several_columns_without_a_maximum_none_is_given():
    fit = fit_cox(
        [2, 3, 5, 6, 7, 9],
        [1, 1, 1, 0, 0, 0],
        np.array([[1, 40], [1, 50], [1, 45], [0, 44], [0, 50], [0, 48]]),
    )
    assert fit.note == MONOTONE
    assert np.isnan(fit.coefficients).all() and np.isnan(fit.covariance).all()
    tests = fit.tests().set_index("method")
    assert np.isnan(tests.loc["Wald", "statistic"]) and tests.loc["Wald", "note"] == MONOTONE
    assert tests.loc["likelihood ratio", "statistic"] > 0
