"""time_to_response, treatment_failure, time_in_response, max_bleeding: values by hand from endpoints.md, section 2."""

import numpy as np
import pytest

from analysis.adam import derive
from analysis.response import response_states
from tests.analysis.patients import answers, endpoint, study, times


@pytest.mark.parametrize(
    ("course", "aval", "cnsr", "described", "cif"),
    [
        ("15:45 22:45", 15, 0, "response", (15, "response")),
        ("8:25 60:25", 60, 1, "end of window", (60, "")),
        ("8:25 60:25 cut70", 60, 1, "data cutoff", (60, "")),
        ("8:25 60:25 cut100", 60, 1, "data cutoff", (60, "")),  # the cut day is not after the window
        ("8:25 60:25 cut101", 60, 1, "end of window", (60, "")),
        ("", 1, 1, "end of window", (1, "")),
        ("8:25 120:25", 8, 1, "end of window", (8, "")),  # nothing after the window is looked at
        ("8:25 rIVIG40 60:90", 8, 1, "rescue", (40, "rescue")),
        ("8:25 rIVIG101", 8, 1, "end of window", (8, "")),
        ("8:25 died40", 8, 1, "death", (40, "death")),
        ("8:25 rIVIG40 died40", 8, 1, "rescue", (40, "death")),  # on one day death competes; the search ended
        ("8:25 rIVIG40 died50", 8, 1, "rescue", (40, "rescue")),
        ("8:25 died120", 8, 1, "end of window", (8, "")),
        ("8:25 left50", 8, 1, "left the study", (8, "")),
        ("8:25 left120", 8, 1, "end of window", (8, "")),
        ("8:25 left", 8, 1, "left the study", (8, "")),  # an end without a day counts
        ("8:25 completed90", 8, 1, "completed", (8, "")),
        ("15:45 22:45 rIVIG30", 15, 0, "response", (15, "response")),
    ],
)
def test_time_to_response(course, aval, cnsr, described, cif):
    row = times(f"1:20 {course}", endpoint("time_to_response", window_days=(5, 100)))
    assert (row["AVAL"], row["CNSR"]) == (aval, cnsr)
    assert (row["EVNTDESC"] or row["CNSDTDSC"]) == described
    assert (row["CIFDY"], row["CIFEVENT"]) == cif


def test_time_to_response_reads_the_window_from_day_two():
    assert times("1:20 3:45 10:45", endpoint("time_to_response", window_days=(5, 100)))["AVAL"] == 3


ALL = ("count", "rescue", "new_therapy", "bleeding", "death")


def failure(course, **keys):
    rule = {"events": ALL, "bleeding": "WHO", **keys}
    row = times(f"1:20 {course}", endpoint("treatment_failure", **rule))
    return row["AVAL"], row["EVNTDESC"] or row["CNSDTDSC"]


@pytest.mark.parametrize(
    ("course", "keys", "answer"),
    [
        ("8:29 15:29 22:90", {}, (8, "count")),  # no previous response needed
        ("8:29 15:30 22:29 29:29", {}, (22, "count")),
        ("8:29 15:29 60:29 61:29", {"from_day": {"count": 57}}, (60, "count")),
        (
            "8:50 56:29 60:29 63:50",
            {"from_day": {"count": 57}},
            (63, "data cutoff"),
        ),  # 60 has no low follower
        ("8:50 56:29 60:29 63:29", {"from_day": {"count": 57}}, (60, "count")),
        ("8:49 15:49", {"failure_count": 50}, (8, "count")),
        ("8:50 rIVIG20", {}, (20, "rescue")),
        ("8:50 rIVIG20 rIVIG60", {"from_day": {"rescue": 57}}, (60, "rescue")),
        ("8:50 rIVIG20", {"rescue": "ignore"}, (20, "rescue")),  # whatever `rescue` says
        ("8:50 rIVIG20", {"rescue_grace_day": 30}, (8, "data cutoff")),  # it does not count
        ("8:50 rNEW20", {}, (20, "new_therapy")),
        ("8:50 rNEW20", {"events": ("rescue",)}, (8, "rescue")),  # no event, but the search ended
        ("8:50 b20:1", {}, (20, "bleeding")),
        ("8:50 b20:1", {"bleeding": ""}, (8, "data cutoff")),
        ("8:50 b20:1", {"bleeding_max": 1}, (8, "data cutoff")),
        ("8:50 died20", {}, (20, "death")),
        ("8:50 died20", {"events": ("count",)}, (8, "death")),
        ("8:50 died20 rNEW20 rIVIG20 b20:2", {}, (20, "death")),  # the order on one day
        ("8:50 rNEW20 rIVIG20 b20:2", {}, (20, "new_therapy")),
        ("8:50 rIVIG20 b20:2", {}, (20, "rescue")),
        ("20:29 21:29 b20:2", {}, (20, "bleeding")),
        ("8:50 left90", {}, (8, "left the study")),
        ("", {}, (1, "data cutoff")),
        ("8:29", {}, (8, "data cutoff")),  # one low count at the end
        ("8:29 15:29", {"events": ()}, (15, "data cutoff")),
    ],
)
def test_treatment_failure(course, keys, answer):
    assert failure(course, **keys) == answer


def in_response(course, **keys):
    row = answers(course, endpoint("time_in_response", **keys))
    return row["RESPDAYS"], row["OBSDAYS"]


@pytest.mark.parametrize(
    ("course", "days"),
    [
        ("1:20 8:50 15:20", (7, 14)),  # 8 to 14 of 2 to 15
        ("1:20 8:50 15:50", (8, 14)),  # the last count stands for its own day
        ("1:20 8:50 40:50", (28 + 1, 39)),  # a level holds 28 days, its own included
        ("1:20 8:50 36:50", (28 + 1, 35)),
        ("1:20 8:50 35:50", (27 + 1, 34)),
        ("1:20 2:50", (1, 1)),
        ("1:20", (0, 0)),
        ("8:99 9:100", (1, 8)),  # without a baseline CR only
        ("1:20 8:50 rIVIG10 12:90 40:50", (1, 7)),  # nothing after the end of the search is observed
    ],
)
def test_time_in_response(course, days):
    assert in_response(course) == days


def test_a_record_that_is_not_usable_ends_what_the_one_before_stands_for():
    # washout: PLT on day 10 shadows 10 to 17; 50 on day 8 holds on 8 and 9; 12 is not usable; 20 holds to 29
    assert in_response("1:20 8:50 12:90 20:50 30:10 rPLT10", rescue="washout") == (2 + 10, 29)


def test_shadow_days_do_not_count_and_the_level_holds_again_after_them():
    # 8 and 9, then 18 to 20: three more days before the count of day 21; day 21 itself is low
    assert in_response("1:20 8:50 21:10 rPLT10", rescue="washout") == (2 + 3, 20)
    assert in_response("1:20 8:50 21:10 rPLT10", rescue="ignore") == (13, 20)
    assert in_response("1:20 8:50 21:10 rPLT10 rPLT12", rescue="washout") == (2 + 1, 20)


def test_share_and_its_parts():
    row = answers("1:20 8:50 15:20", endpoint("time_in_response"))
    assert row["AVAL"] == pytest.approx(0.5)
    assert row["DUEFL"] == "" and np.isnan(row["DUEDY"])
    nothing = answers("1:20", endpoint("time_in_response"))
    assert np.isnan(nothing["AVAL"]) and nothing["AVALC"] == "MISSING"


def test_states_for_the_swim_lanes():
    rule = endpoint("time_in_response", rescue="washout")
    states = response_states(derive(study({"S1": "1:20 8:50 12:110 21:10 40:10 rPLT14 cut41"}, rule)), "E")
    assert list(states[["STARTDY", "ENDDY", "STATE"]].itertuples(index=False, name=None)) == [
        (8, 11, "R"),
        (12, 13, "CR"),
        (14, 21, "SHADOW"),  # 14 + 7 is day 21, whose count is not usable
        (40, 40, "NR"),
    ]


def test_states_add_up_to_the_days_in_response():
    rule = endpoint("time_in_response", rescue="washout")
    data = derive(
        study({"S1": "1:20 8:50 12:110 21:10 30:60 rPLT14 rIVIG60 70:90 99:50", "S2": "1:20"}, rule)
    )
    states = response_states(data, "E")
    days = (states["ENDDY"] - states["STARTDY"] + 1)[states["STATE"].isin(["CR", "R"])].sum()
    assert days == data.adrs["RESPDAYS"].sum() == 4 + 2 + 28 + 1


def test_a_running_shadow_is_drawn_to_the_last_day_followed():
    states = response_states(derive(study({"S1": "1:20 8:50 rSTEROID10 left50"}, endpoint())), "E")
    assert states["ENDDY"].tolist() == [8, 50]


@pytest.mark.parametrize(
    ("course", "answer", "base"),
    [
        ("b1:2 b8:1 b15:3", "3", 2),
        ("b-9:3 b-2:1 b-2:2 b8:0", "0", 2),  # the last day at or before day 1, the worst of that day
        ("b1:2", "MISSING", 2),
        ("b1:2 b101:4", "MISSING", 2),
        ("b2:1 b100:2 died101", "2", np.nan),
        ("died50", "MISSING", np.nan),  # here no death makes it a failure
        ("b8:1 b9:4 died8", "1", np.nan),
    ],
)
def test_worst_bleeding(course, answer, base):
    row = answers(course, endpoint("max_bleeding", bleeding="WHO", window_days=(1, 100)))
    assert (row["AVALC"], row["DUEDY"]) == (answer, 100)
    assert row["BASEGR"] == pytest.approx(base, nan_ok=True)
    assert row["AVAL"] == pytest.approx(np.nan if answer == "MISSING" else float(answer), nan_ok=True)
