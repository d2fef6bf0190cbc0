"""Comparisons of times by hand for a handful of participants, and the answers where there is nothing to compare."""

import math

import numpy as np
import pandas as pd
import pytest

from analysis.bootstrap import bootstrap_medians, median_differences, percentile_limits, resampled_medians
from analysis.gray import gray_tests
from analysis.landmarks import landmark_differences, landmark_tests
from analysis.proportional_hazards import proportional_hazards_test, schoenfeld_residuals, smoothed
from analysis.restricted_mean import last_common_day, restricted_mean_comparisons, restricted_means
from analysis.stratified_log_rank import stratified_log_rank
from analysis.survival import kaplan_meier, log_rank, median_survival
from tests.analysis.test_cox import make_adtte
from trialdata.errors import StudyDataError

PAIR = [("E", "C")]
Z = 1.959963984540054
# E: S = 1, 3/4 from day 2, 3/8 from day 4; Greenwood's terms 1/12 and 1/2. C: S = 1, 1/2 from day 3; term 1/2
HAND = make_adtte(E=[(2, 0), (3, 1), (4, 0), (6, 1)], C=[(3, 0), (5, 1)])
ALL_CENSORED = make_adtte(E=[(3, 1), (8, 1)], C=[(5, 1), (9, 1)])
EMPTY_ARM = make_adtte(E=[(3, 0), (8, 1)])
ALL_TIED = make_adtte(E=[(7, 0), (7, 0)], C=[(7, 0), (7, 0)])
ONE_EACH = make_adtte(E=[(7, 0)], C=[(9, 1)])


def only(frame: pd.DataFrame):
    (row,) = frame.itertuples()
    return row


def test_restricted_mean_by_hand():
    # E up to day 5: 2 x 1 + 2 x 3/4 + 1 x 3/8; variance 1.875^2 / 12 + 0.375^2 / 2. C: 3 + 2 x 1/2; 1^2 / 2
    means = restricted_means(HAND, ["E", "C"])
    assert means["time"].tolist() == [5, 5]
    assert means["estimate"].tolist() == pytest.approx([3.875, 4])
    assert means["error"].tolist() == pytest.approx([math.sqrt(0.36328125), math.sqrt(0.5)])
    assert means[["n", "N"]].to_numpy().tolist() == [[2, 4], [1, 2]]
    found = restricted_mean_comparisons(means, PAIR).set_index("measure").loc["RMST difference"]
    assert found["estimate"] == pytest.approx(-0.125)
    assert found["conf_high"] == pytest.approx(-0.125 + Z * math.sqrt(0.86328125))
    assert found["statistic"] == pytest.approx(0.125**2 / 0.86328125)


def test_restricted_mean_limits_stay_between_0_and_tau():
    row = only(restricted_means(HAND, ["C"], tau=5.0))
    assert row.conf_high == 5 and row.conf_low == pytest.approx(4 - Z * math.sqrt(0.5))


@pytest.mark.parametrize("tau", [5.1, 0.0, -7.0])
def test_tau_beyond_the_follow_up_is_refused(tau):
    assert last_common_day(HAND, ["E", "C"]) == 5
    with pytest.raises(StudyDataError, match=r"choose a week above 0 and up to 0\.7\."):
        restricted_means(HAND, ["E", "C"], tau=tau)


@pytest.mark.parametrize(
    ("adtte", "estimates", "words"),
    [
        (ALL_CENSORED, [8, 8], "Greenwood's variance of E is 0"),
        (EMPTY_ARM, [5.5, np.nan], "Nobody in C."),
        (ALL_TIED, [7, 7], "Greenwood's variance of E is 0"),
        (make_adtte(), [np.nan, np.nan], "Nobody in E. Nobody in C."),
    ],
)
def test_restricted_mean_without_interval(adtte, estimates, words):
    means = restricted_means(adtte, ["E", "C"])
    assert means["estimate"].tolist() == pytest.approx(estimates, nan_ok=True)
    found = restricted_mean_comparisons(means, PAIR)
    assert found["note"].str.startswith(words).all()
    assert found[["conf_low", "conf_high", "p_value", "statistic"]].isna().all(axis=None)


def test_landmark_by_hand():
    row = only(landmark_differences(HAND, PAIR, [4]))
    variance = 0.375**2 * 7 / 12 + 0.25 * 0.5
    assert row.estimate == pytest.approx(-0.125)
    assert row.conf_low == pytest.approx(-0.125 - Z * math.sqrt(variance))
    assert (row.n_risk, row.time, row.note) == (2 + 1, 4, "")
    test = only(landmark_tests(HAND, PAIR, [4]))
    log_e, log_c = math.log(0.375), math.log(0.5)
    expected = (math.log(-log_e) - math.log(-log_c)) ** 2 / (7 / 12 / log_e**2 + 0.5 / log_c**2)
    assert test.statistic == pytest.approx(expected)


@pytest.mark.parametrize(
    ("adtte", "day", "estimate", "words"),
    [
        (HAND, 5.5, np.nan, "C is not followed so long."),
        (HAND, 2, -0.25, "No event in C by then"),
        (ALL_CENSORED, 3, 0, "No event in E by then"),
        (EMPTY_ARM, 3, np.nan, "Nobody in C."),
        (ALL_TIED, 7, 0, "Everybody at risk in E had"),
        (ALL_TIED, 30, 0, "Everybody at risk in E had"),
    ],
)
def test_landmark_without_interval(adtte, day, estimate, words):
    row = only(landmark_differences(adtte, PAIR, [day]))
    assert row.estimate == pytest.approx(estimate, nan_ok=True)
    assert np.isnan([row.conf_low, row.conf_high, row.p_value]).all()
    assert row.note.startswith(words)
    test = only(landmark_tests(adtte, PAIR, [day]))
    assert np.isnan(test.p_value) and test.note == row.note


def test_medians_of_resamples_are_those_of_kaplan_meier():
    rng = np.random.default_rng(5)
    time, event = np.array([2, 3, 3, 4, 7, 7, 9, 9.0]), np.array([1, 0, 1, 1, 0, 1, 0, 1])
    draws = rng.integers(0, 8, size=(200, 8))
    for median, draw in zip(resampled_medians(time, event, draws), draws, strict=True):
        adtte = make_adtte(E=list(zip(time[draw], 1 - event[draw], strict=True)))
        expected = only(median_survival(kaplan_meier(adtte, ["E"]))).estimate
        assert median == (expected if not math.isnan(expected) else math.inf)


def test_bootstrap_of_three_participants_against_all_27_resamples():
    # the median of three without censoring is the middle one: day 1 when at least two of three draws are day 1
    medians = bootstrap_medians([1, 2, 3], [1, 1, 1], 10_000, np.random.default_rng(1))
    for day, count in ((1, 7), (2, 13), (3, 7)):
        share = count / 27
        assert (medians == day).mean() == pytest.approx(
            share, abs=4 * math.sqrt(share * (1 - share) / 10_000)
        )


def test_a_large_arm_is_resampled_in_parts():
    medians = bootstrap_medians(np.arange(3000), np.ones(3000), 1000, np.random.default_rng(1))
    assert len(medians) == 1000 and 1400 < medians.min() < medians.max() < 1600


def test_median_difference_by_hand():
    # S of E is 1/2 at its 2nd event of 4, also by rounding; of C 1/3 at its 2nd of 3
    adtte = make_adtte(E=[(10, 0), (20, 0), (30, 0), (40, 0)], C=[(5, 0), (8, 0), (9, 0)])
    row = only(median_differences(adtte, PAIR))
    assert (row.estimate, row.n, row.N, row.note) == (12, 7, 7, "")
    assert row.conf_low <= 12 <= row.conf_high
    assert row.conf_low == 10 - 9 or row.conf_low == 10 - 8  # the first of E and the last of C, or nearly
    pd.testing.assert_frame_equal(median_differences(adtte, PAIR), median_differences(adtte, PAIR))


@pytest.mark.parametrize(
    ("adtte", "words"),
    [
        (ALL_CENSORED, "Median not reached in E and C."),
        (ONE_EACH, "Median not reached in C."),
        (EMPTY_ARM, "Nobody in C."),
        (make_adtte(), "Nobody in E and C."),
    ],
)
def test_no_median_difference_has_its_reason(adtte, words):
    row = only(median_differences(adtte, PAIR))
    assert np.isnan([row.estimate, row.conf_low, row.conf_high]).all()
    assert row.note == words


def test_a_median_not_reached_in_many_resamples_leaves_a_limit_open():
    adtte = make_adtte(E=[(10, 0), (20, 0), (30, 1), (40, 1)], C=[(5, 0), (8, 0), (9, 0)])
    row = only(median_differences(adtte, PAIR))
    assert row.estimate == 12 and np.isfinite(row.conf_low) and np.isnan(row.conf_high)
    assert row.note.startswith("Median not reached in the resamples: ") and "0% of C" in row.note


def test_percentile_limits_take_what_is_unknown_as_the_worst():
    known = np.arange(1.0, 101)
    assert percentile_limits(known, np.zeros(100)) == (3, 98)
    first, second = np.where(known > 98, np.inf, known), np.zeros(100)
    assert percentile_limits(first, second) == (3, 98)
    assert percentile_limits(np.where(known > 97, np.inf, known), second) == (3, np.inf)
    second = np.where(known > 97, np.inf, 0.0)  # neither is reached in three resamples
    assert percentile_limits(np.where(known > 97, np.inf, known), second) == (-np.inf, np.inf)


def test_stratified_log_rank_of_one_stratum_is_the_log_rank():
    (stratified,), (whole,) = (
        frame.itertuples()
        for frame in (stratified_log_rank(HAND, ["E", "C"], ["all"] * 6), log_rank(HAND, ["E", "C"]))
    )
    assert stratified.statistic == pytest.approx(whole.statistic) and stratified.df == 1
    assert (stratified.n, stratified.N, stratified.strata, stratified.strata_used) == (3, 6, 1, 1)


def test_a_stratum_with_one_arm_says_nothing():
    strata = ["a", "a", "a", "b", "a", "a"]
    kept = stratified_log_rank(HAND.drop(index=3), ["E", "C"], strata[:3] + strata[4:])
    with_it = only(stratified_log_rank(HAND, ["E", "C"], strata))
    assert with_it.statistic == pytest.approx(only(kept).statistic)
    assert (with_it.strata, with_it.strata_used) == (2, 1)


@pytest.mark.parametrize("adtte", [ALL_CENSORED, EMPTY_ARM, ALL_TIED, make_adtte()])
def test_no_stratified_log_rank_has_its_reason(adtte):
    row = only(stratified_log_rank(adtte, ["E", "C"], ["s"] * len(adtte)))
    assert np.isnan(row.statistic) and np.isnan(row.p_value) and row.note


@pytest.mark.parametrize(
    ("adtte", "words"),
    [
        (ALL_CENSORED, "No event"),
        (EMPTY_ARM, "Nobody in C"),
        (ALL_TIED, "Events on one day only"),
        (make_adtte(E=[(2, 0), (4, 0)], C=[(6, 1), (7, 1)]), "No finite estimate"),
    ],
)
def test_no_test_of_proportional_hazards_has_its_reason(adtte, words):
    row = only(proportional_hazards_test(adtte, PAIR))
    assert np.isnan(row.statistic) and np.isnan(row.p_value) and row.note.startswith(words)
    assert smoothed(schoenfeld_residuals(adtte, ("E", "C"))).empty


def test_hazards_that_cross_are_seen():
    # E loses early, C late: a ratio far above 1 turns into one far below
    early, late = [(day, 0) for day in range(1, 16)], [(day, 0) for day in range(30, 45)]
    adtte = make_adtte(E=early + [(60, 1)] * 15, C=late + [(60, 1)] * 15)
    row = only(proportional_hazards_test(adtte, PAIR))
    assert row.p_value < 0.001
    curve = smoothed(schoenfeld_residuals(adtte, ("E", "C")))
    assert len(curve) == 40 and curve["estimate"].iloc[0] > 1 > -1 > curve["estimate"].iloc[-1]


def make_competing(**arms: list[tuple[float, str]]) -> pd.DataFrame:
    rows = [(arm, day, cause) for arm, events in arms.items() for day, cause in events]
    return pd.DataFrame(rows, columns=["ARM", "CIFDY", "CIFEVENT"])


def test_gray_of_equal_arms_is_0():
    events = [(7, "response"), (7, "rescue"), (14, "response"), (21, "")]
    row = only(gray_tests(make_competing(E=events, C=events), ["E", "C"], ["response"]))
    assert row.statistic == pytest.approx(0, abs=1e-12) and row.p_value == pytest.approx(1)
    assert (row.n, row.N, row.df) == (4, 8, 1)


def test_an_arm_gone_before_the_first_event_costs_no_degree_of_freedom():
    events = {"E": [(7, "response"), (14, ""), (21, "response")], "C": [(9, "rescue"), (14, "response")]}
    gone = gray_tests(make_competing(**events, G=[(3, ""), (5, "")]), ["E", "C", "G"], ["response"])
    without = gray_tests(make_competing(**events), ["E", "C"], ["response"])
    assert only(gone).df == 1 and only(gone).statistic == pytest.approx(only(without).statistic)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (make_competing(E=[(3, ""), (4, "")], C=[(5, "")]), "Fewer than two arms"),
        (make_competing(E=[(3, "response")]), "Fewer than two arms"),
        (make_competing(E=[(3, "rescue"), (9, "")], C=[(5, "rescue")]), "No event of the cause response"),
        (make_competing(E=[(7, "response")] * 2, C=[(7, "response")] * 2), "Everybody at risk"),
        (make_competing(), "Fewer than two arms"),
    ],
)
def test_no_gray_test_has_its_reason(frame, words):
    row = only(gray_tests(frame, ["E", "C"], ["response"]))
    assert np.isnan(row.statistic) and np.isnan(row.p_value) and row.note.startswith(words)
