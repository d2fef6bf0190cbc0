"""What weighted figures add: crude lines behind, and estimates on a log axis."""

import numpy as np
import pandas as pd
import pytest
from figure_frames import E2, C, E
from test_platelet_figures import COURSE
from test_survival_figures import HAND

from charts.course import course_figure
from charts.strategies import estimates_figure
from charts.survival import kaplan_meier_figure

RATIOS = pd.DataFrame(
    [
        ("Crude", "0.50 (0.25 to 1.00)", 0.5, 0.25, 1.0, False, ""),
        ("Weighted", "2.00 (0 to infinite)", 2.0, 0.0, np.inf, True, ""),
        ("None", "not estimable", np.nan, np.nan, np.nan, False, ""),
    ],
    columns=["label", "words", "estimate", "conf_low", "conf_high", "leading", "group"],
)


def test_ratios_stand_on_a_log_axis():
    figure = estimates_figure(RATIOS, ratio=True)
    crude, weighted = figure.data
    assert crude.x[0] == pytest.approx(np.log10(0.5)) and weighted.x[0] == pytest.approx(np.log10(2))
    assert crude.error_x.array[0] == crude.error_x.arrayminus[0] == pytest.approx(np.log10(2))
    low, high = figure.layout.xaxis.range
    assert weighted.x[0] - weighted.error_x.arrayminus[0] == pytest.approx(low)
    assert weighted.x[0] + weighted.error_x.array[0] == pytest.approx(high)
    ticks = dict(zip(figure.layout.xaxis.ticktext, figure.layout.xaxis.tickvals, strict=True))
    assert ticks["1"] == 0 and ticks["0.5"] == pytest.approx(np.log10(0.5))
    (line,) = [shape for shape in figure.layout.shapes if shape.x0 == shape.x1]
    assert line.x0 == 0


def test_differences_stay_where_they_were():
    figure = estimates_figure(RATIOS.head(1).assign(estimate=22.6, conf_low=4.7, conf_high=39.1))
    assert figure.data[0].x[0] == 22.6 and figure.data[0].error_x.array[0] == pytest.approx(16.5)


def thin(figure) -> list:
    return [trace for trace in figure.data if trace.line.dash == "2px,2px" and trace.mode == "lines"]


def test_crude_curves_lie_thin_behind_the_weighted():
    crude = HAND.assign(estimate=HAND["estimate"] ** 2)
    figure = kaplan_meier_figure(HAND, [E, E2, C], crude=crude)
    drawn = thin(figure)
    arms = [arm for arm in (E, E2, C) if (HAND["arm"] == arm.trt).any()]
    assert len(drawn) == len(arms) < 3
    own = crude[crude["arm"] == arms[0].trt]
    np.testing.assert_allclose(drawn[0].y, 100 * own["estimate"])
    assert max(figure.data.index(trace) for trace in drawn) < min(
        place for place, trace in enumerate(figure.data) if trace.mode == "lines+markers"
    )
    assert any("dotted: crude" in note.text for note in figure.layout.annotations)
    assert not any("dotted" in note.text for note in kaplan_meier_figure(HAND, [E, C]).layout.annotations)


def test_crude_medians_lie_thin_behind_the_weighted():
    crude = COURSE.assign(estimate=2 * COURSE["estimate"])
    figure = course_figure(COURSE, [E, E2, C], kind="weighted median", crude=crude)
    drawn = thin(figure)
    arms = [arm for arm in (E, E2, C) if (COURSE["arm"] == arm.trt).any()]
    assert len(drawn) == len(arms)
    own = crude[(crude["arm"] == arms[0].trt) & crude["estimate"].notna()].sort_values("time")
    np.testing.assert_allclose(drawn[0].y, own["estimate"])
    titles = [note.text for note in figure.layout.annotations]
    assert any("weighted median and 95% CI, dotted: crude" in title for title in titles)
