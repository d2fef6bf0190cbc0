"""confirmed_response and sustained_response."""

from tests.independent.twin.course import Course
from tests.independent.twin.windows import count_reason, missing_or_failure, without_assessment


def confirmed_status(course: Course) -> str:
    a, b = course.endpoint.window_days
    if course.confirmed("cr", a, b):
        return "CR"
    if course.confirmed("response", a, b):
        return "R"
    open_in_window = any(a <= reading.day <= b for reading in course.open_run())
    if course.subject.on_study and course.search_end is None and open_in_window:
        return "PENDING"
    if not any(a <= record.day <= b for record in course.subject.records):
        return missing_or_failure(course, "NR")
    return "NR"


def confirmed_reason(course: Course) -> str:
    """Why a confirmed_response is NR."""
    a, b = course.endpoint.window_days
    records = [record for record in course.subject.records if a <= record.day <= b]
    readings = [reading for reading in course.readings if a <= reading.day <= b]
    if (course.search_end is not None and course.search_end <= b) or (records and not readings):
        return "rescue"
    if not records:
        return "death"
    return count_reason(readings)


def onset_days(course: Course) -> dict:
    a, b = course.endpoint.window_days
    onset, confirming = course.confirmed("response", a, b) or (None, None)
    cr_onset, _ = course.confirmed("cr", a, b) or (None, None)
    return {"ONSETDY": onset, "CRONSDY": cr_onset, "CONFDY": confirming}


def unassessed_in_window(course: Course, *, beyond: int = 0) -> int:
    """Usable records of the window (and so many days beyond it) read without an assessment."""
    a, b = course.endpoint.window_days
    b += beyond
    return without_assessment([reading for reading in course.readings if a <= reading.day <= b])


def confirmed_response(course: Course) -> dict:
    avalc = confirmed_status(course)
    return {
        "AVALC": avalc,
        "REASON": confirmed_reason(course) if avalc == "NR" else "",
        "NOBLEED": unassessed_in_window(course),
    } | onset_days(course)


def sustained_response(course: Course) -> dict:
    onset = onset_days(course)
    return {
        "AVALC": sustained_status(course, onset["ONSETDY"]),
        "NOBLEED": unassessed_in_window(course, beyond=course.endpoint.tolerance_days),
    } | onset


def sustained_status(course: Course, onset: float | None) -> str:
    if onset is not None and is_sustained(course, onset):
        return "Y"
    if is_sustained_pending(course, onset):
        return "PENDING"
    a, b = course.endpoint.window_days
    if not any(a <= record.day <= b for record in course.subject.records):
        return missing_or_failure(course, "N")
    return "N"


def hold_loss(course: Course, onset: float) -> tuple[float, str] | None:
    return course.loss(onset, lambda reading: not course.holds_by_count(reading))


def is_sustained(course: Course, onset: float) -> bool:
    endpoint = course.endpoint
    loss = hold_loss(course, onset)
    if loss is not None and loss[0] < onset + endpoint.sustain_days:
        return False
    earliest = onset + endpoint.sustain_days - endpoint.tolerance_days
    latest = endpoint.window_days[1] + endpoint.tolerance_days
    return any(
        earliest <= reading.day <= latest and course.holds_by_count(reading) and not reading.bleeding
        for reading in course.readings
    )


def is_sustained_pending(course: Course, onset: float | None) -> bool:
    endpoint, subject = course.endpoint, course.subject
    a, b = endpoint.window_days
    latest = b + endpoint.tolerance_days
    if not subject.on_study or subject.cut is None or subject.cut >= latest:
        return False
    if onset is not None:
        still_held = hold_loss(course, onset) is None
    elif confirmed_status(course) == "PENDING":
        onset = next(reading.day for reading in course.open_run() if a <= reading.day <= b)
        still_held = True
    else:
        return False
    return still_held and onset + endpoint.sustain_days - endpoint.tolerance_days <= latest
