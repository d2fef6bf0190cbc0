"""A grid of counts: a table whose cells are as dark as their counts are large, in the colour of the arm."""

import math

import pytest
from charts_by_hand import C, E
from pptx import Presentation
from pptx.util import Inches

from outputs.slide_chart import Grid, GridPanel, has_numbers
from reports.deck.box import HEIGHT, WIDTH, Box
from reports.deck.charts import draw_chart
from reports.deck.grid import fits_as_grid
from reports.svg.grid import grid_picture

BOX = Box(Inches(0.6), Inches(1.7), Inches(12.1), Inches(4.6))
SHIFT = Grid(
    "Baseline",
    ("0", "1"),
    "Worst grade after baseline",
    ("0", "1", "2"),
    (
        GridPanel(E.label, ((10, 20, 0), (5, math.nan, 8)), E.trt),
        GridPanel(C.label, ((6, 7, 8), (9, math.nan, 11)), C.trt),
    ),
)


def drawn():
    made = Presentation()
    made.slide_width, made.slide_height = WIDTH, HEIGHT
    slide = made.slides.add_slide(made.slide_layouts[6])
    draw_chart(slide, SHIFT, BOX, arms=(E, C), alt="Grades.", font="Arial")
    return slide.shapes[0]


def test_every_count_stands_once_under_its_arm_and_grade():
    table = drawn().table
    texts = [[table.cell(r, c).text for c in range(len(table.columns))] for r in range(len(table.rows))]
    assert texts[0][1] == f"{E.label}: worst grade after baseline"
    assert texts[0][5] == f"{C.label}: worst grade after baseline"
    assert texts[1] == ["Baseline", "0", "1", "2", "", "0", "1", "2"]
    assert texts[2] == ["0", "10", "20", "0", "", "6", "7", "8"]
    assert texts[3] == ["1", "5", "not shown", "8", "", "9", "not shown", "11"]


def test_a_cell_is_as_dark_as_its_count_is_large():
    def colour(row: int, column: int) -> list[int]:
        """60 % of the arm's colour at the largest count, by hand."""
        return list(table.cell(row, column).fill.fore_color.rgb)

    table = drawn().table
    own = [int(E.colour[at : at + 2], 16) for at in (1, 3, 5)]
    assert colour(2, 2) == pytest.approx([0.6 * part + 0.4 * 255 for part in own], abs=1)
    assert colour(2, 1) == pytest.approx([0.3 * part + 0.7 * 255 for part in own], abs=1)
    assert table.cell(2, 3).fill.type is None and table.cell(3, 2).fill.type is None


def test_it_lies_inside_its_place_and_is_described():
    shape = drawn()
    assert shape._element.nvGraphicFramePr.cNvPr.get("descr") == "Grades."
    assert shape.table.first_row
    assert sum(column.width for column in shape.table.columns) <= BOX.width + 20
    assert sum(row.height for row in shape.table.rows) <= BOX.height


def test_too_many_columns_do_not_fit_and_nothing_but_left_out_is_nothing():
    assert fits_as_grid(SHIFT, BOX)
    wide = Grid("Baseline", ("0",), "Worst", tuple(map(str, range(40))), SHIFT.panels)
    assert not fits_as_grid(wide, BOX)
    nothing = Grid("Baseline", ("0",), "Worst", ("0",), (GridPanel("A", ((math.nan,),)),))
    assert not has_numbers(nothing)


def test_the_picture_of_a_report_has_every_count_and_no_other():
    marks, height = grid_picture(SHIFT, (E, C))
    text = "".join(map(str, marks))
    assert height > 0
    assert text.count("<rect") == 12
    for count in ("10", "20", "5", "11", "not shown"):
        assert f">{count}</text>" in text
