"""Dates to study days: the catalogue of inputs, section 3, rows 28 to 30, and the rule of day 1
(endpoints.md, section 1)."""

import datetime

import pytest
from conversion_import import CUT, Import, mapped, subjects

from trialdata.conversion import rules
from trialdata.conversion.dates import read_date_cell
from trialdata.mapping.import_mapping import DAY_FIRST, MONTH_FIRST

FIRST_OF_MARCH = "2025-03-01"


@pytest.mark.parametrize(
    "text",
    [
        *("2025-03-01", "2025/3/1", "2025.3.1", "2025年3月1日", "01MAR2025", "1-Mar-2025", "1 March 2025"),
        *("March 1, 2025", "20250301", "２０２５-０３-０１", " 2025-03-01 ", "2025-03-01T08:30"),
        *("2025-03-01 08:30:00", "2025/3/1 8:30", "01MAR2025:08:30:00", "2025年3月1日 8时30分"),
        "45717",  # day number of Excel: 45658 is 2025-01-01
        "45717.354",
        "23801",  # days since 1960-01-01: 23742 to 2025-01-01 and 59 more
    ],
)
def test_every_form_of_the_first_of_march(text):
    assert read_date_cell(text).text == FIRST_OF_MARCH


def test_day_numbers_of_the_1904_system():
    assert read_date_cell("44255", excel="1904").text == FIRST_OF_MARCH  # 1462 days fewer


@pytest.mark.parametrize(
    ("text", "order", "iso", "check"),
    [
        ("03/04/2025", "", "", "ambiguous_date"),
        ("03/04/2025", DAY_FIRST, "2025-04-03", ""),
        ("03/04/2025", MONTH_FIRST, "2025-03-04", ""),
        ("13/04/2025", "", "2025-04-13", ""),
        ("04/13/2025", "", "2025-04-13", ""),
        ("13/04/2025", MONTH_FIRST, "", "other_date_order"),
        ("03/03/2025", "", "2025-03-03", ""),
        ("3.4.2025 08:00", DAY_FIRST, "2025-04-03", ""),
        ("2025-02-30", "", "", "impossible_date"),
        ("9999-12-31", "", "", "placeholder_date"),
        ("1900-01-01", "", "", "placeholder_date"),
        ("UN-UNK-2025", "", "", "partial_date"),
        ("2025-03", "", "", "partial_date"),
        ("2025-UN-UN", "", "", "partial_date"),
        ("MAR2025", "", "", "partial_date"),
        ("2025", "", "", "partial_date"),
        ("abc", "", "", "not_a_date"),
        ("25-03-01", "", "", "not_a_date"),
        ("ND", "", "", "not_done"),
        ("持续", "", "", ""),
        ("", "", "", ""),
    ],
)
def test_dates_that_need_an_answer_and_dates_that_are_none(text, order, iso, check):
    found = read_date_cell(text, order=order)
    assert (found.text, found.check) == (iso, check)


def dated(*dates: str, **columns):
    return mapped("adlb", {"USUBJID": "S-01", "PARAMCD": "PLAT", "AVAL": "45", "ADT": list(dates), **columns})


def test_there_is_no_day_0():
    made = Import(
        subjects(TRTSDT=["2025-03-01"], SAFFL="Y", FASFL="Y"),
        dated("2025-02-28", "2025-03-01", "2025-03-02", "2025/4/1"),
    )
    assert made.cells("adlb", "ADY") == ["-1", "1", "2", "32"]
    assert made.report("ADT") == [
        *((row, "ADT", "a date", day, rules.DATE) for row, day in ((2, "-1"), (3, "1"), (4, "2"), (5, "32"))),
        (None, "ADT", "a date", "", rules.DATES_DROPPED),
    ]


def test_no_date_is_left_anywhere():
    made = Import(
        subjects(
            TRTSDT=["2025-03-01"],
            RANDDT="2025-02-27",
            TRTEDT="2025-08-01",
            VISDAT="1/8/2025",
            EOSDT="2025-09-01",
            DTHDT="",
            FIRSTSEEN="2025-01-01",
            STERFL="Y",
        ),
        dated("2025-03-08"),
    )
    assert list(made.converted.texts["adsl"]) == [
        *("USUBJID", "TRT01P", "SITEID", "STERFL", "DCUTDY", "FASFL", "SAFFL", "EOSDY", "DTHDY"),
        *("TRTEDY", "FIRSTSEENDY", "SRCFILE", "SRCROW"),
    ]
    assert made.cells("adsl", "TRTEDY") == ["154"]  # 31 + 30 + 31 + 30 + 31 days to 1 August, plus 1
    assert made.cells("adsl", "FIRSTSEENDY") == ["-59"]  # 31 + 28 days before 1 March
    assert made.cells("adsl", "EOSDY") == ["185"]  # 31 + 30 + 31 + 30 + 31 + 31 days to 1 September, plus 1
    report = made.converted.report
    assert not report[["before", "after"]].apply(lambda cells: cells.str.contains("2025")).any(axis=None)


def test_a_column_of_dates_that_the_format_does_not_know_becomes_study_days():
    """1 March is day -9 of a first dose on 10 March, 1 April day 1 of one on it; without a first dose there is none."""
    made = Import(
        subjects(
            TRTSDT=["2025-03-10", "2025-04-01", ""],
            CONSENTDT=["2025-03-01", "2025/4/1", "2025-05-01"],
        ),
        mapped(
            "adlb", {"USUBJID": ["S-01", "S-02"], "ADY": "1", "采样日期": ["2025-03-10T08:00", "12APR2025"]}
        ),
    )
    assert made.cells("adsl", "CONSENTDY") == ["-9", "1", ""]
    assert made.cells("adlb", "采样_DY") == ["1", "12"]
    assert made.report("CONSENTDT")[:2] == [
        (2, "CONSENTDT", "a date", "-9", rules.DATE),
        (3, "CONSENTDT", "a date", "1", rules.DATE),
    ]
    assert not {"TRTSDT", "CONSENTDT", "采样日期"} & {c for t in made.converted.texts.values() for c in t}


def test_a_date_of_the_cut_becomes_no_study_day():
    """The day the data were exported would be the cut day of everybody."""
    made = Import(subjects(TRTSDT=["2025-12-01", "2025-12-05"], EXPORTDT="2025-12-31", SEENDT="2026-01-02"))
    assert not {"EXPORTDY", "SEENDY"} & set(made.converted.texts["adsl"])


@pytest.mark.parametrize(("order", "day"), [(DAY_FIRST, "4"), (MONTH_FIRST, "33")])
def test_an_ambiguous_date_of_an_unknown_column_is_read_as_the_mapping_says(order, day):
    """03/02/2025 is 3 February, day 4 from 31 January, or 2 March, day 33 from 29 January."""
    start = {DAY_FIRST: "2025-01-31", MONTH_FIRST: "2025-01-29"}[order]
    made = Import(subjects(TRTSDT=[start], CONSENTDT="03/02/2025"), dates=order)
    assert made.cells("adsl", "CONSENTDY") == [day]


def test_the_day_of_the_cut_is_never_in_the_report():
    made = Import(subjects(TRTSDT=["2025-12-01"]))
    assert made.cells("adsl", "DCUTDY") == ["31"]
    assert made.report("DCUTDY") == [(2, "DCUTDY", "a date", "a study day", rules.CUT_DAY)]


def test_day_1_is_randomisation_for_a_subject_never_treated_only():
    made = Import(
        subjects(TRTSDT=["2025-12-02", "", "UN-DEC-2025"], RANDDT=["2025-12-01"] * 3, SAFFL="Y", FASFL="Y"),
        mapped(
            "adlb",
            {"USUBJID": ["S-01", "S-02", "S-03"], "PARAMCD": "PLAT", "AVAL": "45", "ADT": "2025-12-10"},
        ),
    )
    assert made.cells("adlb", "ADY") == ["9", "10", ""]
    assert made.cells("adsl", "DCUTDY") == ["30", "31", ""]
    assert made.checks()["partial_date"] == [4]


def test_who_was_treated_outlives_the_date():
    made = Import(subjects(TRTSDT=["2025-12-02", "", "UN-DEC-2025"]))
    assert made.cells("adsl", "SAFFL") == ["Y", "N", "Y"]
    assert made.cells("adsl", "FASFL") == ["Y", "N", "Y"]
    assert made.checks()["population_flag_absent"] == [None, None]


def test_a_day_as_sent_stays_and_a_disagreement_is_found():
    made = Import(
        subjects(TRTSDT=["2025-03-01"], DCUTDY="300"), dated("2025-03-08", "2025-03-08", ADY=["8", "7"])
    )
    assert made.cells("adlb", "ADY") == ["8", "7"]
    assert made.checks()["day_disagrees"] == [3]
    assert made.cells("adsl", "DCUTDY") == ["300"]
    # 2025-03-01 to 2025-12-31 are 305 days: day 306
    assert made.found("cut_day_disagrees") == ["another day than the one from TRTSDT"]


def test_events_and_medication():
    made = Import(
        subjects(TRTSDT=["2025-03-01"]),
        mapped(
            "adae",
            {
                "USUBJID": ["S-01"] * 3,
                "AEDECOD": "x",
                "ASTDT": ["01MAR2025", "UN-UNK-2025", "2025-02-30"],
                "AENDT": ["2025-03-05", "ongoing", ""],
            },
        ),
    )
    assert made.cells("adae", "ASTDY") == ["1", "", ""]
    assert made.cells("adae", "AENDY") == ["5", "", ""]
    assert made.checks()["partial_date"] == [3]
    assert made.checks()["impossible_date"] == [4]


def test_findings_never_repeat_a_date():
    made = Import(subjects(TRTSDT=["2025-03-01"]), dated("2025-02-30", "99.3.1", "03/04/2025", "UN-UNK-2025"))
    said = " ".join(text for part in made.converted.findings for text in part["found"])
    assert "2025" not in said and "99.9.9" in said


def test_excel_numbers_of_the_1900_system():
    made = Import(subjects(TRTSDT=["45992"]), dated("45999"))  # 2025-12-01 and 2025-12-08
    assert made.cells("adlb", "ADY") == ["8"]
    assert made.cells("adsl", "DCUTDY") == ["31"]
    assert made.report("ADT")[0][-1] == rules.EXCEL_1900
    assert made.checks()["excel_days"] == [None, None]


def test_excel_numbers_of_the_1904_system_beside_a_dated_first_dose():
    made = Import(subjects(TRTSDT=["2025-12-01"]), dated("44537"))  # 45999 - 1462
    assert made.cells("adlb", "ADY") == ["8"]
    assert made.report("ADT")[0][-1] == rules.EXCEL_1904


def test_excel_numbers_that_could_be_of_either_system_are_refused():
    made = Import(subjects(TRTSDT=["44530"]), dated("44537"))
    assert made.checks()["excel_days_either"] == [None, None]


def test_sas_day_numbers():
    made = Import(subjects(TRTSDT=["23801"]), dated("23808"))
    assert made.cells("adlb", "ADY") == ["8"]
    assert made.report("ADT")[0][-1] == rules.SAS_DAY


def test_dates_without_a_first_dose_are_refused():
    made = Import(subjects(SAFFL=["Y"]), dated("2025-03-08"))
    assert "no_reference_date" in made.checks()


def test_a_first_dose_after_the_cut_is_found():
    made = Import(subjects(TRTSDT=["2025-12-31", "2026-01-01"]), cut=CUT)
    assert made.cells("adsl", "DCUTDY") == ["1", "-1"]
    assert made.checks()["starts_after_cut"] == [3]


@pytest.mark.parametrize(
    ("visit", "day"),
    [("Week 4", "29"), ("W1", "8"), ("第2周", "15"), ("Baseline", "1"), ("V5", "60"), ("计划外访视", "")],
)
def test_visits_without_a_day_or_a_date(visit, day):
    table = mapped("adlb", {"USUBJID": "S-01", "PARAMCD": "PLAT", "AVAL": "45", "AVISIT": [visit]})
    made = Import(subjects(DCUTDY=["300"]), table, visits={"V5": 60.0})
    assert made.converted.texts["adlb"].get("ADY", [""])[2 if day else 0] == day
    expected = [(2, "ADY", "", day, rules.PLANNED_DAY)] if day else []
    assert made.report("ADY") == expected
    assert made.found("planned_day") == ([f'"{visit}" in 1 rows'] if day else [])
    assert "unknown_visit" not in made.checks()


def test_a_visit_that_nobody_knows_is_refused_by_name():
    table = mapped(
        "adlb", {"USUBJID": "S-01", "PARAMCD": "PLAT", "AVAL": "45", "AVISIT": ["V7", "V7", "Week 1"]}
    )
    made = Import(subjects(DCUTDY=["300"]), table)
    assert made.found("unknown_visit") == ['"V7" in 2 rows']


def test_a_visit_stands_in_for_neither_a_day_nor_a_partial_date():
    made = Import(
        subjects(TRTSDT=["2025-03-01"]),
        dated("2025-03-09", "2025-03", "", AVISIT="Week 1", ADY=["", "", "10"]),
    )
    assert made.cells("adlb", "ADY") == ["9", "", "10"]
    assert made.report("ADY") == []


def test_days_agree_with_the_calendar():
    start = datetime.date(2024, 2, 20)  # across a leap day
    dates = [start + datetime.timedelta(days=gap) for gap in range(-30, 31)]
    made = Import(subjects(TRTSDT=[start.isoformat()]), dated(*(date.isoformat() for date in dates)))
    assert made.cells("adlb", "ADY") == [str(gap + (gap >= 0)) for gap in range(-30, 31)]
