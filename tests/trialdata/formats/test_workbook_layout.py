"""Where the table of a sheet begins and ends (numbers 4, 6, 8, 41 and 48 of the inputs that sites send)."""

import io

import openpyxl
import pytest
from openpyxl.comments import Comment

from trialdata.formats.source_table import SourceTable
from trialdata.formats.workbook import read_workbook
from trialdata.limits import Limits, UnreadableFile

VISITS = [
    ["受试者编号", "中心", "组别", "血小板_第4周"],
    ["S-01", "01", "联合组", 61],
    ["S-02", "02", "单药组", 12],
]


def book(rows, *, merged=(), hide_columns=(), hide_rows=()) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    page = made.active
    page.title = "随访表"
    for row in rows:
        page.append(row)
    for cells in merged:
        page.merge_cells(cells)
    for letters in hide_columns:
        page.column_dimensions[letters].hidden = True
    for number in hide_rows:
        page.row_dimensions[number].hidden = True
    return made


def read(made: openpyxl.Workbook) -> SourceTable:
    file = io.BytesIO()
    made.save(file)
    return read_workbook("visits.xlsx", file.getvalue(), Limits())[0]


def table(rows, **options) -> SourceTable:
    return read(book(rows, **options))


def refused(rows, **options) -> tuple[str, int | None, str]:
    with pytest.raises(UnreadableFile) as caught:
        table(rows, **options)
    return caught.value.check, caught.value.row, f"{caught.value.found}{caught.value.column}"


def found(source: SourceTable) -> dict[str, tuple]:
    return {line.check: (line.row, line.found) for part in source.findings for line in part.itertuples()}


def hidden_texts(source: SourceTable) -> dict[str, str]:
    own = [text for text in source.concealed if text.place.startswith("cell")]
    return {text.place: text.text for text in own}


def test_a_plain_sheet_has_no_findings():
    source = table(VISITS)
    assert list(source.frame.columns) == VISITS[0]
    assert source.frame.loc[3].tolist() == ["S-02", "02", "单药组", "12"]
    assert source.findings == ()


def test_title_rows_footer_and_blank_rows_are_set_apart_by_their_rows():
    source = table(
        [
            ["ITP 随访表"],
            ["研究中心", "协和"],
            [],
            VISITS[0],
            VISITS[1],
            [],
            VISITS[2],
            [],
            ["注：ND 为未做"],
            ["制表人"],
        ],
        merged=["A1:D1"],
    )
    assert list(source.frame.columns) == VISITS[0]
    assert source.frame.index.tolist() == [5, 7]
    assert source.frame["受试者编号"].tolist() == ["S-01", "S-02"]
    assert found(source) == {
        "rows_above_header": (4, "text above it, in rows 1, 2"),
        "blank_rows": (6, "nothing in row 6"),
        "rows_below_table": (9, "text in rows 9, 10"),
    }
    assert hidden_texts(source) == {
        "cell A1, above the table": "ITP 随访表",
        "cell A2, above the table": "研究中心",
        "cell B2, above the table": "协和",
        "cell A9, below the table": "注：ND 为未做",
        "cell A10, below the table": "制表人",
    }


def test_a_table_may_begin_anywhere():
    source = table([[], [None, None, "ID", "X"], [None, None, "S-1", 61]])
    assert source.frame.to_dict("list") == {"ID": ["S-1"], "X": ["61"]}
    assert source.frame.index.tolist() == [3]


def test_a_participant_without_a_value_is_no_footer():
    """Enrolled and nothing yet: the row has one filled cell, and no blank row before it."""
    source = table([*VISITS, ["S-03"]])
    assert source.frame["受试者编号"].tolist() == ["S-01", "S-02", "S-03"]
    assert source.findings == ()


def test_a_note_merged_over_the_columns_is_a_footer():
    source = table([*VISITS, ["注：ND 为未做"]], merged=["A4:D4"])
    assert source.frame.index.tolist() == [2, 3]
    assert found(source) == {"rows_below_table": (4, "text in row 4")}


@pytest.mark.parametrize("gap", [[], [[]]], ids=["at once", "after a blank row"])
@pytest.mark.parametrize(
    "totals", [[["合计", None, None, 73]], [["Total:", None, None, 73], ["平均", None, None, 36.5]]]
)
def test_totals_below_the_last_row_are_no_participants(gap, totals):
    source = table([*VISITS, *gap, *totals])
    assert source.frame["受试者编号"].tolist() == ["S-01", "S-02"]
    assert set(found(source)) == {"rows_below_table"}


def test_a_participant_without_a_value_above_the_total_stays():
    source = table([*VISITS, ["S-03"], [], ["合计", None, None, 73]])
    assert source.frame["受试者编号"].tolist() == ["S-01", "S-02", "S-03"]


def test_a_table_of_two_columns_has_totals_and_no_notes():
    source = table([["编号", "血小板"], ["S-01", 61], ["S-02"], [], ["合计", 61]])
    assert source.frame["编号"].tolist() == ["S-01", "S-02"]


def test_a_score_called_total_in_every_block_of_rows_is_data():
    rows = [["SCALE", "ID", "SCORE"], ["Total", "S-01", 12], ["Mood", "S-01", 4], ["Total", "S-02", 9]]
    assert table(rows).frame["SCALE"].tolist() == ["Total", "Mood", "Total"]


def test_two_header_rows_are_joined():
    source = table(
        [["受试者编号", "血小板", None, "血红蛋白"], [None, "第1周", "第4周", "第4周"], ["S-01", 5, 61, 120]],
        merged=["A1:A2", "B1:C1"],
    )
    assert list(source.frame.columns) == ["受试者编号", "血小板 第1周", "血小板 第4周", "血红蛋白 第4周"]
    assert source.frame.index.tolist() == [3]
    assert source.frame.loc[3].tolist() == ["S-01", "5", "61", "120"]
    assert found(source) == {"header_rows_joined": (1, "a header in rows 1, 2")}


def test_three_header_rows_under_a_title_are_joined():
    source = table(
        [
            ["随访表"],
            ["编号", "疗效", None, None],
            [None, "血小板", None, "出血"],
            [None, "第1周", "第4周", "第4周"],
            ["S-01", 5, 61, 0],
        ],
        merged=["A1:D1", "A2:A4", "B2:D2", "B3:C3"],
    )
    assert list(source.frame.columns) == ["编号", "疗效 血小板 第1周", "疗效 血小板 第4周", "疗效 出血 第4周"]
    assert source.frame.index.tolist() == [5]


def test_a_group_above_the_header_belongs_to_it():
    source = table(
        [[None, None, "血小板", None], ["编号", "组别", "第1周", "第4周"], ["S-01", "A", 5, 61]],
        merged=["C1:D1"],
    )
    assert list(source.frame.columns) == ["编号", "组别", "血小板 第1周", "血小板 第4周"]


def test_a_title_over_some_columns_is_no_group():
    source = table([["随访表 2025", None, None, None], *VISITS], merged=["A1:C1"])
    assert list(source.frame.columns) == VISITS[0]
    assert found(source) == {"rows_above_header": (2, "text above it, in row 1")}


def test_values_below_a_header_merged_over_two_columns_stay_values():
    """The second column has no name, so the sheet is refused instead of taking S-01 for a header."""
    check, row, words = refused([["编号", "血小板", None], ["S-01", 61, "复查"]], merged=["B1:C1"])
    assert (check, words) == ("duplicate_header", "sheet 随访表: the header twice血小板")
    assert row == 1


def test_empty_headers_over_values_are_refused():
    check, row, words = refused([["ID", None, "PLT"], ["S-1", "", 61], ["S-2", "x", 12]])
    assert (check, row) == ("column_without_header", 3)
    assert words == "sheet 随访表: values below an empty header in column B; the header was found in row 1"


def test_a_column_without_header_and_values_is_left_out():
    assert list(table([["ID", None, "PLT"], ["S-1", None, 61]]).frame.columns) == ["ID", "PLT"]


def test_a_remark_beside_the_table_does_not_move_the_header():
    rows = [[*row, None, None] for row in VISITS]
    rows[2][5] = "复查"
    assert refused(rows)[:2] == ("column_without_header", 3)


def test_a_header_twice_is_refused_by_name_and_row():
    assert refused([["随访"], ["ID", "PLT", "plt"], ["S-1", 5, 61]]) == (
        "duplicate_header",
        2,
        "sheet 随访表: the header twicePLT",
    )


def test_headers_are_cleaned():
    assert list(table([["usubjid\u200b", "plt\n第4周"], ["S-1", 61]]).frame.columns) == [
        "USUBJID",
        "PLT 第4周",
    ]


def test_a_header_alone_is_a_table_without_rows():
    source = table([["ID", "PLT"]])
    assert list(source.frame.columns) == ["ID", "PLT"] and len(source.frame) == 0


def test_hidden_columns_and_rows_are_read_and_named():
    source = table(VISITS, hide_columns=["B"], hide_rows=[3])
    assert source.frame["中心"].tolist() == ["01", "02"]
    assert found(source) == {
        "hidden_column": (None, "column B is hidden"),
        "hidden_rows": (3, "hidden: row 3"),
    } | {"hidden_column": found(source)["hidden_column"]}
    (column,) = [part for part in source.findings if part["check"].iloc[0] == "hidden_column"]
    assert column["column"].tolist() == ["中心"] and column["severity"].tolist() == ["warning"]


def test_a_value_merged_over_rows_is_refused():
    """Only its first row has the value: the others would be rows without a subject."""
    assert refused([["ID", "DAY", "PLT"], ["S-1", 1, 5], [None, 8, 61]], merged=["A2:A3"]) == (
        "cells_merged_down",
        2,
        "sheet 随访表: the cells A2 to A3 merged into one",
    )


def test_a_value_merged_over_columns_is_that_of_the_first():
    source = table([["ID", "W1", "W4"], ["S-1", "提前退出", None]], merged=["B2:C2"])
    assert source.frame.loc[2].tolist() == ["S-1", "提前退出", ""]
    assert found(source) == {"cells_merged_across": (2, "merged cells in row 2")}


def test_hidden_sheets_comments_and_properties_are_only_looked_through():
    made = book(VISITS)
    made.active["D2"].comment = Comment("电话 13800000000", "录入员甲")
    made.active.oddHeader.center.text = "内部资料"
    contacts = made.create_sheet("Contacts")
    contacts.append(["姓名", "电话"])
    contacts.append(["张三", 13800000001])
    contacts["A2"].comment = Comment("家属", "录入员乙")
    contacts.sheet_state = "veryHidden"
    made.create_sheet("说明").append(["只有一列文字"])
    made.properties.creator = "录入员丙"
    made.defined_names["负责人"] = openpyxl.workbook.defined_name.DefinedName("负责人", attr_text='"李四"')
    source = read(made)
    texts = {text.place: text.text for text in source.concealed}
    assert texts["comment of cell D2"] == "电话 13800000000"
    assert texts["author of a comment"] == "录入员甲"
    assert texts["oddHeader of the sheet"] == "&C内部资料"
    assert texts["hidden sheet Contacts, cell B2"] == "13800000001"
    assert texts["hidden sheet Contacts, comment of cell A2"] == "家属"
    assert texts["sheet 说明, cell A1"] == "只有一列文字"
    assert texts["document property creator"] == "录入员丙"
    assert '"李四"' in [text.text for text in source.concealed]
    assert {check: line[1] for check, line in found(source).items()} == {
        "comments_not_read": "1 comments",
        "hidden_sheet": "the hidden sheet Contacts",
        "sheet_without_table": "the sheet 说明",
    }
    assert "张三" not in source.frame.to_csv()
