"""Estimating equations for reaching a threshold: odds by hand, and an answer where there are none."""

import math

import numpy as np
import pytest

from analysis.gee import AVERAGE, CORRECTED, NO_SPREAD, ROBUST, threshold_model
from trialdata.errors import StudyDataError


def visit(*arms: tuple[int, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counted, reached and arm at one visit: `visit((6, 10), (3, 10))` is 6 of 10 in a and 3 of 10 in b."""
    arm = np.array([name for name, (_, N) in zip("abc", arms, strict=False) for _ in range(N)], dtype=object)
    reached = np.array([i < n for n, N in arms for i in range(N)])[:, None]
    return np.ones_like(reached), reached, arm


def test_one_visit_has_the_odds_ratio_of_its_table():
    """6 of 10 v 3 of 10: (6/4)/(3/7) = 3.5; robust is Woolf's standard error in a saturated model."""
    found = threshold_model(*visit((6, 10), (3, 10)), [26], "ab", [("a", "b")], correlation="independence")
    (row,) = found.results[found.results["method"] == ROBUST.format("independence")].itertuples()
    error = math.sqrt(1 / 6 + 1 / 4 + 1 / 3 + 1 / 7)
    assert row.estimate == pytest.approx(3.5)
    assert row.conf_low == pytest.approx(3.5 * math.exp(-1.959964 * error), rel=1e-6)
    assert row.statistic == pytest.approx(math.log(3.5) / error)
    assert (row.n, row.N, row.label) == (9, 20, "week 26")


def test_the_correction_of_a_saturated_visit_is_known():
    """Mancl-DeRouen divides each residual by 1 - 1/N of its arm: the variances grow by (N/(N-1))^2."""
    found = threshold_model(*visit((6, 10), (3, 10)), [26], "ab", [("a", "b")], correlation="independence")
    rows = found.results.set_index("method")
    chosen = rows[rows["measure"] == "odds ratio"]["statistic"]
    ratio = chosen[ROBUST.format("independence")] / chosen[CORRECTED.format("independence")]
    assert ratio == pytest.approx(10 / 9)


def test_the_proportions_of_complete_data_are_those_counted():
    found = threshold_model(*visit((6, 10), (3, 10)), [26], "ab", [("a", "b")])
    shares = found.results[found.results["measure"] == "proportion"]
    assert shares["estimate"].to_list() == pytest.approx([0.6, 0.3])
    assert set(shares["method"]) == {CORRECTED.format("exchangeable")}


def test_a_visit_with_all_or_none_in_an_arm_is_left_out_and_named():
    parts = [
        visit((10, 10), (3, 10)),
        visit((6, 10), (0, 10)),
        visit((6, 10), (3, 10)),
        visit((6, 10), (4, 10)),
    ]
    counted, reached = (np.hstack([part[i] for part in parts]) for i in (0, 1))
    found = threshold_model(counted, reached, parts[0][2], [2, 4, 8, 12], "ab", [("a", "b")])
    assert found.weeks == (8, 12)
    assert found.left_out == {2: "everybody reached it in a", 4: "nobody reached it in b"}
    ratios = found.results[
        (found.results["measure"] == "odds ratio")
        & (found.results["method"] == CORRECTED.format("exchangeable"))
    ]
    each, average = ratios["estimate"].iloc[:2], ratios["estimate"].iloc[2]
    assert average == pytest.approx(math.sqrt(each.prod()))


def test_nobody_reaches_the_threshold():
    with pytest.raises(StudyDataError, match=r"week 26 \(nobody reached it in a, nobody reached it in b\)"):
        threshold_model(*visit((0, 10), (0, 10)), [26], "ab", [("a", "b")])


def test_an_arm_without_anybody_takes_no_part():
    found = threshold_model(*visit((6, 12)), [26], "ab", [("a", "b")])
    assert set(found.results["measure"]) == {"proportion"}


def test_few_counted_are_no_model():
    with pytest.raises(StudyDataError, match="fewer than 10 counted"):
        threshold_model(*visit((2, 4), (1, 4)), [26], "ab", [("a", "b")])
    with pytest.raises(ValueError, match="correlation is exchangeable or independence"):
        threshold_model(*visit((6, 10), (3, 10)), [26], "ab", [], correlation="autoregressive")


def one_of_three() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Everybody reaches it at exactly one of three visits: the strongest negative correlation there is."""
    reached = np.arange(30)[:, None] % 3 == np.arange(3)
    return np.ones_like(reached), reached, np.array(["a", "b"] * 15, dtype=object)


def test_a_working_correlation_without_a_solution_is_said():
    with pytest.raises(StudyDataError, match="exchangeable working correlation have no solution"):
        threshold_model(*one_of_three(), [4, 8, 12], "ab", [("a", "b")])


def test_the_other_working_correlation_may_fail_and_keeps_its_row_with_the_reason():
    found = threshold_model(
        *one_of_three(), [4, 8, 12], "ab", [("a", "b")], correlation="independence"
    ).results
    failed = found[found["method"].str.contains("exchangeable")]
    assert failed[["label", "n", "N"]].to_numpy().tolist() == [["week 12", 10, 30]]
    assert failed["estimate"].isna().all() and failed["note"].str.contains("no solution").all()
    assert not found.loc[found["method"].str.contains("independence"), "estimate"].isna().any()
    everybody_alike = found[(found["label"] == AVERAGE) & found["conf_low"].isna()]
    assert set(everybody_alike["note"]) == {NO_SPREAD} and len(everybody_alike) == 2
