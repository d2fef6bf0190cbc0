"""G-computation and the doubly robust estimate against one sample at a time, and where a model has no answer."""

import numpy as np
import pytest

from analysis.logistic import fit_firth, fit_maximum_likelihood, is_separated
from analysis.observational.outcome_models import doubly_robust, g_computation
from analysis.observational.propensity import fit_propensity
from analysis.observational.resamples import draw, model_columns
from analysis.standardised import ARM, standardise
from tests.analysis.observational.made import groups, subjects

FRAME = subjects(120, 1)
PROPENSITY = fit_propensity(groups(FRAME))
MATRIX, WHO = PROPENSITY.groups.matrix, PROPENSITY.groups.arm
X, Y = model_columns(MATRIX), FRAME["RESPONSE"].to_numpy()
ONCE = np.ones((1, len(Y)), int)


def test_g_computation_is_the_standardised_rate_of_the_adjusted_comparison():
    fit = fit_maximum_likelihood(MATRIX.assign(**{ARM: WHO}), Y)
    assert g_computation(X, WHO, Y, ONCE)[0] == pytest.approx(standardise(fit, Y, WHO).rates, abs=1e-9)


def test_separated_answers_are_firths():
    y = ((FRAME["AGE"] < 40) & (FRAME["SEX"] == "F")).to_numpy(float)
    design = MATRIX.assign(**{ARM: WHO})
    assert is_separated(design, y)
    beta = fit_firth(design, y).coefficients
    whole = design.to_numpy(float)
    rates = [
        (
            1 / (1 + np.exp(-(beta[0] + np.column_stack([whole[:, :-1], np.full(len(y), arm)]) @ beta[1:])))
        ).mean()
        for arm in (1, 0)
    ]
    assert g_computation(X, WHO, y, ONCE)[0] == pytest.approx(rates, abs=1e-6)


def test_doubly_robust_by_the_text_with_firth_in_one_arm():
    y = np.where(WHO == 1, Y, (FRAME["AGE"] < 40).to_numpy(float))  # age tells the answers of control apart
    e, rates = PROPENSITY.scores, []
    for arm, own in ((1, e), (0, 1 - e)):
        of = arm == WHO
        separated = is_separated(MATRIX[of], y[of])
        assert separated == (arm == 0)
        beta = (fit_firth if separated else fit_maximum_likelihood)(MATRIX[of], y[of]).coefficients
        m = 1 / (1 + np.exp(-(beta[0] + MATRIX.to_numpy(float) @ beta[1:])))
        rates.append((m + of / own * (y - m)).mean())
    inverse = np.where(WHO == 1, 1 / e, 1 / (1 - e))[None]
    assert doubly_robust(X, WHO, y, ONCE, inverse)[0] == pytest.approx(rates, abs=1e-6)


@pytest.mark.parametrize("answer", [0.0, 1.0])
def test_answers_that_are_all_the_same_are_the_rate(answer):
    y, inverse = np.full(len(Y), answer), np.full((1, len(Y)), 2.0)
    assert g_computation(X, WHO, y, ONCE)[0].tolist() == [answer, answer]
    assert doubly_robust(X, WHO, y, ONCE, inverse)[0].tolist() == [answer, answer]
    one_arm = np.where(WHO == 1, Y, answer)
    assert doubly_robust(X, WHO, one_arm, ONCE, inverse)[0, 1] == answer


def test_no_answer_without_one_of_the_arms_or_where_covariates_are_the_arm():
    counts = draw(len(Y), 3) * np.array([[1], [0], [1]])
    counts[1], counts[2] = WHO, draw(len(Y), 1)[0]
    inverse = np.full((3, len(Y)), 2.0)
    for found in (g_computation(X, WHO, Y, counts), doubly_robust(X, WHO, Y, counts, inverse)):
        assert np.isnan(found).any(axis=1).tolist() == [False, True, False]
    with_arm = np.column_stack([X, WHO])
    assert np.isnan(g_computation(with_arm, WHO, Y, ONCE)).all()
