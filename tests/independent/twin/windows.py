"""The window of an endpoint: its visits and their records, its last day, when it is due, why it failed."""

from tests.independent.twin.course import Course, Reading
from tests.independent.twin.days import span, window_of
from tests.independent.twin.subject import Record


def due_day(course: Course) -> float | None:
    """The endpoint's last possible day; None for time_in_response, which has none."""
    endpoint = course.endpoint
    if endpoint.kind == "confirmed_response":
        return endpoint.window_days[1] + endpoint.confirm_days
    if endpoint.kind == "sustained_response":
        return endpoint.window_days[1] + endpoint.tolerance_days
    if endpoint.kind == "max_bleeding":
        return endpoint.window_days[1]
    if endpoint.kind == "response_at_visit":
        return last_day(course) + (endpoint.confirm_days if endpoint.confirmed else 0)
    if endpoint.kind == "durable_counts":
        return last_day(course)
    return None


def scheduled(course: Course) -> list[float]:
    """The AVISITN that a visit kind looks at."""
    if course.endpoint.kind == "response_at_visit":
        return [course.endpoint.avisitn]
    first, last = course.endpoint.visits
    return [week for week in sorted(course.definition.visits.weeks) if first <= week <= last]


def visit_window(course: Course, avisitn: float) -> tuple[float, float]:
    visits = course.definition.visits
    return window_of(avisitn, visits.weeks, visits.last_window_days)


def last_day(course: Course) -> float:
    """The last day of the window: b, or the upper end of the last visit's window."""
    if course.endpoint.kind in ("response_at_visit", "durable_counts"):
        return visit_window(course, scheduled(course)[-1])[1]
    return course.endpoint.window_days[1]


def visit_record(course: Course, avisitn: float) -> Record | None:
    """The record nearest to the target day within the analysis window; equally near: the later."""
    first, last = visit_window(course, avisitn)
    target = 7 * avisitn + 1
    inside = [record for record in course.subject.records if first <= record.day <= last]
    if not inside:
        return None
    return min(inside, key=lambda record: (abs(span(record.day, target)), -record.day))


def reading_of(course: Course, record: Record | None) -> Reading | None:
    """What a record says, where it is usable."""
    if record is None:
        return None
    for reading in course.readings:
        if reading.day == record.day:
            return reading
    return None


def missing_or_failure(course: Course, failure: str) -> str:
    """MISSING never hides a failure: rescue that ended the search, or death, by the window's last day."""
    last = last_day(course)
    search_ended = course.search_end is not None and course.search_end <= last
    died = course.subject.death is not None and course.subject.death <= last
    return failure if search_ended or died else "MISSING"


def count_reason(readings: list[Reading]) -> str:
    if any(reading.response for reading in readings):
        return "unconfirmed"
    if any(reading.response_by_count and reading.bleeding for reading in readings):
        return "bleeding"
    return "never reached"


def without_assessment(readings: list[Reading]) -> int:
    return sum(not reading.assessed for reading in readings)
