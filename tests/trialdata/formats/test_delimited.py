"""Delimited text of the catalogue of inputs, section 3, rows 1 to 8 and 38: what is accepted,
warned of, or refused with its row."""

import pandas as pd
import pytest

from trialdata.formats.files import read_tables
from trialdata.limits import Limits, UnreadableFile

ROWS = "USUBJID,ADY,AVAL,AVISIT\nS-01,1,12,基线\nS-02,8,45,第1周\nS-03,15,7,第2周\n"
CELLS = [["S-01", "1", "12", "基线"], ["S-02", "8", "45", "第1周"], ["S-03", "15", "7", "第2周"]]


def read(content: str | bytes, name: str = "lab.csv", **limits: float):
    content = content.encode() if isinstance(content, str) else content
    (table,) = read_tables(name, content, Limits(**limits))
    return table


def said(table) -> dict[str, tuple]:
    """Row, column and found of each finding by its check."""
    rows = [found.iloc[0] for found in table.findings]
    return {
        row["check"]: (None if pd.isna(row["row"]) else row["row"], row["column"], row["found"])
        for row in rows
    }


def refusal(content: str | bytes, **limits: float) -> tuple:
    with pytest.raises(UnreadableFile) as problem:
        read(content, **limits)
    return problem.value.check, problem.value.row


DIALECTS = {  # row 1, 2 and 7: the same table in other bytes
    "byte order mark": ROWS.encode("utf-8-sig"),
    "Unicode text": ROWS.replace(",", "\t").encode("utf-16"),
    "GBK": ROWS.encode("gbk"),
    "tabs": ROWS.replace(",", "\t").encode(),
    "semicolons": ROWS.replace(",", ";").encode(),
    "bars": ROWS.replace(",", "|").encode(),
    "separator line": f"sep=;\r\n{ROWS.replace(',', ';')}".encode(),
    "separator line in quotation marks": f'"SEP=\t"\n{ROWS.replace(",", chr(9))}'.encode(),
    "CR only": ROWS.replace("\n", "\r").encode(),
    "CR LF": ROWS.replace("\n", "\r\n").encode(),
    "no line end at the end": ROWS.strip().encode(),
    "all in quotation marks": "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in ROWS.split("\n") if line
    ).encode(),
    "blanks around cells": ROWS.replace(",", " , ").encode(),
    "lower case, zero-width and no-break": ROWS.replace(
        "USUBJID,ADY", "\u200busubjid\u00a0,\ufeffady"
    ).encode(),
    "a leftover column": ROWS.replace("\n", ",\n").encode(),
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_gives_the_same_cells_and_rows(dialect):
    frame = read(DIALECTS[dialect]).frame
    assert frame.columns.tolist() == ["USUBJID", "ADY", "AVAL", "AVISIT"]
    assert frame.to_numpy().tolist() == CELLS
    assert frame.index.tolist() == [2, 3, 4]


def test_a_clean_file_has_no_finding():
    assert read(ROWS).findings == ()


def test_the_encoding_that_was_not_utf8_is_said():
    assert said(read(ROWS.encode("gbk"))) == {"text_encoding": (None, "", "GB18030 text")}
    western = read("USUBJID,AVALU\nS-01,10³/µL\n".encode("cp1252"))
    assert western.frame["AVALU"].tolist() == ["10³/µL"]
    assert said(western) == {"western_encoding": (None, "", "text with ³ µ")}


@pytest.mark.parametrize("lost", ["第\ufffd周", "锟斤拷"])
def test_characters_that_were_lost_before_are_named_by_their_row(lost):
    assert said(read(ROWS.replace("第1周", lost)))["lost_characters"][0] == 3


COMMAS = {  # semicolons between: cells of AVAL, cells as read
    "decimals": (["12,5", "8", "0,125"], ["12.5", "8", "0.125"]),
    "points between thousands": (["1.050,5", "12,5"], ["1050.5", "12.5"]),
    "signs and laboratory marks": (["<5,5", "12,5↑", "-3,25 H"], ["<5.5", "12.5↑", "-3.25 H"]),
    "points throughout": (["12.5", "1.250"], ["12.5", "1.250"]),
    "thousands that can be nothing else": (["1,050.5", "1,234,567"], ["1,050.5", "1,234,567"]),
    "text": (["a, b", "1,5 to 2,5"], ["a, b", "1,5 to 2,5"]),
}


@pytest.mark.parametrize("case", COMMAS)
def test_a_decimal_comma_becomes_a_point_and_its_column_is_named(case):
    sent, expected = COMMAS[case]
    table = read("USUBJID;AVAL\n" + "".join(f"S-{i};{cell}\n" for i, cell in enumerate(sent)))
    assert table.frame["AVAL"].tolist() == expected
    changed = sum(before != after for before, after in zip(sent, expected, strict=True))
    assert (said(table).get("decimal_comma", ("", ""))[1] == "AVAL") == bool(changed)
    assert "comma_unclear" not in said(table)


UNCLEAR = {  # the file, and where what may be two numbers stands
    "thousands or decimals": ("ID;AVAL\na;7\nb;1,050\n", (3, "AVAL", "1,050")),
    "beside decimal commas, tabs": ("ID\tAVAL\tBASE\na\t1,050\t7,5\n", (2, "AVAL", "1,050")),
    "three digits beside a decimal comma": ("ID;AVAL\na;12,5\nb;1,050\n", (3, "AVAL", "1,050")),
    "three digits beside a decimal comma, tabs": ("ID\tAVAL\na\t1,050\nb\t12,5\n", (2, "AVAL", "1,050")),
    "both uses in a column": ("ID;AVAL\na;12,5\nb;1,050.5\n", (3, "AVAL", "1,050.5")),
    "a point before three digits beside decimal commas": (
        "ID;AVAL;BASE\na;1.050;7,5\n",
        (2, "AVAL", "1.050"),
    ),
}


@pytest.mark.parametrize("case", UNCLEAR)
def test_a_number_that_may_be_two_is_asked_for_never_guessed(case):
    content, (row, column, cell) = UNCLEAR[case]
    table = read(content)
    assert said(table)["comma_unclear"] == (row, column, f'"{cell}"')
    assert table.frame.loc[row, column] == cell
    assert "error" in {found["severity"].iloc[0] for found in table.findings}


def test_commas_of_a_comma_separated_file_are_left_to_the_conversion():
    table = read('ID,AVAL\na,"1,050"\nb,"12,5"\n')
    assert table.frame["AVAL"].tolist() == ["1,050", "12,5"]
    assert table.findings == ()


AROUND = {  # row 4: file, rows read, findings with their first row
    "a title": (f"随访表\n{ROWS}", [3, 4, 5], {"rows_above_header": 1}),
    "a title with commas to the end": (f"随访表,,,\n,,,\n{ROWS}", [4, 5, 6], {"rows_above_header": 1}),
    "title, date and a blank row": (
        f"随访表\n导出日期：2026-01-15\n\n{ROWS}",
        [5, 6, 7],
        {"rows_above_header": 1},
    ),
    "a footer": (f"{ROWS}\n注：未查为缺失\n", [2, 3, 4], {"rows_below_table": 6}),
    "a footer with commas to the end": (f"{ROWS}注：未查为缺失,,,\n", [2, 3, 4], {"rows_below_table": 5}),
    "a total": (f"{ROWS}合计,24,64,\n", [2, 3, 4], {"rows_below_table": 5}),
    "blank rows within": (
        ROWS.replace("S-02", "\n,,,\n  \nS-02"),
        *([2, 6, 7], {"blank_rows": 3}),
    ),
    "blank rows at the end": (f"{ROWS}\n,,,\n\n", [2, 3, 4], {}),
    "all of it": (f"表\n\n{ROWS}\nPage 1\n", [4, 5, 6], {"rows_above_header": 1, "rows_below_table": 8}),
}


@pytest.mark.parametrize("case", AROUND)
def test_what_stands_around_the_table_is_named_and_not_read(case):
    content, rows, findings = AROUND[case]
    table = read(content)
    assert table.frame.index.tolist() == rows
    assert table.frame.to_numpy().tolist() == CELLS
    assert {check: place[0] for check, place in said(table).items()} == findings


def test_titles_and_notes_are_still_searched_for_identifiers():
    table = read(f"Hospital of S., 13800138000\n{ROWS}Printed by: A. B.\n")
    assert [part.text for part in table.concealed] == ["Hospital of S.", "13800138000", "Printed by: A. B."]
    assert table.concealed[0].place == "row 1, outside the table"


def test_the_last_participant_is_never_taken_for_a_note():
    table = read("USUBJID,ADY,AVAL\nPKU ITP 001,1,12\nPKU ITP 002,1,15\nPKU ITP 003,,\n")
    assert table.frame["USUBJID"].tolist() == ["PKU ITP 001", "PKU ITP 002", "PKU ITP 003"]
    assert table.findings == ()


REFUSED = {  # content, check, row
    "row 3, half UTF-8, half GBK": (ROWS.encode() + "S-04,22,9,第3周\n".encode("gbk"), "encoding", 5),
    "row 5, a comma without quotation marks": (ROWS.replace("第1周", "第1周, late"), "ragged_row", 3),
    "row 5, below a title": ("随访表\n" + ROWS.replace("第1周", "第1周, late"), "ragged_row", 4),
    "row 5, a header too few": (ROWS.replace(",AVISIT", ""), "ragged_row", 2),
    "row 6, a header twice": (ROWS.replace("AVISIT", "aval"), "duplicate_header", 1),
    "row 6, a header twice below a title": (
        "随访表\n" + ROWS.replace("AVISIT", "aval"),
        "duplicate_header",
        2,
    ),
    "row 8, no bytes": (b"", "empty_file", None),
    "row 8, blank lines": (b"\r\n \r\n", "empty_file", None),
    "row 8, 6000 columns": (",".join(f"c{i}" for i in range(6000)) + "\n", "too_large", None),
    "row 8, a cell of 400 kB": (ROWS.replace("第2周", "x" * 400_000), "too_large", 4),
    "row 8, a zero byte": (ROWS.replace("第2周", "\0"), "nul_bytes", 4),
    "row 42, cut within a row": (ROWS + "S-04", "ragged_row", 5),
    "row 42, cut within quotation marks": (ROWS + 'S-04,22,9,"第', "ragged_row", 5),
    "values instead of headers": ("随访表\nUSUBJID,1,2,3\nS-01,4,5,6\n", "header_unclear", 2),
    "two separators": ("Age, years;Count, G/L\n45,5;12,5\n", "separator_unclear", None),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_trusted_is_refused_with_its_row(case):
    content, check, row = REFUSED[case]
    assert refusal(content) == (check, row)


def test_every_header_that_is_there_twice_is_named():
    with pytest.raises(UnreadableFile) as problem:
        read("plt_w2,PLT_W2,AVAL,x, aval\n1,2,3,4,5\n")
    assert problem.value.column == "AVAL, PLT_W2"


def test_header_only_is_a_table_without_rows():
    table = read("USUBJID,AEDECOD\n")
    assert (table.frame.columns.tolist(), len(table.frame), table.findings) == (["USUBJID", "AEDECOD"], 0, ())


@pytest.mark.parametrize("limits", [{"rows": 2}, {"columns": 3}, {"megabytes": 0.00001}, {"row_bytes": 10}])
def test_limits_are_settings(limits):
    assert refusal(ROWS, **limits)[0] == "too_large"


def test_lines_without_end_are_refused_before_they_are_looked_at():
    assert refusal("a,b\n" + "\n" * 100, rows=9) == ("too_large", None)


HOSTILE = [  # row 38
    "<script>alert(1)</script>",
    '=HYPERLINK("x")',
    "**b** [x](y) <b>",
    "\x1b[31m\x07red",
    "a\u202eb",
    "長" * 540,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_data(text):
    quoted = text.replace('"', '""')
    cell = read(f'USUBJID,AETERM\nS-01,"{quoted}"\n').frame["AETERM"].iloc[0]
    visible = "".join(letter for letter in text if letter not in "\x1b\x07\u202e")
    assert cell == visible


def test_a_row_is_that_of_the_spreadsheet_after_line_ends_in_cells():
    table = read('USUBJID,NOTE\nS-01,"two\nlines"\nS-02,x\n')
    assert table.frame.index.tolist() == [2, 3]
    assert table.frame["NOTE"].tolist() == ["two\nlines", "x"]
