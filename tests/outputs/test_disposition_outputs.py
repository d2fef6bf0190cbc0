"""Flow, completeness, withdrawals and baseline on the sample: they add up, hide what they must, and say why."""

import dataclasses

import pandas as pd
import pytest

from analysis.adam import derive
from outputs.catalogue import build
from outputs.files import for_file
from outputs.output import View
from outputs.small_cells import NOT_SHOWN

STUDY = "nct07057778"
FLOW = ("participant_flow", View())
BY_REASON = {"participant_flow": "reason", "withdrawal_reasons": "level"}
ALL_FOUR = ("participant_flow", "follow_up_completeness", "withdrawals", "withdrawal_reasons")


def n_of(output, arm="All") -> dict[str, int]:
    """The flow's counts without reasons, by step."""
    own = output.results[(output.results["arm"] == arm) & (output.results["reason"] == "")]
    return dict(zip(own["step"], own["n"], strict=True))


def with_adsl(data, **columns):
    """The study derived anew with columns of adsl replaced."""
    return derive(dataclasses.replace(data.study, adsl=data.study.adsl.assign(**columns)))


def test_the_flow_adds_up_at_every_cut(look):
    output = build("participant_flow", look, View())
    for arm in (*(arm.trt for arm in look.definition.arms), "All"):
        n = n_of(output, arm)
        assert n["TREATED"] + n["UNTREATED"] == n["ASSIGNED"]
        assert n["LEFT"] + n["COMPLETED"] + n["ONSTUDY"] == n["ASSIGNED"]
        assert n["DUE"] + n["NOTDUE"] == n["SET FAS"]
        own = output.results[(output.results["arm"] == arm) & (output.results["step"] == "LEFT")]
        assert own.loc[own["reason"] != "", "n"].sum() == n["LEFT"]
    whole = n_of(output)
    if len(look.screen_failures):
        assert whole["SCREENED"] == whole["FAILED"] + whole["ASSIGNED"]
    else:
        assert "SCREENED" not in whole


def test_the_flow_agrees_with_what_other_pages_say(look):
    flow = build("participant_flow", look, View())
    arms = build("arms", look, View()).results.set_index("arm")
    rates = build("response_rates", look, View(endpoint=look.definition.leading.paramcd)).results
    for arm in look.definition.arms:
        n, known = n_of(flow, arm.trt), arms.loc[arm.trt]
        assert (n["ASSIGNED"], n["TREATED"], n["SET FAS"]) == tuple(known[["enrolled", "treated", "in_set"]])
        assert (n["COMPLETED"], n["LEFT"]) == (known["completed"], known["withdrawn"] + known["died"])
        of_rate = rates[(rates["arm"] == arm.trt) & rates["N"].notna()]["N"].iloc[0]
        assert n["ANALYSED"] == of_rate == known["due"]


def test_every_count_of_the_flow_leads_to_its_participants(look):
    output = build("participant_flow", look, View())
    trts = [arm.trt for arm in look.definition.arms]
    for row in output.results.itertuples():
        own = output.records[output.records["STEP"] == row.label]
        own = own[own["ARM"] == row.arm] if row.arm in trts else own
        assert own["USUBJID"].nunique() == len(own) == row.n


def test_screen_failures_are_in_no_other_count(derived):
    data = derived(STUDY)
    failed = set(data.screen_failures["USUBJID"])
    assert len(failed) == 20
    for frame in (data.adsl, data.adrs, data.adtte, data.adlb):
        assert not failed & set(frame["USUBJID"])
    without = derive(
        dataclasses.replace(data.study, adsl=data.study.adsl[~data.study.adsl["USUBJID"].isin(failed)])
    )
    for output_id in (
        "status",
        "arms",
        "enrolment",
        "sites",
        "standing",
        "ledger",
        "participants",
        "completeness",
    ):
        one, other = (build(output_id, each, View()) for each in (data, without))
        pd.testing.assert_frame_equal(one.results, other.results)
        pd.testing.assert_frame_equal(one.table, other.table)
    n = n_of(build("participant_flow", without, View()))
    assert "SCREENED" not in n and n["ASSIGNED"] == 120


@pytest.mark.parametrize("word", ["SCREEN FAILURE", "SCRNFAIL", "筛选失败"])
def test_screen_failures_are_known_by_other_words(derived, word):
    data = derived(STUDY)
    planned = data.study.adsl["TRT01P"].replace("Screen failure", word)
    assert n_of(build("participant_flow", with_adsl(data, TRT01P=planned), View()))["FAILED"] == 20


def test_under_a_filter_the_flow_begins_with_enrolled(derived):
    output = build("participant_flow", derived(STUDY), View(filters=(("SEX", ("F",)),)))
    assert "SCREENED" not in n_of(output)
    assert "Screen failures are not shown under a filter." in output.footnotes


def test_only_who_was_randomised_is_called_so(derived):
    data = derived(STUDY)
    assert "Randomised" in set(build("participant_flow", data, View()).results["label"])
    first = data.study.adsl["USUBJID"] == data.study.adsl["USUBJID"].iloc[0]
    doubtful = with_adsl(data, RANDFL=data.study.adsl["RANDFL"].mask(first, "N"))
    labels = set(build("participant_flow", doubtful, View()).results["label"])
    assert "Assigned" in labels and "Randomised" not in labels
    assert "Assigned" in set(build("participant_flow", derived("nct04915482"), View()).results["label"])


def test_the_safety_set_follows_the_planned_arm_here(derived):
    data = derived(STUDY)  # one participant planned for RTX had the combination
    safety = View(population="SAF")
    flow = build("participant_flow", data, safety)
    assert n_of(flow, "IGU+RTX")["SET SAF"] == 60 and n_of(flow, "RTX")["SET SAF"] == 59
    assert n_of(flow, "RTX")["ELSEWHERE"] == 1
    table = build("baseline_table", data, safety)
    assert table.table.iloc[0].tolist()[:5] == ["Participants", "n", "60", "59", "119"]
    assert "By the planned arm." in table.footnotes


def test_where_missing_answers_are_excluded_they_stand_apart(derived):
    data = derived(STUDY)
    leading = data.definition.leading
    first = data.adrs[(data.adrs["PARAMCD"] == leading.paramcd) & (data.adrs["DUEFL"] == "Y")].index[:3]
    adrs = data.adrs.assign(AVAL=data.adrs["AVAL"].mask(data.adrs.index.isin(first)))
    endpoints = tuple(
        dataclasses.replace(e, missing="exclude") if e.paramcd == leading.paramcd else e
        for e in data.definition.endpoints
    )
    study = dataclasses.replace(data.study, definition=data.definition.replace(endpoints=endpoints))
    n = n_of(build("participant_flow", dataclasses.replace(data, study=study, adrs=adrs), View()))
    assert (n["UNANSWERED"], n["DUE"] - n["ANALYSED"]) == (3, 3)


def test_the_pooled_view_shows_no_reason_and_no_difference(derived):
    data = derived(STUDY, view="pooled")
    flow = build("participant_flow", data, View())
    n = n_of(flow)
    assert (n["SCREENED"], n["FAILED"], n["ASSIGNED"]) == (140, 20, 120)
    for output_id, column in BY_REASON.items():
        output = build(output_id, data, View())
        assert (output.results[column] == "").all()
        assert any("no reasons of leaving" in note for note in output.footnotes)
    balance = build("baseline_balance", data, View())
    assert balance.results.empty and balance.empty == "The pooled view has one arm: no differences."
    assert "Standardised difference" not in build("baseline_table", data, View()).table


def test_without_reasons_they_are_not_recorded(derived):
    data = derived(STUDY)
    output = build("withdrawal_reasons", with_adsl(data, DCSREAS=""), View())
    assert output.table["Reason"].tolist() == ["Left the study", "\N{EM SPACE}Reason not recorded"]


@pytest.mark.parametrize("output_id", ALL_FOUR)
def test_one_arm_without_anybody(derived, output_id):
    data = derived(STUDY)
    adsl = data.study.adsl
    alone = derive(dataclasses.replace(data.study, adsl=adsl[adsl["TRT01P"] != "RTX"]))
    output = build(output_id, alone, View())
    if output.figure is not None:
        output.figure("light", False)
    assert not output.empty


def test_days_of_few_participants_are_not_shown(derived):
    """Those of one would be the day of the cut, and so would all less the other arm."""
    data = derived(STUDY)
    adsl = data.study.adsl
    few = pd.concat([adsl[adsl["TRT01P"] == "RTX"].head(2), adsl[adsl["TRT01P"] == "IGU+RTX"]])
    output = build("follow_up_completeness", derive(dataclasses.replace(data.study, adsl=few)), View())
    shown = output.results.set_index("arm")
    assert shown.loc[["RTX", "All"], ["days", "possible", "estimate"]].isna().all(axis=None)
    assert shown.loc["IGU+RTX", "days"] > 0
    assert any("fewer than five" in note for note in output.footnotes)


# Baseline


def test_a_file_holds_no_small_cell_nor_what_gives_it_back(look):
    output = build("baseline_table", look, View())
    told = for_file(output).results
    counts = told[told["measure"].isin(["number", "level", "missing"])]
    assert not counts["n"].dropna().between(1, 4).any()
    whole = output.results.loc[counts.index]
    for _, own in counts.groupby(["variable", "arm"]):  # one unknown cell alone follows from the sum
        left_out = own.index[own["n"].isna()]
        assert len(left_out) != 1 or not whole.loc[left_out, "n"].between(1, 4).any()
    hidden = counts["n"].isna()
    assert counts.loc[hidden, ["estimate", "sd", "median", "minimum"]].isna().all(axis=None)
    unknown = whole[(whole["measure"] == "missing") & whole["n"].between(1, 4)]
    for row in unknown.itertuples():  # how many are known would tell how many are missing
        known = counts[(counts["variable"] == row.variable) & (counts["arm"] == row.arm)]
        assert known.loc[known["measure"] == "level", ["N", "estimate"]].isna().all(axis=None)
    names = set(counts.loc[hidden, "variable"])
    apart = told[told["measure"] == "standardised difference"]
    assert apart.loc[apart["variable"].isin(names), "estimate"].isna().all()
    assert (NOT_SHOWN in for_file(output).table.to_csv()) == bool(hidden.any())


def test_a_page_shows_every_number(derived):
    table = build("baseline_table", derived(STUDY), View()).table
    assert NOT_SHOWN not in table.to_csv()


def test_every_level_leads_to_its_participants(derived):
    data = derived(STUDY)
    output = build("baseline_table", data, View())
    levels = output.results[output.results["measure"].isin(["level", "missing"])]
    for row in levels.itertuples():
        own = output.records[output.records["LEVEL"] == f"{row.label}, {row.level}"]
        own = own if row.arm == "All" else own[own["ARM"] == row.arm]
        assert len(own) == own["USUBJID"].nunique() == row.n


def test_the_balance_is_that_of_the_table(look):
    table, balance = (build(name, look, View()) for name in ("baseline_table", "baseline_balance"))
    apart = table.results[table.results["measure"] == "standardised difference"]
    assert apart["estimate"].tolist() == balance.results["estimate"].tolist()
    assert "p_value" not in balance.results and "p_value" not in table.results


def test_arms_chosen_by_the_patients_lie_further_apart(derived):
    chosen = build("baseline_balance", derived("nct04915482"), View()).results.set_index("variable")
    assert chosen.loc["BASE", "estimate"] < -0.3  # the lower count, the likelier the combination
