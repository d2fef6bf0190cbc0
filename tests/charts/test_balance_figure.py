"""The figure of standardised differences: the largest first, absolute, with a line at 0.1."""

import pandas as pd
import pytest
from figure_frames import E2, NAN, C, E, texts

from charts.balance import balance_figure

BALANCE = pd.DataFrame(
    [
        ("AGE", "Age, years", E.trt, 0.05),
        ("SEX", "Sex <b>", E.trt, 0.31),
        ("BASE", "Baseline platelets", E.trt, -0.42),
        ("CODE", "Code", E.trt, NAN),
    ],
    columns=["variable", "label", "arm", "estimate"],
)
SECOND = BALANCE.assign(arm=E2.trt, estimate=[0.9, 0.0, 0.1, NAN])


def points(trace) -> dict[float, float]:
    return dict(zip(trace.y, trace.x, strict=True))


@pytest.mark.parametrize("compact", [False, True])
def test_the_largest_is_first_and_none_is_negative(compact):
    figure = balance_figure(BALANCE, [E, C], compact=compact)
    (dots,) = figure.data
    at = points(dots)
    assert [at[y] for y in sorted(at)] == [0.42, 0.31, 0.05]
    assert [note.text for note in figure.layout.annotations if note.text in ("0.42", "0.31", "0.05", "–")] == [
        *("0.42", "0.31", "0.05"), "–",
    ]  # fmt: skip


def test_the_line_stands_at_a_tenth_and_the_axis_holds_the_largest():
    figure = balance_figure(BALANCE, [E, C])
    dotted = [shape for shape in figure.layout.shapes if shape.line.dash == "dot"]
    assert [(shape.x0, shape.x1) for shape in dotted] == [(0.1, 0.1)]
    assert figure.layout.xaxis.range[1] >= 0.42
    assert balance_figure(BALANCE[:1], [E, C]).layout.xaxis.range[1] >= 0.3


def test_two_comparisons_have_the_marks_of_their_arms():
    figure = balance_figure(pd.concat([BALANCE, SECOND]), [E, E2, C])
    assert [trace.marker.symbol for trace in figure.data] == ["circle", "square"]
    assert len({trace.marker.color for trace in figure.data}) == 2
    assert sum("vs control" in text for text in texts(figure)) == 2
    first = max(points(figure.data[1]).values())
    assert points(figure.data[1])[min(points(figure.data[1]))] == first == 0.9


def test_the_dot_says_its_sign():
    (dots,) = balance_figure(BALANCE, [E, C]).data
    assert any("\N{MINUS SIGN}0.42" in text for text in dots.hovertext)
