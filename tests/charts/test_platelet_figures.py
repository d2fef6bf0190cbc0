"""Platelet courses, every participant and thresholds."""

import numpy as np
import pandas as pd
import pytest
from figure_frames import E2, NAN, C, E, course, noted, records, texts

from charts.platelets import change_figure, course_figure, participants_figure, thresholds_figure
from charts.trajectories import small_trajectories_figure

COURSE = course(
    ("IGU+RTX", 0, 60, 15, 10, 20),
    ("IGU+RTX", 26, 53, 68, 30, 120),
    ("IGU+RTX", 52, 23, 70, 40, 150),
    ("RTX", 0, 60, 14, 9, 19),
    ("RTX", 26, 56, 40, 20, 90),
)
SIZES = {"IGU+RTX": 60, "RTX": 60}


def test_course_labels_give_the_mature_week():
    figure = course_figure(COURSE, [E, C], mature_week=26, enrolled=SIZES)
    assert "<b>Iguratimod + rituximab</b><br>68 at week 26" in texts(figure)
    assert "<b>Rituximab</b><br>40 at week 26" in texts(figure)
    assert "Platelets, ×10⁹/L, median and interquartile range" in texts(figure)
    assert noted(figure, "68 at").y > noted(figure, "40 at").y


def test_thresholds_live_in_the_ticks():
    log = course_figure(COURSE, [E, C]).layout.yaxis
    assert log.type == "log"
    assert log.ticktext == ("10", "response <b>30</b>", "50", "complete <b>100</b>", "300")
    phone = course_figure(COURSE, [E, C], compact=True).layout.yaxis
    assert "R <b>30</b>" in phone.ticktext and "CR <b>100</b>" in phone.ticktext
    linear = course_figure(COURSE, [E, C], log=False).layout.yaxis
    assert (linear.type, linear.tickvals[0]) == ("linear", 0)
    dotted = course_figure(COURSE, [E, C]).layout.shapes[:3]
    assert [shape.y0 for shape in dotted] == [30, 50, 100]


def test_every_interval_is_inside_the_axis():
    low, high = course_figure(course(("RTX", 0, 9, 5, 1, 900)), [C]).layout.yaxis.range
    assert 10**low <= 1 and 10**high >= 900


def test_geometric_mean_names_its_interval():
    figure = course_figure(COURSE, [E, C], kind="geometric mean")
    assert "Platelets, ×10⁹/L, geometric mean and 95% CI" in texts(figure)
    assert "95% CI 30 to 120" in figure.data[1].hovertext[1]


def test_immature_part_is_marked():
    figure = course_figure(COURSE, [E, C], enrolled=SIZES)
    assert noted(figure, "fewer than half").text == "fewer than half<br>observed"
    assert "fewer than half<br>observed" not in texts(
        course_figure(COURSE[COURSE["time"] < 52], [E, C], enrolled=SIZES)
    )


def test_arms_are_dodged_around_the_visit():
    figure = course_figure(COURSE, [E, C])
    lines = [trace for trace in figure.data if trace.mode == "lines+markers"]
    assert lines[0].x[1] < 26 < lines[-1].x[1]
    assert (lines[0].x[1] + lines[-1].x[1]) / 2 == pytest.approx(26)


def test_change_has_a_line_at_no_change_and_signed_ticks():
    change = COURSE.assign(estimate=COURSE["estimate"] - 15, conf_low=-20, conf_high=80)
    figure = change_figure(change, [E, C], mature_week=26)
    assert "0" in figure.layout.yaxis.ticktext and "+20" in figure.layout.yaxis.ticktext
    assert (figure.layout.shapes[0].y0, figure.layout.shapes[0].y1) == (0, 0)
    assert "<b>Rituximab</b><br>+25 at week 26" in texts(figure)


RECORDS = records(
    ("RTX", "01-002", 0, 12), ("RTX", "01-002", 4, 30), ("RTX", "01-001", 4, 0.4), ("RTX", "01-001", 0, 10),
    ("IGU+RTX", "01-003", 0, NAN),
)  # fmt: skip


def test_every_participant_is_one_stretch_of_one_trace_per_arm():
    figure = participants_figure(RECORDS, COURSE, [E, C], enrolled=SIZES)
    (control,) = [t for t in figure.data if t.name == "Rituximab"]
    assert list(control.customdata) == ["01-001", "01-001", "", "01-002", "01-002"]
    assert np.isnan(control.y[2])
    assert control.y[1] == 1  # below 1 has no place on a log axis
    assert control.mode == "lines+markers" and control.type == "scatter"  # a line alone cannot be clicked
    (experimental,) = [t for t in figure.data if t.name == "Iguratimod + rituximab"]
    assert len(experimental.x) == 0
    assert any("<b>Rituximab</b>  60 participants" in word for word in texts(figure))


def test_panels_stand_side_by_side_and_on_a_phone_below_each_other():
    wide = participants_figure(RECORDS, COURSE, [E, C]).layout
    assert wide.xaxis.domain[1] < wide.xaxis2.domain[0]
    phone = participants_figure(RECORDS, COURSE, [E, C], compact=True).layout
    assert phone.yaxis.domain[0] > phone.yaxis2.domain[1]
    assert phone.height > wide.height


def test_small_trajectories_write_the_median():
    figure = small_trajectories_figure(RECORDS, COURSE, [E, C], label_week=26)
    assert "<b>Rituximab</b><br>median <b>40</b> at week 26" in texts(figure)
    assert not any(trace.mode == "lines+markers" for trace in figure.data)


SHARES = pd.DataFrame(
    [(arm, cut, week, n, 60 if week < 52 else 20, n / (60 if week < 52 else 20))
     for arm, shift in (("IGU+RTX", 6), ("RTX", 0))
     for cut, base in ((30, 30), (50, 24), (100, 12))
     for week, n in ((0, 0), (26, base + shift), (52, 10))],
    columns=["arm", "threshold", "time", "n", "N", "estimate"],
)  # fmt: skip


def test_thresholds_have_a_panel_each_and_labels_at_the_mature_week():
    figure = thresholds_figure(SHARES, [E, C], mature_week=26)
    words = texts(figure)
    assert [w for w in words if w.startswith("<b>At least")] == [
        "<b>At least 30</b>", "<b>At least 50</b>", "<b>At least 100</b>",
    ]  # fmt: skip
    assert "<b>60%</b>" in words and "<b>50%</b>" in words  # 36 and 30 of 60
    assert any(word.startswith("<b>30%</b> ") and "IGU+RTX" in word for word in words)  # 18 of 60, named
    points = [cell for t in figure.data if t.customdata is not None for cell in t.customdata]
    assert ["RTX", 100, 26] in [list(cell) for cell in points]


def test_markup_in_an_arm_name_is_shown_as_letters():
    shown = texts(course_figure(COURSE.replace("RTX", "IGU"), [E2]))
    assert any("&lt;b&gt;alone&lt;/b&gt;" in word for word in shown)
    assert not any("<b>alone" in word for word in shown)
