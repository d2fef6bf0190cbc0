"""The trace, the response by visit and the response states agree with the twin, record by record and day by day."""

import dataclasses
import os

import pytest

from analysis.adam import derive
from analysis.response import response_by_visit, response_states
from analysis.trace import trace, verdict
from tests.independent.agreement import same, subject_of
from tests.independent.dice import SeededDice
from tests.independent.frames import study_of
from tests.independent.generate import make_participant
from tests.independent.generate_definition import SPECIALS, make_definition, spelled_out
from tests.independent.tracing import record_answers, shadow_of, states_of
from tests.independent.twin import Course, status_of

SCALE = max(1, int(os.environ.get("ITP_TWIN_PARTICIPANTS", "4000")) // 4000)
WITH_LEVELS = tuple(kind for kind in SPECIALS if kind != "max_bleeding")


def generated(seed: str, kinds, how_many: int):
    """Derived data, the subjects as the twin sees them with their participants, and the definition."""
    dice = SeededDice(seed)
    definition = make_definition(dice, kinds)
    participants = [make_participant(dice, definition) for _ in range(how_many)]
    subjects = [subject_of(number, participant) for number, participant in enumerate(participants)]
    return (
        derive(study_of(participants, definition)),
        list(zip(subjects, participants, strict=True)),
        definition,
    )


@pytest.mark.parametrize("seed", range(4 * SCALE))
def test_trace_reads_every_record_as_the_twin_does(seed):
    data, people, definition = generated(f"trace {seed}", tuple(SPECIALS), 4)
    for endpoint in definition.endpoints:
        for subject, participant in people:
            course = Course(subject, endpoint, definition)
            rows = trace(data, subject.usubjid, endpoint.paramcd)
            assert verdict(data, subject.usubjid, endpoint.paramcd)
            rows = rows[(rows["ADY"] >= 2) & (rows["ROLE"] != "baseline")].to_dict("records")
            rows = [row for row in rows if not row["CLAUSE"].startswith("Another count of this day")]
            onset = None
            if endpoint.kind == "sustained_response":
                onset = status_of(subject, endpoint, definition)["ONSETDY"]
            expected = record_answers(course, onset)
            assert sorted(row["ADY"] for row in rows) == sorted(expected), participant
            for row in rows:
                wrong = [name for name, cell in expected[row["ADY"]].items() if not same(cell, row[name])]
                assert not wrong, (
                    f"{wrong}\n{spelled_out(endpoint)}\n{participant}\n{row}\n{expected[row['ADY']]}"
                )
                written = shadow_of(course, row["ADY"])
                assert row["SHADOWDY"] in (written or {""}), f"{written}\n{participant}\n{row}"


@pytest.mark.parametrize("seed", range(6 * SCALE))
def test_response_by_visit_is_response_at_visit_at_every_visit(seed):
    data, people, definition = generated(f"visits {seed}", ("confirmed_response", "sustained_response"), 60)
    for endpoint in definition.endpoints:
        rows = response_by_visit(data, endpoint.paramcd)
        found = {
            (row["USUBJID"], row["AVISITN"]): (row["LEVEL"], row["DUEFL"]) for row in rows.to_dict("records")
        }
        weeks = [week for week in definition.visits.weeks if week > 0]
        assert len(rows) == len(people) * len(weeks)
        for week in weeks:
            at_week = dataclasses.replace(endpoint, kind="response_at_visit", avisitn=week, confirmed=False)
            for subject, participant in people:
                expected = status_of(subject, at_week, definition)
                answer = found[subject.usubjid, week]
                assert answer == (expected["AVALC"], expected["DUEFL"]), f"week {week}\n{participant}"


@pytest.mark.parametrize("seed", range(8 * SCALE))
def test_response_states_are_those_of_time_in_response_day_by_day(seed):
    data, people, definition = generated(f"states {seed}", WITH_LEVELS, 40)
    for endpoint in definition.endpoints:
        found: dict[str, dict[float, str]] = {}
        for row in response_states(data, endpoint.paramcd).to_dict("records"):
            days = range(int(row["STARTDY"]), int(row["ENDDY"]) + 1)
            found.setdefault(row["USUBJID"], {}).update(dict.fromkeys(days, row["STATE"]))
        for subject, participant in people:
            expected = states_of(subject, endpoint, definition)
            states = {day: state for day, state in found.get(subject.usubjid, {}).items() if day >= 1}
            assert states == expected, f"{spelled_out(endpoint)}\n{participant}\n{states}\n{expected}"
