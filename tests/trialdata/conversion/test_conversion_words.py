"""Flags, grades, status, sex, age, arms and codes: the catalogue of inputs, section 3, rows 33 to 36."""

import re
from pathlib import Path

import pytest
from conversion_import import Import, labs, mapped, subjects

from trialdata.conversion import rules


@pytest.mark.parametrize(
    ("sent", "flag"),
    [
        *(("Y", "Y"), ("是", "Y"), ("1", "Y"), ("Yes", "Y"), ("否", "N"), ("0", "N"), ("No", "N"), ("U", "")),
        ("perhaps", "perhaps"),
    ],
)
@pytest.mark.parametrize("column", ["SAFFL", "STERFL", "ANL01FL"])
def test_flags(column, sent, flag):
    made = Import(subjects(**{column: [sent]}))
    assert made.cells("adsl", column) == [flag]
    assert made.report() == ([(2, column, sent, flag, rules.FLAG)] if sent != flag else [])


@pytest.mark.parametrize(
    ("sent", "grade", "remark"),
    [
        *(("3", "3", False), ("Grade 3", "3", False), ("III", "3", False), ("3级", "3", False)),
        *(("3.0", "3", False), ("轻度", "1", True), ("SEVERE", "3", True), ("死亡", "5", True)),
        *(("0", "0", False), ("6", "6", False), ("bad", "bad", False), ("", "", False)),
    ],
)
def test_grades(sent, grade, remark):
    made = Import(mapped("adae", {"USUBJID": ["S-01"], "AEDECOD": "x", "AETOXGR": [sent]}))
    assert made.cells("adae", "AETOXGR") == [grade]
    assert made.report() == ([(2, "AETOXGR", sent, grade, rules.GRADE)] if sent != grade else [])
    assert made.found("grade_from_words") == ([f'"{sent}" in 1 rows'] if remark else [])


def test_severity_is_a_grade_where_only_that_is_there():
    table = {
        "USUBJID": ["S-01"] * 5,
        "AEDECOD": "x",
        "AETOXGR": ["2", "", "", "", ""],
        "AESEV": ["SEVERE", "MILD", "MODERATE", "重度", "huge"],
    }
    made = Import(mapped("adae", table))
    assert made.cells("adae", "AETOXGR") == ["2", "1", "2", "3", ""]
    assert made.report() == [
        (row, "AETOXGR", "", grade, rules.SEVERITY) for row, grade in ((3, "1"), (4, "2"), (5, "3"))
    ]
    assert made.found("unknown_severity") == ['"huge" in 1 rows']


def test_status_sex_and_outcome():
    made = Import(
        subjects(
            EOSSTT=["在研", "Completed", "提前退出", "DISCONTINUED", "unclear"],
            SEX=["男", "Female", "M", "女", "2"],
        ),
        mapped("adae", {"USUBJID": ["S-01"] * 2, "AEDECOD": "x", "AEOUT": ["死亡", "RECOVERED"]}),
        codes={"SEX": {"1": "M", "2": "F"}},
    )
    assert made.cells("adsl", "EOSSTT") == ["ONGOING", "COMPLETED", "DISCONTINUED", "DISCONTINUED", "unclear"]
    assert made.cells("adsl", "SEX") == ["M", "F", "M", "F", "F"]
    assert made.cells("adae", "AEOUT") == ["FATAL", "RECOVERED"]
    assert made.report("SEX")[-1] == (6, "SEX", "2", "F", rules.CODE)


def test_ages_in_other_units():
    made = Import(
        subjects(
            AGE=["34", "408", "34岁", "18个月", ">89", "90+", "92", "3650"],
            AGEU=["YEARS", "MONTHS", "", "", "YEARS", "", "YEARS", "DAYS"],
        )
    )
    # 408 / 12 = 34; 18 / 12 = 1.5; 3650 / 365.25 = 9.993
    assert made.cells("adsl", "AGE") == ["34", "34", "34", "1.5", "90", "90", "92", "9.99"]
    assert made.cells("adsl", "AGEU") == ["YEARS", "YEARS", "", "", "YEARS", "", "YEARS", "YEARS"]
    assert made.report("AGE") == [
        (3, "AGE", "408", "34", rules.AGE_UNIT),
        (4, "AGE", "34岁", "34", rules.AGE_UNIT),
        (5, "AGE", "18个月", "1.5", rules.AGE_UNIT),
        (6, "AGE", "an age above 89", "90", rules.AGE_POOLED),
        (7, "AGE", "an age above 89", "90", rules.AGE_POOLED),
        (9, "AGE", "3650", "9.99", rules.AGE_UNIT),
    ]
    assert made.checks()["age_above_89"] == [6, 7]
    assert made.found("age_converted") == ['"MONTHS" in 1 rows', '"DAYS" in 1 rows']


def test_an_age_in_no_known_unit_is_refused():
    made = Import(subjects(AGE=["34"], AGEU="DECADES"))
    assert made.cells("adsl", "AGE") == ["34"]
    assert made.checks()["age_unit"] == [2]


def test_arms_as_the_mapping_says_and_screen_failures_as_sent():
    arms = {"联合组": "A", "单药组": "B", "Screen Failure": ""}
    made = Import(
        subjects(TRT01P=["联合组", "单药组 ", "Screen Failure"], TRT01A=["单药组", "单药组", ""]),
        labs(["45"], TRTP="联合组"),
        arms=arms,
    )
    assert made.cells("adsl", "TRT01P") == ["A", "B", "Screen Failure"]
    assert made.cells("adsl", "TRT01A") == ["B", "B", ""]
    assert made.cells("adlb", "TRTP") == ["A"]
    assert made.report("TRT01P")[0] == (2, "TRT01P", "联合组", "A", rules.ARM)


def test_classes_of_medication():
    rescue = {"丙球": "IVIG", "Immunoglobulin": "IVIG", "vitamin C": ""}
    made = Import(
        mapped(
            "adcm",
            {
                "USUBJID": ["S-01"] * 4,
                "CMCLAS": ["丙球", "", "vitamin C", "IVIG"],
                "CMDECOD": ["x", "Immunoglobulin", "y", "z"],
                "ASTDY": "3",
            },
        ),
        rescue=rescue,
    )
    assert made.cells("adcm", "CMCLAS") == ["IVIG", "IVIG", "vitamin C", "IVIG"]
    assert made.report() == [
        (2, "CMCLAS", "丙球", "IVIG", rules.RESCUE),
        (3, "CMCLAS", "", "IVIG", rules.RESCUE),
    ]


def test_a_medication_that_its_flag_says_is_none_is_never_a_class_of_rescue():
    texts = ["丙球 | rescue: 是", "丙球 | rescue: 否", "IVIG | rescue: 否"]
    table = {"USUBJID": ["S-01"] * 3, "CMCLAS": texts, "CMDECOD": ["丙球", "丙球", "IVIG"], "ASTDY": "3"}
    made = Import(
        mapped("adcm", table), rescue={texts[0]: "IVIG", texts[1]: "", texts[2]: "", "丙球": "IVIG"}
    )
    assert made.cells("adcm", "CMCLAS") == ["IVIG", *texts[1:]]


def test_a_code_of_a_bleeding_scale_is_no_platelet_count():
    scale = mapped("adqs", {"USUBJID": ["S-01"], "PARAMCD": "WHOBLD", "ADY": "1", "AVAL": "无"})
    made = Import(scale, labs(["无"]), codes={"AVAL": {"无": "0"}})
    assert made.cells("adqs", "AVAL") == ["0"]
    assert made.cells("adlb", "AVAL") == [""]


def test_bleeding_grades_and_the_word_that_could_mean_two_things():
    made = Import(
        mapped(
            "adqs",
            {
                "USUBJID": ["S-01"] * 5,
                "PARAMCD": "WHOBLD",
                "ADY": "1",
                "AVAL": ["0", "Grade 0", "2级", "ND", "无"],
            },
        )
    )
    assert made.cells("adqs", "AVAL")[:4] == ["0", "0", "2", ""]
    assert made.found("none_or_not_assessed") == ['"无" in 1 rows']


def test_blanks_and_control_characters():
    made = Import(subjects(DCSREAS=[" LOST \u202e", "LOST"]))
    assert made.cells("adsl", "DCSREAS") == ["LOST", "LOST"]
    assert made.report() == [(2, "DCSREAS", " LOST \u202e", "LOST", rules.BLANKS)]


def test_columns_that_the_format_does_not_know_stay_as_they_are():
    made = Import(subjects(NOTE=[" as sent "], WEIGHT="7,5"))
    assert made.cells("adsl", "NOTE") == [" as sent "]
    assert made.cells("adsl", "WEIGHT") == ["7,5"]
    assert made.report() == []


def test_a_code_of_a_site_or_subject_is_never_in_the_report():
    made = Import(subjects(SITEID=[" 某医院 "]))
    assert made.cells("adsl", "SITEID") == ["某医院"]
    assert made.report() == [(2, "SITEID", "a code", "a code", rules.BLANKS)]


@pytest.mark.parametrize("sent", ["D15", "Day 15", "第15天", "d15", "15"])
def test_days_in_words(sent):
    made = Import(labs(["45"], ADY=sent))
    assert made.cells("adlb", "ADY") == ["15"]
    assert made.report() == ([(2, "ADY", sent, "15", rules.DAY_IN_WORDS)] if sent != "15" else [])


def test_every_rule_stands_in_the_reference_and_no_other_does():
    text = (Path(__file__).parents[3] / "docs/reference/conversions.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([^`]+)` \|", text, flags=re.MULTILINE)
    assert sorted(listed) == sorted(rules.RULES)
