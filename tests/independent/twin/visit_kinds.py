"""response_at_visit and durable_counts."""

from tests.independent.twin.course import Course, Reading
from tests.independent.twin.subject import Record
from tests.independent.twin.windows import (
    count_reason,
    last_day,
    missing_or_failure,
    reading_of,
    scheduled,
    visit_record,
    without_assessment,
)


def response_at_visit(course: Course) -> dict:
    record = visit_record(course, course.endpoint.avisitn)
    reading = reading_of(course, record)
    avalc = visit_status(course, record, reading)
    return {
        "AVALC": avalc,
        "REASON": visit_reason(course, record, reading) if avalc == "NR" else "",
        "NOBLEED": 0 if reading is None else without_assessment([reading]),
    }


def visit_status(course: Course, record: Record | None, reading: Reading | None) -> str:
    if record is None:
        return missing_or_failure(course, "NR")
    if reading is None:
        return "NR"
    if not course.endpoint.confirmed:
        return "CR" if reading.cr else "R" if reading.response else "NR"
    if is_within_a_pair(course, reading, "cr"):
        return "CR"
    if is_within_a_pair(course, reading, "response"):
        return "R"
    if course.subject.on_study and course.search_end is None and reading in course.open_run():
        return "PENDING"
    return "NR"


def is_within_a_pair(course: Course, reading: Reading, level: str) -> bool:
    return any(
        course.readings[i].day <= reading.day <= course.readings[j].day for i, j in course.pairs(level)
    )


def visit_reason(course: Course, record: Record | None, reading: Reading | None) -> str:
    """Why a response_at_visit is NR."""
    if record is None:
        ended = course.search_end is not None and course.search_end <= last_day(course)
        return "rescue" if ended else "death"
    if reading is None:
        return "rescue"
    return count_reason([reading])


# durable_counts -----------------------------------------------------------------------------------------


def durable_counts(course: Course) -> dict:
    endpoint = course.endpoint
    records = [visit_record(course, week) for week in scheduled(course)]
    available = [record for record in records if record is not None]
    readings = [reading_of(course, record) for record in available]
    usable = [reading for reading in readings if reading is not None]
    reached = sum(reading.count.reaches(endpoint.threshold) for reading in usable)
    if not available:
        avalc = missing_or_failure(course, "N")
    elif endpoint.at_least is not None:
        avalc = "Y" if reached >= endpoint.at_least else "N"
    else:
        enough = len(available) >= endpoint.min_available
        avalc = "Y" if enough and reached >= endpoint.fraction * len(available) - 1e-9 else "N"
    return {"AVALC": avalc}
