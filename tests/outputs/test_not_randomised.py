"""Where arms were not randomised every comparison says so, and no word claims a cause."""

import datetime
import re

import pytest
from test_every_output import P_VALUE, options, words_of

from analysis.adam import AnalysisData
from outputs.catalogue import CATALOGUE, build, is_about_one
from outputs.files import for_file
from outputs.output import Output, View

STUDY = "nct04915482"
CLAIMS = re.compile(r"\b(effects?|effective|benefit\w*|superior\w*|proven)\b", re.I)
ALLOWED = re.compile(r"effective (sample )?size", re.I)


def said(output: Output) -> list[str]:
    cards = [
        text for card in output.cards for text in (card.title, card.method, card.reason, card.disagreement)
    ]
    return [
        output.title,
        output.subtitle,
        output.headline,
        output.detail,
        output.alt,
        *output.footnotes,
        *cards,
    ]


def compares(output: Output) -> bool:
    if "comparison" not in output.results:
        return False
    return bool((output.results["comparison"].astype("str").replace("nan", "") != "").any())


def built(derived, output_id: str) -> Output:
    data: AnalysisData = derived(STUDY)
    return build(output_id, data, View(), **options(output_id, data))


@pytest.mark.parametrize("output_id", [key for key in CATALOGUE if not is_about_one(key)])
def test_a_comparison_says_that_arms_were_not_randomised(derived, output_id):
    output = built(derived, output_id)
    if compares(output):
        assert "arms were not randomised" in " ".join(output.footnotes).lower()


@pytest.mark.parametrize("output_id", CATALOGUE)
def test_no_word_claims_a_cause(derived, output_id):
    for text in said(built(derived, output_id)):
        assert not CLAIMS.search(ALLOWED.sub("", text)), text


def test_a_file_says_it_in_the_rows_that_compare(derived):
    output = for_file(built(derived, "comparison"))
    compared = output.results["comparison"].astype("str").replace("nan", "") != ""
    assert (output.results["notice"] == "Association; arms were not randomised.").equals(compared)
    randomised = for_file(build("comparison", derived("nct07057778"), View()))
    assert "notice" not in randomised.results


OF_NO_ARMS = {  # a p-value that compares no arms: the measure of its rows, and why it may stand
    "proportional_hazards": (
        "proportional hazards",
        "checks whether one hazard ratio holds for the whole time",
    ),
}
CHOICES = {  # beyond the defaults, what changes the tests of an output
    "subgroups": [{"measure": measure} for measure in ("risk ratio", "odds ratio", "hazard ratio")],
    "time_comparisons": [{"of": of} for of in ("time_to_response", "duration_of_response")],
    "missing_strategies": [{"which": "pending and missing"}],
    "tipping_point": [{"which": "pending and missing"}],
    "mmrm": [{"response": "change"}],
    "stratified_methods": [{"strata": "SEX"}],
}
CASES = [(key, {}) for key in CATALOGUE] + [(key, more) for key, each in CHOICES.items() for more in each]


@pytest.mark.parametrize(("output_id", "chosen"), CASES, ids=lambda value: str(value))
def test_no_p_value_compares_arms_that_were_not_randomised(derived, output_id, chosen):
    data = derived(STUDY)
    output = build(output_id, data, View(), **options(output_id, data), **chosen)
    measure, _ = OF_NO_ARMS.get(output_id, ("", ""))
    results = for_file(output).results
    for frame in (output.results, results):
        if "p_value" in frame:
            others = frame if not measure else frame[frame["measure"] != measure]
            assert others["p_value"].isna().all()
            assert "q_value" not in others or others["q_value"].isna().all()
    if measure:
        assert (output.results["measure"] == measure).any()
        assert not P_VALUE.search(f"{output.headline}\n{output.detail}\n{output.alt}")
        return
    assert not P_VALUE.search(words_of(output))
    assert output.chart is None or not P_VALUE.search(repr(output.chart()))
    shown = [output.table, for_file(output).table, *(card.others for card in output.cards)]
    assert not any("p, nominal" in str(column) for table in shown for column in table)


@pytest.mark.parametrize(
    ("output_id", "more", "said"),
    [
        ("duration_of_response", {}, "Duration of response is not weighted: who responds comes after"),
        ("time_comparisons", {"of": "duration_of_response"}, "Duration of response is not weighted"),
        ("treatment_failure", {}, "Adjusted over time"),
        ("time_comparisons", {}, "Adjusted over time"),
        ("durability_numbers", {}, "Duration of response is not weighted"),
    ],
)
def test_a_crude_time_says_where_the_weighted_one_is_or_why_there_is_none(derived, output_id, more, said):
    assert any(said in note for note in build(output_id, derived(STUDY), View(), **more).footnotes)
    randomised = build(output_id, derived("nct07057778"), View(), **more)
    assert not any(said in note for note in randomised.footnotes)


@pytest.mark.parametrize("output_id", ["stratified", "autoantibody_classes"])
def test_a_difference_common_to_strata_stands_beside_the_weighted_one(derived, output_id):
    weighted = "Weighted to those for whom the choice was open: "
    assert weighted in build(output_id, derived(STUDY), View()).detail
    assert weighted not in build("stratified", derived("nct07057778"), View()).detail


def test_the_forest_names_its_estimates_crude_and_puts_the_weighted_one_beside(derived):
    data = derived(STUDY)
    output = build("subgroups", data, View())
    assert "interaction" not in set(output.results["measure"])
    assert "No p-value: arms were not randomised." in output.footnotes
    assert "crude difference of" in output.headline
    beside = re.search(r"Weighted to those for whom the choice was open: \S+ points\.", output.detail)
    assert beside and beside.group() in build("response_rates", data, View()).detail
    assert "interaction" in set(build("subgroups", derived("nct07057778"), View()).results["measure"])


@pytest.mark.parametrize("output_id", ["adjusted_difference", "tipping_strength"])
def test_where_nobody_is_due_that_is_why_nothing_is_adjusted(derived, output_id):
    data = derived(STUDY, datetime.date(2022, 3, 31))
    output = build(output_id, data, View(), **options(output_id, data))
    assert output.empty == "Nobody is due for this endpoint at this cut. First participant due in June 2022."
