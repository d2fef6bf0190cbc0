"""Exports of REDCap as its manual describes them, written by hand: raw codes and labels."""

import pandas as pd

from trialdata.formats.source_table import SourceTable
from trialdata.headers import clean_headers
from trialdata.shapes.normalise import normalise


def source(header: str, *rows: str) -> SourceTable:
    cells = [row.split(",") for row in rows]
    frame = pd.DataFrame(cells, columns=header.split(","), dtype="str")
    return SourceTable("export.csv", clean_headers(frame.set_axis(pd.RangeIndex(2, len(rows) + 2))))


RAW = source(
    "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,redcap_data_access_group,"
    "arm,sex,race___1,race___3,plt,aeterm,demographics_complete,ae_complete",
    "001,baseline_arm_1,,,site_a,1,2,1,1,12,,2,",
    "001,week_4_arm_1,,,site_a,,,,,85,,,",
    "001,baseline_arm_1,adverse_event,1,site_a,,,,,,Headache,,2",
    "001,baseline_arm_1,adverse_event,2,site_a,,,,,,Rash,,2",
    "002,baseline_arm_1,,,site_b,2,1,0,1,9,,2,",
    "002,week_4_arm_1,,,site_b,,,,,,,,",
)


def by_name(*tables: SourceTable) -> dict[str, SourceTable]:
    return {table.sheet: table for table in normalise(tables)}


def test_a_raw_export_becomes_participants_events_and_repeating_forms():
    assert list(by_name(RAW)) == ["participants", "events", "adverse_event"]


def test_the_arm_of_the_baseline_row_is_carried_over_by_record():
    people = by_name(RAW)["participants"].frame
    assert people[["RECORD_ID", "ARM", "SEX", "SITEID"]].to_numpy().tolist() == [
        ["001", "1", "2", "site_a"],
        ["002", "2", "1", "site_b"],
    ]
    assert list(people.index) == [2, 6]


def test_ticked_boxes_are_joined_in_one_column():
    people = by_name(RAW)["participants"].frame
    assert people["RACE"].tolist() == ["1;3", "3"]


def test_events_keep_their_name_without_the_arm_and_their_row():
    events = by_name(RAW)["events"].frame
    assert events[["RECORD_ID", "AVISIT", "PLT"]].to_numpy().tolist() == [
        ["001", "baseline", "12"],
        ["001", "week 4", "85"],
        ["002", "baseline", "9"],
    ]
    assert list(events.index) == [2, 3, 6]


def test_a_repeating_form_is_a_table_of_its_rows():
    events = by_name(RAW)["adverse_event"].frame
    assert events[["RECORD_ID", "AETERM"]].to_numpy().tolist() == [["001", "Headache"], ["001", "Rash"]]
    assert list(events.index) == [4, 5]


def test_the_state_of_a_form_is_no_data():
    assert not any("COMPLETE" in name for table in by_name(RAW).values() for name in table.frame)


def test_an_export_with_labels_is_read_alike():
    table = source(
        "Record ID,Event Name,Treatment group,Complete?,Platelet count,Complete?",
        "001,Baseline (Arm 1: Main),Combination,Complete,12,Complete",
        "001,Week 4 (Arm 1: Main),,,85,Complete",
    )
    tables = by_name(table)
    assert tables["participants"].frame["TREATMENT GROUP"].tolist() == ["Combination"]
    assert tables["events"].frame[["AVISIT", "PLATELET COUNT"]].to_numpy().tolist() == [
        ["Baseline", "12"],
        ["Week 4", "85"],
    ]


def test_any_other_table_stays_as_it_is():
    table = source("USUBJID,ARM", "001,A")
    assert normalise([table]) == [table]
