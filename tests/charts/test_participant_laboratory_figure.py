"""Laboratory values of one participant in small panels."""

import pandas as pd
import pytest
from figure_frames import NAN, texts

from charts.participant_laboratory import laboratory_figure

COLUMNS = ["KEY", "PARAMCD", "LABEL", "UNIT", "ADY", "AVAL", "ANRLO", "ANRHI", "FLAG", "TIMES", "SHOWN"]
ROWS = pd.DataFrame(
    [
        ("HGB", "HGB", "Haemoglobin", "g/L", -1.0, 90.0, 115.0, 150.0, "low", NAN, 90.0),
        ("HGB", "HGB", "Haemoglobin", "g/L", 29.0, 120.0, 115.0, 150.0, "normal", NAN, 120.0),
        ("ALT", "ALT", "Alanine <b>", "U/L", -1.0, 40.0, 7.0, 40.0, "normal", 1.0, 1.0),
        ("ALT", "ALT", "Alanine <b>", "U/L", 29.0, 200.0, 7.0, 40.0, "high", 5.0, 5.0),
        ("X (?)", "X", "X", "", 29.0, 3.0, NAN, NAN, "", NAN, 3.0),
    ],
    columns=COLUMNS,
)


def drawn(rows=ROWS, **look):
    return laboratory_figure(rows, days=(-1.0, 100.0), **look)


def test_a_panel_per_parameter_in_the_order_given_on_the_days_of_the_course():
    figure = drawn()
    assert [list(trace.y) for trace in figure.data] == [[90, 120], [1, 5], [3]]
    domains = [figure.layout[name].domain for name in ("yaxis", "yaxis2", "yaxis3")]
    assert domains[0][0] > domains[1][1] and domains[1][0] > domains[2][1]
    assert figure.layout.xaxis.range == pytest.approx((-1 - 0.012 * 101, 100 + 0.012 * 101))


def test_values_outside_their_limits_are_filled():
    (haemoglobin, _, _) = drawn().data
    outside, inside = haemoglobin.marker.color
    assert outside == "#1C2128" and inside == "#FFFFFF"


def test_liver_values_are_multiples_with_the_line_of_three_times_the_limit():
    figure = drawn()
    assert any("Alanine &lt;b&gt;" in word and "× upper limit" in word for word in texts(figure))
    assert figure.data[1].hovertext[1] == "day 29: 200 U/L<br>5 × upper limit<br>high"
    (line,) = [shape for shape in figure.layout.shapes if shape.type == "line"]
    assert (line.yref, line.y0) == ("y2", 3)


def test_limits_of_normal_are_shaded_where_there_are_any():
    bands = {s.yref: (s.y0, s.y1) for s in drawn().layout.shapes if s.type == "rect"}
    assert bands["y"] == (115, 150) and bands["y2"][1] == 1 and "y3" not in bands


@pytest.mark.parametrize("rows", [ROWS.head(0), ROWS.head(1), ROWS.tail(1)])
def test_few_values(rows):
    assert drawn(rows, compact=True).layout.height > 0
