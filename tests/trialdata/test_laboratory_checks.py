"""Laboratory values in a unit that is not known, and without the upper limit their grade needs: the whole message."""

import pytest
from small_study import ADLB, findings_of, loaded, with_row

from trialdata.findings import sentence


def with_limits(*rows: str) -> str:
    """The platelets with an empty ANRHI, and these rows after them: from spreadsheet row 11 on."""
    head, *counts = ADLB.strip().split("\n")
    return "\n".join([f"{head},ANRHI", *(f"{row}," for row in counts), *rows]) + "\n"


def sentences(tmp_path, check: str, adlb: str) -> list[str]:
    findings = loaded(tmp_path, adlb=adlb).findings
    return [sentence(row) for _, row in findings[findings["check"] == check].iterrows()]


def test_alt_without_an_upper_limit_names_file_row_and_column(tmp_path):
    adlb = with_limits("S-01,ALT,1,20,,U/L,,,40", "S-01,ALT,8,90,,U/L,,,", "S-02,ALT,8,90,,U/L,,,0")
    assert sentences(tmp_path, "no_upper_limit", adlb) == [
        f"adlb.csv, row {row}, column ANRHI, subject {subject}: found no upper limit of ALT; expected the upper "
        "limit of normal of each value; shown, but not graded by that limit; add ANRHI."
        for row, subject in ((12, "S-01"), (13, "S-02"))
    ]


def test_a_parameter_without_any_upper_limit_is_said_once(tmp_path):
    adlb = with_row(with_row(ADLB, "S-01,ALT,1,20,,U/L,,"), "S-01,ALT,8,90,,U/L,,")
    assert sentences(tmp_path, "no_upper_limit", adlb) == [
        "adlb.csv, column ANRHI: found no upper limit in any of 2 rows of ALT; expected the upper limit of normal of "
        "each value; shown, but not graded by that limit; add ANRHI."
    ]


def test_an_unknown_unit_names_file_row_and_column(tmp_path):
    adlb = with_limits(
        "S-01,HGB,1,120,,g/L,,,", "S-01,HGB,8,7.4,,mmol/L,,,", "S-02,sgpt,8,90,,<b>foo</b>,,,40"
    )
    assert sentences(tmp_path, "laboratory_unit_unknown", adlb) == [
        'adlb.csv, row 12, column AVALU, subject S-01: found "mmol/L" for HGB; expected g/L, or a unit that can be '
        "converted to it; shown with its own unit and in no grade; correct AVALU.",
        'adlb.csv, row 13, column AVALU, subject S-02: found "<b>foo</b>" for ALT; expected U/L, or a unit that can '
        "be converted to it; shown with its own unit and in no grade; correct AVALU.",
    ]


def test_a_parameter_without_any_unit_is_said_once(tmp_path):
    adlb = with_row(with_row(ADLB, "S-01,HGB,1,120,,,,"), "S-02,HGB,1,120,,,,")
    assert findings_of(tmp_path, "laboratory_unit_unknown", adlb=adlb) == [
        ("warning", "adlb.csv", None, "AVALU", "")
    ]


@pytest.mark.parametrize(
    "row",
    [
        "S-01,HGB,1,12,,g/dL,,,",  # converted; haemoglobin needs no upper limit
        "S-01,ANA,1,,1:320,titre,,,",  # a result in words
        "S-01,ZINC,1,12,,foo,,,",  # a parameter that nobody knows
        "S-01,ALT,1,,,,,,",  # no value
        "S-01,ALT,1,20,,IU/L,,,40",
    ],
)
def test_what_is_right_or_not_known_is_no_finding(tmp_path, row):
    checks = set(loaded(tmp_path, adlb=with_limits(row)).findings["check"])
    assert not checks & {"no_upper_limit", "laboratory_unit_unknown"}


def test_the_values_stay_as_they_were_sent(tmp_path):
    result = loaded(tmp_path, adlb=with_limits("S-01,HGB,1,12,,g/dL,,,", "S-01,ALT,8,90,,foo,,,"))
    rows = result.frames["adlb"].query("PARAMCD != 'PLAT'")
    assert rows[["AVAL", "AVALU"]].values.tolist() == [[12, "g/dL"], [90, "foo"]] and not result.refused
