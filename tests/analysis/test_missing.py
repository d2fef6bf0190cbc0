"""Strategies for missing answers, imputation and the tipping-point grid for a handful of participants."""

import math

import numpy as np
import pandas as pd
import pytest

from analysis import imputation
from analysis.adam import derive
from analysis.imputation import Imputed, impute_responses
from analysis.last_observed import last_observed_response
from analysis.missing import arm_counts, due_answers, strategy_counts, strategy_results
from analysis.tipping import boundary, drawn_values, tipping_grid
from tests.analysis.patients import endpoint, study

ARMS = ("A", "B")
VALUE = {"CR": 1.0, "R": 1.0, "NR": 0.0, "PENDING": np.nan, "MISSING": np.nan}


def answers(**by_arm: str) -> pd.DataFrame:
    """`answers(A="CR NR MISSING")`: one participant due per word, named A1, A2, ..."""
    rows = [
        (f"{arm}{i}", arm, word, VALUE[word], "Y")
        for arm, words in by_arm.items()
        for i, word in enumerate(words.split(), 1)
    ]
    return pd.DataFrame(rows, columns=["USUBJID", "ARM", "AVALC", "AVAL", "DUEFL"])


def counts_of(due: pd.DataFrame, carried: dict[str, int] | None = None, control: str | None = "B") -> dict:
    counts = strategy_counts(due, ARMS, control=control, carried=pd.Series(carried or {}, dtype=float))
    return {
        strategy: tuple((row.n, row.N) for row in part.itertuples())
        for strategy, part in counts.groupby("strategy", sort=False)
    }


MIXED = answers(A="CR R NR MISSING MISSING PENDING", B="R NR NR MISSING PENDING PENDING")


def test_only_the_missing_are_replaced():
    assert counts_of(due_answers(MIXED, "missing"), {"A4": 1, "A5": 0, "B5": 1}) == {
        "nonresponse": ((2, 6), (1, 6)),
        "available": ((2, 4), (1, 5)),
        "best": ((4, 6), (1, 6)),
        "worst": ((2, 6), (2, 6)),
        "all": ((4, 6), (2, 6)),
        "carried": ((3, 6), (1, 6)),  # B5 is pending and stays no response
    }


def test_pending_and_missing_are_replaced():
    assert counts_of(due_answers(MIXED, "pending and missing"), {"A4": 1, "B5": 1, "B1": 1}) == {
        "nonresponse": ((2, 6), (1, 6)),
        "available": ((2, 3), (1, 3)),
        "best": ((5, 6), (1, 6)),
        "worst": ((2, 6), (4, 6)),
        "all": ((5, 6), (4, 6)),
        "carried": ((3, 6), (2, 6)),
    }


def test_not_due_is_not_counted_and_an_unknown_choice_is_refused():
    frame = MIXED.assign(DUEFL=["N", *["Y"] * 11])
    assert arm_counts(due_answers(frame, "missing"), ARMS).loc["A"].tolist() == [1, 5, 2]
    with pytest.raises(ValueError, match="expected one of \\('missing', 'pending and missing'\\)"):
        due_answers(MIXED, "pending")


def test_without_a_control_best_is_all_and_worst_is_none():
    counts = counts_of(due_answers(answers(A="R MISSING", B=""), "missing"), control=None)
    assert counts["best"][0] == counts["all"][0] == (2, 2)
    assert counts["worst"][0] == (1, 2)


def results(frame: pd.DataFrame, which: str = "missing") -> pd.DataFrame:
    due = due_answers(frame, which)
    imputed = impute_responses(due, pd.DataFrame(index=due["USUBJID"]), ARMS)
    return strategy_results(due, ARMS, [("A", "B")], carried=pd.Series(dtype=float), imputed=imputed)


def differences(found: pd.DataFrame) -> pd.DataFrame:
    return found[found["measure"] == "difference"].set_index("strategy")


def test_an_empty_arm_has_rows_and_reasons():
    found = results(answers(A="CR NR MISSING", B=""))
    compared = differences(found)
    assert compared["estimate"].isna().all()
    assert (compared["note"] == "nobody due in an arm").sum() == len(compared) - 1
    assert compared.loc["available", "note"] == "nobody has an answer in an arm"
    assert found["method"].ne("").all()


def test_everybody_missing_in_an_arm():
    found = results(answers(A="MISSING MISSING", B="R NR")).pipe(differences)
    assert found.loc["available", "note"] == "nobody has an answer in an arm"
    assert found.loc["imputed", "note"] == imputation.NONE_ANSWERED
    assert found.loc["best", "estimate"] == 0.5


def test_nothing_missing_leaves_every_strategy_alike():
    found = results(answers(A="R R NR NR", B="R NR NR NR"))
    estimates = found.loc[found["measure"] == "difference", "estimate"]
    assert len(estimates) == 7
    np.testing.assert_allclose(estimates, 0.25)
    assert found.loc[found["strategy"] == "imputed", "note"].eq("").all()


def test_all_and_nobody_respond():
    everybody = results(answers(A="R R R MISSING", B="NR NR NR")).pipe(differences)
    assert everybody.loc["best", "estimate"] == 1
    none = results(answers(A="NR NR", B="NR NR")).pipe(differences)
    row = none.loc["imputed"]
    assert row.estimate == 0 and math.isnan(row.conf_low) and row.note == imputation.NO_SPREAD
    assert none.loc["nonresponse", "p_value"] == 1


def test_an_arm_without_variance_leaves_no_interval_after_imputation():
    row = differences(results(answers(A="R NR R NR MISSING", B="NR NR NR"))).loc["imputed"]
    assert 0.4 < row["estimate"] < 0.6
    assert math.isnan(row["conf_low"]) and math.isnan(row["p_value"]) and row["note"] == imputation.NO_SPREAD


def test_one_missing_among_responders_only_is_drawn_by_firth():
    """Everybody who answered responds: the model is separated and keeps a finite probability below 1."""
    due = due_answers(answers(A=" ".join(["R"] * 19 + ["MISSING"]), B="NR"), "missing")
    drawn = impute_responses(due, pd.DataFrame(index=due["USUBJID"]), ARMS, m=2000)["A"].responders
    assert set(drawn) == {19.0, 20.0}
    assert 0.85 < (drawn - 19).mean() < 1  # Firth: log odds of 19.5 to 0.5


def test_covariates_that_separate_or_do_not_vary():
    rng = np.random.default_rng(1)
    n = 40
    frame = answers(A=" ".join(["R"] * 18 + ["NR"] * 18 + ["MISSING"] * 4), B="R NR")
    due = due_answers(frame, "missing")
    covariates = pd.DataFrame(
        {"AGE": rng.normal(50, 10, 42), "SAME": 1.0, "SPLIT": 0.0}, index=frame["USUBJID"].to_numpy()
    )
    covariates.loc[[f"A{i}" for i in [*range(1, 19), 37, 38]], "SPLIT"] = 1.0
    drawn = impute_responses(due, covariates, ARMS, m=500)["A"]
    assert (
        drawn.note == "SAME the same in all who answered or given by the others: left out" and drawn.due == n
    )
    assert 19 < drawn.responders.mean() < 21  # two of the four look like responders


def test_few_answers_take_no_covariates():
    due = due_answers(answers(A="R NR R MISSING", B="R NR"), "missing")
    covariates = pd.DataFrame({"AGE": [30.0, 40, 50, 60, 70, 80]}, index=due["USUBJID"])
    assert impute_responses(due, covariates, ARMS)["A"].note.startswith("fewer than 5 answers for each term")


def test_pending_outside_the_choice_stay_no_response_and_teach_nothing():
    due = due_answers(answers(A="R R R R MISSING PENDING PENDING PENDING", B="NR"), "missing")
    drawn = impute_responses(due, pd.DataFrame(index=due["USUBJID"]), ARMS, m=1000)["A"]
    assert set(drawn.responders) <= {4.0, 5.0} and drawn.due == 8
    assert (drawn.responders - 4).mean() > 0.7  # 4 of 4 who answered respond


def test_the_draws_never_change_and_do_not_depend_on_the_order_of_rows():
    due = due_answers(MIXED, "missing")
    again = due_answers(MIXED.sample(frac=1, random_state=1), "missing")
    covariates = pd.DataFrame(index=due["USUBJID"])
    for arm in ARMS:
        first = impute_responses(due, covariates, ARMS)[arm].responders
        assert (first == impute_responses(again, covariates, ARMS)[arm].responders).all()


def test_one_participant_an_arm():
    row = imputation.pooled_rate(Imputed(np.ones(20), 1, ""))
    assert row["estimate"] == 1 and math.isnan(row["conf_low"]) and row["note"] == imputation.NO_SPREAD


# The last observation


def last(course: str, kind: str, **keys) -> int:
    return int(last_observed_response(derive(study({"S1": course}, endpoint(kind, **keys))), "E")["S1"])


def test_the_last_usable_count_by_the_visit_decides():
    at_week_4 = {"kind": "response_at_visit", "avisitn": 4.0}  # its window ends on day 42
    assert last("1:10 8:20 15:40", **at_week_4) == 1
    assert last("1:10 8:40 15:20", **at_week_4) == 0
    assert last("1:10 43:90", **at_week_4) == 0
    assert last("1:10", **at_week_4) == 0
    assert last("1:10 8:40 15:90 rIVIG15-16", **at_week_4, rescue="washout") == 1


def test_the_last_count_of_the_window_by_kind():
    early = {"window_days": (2, 60)}
    assert last("1:10 50:40 61:5", kind="confirmed_response", **early) == 1
    assert last("1:30 50:40 61:5", kind="confirmed_response", **early) == 0  # not twice the baseline
    sustained = {"kind": "sustained_response", **early, "tolerance_days": 14, "hold_count": 50.0}
    assert last("1:10 50:40 74:60 75:5", **sustained) == 1
    assert last("1:10 50:60 74:40", **sustained) == 0
    durable = {"kind": "durable_counts", "visits": (2, 4), "threshold": 50.0, "at_least": 2}
    assert last("1:30 8:55", **durable) == 1
    assert last("1:30 8:49 43:90", **durable) == 0


# The grid


def test_grid_boundary_and_corners():
    grid = tipping_grid((40, 60, 5), (26, 59, 4))
    first, last_cell = grid.iloc[0], grid.iloc[-1]
    assert (first["added_experimental"], first["added_control"]) == (0, 0)
    assert first["estimate"] == pytest.approx(40 / 60 - 26 / 59) and first["excludes"] == 1
    assert last_cell["estimate"] == pytest.approx(45 / 60 - 30 / 59)
    # chi-square by hand: 40 v 29 of 60, 59 is 3.714, 40 v 30 is 3.048; 41 v 30 is 3.748; 3.841 is the limit
    assert boundary(grid)["smallest"].tolist() == pytest.approx([math.nan] * 3 + [0, 0], nan_ok=True)
    assert boundary(grid)["turns"].tolist() == ["none", "none", "none", "0", "0 to 1"]
    assert boundary(grid)["cells"].sum() == grid["turned"].sum() == 3


def test_a_grid_whose_conclusion_may_turn_both_ways():
    grid = tipping_grid((3, 12, 9), (3, 12, 9))
    assert not grid.iloc[0]["excludes"] and set(grid["excludes"]) == {-1, 0, 1}
    assert boundary(grid)["turns"].iloc[0] == "5 or more"
    assert (boundary(grid)["turns"].str.contains("0 to")).any()


def test_nothing_missing_is_one_cell():
    grid = tipping_grid((0, 5, 0), (0, 4, 0))
    assert len(grid) == 1 and grid["statistic"].tolist() == [0] and not grid["turned"].any()
    assert boundary(grid)["turns"].tolist() == ["none"]


def test_a_large_side_is_thinned():
    assert drawn_values(3) == [0, 1, 2, 3]
    assert len(drawn_values(59)) == 60 and drawn_values(60) == list(range(0, 61, 2))
    assert max(map(len, map(drawn_values, range(1, 1000)))) <= 60
