"""Beside a crude difference of shares the one by overlap weights: worked out a second time, refused, and in files."""

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from test_trial_specifics_outputs import DEFINITION, FIRST, SECOND

from analysis.adam import derive
from outputs.basis import Basis
from outputs.catalogue import build
from outputs.files import for_file
from outputs.observational.answers import counted_answers
from outputs.observational.shares_beside import shares_beside
from outputs.output import View
from outputs.safety.basis import safety_basis
from tests.independent.safety_study import study_of_rows
from trialdata.definition import Arm

METHOD, COLUMN = "Overlap weights", "By overlap weights, points"
RESPONDS, NOT = 105, 85  # g/L on day 8, of 80 at baseline: a rise of 25 is a response, of 5 is none
TRIES = 100  # resamples in these tests: conftest


def made(n: int = 90, *, seed: int = 3, arms=("A", "B"), strength: float = 1.0, definition=DEFINITION):
    """Anaemic participants of whom the older chose the first arm more often and respond less often."""
    rng = np.random.default_rng(seed)
    age, sex = rng.integers(20, 66, n), rng.choice(["F", "M"], n)
    lean = strength * (age - 43) / 15 + 0.4 * (sex == "F")
    first = rng.random(n) < 1 / (1 + np.exp(-lean))
    arm = np.where(first, arms[0], rng.choice(arms[1:], n))
    responds = rng.random(n) < 1 / (1 + np.exp(-(0.3 + 0.8 * (arm != arms[-1]) - (age - 43) / 15)))
    adsl = [
        {"USUBJID": f"s{i:03}", "TRT01P": arm[i], "TRT01A": arm[i], "AGE": int(age[i]), "SEX": sex[i]}
        | {"ABCLASS": "EVANS", "DCUTDY": 100, "STERFL": "N", "SAFFL": "Y"}
        for i in range(n)
    ]
    adlb = [
        {"USUBJID": f"s{i:03}", "PARAMCD": "HGB", "ADY": day, "AVAL": value, "AVALU": "g/L"}
        for i in range(n)
        for day, value in ((1, 80), (8, RESPONDS if responds[i] else NOT))
    ]
    definition = definition.replace(covariates=("AGE", "SEX"))
    return derive(study_of_rows({"adsl": adsl, "adlb": adlb, "adcm": []}, definition))


@pytest.fixture(scope="module")
def data():
    return made()


def weighted(output, **fixed) -> pd.DataFrame:
    rows = output.results[output.results["method"] == METHOD]
    for name, value in fixed.items():
        rows = rows[rows[name] == value]
    return rows


def overlap(X: np.ndarray, arm: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """The difference by overlap weights and its standard error from the stacked equations of score and two shares.

    The score by statsmodels' Logit; the derivatives of the equations numerically (central differences).
    """
    X = np.column_stack([np.ones(len(X)), X])
    beta = sm.Logit(arm, X).fit(disp=0, tol=1e-12, maxiter=200).params

    def equations(theta):
        e = 1 / (1 + np.exp(-X @ theta[:-2]))
        w = np.where(arm == 1, 1 - e, e)
        return np.column_stack(
            [X * (arm - e)[:, None], arm * w * (y - theta[-2]), (1 - arm) * w * (y - theta[-1])]
        )

    e = 1 / (1 + np.exp(-X @ beta))
    shares = [np.average(y[arm == 1], weights=1 - e[arm == 1]), np.average(y[arm == 0], weights=e[arm == 0])]
    theta = np.array([*beta, *shares])
    steps = np.diag(1e-5 * np.maximum(1, np.abs(theta)))
    bread = np.column_stack(
        [(equations(theta + s).sum(0) - equations(theta - s).sum(0)) / (2 * s.sum()) for s in steps]
    )
    inverse, own = np.linalg.inv(bread), equations(theta)
    covariance = inverse @ (own.T @ own) @ inverse.T
    return shares[0] - shares[1], float(np.sqrt(np.array([1, -1]) @ covariance[-2:, -2:] @ np.array([1, -1])))


def columns_of(adsl: pd.DataFrame, covariates) -> np.ndarray:
    """The columns of the score: numbers as they are, of a category one per level but the first, around their mean."""
    parts = []
    for name in covariates:
        if pd.api.types.is_numeric_dtype(adsl[name]):
            parts.append(adsl[name].astype(float))
        else:
            parts += [(adsl[name] == level).astype(float) for level in sorted(adsl[name].unique())[1:]]
    whole = np.column_stack(parts)
    kept = whole[:, whole.std(axis=0) > 0]
    return (kept - kept.mean(axis=0)) / kept.std(axis=0)


def answered(data):
    """Age and sex, the arm, and whether haemoglobin rose by 2 g/dL, of everybody, read from the file."""
    adsl = data.adsl.set_index("USUBJID")
    on_day_8 = data.adlb[data.adlb["ADY"] == 8].set_index("USUBJID")["AVAL"].reindex(adsl.index)
    X = columns_of(adsl, ("AGE", "SEX"))
    return X, (adsl["TRT01P"] == "A").to_numpy(float), (on_day_8 - 80 >= 20).to_numpy(float)


def test_the_weighted_haemoglobin_response_worked_out_a_second_time(data):
    """Tolerance 1e-6: statsmodels' likelihood and derivatives taken numerically."""
    X, arm, y = answered(data)
    estimate, error = overlap(X, arm, y)
    (row,) = weighted(build("haemoglobin_response", data, View()), response="Response").itertuples()
    assert row.comparison == "A - B" and row.measure == "difference" and row.note == ""
    assert (row.estimate, row.std_err) == pytest.approx((estimate, error), abs=1e-6)
    crude = y[arm == 1].mean() - y[arm == 0].mean()
    assert abs(estimate - crude) > 0.03  # the arms differ in age, so the weights have something to do


def test_its_limits_are_those_of_resamples_in_which_the_score_is_fitted_anew(data):
    """As many times each participant as numpy's generator of seed 1 draws; the score of each by statsmodels."""
    X, arm, y = answered(data)
    drawn = np.random.default_rng(1).multinomial(len(y), np.full(len(y), 1 / len(y)), size=TRIES)
    found = []
    for times in drawn:
        again = np.repeat(np.arange(len(y)), times)
        found.append(overlap(X[again], arm[again], y[again])[0])
    (row,) = weighted(build("haemoglobin_response", data, View()), response="Response").itertuples()
    assert (row.conf_low, row.conf_high) == pytest.approx(np.quantile(found, [0.025, 0.975]), abs=1e-6)


@pytest.mark.parametrize("week", ["12", "26", "52"])
def test_weighted_steroid_sparing_worked_out_a_second_time(derived, week):
    data = derived(SECOND)
    output = build("steroid_sparing", data, View(), week=week)
    off = output.records[output.records["REACHED"] == "Off corticosteroid"]["USUBJID"]
    safety = data.adsl[(data.adsl["SAFFL"] == "Y") & (data.adsl["STERFL"] == "Y")]
    people = safety[safety["DCUTDY"] >= 7 * int(week) + 1]
    arm = (people["TRT01A"] == "TPO-RA+aCD20").to_numpy(float)
    estimate, error = overlap(
        columns_of(people, data.definition.covariates), arm, people["USUBJID"].isin(off).to_numpy(float)
    )
    (row,) = weighted(output, reached="Off corticosteroid").itertuples()
    assert (row.estimate, row.std_err) == pytest.approx((estimate, error), abs=1e-6)


def test_the_weighted_difference_of_the_sample_as_R_has_it(derived):
    """Off corticosteroid at week 12: R 4.2, `glm` for the score, survey `svyglm` for the difference; its error from the
    stacked equations in R, derivatives taken numerically. Tolerance 1e-8, the error 1e-7.
    """
    output = build("steroid_sparing", derived(SECOND), View(), week="12")
    (row,) = weighted(output, reached="Off corticosteroid").itertuples()
    assert row.estimate == pytest.approx(0.108259835780, abs=1e-8)
    assert row.std_err == pytest.approx(0.120525319883, abs=1e-7)


def test_it_is_the_answer_of_the_page_adjusted_difference(derived):
    """The same answers give the same difference, error and limits: there is one way to weight."""
    data = derived(SECOND)
    basis = Basis(data, View())
    answers = counted_answers(basis, basis.rate_endpoint, basis.rate_endpoint.missing)
    (ours,) = shares_beside({"Response": answers}, basis, column="response").results.itertuples()
    there = build("adjusted_difference", data, View()).results
    (row,) = there[(there["method"] == METHOD) & (there["measure"] == "difference")].itertuples()
    for name in ("estimate", "std_err", "conf_low", "conf_high"):
        assert getattr(ours, name) == pytest.approx(getattr(row, name), abs=1e-12), name


def test_it_stands_wherever_the_crude_one_stands(data):
    output = build("haemoglobin_response", data, View())
    assert {"Crude difference, points", COLUMN} <= set(output.table)
    said = output.table.set_index("Haemoglobin").loc["Response", COLUMN]
    assert f"By overlap weights: {said} points." in output.detail
    assert "Crude difference: " in output.detail
    assert "For participants like those who might have received either treatment." in output.detail
    for compact in (False, True):
        words = output.figure("light", compact).to_json()
        assert "By overlap weights" in words and "Crude" in words
    labels = [row.label for row in output.chart().right.rows]
    assert labels == ["Crude", "By overlap weights"]
    assert any(card.title == "Response: difference by overlap weights, A - B" for card in output.cards)
    notes = " ".join(output.footnotes)
    assert "resamples of participants" in notes and "effective sample size" in notes
    assert "Association; arms were not randomised." in notes


def test_an_arm_in_which_all_are_alike_has_a_difference_without_an_interval(derived):
    output = build("steroid_sparing", derived(SECOND), View(), week="12")
    (row,) = weighted(output, reached="At or below 5 mg a day").itertuples()
    assert np.isfinite(row.estimate) and np.isnan([row.std_err, row.conf_low, row.conf_high]).all()
    shown = output.table.set_index("Of those on it at entry").loc["At or below 5 mg a day", COLUMN]
    assert shown.endswith("(no interval)")
    assert any("At or below 5 mg" in note or "at or below 5 mg" in note for note in output.footnotes
               if "one value alone" in note)  # fmt: skip


def refused(output) -> str:
    """The sentence in place of the weighted number; it stands in results, notes and detail."""
    rows = weighted(output)
    assert len(rows) and rows["estimate"].isna().all() and rows["conf_low"].isna().all()
    (note,) = set(rows["note"])
    assert note and any(note[1:] in each for each in output.footnotes)
    assert f"By overlap weights: not estimable. {note}" in output.detail
    assert (output.table.loc[:1, COLUMN] == "not estimable").all()
    assert "not estimable" in output.figure("light", False).to_json()
    return note


def test_too_few_in_an_arm_is_a_sentence_and_no_number(derived):
    output = build("haemoglobin_response", derived(SECOND), View())
    assert refused(output).startswith("BAT has fewer than 5 participants to compare")


def test_a_covariate_that_determines_the_arm_is_a_sentence_and_no_number(data):
    adsl = data.study.adsl
    torn = adsl.assign(AGE=np.where(adsl["TRT01P"] == "A", adsl["AGE"] + 100, adsl["AGE"]))
    output = build("haemoglobin_response", derive(dataclasses.replace(data.study, adsl=torn)), View())
    assert refused(output).startswith("AGE determines the arm")


def test_weights_that_leave_few_are_a_sentence_and_no_number():
    output = build("haemoglobin_response", made(60, seed=5, strength=9.0), View())
    assert re.match(r"In A the weights leave an effective sample size of \d\.\d, below 5", refused(output))


def test_covariates_that_separate_the_arms_together_are_a_sentence_and_no_number():
    output = build("haemoglobin_response", made(60, seed=5, strength=20.0), View())
    assert refused(output).startswith("The covariates (AGE, SEX) together determine the arm")


def test_a_file_without_the_counts_of_an_arm_has_no_reason_that_tells_them(derived):
    kept = for_file(build("haemoglobin_response", derived(SECOND), View()))
    rows = kept.results[kept.results["method"] == METHOD]
    assert rows[["estimate", "std_err", "conf_low", "conf_high"]].isna().all(axis=None)
    assert (rows["note"] == "").all() and (kept.table.loc[:1, COLUMN] == "not shown").all()
    assert not any(re.search(r"BAT has [1-4] ", note) for note in kept.footnotes)


def test_every_experimental_arm_has_its_own():
    arms = (*DEFINITION.arms, Arm("C", "Drug C", "experimental"))
    three = made(150, arms=("A", "C", "B"), definition=DEFINITION.replace(arms=arms))
    output = build("haemoglobin_response", three, View())
    assert weighted(output, response="Response")["comparison"].to_list() == ["A - B", "C - B"]
    assert weighted(output)["estimate"].notna().all()
    assert {f"{COLUMN} (A - B)", f"{COLUMN} (C - B)"} <= set(output.table)
    for compact in (False, True):
        assert "C vs B: by overlap weights" in output.figure("light", compact).to_json()
    assert len(output.chart().right.rows) == 4


def test_randomised_arms_have_no_weights(derived):
    output = build("steroid_sparing", derived(FIRST), View())
    assert METHOD not in set(output.results["method"]) and COLUMN not in output.table
    assert "Difference, points" in output.table and "overlap" not in " ".join(
        [output.detail, *output.footnotes]
    )


def test_the_score_is_that_of_those_who_are_asked(derived):
    data = derived(SECOND)
    basis = safety_basis(data, View())
    half = basis.subjects["USUBJID"].iloc[::2]
    beside = shares_beside({"It": pd.Series(1.0, half)}, basis, column="it")
    (found,) = beside.compared.values()
    assert set(found.compared.groups.usubjid) == set(half)
