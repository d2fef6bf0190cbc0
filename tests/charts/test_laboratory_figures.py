"""The course of a laboratory parameter, and ALT or AST against bilirubin."""

import pandas as pd
import pytest
from figure_frames import E2, NAN, C, E, course, noted, texts

from charts.safety.laboratory import parameter_figure, round_step, tick_words, value_axis
from charts.safety.liver import liver_figure

ALT = course(
    ("IGU+RTX", 0, 60, 18, 14, 23),
    ("IGU+RTX", 26, 53, 22, 17, 30),
    ("IGU+RTX", 52, 23, 20, 15, 28),
    ("RTX", 0, 60, 17, 13, 22),
    ("RTX", 26, 56, 18, 14, 24),
)
PEAKS = pd.DataFrame(
    [
        ("01-001", "IGU+RTX", "ALT", 6.65, 57, 2.72, 57),
        ("01-002", "IGU+RTX", "AST", 0.4, 29, 0.5, 29),
        ("02-<b>", "RTX", "ALT", 3.0, 29, 2.0, 29),
    ],
    columns=["USUBJID", "ARM", "ENZYME", "ENZYMEX", "ENZYMEDY", "BILIX", "BILIDY"],
)


def test_limits_of_normal_are_dotted_lines_with_their_names_in_the_ticks():
    figure = parameter_figure(ALT, [E, C], title="ALT, U/L", limits=(7, 40))
    dotted = [shape for shape in figure.layout.shapes if shape.line.dash == "1px,3px"]
    assert [shape.y0 for shape in dotted] == [7, 40]
    assert {"lower <b>7</b>", "upper <b>40</b>"} <= set(figure.layout.yaxis.ticktext)
    assert "40" not in figure.layout.yaxis.ticktext  # the round tick gives way
    assert "ALT, U/L, median and interquartile range" in texts(figure)
    phone = parameter_figure(ALT, [E, C], title="ALT, U/L", limits=(7, 40), compact=True)
    assert "<b>40</b>" in phone.layout.yaxis.ticktext and "ALT, U/L" in texts(phone)


def test_every_value_and_limit_is_inside_the_axis():
    figure = parameter_figure(ALT, [E, C], title="ALT", limits=(NAN, 400))
    low, high = figure.layout.yaxis.range
    assert low <= 13 and high >= 400
    assert not [shape for shape in figure.layout.shapes if shape.y0 != shape.y0]
    flat = course(("RTX", 0, 1, 5, 5, 5))
    low, high = value_axis(flat, (NAN, NAN))[:2]
    assert low < 5 < high


@pytest.mark.parametrize(
    ("about", "step"), [(0.9, 1), (1, 1), (1.1, 2), (2.3, 5), (7, 10), (0.03, 0.05), (130, 200)]
)
def test_steps_are_round(about, step):
    assert round_step(about) == pytest.approx(step)


def test_ticks_have_the_decimals_they_need():
    assert tick_words([0, 0.5, 1]) == ["0.0", "0.5", "1.0"]
    assert tick_words([0, 50, 100]) == ["0", "50", "100"]


def test_labels_give_value_and_week():
    figure = parameter_figure(ALT, [E, C], title="ALT", decimals=1, mature_week=26)
    assert "<b>Rituximab</b><br>18.0 at week 26" in texts(figure)
    assert "interquartile range 14.0 to 24.0" in figure.data[3 + 1].hovertext[1]


def test_a_point_is_a_participant_on_logarithmic_axes():
    figure = liver_figure(PEAKS, [E, C])
    assert (figure.layout.xaxis.type, figure.layout.yaxis.type) == ("log", "log")
    assert list(figure.data[0].customdata) == ["01-001", "01-002"]
    assert "ALT 6.7 × on day 57" in figure.data[0].hovertext[0]
    assert "02-&lt;b&gt;" in figure.data[1].hovertext[0]


def test_quadrant_lines_stand_at_3_and_2_and_the_corner_is_named():
    figure = liver_figure(PEAKS, [E, C])
    assert sorted((shape.x0, shape.y0) for shape in figure.layout.shapes) == [(0, 2), (3, 0)]
    corner = noted(figure, "Hy’s law quadrant")
    assert (corner.x, corner.y) == (1, 1)
    assert "<b>3</b>" in figure.layout.xaxis.ticktext and "<b>2</b>" in figure.layout.yaxis.ticktext
    assert 2 not in figure.layout.xaxis.tickvals and 5 not in figure.layout.xaxis.tickvals  # too near to 3


def test_every_point_is_inside_the_axes():
    far = PEAKS.assign(ENZYMEX=[90.0, 0.05, 1.0], BILIX=[40.0, 0.08, 1.0])
    figure = liver_figure(far, [E, C])
    for axis, column in ((figure.layout.xaxis, "ENZYMEX"), (figure.layout.yaxis, "BILIX")):
        low, high = axis.range
        assert 10**low < far[column].min() and far[column].max() < 10**high


def test_the_key_names_every_arm_with_its_number():
    figure = liver_figure(PEAKS, [E, E2, C])
    words = " ".join(texts(figure))
    assert "● <b>Iguratimod + rituximab</b>" in words and "2 participants" in words
    assert "Iguratimod &lt;b&gt;alone&lt;/b&gt; &amp; more" in words and "0 participants" in words
