"""Resamples: how often drawn, the same every time, in parts or at once, and their percentiles."""

import numpy as np
import pytest

from analysis.observational import resamples
from analysis.observational.propensity import fit_propensity
from analysis.observational.resamples import draw, percentile_interval, resample
from analysis.progress import listening, part, report
from tests.analysis.observational.made import groups, subjects


def test_every_resample_has_as_many_participants_as_the_sample():
    counts = draw(50, 400)
    assert counts.shape == (400, 50) and (counts.sum(axis=1) == 50).all() and counts.min() == 0
    assert counts.mean(axis=0) == pytest.approx(np.ones(50), abs=0.25)
    assert (draw(50, 400) == counts).all() and (draw(50, 400, seed=2) != counts).any()


def test_scores_do_not_depend_on_how_many_are_fitted_at_once(monkeypatch):
    found = resample(groups(subjects(80)), resamples=60)
    monkeypatch.setattr(resamples, "AT_ONCE", 7)
    again = resample(groups(subjects(80)), resamples=60)
    assert found.usable.all() and (found.counts == again.counts).all()
    assert again.scores == pytest.approx(found.scores, abs=1e-9)


def test_a_resample_without_one_of_the_arms_has_no_scores():
    frame = subjects(60)
    of = groups(frame)
    counts = np.array([of.arm, np.ones(60)], int)
    found = resamples._scores(resamples.model_columns(of.matrix), of.arm, counts)
    assert np.isnan(found[0]).all()
    assert found[1] == pytest.approx(fit_propensity(of).scores, abs=1e-8)


def test_weights_are_times_how_often_drawn_and_0_for_who_is_not_in_it():
    found = resample(groups(subjects(80)), resamples=20)
    weights, arm = found.weights("ATO"), found.groups.arm
    assert (weights[found.counts == 0] == 0).all()
    expected = np.where(arm == 1, 1 - found.scores, found.scores) * found.counts
    assert weights[found.counts > 0] == pytest.approx(expected[found.counts > 0])


def test_percentiles_leave_out_what_has_no_answer_up_to_5_percent():
    values = np.arange(100.0)
    assert percentile_interval(values) == pytest.approx((2.475, 96.525))
    assert percentile_interval(values, 0.8) == pytest.approx((9.9, 89.1))
    values[:5] = np.nan
    assert percentile_interval(values) == pytest.approx(np.percentile(np.arange(5, 100), [2.5, 97.5]))
    values[5] = np.nan
    assert np.isnan(percentile_interval(values)).all()
    assert np.isnan(percentile_interval(np.array([]))).all()


def test_an_infinite_value_is_an_answer():
    values = np.arange(100.0)
    values[-2:] = np.inf
    assert percentile_interval(values) == pytest.approx((2.475, 96.525))
    values[-10:] = np.inf
    low, high = percentile_interval(values)
    assert low == pytest.approx(2.475) and high == np.inf


def test_a_part_of_a_computation_reports_its_share_of_the_whole():
    said = []
    with listening(said.append):
        with part(0.2, 0.6):
            report(0.0)
            report(0.5)
            with part(0.5, 1.0):
                report(1.0)
        report(0.9)
    assert said == pytest.approx([0.2, 0.4, 0.6, 0.9])
    with part(0.0, 1.0):  # nobody listens
        report(0.5)
