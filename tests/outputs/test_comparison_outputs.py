"""Every method on the pages and from counts alone: which rows there are, what the notes say, what is refused."""

import math

import pytest

from outputs.catalogue import build
from outputs.counts import (
    EXAMPLE,
    count_comparison_output,
    count_rate_methods_output,
    count_rates_output,
    count_strata_output,
    read_counts,
)
from outputs.output import View

ROWS_OF_A_COMPARISON = {"difference": 7, "risk ratio": 2, "odds ratio": 2, "test": 7}
STRATA = [
    ("men", "new", 40, 50),
    ("men", "old", 15, 25),
    ("women", "new", 50, 62),
    ("women", "old", 18, 31),
]


def counted(*arms) -> list[tuple]:
    return [("", *arm) for arm in arms]


def test_comparison_has_every_method_once(derived):
    output = build("comparison", derived("nct07057778"), View())
    assert output.results["measure"].value_counts().to_dict() == ROWS_OF_A_COMPARISON
    assert len(output.table) == sum(ROWS_OF_A_COMPARISON.values())
    assert output.results["method"].iloc[0] == "Miettinen-Nurminen"
    assert [card.title.split(",")[0] for card in output.cards] == ["Difference", "Risk ratio", "Odds ratio"]


def test_rate_methods_has_seven_intervals_of_each_arm(derived):
    output = build("rate_methods", derived("nct07057778"), View())
    assert (output.results.groupby("arm").size() == 7).all()
    assert output.table["Method"].tolist()[:2] == ["Responders", "Wilson score"]
    assert len(output.cards) == output.results["arm"].nunique()


def test_response_page_pays_for_no_exact_unconditional_method(derived):
    output = build("response_rates", derived("nct07057778"), View())
    told = set(output.results["method"]).union(*(set(card.others["Method"]) for card in output.cards))
    assert not [method for method in told if method.startswith(("Barnard", "Boschloo", "Chan-Zhang"))]
    assert {"Jeffreys", "Newcombe, continuity corrected", "Fisher mid-P"} <= told


def test_a_filter_hides_every_p_and_test(derived):
    output = build("comparison", derived("nct07057778"), View(filters=(("SEX", ("F",)),)))
    assert output.results["p_value"].isna().all()
    assert not (output.results["measure"] == "test").any()
    assert all("p, nominal" not in card.others for card in output.cards)


def test_a_study_that_was_not_randomised_has_no_p_on_its_cards(derived):
    output = build("comparison", derived("nct04915482"), View())
    assert all("p, nominal" not in card.others for card in output.cards)


def test_every_missing_number_of_the_comparison_has_its_reason(look):
    results = build("comparison", look, View()).results
    if results.empty:
        return
    intervals = results[~results["measure"].isin(["rate", "test"])]
    unexplained = intervals[
        intervals[["estimate", "conf_low"]].isna().any(axis=1) & (intervals["note"] == "")
    ]
    assert unexplained.empty


@pytest.mark.parametrize("output_id", ["comparison", "stratified_methods", "time_comparisons"])
def test_nothing_is_said_of_tests_or_arms_where_nothing_is_compared(derived, output_id):
    said = " ".join(build(output_id, derived("nct04915482", view="pooled"), View()).footnotes)
    assert said and "p-value" not in said and "Association" not in said and "stratum" not in said
    compared = " ".join(build(output_id, derived("nct04915482"), View()).footnotes)
    assert "No p-value: arms were not randomised." in compared and "Association" in compared
    randomised = " ".join(build(output_id, derived("nct07057778"), View()).footnotes)
    assert "Every p-value is nominal" in randomised and "Association" not in randomised


def test_counts_of_a_published_trial():
    # Wu 2022: difference 0.214, Miettinen-Nurminen 0.069 to 0.362 (R, see tests/test_cli.py)
    rows = count_comparison_output(EXAMPLE).results
    assert rows["measure"].value_counts().to_dict() == ROWS_OF_A_COMPARISON
    first = rows.iloc[0]
    assert (first["estimate"], first["conf_low"], first["conf_high"]) == pytest.approx(
        (0.214, 0.069, 0.362), abs=5e-4
    )


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (counted(("a", 8, 7), ("b", 1, 2)), "a: 8 responders of 7 participants is not possible."),
        (counted(("a", -1, 7), ("b", 1, 2)), "a: -1 responders of 7 participants is not possible."),
        (counted(("a", 1.5, 7), ("b", 1, 2)), "a: 1.5 responders of 7 participants is not possible."),
        (counted(("a", 1, 7)), "1 arm named; two or three can be compared, the control last."),
        (counted(("a", None, 7), ("b", 1, 2)), "Row 1 needs an arm, its responders and its participants."),
        (counted(("a", 1, 7), ("a", 1, 2), ("b", 1, 2)), "The table needs one row for each arm: a and b."),
        (STRATA[:3], "Stratum women needs one row for each arm: new and old."),
        (counted(("a", 0, 0), ("b", 1, 2)), "a has no participants."),
        ([], "0 arms named; two or three can be compared, the control last."),
    ],
)
def test_impossible_counts_get_one_sentence(rows, sentence):
    assert read_counts(rows)[1] == sentence
    assert count_rates_output(rows).empty == count_comparison_output(rows).empty == sentence


def test_an_empty_row_is_left_out():
    counts, trouble = read_counts([*EXAMPLE, (None, None, math.nan, None)])
    assert not trouble and len(counts) == 2


def test_counts_have_every_interval_of_each_rate():
    output = count_rate_methods_output(EXAMPLE)
    assert (output.results.groupby("arm").size() == 7).all() and len(output.cards) == 2


def test_strata_are_summed_up_and_compared():
    crude = count_rate_methods_output(STRATA).results.drop_duplicates("arm")
    assert list(zip(crude["arm"], crude["n"], crude["N"], strict=True)) == [("new", 90, 112), ("old", 33, 56)]
    within = count_strata_output(STRATA)
    assert within.results.iloc[0]["method"] == "stratified Miettinen-Nurminen"
    # weights 50*25/75 and 62*31/93: (16.667 * 0.2 + 20.667 * (50/62 - 18/31)) / 37.333
    assert within.results.iloc[0]["estimate"] == pytest.approx(
        (50 / 3 * 0.2 + 62 / 3 * (50 / 62 - 18 / 31)) / (112 / 3)
    )
    assert count_strata_output(EXAMPLE).empty


def test_three_arms_are_each_compared_with_the_last():
    rows = counted(("low", 10, 20), ("high", 15, 20), ("control", 5, 20))
    assert set(count_comparison_output(rows).results["comparison"]) == {"low - control", "high - control"}


def test_nobody_and_everybody_have_answers():
    for n in (0, 9):
        output = count_comparison_output(counted(("a", n, 9), ("b", n, 9)))
        by_method = output.results[output.results["measure"] == "difference"].set_index("method")
        assert (
            by_method.loc["Miettinen-Nurminen", "conf_low"]
            < 0
            < by_method.loc["Miettinen-Nurminen", "conf_high"]
        )
        assert by_method.loc["Wald", "note"].startswith("Width 0")
        assert any(note.startswith("Wald: width 0") for note in output.footnotes)


def test_a_large_arm_has_no_exact_interval_and_says_so():
    output = count_comparison_output(counted(("a", 90, 200), ("b", 80, 200)))
    row = output.results.set_index("method").loc["Chan-Zhang exact unconditional"]
    assert (
        math.isnan(row["conf_low"]) and row["note"] == "Not computed: an arm has more than 150 participants."
    )


def test_every_landmark_median_and_share_has_a_card(derived):
    data = derived("nct07057778")
    for output_id in (
        "platelet_thresholds",
        "response_by_visit",
        "answerable",
        "headline",
        "cumulative_response",
        "duration_of_response",
        "durability_numbers",
    ):
        cards = build(output_id, data, View()).cards
        assert cards, output_id
        for card in cards:
            assert card.estimate and card.method and card.reason, output_id
