"""Scores of quality of life: read by hand, and counted a second time from the rule over generated data."""

import math
import random
import statistics

import numpy as np
import pandas as pd
import pytest

from analysis.mmrm.repeated import KENWARD_ROGER
from analysis.quality import (
    TOO_MANY_VISITS,
    change_distribution,
    change_model,
    change_shares,
    questionnaires_in,
    score_means,
    score_medians,
    scores_of,
)
from analysis.rate_methods import WILSON
from trialdata.definition import Questionnaire, Visits
from trialdata.errors import StudyDataError

NAN = math.nan
VISITS = Visits(weeks=(0, 1, 4, 8, 12), last_window_days=14)
FATIGUE = Questionnaire("FACITF", "FACIT-Fatigue", (0, 52), "higher", 4)
PAIN = Questionnaire("PAIN", "Pain", (0, 10), "lower", 2)
COMPONENT = Questionnaire("SF36PCS", "SF-36", (0, 100), "higher", 5)


def adqs(*rows, paramcd: str = "FACITF", flags: bool = False) -> pd.DataFrame:
    """Rows of (USUBJID, ADY, AVAL) or with a fourth ABLFL; participants of arm a are named a..., others b."""
    frame = pd.DataFrame(
        [(row[0], row[0][0], paramcd, float(row[1]), float(row[2]), (*row, "")[3]) for row in rows],
        columns=["USUBJID", "ARM", "PARAMCD", "ADY", "AVAL", "ABLFL"],
    )
    return frame if flags else frame.drop(columns="ABLFL")


def by_visit(scores, usubjid: str) -> dict[float, float]:
    own = scores.visits[scores.visits["USUBJID"] == usubjid]
    return dict(zip(own["AVISITN"], own["AVAL"], strict=True))


def changed(scores, usubjid: str) -> dict[float, tuple[float, float]]:
    own = scores.changes[scores.changes["USUBJID"] == usubjid]
    return {week: (c, b) for week, c, b in zip(own["AVISITN"], own["CHG"], own["BETTER"], strict=True)}


def test_the_value_of_a_visit_is_the_nearest_to_its_target_day():
    """Week 4 is day 29, its window days 19 to 42; day 27 and day 31 are equally near: the later one."""
    scores = scores_of(adqs(("a1", 1, 30), ("a1", 27, 33), ("a1", 31, 36), ("a1", 42, 40)), FATIGUE, VISITS)
    assert by_visit(scores, "a1") == {0: 30, 4: 36}
    assert changed(scores, "a1") == {4: (6, 6)}


def test_windows_meet_midway_and_the_last_one_ends():
    """Targets 29 and 57 meet at 43; week 12 (day 85) ends with day 99."""
    rows = [("a1", 1, 30), ("a1", 42, 31), ("a1", 43, 32), ("a1", 99, 33), ("a2", 1, 30), ("a2", 100, 34)]
    scores = scores_of(adqs(*rows), FATIGUE, VISITS)
    assert by_visit(scores, "a1") == {0: 30, 4: 31, 8: 32, 12: 33}
    assert by_visit(scores, "a2") == {0: 30}


def test_baseline_is_the_last_value_on_or_before_day_1():
    scores = scores_of(adqs(("a1", -10, 20), ("a1", -2, 25), ("a1", 29, 31)), FATIGUE, VISITS)
    assert by_visit(scores, "a1") == {0: 25, 4: 31}
    assert changed(scores, "a1") == {4: (6, 6)}


def test_a_flagged_record_is_the_baseline():
    rows = [("a1", -10, 20, "Y"), ("a1", -2, 25, ""), ("a1", 29, 31, "")]
    assert changed(scores_of(adqs(*rows, flags=True), FATIGUE, VISITS), "a1") == {4: (11, 11)}


def test_a_value_out_of_range_is_nothing_but_counted():
    """The ends of the range are within it."""
    rows = [("a1", 1, 0), ("a1", 29, 52), ("a1", 57, 53), ("a2", 1, -1), ("a2", 29, 30), ("a2", 30, NAN)]
    scores = scores_of(adqs(*rows), FATIGUE, VISITS)
    assert by_visit(scores, "a1") == {0: 0, 4: 52}
    assert changed(scores, "a2") == {}
    assert scores.out_of_range["AVAL"].tolist() == [53, -1]


@pytest.mark.parametrize(("questionnaire", "worst"), [(FATIGUE, 3), (PAIN, 9)])
def test_of_several_on_a_day_the_worst_counts(questionnaire, worst):
    rows = adqs(("a1", 1, 5), ("a1", 29, 9), ("a1", 29, 3), ("a1", 29, 6), paramcd=questionnaire.paramcd)
    assert by_visit(scores_of(rows, questionnaire, VISITS), "a1")[4] == worst


def test_where_lower_is_better_a_fall_is_for_the_better():
    rows = adqs(("a1", 1, 7), ("a1", 29, 4), ("b1", 1, 3), ("b1", 29, 6), paramcd="PAIN")
    scores = scores_of(rows, PAIN, VISITS)
    assert changed(scores, "a1") == {4: (-3, 3)} and changed(scores, "b1") == {4: (3, -3)}
    shares = change_shares(scores, 2, ("a", "b"), [("a", "b")])
    rates = shares[shares["method"] == WILSON].set_index(["change", "arm"])["n"]
    assert rates.to_dict() == {
        ("better", "a"): 1,
        ("better", "b"): 0,
        ("worse", "a"): 0,
        ("worse", "b"): 1,
    }


def test_a_change_of_exactly_the_important_one_counts_though_binary_has_less():
    """35.3 - 30.3 is 4.999... in binary."""
    assert 35.3 - 30.3 < 5
    scores = scores_of(adqs(("a1", 1, 30.3), ("a1", 29, 35.3), paramcd="SF36PCS"), COMPONENT, VISITS)
    shares = change_shares(scores, 5, ("a",), [])
    assert shares.loc[shares["change"] == "better", "n"].tolist() == [1, 1]
    assert change_distribution(scores, 4, ("a",))["change"].tolist() == [5]


def test_only_the_visits_that_the_questionnaire_names():
    named = Questionnaire("FACITF", "F", (0, 52), "higher", 4, weeks=(4.0,))
    rows = adqs(("a1", 1, 30), ("a1", 8, 31), ("a1", 29, 32), ("a1", 57, 33))
    assert scores_of(rows, named, VISITS).weeks == (0, 4)
    assert scores_of(rows, FATIGUE, VISITS).weeks == (0, 1, 4, 8)


def test_shares_are_of_those_with_a_change_at_the_visit():
    """a1 better by 4, a2 worse by 5, a3 without a baseline, a4 without week 4."""
    rows = [("a1", 1, 30), ("a1", 29, 34), ("a2", 1, 30), ("a2", 29, 25), ("a3", 29, 40), ("a4", 1, 20)]
    shares = change_shares(scores_of(adqs(*rows), FATIGUE, VISITS), 4, ("a", "b"), [("a", "b")])
    rates = shares[shares["method"] == WILSON].set_index(["change", "arm"])[["n", "N"]]
    assert rates.loc[("better", "a")].tolist() == [1, 2] and rates.loc[("worse", "a")].tolist() == [1, 2]
    assert rates.loc[("better", "b")].tolist() == [0, 0]
    assert shares.loc[shares["measure"] == "difference", "estimate"].isna().all()


def test_which_questionnaires_have_a_score():
    rows = pd.concat([adqs(("a1", 1, 60)), adqs(("a1", 1, 5), paramcd="PAIN")])
    assert questionnaires_in(rows, (FATIGUE, PAIN, COMPONENT)) == [PAIN]
    assert questionnaires_in(rows[:0], (FATIGUE, PAIN)) == []


def test_no_row_at_all():
    scores = scores_of(adqs(("a1", 1, 60))[:0], FATIGUE, VISITS)
    assert scores.visits.empty and scores.weeks == () and scores.changes.empty
    assert change_shares(scores, 4, ("a",), []).empty
    assert change_distribution(scores, 4, ("a",)).empty


def trial(size: int, weeks: tuple[float, ...], seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(size):
        name, base = f"{'ab'[i % 2]}{i:02}", round(float(rng.normal(35, 4)))
        rows.append((name, 1, base))
        rows += [
            (name, 7 * week + 1, min(52, max(0, base + round(float(rng.normal(2, 3)))))) for week in weeks
        ]
    return adqs(*rows)


def test_two_arms_at_one_visit_without_missing_values_are_an_analysis_of_covariance():
    """The difference and its interval from the normal equations."""
    rows = trial(24, (4,))
    results = change_model(scores_of(rows, FATIGUE, VISITS), ("a", "b"), [("a", "b")]).results
    found = results[(results["method"] == KENWARD_ROGER) & (results["measure"] == "difference")].iloc[0]
    wide = rows.pivot(index="USUBJID", columns="ADY", values="AVAL")
    in_a = wide.index.str.startswith("a").astype(float)
    x = np.column_stack([np.ones(len(wide)), in_a, wide[1.0]])
    y = (wide[29.0] - wide[1.0]).to_numpy()
    beta, (rest,), *_ = np.linalg.lstsq(x, y, rcond=None)
    assert found["estimate"] == pytest.approx(beta[1])
    assert found["df"] == pytest.approx(21)
    se = math.sqrt(rest / 21 * np.linalg.inv(x.T @ x)[1, 1])
    assert found["conf_high"] - found["estimate"] == pytest.approx(2.079614 * se, rel=1e-6)  # t, 21 df


def test_at_most_eight_visits_are_modelled_those_with_the_most_changes():
    weeks = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
    rows = trial(60, weeks)
    few = rows["ADY"].isin([7 * 3 + 1, 7 * 6 + 1]) & rows["USUBJID"].isin(["a00", "b01"])
    grid = Visits(weeks=(0, *weeks), last_window_days=3)
    model = change_model(scores_of(rows[~few], FATIGUE, grid), ("a", "b"), [("a", "b")])
    assert model.weeks == (1, 2, 4, 5, 7, 8, 9, 10)
    assert model.left_out == {3: TOO_MANY_VISITS, 6: TOO_MANY_VISITS}


def test_a_stray_early_visit_does_not_displace_a_full_one():
    """Ten came a week early and stand at week 1 alone: week 4 has the others, and stays."""
    rows = trial(40, (4, 12))
    early = (rows["ADY"] == 29) & (rows["USUBJID"].str[1:].astype(int) < 12)
    model = change_model(
        scores_of(rows.assign(ADY=rows["ADY"].mask(early, 8)), FATIGUE, VISITS), ("a", "b"), []
    )
    assert model.weeks == (4, 12)
    assert model.left_out == {1: "fewer than 5 counted both there and at week 4"}


def test_too_few_scores_are_said_in_a_sentence():
    with pytest.raises(
        StudyDataError, match=r"No visit has the values that a model needs: week 4 \(fewer than 10"
    ):
        change_model(scores_of(trial(6, (4,)), FATIGUE, VISITS), ("a", "b"), [("a", "b")])


# a second count, in plain Python, from docs/reference/safety.md section 7 -----------------------------------------


def slow_visit(day: int, weeks: list[int], last: int) -> int | None:
    """The week whose target 7w + 1 is nearest, midway the later one; None on or before day 1 and after the last."""
    if day <= 1 or day > 7 * weeks[-1] + 1 + last:
        return None
    return min(weeks, key=lambda week: (abs(day - (7 * week + 1)), -week))


def slow_scores(
    rows: list[dict], of: Questionnaire, weeks: list[int], last: int
) -> dict[str, dict[int, float]]:
    """By participant the score at baseline (0) and at each visit."""
    lowest, highest = of.range
    worse = min if of.better == "higher" else max
    found: dict[str, dict[int, float]] = {}
    for name in {row["USUBJID"] for row in rows}:
        days: dict[int, float] = {}
        flagged: dict[int, float] = {}
        for row in rows:
            value = row["AVAL"]
            if row["USUBJID"] != name or row["PARAMCD"] != of.paramcd or math.isnan(value):
                continue
            if not lowest <= value <= highest:
                continue
            days[row["ADY"]] = worse(value, days.get(row["ADY"], value))
            if row["ABLFL"] == "Y":
                flagged[row["ADY"]] = worse(value, flagged.get(row["ADY"], value))
        own: dict[int, float] = {}
        before = flagged or {day: value for day, value in days.items() if day <= 1}
        if before:
            own[0] = before[max(before)]
        for week in weeks:
            inside = [day for day in days if slow_visit(day, weeks, last) == week]
            if inside and (not of.weeks or week in of.weeks):
                own[week] = days[min(inside, key=lambda day: (abs(day - (7 * week + 1)), -day))]
        found[name] = own
    return found


def generated(dice: random.Random, of: Questionnaire) -> list[dict]:
    rows = []
    for i in range(dice.randint(1, 12)):
        name = f"{dice.choice('abc')}{i:02}"
        for _ in range(dice.randint(0, 9)):
            value = dice.choice(
                [NAN, -1, 0, of.range[1], of.range[1] + 1, *(dice.randint(2, 9) for _ in range(6))]
            )
            rows.append(
                {
                    "USUBJID": name,
                    "ARM": name[0],
                    "PARAMCD": dice.choice([of.paramcd] * 5 + ["WHOBLD"]),
                    "ADY": dice.choice([day for day in range(-9, 110) if day]),
                    "AVAL": float(value) + dice.choice([0, 0, 0.1, 0.3]),
                    "ABLFL": dice.choice(["", "", "", "", "Y"]),
                }
            )
    return rows


@pytest.mark.parametrize("seed", range(60))
def test_a_second_count_agrees(seed):
    dice = random.Random(seed)
    of = dice.choice([FATIGUE, PAIN, Questionnaire("FACITF", "F", (0, 52), "higher", 2, weeks=(4.0, 12.0))])
    rows = generated(dice, of)
    if not rows:
        return
    scores = scores_of(pd.DataFrame(rows), of, VISITS)
    expected = slow_scores(rows, of, [1, 4, 8, 12], 14)
    found = {(row.USUBJID, row.AVISITN): row.AVAL for row in scores.visits.itertuples()}
    assert found == {(name, week): v for name, own in expected.items() for week, v in own.items()}
    _second_count_of_changes(scores, expected, of)


def _second_count_of_changes(scores, expected, of) -> None:
    sign = 1 if of.better == "higher" else -1
    shares = change_shares(scores, of.important_change, tuple("abc"), [])
    weeks = sorted({week for own in expected.values() if 0 in own for week in own if week})
    for week in weeks:
        for arm in "abc":
            better = [
                round(sign * (own[week] - own[0]), 6)
                for name, own in expected.items()
                if name[0] == arm and 0 in own and week in own
            ]
            for way, n in (
                ("better", sum(change >= of.important_change for change in better)),
                ("worse", sum(change <= -of.important_change for change in better)),
            ):
                of_way = (shares["time"] == week) & (shares["change"] == way) & (shares["arm"] == arm)
                assert set(zip(shares[of_way]["n"], shares[of_way]["N"], strict=True)) == {(n, len(better))}
            steps = change_distribution(scores, week, (arm,))
            assert [(row.change, row.n, row.N) for row in steps.itertuples()] == [
                (change, sum(other >= change for other in better), len(better))
                for change in sorted(set(better))
            ]
    for row in score_means(scores, scores.weeks, tuple("abc")).itertuples():
        values = [own[row.time] for name, own in expected.items() if name[0] == row.arm and row.time in own]
        assert row.n == len(values)
        assert not values or row.estimate == pytest.approx(statistics.mean(values))
    for row in score_medians(scores, scores.weeks, tuple("abc")).itertuples():
        values = [own[row.time] for name, own in expected.items() if name[0] == row.arm and row.time in own]
        assert not values or row.estimate == pytest.approx(statistics.median(values))
