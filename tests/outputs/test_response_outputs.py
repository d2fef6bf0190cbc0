"""The response outputs against a recount of ADRS by hand, person by person."""

import dataclasses

import numpy as np
import pytest

from outputs.catalogue import build
from outputs.output import View
from outputs.people import RESPONDERS
from trialdata.definition import RATE_KINDS


def recount(data, population: str, paramcd: str) -> dict[str, tuple[int, int]]:
    """Responders and due by arm, counted one participant after another from ADSL and ADRS."""
    flag = {"FAS": "FASFL", "ITT": "ITTFL", "SAF": "SAFFL"}[population]
    column = "TRT01A" if population == "SAF" else "TRT01P"
    arm_of = {row["USUBJID"]: row[column] for row in data.adsl.to_dict("records") if row[flag] == "Y"}
    counts = {arm.trt: [0, 0] for arm in data.definition.arms}
    for row in data.adrs.to_dict("records"):
        if row["PARAMCD"] == paramcd and row["USUBJID"] in arm_of and row["DUEFL"] == "Y":
            counts[arm_of[row["USUBJID"]]][0] += row["AVALC"] in ("CR", "R", "Y")
            counts[arm_of[row["USUBJID"]]][1] += 1
    return {arm: tuple(pair) for arm, pair in counts.items()}


def test_rates_are_those_of_a_recount(look):
    for endpoint in look.definition.endpoints:
        if endpoint.kind not in RATE_KINDS:
            continue
        for population in ("FAS", "SAF"):
            output = build("response_rates", look, View(population, endpoint.paramcd))
            wilson = output.results[output.results["method"] == "Wilson score"].set_index("arm")
            counted = {arm: (wilson.loc[arm, "n"], wilson.loc[arm, "N"]) for arm in wilson.index}
            assert counted == recount(look, population, endpoint.paramcd)


def test_whoever_is_counted_is_listed(look):
    """The people behind the rate are as many as its numerator and denominator say."""
    output = build("response_rates", look, View())
    wilson = output.results[output.results["method"] == "Wilson score"].set_index("arm")
    people = output.records
    for arm in wilson.index:
        own = people[people["ARM"] == arm]
        assert len(own) == wilson.loc[arm, "N"] == own["USUBJID"].nunique()
        assert (own["ANSWER"] == "responder").sum() == wilson.loc[arm, "n"]
        assert set(own.loc[own["ANSWER"] == "responder", "STATE"]) <= set(RESPONDERS)


def test_who_is_left_out_of_the_denominator_is_not_listed_or_called_counted(derived):
    """Three of the due are made missing and two pending."""
    whole = derived("nct07057778")
    adrs = whole.adrs.copy()
    five = adrs[(adrs["PARAMCD"] == whole.definition.leading.paramcd) & (adrs["AVALC"] == "NR")].index[:5]
    adrs.loc[five, "AVALC"] = ["MISSING"] * 3 + ["PENDING"] * 2
    adrs.loc[five, "AVAL"] = np.nan
    data = dataclasses.replace(whole, adrs=adrs)
    due = build("response_rates", data, View())
    answered = build("response_rates", data, View(), missing="exclude")
    without = due.records["STATE"].isin(["PENDING", "MISSING"])
    assert without.sum() == 5
    assert set(answered.records["USUBJID"]) == set(due.records.loc[~without, "USUBJID"])
    wilson = answered.results[answered.results["method"] == "Wilson score"]
    assert len(answered.records) == wilson["N"].sum()
    assert "participants due and answered at this cut" in answered.detail
    assert "Due and answered" in answered.table and "Due" in due.table


def test_the_ledger_adds_up_and_lists_its_people(look):
    for endpoint in look.definition.endpoints:
        if endpoint.kind not in RATE_KINDS:
            continue
        output = build("ledger", look, View(endpoint=endpoint.paramcd))
        lines = output.results.pivot(index="line", columns="arm", values="n")
        assert (lines.loc["enrolled"] == lines.loc["not_in_set"] + lines.loc["in_set"]).all()
        assert (lines.loc["in_set"] == lines.loc["not_due"] + lines.loc["due"]).all()
        answers = output.results[(output.results["level"] == 1) & (output.results["line"] != "no_bleeding")]
        assert (answers.groupby("arm")["n"].sum() == lines.loc["due"]).all()
        listed = output.records.groupby(["LINE", "ARM"])["USUBJID"].nunique()
        for row in output.results.itertuples():
            if row.arm != "All" and row.line != "no_bleeding":
                assert listed.get((row.line, row.arm), 0) == row.n, (endpoint.paramcd, row.line, row.arm)


def test_everybody_stands_in_one_place(look):
    output = build("standing", look, View())
    assert output.results["n"].sum() == len(output.records) == output.records["USUBJID"].nunique()


def test_headline_p_belongs_to_the_interval_and_only_to_randomised_arms(derived):
    randomised = build("response_rates", derived("nct07057778"), View())
    assert any("Score test" in note and "nominal" in note for note in randomised.footnotes)
    chosen = build("response_rates", derived("nct04915482"), View())
    assert not any("p = " in note or "p < " in note for note in chosen.footnotes)
    assert "Association; arms were not randomised." in chosen.detail


def test_a_filter_hides_every_p_value(derived):
    data = derived("nct07057778")
    filtered = View(filters=(("SEX", ("F",)),))
    rates, comparison = build("response_rates", data, filtered), build("comparison", data, filtered)
    assert rates.results["p_value"].isna().all() and comparison.results["p_value"].isna().all()
    assert "test" not in set(comparison.results["measure"])
    assert "exploratory" in rates.badges
    assert any(note.startswith("Exploratory: only participants with") for note in rates.footnotes)
    curve = build("time_to_response", data, filtered)
    assert not any("Log-rank" in note for note in curve.footnotes)
    assert np.isnan(curve.results["p_value"]).all() if "p_value" in curve.results else True


@pytest.mark.parametrize("study", ["nct07057778", "nct04915482"])
def test_leaving_missing_out_never_enlarges_the_denominator(derived, study):
    data = derived(study)
    for endpoint in data.definition.endpoints:
        if endpoint.kind in RATE_KINDS:
            view = View(endpoint=endpoint.paramcd)
            main = build("response_rates", data, view, missing="nonresponse").results
            sensitivity = build("response_rates", data, view, missing="exclude").results
            rows = data.adrs[(data.adrs["PARAMCD"] == endpoint.paramcd) & (data.adrs["DUEFL"] == "Y")]
            in_set = data.adsl.loc[data.adsl["FASFL"] == "Y", "USUBJID"]
            unknown = rows["USUBJID"].isin(in_set) & rows["AVALC"].isin(["PENDING", "MISSING"])
            wilson = lambda frame: frame.loc[frame["method"] == "Wilson score", "N"].sum()  # noqa: E731
            assert wilson(main) - wilson(sensitivity) == unknown.sum()
