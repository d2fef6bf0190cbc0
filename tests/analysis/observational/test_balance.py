"""Balance before and after weighting: expected values worked out by hand from docs/reference/nonrandomised.md, 5."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.observational.balance import described_columns, weighted_balance
from analysis.observational.groups import Groups, two_groups
from analysis.observational.propensity import Propensity, fit_propensity

SCORES = [0.8, 0.6, 0.5, 0.2, 0.4, 0.2, 0.5, 0.1]
FLAG = [1, 0, 1, 1, 0, 0, 1, 0]
NUMBER = [1, 2, 3, 4, 2, 2, 4, 4]
ARM = [1, 1, 1, 1, 0, 0, 0, 0]


def scored(scores=SCORES, arm=ARM, **columns) -> Propensity:
    """Eight participants, or as many as there are scores, whose scores are given instead of fitted."""
    ids = pd.Index([f"S{i}" for i in range(len(scores))], name="USUBJID")
    matrix = pd.DataFrame({name: np.array(values, float) for name, values in columns.items()}, index=ids)
    groups = Groups("A", "B", np.array(arm, float), matrix, {name: name for name in matrix}, (), ())
    return Propensity(groups, SimpleNamespace(probabilities=np.array(scores, float)))


def row(propensity: Propensity, estimand: str, truncate: float = 0.0):
    (only,) = weighted_balance(propensity, estimand, truncate=truncate).itertuples()
    return only


def people(n: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    older = rng.normal(50, 12, n)
    chosen = rng.random(n) < 1 / (1 + np.exp(-(older - 50) / 15))
    return pd.DataFrame(
        {
            "USUBJID": [f"S{i:03}" for i in range(n)],
            "ARM": np.where(chosen, "A", "B"),
            "AGE": older,
            "SEX": rng.choice(["F", "M"], n),
            "CLASS": rng.choice(["ANA", "CTD", "EVANS"], n),
        }
    )


def fitted(subjects: pd.DataFrame, *covariates: str) -> Propensity:
    return fit_propensity(two_groups(subjects, covariates, experimental="A", control="B"))


def test_a_flag_before_and_after_overlap_weights():
    """Shares 3/4 and 1/4, each with variance 3/16; weights 1 - e and e."""
    found = row(scored(X=FLAG), "ATO")
    spread = np.sqrt(3) / 4
    assert found.measure == "share"
    assert (found.experimental_before, found.control_before) == (0.75, 0.25)
    assert found.before == pytest.approx(0.5 / spread)
    assert found.experimental_after == pytest.approx(1.5 / 1.9)
    assert found.control_after == pytest.approx(0.5 / 1.2)
    assert found.after == pytest.approx((1.5 / 1.9 - 0.5 / 1.2) / spread)


def test_a_number_has_the_variance_of_its_sample():
    """Means 2.5 and 3, variances 5/3 and 4/3; both weighted means are 3."""
    found = row(scored(X=NUMBER), "ATO")
    assert found.measure == "mean"
    assert found.before == pytest.approx(-0.5 / np.sqrt(1.5))
    assert (found.experimental_after, found.control_after) == (pytest.approx(3), pytest.approx(3))
    assert found.after == pytest.approx(0, abs=1e-12)


def test_weights_of_the_treated_leave_the_experimental_arm_as_it_is():
    """Control weights e/(1-e): 2/3, 1/4, 1, 1/9; the denominator stays that of before."""
    found = row(scored(X=NUMBER), "ATT")
    control = (2 * 2 / 3 + 2 / 4 + 4 + 4 / 9) / (2 / 3 + 1 / 4 + 1 + 1 / 9)
    assert found.experimental_after == 2.5
    assert found.control_after == pytest.approx(control)
    assert found.after == pytest.approx((2.5 - control) / np.sqrt(1.5))


def test_truncation_reaches_the_balance():
    """With inverse probability weights cut at 5%: the percentiles of type 7 of all eight weights."""
    half = 0.5
    weights = np.array([half / e for e in SCORES[:4]] + [half / (1 - e) for e in SCORES[4:]])
    cut = np.clip(weights, *np.quantile(weights, [0.05, 0.95], method="linear"))
    found = row(scored(X=NUMBER), "ATE", 0.05)
    assert found.experimental_after == pytest.approx(np.average(NUMBER[:4], weights=cut[:4]))
    assert found.control_after == pytest.approx(np.average(NUMBER[4:], weights=cut[4:]))
    assert found.experimental_after != pytest.approx(np.average(NUMBER[:4], weights=weights[:4]))


def test_what_never_varies_has_no_difference_and_what_varies_in_no_arm_has_no_number():
    assert row(scored(X=[1] * 8), "ATO").before == 0
    apart = row(scored(X=ARM), "ATO")
    assert np.isnan(apart.before) and np.isnan(apart.after)


@pytest.mark.parametrize("seed", range(4))
def test_overlap_weights_after_maximum_likelihood_balance_every_mean(seed):
    """Li, Morgan and Zaslavsky 2018, theorem 3."""
    propensity = fitted(people(80, seed), "AGE", "SEX", "CLASS")
    balance = weighted_balance(propensity, "ATO")
    assert propensity.fit.method == "logistic regression"
    assert balance["after"].abs().max() < 1e-8 < balance["before"].abs().max()


def test_the_first_of_several_levels_has_a_row_and_of_two_the_second_alone():
    propensity = fitted(people(60, 9), "SEX", "CLASS")
    terms = weighted_balance(propensity, "ATO")["term"].tolist()
    assert terms == ["SEX: M", "CLASS: ANA", "CLASS: CTD", "CLASS: EVANS"]
    both, covariate_of = described_columns(propensity.groups, both_levels=True)
    assert list(both) == ["SEX: F", *terms[:1], *terms[1:]]
    assert covariate_of["SEX: F"] == "SEX"
    assert (both[["CLASS: ANA", "CLASS: CTD", "CLASS: EVANS"]].sum(axis=1) == 1).all()


def test_a_column_of_missing_values_is_no_level():
    subjects = people(60, 9)
    subjects.loc[subjects.index % 7 == 0, "CLASS"] = ""
    groups = fitted(subjects, "CLASS").groups
    columns, _ = described_columns(groups)
    commonest = subjects.loc[subjects["CLASS"] != "", "CLASS"].mode().min()
    filled = subjects["CLASS"].where(subjects["CLASS"] != "", commonest)
    assert list(columns) == ["CLASS: ANA", "CLASS: CTD", "CLASS: EVANS", "CLASS: missing"]
    assert columns["CLASS: ANA"].tolist() == (filled == "ANA").astype(float).tolist()
    assert columns["CLASS: missing"].sum() == 9


@pytest.mark.parametrize("first", ["missing", "later"])
def test_a_level_that_is_called_missing_stays_a_level(first):
    """It has the name that the column of missing values would have: there is one column of that name."""
    subjects = people(60, 9)
    other = {"missing": "severe", "later": "mild"}[first]
    subjects["GRADE"] = np.where(subjects.index % 3 == 0, "missing", other)
    subjects.loc[subjects.index % 7 == 1, "GRADE"] = ""
    groups = fitted(subjects, "AGE", "GRADE").groups
    assert groups.matrix.columns.is_unique
    assert described_columns(groups, both_levels=True)[0].columns.is_unique


def test_the_weights_without_stabilisation_are_the_inverse_of_the_probability():
    propensity = scored(X=NUMBER)
    inverse = [1 / e for e in SCORES[:4]] + [1 / (1 - e) for e in SCORES[4:]]
    assert propensity.unstabilised("ATE") == pytest.approx(np.array(inverse))
    assert propensity.unstabilised("ATT") == pytest.approx(propensity.weights("ATT"))


def test_odds_ratios_are_those_of_a_two_by_two_table():
    """12 of 30 and 24 of 30: (12 x 6) / (18 x 24), Woolf's interval."""
    flags = [1] * 12 + [0] * 18 + [1] * 24 + [0] * 6
    subjects = pd.DataFrame(
        {
            "USUBJID": [f"S{i:02}" for i in range(60)],
            "ARM": ["A"] * 30 + ["B"] * 30,
            "SEX": ["M" if flag else "F" for flag in flags],
        }
    )
    (found,) = fitted(subjects, "SEX").odds_ratios.itertuples()
    half = 1.959963984540054 * np.sqrt(1 / 12 + 1 / 18 + 1 / 24 + 1 / 6)
    assert (found.term, found.covariate) == ("SEX: M", "SEX")
    assert found.estimate == pytest.approx(1 / 6)
    assert [found.conf_low, found.conf_high] == pytest.approx([np.exp(-half) / 6, np.exp(half) / 6])
