"""Workbooks, numbers 41 to 43 of the inputs that sites send: every cell the text that stood there."""

import contextlib
import datetime
import io

import openpyxl
import pytest
import xlsxwriter
from hand_made_workbook import HEADER, hand_made, packed, parts_of, sheet, text_cell, under_header
from hypothesis import given, settings
from hypothesis import strategies as st

from trialdata.formats.source_table import SourceTable
from trialdata.formats.workbook import read_workbook
from trialdata.limits import Limits, UnreadableFile

LIMITS = Limits()


def workbook(*rows, formats=None, **sheets) -> bytes:
    """Rows of the first sheet, 随访表, written by openpyxl; `formats` has number formats by cell."""
    book = openpyxl.Workbook()
    book.active.title = "随访表"
    for row in rows:
        book.active.append(row)
    for cell, number_format in (formats or {}).items():
        book.active[cell].number_format = number_format
    for name, lines in sheets.items():
        other = book.create_sheet(name)
        for line in lines:
            other.append(line)
    return saved(book)


def saved(book) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(content: bytes, limits: Limits = LIMITS) -> list[SourceTable]:
    return read_workbook("visits.xlsx", content, limits)


def one(content: bytes) -> SourceTable:
    (table,) = read(content)
    return table


def cell(content: bytes, column: str = "X", row: int = 2) -> str:
    return one(content).frame.at[row, column]


def found(table: SourceTable) -> dict[str, tuple]:
    """Check to severity, row, column and what was found, of every finding of the table."""
    return {
        line.check: (line.severity, line.row, line.column, line.found)
        for part in table.findings
        for line in part.itertuples()
    }


def refusal(content: bytes, limits: Limits = LIMITS) -> tuple[str, str]:
    with pytest.raises(UnreadableFile) as caught:
        read(content, limits)
    return caught.value.check, caught.value.found


def test_every_visible_sheet_with_rows_is_a_table():
    tables = read(workbook(["ID", "PLT"], ["S-1", 61], labs=[["ID", "HB"], ["S-1", 120]]))
    assert [table.name for table in tables] == ["visits.xlsx, sheet 随访表", "visits.xlsx, sheet labs"]
    assert tables[1].frame.to_dict("list") == {"ID": ["S-1"], "HB": ["120"]}
    assert tables[1].frame.index.tolist() == [2]
    assert [str(kind) for kind in tables[1].frame.dtypes] == ["str", "str"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (61, "61"),
        (61.0, "61"),
        (61.5, "61.5"),
        (0.1, "0.1"),
        (-3, "-3"),
        (-0.25, "-0.25"),
        (1e22, "1e+22"),
        (13812345678, "13812345678"),
        ("0012", "0012"),
        ("<5", "<5"),
        (" 61 ", " 61 "),
        ("NA", "NA"),
        (True, "TRUE"),
        (False, "FALSE"),
    ],
)
def test_a_cell_is_the_text_that_stood_there(value, text):
    assert cell(workbook(["ID", "X"], ["S-1", value])) == text


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (datetime.date(2025, 3, 1), "yyyy-mm-dd", "2025-03-01"),
        (datetime.datetime(2025, 3, 1, 13, 45), "yyyy/m/d h:mm", "2025-03-01"),
        (45717, "General", "45717"),  # 2025-03-01 only where the cell says so
        (45717, 'yyyy"年"m"月"d"日"', "2025-03-01"),
        (45717, "[$-804]yyyy/m/d;@", "2025-03-01"),
        (45717, "mm-dd-yy", "2025-03-01"),
        (28, '0" days"', "28"),
        (61, "[Red]0.0;[Blue]-0.0", "61"),
        (0.123, "0%", "0.123"),
        (0.123, "0.0%", "0.123"),
        (-1, "yyyy-mm-dd", "-1"),  # no day: Excel shows ########
        (3_000_000, "yyyy-mm-dd", "3000000"),
    ],
)
def test_only_a_date_format_makes_a_date(value, number_format, text):
    assert cell(workbook(["ID", "X"], ["S-1", value], formats={"B2": number_format})) == text


@pytest.mark.parametrize("system", ["1900", "1904"])
def test_both_date_systems_give_the_same_dates(system):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"date_1904": system == "1904"})
    page = book.add_worksheet()
    page.write_row(0, 0, ["ID", "X"])
    page.write(1, 0, "S-1")
    page.write_datetime(1, 1, datetime.datetime(2025, 3, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
    book.close()
    table = one(file.getvalue())
    assert table.frame.at[2, "X"] == "2025-03-01"
    assert ("dates_from_1904" in found(table)) == (system == "1904")


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#VALUE!", "#SPILL!", "#CALC!"])
def test_an_error_is_the_text_it_shows(error):
    assert (
        cell(hand_made(under_header('<c r="A2"><v>1</v></c>', f'<c r="B2" t="e"><v>{error}</v></c>')))
        == error
    )


def test_text_that_looks_like_an_error_cell_stays_as_it_is():
    text = '&lt;c t="e"&gt;'
    content = hand_made(under_header(text_cell("A2", text), '<c t="e" r="B2"><v>#N/A</v></c>'))
    assert one(content).frame.loc[2].tolist() == ['<c t="e">', "#N/A"]


def test_a_formula_has_its_stored_value_and_without_one_is_empty_and_named():
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    page = book.add_worksheet()
    page.write_row(0, 0, ["ID", "STORED"])
    page.write(1, 0, "S-1")
    page.write_formula(1, 1, "=60+1", None, 61)
    book.close()
    table = one(file.getvalue())
    assert table.frame.loc[2].tolist() == ["S-1", "61"] and not table.findings

    table = one(hand_made(under_header('<c r="A2"><v>1</v></c>', '<c r="B2" t="str"><f>""</f><v></v></c>')))
    assert table.frame.loc[2].tolist() == ["1", ""] and not table.findings  # the formula gives no text

    table = one(workbook(["ID", "X"], ["S-1", "=60+1"], ["S-2", 5], ["S-3", "=1+1"]))
    assert table.frame["X"].tolist() == ["", "5", ""]
    assert found(table)["formula_without_value"] == (
        "warning",
        2,
        "X",
        "a formula without a stored value in rows 2, 4",
    )


SHARED = '<c r="A2" t="s"><v>0</v></c>'


@pytest.mark.parametrize(
    ("strings", "text"),
    [
        ("<si><t>漢字</t><rPh sb='0' eb='2'><t>カンジ</t></rPh></si>", "漢字"),  # furigana is not the text
        ("<si><r><t>plate</t></r><r><rPr><b/></rPr><t>lets</t></r></si>", "platelets"),
        ("<si><t xml:space='preserve'> 61 </t></si>", " 61 "),
    ],
)
def test_shared_texts(strings, text):
    assert cell(hand_made(under_header(SHARED), strings=strings), "ID") == text


def test_inline_text_without_its_phonetic_reading():
    inline = '<c r="B2" t="inlineStr"><is><t>漢字</t><rPh sb="0" eb="2"><t>カンジ</t></rPh></is></c>'
    assert cell(hand_made(under_header(inline))) == "漢字"


def test_cells_without_addresses_follow_one_another():
    rows = (
        "<row><c t='str'><v>ID</v></c><c t='str'><v>X</v></c></row><row><c><v>1</v></c><c><v>61</v></c></row>"
    )
    assert one(hand_made(sheet(rows))).frame.loc[2].tolist() == ["1", "61"]


def test_a_large_used_range_of_empty_cells_is_read_at_once():
    far = "".join(f'<row r="{row}"><c r="XFD{row}" s="1"/></row>' for row in range(3, 2000))
    last = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    dimension = '<dimension ref="A1:XFD1048576"/>'
    filled = f'<row r="2">{text_cell("A2", "S-1")}<c r="B2"><v>61</v></c></row>'
    table = one(hand_made(sheet(HEADER + filled + far + last, before=dimension)))
    assert table.frame.to_dict("list") == {"ID": ["S-1"], "X": ["61"]}


@pytest.mark.parametrize(
    ("far", "words"),
    [
        ('<row r="1048576"><c r="A1048576"><v>1</v></c></row>', "a value below the 200,000 rows"),
        ('<row r="3"><c r="XFD3"><v>1</v></c></row>', "a value in column XFD: more than 500 columns"),
        (
            '<row r="3"><c r="SF3"><v>1</v></c></row><row r="150000"><c r="A150000"><v>1</v></c></row>',
            "150,000 rows of 500 columns, more than 10,000,000 cells",
        ),
    ],
)
def test_a_value_far_away_is_refused_before_the_space_between_is_filled(far, words):
    check, found_text = refusal(hand_made(sheet(HEADER + far)))
    assert check == "too_large" and words in found_text


def test_rows_and_columns_beyond_the_limits_are_refused():
    rows = [["ID", "X"], *(["S-1", 61] for _ in range(11))]
    assert refusal(workbook(*rows), Limits(rows=10)) == ("too_large", "sheet 随访表: 11 rows, more than 10")
    assert len(read(workbook(*rows), Limits(rows=11))[0].frame) == 11
    check, _ = refusal(workbook(["A", "B", "C"], [1, 2, 3]), Limits(columns=2))
    assert check == "too_large"
    assert refusal(workbook(["ID", "X"], ["S", "x" * 30_000]), Limits(row_bytes=20_000))[0] == "too_large"


def test_reading_stops_at_the_first_row_too_many():
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="B{n}"><v>1</v></c></row>' for n in range(2, 1100)
    )
    unclosed = hand_made(f"{sheet(HEADER + rows).removesuffix('</sheetData></worksheet>')}<broken")
    assert refusal(unclosed, Limits(rows=50)) == ("too_large", "sheet A: more than 50 rows")


ENTITIES = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("document_type", [ENTITIES, EXTERNAL])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_entities_are_refused(document_type, part):
    """Number 43 of the inputs."""
    parts = parts_of({"A": under_header(text_cell("A2", "&a;"))})
    parts[part] = document_type + str(parts[part])
    check, words = refusal(packed(parts))
    assert check == "damaged_workbook" and "a document type or entities" in words


def test_a_bomb_is_refused_before_it_is_read():
    content = hand_made(sheet(HEADER + " " * 30_000_000))
    assert refusal(content)[0] == "archive_ratio"
    assert refusal(content, Limits(inflated_megabytes=10))[0] == "archive_size"


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("xl/workbook.bin", "a binary workbook (.xlsb)"),
        ("content.xml", "an OpenDocument file (.ods)"),
        ("word/document.xml", "a Word document"),
        ("adsl.csv", "a ZIP file without a workbook in it"),
    ],
)
def test_other_archives_are_refused_by_name(part, kind):
    assert refusal(packed({part: "x"})) == ("not_workbook", kind)


@pytest.mark.parametrize("part", ["xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"])
def test_a_missing_part_is_named(part):
    parts = parts_of({"A": under_header(text_cell("A2", "S-1"))})
    del parts[part]
    check, words = refusal(packed(parts))
    assert check == "damaged_workbook" and part in words


def test_a_reference_to_a_text_that_is_missing_is_refused():
    check, words = refusal(hand_made(under_header(SHARED)))
    assert check == "damaged_workbook" and words.startswith("sheet A: cells that cannot be read")


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="3"><c r="A3"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>',
        '<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>',
        '<row r="2"><c r="A3"><v>1</v></c></row>',
        '<row r="x"><c r="A2"><v>1</v></c></row>',
        '<row r="2"><c r="1A2"><v>1</v></c></row>',
        '<row r="2000000"><c r="A2000000"><v>1</v></c></row>',
    ],
)
def test_cells_out_of_place_are_refused(rows):
    assert refusal(hand_made(sheet(HEADER + rows)))[0] == "damaged_workbook"


def test_a_workbook_with_macros_is_read_without_them():
    parts = parts_of({"A": under_header(text_cell("A2", "S-1"), '<c r="B2"><v>61</v></c>')})
    parts["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0 Sub Auto_Open()"
    table = one(packed(parts))
    assert table.frame.at[2, "X"] == "61"
    assert found(table)["macros_not_read"][0] == "warning"


def test_a_workbook_without_a_table_is_refused():
    assert refusal(saved(openpyxl.Workbook())) == (
        "empty_file",
        "a workbook without a table in a visible sheet",
    )


VALID = workbook(["ID", "X", "DAY"], ["S-1", 61.5, datetime.date(2025, 3, 1)], ["S-2", "<5", None])
PARTS = parts_of(
    {"A": under_header('<c r="A2" s="1"><v>45717</v></c>', '<c r="B2" t="e"><v>#N/A</v></c>')},
    strings="<si><t>x</t></si>",
)


def tables_or_refusal(content: bytes) -> None:
    with contextlib.suppress(UnreadableFile):
        assert all(isinstance(table, SourceTable) for table in read(content))


@given(st.binary(max_size=500))
@settings(max_examples=40, deadline=None)
def test_any_bytes_give_tables_or_a_refusal(content):
    tables_or_refusal(content)
    tables_or_refusal(b"PK\x03\x04" + content)


@given(st.integers(0, len(VALID) - 1))
@settings(max_examples=40, deadline=None)
def test_any_truncation_is_refused(length):
    with pytest.raises(UnreadableFile):
        read(VALID[:length])


@given(st.sampled_from(sorted(PARTS)), st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=2))
@settings(max_examples=60, deadline=None)
def test_any_damage_within_a_part_gives_tables_or_a_refusal(part, where, wrong):
    whole = str(PARTS[part]).encode()
    at = int(where * len(whole))
    tables_or_refusal(packed(PARTS | {part: whole[:at] + wrong + whole[at + len(wrong) :]}))
