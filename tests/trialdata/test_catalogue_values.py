"""Counts, units, visits and rows as sites send them (9 to 27 of the catalogue of inputs)."""

import pytest
from sending import (
    CUT,
    DEFINITION,
    LABS,
    analysed,
    arrived,
    asked,
    changes,
    loaded,
    noticed,
    sent,
    values,
    why,
)
from small_study import with_row

from trialdata.importing import prepare

ROW = 4  # of the count of S-01 in week 2, which these tests replace


def labs_with(cell: str, unit: str = "10^9/L") -> str:
    return LABS.replace("Week 2,15,120,10^9/L", f'Week 2,15,"{cell}",{unit}')


def count_of(cell: str, unit: str = "10^9/L"):
    """(AVAL, AVALC) that the cell becomes, and the import."""
    prepared = arrived(sent(labs=labs_with(cell, unit)))
    (count,) = [
        each[1:] for each in values(prepared, "adlb", "ADY", "AVAL", "AVALC", of="S-01") if each[0] == "15"
    ]
    return count, prepared


@pytest.mark.parametrize(("cell", "limit"), [("<5", "<5"), ("＜5", "<5"), ("≤3", "<3")])
def test_9_a_count_below_a_limit_is_kept_as_one(cell, limit):
    count, prepared = count_of(cell)
    assert count == ("", limit)
    ((*_, file, _, _),) = noticed(prepared, "censored_below")
    assert file == "labs.csv"
    assert ("labs.csv", ROW, "Result", cell, limit) in [each[:5] for each in changes(prepared)]


def test_10_a_count_above_a_limit_is_kept_as_one():
    count, prepared = count_of(">1000")
    assert count == ("", ">1000")
    assert [each[2] for each in noticed(prepared, "censored_above")] == ["labs.csv"]


@pytest.mark.parametrize("word", ["ND", "NA", ".", "-", "未查", "未做", "溶血", "凝血", "聚集", "pending"])
def test_11_words_for_a_count_not_taken_are_missing(word):
    count, prepared = count_of(word)
    assert count == ("", "")
    assert noticed(prepared, "not_done") == [("warning", "not_done", "labs.csv", ROW, "Result")]
    assert ("labs.csv", ROW, "Result", word, "") in [each[:5] for each in changes(prepared)]


def test_12_full_width_whole_numbers_are_made_plain_and_recorded():
    count, prepared = count_of("４５")
    assert count == ("45", "")
    assert ("labs.csv", ROW, "Result", "４５", "45", "full-width characters made plain") in changes(prepared)


@pytest.mark.parametrize(("cell", "number"), [("１２３．５", "123.5"), ("4.5E+01", "45"), (" 61 ", "61")])
def test_12_full_width_exponents_and_blanks_are_read_without_a_remark(cell, number):
    count, prepared = count_of(cell)
    assert count == (number, "")
    assert [each for each in noticed(prepared, "not_one_number", "lab_mark") if each[3] == ROW] == []


def test_13_a_thousands_comma_is_never_a_decimal_point():
    count, prepared = count_of("1,050")
    assert count == ("1050", "")
    assert noticed(prepared, "thousands_comma") == [("warning", "thousands_comma", "labs.csv", ROW, "Result")]


@pytest.mark.parametrize(("cell", "number"), [("45↑", "45"), ("12↓", "12"), ("33 H", "33"), ("21*", "21")])
def test_14_marks_of_the_laboratory_are_stripped(cell, number):
    count, prepared = count_of(cell)
    assert count == (number, "")
    assert noticed(prepared, "lab_mark") == [("warning", "lab_mark", "labs.csv", ROW, "Result")]


@pytest.mark.parametrize("cell", ["12 (复查 15)", "30-40", "约50"])
def test_15_of_two_numbers_none_is_guessed(cell):
    count, prepared = count_of(cell)
    assert count == ("", "")
    assert noticed(prepared, "not_one_number") == [("warning", "not_one_number", "labs.csv", ROW, "Result")]


def test_15_a_count_with_its_unit_is_that_count():
    count, prepared = count_of("45×10^9/L")
    assert count == ("45", "")
    assert noticed(prepared, "unit_in_cell") == [("warning", "unit_in_cell", "labs.csv", ROW, "Result")]


SPELLINGS = {  # of the same 45 x 10^9/L
    **dict.fromkeys(("10^9/L", "x10^9/L", "×10⁹/L", "10*9/L", "x10E9/L", "10E9/L", "G/L", "GI/L"), "45"),
    **dict.fromkeys(
        ("10^3/uL", "10³/µL", "x10^3/mcL", "K/uL", "K/mcL", "THOU/uL", "10^3/mm3", "10^6/mL"), "45"
    ),
    **dict.fromkeys(("/mm3", "/uL", "/\u00b5L", "/\u03bcL", "cells/mcL", "per cmm", "个/μL"), "45000"),
    **dict.fromkeys(("10^4/uL", "万/μL", "万/mm3"), "4.5"),
}


@pytest.mark.parametrize(("unit", "cell"), SPELLINGS.items())
def test_16_every_spelling_of_a_unit_of_counts_is_converted(unit, cell):
    count, _ = count_of(cell, unit)
    assert count == ("45", "")


def test_16_spellings_are_counted_where_they_are_mixed():
    rows = LABS.strip().split("\n")
    mixed = "\n".join(
        [
            rows[0],
            *(
                row.rpartition(",")[0] + f",{unit}"
                for row, unit in zip(rows[1:], list(SPELLINGS)[:9], strict=True)
            ),
        ]
    )
    prepared = arrived(sent(labs=mixed))
    assert [count for (count,) in values(prepared, "adlb", "AVAL")] == [row.split(",")[4] for row in rows[1:]]
    assert {unit for (unit,) in values(prepared, "adlb", "AVALU")} == {"10^9/L"}
    before = [entry[3] for entry in changes(prepared, "Unit")]
    assert before == list(SPELLINGS)[1:9]


def test_17_counts_without_a_unit_are_asked_for_it():
    unitless = "\n".join(row.rpartition(",")[0] for row in LABS.strip().split("\n"))
    large = unitless
    for count in ("12", "45", "120", "9", "30", "20", "55", "15", "18"):
        large = "\n".join(f"{row}000" if row.endswith(f",{count}") else row for row in large.split("\n"))
    files = sent(labs=large)
    (question,) = prepare(DEFINITION, files, CUT).open
    assert (question.key, question.proposed) == ("units:PLAT", "/uL")
    told = arrived(files, {"units:PLAT": "/uL"})
    assert values(told, "adlb", "AVAL", of="S-01") == [("12",), ("45",), ("120",)]
    wrong = arrived(files, {"units:PLAT": "10^9/L"})
    assert ("labs.csv" in {file for _, file, _, _ in why(wrong)}) and wrong.texts and not wrong.ready


def test_17_one_site_a_thousand_times_too_high_is_refused():
    rows = LABS.strip().split("\n")
    high = [
        row.replace(f",{row.split(',')[4]},", f",{row.split(',')[4]}000,")
        if row[:4] in ("S-03", "S-04")
        else row
        for row in rows
    ]
    prepared = arrived(sent(labs="\n".join(high)))
    assert "wrong_unit_of_site" in {check for check, *_ in why(prepared)}


@pytest.mark.parametrize(
    ("cell", "unit", "check"),
    [
        ("120", "mg/dL", "unit_refused"),
        ("-4", "10^9/L", "negative_count"),
        ("inf", "10^9/L", "infinite_number"),
        ("1e400", "10^9/L", "infinite_number"),
        ("12345678901234567890123456789012345678901", "10^9/L", "count_impossible"),
        ("TRUE", "10^9/L", "not_a_number"),
    ],
)
def test_18_what_cannot_be_a_count_is_refused_with_its_row(cell, unit, check):
    problems = why(arrived(sent(labs=labs_with(cell, unit))))
    assert (check, "labs.csv", ROW) in [each[:3] for each in problems]


@pytest.mark.parametrize(
    ("cell", "check"),
    [
        ("999", "sentinel"),
        ("9999", "sentinel"),
        ("-99", "sentinel"),
        ("#N/A", "not_done"),
        ("########", "not_done"),
    ],
)
def test_19_codes_for_missing_are_missing(cell, check):
    count, prepared = count_of(cell)
    assert count == ("", "")
    assert noticed(prepared, check) == [("warning", check, "labs.csv", ROW, "Result")]


def test_20_a_row_that_was_sent_twice_is_used_once():
    twice = with_row(LABS, "S-01,PLAT,Week 2,15,120,10^9/L")
    prepared = arrived(sent(labs=twice))
    assert [each[:4] for each in noticed(prepared, "duplicate_row")] == [
        ("warning", "duplicate_row", "labs.csv", 11)
    ]
    assert loaded(prepared, "adlb", "ADY", "AVAL", of="S-01") == [(-1, 12), (8, 45), (15, 120)]


def test_21_two_counts_of_one_day_are_a_warning_with_the_rule():
    prepared = arrived(sent(labs=with_row(LABS, "S-01,PLAT,Week 2,15,90,10^9/L")))
    assert noticed(prepared, "several_counts_one_day") == [
        ("warning", "several_counts_one_day", "labs.csv", 4, "Result"),
        ("warning", "several_counts_one_day", "labs.csv", 11, "Result"),
    ]
    assert prepared.ready


def test_22_a_subject_that_nobody_knows_is_named_and_not_used():
    prepared = arrived(sent(labs=with_row(LABS, "S-09,PLAT,Week 1,8,45,10^9/L")))
    (row,) = prepared.findings[prepared.findings["check"] == "unknown_subject"].to_dict("records")
    assert (row["severity"], row["file"], row["row"], row["USUBJID"]) == ("warning", "labs.csv", 11, "S-09")
    assert loaded(prepared, "adlb", "AVAL", of="S-09") == []


def test_22_a_subject_without_counts_is_named_and_stays_in_the_denominator():
    without = "\n".join(row for row in LABS.strip().split("\n") if not row.startswith("S-03"))
    prepared = arrived(sent(labs=without))
    (row,) = prepared.findings[prepared.findings["check"] == "subject_without_platelets"].to_dict("records")
    assert (row["severity"], row["USUBJID"]) == ("warning", "S-03")
    assert loaded(prepared, "adsl", "USUBJID", "FASFL") == [(f"S-0{number}", "Y") for number in (1, 2, 3, 4)]


FLAGGED = (
    LABS.replace("Unit", "Unit,Baseline flag,BASE")
    .replace("10^9/L", "10^9/L,,")
    .replace("S-01,PLAT,Baseline,-1,12,10^9/L,,", "S-01,PLAT,Baseline,-1,12,10^9/L,Y,12")
)


def test_23_a_subject_without_a_baseline_is_a_warning():
    prepared = arrived(sent(labs=LABS.replace("S-02,PLAT,Baseline,1,9", "S-02,PLAT,Week 2,15,9")))
    (row,) = prepared.findings[prepared.findings["check"] == "no_baseline"].to_dict("records")
    assert (row["severity"], row["USUBJID"]) == ("warning", "S-02")
    assert prepared.ready


def test_23_two_flagged_baselines_are_a_warning():
    twice = with_row(FLAGGED, "S-01,PLAT,Screening,-3,14,10^9/L,Y,")
    prepared = arrived(sent(labs=twice))
    assert noticed(prepared, "several_baselines") == [
        ("warning", "several_baselines", "labs.csv", 2, "Baseline flag"),
        ("warning", "several_baselines", "labs.csv", 11, "Baseline flag"),
    ]
    assert prepared.ready


def test_23_a_baseline_column_that_is_not_the_baseline_count_is_a_warning():
    prepared = arrived(sent(labs=FLAGGED.replace(",Y,12", ",Y,21")))
    assert [each[:3] for each in noticed(prepared, "base_disagrees")] == [
        ("warning", "base_disagrees", "labs.csv")
    ]
    assert prepared.ready


@pytest.mark.parametrize(("visit", "day"), [("W4", "29"), ("第4周", "29"), ("Week 4", "29"), ("D28", "28")])
def test_24_visits_by_week_or_day_have_their_planned_day(visit, day):
    labs = LABS.replace("S-01,PLAT,Week 2,15", f"S-01,PLAT,{visit},")
    prepared = arrived(sent(labs=labs))
    assert asked(prepared) == []
    assert (day, "120") in values(prepared, "adlb", "ADY", "AVAL", of="S-01")


def test_24_a_visit_number_alone_is_asked():
    files = sent(labs=LABS.replace("S-01,PLAT,Week 2,15", "S-01,PLAT,V5,"))
    assert asked(prepare(DEFINITION, files, CUT)) == ["visits:V5"]
    prepared = arrived(files, {"visits:V5": "43"})
    assert ("43", "120") in values(prepared, "adlb", "ADY", "AVAL", of="S-01")


def test_25_unscheduled_visits_copies_derived_rows_and_other_parameters_are_no_visits():
    rows = (
        "S-01,PLAT,Unscheduled,11,80,10^9/L,,Y,WBC",
        "S-01,PLAT,End of Treatment,15,120,10^9/L,,,",
        "S-01,PLAT,Worst,15,12,10^9/L,MINIMUM,Y,",
        "S-01,HGB,Week 2,15,130,g/L,,,",
    )
    labs = LABS.replace("Unit", "Unit,DTYPE,ANL01FL,NOTE").replace("10^9/L", "10^9/L,,,")
    prepared = arrived(sent(labs=labs.rstrip("\n") + "\n" + "\n".join(rows) + "\n"))
    assert asked(prepared) == []
    adlb = analysed(prepared).adlb
    records = adlb[(adlb["USUBJID"] == "S-01") & (adlb["RECFL"] == "Y")]
    assert sorted(zip(records["ADY"], records["AVAL"], strict=True)) == [
        (-1, 12),
        (8, 45),
        (11, 80),
        (15, 120),
    ]  # ANL01FL leaves nothing out
    found = prepared.findings.set_index("check")["found"]
    assert found["end_of_treatment_copy"] == "1 end-of-treatment rows that copy another visit"
    assert found["derived_rows"] == "1 derived rows"


def test_26_day_0_is_a_warning_and_not_used():
    prepared = arrived(sent(labs=with_row(LABS, "S-01,PLAT,Screening,0,14,10^9/L")))
    assert [each[:4] for each in noticed(prepared, "day_zero")] == [("warning", "day_zero", "labs.csv", 11)]
    assert (0, 14) not in loaded(prepared, "adlb", "ADY", "AVAL", of="S-01")


def test_26_the_order_of_rows_means_nothing():
    header, *rows = LABS.strip().split("\n")
    shuffled = "\n".join([header, *rows[::-1][3:], *rows[::-1][:3]])
    for subject in ("S-01", "S-02", "S-03", "S-04"):
        of_both = [
            sorted(loaded(arrived(sent(labs=labs)), "adlb", "ADY", "AVAL", of=subject))
            for labs in (LABS, shuffled)
        ]
        assert of_both[0] == of_both[1]


def test_27_an_arm_in_the_counts_that_is_not_that_of_the_subject_is_a_warning():
    labs = LABS.replace("Unit", "Unit,TRTP").replace("10^9/L", "10^9/L,A")
    prepared = arrived(sent(labs=labs))
    rows = {each[3] for each in noticed(prepared, "planned_arm_disagrees")}
    assert rows and rows <= {5, 6, 9, 10}  # of S-02 and S-04, whose arm is B
    assert values(prepared, "adsl", "TRT01P") == [("A",), ("B",), ("A",), ("B",)]


def test_a_name_among_the_counts_is_not_quoted():
    found = arrived(sent(labs=labs_with("张三"))).findings
    assert found.loc[found["check"] == "not_a_number", "found"].tolist() == ["what reads as a personal name"]
    assert "张三" not in found.to_csv()
    found = arrived(sent(labs=labs_with("12", unit="张三"))).findings
    assert "张三" not in found.to_csv()
    found = arrived(sent(labs=labs_with("高血压"))).findings
    assert '"高血压"' in found["found"].tolist()
