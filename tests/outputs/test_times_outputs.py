"""Time comparisons as they are read: numbers against those of the analysis, words, filters, refusals."""

import dataclasses
from datetime import date

import numpy as np
import pytest

from analysis.cox import hazard_ratios
from outputs import times
from outputs.basis import Basis
from outputs.catalogue import build
from outputs.output import View
from outputs.time_endpoints import endpoint_of_kind

IGU, TPO = "nct07057778", "nct04915482"
KINDS = ("treatment_failure", "time_to_response", "duration_of_response")
WOMEN = View(filters=(("SEX", ("F",)),))


def measured(output, measure: str):
    return output.results[output.results["measure"] == measure]


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_or_its_reason(look, kind):
    output = build("time_comparisons", look, View(), of=kind, strata="SEX")
    assert output.empty or not output.results.empty
    if not output.empty:
        tests = output.results["measure"].isin(["log-rank", "landmark test"])
        missing = np.where(tests, output.results["p_value"].isna(), output.results["estimate"].isna())
        assert (output.results.loc[missing, "note"] != "").all()
        no_limits = output.results["conf_low"].isna() | output.results["conf_high"].isna()
        assert (output.results.loc[no_limits & ~tests, "note"] != "").all()


def test_the_headline_is_the_cox_ratio_of_that_endpoint(derived):
    data = derived(IGU)
    basis = Basis(data, View())
    for kind, event in zip(KINDS, ("Treatment failure", "First response", "Loss of response"), strict=True):
        rows = basis.times_of(endpoint_of_kind(basis, kind))
        ratio = hazard_ratios(rows, basis.comparisons)["estimate"].iloc[0]
        output = build("time_comparisons", data, View(), of=kind)
        assert output.headline == f"{event}: hazard ratio {ratio:.2f}"
        events = int((rows["CNSR"] == 0).sum())
        assert f"{events} events in {len(rows)} participants" in output.detail


def test_strata_add_rows_and_are_named(derived):
    data = derived(IGU)
    without = build("time_comparisons", data, View())
    within = build("time_comparisons", data, View(), strata="SEX, AGE")
    methods = set(within.results["method"]) - set(without.results["method"])
    assert methods == {"log-rank, stratified", "Cox, Wald, stratified"}
    assert "Strata: SEX, AGE." in within.footnotes
    assert any("No stratum is named" in note for note in without.footnotes)


def test_a_column_that_cannot_be_a_stratum_is_named(derived):
    output = build("time_comparisons", derived(IGU), View(), strata="SHOESIZE")
    (note,) = output.results.loc[output.results["method"] == "log-rank, stratified", "note"]
    assert note.startswith("SHOESIZE is not a column")
    assert "Strata: SHOESIZE." not in output.footnotes
    assert any(said.startswith("No stratified row: SHOESIZE is not a column") for said in output.footnotes)
    assert any(
        note.startswith("SHOESIZE")
        for note in build("proportional_hazards", derived(IGU), View(), strata="SHOESIZE").footnotes
    )


def test_a_response_is_counted_when_it_comes(derived):
    """Earlier responses in the experimental arm: a ratio above 1, fewer mean weeks without, more points by week 12."""
    output = build("time_comparisons", derived(IGU), View(), of="time_to_response")
    assert measured(output, "hazard ratio")["estimate"].iloc[0] > 1
    assert measured(output, "RMST difference")["estimate"].iloc[0] < 0
    assert measured(output, "landmark difference")["estimate"].iloc[0] > 0
    assert output.table["Measure"].str.contains("Difference with a response by week 12").any()


def test_a_mean_up_to_a_week_that_nobody_reached_is_refused_in_words(derived):
    output = build("time_comparisons", derived(IGU), View(), tau="520")
    (row,) = measured(output, "RMST difference").itertuples()
    assert np.isnan(row.estimate) and row.note.startswith("Week 520 is not within the follow-up of every arm")
    chosen = measured(build("time_comparisons", derived(IGU), View(), tau="26"), "restricted mean")
    assert (chosen["time"] == 182).all() and (chosen["estimate"] <= 182).all()


@pytest.mark.parametrize(
    ("option", "value"), [("of", "death"), ("tau", "a year"), ("tau", "nan"), ("tau", "inf")]
)
def test_an_unknown_choice_is_an_error(derived, option, value):
    with pytest.raises(ValueError, match=option):
        build("time_comparisons", derived(IGU), View(), **{option: value})


def test_under_a_filter_intervals_stay_and_tests_go(derived):
    output = build("time_comparisons", derived(IGU), WOMEN, strata="AGE")
    assert not output.results["measure"].isin(["log-rank", "landmark test"]).any()
    ratio = measured(output, "hazard ratio").iloc[0]
    assert ratio["conf_low"] < ratio["estimate"] < ratio["conf_high"]
    check = build("proportional_hazards", derived(IGU), WOMEN)
    assert check.results["p_value"].isna().all() and "Score test of a constant" not in " ".join(
        check.footnotes
    )


def test_cards_hold_methods_of_one_question_against_each_other(derived):
    ratio, landmark = build("time_comparisons", derived(IGU), View(), strata="SEX").cards
    assert ratio.method == "Cox, Wald"
    assert set(ratio.others["Method"]) == {
        *(
            "Cox, Wald",
            "Cox, profile likelihood",
            "Cox, Wald, stratified",
            "log-rank",
            "log-rank, stratified",
        ),
    }
    assert len(landmark.others) == 2 and landmark.title == "Difference at week 52"
    observational = build("time_comparisons", derived(TPO), View()).cards
    assert not any(card.disagreement for card in observational)


def test_a_card_of_responders_concludes_nothing(derived, monkeypatch):
    """The Cox intervals are made to include 1 and the log-rank test to exclude it."""

    def torn(*arguments):
        rows = compute(*arguments)
        ratios = rows["measure"] == "hazard ratio"
        rows.loc[ratios, "conf_low"], rows.loc[ratios, "conf_high"] = 0.5, 2.0
        rows.loc[rows["measure"] == "log-rank", "p_value"] = 0.01
        return rows

    compute = times.compute
    monkeypatch.setattr(times, "compute", torn)
    concluded = {
        kind: build("time_comparisons", derived(IGU), View(), of=kind).cards[0].disagreement
        for kind in ("treatment_failure", "duration_of_response")
    }
    assert concluded["treatment_failure"].startswith("At the 5% level log-rank excludes no difference")
    assert concluded["duration_of_response"] == ""


def test_one_event_is_one_event(derived):
    data = derived(IGU)
    adtte = data.adtte.assign(CNSR=1)
    adtte.loc[adtte.index[adtte["PARAMCD"] == "TTF"][0], "CNSR"] = 0
    output = build("time_comparisons", dataclasses.replace(data, adtte=adtte), View())
    assert "1 event in 119 participants." in output.detail


def test_responders_only_and_association_are_said(derived):
    output = build("time_comparisons", derived(TPO), View(), of="duration_of_response")
    assert any("randomisation does not protect" in note for note in output.footnotes)
    assert "Association; arms were not randomised." in output.footnotes


def test_the_pooled_view_compares_nothing(derived):
    data = derived(IGU, view="pooled")
    for output_id in ("time_comparisons", "proportional_hazards"):
        assert build(output_id, data, View()).empty == "One arm: nothing to compare."
    followed = build("followup", data, View())
    assert len(followed.table) == 1 and followed.table["Participants"].iloc[0] == "119"


def test_an_incidence_without_limits_has_its_reason(look):
    results = build("cumulative_response", look, View()).results
    curves = results[results["measure"] == "incidence"]
    assert (curves.loc[curves["conf_low"].isna(), "note"] != "").all()
    assert (curves.loc[curves["conf_low"].notna(), "note"] == "").all() and curves["conf_low"].notna().any()


def test_gray_joins_the_cumulative_incidence_where_arms_are_tested(derived):
    output = build("cumulative_response", derived(IGU), View())
    tests = measured(output, "test").set_index("cause")
    assert 0 < tests.loc["response", "p_value"] < 1 and tests.loc["response", "df"] == 1
    assert any(note.startswith("Gray's test: response p = ") for note in output.footnotes)
    for data, view in ((derived(TPO), View()), (derived(IGU), WOMEN)):
        without = build("cumulative_response", data, view)
        assert measured(without, "test").empty and "Gray" not in " ".join(without.footnotes)


def test_follow_up_of_every_arm_and_of_all(derived):
    data = derived(IGU)
    output = build("followup", data, View())
    assert output.table["Arm"].tolist() == ["Iguratimod + rituximab", "Rituximab", "All"]
    followed = data.adsl[data.adsl["FASFL"] == "Y"]
    assert (followed["STATUS"] != "died").all()  # nobody died: the median is the middle day of follow-up
    middle = np.sort(followed["FUDY"])[(len(followed) - 1) // 2]
    assert output.results.set_index("arm").loc["All", "estimate"] == middle


def test_a_follow_up_of_one_participant_is_not_told_and_says_why(derived):
    data = derived(IGU)
    kept = data.adsl.groupby("TRT01P").head(1)["USUBJID"]
    output = build(
        "followup", dataclasses.replace(data, adsl=data.adsl[data.adsl["USUBJID"].isin(kept)]), View()
    )
    numbers = output.results[["estimate", "conf_low", "conf_high"]]
    assert (output.results["N"] < 5).all() and numbers.isna().all(axis=None)
    assert output.results["note"].str.startswith("Too few participants").all()
    assert (build("followup", data, View()).results["note"] == "").all()


def test_a_ratio_without_an_end_is_no_number_in_the_headline(derived):
    """No failure in the experimental arm: the ratio is 0, and its profile interval alone has a limit."""
    data = derived(IGU)
    arm = data.adtte["USUBJID"].map(data.adsl.set_index("USUBJID")["TRT01P"])
    spared = (data.adtte["PARAMCD"] == "TTF") & (arm == "IGU+RTX")
    adtte = data.adtte.assign(CNSR=data.adtte["CNSR"].where(~spared, 1))
    output = build("time_comparisons", dataclasses.replace(data, adtte=adtte), View())
    assert (measured(output, "hazard ratio")["estimate"] == 0).all()
    assert output.headline == "Treatment failure: no finite hazard ratio at this cut"


def test_two_events_are_called_immature_and_drawn_without_a_curve(derived):
    """The earliest cut: two losses of response, on one day."""
    data = derived(TPO, date(2022, 3, 31))
    output = build("time_comparisons", data, View(), of="duration_of_response")
    assert output.headline.endswith("from 2 events") and "immature" in output.badges
    check = build("proportional_hazards", data, View(), of="duration_of_response")
    assert check.empty == "Events on one day only: nothing can change over time."
    few = build("proportional_hazards", derived(IGU, date(2026, 3, 31)), View(), of="duration_of_response")
    assert "no curve is drawn" in few.footnotes[0] and "smooth" not in few.subtitle
