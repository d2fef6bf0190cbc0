"""Native charts: their order is the schema's, their workbook holds the numbers of the chart, nothing else leaves."""

import io
import math
import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import openpyxl
import pytest
from charts_by_hand import CHARTS, CLUSTERED, FOREST, LINES, PANELS, RATES, STANDING, STEPS, C, E
from pptx import Presentation
from pptx.util import Inches

from outputs.slide_chart import Axis, Bars, BarSeries, Lines, Panels, Points, Row, Rows, Series
from reports.deck.box import HEIGHT, WIDTH, Box
from reports.deck.charts import draw_chart, fits, pages_of

BOX = Box(Inches(0.6), Inches(1.7), Inches(12.1), Inches(4.6))
CELL, NUMBER = r"(?:Data!)?[A-Z]\d+", r"-?\d+(?:\.\d+)?(?:e-?\d+)?"
ENDS = rf"(?:MIN|MAX)\({CELL},{NUMBER}\)"
DIGITS = 1e-15  # a workbook keeps 16 digits of a number
C_NS = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
SHOWN = "showLegendKey showVal showCatName showSerName showPercent showBubbleSize separator"
AXIS = (
    "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark minorTickMark "
    "tickLblPos spPr txPr crossAx crosses crossesAt"
)
SEQUENCES = {  # ECMA-376 part 1, 21.2.2 and the schema dml-chart.xsd
    "chartSpace": "date1904 lang roundedCorners style clrMapOvr pivotSource protection chart spPr txPr externalData",
    "chart": "title autoTitleDeleted pivotFmts view3D floor sideWall backWall plotArea legend plotVisOnly dispBlanksAs",
    "plotArea": "layout scatterChart barChart catAx valAx dTable spPr",
    "scatterChart": "scatterStyle varyColors ser dLbls axId",
    "barChart": "barDir grouping varyColors ser dLbls gapWidth overlap serLines axId",
    "scatter ser": "idx order tx spPr marker dPt dLbls trendline errBars xVal yVal smooth",
    "bar ser": "idx order tx spPr invertIfNegative pictureOptions dPt dLbls trendline errBars cat val shape",
    "dLbls": f"dLbl delete numFmt spPr txPr dLblPos {SHOWN} showLeaderLines leaderLines",
    "dLbl": f"idx delete layout tx numFmt spPr txPr dLblPos {SHOWN}",
    "errBars": "errDir errBarType errValType noEndCap plus minus val spPr",
    "valAx": f"{AXIS} crossBetween majorUnit minorUnit dispUnits",
    "catAx": f"{AXIS} auto lblAlgn lblOffset tickLblSkip tickMarkSkip noMultiLvlLbl",
    "scaling": "logBase orientation max min",
    "marker": "symbol size spPr",
    "title": "tx layout overlay spPr txPr",
    "legend": "legendPos legendEntry layout overlay spPr txPr",
    "manualLayout": "layoutTarget xMode yMode wMode hMode x y w h",
    "numCache": "formatCode ptCount pt",
    "strCache": "ptCount pt",
}


def deck(*charts, arms=(E, C)):
    """A presentation with the charts, a slide each."""
    made = Presentation()
    made.slide_width, made.slide_height = WIDTH, HEIGHT
    for chart in charts:
        slide = made.slides.add_slide(made.slide_layouts[6])
        draw_chart(slide, chart, BOX, arms=arms, alt="What it shows.", font="Arial")
    return made


def frames(made):
    return [shape for slide in made.slides for shape in slide.shapes if shape.has_chart]


def spaces(chart, **others):
    return [shape.chart._chartSpace for shape in frames(deck(chart, **others))]


def sheets(chart, *, values=True):
    """The workbooks inside, each as {sheet: rows}."""
    blobs = [shape.chart.part.chart_workbook.xlsx_part.blob for shape in frames(deck(chart))]
    books = [openpyxl.load_workbook(io.BytesIO(blob), data_only=values) for blob in blobs]
    return [{page.title: [*page.iter_rows(values_only=True)] for page in book} for book in books]


def same(found, expected):
    """Whether rows are the same cell by cell."""
    assert len(found) == len(expected)
    for own, wanted in zip(found, expected, strict=True):
        for cell, number in zip(own, wanted, strict=True):
            assert cell == (pytest.approx(number, rel=DIGITS) if isinstance(number, float) else number)


def columns(page, *names):
    header = page[0]
    return [tuple(row[header.index(name)] for name in names) for row in page[1:]]


def known(value):
    """A number as a workbook holds it."""
    if math.isnan(value):
        return None
    return ("Infinity" if value > 0 else "-Infinity") if math.isinf(value) else value


def key(element):
    name = element.tag.removeprefix(C_NS)
    kind = element.getparent().tag.removeprefix(C_NS).removesuffix("Chart") if name == "ser" else ""
    return f"{kind} {name}".strip()


each_chart = pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)


@each_chart
def test_children_stand_in_the_order_of_the_schema(chart):
    checked = set()
    for space in spaces(chart):
        for element in space.iter():
            order = SEQUENCES.get(key(element)) if str(element.tag).startswith(C_NS) else None
            if order is None:
                continue
            names = [child.tag.removeprefix(C_NS) for child in element]
            places = [order.split().index(name) for name in names]
            assert all(a <= b for a, b in pairwise(places)), (key(element), names)
            checked.add(key(element))
    assert {"chartSpace", "chart", "plotArea", "valAx", "scaling"} < checked


@each_chart
def test_series_are_numbered_without_gap(chart):
    for space in spaces(chart):
        for name in ("idx", "order"):
            numbers = [int(ser.find(f"{C_NS}{name}").get("val")) for ser in space.iter(f"{C_NS}ser")]
            assert numbers == [*range(len(numbers))]


@each_chart
def test_no_series_is_longer_than_the_first(chart):
    """LibreOffice forgets the numbers of a series before a longer one."""
    for space in spaces(chart):
        lengths = [
            max(int(count.get("val")) for count in ser.iter(f"{C_NS}ptCount"))
            for ser in space.iter(f"{C_NS}ser")
        ]
        assert max(lengths) == lengths[0]


@each_chart
def test_what_is_kept_in_the_chart_is_what_its_workbook_says(chart):
    for space, pages in zip(spaces(chart), sheets(chart), strict=True):
        for ref in space.iter(f"{C_NS}numRef"):
            name, place = ref.find(f"{C_NS}f").text.split("!")
            letter, first, last = re.fullmatch(r"\$([A-Z]+)\$(\d+):\$[A-Z]+\$(\d+)", place).groups()
            column = openpyxl.utils.column_index_from_string(letter) - 1
            cells = [pages[name][row - 1][column] for row in range(int(first), int(last) + 1)]
            kept = {int(pt.get("idx")): float(pt[0].text) for pt in ref.iter(f"{C_NS}pt")}
            held = {at: cell for at, cell in enumerate(cells) if cell is not None}
            assert kept == pytest.approx(held, rel=DIGITS)


@pytest.mark.parametrize("chart", [LINES, STEPS], ids=["lines", "steps"])
def test_the_workbook_holds_the_lines_unrounded(chart):
    (book,) = sheets(chart)
    expected = [
        (series.name, x, known(y), *map(known, limits))
        for series in sorted(chart.series, key=lambda s: not s.thin)
        for x, y, *limits in zip(
            series.x,
            series.y,
            series.low or (math.nan,) * len(series.x),
            series.high or (math.nan,) * len(series.x),
            strict=True,
        )
    ]
    same(columns(book["Data"], "Series", "x", "y", "low", "high"), expected)


def test_the_workbook_holds_the_rows_unrounded():
    (book,) = sheets(replace(FOREST, rows=tuple(r for r in FOREST.rows if r.label != "=1+1")))
    rows = [row for row in FOREST.rows if row.label != "=1+1"]
    expected = [(r.label, known(r.estimate), known(r.low), known(r.high), r.words) for r in rows]
    same(columns(book["Data"], "Label", "x", "low", "high", "Words"), expected)


@pytest.mark.parametrize("chart", [STANDING, CLUSTERED], ids=["standing", "clustered"])
def test_the_workbook_holds_the_bars_unrounded(chart):
    (book,) = sheets(chart)
    header, *rows = book["Data"]
    assert header == ("Category", *(each.name for each in chart.series))
    values = zip(*(map(known, each.values) for each in chart.series), strict=True)
    same(rows, [(name, *own) for name, own in zip(chart.categories, values, strict=True)])


def test_both_panels_have_their_own_numbers():
    left, right = sheets(PANELS)
    same(columns(left["Data"], "x", "low"), [(2200 / 27, 63.1), (1600 / 28, 39.2)])
    same(columns(right["Data"], "x", "low", "high"), [(24.3, -0.3, 46.5)])


def test_an_interval_is_drawn_to_the_end_of_the_axis_and_kept_whole():
    (book,) = sheets(FOREST)
    drawn = [row[1] for row in columns(book["Drawn"], "What", "x") if row[0] == "Female, interval"]
    assert drawn == [-40, 40]
    (lines,) = sheets(LINES)
    above = [cell for (cell,) in columns(lines["Data"], "y above") if cell is not None]
    assert pytest.approx(500 - (1 / 3 + 80)) in above


def test_a_curve_stays_level_until_its_next_point():
    (book,) = sheets(STEPS)
    drawn = [row[1:] for row in columns(book["Drawn"], "What", "x", "y") if row[0] == E.label]
    assert drawn == [(0, 100), (5, 100), (5, 90), (33, 90), (33, 70)]


def test_text_in_the_workbook_is_no_formula():
    (book,) = sheets(FOREST, values=False)
    assert ("'=1+1",) in columns(book["Data"], "Label")
    assert formulas(book)


@each_chart
def test_a_formula_is_of_cells_and_numbers_alone(chart):
    of_numpy = replace(chart, y=replace(chart.y, low=np.float64(4.6))) if isinstance(chart, Lines) else chart
    for book in sheets(of_numpy, values=False):
        for formula in formulas(book):
            assert re.fullmatch(rf"=({CELL}|{ENDS})([+-]({CELL}|{ENDS}|{NUMBER}))?", formula), formula


def formulas(book) -> list[str]:
    return [c for page in book.values() for row in page for c in row if str(c).startswith("=")]


@each_chart
def test_a_chart_has_a_name_and_words_for_who_does_not_see_it(chart):
    for shape in deck(chart).slides[0].shapes:
        assert shape.name and shape._element.nvGraphicFramePr.cNvPr.get("descr")
    assert {frame._element.nvGraphicFramePr.cNvPr.get("descr") for frame in frames(deck(chart))} == {
        "What it shows."
    }


@each_chart
def test_the_same_chart_has_the_same_bytes_and_names_nobody(chart):
    first, second = (
        [(s.chart.part.blob, s.chart.part.chart_workbook.xlsx_part.blob) for s in frames(deck(chart))]
        for _ in range(2)
    )
    assert first == second
    for _, blob in first:
        properties = openpyxl.load_workbook(io.BytesIO(blob)).properties
        assert not properties.creator and not properties.lastModifiedBy


@each_chart
def test_no_words_are_smaller_than_eleven_points(chart):
    for space in spaces(chart):
        assert min(int(each.get("sz")) for each in space.iter() if each.get("sz")) >= 1100


@each_chart
def test_everything_stands_inside_the_box(chart):
    for shape in deck(chart).slides[0].shapes:
        assert shape.left >= BOX.left and shape.top >= BOX.top
        assert shape.left + shape.width <= BOX.left + BOX.width + 10
        assert shape.top + shape.height <= BOX.top + BOX.height + 10


def test_colours_are_those_of_the_arm_that_is_named():
    colours = {}
    for space in spaces(RATES):
        for ser in space.iter(f"{C_NS}ser"):
            symbol = ser.find(f"{C_NS}marker/{C_NS}symbol").get("val")
            fill = next(
                (e.get("val") for e in ser.find(f"{C_NS}marker").iter() if e.tag.endswith("srgbClr")), ""
            )
            colours[symbol] = fill
    assert (colours["circle"], colours["diamond"]) == ("0072B2", "D55E00")


def test_numbers_stand_under_their_ticks():
    shapes = deck(STEPS).slides[0].shapes
    frame = next(shape for shape in shapes if shape.has_chart)
    table = next(shape for shape in shapes if shape.has_table)
    layout = frame.chart._chartSpace.find(f".//{C_NS}plotArea/{C_NS}layout/{C_NS}manualLayout")
    left, width = (float(layout.find(f"{C_NS}{name}").get("val")) * frame.width for name in "xw")
    edge = table.left
    middles = []
    for at, column in enumerate(table.table.columns):
        cell = table.table.cell(1, at)
        middles.append(edge + (cell.margin_left + column.width - cell.margin_right) / 2)
        edge += column.width
    expected = [frame.left + left + width * week / 52 for week in (0, 26, 52)]
    assert middles[1:] == pytest.approx(expected, abs=12700)


LONG = "participants with a rather long name of an arm or a term " * 3
ODD = {
    "long": LONG[:120],
    "unbroken": "x" * 120,
    "chinese": "伊古拉莫德联合利妥昔单抗与单用利妥昔单抗的比较" * 3,
    "markup": "<b>&amp;</b> \x01 =1+1",
}


@pytest.mark.parametrize("words", ODD.values(), ids=ODD)
@each_chart
def test_odd_words_stay_inside_and_in_order(words, chart):
    arms = (replace(E, label=words), C)
    renamed = _renamed(chart, words)
    for space in spaces(renamed, arms=arms):
        texts = [t.text for t in space.iter() if str(t.tag).endswith("}t")]
        assert all(len(text) <= 120 for text in texts)
    test_everything_stands_inside_the_box(renamed)


def _renamed(chart, words):
    if isinstance(chart, Panels):
        return Panels(_renamed(chart.left, words), chart.right)
    if isinstance(chart, Rows):
        return replace(chart, rows=(replace(chart.rows[0], label=words, group=words), *chart.rows[1:]))
    if isinstance(chart, Bars):
        return replace(chart, categories=(words, *chart.categories[1:]))
    series = tuple(replace(s, name=words) if s.arm == "A+B" else s for s in chart.series)
    return replace(chart, series=series)


def test_a_long_list_goes_on_with_its_group_named_and_on_the_same_axis():
    rows = tuple(
        Row(f"Term {i}", "5 (0 to 9)", float(i), i - 5.0, i + 5.0, group=f"Class {i // 30}")
        for i in range(60)
    )
    pages = pages_of(Rows(Axis("Difference"), rows), BOX)
    assert len(pages) > 1 and not fits(Rows(Axis("Difference"), rows), BOX)
    assert tuple(row for page in pages for row in page.rows) == rows
    assert len({(page.x.low, page.x.high, page.x.ticks) for page in pages}) == 1
    assert pages[0].x.low <= -5 and pages[0].x.high >= 64
    for page in pages:
        assert fits(page, BOX)
        test_everything_stands_inside_the_box(page)


def test_level_panels_are_split_together():
    left = Rows(
        Axis("%", 0, 100),
        tuple(Row(f"T{i}", f"{i}%", i, i, i, arm=a) for i in range(50) for a in ("A+B", "B")),
    )
    right = Rows(Axis("Difference"), tuple(Row(f"T{i}", "0", i - 20.0, -30, 30) for i in range(50)), line=0)
    pages = pages_of(Panels(left, right), BOX)
    assert len(pages) > 1
    for page in pages:
        assert [r.label for r in page.left.rows][::2] == [r.label for r in page.right.rows]
    assert sum(len(page.right.rows) for page in pages) == 50


def test_bars_are_split_on_one_axis():
    chart = Bars(
        tuple(f"Term {i}" for i in range(60)),
        (BarSeries("n", tuple(map(float, range(60)))),),
        Axis("n"),
        horizontal=True,
    )
    pages = pages_of(chart, BOX)
    assert len(pages) > 1 and {page.value.high for page in pages} == {60}
    assert sum((page.categories for page in pages), ()) == chart.categories
    assert sum((page.series[0].values for page in pages), ()) == chart.series[0].values


def test_what_has_no_numbers_is_still_a_file():
    nothing = Lines(Axis("Week"), Axis("Count"), (Series("None", (), ()),))
    points = Points(Axis("x"), Axis("y"), (Series("None", (math.nan,), (math.nan,)),))
    rows = Rows(Axis("x"), (Row("None", "nobody due", math.nan, math.nan, math.nan),))
    assert len(frames(deck(nothing, points, rows))) == 3


def test_a_long_list_fills_its_slides_evenly_and_keeps_groups_whole():
    rows = tuple(
        Row(f"Level {i} of {group}", "5 (0 to 9)", 5.0, 0.0, 9.0, group=f"Group {group}")
        for group in range(8)
        for i in range(2)
    )
    pages = pages_of(Rows(Axis("Difference"), rows), Box(BOX.left, BOX.top, BOX.width, Inches(3.9)))
    assert [len(page.rows) for page in pages] == [8, 8]
    assert not {row.group for row in pages[0].rows} & {row.group for row in pages[1].rows}


def said(chart):
    """The words at points of the chart: text, x and y."""
    (book,) = sheets(chart)
    return [(row[3].strip("\xa0"), *row[1:3]) for row in book["Drawn"] if row[0] == "Words" and row[3]]


def test_a_threshold_is_named_at_its_tick_and_not_beside_the_names():
    chart = replace(LINES, thresholds=((30, "response 30"), (100, "complete"), (10, "10")))
    words = [text for text, *_ in said(chart)]
    assert words.count("response 30") == words.count("complete 100") == words.count("10") == 1
    assert not {"30", "100", "response", "complete"} & set(words)
    assert all(x < 1 for text, x, _ in said(chart) if text in ("response 30", "complete 100"))


def test_a_threshold_between_ticks_yields_to_the_name_of_a_line():
    beside, touching = (replace(LINES, thresholds=((value, "limit"),)) for value in (300, 62))
    ((x, y),) = [(x, y) for text, x, y in said(beside) if text == "limit"]
    assert x == pytest.approx(26, abs=0.2) and y == 300
    assert not [x for text, x, _ in said(touching) if text == "limit" and x > 13]


def test_a_threshold_yields_to_the_left_where_nothing_is_drawn():
    low = Series(E.label, (0, 4, 26), (12, 12, 70), arm="A+B")
    chart = replace(LINES, series=(low,), thresholds=((70, "limit"),))
    ((x, y),) = [(x, y) for text, x, y in said(chart) if text == "limit"]
    assert x == 0 and y > 70


@pytest.mark.parametrize("chart", [RATES, STANDING], ids=["rates", "standing"])
def test_a_single_row_is_not_stretched(chart):
    one = (
        replace(chart, rows=chart.rows[:1])
        if isinstance(chart, Rows)
        else replace(
            chart,
            categories=chart.categories[:1],
            series=tuple(replace(each, values=each.values[:1]) for each in chart.series),
        )
    )
    (frame,) = frames(deck(one))
    assert frame.top == BOX.top and frame.height < 0.75 * BOX.height


def test_a_state_is_named_even_where_everybody_is_in_it():
    (space,) = spaces(replace(STANDING, series=STANDING.series[-1:]))
    assert space.find(f".//{C_NS}legend") is not None
