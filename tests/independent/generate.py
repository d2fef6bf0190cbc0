"""Nasty participants: dense days and values on the borders, so that ties happen all the time.

Every choice is made by a `Dice`: `SeededDice` rolls from a seed (many participants, fast), `DrawnDice` draws
from hypothesis (so that a failing participant shrinks). Both therefore know the same participants.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hypothesis import strategies as st

from tests.independent.dice import Dice, DrawnDice
from tests.independent.generate_definition import make_definition
from trialdata.definition import StudyDefinition

GRADES = (0, 0, 0, 0, 0, 0, 1, 2, 3)


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


def usubjid_of(number: int) -> str:
    """The USUBJID of the participant at a position."""
    return f"GEN-{number:06}"


class Grid(NamedTuple):
    """The days worth looking at: those on and beside every border of the study, and all up to the horizon."""

    borders: Sequence[int]
    horizon: int
    rescue_classes: Sequence[str]
    arms: Sequence[str]


def grid_of(definition: StudyDefinition) -> Grid:
    borders = {1, 2}
    for week in definition.visits.weeks:
        borders |= {int(7 * week + 1), int(7 * week + 1 + definition.visits.last_window_days)}
    for endpoint in definition.endpoints:
        if endpoint.window_days:
            a, b = endpoint.window_days
            borders |= {a, b, b + endpoint.confirm_days, b + endpoint.tolerance_days}
    days = sorted({day + step for day in borders for step in (-1, 0, 1)} - {0, 1})
    named = [rescue.cmclas for rescue in definition.rescue]
    arms = [arm.trt for arm in definition.arms]
    return Grid(days, days[-1] + 3, (*named, *named, "OTHER"), (*arms, *arms, *arms, "NO ARM"))


def make_days(dice: Dice, grid: Grid, how_many: Sequence[int]) -> list[int]:
    """So many days, dense enough to tie: in a short stretch, anywhere, on borders."""
    start = dice.pick((2, 8, 8, 15, dice.pick(grid.borders)))
    choices = (
        lambda: dice.number(start, start + 12),
        lambda: dice.number(2, grid.horizon),
        lambda: dice.pick(grid.borders),
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
    elif twist == 8:
        row["AVISIT"] = "End of Treatment"
    return row


def make_baseline_rows(dice: Dice) -> list[dict]:
    days = [dice.pick((1, -1, -3, -8)) for _ in range(dice.pick((1, 1, 2, 3, 0)))]
    rows = [make_platelet_row(dice, day, BASELINES) for day in days]
    if rows and dice.pick((False, True)):
        dice.pick(rows)["ABLFL"] = "Y"
    if rows and dice.one_in(10):
        rows.append(platelet_row(dice.pick((1, -1)), 12.5, ABLFL="Y", DTYPE="AVERAGE"))
    return rows


def make_adlb(dice: Dice, grid: Grid) -> list[dict]:
    rows = make_baseline_rows(dice)
    levels = dice.pick(LEVELS)
    for day in make_days(dice, grid, (0, 1, 2, 3, 5, 8, 12, 16)):
        rows.append(make_platelet_row(dice, day, levels))
        if dice.one_in(8):
            rows.append(make_platelet_row(dice, day, dice.pick(LEVELS)))
    if rows and dice.one_in(8):
        derived = dice.pick((None, None, "AVERAGE"))
        rows.append(
            dice.pick(rows)
            | {"AVISIT": "End of Treatment", "ABLFL": dice.pick((None, "Y")), "DTYPE": derived}
        )
    return rows


def make_adqs(dice: Dice, grid: Grid) -> list[dict]:
    days = make_days(dice, grid, (0, 1, 2, 4, 8)) + [dice.pick((1, -1, -2)) for _ in range(dice.number(0, 2))]
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


def make_start(dice: Dice, grid: Grid) -> float | None:
    if dice.one_in(41):
        return dice.pick((None, 4.5, 0))
    early = dice.pick((1, 1, -1, -3, -10, 2, 8, 9, 20, 21))
    return dice.pick((early, dice.pick(grid.borders), dice.number(2, grid.horizon)))


def make_adcm(dice: Dice, grid: Grid) -> list[dict]:
    rows = []
    for _ in range(dice.pick((0, 0, 0, 1, 1, 2, 3))):
        start = make_start(dice, grid)
        end = dice.pick((None, shifted(start, dice.pick((0, 2, 9, 40, -2)))))
        end = dice.pick((0, 12.5)) if dice.one_in(31) else end
        rows.append({"CMCLAS": dice.pick(grid.rescue_classes), "ASTDY": start, "AENDY": end})
    return rows


def shifted(day: float | None, days: int) -> float | None:
    """A day some days away; never day 0."""
    if day is None:
        return None
    return (day + days) or 1


def make_cut(dice: Dice, grid: Grid) -> int | None:
    if dice.one_in(31):
        return dice.pick((None, 1, -5))
    somewhere = dice.number(2, grid.horizon + 9)
    return dice.pick((grid.horizon, 2 * grid.horizon, grid.horizon, dice.pick(grid.borders), somewhere))


def make_end(dice: Dice, grid: Grid, earliest: int, *, one_in: int) -> int | None:
    """EOSDY or DTHDY: mostly none, else on a border or anywhere, also after the cut."""
    if not dice.one_in(one_in):
        return None
    return dice.pick((dice.pick(grid.borders), dice.number(earliest, grid.horizon + 9)))


def make_adsl(dice: Dice, grid: Grid) -> dict:
    return {
        "TRT01P": dice.pick(grid.arms),
        "DCUTDY": make_cut(dice, grid),
        "EOSSTT": dice.pick(("ONGOING", "ONGOING", "ONGOING", None, "COMPLETED", "DISCONTINUED")),
        "EOSDY": make_end(dice, grid, 2, one_in=4),
        "DTHDY": make_end(dice, grid, 1, one_in=6),
    }


def make_participant(dice: Dice, definition: StudyDefinition) -> Participant:
    grid = grid_of(definition)
    return Participant(
        adsl=make_adsl(dice, grid),
        adlb=make_adlb(dice, grid),
        adqs=make_adqs(dice, grid),
        adcm=make_adcm(dice, grid),
    )


FLAGS = {
    "RANDFL": ("Y", "Y", "N", None),
    "ITTFL": ("Y", "Y", "N", None),
    "FASFL": ("Y", "Y", "N", None),
    "PPROTFL": ("Y", "Y", "N", None),
    "SAFFL": ("Y", "Y", "N", None),
    "TRTSDT": ("2025-03-01", None),
    "TRT01A": ("A", "B", None),
}


def make_flags(dice: Dice, participants: Sequence[Participant]) -> tuple[set[str], list[dict]]:
    """Gives the participants some of the columns that decide populations; returns what the cut has, and adex."""
    cut_has = {name for name in FLAGS if dice.one_in(3)}
    for participant in participants:
        participant.adsl |= {name: dice.pick(FLAGS[name]) for name in sorted(cut_has)}
    if dice.pick((True, False)):
        return cut_has, []
    treated = [number for number, _ in enumerate(participants) if not dice.one_in(3)] or [0]
    return cut_has | {"adex"}, [
        {"USUBJID": usubjid_of(number), "EXTRT": "X", "ASTDY": 1} for number in treated
    ]


@st.composite
def studies_of_one(draw, kind: str) -> tuple[StudyDefinition, Participant]:
    """A definition with one endpoint of `kind`, and one participant."""
    dice = DrawnDice(draw)
    definition = make_definition(dice, (kind,))
    return definition, make_participant(dice, definition)
