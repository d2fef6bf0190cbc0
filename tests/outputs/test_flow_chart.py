"""The participant flow as boxes for a slide, and what of it leaves in a file."""

import dataclasses
import math

import pandas as pd
import pytest

from analysis.adam import derive
from outputs.catalogue import build
from outputs.disposition.flow import _in_file
from outputs.files import for_file
from outputs.output import View
from outputs.slide import Slide
from outputs.small_cells import footnote
from reports.shown import leaving

STUDY = "nct07057778"
TOTAL = ""


def told(output, step: str, arm: str, reason: str = TOTAL):
    rows = output.results
    return rows[(rows["step"] == step) & (rows["arm"] == arm) & (rows["reason"] == reason)]["n"].squeeze()


def test_every_box_has_the_numbers_of_the_results(look):
    output = for_file(build("participant_flow", look, View()))
    chart = output.chart()
    trunk = [line for box in chart.trunk for line in box.lines if not line.part]
    steps = {"Screened": "SCREENED", "Screen failure": "FAILED", "Enrolled": "ASSIGNED"}
    assert [line.n for line in trunk] == [told(output, steps[line.words], "All") for line in trunk]
    assert len(chart.columns) == len(look.definition.arms)
    for arm, column in zip(output.arms, chart.columns, strict=True):
        entered, left, stayed, answered = column
        assert (entered.name, entered.arm) == (arm.label, arm.trt)
        assert entered.lines[0].n == told(output, "ASSIGNED", arm.trt)
        assert entered.lines[0].n == left.lines[0].n + sum(line.n for line in stayed.lines)
        in_set, due, not_due = answered.lines[:3]
        assert in_set.n == told(output, "SET FAS", arm.trt) == due.n + not_due.n
        assert answered.lines[-1].n == told(output, "ANALYSED", arm.trt)
        for line in left.lines[1:]:
            n = told(output, "LEFT", arm.trt, line.words)
            assert line.part and (math.isnan(line.n) if pd.isna(n) else line.n == n)


def test_who_goes_out_stands_aside(derived):
    chart = build("participant_flow", derived(STUDY), View()).chart()
    assert [box.aside for box in chart.trunk] == [False, True, False]
    assert [[box.aside for box in column] for column in chart.columns] == [[False, True, False, False]] * 2
    assert [box.lines[0].words for box in chart.boxes][:3] == ["Screened", "Screen failure", "Enrolled"]


def test_the_set_is_the_one_in_view(derived):
    chart = build("participant_flow", derived(STUDY), View(population="SAF")).chart()
    words = [line.words for box in chart.boxes for line in box.lines]
    assert "Safety set" in words and "Full analysis set" not in words


def test_the_pooled_view_and_a_filter_have_one_way_down(derived):
    pooled = build("participant_flow", derived(STUDY, view="pooled"), View()).chart()
    assert len(pooled.columns) == 1 and not [line for box in pooled.boxes for line in box.lines if line.part]
    women = build("participant_flow", derived(STUDY), View(filters=(("SEX", ("F",)),))).chart()
    assert [box.lines[0].words for box in women.trunk] == ["Enrolled"]


def counts(*rows) -> pd.DataFrame:
    """Reasons of one step: (arm, reason, n), reason "" for all of them."""
    frame = pd.DataFrame(rows, columns=["arm", "reason", "n"]).astype({"n": "Int64"})
    return frame.assign(step="LEFT", label="Left", method="count")


def test_a_small_reason_leaves_with_what_would_give_it_back():
    """Arm A: 9 left, 7 moved and 2 had enough; with 9 and 7 the 2 would be told."""
    rows = counts(
        *[("A", TOTAL, 9), ("B", TOTAL, 12), ("All", TOTAL, 21)],
        *[("A", "Moved", 7), ("B", "Moved", 6), ("All", "Moved", 13)],
        *[("A", "Enough", 2), ("B", "Enough", 6), ("All", "Enough", 8)],
    )
    kept = _in_file(rows)
    assert kept.loc[kept["reason"] == TOTAL, "n"].tolist() == [9, 12, 21]
    shown = kept.set_index(["arm", "reason"])["n"]
    hidden = [key for key, n in shown.items() if pd.isna(n)]
    assert ("A", "Enough") in hidden and ("A", "Moved") in hidden
    # neither the column of the arm nor the row of the reason gives the 2 back
    assert {("B", "Enough"), ("All", "Enough")} & set(hidden)


def test_the_only_reason_of_few_is_left_out_whole():
    """3 left, all for one reason: "not shown" beside 3 would hide nothing."""
    rows = counts(("A", TOTAL, 3), ("All", TOTAL, 3), ("A", "Moved", 3), ("All", "Moved", 3))
    assert _in_file(rows)["reason"].tolist() == [TOTAL, TOTAL]
    many = counts(("A", TOTAL, 6), ("All", TOTAL, 6), ("A", "Moved", 6), ("All", "Moved", 6))
    assert _in_file(many)["n"].tolist() == [6, 6, 6, 6]


def test_without_small_reasons_nothing_is_said_of_them(derived):
    data = derived(STUDY)
    alike = derive(dataclasses.replace(data.study, adsl=data.study.adsl.assign(DCSREAS="")))
    output = for_file(build("participant_flow", alike, View()))
    n = output.results["n"]
    small = n[(output.results["reason"] != TOTAL)].between(1, 4).any()
    assert not small
    page = build("participant_flow", derived(STUDY), View())
    file = for_file(page)
    assert footnote() in file.footnotes and page.table.shape == file.table.shape
    assert "not shown" in file.table.to_csv() and "not shown" not in page.table.to_csv()


@pytest.mark.parametrize("smallest", ["1", "1000"])
def test_the_steps_stay_whatever_their_size(derived, monkeypatch, smallest):
    monkeypatch.setenv("ITP_SMALLEST_CELL", smallest)
    output = for_file(build("participant_flow", derived(STUDY), View()))
    steps = output.results[output.results["reason"] == TOTAL]
    assert len(steps) and steps["n"].notna().all()


def test_the_figure_that_leaves_is_that_of_the_file(derived):
    page = build("participant_flow", derived(STUDY), View())
    figure = leaving(Slide("participant_flow", View()), page).figure("print", False)
    words = str(figure.to_dict())
    assert "not shown" in words and "not shown" not in str(page.figure("print", False).to_dict())
