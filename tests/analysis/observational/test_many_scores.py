"""Regressions of many resamples at once, against analysis.logistic on the same rows repeated, one at a time."""

import numpy as np
import pandas as pd
import pytest

from analysis.logistic import _climb as climbed
from analysis.logistic import (
    _penalised,
    _standardised,
    fit_firth,
    fit_maximum_likelihood,
    is_separated,
    with_intercept,
)
from analysis.observational.many_scores import fit_many, probabilities
from analysis.observational.resamples import draw


def sparse(n: int = 49, columns: int = 9, seed: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Numbers and rare levels, with the intercept, and an answer that depends on them: often separated in resamples."""
    rng = np.random.default_rng(seed)
    numbers, levels = rng.normal(size=(n, columns - 3)), rng.random((n, 3)) < [0.1, 0.3, 0.5]
    y = rng.random(n) < 1 / (1 + np.exp(-(1.2 * numbers[:, 0] - numbers[:, 1] + levels[:, 1])))
    return np.column_stack([np.ones(n), numbers, levels]), y.astype(float)


def repeated(X, y, counts) -> tuple[pd.DataFrame, np.ndarray]:
    rows = np.repeat(np.arange(len(y)), counts)
    return pd.DataFrame(X[rows, 1:]), y[rows]


def test_ordinary_and_separated_resamples_are_fitted_as_one_alone():
    X, y = sparse(columns=5)
    counts = draw(len(y), 12, seed=3)
    beta, solved = fit_many(X, y, counts)
    assert solved.all()
    kinds = []
    for row, own in zip(counts, beta, strict=True):
        drawn, answers = repeated(X, y, row)
        if drawn.nunique().min() == 1:
            continue
        kinds.append(is_separated(drawn, answers))
        alone = (fit_firth if kinds[-1] else fit_maximum_likelihood)(drawn, answers)
        assert own == pytest.approx(alone.coefficients, abs=2e-5)
    assert {True, False} == set(kinds)


def test_every_resample_of_few_participants_and_many_columns_is_solved():
    """28 against 21 with nine columns: half of the resamples are separated, many wholly."""
    X, y = sparse()
    counts = draw(len(y), 300, seed=1)
    beta, solved = fit_many(X, y, counts)
    assert solved.all()
    wholly = 0
    for row, own in zip(counts[:40], beta, strict=False):
        drawn, answers = repeated(X, y, row)
        drawn = drawn.loc[:, drawn.nunique() > 1]
        whole, _ = _standardised(with_intercept(drawn))
        ours = np.linalg.lstsq(whole, X[np.repeat(np.arange(len(y)), row)] @ own, rcond=None)[0]
        if not is_separated(drawn, answers):
            alone = fit_maximum_likelihood(drawn, answers).probabilities
            assert 1 / (1 + np.exp(-whole @ ours)) == pytest.approx(alone, abs=1e-7)
        else:  # two tops may be equally high: the height is compared
            wholly += is_separated(drawn, answers, wholly=True)
            top = climbed(whole, answers, np.zeros(whole.shape[1]))
            assert _penalised(whole, answers, ours) > _penalised(whole, answers, top) - 1e-7
    assert wholly > 3


def test_a_level_that_nobody_drawn_has_is_no_part_of_the_model():
    X, y = sparse(columns=5)
    X = np.column_stack([X, X[:, 1] + X[:, 2]])  # determined by those before it, always
    counts = draw(len(y), 1, seed=3) * (X[:, 3] == 0)  # nobody has the first level
    beta, solved = fit_many(X, y, counts)
    assert solved.all() and beta[0, 3] == 0 and beta[0, 6] == 0
    drawn, answers = repeated(X[:, [0, 1, 2, 4, 5]], y, counts[0])
    assert not is_separated(drawn, answers)
    alone = fit_maximum_likelihood(drawn, answers)
    assert beta[0, [0, 1, 2, 4, 5]] == pytest.approx(alone.coefficients, abs=1e-6)


def test_one_answer_alone_gives_firths_shrunken_share():
    """The intercept alone: (responders + 1/2) / (participants + 1)."""
    counts = np.array([[2, 3, 1, 0], [1, 1, 1, 1]])
    beta, solved = fit_many(np.ones((4, 1)), np.ones(4), counts)
    assert solved.all()
    assert probabilities(np.ones((4, 1)), beta)[:, 0] == pytest.approx([6.5 / 7, 4.5 / 5])
