"""Scores that participants report (adqs rows): fatigue and quality of life, better while the platelets are up."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from trialdata.synthetic.course import Course, Visit
from trialdata.synthetic.randomness import Purpose, chance, stream
from trialdata.synthetic.trials import Trial

Row = dict[str, object]
WEEKS = (0, 4, 12, 26, 52)
NOT_FILLED_IN, EMPTY = 0.09, 0.3  # of those not filled in, some have an empty row, some none
LOW, HIGH = np.log(20), np.log(100)  # between these counts a score rises from no gain to the whole of it


@dataclass(frozen=True)
class Score:
    """How a score is distributed: between participants, from visit to visit, and what a response is worth."""

    mean: float
    sd: float
    noise: float
    gain: float
    highest: float
    digits: int = 0


SCORES = {  # FACIT-F: mean 36.9, SD 5.2 in Chinese participants with chronic ITP
    "FACITF": Score(mean=36.0, sd=5.2, noise=2.6, gain=5.5, highest=52),
    "SF36PCS": Score(mean=45.0, sd=7.0, noise=3.2, gain=4.5, highest=100, digits=1),
    "SF36MCS": Score(mean=44.0, sd=8.5, noise=4.2, gain=3.0, highest=100, digits=1),
    "ITPPAQ": Score(mean=61.0, sd=14.0, noise=6.5, gain=11.0, highest=100),
}


def questionnaire_rows(trial: Trial, course: Course) -> list[Row]:
    """adqs: one row per questionnaire and visit at which it was filled in, or found empty."""
    rng = stream(trial.seed, Purpose.QUALITY, course.person.number)
    rows = []
    for paramcd in trial.questionnaires:
        usual = float(rng.standard_normal())
        for visit in course.visits:
            if visit.week in WEEKS:
                filled, value = not chance(rng, NOT_FILLED_IN), score_at(visit, SCORES[paramcd], usual, rng)
                if filled or chance(rng, EMPTY):
                    rows.append(row_at(course, paramcd, visit, value if filled else None))
    return rows


def row_at(course: Course, paramcd: str, visit: Visit, value: float | None) -> Row:
    return {"USUBJID": course.person.usubjid, "PARAMCD": paramcd, "ADY": visit.day, "AVAL": value}


def score_at(visit: Visit, score: Score, usual: float, rng: Generator) -> float:
    """The participant's own level, lifted by the count of the day, with noise; within the range."""
    lift = float(np.clip((np.log(max(visit.count, 1)) - LOW) / (HIGH - LOW), 0, 1))
    value = score.mean + score.sd * usual + score.gain * lift + score.noise * float(rng.standard_normal())
    return round(float(np.clip(value, 0, score.highest)), score.digits)


def mistype(rows: list[Row]) -> None:
    """One score of week 12 or so typed with its last digit twice, in place: it stays in the data at every cut."""
    for row in rows:
        if row["PARAMCD"] == "FACITF" and row["AVAL"] is not None and 70 <= int(str(row["ADY"])) <= 100:
            digits = str(int(float(str(row["AVAL"]))))
            row["AVAL"] = float(digits + digits[-1])
            return
