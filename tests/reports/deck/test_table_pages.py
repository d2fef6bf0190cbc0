"""Tables cut into pages: nothing is lost, nothing is higher or wider than its place."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.deck.table_pages import SIZES, table_pages

WIDTH, HEIGHT = 870.0, 280.0  # points


def rows_of(pages) -> list[tuple[str, ...]]:
    return [row for page in pages for row in page.cells[1:]]


def test_a_small_table_is_one_page_in_the_largest_size():
    (page,) = table_pages(pd.DataFrame({"Arm": ["A", "B"], "Rate": ["80%", "57%"]}), WIDTH, HEIGHT)
    assert page.size == SIZES[0]
    assert page.cells == (("Arm", "Rate"), ("A", "80%"), ("B", "57%"))


def test_numbers_go_to_the_right_and_words_to_the_left():
    table = pd.DataFrame(
        {
            "1": ["1", "2"],
            "Number": ["−0.3", "not estimable"],
            "Interval": ["(1 to 2)", "≥ 60"],
            "Words": ["12 or more", "yes"],
            "Nothing": ["", "–"],
        }
    )
    (page,) = table_pages(table, WIDTH, HEIGHT)
    assert page.numeric == (False, True, True, False, False)


def test_a_table_somewhat_too_long_gets_smaller_before_it_goes_on():
    rows = [f"row {n}" for n in range(13)]
    (page,) = table_pages(pd.DataFrame({"Row": rows, "n": range(13)}), WIDTH, HEIGHT)
    assert SIZES[-1] <= page.size < SIZES[0]


def test_a_long_table_goes_on_with_its_header_and_the_name_of_its_group():
    table = pd.DataFrame({"Group": ["A", *[""] * 19, "B", *[""] * 19], "n": [str(n) for n in range(40)]})
    pages = table_pages(table, WIDTH, HEIGHT)
    assert len(pages) == 3
    assert {page.cells[0] for page in pages} == {("Group", "n")}
    assert [row[1] for row in rows_of(pages)] == [str(n) for n in range(40)]
    assert pages[1].cells[1][0] == "A, continued"
    assert pages[2].cells[1][0] == "B, continued"


def test_a_wide_table_goes_on_with_its_first_column_again():
    table = pd.DataFrame(
        {"Arm": ["A"]} | {f"Administration{n:02d}": [f"unbreakable{n:02d}"] for n in range(20)}
    )
    pages = table_pages(table, WIDTH, HEIGHT)
    assert len(pages) > 1
    assert [page.cells[0][0] for page in pages] == ["Arm"] * len(pages)
    assert [name for page in pages for name in page.cells[0][1:]] == list(table.columns[1:])


def test_a_cell_longer_than_a_page_is_cut():
    (page,) = table_pages(pd.DataFrame({"Term": ["a"], "How": ["word " * 3000]}), WIDTH, HEIGHT)
    assert page.cells[1][1].endswith("…")
    assert sum(page.heights) <= HEIGHT


def test_a_table_without_rows_or_values_is_no_error():
    assert len(table_pages(pd.DataFrame({"A": [], "B": []}), WIDTH, HEIGHT)) == 1
    (page,) = table_pages(pd.DataFrame({"A": [None, float("nan"), pd.NA]}), WIDTH, HEIGHT)
    assert page.cells[1:] == (("",), ("",), ("",))


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=60)


@settings(max_examples=50, deadline=None)
@given(
    st.integers(1, 12).flatmap(
        lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1, max_size=40)
    )
)
def test_no_page_is_wider_or_higher_than_its_place_and_no_row_is_lost(rows):
    table = pd.DataFrame(rows, columns=[f"Column {n}" for n in range(len(rows[0]))])
    pages = table_pages(table, WIDTH, HEIGHT)
    for page in pages:
        assert sum(page.widths) <= WIDTH * 1.001
        assert sum(page.heights) <= HEIGHT * 1.001
        assert page.size in SIZES
        assert len(page.cells) == len(page.heights)
    if len(pages) == 1:
        assert len(pages[0].cells) == len(rows) + 1


@pytest.mark.parametrize("height", [40.0, 90.0])
def test_a_place_of_hardly_a_row_still_takes_every_row(height):
    pages = table_pages(pd.DataFrame({"A": ["1", "2", "3"]}), WIDTH, height)
    assert rows_of(pages) == [("1",), ("2",), ("3",)]
