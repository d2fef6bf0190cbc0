"""The outputs about those due without an answer, with answers put into the sample trials by hand."""

import dataclasses

import numpy as np
import pytest

from analysis.proportions import miettinen_nurminen
from outputs.catalogue import build
from outputs.output import View
from trialdata.definition import Arm

WEEK_12 = View(endpoint="RESPW12")
WOMEN = View(endpoint="RESPW12", filters=(("SEX", ("F",)),))
BOTH = "pending and missing"


def with_answers(data, paramcd: str, answer: str, **by_arm: int):
    """So many of the non-responders of an arm (code without "+") are given another AVALC."""
    adrs = data.adrs.copy()
    arm_of = data.adsl.set_index("USUBJID")["TRT01P"].str.replace("+", "", regex=False)
    arms = adrs["USUBJID"].map(arm_of)
    for arm, n in by_arm.items():
        own = adrs[(adrs["PARAMCD"] == paramcd) & (arms == arm) & adrs["AVALC"].isin(["NR", "N"])]
        adrs.loc[own.index[:n], "AVALC"] = answer
        adrs.loc[own.index[:n], "AVAL"] = np.nan
    return dataclasses.replace(data, adrs=adrs)


def differences(output):
    rows = output.results[output.results["measure"] == "difference"]
    return rows.set_index("strategy")


def test_readings_of_the_missing_answers_at_week_12(derived):
    """Recounted from ADRS: 5 and 4 missing, 40 of 60 and 26 of 59 respond."""
    output = build("missing_strategies", derived("nct07057778"), WEEK_12)
    rows = differences(output)
    assert list(rows.index) == ["nonresponse", "available", "best", "worst", "all", "carried", "imputed"]
    for strategy, (x1, n1, x0, n0) in {
        "nonresponse": (40, 60, 26, 59),
        "available": (40, 55, 26, 55),
        "best": (45, 60, 26, 59),
        "worst": (40, 60, 30, 59),
        "all": (45, 60, 30, 59),
    }.items():
        assert rows.loc[strategy, "estimate"] == pytest.approx(x1 / n1 - x0 / n0)
        limits = rows.loc[strategy, ["conf_low", "conf_high"]].tolist()
        assert limits == pytest.approx(list(miettinen_nurminen(x1, n1, x0, n0)))
    assert rows.loc["worst", "estimate"] < rows.loc["imputed", "estimate"] < rows.loc["best", "estimate"]
    assert output.headline == "Response at week 12: 9 of 119 answers are missing"
    assert output.table.loc[0, "Reading"] == "Missing: no response (main)"
    (card,) = output.cards
    assert "Worst case does not" in card.disagreement


def test_those_without_an_answer_are_listed(derived):
    output = build("missing_strategies", derived("nct07057778"), WEEK_12)
    assert output.records.groupby("ARM").size().to_dict() == {"IGU+RTX": 5, "RTX": 4}
    assert set(output.records["STATE"]) == {"MISSING"}
    assert build("tipping_point", derived("nct07057778"), WEEK_12).records.equals(output.records)


def test_pending_answers_are_taken_otherwise_only_when_asked_for(derived):
    data = with_answers(derived("nct07057778"), "OR1Y", "PENDING", IGURTX=2, RTX=3)
    alone = build("missing_strategies", data, View())
    assert alone.empty == (
        "Nobody due is missing: nothing to impute. 5 answers pending: choose pending and missing."
    )
    both = build("missing_strategies", data, View(), which=BOTH)
    assert both.empty == "" and len(both.records) == 5
    rows = differences(both)
    assert rows.loc["best", "estimate"] == pytest.approx(50 / 60 - 34 / 59)
    assert rows.loc["worst", "estimate"] == pytest.approx(48 / 60 - 37 / 59)
    assert "Pending: 2 of 60 in Iguratimod + rituximab and 3 of 59 in Rituximab." in both.footnotes[0]
    mixed = with_answers(data, "OR1Y", "MISSING", IGURTX=1)
    assert "The pending (5) stay no response here." in build("missing_strategies", mixed, View()).footnotes


def test_nothing_missing_is_said(derived):
    for name in ("missing_strategies", "tipping_point"):
        output = build(name, derived("nct07057778"), View())
        assert output.empty == (
            "All 119 participants due have an answer: nothing to impute. "
            "There are missing answers to Response at week 12 and Response at week 26."
        )


def test_an_unknown_choice_is_refused(derived):
    with pytest.raises(ValueError, match="expected one of"):
        build("tipping_point", derived("nct07057778"), WEEK_12, which="pending")


def test_the_main_reading_is_the_one_of_the_endpoint(derived):
    data = derived("nct07057778")
    endpoints = tuple(dataclasses.replace(e, missing="exclude") for e in data.definition.endpoints)
    study = dataclasses.replace(
        data.study, definition=dataclasses.replace(data.definition, endpoints=endpoints)
    )
    readings = build("missing_strategies", dataclasses.replace(data, study=study), WEEK_12).table["Reading"]
    assert [reading for reading in readings if "(main)" in reading] == ["Missing: left out (main)"]


def test_a_card_without_the_endpoints_own_reading_says_so(derived):
    """The endpoint leaves out pending and missing; with the missing alone replaced no reading does that."""
    data = with_answers(derived("nct07057778"), "RESPW12", "PENDING", IGURTX=1)
    endpoints = tuple(dataclasses.replace(e, missing="exclude") for e in data.definition.endpoints)
    study = dataclasses.replace(
        data.study, definition=dataclasses.replace(data.definition, endpoints=endpoints)
    )
    own = dataclasses.replace(data, study=study)
    (card,) = build("missing_strategies", own, WEEK_12).cards
    assert card.reason.startswith("The endpoint leaves the pending out too")
    (card,) = build("missing_strategies", own, WEEK_12, which=BOTH).cards
    assert card.reason.startswith("The reading the endpoint names")


def test_the_grid_holds_every_cell_and_counts_those_that_turn(derived):
    """By hand: 40 v 29, 40 v 30 and 41 v 30 of 60 and 59 have a chi-square below 3.841."""
    output = build("tipping_point", derived("nct07057778"), WEEK_12)
    assert len(output.results) == 30
    turned = output.results[output.results["turned"]]
    assert list(zip(turned["added_experimental"], turned["added_control"], strict=True)) == [
        (0, 3),
        (0, 4),
        (1, 4),
    ]
    assert output.headline == "Response at week 12: 3 of 30 cells turn"
    assert output.table.iloc[:, 1].tolist() == ["none", "none", "none", "0", "0 to 1"]
    (panel,) = [trace for trace in output.figure("light", False).data if trace.type == "heatmap"]
    assert sum(map(sum, panel.z)) == 3 and len(panel.z) == 6


def test_under_a_filter_nothing_is_tested(derived):
    for name in ("missing_strategies", "tipping_point", "wilcoxon_at_visit", "platelet_area"):
        output = build(name, derived("nct07057778"), WOMEN)
        assert output.results["p_value"].isna().all() and "p, nominal" not in output.table
        assert not any(card.disagreement for card in output.cards)
        assert "exploratory" in output.badges


def test_arms_that_were_not_randomised_are_an_association(derived):
    for name in ("missing_strategies", "tipping_point", "wilcoxon_at_visit", "platelet_area"):
        output = build(name, derived("nct04915482"), WEEK_12)
        assert "Association; arms were not randomised." in output.detail
        assert not any(card.disagreement for card in output.cards)


def test_one_arm_has_rates_and_no_grid(derived):
    data = derived("nct07057778", view="pooled")
    output = build("missing_strategies", data, WEEK_12)
    assert set(output.results["strategy"]) == {"nonresponse", "available", "all", "carried", "imputed"}
    assert set(output.results["measure"]) == {"rate"}
    assert output.figure("light", True).data
    assert (
        build("tipping_point", data, WEEK_12).empty == "One arm: no comparison whose conclusion could turn."
    )


def three_arms(data):
    """Half of the experimental arm becomes an arm of its own, whose name holds the sign between two arms."""
    first, control = data.definition.arms
    arms = (first, Arm("IGU - HIGH", "Iguratimod high", "experimental"), control)
    definition = dataclasses.replace(data.definition, arms=arms)
    moved = (data.adsl["TRT01P"] == first.trt) & (data.adsl.index % 2 == 0)
    adsl = data.adsl.assign(TRT01P=data.adsl["TRT01P"].mask(moved, arms[1].trt))
    return dataclasses.replace(data, adsl=adsl, study=dataclasses.replace(data.study, definition=definition))


def test_three_arms_are_compared_each_with_control(derived):
    data = three_arms(derived("nct07057778"))
    for name in ("missing_strategies", "tipping_point", "wilcoxon_at_visit", "platelet_area"):
        output = build(name, data, WEEK_12)
        assert set(output.results["comparison"].dropna()) == {"IGU+RTX - RTX", "IGU - HIGH - RTX"}
        if output.figure is not None:
            for compact in (False, True):
                words = output.figure("light", compact).to_json()
                assert "Iguratimod high vs Rituximab" in words


def test_an_arm_with_nobody_due(derived):
    whole = derived("nct07057778")
    data = dataclasses.replace(
        whole, adsl=whole.adsl.assign(FASFL=whole.adsl["FASFL"].where(whole.adsl["TRT01P"] != "RTX", "N"))
    )
    strategies = build("missing_strategies", data, WEEK_12)
    assert differences(strategies)["estimate"].isna().all() and (differences(strategies)["note"] != "").all()
    assert strategies.figure("light", False).layout.height
    assert build("tipping_point", data, WEEK_12).empty.startswith("Nobody in Rituximab")
    rows = build("wilcoxon_at_visit", data, View()).results
    compared = rows[rows["measure"].isin(["difference", "test"])]
    assert set(compared["note"]) == {"an arm has no value"} and compared["p_value"].isna().all()
    assert set(compared["measure"]) == {"difference", "test"}


@pytest.mark.parametrize("name", ["wilcoxon_at_visit", "platelet_area"])
def test_a_visit_that_is_not_scheduled_is_refused(derived, name):
    with pytest.raises(ValueError, match="week is '27'; expected one of"):
        build(name, derived("nct07057778"), View(), week="27")


def test_the_visit_is_the_last_mature_longitudinal_one_unless_chosen(derived):
    data = derived("nct07057778")
    assert build("wilcoxon_at_visit", data, View()).headline.startswith("Platelets at week 26: median")
    assert build("wilcoxon_at_visit", data, View(), week="12").title == "Counts at week 12"


def test_counts_outside_rescue_are_fewer(derived):
    data = derived("nct07057778")
    every, outside = (build("wilcoxon_at_visit", data, View(), counts=c) for c in ("all", "outside"))
    assert 0 < len(outside.records) < len(every.records)
    areas = build("platelet_area", data, View(), counts="outside")
    assert (areas.records["DAYS"] <= build("platelet_area", data, View()).records["DAYS"]).all()


def test_every_due_participant_has_weeks(derived):
    output = build("platelet_area", derived("nct07057778"), View(), threshold="30")
    assert len(output.records) == 119 and output.records["WEEKS"].notna().all()
    assert (output.records["WEEKS"] <= 26 + 1 / 7).all()
    with pytest.raises(ValueError, match="threshold '40'"):
        build("platelet_area", derived("nct07057778"), View(), threshold="40")
