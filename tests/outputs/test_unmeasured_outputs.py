"""What else could explain a difference: in words, where it cannot be told, and what a file leaves out."""

import dataclasses
import datetime

import numpy as np
import pandas as pd
import pytest

from analysis.observational.unmeasured import EValues
from outputs.catalogue import build
from outputs.files import for_file
from outputs.observational.tipping_strength import Strengths, calibrated
from outputs.output import View
from trialdata.definition import NegativeControl

STUDY = "nct04915482"
IDS = ("e_value", "tipping_strength", "left_out", "negative_controls")


def with_controls(data, *controls):
    changed = data.definition.replace(negative_controls=controls)
    return dataclasses.replace(data, study=dataclasses.replace(data.study, definition=changed))


def of_arm(data, value: float, trt: str):
    """The same data, with every answer of the primary endpoint in one arm set to `value`."""
    people = data.adsl.loc[data.adsl["TRT01P"] == trt, "USUBJID"]
    rows = data.adrs["USUBJID"].isin(people)
    return dataclasses.replace(data, adrs=data.adrs.assign(AVAL=data.adrs["AVAL"].mask(rows, value)))


@pytest.mark.parametrize("output_id", IDS)
@pytest.mark.parametrize(
    ("study", "view", "said"),
    [
        ("nct07057778", "true", "randomised"),
        (STUDY, "pooled", "pooled view shows no arms"),
    ],
)
def test_nothing_where_nothing_is_compared(derived, output_id, study, view, said):
    output = build(output_id, derived(study, view=view), View())
    assert said in output.empty and output.results.empty


@pytest.mark.parametrize("output_id", IDS[:3])
def test_nobody_due_is_a_sentence(derived, output_id):
    output = build(output_id, derived(STUDY, datetime.date(2022, 3, 31)), View())
    assert output.empty.startswith("Nobody is due for this endpoint at this cut.")


@pytest.mark.parametrize("output_id", IDS)
def test_an_estimand_that_does_not_exist_is_refused_by_name(derived, output_id):
    with pytest.raises(ValueError, match="estimand is 'ATC'"):
        build(output_id, derived(STUDY), View(), estimand="ATC")


@pytest.mark.parametrize("output_id", IDS)
def test_every_one_says_that_arms_were_not_randomised_and_for_whom(derived, output_id):
    output = build(output_id, derived(STUDY), View(), estimand="ATE")
    assert output.footnotes[0] == "Association; arms were not randomised."
    assert any(note.startswith("For all participants of the trial") for note in output.footnotes)


def test_e_values_follow_from_the_ratio_shown(derived):
    output = build("e_value", derived(STUDY), View())
    ratio, of_estimate, of_limit = output.results.itertuples()
    for value, needed in ((ratio.estimate, of_estimate.estimate), (ratio.conf_low, of_limit.estimate)):
        assert needed == pytest.approx(value + np.sqrt(value * (value - 1)))
    assert f"E-value {of_estimate.estimate:.2f} for the estimate" in output.headline


@pytest.mark.parametrize("output_id", IDS[:2])
def test_no_e_value_without_responders_in_an_arm(derived, output_id):
    output = build(output_id, of_arm(derived(STUDY), 0.0, "BAT"), View())
    assert output.empty == ("No adjusted ratio, so no E-value. Nobody in BAT responds: there is no ratio.")


def test_an_arm_in_which_everybody_responds_has_no_e_value_of_its_limit(derived):
    data = of_arm(derived(STUDY), 1.0, "TPO-RA+aCD20")
    output = build("e_value", data, View())
    assert "No interval, so no E-value of its limit." in output.table["In words"].tolist()
    assert "not estimable" not in output.headline
    strengths = build("tipping_strength", data, View())
    assert strengths.figure("light", False).data


def strongest(with_arm, with_response, estimate, nearer):
    bound = with_arm * with_response / (with_arm + with_response - 1)
    measured = pd.DataFrame(
        [("Prior lines of therapy above 2", with_arm, with_response, bound)],
        columns=["characteristic", "with_arm", "with_response", "explains"],
    )
    needed = [value + np.sqrt(value * (value - 1)) for value in (estimate, nearer)]
    return Strengths(None, {}, EValues(estimate, nearer, *needed), measured)


@pytest.mark.parametrize(
    ("strengths", "said"),
    [
        (
            (1.7, 1.4, 2.3, 1.6),
            "explain the estimate away, something unmeasured would have to be stronger than that in both (4.03 each)",
        ),
        ((5.0, 1.2, 2.3, 1.6), "stronger than that with response (4.03 each)"),
        ((3.0, 3.0, 2.3, 1.2), "as strong could move the limit to no difference"),
        ((4.0, 6.0, 2.3, 1.2), "as strong could explain the estimate away"),
        ((1.7, 1.4, 2.3, 1.0), "The interval includes no difference as it is."),
        ((1.7, 1.4, 1.0, 1.0), "nothing has to be explained"),
    ],
)
def test_the_calibrated_sentence(strengths, said):
    assert said in calibrated(strongest(*strengths))


def test_participants_stand_behind_every_count(derived):
    output = build("tipping_strength", derived(STUDY), View())
    counted = output.records.groupby(["CHARACTERISTIC", "ARM"])["USUBJID"].nunique()
    for name, row in zip(output.table["Measured"], output.results.itertuples(), strict=True):
        assert counted[(name, "TPO-RA+aCD20")] == row.n_experimental
        assert counted[(name, "BAT")] == row.n_control


def test_a_file_holds_no_level_that_few_have_nor_what_would_give_it_back(derived):
    output = build("tipping_strength", derived(STUDY), View())
    few = output.results["n_control"].between(1, 4)
    assert few.any()
    filed = for_file(output)
    hidden = filed.results["covariate"].isin(output.results.loc[few, "covariate"])
    assert filed.results.loc[hidden, ["n_control", "with_arm", "explains"]].isna().all(axis=None)
    assert filed.results.loc[~hidden, "with_arm"].notna().any()
    assert (filed.table.loc[hidden, "Best available therapy"] == "not shown").all()


def test_the_crude_difference_stands_last_beside_the_adjusted_ones(derived):
    output = build("left_out", derived(STUDY), View())
    assert output.table["Score"].iloc[0] == "All covariates"
    assert output.table["Score"].iloc[-1] == "No covariate: crude"
    rates = build("response_rates", derived(STUDY), View()).results
    (known,) = rates[
        (rates["measure"] == "difference") & (rates["method"] == "Miettinen-Nurminen")
    ].itertuples()
    crude = output.results[output.results["left_out"] == "crude"].iloc[0]
    assert (crude["estimate"], crude["conf_low"]) == pytest.approx((known.estimate, known.conf_low))
    assert len(output.table) == 2 + len(derived(STUDY).definition.covariates)


def test_a_study_without_negative_controls_says_what_could_be_named(derived):
    output = build("negative_controls", with_controls(derived(STUDY)), View())
    assert output.headline.startswith("No negative control is named")
    assert any("[[negative_controls]]" in note and "height" in note for note in output.footnotes)
    assert output.results["control"].unique().tolist() == ["Placebo: baseline platelets, not in the score"]


def test_negative_controls_of_every_kind(derived):
    data = with_controls(
        derived(STUDY),
        NegativeControl("Tall", column="HEIGHTBL", value="166"),
        NegativeControl("Colds", terms=("upper respiratory tract infection",)),
        NegativeControl("Absent", column="WEIGHTBL"),
        NegativeControl("Never", terms=("Fall",)),
    )
    output = build("negative_controls", data, View())
    assert any("Absent: WEIGHTBL is not a column of adsl." in note for note in output.footnotes)
    assert any("Never: All participants compared have the same value." in note for note in output.footnotes)
    rows = output.results.set_index(["control", "weighting"])
    events = data.adae[data.adae["AEDECOD"] == "Upper respiratory tract infection"]
    events = events[events["TRTEMFL"] == "Y"]["USUBJID"].unique()
    safe = data.adsl[data.adsl["SAFFL"] == "Y"]
    for arm, key in (("TPO-RA+aCD20", "mean_experimental"), ("BAT", "mean_control")):
        share = safe.loc[safe["TRT01A"] == arm, "USUBJID"].isin(events).mean()
        assert rows.loc[("Colds", "crude"), key] == pytest.approx(share)
    assert output.table["Difference (95% CI)"].iloc[2].endswith(")")
    assert " points (" in output.table["Difference (95% CI)"].iloc[2]
    few = rows.loc["Tall"][["n_experimental", "n_control"]].isin([1, 2, 3, 4]).any(axis=None)
    assert few == for_file(output).results.set_index("control").loc["Tall", "estimate"].isna().all()


def test_a_share_of_nobody_in_an_arm_has_no_interval_and_is_counted_so(derived):
    control = NegativeControl("Joints", terms=("Arthralgia",))
    height = NegativeControl("Height", column="HEIGHTBL")
    output = build("negative_controls", with_controls(derived(STUDY), control, height), View())
    row = output.results.iloc[0]
    assert (row["n_control"], row["mean_control"]) == (0, 0) and np.isnan(row["conf_low"])
    assert output.headline.endswith("; 1 without an interval")
    assert "Joints: No interval: an arm has one value alone." in output.footnotes
