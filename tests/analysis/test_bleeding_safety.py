"""Bleeding by instrument: each border, the nearest count, the worst grade; and a slow count over generated rows."""

import random

import pandas as pd
import pytest

from analysis.adam import derive
from analysis.safety.bleeding import (
    BANDS,
    assessments,
    band_of,
    baseline_and_worst,
    bleeding_times,
    discordant,
    grades_by_visit,
    with_counts,
    worst_at_visits,
)
from tests.definitions import bare_definition
from tests.independent.safety_study import study_of_rows
from tests.independent.twin.days import span, visit_of
from trialdata.bleeding_scales import SCALES, scales_of
from trialdata.definition import Endpoint, Visits

WEEKS = (0, 1, 2, 4)
DEFINITION = bare_definition(
    visits=Visits(weeks=WEEKS, last_window_days=7),
    endpoints=(Endpoint("OR", "OR", "confirmed_response", bleeding="WHOBLD", window_days=(2, 30)),),
)
WHO = SCALES["WHOBLD"]


def bands(*counts, censor=""):
    return band_of(pd.Series(counts, dtype=float), pd.Series([censor] * len(counts))).tolist()


def test_each_border_of_a_band_belongs_to_the_band_above():
    assert bands(0, 9.9, 10, 29.9, 30, 49.9, 50, 900) == [
        *(BANDS[0], BANDS[0], BANDS[1], BANDS[1], BANDS[2], BANDS[2], BANDS[3], BANDS[3])
    ]


def test_a_count_below_a_limit_is_in_the_lowest_band():
    assert bands(10, 30, censor="<") == [BANDS[0], BANDS[0]]


@pytest.mark.parametrize(
    ("paramcd", "mild", "significant"),
    [("WHOBLD", 1, 2), ("SMOGSKIN", 2, 3), ("SMOGMUC", 1, 2), ("SMOGORG", 0, 1), ("CNBLD", 1, 2)],
)
def test_what_is_clinically_significant(paramcd, mild, significant):
    rows = pd.DataFrame(
        {"USUBJID": ["a", "b"], "ARM": "A", "ADY": [8.0, 8.0], "GRADE": [mild, significant], "AVISITN": 1.0}
    )
    times = bleeding_times(rows, rows[["USUBJID", "ARM"]], SCALES[paramcd])
    assert times["CNSR"].tolist() == [1, 0]


def test_the_instruments_of_a_cut_stand_with_that_of_the_endpoints_first():
    adqs = pd.DataFrame({"PARAMCD": ["CNBLD", "SMOGORG", "MYWHO", "FACITF"]})
    endpoint = Endpoint("OR", "OR", "confirmed_response", bleeding="MYWHO", window_days=(2, 30))
    scales = scales_of(bare_definition(endpoints=(endpoint,)), adqs)
    assert list(scales) == ["MYWHO", "SMOGORG", "CNBLD"]
    assert (scales["MYWHO"].highest, scales["MYWHO"].significant) == (4, 2)


def generated(seed: int):
    """A study of messy assessments and counts, and the same rows as plain dicts."""
    rng = random.Random(seed)
    days = (-5, -1, 1, 2, 4, 5, 8, 11, 12, 15, 22, 29, 36, 40)
    rows: dict = {"adsl": [], "adqs": [], "adlb": []}
    for number in range(25):
        subject = f"S-{number:02}"
        rows["adsl"].append(
            {"USUBJID": subject, "TRT01P": rng.choice("AB"), "SAFFL": "Y", "DCUTDY": rng.choice((36, 20, 400)),
             "DTHDY": rng.choice((None, None, None, 12))}
        )  # fmt: skip
        for _ in range(rng.randrange(8)):
            value = rng.choice((0, 0, 1, 1, 2, 3, 4, 5, 1.5, None))
            rows["adqs"].append(
                {
                    "USUBJID": subject,
                    "PARAMCD": rng.choice(("WHOBLD", "WHOBLD", "CNBLD")),
                    "ADY": rng.choice((*days, 0)),
                    "AVAL": value,
                }
            )
        for _ in range(rng.randrange(8)):
            text = rng.choice(("", "", "", "<5", "<30"))
            value = float(text[1:]) if text else rng.choice((4, 9.9, 10, 29.9, 30, 49.9, 50, 120))
            rows["adlb"].append(
                {"USUBJID": subject, "PARAMCD": "PLAT", "ADY": rng.choice(days), "AVAL": value, "AVALC": text}
            )
    return study_of_rows(rows, DEFINITION), rows


def slow_assessments(rows: dict) -> dict[tuple[str, float], int]:
    """(subject, day): the worst WHO grade of the day, up to the cut and to the death."""
    last = {
        r["USUBJID"]: min(r["DCUTDY"], r["DTHDY"] if r["DTHDY"] and r["DTHDY"] <= r["DCUTDY"] else 10**6)
        for r in rows["adsl"]
    }
    seen: dict[tuple[str, float], int] = {}
    for row in rows["adqs"]:
        value, key = row["AVAL"], (row["USUBJID"], row["ADY"])
        if row["PARAMCD"] != "WHOBLD" or value not in (0, 1, 2, 3, 4) or row["ADY"] == 0:
            continue
        if row["ADY"] <= last[row["USUBJID"]]:
            seen[key] = max(value, seen.get(key, 0))
    return seen


@pytest.mark.parametrize("seed", range(40))
def test_every_table_is_that_of_a_slow_count(seed):
    study, rows = generated(seed)
    data = derive(study)
    subjects = data.adsl.assign(ARM=data.adsl["TRT01A"])
    arm = {row["USUBJID"]: row["TRT01P"] for row in rows["adsl"]}
    assessed = assessments(data, subjects, WHO)
    slow = slow_assessments(rows)
    assert {(r.USUBJID, r.ADY): r.GRADE for r in assessed.rows.itertuples()} == slow

    visits: dict[tuple[str, float], int] = {}
    for (subject, day), grade in slow.items():
        week = visit_of(day, WEEKS, 7)
        if week is not None:
            visits[subject, week] = max(grade, visits.get((subject, week), 0))
    assert {(r.USUBJID, r.AVISITN): r.GRADE for r in worst_at_visits(assessed.rows).itertuples()} == visits
    for row in grades_by_visit(assessed.rows, ["A", "B"]).itertuples():
        own = [
            grade for (subject, week), grade in visits.items() if week == row.time and arm[subject] == row.arm
        ]
        assert (row.n, row.N) == (own.count(row.grade), len(own))

    for row in baseline_and_worst(assessed.rows, subjects).itertuples():
        before = [
            (day, grade) for (subject, day), grade in slow.items() if subject == row.USUBJID and day <= 1
        ]
        after = [grade for (subject, day), grade in slow.items() if subject == row.USUBJID and day > 1]
        assert str(row.BASEGR) == str(float(max(before)[1]) if before else float("nan"))
        assert str(row.WORST) == str(float(max(after)) if after else float("nan"))

    times = {r.USUBJID: (r.AVAL, r.CNSR) for r in bleeding_times(assessed.rows, subjects, WHO).itertuples()}
    for subject in arm:
        after_day = {day: grade for (who, day), grade in slow.items() if who == subject and day > 1}
        bled = [day for day, grade in after_day.items() if grade >= 2]
        expected = (min(bled), 0) if bled else (max(after_day), 1) if after_day else None
        assert times.get(subject) == expected


@pytest.mark.parametrize("seed", range(40))
def test_the_nearest_count_is_that_of_a_slow_search(seed):
    study, _ = generated(seed)
    data = derive(study)
    subjects = data.adsl.assign(ARM=data.adsl["TRT01A"])
    assessed = assessments(data, subjects, WHO).rows
    counts = data.adlb[(data.adlb["PARAMCD"] == "PLAT") & (data.adlb["RECFL"] == "Y")]
    near = with_counts(assessed, counts)
    found = {(r.USUBJID, r.ADY): (r.COUNTDY, r.BAND) for r in near.itertuples()}
    for row in assessed.itertuples():
        own = counts[counts["USUBJID"] == row.USUBJID]
        away = [
            (abs(span(row.ADY, c.ADY)), c.ADY, c.AVAL, c.CENSOR)
            for c in own.itertuples()
            if abs(span(row.ADY, c.ADY)) <= 3
        ]
        if not away:
            assert (row.USUBJID, row.ADY) not in found
            continue
        _, day, value, sign = min(away, key=lambda each: each[:2])
        band = 0 if sign == "<" else sum(value >= edge for edge in (10, 30, 50))
        assert found[row.USUBJID, row.ADY] == (day, BANDS[band])
    odd = {(r.USUBJID, r.ADY): r.KIND for r in discordant(near).itertuples()}
    for row in near.itertuples():
        high, low = BANDS[3] == row.BAND and row.GRADE > 0, BANDS[0] == row.BAND and row.GRADE == 0
        expected = "bleeding at 50 or more" if high else "no bleeding below 10" if low else None
        assert odd.get((row.USUBJID, row.ADY)) == expected


def test_what_is_no_grade_of_the_instrument_is_counted():
    rows = {
        "adsl": [{"USUBJID": "S", "TRT01P": "A", "SAFFL": "Y", "DCUTDY": 100}],
        "adqs": [
            {"USUBJID": "S", "PARAMCD": "WHOBLD", "ADY": day, "AVAL": value}
            for day, value in ((2, 5), (3, 1.5), (4, -1), (5, 4))
        ],
    }
    data = derive(study_of_rows(rows, DEFINITION))
    assessed = assessments(data, data.adsl.assign(ARM="A"), WHO)
    assert assessed.left_out == 3
    assert assessed.rows["GRADE"].tolist() == [4]
