"""Study treatment (adex rows) and accompanying steroids (adcm rows) of one participant."""

from collections.abc import Iterator

from numpy.random import Generator

from trialdata.synthetic.course import Course
from trialdata.synthetic.randomness import Purpose, chance, pick, stream, whole
from trialdata.synthetic.trials import Trial

Row = dict[str, object]
TREATMENT_END = 182  # 26 weeks
INFUSIONS = {"IGU+RTX": 6, "RTX": 6, "TPO-RA+aCD20": 4}
BAT_DRUGS = {  # drug: (weight, mg, times a day)
    "Prednisone": (3, 30, "QD"),
    "Danazol": (3, 200, "BID"),
    "Ciclosporin": (2, 100, "BID"),
    "Hydroxychloroquine": (2, 200, "BID"),
    "Mycophenolate mofetil": (1, 500, "BID"),
}


def exposure_rows(trial: Trial, course: Course, stop_day: int | None) -> list[Row]:
    """adex: one row per drug and dosing. `stop_day`: an adverse event ended the oral drug."""
    rng = stream(trial.seed, Purpose.TREATMENT, course.person.number)
    arm = course.person.actual
    last = min(TREATMENT_END, course.ending.day, stop_day or TREATMENT_END)
    rows = list(infusions(course, INFUSIONS[arm], rng)) if arm in INFUSIONS else []
    if arm == "IGU+RTX":
        rows.append(dosing("Iguratimod", 25, "BID", 1, last))
    elif arm == "TPO-RA+aCD20":
        rows += eltrombopag_steps(course, last, rng)
    elif arm == "BAT":
        rows += best_available(course, rng)
    return [{"USUBJID": course.person.usubjid} | row for row in rows]


def dosing(drug: str, mg: float, frequency: str, start: int, end: int) -> Row:
    return {
        "EXTRT": drug, "EXDOSE": mg, "EXDOSU": "mg", "EXDOSFRQ": frequency, "ASTDY": start, "AENDY": end,
    }  # fmt: skip


def infusions(course: Course, planned: int, rng: Generator) -> Iterator[Row]:
    """Rituximab 100 mg once a week, on the day of the visit; four of a hundred participants stop early."""
    given = whole(rng, 1, planned - 1) if chance(rng, 0.04) else planned
    visit_day = {visit.week: visit.day for visit in course.visits}
    for week in range(given):
        day = max(1, visit_day.get(week, 7 * week + 1))
        if day <= course.ending.day:
            yield dosing("Rituximab", 100, "ONCE", day, day)


def eltrombopag_steps(course: Course, last: int, rng: Generator) -> list[Row]:
    """50 mg, raised to 75 mg when two weeks leave the count under 50, lowered to 25 mg above 250."""
    dose, start, rows = 50, 1, []
    for visit in course.visits:
        wanted = 25 if visit.count > 250 else 75 if visit.count < 50 and visit.day >= 14 else dose
        if wanted != dose and start + 7 <= visit.day < last and chance(rng, 0.85):
            rows.append(dosing("Eltrombopag", dose, "QD", start, visit.day - 1))
            dose, start = wanted, visit.day
    return [*rows, dosing("Eltrombopag", dose, "QD", start, last)]


def best_available(course: Course, rng: Generator) -> list[Row]:
    """One drug of the physician's choice, in one of three a second."""
    weights = {drug: float(weight) for drug, (weight, _, _) in BAT_DRUGS.items()}
    chosen = [pick(rng, weights)]
    if chance(rng, 0.35):
        chosen.append(pick(rng, {drug: w for drug, w in weights.items() if drug != chosen[0]}))
    rows = []
    for drug in chosen:
        _, mg, frequency = BAT_DRUGS[drug]
        end = min(course.ending.day, whole(rng, 84, 300))
        rows.append(dosing(drug, mg, frequency, 1, end))
    return rows


def medication_rows(trial: Trial, course: Course) -> list[Row]:
    """adcm: the steroid brought along and tapered, then every rescue."""
    rng = stream(trial.seed, Purpose.TREATMENT, 1000 + course.person.number)
    rows = steroid_taper(course, rng) if course.person.steroid_at_entry else []
    for rescue in course.rescues:
        end = rescue.end if rescue.end is None else min(rescue.end, course.ending.day)
        rows.append({"CMCLAS": rescue.cmclas, "CMDECOD": rescue.cmdecod, "ASTDY": rescue.start, "AENDY": end})
    kept = [row for row in rows if int(str(row["ASTDY"])) <= course.ending.day]
    return [{"USUBJID": course.person.usubjid} | row for row in kept]


def steroid_taper(course: Course, rng: Generator) -> list[Row]:
    """Prednisone at a stable dose from before entry, then halved in steps: no rescue."""
    steps = [20.0, 10.0, 5.0] if chance(rng, 0.5) else [10.0, 5.0]
    start, rows = -whole(rng, 14, 90), []
    end = whole(rng, 21, 42)
    for mg in steps:
        last = min(end, course.ending.day)
        rows.append(
            {
                "CMCLAS": "CORTICOSTEROID", "CMDECOD": "Prednisone", "CMDOSE": mg, "CMDOSU": "mg/day",
                "ASTDY": start, "AENDY": last,
            }
        )  # fmt: skip
        start, end = end + 1, end + whole(rng, 21, 35)
    return rows
