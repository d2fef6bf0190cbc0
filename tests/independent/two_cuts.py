"""Two cuts of one generated trial, the later made from the earlier by changes that are known one by one."""

import copy
import dataclasses
import datetime
from dataclasses import dataclass, field

from tests.independent.dice import Dice
from tests.independent.frames import study_of
from tests.independent.generate import (
    BASELINES,
    GRADES,
    LEVELS,
    Participant,
    grid_of,
    make_participant,
    platelet_row,
    shifted,
    usubjid_of,
)
from trialdata.definition import StudyDefinition
from trialdata.study import Study

EARLIER = datetime.date(2026, 1, 31)
DAY = {"adlb": "ADY", "adqs": "ADY", "adcm": "ASTDY"}
STEP_OF_NEW = {"adlb": "new visit", "adqs": "new bleeding record", "adcm": "new rescue record"}


@dataclass
class Change:
    """One change: the step it belongs to, and how it is made to a participant's rows."""

    step: str
    dataset: str
    row: int = -1  # in the earlier cut; -1 for a new one
    cells: dict = field(default_factory=dict)


@dataclass
class TwoCuts:
    """`participants` as in the earlier cut, `changes` of each, the days between the cuts, and who is in which cut."""

    definition: StudyDefinition
    participants: list[Participant]
    changes: list[list[Change]]
    days: int
    enrolled_later: set[int]
    gone: set[int]

    def after(self, number: int, steps: set[str]) -> Participant:
        """A participant with the changes of these steps."""
        return applied(self.participants[number], self.changes[number], steps, self.days)

    def studies(self, earlier_definition: StudyDefinition | None = None) -> tuple[Study, Study]:
        every = {change.step for changes in self.changes for change in changes} | {"later cutoff"}
        later = [self.after(number, every) for number in range(len(self.participants))]
        cuts = (EARLIER, EARLIER + datetime.timedelta(days=self.days))
        before = study_of(self.participants, earlier_definition or self.definition)
        now = study_of(later, self.definition)
        return (
            dataclasses.replace(without(before, self.enrolled_later), cut=cuts[0], cuts=cuts),
            dataclasses.replace(without(now, self.gone), cut=cuts[1], cuts=cuts),
        )


def without(study: Study, numbers: set[int]) -> Study:
    names = [usubjid_of(number) for number in numbers]
    frames = {
        name: frame[~frame["USUBJID"].isin(names)].reset_index(drop=True)
        for name in ("adsl", "adlb", "adqs", "adcm")
        if (frame := getattr(study, name)) is not None
    }
    return dataclasses.replace(study, **frames)


def applied(participant: Participant, changes: list[Change], steps: set[str], days: int) -> Participant:
    one = copy.deepcopy(participant)
    if "later cutoff" in steps and one.adsl["DCUTDY"] is not None:
        one.adsl["DCUTDY"] = later_day(one.adsl["DCUTDY"], days)
    dropped: dict[str, set[int]] = {name: set() for name in DAY}
    for change in [change for change in changes if change.step in steps]:
        if change.dataset == "adsl":
            one.adsl |= change.cells
        elif change.row < 0:
            getattr(one, change.dataset).append(dict(change.cells))
        elif change.step == "vanished record":
            dropped[change.dataset].add(change.row)
        else:
            getattr(one, change.dataset)[change.row] |= change.cells
    for name, rows in dropped.items():
        kept = [row for place, row in enumerate(getattr(one, name)) if place not in rows]
        setattr(one, name, kept)
    return one


def later_day(day: int, days: int) -> int:
    """A study day so many calendar days later, counted one by one: there is no day 0."""
    for _ in range(days):
        day += 2 if day == -1 else 1
    return day


def make_two_cuts(dice: Dice, definition: StudyDefinition, size: int, only: str = "") -> TwoCuts:
    """With `only` every change is of that step; "" for all kinds at once."""
    participants = [make_participant(dice, definition) for _ in range(size)]
    days = dice.pick((7, 1, 30, 90, 400))
    changes = []
    for participant in participants:
        made = make_changes(dice, definition, participant, days)
        changes.append([change for change in made if only in ("", change.step)])
    whole = range(1, size) if only == "" else ()
    later = {number for number in whole if dice.one_in(8)}
    gone = {number for number in whole if number not in later and dice.one_in(12)}
    return TwoCuts(definition, participants, changes, days, later, gone)


def make_changes(dice: Dice, definition: StudyDefinition, one: Participant, days: int) -> list[Change]:
    changes = []
    for name in DAY:
        changes += record_changes(dice, name, one)
        changes += new_records(dice, definition, name, one, days)
    if one.adsl["EOSDY"] is None and dice.one_in(5):
        changes.append(
            Change("end of study or death", "adsl", cells={"EOSDY": new_day(dice, definition, one, days)})
        )
    if one.adsl["DTHDY"] is None and dice.one_in(6):
        changes.append(
            Change("end of study or death", "adsl", cells={"DTHDY": new_day(dice, definition, one, days)})
        )
    if dice.one_in(10):
        arms = [arm.trt for arm in definition.arms]
        changes.append(Change("correction", "adsl", cells={"TRT01P": dice.pick(arms)}))
    return changes


def key_of(name: str, row: dict) -> tuple:
    return (row.get("PARAMCD", row.get("CMCLAS")), row[DAY[name]])


def record_changes(dice: Dice, name: str, one: Participant) -> list[Change]:
    """Records put right, filled in or gone; only where no other record has the same key."""
    rows = getattr(one, name)
    keys = [key_of(name, row) for row in rows]
    changes = []
    for place, row in enumerate(rows):
        if keys.count(keys[place]) > 1 or not dice.one_in(6):
            continue
        if name != "adcm" and row["AVAL"] is None and row.get("AVALC") is None:
            cells = {"AVAL": dice.pick(GRADES if name == "adqs" else BASELINES)}
            changes.append(Change("completed record", name, place, cells))
        elif dice.one_in(2):
            changes.append(Change("vanished record", name, place))
        elif name == "adcm" and row["AENDY"] is None and row["ASTDY"]:
            end = shifted(row["ASTDY"], dice.pick((0, 3, 20)))
            changes.append(Change("completed record", name, place, {"AENDY": end}))
        elif name != "adcm" and row["AVAL"] is not None:
            value = dice.pick(GRADES if name == "adqs" else dice.pick(LEVELS))
            if value != row["AVAL"]:
                changes.append(Change("correction", name, place, {"AVAL": value}))
    return changes


def new_records(
    dice: Dice, definition: StudyDefinition, name: str, one: Participant, days: int
) -> list[Change]:
    """Records of days that have none yet, before the earlier cutoff or after it."""
    taken = {key_of(name, row) for row in getattr(one, name)}
    classes = [rescue.cmclas for rescue in definition.rescue] or ["OTHER"]
    changes = []
    for _ in range(dice.pick((0, 0, 1, 2, 4) if name != "adcm" else (0, 0, 0, 1))):
        day = new_day(dice, definition, one, days)
        if name == "adlb":
            row = platelet_row(day, dice.pick(dice.pick(LEVELS)))
        elif name == "adqs":
            row = {"PARAMCD": "WHOBLD", "ADY": day, "AVAL": dice.pick(GRADES)}
        else:
            row = {"CMCLAS": dice.pick(classes), "ASTDY": day, "AENDY": None}
        if key_of(name, row) not in taken:
            taken.add(key_of(name, row))
            changes.append(Change(STEP_OF_NEW[name], name, cells=row))
    return changes


def new_day(dice: Dice, definition: StudyDefinition, one: Participant, days: int) -> int:
    grid = grid_of(definition)
    cut = one.adsl["DCUTDY"] or 2
    near = max(2, cut + dice.number(-20, days))
    return dice.pick(
        (near, near, dice.number(2, grid.horizon), dice.pick([b for b in grid.borders if b >= 2]))
    )
