"""Survival: hand-worked curves, a slow second variance, arms without participants, ties, speed of large data."""

import math
import time
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import CumIncidenceRight

from analysis.survival import (
    cumulative_incidence,
    kaplan_meier,
    landmark,
    log_rank,
    median_survival,
    reverse_kaplan_meier_followup,
)


def make_adtte(**arms: list[tuple[float, int]]) -> pd.DataFrame:
    """`make_adtte(a=[(5, 0)])`: one participant of arm a with an event (CNSR 0) on day 5."""
    rows = [(arm, day, cnsr) for arm, times in arms.items() for day, cnsr in times]
    return pd.DataFrame(rows, columns=["ARM", "AVAL", "CNSR"])


def make_competing(*rows: tuple[float, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["CIFDY", "CIFEVENT"]).assign(ARM="a")


COMPETING = st.lists(
    st.tuples(st.integers(1, 12), st.sampled_from(["", "response", "rescue", "death"])),
    min_size=1,
    max_size=40,
)


def test_kaplan_meier_by_hand():
    # at risk 4, 3, 1: S = 3/4, then 3/4 x 2/3 = 1/2, then 0; the participant censored on day 8 is at risk there
    curve = kaplan_meier(make_adtte(a=[(5, 0), (8, 0), (8, 1), (20, 0)]), ["a"])
    assert list(curve["time"]) == [0, 5, 8, 20]
    assert list(curve["n_risk"]) == [4, 4, 3, 1]
    assert list(curve["n_event"]) == [0, 1, 1, 1]
    assert list(curve["n_censor"]) == [0, 0, 1, 0]
    assert list(curve["estimate"]) == pytest.approx([1, 3 / 4, 1 / 2, 0])
    assert curve["conf_low"].isna().tolist() == [True, False, False, True]


def test_one_half_reached_in_rounded_arithmetic_counts_as_reached():
    # without censoring S after n of 2n events is a product of fractions that rounds to just above 0.5
    for n in range(1, 60):
        days = [(day, 0) for day in range(1, 2 * n + 1)]
        assert median_survival(kaplan_meier(make_adtte(a=days), ["a"])).loc[0, "estimate"] == n


def test_median_not_reached():
    (row,) = median_survival(kaplan_meier(make_adtte(a=[(5, 0), (8, 1), (9, 1)]), ["a"])).itertuples()
    assert (row.N, row.n) == (3, 1)
    assert math.isnan(row.estimate) and math.isnan(row.conf_high)


def test_an_arm_without_participants_keeps_its_row():
    curve = kaplan_meier(make_adtte(a=[(5, 0)]), ["a", "b"])
    empty = curve[curve["arm"] == "b"]
    assert (empty["time"].tolist(), empty["n_risk"].tolist()) == ([0], [0])
    assert empty["estimate"].isna().all()
    assert median_survival(curve).set_index("arm").loc["b", "N"] == 0
    assert landmark(curve, [84]).set_index("arm").loc["b", "n_risk"] == 0
    incidence = cumulative_incidence(make_competing((3, "response")), ["a", "b"], ["response"])
    assert incidence.loc[incidence["arm"] == "b", "estimate"].isna().all()


def test_landmark_before_between_and_after_the_events():
    curve = kaplan_meier(make_adtte(a=[(5, 0), (8, 0), (12, 1), (20, 1)]), ["a"])
    at = landmark(curve, [0, 4, 5, 10, 20, 21]).set_index("time")
    assert at["estimate"].tolist()[:5] == pytest.approx([1, 1, 0.75, 0.5, 0.5])
    assert at["n_risk"].tolist() == [4, 4, 4, 2, 1, 0]
    assert math.isnan(
        at.loc[21, "estimate"]
    )  # nobody was followed that long and somebody could still have had it


def test_landmark_after_the_last_event_is_known_when_nobody_was_censored():
    curve = kaplan_meier(make_adtte(a=[(5, 0), (8, 0)]), ["a"])
    assert landmark(curve, [30])["estimate"].tolist() == [0]
    incidence = cumulative_incidence(make_competing((5, "response"), (8, "rescue")), ["a"], ["response"])
    assert landmark(incidence, [30])["estimate"].tolist() == [0.5]


def test_cumulative_incidence_by_hand_with_tied_causes():
    # at risk 6 on day 7: two responses and a rescue together; 3 left, one censored on day 8; 2 on day 14
    frame = make_competing(
        (7, "response"), (7, "response"), (7, "rescue"), (8, ""), (14, "response"), (14, "")
    )
    curves = cumulative_incidence(frame, ["a"], ["response", "rescue"])
    response = curves[curves["cause"] == "response"]
    rescue = curves[curves["cause"] == "rescue"]
    assert list(response["estimate"]) == pytest.approx([0, 1 / 3, 1 / 3, 1 / 3 + 1 / 2 * 1 / 2])
    assert list(rescue["estimate"]) == pytest.approx([0, 1 / 6, 1 / 6, 1 / 6])


def test_cause_that_is_not_asked_for_still_competes():
    frame = make_competing((7, "death"), (9, "response"), (9, ""))
    alone = cumulative_incidence(frame, ["a"], ["response"])
    assert alone["estimate"].iloc[-1] == pytest.approx(2 / 3 * 1 / 2)


@settings(max_examples=60, deadline=None)
@given(COMPETING)
def test_causes_and_survival_add_up_to_one(rows):
    frame = make_competing(*rows)
    curves = cumulative_incidence(frame, ["a"], ["response", "rescue", "death"])
    everything = kaplan_meier(
        frame.assign(AVAL=frame["CIFDY"], CNSR=(frame["CIFEVENT"] == "").astype(int)), ["a"]
    )
    total = curves.groupby("time")["estimate"].sum()
    assert total.tolist() == pytest.approx((1 - everything["estimate"]).tolist(), abs=1e-12)


@pytest.mark.filterwarnings("ignore::RuntimeWarning:statsmodels")  # its variance when nobody is left at risk
@settings(max_examples=60, deadline=None)
@given(COMPETING)
def test_cumulative_incidence_agrees_with_statsmodels(rows):
    causes = ["response", "rescue", "death"]
    code = [causes.index(event) + 1 if event else 0 for _, event in rows]
    curves = cumulative_incidence(make_competing(*rows), ["a"], causes)
    theirs = CumIncidenceRight(np.array([day for day, _ in rows], dtype=float), np.array(code))
    for number, incidence in enumerate(theirs.cinc):
        own = curves[curves["cause"] == causes[number]].set_index("time")["estimate"]
        assert own[theirs.times].tolist() == pytest.approx(list(incidence), abs=1e-12)


def slow_variance(frame: pd.DataFrame, cause: str, day: float) -> float:
    """Marubini and Valsecchi's sum, term by term over the days up to `day`."""
    rows = list(zip(frame["CIFDY"], frame["CIFEVENT"], strict=True))
    survival, incidence, terms = 1.0, 0.0, []
    for when in sorted({then for then, _ in rows if then <= day}):
        n = sum(then >= when for then, _ in rows)
        events = sum(then == when and event != "" for then, event in rows)
        own = sum(then == when and event == cause for then, event in rows)
        incidence += survival * own / n
        terms.append((n, events, own, survival, incidence))
        survival *= 1 - events / n
    variance = 0.0
    for n, events, own, before, so_far in terms:
        rest = incidence - so_far
        if n > events:
            variance += rest**2 * events / (n * (n - events))
        variance += before**2 * own * (n - own) / n**3
        variance -= 2 * rest * before * own / n**2
    return variance


@settings(max_examples=60, deadline=None)
@given(COMPETING)
def test_limits_of_the_cumulative_incidence_from_the_slow_variance(rows):
    frame = make_competing(*rows)
    curve = cumulative_incidence(frame, ["a"], ["response", "rescue"])
    for row in curve[(curve["estimate"] > 0) & (curve["estimate"] < 1 - 1e-9)].itertuples():
        error = math.sqrt(max(slow_variance(frame, row.cause, row.time), 0))
        width = 1.959963984540054 * error / (-row.estimate * math.log(row.estimate))
        assert row.conf_low == pytest.approx(row.estimate ** math.exp(width), abs=1e-6)
        assert row.conf_high == pytest.approx(row.estimate ** math.exp(-width), abs=1e-6)


def test_one_cause_has_greenwoods_variance():
    # with no competing event the incidence is 1 - S and its standard error Greenwood's: 5, 8 of 4 at risk:
    # S(8) = 1/2, sum = 1/(4x3) + 1/(3x2) = 1/4, se = 1/2 x 1/2 = 1/4
    frame = make_competing((5, "response"), (8, "response"), (12, ""), (20, ""))
    at = landmark(cumulative_incidence(frame, ["a"], ["response"]), [8]).iloc[0]
    width = 1.959963984540054 * 0.25 / (0.5 * math.log(2))
    assert at["conf_low"] == pytest.approx(0.5 ** math.exp(width), rel=1e-9)


@pytest.mark.parametrize(
    "arms",
    [
        {"a": [(5, 1)], "b": [(8, 1)]},  # no event
        {"a": [(5, 0), (8, 0)], "b": []},  # one arm alone
        {"a": [], "b": []},
        {"a": [(5, 0)], "b": [(2, 1)]},  # b was gone before the only event
        {"a": [(5, 0)], "b": [(5, 0)]},  # nobody was left to tell the arms apart
    ],
)
def test_log_rank_without_information_is_not_estimable(arms):
    (row,) = log_rank(make_adtte(**arms), list(arms)).itertuples()
    assert math.isnan(row.statistic) and math.isnan(row.p_value) and math.isnan(row.df)


def slow_log_rank(rows: list[tuple[str, int, int]]) -> Fraction | None:
    """Mantel's chi-square of arms a and b, event day after event day in exact arithmetic; None without variance."""
    excess, variance = Fraction(0), Fraction(0)
    for day in sorted({day for _, day, cnsr in rows if not cnsr}):
        n = sum(then >= day for _, then, _ in rows)
        n_a = sum(then >= day and arm == "a" for arm, then, _ in rows)
        d = sum(then == day and not cnsr for _, then, cnsr in rows)
        d_a = sum(then == day and not cnsr and arm == "a" for arm, then, cnsr in rows)
        excess += d_a - Fraction(n_a * d, n)
        if n > 1:
            variance += Fraction(d * n_a * (n - n_a) * (n - d), n * n * (n - 1))
    return excess**2 / variance if variance else None


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 10), st.integers(0, 1)), min_size=1, max_size=40)
)
def test_log_rank_of_two_arms_in_exact_arithmetic(rows):
    (row,) = log_rank(pd.DataFrame(rows, columns=["ARM", "AVAL", "CNSR"]), ["a", "b"]).itertuples()
    expected = slow_log_rank(rows)
    if expected is None:
        assert math.isnan(row.statistic) and math.isnan(row.p_value)
    else:
        assert row.statistic == pytest.approx(float(expected), rel=1e-9, abs=1e-12)
        # on 1 degree of freedom the chance of more is that of a normal deviate beyond +-sqrt(statistic)
        assert row.p_value == pytest.approx(math.erfc(math.sqrt(expected / 2)), rel=1e-9)


def test_a_small_log_rank_p_is_not_lost():
    # 60 v 60 whose events do not overlap at all: the p-value is below what 1 minus a probability can hold
    adtte = make_adtte(a=[(day, 0) for day in range(1, 61)], b=[(day, 0) for day in range(101, 161)])
    (row,) = log_rank(adtte, ["a", "b"]).itertuples()
    assert row.p_value == pytest.approx(math.erfc(math.sqrt(row.statistic / 2)), rel=1e-9)
    assert 0 < row.p_value < 1e-16


def test_follow_up_ends_are_events_and_deaths_are_censored():
    adsl = pd.DataFrame(
        {
            "ARM": ["a", "a", "a", "b", "b"],
            "FUDY": [100, 40, 200, 50, np.nan],
            "STATUS": ["on study", "died", "completed", "withdrawn", "on study"],
        }
    )
    rows = reverse_kaplan_meier_followup(adsl, ["a", "b"]).set_index("arm")
    # a: 40 is censored, then 100 of two at risk: S = 1/2; b: day 50; all: 50 (3/4 after 40, of 3 left), 100: 3/8
    assert rows["estimate"].to_dict() == {"a": 100, "b": 50, "All": 100}
    assert rows["N"].to_dict() == {"a": 3, "b": 1, "All": 4}


def test_follow_up_of_the_pooled_view_has_one_row():
    adsl = pd.DataFrame({"ARM": ["All"], "FUDY": [30.0], "STATUS": ["on study"]})
    assert list(reverse_kaplan_meier_followup(adsl, ["All"])["arm"]) == ["All"]


def test_a_hundred_thousand_participants_take_a_fraction_of_a_second():
    random, n = np.random.default_rng(5), 100_000
    adtte = pd.DataFrame(
        {
            "ARM": random.choice(["a", "b"], n),
            "AVAL": random.integers(1, 400, n),
            "CNSR": random.integers(0, 2, n),
        }
    )
    start = time.process_time()
    curve = kaplan_meier(adtte, ["a", "b"])
    spent = time.process_time() - start
    assert curve.groupby("arm")["n_event"].sum().sum() == (adtte["CNSR"] == 0).sum()
    assert spent < 1  # about 0.03 s; the margin is for a busy machine
