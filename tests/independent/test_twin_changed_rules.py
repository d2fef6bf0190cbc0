"""A changed rule gives the twin's answers, and the participants it moves are those of a slow loop over the twin."""

import dataclasses
from collections.abc import Sequence

import pytest

from analysis.adam import derive
from analysis.rule_sensitivity import compare_rules
from tests.independent.agreement import compared, rows_by, subject_of
from tests.independent.dice import Dice, SeededDice
from tests.independent.frames import study_of
from tests.independent.generate import make_participant
from tests.independent.generate_definition import SPECIALS, make_definition, make_words
from tests.independent.twin import Subject, status_of
from trialdata.definition import RATE_KINDS, Endpoint, StudyDefinition

PARTICIPANTS = 60
NOT_CHANGED = ("missing", "rescue_classes")


def make_changes(dice: Dice, endpoint: Endpoint, definition: StudyDefinition) -> dict:
    """One to three keys of the rule with other values, at times the washout of rescue too."""
    others = make_words(dice, definition.rescue)
    if endpoint.kind != "durable_counts":
        others |= SPECIALS[endpoint.kind](dice, definition.visits.weeks)
    new = {
        key: value
        for key, value in others.items()
        if key not in NOT_CHANGED and getattr(endpoint, key) != value
    }
    if dice.pick((True, False)):
        new["washout_days"] = dice.pick((1, 4, 60))
    keys = sorted(new)
    return {key: new[key] for key in {dice.pick(keys) for _ in range(dice.pick((1, 2, 3)))}}


def changed_by_hand(
    definition: StudyDefinition, endpoint: Endpoint, changes: dict
) -> tuple[StudyDefinition, Endpoint]:
    """The rule with these keys, written without the code under test."""
    keys = dict(changes)
    washout = keys.pop("washout_days", None)
    classes = []
    for rescue in definition.rescue:
        own = washout is None or rescue.new_therapy
        classes.append(rescue if own else dataclasses.replace(rescue, washout_days=washout))
    return definition.replace(rescue=tuple(classes)), dataclasses.replace(endpoint, **keys)


def twin_class(subject: Subject, definition: StudyDefinition, endpoint: Endpoint, changes: dict):
    of_study, of_endpoint = changed_by_hand(definition, endpoint, changes)
    answer = status_of(subject, of_endpoint, of_study)
    return answer["AVALC"], answer["DUEFL"]


def moved_by_hand(
    subjects: Sequence[Subject], definition: StudyDefinition, endpoint: Endpoint, changes: dict
) -> dict:
    """By USUBJID: both classes, the keys that alone lead to what changed, and whether something needs them all."""
    moved = {}
    for subject in subjects:
        before = twin_class(subject, definition, endpoint, {})
        after = twin_class(subject, definition, endpoint, changes)
        if before == after:
            continue
        named, unled = set(), [before[part] != after[part] for part in (0, 1)]
        for key, value in changes.items():
            alone = twin_class(subject, definition, endpoint, {key: value})
            for part in (0, 1):
                if before[part] != after[part] and alone[part] == after[part]:
                    named.add(key)
                    unled[part] = False
        moved[subject.usubjid] = (*before, *after, named, any(unled))
    return moved


@pytest.mark.parametrize("seed", range(10))
def test_changed_rules_agree_with_the_twin(seed):
    dice = SeededDice(f"changed rule {seed}")
    definition = make_definition(dice, RATE_KINDS)
    participants = [make_participant(dice, definition) for _ in range(PARTICIPANTS)]
    subjects = [subject_of(number, participant) for number, participant in enumerate(participants)]
    data = derive(study_of(participants, definition))
    for endpoint in definition.endpoints:
        changes = make_changes(dice, endpoint, definition)
        ours = compare_rules(data, endpoint.paramcd, changes)
        of_study, of_endpoint = changed_by_hand(definition, endpoint, changes)
        rows = rows_by(ours.changed, "USUBJID")
        for participant, subject in zip(participants, subjects, strict=True):
            answer = status_of(subject, of_endpoint, of_study)
            differences = list(compared(of_endpoint, participant, answer, rows[(subject.usubjid,)]))
            assert not differences, differences[0]
        by_hand = moved_by_hand(subjects, definition, endpoint, changes)
        found = {
            row.USUBJID: (
                *(row.AVALC, row.DUEFL, row.NEWAVALC, row.NEWDUEFL),
                *(set(row.MOVEDBY.split()), row.TOGETHER == "Y"),
            )
            for row in ours.movers.itertuples()
        }
        assert found == by_hand, changes


def test_the_generated_changes_move_somebody_alone_by_several_and_only_together():
    """What the comparison above rests on: every way to be moved occurs."""
    ways = {"one": 0, "several": 0, "together": 0, "due": 0}
    for seed in range(10):
        dice = SeededDice(f"changed rule {seed}")
        definition = make_definition(dice, RATE_KINDS)
        data = derive(study_of([make_participant(dice, definition) for _ in range(PARTICIPANTS)], definition))
        for endpoint in definition.endpoints:
            changes = make_changes(dice, endpoint, definition)
            for row in compare_rules(data, endpoint.paramcd, changes).movers.itertuples():
                ways["together"] += row.TOGETHER == "Y"
                ways["one"] += len(row.MOVEDBY.split()) == 1
                ways["several"] += len(row.MOVEDBY.split()) > 1
                ways["due"] += row.DUEFL != row.NEWDUEFL
    assert all(ways.values()), ways
