"""What the twin says record by record and day by day, to hold against the trace and the swim lanes."""

from tests.independent.twin import Course, Subject
from tests.independent.twin.course import Reading
from tests.independent.twin.days import is_missing
from trialdata.definition import Endpoint, StudyDefinition


def record_answers(course: Course, onset: float | None) -> dict[float, dict]:
    """USABLE, LEVEL and BLEEDGR by the day of each record from day 2 on."""
    readings = {reading.day: reading for reading in course.readings}
    answers = {}
    for record in course.subject.records:
        if record.day < 2:
            continue
        reading = readings.get(record.day)
        answers[record.day] = {
            "USABLE": "N" if reading is None else "Y",
            "LEVEL": "" if reading is None else level_of(course, reading, onset),
            "BLEEDGR": course.nearest_grade(record.day),
        }
    return answers


def level_of(course: Course, reading: Reading, onset: float | None) -> str:
    """The level of a usable record in the words of its kind of endpoint."""
    endpoint = course.endpoint
    if endpoint.kind == "max_bleeding":
        return ""
    if endpoint.kind == "durable_counts":
        return "reached" if reading.count.reaches(endpoint.threshold) else "below"
    if endpoint.kind == "treatment_failure":
        return "at least" if reading.count.reaches(endpoint.failure_count) else "below"
    if reading.cr:
        return "CR"
    if endpoint.kind == "sustained_response" and not is_missing(onset) and reading.day > onset:
        return "holds" if course.holds_by_count(reading) and not reading.bleeding else "NR"
    return "R" if reading.response else "NR"


def shadow_of(course: Course, day: float) -> set[str]:
    """The days of the shadows on a day, as the trace writes them."""
    return {
        f"from {rescue.start:g}" if rescue.end is None else f"{rescue.start:g} to {rescue.end:g}"
        for rescue in course.rescues
        if rescue.shadows(day)
    }


def states_of(subject: Subject, endpoint: Endpoint, definition: StudyDefinition) -> dict[float, str]:
    """The state of each day, where there is one: time_in_response day by day.

    From day 1 to the last day followed, or to the last usable record where that comes after the end of study.
    """
    course = Course(subject, endpoint, definition)
    last = max([subject.last_day_followed or 0] + [reading.day for reading in course.readings])
    states: dict[float, str] = {}
    day = 1
    while day <= last:
        if state := state_of(course, day):
            states[day] = state
        day += 1
    return states


def state_of(course: Course, day: float) -> str:
    if course.endpoint.rescue != "ignore" and course.in_shadow(day):
        return "SHADOW"
    if not course.readings or day > course.readings[-1].day:
        return ""
    begun = [record.day for record in course.subject.records if record.day <= day]
    for reading in course.readings:
        if begun and reading.day == begun[-1] and day - reading.day < course.endpoint.max_gap_days:
            return "CR" if reading.cr else "R" if reading.response else "NR"
    return ""
