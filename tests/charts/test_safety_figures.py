"""Figures of safety and of participants side by side: where marks stand, what a click gives, words apart."""

import pandas as pd
from figure_frames import E2, C, E, texts

from charts.compared_participants import compared_figure
from charts.heatmap import BANDS, heatmap_figure
from charts.participant_laboratory import laboratory_figure
from charts.safety.butterfly import butterfly_figure
from charts.safety.grades_by_visit import grades_by_visit_figure
from charts.safety.matrix import matrix_figure
from charts.safety.periods import periods_figure
from charts.safety.term_rows import term_rows_figure
from charts.safety.volcano import volcano_figure

LONG = "Very long preferred term " * 20 + "<b>"
GRADES = pd.DataFrame(
    [("IGU+RTX", 0.0, 0, 3, 4), ("IGU+RTX", 0.0, 1, 1, 4), ("RTX", 0.0, 0, 0, 0), ("RTX", 4.0, 1, 2, 2)],
    columns=["arm", "time", "grade", "n", "N"],
).assign(estimate=lambda f: f["n"] / f["N"].where(f["N"] > 0))
CELLS = pd.DataFrame(
    [("IGU+RTX", "0", "1", 3), ("IGU+RTX", "1", "1", 0), ("RTX", "0", "0", 12)],
    columns=["arm", "down", "across", "n"],
)
SHARES = pd.DataFrame(
    [
        ("Skin", "Rash <b>", "Rash <b>", "IGU+RTX", 6, 60),
        ("Skin", "Rash <b>", "Rash <b>", "RTX", 3, 58),
        ("Gut", LONG, LONG, "IGU+RTX", 1, 60),
        ("Gut", LONG, LONG, "RTX", 0, 0),
    ],
    columns=["soc", "term", "name", "arm", "n", "N"],
)
APART = pd.DataFrame(
    [("Skin", "Rash <b>", 0.048, -0.05, 0.15), ("Gut", LONG, 0.017, -0.05, 0.09)],
    columns=["soc", "term", "estimate", "conf_low", "conf_high"],
)
SCREENED = pd.DataFrame(
    [("Skin", "Rash <b>", "Rash <b>", 0.15, 0.001, 0.01, 9), ("Gut", LONG, LONG, -0.02, 1.0, 1.0, 1)],
    columns=["soc", "term", "name", "estimate", "p_value", "q_value", "n"],
)
BY_GRADE = SHARES[SHARES["arm"].isin(["IGU+RTX", "RTX"])].assign(grade="1")
PERIODS = pd.DataFrame(
    [
        ("Days 1 to 28", "IGU+RTX", 3, 60, 70.0, 14.0, 204.0),
        ("Days 1 to 28", "RTX", 0, 58, 0.0, 0.0, 83.0),
        ("From day 183", "IGU+RTX", 0, 0, float("nan"), float("nan"), float("nan")),
    ],
    columns=["period", "arm", "n", "at_risk", "estimate", "conf_low", "conf_high"],
)
LANES = pd.DataFrame(
    [("S<1>", "IGU+RTX", "CR"), ("S2", "IGU+RTX", "NR"), ("S3", "RTX", "NR")],
    columns=["USUBJID", "ARM", "GROUP"],
)
COUNTS = pd.DataFrame(
    [
        ("S<1>", 0.0, 12.0, BANDS[1], False),
        ("S<1>", 4.0, 140.0, BANDS[4], False),
        ("S3", 4.0, 8.0, BANDS[0], True),
    ],
    columns=["USUBJID", "AVISITN", "AVAL", "BAND", "RESCUED"],
)
GROUPS = {"CR": "Complete response", "NR": "No response"}
VALUES = pd.DataFrame(
    [("ALT", 1.0, 30.0, "U/L", 7.0, 40.0, ""), ("ALT", 29.0, 90.0, "U/L", 7.0, 40.0, "above"),
     ("X<b>", 8.0, 1.0, "", float("nan"), float("nan"), "")],
    columns=["PARAMCD", "ADY", "AVAL", "AVALU", "ANRLO", "ANRHI", "FLAG"],
)  # fmt: skip
EVENTS = pd.DataFrame([(8.0, 12.0, "rescue", "day 8: <b>")], columns=["ADY", "ENDDY", "KIND", "WORDS"])


def one_of(counts: pd.DataFrame) -> dict:
    return {"name": "S<1>", "line": "man <b>", "arm": E, "counts": counts, "events": EVENTS}


COURSE = pd.DataFrame({"ADY": [1.0, 8.0], "AVAL": [12.0, 60.0]})
PAIR = ("IGU+RTX", "RTX")
SAFETY_FIGURES = {
    "grades by visit": lambda part, **look: grades_by_visit_figure(
        part(GRADES), [E, E2, C], grade_words=[f"grade <{g}>" for g in sorted(part(GRADES)["grade"].unique())], **look
    ),
    "matrix": lambda part, **look: matrix_figure(
        part(CELLS), [E, E2, C], down=["0", "1"], across=["0", "1"], down_title="<b>", across_title="Worst", **look
    ),
    "term rows": lambda part, **look: term_rows_figure(part(SHARES), part(APART), [E, C], compared=PAIR, **look)
    if len(part(SHARES)) != 1
    else term_rows_figure(part(SHARES), part(APART), [E], compared=PAIR, **look),
    "volcano": lambda part, **look: volcano_figure(part(SCREENED), compared=("A <b>", "B"), **look),
    "butterfly": lambda part, **look: butterfly_figure(
        part(BY_GRADE), [E, C], grades=["1"], grade_words=["grade <1>"], **look
    ),
    "periods": lambda part, **look: periods_figure(part(PERIODS), [E, E2, C], **look),
    "heat map": lambda part, **look: heatmap_figure(
        part(COUNTS), LANES, [E, E2, C], weeks=[0.0, 4.0], groups=GROUPS, **look
    ),
    "compared": lambda part, **look: compared_figure([one_of(part(COURSE)), one_of(COURSE)], **look),
    "values": lambda part, **look: laboratory_figure(VALUES, **look),
}  # fmt: skip


def clicks(figure) -> list:
    return [list(data) for trace in figure.data if trace.customdata is not None for data in trace.customdata]


def test_a_segment_of_a_visit_gives_arm_week_and_grade():
    figure = grades_by_visit_figure(GRADES, [E, C], grade_words=["grade 0", "grade 1"])
    assert ["RTX", "4", "1"] in clicks(figure)
    (trace,) = [
        t for t in figure.data if t.name == "grade 1" and ["RTX", "4", "1"] in [list(d) for d in t.customdata]
    ]
    assert list(trace.y) == [100.0]


def test_a_cell_of_a_matrix_gives_its_place_and_an_empty_one_nothing():
    figure = matrix_figure(CELLS, [E, C], down=["0", "1"], across=["0", "1"], down_title="", across_title="")
    assert sorted(clicks(figure)) == [["IGU+RTX", "0", "1"], ["RTX", "0", "0"]]
    assert "0" in texts(figure) and "12" in texts(figure)


def test_shares_and_differences_stand_at_one_height_for_a_term():
    figure = term_rows_figure(SHARES, APART, [E, C], compared=PAIR)
    dots = {
        tuple(d): (x, y)
        for t in figure.data
        if t.customdata is not None
        for d, x, y in zip(t.customdata, t.x, t.y, strict=True)
    }
    assert dots["Skin", "Rash <b>", "IGU+RTX"][0] == 10.0
    assert (
        dots["Skin", "Rash <b>", "IGU+RTX"][1] == dots["Skin", "Rash <b>", "RTX"][1] == figure.data[-1].y[0]
    )
    assert ("Gut", LONG, "RTX") not in dots  # nobody in the arm: no share
    assert figure.data[-1].x[0] == 4.8


def test_the_side_of_the_arm_that_had_more_is_named():
    words = texts(term_rows_figure(SHARES, APART, [E, C], compared=PAIR))
    assert {"more with IGU+RTX", "more with RTX"} <= set(words)


def test_a_line_stands_at_the_largest_p_of_the_false_discovery_rate():
    (line,) = [s for s in volcano_figure(SCREENED, compared=PAIR).layout.shapes if s.line.dash != "solid"]
    assert line.y0 == 3.0  # -log10 0.001
    none = volcano_figure(SCREENED.assign(q_value=1.0), compared=PAIR)
    assert all(shape.line.dash == "solid" for shape in none.layout.shapes)


def test_mirrored_arms_have_their_bars_on_their_own_side():
    figure = butterfly_figure(BY_GRADE, [E, C], grades=["1"], grade_words=["grade 1"])
    sides = {(d[3], t.xaxis) for t in figure.data for d in t.customdata}
    assert sides == {("IGU+RTX", "x2"), ("RTX", "x")}


def test_first_events_and_those_at_risk_stand_below_each_period():
    assert {"3 / 60", "0 / 58", "0 / 0"} <= set(texts(periods_figure(PERIODS, [E, C])))


def test_a_cell_of_the_heat_map_opens_its_participant_and_rescue_is_crossed():
    figure = heatmap_figure(COUNTS, LANES, [E, C], weeks=[0.0, 4.0], groups=GROUPS)
    opened = [d for t in figure.data if t.customdata is not None for d in t.customdata]
    assert sorted(opened) == ["S3", "S<1>", "S<1>"]
    crosses = [t for t in figure.data if t.marker.symbol == "x-thin" and len(t.x)]
    assert [(list(t.x), t.xaxis) for t in crosses] == [([1], "x2")]


def test_participants_share_the_scale_and_the_days():
    layout = compared_figure([one_of(COURSE), one_of(COURSE.assign(AVAL=900.0))]).layout
    assert layout.yaxis.range == layout.yaxis3.range
    assert layout.xaxis.range[1] > 28


def test_a_value_outside_the_limits_of_normal_is_filled():
    figure = laboratory_figure(VALUES)
    assert len(set(figure.data[0].marker.color)) == 2
    assert len(figure.layout.shapes) == 1  # the second parameter has no limits
