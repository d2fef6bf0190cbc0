"""The forest of subgroups: places, words and marks; long names, three comparisons, ends of the axis, a phone."""

import itertools
import math

import pandas as pd
import pytest
from figure_frames import E2, NAN, C, E, noted, texts

from charts.forest import forest_figure
from charts.format import text_width

COLUMNS = ["kind", "name", "counts1", "counts0", "estimate", "conf_low", "conf_high", "words", "trouble"]
LONG = "Autoantibody class by central laboratory, or by the site where it was not sent"


def lines(*rows, experimental: str = "IGU+RTX") -> pd.DataFrame:
    """(kind, name, counts1, counts0, estimate, low, high, words, trouble) under one comparison."""
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.assign(experimental=experimental, control="RTX", key=frame["name"], hover=frame["name"])


ROWS = (
    ("all", "All participants", "48 of 60", "34 of 59", 0.22, 0.06, 0.38, "", ""),
    ("column", "Sex", "", "", NAN, NAN, NAN, "interaction p = 0.28", ""),
    ("level", "F", "27 of 37", "23 of 40", 0.15, -0.06, 0.36, "", ""),
    ("level", "M", "8 of 9", "2 of 2", NAN, NAN, NAN, "too few", ""),
    ("column", LONG, "", "", NAN, NAN, NAN, "", "ABCLASS has 80 levels, 20 can be shown: group its values"),
)
FOREST = lines(*ROWS)
RATIOS = lines(
    ("all", "All participants", "48 of 60", "34 of 59", 2.0, 1.0, 4.0, "", ""),
    ("level", "F", "9 of 9", "0 of 9", math.inf, 1.9, math.inf, "", ""),
    ("level", "M", "0 of 9", "9 of 9", 0.01, 0.001, 80.0, "", ""),
)
MANY = lines(
    ROWS[0],
    *[
        row
        for i in range(12)
        for row in (
            ("column", f"Subgroup {i}", "", "", NAN, NAN, NAN, "interaction p = 0.51", ""),
            *[("level", f"Level {k}", "20 of 30", "15 of 30", 0.1, -0.1, 0.3, "", "") for k in range(3)],
        )
    ],
)


def squares(figure):
    return [trace for trace in figure.data if trace.marker.symbol == "square"]


def test_a_square_per_estimate_with_its_interval():
    first, second = squares(forest_figure(FOREST, [E, C]))
    assert (first.x[0], first.error_x.array[0], first.error_x.arrayminus[0]) == pytest.approx((22, 16, 16))
    assert first.customdata[0] == "All participants" and second.customdata[0] == "F"
    assert "48 of 60 vs 34 of 59" in first.hovertext[0]
    assert first.marker.size > second.marker.size  # more information, larger square
    assert first.marker.color == second.marker.color == "#1C2128"


@pytest.mark.parametrize("compact", [False, True])
def test_every_level_has_its_counts_and_its_numbers_or_words(compact):
    words = texts(forest_figure(FOREST, [E, C], compact=compact))
    counts = ["27 of 37 vs 23 of 40"] if compact else ["27 of 37", "23 of 40"]
    for text in (*counts, "<b>15</b> (−6 to 36)", "too few", "interaction p = 0.28", "<b>Sex</b>"):
        assert text in words
    assert any("ABCLASS has 80 levels" in text.replace("<br>", " ") for text in words)


def test_no_difference_and_the_overall_estimate_are_lines():
    zero, overall = forest_figure(FOREST, [E, C]).layout.shapes
    assert (zero.x0, zero.line.dash) == (0, "solid")
    assert overall.x0 == overall.x1 == 22 and overall.line.dash != "solid"


@pytest.mark.parametrize("less", [False, True])
def test_what_each_side_favours(less):
    figure = forest_figure(FOREST, [E, C], less_is_better=less)
    left, right = noted(figure, "favours<br>RTX"), noted(figure, "favours<br>IGU+RTX")
    assert (left.xanchor, right.xanchor) == (("left", "right") if less else ("right", "left"))


def test_a_ratio_is_on_a_log_scale_and_cut_with_an_arrow():
    figure = forest_figure(RATIOS, [E, C], ratio=True, axis_title="Odds ratio, log scale")
    first, infinite, wide = squares(figure)
    assert first.x[0] == pytest.approx(math.log10(2))
    assert infinite.marker.size < 1 < wide.error_x.array[0] + 2
    low, high = figure.layout.xaxis.range
    ends = {trace.marker.symbol: len(trace.x) for trace in figure.data if "triangle" in trace.marker.symbol}
    assert ends == {"triangle-left": 1, "triangle-right": 2}
    assert low >= math.log10(0.02) - 0.2 and high <= math.log10(50) + 0.2
    assert "<b>infinite</b> (1.90 to infinite)" in texts(figure)


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("forest", [FOREST, MANY], ids=["few", "many"])
def test_no_two_lines_of_words_touch(forest, compact):
    """Notes of one side stand at least a line apart, those of one line are not wider than their column."""
    notes = [n for n in forest_figure(forest, [E, C], compact=compact).layout.annotations if n.yref == "y"]
    left = sorted(
        (n.y, n.text.count("<br>"))
        for n in notes
        if n.x == 0 and n.xanchor == "left" and "favours" not in n.text
    )
    for (y, breaks), (below, _) in itertools.pairwise(left):
        assert below - y >= 15 * (1 if compact else 1 + breaks / 2), (y, below)


def test_names_end_before_the_counts_and_numbers_before_the_edge():
    figure = forest_figure(FOREST, [E, C])
    for shown in figure.layout.annotations:
        widest = max(text_width(part, shown.font.size) for part in shown.text.split("<br>"))
        if shown.x == 1:
            assert widest + shown.xshift <= figure.layout.margin.r + 8, shown.text
        if shown.x == 0 and shown.xanchor == "left":
            assert shown.xshift >= -figure.layout.margin.l


def test_two_comparisons_stand_below_each_other_with_their_own_overall_line():
    head = ("comparison", "Iguratimod vs rituximab", "", "", NAN, NAN, NAN, "", "")
    both = pd.concat([lines(head, *ROWS), lines(head, *ROWS, experimental="IGU")], ignore_index=True)
    figure = forest_figure(both, [E, E2, C])
    overall = [shape for shape in figure.layout.shapes if shape.line.dash != "solid"]
    assert len(overall) == 2 and overall[0].y1 < overall[1].y0
    assert noted(figure, "favours<br>experimental") and noted(figure, "favours<br>RTX")


def test_twelve_subgroups_are_one_figure():
    figure = forest_figure(MANY, [E, C])
    assert len(squares(figure)) == 37
    assert figure.layout.height < 1500
