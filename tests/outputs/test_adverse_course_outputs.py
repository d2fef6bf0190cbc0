"""Adverse events in pictures and in time: who stands behind each number, words in place of a picture, files."""

import dataclasses
import datetime
import re

import pandas as pd
import pytest

from analysis.adam import derive
from outputs.catalogue import build
from outputs.files import for_file
from outputs.output import Output, View
from outputs.safety.adverse_pair import MOST_ROWS, experimental_arms
from tests.independent.dice import SeededDice
from tests.independent.safety_study import make_safety_study

LOOKS = [("nct07057778", None), ("nct07057778", datetime.date(2026, 3, 31)), ("nct04915482", None)]
KINDS = ("ANY", "SERIOUS", "GRADE")
PAIR = ("adverse_dots", "adverse_volcano", "adverse_butterfly")
COURSE = ("adverse_onset", "adverse_periods", "adverse_duration", "adverse_recurrence")


@pytest.fixture(params=LOOKS, ids=str, scope="module")
def one_look(request, derived):
    return derived(*request.param)


@pytest.fixture(scope="module")
def three_arms():
    return derive(make_safety_study(SeededDice("three arms"), 60))


def behind(output: Output, **cell) -> int:
    """How many participants the list of a cell has."""
    rows = output.records
    for column, value in cell.items():
        rows = rows[rows[column] == value]
    return rows["USUBJID"].nunique()


# who stands behind each number ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_first_events_lead_to_their_participants(one_look, kind):
    periods = build("adverse_periods", one_look, View(), kind=kind)
    for row in periods.results.itertuples():
        assert behind(periods, PERIOD=row.period, ARM=row.arm) == row.n
    onset = build("adverse_onset", one_look, View(), kind=kind)
    curves = onset.results[onset.results["measure"] == "incidence"]
    for arm, curve in curves.groupby("arm"):
        assert behind(onset, ARM=arm, EVENT="event") == curve["n_event"].sum()
        assert behind(onset, ARM=arm) == curve["n_risk"].max()


def test_periods_add_up_to_the_participants_with_an_event(one_look):
    periods, onset = (build(name, one_look, View()) for name in ("adverse_periods", "adverse_onset"))
    for arm, own in periods.results.groupby("arm"):
        assert own["n"].sum() == behind(onset, ARM=arm, EVENT="event")
        assert own["at_risk"].is_monotonic_decreasing


@pytest.mark.parametrize("kind", KINDS)
def test_durations_and_recurrence_lead_to_their_participants(one_look, kind):
    lasting = build("adverse_duration", one_look, View(), kind=kind)
    for row in lasting.results.itertuples():
        if row.measure == "outcome":
            assert behind(lasting, ROW=f"Worst outcome: {row.outcome}", ARM=row.arm) == row.n
        else:
            assert behind(lasting, ROW="Still running", ARM=row.arm) == row.participants_ongoing
    again = build("adverse_recurrence", one_look, View(), kind=kind)
    for row in again.results[again.results["arm"] != "All"].itertuples():
        assert behind(again, TIMES=row.times, ARM=row.arm) == row.n
    whole = again.results.groupby(["measure", "arm"])[["n", "N"]].agg({"n": "sum", "N": "first"})
    assert (whole["n"] == whole["N"]).all()


def test_terms_of_durations_lead_to_their_participants(one_look):
    output = build("adverse_duration", one_look, View(), level="term")
    events = output.results.groupby("TERM", sort=False)["N"].sum()
    assert events.is_monotonic_decreasing and list(events.index) == output.table["Preferred term"].tolist()
    assert len(output.table) <= 25
    for row in output.results.itertuples():
        assert behind(output, ROW=row.TERM, ARM=row.arm) >= row.participants  # also those of unknown days


def test_shares_and_grades_lead_to_their_participants(one_look):
    dots = build("adverse_dots", one_look, View())
    for row in dots.results[dots.results["measure"] == "count"].query("arm != 'All'").itertuples():
        assert behind(dots, SOC=row.SOC, TERM=row.TERM, ARM=row.arm) == row.n
    mirrored = build("adverse_butterfly", one_look, View())
    for row in mirrored.results.itertuples():
        assert behind(mirrored, SOC=row.SOC, TERM=row.TERM, GRADE=row.grade, ARM=row.arm) == row.n


def test_figures_click_into_cells_of_the_records(one_look):
    """Every mark of somebody opens a cell with participants; one of nobody opens none."""
    for name, across in (("adverse_dots", "x"), ("adverse_butterfly", "x"), ("adverse_periods", "y")):
        output = build(name, one_look, View())
        cells = set(output.records[list(output.cell_keys)].itertuples(index=False, name=None))
        clicks = [
            (tuple(clicked), size)
            for trace in output.figure("light", False).data
            if trace.customdata is not None
            for clicked, size in zip(trace.customdata, trace[across], strict=True)
        ]
        assert len(clicks) > 7
        assert {clicked in cells for clicked, size in clicks if size > 0} == {True}
        assert not any(clicked in cells for clicked, size in clicks if size == 0)


# which rows --------------------------------------------------------------------------------------------------------


def test_the_most_frequent_terms_have_room_and_the_rest_is_counted(derived):
    whole = derived("nct07057778")
    safe = whole.adsl.loc[whole.adsl["SAFFL"] == "Y", "USUBJID"].tolist()
    row = whole.adae[whole.adae["TRTEMFL"] == "Y"].iloc[0].to_dict()
    rows = [
        row | {"USUBJID": who, "AEDECOD": f"Term {place:02}"}
        for place in range(40)
        for who in safe[: place + 8]
    ]
    data = dataclasses.replace(whole, adae=pd.DataFrame(rows).astype(whole.adae.dtypes.to_dict()))
    for name in ("adverse_dots", "adverse_butterfly"):
        output = build(name, data, View(), least_share="0")
        assert f"Not drawn: {40 - MOST_ROWS} less frequent terms." in output.footnotes
        shown = set(output.table["Preferred term"])
        assert shown == {f"Term {place:02}" for place in range(40 - MOST_ROWS, 40)}
    lasting = build("adverse_duration", data, View(), level="term")
    assert any(note.startswith("Not shown: 15 terms") for note in lasting.footnotes)


def test_terms_stand_by_their_difference(derived):
    output = build("adverse_dots", derived("nct07057778"), View())
    differences = output.results[output.results["measure"] == "difference"]
    assert differences["estimate"].is_monotonic_decreasing and len(differences) > 5


def test_of_three_arms_the_one_asked_for_stands_against_control(three_arms):
    choices = experimental_arms(three_arms)
    assert len(choices) == 2
    control = next(arm.trt for arm in three_arms.definition.arms if arm.role == "control")
    for arm in choices:
        dots = build("adverse_dots", three_arms, View(), arm=arm, least_share="0")
        compared = dots.results[dots.results["measure"] == "difference"]
        assert set(compared["comparison"]) == {f"{arm} - {control}"}
        mirrored = build("adverse_butterfly", three_arms, View(), arm=arm, least_share="0")
        assert set(mirrored.results["arm"]) == {arm, control}
        figure = mirrored.figure("light", False)
        assert {clicked[3] for trace in figure.data for clicked in trace.customdata} == {arm, control}


# what is not offered -----------------------------------------------------------------------------------------------


def test_screening_is_offered_to_randomised_arms_and_everybody_alone(derived):
    offered = build("adverse_volcano", derived("nct07057778"), View())
    assert (
        not offered.empty
        and "exploratory" in offered.badges
        and offered.footnotes[0].startswith("Exploratory")
    )
    women = View(filters=(("SEX", ("F",)),))
    refused = [
        build("adverse_volcano", derived("nct04915482"), View()),
        build("adverse_volcano", derived("nct07057778"), women),
        build("adverse_volcano", derived("nct07057778", view="pooled"), View()),
    ]
    for output in refused:
        assert output.empty and output.figure is None and output.results.empty and output.table.empty


def test_one_arm_has_its_course_and_nothing_to_compare(derived):
    data = derived("nct07057778", view="pooled")
    assert experimental_arms(data) == {}
    for name in PAIR:
        assert build(name, data, View()).empty
    for name in COURSE:
        output = build(name, data, View())
        assert not output.empty and set(output.results["arm"]) == {"All"}


def test_without_events_every_picture_says_so(derived):
    whole = derived("nct07057778")
    data = dataclasses.replace(whole, adae=whole.adae[:0])
    for name in (*PAIR, *COURSE):
        assert build(name, data, View()).empty == "No adverse event is on file at this cut."


def test_a_kind_that_nobody_had_is_named(derived):
    whole = derived("nct07057778")
    data = dataclasses.replace(whole, adae=whole.adae.assign(AESER=whole.adae["AESER"].replace("Y", "N")))
    for name in COURSE:
        output = build(name, data, View(), kind="SERIOUS")
        assert output.empty == "No event of this kind at this cut: serious event."


def test_a_level_that_does_not_exist_is_refused(derived):
    with pytest.raises(ValueError, match="level is 'class'; expected one of"):
        build("adverse_duration", derived("nct07057778"), View(), level="class")


def test_unknown_days_and_outcomes_are_counted_or_left_away(derived):
    whole = derived("nct07057778")
    serious = whole.adae["AESER"] == "Y"
    data = dataclasses.replace(
        whole, adae=whole.adae.assign(ASTDY=whole.adae["ASTDY"].mask(serious), AEOUT="")
    )
    onset = build("adverse_onset", data, View())
    assert any("first day unknown, " in note for note in onset.footnotes)
    lasting = build("adverse_duration", data, View())
    emergent = serious & (whole.adae["TRTEMFL"] == "Y")
    assert f"Left out, first day unknown: {emergent.sum()} events." in lasting.footnotes
    assert not lasting.table["Measure"].str.startswith("Worst outcome").any()


# files -------------------------------------------------------------------------------------------------------------

FILES = [
    *((name, {"kind": kind}) for name in COURSE[1:] for kind in KINDS),
    ("adverse_duration", {"level": "term"}),
    ("adverse_dots", {}),
    ("adverse_volcano", {}),
    ("adverse_butterfly", {}),
]


@pytest.mark.parametrize(("name", "options"), FILES, ids=str)
def test_no_small_count_leaves_in_a_file(one_look, name, options):
    output = build(name, one_look, View(), **options)
    file = for_file(output)
    for count in ("n", "participants", "participants_ongoing"):
        if count in output.results and not (name == "adverse_duration" and count == "n"):
            small = output.results[count].astype("Float64").between(1, 4).fillna(False).astype(bool)
            assert file.results.loc[small, count].isna().all(), count
    told = [int(n) for cell in file.table.to_numpy().ravel() for n in re.findall(r"(\d+) of \d", str(cell))]
    assert not [n for n in told if 1 <= n <= 4]


def test_a_hidden_period_tells_neither_rate_nor_time(derived):
    output = build("adverse_periods", derived("nct07057778"), View(), kind="SERIOUS")
    file = for_file(output).results
    hidden = file["n"].isna()
    assert hidden.any()
    assert file.loc[hidden, ["years", "estimate", "conf_low", "conf_high"]].isna().all(axis=None)


def test_a_duration_of_few_participants_is_not_told(derived):
    output = build("adverse_duration", derived("nct07057778"), View(), level="term")
    file = for_file(output).results
    few = output.results["participants"].between(1, 4)
    assert few.any() and file.loc[few, ["N", "n", "estimate", "conf_low", "conf_high"]].isna().all(axis=None)


def test_an_arm_of_few_with_an_event_tells_nothing(derived):
    """Two had a serious event: neither how many, nor that none of them had another."""
    output = build(
        "adverse_recurrence", derived("nct04915482", datetime.date(2022, 3, 31)), View(), kind="SERIOUS"
    )
    of_arm = output.results["arm"] == "BAT"
    assert set(output.results.loc[of_arm, "N"]) == {2}
    assert for_file(output).results.loc[of_arm, ["n", "N"]].isna().all(axis=None)
    assert not for_file(output).table.astype("str").map(lambda cell: cell.endswith(" of 2")).any(axis=None)
