"""Dates, arms, participants, events and other answers as sites send them (28 to 40 of the catalogue of inputs)."""

import datetime

import pytest
from sending import (
    COMBINED,
    CUT,
    DEFINITION,
    LABS,
    PARTICIPANTS,
    VISIT_DATES,
    analysed,
    arrived,
    asked,
    changes,
    loaded,
    noticed,
    sent,
    study,
    values,
    why,
    workbook,
)
from small_study import TOML, with_row

from trialdata.importing import prepare
from trialdata.mapping.mapping_toml import read_mapping, write_mapping

ONE_DATE = "2025-12-01"  # of the count of S-01 in row 3, day 15


@pytest.mark.parametrize(
    "date", ["2025/12/1", "2025年12月1日", "01DEC2025", "20251201", "2025-12-01T08:30", "2025.12.01"]
)
def test_28_dates_of_every_spelling_are_study_days(date):
    prepared = arrived(sent(labs=VISIT_DATES.replace(ONE_DATE, date)))
    assert ("15", "120") in values(prepared, "adlb", "ADY", "AVAL", of="S-01")
    assert date not in prepared.texts["adlb"].to_csv() + prepared.texts["adsl"].to_csv()


# 2025-11-16, 2025-12-01, 2025-11-17, 2025-12-07 as days from 1899-12-30
SERIALS = {"2025-11-16": 45977, "2025-12-01": 45992, "2025-11-17": 45978, "2025-12-07": 45998}


def test_28_day_numbers_of_excel_are_study_days():
    labs = VISIT_DATES
    for date, number in SERIALS.items():
        labs = labs.replace(date, str(number))
    prepared = arrived(sent(labs=labs))
    assert values(prepared, "adlb", "ADY", "AVAL") == [
        ("-1", "12"),
        ("15", "120"),
        ("1", "9"),
        ("1", "20"),
        ("1", "15"),
    ]


def test_28_day_numbers_of_the_1904_system_that_could_be_of_either_are_not_guessed():
    labs = VISIT_DATES
    for date, number in SERIALS.items():
        labs = labs.replace(date, str(number - 1462))  # 1462 days lie between the systems
    prepared = arrived(sent(labs=labs))
    if (
        prepared.ready
    ):  # first doses written as dates rule out the system in which all samples are before them
        assert ("15", "120") in values(prepared, "adlb", "ADY", "AVAL", of="S-01")
    else:
        assert "excel_days_either" in {check for check, *_ in why(prepared)}


@pytest.mark.parametrize("system_1904", [False, True])
def test_28_dates_of_a_workbook_are_right_in_both_systems(system_1904):
    rows = [line.split(",") for line in VISIT_DATES.strip().splitlines()]
    cells = [rows[0], *([r[0], r[1], datetime.date.fromisoformat(r[2]), int(r[3]), r[4]] for r in rows[1:])]
    book = workbook({"labs": cells}, default_date_format="yyyy-mm-dd", date_1904=system_1904)
    files = sent() | {"labs.xlsx": book}
    del files["labs.csv"]
    prepared = arrived(files)
    assert values(prepared, "adlb", "ADY", "AVAL", of="S-01") == [("-1", "12"), ("15", "120")]


@pytest.mark.parametrize(("order", "day"), [("day first", "18"), ("month first", "-219")])
def test_29_an_ambiguous_date_is_asked_once_for_all_files(order, day):
    # first dose on 17 November 2025: 4 December is day 18, 12 April 219 days before it
    files = sent(labs=VISIT_DATES.replace(ONE_DATE, "04/12/2025"))
    assert asked(prepare(DEFINITION, files, CUT)) == ["dates"]
    prepared = arrived(files, {"dates": order})
    assert (day, "120") in values(prepared, "adlb", "ADY", "AVAL", of="S-01")


@pytest.mark.parametrize(
    ("date", "check"),
    [
        ("2025-02-30", "impossible_date"),
        ("9999-12-31", "placeholder_date"),
        ("UN-UNK-2025", "partial_date"),
        ("2025-12", "partial_date"),
    ],
)
def test_30_a_date_that_is_none_is_named_by_its_row_and_not_used(date, check):
    prepared = arrived(sent(labs=VISIT_DATES.replace(ONE_DATE, date)))
    assert noticed(prepared, check) == [("warning", check, "labs.csv", 3, "Sample date")]
    assert ("missing_day", "labs.csv", 3) in [each[1:4] for each in noticed(prepared, "missing_day")]
    assert date not in prepared.findings.to_csv()


def test_30_a_sample_after_the_data_cutoff_is_named_by_its_row_and_not_used():
    prepared = arrived(sent(labs=VISIT_DATES.replace(ONE_DATE, "2026-02-01")))
    assert [each[:4] for each in noticed(prepared, "after_cut")] == [("warning", "after_cut", "labs.csv", 3)]
    counts = analysed(prepared).adlb
    assert 120 not in list(counts["AVAL"])


def test_31_a_participant_in_two_arms_is_refused():
    prepared = arrived(sent(with_row(PARTICIPANTS, "S-01,01,B,2025-11-17")))
    assert ("subject_two_arms", "subjects.csv") in [each[:2] for each in why(prepared)]


def test_32_leading_zeros_that_a_spreadsheet_lost_are_never_an_empty_join():
    numbered = [text.replace("S-0", "00") for text in (PARTICIPANTS, LABS)]
    lost = "\n".join(row.removeprefix("00") for row in numbered[1].split("\n"))
    prepared = arrived(sent(numbered[0], lost))
    assert {check for check, *_ in why(prepared)} & {"subject_written_differently", "no_known_subject"}


def test_33_a_blank_arm_is_in_no_analysis_set_with_a_warning():
    prepared = arrived(sent(PARTICIPANTS.replace("S-04,02,B", "S-04,02,")))
    assert [each[:4] for each in noticed(prepared, "unknown_arm")] == [
        ("warning", "unknown_arm", "subjects.csv", 5)
    ]
    assert list(analysed(prepared).adsl.query("FASFL == 'Y'")["USUBJID"]) == ["S-01", "S-02", "S-03"]


def test_33_every_spelling_of_an_arm_is_asked():
    spelt = PARTICIPANTS.replace("S-01,01,A", "S-01,01,Drug A").replace("S-02,01,B", "S-02,01,drug b")
    files = sent(spelt)
    assert asked(prepare(DEFINITION, files, CUT)) == ["arms:Drug A", "arms:drug b"]
    prepared = arrived(files, {"arms:Drug A": "A", "arms:drug b": "B"})
    assert [arm for (arm,) in values(prepared, "adsl", "TRT01P")] == ["A", "B", "A", "B"]


def test_33_an_arm_without_anybody_is_a_warning():
    prepared = arrived(sent(PARTICIPANTS.replace(",B,", ",A,")))
    assert [each[0] for each in noticed(prepared, "arm_without_subjects")] == ["warning"]


def test_33_a_third_arm_is_asked_and_counts_in_none():
    files = sent(PARTICIPANTS.replace("S-04,02,B", "S-04,02,Placebo"))
    assert asked(prepare(DEFINITION, files, CUT)) == ["arms:Placebo"]
    prepared = arrived(files, {"arms:Placebo": ""})
    assert [each[3] for each in noticed(prepared, "unknown_arm")] == [5]


def test_33_of_masked_arms_nothing_is_proposed():
    questions = prepare(COMBINED, sent(), CUT).open
    assert [(question.key, question.proposed) for question in questions] == [("arms:A", ""), ("arms:B", "")]


@pytest.mark.parametrize(("yes", "no"), [("是", "否"), ("1", "0"), ("Yes", "No")])
def test_34_flags_are_read_in_every_spelling(yes, no):
    rows = PARTICIPANTS.strip().split("\n")
    flags = ["ITTFL", yes, yes, yes, no]
    prepared = arrived(sent("\n".join(f"{row},{flag}" for row, flag in zip(rows, flags, strict=True))))
    assert values(prepared, "adsl", "ITTFL") == [("Y",), ("Y",), ("Y",), ("N",)]


def test_34_screen_failures_are_kept_and_in_no_analysis_set():
    files = sent(with_row(PARTICIPANTS, "S-05,02,Screen Failure,"))
    prepared = arrived(files)
    assert len(values(prepared, "adsl", "USUBJID")) == 5
    assert [each[0] for each in noticed(prepared, "screen_failures")] == ["note"]
    data = analysed(prepared)
    assert list(data.adsl["USUBJID"]) == ["S-01", "S-02", "S-03", "S-04"]
    assert list(data.screen_failures["USUBJID"]) == ["S-05"]


def test_34_safety_is_by_the_actual_arm():
    rows = PARTICIPANTS.strip().split("\n")
    actual = ["Actual arm", "A", "A", "A", "B"]  # S-02 was planned for B and had A
    prepared = arrived(sent("\n".join(f"{row},{arm}" for row, arm in zip(rows, actual, strict=True))))
    assert values(prepared, "adsl", "TRT01P", "TRT01A", of="S-02") == [("B", "A")]
    assert [each[0] for each in noticed(prepared, "arm_switched")] == ["note"]


def with_ages(header: str, *ages: str) -> str:
    rows = PARTICIPANTS.strip().split("\n")
    return "\n".join(f"{row},{age}" for row, age in zip(rows, [header, *ages], strict=True))


def test_35_ages_in_months_are_years():
    prepared = arrived(sent(with_ages("Age (months)", "408", "612", "564", "744")))
    assert values(prepared, "adsl", "AGE") == [("34",), ("51",), ("47",), ("62",)]
    assert noticed(prepared, "age_converted")


@pytest.mark.parametrize(
    ("age", "years", "check"), [("92", 90, "age_above_89"), (">89", 90, ""), ("3", 3, "implausible_age")]
)
def test_35_an_age_that_is_unlikely_or_telling(age, years, check):
    prepared = arrived(sent(with_ages("Age", age, "51", "47", "62")))
    assert loaded(prepared, "adsl", "AGE", of="S-01") == [(years,)]
    assert not check or check in set(prepared.findings["check"])
    assert "92" not in prepared.texts["adsl"]["AGE"].tolist()


EVENTS = "Subject ID,Preferred term,CTCAE grade,Serious,Start day,End day\nS-01,Headache,{},N,3,4\n"


@pytest.mark.parametrize(("grade", "number"), [("Grade 3", "3"), ("III", "3"), ("3级", "3"), ("轻度", "1")])
def test_36_grades_in_words_are_mapped_with_a_notice(grade, number):
    prepared = arrived(sent(events=EVENTS.format(grade)))
    assert values(prepared, "adae", "AETOXGR") == [(number,)]
    assert ("events.csv", 2, "CTCAE grade", grade, number) in [each[:5] for each in changes(prepared)]


@pytest.mark.parametrize("grade", ["0", "6"])
def test_36_a_grade_that_does_not_exist_is_named_by_its_row_and_the_event_kept_without_it(grade):
    prepared = arrived(sent(events=EVENTS.format(grade)))
    assert noticed(prepared, "not_a_grade") == [("warning", "not_a_grade", "events.csv", 2, "CTCAE grade")]
    assert loaded(prepared, "adae", "AEDECOD", "AETOXGR") == [("Headache", "")]


def test_37_an_event_that_ends_before_it_starts_is_a_warning():
    prepared = arrived(sent(events=EVENTS.format("1").replace("3,4", "4,3")))
    assert [each[:4] for each in noticed(prepared, "end_before_start")] == [
        ("warning", "end_before_start", "events.csv", 2)
    ]
    assert prepared.ready


def test_37_a_file_of_events_with_a_header_alone_means_no_events():
    prepared = arrived(sent(events=EVENTS.split("\n")[0] + "\n"))
    assert prepared.ready
    assert len(analysed(prepared).adae) == 0


HOSTILE = [
    "<script>alert(1)</script>",
    '=HYPERLINK("http://example.invalid";"x")',
    "**bold** [link](http://example.invalid)",
    "<b>Fever</b>",
    "Fever\u202eesrever",
    "\x1b[31mFever\x07",
    "F" * 540,
]


@pytest.mark.parametrize(
    "term", HOSTILE, ids=["script", "formula", "Markdown", "bold", "bidi", "ANSI", "540 characters"]
)
def test_38_a_term_that_is_a_program_is_text(term):
    if "http" in term:
        term = term.replace(
            "http://example.invalid", "elsewhere"
        )  # an address is an identifier: another rule
    quoted = '"' + term.replace('"', '""') + '"'
    prepared = arrived(sent(events=EVENTS.format("1").replace("Headache", quoted)))
    ((kept,),) = values(prepared, "adae", "AEDECOD")
    assert kept == "".join(letter for letter in term if letter not in "\u202e\x1b\x07")


def test_39_results_derived_elsewhere_are_never_used():
    adtte = "USUBJID,PARAMCD,AVAL,CNSR\nS-01,TTR,15,0\nS-02,TTR,-3,\nS-01,TTR,20,1\n"
    prepared = arrived(sent(adtte=adtte))
    assert prepared.ready
    assert [each[:3] for each in noticed(prepared, "given_results")] == [
        ("note", "given_results", "adtte.csv")
    ]
    assert set(prepared.texts) == {"adsl", "adlb"}


def test_40_no_rescue_flag_is_a_warning_and_never_no_rescue():
    medication = "Subject ID,Medication,Start date,End date\nS-01,IVIG,2025-11-20,2025-11-21\n"
    assert "rescue_not_recorded" in {each[1] for each in noticed(arrived(sent()), "rescue_not_recorded")}
    assert "rescue:IVIG" in asked(
        prepare(study(TOML.replace('"IVIG"', '"IMMUNOGLOBULIN"')), sent(medication=medication), CUT)
    )
    prepared = arrived(sent(medication=medication))
    assert values(prepared, "adcm", "CMCLAS", "ASTDY", "AENDY") == [("IVIG", "4", "5")]


SCALE = "USUBJID,PARAMCD,ADY,AVAL\nS-01,WHOBLD,1,2\nS-01,WHOBLD,8,无\nS-02,WHOBLD,8,无\n"


@pytest.mark.parametrize(("answer", "grade"), [("0", "0"), ("", "")])
def test_a_word_for_no_bleeding_is_asked_and_kept_in_the_mapping(answer, grade):
    files = sent(adqs=SCALE)
    first = prepare(DEFINITION, files, CUT)
    assert asked(first) == ["codes:AVAL:无"]
    assert first.open[0].seen == "2 rows in adqs.csv"
    assert not first.refused
    prepared = arrived(files, {"codes:AVAL:无": answer})
    assert values(prepared, "adqs", "ADY", "AVAL", of="S-01") == [("1", "2"), ("8", grade)]
    assert ("adqs.csv", 3, "AVAL", "无", grade, "code read as the mapping says") in changes(prepared)
    again = prepare(DEFINITION, files, CUT, read_mapping(write_mapping(prepared.mapping)))
    assert again.ready
    assert values(again, "adqs", "AVAL", of="S-02") == [(grade,)]
