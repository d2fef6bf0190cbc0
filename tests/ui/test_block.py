"""An output made ready for the screen: its table, its cells, and who is behind each."""

import pandas as pd
import pytest

from outputs.output import ArmStyle, Output
from ui.block import Block

ARMS = (
    ArmStyle("A+B", "Drug A + B", "experimental", "#0072B2", "solid", "circle"),
    ArmStyle("B", "Drug B", "control", "#D55E00", "7px,3px", "diamond"),
)
RECORDS = pd.DataFrame(
    [
        ("01", "A+B", "CR", ""),
        ("02", "A+B", "NR", "Rescue therapy"),
        ("03", "B", "CR", ""),
        ("04", "B", "CR", ""),
    ],
    columns=["USUBJID", "ARM", "STATE", "REASON"],
)


@pytest.fixture
def block() -> Block:
    table = pd.DataFrame({"Participants": ["*All*", "Due"], "A+B": ["2", "1"], "B": ["2", "1 of 2"]})
    return Block(Output("x", "X", arms=ARMS, table=table, records=RECORDS, cell_keys=("ARM", "STATE")))


def test_every_cell_is_counted_arms_first_then_all_of_them(block):
    assert block.cells == {
        ("A+B", "CR"): 1,
        ("A+B", "NR"): 1,
        ("B", "CR"): 2,
        ("", "CR"): 3,
        ("", "NR"): 1,
    }


def test_behind_every_cell_stand_as_many_as_it_counts(block):
    for cell, n in block.cells.items():
        assert len(block.behind(cell)) == n


@pytest.mark.parametrize(
    ("customdata", "cell", "n"),
    [
        (["B", "CR"], ("B", "CR"), 2),
        ("B", ("B", ""), 2),
        (["B"], ("B", ""), 2),
        (["A+B", "XX"], ("A+B", "XX"), 0),
    ],
)
def test_a_click_finds_its_cell(block, customdata, cell, n):
    assert block.clicked(customdata) == cell
    assert len(block.behind(cell)) == n


def test_a_week_is_found_however_the_browser_writes_it():
    records = RECORDS.assign(WEEK=["4", "4", "4", "12"])
    by_week = Block(Output("x", "X", arms=ARMS, records=records, cell_keys=("ARM", "WEEK")))
    assert by_week.clicked(["B", 4]) == by_week.clicked(["B", 4.0]) == ("B", "4")
    assert len(by_week.behind(("B", "4"))) == 1


def test_counts_become_numbers_and_text_stays_text(block):
    table = block.table
    assert table.column_names == [r"Participants", "**:blue[A+B]**", "**:orange[B]**"]
    assert table.column(1).to_pylist() == [2, 1]
    assert table.column(2).to_pylist() == ["2", "1 of 2"]
    assert table.column(0).to_pylist() == [r"\*All\*", "Due"]


def test_a_list_leaves_out_what_nobody_has(block):
    assert list(block.people) == ["USUBJID", "ARM", "REASON"]
    nobody = Block(Output("x", "X", records=RECORDS.assign(REASON=""), cell_keys=("ARM",)))
    assert list(nobody.people) == ["USUBJID", "ARM"]


def test_without_records_there_is_nothing_to_list():
    assert not Block(Output("x", "X", cell_keys=("ARM",))).listable
