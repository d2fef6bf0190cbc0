"""Swim lanes and the course of one participant."""

import itertools

import pandas as pd
import pytest
from figure_frames import NAN, C, E, noted, texts, traces_of

from charts.callouts import Scene, _box, placed_callouts
from charts.event_rows import bleeding_row
from charts.participants import participant_figure, swimlane_figure
from charts.theme import look_of, state_styles

LANES = pd.DataFrame(
    [
        ("01-001", "RTX", "CR", 364, NAN, "completed"),
        ("01-002", "RTX", "CR", 200, NAN, "on study"),
        ("01-003", "RTX", "NR", 120, 36.0, "withdrawn"),
    ],
    columns=["USUBJID", "ARM", "GROUP", "LASTDY", "RESCUEDY", "STATUS"],
)
STATES = pd.DataFrame(
    [("01-001", 15, 98, "R"), ("01-001", 99, 364, "CR"), ("01-002", 29, 200, "CR"), ("01-003", 2, 35, "NR")],
    columns=["USUBJID", "STARTDY", "ENDDY", "STATE"],
)


def test_lanes_are_thick_in_response_and_thin_elsewhere():
    figure = swimlane_figure(STATES, LANES, [E, C])
    bars = {t.marker.color: t for t in traces_of(figure, "bar") if len(t.x) and t.xaxis == "x2"}
    fills = state_styles("light")
    complete, thin = bars[fills["CR"].fill], bars[fills["NR"].fill]
    assert complete.width > 3 * thin.width
    assert list(complete.customdata) == ["01-001", "01-002"]
    assert list(complete.base) == pytest.approx([14, 4])  # day 99 is the first day of week 14
    assert complete.base[0] + complete.x[0] == pytest.approx(52)
    assert list(thin.customdata) == ["01-001", "01-002", "01-003"]


def test_groups_are_named_counted_and_set_apart():
    figure = swimlane_figure(STATES, LANES, [E, C])
    assert noted(figure, "<b>CR</b>").text.endswith(">2</span>")
    assert noted(figure, "<b>CR</b>").y > noted(figure, "<b>NR</b>").y
    thin = next(t for t in traces_of(figure, "bar") if t.xaxis == "x2")
    assert thin.y[2] - thin.y[1] == pytest.approx(1 + 2.2)


def test_marks_for_rescue_followed_and_left():
    marks = {t.marker.symbol: t for t in traces_of(swimlane_figure(STATES, LANES, [C]), "scatter")}
    assert list(marks["x-thin"].customdata) == ["01-003"] and marks["x-thin"].x[0] == 5
    assert list(marks["triangle-right"].customdata) == ["01-002"]
    assert list(marks["line-ns"].customdata) == ["01-003"]


def test_lanes_of_nobody():
    figure = swimlane_figure(STATES.head(0), LANES.head(0), [E, C])
    assert any("0 participants" in word for word in texts(figure))


COUNTS = pd.DataFrame(
    [
        (-1.0, 18.0, "", 18.0, NAN, "", "N", "baseline"),
        (15.0, 40.0, "", 18.0, 36.0, "", "Y", "onset"),
        (23.0, 87.0, "", 18.0, 36.0, "", "Y", "confirms"),
        (95.0, 134.0, "", 18.0, 36.0, "95 to 123", "N", "none"),
        (130.0, 2.0, "<2", 18.0, 36.0, "", "N", "none"),
    ],
    columns=["ADY", "AVAL", "AVALC", "BASE", "THRESHOLD", "SHADOWDY", "USABLE", "ROLE"],
)
BLEEDING = pd.DataFrame([(1.0, 0.0), (15.0, 2.0), (16.0, 1.0)], columns=["ADY", "AVAL"])
DRUGS = ["ASTDY", "AENDY", "CMDECOD", "CMCLAS", "CMDOSE", "CMDOSU"]
RESCUE = pd.DataFrame([(95.0, 98.0, "Immunoglobulin <i>", "IVIG", NAN, "")], columns=DRUGS)
TAPER = pd.DataFrame(
    [(1.0, 28.0, "Prednisone", "C", 20.0, "mg/day"), (29.0, 85.0, "Prednisone", "C", 10.0, "mg/day")],
    columns=DRUGS,
)
DOSES = pd.DataFrame(
    [(d, d, "Rituximab", 100.0, "mg") for d in (1.0, 8.0)],
    columns=["ASTDY", "AENDY", "EXTRT", "EXDOSE", "EXDOSU"],
)
EVENTS = pd.DataFrame(
    [
        (30.0, NAN, NAN, "ALT INCREASED", "2"),
        (40.0, 44.0, 5.0, "Nausea <i>", ""),
        (50.0, 51.0, 2.0, "Headache", "1"),
        (60.0, 60.0, 1.0, "Headache", "3"),
    ],
    columns=["ASTDY", "AENDY", "DAYS", "AEDECOD", "AETOXGR"],
)


def one(**changes):
    parts = {
        "days": (-1.0, 130.0),
        "bleeding": {"WHO scale": BLEEDING},
        "rescue": RESCUE,
        "medication": TAPER,
        "exposure": DOSES,
        "adverse_events": EVENTS,
        "arm": E,
    }
    return participant_figure(changes.pop("counts", COUNTS), **(parts | changes))


def test_counts_used_are_filled_and_the_others_hollow():
    line = one().data[0]
    assert list(line.marker.color) == ["#0072B2", "#0072B2", "#0072B2", "#FFFFFF", "#FFFFFF"]
    assert "&lt;2" in line.hovertext[4]
    assert line.y[4] == 2


def test_the_line_this_person_must_reach():
    figure = one()
    assert "36 needed for R:<br>twice the baseline" in texts(figure)
    assert any(shape.y0 == 36 and shape.y1 == 36 for shape in figure.layout.shapes)
    plain = one(counts=COUNTS.assign(THRESHOLD=30.0))
    assert not any("needed" in word for word in texts(plain))


def test_callouts_name_onset_and_confirmation():
    figure = one()
    onset = noted(figure, "<b>Onset</b>, day 15")
    assert (onset.x, onset.showarrow) == (15, True)
    assert 10**onset.y == pytest.approx(40)
    assert noted(figure, "<b>Confirmed</b>, day 23").x == 23


def test_rescue_and_its_shadow():
    figure = one()
    (shadow,) = [s for s in figure.layout.shapes if s.type == "rect" and s.yref == "paper"]
    assert (shadow.x0, shadow.x1, shadow.y1) == (95, 123, 1)
    assert "Immunoglobulin &lt;i&gt;, day 95" in texts(figure)
    assert "rescue shadow" in texts(figure)


def test_grade_zero_is_a_tick_and_other_grades_are_squares():
    ticks, squares = one().data[1:3]
    assert ticks.x[0] == 1
    assert list(squares.x) == [15, 16] and list(squares.text) == ["<b>2</b>", "<b>1</b>"]
    assert squares.marker.size[0] > squares.marker.size[1]


def test_squares_that_would_touch_stand_on_tiers():
    tiers = [m["tier"] for m in bleeding_row(BLEEDING, "Bleeding", 1.0)["marks"] if m["kind"] == "square"]
    assert tiers == [0, 1]
    apart = [m["tier"] for m in bleeding_row(BLEEDING, "Bleeding", 30.0)["marks"] if m["kind"] == "square"]
    assert apart == [0, 0]


def test_treatment_and_adverse_events_in_words():
    words = texts(one())
    assert {"Rituximab 100 mg", "2 doses", "Prednisone, mg/day", "20", "10", "to day 85"} <= set(words)
    assert {"Alt increased", "<b>Treatment</b>", "<b>Adverse events</b>"} <= set(words)


def test_grade_and_duration_stand_beside_an_event():
    words = set(texts(one()))
    assert {"grade 2, no end known", "grade missing, 5 days", "grade 3, 2 times"} <= words


def test_a_bar_says_what_it_is_wherever_it_is_touched():
    (hovers,) = [t for t in one().data if t.type == "scatter" and t.marker.opacity == 0]
    said = set(hovers.hovertext)
    assert "Headache, grade 3: day 60" in said and "Headache, grade 1: day 50 to 51" in said
    assert "Alt increased, grade 2: from day 30, no end known" in said
    assert "Prednisone 10 mg/day: day 29 to 85" in said
    along = [
        x for x, text in zip(hovers.x, hovers.hovertext, strict=True) if text.startswith("Prednisone 10")
    ]
    assert len(along) > 5 and min(along) < 35 and max(along) > 79


def test_the_reason_of_a_changed_dose_is_said():
    doses = pd.DataFrame(
        [
            (1.0, 15.0, "Eltrombopag", 50.0, "mg", ""),
            (16.0, 40.0, "Eltrombopag", 75.0, "mg", "PLATELETS <b>"),
        ],
        columns=["ASTDY", "AENDY", "EXTRT", "EXDOSE", "EXDOSU", "EXADJ"],
    )
    (hovers,) = [t for t in one(exposure=doses).data if t.type == "scatter" and t.marker.opacity == 0]
    assert "Eltrombopag 75 mg: day 16 to 40<br>platelets &lt;b&gt;" in set(hovers.hovertext)


def test_every_instrument_has_a_row_of_its_own():
    figure = one(bleeding={"WHO scale": BLEEDING, "ITP-BAT, skin": BLEEDING.head(2)})
    assert {"WHO scale", "ITP-BAT, skin"} <= set(texts(figure))
    (squares,) = [t for t in figure.data if t.type == "scatter" and t.mode == "markers+text"]
    assert list(squares.text) == ["<b>2</b>", "<b>1</b>", "<b>2</b>"]
    assert squares.hovertext[0] == "day 15: WHO scale, grade 2"
    assert squares.y[2] > squares.y[0]


def test_a_phone_has_treatment_and_adverse_events_with_their_words_above_the_row():
    words = texts(one(compact=True))
    assert {"<b>Treatment</b>", "<b>Adverse events</b>", "36 needed for R"} <= set(words)
    assert {
        "Rituximab 100 mg, 2 doses",
        "Prednisone, mg/day, 20, 10, to day 85",
        "Headache, grade 3, 2 times",
        "Rescue, Immunoglobulin &lt;i&gt;, day 95",
    } <= set(words)


@pytest.mark.parametrize("compact", [False, True])
def test_no_name_of_a_row_stands_on_another(compact):
    figure = one(compact=compact)
    heights = [note.y for note in figure.layout.annotations if note.yref == "y2" and note.xref == "paper"]
    names = sorted(set(heights))
    assert min(b - a for a, b in itertools.pairwise(names)) >= 8


def test_more_terms_than_there_is_room_for_are_counted():
    many = pd.concat([EVENTS.head(1).assign(AEDECOD=f"Term {i}") for i in range(17)], ignore_index=True)
    assert "and 3 more terms, in the table" in texts(one(adverse_events=many))


def test_all_figures_of_one_share_the_axis_of_days():
    assert one().layout.xaxis.range == pytest.approx((-1 - 0.012 * 131, 130 + 0.012 * 131))


def test_one_participant_without_anything():
    figure = one(
        counts=COUNTS.head(0), bleeding={"WHO scale": BLEEDING.head(0)}, rescue=RESCUE.head(0),
        medication=TAPER.head(0), exposure=DOSES.head(0), adverse_events=EVENTS.head(0), arm=C,
    )  # fmt: skip
    assert {"no assessment", "none"} <= set(texts(figure))
    assert texts(figure).count("none") == 2  # rescue and adverse events


def test_an_event_without_a_first_day_is_not_said_to_be_none():
    figure = one(rescue=RESCUE.assign(ASTDY=NAN), adverse_events=EVENTS.assign(ASTDY=NAN))
    assert texts(figure).count("first day not known") == 2 and "none" not in texts(figure)


def test_callouts_keep_off_the_curve_and_each_other():
    curve = [(0.0, 150.0), (100.0, 100.0), (110.0, 100.0), (300.0, 60.0)]
    scene = Scene(curve, (300, 250))
    marks = [(15, 40, [(100.0, 100.0)], "Onset", "day 15"), (16, 40, [(110.0, 100.0)], "Confirmed", "day 23")]
    notes = placed_callouts(marks, [scene], look_of("light"))
    first, second = (
        _box(at[0], (note["ax"], note["ay"]), 50) for (_, _, at, _, _), note in zip(marks, notes, strict=True)
    )
    assert first[3] < second[1] or second[3] < first[1] or first[2] < second[0] or second[2] < first[0]
    assert all(
        not (left < x < right and top < y < bottom)
        for left, top, right, bottom in (first, second)
        for x, y in curve
    )
