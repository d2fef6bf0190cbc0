"""Scores over time and the distribution of their change."""

import pandas as pd
import pytest
from figure_frames import C, E, course, noted, texts

from charts.models import model_figure
from charts.quality import distribution_figure, score_figure

MEANS = course(
    ("IGU+RTX", 0, 60, 36, 34, 38), ("IGU+RTX", 12, 50, 40, 38, 42), ("RTX", 12, 48, 37.26, 35, 39)
)
CHANGES = pd.DataFrame(
    [
        ("IGU+RTX", -2.0, 4, 4, 1.0),
        ("IGU+RTX", 4.0, 3, 4, 0.75),
        ("IGU+RTX", 6.0, 1, 4, 0.25),
        ("RTX", 1.0, 2, 2, 1.0),
        ("RTX", 3.0, 1, 2, 0.5),
    ],
    columns=["arm", "change", "n", "N", "estimate"],
)


def score(**changes):
    return score_figure(MEANS, [E, C], label="FACIT-Fatigue", span=(0, 52), better="higher", **changes)


def test_range_and_better_end_stand_in_words():
    assert "FACIT-Fatigue, 0 to 52, higher is better; mean and 95% CI" in texts(score())
    assert "Mean score, higher is better" in texts(score(compact=True))


def test_the_axis_holds_every_interval_and_labels_give_one_decimal():
    figure = score(mature_week=12)
    low, high = figure.layout.yaxis.range
    assert low <= 34 and high >= 42 and 0 < high - low < 52
    assert "<b>Rituximab</b><br>37.3 at week 12" in texts(figure)


def test_a_point_says_arm_and_week():
    points = [
        list(point) for trace in score().data if trace.customdata is not None for point in trace.customdata
    ]
    assert ["IGU+RTX", 12.0] in points and ["RTX", 12.0] in points


def test_a_modelled_change_has_a_decimal_and_names_the_better_side():
    compared = pd.DataFrame(
        [("IGU+RTX - RTX", 12.0, 1.96, 0.24, 3.7)],
        columns=["comparison", "time", "estimate", "conf_low", "conf_high"],
    )
    figure = model_figure(MEANS, compared, [E, C], kind="score", direction="above 0 is better")
    assert "Change from baseline, adjusted mean and 95% CI (above 0 is better)" in texts(figure)
    assert noted(figure, "+2.0").text.startswith("<b>+2.0</b> at week 12")
    assert "95% CI +0.2 to +3.7" in noted(figure, "+2.0").text


def distribution(**changes):
    return distribution_figure(CHANGES, [E, C], important=4, week=12, **changes)


def test_steps_fall_just_above_a_change():
    """Up to 4 and at 4 the share is 75%: the line goes down at 4, then across."""
    line = distribution().data[0]
    assert line.line.shape == "vh"
    pairs = list(zip(line.x, line.y, strict=True))
    assert pairs[1:-1] == [(-2, 100), (4, 75), (6, 25), (6, 0)]
    assert pairs[0][1] == 100 and pairs[-1][1] == 0
    assert [tuple(point) for point in line.customdata] == [("IGU+RTX",)] * len(line.x)


def test_the_important_change_is_drawn_and_read_off():
    figure = distribution()
    assert sorted(shape.x0 for shape in figure.layout.shapes) == [-4, 0, 4]
    assert noted(figure, "important change: 4").x == 4
    assert noted(figure, "Iguratimod").text.endswith("<br>3 of 4 by 4 or more<br>n = 4")
    assert noted(figure, "Rituximab").text.endswith("<br>0 of 2 by 4 or more<br>n = 2")


@pytest.mark.parametrize("important", [2.5, 40])
def test_every_change_and_the_important_one_are_on_the_axis(important):
    figure = distribution_figure(CHANGES, [E, C], important=important, week=12)
    low, high = figure.layout.xaxis.range
    assert low <= min(-important, -2) and high >= max(important, 6)
