"""Subgroups: who is in which level, what is said of columns and levels that cannot be compared, empty cells."""

import math

import pandas as pd
import pytest

from analysis.subgroup_rates import FIRTH_RATIO, level_comparisons, rate_interactions
from analysis.subgroup_times import hazard_interactions, level_hazard_ratios
from analysis.subgroups import TOO_FEW, column_trouble, level_counts, subgroup_members, tables_of
from trialdata.definition import Subgroup

AGE = Subgroup("AGE", "Age, years", cuts=(60,))
SEX = Subgroup("SEX", "Sex")
MN = {"measure": "difference", "method": "Miettinen-Nurminen"}
WOOLF = {"measure": "odds ratio", "method": "Woolf logit"}


def make_adsl(**columns) -> pd.DataFrame:
    """Participants 000, 001, ... by turns in arms A and B."""
    n = len(next(iter(columns.values())))
    return pd.DataFrame({"USUBJID": [f"{i:03}" for i in range(n)], "ARM": ["A", "B"] * (n // 2), **columns})


def make_tables(*levels: tuple[int, int, int, int]) -> pd.DataFrame:
    """Levels "1", "2", ... of one column from x1, n1, x0, n0, after all participants."""
    everybody = tuple(map(sum, zip(*levels, strict=True)))
    named = [("", "", everybody), *(("COL", str(i), counts) for i, counts in enumerate(levels, 1))]
    rows = [
        (column, level, arm, *pair)
        for column, level, (x1, n1, x0, n0) in named
        for arm, pair in (("A", (x1, n1)), ("B", (x0, n0)))
    ]
    counts = pd.DataFrame(rows, columns=["column", "level", "arm", "n", "N"])
    return tables_of(counts, "A", "B")


def test_everybody_is_in_one_level_of_every_column_and_among_all():
    adsl = make_adsl(AGE=[40, 70, None, 60], SEX=["F", "M", "M", ""])
    members = subgroup_members(adsl, [AGE, SEX])
    by_column = members.groupby("column", sort=False)["USUBJID"].apply(list)
    assert all(sorted(people) == sorted(adsl["USUBJID"]) for people in by_column)
    levels = members[["column", "level"]].drop_duplicates().to_numpy().tolist()
    assert levels == [
        ["", ""], ["AGE", "< 60"], ["AGE", "≥ 60"], ["AGE", "missing"],
        ["SEX", "F"], ["SEX", "M"], ["SEX", "missing"],
    ]  # fmt: skip


def test_counts_are_those_of_a_recount():
    adsl = make_adsl(SEX=["F", "F", "M", "M", "M", "F"])
    answers = pd.DataFrame({"USUBJID": ["000", "001", "002", "003"], "AVAL": [1, 0, None, 1]})
    counts = level_counts(subgroup_members(adsl, [SEX]), answers, ["A", "B"])
    assert counts.to_numpy().tolist() == [
        ["", "", "A", 1, 2], ["", "", "B", 1, 2],
        ["SEX", "F", "A", 1, 1], ["SEX", "F", "B", 0, 1],
        ["SEX", "M", "A", 0, 1], ["SEX", "M", "B", 1, 1],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("subgroup", "column", "words"),
    [
        (Subgroup("SEX", "Sex"), {}, "SEX is not in the data: add it to adsl or take it out of [[subgroups]]"),
        (AGE, {"AGE": [30, 40, 50, 59]}, "AGE has one level, < 60: choose other cuts"),
        (SEX, {"SEX": ["F"] * 4}, "SEX has one level, F: nothing to compare within it"),
        (SEX, {"SEX": [""] * 4}, "SEX is missing for everybody: fill it in adsl or take it out of [[subgroups]]"),
        (Subgroup("AGE", "Age"), {"AGE": range(80)}, "AGE has 80 levels, 20 can be shown: give it cuts"),
        (SEX, {"SEX": [f"s{i}" for i in range(80)]}, "SEX has 80 levels, 20 can be shown: group its values"),
        (AGE, {"AGE": [30, 70]}, ""),
    ],
)  # fmt: skip
def test_a_column_that_cannot_be_compared_is_named_with_what_to_change(subgroup, column, words):
    adsl = make_adsl(**(column or {"OTHER": [1, 2]}))
    assert column_trouble(adsl, subgroup) == words
    shown = set(subgroup_members(adsl, [subgroup])["column"])
    assert shown == ({""} if words else {"", subgroup.column})


def test_a_small_level_keeps_its_counts_and_has_words_instead_of_an_estimate():
    tables = make_tables((4, TOO_FEW, 2, TOO_FEW), (20, 30, 1, TOO_FEW - 1), (3, 9, 0, 0), (0, 0, 0, 0))
    assert list(tables["note"]) == ["", "", "too few", "nobody in B", "nobody counted"]
    levels = level_comparisons(tables, **MN)
    assert list(levels["estimate"].notna()) == [True, True, False, False, False]
    assert list(tables["n0"]) == [9, 5, 4, 0, 0]


def test_all_participants_are_compared_however_few():
    assert make_tables((1, 2, 0, 1)).loc[0, "note"] == ""
    assert make_tables((1, 2, 0, 0)).loc[0, "note"] == "nobody in B"


def test_fewer_than_two_levels_have_no_test():
    (row,) = rate_interactions(make_tables((10, 20, 8, 20), (2, 4, 2, 4)), measure="difference").itertuples()
    assert math.isnan(row.p_value) and row.note == "fewer than two levels with at least 5 in each arm"


def test_missing_is_shown_and_not_tested():
    tables = make_tables((10, 20, 8, 20), (12, 20, 8, 20), (9, 10, 1, 10))
    tables["level"] = ["", "F", "M", "missing"]
    (with_missing,) = rate_interactions(tables, measure="difference").itertuples()
    (without,) = rate_interactions(tables.head(3), measure="difference").itertuples()
    assert with_missing.statistic == without.statistic and with_missing.df == 1
    assert level_comparisons(tables, **MN).loc[3, "estimate"] == pytest.approx(0.8)


def test_heterogeneity_of_two_differences_by_hand():
    # differences 0.2 and 0.4, both variances 0.25/25 + 0.21/21 = 0.02: Q = 0.2^2 / 0.04 = 1
    tables = make_tables((0, 0, 0, 0), (0, 0, 0, 0))
    tables.loc[1:, ["x1", "n1", "x0", "n0"]] = [[50, 100, 30, 100], [70, 100, 30, 100]]
    tables["note"] = ""
    (row,) = rate_interactions(tables, measure="difference").itertuples()
    variances = (0.5 * 0.5 + 0.3 * 0.7) / 100, (0.7 * 0.3 + 0.3 * 0.7) / 100
    assert row.statistic == pytest.approx(0.2**2 / sum(variances), abs=1e-12)
    assert row.df == 1


@pytest.mark.parametrize("full", [(12, 12, 12, 12), (0, 12, 0, 12), (12, 12, 0, 12), (8, 9, 0, 5)])
def test_a_level_with_a_rate_of_0_or_100_percent_is_named(full):
    tables = make_tables((10, 20, 8, 20), full)
    (row,) = rate_interactions(tables, measure="difference").itertuples()
    assert math.isnan(row.p_value) and row.note == "not estimable: a rate of 0 or 100% in 2"
    (firth,) = rate_interactions(tables, measure="odds ratio").itertuples()
    assert firth.method == FIRTH_RATIO and 0 < firth.p_value < 1 and firth.note == ""


def test_complete_separation_has_no_test():
    (row,) = rate_interactions(make_tables((9, 9, 0, 9), (0, 9, 8, 8)), measure="odds ratio").itertuples()
    assert math.isnan(row.p_value) and row.note.startswith("not estimable: every arm of every level")


def test_a_ratio_without_responders_says_why_it_has_no_number():
    levels = level_comparisons(make_tables((10, 20, 8, 20), (0, 12, 0, 12)), **WOOLF)
    assert math.isnan(levels.loc[2, "estimate"])
    assert levels.loc[2, "note"] == "No estimate: nobody responds."


def make_times(*rows: tuple[str, str, int, int]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Times, members and tables from (arm, level, day, event)."""
    adtte = pd.DataFrame(rows, columns=["ARM", "SEX", "AVAL", "event"]).assign(CNSR=lambda f: 1 - f["event"])
    adtte["USUBJID"] = [f"{i:03}" for i in adtte.index]
    members = subgroup_members(adtte, [SEX])
    counts = level_counts(members, adtte.assign(AVAL=adtte["event"]), ["A", "B"])
    return adtte, members, tables_of(counts, "A", "B")


def test_a_level_without_an_event_in_an_arm_has_no_finite_hazard_ratio():
    women = [("A", "F", day, 0) for day in range(1, 7)] + [("B", "F", day, 1) for day in range(1, 7)]
    men = [(arm, "M", day + (arm == "A"), 1) for arm in "AB" for day in range(1, 13, 2)]
    adtte, members, tables = make_times(*women, *men)
    levels = level_hazard_ratios(tables, members, adtte, ("A", "B")).set_index("level")
    assert levels.loc["F", "estimate"] == 0 and math.isnan(levels.loc["F", "conf_low"])
    assert levels.loc["F", "note"] != "" and levels.loc["M", "note"] == ""
    (row,) = hazard_interactions(tables, members, adtte, ("A", "B")).itertuples()
    assert math.isnan(row.p_value) and row.note == "not estimable: no event in an arm of a level"


def test_nobody_with_an_event_is_said():
    adtte, members, tables = make_times(*[(arm, sex, 5, 0) for arm in "AB" for sex in "FM"] * TOO_FEW)
    levels = level_hazard_ratios(tables, members, adtte, ("A", "B"))
    assert levels["estimate"].isna().all() and levels["note"].str.startswith("No event at this cut").all()
    (row,) = hazard_interactions(tables, members, adtte, ("A", "B")).itertuples()
    assert row.note.startswith("not estimable: No event")
