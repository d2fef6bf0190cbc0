"""A mapping carried out: every cell of the tables as sent stands in a dataset, or is counted in a finding."""

import pandas as pd
from sent_tables import BLOOD, DEFINITION, EVENTS, FOLLOW_UP, HOSPITAL, MEDICATION, checks, confirmed, table

from trialdata.mapping.apply import apply_mapping
from trialdata.mapping.import_mapping import ImportMapping, Measured, TableMapping
from trialdata.mapping.propose import propose


def applied(*tables):
    return apply_mapping(tables, confirmed(propose(list(tables), DEFINITION)))


def rows(mapped, *columns: str) -> list[tuple]:
    return list(mapped.frame[list(columns)].itertuples(index=False, name=None))


def test_a_wide_row_becomes_one_row_for_each_filled_cell():
    participants, counts = applied(table(FOLLOW_UP)).tables
    assert rows(participants, "USUBJID", "SITEID", "TRT01P", "SRCFILE", "SRCROW") == [
        ("A-01", "01", "联合组", "sent.csv", "2"),
        ("A-02", "01", "单药组", "sent.csv", "3"),
        ("B-01", "02", "联合组", "sent.csv", "4"),
    ]
    assert rows(counts, "USUBJID", "PARAMCD", "AVISIT", "AVAL", "SRCCOL", "SRCROW") == [
        ("A-01", "PLAT", "基线", "12", "血小板_基线", "2"),
        ("A-02", "PLAT", "基线", "9", "血小板_基线", "3"),
        ("B-01", "PLAT", "基线", "20", "血小板_基线", "4"),
        ("A-01", "PLAT", "第4周", "45", "血小板_第4周", "2"),
        ("B-01", "PLAT", "第4周", "＜5", "血小板_第4周", "4"),
    ]
    assert checks(applied(table(FOLLOW_UP)).findings) == [("empty_measurements", "")]


def test_the_date_of_a_visit_keeps_the_row_of_a_missing_count():
    text = "受试者编号,PLT_W1 (10^9/L),DATE_W1\nA-01,12,2025-03-08\nA-02,,2025-03-09\nA-03,,\n"
    (counts,) = applied(table(text)).tables
    assert rows(counts, "USUBJID", "AVAL", "ADT", "AVALU") == [
        ("A-01", "12", "2025-03-08", "10^9/L"),
        ("A-02", "", "2025-03-09", "10^9/L"),
    ]


def test_a_date_of_the_row_is_not_taken_for_a_visit_in_the_header():
    use = TableMapping(
        "sent.csv", ("ID", "DAY", "PLT_W1", "DATE_W1", "PLT"), "adlb", {"USUBJID": "ID", "ADT": "DAY"}
    )
    measured = (
        Measured("PLT_W1", "PLAT", "W1"),
        Measured("PLT", "PLAT"),
        Measured("PLT_W1", "PLAT", "W1", "DATE_W1"),
    )
    sent = table("ID,DAY,PLT_W1,DATE_W1,PLT\nA,2025-03-01,12,2025-03-08,13\n")
    (counts,) = apply_mapping([sent], ImportMapping(tables=(use.replace(measured=measured),))).tables
    assert rows(counts, "AVAL", "ADT") == [("12", ""), ("13", "2025-03-01"), ("12", "2025-03-08")]


def test_a_long_table_keeps_its_cells_as_sent():
    (counts,) = applied(table(HOSPITAL)).tables
    assert rows(counts, "USUBJID", "PARAMCD", "AVAL", "AVALU", "ADT") == [
        ("A-01", "血小板计数", "12", "10^9/L", "2025-03-01"),
        ("A-01", "血红蛋白", "120", "g/L", "2025-03-01"),
        ("A-01", "尿蛋白", "阴性", "", "2025-03-01"),
    ]
    assert counts.headers["AVAL"] == "结果"


def test_columns_of_one_parameter_beside_a_visit():
    (counts,) = applied(table(BLOOD)).tables
    assert rows(counts, "PARAMCD", "AVISIT", "ADT", "AVAL", "AVALU") == [
        ("PLAT", "基线", "2025-03-01", "12", "×109/L"),
        ("PLAT", "第1周", "2025-03-08", "45", "×109/L"),
        ("HGB", "基线", "2025-03-01", "120", ""),
    ]


def test_events_and_medication():
    events, medication = applied(table(EVENTS, "a.csv"), table(MEDICATION, "b.csv")).tables
    assert rows(events, "AEDECOD", "AETOXGR", "ASTDT") == [("头痛", "1级", "2025-03-03")]
    assert rows(medication, "CMCLAS", "CMDECOD", "AENDT") == [
        ("丙种球蛋白", "丙种球蛋白", "2025-04-04"),
        ("阿司匹林", "阿司匹林", ""),
    ]


def test_demographics_and_arms_in_two_tables_are_joined_by_participant():
    people = table("受试者编号,年龄,性别\nA,30,男\nB,40,女\nC,50,女\n", "people.csv")
    arms = table("受试者编号,组别,年龄\nB,RTX,41\nA,IGU+RTX,30\nD,RTX,60\n", "arms.csv")
    result = applied(people, arms)
    (participants,) = result.tables
    assert rows(participants, "USUBJID", "AGE", "TRT01P", "SEX", "SRCFILE", "SRCROW") == [
        ("A", "30", "IGU+RTX", "男", "people.csv", "2"),
        ("B", "40", "RTX", "女", "people.csv", "3"),
        ("C", "50", "", "女", "people.csv", "4"),
        ("D", "60", "RTX", "", "arms.csv", "4"),
    ]
    assert participants.headers["TRT01P"] == "组别 (arms.csv)"
    assert checks(result.findings) == [("participants_joined", ""), ("tables_disagree", "AGE")]


def test_participants_of_two_sites_stay_in_two_tables():
    north, south = (f"受试者编号,组别,年龄\n{site}-1,RTX,30\n" for site in "NS")
    result = applied(table(north, "north.csv"), table(south, "south.csv"))
    assert [rows(each, "USUBJID") for each in result.tables] == [[("N-1",)], [("S-1",)]]


def test_participants_of_a_table_of_visits_are_one_row_each_and_the_others_counted():
    text = "受试者编号,组别,性别,访视,采样日期,血小板(10^9/L)\n"
    text += "A,RTX,男,基线,2025-03-01,1\nA,,,第1周,2025-03-08,2\n"
    text += "B,RTX,女,基线,2025-03-01,3\nB,IGU+RTX,女,第1周,2025-03-08,4\n"
    result = applied(table(text))
    participants, counts = result.tables
    assert rows(participants, "USUBJID", "TRT01P", "SEX", "SRCROW") == [
        ("A", "RTX", "男", "2"),
        ("B", "RTX", "女", "4"),
        ("B", "IGU+RTX", "女", "5"),  # two arms of one participant: refused by the checks of adsl
    ]
    assert len(counts.frame) == 4
    assert checks(result.findings) == [("participant_rows_merged", "")]


def test_rescue_given_at_a_visit_becomes_medication_on_its_day():
    text = "受试者编号,访视,采样日期,血小板(10^9/L),挽救治疗\nA,基线,2025-03-01,12,\nA,第1周,2025-03-08,45,IVIG\n"
    result = applied(table(text))
    counts, medication = result.tables
    assert len(counts.frame) == 2
    assert rows(medication, "USUBJID", "CMCLAS", "ASTDT", "SRCROW") == [("A", "IVIG", "2025-03-08", "3")]
    assert checks(result.findings) == [("rows_of_other_dataset", "")]


def test_a_column_that_the_table_does_not_have_is_left_out():
    sent = table("USUBJID,A\nS1,1\n")
    use = TableMapping("sent.csv", ("USUBJID", "A"), "adlb", {"USUBJID": "USUBJID", "ADT": "GONE", "ADY": ""})
    mapping = ImportMapping(
        tables=(use.replace(measured=(Measured("A", "PLAT"), Measured("OLD", "PLAT", "W1"))),)
    )
    (counts,) = apply_mapping([sent], mapping).tables
    pd.testing.assert_index_equal(
        counts.frame.columns,
        pd.Index(["USUBJID", "SRCFILE", "SRCROW", "PARAMCD", "AVAL", "SRCCOL"]),
        exact=False,
    )
