"""Text files as sites send them: encodings, dialects, titles, rows and headers that are not in order."""

import pytest
from sending import (
    COMBINED,
    CUT,
    DEFINITION,
    LABS,
    PARTICIPANTS,
    arrived,
    asked,
    changes,
    csv,
    noticed,
    sent,
    values,
    why,
)

from trialdata.conversion.rules import PER_MICROLITRE
from trialdata.importing import prepare

COUNTS = [("-1", "12"), ("8", "45"), ("15", "120")]  # of S-01, study day and count
EUROPEAN = LABS.replace("10^9/L", "10³/µL")
SEMICOLONS = LABS.replace(",", ";").replace(";45;", ";45,5;")
CHINESE_SUBJECTS = """
受试者编号,中心,组别,首次给药日期
S-01,01,联合组,2025-11-17
S-02,01,单药组,2025-11-17
"""
CHINESE_LABS = """
受试者编号,访视,检验项目,结果,单位,采样日期
S-01,基线,血小板计数,12,10^9/L,2025-11-16
S-01,第1周,血小板计数,45,10^9/L,2025-11-24
S-01,第2周,血小板计数,120,10^9/L,2025-12-01
S-02,基线,血小板计数,9,10^9/L,2025-11-17
"""
ARMS = {"arms:联合组": "IGU+RTX", "arms:单药组": "RTX"}


@pytest.mark.parametrize(
    ("labs", "of_week_1"),
    [
        pytest.param(csv(LABS, "utf-8-sig"), "45", id="UTF-8 with byte order mark"),
        pytest.param(csv(LABS.replace(",", "\t"), "utf-16"), "45", id="Unicode text of Excel"),
        pytest.param(csv(EUROPEAN, "cp1252"), "45", id="Windows-1252"),
        pytest.param(csv(LABS.replace("\n", "\r").lstrip("\r")), "45", id="CR alone"),
        pytest.param(csv("sep=,\n" + LABS.lstrip("\n")), "45", id="sep=,"),
        pytest.param(csv(SEMICOLONS), "45.5", id="semicolons and decimal comma"),
        pytest.param(csv(LABS.replace(",", "\t")), "45", id="tabs in .csv"),
    ],
)
def test_1_encodings_and_dialects_give_the_same_counts(labs, of_week_1):
    prepared = arrived(sent(labs=labs))
    assert asked(prepared) == []
    assert values(prepared, "adlb", "ADY", "AVAL", of="S-01") == [
        ("-1", "12"),
        ("8", of_week_1),
        ("15", "120"),
    ]


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8"])
def test_2_chinese_files_are_read_after_the_arms_were_named(encoding):
    files = sent(csv(CHINESE_SUBJECTS, encoding), csv(CHINESE_LABS, encoding))
    assert asked(prepare(COMBINED, files, CUT)) == list(ARMS)
    prepared = arrived(files, ARMS, definition=COMBINED)
    assert values(prepared, "adsl", "USUBJID", "TRT01P", "SITEID") == [
        ("S-01", "IGU+RTX", "01"),
        ("S-02", "RTX", "01"),
    ]
    assert values(prepared, "adlb", "ADY", "AVAL", "PARAMCD", of="S-01") == [
        (day, count, "PLAT") for day, count in COUNTS
    ]


def test_2_a_rare_character_that_gbk_lacks_is_read():
    rare = CHINESE_SUBJECTS.replace("首次给药日期", "首次给药日期,备注", 1).replace(
        "2025-11-17\nS-02", "2025-11-17,𬭎试验备注\nS-02"
    )
    rare = rare.rstrip("\n") + ",无\n"
    files = sent(csv(rare, "gb18030"), csv(CHINESE_LABS, "gb18030"))
    assert asked(prepare(COMBINED, files, CUT)) == list(ARMS)


def test_3_half_utf8_half_gbk_is_refused_with_its_line():
    half = CHINESE_LABS.strip().split("\n")
    content = "\n".join(half[:3]).encode() + b"\n" + "\n".join(half[3:]).encode("gbk")
    prepared = arrived(sent(labs=content), definition=COMBINED)
    assert why(prepared) == [("encoding", "labs.csv", 4, "")]


def test_4_titles_footers_and_blank_rows_are_left_out_with_a_warning():
    rows = LABS.strip().split("\n")
    text = "\n".join(
        ["Platelet counts of the DEMO trial,,,,,", ",,,,,", *rows[:4], ",,,,,", *rows[4:], "Total,,,,9,"]
    )
    prepared = arrived(sent(labs=csv(text)))
    warned = noticed(prepared, "rows_above_header", "blank_rows", "rows_below_table")
    assert {each[:3] for each in warned} == {
        ("warning", "rows_above_header", "labs.csv"),
        ("warning", "blank_rows", "labs.csv"),
        ("warning", "rows_below_table", "labs.csv"),
    }
    assert len(values(prepared, "adlb", "AVAL")) == 9
    assert values(prepared, "adlb", "SRCROW", "AVAL", of="S-01") == [("4", "12"), ("5", "45"), ("6", "120")]
    assert values(prepared, "adlb", "SRCROW", "AVAL", of="S-02") == [("8", "9"), ("9", "30")]


def test_5_an_unquoted_comma_refuses_the_file_with_its_row():
    shifted = LABS.replace("S-02,PLAT,Week 1,8", "S-02,PLAT,Week 1, late,8")
    assert why(arrived(sent(labs=shifted))) == [("ragged_row", "labs.csv", 6, "")]


@pytest.mark.parametrize(
    ("labs", "column"),
    [
        (LABS.replace("Study day,Result", "Result,Result"), "RESULT"),
        ("Subject ID,plt_w1,plt_w2,plt_w2\nS-01,1,2,3\n", "PLT_W2"),
        ("USUBJID,PARAMCD,ADY,AVAL,AVAL\nS-01,PLAT,1,2,3\n", "AVAL"),
    ],
)
def test_6_a_header_that_stands_twice_refuses_the_file(labs, column):
    (problem,) = why(arrived(sent(labs=labs)))
    assert problem[:2] == ("duplicate_header", "labs.csv")
    assert problem[3].upper() == column


def test_7_invisible_characters_and_capitals_of_headers_do_not_matter():
    header = LABS.strip().split("\n")[0]
    odd = (
        header.replace("Subject ID", "\u200bsubject\u00a0id ")
        .replace("Result", "RESULT\u200d")
        .replace("Unit", "unit")
    )
    assert asked(arrived(sent(labs=LABS.replace(header, odd)))) == []
    assert values(arrived(sent(labs=LABS.replace(header, odd))), "adlb", "ADY", "AVAL", of="S-01") == COUNTS


def test_8_a_file_of_participants_with_a_header_alone_is_refused():
    prepared = arrived(sent(PARTICIPANTS.strip().split("\n")[0] + "\n"))
    assert ("empty_dataset", "subjects.csv", None, "") in why(prepared)


def test_8_a_file_of_counts_with_a_header_alone_is_refused():
    prepared = arrived(sent(labs=LABS.strip().split("\n")[0] + "\n"))
    assert ("empty_dataset", "labs.csv", None, "") in why(prepared)


WIDE_HEADER = ",".join(f"C{number}" for number in range(6000))
LONG_CELL = LABS.replace("Week 2", "x" * 400_000)


@pytest.mark.parametrize(
    ("labs", "check"),
    [
        pytest.param(b"", "empty_file", id="0 bytes"),
        pytest.param(csv(f"{WIDE_HEADER}\n{WIDE_HEADER}\n"), "too_large", id="6000 columns"),
        pytest.param(csv(LONG_CELL), "too_large", id="400 kB in a cell"),
        pytest.param(csv(LABS.replace("Week 2", "Week\x002")), "nul_bytes", id="NUL bytes"),
    ],
)
def test_8_a_file_that_is_no_table_is_refused_in_words(labs, check):
    problems = why(arrived(sent(labs=labs)))
    assert [problem[:2] for problem in problems] == [(check, "labs.csv")]


def test_8_a_missing_key_column_of_a_study_file_is_refused_by_its_name():
    files = sent() | {"adlb.csv": csv("PARAMCD,ADY,AVAL\nPLAT,1,12\n")}
    del files["labs.csv"]
    prepared = arrived(files, {"units:PLAT": "10^9/L"})
    assert ("missing_column", "adlb.csv", 1, "USUBJID") in why(prepared)


def test_8_counts_that_say_nothing_of_whose_they_are_ask_and_are_refused():
    labs = "\n".join(line.partition(",")[2] for line in LABS.strip().split("\n"))
    prepared = prepare(DEFINITION, sent(labs=labs), CUT)
    assert asked(prepared) == ["tables:labs.csv"]
    told = arrived(sent(labs=labs), {"tables:labs.csv": "adlb"})
    assert ("missing_column", "labs.csv", 1, "USUBJID") in why(told)


OF_COMMAS = "comma read as the decimal point"


def test_1_every_decimal_comma_is_in_the_load_report_of_a_file_with_semicolons_too():
    per_microlitre = "S-02;PLAT;Week 1;8;30000,5;/uL"
    labs = SEMICOLONS.replace("S-02;PLAT;Week 1;8;30;10^9/L", per_microlitre)
    prepared = arrived(sent(labs=labs))
    assert changes(prepared, "Result") == [
        ("labs.csv", 3, "Result", "45,5", "45.5", OF_COMMAS),
        ("labs.csv", 6, "Result", "30000,5", "30.0005", f"{OF_COMMAS}; {PER_MICROLITRE}"),
    ]


def test_13_three_digits_beside_a_decimal_comma_are_refused_whatever_separates_the_columns():
    for labs in (
        SEMICOLONS.replace(";120;", ";1,050;"),
        SEMICOLONS.replace(";120;", ";1,050;").replace(";", "\t"),
    ):
        assert why(arrived(sent(labs=labs))) == [("comma_unclear", "labs.csv", 4, "RESULT")]


def test_an_age_above_89_with_a_decimal_comma_is_not_in_the_load_report():
    subjects = PARTICIPANTS.replace("First dose date", "First dose date,Age").replace(",", ";")
    lines = subjects.strip().split("\n")
    aged = [
        lines[0],
        *(f"{line};{age}" for line, age in zip(lines[1:], ("92,5", "45,5", "50", "51"), strict=True)),
    ]
    prepared = arrived(sent("\n".join(aged) + "\n"))
    assert "92" not in prepared.report.to_csv()
    assert ("subjects.csv", 3, "Age", "45,5", "45.5", OF_COMMAS) in changes(prepared)
