"""For whom an answer is, how alike the arms are, and what is said or refused where a comparison is weak."""

import dataclasses
import datetime

import numpy as np
import pandas as pd
import pytest

from analysis.observational.weighting import ESTIMANDS
from outputs.basis import Basis
from outputs.catalogue import CATALOGUE, build, option_names
from outputs.observational.compared import compare
from outputs.observational.warnings import warnings
from outputs.output import View
from trialdata.definition import Arm

STUDY = "nct04915482"
OWN = (
    *("estimands", "comparability_warnings", "observational_balance", "observational_baseline"),
    *("propensity_overlap", "propensity_weights", "propensity_model"),
)
FIRST = datetime.date(2022, 3, 31)


def changed(data, covariates, **columns):
    """The study with these columns of adsl, and the covariates that it adjusts for."""
    definition = data.definition.replace(covariates=tuple(covariates))
    study = dataclasses.replace(data.study, definition=definition)
    return dataclasses.replace(data, adsl=data.adsl.assign(**columns), study=study)


def experimental(data) -> np.ndarray:
    return (data.adsl["TRT01P"] == "TPO-RA+aCD20").to_numpy()


def noise(data, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=len(data.adsl))


def said(data, estimand: str = "ATO", truncate: str = "0", view: View | None = None) -> str:
    options = {"estimand": estimand, "truncate": truncate}
    output = build("comparability_warnings", data, view or View(), **options)
    return "\n".join([output.empty, *output.table.get("Warning", [])])


def refused(data, words: str, view: View | None = None) -> None:
    """Every output of the page says why, and gives no number."""
    for name in OWN:
        output = build(name, data, view or View())
        assert words in output.empty, (name, output.empty)
        assert output.results.empty and output.table.empty and output.records.empty and output.figure is None


def answered(data) -> dict[str, str]:
    rows = build("estimands", data, View()).results
    return rows.drop_duplicates("estimand").set_index("estimand")["refused"].to_dict()


# what is shown


def test_each_estimand_is_a_sentence_and_the_first_is_the_default(derived):
    table = build("estimands", derived(STUDY), View()).table
    assert table["Population"].tolist() == [
        "Choice was open (default)",
        "All treated",
        "Chose the combination",
    ]
    assert table["The answer is"].tolist() == [
        "For participants like those who might have received either treatment.",
        "For all participants of the trial, had all received the one treatment or the other.",
        "For participants like those who received TPO-RA + low-dose anti-CD20, had they received Best available "
        "therapy instead.",
    ]
    assert table["Answered"].tolist() == ["Yes"] * 3


@pytest.mark.parametrize("cut", [FIRST, datetime.date(2023, 3, 31), None])
def test_effective_sizes_are_those_of_the_formula(derived, cut):
    """(sum of w)^2 / sum of w^2 with weights written out from the scores."""
    data = derived(STUDY, cut)
    propensity = compare(Basis(data, View())).propensity
    e, arm = propensity.scores, propensity.groups.arm
    by_hand = {
        "ATO": np.where(arm == 1, 1 - e, e),
        "ATE": np.where(arm == 1, 1 / e, 1 / (1 - e)),
        "ATT": np.where(arm == 1, 1, e / (1 - e)),
    }
    results = build("estimands", data, View()).results.set_index(["estimand", "arm"])
    for estimand, w in by_hand.items():
        for trt, side in (("TPO-RA+aCD20", 1), ("BAT", 0)):
            own = w[arm == side]
            row = results.loc[(estimand, trt)]
            assert row["estimate"] == pytest.approx(own.sum() ** 2 / (own**2).sum())
            assert row["largest_weight"] == pytest.approx(own.max())
            assert row["largest_share"] == pytest.approx((own / own.sum()).max())


def test_overlap_weights_leave_no_difference_and_no_warning_of_one(derived):
    for cut in (FIRST, None):
        data = derived(STUDY, cut)
        results = build("observational_balance", data, View()).results
        assert (results["after"].abs() < 1e-8).all() and (results["before"].abs() > 0.1).any()
        assert "standardised differences" not in said(data)
        assert "standardised differences" in said(data, "ATT")


def test_the_figure_and_the_table_stand_in_the_order_of_before(derived):
    output = build("observational_balance", derived(STUDY), View(), estimand="ATE")
    size = output.results["before"].abs().tolist()
    assert size == sorted(size, reverse=True)
    before, after = output.figure("light", False).data
    assert before.x == pytest.approx(size) and before.y == tuple(sorted(before.y))
    assert after.x == pytest.approx(output.results["after"].abs())


def test_shares_before_weighting_are_counts_of_the_data(derived):
    data = derived(STUDY)
    rows = build("observational_baseline", data, View()).results
    women = rows[(rows["term"] == "SEX: M") & (rows["measure"] == "share")].set_index("arm")
    for trt in ("TPO-RA+aCD20", "BAT"):
        own = data.adsl.loc[(data.adsl["TRT01P"] == trt) & (data.adsl["FASFL"] == "Y"), "SEX"]
        assert (women.loc[trt, "n"], women.loc[trt, "N"]) == ((own == "M").sum(), len(own))
        assert women.loc[trt, "estimate"] == pytest.approx((own == "M").mean())


def test_a_file_says_nothing_of_a_covariate_with_a_small_count(derived):
    """Three of the control arm have Evans syndrome: neither this nor another level of the class is in a file."""
    data = derived(STUDY)
    output = build("observational_baseline", data, View())
    shares = output.results[output.results["measure"] == "share"].set_index(["term", "arm"])["n"]
    assert shares["ABCLASS: EVANS", "BAT"] == 3
    results, table = output.as_file()
    of_class = results[results["covariate"] == "ABCLASS"]
    assert of_class[["n", "estimate", "weighted", "before", "after"]].isna().all(axis=None)
    others = results[(results["covariate"] == "SEX") & (results["measure"] == "share")]
    assert others["estimate"].notna().all()
    hidden = table[table["Covariate"].str.startswith("Autoantibody class")].drop(columns="Covariate")
    assert (hidden == "not shown").all(axis=None)
    results, table = build("observational_balance", data, View()).as_file()
    assert results.loc[results["covariate"] == "ABCLASS", ["before", "after"]].isna().all(axis=None)
    assert (table.loc[table["Covariate"] == "Autoantibody class: EVANS", "After"] == "not shown").all()


def test_everybody_is_in_one_bar_of_the_scores_and_those_outside_are_listed(derived):
    data = derived(STUDY, FIRST)
    output = build("propensity_overlap", data, View())
    propensity = compare(Basis(data, View())).propensity
    assert output.records["USUBJID"].is_unique and len(output.records) == 49
    bars = output.results[output.results["measure"] == "score"]
    assert bars["n"].sum() == 49
    outside = output.records[output.records["GROUP"] == "outside the common support"]
    assert set(outside["USUBJID"]) == set(propensity.groups.usubjid[propensity.outside])
    counted = output.results[output.results["measure"] == "outside the common support"].set_index("arm")["n"]
    assert counted.to_dict() == outside["ARM"].value_counts().to_dict()
    e, arm = propensity.scores, propensity.groups.arm
    low, high = max(e[arm == 1].min(), e[arm == 0].min()), min(e[arm == 1].max(), e[arm == 0].max())
    (support,) = output.results[output.results["measure"] == "common support"].itertuples()
    assert (support.low, support.high) == (low, high)
    pairs = [(a > b) + (a == b) / 2 for a in e[arm == 1] for b in e[arm == 0]]
    area = output.results.loc[output.results["measure"] == "area under the curve", "estimate"]
    assert area.iloc[0] == pytest.approx(np.mean(pairs))


def test_a_click_on_any_bar_lists_somebody(derived):
    """The customdata of the bars are cells of the records; a filled bar lists exactly its participants."""
    for name in ("propensity_overlap", "propensity_weights"):
        output = build(name, derived(STUDY), View())
        cells = output.records.groupby(list(output.cell_keys))["USUBJID"].nunique()
        for trace in output.figure("light", False).data:
            assert len(trace.customdata) == len(trace.x) > 0
            for group, arm in trace.customdata:
                assert cells[group, arm] >= 1
            if name == "propensity_overlap":
                filled = [i for i, (group, _) in enumerate(trace.customdata) if group.startswith("score")]
                assert [abs(trace.y[i]) for i in filled] == [
                    cells[tuple(trace.customdata[i])] for i in filled
                ]


def test_the_largest_weights_have_names_in_records_alone(derived):
    data = derived(STUDY, FIRST)
    output = build("propensity_weights", data, View(), estimand="ATE")
    listed = output.records[output.records["GROUP"] == "the five largest weights"]
    assert listed["ARM"].value_counts().to_dict() == {"TPO-RA+aCD20": 5, "BAT": 5}
    propensity = compare(Basis(data, View())).propensity
    inverse = pd.Series(1 / propensity.scores, propensity.groups.usubjid)[propensity.groups.arm == 1]
    own = listed[listed["ARM"] == "TPO-RA+aCD20"]
    assert set(own["USUBJID"]) == set(inverse.nlargest(5).index)
    assert own["WEIGHT"].tolist() == pytest.approx(inverse.nlargest(5).tolist())
    above = output.records[output.records["GROUP"] == "more than 10% of the arm's weight"]
    assert len(above) == output.results["n"].sum() > 0
    shown = output.table.to_csv() + output.results.to_csv() + output.figure("light", False).to_json()
    assert not [usubjid for usubjid in data.adsl["USUBJID"] if usubjid in shown]


def test_equal_weights_have_no_largest(derived):
    records = build("propensity_weights", derived(STUDY), View(), estimand="ATT").records
    treated = records[records["ARM"] == "TPO-RA+aCD20"]
    assert set(treated["GROUP"]) == {"equal weights"} and len(treated) == 56


def test_truncation_moves_the_weights_of_those_estimands_that_have_it(derived):
    data = derived(STUDY, FIRST)

    def largest(estimand, truncate):
        return (
            build("propensity_weights", data, View(), estimand=estimand, truncate=truncate)
            .results["largest_weight"]
            .tolist()
        )

    assert largest("ATO", "5") == largest("ATO", "0")
    assert largest("ATE", "5")[0] < largest("ATE", "1")[0] < largest("ATE", "0")[0]
    assert largest("ATT", "5")[1] < largest("ATT", "0")[1]
    assert "truncated at 5% and 95%" in build(
        "propensity_weights", data, View(), estimand="ATT", truncate="5"
    ).subtitle  # fmt: skip


@pytest.mark.parametrize("wrong", [{"estimand": "LATE"}, {"truncate": "2"}])
def test_other_choices_are_refused_by_name(derived, wrong):
    for name in OWN:
        if set(wrong) <= set(option_names(name)) and name != "propensity_overlap":
            with pytest.raises(ValueError, match=f"{next(iter(wrong))} is"):
                build(name, derived(STUDY), View(), **wrong)


def test_every_output_says_that_arms_were_not_randomised(derived):
    for name in OWN:
        output = build(name, derived(STUDY), View())
        assert output.footnotes[0] == "Association; arms were not randomised."
        assert "p_value" not in output.results


def test_of_several_experimental_arms_the_one_asked_for_is_compared(derived):
    data = derived(STUDY)
    first, control = data.definition.arms
    definition = data.definition.replace(
        arms=(first, Arm("HIGH", "High <b>dose", "experimental"), control), covariates=("AGE", "BASE")
    )
    moved = experimental(data) & (data.adsl.index % 2 == 0)
    adsl = data.adsl.assign(TRT01P=data.adsl["TRT01P"].mask(moved, "HIGH"))
    three = dataclasses.replace(data, adsl=adsl, study=dataclasses.replace(data.study, definition=definition))
    for name in OWN:
        default, asked = (build(name, three, View(), **options) for options in ({}, {"arm": "HIGH"}))
        if name != "comparability_warnings":  # there may be none
            assert not default.empty and not asked.empty
        assert set(asked.results["arm"]) <= {"HIGH", "BAT", ""}
        assert "HIGH" not in set(default.results["arm"])


# no comparison


@pytest.mark.parametrize(
    ("study", "view", "words"),
    [
        ("nct07057778", "true", "The arms of this study were randomised"),
        (STUDY, "pooled", "The pooled view shows no arms"),
    ],
)
def test_without_arms_to_compare_there_is_a_sentence(derived, study, view, words):
    refused(derived(study, view=view), words)


def test_one_arm_is_not_compared(derived):
    data = derived(STUDY)
    (first, _) = data.definition.arms
    alone = data.definition.replace(arms=(dataclasses.replace(first, role="single"),))
    study = dataclasses.replace(data.study, definition=alone)
    refused(dataclasses.replace(data, study=study), "There is one arm: nothing is compared.")


# bad input: a warning that says what it does, or no number


def test_a_covariate_that_determines_the_arm_is_refused_by_name(derived):
    data = derived(STUDY)
    flag = np.where(experimental(data), "chose", "did not")
    refused(changed(data, ["AGE", "CHOICE"], CHOICE=flag), "CHOICE determines the arm")


def test_covariates_that_determine_the_arm_together_are_refused(derived):
    """Neither separates the arms, their sum does: the scores of the arms do not overlap."""
    data = derived(STUDY)
    x = noise(data) * 5
    sum_of_both = np.where(experimental(data), 10, 0) + np.abs(noise(data, 2))
    refused(changed(data, ["X", "Y"], X=x, Y=sum_of_both - x), "The covariates (X, Y) together determine")


def test_arms_that_do_not_overlap_in_a_number_are_refused(derived):
    data = derived(STUDY)
    apart = changed(data, ["X"], X=np.where(experimental(data), 100, 20) + noise(data))
    refused(apart, "X determines the arm: no participant could have been in the other")


def test_twenty_covariates_are_warned_of_and_as_many_as_the_smaller_arm_refused(derived):
    data = derived(STUDY)
    columns = {f"X{i:02}": noise(data, i) for i in range(38)}
    twenty = changed(data, list(columns)[:20], **columns)
    assert "The score has 20 columns for 38 participants of the smaller arm, fewer than 10" in said(twenty)
    refused(changed(data, columns, **columns), "The score would have 38 columns for 38 participants")


def test_a_constant_covariate_is_left_out_and_said(derived):
    data = derived(STUDY)
    constant = changed(data, ["AGE", "SAME"], SAME=3.0)
    note = "SAME is the same in all 94 participants analysed: left out of the score."
    for name in OWN:
        assert note in build(name, constant, View()).footnotes
    assert set(build("propensity_model", constant, View()).results["covariate"]) == {"AGE"}


def test_no_covariate_that_can_be_used_is_refused(derived):
    data = derived(STUDY)
    refused(changed(data, ["SAME"], SAME=3.0), "SAME is the same in all 94 participants")
    refused(changed(data, []), "nothing can be adjusted")


def test_a_covariate_half_missing_is_warned_of(derived):
    data = derived(STUDY)
    half = np.where(data.adsl.index % 2 == 0, np.nan, noise(data))
    words = said(changed(data, ["AGE", "HALF"], HALF=half))
    assert "HALF is missing in" in words and "a difference between the arms in it may remain" in words
    assert "HALF: missing" in said(changed(data, ["HALF"], HALF=np.where(experimental(data), half, 1.0)))


def test_a_weight_above_fifty_is_warned_of_with_its_number(derived):
    """One experimental participant has a value that else only control has."""
    data = derived(STUDY)
    x = np.where(experimental(data), 2.2, 0) + noise(data, 4)
    x[np.flatnonzero(experimental(data))[0]] = -3.0
    extreme = changed(data, ["X"], X=x)
    propensity = compare(Basis(extreme, View())).propensity
    largest = (1 / propensity.scores[propensity.groups.arm == 1]).max()
    assert largest > 50
    assert f"The largest weight is {largest:.0f}, above 50" in said(extreme, "ATE")
    assert "The largest weight" not in said(extreme, "ATO")
    assert "with more than 10% of the arm's weight" in said(extreme, "ATE")
    assert "less than half: the answer is as uncertain as that of so few" in said(extreme, "ATE")


def test_one_estimand_is_refused_where_few_carry_its_weight_and_the_others_stand(derived):
    data = derived(STUDY)
    x = np.where(experimental(data), 2.2, 0) + noise(data, 4)
    x[np.flatnonzero(experimental(data))[0]] = -6.0
    extreme = changed(data, ["X"], X=x)
    why = answered(extreme)
    assert why["ATO"] == "" and why["ATE"].startswith("In TPO-RA+aCD20 the weights leave an effective sample")
    for name in ("observational_balance", "observational_baseline"):
        output = build(name, extreme, View(), estimand="ATE")
        assert output.empty == why["ATE"] and output.results.empty and output.table.empty
        assert not build(name, extreme, View()).empty
    assert said(extreme, "ATE").strip().startswith("No adjusted number: In TPO-RA+aCD20")
    assert why["ATE"] in build("propensity_weights", extreme, View(), estimand="ATE").footnotes


def test_a_level_of_one_arm_brings_firth_and_is_named_with_its_arm(derived):
    data = derived(STUDY)
    only = np.where(experimental(data) & (data.adsl.index % 9 == 0), "yes", "no")
    words = said(changed(data, ["AGE", "RARE"], RARE=only))
    assert "Firth's regression stands in" in words
    assert "Found in one arm only: RARE: yes (TPO-RA + low-dose anti-CD20)." in words
    model = build("propensity_model", changed(data, ["AGE", "RARE"], RARE=only), View())
    assert model.cards[0].method == "Firth logistic regression"
    assert np.isfinite(model.results[["estimate", "conf_low", "conf_high"]].to_numpy(float)).all()
    control = np.where(~experimental(data) & (data.adsl.index % 9 == 0), "a", "b")
    assert "RARE: a (Best available therapy)." in said(changed(data, ["AGE", "RARE"], RARE=control))


def test_fewer_than_five_in_an_arm_are_refused(derived):
    data = derived(STUDY)
    kept = experimental(data) | (np.cumsum(~experimental(data)) <= 4)
    few = dataclasses.replace(data, adsl=data.adsl[kept])
    refused(few, "BAT has fewer than 5 participants to compare")


def test_a_tenth_outside_the_support_is_where_the_warning_begins(derived):
    data = derived(STUDY)
    assert "lie outside the common support" in said(data)
    random = changed(data, ["X"], X=np.sort(noise(data))[np.argsort(np.argsort(noise(data, 8)))])
    outside = compare(Basis(random, View())).propensity.outside.mean()
    assert ("lie outside the common support" in said(random)) == (outside >= 0.1)
    assert outside < 0.1


def test_warnings_are_in_the_footnotes_of_what_they_are_about(derived):
    data = derived(STUDY, FIRST)
    compared = compare(Basis(data, View()))
    for estimand in ESTIMANDS:
        notes = [
            note
            for name in OWN
            if CATALOGUE[name].id != "comparability_warnings"
            for note in build(
                name, data, View(), **({"estimand": estimand} if "estimand" in option_names(name) else {})
            ).footnotes
        ]
        assert set(warnings(compared, estimand)) <= set(notes)
        assert warnings(compared, estimand)


def test_a_level_with_markup_is_drawn_letter_by_letter(derived):
    data = derived(STUDY)
    odd = changed(data, ["AGE", "ODD"], ODD=np.where(noise(data) > 0, "<b>x", "y" * 540))
    for name in OWN:
        output = build(name, odd, View())
        assert not output.empty or name == "comparability_warnings"
        if output.figure is not None:
            for compact in (False, True):
                drawn = output.figure("light", compact)
                words = [note.text for note in drawn.layout.annotations]
                assert not [text for text in words if "<b>x" in text]
