"""The outputs of exposure and medication: numbers counted from the files, words, small cells, the pooled view."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from conftest import NOBODY

from analysis.adam import derive
from outputs.catalogue import build
from outputs.files import for_file
from outputs.output import View
from outputs.small_cells import NOT_SHOWN

IDS = (
    *("exposure_doses", "exposure_time", "exposure_interruptions", "steroid_dose", "steroid_stop"),
    *("rescue_use", "time_to_rescue", "concomitant"),
)
FIRST, SECOND = "nct07057778", "nct04915482"


@pytest.fixture
def data(derived):
    return derived(FIRST)


def changed(data, **frames):
    """The study with other frames, derived again."""
    return derive(dataclasses.replace(data.study, **frames))


def rows_of(output, **fixed):
    frame = output.results
    for name, value in fixed.items():
        frame = frame[frame[name] == value]
    return frame.set_index("arm")


def test_treated_and_full_dose_as_counted_from_the_file(data):
    output = build("exposure_doses", data, View())
    safety = data.adsl[data.adsl["SAFFL"] == "Y"]
    given = data.adex[data.adex["EXTRT"] == "Rituximab"].groupby("USUBJID").size()
    for trt in ("IGU+RTX", "RTX"):
        own = safety.loc[safety["TRT01A"] == trt, "USUBJID"]
        treated = rows_of(output, drug="Rituximab", measure="treated").loc[trt]
        assert (treated["n"], treated["N"]) == (own.isin(given.index).sum(), len(own))
        full = rows_of(output, drug="Rituximab", measure="100% or more").loc[trt]
        assert full["n"] == sum(given.get(usubjid, 0) == 6 for usubjid in own)  # all are followed past week 5


@pytest.mark.parametrize("study", [FIRST, SECOND])
def test_everybody_at_risk_on_treatment_is_behind_the_count(derived, study):
    output = build("exposure_time", derived(study), View())
    behind = output.records.groupby(["DRUG", "WEEK", "ARM"])["USUBJID"].nunique()
    at = output.results[output.results["measure"] == "share on treatment"]
    assert len(at)
    for row in at.itertuples():
        assert behind.get((row.drug, f"{row.week:g}", row.arm), 0) == row.n_risk
    started = output.records[(output.records["WEEK"] == "0") & (output.records["DRUG"] == "Any study drug")]
    adex, adsl = derived(study).adex, derived(study).adsl
    taken = set(adex.loc[adex["EXDOSE"] != 0, "USUBJID"])
    assert set(started["USUBJID"]) == taken & set(adsl.loc[adsl["SAFFL"] == "Y", "USUBJID"])


def test_who_is_in_a_band_is_who_is_in_the_segment(data):
    output = build("exposure_doses", data, View())
    drawn = {
        tuple(point): hover
        for trace in output.figure("light", False).data
        for point, hover in zip(trace.customdata, trace.hovertext, strict=True)
    }
    behind = output.records.groupby(["ROW", "BAND"]).size()
    assert drawn
    for cell, hover in drawn.items():
        assert f" {behind[cell]} of " in hover


def test_a_dose_without_a_unit_is_counted_below_and_in_no_amount(data):
    adex = data.study.adex
    first = adex.index[adex["EXTRT"] == "Iguratimod"][0]
    output = build(
        "exposure_doses",
        changed(data, adex=adex.assign(EXDOSU=adex["EXDOSU"].mask(adex.index == first, ""))),
        View(),
    )
    assert "1 dose record of 1 participant is in no amount: 1 without a unit." in output.footnotes
    before = rows_of(build("exposure_doses", data, View()), drug="Iguratimod", measure="relative dose")
    after = rows_of(output, drug="Iguratimod", measure="relative dose")
    assert after.loc["IGU+RTX", "n"] == before.loc["IGU+RTX", "n"] - 1
    assert after.loc["IGU+RTX", "N"] == before.loc["IGU+RTX", "N"]


def test_time_on_a_drug_of_few_is_not_shown(derived):
    output = build("exposure_doses", derived(SECOND), View())
    few = output.table.set_index("Drug").loc["Mycophenolate mofetil"]
    assert few["Weeks on treatment"] == few["Amount"] == "fewer than 5"


def test_rescue_as_counted_from_the_file(data):
    output = build("rescue_use", data, View())
    safety = data.adsl[data.adsl["SAFFL"] == "Y"]
    classes = [rescue.cmclas for rescue in data.definition.rescue]
    courses = data.adcm[data.adcm["CMCLAS"].isin(classes) & data.adcm["USUBJID"].isin(safety["USUBJID"])]
    assert rows_of(output, group="Any rescue").loc["All", ["n", "events"]].tolist() == [
        courses["USUBJID"].nunique(), len(courses),
    ]  # fmt: skip
    bleeding = courses[(courses["CMCLAS"] == "IVIG") & (courses["CMINDC"] == "BLEEDING")]
    line = rows_of(output, group="IVIG", level="Bleeding").loc["All"]
    assert (line["n"], line["events"]) == (bleeding["USUBJID"].nunique(), len(bleeding))


def test_reasons_that_are_not_recorded_are_said_to_be(data):
    output = build("rescue_use", changed(data, adcm=data.study.adcm.drop(columns="CMINDC")), View())
    assert "Reasons of rescue (CMINDC) are not recorded." in output.footnotes
    assert set(output.results["level"]) == {""}
    bare = data.study.adex.drop(columns="EXADJ")
    reasons = build("exposure_interruptions", changed(data, adex=bare), View()).results["level"]
    assert set(reasons) == {"", "No reason recorded"}


def test_the_first_rescue_and_its_curve_tell_the_same(data):
    curve = build("time_to_rescue", data, View())
    used = build("rescue_use", data, View())
    assert len(curve.records) == rows_of(used, group="Any rescue").loc["All", "n"]
    events = curve.results[curve.results["cause"] == "rescue"].groupby("arm")["n_event"].sum()
    assert events.sum() == len(curve.records)


def test_cumulative_steroid_to_the_week_asked(data):
    for week in ("12", "52"):
        output = build("steroid_dose", data, View(), to_week=week)
        assert output.table["Week"].iloc[-1] == f"Cumulative to {week}, mg"
        assert ("to_week", week) in output.options


def test_another_week_is_refused_by_name(data):
    with pytest.raises(ValueError, match="to_week is '13'; expected one of"):
        build("steroid_dose", data, View(), to_week="13")


def test_a_file_leaves_out_reasons_of_few(data):
    output = build("rescue_use", data, View())
    kept = for_file(output)
    small = (output.results["n"] >= 1) & (output.results["n"] < 5)
    assert small.any() and kept.results.loc[small, "n"].isna().all()
    assert kept.results.loc[small, ["events", "estimate"]].isna().all(axis=None)
    assert (kept.table == NOT_SHOWN).any(axis=None)
    assert list(kept.table.iloc[:, 0]) == list(output.table.iloc[:, 0])


def test_the_pooled_view_says_what_it_does_not_have(derived):
    pooled = derived(FIRST, view="pooled")
    said = {key: build(key, pooled, View()).empty for key in IDS}
    assert all("pooled view" in said[key] for key in IDS if key not in ("rescue_use", "time_to_rescue"))
    true, hidden = (build("rescue_use", each, View()).results for each in (derived(FIRST), pooled))
    whole = true[(true["group"] == "Any rescue") & (true["arm"] == "All")]
    (line,) = hidden[hidden["group"] == "Any rescue"].to_dict("records")
    assert (line["n"], line["events"]) == (whole["n"].iloc[0], whole["events"].iloc[0])


@pytest.mark.parametrize("output_id", IDS)
def test_one_arm_may_be_empty(data, output_id):
    only = changed(data, adsl=data.study.adsl[data.study.adsl["TRT01A"] == "RTX"])
    output = build(output_id, only, View())
    if output.figure is not None and not output.empty:
        output.figure("light", True)
    if output.as_file is not None:
        output.as_file()
    assert build(output_id, data, View(filters=NOBODY)).empty.startswith("Nobody matches")


def test_markup_and_long_names_stay_text(data):
    drug = "<b>Iguratimod</b> " + "x" * 540
    adex = data.study.adex
    odd = changed(data, adex=adex.assign(EXTRT=adex["EXTRT"].replace("Iguratimod", drug)))
    output = build("exposure_doses", odd, View())
    assert output.table["Drug"].str.startswith("<b>").any()
    assert "<b>Iguratimod" not in str(output.figure("light", False).to_json())
    reasons = data.study.adcm.assign(CMINDC="<script>" + "y" * 540)
    assert (
        build("rescue_use", changed(data, adcm=reasons), View())
        .table.iloc[2, 0]
        .strip()
        .startswith("<script>")
    )


def test_the_same_rows_in_another_order_give_the_same(data):
    shuffled = changed(
        data,
        adex=data.study.adex.sample(frac=1, random_state=1).reset_index(drop=True),
        adcm=data.study.adcm.sample(frac=1, random_state=1).reset_index(drop=True),
    )
    for output_id in IDS:
        one, two = (build(output_id, each, View()) for each in (data, shuffled))
        pd.testing.assert_frame_equal(one.results, two.results)
        assert one.headline == two.headline
    assert not np.isnan(build("exposure_doses", data, View()).results["estimate"]).all()
