"""Autoantibody classes, haemoglobin response, treatments given and steroid-sparing: numbers, words, files."""

import dataclasses
import itertools
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import NOBODY

from analysis.adam import derive
from outputs.autoantibody_words import class_names
from outputs.catalogue import build
from outputs.files import for_file
from outputs.output import View
from outputs.small_cells import NOT_SHOWN
from tests.definitions import bare_definition
from tests.independent.safety_study import study_of_rows
from trialdata.definition import Arm, Autoantibodies, Endpoint, HaemoglobinResponse, Visits

sys.path.append(str(Path(__file__).parents[1] / "analysis"))
import slow_haemoglobin as slow

FIRST, SECOND = "nct07057778", "nct04915482"
RATES = ("autoantibody_classes", "haemoglobin_response", "steroid_sparing")
IDS = (*RATES, "treatments_given")
DEFINITION = bare_definition(
    design="nonrandomized",
    visits=Visits(weeks=(0, 1, 2, 4), last_window_days=7),
    endpoints=(Endpoint("OR", "Overall response", "confirmed_response", window_days=(2, 30)),),
    autoantibodies=Autoantibodies("ABCLASS", {"EVANS": "Evans syndrome", "ANA": "ANA-positive"}),
    haemoglobin_response=HaemoglobinResponse("ABCLASS", ("EVANS",), (2, 60)),
)
HAEMOGLOBIN = {  # participant: day, g/L; of women, whose normal is from 120 on
    "a1": ((1, 80), (8, 100), (22, 121)),  # response on day 8, complete on day 22, haemolysis measured
    "a2": ((1, 80), (8, 99)),  # none
    "a3": ((1, 125), (8, 150)),  # not anaemic
    "a4": ((8, 150),),  # no baseline
    "b1": ((1, 90), (22, 130)),  # complete, haemolysis not measured
    "b2": ((1, 90),),  # missing
    "b3": ((1, 90), (8, 120)),  # transfused six days before: none
    "b4": ((1, 90), (8, 120)),  # not due
}


def small(definition=DEFINITION, **changed):
    """Eight participants with Evans syndrome, and two of the class ANA without haemoglobin."""
    adsl = [
        {"USUBJID": who, "TRT01P": who[0].upper(), "SEX": "F", "ABCLASS": "ANA" if who[1] == "9" else "EVANS"}
        | {"DCUTDY": 66 if who == "b4" else 67, "STERFL": "N"}
        for who in (*HAEMOGLOBIN, "a9", "b9")
    ]
    counts = [("PLAT", who, day, 60) for who in ("a1", "a9", "b1") for day in (8, 22)]
    counts += [("PLAT", row["USUBJID"], 1, 10) for row in adsl]
    values = [("HGB", who, day, value) for who, seen in HAEMOGLOBIN.items() for day, value in seen]
    units = {"HGB": "g/L", "PLAT": "10^9/L"}
    adlb = [
        {"USUBJID": who, "PARAMCD": code, "ADY": day, "AVAL": value, "AVALU": units[code]}
        for code, who, day, value in [*counts, *values]
    ]
    adlb.append({"USUBJID": "a1", "PARAMCD": "LDH", "ADY": 22, "AVAL": 200, "AVALU": "U/L", "ANRHI": 250})
    adcm = [{"USUBJID": "b3", "CMCLAS": "RED CELL TRANSFUSION", "ASTDY": 2, "AENDY": 2}]
    return derive(study_of_rows({"adsl": adsl, "adlb": adlb, "adcm": adcm} | changed, definition))


@pytest.fixture(scope="module")
def typed():
    return small()


def counts(output, **fixed) -> dict[str, tuple[int, int]]:
    """n and N by arm of the rates that are fixed so."""
    rows = output.results[output.results["measure"] == fixed.pop("measure", "rate")]
    for name, value in fixed.items():
        rows = rows[rows[name] == value]
    return {row.arm: (row.n, row.N) for row in rows.itertuples()}


def test_the_haemoglobin_response_of_eight_typed_participants(typed):
    output = build("haemoglobin_response", typed, View())
    assert counts(output, response="Response") == {"A": (1, 2), "B": (1, 3)}
    assert counts(output, response="Complete response") == {"A": (1, 2), "B": (1, 3)}
    days = output.results[output.results["measure"] == "day of response"].set_index("arm")
    assert days["estimate"].to_dict() == {"A": 8, "B": 22}
    table = output.table.set_index("Haemoglobin")
    assert table.loc["Complete, haemolysis not measured", ["Drug A", "Drug B"]].tolist() == [
        "0 of 1",
        "1 of 1",
    ]
    assert table.loc["Day of response, median (quartiles)", "Drug B"] == "day 22 (22 to 22)"
    assert output.headline == "Haemoglobin response: 1 of 2 vs 1 of 3"
    assert output.footnotes[0] == (
        "Evans syndrome: 8 participants, 6 evaluable, 5 of them due; not evaluable: 1 not anaemic at baseline, "
        "1 without a baseline."
    )
    assert "Missing (1) counts as no response." in output.footnotes
    assert not any("none is taken" in note for note in output.footnotes)


def test_who_stands_behind_each_answer(typed):
    records = build("haemoglobin_response", typed, View()).records
    assert records.set_index("USUBJID")["ANSWER"].to_dict() == {
        "a1": "complete response",
        "a2": "no response",
        "a3": "not anaemic at baseline",
        "a4": "without a baseline",
        "b1": "complete response",
        "b2": "missing",
        "b3": "no response",
        "b4": "not yet due",
    }


def test_no_transfusion_on_file_is_said():
    output = build("haemoglobin_response", small(adcm=[]), View())
    assert counts(output, response="Response") == {"A": (1, 2), "B": (2, 3)}
    assert any("none is taken to have been given" in note for note in output.footnotes)


def test_haemoglobin_in_an_unknown_unit_is_counted_below(derived):
    data = derived(SECOND)
    first = data.study.adlb["PARAMCD"].eq("HGB") & data.study.adlb["USUBJID"].eq("01-050")
    adlb = data.study.adlb.assign(AVALU=data.study.adlb["AVALU"].mask(first, "mmol/L"))
    output = build("haemoglobin_response", derive(dataclasses.replace(data.study, adlb=adlb)), View())
    said = f"Haemoglobin in a unit that is not known: {first.sum()} values of 1 participant, not counted."
    assert said in output.footnotes


@pytest.mark.parametrize("number", range(3))
def test_a_slow_count_of_the_sample_agrees(derived, number):
    data = derived(SECOND, derived(SECOND).study.cuts[number])
    output = build("haemoglobin_response", data, View())
    said = output.records.set_index("USUBJID")["ANSWER"].to_dict()
    adsl, adlb, adcm = data.study.adsl, data.study.adlb, data.study.adcm
    evans = adsl[adsl["ABCLASS"] == "EVANS"].set_index("USUBJID")
    assert set(said) == set(evans.index)
    for who, person in evans.iterrows():
        rows = adlb[(adlb["USUBJID"] == who) & (adlb["ADY"] <= person["DCUTDY"])]
        rows = rows.astype(object).where(rows.notna(), None).to_dict("records")
        rows = [row | {"ADY": int(row["ADY"])} for row in rows if row["PARAMCD"] != "PLAT"]
        red = adcm[(adcm["USUBJID"] == who) & (adcm["CMCLAS"] == "RED CELL TRANSFUSION")]
        given = [(int(first), int(last)) for first, last in red[["ASTDY", "AENDY"]].to_numpy()]
        answer, *_ = slow.answer(rows, given, person["SEX"], None, window=(2, 365), raised=slow.EVERY_MARKER)
        words = {"CR": "complete response", "R": "response", "NR": "no response", "MISSING": "missing"}
        expected = words.get(answer, "not anaemic at baseline")
        due = person["DCUTDY"] >= 372
        assert said[who] == (expected if due or answer == "not anaemic" else "not yet due"), who


def test_the_sample_has_something_to_say(derived):
    """Responders, others and transfusions that hide a response, so that the page is not empty."""
    output = build("haemoglobin_response", derived(SECOND), View())
    answers = output.records["ANSWER"].value_counts()
    assert answers["complete response"] >= 3 and answers["response"] >= 2 and answers["no response"] >= 1
    assert (derived(SECOND).adcm["CMCLAS"] == "RED CELL TRANSFUSION").sum() >= 3


def test_classes_as_counted_from_the_file(derived):
    data = derived(SECOND)
    output = build("autoantibody_classes", data, View())
    adsl = data.adsl[data.adsl["FASFL"] == "Y"]
    answers = data.adrs[(data.adrs["PARAMCD"] == "OR1Y") & (data.adrs["DUEFL"] == "Y")].set_index("USUBJID")
    labels = {"CTD": "Connective tissue disease", "ANA": "ANA-positive", "EVANS": "Evans syndrome"}
    labels |= {"COOMBS": "Coombs-positive"}
    assert list(dict.fromkeys(output.results["stratum"]))[:4] == list(labels.values())
    for code, label in labels.items():
        for trt in ("TPO-RA+aCD20", "BAT"):
            own = adsl[(adsl["ABCLASS"] == code) & (adsl["TRT01P"] == trt)]
            due = answers.reindex(own["USUBJID"]).dropna(subset="DUEFL")
            responded = due["AVALC"].isin(["CR", "R"]).sum()
            assert counts(output, stratum=label, measure="share")[trt] == (
                len(own),
                (adsl["TRT01P"] == trt).sum(),
            )
            assert counts(output, stratum=label)[trt] == (responded, len(due))


def test_the_common_difference_is_that_of_the_strata(derived):
    data = derived(SECOND)
    classes = build("autoantibody_classes", data, View()).results
    strata = build("stratified", data, View(), strata="ABCLASS").results
    method = "stratified Miettinen-Nurminen"
    numbers = ["estimate", "conf_low", "conf_high"]
    pd.testing.assert_frame_equal(
        classes.loc[classes["method"] == method, numbers].reset_index(drop=True),
        strata.loc[strata["method"] == method, numbers].reset_index(drop=True),
    )


def test_names_of_classes_never_make_two_into_one():
    labels = {"B": "Second", "A": "First"}
    assert class_names(["A", "B", "C", "missing"], labels) == {
        "B": "Second", "A": "First", "C": "C", "missing": "Missing",
    }  # fmt: skip
    assert class_names(["A", "B"], {"A": "B"}) == {"A": "B (A)", "B": "B"}


def test_a_class_that_is_missing_is_a_class_of_its_own(typed):
    data = dataclasses.replace(
        typed, adsl=typed.adsl.assign(ABCLASS=typed.adsl["ABCLASS"].replace("ANA", ""))
    )
    output = build("autoantibody_classes", data, View())
    assert counts(output, stratum="Missing", measure="share") == {"A": (1, 5), "B": (1, 5)}
    assert output.table["Class"].tolist() == ["Evans syndrome", "Missing", "All classes"]


def test_a_column_that_is_not_there_is_one_sentence(typed):
    data = dataclasses.replace(typed, adsl=typed.adsl.drop(columns="ABCLASS"))
    said = {output_id: build(output_id, data, View()).empty for output_id in RATES[:2]}
    assert said["autoantibody_classes"].startswith("ABCLASS is not in the data")
    assert said["haemoglobin_response"] == "Nobody with Evans syndrome (ABCLASS) is in view."


def test_a_study_that_names_neither_says_so(derived):
    for output_id, table in (
        ("autoantibody_classes", "[autoantibodies]"),
        ("haemoglobin_response", "[haemoglobin_response]"),
    ):
        output = build(output_id, derived(FIRST), View())
        assert output.empty.endswith(f"under {table}.") and output.table.empty


def test_three_arms_are_each_compared_with_control(typed):
    arms = (*DEFINITION.arms, Arm("C", "Drug C", "experimental"))
    definition = DEFINITION.replace(arms=arms)
    adsl = typed.study.adsl.assign(
        TRT01P=typed.study.adsl["TRT01P"].where(typed.study.adsl.index % 3 > 0, "C")
    )
    data = derive(dataclasses.replace(typed.study, definition=definition, adsl=adsl))
    for output_id in RATES[:2]:
        output = build(output_id, data, View())
        compared = output.results.loc[output.results["measure"] == "difference", "comparison"]
        assert set(compared) == {"A - B", "C - B"}, output_id
        output.figure("light", True)


def test_combinations_as_counted_from_the_file(derived):
    data = derived(SECOND)
    output = build("treatments_given", data, View())
    safety = data.adsl[data.adsl["SAFFL"] == "Y"].set_index("USUBJID")["TRT01A"]
    drugs = data.adex.groupby("USUBJID")["EXTRT"].agg(lambda names: " + ".join(sorted(set(names))))
    due = data.adrs[(data.adrs["PARAMCD"] == "OR1Y") & (data.adrs["DUEFL"] == "Y")].set_index("USUBJID")
    rows = output.results[output.results["kind"] == "combination"]
    for (arm, given), people in drugs.groupby([safety.reindex(drugs.index), drugs]):
        own = rows[(rows["arm"] == arm) & (rows["given"] == given)].set_index("measure")
        answers = due.reindex(people.index).dropna(subset="AVALC")["AVALC"]
        assert own.loc["participants", ["n", "N"]].tolist() == [len(people), (safety == arm).sum()]
        assert own.loc["response", ["n", "N"]].tolist() == [answers.isin(["CR", "R"]).sum(), len(answers)]
    whole = rows[rows["measure"] == "participants"].groupby("arm")["n"].sum()
    assert whole.to_dict() == safety.value_counts().to_dict()


def test_a_first_dose_needs_one_unit(derived):
    data = derived(SECOND)
    adex = data.study.adex
    first = adex.index[adex["EXTRT"] == "Danazol"][0]
    mixed = adex.assign(EXDOSU=adex["EXDOSU"].mask(adex.index == first, "g"))
    output = build("treatments_given", derive(dataclasses.replace(data.study, adex=mixed)), View())
    table = output.table.set_index("Given")
    assert table.loc["Danazol, alone or combined", "First dose"] == "–"
    assert table.loc["Ciclosporin, alone or combined", "First dose"] == "100 mg"


def test_days_of_few_would_tell_the_cut(derived):
    table = build("treatments_given", derived(SECOND), View()).table.set_index("Given")
    assert table.loc["Ciclosporin + Danazol", "Weeks"] == "fewer than 5"


def test_no_hidden_combination_can_be_computed_from_the_file(derived):
    """Every whole number that agrees with the sums of arm and drugs: more than one is left for each hidden cell."""
    data = derived(SECOND)
    output = build("treatments_given", data, View())
    kept = for_file(output).results
    rows = kept[(kept["measure"] == "participants") & (kept["arm"] == "BAT")]
    true = output.results.loc[rows.index, "n"]
    assert rows.loc[(true >= 1) & (true < 5), "n"].isna().all()
    combined, drugs = (rows[rows["kind"] == kind] for kind in ("combination", "drug"))
    hidden = combined[combined["n"].isna()]
    assert len(hidden) > 1
    left = int(combined["N"].iloc[0] - combined["n"].sum())
    having = {
        row.given: [row.given in name.split(" + ") for name in hidden["given"]]
        for row in drugs.itertuples()
        if not pd.isna(row.n)
    }
    rest = {
        row.given: int(row.n)
        - int(combined.loc[[row.given in g.split(" + ") for g in combined["given"]], "n"].sum())
        for row in drugs.itertuples()
        if not pd.isna(row.n)
    }
    truth = output.results.loc[hidden.index, "n"].astype(int).tolist()
    found = [set() for _ in truth]
    for first, second in itertools.permutations(range(len(truth)), 2):
        for third, fourth in itertools.permutations(range(len(truth)), 2):
            other = list(truth)
            for place, step in ((first, 1), (second, -1), (third, 1), (fourth, -1)):
                other[place] += step
            fits = sum(other) == left and min(other) >= 0
            fits &= all(
                sum(n for n, has in zip(other, having[d], strict=True) if has) == rest[d] for d in rest
            )
            for place, n in enumerate(other if fits else []):
                found[place].add(n)
    small_ones = [seen for seen, n in zip(found, truth, strict=True) if 1 <= n < 5]
    assert all(len(seen) > 1 for seen in small_ones)


def test_steroid_sparing_as_counted_from_the_files(derived):
    data = derived(SECOND)
    for week, day in (("12", 85), ("26", 183), ("52", 365)):
        output = build("steroid_sparing", data, View(), week=week)
        safety = data.adsl[(data.adsl["SAFFL"] == "Y") & (data.adsl["STERFL"] == "Y")]
        steroid = pd.concat(
            [
                data.adcm[data.adcm["CMCLAS"].str.startswith("CORTICOSTEROID")],
                data.adex[data.adex["EXTRT"] == "Prednisone"],
            ]
        ).merge(data.adsl[["USUBJID", "FUDY"]], on="USUBJID")
        single = steroid["CMCLAS"].eq("") & steroid["AENDY"].isna()
        assert not single.any()
        last = steroid["AENDY"].fillna(steroid["FUDY"])
        on = steroid.loc[(steroid["ASTDY"] <= day) & (last >= day), "USUBJID"]
        for trt in ("TPO-RA+aCD20", "BAT"):
            own = safety[(safety["TRT01A"] == trt) & (safety["DCUTDY"] >= day)]
            off = ~own["USUBJID"].isin(on) & (own["FUDY"] >= day)
            assert counts(output, reached="Off corticosteroid")[trt] == (off.sum(), len(own)), (week, trt)


def test_another_week_is_refused_by_name(derived):
    with pytest.raises(ValueError, match="week is '13'; expected one of"):
        build("steroid_sparing", derived(SECOND), View(), week="13")


def test_an_interim_cut_has_fewer_due(derived):
    cuts = derived(SECOND).study.cuts
    off = [build("steroid_sparing", derived(SECOND, cut), View(), week="26") for cut in cuts]
    due = [sum(N for _, N in counts(output, reached="Off corticosteroid").values()) for output in off]
    assert due[0] < due[1] <= due[2] == 38


@pytest.mark.parametrize("output_id", IDS)
def test_files_hold_no_small_count(derived, output_id):
    for cut in derived(SECOND).study.cuts:
        output = build(output_id, derived(SECOND, cut), View())
        kept = for_file(output).results
        counted = kept[kept["n"].notna()] if len(kept) else kept
        if output_id == "treatments_given":
            counted = counted[counted["measure"].isin(["participants", "response"])]
        small_counts = (
            counted[(counted["n"].between(1, 4)) | counted["N"].between(1, 4)] if len(counted) else counted
        )
        assert small_counts.empty, (output_id, cut)


def test_a_hidden_rate_hides_its_difference(derived):
    kept = for_file(build("haemoglobin_response", derived(SECOND), View()))
    rows = kept.results[kept.results["response"] == "Response"]
    control = rows[(rows["arm"] == "BAT") & (rows["measure"] == "rate")].iloc[0]
    assert pd.isna(control["n"]) and np.isnan(control["estimate"])
    assert rows.loc[rows["measure"] == "difference", ["estimate", "conf_low"]].isna().all(axis=None)
    assert (kept.table == NOT_SHOWN).any(axis=None)


@pytest.mark.parametrize("output_id", IDS)
def test_the_pooled_view_names_no_arm_and_says_what_it_lacks(derived, output_id):
    output = build(output_id, derived(SECOND, view="pooled"), View())
    if output_id == "autoantibody_classes":
        assert set(output.results["measure"]) == {"share", "rate"} and output.figure is None
    else:
        assert "pooled view" in output.empty and output.table.empty


@pytest.mark.parametrize("output_id", IDS)
def test_one_arm_may_be_empty_and_nobody_left(derived, output_id):
    data = derived(SECOND)
    only = derive(dataclasses.replace(data.study, adsl=data.study.adsl[data.study.adsl["TRT01P"] == "BAT"]))
    output = build(output_id, only, View())
    if output.figure is not None:
        output.figure("light", True)
    if output.as_file is not None:
        output.as_file()
    assert build(output_id, data, View(filters=NOBODY)).empty.startswith("Nobody matches")


@pytest.mark.parametrize("output_id", IDS)
def test_where_arms_were_not_randomised_every_difference_says_so(derived, output_id):
    output = build(output_id, derived(SECOND), View())
    assert any(note.startswith("Association; arms were not randomised.") for note in output.footnotes)
    if "p_value" in output.results:
        assert output.results["p_value"].isna().all()
        assert "test" not in set(output.results["measure"])


def test_markup_and_long_names_stay_text(derived):
    data = derived(SECOND)
    name = "<b>Evans</b> " + "x" * 540
    classes = dataclasses.replace(data.definition.autoantibodies, labels={"EVANS": name})
    definition = data.definition.replace(autoantibodies=classes)
    odd = dataclasses.replace(data, study=dataclasses.replace(data.study, definition=definition))
    output = build("autoantibody_classes", odd, View())
    assert output.table["Class"].str.startswith("<b>").any()
    assert "<b>Evans" not in output.figure("light", False).to_json()
    drug = data.study.adex.assign(EXTRT=data.study.adex["EXTRT"].replace("Danazol", "<i>" + "y" * 540))
    given = build("treatments_given", derive(dataclasses.replace(data.study, adex=drug)), View())
    assert given.table["Given"].str.startswith("<i>").any()
