"""Relative dose by drug and arm, and the corticosteroid over the weeks, from a few numbers written by hand."""

import numpy as np
import pandas as pd
from figure_frames import C, E, noted, texts, traces_of

from charts.safety.exposure import relative_dose_figure, steroid_figure

NAMED = {
    "BELOW50": "below 50%",
    "TO80": "50 to under 80%",
    "TO100": "80 to under 100%",
    "FULL": "100% or more",
}
BANDS = pd.DataFrame(
    [
        ("IGU+RTX", "Iguratimod", "BELOW50", 1, 20),
        ("IGU+RTX", "Iguratimod", "TO80", 0, 20),
        ("IGU+RTX", "Iguratimod", "TO100", 4, 20),
        ("IGU+RTX", "Iguratimod", "FULL", 15, 20),
        ("RTX", "Rituximab <b>", "FULL", 8, 8),
    ],
    columns=["arm", "drug", "band", "n", "N"],
)
SHARE, DOSE = "on a corticosteroid", "daily dose of those on one"
STEROID = pd.DataFrame(
    [
        (SHARE, "IGU+RTX", 0.0, 20, 50, 0.4, np.nan, np.nan),
        (SHARE, "IGU+RTX", 12.0, 5, 50, 0.1, np.nan, np.nan),
        (SHARE, "IGU+RTX", 26.0, 0, 20, 0.0, np.nan, np.nan),
        (DOSE, "IGU+RTX", 0.0, 19, 20, 10.0, 5.0, 20.0),
        (DOSE, "IGU+RTX", 12.0, 5, 5, 5.0, 5.0, 7.5),
        (DOSE, "IGU+RTX", 26.0, 0, 0, np.nan, np.nan, np.nan),
        (SHARE, "RTX", 0.0, 6, 8, 0.75, np.nan, np.nan),
        (DOSE, "RTX", 0.0, 6, 6, 20.0, 10.0, 25.0),
    ],
    columns=["measure", "arm", "time", "n", "N", "estimate", "conf_low", "conf_high"],
)


def test_segments_are_shares_of_those_with_a_plan():
    figure = relative_dose_figure(BANDS, [E, C], bands_named=NAMED)
    bars = {trace.name: trace for trace in traces_of(figure, "bar")}
    assert list(bars["100% or more"].x) == [75, 100]
    assert list(bars["80 to under 100%"].base) == [5]
    assert "50 to under 80%" not in bars
    assert "15 of 20 of the planned dose, 75%" in bars["100% or more"].hovertext[0]
    assert "8 of 8 of the planned dose<br>" in bars["100% or more"].hovertext[1]  # no percent of eight


def test_a_click_names_the_row_and_the_band():
    bars = traces_of(relative_dose_figure(BANDS, [E, C], bands_named=NAMED), "bar")
    clicks = [list(point) for trace in bars for point in trace.customdata]
    assert ["Iguratimod, IGU+RTX", "80 to under 100%"] in clicks
    assert ["Rituximab <b>, RTX", "100% or more"] in clicks


def test_drug_and_how_many_stand_beside_the_bar():
    assert (
        "20 with a plan" in noted(relative_dose_figure(BANDS, [E, C], bands_named=NAMED), "Iguratimod").text
    )


def test_the_share_on_a_corticosteroid_and_the_dose_of_those_on_one():
    figure = steroid_figure(STEROID, [E, C])
    share = [trace for trace in figure.data if trace.name == E.label and trace.yaxis is None]
    assert list(share[0].x) == [0, 12] and list(share[0].y) == [40, 10]  # week 26: fewer than half of 50
    assert [list(point) for point in share[0].customdata] == [["IGU+RTX", 0], ["IGU+RTX", 12]]
    dose = [trace for trace in figure.data if trace.name == E.label and trace.yaxis == "y3"]
    assert list(dose[0].y) == [10]
    assert "median 10.0 mg a day, quartiles 5.0 to 20.0<br>19 of 20 with a known dose" in dose[0].hovertext[0]
    assert figure.layout.yaxis3.tickvals[-1] >= 25
    assert "Followed" in texts(figure)
    numbers = [trace for trace in figure.data if trace.mode == "text"]
    assert dict(zip(numbers[0].x, numbers[0].text, strict=True)) == {0: "50", 12: "50", 26: "20"}
