"""The strengths of a confounder: contours, E-values and measured covariates, and names that keep apart."""

import itertools

import numpy as np
import pandas as pd
import pytest
from figure_frames import texts, traces_of

from charts.format import text_width
from charts.observational.deviations import deviation_range
from charts.observational.labels import LINE, along, is_beside, offsets
from charts.observational.tipping_strength import tipping_strength_figure


def contour(curve: str, explained: float, most: float) -> pd.DataFrame:
    with_arm = np.geomspace(explained * (most - 1) / (most - explained), most, 30)
    with_response = explained * (with_arm - 1) / (with_arm - explained)
    return pd.DataFrame({"curve": curve, "with_arm": with_arm, "with_response": with_response})


CURVES = pd.concat([contour("limit", 1.6, 5), contour("estimate", 2.3, 5)], ignore_index=True)
CORNERS = {"estimate": 4.03, "limit": 2.58}
MEANINGS = {
    "estimate": "Estimate 2.30: a confounder beyond this line could explain the estimate away",
    "limit": "Limit 1.60: a confounder beyond this line could move <b>the limit",
}
NAMES = [
    ("Autoantibody class: EVANS", 2.04, 1.58),
    ("Prior lines of therapy above 2", 1.74, 1.44),
    ("Baseline platelets above 10", 2.27, 1.27),
    ("Age above 37 <b>", 1.41, 1.39),
    ("Sex: M", 1.04, 1.03),
]
POINTS = pd.DataFrame(NAMES, columns=["label", "with_arm", "with_response"]).assign(
    explains=lambda frame: (
        frame["with_arm"] * frame["with_response"] / (frame["with_arm"] + frame["with_response"] - 1)
    ),
    words="ratio with both",
    key=lambda frame: frame["label"],
)


def drawn(compact: bool = False):
    return tipping_strength_figure(CURVES, POINTS, meanings=MEANINGS, corners=CORNERS, compact=compact)


@pytest.mark.parametrize("compact", [False, True])
def test_contours_corners_and_points_are_drawn(compact):
    figure = drawn(compact)
    marks = [trace for trace in traces_of(figure, "scatter") if trace.mode == "markers"]
    places = [(mark.x[0], mark.y[0]) for mark in marks]
    assert (2.04, 1.58) in places and (1.04, 1.03) in places
    assert (4.03, 4.03) in places and (2.58, 2.58) in places
    assert [mark.customdata[0][0] for mark in marks if mark.customdata is not None] == list(POINTS["key"])
    assert "<b>E-value 4.03</b>" in texts(figure)
    assert figure.layout.xaxis.type == figure.layout.yaxis.type == "log"


def test_what_explains_little_has_its_name_in_the_hover_alone():
    figure = drawn()
    assert "Age above 37 &lt;b&gt;" in texts(figure) and "Sex: M" not in texts(figure)
    hovers = [trace.hovertext[0] for trace in traces_of(figure, "scatter") if trace.hovertext is not None]
    assert any("Sex: M" in hover for hover in hovers)


def test_the_strongest_are_named_however_weak():
    weak = POINTS.assign(
        with_arm=1.02, with_response=[1.05, 1.04, 1.03, 1.02, 1.01], explains=[5, 4, 3, 2, 1]
    )
    figure = tipping_strength_figure(CURVES, weak.assign(explains=1.001), meanings=MEANINGS, corners=CORNERS)
    assert sum(label in texts(figure) for label in ("Autoantibody class: EVANS", "Sex: M")) == 1


def boxes(marks, widths, away):
    for (x, y), width, (right, up) in zip(marks, widths, away, strict=True):
        yield x + right - width / 2, x + right + width / 2, y + up - LINE / 2, y + up + LINE / 2


def test_names_keep_off_each_other_the_marks_and_the_panel_ends():
    marks = [(20.0, 12.0), (26.0, 15.0), (31.0, 11.0), (120.0, 60.0), (128.0, 66.0), (590.0, 300.0)]
    widths = [text_width(name, 13) for name, _, _ in [*NAMES, NAMES[0]]]
    away = offsets(marks, widths, panel=(628, 380))
    named = list(boxes(marks, widths, away))
    for a, b in itertools.combinations(named, 2):
        assert min(a[1], b[1]) <= max(a[0], b[0]) or min(a[3], b[3]) <= max(a[2], b[2])
    for left, right, bottom, top in named:
        assert left >= 0 and right <= 628 and bottom >= 0 and top <= 380
        assert not any(left < x < right and bottom < y < top for x, y in marks)


def test_a_lone_name_stands_beside_its_mark_and_off_a_curve():
    (free,) = offsets([(300.0, 200.0)], [100.0], panel=(628, 380))
    assert free[1] == pytest.approx(0) and is_beside(free, 100)
    to_the_right = along([(x, 200.0) for x in range(310, 420, 4)])
    (moved,) = offsets([(300.0, 200.0)], [100.0], panel=(628, 380), taken=to_the_right)
    assert is_beside(moved, 100) and abs(moved[1]) > LINE / 2


@pytest.mark.parametrize(
    ("limits", "end", "step"),
    [((0.1, -0.3), 0.5, 0.25), ((0.04, 0.74, -1.18), 1.5, 0.5), ((7.0,), 8.0, 2.0), ((90.0,), 92.0, 23.0)],
)
def test_the_axis_of_standard_deviations_holds_every_limit(limits, end, step):
    low, high, ticks = deviation_range([*limits, float("nan"), float("inf")])
    assert ticks[-1] == pytest.approx(end) and ticks[0] == -ticks[-1]
    assert ticks[1] - ticks[0] == pytest.approx(step)
    assert low < ticks[0] and high > ticks[-1]
