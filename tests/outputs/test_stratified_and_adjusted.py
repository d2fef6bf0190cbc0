"""Within strata and adjusted for covariates: which strata, which words, and what is hidden."""

import dataclasses

import numpy as np
import pytest

from outputs.catalogue import build
from outputs.output import View
from outputs.strata import strata_choices

IDS = ("stratified", "stratified_methods", "adjusted")
DATA = "nct07057778"


def test_rows_add_up_to_the_rates_of_the_page_response(derived):
    data = derived(DATA)
    table = build("stratified", data, View(), strata="SEX, PRIORLN").table
    (common,) = table[table["Stratum"] == "All strata"].itertuples()
    rates = build("response_rates", data, View()).table
    assert common[2].startswith(f"{rates['Responders'].iloc[0]} of {rates['Due'].iloc[0]}")
    own = table[table["Stratum"] != "All strata"].iloc[:, 1]
    assert sum(int(cell.split()[0]) for cell in own) == int(rates["Responders"].iloc[0])


def test_the_studys_own_strata_lead_and_are_not_called_otherwise(derived):
    data = derived(DATA)
    own = dataclasses.replace(
        data, study=dataclasses.replace(data.study, definition=data.definition.replace(strata=("STERFL",)))
    )
    shown = build("stratified", own, View())
    assert shown.subtitle.startswith("Corticosteroid at entry:")
    assert not any("not a stratification factor" in note for note in shown.footnotes)
    assert strata_choices(own.definition)[""] == "Of the randomisation"
    assert any("not a stratification factor" in n for n in build("stratified", data, View()).footnotes)


def test_the_first_subgroup_with_enough_in_every_level_is_taken(derived):
    """Age 60 or over has fewer than five in one arm; sex is the next subgroup."""
    assert build("stratified", derived(DATA), View()).subtitle.startswith("Sex:")


@pytest.mark.parametrize(
    ("strata", "words"),
    [("WEIGHT", "WEIGHT is not a column of adsl"), ("USUBJID", "USUBJID has 119 levels, and at most 20")],
)
@pytest.mark.parametrize("output_id", ["stratified", "stratified_methods"])
def test_impossible_strata_are_an_answer(derived, output_id, strata, words):
    shown = build(output_id, derived(DATA), View(), strata=strata)
    assert shown.empty.startswith(words) and shown.table.empty and shown.cards == ()


def test_a_stratum_column_without_a_value_is_named(derived):
    data = derived(DATA)
    empty = dataclasses.replace(data, adsl=data.adsl.assign(REGION=""))
    for output_id in ("stratified", "stratified_methods"):
        shown = build(output_id, empty, View(), strata="REGION")
        assert shown.empty.startswith("REGION has no value in the participants shown")
    notes = build("time_comparisons", empty, View(), strata="REGION").results["note"]
    assert notes.str.startswith("REGION has no value").any()


def test_one_stratum_is_said_to_change_nothing(derived):
    whole = build("stratified", derived(DATA), View(), strata="SEX")
    women = build("stratified", derived(DATA), View(filters=(("SEX", ("F",)),)), strata="SEX")
    said = "Everybody compared is in one stratum: the comparison is the one without strata."
    assert said in women.footnotes and said not in whole.footnotes


@pytest.mark.parametrize("output_id", IDS)
def test_p_values_are_hidden_under_a_filter(derived, output_id):
    shown = build(output_id, derived(DATA), View(filters=(("STERFL", ("Y",)),)))
    assert shown.empty == ""
    assert shown.results["p_value"].isna().all() and shown.results["estimate"].notna().any()
    assert not any(
        note.startswith(("Standardised difference: p", "Odds ratios of")) for note in shown.footnotes
    )


def test_a_covariate_that_the_filter_holds_is_left_out_and_named(derived):
    shown = build("adjusted", derived(DATA), View(filters=(("SEX", ("F",)),)))
    assert "Held at one level by the filter, not in the model: SEX." in shown.footnotes
    assert not (shown.results["term"] == "SEX: M").any()


def test_arms_that_were_not_randomised_are_an_association(derived):
    data = derived("nct04915482")
    for output_id in IDS:
        shown = build(output_id, data, View())
        assert any(note.startswith("Association; arms were not randomised.") for note in shown.footnotes)
        assert not any(note.startswith("Standardised difference: p") for note in shown.footnotes)
    notes = build("adjusted", data, View()).footnotes
    assert "Adjusting for covariates is no substitute for the comparability analysis." in notes
    assert not (
        build("adjusted", data, View()).results["method"] == "standardised (influence function)"
    ).any()


def test_the_adjusted_difference_stands_beside_the_unadjusted(derived):
    shown = build("adjusted", derived(DATA), View())
    first = shown.cards[0]
    assert first.method == "standardised (influence function)"
    assert list(first.others["Method"])[-1] == "unadjusted Miettinen-Nurminen"
    unadjusted = build("response_rates", derived(DATA), View()).results
    mine = shown.results.set_index(["measure", "method"])
    theirs = unadjusted[unadjusted["measure"] != "rate"].set_index(["measure", "method"])
    pair = (
        mine.loc[("difference", "unadjusted Miettinen-Nurminen")],
        theirs.loc[("difference", "Miettinen-Nurminen")],
    )
    for column in ("estimate", "conf_low", "conf_high"):
        assert pair[0][column] == pytest.approx(pair[1][column], rel=1e-12)


def test_an_unadjusted_estimate_is_on_a_card_only_where_it_estimates_the_same(derived):
    """The table keeps it; without randomisation the adjusted difference is another quantity."""
    for name, measures in ((DATA, {"difference", "risk ratio"}), ("nct04915482", set())):
        shown = build("adjusted", derived(name), View())
        beside = {
            card.title.split(",")[0].removeprefix("Adjusted ")
            for card in shown.cards
            if card.others["Method"].str.startswith("unadjusted").any()
        }
        assert beside == measures
        assert shown.table["Method"].str.startswith("unadjusted").sum() == 3


def test_a_separated_outcome_has_an_odds_ratio_but_no_standardised_difference(derived):
    data = derived(DATA)
    adrs = data.adrs.copy()
    responders = data.adsl.loc[data.adsl["TRT01P"] == "IGU+RTX", "USUBJID"]
    adrs.loc[adrs["USUBJID"].isin(responders) & adrs["AVAL"].notna(), "AVAL"] = 1.0
    shown = build("adjusted", dataclasses.replace(data, adrs=adrs), View())
    assert "Firth" in shown.table.loc[shown.table["Measure"] == "Odds ratio", "Method"].iloc[0]
    assert shown.table.loc[0, "Estimate"] == "not estimable"
    assert any(note.startswith("A covariate or the arm separates the answers") for note in shown.footnotes)


def test_a_covariate_that_separates_wholly_leaves_an_odds_ratio_with_limits(derived):
    """Responders F, others M. R optim from 12 starts: both p; the profile has fallen by 1.92073 at both limits."""
    data = derived(DATA)
    adrs = data.adrs
    responders = adrs.loc[(adrs["PARAMCD"] == "OR1Y") & (adrs["AVAL"] == 1), "USUBJID"]
    sex = np.where(data.adsl["USUBJID"].isin(responders), "F", "M")
    results = build("adjusted", dataclasses.replace(data, adsl=data.adsl.assign(SEX=sex)), View()).results
    odds = results[results["method"] == "Firth logistic regression"]
    arm, of_sex = odds[odds["measure"] == "odds ratio"].iloc[0], odds[odds["term"] == "SEX: M"].iloc[0]
    assert arm["p_value"] == pytest.approx(0.9194839, abs=1e-5)
    assert of_sex["p_value"] == pytest.approx(1.060973e-25, rel=1e-3)
    assert arm[["conf_low", "conf_high"]].tolist() == pytest.approx([0.00722097, 144.1961], rel=1e-4)


@pytest.mark.parametrize("counts", ["all", "outside"])
def test_a_grey_line_has_at_most_100_characters(derived, counts):
    for output_id, chosen in (
        ("platelet_area", {"counts": counts}),
        ("stratified", {"strata": "SEX,STERFL", "missing": "exclude"}),
    ):
        assert len(build(output_id, derived(DATA), View(), **chosen).subtitle) <= 100


def test_no_gap_without_its_reason(look):
    for output_id in IDS:
        shown = build(output_id, look, View())
        if shown.empty:
            continue
        gaps = shown.results[shown.results["estimate"].isna() & shown.results["p_value"].isna()]
        assert (gaps["note"] != "").all(), output_id
        assert not np.isin(["nan", "NaN"], shown.table.to_numpy()).any()
