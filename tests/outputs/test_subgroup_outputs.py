"""The forest of subgroups: its numbers against a recount, who is listed, what is hidden and what is said."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from outputs.catalogue import build
from outputs.output import View
from outputs.subgroup_numbers import METHODS
from outputs.subgroups import METHODS_SHOWN
from trialdata.definition import Arm, Subgroup

RANDOMISED, CHOSEN = "nct07057778", "nct04915482"
FILTERED = View(filters=(("SEX", ("F",)),))


def with_definition(data, **changes):
    definition = data.definition.replace(**changes)
    return dataclasses.replace(data, study=dataclasses.replace(data.study, definition=definition))


def with_subgroups(data, *subgroups: Subgroup):
    return with_definition(data, subgroups=tuple(subgroups))


def test_the_counts_of_a_level_are_those_of_a_recount(derived):
    data = derived(RANDOMISED)
    counts = build("subgroups", data, View()).results
    counts = counts[(counts["measure"] == "count") & (counts["column"] == "SEX")]
    due = data.adrs[(data.adrs["PARAMCD"] == data.definition.leading.paramcd) & (data.adrs["DUEFL"] == "Y")]
    responded = set(due.loc[due["AVALC"].isin(["CR", "R"]), "USUBJID"])
    for row in counts.itertuples():
        own = [
            person["USUBJID"]
            for person in data.adsl.to_dict("records")
            if (person["SEX"], person["TRT01P"], person["FASFL"]) == (row.level, row.arm, "Y")
            and person["USUBJID"] in set(due["USUBJID"])
        ]
        assert (row.n, row.N) == (len(responded & set(own)), len(own))


@pytest.mark.parametrize("measure", METHODS)
def test_whoever_is_counted_is_listed(look, measure):
    output = build("subgroups", look, View(), measure=measure)
    listed = output.records.groupby(["LEVEL", "ARM"])["USUBJID"].nunique()
    labels = {s.column: s.label for s in look.definition.subgroups}
    for row in output.results[output.results["measure"] == "count"].itertuples():
        key = f"{labels[row.column]} {row.level}" if row.column else "All participants"
        assert listed.get((key, row.arm), 0) == row.N, key


def test_the_overall_row_is_the_comparison_of_the_response_page(derived):
    data = derived(RANDOMISED)
    comparison = build("comparison", data, View()).results
    for measure, methods in METHODS_SHOWN.items():
        if measure == "hazard ratio":
            continue
        for method in methods:
            results = build("subgroups", data, View(), measure=measure, method=method).results
            (ours,) = results[(results["measure"] == measure) & (results["column"] == "")].itertuples()
            there = comparison[(comparison["measure"] == measure) & (comparison["method"] == ours.method)]
            for row in there.itertuples():
                assert (ours.estimate, ours.conf_low, ours.conf_high) == (
                    row.estimate,
                    row.conf_low,
                    row.conf_high,
                )


def test_a_level_and_its_filter_agree(derived):
    """The row "F" is the difference of the response page under the filter "F"."""
    data = derived(RANDOMISED)
    forest = build("subgroups", data, View()).results
    (ours,) = forest[(forest["measure"] == "difference") & (forest["level"] == "F")].itertuples()
    rates = build("response_rates", data, FILTERED).results
    (there,) = rates[rates["method"] == "Miettinen-Nurminen"].itertuples()
    assert (ours.estimate, ours.conf_low, ours.conf_high) == (there.estimate, there.conf_low, there.conf_high)


def test_a_filter_hides_the_interactions_and_keeps_the_estimates(derived):
    output = build("subgroups", derived(RANDOMISED), FILTERED)
    assert "interaction" not in set(output.results["measure"]) and output.results["p_value"].isna().all()
    assert output.results["estimate"].notna().sum() > 5
    assert "exploratory" in output.badges
    assert any("hidden under a filter" in note for note in output.footnotes)
    assert not any("p, nominal" in card.others for card in output.cards)
    words = output.figure("light", False).to_json()
    assert "interaction" not in words
    assert "SEX has one level, F: nothing to compare within it" in output.results["note"].to_list()


def test_arms_that_were_not_randomised_are_an_association(derived):
    output = build("subgroups", derived(CHOSEN), View())
    assert "Association; arms were not randomised." in output.footnotes
    assert "Association" in output.detail
    assert not any("p, nominal" in card.others for card in output.cards)


def test_every_missing_number_has_its_reason(look):
    for measure in METHODS:
        results = build("subgroups", look, View(), measure=measure).results
        rows = results[results["measure"].isin([measure, "interaction"])]
        without = rows["estimate"].isna() & rows["p_value"].isna()
        assert (rows.loc[without, "note"] != "").all(), measure
        assert results["method"].notna().all()


def test_an_unknown_measure_or_method_names_the_known_ones(derived):
    with pytest.raises(ValueError, match="measure is 'mean'; expected one of"):
        build("subgroups", derived(RANDOMISED), View(), measure="mean")
    with pytest.raises(ValueError, match=r"method is 'Katz log'; expected one of .*Newcombe"):
        build("subgroups", derived(RANDOMISED), View(), method="Katz log")


def test_the_pages_methods_are_known():
    for measure, shown in METHODS_SHOWN.items():
        assert set(shown) - {""} < set(METHODS[measure])


def test_a_time_endpoint_is_the_one_chosen(derived):
    data = derived(RANDOMISED)
    chosen = next(e for e in data.definition.endpoints if e.kind == "time_to_response")
    output = build("subgroups", data, View(endpoint=chosen.paramcd), measure="hazard ratio")
    assert output.headline.startswith(chosen.label.split(",")[0].split("(")[0].strip())
    rate = build("subgroups", data, View(endpoint=chosen.paramcd))
    assert rate.headline.startswith("Overall response")


def test_columns_that_cannot_be_shown_are_named_on_screen(derived):
    data = with_subgroups(
        derived(RANDOMISED),
        Subgroup("AGE", "Age, years"),
        Subgroup("ABSENT", "Not there"),
    )
    output = build("subgroups", data, View())
    notes = output.figure("light", False).layout.annotations
    figure = " ".join(note.text for note in notes).replace("<br>", " ")
    for words in ("ABSENT is not in the data: add it to adsl", "20 can be shown: give it cuts"):
        assert words in figure
        assert any(words in cell for cell in output.table["Level"])


def test_a_cut_that_empties_an_arm_says_so_and_what_to_change(derived):
    data = derived(RANDOMISED)
    highest = data.adsl["AGE"].max()
    output = build("subgroups", with_subgroups(data, Subgroup("AGE", "Age", cuts=(float(highest),))), View())
    (level,) = output.results[
        (output.results["measure"] == "difference") & (output.results["level"] == f"≥ {highest:g}")
    ].itertuples()
    assert level.note in ("too few", "nobody in RTX", "nobody in IGU+RTX")
    if level.note.startswith("nobody"):
        assert any("choose other cuts for AGE" in note for note in output.footnotes)


def test_missing_is_a_level_of_its_own(derived):
    data = derived(RANDOMISED)
    some = data.adsl.assign(SEX=data.adsl["SEX"].where(np.arange(len(data.adsl)) % 3 > 0, ""))
    output = build("subgroups", dataclasses.replace(data, adsl=some), View())
    levels = output.results[(output.results["measure"] == "difference") & (output.results["column"] == "SEX")]
    assert list(levels["level"]) == ["F", "M", "missing"]
    (test,) = output.results[
        (output.results["measure"] == "interaction") & (output.results["column"] == "SEX")
    ].itertuples()
    assert test.df == 1


def test_three_arms_are_two_comparisons(derived):
    data = derived(RANDOMISED)
    third = Arm("LOW", "Low dose", "experimental")
    moved = data.adsl["TRT01P"].where(
        (np.arange(len(data.adsl)) % 3 > 0) | (data.adsl["TRT01P"] == ""), "LOW"
    )
    three = with_definition(
        dataclasses.replace(data, adsl=data.adsl.assign(TRT01P=moved)),
        arms=(*data.definition.arms, third),
    )
    output = build("subgroups", three, View())
    rows = output.results[(output.results["measure"] == "difference") & (output.results["column"] == "")]
    assert list(rows["comparison"]) == ["IGU+RTX - RTX", "LOW - RTX"]
    assert len(output.cards) == 2 and "Comparison" in output.table
    for theme, compact in (("light", False), ("dark", True)):
        assert len(output.figure(theme, compact).data) > 4


def test_one_arm_has_counts_and_nothing_to_compare(derived):
    output = build("subgroups", derived(RANDOMISED, view="pooled"), View())
    assert output.empty == "One arm: nothing to compare." and output.figure is None
    assert list(output.table.columns) == ["Subgroup", "Level", *[arm.label for arm in output.arms]]
    assert output.cards == ()
    assert not pd.isna(output.results["n"]).all()
