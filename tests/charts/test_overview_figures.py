"""Enrolment, who is due, sites and completeness."""

import datetime

import pandas as pd
import pytest
from figure_frames import NAN, C, E, noted, texts, traces_of

from charts.data import completeness_figure
from charts.overview import due_figure, enrolment_figure, sites_figure

MONTHS = pd.DataFrame(
    {
        "month": pd.date_range("2025-11-01", periods=4, freq="MS"),
        "enrolled": [5, 20, 47, 60],
        "due": [0, 0, 0, 8],
    }
)
PLAN = {"plan_start": datetime.date(2025, 11, 1), "plan_end": datetime.date(2026, 5, 31), "planned": 120}


def test_enrolment_and_due_are_steps_labelled_at_their_end():
    figure = enrolment_figure(MONTHS, **PLAN)
    plan, enrolled, due = figure.data
    assert list(plan.y) == [0, 120] and plan.line.dash == "4px,3px"
    assert list(enrolled.y) == [0, 5, 20, 47, 60]
    assert enrolled.line.shape == "hvh"
    assert enrolled.x[-1] == datetime.datetime(2026, 2, 28)
    assert list(due.y) == [0, 8]
    assert {"<b>60</b> enrolled", "<b>8</b> due", "plan: 120 by 31 May 2026"} <= set(texts(figure))


def test_enrolment_ticks_name_the_year_once():
    assert enrolment_figure(MONTHS, **PLAN).layout.xaxis.ticktext == ("Jan 2026", "Apr")
    assert enrolment_figure(MONTHS).layout.xaxis.ticktext == ("Nov 2025", "Dec", "Jan 2026", "Feb", "Mar")


def test_enrolment_without_plan_or_anybody():
    assert len(enrolment_figure(MONTHS).data) == 2
    assert texts(enrolment_figure(MONTHS.head(0))) == []


def test_due_bars():
    due = pd.DataFrame(
        [("A", "Response at week 12", 60, 120), ("B", "Overall", 0, 0)],
        columns=["paramcd", "label", "n", "N"],
    )
    figure = due_figure(due)
    whole, part = traces_of(figure, "bar")
    assert list(part.x) == [0.5, 0] and list(whole.x) == [1, 1]
    assert list(part.customdata) == ["A", "B"]
    assert {"Response at week 12", "<b>60</b> of 120", "<b>0</b> of 0"} <= set(texts(figure))


def test_long_endpoint_names_wrap():
    due = pd.DataFrame([("A", "Sustained response for six months or longer within a year", 1, 2)],
                       columns=["paramcd", "label", "n", "N"])  # fmt: skip
    assert any("<br>" in word for word in texts(due_figure(due)))


def test_sites_furthest_from_the_cut_first():
    sites = pd.DataFrame([("01", 12, 3.0), ("02", 9, 45.0), ("<04>", 2, NAN)], columns=["site", "n", "days"])
    figure = sites_figure(sites)
    (points,) = figure.data
    assert list(points.customdata) == ["02", "01"] and list(points.x) == [-45, -3]
    assert {"02 · 9", "45 days", "&lt;04&gt; · 2", "no record"} <= set(texts(figure))
    assert noted(figure, "no record").y < noted(figure, "45 days").y  # pixels from the top


COMPLETE = pd.DataFrame(
    [("RTX", 4, 30, 60), ("RTX", 8, 60, 60), ("RTX", 12, 5, 7), ("RTX", 52, 0, 0)],
    columns=["arm", "time", "n", "N"],
)


@pytest.mark.parametrize("compact", [False, True])
def test_completeness_cells(compact):
    (cells,) = completeness_figure(COMPLETE, [E, C], compact=compact).data
    assert list(cells.text) == ["50", "100", "5/7"]  # nobody due at week 52: no cell
    assert [list(cell) for cell in cells.customdata] == [["RTX", 4], ["RTX", 8], ["RTX", 12]]
    opacity = [float(colour.split(",")[-1].rstrip(")")) for colour in cells.marker.color]
    assert opacity[0] > opacity[2] > opacity[1]
    assert "30 of 60 due have a count, 50%" in cells.hovertext[0]
