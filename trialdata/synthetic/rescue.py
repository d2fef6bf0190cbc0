"""Rescue therapy of one participant: which class, for how long, and what it does to the count."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from trialdata.synthetic.level import DAYS
from trialdata.synthetic.randomness import chance, pick, uniform, whole
from trialdata.synthetic.trials import ArmTruth

NEW_THERAPIES = ("TPO-RA", "NEW ITP THERAPY", "SPLENECTOMY")
LATE_DAY = 84  # before it a new therapy is rarely begun: the study treatment may still work


@dataclass(frozen=True)
class Rescue:
    """A rescue therapy as it stands in adcm; `end` None: no end recorded."""

    cmclas: str
    cmdecod: str
    start: int
    end: int | None


def draw_rescue(arm: ArmTruth, day: int, rng: Generator) -> Rescue:
    """The rescue begun on a day."""
    late = 2.0 if day > LATE_DAY else 0.3
    weights = {name: w * (late if name in NEW_THERAPIES else 1) for name, w in arm.rescue.items()}
    cmclas = pick(rng, weights)
    cmdecod, length = {
        "IVIG": lambda: ("Immunoglobulin", whole(rng, 2, 5)),
        "PLATELET TRANSFUSION": lambda: ("Platelets", whole(rng, 1, 2)),
        "CORTICOSTEROID INCREASE": lambda: steroid_increase(rng),
        "TPO-RA": lambda: (pick(rng, {"Eltrombopag": 4, "Hetrombopag": 3, "Avatrombopag": 2}), 120),
        "NEW ITP THERAPY": lambda: (pick(rng, {"Danazol": 3, "Ciclosporin": 2, "Eltrombopag": 2}), 120),
        "SPLENECTOMY": lambda: ("Splenectomy", 1),
    }[cmclas]()
    forgotten = chance(rng, 0.03)
    return Rescue(cmclas, cmdecod, day, None if forgotten else day + length - 1)


def steroid_increase(rng: Generator) -> tuple[str, int]:
    """High-dose dexamethasone for four days, or more prednisone for weeks."""
    return ("Dexamethasone", 4) if chance(rng, 0.6) else ("Prednisone", whole(rng, 14, 42))


def rescue_effect(rescue: Rescue, rng: Generator) -> np.ndarray:
    """What the rescue adds to the log count on days 0 to 400.

    Immunoglobulin and steroid raise the count three- to sixfold for one to three weeks, a transfusion two- to
    fourfold for two days; six of ten new therapies work for good.
    """
    start = rescue.start
    if rescue.cmclas in NEW_THERAPIES:
        works = chance(rng, 0.6)
        height, rise = (float(np.log(uniform(rng, 3.5, 8))), 14) if works else (0.1, 14)
        return np.interp(DAYS, [start, start + rise], [0, height])
    if rescue.cmclas == "PLATELET TRANSFUSION":
        height, rise, hold, fall = float(np.log(uniform(rng, 2, 4))), 1, 1, 2
    else:
        height, rise, hold, fall = float(np.log(uniform(rng, 3, 6))), 3, whole(rng, 4, 14), 6
    corners = np.cumsum([start, rise, hold, fall])
    return np.interp(DAYS, corners, [0, height, height, 0])
