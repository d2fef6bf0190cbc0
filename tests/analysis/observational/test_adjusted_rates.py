"""Every method's table of answers: its rows, its limits against the resamples by hand, and where it has none."""

import numpy as np
import pandas as pd
import pytest

from analysis.observational.adjusted_rates import adjusted_rates
from analysis.observational.answers import CUT, IMPOSSIBLE, Answer, rows
from analysis.observational.methods import (
    CRUDE,
    DIFFERENCE,
    DOUBLY_ROBUST,
    G_COMPUTATION,
    INVERSE_WEIGHTS,
    MATCHING,
    MEASURES,
    METHODS,
    OVERLAP_WEIGHTS,
    RATE_CONTROL,
    RATE_EXPERIMENTAL,
    RISK_RATIO,
    STRATA,
    TREATED_WEIGHTS,
)
from analysis.observational.propensity import fit_propensity
from analysis.observational.resampled_rates import rates_of
from analysis.observational.resamples import draw, resample
from analysis.observational.weighted_rates import quick_difference
from analysis.progress import listening
from analysis.proportions import miettinen_nurminen, risk_ratio_score, wilson
from tests.analysis.observational.made import groups, subjects

FEW = 200


@pytest.fixture(scope="module")
def frame():
    return subjects(120, 1)


@pytest.fixture(scope="module")
def propensity(frame):
    return fit_propensity(groups(frame))


@pytest.fixture(scope="module")
def found(frame, propensity):
    return adjusted_rates(propensity, frame["RESPONSE"].to_numpy(), resamples=FEW)


def limits(row) -> tuple[float, float]:
    return row["conf_low"], row["conf_high"]


def test_a_row_per_method_and_measure(found):
    assert list(found.results["method"].unique()) == [method.name for method in METHODS.values()]
    assert (found.results.groupby("method")["measure"].agg(list).map(tuple) == MEASURES).all()
    assert found.results["estimand"].unique().tolist() == ["", "ATO", "ATE", "ATT"]
    assert found.row(STRATA)["estimand"] == "ATO" and found.row(MATCHING)["estimand"] == "ATT"
    assert found.resamples == FEW and found.truncate == 0


def test_crude_is_the_page_response(frame, found):
    counted = frame.groupby("ARM")["RESPONSE"].agg(["sum", "count"]).astype(int)
    (x1, n1), (x0, n0) = counted.loc["A"], counted.loc["B"]
    difference, ratio = found.row(CRUDE), found.row(CRUDE, RISK_RATIO)
    assert difference["estimate"] == pytest.approx(x1 / n1 - x0 / n0)
    assert limits(difference) == pytest.approx(miettinen_nurminen(x1, n1, x0, n0))
    assert limits(ratio) == pytest.approx(risk_ratio_score(x1, n1, x0, n0))
    assert limits(found.row(CRUDE, RATE_CONTROL)) == pytest.approx(wilson(x0, n0))
    rate = found.row(CRUDE, RATE_EXPERIMENTAL)
    assert (rate["n"], rate["N"]) == (x1, n1)
    assert (difference["n"], difference["N"]) == (x1 + x0, n1 + n0)
    assert pd.isna(difference["resamples"]) and np.isnan(difference["std_err"])


def test_weighted_methods_have_the_sandwich_and_percentiles_of_the_resamples(frame, propensity, found):
    y = frame["RESPONSE"].to_numpy()
    drawn = resample(propensity.groups, resamples=FEW)
    rates = rates_of(drawn, propensity.groups.matrix, y)
    for method in (OVERLAP_WEIGHTS, INVERSE_WEIGHTS, TREATED_WEIGHTS):
        one, other = rates[method.key].T
        quick, difference = quick_difference(propensity, y, method.estimand), found.row(method)
        assert difference["estimate"] == pytest.approx(quick.difference)
        assert difference["std_err"] == pytest.approx(quick.std_err)
        assert limits(difference) == pytest.approx(np.percentile(one - other, [2.5, 97.5]))
        assert limits(found.row(method, RISK_RATIO)) == pytest.approx(np.percentile(one / other, [2.5, 97.5]))
        assert difference["resamples"] == FEW and difference["note"] == ""


def test_models_have_the_deviation_of_the_resamples(frame, propensity, found):
    drawn = resample(propensity.groups, resamples=FEW)
    rates = rates_of(drawn, propensity.groups.matrix, frame["RESPONSE"].to_numpy())
    for method in (G_COMPUTATION, DOUBLY_ROBUST):
        one, other = rates[method.key].T
        assert found.row(method)["std_err"] == pytest.approx((one - other).std(ddof=1))
        assert found.row(method, RISK_RATIO)["std_err"] == pytest.approx(np.log(one / other).std(ddof=1))


def test_matching_draws_pairs(frame, found):
    y, pairs = frame["RESPONSE"].to_numpy(), found.matching.pairs
    apart = y[pairs[:, 0]] - y[pairs[:, 1]]
    row = found.row(MATCHING)
    assert row["estimate"] == pytest.approx(apart.mean())
    assert row["std_err"] == pytest.approx(apart.std(ddof=1) / len(apart) ** 0.5)
    drawn = draw(len(pairs), FEW) @ apart / len(pairs)
    assert limits(row) == pytest.approx(np.percentile(drawn, [2.5, 97.5]))
    assert row["N"] == 2 * len(pairs) and row["n"] == y[pairs].sum()
    assert len(found.matching.unmatched) + len(pairs) == (frame["ARM"] == "A").sum()
    assert row["note"].startswith(f"{len(found.matching.unmatched)} of ")


def test_the_level_of_confidence_and_the_seed(frame, propensity, found):
    y = frame["RESPONSE"].to_numpy()
    again = adjusted_rates(propensity, y, resamples=FEW)
    pd.testing.assert_frame_equal(again.results, found.results)
    narrow = adjusted_rates(propensity, y, resamples=FEW, conf_level=0.8).row(OVERLAP_WEIGHTS)
    wide = found.row(OVERLAP_WEIGHTS)
    assert wide["conf_low"] < narrow["conf_low"] < narrow["conf_high"] < wide["conf_high"]
    other = adjusted_rates(propensity, y, resamples=FEW, seed=2).row(OVERLAP_WEIGHTS)
    assert other["estimate"] == wide["estimate"] and other["conf_low"] != wide["conf_low"]


def test_truncation_changes_what_has_inverse_weights_and_takes_their_sandwich_away(frame, propensity, found):
    y = frame["RESPONSE"].to_numpy()
    cut = adjusted_rates(propensity, y, truncate=0.05, resamples=FEW)
    for method in (INVERSE_WEIGHTS, TREATED_WEIGHTS, DOUBLY_ROBUST):
        assert cut.row(method)["estimate"] != pytest.approx(found.row(method)["estimate"], abs=1e-6)
    for method in (OVERLAP_WEIGHTS, MATCHING, STRATA, G_COMPUTATION):
        assert cut.row(method)["estimate"] == found.row(method)["estimate"]
        assert cut.row(method)["std_err"] == found.row(method)["std_err"]
    drawn = resample(propensity.groups, resamples=FEW)
    one, other = rates_of(drawn, propensity.groups.matrix, y, truncate=0.05)["inverse"].T
    assert cut.row(INVERSE_WEIGHTS)["std_err"] == pytest.approx((one - other).std(ddof=1))


def test_where_nobody_of_an_arm_responds_only_crude_has_limits(frame, propensity):
    y = frame["RESPONSE"].to_numpy() * (propensity.groups.arm == 1)
    found = adjusted_rates(propensity, y, resamples=FEW)
    assert np.isfinite(found.row(CRUDE)["conf_low"])
    for method in (OVERLAP_WEIGHTS, INVERSE_WEIGHTS, STRATA, G_COMPUTATION, DOUBLY_ROBUST, MATCHING):
        row = found.row(method)
        assert np.isfinite(row["estimate"]) and np.isnan([*limits(row), row["std_err"]]).all(), method
        assert "for certain" in row["note"], method
    assert found.row(OVERLAP_WEIGHTS, RISK_RATIO)["estimate"] == np.inf
    nobody = adjusted_rates(propensity, np.zeros(len(y)), resamples=FEW)
    for method in (CRUDE, OVERLAP_WEIGHTS, STRATA, G_COMPUTATION, DOUBLY_ROBUST, MATCHING):
        assert nobody.row(method)["estimate"] == pytest.approx(0, abs=1e-12), method
        assert np.isnan(nobody.row(method, RISK_RATIO)["estimate"]), method


def test_a_refused_estimand_has_its_reason_and_the_others_stand():
    frame = subjects(60, 8, strength=1.5)
    propensity = fit_propensity(groups(frame))
    why = propensity.refused("ATE")
    assert why.startswith("In A the weights leave an effective sample size of ") and not propensity.refused(
        "ATT"
    )
    found = adjusted_rates(propensity, frame["RESPONSE"].to_numpy(), resamples=FEW)
    for method in (INVERSE_WEIGHTS, G_COMPUTATION, DOUBLY_ROBUST):
        row = found.row(method)
        assert np.isnan([row["estimate"], row["std_err"], *limits(row)]).all() and row["note"] == why
    for method in (CRUDE, OVERLAP_WEIGHTS, TREATED_WEIGHTS, STRATA):
        assert np.isfinite(found.row(method)["estimate"])
    few, matched = len(found.matching.pairs), found.row(MATCHING)
    assert few < 5 and np.isnan(matched["estimate"])
    assert matched["note"] == f"Pairs within the caliper: {few}. 5 are needed."


def test_models_of_separated_answers_say_so(frame, propensity):
    y = ((frame["AGE"] < 40) & (frame["SEX"] == "F")).to_numpy(float)
    found = adjusted_rates(propensity, y, resamples=FEW)
    assert found.row(G_COMPUTATION)["note"].startswith("Covariates separate the answers")
    assert found.row(DOUBLY_ROBUST)["note"].startswith("Covariates separate the answers")
    assert found.row(OVERLAP_WEIGHTS)["note"] == ""


def test_strata_without_both_arms_are_left_out_and_said():
    frame = subjects(90, 1, strength=2.5)
    found = adjusted_rates(fit_propensity(groups(frame)), frame["RESPONSE"].to_numpy(), resamples=FEW)
    left_out = found.strata_left_out
    assert len(left_out) and (left_out[["n1", "n0"]].min(axis=1) == 0).all()
    row, used = found.row(STRATA), found.strata.drop(left_out.index)
    assert row["N"] == used[["n1", "n0"]].to_numpy().sum() < 90
    assert row["note"].startswith(f"Strata without both arms, left out: {len(left_out)} of 5.")


def test_progress_rises_from_0_to_1(frame, propensity):
    said = []
    with listening(said.append):
        adjusted_rates(propensity, frame["RESPONSE"].to_numpy(), resamples=600)
    assert said[0] == 0 and said[-1] == 1 and len(said) > 8
    assert (np.diff(said) >= 0).all()


def test_a_difference_is_that_of_the_rates_and_an_infinite_ratio_is_an_answer():
    """Twelve participants respond in A and one in B: many resamples have nobody in B."""
    frame = subjects(60, 8, strength=0.2)
    responders = [*frame.index[frame["ARM"] == "A"][:12], frame.index[frame["ARM"] == "B"][3]]
    y = frame.index.isin(responders).astype(float)
    found = adjusted_rates(fit_propensity(groups(frame)), y, resamples=FEW)
    ratio = found.row(OVERLAP_WEIGHTS, RISK_RATIO)
    assert ratio["conf_high"] == np.inf and np.isfinite(ratio["conf_low"]) and ratio["resamples"] == FEW
    assert found.row(OVERLAP_WEIGHTS, DIFFERENCE)["conf_high"] < 1


def test_a_rate_that_cannot_be_is_no_answer():
    rates = np.array([[1.2, 0.4], [0.9, 0.4], [0.8, 0.5]])
    for row in rows(DOUBLY_ROBUST, Answer(rates, np.array([9, 4]), np.array([10, 10])), "", 0.95):
        assert row["note"] == IMPOSSIBLE and "estimate" not in row


def test_limits_end_where_a_difference_and_a_rate_can():
    resampled = np.array([[1.5, -0.1]] * 50 + [[-0.2, 1.1]] * 50 + [[0.5, 0.4]] * 10)
    answer = Answer(np.vstack([[0.7, 0.4], resampled]), np.array([9, 4]), np.array([10, 10]))
    told = {row["measure"]: row for row in rows(DOUBLY_ROBUST, answer, "", 0.95)}
    assert (told[DIFFERENCE]["conf_low"], told[DIFFERENCE]["conf_high"]) == (-1, 1)
    assert (told[RATE_CONTROL]["conf_low"], told[RATE_CONTROL]["conf_high"]) == (0, 1)
    assert CUT in told[DIFFERENCE]["note"] and CUT in told[RATE_CONTROL]["note"]
