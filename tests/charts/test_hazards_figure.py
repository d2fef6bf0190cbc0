"""Proportional hazards: a mark per event at its week, the smooth, the one ratio, and words that stay apart."""

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from figure_frames import E2, C, E, noted, texts

from charts.hazards import proportional_hazards_figure

WEEKS = [2, 4, 4, 8, 9, 12, 20, 26, 30, 34, 40, 52]
PLACES = [0, 0.05, 0.05, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55]


def residuals(*names: str) -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {
                "comparison": name,
                "arm": [name.split(" - ")[0], "RTX"] * 6,
                "time": [7.0 * week for week in WEEKS],
                "x": PLACES,
                "estimate": [1.5, -2.2] * 6,
            }
        )
        for name in names
    ]
    return pd.concat(parts, ignore_index=True)


def smooth(name: str) -> pd.DataFrame:
    x = np.linspace(0, 0.55, 40)
    return pd.DataFrame(
        {"comparison": name, "x": x, "estimate": -0.5 + x, "conf_low": -1.5, "conf_high": 0.5 + x}
    )


ONE = "IGU+RTX - RTX"
RATIO = pd.DataFrame([(ONE, 0.5)], columns=["comparison", "estimate"])


def test_every_event_is_a_mark_of_its_arm():
    figure = proportional_hazards_figure(residuals(ONE), smooth(ONE), RATIO, [E, C])
    marks = {trace.name: trace for trace in figure.data if trace.mode == "markers"}
    assert len(marks["Iguratimod + rituximab"].x) == len(marks["Rituximab"].x) == 6
    assert list(marks["Rituximab"].y) == [-2.2] * 6
    assert "event in week 4.0" in marks["Rituximab"].hovertext[0]
    assert "6 events" in noted(figure, "Rituximab</b>").text


def test_weeks_stand_where_their_events_are():
    figure = proportional_hazards_figure(residuals(ONE), smooth(ONE), RATIO, [E, C])
    at = dict(zip(figure.layout.xaxis.ticktext, figure.layout.xaxis.tickvals, strict=True))
    assert at["4"] == 0.05 and at["52"] == 0.55
    assert at["42"] == pytest.approx(0.5 + 0.05 * 2 / 12)  # between the events of weeks 40 and 52
    assert "16" not in at  # too near to 12
    assert figure.layout.xaxis.title.text == "Weeks from first dose, spaced by the events"


def test_the_one_ratio_is_a_dashed_line_at_its_logarithm():
    figure = proportional_hazards_figure(residuals(ONE), smooth(ONE), RATIO, [E, C])
    no_difference, one_ratio = figure.layout.shapes
    assert no_difference.y0 == 0 and one_ratio.y0 == math.log(0.5)
    assert noted(figure, "one ratio: 0.50")
    ticks = dict(zip(figure.layout.yaxis.ticktext, figure.layout.yaxis.tickvals, strict=True))
    assert ticks["1"] == 0 and ticks["3"] == pytest.approx(math.log(3))


def test_a_panel_for_each_comparison():
    names = (ONE, "IGU - RTX")
    both = pd.concat([smooth(name) for name in names])
    two = pd.DataFrame([(names[0], 0.5), (names[1], 0.8)], columns=["comparison", "estimate"])
    figure = proportional_hazards_figure(residuals(*names), both, two, [E, E2, C])
    upper, lower = figure.layout.yaxis.domain, figure.layout.yaxis2.domain
    assert upper[0] > lower[1] and figure.layout.height > 500
    assert noted(figure, "suggests, IGU - RTX") and noted(figure, "one ratio: 0.80")
    third = proportional_hazards_figure(residuals(*names), both, two, [E, E2, C], compact=True)
    assert [t for t in texts(third) if "RTX: 6 events" in t and "IGU" not in t]  # control's events once


def test_a_comparison_without_events_has_no_panel():
    two = pd.DataFrame([(ONE, 0.5), ("IGU - RTX", float("nan"))], columns=["comparison", "estimate"])
    figure = proportional_hazards_figure(residuals(ONE), smooth(ONE).head(0), two, [E, E2, C])
    assert "yaxis2" not in figure.layout or figure.layout.yaxis2.domain is None
    assert not [trace for trace in figure.data if trace.mode == "lines"]


@pytest.mark.parametrize("compact", [False, True])
def test_words_at_the_right_do_not_touch(compact):
    close = residuals(ONE).assign(estimate=[0.1, -0.1] * 6)
    figure = proportional_hazards_figure(close, smooth(ONE), RATIO, [E, C], compact=compact)
    height = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    right = sorted(
        ((1 - n.y) * height, n.text.count("<br>") + 1) for n in figure.layout.annotations if n.x == 1
    )
    for (first, lines), (second, more) in pairwise(right):
        assert second - first >= 9 * (lines + more) - 1
