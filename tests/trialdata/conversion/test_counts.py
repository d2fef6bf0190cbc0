"""Platelet counts as sites send them: the catalogue of inputs, section 2 (units) and rows 9 to 19 of section 3."""

import pytest
from conversion_import import Import, labs, mapped

from trialdata.conversion import rules
from trialdata.conversion.numbers import read_cell, scaled


@pytest.mark.parametrize(
    ("sent", "stored", "rule"),
    [
        ("45", "45", ""),
        ("8.0", "8.0", ""),
        ("", "", ""),
        (" 61 ", "61", rules.BLANKS),
        ("１２３．５", "123.5", rules.FULL_WIDTH),
        ("４５", "45", rules.FULL_WIDTH),
        ("－３", "-3", rules.FULL_WIDTH),
        ("4.5E+01", "45", rules.WRITTEN_OUT),
        ("+7", "7", rules.WRITTEN_OUT),
        (".5", "0.5", rules.WRITTEN_OUT),
        ("1,050", "1050", rules.THOUSANDS),
        ("1,050.5", "1050.5", rules.THOUSANDS),
        ("45↑", "45", rules.MARK),
        ("12↓", "12", rules.MARK),
        ("33 H", "33", rules.MARK),
        ("21*", "21", rules.MARK),
        ("1,050↑", "1050", f"{rules.MARK}; {rules.THOUSANDS}"),
        ("ND", "", rules.NOT_DONE),
        ("未查", "", rules.NOT_DONE),
        ("溶血", "", rules.NOT_DONE),
        ("pending", "", rules.NOT_DONE),
        ("#N/A", "", rules.SPREADSHEET_ERROR),
        ("#NUM!", "", rules.SPREADSHEET_ERROR),
        ("########", "", rules.SPREADSHEET_ERROR),
        ("12 (复查 15)", "", rules.NOT_ONE_NUMBER),
        ("30-40", "", rules.NOT_ONE_NUMBER),
        ("约50", "", rules.NOT_ONE_NUMBER),
        ("45×10^9/L", "45", rules.CELL_UNIT),
        ("45 G/L", "45", rules.CELL_UNIT),
        ("45 g/L", "", rules.NOT_ONE_NUMBER),
        ("999", "", rules.SENTINEL),
        ("-99", "", rules.SENTINEL),
        ("45000/μL", "45", f"{rules.CELL_UNIT}; {rules.PER_MICROLITRE}"),
        ("4.5万/μL", "45", f"{rules.CELL_UNIT}; {rules.TEN_THOUSANDS}"),
        *((text, text, "") for text in ("-3", "inf", "1e400", "TRUE", "1" * 41)),
    ],
)
def test_a_count_alone_in_its_column(sent, stored, rule):
    made = Import(labs([sent]))
    assert made.cells("adlb", "AVAL") == [stored]
    expected = [(2, "AVAL", sent, stored, rule)] if rule else []
    assert made.report() == expected


@pytest.mark.parametrize(
    ("sent", "text"),
    [("<5", "<5"), ("＜5", "<5"), ("≤3", "<3"), (">1000", ">1000"), ("< 5.0", "<5"), ("<5×10^9/L", "<5")],
)
def test_a_limit_stands_in_avalc_and_leaves_one_entry(sent, text):
    made = Import(labs([sent]))
    assert made.cells("adlb", "AVAL") == [""]
    assert made.cells("adlb", "AVALC") == [text]
    ((row, column, before, after, rule),) = made.report()
    assert (row, column, before, after) == (2, "AVAL", sent, text)
    assert rule.endswith(rules.CENSORED)


def test_a_limit_per_microlitre_is_divided_too():
    made = Import(labs(["<5000", "20000"], AVALU="/uL"))
    assert made.cells("adlb", "AVALC") == ["<5", ""]
    assert made.cells("adlb", "AVAL") == ["", "20"]


SAME = ["x10^9/L", "×10⁹/L", "10*9/L", "x10E9/L", "10E9/L", "G/L", "GI/L", "10^3/uL", "10³/µL", "x10^3/mcL"]
SAME += ["K/uL", "K/mcL", "THOU/uL", "10^3/mm3", "10^6/mL"]
THOUSANDTH = ["/mm3", "/uL", "/\u00b5L", "/\u03bcL", "cells/mcL", "per cmm", "个/μL"]
TENFOLD = ["10^4/uL", "万/μL", "万/mm3"]


@pytest.mark.parametrize(
    ("unit", "stored"),
    [
        *((unit, "45") for unit in SAME),
        *((unit, "0.045") for unit in THOUSANDTH),
        *((unit, "450") for unit in TENFOLD),
    ],
)
def test_every_spelling_of_a_unit(unit, stored):
    made = Import(labs(["45", "45"], AVALU=[unit, "10^9/L"]))
    assert made.cells("adlb", "AVAL") == [stored, "45"]
    assert made.cells("adlb", "AVALU") == ["10^9/L", "10^9/L"]
    assert made.report("AVALU") == [(2, "AVALU", unit, "10^9/L", rules.UNIT_SPELLING)]
    (check,) = made.checks()
    assert check == ("unit_spelling" if stored == "45" else "unit_converted")
    assert made.found(check) == [f'"{unit}" in 1 rows']


@pytest.mark.parametrize("unit", ["mg/dL", "g/L", "%", "fL"])
def test_a_unit_that_is_none_of_counts_stays_for_loading_to_refuse(unit):
    made = Import(labs(["45"], AVALU=[unit]))
    assert made.cells("adlb", "AVAL") == ["45"]
    assert made.cells("adlb", "AVALU") == [unit]


def test_mixed_spellings_are_counted_each():
    made = Import(labs(["45000", "46000", "47", "4.8"], AVALU=["/uL", "/uL", "G/L", "万/μL"]))
    assert made.cells("adlb", "AVAL") == ["45", "46", "47", "48"]
    assert made.found("unit_converted") == ['"/uL" in 2 rows', '"万/μL" in 1 rows']
    assert made.found("unit_spelling") == ['"G/L" in 1 rows']


def test_the_mapping_says_the_unit_of_counts_without_one():
    made = Import(labs(["45000", "46"], AVALU=["", "10^9/L"]), units={"PLAT": "/uL"})
    assert made.cells("adlb", "AVAL") == ["45", "46"]
    assert made.report() == [(2, "AVAL", "45000", "45", rules.PER_MICROLITRE)]


def test_the_unit_of_a_cell_is_used_and_must_not_contradict_the_row():
    made = Import(labs(["45×10^9/L", "45×10^9/L", "46000/uL"], AVALU=["10^9/L", "/uL", ""]))
    assert made.cells("adlb", "AVAL") == ["45", "45×10^9/L", "46"]
    assert made.checks()["unit_disagrees"] == [3]


def test_every_column_in_the_unit_of_the_count_follows_it():
    table = labs(
        ["45000"], AVALU="/uL", AVALC="45000", BASE="9000", CHG="36000", ANRLO="125000", ANRHI="350000"
    )
    made = Import(table)
    cells = {name: made.cells("adlb", name)[0] for name in ("AVAL", "AVALC", "BASE", "CHG", "ANRLO", "ANRHI")}
    assert cells == {"AVAL": "45", "AVALC": "45", "BASE": "9", "CHG": "36", "ANRLO": "125", "ANRHI": "350"}
    assert {entry[4] for entry in made.report()} == {rules.PER_MICROLITRE, rules.UNIT_SPELLING}


def test_a_decimal_comma_is_one_for_the_whole_column_of_a_table():
    comma = labs(["12,5", "8", "1,050"])
    made = Import(
        comma, mapped("adlb", {"USUBJID": "S-02", "PARAMCD": "PLAT", "ADY": "1", "AVAL": ["1,050"]})
    )
    assert made.cells("adlb", "AVAL") == ["12.5", "8", "1,050", "1050"]
    assert made.checks()["comma_either"] == [4]
    assert made.checks()["thousands_comma"] == [2]


@pytest.mark.parametrize("text", ["1,050", "1.050"])
def test_a_comma_that_could_be_either_is_refused_not_read(text):
    assert read_cell(text, comma=True) == (text, "", "comma_either", "")


def test_words_for_a_value_not_taken_are_counted_by_word():
    made = Import(labs(["ND"] * 30 + ["溶血"] * 2 + ["45"]))
    assert made.found("not_done").count('"溶血"') == 2
    assert "30 rows in all; the first 20 are listed" in made.found("not_done")


def test_other_parameters_keep_results_in_words():
    table = mapped(
        "adlb",
        {
            "USUBJID": "S-01",
            "PARAMCD": "HGB",
            "ADY": "1",
            "AVAL": ["120", "阴性", "3+", "<0.1", "ND", "45000"],
        },
    )
    made = Import(table)
    assert made.cells("adlb", "AVAL") == ["120", "", "", "", "", "45000"]
    assert made.cells("adlb", "AVALC") == ["", "阴性", "3+", "<0.1", "", ""]
    assert [entry[:4] for entry in made.report("AVAL")] == [
        (3, "AVAL", "阴性", "阴性"),
        (4, "AVAL", "3+", "3+"),
        (5, "AVAL", "<0.1", "<0.1"),
        (6, "AVAL", "ND", ""),
    ]


def test_a_code_for_missing_is_one_in_platelet_counts_only():
    table = mapped("adlb", {"USUBJID": "S-01", "PARAMCD": ["PLAT", "CK"], "ADY": "1", "AVAL": "999"})
    assert Import(table).cells("adlb", "AVAL") == ["", "999"]


def test_a_wide_table_names_the_header_of_each_measurement():
    table = labs(["45↑", "ND", "50"], SRCCOL=["plt_w1", "plt_w2", "plt_w4"])
    made = Import(table)
    assert made.report() == [
        (2, "plt_w1", "45↑", "45", rules.MARK),
        (3, "plt_w2", "ND", "", rules.NOT_DONE),
    ]
    assert "SRCCOL" not in made.converted.texts["adlb"]


def test_rows_of_a_parameter_that_is_left_out_are_not_used():
    table = mapped(
        "adlb",
        {"USUBJID": "S-01", "PARAMCD": ["血小板", "白细胞", "白细胞"], "ADY": "1", "AVAL": ["45", "x", "y"]},
    )
    made = Import(table, parameters={"血小板": "PLAT", "白细胞": ""})
    assert made.cells("adlb", "PARAMCD") == ["PLAT"]
    assert made.report() == [
        (None, "PARAMCD", "白细胞 in 2 rows", "", rules.LEFT_OUT),
        (2, "PARAMCD", "血小板", "PLAT", rules.PARAMETER),
    ]


@pytest.mark.parametrize(
    ("text", "factor", "after"),
    [
        ("12345", 0.001, "12.345"),
        ("<5000", 0.001, "<5"),
        ("4.5", 10.0, "45"),
        ("7", 0.001, "0.007"),
        ("x", 10.0, "x"),
    ],
)
def test_multiplying_is_exact(text, factor, after):
    assert scaled(text, factor) == after
