"""The workbook: tables as texts, results as the numbers that they are, contents with links, no formula."""

import io
import math

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from reports.document.xlsx import RESULTS, _sentence, as_xlsx
from reports.export import inert, plain


@pytest.fixture(scope="session")
def book(told):
    return openpyxl.load_workbook(io.BytesIO(as_xlsx(told)))


def rows_of(sheet) -> list[list]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def as_written(value: object) -> object:
    """A cell as the workbook holds it: None for nothing."""
    cell = plain(value)
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None if cell in (None, "") else inert(str(cell))
    return cell


def test_results_are_unrounded_numbers_and_the_table_is_text(told, book):
    numbers = 0
    for sheet, piece in zip(book.worksheets[1:], told.pieces, strict=True):
        output = piece.shown.output
        rows = rows_of(sheet)
        assert sheet.title.startswith(f"{piece.number} ")
        table = output.table
        for expected, found in zip(
            table.fillna("").astype("str").to_numpy().tolist(), rows[5:], strict=False
        ):
            assert [as_written(cell) for cell in expected] == found[: len(expected)]
        if output.results.empty:
            assert RESULTS not in [row[0] for row in rows if row]
            continue
        start = [row[0] for row in rows].index(RESULTS) + 1
        width = output.results.shape[1]
        assert rows[start][:width] == [str(name) for name in output.results]
        for expected, found in zip(
            output.results.itertuples(index=False, name=None), rows[start + 1 :], strict=True
        ):
            for value, cell in zip(expected, found, strict=False):
                value = as_written(value)
                if isinstance(value, float | int) and math.isfinite(value):
                    assert cell == pytest.approx(value, rel=1e-15)
                    numbers += 1
                else:
                    assert cell == value
    assert numbers > 1000


def test_the_contents_lead_to_every_sheet(told, book):
    rows = rows_of(book.worksheets[0])
    header = rows[4]
    assert header[:4] == ["Number", "Title", "Section", "Sheet"]
    listed = rows[5:]
    assert [row[3] for row in listed] == [sheet.title for sheet in book.worksheets[1:]]
    assert [row[header.index("Code")] for row in listed] == [piece.shown.code for piece in told.pieces]
    for place, sheet in enumerate(book.worksheets[1:], start=6):
        assert book.worksheets[0].cell(place, 4).hyperlink.location == f"'{sheet.title}'!A1"


def test_nothing_is_a_formula_and_headers_stay_in_sight(book):
    for sheet in book.worksheets:
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert sum(sheet.freeze_panes == "A6" for sheet in book.worksheets) > 40


def test_every_sheet_says_why_and_of_what(told, book):
    for sheet, piece in zip(book.worksheets[1:], told.pieces, strict=True):
        words = [cell for row in rows_of(sheet) for cell in row if isinstance(cell, str)]
        assert piece.shown.context in words[1 if not piece.shown.output.subtitle else 2]
        for note in piece.shown.notes:
            assert inert(note) in words


def test_properties_name_nobody(told, book):
    assert book.properties.title == told.title
    assert not book.properties.creator and not book.properties.lastModifiedBy
    assert book.properties.created.date() == told.data.study.cut


def test_text_that_looks_like_a_formula_is_led_by_an_apostrophe(awkward):
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(awkward)))
    cells = [
        str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row if c is not None
    ]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    if any(arm.label.startswith("=") for arm in awkward.data.definition.arms):
        assert [cell for cell in cells if cell.startswith("'=1+1")]


def test_missing_numbers_stay_empty_and_infinite_ones_are_words():
    frame = pd.DataFrame({"a": [1.5, float("nan"), float("inf")]})
    assert [as_written(value) for value in frame["a"]] == [1.5, None, "Infinity"]


def test_a_sheet_is_printed_across_with_its_header_and_what_it_is_of(told, book):
    for sheet, piece in zip(book.worksheets, [None, *told.pieces], strict=True):
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and int(sheet.page_setup.fitToHeight) == 0
        assert sheet.print_title_rows == "$5:$5"
        below = sheet.oddFooter
        assert below.left.text.strip() == told.running[:200]
        assert all(mark in below.left.text for mark in told.marks)
        assert below.right.text.strip() == "Page &P of &N"
        if piece is not None and not piece.shown.output.table.empty:
            area = sheet.print_area.split("!")[-1].replace("$", "")
            printed = [cell for row in sheet[area] for cell in row]
            words = {cell.value for cell in printed}
            assert {inert(note) for note in piece.shown.notes} <= words
            assert RESULTS not in words


@pytest.mark.parametrize(("length", "lines"), [(0, 1), (80, 1), (300, 4), (1000, 11)])
def test_a_sentence_has_as_many_lines_as_it_needs(length, lines):
    """Over two columns of 50 characters; a wide letter takes a tenth more."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as made:
        _sentence(made.add_worksheet(), 0, "x" * length, [50, 50], None)
    sheet = openpyxl.load_workbook(content).active
    assert (sheet.row_dimensions[1].height or 15) == 15 * lines
    assert (sheet["A1"].value or "") == "x" * length
