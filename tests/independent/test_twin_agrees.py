"""The engine and the twin give the same answer, cell by cell, for thousands of generated participants.

`ITP_TWIN_PARTICIPANTS=100000` looks further than the default run.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.adam import derive
from tests.independent.agreement import disagreements
from tests.independent.dice import SeededDice
from tests.independent.frames import study_of
from tests.independent.generate import make_flags, make_participant, studies_of_one
from tests.independent.generate_definition import SPECIALS, make_definition
from tests.independent.shrinking import smallest_difference
from trialdata.parsing import read_definition

PARTICIPANTS = int(os.environ.get("ITP_TWIN_PARTICIPANTS", "4000"))
PER_STUDY = 200
KINDS = (*SPECIALS, "confirmed_response", "response_at_visit", "sustained_response")
STUDIES = sorted((Path(__file__).parents[2] / "studies").glob("*.toml"))


def first_disagreement(participants, definition, adex=(), cut_has=()) -> str | None:
    data = derive(study_of(participants, definition, adex))
    return next(disagreements(data, participants, definition, set(cut_has)), None)


def assert_agreement(participants, definition):
    """Fails with the smallest participant that shows the disagreement, if one alone does."""
    difference = first_disagreement(participants, definition)
    if difference is None:
        return
    alone = smallest_difference(participants, lambda one: first_disagreement([one], definition))
    pytest.fail(alone or difference, pytrace=False)


@pytest.mark.parametrize("seed", range(max(1, PARTICIPANTS // PER_STUDY)))
def test_engine_agrees_with_the_twin(seed):
    dice = SeededDice(f"study {seed}")
    definition = make_definition(dice, KINDS)
    participants = [make_participant(dice, definition) for _ in range(PER_STUDY)]
    assert_agreement(participants, definition)


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_engine_agrees_with_the_twin_on_the_definitions_we_ship(path):
    definition, dice = read_definition(path), SeededDice(path.stem)
    participants = [make_participant(dice, definition) for _ in range(2 * PER_STUDY)]
    assert_agreement(participants, definition)


@pytest.mark.parametrize("seed", range(20))
def test_engine_agrees_with_the_twin_on_populations(seed):
    dice = SeededDice(f"flags {seed}")
    definition = make_definition(dice, ())
    participants = [make_participant(dice, definition) for _ in range(20)]
    cut_has, adex = make_flags(dice, participants)
    difference = first_disagreement(participants, definition, adex, cut_has)
    assert difference is None, difference


@pytest.mark.parametrize("kind", SPECIALS)
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_engine_agrees_with_the_twin_on_one_participant(kind, data):
    definition, participant = data.draw(studies_of_one(kind))
    difference = first_disagreement([participant], definition)
    assert difference is None, difference
