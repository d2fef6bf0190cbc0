"""Counts per stratum, what strata add to, and edge cases by name."""

import numpy as np
import pandas as pd
import pytest

from analysis.common_difference import (
    common_difference,
    sato,
    stratified_miettinen_nurminen,
    stratified_newcombe,
    stratified_score_test,
)
from analysis.mantel_haenszel import (
    breslow_day,
    cochran_mantel_haenszel,
    cochran_mantel_haenszel_corrected,
    odds_ratio,
    robins_breslow_greenland,
)
from analysis.proportions import miettinen_nurminen, newcombe, score_test
from analysis.proportions import odds_ratio as sample_odds_ratio
from analysis.stratified import (
    compared_strata,
    strata_counts,
    strata_from_counts,
    stratified_comparison,
    within_strata,
)

NAN, INF = float("nan"), float("inf")


def table(*rows):
    return strata_from_counts((f"s{k}", *row) for k, row in enumerate(rows))


def adrs(*rows):
    frame = pd.DataFrame(rows, columns=["USUBJID", "ARM", "AVAL", "DUEFL"])
    strata = pd.Series(["old", "young", "young", "old", "old", "old"], [f"S{i}" for i in range(6)])
    return frame, strata.astype(pd.CategoricalDtype(["young", "old"], ordered=True))


PEOPLE = (
    ("S0", "new", 1.0, "Y"),
    ("S1", "new", NAN, "Y"),
    ("S2", "std", 0.0, "Y"),
    ("S3", "std", 1.0, "N"),
    ("S4", "third", 1.0, "Y"),
    ("S5", "std", NAN, "Y"),
)


def test_counts_per_stratum_are_of_the_due_of_the_two_arms():
    found = strata_counts(*adrs(*PEOPLE), experimental="new", control="std")
    assert found.values.tolist() == [["young", 0, 1, 0, 1], ["old", 1, 1, 0, 1]]


def test_pending_and_missing_can_be_left_out():
    found = strata_counts(*adrs(*PEOPLE), experimental="new", control="std", missing="exclude")
    assert found.values.tolist() == [["young", 0, 0, 0, 1], ["old", 1, 1, 0, 0]]
    with pytest.raises(ValueError, match="missing is 'worst'"):
        strata_counts(*adrs(*PEOPLE), experimental="new", control="std", missing="worst")


def test_nobody_due_makes_no_stratum():
    frame, strata = adrs(*PEOPLE)
    found = strata_counts(frame.assign(DUEFL="N"), strata, experimental="new", control="std")
    assert found.empty and list(found) == ["stratum", "x1", "n1", "x0", "n0"]


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="s0: 5 responders of 4 participants is not possible"):
        table((5, 4, 0, 3))


def test_a_stratum_with_one_arm_is_named_and_left_out():
    counts = table((3, 5, 1, 4), (0, 0, 2, 3))
    alone = stratified_comparison(counts.iloc[:1])
    pd.testing.assert_frame_equal(stratified_comparison(counts), alone)
    own = within_strata(counts)
    assert list(own["note"]) == ["", "nobody in one arm: left out"]
    assert list(own["weight"]) == [1, 0]


def test_a_stratum_with_only_responders_weighs_in_the_difference_but_not_in_the_odds():
    counts = table((3, 5, 1, 4), (2, 2, 3, 3))
    assert within_strata(counts)["note"].iloc[1] == "everybody responds: no part in odds ratio and tests"
    assert odds_ratio(counts) == odds_ratio(counts.iloc[:1])
    assert cochran_mantel_haenszel(counts) == cochran_mantel_haenszel(counts.iloc[:1])
    # weights 5*4/9 and 2*3/5; differences 0.35 and 0
    assert common_difference(counts) == pytest.approx(0.35 * (20 / 9) / (20 / 9 + 6 / 5), rel=1e-12)


@pytest.mark.parametrize(
    "row", [(24, 30, 16, 30), (5, 9, 0, 7), (10, 10, 0, 20), (0, 12, 9, 9), (4, 4, 5, 6)]
)
def test_one_stratum_is_the_comparison_without_strata(row):
    counts = table(row)
    assert stratified_miettinen_nurminen(counts) == pytest.approx(miettinen_nurminen(*row), abs=1e-9)
    assert stratified_newcombe(counts) == pytest.approx(newcombe(*row), abs=1e-9)
    assert stratified_score_test(counts) == pytest.approx(score_test(*row), rel=1e-12)
    assert odds_ratio(counts) == pytest.approx(sample_odds_ratio(*row), rel=1e-12)
    assert np.isnan(breslow_day(counts)[2])


def test_one_against_one():
    """1/1 v 0/1 twice: each variance 1/4, CMH (2 * 1/2)^2 / (2 * 1/4) = 2."""
    counts = table((1, 1, 0, 1), (1, 1, 0, 1))
    assert cochran_mantel_haenszel(counts).statistic == pytest.approx(2)
    assert odds_ratio(counts) == INF and robins_breslow_greenland(counts) == (0, INF)
    low, high = stratified_miettinen_nurminen(counts)
    assert -1 < low < 1 and high == 1


def test_nobody_responds_anywhere():
    rows = stratified_comparison(table((0, 5, 0, 3), (0, 2, 0, 3))).set_index("method")
    score = rows.loc["stratified Miettinen-Nurminen"]
    assert (score["estimate"], score["p_value"]) == (0, 1) and score["conf_low"] < 0 < score["conf_high"]
    assert np.isnan(rows.loc["Cochran-Mantel-Haenszel", "p_value"])
    assert np.isnan(sato(table((0, 5, 0, 3)))).all()


def test_no_number_is_missing_without_its_reason():
    for rows in (
        [],
        [(3, 5, 0, 0)],
        [(0, 5, 0, 3)],
        [(5, 5, 4, 4)],
        [(5, 5, 0, 5)],
        [(1, 1, 0, 1), (0, 1, 1, 1)],
    ):
        found = stratified_comparison(table(*rows))
        test = found["measure"].isin(["test", "homogeneity"])
        gap = found["conf_low"].isna().where(~test, found["p_value"].isna())
        assert (found.loc[gap, "note"] != "").all(), rows


def test_continuity_correction_never_exceeds_the_difference():
    """10 of 20 v 10 of 21: responders exceed expectation by 0.24, less than 1/2."""
    assert cochran_mantel_haenszel_corrected(table((10, 20, 10, 21))) == (0, 1)
    assert cochran_mantel_haenszel_corrected(table((5, 10, 5, 10))) == (0, 1)


def test_the_score_test_is_the_cmh_test_and_agrees_with_its_interval():
    rng = np.random.default_rng(20260301)
    excluded = 0
    for _ in range(150):
        strata = rng.integers(1, 7)
        n1, n0 = rng.integers(1, 12, strata), rng.integers(1, 12, strata)
        p = rng.uniform(0, 1, 2)
        counts = table(*zip(rng.binomial(n1, p[0]), n1, rng.binomial(n0, p[1]), n0, strict=True))
        score = stratified_score_test(counts)
        cmh = cochran_mantel_haenszel(counts)
        assert np.isnan(cmh.p_value) or score == pytest.approx(cmh, rel=1e-9)
        low, high = stratified_miettinen_nurminen(counts)
        assert -1 <= low <= common_difference(counts) <= high <= 1
        assert (score.p_value < 0.05) == (not low <= 0 <= high)
        excluded += not low <= 0 <= high
    assert 20 < excluded < 130
    assert len(compared_strata(counts)) == len(counts)
