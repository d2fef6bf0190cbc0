"""Up to four participants below each other."""

import math

import pandas as pd
import pytest
from figure_frames import C, E, noted, texts
from test_participant_figures import BLEEDING, COUNTS, EVENTS, RESCUE, STATES

from charts.participants_compared import compared_figure
from charts.theme import state_styles

COLUMNS = ["STARTDY", "ENDDY", "STATE"]
PERSON = {
    "name": "01-001",
    "line": "Iguratimod + rituximab, <b>woman",
    "arm": E,
    "counts": COUNTS[["ADY", "AVAL"]],
    "states": STATES.loc[STATES["USUBJID"] == "01-001", COLUMNS],
    "bleeding": {"WHO scale": BLEEDING},
    "rescue": RESCUE,
    "adverse_events": EVENTS.tail(1),
}
OTHER = PERSON | {
    "name": "01-002",
    "arm": C,
    "counts": COUNTS[["ADY", "AVAL"]].assign(AVAL=1500.0),
    "states": STATES.head(0)[COLUMNS],
    "bleeding": {"WHO scale": BLEEDING.head(0)},
    "rescue": RESCUE.head(0),
    "adverse_events": EVENTS.head(0),
}


def compared(people=(PERSON, OTHER), **look):
    return compared_figure(people, days=(-1.0, 364.0), **look)


def panels(figure):
    return [axis for axis in figure.select_yaxes() if axis.type == "log"]


@pytest.mark.parametrize("compact", [False, True])
def test_one_scale_for_everybody_that_holds_the_highest_count(compact):
    first, second = panels(compared(compact=compact))
    assert first.range == second.range and first.type == second.type == "log"
    assert 10 ** first.range[1] > 1500 and 10 ** first.range[0] < 2
    assert first.domain[0] > second.domain[1]


def test_each_is_named_with_the_facts_and_in_the_colour_of_the_arm():
    figure = compared()
    assert "&lt;b&gt;woman" in noted(figure, "<b>01-001</b>").text
    assert noted(figure, "<b>01-001</b>").font.color != noted(figure, "<b>01-002</b>").font.color


def test_response_is_drawn_day_by_day():
    figure, fills = compared([PERSON]), state_styles("light")
    bars = {shape.fillcolor: shape for shape in figure.layout.shapes if shape.type == "rect"}
    complete, response = bars[fills["CR"].fill], bars[fills["R"].fill]
    assert (response.x0, response.x1) == (15, 99) and (complete.x0, complete.x1) == (99, 365)


def test_what_did_not_happen_is_said():
    words = texts(compared([OTHER]))
    assert {"not known on any day", "no assessment", "none", "none of grade 3 or more"} <= set(words)


def test_severe_events_and_rescue_stand_below_with_their_days():
    words = set(texts(compared([PERSON])))
    assert {"Headache", "grade 3, 1 day", "Immunoglobulin &lt;i&gt;, day 95"} <= words


@pytest.mark.parametrize("compact", [False, True])
def test_panels_and_rows_do_not_meet(compact):
    figure = compared([PERSON, OTHER, PERSON | {"name": "3"}, OTHER | {"name": "4"}], compact=compact)
    plot = figure.layout.yaxis2.range[0]
    drawn = [(plot * (1 - axis.domain[1]), plot * (1 - axis.domain[0])) for axis in panels(figure)]
    rows = [note.y for note in figure.layout.annotations if note.yref == "y2" and note.xref == "paper"]
    assert len(drawn) == 4
    assert not any(top < y < bottom for top, bottom in drawn for y in rows)


def test_a_count_below_one_has_a_place_on_the_axis():
    low = compared([PERSON | {"counts": pd.DataFrame({"ADY": [1.0], "AVAL": [0.0]})}])
    assert low.data[0].y[0] == 1 and math.isfinite(panels(low)[0].range[0])


def test_nobody():
    assert compared([]).layout.height > 0
