"""Adverse events by class and term against counts made by hand, and against a slow recount of generated events."""

import pandas as pd
import pytest
from adverse_cases import events_of
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.proportions import miettinen_nurminen, risk_ratio_score
from analysis.safety.events import participants_with
from analysis.safety.terms import (
    only_events,
    share_comparisons,
    term_comparisons,
    term_counts,
    worst_grades,
)

SIZES = {"A": 4, "B": 3}
EVENTS = """
1 A Skin Rash 1 3 R
1 A Skin Rash 3 9 SR
1 A Skin Itch ? 9 .
2 A Skin Rash ? 4 .
3 A Gut Nausea 2 1 S
3 A Gut Colic 2 1 .
5 B Gut Nausea 4 2 R
6 B Gut Nausea 1 ? .
6 B Eye Itch 1 ? .
"""


def cells(frame: pd.DataFrame, *keys: str) -> dict[tuple, int]:
    return {tuple(row[key] for key in keys): row["n"] for row in frame.to_dict("records")}


def test_each_participant_counts_once_in_a_class_and_once_in_a_term():
    counts = term_counts(events_of(EVENTS, SIZES), level="all")
    assert cells(counts, "SOC", "TERM", "arm") == {
        **{("Gut", "", "A"): 1, ("Gut", "", "B"): 2, ("Gut", "", "All"): 3},
        **{("Gut", "Nausea", "A"): 1, ("Gut", "Nausea", "B"): 2, ("Gut", "Nausea", "All"): 3},
        **{("Gut", "Colic", "A"): 1, ("Gut", "Colic", "B"): 0, ("Gut", "Colic", "All"): 1},
        **{("Skin", "", "A"): 2, ("Skin", "", "B"): 0, ("Skin", "", "All"): 2},
        **{("Skin", "Rash", "A"): 2, ("Skin", "Rash", "B"): 0, ("Skin", "Rash", "All"): 2},
        **{("Skin", "Itch", "A"): 1, ("Skin", "Itch", "B"): 0, ("Skin", "Itch", "All"): 1},
        **{("Eye", "", "A"): 0, ("Eye", "", "B"): 1, ("Eye", "", "All"): 1},
        **{("Eye", "Itch", "A"): 0, ("Eye", "Itch", "B"): 1, ("Eye", "Itch", "All"): 1},
    }
    rash = counts[(counts["TERM"] == "Rash") & (counts["arm"] == "A")].iloc[0]
    assert (rash["events"], rash["N"], rash["estimate"]) == (3, 4, 0.5)


def rows_of(frame: pd.DataFrame) -> list[tuple[str, str]]:
    return list(frame[["SOC", "TERM"]].drop_duplicates().itertuples(index=False, name=None))


def test_order_is_class_then_term_by_participants_then_name():
    lines = EVENTS + "7 B Ear Pain 1 1 .\n7 B Ear Deafness 1 1 ."
    rows = rows_of(term_counts(events_of(lines, SIZES | {"B": 4}), level="all"))
    gut, skin = (
        [("Gut", ""), ("Gut", "Nausea"), ("Gut", "Colic")],
        [
            ("Skin", ""),
            ("Skin", "Rash"),
            ("Skin", "Itch"),
        ],
    )
    ear, eye = [("Ear", ""), ("Ear", "Deafness"), ("Ear", "Pain")], [("Eye", ""), ("Eye", "Itch")]
    assert rows == [*gut, *skin, *ear, *eye]


def test_order_by_name():
    rows = rows_of(term_counts(events_of(EVENTS, SIZES), order="name"))
    assert rows == [
        ("Eye", "Itch"),
        ("Gut", "Colic"),
        ("Gut", "Nausea"),
        ("Skin", "Itch"),
        ("Skin", "Rash"),
    ]


def test_a_least_share_is_that_of_any_arm():
    """Rash 2 of 4, nausea 2 of 3; itch of the eye 1 of 3 is 33%, itch of the skin 1 of 4 is 25%."""
    events = events_of(EVENTS, SIZES)
    assert rows_of(term_counts(events, least_share=0.5)) == [("Gut", "Nausea"), ("Skin", "Rash")]
    assert ("Eye", "Itch") in rows_of(term_counts(events, least_share=0.33))
    assert ("Skin", "Itch") not in rows_of(term_counts(events, least_share=0.33))


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({"least_grade": 3}, {"1", "5"}),
        ({"serious": True}, {"1", "3"}),
        ({"related": True}, {"1", "5"}),
        ({"serious": True, "related": True}, {"1"}),
        ({}, {"1", "2", "3", "5", "6"}),
    ],
)
def test_only_events_of_a_kind(choice, expected):
    assert set(only_events(events_of(EVENTS, SIZES), **choice).rows["USUBJID"]) == expected


def test_the_one_arm_of_a_pooled_view_is_counted_once():
    counts = participants_with(
        events_of("1 All Gut Nausea 1 1 .\n1 All Gut Nausea 1 2 .", {"All": 5}).rows, (), {"All": 5}
    )
    assert counts[["arm", "n", "N", "events"]].to_numpy().tolist() == [["All", 1, 5, 2]]


def test_no_event_is_no_row():
    events = only_events(events_of(EVENTS, SIZES), least_grade=5)
    assert term_counts(events, level="all").empty
    assert term_comparisons(term_counts(events), [("A", "B")]).empty
    assert worst_grades(events).empty


def test_unknown_levels_are_refused():
    with pytest.raises(ValueError, match="level is 'soc'"):
        term_counts(events_of(EVENTS, SIZES), level="soc")


def test_comparisons_of_one_term():
    """Rash, 2 of 4 against 0 of 3. Fisher: of the 21 ways to choose 2 of 7, 6 lie in A, 3 in B, 12 in both."""
    compared = term_comparisons(term_counts(events_of(EVENTS, SIZES)), [("A", "B")])
    rash = compared[compared["TERM"] == "Rash"].set_index("measure")
    assert rash.loc["difference", ["n", "N", "n_control", "N_control", "estimate"]].tolist() == [
        2,
        4,
        0,
        3,
        0.5,
    ]
    assert tuple(rash.loc["difference", ["conf_low", "conf_high"]]) == miettinen_nurminen(2, 4, 0, 3)
    assert rash.loc["risk ratio", "estimate"] == float("inf")
    assert tuple(rash.loc["risk ratio", ["conf_low", "conf_high"]]) == risk_ratio_score(2, 4, 0, 3)
    assert rash["p_value"].tolist() == pytest.approx([(6 + 3) / 21] * 2)
    assert rash.loc["difference", ["comparison", "arm", "control"]].tolist() == ["A - B", "A", "B"]


def test_an_empty_arm_is_not_compared():
    counts = pd.DataFrame({"kind": "x", "arm": ["A", "B"], "n": [2, 0], "N": [4, 0]})
    assert share_comparisons(counts, [("A", "B")], ["kind"])[["estimate", "conf_low"]].isna().all(axis=None)


def test_worst_grade_is_the_worst_known_of_the_row():
    grades = worst_grades(events_of(EVENTS, SIZES), level="all")
    found = {key: n for key, n in cells(grades, "SOC", "TERM", "arm", "grade").items() if n}
    of_a = {key: n for key, n in found.items() if key[2] == "A"}
    assert of_a == {
        ("Skin", "", "A", "3"): 1,
        ("Skin", "", "A", "missing"): 1,
        ("Skin", "Rash", "A", "3"): 1,
        ("Skin", "Rash", "A", "missing"): 1,
        ("Skin", "Itch", "A", "missing"): 1,
        ("Gut", "", "A", "2"): 1,
        ("Gut", "Nausea", "A", "2"): 1,
        ("Gut", "Colic", "A", "2"): 1,
    }
    assert found["Gut", "Nausea", "All", "4"] == 1 and found["Gut", "Nausea", "All", "1"] == 1


event = st.tuples(
    st.sampled_from("123456"),
    st.sampled_from(["Gut Nausea", "Gut Colic", "Skin Rash", "Skin Nausea"]),
    st.sampled_from(["1", "2", "3", "4", "5", "?"]),
)


def arm_of(participant: str) -> str:
    return "AAABBC"[int(participant) - 1]


def naive_counts(events: list[tuple], arms: list[str]) -> tuple[dict, dict]:
    """Participants by row and arm, and by worst grade, one event after another."""
    people: dict[tuple, set] = {}
    grades: dict[tuple, list] = {}
    for who, what, grade in events:
        soc, term = what.split()
        for row in ((soc, ""), (soc, term)):
            grades.setdefault((*row, who), []).append(grade)
            for arm in (arm_of(who), "All"):
                people.setdefault((*row, arm), set()).add(who)
    worst: dict[tuple, int] = {}
    for (soc, term, who), known in grades.items():
        numbers = [int(grade) for grade in known if grade != "?"]
        grade = str(max(numbers)) if numbers else "missing"
        for arm in (arm_of(who), "All"):
            worst[soc, term, arm, grade] = worst.get((soc, term, arm, grade), 0) + 1
    return {key: len(names) for key, names in people.items()}, worst


@settings(max_examples=50, deadline=None)
@given(st.lists(event, min_size=1, max_size=25))
def test_counts_and_grades_are_those_of_a_slow_recount(drawn):
    lines = "\n".join(f"{who} {arm_of(who)} {what} {grade} 1 ." for who, what, grade in drawn)
    events = events_of(lines, {"A": 3, "B": 2, "C": 1})
    people, worst = naive_counts(drawn, ["A", "B", "C"])
    counts = cells(term_counts(events, level="all"), "SOC", "TERM", "arm")
    assert {key: n for key, n in counts.items() if n} == people
    grades = cells(worst_grades(events, level="all"), "SOC", "TERM", "arm", "grade")
    assert {key: n for key, n in grades.items() if n} == worst
