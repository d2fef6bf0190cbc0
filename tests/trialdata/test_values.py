"""One cell's text: numbers, flags, grades, dates and units as sites send them (the catalogue of inputs)."""

import math

import pytest

from trialdata.units import factor_to_stored
from trialdata.values import censored_text, read_date, read_flag, read_grade, read_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("8", 8), ("8.0", 8), (" 61 ", 61), ("4.5E+01", 45), ("-3", -3), ("+7", 7), (".5", 0.5)),
        *(("１２３．５", 123.5), ("１２", 12), ("\u00a061", 61)),
    ],
)
def test_plain_numbers_are_read_without_a_remark(text, value):
    assert read_number(text)[:2] == (value, "")


@pytest.mark.parametrize(
    ("text", "value"),
    [("45↑", 45), ("12↓", 12), ("33 H", 33), ("21*", 21), ("H 250", 250), ("12↓L", 12), ("4.5 LL", 4.5)],
)
def test_marks_of_the_laboratory_are_removed(text, value):
    assert read_number(text)[:2] == (value, "marked")


@pytest.mark.parametrize(
    "text",
    [
        "ND",
        "nd",
        "NA",
        "N/A",
        ".",
        "-",
        "未查",
        "未做",
        "溶血",
        "凝血",
        "聚集",
        "pending",
        "NaN",
        "#N/A",
        "########",
    ],
)
def test_words_for_not_done_are_missing(text):
    reading = read_number(text)
    assert math.isnan(reading.value)
    assert reading.noticed == "not done"


@pytest.mark.parametrize("text", ["12 (复查 15)", "30-40", "约50", "45×10^9/L", "4.5.6", "12O", "4,5"])
def test_a_number_is_never_guessed_from_other_text(text):
    reading = read_number(text)
    assert math.isnan(reading.value)
    assert reading.noticed == "not one number"


@pytest.mark.parametrize("text", ["TRUE", "abc", "高", "yes"])
def test_text_without_a_digit_is_not_a_number(text):
    assert read_number(text).noticed == "not a number"


@pytest.mark.parametrize("text", ["inf", "-Inf", "Infinity", "1e400", "∞"])
def test_infinite_numbers_are_named(text):
    reading = read_number(text)
    assert math.isnan(reading.value)
    assert reading.noticed == "infinite"


def test_a_thousands_comma_is_never_a_decimal_comma():
    assert read_number("1,050") == (1050.0, "thousands", "")
    assert read_number("1,234,567.5")[:2] == (1234567.5, "thousands")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        *(("<5", "<5"), ("＜5", "<5"), ("≤3", "<3"), ("< 5.0", "<5"), ("<=5", "<5"), (">1000", ">1000")),
        *(("＞１０００", ">1000"), ("> 1,000", ">1000"), ("≥80", ">80"), ("<5×10^9/L", "<5")),
    ],
)
def test_censored_texts_have_one_spelling(text, canonical):
    assert censored_text(text) == canonical
    assert read_number(text).text == canonical
    assert math.isnan(read_number(text).value)


@pytest.mark.parametrize("text", ["45", "", "ND", "clumped", "5>4"])
def test_other_texts_stay(text):
    assert censored_text(text) == text


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Y", "Y"),
        ("yes", "Y"),
        ("是", "Y"),
        ("1", "Y"),
        ("N", "N"),
        ("否", "N"),
        ("0", "N"),
        ("", ""),
        ("U", ""),
    ],
)
def test_flags(text, flag):
    assert read_flag(text) == (flag, True)


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("3", "3"),
        ("Grade 3", "3"),
        ("III", "3"),
        ("3级", "3"),
        ("轻度", "1"),
        ("3.0", "3"),
        ("SEVERE", "3"),
        ("", ""),
    ],
)
def test_grades(text, grade):
    assert read_grade(text) == (grade, True)


@pytest.mark.parametrize("text", ["0", "6", "-1", "bad", "2-3"])
def test_a_grade_that_does_not_exist_is_not_understood(text):
    assert read_grade(text) == ("", False)


def test_an_unknown_flag_is_not_understood():
    assert read_flag("maybe") == ("", False)


@pytest.mark.parametrize(
    "text",
    ["2025-03-01", "2025/3/1", "2025年3月1日", "01MAR2025", "20250301", "1-Mar-2025", "2025-03-01T08:30"],
)
def test_dates_in_unambiguous_forms(text):
    assert read_date(text) == ("2025-03-01", True)


@pytest.mark.parametrize("text", ["03/04/2025", "2025-02-30", "UN-UNK-2025", "March", "45000"])
def test_dates_that_could_mean_two_days_or_none_are_refused(text):
    assert read_date(text) == ("", False)


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        *(
            (unit, 1.0)
            for unit in ("", "10^9/L", "x10^9/L", "×10⁹/L", "10*9/L", "x10E9/L", "10E9/L", "G/L", "GI/L")
        ),
        *((unit, 1.0) for unit in ("10^3/uL", "10³/µL", "x10^3/mcL", "K/uL", "K/mcL", "THOU/uL", "10^3/mm3")),
        *((unit, 1.0) for unit in ("10^6/mL", "× 10^9 / L")),
        *((unit, 0.001) for unit in ("/mm3", "/uL", "/\u00b5L", "/\u03bcL", "cells/mcL", "per cmm", "个/μL")),
        *((unit, 10.0) for unit in ("10^4/uL", "万/μL", "万/mm3")),
        *((unit, None) for unit in ("mg/dL", "g/L", "%", "fL", "10^12/L", "unknown")),
    ],
)
def test_units_of_a_platelet_count(unit, factor):
    """The table of units in the data conventions."""
    assert factor_to_stored(unit) == factor
