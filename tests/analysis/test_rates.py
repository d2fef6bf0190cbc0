"""Rates among the due, their comparison as a frame, best response and the ledger."""

import math

import pandas as pd
import pytest

from analysis.rates import (
    best_response_shares,
    ledger,
    rate_comparisons,
    rates_and_comparisons,
    rates_from_counts,
    response_rates,
)

ARMS = ("combo", "mono")
AVAL = {"CR": 1, "R": 1, "Y": 1, "NR": 0, "N": 0}


def make_adrs(*rows: tuple) -> pd.DataFrame:
    """(arm, answer, due, reason) for each participant."""
    adrs = pd.DataFrame(rows, columns=["ARM", "AVALC", "DUEFL", "REASON"])
    subjects = [f"S-{i:03}" for i in range(len(rows))]
    return adrs.assign(USUBJID=subjects, AVAL=adrs["AVALC"].map(AVAL).astype(float), NOBLEED=0.0)


DUE_AND_NOT = make_adrs(
    ("combo", "CR", "Y", ""),
    ("combo", "R", "Y", ""),
    ("combo", "NR", "Y", "rescue"),
    ("combo", "PENDING", "Y", ""),
    ("combo", "R", "N", ""),
    ("mono", "R", "Y", ""),
    ("mono", "NR", "Y", "never reached"),
    ("mono", "NR", "Y", "rescue"),
    ("mono", "MISSING", "Y", ""),
    ("mono", "MISSING", "Y", ""),
    ("mono", "PENDING", "N", ""),
)


def counts(rates: pd.DataFrame) -> dict:
    return {row.arm: (row.n, row.N) for row in rates.itertuples()}


def test_missing_and_pending_among_the_due_are_no_response():
    assert counts(response_rates(DUE_AND_NOT, ARMS)) == {"combo": (2, 4), "mono": (1, 5)}


def test_missing_and_pending_may_leave_the_denominator():
    rates = response_rates(DUE_AND_NOT, ARMS, missing="exclude")
    assert counts(rates) == {"combo": (2, 3), "mono": (1, 3)}


def test_unknown_missing_rule_is_refused():
    with pytest.raises(ValueError, match="'worst'"):
        response_rates(DUE_AND_NOT, ARMS, missing="worst")


def test_both_intervals_stand_beside_each_rate():
    # 2/4: Wilson 0.150 to 0.850, Clopper-Pearson 0.068 to 0.932 (R: prop.test, binom.test)
    rates = response_rates(DUE_AND_NOT, ARMS).set_index(["arm", "method"])
    wilson = rates.loc[("combo", "Wilson score")]
    exact = rates.loc[("combo", "Clopper-Pearson exact")]
    assert (wilson["conf_low"], wilson["conf_high"]) == pytest.approx((0.1500390, 0.8499610), abs=1e-7)
    assert (exact["conf_low"], exact["conf_high"]) == pytest.approx((0.0675860, 0.9324140), abs=1e-7)


def test_an_arm_without_anybody_due_keeps_its_rows():
    rates = response_rates(DUE_AND_NOT, (*ARMS, "third"))
    third = rates[rates["arm"] == "third"]
    assert list(third["N"]) == [0, 0]
    assert third[["estimate", "conf_low", "conf_high"]].isna().all(axis=None)
    assert list(third["method"]) == ["Wilson score", "Clopper-Pearson exact"]


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="combo: 8 responders of 7"):
        rates_from_counts([("combo", 8, 7)])


def test_comparison_has_every_method_once():
    rates = rates_from_counts([("combo", 24, 30), ("mono", 16, 30)])
    rows = rate_comparisons(rates, experimental="combo", control="mono")
    assert list(zip(rows["measure"], rows["method"], strict=True)) == [
        ("difference", "Miettinen-Nurminen"),
        ("difference", "Newcombe"),
        ("risk ratio", "Koopman/Miettinen-Nurminen score"),
        ("risk ratio", "Katz log"),
        ("odds ratio", "Woolf logit"),
        ("odds ratio", "conditional exact"),
        ("test", "Pearson chi-square"),
        ("test", "Yates chi-square"),
        ("test", "Fisher exact"),
    ]
    assert set(rows["comparison"]) == {"combo - mono"}
    assert rows.loc[0, "estimate"] == pytest.approx(8 / 30)
    assert rows.loc[2, "estimate"] == pytest.approx(1.5)
    assert rows.loc[4, "estimate"] == pytest.approx(3.5)


def test_headline_p_is_of_the_score_test():
    # 24/30 v 16/30: Pearson's chi-square is 4.8 (R), times (N-1)/N = 59/60 gives 4.72
    rates = rates_from_counts([("combo", 24, 30), ("mono", 16, 30)])
    rows = rate_comparisons(rates, experimental="combo", control="mono").set_index("method")
    assert rows.loc["Miettinen-Nurminen", "statistic"] == pytest.approx(4.72)
    assert rows.loc["Pearson chi-square", "statistic"] == pytest.approx(4.8)
    assert rows.loc["Fisher exact", "p_value"] == pytest.approx(0.0538972058, rel=1e-8)


def test_three_arms_are_compared_one_at_a_time():
    rates = rates_from_counts([("low", 10, 20), ("high", 15, 20), ("control", 5, 20)])
    low, high = (rate_comparisons(rates, experimental=arm, control="control") for arm in ("low", "high"))
    assert low.loc[0, "estimate"] == pytest.approx(0.25)
    assert high.loc[0, "estimate"] == pytest.approx(0.5)


def test_comparison_with_an_empty_arm_keeps_the_methods():
    rates = rates_from_counts([("combo", 3, 7), ("mono", 0, 0)])
    rows = rate_comparisons(rates, experimental="combo", control="mono")
    assert len(rows) == 9
    assert rows[["estimate", "conf_low", "conf_high", "p_value"]].isna().all(axis=None)


def test_counts_stay_integers_beside_comparisons():
    rates = rates_from_counts([("combo", 24, 30), ("mono", 16, 30)])
    rows = rates_and_comparisons(rates, [("combo", "mono")])
    assert list(rows["measure"].unique()) == ["rate", "difference", "risk ratio", "odds ratio", "test"]
    assert [str(n) for n in rows["n"][:4]] == ["24", "24", "16", "16"]
    assert rows.loc[rows["measure"] != "rate", ["n", "N"]].isna().all(axis=None)


def test_unknown_arm_is_named():
    with pytest.raises(ValueError, match="'placebo'"):
        rate_comparisons(rates_from_counts([("a", 1, 2)]), experimental="a", control="placebo")


def test_best_response_shares_add_up_to_the_due():
    shares = best_response_shares(DUE_AND_NOT, ARMS, yes_no=False).set_index(["arm", "category"])
    assert list(shares.loc["mono"]["n"]) == [0, 1, 2, 0, 2]
    assert list(shares.loc["mono"].index) == ["CR", "R", "NR", "PENDING", "MISSING"]
    assert shares.groupby(level="arm", sort=False)["estimate"].sum().tolist() == pytest.approx([1, 1])


def test_best_response_of_a_yes_no_endpoint():
    adrs = make_adrs(("combo", "Y", "Y", ""), ("combo", "N", "Y", ""))
    shares = best_response_shares(adrs, ["combo"], yes_no=True)
    assert list(shares["category"]) == ["Y", "N", "PENDING", "MISSING"]
    assert list(shares["n"]) == [1, 1, 0, 0]


def test_a_yes_no_endpoint_is_one_while_everybody_is_pending():
    adrs = make_adrs(("combo", "PENDING", "Y", ""), ("mono", "PENDING", "Y", ""))
    shares = best_response_shares(adrs, ["combo"], yes_no=True)
    assert list(shares["category"]) == ["Y", "N", "PENDING", "MISSING"]
    lines = make_ledger(adrs, yes_no=True)
    assert list(lines.loc[lines["level"] == 1, "line"].unique()) == ["Y", "N", "PENDING", "MISSING"]


def make_ledger(
    adrs: pd.DataFrame, arms=ARMS, *, outside: tuple[str, ...] = (), yes_no=False, bleeding=False
) -> pd.DataFrame:
    """The ledger with everybody of `adrs` in the set, and one more enrolled per name of `outside`."""
    adsl_set = adrs[["USUBJID", "ARM"]].assign(TRT01P=adrs["ARM"])
    others = pd.DataFrame({"USUBJID": [f"X-{i}" for i in range(len(outside))], "TRT01P": list(outside)})
    adsl_all = pd.concat([adsl_set, others])
    return ledger(adrs, adsl_all, adsl_set, arms, yes_no=yes_no, bleeding=bleeding)


def test_ledger_adds_up():
    lines = make_ledger(DUE_AND_NOT, outside=("combo", "mono", "mono", "Screen failure"))
    n = lines.pivot(index="line", columns="arm", values="n")
    assert n.loc["enrolled"].to_dict() == {"combo": 6, "mono": 8, "All": 14}
    assert (n.loc["enrolled"] == n.loc["not_in_set"] + n.loc["in_set"]).all()
    assert (n.loc["in_set"] == n.loc["not_due"] + n.loc["due"]).all()
    answers = lines.loc[lines["level"] == 1, "line"].unique()
    assert (n.loc["due"] == n.loc[answers].sum()).all()
    assert (n["All"] == n["combo"] + n["mono"]).all()


def test_ledger_lines_stand_in_reading_order():
    lines = make_ledger(DUE_AND_NOT)
    assert list(lines["label"].unique()) == [
        "Enrolled",
        "Not in the analysis set",
        "Analysis set",
        "Not yet due",
        "Due",
        "Complete response",
        "Response",
        "No response: rescue",
        "No response: death",
        "No response: unconfirmed",
        "No response: bleeding",
        "No response: never reached",
        "Pending",
        "Missing",
    ]
    combo = lines[lines["arm"] == "combo"].set_index("line")["n"]
    assert (combo["due"], combo["CR"], combo["R"], combo["NR rescue"], combo["PENDING"]) == (4, 1, 1, 1, 1)


def test_ledger_counts_records_read_without_a_bleeding_assessment():
    adrs = DUE_AND_NOT.assign(NOBLEED=[2.0] + [0.0] * 3 + [9.0] + [1.0] * 6)  # the 9 are not due
    lines = make_ledger(adrs, bleeding=True).set_index(["line", "arm"])["n"]
    assert (lines["no_bleeding", "combo"], lines["no_bleeding", "mono"]) == (2, 5)


def test_ledger_says_that_no_record_was_read_without_a_bleeding_assessment():
    lines = make_ledger(DUE_AND_NOT, bleeding=True)
    assert lines.loc[lines["line"] == "no_bleeding", "n"].tolist() == [0, 0, 0]
    assert "no_bleeding" not in set(make_ledger(DUE_AND_NOT)["line"])


def test_ledger_follows_the_arm_of_the_analysis_set():
    # planned combo, treated mono: in the safety set the participant is enrolled and counted under mono
    adrs = make_adrs(("mono", "R", "Y", ""))
    adsl = pd.DataFrame({"USUBJID": ["S-000"], "TRT01P": ["combo"]})
    lines = ledger(adrs, adsl, adsl.assign(ARM="mono"), ARMS, yes_no=False, bleeding=False)
    lines = lines.set_index(["line", "arm"])["n"]
    assert (lines["enrolled", "combo"], lines["not_in_set", "combo"]) == (0, 0)
    assert (lines["enrolled", "mono"], lines["due", "mono"]) == (1, 1)


def test_ledger_of_the_pooled_view_has_one_column():
    adrs = make_adrs(("All", "R", "Y", ""), ("All", "NR", "Y", ""))
    lines = make_ledger(adrs, ["All"])
    assert list(lines["arm"].unique()) == ["All"]
    assert not lines.duplicated(["line", "arm"]).any()
    assert lines.set_index("line").loc["NR", "n"] == 1  # a reason the rule did not give is still counted


def test_ledger_of_nobody():
    lines = make_ledger(DUE_AND_NOT.iloc[:0])
    assert set(lines["n"]) == {0}


def test_comparison_gives_an_answer_for_every_extreme_table():
    for x1, x0 in ((0, 0), (5, 5), (0, 5), (5, 0)):
        rates = rates_from_counts([("a", x1, 5), ("b", x0, 5)])
        headline = rate_comparisons(rates, experimental="a", control="b").iloc[0]
        assert headline["conf_low"] <= headline["estimate"] <= headline["conf_high"]
        assert not math.isnan(headline["p_value"])
