"""Weighted curves, hazard ratios and platelets as outputs: crude beside weighted, and when there is no number."""

import dataclasses

import numpy as np
import pytest
from conftest import NOBODY, ROOT

from analysis.observational.weighted_cox import NO_EVENT
from outputs.basis import Basis
from outputs.catalogue import build
from outputs.observational.words import ONE_ARM, POOLED, RANDOMISED, sentence
from outputs.output import View
from trialdata.study import data_cuts, find_studies

STUDY = "nct04915482"
CUTS = [cut for study in find_studies(ROOT) if study.name == STUDY for cut in data_cuts(study, ROOT)]
OUTPUTS = ("weighted_survival", "weighted_hazard", "weighted_platelets")
TIMES = OUTPUTS[:2]
SAME = {  # what a crude number has beside it
    "weighted_survival": ["measure", "arm", "time"],
    "weighted_hazard": ["measure"],
    "weighted_platelets": ["measure", "arm", "time"],
}


@pytest.mark.parametrize("output_id", OUTPUTS)
@pytest.mark.parametrize("cut", CUTS)
def test_crude_never_stands_alone(derived, output_id, cut):
    output = build(output_id, derived(STUDY, cut), View())
    assert not output.empty
    known = output.results[output.results["estimate"].notna()]
    crude, weighted = (known[known["weights"] == name] for name in ("Crude", "ATO"))
    keys = SAME[output_id]
    assert len(crude)
    assert set(map(tuple, crude[keys].to_numpy())) <= set(map(tuple, weighted[keys].to_numpy()))
    assert any("Crude" in column for column in output.table) or "Crude" in set(output.table["Method"])
    assert "p_value" not in output.results


@pytest.mark.parametrize("output_id", OUTPUTS)
@pytest.mark.parametrize("estimand", ["ATO", "ATE", "ATT"])
def test_each_starts_with_whom_the_answer_is_for(derived, output_id, estimand):
    data = derived(STUDY)
    output = build(output_id, data, View(), estimand=estimand, truncate="5")
    experimental, control = Basis(data, View()).arms
    said = sentence(estimand, experimental, control)
    assert output.subtitle == said and output.detail.startswith(said)
    assert ("truncated at 5% and 95%" in output.headline) == (estimand != "ATO")
    assert "Association; arms were not randomised." in output.footnotes
    assert any("2\u2009000 resamples" in card.method for card in output.cards)


@pytest.mark.parametrize("of", ["treatment_failure", "time_to_response"])
def test_the_crude_numbers_are_those_of_time_comparisons(derived, of):
    data = derived(STUDY)
    page = build("time_comparisons", data, View(), of=of).results
    columns = ["estimate", "conf_low", "conf_high"]
    theirs = page[page["measure"] == "hazard ratio"].iloc[0]
    ratio = build("weighted_hazard", data, View(), of=of).results.set_index("weights").loc["Crude"]
    np.testing.assert_allclose(ratio[columns].astype(float), theirs[columns].astype(float), rtol=1e-12)
    own = build("weighted_survival", data, View(), of=of).results
    own = own[own["weights"] == "Crude"]
    ours, theirs = (
        frame[frame["measure"] == "landmark difference"].set_index("time")[columns] for frame in (own, page)
    )
    np.testing.assert_allclose(ours, theirs.loc[ours.index], rtol=1e-12)


@pytest.fixture
def every_resample(monkeypatch):
    """As many as the product draws: of few, the share without an answer is left to chance."""
    monkeypatch.setattr("analysis.observational.resamples.RESAMPLES", 2000)


def test_first_responses_rise(derived, every_resample):
    """The share with a first response, so that a landmark and its curve add up to 1."""
    results = build("weighted_survival", derived(STUDY), View(), of="time_to_response").results
    own = results[results["weights"] == "ATO"]
    at = own[own["measure"] == "landmark"]
    for row in at.itertuples():
        curve = own[(own["measure"] == "survival") & (own["arm"] == row.arm) & (own["time"] <= row.time)]
        last = curve.iloc[-1]
        assert row.estimate == pytest.approx(1 - last["estimate"])
        assert row.conf_low <= row.estimate <= row.conf_high or row.n_risk < 3
    experimental, control = (at[at["arm"] == arm].set_index("time") for arm in at["arm"].unique())
    apart = own[own["measure"] == "landmark difference"].set_index("time")["estimate"]
    np.testing.assert_allclose(apart, experimental["estimate"] - control["estimate"])


def test_the_title_gives_a_week_with_an_interval(derived, every_resample):
    """By week 52 one participant of an arm is at risk: too few resamples have an answer."""
    output = build("weighted_survival", derived(STUDY), View(), of="time_to_response")
    assert "at week 26" in output.headline and "95% CI" in output.detail
    last = output.table[output.table["Measure"].str.contains("week 52")]
    assert last["Note"].str.contains("more than 5% of the resamples").any()
    assert not output.table["Measure"].str.contains("up to week 52").any()


def test_the_hazard_ratio_has_every_estimand(derived):
    output = build("weighted_hazard", derived(STUDY), View(), estimand="ATT")
    assert output.results["weights"].tolist() == ["Crude", "ATO", "ATE", "ATT"]
    weighted = output.results.iloc[1:]
    assert (weighted["conf_low"] < weighted["estimate"]).all() and (weighted["error"] > 0).all()
    assert (weighted["robust_low"] < weighted["estimate"]).all()
    figure = output.figure("light", False)
    assert [trace.marker.color == "#1C2128" for trace in figure.data] == [False, False, False, True]


def test_truncation_stands_above_the_estimands_it_is_of(derived):
    output = build("weighted_hazard", derived(STUDY), View(), truncate="5")
    words = [note.text for note in output.figure("light", False).layout.annotations]
    assert words.count("<b>Truncated at 5% and 95%</b>") == 1 and "Weights of the treated" in words
    plain = build("weighted_hazard", derived(STUDY), View()).figure("light", False)
    assert not any("runcated" in note.text for note in plain.layout.annotations)


@pytest.mark.parametrize("output_id", OUTPUTS)
def test_no_comparison_is_a_sentence(derived, output_id):
    data = derived(STUDY)
    assert build(output_id, derived("nct07057778"), View()).empty == RANDOMISED
    assert build(output_id, derived(STUDY, view="pooled"), View()).empty == POOLED
    assert build(output_id, data, View(filters=NOBODY)).empty.startswith("Nobody matches")
    alone = dataclasses.replace(data.definition, arms=data.definition.arms[:1])
    arms = (dataclasses.replace(alone.arms[0], role="single"),)
    single = dataclasses.replace(
        data, study=dataclasses.replace(data.study, definition=dataclasses.replace(alone, arms=arms))
    )
    assert build(output_id, single, View()).empty == ONE_ARM
    control = data.definition.control.trt
    few = data.adsl["TRT01P"] != control
    without = dataclasses.replace(data, adsl=data.adsl.assign(FASFL=data.adsl["FASFL"].where(few, "N")))
    assert "no participants to compare" in build(output_id, without, View()).empty


@pytest.mark.parametrize("output_id", OUTPUTS)
def test_an_unknown_choice_is_refused_by_name(derived, output_id):
    data = derived(STUDY)
    for wrong in ({"estimand": "ATX"}, {"truncate": "7"}):
        with pytest.raises(ValueError, match="; expected one of"):
            build(output_id, data, View(), **wrong)
    with pytest.raises(ValueError, match="; expected one of"):
        build(
            output_id,
            data,
            View(),
            **({"of": "duration_of_response"} if output_id in TIMES else {"counts": "x"}),
        )


def with_times(data, **columns):
    return dataclasses.replace(data, adtte=data.adtte.assign(**columns))


def test_nobody_had_the_event(derived):
    data = with_times(derived(STUDY), CNSR=1)
    hazard = build("weighted_hazard", data, View())
    assert set(hazard.results["note"]) == {NO_EVENT} and "no hazard ratio" in hazard.headline
    assert hazard.figure("light", True) and not hazard.empty
    curves = build("weighted_survival", data, View())
    apart = curves.results[curves.results["measure"] == "landmark difference"]
    assert (apart["estimate"] == 0).all() and apart["conf_low"].isna().all()
    assert "(no interval)" in curves.detail and curves.figure("dark", True)


def test_one_event(derived):
    data = derived(STUDY)
    failing = (data.adtte["CNSR"] == 0) & (data.adtte["PARAMCD"] == "TTF")
    first = data.adtte.index == data.adtte.index[failing][0]
    data = with_times(data, CNSR=np.where(first, 0, 1))
    hazard = build("weighted_hazard", data, View())
    assert "immature" in hazard.badges and hazard.results["conf_low"].isna().all()
    assert build("weighted_survival", data, View()).figure("light", False)


def test_no_count_and_no_time(derived):
    data = derived(STUDY)
    nothing = dataclasses.replace(data, adlb=data.adlb[:0], adtte=data.adtte[:0])
    assert build("weighted_platelets", nothing, View()).empty == "No platelet count at this cut."
    for output_id in TIMES:
        assert build(output_id, nothing, View()).empty


def test_a_time_that_is_missing_is_no_participant(derived):
    data = derived(STUDY)
    lost = data.adtte["USUBJID"].isin(sorted(set(data.adtte["USUBJID"]))[:4])
    data = with_times(data, AVAL=data.adtte["AVAL"].mask(lost))
    for output_id in TIMES:
        output = build(output_id, data, View())
        assert "90 participants of the two arms" in " ".join(output.footnotes)
    assert build("weighted_survival", data, View()).records["USUBJID"].nunique() == 90


def test_an_estimand_without_an_answer_leaves_the_others(derived, monkeypatch):
    def refused(self, estimand, *, truncate=0.0):
        return "Too few remain." if estimand == "ATE" else ""

    monkeypatch.setattr("analysis.observational.propensity.Propensity.refused", refused)
    data = derived(STUDY)
    for output_id in ("weighted_survival", "weighted_platelets"):
        assert build(output_id, data, View(), estimand="ATE").empty == "Too few remain."
    hazard = build("weighted_hazard", data, View(), estimand="ATE")
    row = hazard.table.set_index("Method").loc["Inverse probability weights"]
    assert row["Hazard ratio"] == "not given" and row["Note"] == "Too few remain."
    assert "no hazard ratio" in hazard.headline and hazard.figure("light", True)
    monkeypatch.setattr(
        "analysis.observational.propensity.Propensity.refused", lambda *_, **__: "Too few remain."
    )
    assert build("weighted_hazard", data, View()).empty == "Too few remain."


def test_counts_outside_rescue(derived):
    data = derived(STUDY)
    every, outside = (
        build("weighted_platelets", data, View(), counts=counts) for counts in ("all", "outside")
    )
    assert every.results["n"].sum() > outside.results["n"].sum()
    assert "outside the shadow of rescue" in " ".join(outside.footnotes)


def test_participants_behind_a_median(derived):
    output = build("weighted_platelets", derived(STUDY), View())
    counted = output.records.groupby(["ARM", "WEEK"]).size()
    shown = output.results[(output.results["weights"] == "ATO") & (output.results["arm"] != "")]
    for row in shown.itertuples():
        assert counted.get((row.arm, f"{row.time:g}"), 0) == row.n


def test_the_same_answer_twice(derived):
    data = derived(STUDY, CUTS[0])
    first, second = (build("weighted_survival", data, View()).results for _ in range(2))
    assert first.equals(second)
