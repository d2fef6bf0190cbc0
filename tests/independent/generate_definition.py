"""Generated study definitions: one endpoint of every kind, all its parameters at random, all scales small."""

from collections.abc import Callable, Sequence
from dataclasses import fields

from tests.independent.dice import Dice
from trialdata.definition import Arm, Endpoint, RescueClass, StudyDefinition, Visits

ARMS = (Arm("A", "Arm A", "experimental"), Arm("B", "Arm B", "control"))
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
        "hold_fold": dice.pick((0, 1.5, 2, 3)),
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
