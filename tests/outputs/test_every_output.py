"""What holds for every output, at every study and cut, with everybody, one person, one arm and nobody."""

import dataclasses
import re
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from conftest import ROOT

from analysis.adam import derive
from analysis.cut_steps import compare_cuts
from outputs.catalogue import CATALOGUE, build, is_about_one, option_names
from outputs.output import View
from trialdata.study import load_study

UNFILTERED = (
    *("design", "design_endpoints", "method", "findings", "finding_counts", "load_report", "queries"),
    *(
        "participant_course",
        "participant_trace",
        "participant_verdicts",
        "participants_compared",
        "participants_facts",
    ),
    *("participant_adverse", "participant_treatment", "participant_laboratory"),
)
NOBODY = View(filters=(("SEX", ("no such level",)),))


def options(output_id: str, data) -> dict:
    """What an output needs beside the data: a participant, or the comparison with the cut before."""
    if "since" in option_names(output_id):
        return {"since": cut_before(data)}
    return {"usubjid": data.adsl["USUBJID"].iloc[0]} if is_about_one(output_id) else {}


@cache
def cut_before(data):
    earlier = [cut for cut in data.study.cuts if cut < data.study.cut]
    if not earlier:
        return None
    name, view = data.definition.name, data.study.view
    return compare_cuts(derive(load_study(ROOT, name, earlier[-1], view=view)), data)


@pytest.mark.parametrize("output_id", list(CATALOGUE))
def test_says_what_it_is(look, output_id):
    output = build(output_id, look, View(), **options(output_id, look))
    assert output.id == output_id
    assert output.title
    assert output.empty or not output.table.empty or output.figure is not None
    assert output.figure is None or output.alt
    if output_id in ("response_rates", "platelet_course", "cumulative_response", "ledger"):
        assert "method" in output.results


@pytest.mark.parametrize(
    "output_id", [key for key, entry in CATALOGUE.items() if not entry.participant_level]
)
def test_nobody_left_is_an_answer(look, output_id):
    output = build(output_id, look, NOBODY, **options(output_id, look))
    if output.figure is not None and not output.empty:
        output.figure("light", False)
    if output_id in ("status", "arms", "enrolment"):
        assert not output.results.get("enrolled", pd.Series()).any()
    if output_id in ("response_rates", "standing", "platelet_course", "cumulative_response", "completeness"):
        assert output.empty.startswith("Nobody matches")


@pytest.mark.parametrize("output_id", [key for key in CATALOGUE if key not in UNFILTERED])
def test_a_filter_is_printed_on_what_it_changes(derived, output_id):
    data = derived("nct07057778")
    output = build(output_id, data, View(filters=(("SEX", ("F",)),)), **options(output_id, data))
    assert "exploratory" in output.badges
    assert any("only participants with sex F" in note for note in output.footnotes)


P_VALUE = re.compile(r"\bp\s*[=<]\s*0?\.\d")
TOO_MUCH = re.compile(r"\b((?<!clinically )significan\w*|superior\w*|proven?|efficacious)\b", re.IGNORECASE)


def words_of(output) -> str:
    """Everything a reader sees of an output as text, its method cards and figure included."""
    parts = [output.title, output.subtitle, output.headline, output.detail, output.alt, output.empty]
    parts += [*output.footnotes, output.table.to_csv()]
    for card in output.cards:
        parts += [card.title, card.estimate, card.method, card.reason, card.disagreement]
        parts.append(card.others.to_csv())
    if output.figure is not None and not output.empty:
        parts.append(output.figure("light", False).to_json())
    return "\n".join(parts)


@pytest.mark.parametrize("output_id", [key for key in CATALOGUE if key not in UNFILTERED])
def test_no_p_value_under_a_filter(derived, output_id):
    for study in ("nct07057778", "nct04915482"):
        data = derived(study)
        output = build(output_id, data, View(filters=(("SEX", ("F",)),)), **options(output_id, data))
        if "p_value" in output.results:
            assert output.results["p_value"].isna().all()
        assert not P_VALUE.search(words_of(output))
        assert "p, nominal" not in output.table or (output.table["p, nominal"] == "").all()
        assert not any("p, nominal" in card.others for card in output.cards)


COUNTS_ONLY = (  # counts, lists and rules: nothing is estimated
    *("status", "arms", "enrolment", "due", "sites", "overview_platelets", "design", "design_endpoints"),
    *(
        "findings",
        "finding_counts",
        "queries",
        "completeness",
        "standing",
        "best_response",
        "ledger",
        "method",
    ),
    *("platelet_participants", "tipping_point", "rule_movers", "participants", "swimlanes"),
    *("participant_course", "participant_trace", "participant_verdicts"),
    *("adverse_terms", "adverse_grades", "adverse_butterfly", "adverse_recurrence"),
    "platelet_heatmap",
    *(
        "participant_course",
        "participant_trace",
        "participant_verdicts",
        "participants_compared",
        "participants_facts",
    ),
    *("participant_adverse", "participant_treatment", "participant_laboratory"),
    *("adverse_overview",),
    *("bleeding_by_visit", "bleeding_shift", "bleeding_by_count", "bleeding_discordant"),
    *("laboratory_shift", "laboratory_grades", "laboratory_range", "liver", "liver_cases"),
    *("antibodies", "immunity"),
    *("adverse_overview", "exposure_interruptions", "rescue_use", "concomitant"),
    *("participant_flow", "withdrawal_reasons"),
    *("estimands", "comparability_warnings"),
    "estimands",
    "treatments_given",
    *("cut_causes", "cut_movers", "record_changes", "changed_records", "load_report"),
)


@pytest.mark.parametrize("output_id", [key for key in CATALOGUE if key not in COUNTS_ONLY])
def test_a_method_card_stands_behind_every_estimate(derived, output_id):
    for study in ("nct07057778", "nct04915482"):
        data = derived(study)
        output = build(output_id, data, View(), **options(output_id, data))
        cards = output.cards
        assert cards or output.empty
        for card in cards:
            assert card.title and card.estimate and card.method and card.reason.endswith(".")


@pytest.mark.parametrize("view", ["true", "pooled"])
def test_a_missing_rule_that_does_not_exist_is_refused_by_name(derived, view):
    asked = [output_id for output_id in CATALOGUE if "missing" in option_names(output_id)]
    assert len(asked) == 10
    for output_id in asked:
        with pytest.raises(ValueError, match="missing is 'worst'; expected one of"):
            build(output_id, derived("nct07057778", view=view), View(), missing="worst")


@pytest.mark.parametrize("output_id", list(CATALOGUE))
def test_words_are_cautious(derived, output_id):
    for study in ("nct07057778", "nct04915482"):
        data = derived(study)
        words = words_of(build(output_id, data, View(), **options(output_id, data)))
        assert not TOO_MUCH.findall(words)
        if not data.definition.randomised:
            assert not re.search(r"\beffects?\b", words.replace("Treatment failure", ""), re.IGNORECASE)


def test_a_plan_is_not_held_against_a_part_of_the_trial(derived):
    data = derived("nct07057778")
    women = str((data.adsl.loc[data.adsl["TRT01P"] != "", "SEX"] == "F").sum())
    shown = build("status", data, View(filters=(("SEX", ("F",)),))).table.set_index("Fact")["Value"]
    everybody = build("status", data, View()).table.set_index("Fact")["Value"]
    assert shown["Enrolled"] == women and everybody["Enrolled"].endswith("of 120")


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize("compact", [False, True])
def test_every_figure_has_marks(derived, theme, compact):
    data = derived("nct07057778")
    for output_id in CATALOGUE:
        output = build(output_id, data, View(), **options(output_id, data))
        if output.figure is not None and not output.empty:
            figure = output.figure(theme, compact)
            drawn = len(figure.data) + len(figure.layout.shapes) + len(figure.layout.annotations)
            assert drawn > 0, output_id


def test_pooled_view_names_no_arm(derived):
    """No true arm's name or label is in any word, number or mark of a pooled output."""
    names = [word for arm in derived("nct07057778").definition.arms for word in (arm.trt, arm.label)]
    data = derived("nct07057778", view="pooled")
    for output_id, entry in CATALOGUE.items():
        if entry.section == "trial" and output_id.startswith("design"):
            continue  # the protocol's arms are public
        output = build(output_id, data, View(), **options(output_id, data))
        words = [output.headline, output.detail, output.alt, *output.footnotes]
        words += [output.table.to_csv(), output.results.to_csv(), output.records.to_csv()]
        if output.figure is not None and not output.empty:
            words.append(output.figure("light", False).to_json())
        text = "\n".join(words)
        assert not [name for name in names if name in text], output_id


def test_results_hold_scalars_only(look):
    for output_id in CATALOGUE:
        results = build(output_id, look, View(), **options(output_id, look)).results
        for column in results:
            assert results[column].map(pd.api.types.is_scalar).all(), (output_id, column)


def test_a_site_without_a_count_is_said_in_words(derived):
    data = derived("nct07057778")
    assert "nan" not in build("sites", replace(data, adlb=data.adlb[:0]), View()).alt


def test_no_participant_row_gives_the_day_of_the_cut(look):
    """Beside the date of the cut it would give back the first dose."""
    for output_id in ("participants", "swimlanes", "standing", "ledger"):
        output = build(output_id, look, View())
        for frame in (output.results, output.records):
            assert not {"DCUTDY", "FUDY", "TRTSDT"} & set(frame.columns), output_id
    lanes = build("swimlanes", look, View()).results
    counts = look.adlb[(look.adlb["PARAMCD"] == "PLAT") & (look.adlb["RECFL"] == "Y")]
    last = lanes["USUBJID"].map(counts.groupby("USUBJID")["ADY"].max())
    assert (lanes["ENDDY"] <= last).all()


def test_an_empty_arm_does_not_make_the_other_one_immature(derived):
    """Nobody in one arm: the headline still gives the other arm's last mature visit."""
    data = derived("nct07057778")
    whole = dataclasses.replace(
        data, adsl=data.adsl.assign(FASFL=data.adsl["FASFL"].where(data.adsl["TRT01P"] != "RTX", "N"))
    )
    alone = build("platelet_course", whole, View())
    both = build("platelet_course", data, View())
    assert alone.headline.endswith("at week 52") and both.headline.endswith("at week 52")
