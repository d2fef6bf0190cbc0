"""Figures of safety and of participants side by side: where marks stand, what a click gives, words apart."""

import itertools
import re

import pandas as pd
import pytest
from figure_frames import E2, POOLED, C, E, noted, texts

from charts.format import text_width
from charts.layout import NARROWEST, PHONE, labelled_places
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


def by_visit(weeks: int, grades: int):
    rows = [("IGU+RTX", float(w), g, 1, grades, 1 / grades) for w in range(weeks) for g in range(grades)]
    return pd.DataFrame(rows, columns=["arm", "time", "grade", "n", "N", "estimate"])


@pytest.mark.parametrize("compact", [False, True])
def test_every_grade_is_in_the_key_and_no_word_on_another(compact):
    """The Chinese score has 11 grades: on a phone they take several lines above the first arm."""
    words = [f"grade {grade}" for grade in range(11)]
    figure = grades_by_visit_figure(by_visit(3, 11), [E], grade_words=words, compact=compact)
    key = [note for note in figure.layout.annotations if "■" in note.text or "□" in note.text]
    assert [note.text.split("</span> ")[1] for note in key] == words
    lines = {note.yshift for note in key}
    assert len(lines) == (3 if compact else 2)
    for line in lines:
        starts = sorted(note.xshift for note in key if note.yshift == line)
        gaps = [b - a for a, b in itertools.pairwise(starts)]
        assert all(gap >= 13 + text_width("grade 10", 13) + 8 for gap in gaps)
        assert starts[-1] + 17 + text_width("grade 10", 13) < (PHONE if compact else NARROWEST)
    assert max(lines) + 10 <= figure.layout.margin.t and min(lines) >= 10  # inside the margin, above the name


@pytest.mark.parametrize(("compact", "labels"), [(False, 14), (True, 7)])
def test_the_number_assessed_stands_under_every_labelled_visit_and_no_other(compact, labels):
    figure = grades_by_visit_figure(by_visit(27, 2), [E], grade_words=["0", "1"], compact=compact)
    under = [note.x for note in figure.layout.annotations if note.xref == "x"]
    assert under == list(figure.layout.xaxis.tickvals)
    assert len(under) == labels and under[0] == 0 and under[-1] == 26


def test_labels_are_evenly_apart_and_keep_first_and_last():
    assert labelled_places(0, 7) == []
    assert labelled_places(1, 7) == [0]
    assert labelled_places(2, 1) == [0, 1]
    assert labelled_places(7, 7) == [0, 1, 2, 3, 4, 5, 6]
    assert labelled_places(8, 7) == [0, 2, 4, 7]


def test_a_cell_of_a_matrix_gives_its_place_and_an_empty_one_nothing():
    figure = matrix_figure(CELLS, [E, C], down=["0", "1"], across=["0", "1"], down_title="", across_title="")
    assert sorted(clicks(figure)) == [["IGU+RTX", "0", "1"], ["RTX", "0", "0"]]
    assert "0" in texts(figure) and "12" in texts(figure)


@pytest.mark.parametrize("compact", [False, True])
def test_a_long_word_below_a_matrix_is_broken_and_has_its_room(compact):
    levels = ["0", "1", "2", "3", "4", "5", "not assessed"]
    cells = pd.DataFrame({"arm": "IGU+RTX", "down": levels, "across": levels, "n": 1})
    figure = matrix_figure(
        cells,
        [E, E2, C],
        down=levels,
        across=levels,
        down_title="Baseline",
        across_title="Worst",
        compact=compact,
    )
    assert figure.layout.xaxis.ticktext[-1] == "not<br>assessed"
    assert figure.layout.xaxis.ticktext[0] == "0"
    narrow = matrix_figure(
        CELLS, [E], down=["0", "1"], across=["0", "1"], down_title="Baseline", across_title="Worst"
    )
    assert figure.layout.margin.b == narrow.layout.margin.b + 16
    assert figure.layout.margin.l > text_width("not assessed", 13) + 10


def test_panels_of_a_matrix_stand_below_each_other_on_a_phone():
    levels = ["0", "1"]
    figure = matrix_figure(
        CELLS, [E, E2, C], down=levels, across=levels, down_title="", across_title="", compact=True
    )
    panels = [figure.layout[f"yaxis{suffix}"].domain for suffix in ("", "2", "3")]
    assert panels[0][1] > panels[0][0] > panels[1][1] > panels[1][0] > panels[2][1] > panels[2][0]
    assert panels[2][0] == pytest.approx(0, abs=1e-9)  # nothing but the margin below the last


def test_the_words_of_a_cell_name_its_row_and_column():
    figure = matrix_figure(
        CELLS, [E], down=["0", "1"], across=["0", "1"], down_title="Baseline", across_title="Worst after"
    )
    assert figure.data[0].hovertext[0].split("<br>")[1] == "Baseline 0, worst after 1: 3 participants"


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


def named(figure) -> list[str]:
    """The names beside points, markup aside."""
    return [note.text for note in figure.layout.annotations if note.xref == "x" and note.yref == "y"]


def volcano(*rows):
    columns = ["name", "estimate", "p_value", "n"]
    frame = pd.DataFrame(rows, columns=columns).assign(soc="", q_value=1.0)
    return volcano_figure(frame.assign(term=frame["name"]), compared=PAIR, compact=False)


def test_a_name_without_room_outwards_stands_on_the_other_side():
    figure = volcano(("Rash of the outermost point", 0.2, 0.001, 9), ("Cough", -0.01, 0.9, 2))
    assert noted(figure, "Rash of the outermost").xanchor == "right"
    assert noted(figure, "Cough").xanchor == "right"  # left of zero, away from it


def test_no_name_stands_on_a_point_or_on_another_name():
    figure = volcano(("First", 0.10, 0.01, 4), ("Second", 0.105, 0.0101, 4), ("Far", -0.2, 0.5, 4))
    assert "First" in named(figure) and "Far" in named(figure)
    first, second = (noted(figure, name) for name in ("First", "Far"))
    assert {first.xanchor, second.xanchor} <= {"left", "right"}
    assert noted(figure, "First").xanchor == "right"  # to the right the second point is in the way


def test_a_long_name_is_cut_and_says_so():
    figure = volcano((LONG, 0.2, 0.001, 9))
    assert [name.endswith("…") for name in named(figure)] == [True]


def test_the_key_of_mirrored_grades_has_every_grade_on_a_phone():
    words = [f"grade {grade}" for grade in range(1, 6)] + ["grade missing"]
    grades = [*"12345", ""]
    cells = pd.concat([SHARES.assign(grade=grade, n=1, N=60) for grade in grades])
    figure = butterfly_figure(cells, [E, C], grades=grades, grade_words=words, compact=True)
    key = [note for note in figure.layout.annotations if "■" in note.text or "□" in note.text]
    assert [note.text.split("</span> ")[1] for note in key] == words
    assert figure.layout.xaxis.ticktext[0] == "" and figure.layout.xaxis2.ticktext[0] == "0"
    heads = [noted(figure, f"<b>{arm.trt}") for arm in (E, C)]
    assert max(head.yshift for head in heads) < min(note.yshift for note in key) - 8


def test_one_arm_is_not_mirrored():
    figure = butterfly_figure(BY_GRADE, [POOLED], grades=["1"], grade_words=["grade 1"])
    assert {trace.xaxis for trace in figure.data} == {"x2"}


@pytest.mark.parametrize("compact", [False, True])
def test_axis_titles_of_terms_are_as_wide_as_their_axes(compact):
    figure = term_rows_figure(SHARES, APART, [E, C], compared=PAIR, compact=compact)
    room = (PHONE if compact else NARROWEST) - figure.layout.margin.l - figure.layout.margin.r
    for axis in (figure.layout.xaxis, figure.layout.xaxis2):
        low, high = axis.domain
        assert text_width(axis.title.text, 13) <= (high - low) * room + 12
        spread = axis.range[1] - axis.range[0]
        at = [(tick - axis.range[0]) / spread * (high - low) * room for tick in axis.tickvals]
        words = [text_width(word, 13) for word in axis.ticktext]
        for i in range(len(at) - 1):
            assert at[i + 1] - at[i] > (words[i] + words[i + 1]) / 2 + 2


def test_a_long_term_is_cut_where_it_is_drawn_and_whole_in_the_words_on_it():
    for figure in (
        term_rows_figure(SHARES, APART, [E, C], compared=PAIR),
        butterfly_figure(BY_GRADE, [E, C], grades=["1"], grade_words=["grade 1"]),
    ):
        (drawn,) = [words for words in texts(figure) if words.startswith("Very long")]
        assert drawn.endswith("…") and len(drawn) < 80
        hover = re.sub(r"<br>|\s", "", "".join(h for t in figure.data for h in (t.hovertext or ())))
        assert re.sub(r"\s", "", "Very long preferred term " * 20) in hover


def test_mirrored_arms_have_their_bars_on_their_own_side():
    figure = butterfly_figure(BY_GRADE, [E, C], grades=["1"], grade_words=["grade 1"])
    sides = {(d[3], t.xaxis) for t in figure.data for d in t.customdata}
    assert sides == {("IGU+RTX", "x2"), ("RTX", "x")}


def test_first_events_and_those_at_risk_stand_below_each_period():
    assert {"3 / 60", "0 / 58", "0 / 0"} <= set(texts(periods_figure(PERIODS, [E, C])))


def test_the_names_of_the_rows_below_have_their_margin():
    figure = periods_figure(PERIODS, [E, C], compact=True)
    assert figure.layout.margin.l >= text_width("IGU+RTX", 12) + 18


def test_an_interval_taller_than_the_figure_is_cut_at_its_top():
    figure = periods_figure(PERIODS.replace({"conf_high": {204.0: 900.0}}), [E, C])
    (trace,) = [t for t in figure.data if t.name == "Iguratimod + rituximab"]
    top = figure.layout.yaxis.range[1]
    assert top < 900 and trace.y[0] + trace.error_y.array[0] == pytest.approx(top)
