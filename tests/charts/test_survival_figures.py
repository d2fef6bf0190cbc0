"""Time-to-event curves: steps, bands, medians and numbers at risk, from a curve worked out by hand.

Arm RTX: 4 participants, events on day 14 and 28, censored on day 21 and 42:
S = 1, 3/4 at 14, 3/4 at 21 (3 at risk), 3/4 x 1/2 = 3/8 at 28 (2 at risk), 3/8 at 42.
"""

import numpy as np
import pandas as pd
import pytest
from figure_frames import NAN, C, E, curve, noted, texts

from charts.survival import cumulative_incidence_figure, kaplan_meier_figure

HAND = curve(
    ("RTX", 0, 4, 0, 0, 1.0, NAN, NAN),
    ("RTX", 14, 4, 1, 0, 0.75, 0.13, 0.96),
    ("RTX", 21, 3, 0, 1, 0.75, 0.13, 0.96),
    ("RTX", 28, 2, 1, 0, 0.375, 0.01, 0.81),
    ("RTX", 42, 1, 0, 1, 0.375, 0.01, 0.81),
)
MEDIANS = pd.DataFrame([("RTX", 28.0), ("IGU+RTX", NAN)], columns=["arm", "estimate"])


def steps(figure, name="Rituximab"):
    (trace,) = [t for t in figure.data if t.name == name]
    return trace


def test_falling_curve_in_weeks_and_percent():
    trace = steps(kaplan_meier_figure(HAND, [E, C], medians=MEDIANS))
    assert list(trace.x) == [0, 2, 3, 4, 6]
    assert list(trace.y) == [100, 75, 75, 37.5, 37.5]
    assert trace.line.shape == "hv"


def test_rising_curve_is_one_minus_survival_with_its_limits_turned():
    figure = kaplan_meier_figure(HAND, [C], rising=True)
    assert list(steps(figure).y) == [0, 25, 25, 62.5, 62.5]
    band = figure.data[0]
    assert band.fill == "toself"
    assert np.min(band.y) == 0 and np.max(band.y) == pytest.approx(99)
    assert figure.layout.yaxis.range == (-1, 101)


def test_censoring_marks():
    figure = kaplan_meier_figure(HAND, [C])
    (ticks,) = [t for t in figure.data if t.mode == "markers"]
    assert list(ticks.x) == [3, 6]
    assert ticks.marker.symbol == "line-ns"


def test_numbers_at_risk_stand_at_the_ticks():
    figure = kaplan_meier_figure(HAND, [E, C])
    rows = [t for t in figure.data if t.mode == "text"]
    at = dict(zip(rows[1].x, rows[1].text, strict=True))
    assert at == {0: "4", 1: "4", 2: "4", 3: "3", 4: "2", 5: "1", 6: "1"}
    assert set(rows[1].x) <= set(figure.layout.xaxis.tickvals)
    assert len(rows[0].x) == 0  # an arm without participants
    assert "At risk" in texts(figure)


def test_median_drops_from_half_with_weeks_at_its_foot():
    figure = kaplan_meier_figure(HAND, [E, C], medians=MEDIANS)
    drop = figure.layout.shapes[1]
    assert (drop.x0, drop.x1, drop.y0, drop.y1) == (4, 4, 0, 50)
    assert noted(figure, "<b>4.0</b>").x == 4
    assert len(figure.layout.shapes) == 2  # not reached: no line
    assert len(kaplan_meier_figure(HAND, [C]).layout.shapes) == 0


def test_end_labels():
    assert "<b>Rituximab</b><br>38% at week 6" in texts(kaplan_meier_figure(HAND, [C]))
    assert "<b>Rituximab</b><br>63% by week 6" in texts(kaplan_meier_figure(HAND, [C], rising=True))
    worded = kaplan_meier_figure(HAND, [C], end_words="still in response")
    assert "<b>Rituximab</b><br>38% still in response" in texts(worded)


def test_cumulative_incidence_draws_one_cause():
    rows = [
        ("RTX", "response", 0, 4, 0, 0.0, NAN, NAN),
        ("RTX", "response", 14, 4, 1, 0.25, 0.01, 0.66),
        ("RTX", "rescue", 21, 3, 1, 0.25, 0.01, 0.66),
    ]
    names = ["arm", "cause", "time", "n_risk", "n_event", "estimate", "conf_low", "conf_high"]
    figure = cumulative_incidence_figure(pd.DataFrame(rows, columns=names), [C])
    assert list(steps(figure).y) == [0, 25]
    assert "<b>Rituximab</b><br>25% by week 2" in texts(figure)
