"""Rates, differences, standing bars, best response and response by visit: positions, words and click data."""

from types import SimpleNamespace

import pandas as pd
import pytest
from figure_frames import E2, NAN, POOLED, C, E, counts, differences, noted, rates, texts, traces_of, visits

from charts.response import (
    best_response_figure,
    by_visit_figure,
    difference_figure,
    rates_figure,
    standing_figure,
)

TWO = rates(("IGU+RTX", 22, 27, 22 / 27, 0.633, 0.918), ("RTX", 16, 28, 16 / 28, 0.391, 0.735))
DIFFERENCE = differences(("IGU+RTX - RTX", 0.243, -0.003, 0.465))


def test_rates_stand_at_their_percent_with_their_interval():
    figure = rates_figure(TWO, DIFFERENCE, [E, C])
    first, second, difference = figure.data
    assert first.x[0] == pytest.approx(81.48, abs=0.01)
    assert first.x[0] + first.error_x.array[0] == pytest.approx(91.8)
    assert first.x[0] - first.error_x.arrayminus[0] == pytest.approx(63.3)
    assert (first.customdata[0], second.customdata[0]) == ("IGU+RTX", "RTX")
    assert (first.marker.symbol, second.marker.symbol) == ("circle", "diamond")
    assert difference.x[0] == pytest.approx(24.3)
    assert difference.xaxis == "x2"


def test_rates_and_difference_in_words():
    words = texts(rates_figure(TWO, DIFFERENCE, [E, C], axis_title="Overall response (CR or R), 95% CI"))
    assert {"<b>81%</b>", "63 to 92", "<b>57%</b>", "39 to 74"} <= set(words)
    assert {"<b>24.3 points</b>", "95% CI \N{MINUS SIGN}0.3 to 46.5"} <= set(words)
    assert {"favours RTX", "favours IGU+RTX"} <= set(words)
    assert any("<b>Iguratimod + rituximab</b>" in word and "22 of 27 due" in word for word in words)


def test_both_axes_hold_zero_and_the_whole_interval():
    wide = differences(("IGU+RTX - RTX", 0.3, -0.35, 0.85))
    figure = rates_figure(TWO, wide, [E, C])
    assert tuple(figure.layout.xaxis.range) == (0, 101)
    low, high = figure.layout.xaxis2.range
    assert low <= -35 and high >= 85
    assert 0 in figure.layout.xaxis2.tickvals
    assert rates_figure(TWO, DIFFERENCE, [E, C]).layout.xaxis2.ticktext == (
        "\N{MINUS SIGN}20", "0", "+20", "+40", "+60",
    )  # fmt: skip


def test_fewer_than_ten_due_are_counted_not_divided():
    words = texts(rates_figure(rates(("RTX", 3, 7, 3 / 7, 0.16, 0.75)), None, [C]))
    assert "<b>3 of 7</b>" in words and "16 to 75" in words
    assert not any("43" in word for word in words)


def test_zero_and_full_rates_are_drawn():
    none_all = rates(("IGU+RTX", 0, 28, 0.0, 0.0, 0.12), ("RTX", 28, 28, 1.0, 0.88, 1.0))
    figure = rates_figure(none_all, None, [E, C])
    assert [trace.x[0] for trace in figure.data] == [0, 100]
    assert {"<b>0%</b>", "0 to 12", "<b>100%</b>", "88 to 100"} <= set(texts(figure))


@pytest.mark.parametrize("compact", [False, True])
def test_an_arm_with_nobody_due_keeps_its_row(compact):
    figure = rates_figure(
        rates(("IGU+RTX", 22, 27, 22 / 27, 0.63, 0.92), ("RTX", 0, 0, NAN, NAN, NAN)),
        differences(("IGU+RTX - RTX", NAN, NAN, NAN)),
        [E, C],
        compact=compact,
    )
    assert len(figure.data[1].x) == 0
    assert any("nobody due" in word for word in texts(figure))
    assert "xaxis2" not in figure.layout  # nothing to compare


def test_three_arms_compare_each_experimental_arm_with_control():
    three = rates(*TWO.itertuples(index=False), ("IGU", 10, 25, 0.4, 0.23, 0.59))
    both = differences(("IGU+RTX - RTX", 0.24, 0.01, 0.46), ("IGU - RTX", -0.17, -0.41, 0.09))
    figure = rates_figure(three, both, [E, E2, C])
    differ = [trace for trace in figure.data if trace.xaxis == "x2"]
    assert [trace.x[0] for trace in differ] == pytest.approx([24, -17])
    assert [trace.y[0] for trace in differ] == [figure.data[0].y[0], figure.data[1].y[0]]
    assert "IGU vs RTX" in noted(figure, "\N{MINUS SIGN}17 points").text


def test_one_arm_takes_the_width():
    figure = rates_figure(rates(("All", 38, 55, 38 / 55, 0.56, 0.8)), None, [POOLED])
    assert figure.layout.xaxis.domain[1] > 0.9
    assert figure.data[0].marker.color == "#44525F"


def test_phone_stacks_the_difference_below():
    figure = rates_figure(TWO, DIFFERENCE, [E, C], compact=True)
    assert figure.layout.yaxis.domain[0] > figure.layout.yaxis2.domain[1]
    assert "<b>81%</b> (63 to 92) · 22 of 27" in texts(figure)
    assert difference_figure(DIFFERENCE, [E, C]).data[0].x[0] == pytest.approx(24.3)


STANDING = counts(
    **{"IGU+RTX": {"CR": 15, "R": 7, "NR": 5, "NOTDUE": 33}},
    RTX={"CR": 13, "R": 3, "NR": 10, "PENDING": 1, "MISSING": 1, "NOTDUE": 32},
)


def segments(figure) -> dict:
    """(arm, state) -> (start, length) of every segment drawn."""
    return {
        tuple(cell): (base, length)
        for trace in traces_of(figure, "bar")
        for cell, base, length in zip(trace.customdata, trace.base, trace.x, strict=True)
    }


@pytest.mark.parametrize("compact", [False, True])
def test_standing_has_a_unit_per_participant_and_says_who_was_clicked(compact):
    drawn = segments(standing_figure(STANDING, [E, C], compact=compact))
    assert drawn["IGU+RTX", "CR"] == (0, 15)
    assert drawn["RTX", "PENDING"] == (26, 1)
    start, length = drawn["RTX", "NOTDUE"]
    assert length == 32 and start > 28  # set apart from the due
    assert ("IGU+RTX", "PENDING") not in drawn


def test_standing_names_the_denominator_and_narrow_segments():
    words = texts(standing_figure(STANDING, [E, C]))
    assert {"27 due: the denominator of the rate", "28 due: the denominator of the rate"} <= set(words)
    assert {"1 pending · 1 missing", "Complete response", "Not yet due"} <= set(words)
    bracket = standing_figure(STANDING, [E, C]).layout.shapes[1]
    assert (bracket.x0, bracket.x1) == (0, 27)


def test_states_are_named_over_the_first_bar_there_is():
    figure = standing_figure(STANDING[STANDING["arm"] == "RTX"], [E, C])
    assert {"CR", "R", "NR", "Not due"} <= set(texts(figure))  # too narrow here for their long names


def test_not_due_is_outlined_and_pending_is_hatched():
    by_name = {trace.name: trace for trace in standing_figure(STANDING, [E, C]).data}
    assert by_name["Not yet due"].marker.color == "rgba(0,0,0,0)"
    assert by_name["Pending"].marker.pattern.shape == "/"
    assert by_name["Missing"].marker.pattern.shape == "x"


def test_standing_when_nobody_is_due_or_there():
    assert "nobody due" in texts(standing_figure(counts(RTX={"NOTDUE": 5}), [C]))
    assert segments(standing_figure(counts(), [E, C])) == {}


def test_best_response_is_a_share_of_the_due():
    shares = pd.DataFrame(
        [("RTX", "CR", 7, 28, 0.25), ("RTX", "NR", 21, 28, 0.75)],
        columns=["arm", "category", "n", "N", "estimate"],
    )
    figure = best_response_figure(shares, [E, C])
    assert segments(figure) == {("RTX", "CR"): (0, 25), ("RTX", "NR"): (25, 75)}
    assert [trace.text[0] for trace in figure.data] == ["<b>25%</b>", "<b>75%</b>"]
    small = best_response_figure(shares.assign(n=[2, 6], N=8), [C])
    assert [trace.text[0] for trace in small.data] == ["<b>2</b>", "<b>6</b>"]


VISITS = visits(
    ("IGU+RTX", 4, 30, 60, 0.5, 0.38, 0.62),
    ("IGU+RTX", 26, 42, 60, 0.7, 0.57, 0.8),
    ("IGU+RTX", 52, 14, 20, 0.7, 0.48, 0.85),
    ("RTX", 4, 4, 8, 0.5, 0.2, 0.8),
)


def test_by_visit_is_thin_and_hollow_after_fewer_than_half():
    figure = by_visit_figure(VISITS, [E, C], enrolled={"IGU+RTX": 60, "RTX": 60}, mature_week=26)
    upright, solid, thin = figure.data[:3]
    assert list(solid.y) == [50, 70]
    assert list(thin.y) == [70, 70]
    assert thin.line.width < solid.line.width
    assert thin.marker.color == "#FFFFFF" and thin.marker.size[0] == 0
    assert list(map(list, solid.customdata)) == [["IGU+RTX", 4], ["IGU+RTX", 26]]
    assert any("fewer than half due" in word for word in texts(figure))
    assert list(upright.y[:2]) == pytest.approx([38, 62])


def test_by_visit_labels_and_row_of_n():
    figure = by_visit_figure(VISITS, [E, C], enrolled={"IGU+RTX": 60, "RTX": 60}, mature_week=26)
    assert "<b>Iguratimod + rituximab</b><br>70% at week 26" in texts(figure)
    assert "<b>Rituximab</b><br>4 of 8 at week 4" in texts(figure)
    rows = [trace for trace in figure.data if trace.mode == "text"]
    assert [list(row.text) for row in rows] == [["60", "60", "20"], ["8"]]
    assert all(row.cliponaxis is False for row in rows)


def test_arms_are_labelled_at_the_last_visit_mature_in_both():
    rows = visits(
        ("IGU+RTX", 4, 30, 60, 0.5, 0.38, 0.62), ("IGU+RTX", 12, 33, 60, 0.55, 0.42, 0.67),
        ("RTX", 4, 15, 60, 0.25, 0.16, 0.37), ("RTX", 12, 5, 20, 0.25, 0.11, 0.47),
    )  # fmt: skip
    words = texts(by_visit_figure(rows, [E, C], enrolled={"IGU+RTX": 60, "RTX": 60}))
    assert "<b>Iguratimod + rituximab</b><br>50% at week 4" in words
    assert "<b>Rituximab</b><br>25% at week 4" in words


def test_visits_at_which_nobody_is_due_yet_are_not_on_the_axis():
    rows = visits(
        ("RTX", 4, 3, 12, 0.25, 0.09, 0.53),
        ("RTX", 8, 3, 12, 0.25, 0.09, 0.53),
        ("RTX", 52, 0, 0, NAN, NAN, NAN),
    )
    assert by_visit_figure(rows, [C]).layout.xaxis.tickvals == (4, 8)


def test_on_a_phone_a_label_without_room_gives_way_to_the_short_name():
    arm = SimpleNamespace(trt="IGU+RTX", label="Iguratimod twice daily and rituximab weekly", role="single")
    known = counts(**{"IGU+RTX": {"CR": 3, "NR": 2}})
    wide, narrow = (
        " ".join(texts(standing_figure(known, [arm], compact=compact))) for compact in (False, True)
    )
    assert "Iguratimod twice" in wide
    assert "IGU+RTX" in narrow
    assert "Iguratimod twice" not in narrow
