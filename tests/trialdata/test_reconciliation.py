"""A statistician's file: what is read, in which spelling, and the whole message for each that is refused."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from trialdata.errors import StudyDataError
from trialdata.limits import Limits
from trialdata.parsing import read_definition
from trialdata.reconciliation import read_submitted

IGU = read_definition(Path(__file__).parents[2] / "studies/nct07057778.toml")
CODES = "OR1Y, SR6M, RESPW12, RESPW26, DURCNT, TTR, DOR, TTF, TIMERESP, MAXBLEED"
HOW = "docs/how-to/double-programming.md says which columns and values"


def read(text: str | bytes, name: str = "mine.csv", **options):
    content = text if isinstance(text, bytes) else text.encode()
    return read_submitted(name, content, IGU, **options)


def answers(text: str, **options) -> list[str]:
    return list(read(text, **options).frame["AVALC"])


def refusal(text: str | bytes, name: str = "mine.csv", **options) -> str:
    with pytest.raises(StudyDataError) as refused:
        read(text, name, **options)
    return str(refused.value)


def test_answers_are_read_with_the_row_of_the_file():
    found = read("USUBJID,PARAMCD,AVALC,AVAL\n01-001,OR1Y,CR,1\n01-002,OR1Y,NR,0\n01-001,SR6M,Y,1\n")
    assert list(found.frame.index) == [2, 3, 4]
    assert found.frame["AVALC"].to_list() == ["CR", "NR", "Y"]
    assert found.frame["PARAMCD"].to_list() == ["OR1Y", "OR1Y", "SR6M"]
    assert found.notes == ()


def test_a_long_name_keeps_its_ending():
    long = "a" * 80
    assert read("USUBJID,PARAMCD,AVALC\n01-001,OR1Y,CR\n", f"{long}.csv").file == "a" * 56 + ".csv"
    refused = refusal("x", f"{long}.docx")
    assert refused.startswith("a" * 55 + ".docx: found a file of another kind;")


def test_times_are_read_in_days_with_censoring():
    found = read("USUBJID,PARAMCD,AVAL,CNSR,AVALU\n01-001,TTR,15,0,DAYS\n01-002,TTR,57,2,DAYS\n")
    assert found.frame["AVAL"].to_list() == [15, 57]
    assert found.frame["CNSR"].to_list() == [0, 1]
    assert found.notes == ("Not read: AVALU.", "CNSR 2 is read as censored, like 1.")


@pytest.mark.parametrize(
    ("written", "word"),
    [
        *(("CR", "CR"), ("cr", "CR"), ("Complete response", "CR"), ("R", "R"), ("PR", "R"), ("NR", "NR")),
        *(("No response", "NR"), ("Responder", "RESPONDER"), ("Y", "RESPONDER"), ("1", "RESPONDER")),
        *(("Non-responder", "NONRESPONDER"), ("N", "NONRESPONDER"), ("0", "NONRESPONDER")),
        *(("Pending", "PENDING"), ("NE", "MISSING"), ("missing", "MISSING"), ("", "MISSING")),
    ],
)
def test_spellings_of_an_endpoint_with_levels(written, word):
    found = read(f"USUBJID,PARAMCD,AVALC\n01-001,OR1Y,{written}\n")
    assert found.frame["AVALC"].to_list() == [word]
    as_written = written or "an empty AVALC"
    assert found.notes == (() if written == word else (f"OR1Y: {as_written} is read as {word}.",))


@pytest.mark.parametrize(
    ("written", "word"), [("Y", "Y"), ("yes", "Y"), ("1", "Y"), ("RESPONDER", "Y"), ("N", "N"), ("0", "N")]
)
def test_spellings_of_an_endpoint_of_yes_and_no(written, word):
    assert answers(f"USUBJID,PARAMCD,AVALC\n01-001,SR6M,{written}\n") == [word]


def test_aval_answers_where_avalc_does_not():
    assert answers("USUBJID,PARAMCD,AVAL\n01-001,OR1Y,1\n01-002,OR1Y,0\n01-003,OR1Y,\n") == [
        *("RESPONDER", "NONRESPONDER", "MISSING")
    ]


def test_without_paramcd_the_chosen_endpoint_is_meant():
    found = read("USUBJID,AVALC\n01-001,CR\n", paramcd="OR1Y")
    assert found.frame["PARAMCD"].to_list() == ["OR1Y"]


def test_only_the_chosen_endpoint_is_read():
    found = read("USUBJID,PARAMCD,AVALC\n01-001,OR1Y,CR\n01-001,SR6M,Y\n", paramcd="SR6M")
    assert found.frame["PARAMCD"].to_list() == ["SR6M"]
    assert found.notes == ("Not compared, not an endpoint asked for: OR1Y (1 row).",)


def test_other_parameters_and_columns_are_left_out_and_named():
    found = read("USUBJID,PARAMCD,AVALC,PARAM,ADT\n01-001,or1y,CR,Overall,\n01-001,BOR,CR,Best,\n")
    assert found.frame["PARAMCD"].to_list() == ["OR1Y"]
    assert found.notes == (
        "Not read: PARAM, ADT.",
        "Not compared, not an endpoint asked for: BOR (1 row).",
    )


@pytest.mark.parametrize("version", [5, 8])
def test_a_transport_file_is_read_like_a_csv(tmp_path, version):
    frame = pd.DataFrame(
        {
            "USUBJID": ["01-001", "01-002", "01-003"],
            "PARAMCD": ["OR1Y", "TTR", "TIMERESP"],
            "AVALC": ["CR", "", ""],
            "AVAL": [1.0, 57.0, 0.625],
            "CNSR": [np.nan, 1.0, np.nan],
        }
    )
    pyreadstat.write_xport(frame, tmp_path / "mine.xpt", file_format_version=version)
    ours = read((tmp_path / "mine.xpt").read_bytes(), "mine.xpt").frame
    buffer = io.StringIO()
    frame.to_csv(buffer, index=False)
    pd.testing.assert_frame_equal(ours, read(buffer.getvalue()).frame)
    assert ours["AVAL"].to_list() == [1.0, 57.0, 0.625]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "USUBJID,PARAMCD\n01-001,OR1Y\n",
            "mine.csv, row 1, column AVALC: found the columns USUBJID, PARAMCD; expected this column; "
            f"add AVALC or AVAL; {HOW}.",
        ),
        (
            "SUBJECT,AVALC\n01-001,CR\n",
            "mine.csv, row 1, column USUBJID: found the columns SUBJECT, AVALC; expected this column; "
            f"add the column; {HOW}.\n"
            "mine.csv, row 1, column PARAMCD: found the columns SUBJECT, AVALC; expected this column; "
            f"add the column ({CODES}), or choose the one endpoint that the file holds.",
        ),
        (
            "USUBJID,PARAMCD,AVALC\n01-001,OR1Y,CR\n01-001,OR1Y,CR\n",
            "mine.csv, row 3, subject 01-001: found a further row of OR1Y; expected one row per participant and "
            "parameter; keep the row that holds the answer.",
        ),
        (
            "USUBJID,PARAMCD,AVALC\n01-001,OR1YR,CR\n",
            f'mine.csv, column PARAMCD: found "OR1YR"; expected {CODES}; did you mean "OR1Y"; rename the parameters.',
        ),
        (
            "USUBJID,PARAMCD,AVALC\n01-001,OR1Y,good\n01-002,OR1Y,response\n",
            'mine.csv, row 2, column AVALC, subject 01-001: found "good"; expected CR, R, NR, PENDING or MISSING, or '
            "RESPONDER, NONRESPONDER, Y, N, 1, 0; correct the cell.\n"
            'mine.csv, row 3, column AVALC, subject 01-002: found "response"; expected CR, R, NR, PENDING or MISSING, '
            "or RESPONDER, NONRESPONDER, Y, N, 1, 0; a response of any level is RESPONDER; correct the cell.",
        ),
        (
            "USUBJID,PARAMCD,AVALC\n01-001,SR6M,CR\n",
            'mine.csv, row 2, column AVALC, subject 01-001: found "CR"; expected Y, N, PENDING or MISSING, or '
            "RESPONDER, NONRESPONDER, 1, 0; correct the cell.",
        ),
        (
            "USUBJID,PARAMCD,AVAL\n01-001,OR1Y,2\n",
            "mine.csv, row 2, column AVAL, subject 01-001: found 2; expected 1 (response) or 0 (none); "
            "correct the cell.",
        ),
        (
            "USUBJID,PARAMCD,AVAL,CNSR\n01-001,TTR,soon,0\n",
            'mine.csv, row 2, column AVAL, subject 01-001: found "soon"; expected a number or an empty cell; '
            "correct the cell.\n"
            "mine.csv, row 2, column AVAL, subject 01-001: found an empty cell; expected a number of days; "
            "add the number or remove the row.",
        ),
        (
            "USUBJID,PARAMCD,AVAL,CNSR\n01-001,TTR,15,0.5\n01-002,TTR,15,\n",
            "mine.csv, row 2, column CNSR, subject 01-001: found 0.5; expected 0 for an event, 1 for censored; "
            "correct the cell.\n"
            "mine.csv, row 3, column CNSR, subject 01-002: found an empty cell; expected 0 for an event, 1 for "
            "censored; correct the cell.",
        ),
        (
            "USUBJID,PARAMCD,AVAL,CNSR,AVALU\n01-001,TTR,2,0,WEEKS\n",
            'mine.csv, row 2, column AVALU: found "WEEKS"; expected days; convert AVAL to days.',
        ),
        (
            "USUBJID,PARAMCD,AVALC\n,OR1Y,CR\n",
            "mine.csv, row 2, column USUBJID: found an empty cell; expected a USUBJID in every row; "
            "add the USUBJID or remove the row.",
        ),
        (
            "USUBJID,PARAMCD,AVALC,PATIENTNAME\n01-001,OR1Y,CR,Somebody\n",
            "mine.csv, row 1, column PATIENTNAME: found a header of this kind; expected no column that identifies a "
            "person; remove the columns before sharing the data.",
        ),
        ("", "mine.csv: found a file of 0 bytes; expected a header and rows; export the file again."),
        (
            "USUBJID,PARAMCD,AVALC\n",
            "mine.csv: found a header without rows; expected at least one row; export the file again.",
        ),
        (
            b"PK\x03\x04\x00\x00binary",
            "mine.csv, row 1: found a zero byte: the file is damaged or not text; expected text; "
            "export the file again.",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_the_whole_message(text, said):
    assert refusal(text) == said


def test_a_file_over_the_limit_is_refused():
    text = "USUBJID,PARAMCD,AVALC\n" + "".join(f"01-{n:03},OR1Y,CR\n" for n in range(11))
    assert refusal(text, limits=Limits(rows=10)) == (
        "mine.csv: found 11 rows, more than 10; expected a file within the limits; "
        "raise the limit: docs/reference/study-format.md."
    )
    assert "more than 0.0001 MB" in refusal(text, limits=Limits(megabytes=0.0001))


def test_a_file_of_another_kind_is_refused():
    assert refusal("x", "C:/somewhere/mine.xlsx") == (
        "mine.xlsx: found a file of another kind; expected a .csv or .xpt file; export the file as one of the two."
    )


def test_a_value_that_identifies_somebody_is_never_printed():
    mail = "somebody" + "@" + "example.org"
    said = refusal(f"USUBJID,PARAMCD,AVALC\n01-001,OR1Y,{mail}\n")
    assert "an e-mail address" in said and mail not in said
