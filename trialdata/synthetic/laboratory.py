"""Laboratory records (adlb rows) and bleeding assessments (adqs rows) of one participant."""

import numpy as np
from numpy.random import Generator

from trialdata.synthetic.adverse import start_of
from trialdata.synthetic.course import UNSCHEDULED, Course, Visit
from trialdata.synthetic.randomness import Purpose, chance, stream, uniform
from trialdata.synthetic.trials import Trial

Row = dict[str, object]
CHEMISTRY_WEEKS = (0, 4, 8, 12, 26, 52)
ALT_UPPER_LIMIT = 40
ALT_MULTIPLES = {1: (1.3, 2.9), 2: (3.1, 4.9), 3: (5.2, 9.0)}  # of the upper limit, by CTCAE grade
LOWEST_REPORTED = {"03": 5, "05": 3}  # SITEID: the laboratory reports smaller counts as "<5", "<3"
HIGHEST_REPORTED = 1000


def laboratory_rows(trial: Trial, course: Course, adverse: list[Row]) -> list[Row]:
    """adlb: one row per parameter and day."""
    rng = stream(trial.seed, Purpose.LABORATORY, course.person.number)
    usual = usual_chemistry(course, rng)
    rows = []
    for visit in course.visits:
        rows.append(platelet_row(course, visit))
        if visit.week in CHEMISTRY_WEEKS:
            rows += chemistry_rows(visit, usual, adverse, rng)
    return [{"USUBJID": course.person.usubjid} | row for row in rows]


def platelet_row(course: Course, visit: Visit) -> Row:
    row = row_at(visit, "PLAT", visit.count, "10^9/L", 125, 350)
    lowest = LOWEST_REPORTED.get(course.person.siteid, 0)
    if visit.count < lowest:
        return row | {"AVALC": f"<{lowest}", "AVAL": lowest if lowest == 5 else None}
    if visit.count > HIGHEST_REPORTED:
        return row | {"AVALC": f">{HIGHEST_REPORTED}", "AVAL": HIGHEST_REPORTED}
    return row


def row_at(visit: Visit, paramcd: str, value: float, unit: str, low: float, high: float) -> Row:
    planned = visit.week != UNSCHEDULED
    return {
        "PARAMCD": paramcd, "ADY": visit.day, "AVAL": value, "AVALC": "", "AVALU": unit,
        "AVISIT": visit_name(visit.week), "AVISITN": visit.week if planned else None,
        "ABLFL": "Y" if visit.week == 0 else "", "ANRLO": low, "ANRHI": high,
    }  # fmt: skip


def visit_name(week: int) -> str:
    return {UNSCHEDULED: "Unscheduled", 0: "Baseline"}.get(week, f"Week {week}")


def usual_chemistry(course: Course, rng: Generator) -> dict[str, float]:
    """The participant's own haemoglobin (g/L) and ALT (U/L)."""
    mean, sd = (128, 10) if course.person.sex == "F" else (148, 11)
    haemoglobin = mean + sd * float(rng.standard_normal())
    return {"HGB": haemoglobin, "ALT": 19 * float(np.exp(0.3 * rng.standard_normal()))}


def chemistry_rows(visit: Visit, usual: dict[str, float], adverse: list[Row], rng: Generator) -> list[Row]:
    loss = 14 * max(0, (visit.grade or 0) - 1)
    haemoglobin = round(usual["HGB"] - loss + 4 * float(rng.standard_normal()))
    alt = round(usual["ALT"] * float(np.exp(0.2 * rng.standard_normal())))
    grade = liver_event_grade(visit.day, adverse)
    if grade:
        alt = round(ALT_UPPER_LIMIT * uniform(rng, *ALT_MULTIPLES[grade]))
    return [
        row_at(visit, "HGB", haemoglobin, "g/L", 115, 175),
        row_at(visit, "ALT", alt, "U/L", 7, ALT_UPPER_LIMIT),
    ]


def liver_event_grade(day: int, adverse: list[Row]) -> int:
    """The grade of the ALT event that runs on the day; 0 without one."""
    for row in adverse:
        if row["AEDECOD"] == "Alanine aminotransferase increased":
            end = row["AENDY"] or 400
            if start_of(row) <= day <= int(str(end)):
                return int(str(row["AETOXGR"]))
    return 0


def bleeding_rows(trial: Trial, course: Course) -> list[Row]:
    """adqs: one WHO grade per visit; of those not assessed some have an empty row, some none."""
    rng = stream(trial.seed, Purpose.LABORATORY, 1000 + course.person.number)
    kept = [visit for visit in course.visits if visit.grade is not None or chance(rng, 0.3)]
    return [
        {"USUBJID": course.person.usubjid, "PARAMCD": "WHOBLD", "ADY": v.day, "AVAL": v.grade} for v in kept
    ]
