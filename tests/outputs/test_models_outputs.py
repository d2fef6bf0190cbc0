"""The models over time as outputs: what they say of the data, under filters, in pooled and one-arm views."""

import dataclasses
import datetime

import numpy as np
import pytest

from outputs.catalogue import build
from outputs.output import View

FILTERED = View(filters=(("SEX", ("F",)),))
OUTPUTS = ("mmrm", "gee")
EARLIEST = datetime.date(2022, 3, 31)


def test_headline_and_card_give_the_last_visit_of_the_results(derived):
    data = derived("nct07057778")
    output = build("mmrm", data, View())
    rows = output.results[(output.results["label"] == "week 26") & (output.results["measure"] == "ratio")]
    ratio = rows.set_index("method").loc["MMRM Kenward-Roger"]
    assert output.headline.startswith("Platelets at week 26: geometric means ")
    assert output.headline.endswith(f"ratio {ratio.estimate:.2f}")
    (card,) = output.cards
    assert card.estimate == f"{ratio.estimate:.2f}, 95% CI {ratio.conf_low:.2f} to {ratio.conf_high:.2f}"
    assert card.others["Method"].to_list() == [
        "MMRM Kenward-Roger",
        "MMRM Kenward-Roger (observed information)",
        "MMRM Satterthwaite",
        "Constrained LDA Kenward-Roger",
        "ANCOVA (HC3)",
    ]


def test_counts_of_the_model_are_those_of_the_visit_records(look):
    output = build("mmrm", look, View())
    adlb = look.adlb[(look.adlb["PARAMCD"] == "PLAT") & (look.adlb["VISITFL"] == "Y")]
    in_set = look.adsl[look.adsl["FASFL"] == "Y"].set_index("USUBJID")["TRT01P"]
    means = output.results[output.results["measure"] == "geometric mean"]
    assert len(means) == 2 * len(look.definition.longitudinal.weeks)
    for row in means.itertuples():
        of_visit = adlb[(adlb["AVISITN"] == row.time) & adlb["BASE"].notna() & adlb["AVAL"].notna()]
        assert row.n == (of_visit["USUBJID"].map(in_set) == row.arm).sum()


def test_percent_at_or_above_counts_as_the_threshold_output_does(look):
    shown = build("gee", look, View(), threshold="50").results
    counted = build("platelet_thresholds", look, View()).results
    counted = counted[counted["threshold"] == 50].set_index(["arm", "time"])
    shares = shown[shown["measure"] == "proportion"]
    for row in shares.itertuples():
        assert (row.n, row.N) == tuple(counted.loc[(row.arm, row.time), ["n", "N"]])


@pytest.mark.parametrize("output_id", OUTPUTS)
def test_a_filter_hides_every_p_and_keeps_the_intervals(derived, output_id):
    output = build(output_id, derived("nct07057778"), FILTERED)
    assert output.results["p_value"].isna().all() and output.results["statistic"].isna().all()
    assert not output.results["conf_low"].isna().any()
    assert "p, nominal" not in output.table
    assert not any("p = " in note or "p < " in note for note in output.footnotes)
    assert all("p, nominal" not in card.others and not card.disagreement for card in output.cards)


@pytest.mark.parametrize("output_id", OUTPUTS)
def test_arms_that_were_not_randomised_have_no_p(derived, output_id):
    randomised = build(output_id, derived("nct07057778"), View())
    assert any("week 26: p " in note and "nominal" in note for note in randomised.footnotes)
    chosen = build(output_id, derived("nct04915482"), View())
    assert not any("p = " in note or "p < " in note for note in chosen.footnotes)
    assert "Association; arms were not randomised. No p-value." in chosen.footnotes


@pytest.mark.parametrize("output_id", OUTPUTS)
def test_the_pooled_view_has_means_and_no_comparison(derived, output_id):
    output = build(output_id, derived("nct07057778", view="pooled"), View())
    assert not output.cards
    assert output.results["comparison"].isna().all()
    assert output.table.shape[1] == 2


@pytest.mark.parametrize("output_id", OUTPUTS)
def test_an_empty_arm_is_named_and_the_other_stays(derived, output_id):
    data = derived("nct07057778")
    alone = dataclasses.replace(
        data, adsl=data.adsl.assign(FASFL=data.adsl["FASFL"].where(data.adsl["TRT01P"] != "RTX", "N"))
    )
    output = build(output_id, alone, View())
    assert any("Nobody in Rituximab" in note for note in output.footnotes)
    assert set(output.results["arm"].dropna()) == {"IGU+RTX"}
    assert output.figure("light", True).data


@pytest.mark.parametrize("output_id", OUTPUTS)
def test_one_participant_is_answered_in_words(derived, output_id):
    data = derived("nct07057778")
    first = data.adsl["USUBJID"] == data.adsl["USUBJID"].iloc[0]
    output = build(output_id, dataclasses.replace(data, adsl=data.adsl[first]), View())
    assert output.empty.startswith("No visit has ")


@pytest.mark.parametrize("output_id", OUTPUTS)
def test_without_modelled_visits_the_definition_is_asked_for_them(derived, output_id):
    data = derived("nct07057778")
    study = dataclasses.replace(data.study, definition=data.definition.replace(longitudinal=None))
    output = build(output_id, dataclasses.replace(data, study=study), View())
    assert "[longitudinal]" in output.empty


def test_few_observed_at_the_last_visit_are_said(derived):
    output = build("mmrm", derived("nct04915482", EARLIEST), View())
    assert "immature" in output.badges
    assert "Counted at week 26: 14 of 27" in output.detail and "3 of 21" in output.detail
    gee = build("gee", derived("nct04915482", EARLIEST), View())
    assert "Left out: week 1 (nobody reached it in BAT)." in gee.footnotes


def test_counts_outside_rescue_are_another_estimand(derived):
    data = derived("nct07057778")
    whole, outside = (build("mmrm", data, View(), counts=counts) for counts in ("all", "outside"))
    assert any("treatment policy" in note for note in whole.footnotes)
    assert any("hypothetical" in note for note in outside.footnotes)
    assert outside.results["n"].sum() < whole.results["n"].sum()


def test_options_outside_the_list_are_refused(derived):
    data = derived("nct07057778")
    with pytest.raises(ValueError, match="response is log or change"):
        build("mmrm", data, View(), response="raw")
    with pytest.raises(ValueError, match="counts is all or outside"):
        build("mmrm", data, View(), counts="some")
    with pytest.raises(ValueError, match="threshold is one of 30, 50, 100"):
        build("gee", data, View(), threshold="40")


def test_change_is_written_with_its_sign(derived):
    output = build("mmrm", derived("nct07057778"), View(), response="change")
    rows = output.results[
        (output.results["label"] == "week 26") & (output.results["measure"] == "difference")
    ]
    estimate = rows["estimate"].iloc[0]
    assert output.headline.endswith(f"difference {'+' if estimate > 0 else '−'}{abs(np.round(estimate)):.0f}")
