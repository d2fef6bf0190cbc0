"""Rules one below the other: filled and hollow marks, where they stand, their words and click data."""

import itertools

import pandas as pd
import pytest
from figure_frames import NAN, POOLED, C, E, noted, texts

from charts.rule_rows import rule_rows_figure

COLUMNS = ["rule", "arm", "n", "N", "estimate", "conf_low", "conf_high"]
RATES = pd.DataFrame(
    [
        ("protocol", "IGU+RTX", 22, 27, 22 / 27, 0.633, 0.918),
        ("protocol", "RTX", 16, 28, 16 / 28, 0.391, 0.735),
        ("changed", "IGU+RTX", 20, 27, 20 / 27, 0.553, 0.868),
        ("changed", "RTX", 0, 0, NAN, NAN, NAN),
    ],
    columns=COLUMNS,
)
APART = pd.DataFrame(
    [
        ("protocol", "IGU+RTX - RTX", 0.243, -0.003, 0.465),
        ("changed", "IGU+RTX - RTX", NAN, NAN, NAN),
    ],
    columns=["rule", "comparison", "estimate", "conf_low", "conf_high"],
)
RULES = {"protocol": "Protocol", "changed": "Response threshold <b>50</b> instead of 30"}
MOVED = {"changed": "4 change class"}


def figure(**look):
    return rule_rows_figure(RATES, APART, [E, C], rules=RULES, moved=MOVED, **look)


def test_the_protocol_is_filled_and_the_changed_rule_hollow_in_the_arm_s_colour():
    first, second, difference = figure().data
    assert list(first.x) == pytest.approx([81.48, 74.07], abs=0.01)
    assert first.marker.color == ("#0072B2", "#FFFFFF")
    assert first.marker.line.color == "#0072B2"
    assert (first.marker.symbol, second.marker.symbol) == ("circle", "diamond")
    assert first.error_x.array[1] == pytest.approx(86.8 - 74.07, abs=0.01)
    assert first.error_x.arrayminus[1] == pytest.approx(74.07 - 55.3, abs=0.01)
    assert len(second.x) == 1  # nobody due under the changed rule
    assert list(difference.x) == pytest.approx([24.3])


def test_a_click_names_rule_and_arm():
    assert [list(cell) for cell in figure().data[0].customdata] == [
        ["protocol", "IGU+RTX"],
        ["changed", "IGU+RTX"],
    ]
    alone = rule_rows_figure(RATES, APART, [E, C], rules=RULES, moved=MOVED, by_rule=False)
    assert [list(cell) for cell in alone.data[0].customdata] == [["IGU+RTX"], ["IGU+RTX"]]


def test_numbers_stand_in_words_beside_the_marks():
    drawn = figure()
    assert "81% vs 57%" in noted(drawn, "Protocol").text
    assert "74% vs nobody due" in noted(drawn, "Response threshold").text
    assert "4 change class" in texts(drawn)
    assert "24.3 (\N{MINUS SIGN}0.3 to 46.5)" in texts(drawn)


def test_on_a_phone_the_difference_stands_in_words():
    drawn = figure(compact=True)
    assert len(drawn.data) == 2
    words = noted(drawn, "Protocol").text
    assert "difference 24.3 (\N{MINUS SIGN}0.3 to 46.5)" in words and "81% vs 57%" in words


def test_rows_are_apart_and_inside_the_plot():
    for compact in (False, True):
        drawn = figure(compact=compact)
        heights = sorted(y for trace in drawn.data[:2] for y in trace.y)
        low, high = drawn.layout.yaxis.range[1], drawn.layout.yaxis.range[0]
        assert low < heights[0] and heights[-1] < high
        assert all(b - a >= 14 for a, b in itertools.pairwise(heights))


def test_one_arm_has_no_difference():
    pooled = RATES.assign(arm="All").drop_duplicates("rule")
    drawn = rule_rows_figure(pooled, APART, [POOLED], rules=RULES, moved=MOVED)
    assert "xaxis2" not in drawn.layout
    assert tuple(drawn.layout.xaxis.domain) == (0, 1)
