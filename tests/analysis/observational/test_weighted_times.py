"""Weighted Kaplan-Meier, Cox and medians: weights of 1, small cases by hand, resamples one by one."""

import math

import numpy as np
import pandas as pd
import pytest
from made import groups, subjects
from scipy.optimize import minimize_scalar

from analysis.cox import MONOTONE, NEVER_TOGETHER, fit_cox
from analysis.landmarks import ALL_BY_THEN, NOTHING_YET, UNKNOWN
from analysis.observational.propensity import fit_propensity
from analysis.observational.resamples import resample
from analysis.observational.weighted_cox import (
    NO_EVENT,
    log_hazard_ratios,
    robust_error,
    weighted_hazard_ratio,
)
from analysis.observational.weighted_medians import weighted_median, weighted_medians
from analysis.observational.weighted_survival import (
    TOO_FEW,
    Times,
    survival_at,
    times_in_order,
    weighted_curves,
    weighted_landmarks,
    weighted_means,
)
from analysis.restricted_mean import restricted_means
from analysis.survival import kaplan_meier

VISITS = np.array([7, 14, 28, 56, 84, 182])


def adtte(n: int = 80, seed: int = 3) -> pd.DataFrame:
    """Participants of `made` with a time on a visit day: most days are shared."""
    rng = np.random.default_rng(seed)
    frame = subjects(n, seed)
    slower = np.where(frame["ARM"] == "A", 2, 0)
    days = VISITS[np.minimum(rng.geometric(0.3, n) - 1 + slower, len(VISITS) - 1)]
    return frame.assign(AVAL=days.astype(float), CNSR=(rng.random(n) < 0.3).astype(int))


def made_times(**changes) -> tuple[pd.DataFrame, Times]:
    rows = adtte(**changes)
    return rows, times_in_order(rows.sample(frac=1, random_state=1), groups(rows))


def times_of(treated: list[tuple[float, int]], control: list[tuple[float, int]]) -> Times:
    """Days and events (1) of two arms; the covariates play no part."""
    rows = [*treated, *control]
    arm = ["A"] * len(treated) + ["B"] * len(control)
    frame = pd.DataFrame(
        {"USUBJID": [f"S-{i:02d}" for i in range(len(rows))], "ARM": arm, "AGE": np.arange(len(rows)) % 7.0}
    )
    frame = frame.assign(AVAL=[day for day, _ in rows], CNSR=[1 - event for _, event in rows])
    return times_in_order(frame, groups(frame, ("AGE",)))


def plain_survival(time, event, weights, day) -> float:
    """S on a day, participant by participant."""
    survival = 1.0
    for t in sorted({t for t, e in zip(time, event, strict=True) if e and t <= day}):
        at_risk = sum(w for u, w in zip(time, weights, strict=True) if u >= t)
        died = sum(w for u, e, w in zip(time, event, weights, strict=True) if u == t and e)
        survival *= 1 - died / at_risk
    followed = any(u >= day for u in time)
    return survival if followed or survival < 1e-12 else math.nan


def plain_log_ratio(time, event, arm, weights) -> float:
    """The maximum of Efron's weighted partial likelihood, written out."""

    def minus_likelihood(beta: float) -> float:
        risk = weights * np.exp(beta * arm)
        total = 0.0
        for day in np.unique(time[event]):
            dead = (time == day) & event
            d = dead.sum()
            below = [math.log(risk[time >= day].sum() - place / d * risk[dead].sum()) for place in range(d)]
            total += (weights[dead] * beta * arm[dead]).sum() - weights[dead].sum() / d * sum(below)
        return -total

    return minimize_scalar(minus_likelihood, bounds=(-8, 8), method="bounded", options={"xatol": 1e-9}).x


def test_weights_of_one_are_kaplan_meier():
    rows, times = made_times()
    ones = np.ones(len(rows))
    ours = weighted_curves(times, ones, np.ones((20, len(rows))))
    theirs = kaplan_meier(rows, ["A", "B"])
    columns = ["arm", "time", "n_risk", "n_event", "n_censor", "estimate"]
    pd.testing.assert_frame_equal(ours[columns], theirs[columns], check_exact=False, rtol=1e-12)


def test_a_curve_by_hand():
    """Weights 1, 2, 3, 4: 1 of 10 on day 1, 3 of 9 on day 2, where one is censored as well."""
    time, event, weights = np.array([1.0, 2, 2, 3]), np.array([True, False, True, False]), np.arange(1.0, 5)
    found = survival_at(time, event, weights, [0, 1, 1.5, 2, 3, 4])
    np.testing.assert_allclose(found, [1, 0.9, 0.9, 0.6, 0.6, np.nan])


def test_a_curve_that_has_come_to_0_stays_there():
    time, event = np.array([1.0, 2]), np.array([True, True])
    weights = np.array([[0.1, 0.7], [0.3, 0.0], [0.0, 0.0]])
    np.testing.assert_allclose(
        survival_at(time, event, weights, [1, 2, 9]), [[0.875, 0, 0], [0, 0, 0], [np.nan] * 3]
    )


def test_resamples_one_by_one():
    rows, times = made_times(n=60)
    score = fit_propensity(groups(rows))
    ten = resample(score.groups, resamples=10)
    weights = ten.weights("ATE")
    arm = score.groups.arm
    ratios = log_hazard_ratios(times.days, times.event, arm, weights, ten.counts)
    curves = survival_at(times.days[arm == 1], times.event[arm == 1], weights[:, arm == 1], [14, 84])
    for counts, own, ratio, curve in zip(ten.counts, weights, ratios, curves, strict=True):
        again = np.repeat(np.arange(len(rows)), counts)  # the participants drawn, one after the other
        time, event, in_arm = times.days[again], times.event[again], arm[again]
        each = (own / np.where(counts == 0, 1, counts))[again]
        assert ratio == pytest.approx(plain_log_ratio(time, event, in_arm, each), abs=1e-6)
        a = in_arm == 1
        expected = [plain_survival(time[a], event[a], each[a], day) for day in (14, 84)]
        assert curve == pytest.approx(expected, abs=1e-12, nan_ok=True)


def test_landmarks_say_why_a_number_is_missing():
    times = times_of(
        [(10, 1), (20, 1), (30, 1), (40, 0), (50, 0)], [(30, 0), (40, 1), (50, 1), (60, 1), (60, 1)]
    )
    n = len(times.days)
    found = weighted_landmarks(times, np.ones(n), np.ones((40, n)), [5, 25, 45, 55, 60])
    difference = found[found["measure"] == "landmark difference"].set_index("time")
    a, b = "A", "B"
    assert difference["note"].tolist() == [
        NOTHING_YET.format(arm=a),
        NOTHING_YET.format(arm=b),
        "",
        UNKNOWN.format(arm=a),
        UNKNOWN.format(arm=a),
    ]
    assert difference.loc[45, "estimate"] == pytest.approx(0.4 - 0.75)
    assert difference.loc[25, "estimate"] == pytest.approx(0.6 - 1) and np.isnan(
        difference.loc[25, "conf_low"]
    )
    control = found[found["arm"] == b].set_index("time")
    assert control.loc[60, "estimate"] == 0 and np.isnan(control.loc[60, "conf_low"])
    assert control.loc[45, "n_risk"] == 3


def test_everybody_in_one_arm_by_then():
    times = times_of([(10, 1)] * 5, [(10, 1), *[(40, 0)] * 4])
    found = weighted_landmarks(times, np.ones(10), np.ones((40, 10)), [20])
    assert found["note"].iloc[-1] == ALL_BY_THEN.format(arm="A") and found["estimate"].iloc[-1] == -0.8


def test_no_interval_where_many_resamples_have_no_answer():
    times = times_of([(10, 1), *[(40, 0)] * 5], [(10, 1), *[(20, 0)] * 4, (40, 0)])
    drawn = np.ones((100, 12))
    drawn[:5, -1] = 0  # the only one of control who is followed so long
    enough = weighted_landmarks(times, np.ones(12), drawn, [30])
    assert enough["conf_low"].notna().all() and (enough["note"] == "").all()
    drawn[:6, -1] = 0
    found = weighted_landmarks(times, np.ones(12), drawn, [30]).set_index("arm")
    assert found["conf_low"].isna().tolist() == [False, True, True]
    assert found["note"].tolist() == ["", TOO_FEW, TOO_FEW]
    assert found.loc["", "estimate"] == pytest.approx(0)


def test_restricted_means():
    rows, times = made_times()
    n = len(rows)
    found = weighted_means(times, np.ones(n), np.ones((20, n)), 84.0)
    theirs = restricted_means(rows, ["A", "B"], tau=84.0)["estimate"].to_numpy()
    np.testing.assert_allclose(found["estimate"], [*theirs, theirs[0] - theirs[1]], rtol=1e-12)
    times = times_of([(10, 1), (30, 0), (30, 0), (30, 0), (30, 0)], [(20, 0)] * 5)
    weights = np.array([4.0, 1, 1, 1, 1, 1, 1, 1, 1, 1])
    found = weighted_means(times, weights, np.tile(weights, (20, 1)), 20.0)
    assert found["estimate"].tolist() == pytest.approx([10 + 10 * 0.5, 20, -5])


def test_weights_of_one_are_cox():
    rows, times = made_times()
    n = len(rows)
    fit = fit_cox(times.days, times.event, times.groups.arm[:, None])
    found = weighted_hazard_ratio(times, np.ones(n), np.ones((20, n)), np.ones((20, n), int))
    assert math.log(found["estimate"]) == pytest.approx(fit.coefficients[0], abs=1e-9)
    assert (found["n"], found["N"]) == (fit.events, n)
    assert found["conf_low"] == pytest.approx(found["estimate"]) == pytest.approx(found["conf_high"])


def test_a_ratio_by_hand():
    """An event in 2 of 2 and 2, then one of control in 1 and 2: r/(r + 1) + r/(r + 2) = 1, so the square of r is 2."""
    time, event, arm = (
        np.array([1.0, 3, 2, 3]),
        np.array([True, False, True, False]),
        np.array([1.0, 1, 0, 0]),
    )
    ones = np.ones((1, 4))
    (beta,) = log_hazard_ratios(time, event, arm, ones, ones)
    assert beta == pytest.approx(math.log(math.sqrt(2)), abs=1e-9)


def test_a_common_factor_of_the_weights_changes_nothing():
    _, times = made_times()
    weights = np.exp(np.random.default_rng(1).normal(0, 3, len(times.days)))
    arm, ones = times.groups.arm, np.ones((2, len(times.days)))
    small, large = log_hazard_ratios(times.days, times.event, arm, np.stack([weights, 1e6 * weights]), ones)
    assert small == pytest.approx(large, abs=1e-9)
    errors = [robust_error(times.days, times.event, arm, w, small) for w in (weights, 1e6 * weights)]
    assert errors[0] == pytest.approx(errors[1], rel=1e-9) and errors[0] > 0


def test_a_ratio_of_ten_thousands_is_found():
    n = 4000
    time = np.r_[np.full(n, 1.0), 1.0, np.full(n, 2.0)]
    event = np.r_[np.ones(n + 1, bool), np.zeros(n, bool)]
    arm = np.r_[np.ones(n), 0, np.zeros(n)]
    ones = np.ones((1, len(time)))
    (beta,) = log_hazard_ratios(time, event, arm, ones, ones)
    assert beta == pytest.approx(fit_cox(time, event, arm[:, None]).coefficients[0], abs=1e-8) and beta > 8


@pytest.mark.parametrize(
    ("treated", "control", "estimate", "note"),
    [
        ([(10, 0)] * 5, [(20, 0)] * 5, np.nan, NO_EVENT),
        ([(10, 1)] * 5, [(20, 0)] * 5, np.inf, MONOTONE),
        ([(20, 0)] * 5, [(10, 1)] * 5, 0.0, MONOTONE),
        ([(10, 0)] * 5, [(20, 1)] * 5, np.nan, NEVER_TOGETHER),
    ],
)
def test_no_ratio(treated, control, estimate, note):
    times = times_of(treated, control)
    ones = np.ones((20, 10))
    found = weighted_hazard_ratio(times, ones[0], ones, ones.astype(int))
    assert found["estimate"] == pytest.approx(estimate, nan_ok=True) and found["note"] == note
    assert np.isnan([found[name] for name in ("conf_low", "conf_high", "error", "robust_low")]).all()


def test_an_arm_without_an_event_in_some_resamples_has_an_open_limit():
    times = times_of([(10, 1), (15, 1), *[(40, 0)] * 5], [(12, 1), *[(40, 0)] * 6])
    counts = np.ones((100, 14), int)
    counts[:4, 7] = 0  # without the event of control, in more than 2.5 % of the resamples
    found = weighted_hazard_ratio(times, np.ones(14), counts.astype(float), counts)
    assert found["conf_high"] == np.inf and 0 < found["conf_low"] < np.inf
    assert "the ratio is infinite" in found["note"]


def test_medians_by_hand():
    values = np.array([30.0, 10, 20, 40])
    weights = np.array([[1.0, 1, 1, 1], [1, 5, 1, 1], [0, 0, 0, 0], [6, 1, 1, 1], [0, 1, 0, 0.9]])
    np.testing.assert_array_equal(weighted_median(values, weights), [20, 10, np.nan, 30, 10])
    assert np.isnan(weighted_median(np.array([]), np.ones((3, 0)))).all()


def test_whole_weights_are_participants_counted_so_often():
    rng = np.random.default_rng(5)
    values, counts = rng.integers(1, 300, 41).astype(float), rng.integers(0, 4, (50, 41))
    slow = [np.quantile(np.repeat(values, row), 0.5, method="inverted_cdf") for row in counts]
    np.testing.assert_array_equal(weighted_median(values, counts.astype(float)), slow)
    np.testing.assert_array_equal(weighted_median(values, counts * 0.1), slow)


def test_medians_by_visit():
    frame = subjects(20, 2)
    both = groups(frame, ("AGE",))
    who = frame["USUBJID"].tolist()
    at_8 = [name for name in who if frame.set_index("USUBJID").loc[name, "ARM"] == "B"]
    later = pd.DataFrame(
        {"USUBJID": who, "AVISITN": 4.0, "AVAL": np.arange(20.0) + 1, "VISITFL": "Y", "BLFL": ""}
    )
    records = pd.concat([later, later[later["USUBJID"].isin(at_8)].assign(AVISITN=8.0)])
    found = weighted_medians(records, both, np.ones(20), np.ones((40, 20)), [0, 4, 8])
    assert len(found) == 9 and found["time"].tolist() == [0.0] * 3 + [4.0] * 3 + [8.0] * 3
    nobody, week_4, week_8 = (found[found["time"] == week].set_index("arm") for week in (0, 4, 8))
    assert (nobody["n"] == 0).all() and nobody["note"].str.startswith("Nobody in A").any()
    assert nobody["estimate"].isna().all()
    own = {arm: later["AVAL"][(frame["ARM"] == arm).to_numpy()].to_numpy() for arm in ("A", "B")}
    middle = {arm: np.quantile(values, 0.5, method="inverted_cdf") for arm, values in own.items()}
    assert week_4.loc["", "estimate"] == middle["A"] - middle["B"]
    assert week_4.loc["A", "effective"] == pytest.approx(len(own["A"]))
    assert np.isnan(week_8.loc["", "estimate"]) and week_8.loc["B", "estimate"] == middle["B"]


def test_no_median_of_a_few_participants():
    frame = subjects(20, 2)
    both = groups(frame, ("AGE",))
    weights = np.where(both.arm == 1, 1.0, 0.001)
    weights[np.flatnonzero(both.arm == 0)[0]] = 100
    records = pd.DataFrame(
        {"USUBJID": frame["USUBJID"], "AVISITN": 4.0, "AVAL": 9.0, "VISITFL": "Y", "BLFL": ""}
    )
    found = weighted_medians(records, both, weights, np.tile(weights, (40, 1)), [4]).set_index("arm")
    assert found["estimate"].isna().tolist() == [False, True, True]
    assert "effective sample size of 1.0, below 5" in found.loc["B", "note"] == found.loc["", "note"]


def test_resamples_of_the_same_participants_are_kept():
    frame = subjects(40)
    one, again = resample(groups(frame), resamples=30), resample(groups(frame.copy()), resamples=30)
    assert one.scores is again.scores and not one.scores.flags.writeable
    other = resample(groups(frame.assign(AGE=frame["AGE"] + frame["PRIOR"])), resamples=30)
    assert other.scores is not one.scores and not np.array_equal(other.scores, one.scores)
    swapped = frame.assign(ARM=frame["ARM"].map({"A": "B", "B": "A"}))
    assert not np.array_equal(resample(groups(swapped), resamples=30).scores, one.scores)
