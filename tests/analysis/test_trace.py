"""The trace of one participant: roles and sentences, expected by hand from endpoints.md section 5 and the rules."""

import pytest

from analysis.adam import derive
from analysis.trace import trace, verdict
from tests.analysis.patients import endpoint, study


def read(course, rule):
    return trace(derive(study({"S1": course, "S2": "1:9 8:99"}, rule)), "S1", rule.paramcd).set_index("ADY")


def said(course, rule):
    return verdict(derive(study({"S1": course, "S2": "1:9 8:99"}, rule)), "S1", rule.paramcd)


COURSE = "1:18 7:26 15:40 23:87 36:107 85:72 rIVIG95 95:52 98:134 300:9 b15:0 b23:0 b36:0 b84:1"


def test_a_response_lost_by_rescue():
    rows = read(COURSE, endpoint("duration_of_response", bleeding="WHO", bleeding_max=1))
    assert rows["CLAUSE"].to_dict() == {
        1: "Baseline. A response needs at least 36: 30, and twice 18.",
        7: "Below 36: no response.",
        15: "At least 36, no bleeding: response. First that a later count confirms.",
        23: "At least 36, no bleeding: response. 8 days after onset, none failing between: confirmed.",
        36: "At least 100, no bleeding: complete response.",
        85: "At least 36, bleeding of no more than grade 1: response.",
        95: "Rescue started this day: response lost.",
        98: "After the start of rescue on day 95: not used.",
        300: "After the start of rescue on day 95: not used.",
    }
    assert rows["LEVEL"].tolist() == ["baseline", "NR", "R", "R", "CR", "R", "", "", ""]
    assert rows["USABLE"].tolist() == ["N", "Y", "Y", "Y", "Y", "Y", "N", "N", "N"]
    roles = rows.loc[rows["ROLE"] != "none", "ROLE"].to_dict()
    assert roles == {1: "baseline", 15: "onset", 23: "confirms", 95: "loss"}
    assert rows["THRESHOLD"].dropna().unique() == [36]
    assert rows.loc[85, ["BLEEDGR", "BLEEDDY"]].tolist() == [1, 84]
    assert rows.loc[98, ["SHADOW", "SHADOWDY"]].tolist() == ["IVIG", "95 to 123"]


@pytest.mark.parametrize(
    ("course", "day", "clause"),
    [
        ("rIVIG70 84:82", 84, "Within 28 days after IVIG on day 70: not used."),
        ("rPLT70-75 74:82", 74, "During PLT from day 70 to 75: not used."),
        ("rPLT70-75 80:82", 80, "Within 7 days after PLT from day 70 to 75: not used."),
        ("rSTEROID70 84:82", 84, "During STEROID, running since day 70: not used."),
        ("rNEW70 84:82", 84, "After the start of NEW on day 70: not used."),
    ],
)
def test_why_a_count_is_not_usable(course, day, clause):
    assert read(f"1:20 {course}", endpoint(rescue="washout")).loc[day, "CLAUSE"] == clause


@pytest.mark.parametrize(
    ("course", "keys", "clause"),
    [
        ("1:20 8:45 b8:2", {}, "At least 40, but bleeding of grade 2 on day 8: no response."),
        ("1:20 8:45", {}, "At least 40, bleeding not assessed: response."),
        (
            "1:20 8:45",
            {"bleeding_missing": "present"},
            "At least 40, but no bleeding assessment within 3 days: no response.",
        ),
        ("8:45", {}, "Below 100: no response; without a baseline only a complete response counts."),
        ("8:145 b8:0", {}, "At least 100, no bleeding: complete response."),
        ("1:70 8:99 b8:0", {}, "Below 100: no response."),  # 140 for R, 100 for CR
        ("1:20 8:<5", {}, "Below 40: no response."),
        ("1:20 8:45", {"bleeding": ""}, "At least 40: response."),
    ],
)
def test_why_a_usable_count_has_its_level(course, keys, clause):
    rule = endpoint(**{"bleeding": "WHO", **keys})
    assert read(course, rule).loc[8, "CLAUSE"] == clause


def test_a_count_that_breaks_a_response():
    rows = read("1:20 8:45 12:30 20:45 27:45", endpoint())
    assert rows["ROLE"].to_dict() == {1: "baseline", 8: "none", 12: "breaks", 20: "onset", 27: "confirms"}
    assert "Breaks the response of day 8 before it was confirmed." in rows.loc[12, "CLAUSE"]


def test_other_counts_of_a_day_stay_visible():
    rows = read("1:20 8:45 8:60", endpoint())
    assert rows.loc[8, "AVAL"].tolist() == [60, 45]
    assert rows.loc[8, "USABLE"].tolist() == ["N", "Y"]
    assert rows.loc[8, "CLAUSE"].iloc[0] == "Another count of this day is lower: that one is the record."


def test_the_record_of_a_visit():
    rows = read("1:20 80:45 86:30", endpoint("response_at_visit", avisitn=12))
    assert rows["ROLE"].to_dict() == {1: "baseline", 80: "none", 86: "visit record"}
    assert rows.loc[86, "CLAUSE"] == "Below 40: no response. Stands for week 12."


def test_thresholds_of_other_kinds():
    held = read("1:20 8:45 15:45 60:35", endpoint("sustained_response"))
    assert held["THRESHOLD"].tolist()[1:] == [40, 30, 30]
    assert held.loc[60, ["LEVEL", "CLAUSE"]].tolist() == ["holds", "At least 30: the response holds."]
    durable = read("1:20 58:45 86:60", endpoint("durable_counts", visits=(8, 12), at_least=2))
    assert durable["LEVEL"].tolist() == ["baseline", "below", "reached"]
    failure = read("1:20 8:29 15:25", endpoint("treatment_failure", events=("count",)))
    assert failure["ROLE"].tolist() == ["baseline", "loss", "none"]


def test_censoring_record():
    rows = read("1:20 8:25 15:30", endpoint("time_to_response"))
    assert rows["ROLE"].to_dict() == {1: "baseline", 8: "none", 15: "censors"}


@pytest.mark.parametrize(
    ("kind", "course", "sentence"),
    [
        ("confirmed_response", "1:20 8:45 15:45", "Response from day 8, confirmed on day 15."),
        (
            "confirmed_response",
            "1:20 8:45 15:110 22:110",
            "Complete response from day 15; response from day 8, confirmed on day 15.",
        ),
        (
            "confirmed_response",
            "1:20 8:45 cut10",
            "Pending: in response at the last count, on day 8, and not yet confirmed. "
            "Not yet due: the last possible day is day 372.",
        ),
        ("confirmed_response", "1:20", "Missing: no count on days 2 to 365."),
        ("confirmed_response", "1:20 8:45 rIVIG9", "No response: rescue (IVIG) started on day 9."),
        ("confirmed_response", "1:20 died9", "No response: died on day 9 without a count in the window."),
        ("response_at_visit", "1:20 80:45", "Response at week 12 on day 80."),
        (
            "response_at_visit",
            "1:20 80:25",
            "No response at week 12 on day 80: the count is below the level.",
        ),
        ("response_at_visit", "1:20 rIVIG60", "No response at week 12: rescue (IVIG) started on day 60."),
        (
            "sustained_response",
            "1:20 8:45 15:45 rIVIG30",
            "Not sustained: response from day 8 was lost on day 30 (rescue).",
        ),
        ("sustained_response", "1:20 8:45 15:45 180:45", "Sustained: response from day 8 held to day 190."),
        ("durable_counts", "1:20 57:60", "Not durable: at least 50 at 1 of 1 visits with a count, 2 needed."),
        ("time_to_response", "1:20 8:45 15:45", "Response on day 8."),
        (
            "time_to_response",
            "1:20 8:25 died30",
            "No response until day 8: censored (death). Death came first, on day 30.",
        ),
        ("duration_of_response", "1:20", "No confirmed response, so no duration."),
        (
            "duration_of_response",
            "1:20 8:45 15:45 20:9 21:9",
            "Response from day 8 lost on day 20 (two low counts in a row): 13 days.",
        ),
        ("treatment_failure", "1:20 rNEW8", "Treatment failure on day 8: start of a new therapy."),
        ("time_in_response", "1:20 8:45 15:20", "In response on 7 of 14 observed days (50%)."),
        ("max_bleeding", "1:20 b1:1 b8:2", "Worst bleeding grade 2 on days 2 to 365; grade 1 at baseline."),
    ],
)
def test_verdict(kind, course, sentence):
    bleeding = "WHO" if kind == "max_bleeding" else ""
    rule = endpoint(
        kind, bleeding=bleeding, avisitn=12, visits=(8, 26), at_least=2, events=("new_therapy",), paramcd="V"
    )
    assert said(course, rule) == sentence


def test_a_participant_who_is_not_there_has_no_trace():
    data = derive(study({"S1": "1:20"}, endpoint()))
    assert trace(data, "nobody", "E").empty and verdict(data, "nobody", "E") == ""
