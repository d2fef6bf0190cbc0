"""Quality of life as outputs: what they say of a few typed scores, and where there are none."""

import dataclasses
import re

import pandas as pd
import pytest

from analysis.mmrm.repeated import KENWARD_ROGER
from outputs.catalogue import build
from outputs.output import View
from outputs.quality.asked import NONE_DEFINED, questionnaire_choices, visit_choices
from trialdata.definition import Questionnaire

OUTPUTS = ("quality_course", "quality_change", "quality_responders", "quality_distribution")
WOMEN = View(filters=(("SEX", ("F",)),))
BETTER, WORSE, NEITHER = "better by 4 or more", "worse by 4 or more", "changed by less than 4"


@pytest.fixture
def typed(derived):
    """`typed(rows)`: the sample with these scores alone; a row is arm, place within the arm, day, score."""
    data = derived("nct07057778")
    in_set = data.adsl[data.adsl["FASFL"] == "Y"]
    people = {arm: rows["USUBJID"].tolist() for arm, rows in in_set.groupby("TRT01P")}

    def of(*rows, paramcd="FACITF", questionnaires=None):
        adqs = pd.DataFrame(
            [(people[arm][place], paramcd, float(day), float(score)) for arm, place, day, score in rows],
            columns=["USUBJID", "PARAMCD", "ADY", "AVAL"],
        )
        study = data.study
        if questionnaires is not None:
            definition = dataclasses.replace(data.definition, questionnaires=questionnaires)
            study = dataclasses.replace(study, definition=definition)
        return dataclasses.replace(data, adqs=adqs, study=study), people

    return of


FEW = (
    *(("IGU+RTX", 0, 1, 30), ("IGU+RTX", 0, 29, 34)),  # better by 4
    *(("IGU+RTX", 1, 1, 30), ("IGU+RTX", 1, 29, 26)),  # worse by 4
    *(("IGU+RTX", 2, 1, 30), ("IGU+RTX", 2, 29, 33)),  # by less
    *(("RTX", 0, 1, 20), ("RTX", 0, 29, 40)),  # better
    *(("RTX", 1, 29, 40), ("RTX", 2, 1, 53), ("RTX", 2, 29, 10)),  # no baseline, one of them out of range
)


def test_the_course_of_a_few(typed):
    output = build("quality_course", typed(*FEW)[0], View())
    rows = output.results.set_index(["arm", "time"])
    assert rows.loc[("IGU+RTX", 0), ["n", "estimate"]].tolist() == [3, 30]
    assert rows.loc[("IGU+RTX", 4), ["n", "estimate"]].tolist() == [3, 31]
    assert rows.loc[("RTX", 4), ["n", "estimate"]].tolist() == [3, 30]
    assert output.table.set_index("Week").loc["0", "Rituximab"] == "20.0, n = 1"
    assert "Left out: 1 score of 1 participant outside 0 to 52." in output.footnotes
    assert "0 to 52, higher is better" in output.detail


def test_changes_that_matter_of_a_few(typed):
    data, people = typed(*FEW)
    output = build("quality_responders", data, View())
    table = output.table.set_index("Change")
    assert table.loc[f"Week 4, {BETTER}", "Iguratimod + rituximab"].startswith("1 of 3 (33%")
    assert table.loc[f"Week 4, {WORSE}", "Iguratimod + rituximab"].startswith("1 of 3 (33%")
    assert table.loc[f"Week 4, {BETTER}", "Rituximab"].startswith("1 of 1 (100%")
    assert table.loc[f"Week 4, {WORSE}", "Rituximab"].startswith("0 of 1 (0%")
    assert output.detail.startswith("At week 4: 1 of 3 (1 of 3) vs 1 of 1 (1 of 1); difference")
    kinds = output.records.set_index("USUBJID")["KIND"]
    assert kinds[people["IGU+RTX"][:3]].tolist() == [BETTER, WORSE, NEITHER]
    assert set(output.records["WEEK"]) == {"4"} and people["RTX"][1] not in kinds


def test_the_distribution_of_a_few_meets_the_responders_at_the_important_change(typed):
    data, _ = typed(*FEW)
    output = build("quality_distribution", data, View())
    table = output.table.set_index("At least")
    assert table.loc["+4", "Iguratimod + rituximab"] == "33% (1 of 3)"
    assert table.loc["−4", "Iguratimod + rituximab"] == "100% (3 of 3)"
    assert table.loc["+2", "Rituximab"] == "100% (1 of 1)"
    assert len(output.records) == 4


def test_too_few_for_a_model_is_said_and_the_rest_stays(typed):
    data, _ = typed(*FEW)
    output = build("quality_change", data, View())
    assert output.empty.startswith("No visit has the values that a model needs: week 4")
    assert not build("quality_course", data, View()).empty


def test_lower_is_better(typed):
    pain = Questionnaire("PAIN", "Pain <b>", (0, 10), "lower", 2)
    rows = (("IGU+RTX", 0, 1, 8), ("IGU+RTX", 0, 29, 5), ("RTX", 0, 1, 5), ("RTX", 0, 29, 8))
    data, _ = typed(*rows, paramcd="PAIN", questionnaires=(pain,))
    table = build("quality_responders", data, View()).table.set_index("Change")
    assert table.loc["Week 4, better by 2 or more", "Iguratimod + rituximab"].startswith("1 of 1")
    assert table.loc["Week 4, worse by 2 or more", "Rituximab"].startswith("1 of 1")
    course = build("quality_course", data, View())
    assert "0 to 10, lower is better" in course.subtitle
    assert "Pain &lt;b&gt;" in course.figure("light", False).to_json().replace("\\u003c", "<").replace(
        "\\u0026", "&"
    )


@pytest.mark.parametrize("output_id", OUTPUTS)
def test_a_study_without_questionnaires_says_so(typed, output_id):
    without, _ = typed(*FEW, questionnaires=())
    assert build(output_id, without, View()).empty == NONE_DEFINED
    assert questionnaire_choices(without) == {} and list(visit_choices(without, "")) == [""]


@pytest.mark.parametrize("output_id", OUTPUTS)
def test_no_score_at_the_cut_says_so(typed, output_id):
    said = build(output_id, typed()[0], View()).empty
    assert said.startswith("No score of FACIT-Fatigue or SF-36, physical component or ") and said.endswith(
        "at this cut."
    )
    only_later = build(output_id, typed(("RTX", 0, 29, 30))[0], View()).empty
    assert only_later == ("" if output_id == "quality_course" else only_later)
    if output_id != "quality_course":
        assert only_later == "Nobody has a score of FACIT-Fatigue both at baseline and after it at this cut."


def test_only_questionnaires_with_a_score_are_offered(derived):
    assert list(questionnaire_choices(derived("nct07057778"))) == ["FACITF", "SF36PCS", "SF36MCS"]
    assert list(questionnaire_choices(derived("nct04915482"))) == ["FACITF", "ITPPAQ"]
    assert list(visit_choices(derived("nct04915482"), "ITPPAQ")) == ["", "4", "12", "26", "52"]


def test_one_that_the_study_does_not_have_is_refused_by_name(derived):
    for output_id in OUTPUTS:
        with pytest.raises(ValueError, match="questionnaire is 'EQ5D'; expected one of"):
            build(output_id, derived("nct07057778"), View(), questionnaire="EQ5D")


def test_one_without_a_score_is_empty_not_another(derived):
    output = build("quality_course", derived("nct07057778"), View(), questionnaire="ITPPAQ")
    assert output.empty == "No score of ITP-PAQ, overall quality of life at this cut."


@pytest.mark.parametrize("output_id", OUTPUTS)
def test_every_cut_questionnaire_and_one_empty_arm(look, output_id):
    alone = dataclasses.replace(
        look,
        adsl=look.adsl.assign(
            SAFFL="Y", FASFL=look.adsl["TRT01P"].map({look.definition.arms[0].trt: "Y"}).fillna("N")
        ),
    )
    for paramcd in questionnaire_choices(look):
        for data in (look, alone):
            output = build(output_id, data, View(), questionnaire=paramcd)
            assert output.empty or len(output.table)
            if not output.empty:
                output.figure("dark", True)


def test_numbers_of_participants_agree_between_the_outputs(look):
    """A change in the responders' denominator is a change in the model and in the distribution."""
    for paramcd in questionnaire_choices(look):
        shares, change = (
            build(f"quality_{name}", look, View(), questionnaire=paramcd) for name in ("responders", "change")
        )
        at = {
            (row.arm, row.time): row.N
            for row in shares.results[shares.results["measure"] == "rate"].itertuples()
        }
        means = change.results[
            (change.results["measure"] == "LS mean") & (change.results["method"] == KENWARD_ROGER)
        ]
        for row in means.itertuples():
            assert row.n == at[(row.arm, row.time)]
        week = max(time for _, time in at)
        steps = build("quality_distribution", look, View(), questionnaire=paramcd, week=f"{week:g}").results
        assert {row.arm: row.N for row in steps.itertuples()} == {
            arm: n for (arm, time), n in at.items() if time == week and n
        }
        listed = shares.records.groupby(["ARM", "WEEK"]).size()
        assert {(arm, f"{time:g}"): n for (arm, time), n in at.items() if n} == listed.to_dict()


@pytest.mark.parametrize("view", [WOMEN, View()])
def test_a_p_stands_only_where_arms_were_randomised_and_nothing_filters(derived, view):
    for study in ("nct07057778", "nct04915482"):
        tested = study == "nct07057778" and not view.filters
        for output_id in ("quality_change", "quality_responders"):
            output = build(output_id, derived(study), view)
            assert output.results["p_value"].notna().any() == tested
            assert any("p, nominal" in card.others for card in output.cards) == tested
            assert any(re.search(r"p [=<] 0", note) for note in output.footnotes) == (
                tested and output_id == "quality_change"
            )


def test_the_pooled_view_has_one_curve_and_no_comparison(derived):
    data = derived("nct07057778", view="pooled")
    for output_id in OUTPUTS:
        output = build(output_id, data, View())
        assert not output.empty and set(output.results["arm"].dropna()) == {output.arms[0].trt}
        assert "comparison" not in output.results or output.results["comparison"].isna().all()
