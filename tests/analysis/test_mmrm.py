"""The mixed model for repeated measures: cases worked by hand, and an answer for data that cannot carry it."""

import math

import numpy as np
import pandas as pd
import pytest

from analysis.mmrm.inference import kenward_roger, kenward_roger_observed, satterthwaite
from analysis.mmrm.layout import repeated_measures
from analysis.mmrm.platelets import platelet_grid, platelet_model
from analysis.mmrm.reml import fit_reml
from analysis.mmrm.repeated import AVERAGE, CONSTRAINED, KENWARD_ROGER
from analysis.mmrm.visits import left_out_words, visits_to_model
from trialdata.errors import StudyDataError

METHODS = (kenward_roger, kenward_roger_observed, satterthwaite)
NAN = math.nan
WEEKS = (4.0, 8.0)


def arms(*sizes: int) -> np.ndarray:
    """Intercept and one column for each further arm."""
    number = np.repeat(np.arange(len(sizes)), sizes)
    return np.column_stack([np.ones(len(number)), *(number == i for i in range(1, len(sizes)))]).astype(float)


@pytest.mark.parametrize("method", METHODS)
def test_two_arms_of_two_at_one_visit_are_a_t_test(method):
    """Means 2 and 6, pooled variance (2 + 8) / 2 = 5, so SE = √5 with 2 degrees of freedom."""
    fit = fit_reml(repeated_measures(np.array([[1.0], [3.0], [4.0], [8.0]]), arms(2, 2)))
    found = method(fit, np.array([[0.0, 1.0]]))
    assert found.estimate[0] == pytest.approx(4)
    assert found.std_error[0] == pytest.approx(math.sqrt(5))
    assert found.df[0] == pytest.approx(2)
    assert found.p_value[0] == pytest.approx(0.2155, abs=5e-5)  # t = 1.789, 2 df


@pytest.mark.parametrize("method", METHODS)
def test_one_visit_with_a_baseline_is_an_analysis_of_covariance(method):
    """The least squares line and its standard error from the normal equations."""
    rng = np.random.default_rng(5)
    z = np.column_stack([arms(7, 6), rng.normal(size=13)])
    y = z @ [1.0, 0.5, 0.8] + rng.normal(size=13)
    found = method(fit_reml(repeated_measures(y[:, None], z)), np.eye(3))
    solved, (rest,), *_ = np.linalg.lstsq(z, y, rcond=None)
    assert found.estimate == pytest.approx(solved, rel=1e-9)
    assert found.std_error == pytest.approx(np.sqrt(rest / 10 * np.diag(np.linalg.inv(z.T @ z))), rel=1e-9)
    assert found.df == pytest.approx([10, 10, 10])


@pytest.mark.parametrize("method", METHODS)
def test_complete_data_have_the_plain_means_and_n_less_arms_degrees_of_freedom(method):
    rng = np.random.default_rng(6)
    y = rng.normal(size=(12, 3)) @ np.array([[1, 0.5, 0.2], [0, 1, 0.5], [0, 0, 1]])
    found = method(fit_reml(repeated_measures(y, arms(5, 7))), np.eye(6)[1::2])
    assert found.estimate == pytest.approx(y[5:].mean(axis=0) - y[:5].mean(axis=0))
    assert found.df == pytest.approx([10, 10, 10])


def test_participants_without_a_response_change_nothing():
    rng = np.random.default_rng(7)
    y = rng.normal(size=(14, 2))
    y[2, 1] = y[9, 0] = NAN
    more = np.vstack([y, [[NAN, NAN]]])
    z = arms(7, 7)
    few, many = fit_reml(repeated_measures(y, z)), fit_reml(repeated_measures(more, np.vstack([z, [1, 0]])))
    assert many.log_likelihood == few.log_likelihood
    assert len(few.layout.members) == 3


def test_visits_that_repeat_each_other_have_no_fit():
    """Two visits with the same values: their covariance is singular."""
    y = np.random.default_rng(8).normal(size=(20, 1)).repeat(2, axis=1)
    with pytest.raises(StudyDataError, match=r"covariance of the visits could not be estimated"):
        fit_reml(repeated_measures(y, arms(10, 10)))


def counted(*columns: list[float]) -> np.ndarray:
    return np.array(columns, dtype=float).T


def test_a_visit_without_the_counts_that_a_model_needs_is_left_out_and_named():
    arm = np.array(["a"] * 6 + ["b"] * 6, dtype=object)
    whole = [float(i) for i in range(12)]
    one_of_b = [*whole[:6], 3.0, *[NAN] * 5]
    nine = [*whole[:5], NAN, *whole[:4], NAN, NAN]
    alike = [7.0] * 12
    nobody = [NAN] * 12
    y = counted(whole, one_of_b, nine, alike, nobody, whole[::-1])
    kept, reasons = visits_to_model(y, arm, (1, 2, 4, 8, 12, 26), ("a", "b"), 3)
    assert kept == [0, 5]
    assert left_out_words(reasons) == (
        "week 2 (fewer than 2 counted in b), week 4 (fewer than 10 counted), week 8 (every value the same), "
        "week 12 (nobody counted)"
    )


def test_a_pair_of_visits_never_observed_together_is_not_modelled():
    arm = np.array(["a", "b"] * 12, dtype=object)
    values = [float(i % 7) for i in range(12)]
    y = counted([*values, *[NAN] * 12], [*[NAN] * 12, *values])
    kept, reasons = visits_to_model(y, arm, (4, 8), ("a", "b"), 3)
    assert kept == [0]
    assert reasons == {8: "fewer than 5 counted both there and at week 4"}


def test_more_visits_than_participants_can_carry_are_left_out():
    arm = np.array(["a", "b"] * 5, dtype=object)
    y = np.random.default_rng(9).normal(size=(10, 9))
    kept, reasons = visits_to_model(y, arm, range(1, 10), ("a", "b"), 3)
    assert kept == list(range(7))
    assert left_out_words(reasons) == "weeks 8, 9 (too few participants for one more visit)"


def make_records(rows: list[tuple[str, str, float, dict[float, float]]]) -> pd.DataFrame:
    """Platelet rows from (participant, arm, baseline, count by week)."""
    found = []
    for participant, arm, base, by_week in rows:
        common = {"USUBJID": participant, "ARM": arm, "BASE": base, "SHADOW": "", "CENSOR": ""}
        if not math.isnan(base):
            found.append(common | {"AVISITN": 0.0, "AVAL": base, "BLFL": "Y", "VISITFL": ""})
        found += [
            common | {"AVISITN": week, "AVAL": count, "BLFL": "", "VISITFL": "Y"}
            for week, count in by_week.items()
        ]
    return pd.DataFrame(found)


def trial(size: int = 24, *, base=None) -> list[tuple[str, str, float, dict[float, float]]]:
    """Two arms by turns; arm a counts about twice those of b."""
    rng = np.random.default_rng(10)
    rows = []
    for i in range(size):
        arm, start = "ab"[i % 2], 10 + 10 * rng.random() if base is None else base
        level = np.log(40 if arm == "a" else 20) + rng.normal(0, 0.3)
        counts = {week: float(np.exp(level + rng.normal(0, 0.3))) for week in WEEKS}
        rows.append((f"S-{i:02}", arm, start, counts))
    return rows


def modelled(rows, **options):
    return platelet_model(make_records(rows), WEEKS, ("a", "b"), [("a", "b")], **options)


def test_the_ratio_is_the_difference_of_the_logarithms():
    rows = modelled(trial()).results
    difference, ratio = (
        rows[(rows["measure"] == measure) & (rows["method"] == KENWARD_ROGER)].reset_index()
        for measure in ("difference", "ratio")
    )
    for column in ("estimate", "conf_low", "conf_high"):
        assert ratio[column].to_list() == pytest.approx(np.exp(difference[column]).to_list())
    assert ratio["p_value"].equals(difference["p_value"])
    assert ratio["label"].to_list() == ["week 4", "week 8", AVERAGE]
    average = difference["estimate"][2]
    assert average == pytest.approx(difference["estimate"][:2].mean())


def test_who_is_counted():
    rows = trial()
    del rows[0][3][8.0]
    rows.append(("S-90", "a", 12.0, {}))
    found = modelled(rows)
    means = found.results[found.results["measure"] == "geometric mean"]
    assert means[means["arm"] == "a"][["time", "n", "N"]].to_numpy().tolist() == [[4, 12, 12], [8, 11, 12]]
    assert "S-90" not in found.participants and len(found.participants) == 24


def test_a_baseline_that_is_missing_leaves_the_mixed_model_but_not_the_constrained_one():
    rows = [*trial(), ("S-91", "a", NAN, {4.0: 50.0, 8.0: 60.0})]
    found = modelled(rows)
    assert found.without_baseline == 1
    sizes = found.results[found.results["label"] == "week 8"].groupby("method")["N"].max()
    assert sizes[KENWARD_ROGER] == 24 and sizes[CONSTRAINED] == 25


def test_counts_below_one_enter_the_logarithm_as_one():
    grid, _ = platelet_grid(make_records([("S-1", "a", 0.5, {4.0: 0.2, 8.0: 20.0})]), WEEKS, response="log")
    assert grid.base[0] == 0 and grid.y[0].tolist() == [0, math.log(20)]
    grid, _ = platelet_grid(make_records([("S-1", "a", 5.0, {8.0: 20.0})]), WEEKS, response="change")
    assert math.isnan(grid.y[0, 0]) and grid.y[0, 1] == 15


def test_one_baseline_for_all_is_refused_by_name():
    with pytest.raises(StudyDataError, match=r"baseline \(BASE\) is the same for everybody .* week 4"):
        modelled(trial(base=15.0))


def test_too_few_participants_are_answered_in_words():
    with pytest.raises(StudyDataError, match=r"No visit has .*: weeks 4, 8 \(fewer than 10 counted\)"):
        modelled(trial(6))
    with pytest.raises(StudyDataError, match=r"fewer than 2 counted in a and b"):
        modelled(trial(2))


def test_an_empty_arm_leaves_the_means_of_the_other():
    found = modelled([row for row in trial(30) if row[1] == "a"]).results
    assert set(found["measure"]) == {"LS mean", "geometric mean"}
    assert set(found["arm"]) == {"a"}


def test_a_constrained_fit_that_fails_keeps_its_row_with_the_reason(monkeypatch):
    def only_two_visits(layout):
        if len(layout.kept) > len(WEEKS):
            raise StudyDataError("why not")
        return fit_reml(layout)

    monkeypatch.setattr("analysis.mmrm.repeated.fit_reml", only_two_visits)
    rows = modelled(trial()).results
    failed = rows[rows["method"] == CONSTRAINED]
    assert failed["estimate"].isna().all() and set(failed["note"]) == {"why not"}
    assert not rows.loc[rows["method"] != CONSTRAINED, "estimate"].isna().any()


def test_an_unknown_response_is_refused():
    with pytest.raises(ValueError, match="response is log or change"):
        modelled(trial(), response="square")
