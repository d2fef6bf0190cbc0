"""Why doses were changed or interrupted (EXADJ) and why rescue was given (CMINDC), from a stream of their own."""

from trialdata.synthetic.course import Course
from trialdata.synthetic.randomness import Purpose, chance, pick, stream, whole
from trialdata.synthetic.trials import Trial

Row = dict[str, object]
INTERRUPTED = ("Iguratimod", "Eltrombopag", "Ciclosporin", "Mycophenolate mofetil")
LONG_ENOUGH = 60  # days of one dose: a shorter row is not interrupted
WHY = {"ADVERSE EVENT": 0.55, "PARTICIPANT DECISION": 0.3, "": 0.15}


def with_adjustments(trial: Trial, course: Course, rows: list[Row]) -> list[Row]:
    """The rows of adex with EXADJ; of one oral drug in eight a row is split by days without it."""
    rng = stream(trial.seed, Purpose.EXPOSURE, course.person.number)
    found: list[Row] = []
    for row in rows:
        before = found[-1] if found and found[-1]["EXTRT"] == row["EXTRT"] else None
        found.append(row | {"EXADJ": step_reason(before, row)})
        if row["EXTRT"] in INTERRUPTED and length(row) >= LONG_ENOUGH and chance(rng, 0.12):
            last = first_day(row) + whole(rng, 20, length(row) - 30)
            found[-1] |= {"AENDY": last}
            found.append(row | {"ASTDY": last + 1 + whole(rng, 4, 21), "EXADJ": pick(rng, WHY)})
    return found


def step_reason(before: Row | None, row: Row) -> str:
    """Why eltrombopag is lowered or raised: the count."""
    if before is None or row["EXDOSE"] == before["EXDOSE"]:
        return ""
    lowered = float(str(row["EXDOSE"])) < float(str(before["EXDOSE"]))
    return "PLATELETS ABOVE 250" if lowered else "PLATELETS BELOW 50"


def with_indications(trial: Trial, course: Course, rows: list[Row]) -> list[Row]:
    """The rows of adcm with CMINDC: the disease, or of a rescue what was seen at the visit that led to it."""
    rng = stream(trial.seed, Purpose.EXPOSURE, 1000 + course.person.number)
    rescued = {rescue.start for rescue in course.rescues}
    return [
        row
        | {
            "CMINDC": rescue_reason(
                course, first_day(row), pick(rng, {"": 0.05, "PROCEDURE": 0.06, "seen": 1})
            )
            if first_day(row) in rescued and row["CMCLAS"] != "CORTICOSTEROID"
            else "IMMUNE THROMBOCYTOPENIA"
        }
        for row in rows
    ]


def rescue_reason(course: Course, day: int, drawn: str) -> str:
    if drawn != "seen":
        return drawn
    grade = [visit.grade for visit in course.visits if visit.day <= day][-1]
    return "BLEEDING" if grade is not None and grade >= 2 else "PLATELETS BELOW 20"


def first_day(row: Row) -> int:
    return int(str(row["ASTDY"]))


def length(row: Row) -> int:
    return int(str(row["AENDY"])) - first_day(row) + 1
