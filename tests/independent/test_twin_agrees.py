"""The engine and the twin give the same answer, cell by cell, for thousands of generated participants.

`ITP_TWIN_PARTICIPANTS=100000` looks further than the default run.
"""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.adam import derive
from tests.independent.agreement import disagreements
from tests.independent.frames import study_of
from tests.independent.generate import SPECIALS, SeededDice, make_definition, make_participant, studies_of_one

PARTICIPANTS = int(os.environ.get("ITP_TWIN_PARTICIPANTS", "6000"))
PER_STUDY = 200
KINDS = (*SPECIALS, "confirmed_response", "response_at_visit", "sustained_response")


def first_disagreement(participants, definition, **more) -> str | None:
    data = derive(study_of(participants, definition))
    return next(disagreements(data, participants, definition, cut_has=set()), None)


@pytest.mark.parametrize("seed", range(max(1, PARTICIPANTS // PER_STUDY)))
def test_engine_agrees_with_the_twin(seed):
    dice = SeededDice(f"study {seed}")
    definition = make_definition(dice, KINDS)
    participants = [make_participant(dice, definition) for _ in range(PER_STUDY)]
    assert first_disagreement(participants, definition) is None


@pytest.mark.parametrize("kind", SPECIALS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_engine_agrees_with_the_twin_on_one_participant(kind, data):
    definition, participant = data.draw(studies_of_one(kind))
    assert first_disagreement([participant], definition) is None
