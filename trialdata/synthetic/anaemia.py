"""Anaemia of Evans syndrome: haemoglobin lowered in place, markers of haemolysis, and red cell transfusions.

From a stream of their own, so that no other row moves. The haemoglobin of most participants with Evans syndrome is
low at baseline and recovers, in some; that of the others stays as it is.
"""

import numpy as np
from numpy.random import Generator

from trialdata.synthetic.course import Course, Visit
from trialdata.synthetic.laboratory import row_at
from trialdata.synthetic.randomness import Purpose, chance, stream, uniform, whole
from trialdata.synthetic.trials import Trial

Row = dict[str, object]
EVANS = "EVANS"
ANAEMIC = 0.8  # share with a low haemoglobin at baseline
RECOVERS = {"TPO-RA+aCD20": 0.6, "BAT": 0.3}
MARKER_WEEKS = (4, 26)  # beside those of the chemistry, at weeks 0, 12 and 52
TRANSFUSED_BELOW = 80  # g/L
TRANSFUSION = {"CMCLAS": "RED CELL TRANSFUSION", "CMDECOD": "Red blood cells", "CMINDC": "ANAEMIA"}


def with_anaemia(trial: Trial, courses: dict[str, Course], tables: dict[str, list[Row]]) -> None:
    """Lowers haemoglobin in place, and adds markers to adlb and transfusions to adcm, at their ends."""
    for course in courses.values():
        if course.person.antibody_class == EVANS:
            rng = stream(trial.seed, Purpose.HAEMOGLOBIN, course.person.number)
            loss = _loss(course, rng)
            own = [row for row in tables["adlb"] if row["USUBJID"] == course.person.usubjid]
            for row in own:
                if row["PARAMCD"] == "HGB":
                    row["AVAL"] = round(float(str(row["AVAL"])) - loss[_day(row)] * uniform(rng, 0.9, 1.1))
            tables["adlb"] += _markers(course, loss, rng)
            tables["adcm"] += _transfusions(course, own, rng)


def _day(row: Row) -> int:
    return int(str(row["ADY"]))


def _loss(course: Course, rng: Generator) -> dict[int, float]:
    """How much haemoglobin, g/L, haemolysis takes on the day of each visit."""
    depth = uniform(rng, 22, 60) if chance(rng, ANAEMIC) else 0.0
    left = (
        uniform(rng, 0.0, 0.1)
        if chance(rng, RECOVERS.get(course.person.actual, 0.5))
        else uniform(rng, 0.6, 0.9)
    )
    weeks = uniform(rng, 3, 9)
    return {
        visit.day: depth * (left + (1 - left) * float(np.exp(-max(visit.day, 0) / 7 / weeks)))
        for visit in course.visits
    }


def _markers(course: Course, loss: dict[int, float], rng: Generator) -> list[Row]:
    """Haptoglobin at baseline, and with lactate dehydrogenase at two visits."""
    rows: list[Row] = []
    for visit in course.visits:
        if visit.week == 0 or visit.week in MARKER_WEEKS:
            rows.append(row_at(visit, "HAPTO", _haptoglobin(loss[visit.day], rng), "g/L", 0.3, 2.0))
        if visit.week in MARKER_WEEKS:
            rows.append(row_at(visit, "LDH", _dehydrogenase(visit, loss, rng), "U/L", 120, 250))
    return [{"USUBJID": course.person.usubjid} | row for row in rows]


def _haptoglobin(loss: float, rng: Generator) -> float:
    return round(max(0.05, 1.1 - 0.06 * loss) * uniform(rng, 0.8, 1.2), 2)


def _dehydrogenase(visit: Visit, loss: dict[int, float], rng: Generator) -> float:
    return round((185 + 4 * loss[visit.day]) * uniform(rng, 0.85, 1.15))


def _transfusions(course: Course, own: list[Row], rng: Generator) -> list[Row]:
    """Red cells a few days before a low haemoglobin, or on the day after it."""
    low = [
        _day(row)
        for row in own
        if row["PARAMCD"] == "HGB"
        and float(str(row["AVAL"])) < TRANSFUSED_BELOW
        and _day(row) <= course.ending.day
    ]
    days = [day - whole(rng, 2, 6) if day > 10 else max(1, day + 1) for day in low]
    return [{"USUBJID": course.person.usubjid} | TRANSFUSION | {"ASTDY": day, "AENDY": day} for day in days]
