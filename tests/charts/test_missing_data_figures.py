"""The list of estimates and the tipping-point grid: what is drawn, and that words keep apart."""

import pandas as pd
import pytest
from figure_frames import texts, traces_of

from charts.strategies import estimates_figure
from charts.tipping import tipping_figure

NAN = float("nan")
COLUMNS = ["group", "label", "words", "estimate", "conf_low", "conf_high", "leading"]
ROWS = pd.DataFrame(
    [
        ("", "Missing: no response", "23 (5 to 39)", 22.6, 4.7, 39.1, True),
        ("", "Worst case", "16 (−2 to 33)", 15.8, -1.9, 32.7, False),
        ("", "Multiple imputation", "not estimable", NAN, NAN, NAN, False),
        ("", "Left out", "20.0", 20.0, NAN, NAN, False),
    ],
    columns=COLUMNS,
)
CELLS = pd.DataFrame(
    [(k, j, (k, j) in ((3, 0), (4, 0), (4, 1)), f"{j} and {k}") for j in range(6) for k in range(5)],
    columns=["added_control", "added_experimental", "turned", "words"],
)
POINTS = [
    {"x": 0, "y": 0, "symbol": "circle", "label": "none respond", "customdata": ["", ""]},
    {"x": 2.1, "y": 3.9, "symbol": "diamond", "label": "imputation <expects>", "customdata": ["", ""]},
]
LONG = "Responders added in a treatment with an extraordinarily long name that no phone has room for, of 5 missing"


def panel(cells: pd.DataFrame = CELLS, **changes) -> dict:
    titles = {"heading": "", "x_title": ["added in treatment B of 4", "B"], "y_title": [LONG, "added in A"]}
    return {**titles, "cells": cells, "points": POINTS, **changes}


def tipping(*panels: dict, **look):
    return tipping_figure(panels or [panel()], states=("the interval lies above 0", "it includes 0"), **look)


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_estimates_are_drawn_with_their_words(theme, compact):
    figure = estimates_figure(ROWS, theme=theme, compact=compact, customdata=("", ""), favours=("B", "A"))
    dots = traces_of(figure, "scatter")
    assert [dot.x[0] for dot in dots] == [22.6, 15.8, 20.0]
    assert dots[0].error_x.array[0] == pytest.approx(39.1 - 22.6)
    assert dots[2].error_x.array is None
    assert "<b>23 (5 to 39)</b>" in texts(figure) and "not estimable" in texts(figure)
    assert dots[0].marker.color != dots[1].marker.color
    heights = [dot.y[0] for dot in dots]
    assert heights == sorted(heights)


def test_no_estimates_make_an_empty_figure():
    assert estimates_figure(ROWS.head(0)).layout.height > 30


def test_a_group_has_a_heading_once():
    grouped = pd.concat([ROWS.assign(group="A <vs> C"), ROWS.assign(group="B vs C")])
    words = texts(estimates_figure(grouped))
    assert words.count("<b>A &lt;vs&gt; C</b>") == 1 and words.count("<b>B vs C</b>") == 1


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_every_cell_and_mark_is_drawn(theme, compact):
    figure = tipping(theme=theme, compact=compact)
    (grid,) = traces_of(figure, "heatmap")
    assert [sum(row) for row in grid.z] == [2, 1, 0, 0, 0, 0]
    assert grid.hovertext[0][3] == "0 and 3"
    assert grid.colorscale[0][1] != grid.colorscale[-1][1]
    assert [(mark.x[0], mark.y[0]) for mark in traces_of(figure, "scatter")] == [(0, 0), (2.1, 3.9)]
    assert "imputation &lt;expects&gt;" in " ".join(texts(figure))
    assert ("added in A" in texts(figure)) == (LONG not in texts(figure))
    assert "added in treatment B of 4" in texts(figure)


def test_a_title_without_room_ends_in_an_ellipsis():
    figure = tipping(panel(y_title=[LONG, LONG[:60]]), compact=True)
    assert "Responders added in a treatment with an…" in texts(figure)


def test_one_cell_and_a_thinned_grid():
    one = tipping(panel(CELLS.head(1)))
    assert [list(row) for row in traces_of(one, "heatmap")[0].z] == [[0]]
    thinned = pd.DataFrame(
        [(k, j, False, "") for j in range(0, 120, 2) for k in range(0, 120, 2)], columns=CELLS.columns
    )
    figure = tipping(panel(thinned), compact=True)
    assert figure.layout.xaxis.range == (-1, 119)
    assert len(figure.layout.xaxis.tickvals) <= 12 and figure.layout.height < 700


def test_panels_stand_below_each_other():
    figure = tipping(panel(heading="A vs C"), panel(heading="B vs C"))
    assert figure.layout.yaxis.domain[0] > figure.layout.yaxis2.domain[1]
    assert {trace.yaxis for trace in figure.data} == {"y", "y2"}
    assert "<b>A vs C</b>" in texts(figure)
