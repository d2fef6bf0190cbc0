"""One participant in tables and figures, several side by side, everybody in the heat map: against typed records."""

import dataclasses
import datetime

import pandas as pd
import pytest
from conftest import NOBODY

from analysis.adam import derive
from charts.heatmap_marks import MISSING, NOT_REACHED
from outputs.catalogue import build, is_about_one, option_names
from outputs.one_participant import participant_course_output
from outputs.output import View
from outputs.participant_parts import UnknownParticipant

FIRST, SECOND = "nct07057778", "nct04915482"
EARLIEST = {FIRST: datetime.date(2026, 3, 31), SECOND: datetime.date(2022, 3, 31)}
OF_ONE = ("participant_course", "participant_adverse", "participant_treatment", "participant_laboratory")


@pytest.fixture
def data(derived):
    return derived(FIRST)


def changed(data, **frames):
    """The study with other frames, derived again."""
    return derive(dataclasses.replace(data.study, **frames))


def somebody(data) -> str:
    return str(data.adsl["USUBJID"].iloc[0])


def with_rows(data, name: str, rows: list[dict]):
    """The study in which one participant has just these records in one frame; what is not typed is empty."""
    frame, usubjid = getattr(data.study, name), somebody(data)
    blank = frame.iloc[:1].assign(
        **{column: "" if frame[column].dtype == "str" else float("nan") for column in frame}
    )
    typed = [blank.assign(USUBJID=usubjid, **row) for row in rows]
    others = frame[frame["USUBJID"] != usubjid]
    return changed(data, **{name: pd.concat([others, *typed], ignore_index=True)})


def event(**more) -> dict:
    return {"AEDECOD": "Nausea", "AEBODSYS": "Gut", "AETOXGR": "2", "AESER": "N", "ASTDY": 3.0} | more


def test_adverse_events_of_one_with_grade_duration_and_what_became_of_them(data):
    events = [
        event(
            AENDY=7.0, AEREL="NOT RELATED", AEACN="DRUG INTERRUPTED", AEOUT="RECOVERED/RESOLVED", TRTEMFL="Y"
        ),
        event(AEDECOD="", AEBODSYS="", AETOXGR="", AESER="Y", ASTDY=-2.0, AENDY=2.0),
        event(AEDECOD="Fatigue", ASTDY=9.0),
        event(AEDECOD="Rash", ASTDY=20.0, AENDY=18.0),
    ]
    output = build("participant_adverse", with_rows(data, "adae", events), View(), usubjid=somebody(data))
    table = output.table.set_index("Event")
    assert list(table.index) == ["Term missing", "Nausea", "Fatigue", "Rash"]
    assert list(table["Days"]) == ["4", "5", "", "1"]  # no day 0; no end; an end before the start
    assert list(table["Grade"]) == ["missing", "2", "2", "2"]
    assert list(table["Serious"]) == ["yes", "no", "no", "no"]
    assert list(table["Emergent"]) == ["no", "yes", "no", "no"]
    assert table.loc["Nausea", ["Related", "Action", "Outcome"]].tolist() == [
        "not related",
        "drug interrupted",
        "recovered/resolved",
    ]
    assert table.loc["Term missing", "System organ class"] == "Not coded"


def test_treatment_of_one_in_the_order_of_first_days(data):
    usubjid = somebody(data)
    dosed = with_rows(
        data,
        "adex",
        [
            {
                "EXTRT": "Iguratimod",
                "EXDOSE": 25.0,
                "EXDOSU": "mg",
                "EXDOSFRQ": "BID",
                "ASTDY": 1.0,
                "AENDY": 50.0,
            },
            {
                "EXTRT": "Iguratimod",
                "EXDOSE": 50.0,
                "EXDOSU": "mg",
                "EXADJ": "LOW COUNT",
                "ASTDY": 51.0,
                "AENDY": 60.0,
            },
        ],
    )
    rescue = dosed.definition.rescue[0].cmclas
    medicated = with_rows(
        dosed,
        "adcm",
        [
            {"CMCLAS": rescue, "CMDECOD": "Immunoglobulin", "ASTDY": 30.0, "AENDY": 31.0},
            {"CMCLAS": "ANTIHYPERTENSIVE", "CMINDC": "High pressure", "ASTDY": -9.0},
        ],
    )
    table = build("participant_treatment", medicated, View(), usubjid=usubjid).table
    assert table.to_numpy().tolist() == [
        ["Medication", "ANTIHYPERTENSIVE", "", "−9", "", "High pressure"],
        ["Study drug", "Iguratimod", "25 mg BID", "1", "50", ""],
        ["Rescue", "Immunoglobulin", "", "30", "31", ""],
        ["Study drug", "Iguratimod", "50 mg", "51", "60", "low count"],
    ]


def value(paramcd: str, aval: float, avalu: str, low: float, high: float, **more) -> dict:
    return {"PARAMCD": paramcd, "ADY": 29.0, "AVAL": aval, "AVALU": avalu, "ANRLO": low, "ANRHI": high} | more


def of_laboratory(data, rows, **options):
    """One participant's laboratory with these values beside one platelet count."""
    plain = value("PLAT", 40.0, "10^9/L", float("nan"), float("nan"), ADY=1.0)
    given = with_rows(data, "adlb", [plain, *rows])
    return build("participant_laboratory", given, View(), usubjid=somebody(data), **options)


def test_values_outside_their_limits_with_unit_and_grade(data):
    output = of_laboratory(
        data,
        [
            value("HGB", 9.0, "g/dL", 11.5, 15.0),  # 90 g/L: below 100, grade 2
            value("ALT", 40.0, "U/L", 7.0, 40.0),  # on the limit
            value("ALT", 121.0, "U/L", 7.0, 40.0, ADY=57.0),  # just above 3 times the limit: grade 2
            value("ZZZ", 5.0, "arb", float("nan"), 4.0),
        ],
    )
    assert output.table.to_numpy().tolist() == [
        ["Haemoglobin", "29", "90 g/L", "115 to 150", "low", "2"],
        ["Alanine aminotransferase", "57", "121 U/L", "7 to 40", "high", "2"],
        ["ZZZ", "29", "5 arb", "up to 4", "high", ""],
    ]


def test_liver_values_are_drawn_in_multiples_and_all_parameters_on_demand(data):
    rows = [
        value("HGB", 120.0, "g/L", 115.0, 150.0),
        value("ALT", 80.0, "U/L", 7.0, 40.0),
        value("ALT", 60.0, "U/L", 7.0, 30.0, ADY=57.0),
        value("BILI", 20.0, "umol/L", float("nan"), float("nan")),  # without its limit: as it is
        value("NEUT", 2.0, "10^9/L", 1.5, 7.0),
    ]
    main = of_laboratory(data, rows).figure("light", False)
    assert [list(trace.y) for trace in main.data] == [[120], [2, 2], [20]]
    everything = of_laboratory(data, rows, parameters="all").figure("light", False)
    assert len(everything.data) == 4
    assert of_laboratory(data, rows[-1:]).figure("light", False).data[0].y[0] == 2  # nothing of the main ones


def test_an_unknown_choice_of_parameters_is_refused(data):
    with pytest.raises(ValueError, match="main or all"):
        build("participant_laboratory", data, View(), usubjid=somebody(data), parameters="some")


def test_every_bleeding_instrument_of_the_participant_is_drawn(derived):
    data = derived(SECOND)
    usubjid = data.adqs.loc[data.adqs["PARAMCD"] == "SMOGSKIN", "USUBJID"].iloc[0]
    output = build("participant_course", data, View(), usubjid=usubjid)
    words = [note.text for note in output.figure("light", False).layout.annotations]
    named = ["WHO bleeding scale", "ITP-BAT, skin", "ITP-BAT, mucosa", "ITP-BAT, organ"]
    assert [word for word in words if word in named] == named
    kinds = set(output.table["Kind"])
    asked = data.adqs[(data.adqs["USUBJID"] == usubjid) & (data.adqs["AVAL"] > 0)]
    assert ("ITP-BAT, skin" in kinds) == (asked["PARAMCD"] == "SMOGSKIN").any()


def test_course_and_laboratory_have_one_axis_of_days(derived):
    data = derived(SECOND)
    outputs = [
        build(name, data, View(), usubjid=somebody(data)).figure("light", False).layout
        for name in ("participant_course", "participant_laboratory")
    ]
    assert outputs[0].xaxis.range == outputs[1].xaxis.range
    assert (outputs[0].margin.l, outputs[0].margin.r) == (outputs[1].margin.l, outputs[1].margin.r)


def test_a_study_without_the_other_datasets(data):
    empty = {name: getattr(data.study, name).iloc[:0] for name in ("adae", "adex", "adcm", "adqs")}
    adlb = data.study.adlb
    usubjid = somebody(data)
    bare = changed(data, **empty, adlb=adlb[(adlb["USUBJID"] != usubjid) & (adlb["PARAMCD"] == "PLAT")])
    for output_id in OF_ONE:
        output = build(output_id, bare, View(), usubjid=usubjid)
        if output.figure:
            assert output.figure("light", True).layout.height > 0
        else:
            assert output.empty
    compared = build("participants_compared", bare, View(), usubjids=usubjid)
    assert compared.figure("dark", False).layout.height > 0 and compared.table.empty
    facts = build("participants_facts", bare, View(), usubjids=usubjid).table.set_index("Fact")[usubjid]
    assert facts["Rescue, days"] == "none" and facts["Best count after day 1"] == "none"
    assert build("platelet_heatmap", bare, View()).figure("light", False) is not None


@pytest.mark.parametrize("name", [FIRST, SECOND])
def test_earliest_cut(derived, name):
    data = derived(name, EARLIEST[name])
    for usubjid in data.adsl["USUBJID"].iloc[:3]:
        for output_id in OF_ONE:
            output = build(output_id, data, View(), usubjid=usubjid)
            assert output.empty or output.figure is None or output.figure("light", True).layout.height > 0
    chosen = ",".join(data.adsl["USUBJID"].iloc[:4])
    assert build("participants_compared", data, View(), usubjids=chosen).figure("light", True)


def test_pooled_view_shows_neither_arm_nor_drug(derived):
    data, true = derived(FIRST, None, "pooled"), derived(FIRST)
    usubjid = somebody(data)
    outputs = [build(output_id, data, View(), usubjid=usubjid) for output_id in OF_ONE]
    outputs += [
        build(output_id, data, View(), usubjids=usubjid)
        for output_id in ("participants_compared", "participants_facts")
    ]
    outputs.append(build("platelet_heatmap", data, View()))
    named = [arm.label for arm in true.definition.arms] + [arm.trt for arm in true.definition.arms]
    for output in outputs:
        drawn = "" if output.figure is None else output.figure("light", False).to_json()
        told = " ".join([drawn, output.table.to_csv(), output.detail, *output.footnotes])
        assert not [name for name in named if f">{name}" in told or f",{name}" in told]
        assert "Rituximab" not in told and "CD19" not in output.results.to_csv()


def test_several_are_drawn_in_the_order_chosen_and_each_once(data):
    first, second, third = data.adsl["USUBJID"].iloc[:3]
    output = build("participants_compared", data, View(), usubjids=f"{third}, {first},{third}")
    assert list(output.records["USUBJID"]) == [third, first]
    assert set(output.results["USUBJID"]) <= {third, first} and second not in output.table.to_csv()
    counts = data.adlb[
        (data.adlb["PARAMCD"] == "PLAT") & (data.adlb["RECFL"] == "Y") & data.adlb["AVAL"].notna()
    ]
    assert len(output.results) == counts["USUBJID"].isin([first, third]).sum()


def test_only_severe_events_are_beside_those_compared(data):
    events = [event(AETOXGR="3", AEDECOD="Pneumonia"), event(AETOXGR="2"), event(AETOXGR="", AEDECOD="Rash")]
    given = with_rows(data, "adae", events)
    output = build("participants_compared", given, View(), usubjids=somebody(data))
    assert output.table.loc[output.table["Kind"] == "Adverse event", "What"].tolist() == [
        "Pneumonia, grade 3"
    ]
    facts = build("participants_facts", given, View(), usubjids=somebody(data)).table.set_index("Fact")
    own = facts[somebody(data)]
    assert (own["Adverse events"], own["Adverse events of grade 3 or more"]) == ("3", "1")


def test_more_than_four_are_refused_and_nobody_is_asked_for(data):
    with pytest.raises(ValueError, match="at most 4"):
        build("participants_compared", data, View(), usubjids="a,b,c,d,e")
    assert build("participants_compared", data, View()).empty == "Choose up to four participants."
    with pytest.raises(UnknownParticipant):
        build("participants_compared", data, View(), usubjids="nobody")
    with pytest.raises(UnknownParticipant):
        participant_course_output(data, View(), usubjid="nobody")


@pytest.mark.parametrize("output_id", ["participants_compared", "participants_facts"])
def test_identifiers_chosen_are_kept_out_of_titles_and_file_names(data, output_id):
    output = build(output_id, data, View(), usubjids=somebody(data))
    assert output.options == () and somebody(data) not in output.title
    assert not is_about_one(output_id) and option_names(output_id) == ["usubjids"]


def test_a_cell_per_visit_and_why_it_is_empty(derived):
    """Weeks 1, 2, 3 ... of the first trial: windows end on days 11, 18, 25."""
    data = derived(FIRST)
    usubjid = somebody(data)
    subjects = data.study.adsl
    mine = subjects["USUBJID"] == usubjid
    day = {"DCUTDY": 20.0, "EOSDY": float("nan"), "DTHDY": float("nan"), "EOSSTT": "ONGOING"}
    subjects = subjects.assign(**{name: subjects[name].mask(mine, value) for name, value in day.items()})
    base = {"PARAMCD": "PLAT", "AVALU": "10^9/L"}
    rows = [base | {"ADY": 1.0, "AVAL": 9.0}, base | {"ADY": 15.0, "AVAL": 10.0, "AVALC": "<10"}]
    given = with_rows(changed(data, adsl=subjects), "adlb", rows)
    output = build("platelet_heatmap", given, View())
    cells = {
        axis.name: list(axis.x)
        for axis in output.figure("light", False).data
        if axis.name and usubjid in axis.customdata
    }
    table = output.table.set_index("Participant").loc[usubjid]
    assert (table["Baseline"], table["Week 1"], table["Week 2"], table["Week 3"]) == (
        "9",
        "missing",
        "10",
        "",
    )
    bands = output.results[output.results["USUBJID"] == usubjid].set_index("time")["band"]
    assert bands.to_dict() == {0.0: "< 10", 2.0: "< 10"}  # below 10 is below 10
    assert {MISSING, NOT_REACHED} <= set(cells)


def test_everybody_is_in_the_heat_map_once_best_answer_first(data):
    output = build("platelet_heatmap", data, View())
    assert output.records["USUBJID"].is_unique and len(output.records) == (data.adsl["FASFL"] == "Y").sum()
    place = output.records["ANSWERSOFAR"].map(
        {"CR": 0, "R": 1, "Y": 2, "PENDING": 3, "NR": 4, "N": 5, "MISSING": 6}
    )
    assert place.is_monotonic_increasing
    clicked = {name for trace in output.figure("light", False).data for name in trace.customdata or ()}
    assert clicked == set(output.records["USUBJID"])


def test_rescue_and_leaving_are_at_their_visits(data):
    figure = build("platelet_heatmap", data, View()).figure("light", False)
    classes = [each.cmclas for each in data.definition.rescue]
    analysed = set(data.adsl.loc[data.adsl["FASFL"] == "Y", "USUBJID"])
    rescue = data.adcm[
        data.adcm["CMCLAS"].isin(classes) & (data.adcm["ASTDY"] >= 1) & data.adcm["USUBJID"].isin(analysed)
    ]
    crosses = sum(len(trace.x) for trace in figure.data if trace.marker.symbol == "x-thin") / 2
    assert (
        0 < crosses <= len(rescue) and crosses >= rescue["USUBJID"].nunique() - 2
    )  # some after the last window
    gone = data.adsl[data.adsl["STATUS"].isin(["withdrawn", "died"]) & data.adsl["USUBJID"].isin(analysed)]
    assert sum(len(trace.x) for trace in figure.data if trace.marker.symbol == "line-ns") == len(gone)


def test_heat_map_of_nobody_says_so(data):
    assert build("platelet_heatmap", data, View(filters=NOBODY)).empty.startswith("Nobody matches")
