"""Nasty studies and participants: small day grids, so that ties and borders happen all the time.

Every choice is made by a `Dice`: `SeededDice` rolls from a seed (many participants, fast), `DrawnDice` draws
from hypothesis (so that a failing participant shrinks). Both therefore know the same participants.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Protocol

from hypothesis import strategies as st

from trialdata.definition import Arm, Endpoint, RescueClass, StudyDefinition, Visits

ARMS = (Arm("A", "Arm A", "experimental"), Arm("B", "Arm B", "control"))
GRADES = (0, 0, 0, 0, 0, 0, 1, 2, 3)


class Dice(Protocol):
    def pick(self, options: Sequence) -> Any: ...

    def number(self, low: int, high: int) -> int: ...


class SeededDice:
    def __init__(self, seed: int | str):
        self.random = random.Random(seed)

    def pick(self, options: Sequence) -> Any:
        return self.random.choice(options)

    def number(self, low: int, high: int) -> int:
        return self.random.randint(low, high)


@dataclass
class DrawnDice:
    draw: Callable

    def pick(self, options: Sequence) -> Any:
        return self.draw(st.sampled_from(options))

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))


@dataclass
class Participant:
    """One subject's rows, without USUBJID; None is an empty cell."""

    adsl: dict
    adlb: list[dict] = field(default_factory=list)
    adqs: list[dict] = field(default_factory=list)
    adcm: list[dict] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"adsl {self.adsl}"]
        for name in ("adlb", "adqs", "adcm"):
            rows = sorted(getattr(self, name), key=lambda row: str(row.get("ADY", row.get("ASTDY"))))
            lines += [f"{name} { {k: v for k, v in row.items() if v is not None} }" for row in rows]
        return "\n".join(lines)


# definitions --------------------------------------------------------------------------------------------

WEEK_GRIDS = (
    (0, 1, 2, 4),
    (0, 1, 2, 3, 4, 6, 8),
    (1, 2, 3),
    (0, 0.5, 1, 2, 5),
    (0, 2),
)


def make_words(dice: Dice, classes: Sequence[RescueClass]) -> dict:
    """Section 1: the words every kind shares."""
    named = tuple(rescue.cmclas for rescue in classes)
    some = tuple(cmclas for cmclas in named if dice.pick((True, False)))
    return {
        "r_count": dice.pick((30, 30, 50, 20)),
        "r_fold": dice.pick((2, 2, 0, 1.5, 3)),
        "cr_count": dice.pick((100, 100, 80, 30)),
        "bleeding": dice.pick(("WHOBLD", "", "WHOBLD")),
        "bleeding_max": dice.pick((0, 0, 1)),
        "bleeding_window_days": dice.pick((3, 0, 1, 5)),
        "bleeding_missing": dice.pick(("absent", "present")),
        "rescue": dice.pick(("nonresponse", "washout", "ignore")),
        "rescue_classes": dice.pick((None, None, some)),
        "rescue_grace_day": dice.pick((0, 0, 1, 8, 20)),
        "confirm_days": dice.pick((7, 0, 1, 4, 10)),
        "missing": dice.pick(("nonresponse", "exclude")),
    }


def make_window(dice: Dice) -> tuple[int, int]:
    a = dice.pick((2, 2, 1, 5, 8))
    return a, a + dice.pick((20, 27, 13, 41, 6, 0))


def make_visit_range(dice: Dice, weeks: Sequence[float]) -> tuple[float, float]:
    low, high = sorted((dice.pick(weeks), dice.pick(weeks)))
    return low, high


def make_sustained(dice: Dice, weeks: Sequence[float]) -> dict:
    return {
        "window_days": make_window(dice),
        "sustain_days": dice.pick((14, 7, 1, 21)),
        "tolerance_days": dice.pick((3, 0, 7)),
        "hold_count": dice.pick((None, 30, 50)),
        "hold_fold": dice.pick((0, 1.5, 2)),
    }


def make_durable(dice: Dice, weeks: Sequence[float]) -> dict:
    counted = dice.pick(
        (
            {"at_least": dice.pick((1, 2, 3))},
            {"fraction": dice.pick((2 / 3, 0.75, 0.5, 1.0)), "min_available": dice.pick((1, 2, 3))},
        )
    )
    return {
        "visits": make_visit_range(dice, weeks),
        "threshold": dice.pick((50, 30, 100)),
        "confirmed": dice.pick((False, True)),
    } | counted


def make_failure(dice: Dice, weeks: Sequence[float]) -> dict:
    every = ("count", "rescue", "new_therapy", "bleeding", "death")
    events = tuple(name for name in every if dice.number(0, 3)) or ("count",)
    return {
        "events": events,
        "from_day": {name: dice.pick((2, 1, 8, 15)) for name in events if dice.pick((True, False))},
        "failure_count": dice.pick((30, 20, 50)),
    }


SPECIALS: dict[str, Callable[[Dice, Sequence[float]], dict]] = {
    "confirmed_response": lambda dice, weeks: {"window_days": make_window(dice)},
    "response_at_visit": lambda dice, weeks: {
        "avisitn": dice.pick((*weeks[-2:], *weeks)),
        "confirmed": dice.pick((True, False)),
    },
    "sustained_response": make_sustained,
    "durable_counts": make_durable,
    "time_to_response": lambda dice, weeks: {"window_days": make_window(dice)},
    "duration_of_response": lambda dice, weeks: {"window_days": make_window(dice)},
    "treatment_failure": make_failure,
    "time_in_response": lambda dice, weeks: {"max_gap_days": dice.pick((28, 1, 4, 7))},
    "max_bleeding": lambda dice, weeks: {"window_days": make_window(dice), "bleeding": "WHOBLD"},
}


def make_endpoint(dice: Dice, kind: str, paramcd: str, definition: StudyDefinition) -> Endpoint:
    words = make_words(dice, definition.rescue)
    special = SPECIALS[kind](dice, definition.visits.weeks)
    return Endpoint(paramcd=paramcd, label=paramcd, kind=kind, **(words | special))


def make_rescue_classes(dice: Dice) -> tuple[RescueClass, ...]:
    ivig = RescueClass("IVIG", washout_days=dice.pick((7, 0, 3)))
    steroid = RescueClass("STEROID", washout_days=dice.pick((5, 0, 28)), open_end="ongoing")
    new = RescueClass("NEW", new_therapy=True, washout_days=dice.pick((0, 3)))
    return dice.pick(((ivig, steroid, new), (ivig, steroid, new), (ivig, new), (steroid,), ()))


def make_definition(dice: Dice, kinds: Sequence[str] = tuple(SPECIALS)) -> StudyDefinition:
    """A study with one endpoint of every kind in `kinds`, all parameters at random."""
    visits = Visits(weeks=dice.pick(WEEK_GRIDS), last_window_days=dice.pick((14, 3, 0)))
    bare = StudyDefinition(
        name="generated",
        studyid="GEN",
        registry="",
        title="Generated",
        design=dice.pick(("randomized", "nonrandomized")),
        data="",
        arms=ARMS,
        visits=visits,
        endpoints=(),
        rescue=make_rescue_classes(dice),
    )
    endpoints = tuple(
        make_endpoint(dice, kind, f"E{number}", bare) for number, kind in enumerate(kinds, start=1)
    )
    return bare.replace(endpoints=endpoints)


def spelled_out(endpoint: Endpoint) -> str:
    """The endpoint's parameters that are not the defaults."""
    parts = [
        f"{f.name}={getattr(endpoint, f.name)!r}"
        for f in fields(endpoint)
        if f.name not in ("paramcd", "label") and getattr(endpoint, f.name) != f.default
    ]
    return ", ".join(parts)


# participants -------------------------------------------------------------------------------------------


def border_days(definition: StudyDefinition) -> list[int]:
    """Days on and beside every border that an endpoint or a visit of the study has."""
    borders = {1, 2}
    for week in definition.visits.weeks:
        borders |= {int(7 * week + 1), int(7 * week + 1 + definition.visits.last_window_days)}
    for endpoint in definition.endpoints:
        if endpoint.window_days:
            a, b = endpoint.window_days
            borders |= {a, b, b + endpoint.confirm_days, b + endpoint.tolerance_days}
    days = {day + step for day in borders for step in (-1, 0, 1)}
    return sorted(day for day in days if day >= 2)


def make_days(dice: Dice, borders: Sequence[int], how_many: Sequence[int]) -> list[int]:
    """So many days, dense enough to tie: in a short stretch, anywhere, on borders."""
    start = dice.pick((2, 8, 8, 15))
    choices = (
        lambda: dice.number(start, start + 12),
        lambda: dice.number(2, 45),
        lambda: dice.pick(borders),
    )
    return [dice.pick(choices)() for _ in range(dice.pick(how_many))]


LEVELS = (
    (60, 40, 50, 100, 120, 70, 61),
    (120, 100, 150, 101, 130),
    (60, 45, 29, 40, 35, 110, 50),
    (40, 60, 30, 31, 50, 100, 120),
    (29, 30, 31, 20, 19, 60),
    (5, 10, 15, 20, 29, 30, 100),
    (100, 99, 101, 80, 120, 150),
    (30.9, 20.6, 30.3, 45.45, 22.725, 49, 50),
)
BASELINES = (10, 15, 20, 10.3, 15.15, 12, 5, 0, 30, 60)
CENSORED = ("<5", "<30", "<100", ">80", ">100", ">20")


def platelet_row(ady, aval, **more) -> dict:
    row = {
        "PARAMCD": "PLAT",
        "ADY": ady,
        "AVAL": aval,
        "AVALC": None,
        "AVISIT": None,
        "ABLFL": None,
        "DTYPE": None,
    }
    return row | more


def make_platelet_row(dice: Dice, day: float, levels: Sequence[float]) -> dict:
    row = platelet_row(day, dice.pick(levels))
    twist = dice.number(0, 40)
    if twist == 1:
        row["AVALC"], row["AVAL"] = dice.pick(CENSORED), dice.pick((None, 5, 200))
    elif twist == 2:
        row["AVAL"] = None
    elif twist == 3:
        row["DTYPE"] = "AVERAGE"
    elif twist == 4:
        row["ABLFL"] = "Y"
    elif twist == 5:
        row["ADY"] = dice.pick((0, 8.5, None))
    elif twist == 6:
        row["PARAMCD"] = "HGB"
    elif twist == 7:
        row["AVALC"] = str(row["AVAL"])
    return row


def make_baseline_rows(dice: Dice) -> list[dict]:
    days = [dice.pick((1, -1, -3, -8)) for _ in range(dice.pick((1, 1, 2, 3, 0)))]
    rows = [make_platelet_row(dice, day, BASELINES) for day in days]
    if rows and dice.pick((False, True)):
        dice.pick(rows)["ABLFL"] = "Y"
    if rows and not dice.number(0, 9):
        rows.append(platelet_row(dice.pick((1, -1)), 12.5, ABLFL="Y", DTYPE="AVERAGE"))
    return rows


def make_adlb(dice: Dice, borders: Sequence[int]) -> list[dict]:
    rows = make_baseline_rows(dice)
    levels = dice.pick(LEVELS)
    for day in make_days(dice, borders, (8, 12, 16, 5, 3, 2, 1, 0)):
        rows.append(make_platelet_row(dice, day, levels))
        if not dice.number(0, 7):
            rows.append(make_platelet_row(dice, day, dice.pick(LEVELS)))
    if rows and not dice.number(0, 7):
        rows.append(dice.pick(rows) | {"AVISIT": "End of Treatment", "ABLFL": dice.pick((None, "Y"))})
    return rows


def make_adqs(dice: Dice, borders: Sequence[int]) -> list[dict]:
    days = make_days(dice, borders, (2, 4, 8, 1, 0)) + [
        dice.pick((1, -1, -2)) for _ in range(dice.number(0, 2))
    ]
    rows = []
    for day in days:
        twist = dice.number(0, 20)
        rows.append(
            {
                "PARAMCD": "OTHER" if twist == 1 else "WHOBLD",
                "ADY": dice.pick((0, 9.5, None)) if twist == 2 else day,
                "AVAL": None if twist == 3 else dice.pick(GRADES),
            }
        )
    return rows


def make_adcm(dice: Dice, borders: Sequence[int]) -> list[dict]:
    rows = []
    for _ in range(dice.pick((0, 0, 0, 1, 1, 2, 3))):
        start = dice.pick(
            (dice.pick(borders), dice.number(2, 40), 1, -1, -3, -10, dice.pick((1, 8, 20, 21, 0)))
        )
        start = dice.pick((None, 4.5)) if not dice.number(0, 40) else start
        rows.append(
            {
                "CMCLAS": dice.pick(("IVIG", "IVIG", "STEROID", "NEW", "OTHER")),
                "ASTDY": start,
                "AENDY": dice.pick((None, shifted(start, dice.pick((0, 2, 9, 40, -2))))),
            }
        )
    return rows


def shifted(day: float | None, days: int) -> float | None:
    """A day some days away; never day 0."""
    if day is None:
        return None
    return (day + days) or 1


def make_adsl(dice: Dice, borders: Sequence[int]) -> dict:
    cut = dice.pick((60, 120, 40, dice.pick(borders), dice.number(2, 45), dice.number(8, 60)))
    cut = cut if dice.number(0, 30) else dice.pick((None, 1, -5))
    row = {
        "TRT01P": dice.pick(("A", "B", "A", "B", "A", "B", "SCRNFAIL")),
        "DCUTDY": cut,
        "EOSSTT": dice.pick(("ONGOING", "ONGOING", "ONGOING", None, "COMPLETED", "DISCONTINUED")),
        "EOSDY": None,
        "DTHDY": None,
    }
    if not dice.number(0, 3):
        row["EOSDY"] = dice.pick((dice.pick(borders), dice.number(2, 70)))
    if not dice.number(0, 5):
        row["DTHDY"] = dice.pick((dice.pick(borders), dice.number(1, 70)))
    return row


def make_participant(dice: Dice, definition: StudyDefinition) -> Participant:
    borders = border_days(definition)
    return Participant(
        adsl=make_adsl(dice, borders),
        adlb=make_adlb(dice, borders),
        adqs=make_adqs(dice, borders),
        adcm=make_adcm(dice, borders),
    )


@st.composite
def studies_of_one(draw, kind: str) -> tuple[StudyDefinition, Participant]:
    """A definition with one endpoint of `kind`, and one participant."""
    dice = DrawnDice(draw)
    definition = make_definition(dice, (kind,))
    return definition, make_participant(dice, definition)
