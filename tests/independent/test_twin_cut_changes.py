"""Who moved a rate between two cuts, and why: the engine against a slow loop over the second implementation.

The loop knows every change that made the later cut, so it also says whether records were matched rightly. Written from
docs/reference/cut-changes.md.
"""

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.adam import derive
from analysis.cut_steps import CutComparison, compare_cuts
from analysis.populations import analysis_set
from analysis.rates import response_rates
from analysis.result_changes import counted_causes, result_changes
from tests.independent.agreement import subject_of
from tests.independent.dice import DrawnDice, SeededDice
from tests.independent.generate import usubjid_of
from tests.independent.generate_definition import make_definition
from tests.independent.twin import status_of
from tests.independent.two_cuts import TwoCuts, make_two_cuts
from trialdata.definition import RATE_KINDS, Endpoint, StudyDefinition

STEPS = [
    *("later cutoff", "vanished record", "correction", "completed record"),
    *("new visit", "new bleeding record", "new rescue record", "end of study or death"),
]
NOBODY = ("", False, (0, 0), "NOTENROLLED")


def standing(participant, number: int, endpoint: Endpoint, definition: StudyDefinition) -> tuple:
    """Arm, due, (n, N) and state of one participant, as the page says."""
    arm = participant.adsl["TRT01P"]
    if arm not in [each.trt for each in definition.arms]:
        return NOBODY
    answer = status_of(subject_of(number, participant), endpoint, definition)
    if answer["DUEFL"] != "Y":
        return (arm, False, (0, 0), "NOTDUE")
    word = answer["AVALC"]
    left_out = endpoint.missing == "exclude" and word in ("PENDING", "MISSING")
    counts = (0, 0) if left_out else (int(word in ("CR", "R", "Y")), 1)
    return (arm, True, counts, word)


def history(cuts: TwoCuts, number: int, paramcd: str, then: StudyDefinition) -> list[tuple[str, tuple]]:
    """The standing at the earlier cut, then after each step."""
    one = cuts.participants[number]
    seen = [("", standing(one, number, then.endpoint(paramcd), then))]
    now = cuts.definition.endpoint(paramcd)
    if then != cuts.definition:
        seen.append(("rule change", standing(one, number, now, cuts.definition)))
    made = {"later cutoff", *(change.step for change in cuts.changes[number])}
    for place, step in enumerate(STEPS):
        if step not in made:
            continue
        after = cuts.after(number, set(STEPS[: place + 1]))
        seen.append((step, standing(after, number, now, cuts.definition)))
    return seen


def mover(cuts: TwoCuts, number: int, paramcd: str, then: StudyDefinition) -> tuple | None:
    """Then, now and cause of one participant; None where nothing differs."""
    seen = history(cuts, number, paramcd, then)
    before, after = seen[0][1], seen[-1][1]
    if number in cuts.enrolled_later:
        return None if after == NOBODY else (NOBODY, after, "newly enrolled")
    if number in cuts.gone:
        return None if before == NOBODY else (before, NOBODY, "participant vanished")
    if before == after:
        return None
    if before[3] == "NOTENROLLED":
        return before, after, "newly enrolled"
    part = next(place for place in range(4) if before[place] != after[place])
    cause = ""
    for place in range(1, len(seen)):
        if seen[place][1][part] != seen[place - 1][1][part]:
            cause = seen[place][0]
    if cause == "later cutoff" and part == 1 and after[1]:
        cause = "newly due"
    return before, after, cause


def compared(cuts: TwoCuts, then: StudyDefinition) -> CutComparison:
    return compare_cuts(*(derive(study) for study in cuts.studies(then)))


def engine(comparison: CutComparison, paramcd: str) -> dict:
    changes = result_changes(comparison, paramcd, "FAS")
    assert_it_adds_up(comparison.earlier, comparison.data, changes, paramcd)
    return {
        row.USUBJID: (
            (row.ARM_THEN, (row.n_THEN, row.N_THEN), row.STATE_THEN),
            (row.ARM_NOW, (row.n_NOW, row.N_NOW), row.STATE_NOW),
            row.CAUSE,
        )
        for row in changes.itertuples()
    }


def assert_it_adds_up(earlier, data, changes, paramcd):
    """n of N at the earlier cut and what every cause adds is n of N at this one."""
    arms = [arm.trt for arm in data.definition.arms]
    then, now = (counts(each, paramcd, arms) for each in (earlier, data))
    added = counted_causes(changes, arms)
    for arm in arms:
        own = added[added["arm"] == arm]
        assert (then[arm][0] + own["n"].sum(), then[arm][1] + own["N"].sum()) == now[arm]
    assert set(changes.loc[changes["MOVES"] == "Y", "CAUSE"]) <= set(added["cause"])
    assert (changes["CAUSE"] != "").all()


def counts(data, paramcd, arms) -> dict:
    rows = data.adrs[data.adrs["PARAMCD"] == paramcd]
    rows = rows.merge(analysis_set(data, "FAS")[["USUBJID", "ARM"]], on="USUBJID")
    rates = response_rates(rows, arms, missing=data.definition.endpoint(paramcd).missing)
    return {row.arm: (row.n, row.N) for row in rates.itertuples()}


def loop(cuts: TwoCuts, paramcd: str, then: StudyDefinition) -> dict:
    found = {}
    for number in range(len(cuts.participants)):
        moved = mover(cuts, number, paramcd, then)
        if moved:
            (arm, _, counted, state), (new_arm, _, new_counted, new_state), cause = moved
            found[usubjid_of(number)] = ((arm, counted, state), (new_arm, new_counted, new_state), cause)
    return found


def other_rules(dice, definition: StudyDefinition) -> StudyDefinition:
    """The definition that the earlier cut was imported by: often the same, at times with other thresholds."""
    if not dice.one_in(3):
        return definition
    changed = [
        dataclasses.replace(endpoint, r_count=endpoint.r_count + 15, bleeding="")
        for endpoint in definition.endpoints
    ]
    return definition.replace(endpoints=tuple(changed))


SEEDS, SIZE = 5, 24


@pytest.mark.parametrize("seed", range(SEEDS))
def test_movers_and_causes_agree_with_the_twin(seed):
    dice = SeededDice(f"two cuts {seed}")
    definition = make_definition(dice, RATE_KINDS)
    cuts = make_two_cuts(dice, definition, SIZE)
    then = other_rules(dice, definition)
    comparison = compared(cuts, then)
    for endpoint in definition.endpoints:
        assert engine(comparison, endpoint.paramcd) == loop(cuts, endpoint.paramcd, then)


@pytest.mark.parametrize("step", STEPS)
def test_one_kind_of_change_is_the_only_cause(step):
    """Only the later cutoff may move somebody beside it, since the cut day always moves."""
    allowed = {step, "newly due", "later cutoff"}
    seen: set[str] = set()
    for seed in range(2):
        dice = SeededDice(f"{step} {seed}")
        definition = make_definition(dice, RATE_KINDS)
        cuts = make_two_cuts(dice, definition, SIZE, only=step)
        comparison = compared(cuts, definition)
        for endpoint in definition.endpoints:
            found = engine(comparison, endpoint.paramcd)
            seen |= {cause for _, _, cause in found.values()}
    assert seen <= allowed | ({"newly enrolled"} if step == "correction" else set())


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_a_few_participants_agree_with_the_twin(data):
    dice = DrawnDice(data.draw)
    definition = make_definition(dice, (data.draw(st.sampled_from(RATE_KINDS)),))
    cuts = make_two_cuts(dice, definition, 2)
    then = other_rules(dice, definition)
    paramcd = definition.endpoints[0].paramcd
    assert engine(compared(cuts, then), paramcd) == loop(cuts, paramcd, then)


def test_the_generated_cuts_have_every_cause():
    """What the comparison above rests on."""
    wanted = {*STEPS, "newly due", "newly enrolled", "participant vanished", "rule change"}
    seed = 0
    while wanted and seed < 40:
        dice = SeededDice(f"two cuts {seed}")
        definition = make_definition(dice, RATE_KINDS)
        cuts = make_two_cuts(dice, definition, SIZE)
        then = other_rules(dice, definition)
        for endpoint in definition.endpoints:
            wanted -= {cause for _, _, cause in loop(cuts, endpoint.paramcd, then).values()}
        seed += 1
    assert not wanted
