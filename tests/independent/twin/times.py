"""One row of ADTTE: time to response, duration of response, treatment failure."""

from tests.independent.twin.course import Course
from tests.independent.twin.subject import Subject
from trialdata.definition import Endpoint, StudyDefinition


def time_of(subject: Subject, endpoint: Endpoint, definition: StudyDefinition) -> dict | None:
    """The columns of ADTTE; None where the subject has no row (duration_of_response, responders only)."""
    return RULES[endpoint.kind](Course(subject, endpoint, definition))


def event(day: float, cause: str, **more) -> dict:
    return {"AVAL": day, "CNSR": 0, "EVNTDESC": cause, "CNSDTDSC": "", "ONSETDY": None} | more


def censored(day: float, cause: str, **more) -> dict:
    return {"AVAL": day, "CNSR": 1, "EVNTDESC": "", "CNSDTDSC": cause, "ONSETDY": None} | more


def censoring_cause(course: Course) -> str:
    """CNSDTDSC of duration_of_response and treatment_failure: the first that fits."""
    subject = course.subject
    if course.search_end is not None:
        return "rescue"
    if subject.death is not None:
        return "death"
    if not subject.on_study:
        return "completed" if subject.adsl.get("EOSSTT") == "COMPLETED" else "left the study"
    return "data cutoff"


def censoring_cause_by(course: Course, b: float) -> str:
    """CNSDTDSC of time_to_response: what happened on or before b; an end of study without a day counts."""
    subject = course.subject
    if course.search_end is not None and course.search_end <= b:
        return "rescue"
    if subject.death is not None and subject.death <= b:
        return "death"
    ended = subject.end_of_study is not None and subject.end_of_study <= b
    if ended or subject.ended_without_a_day:
        return "completed" if subject.adsl.get("EOSSTT") == "COMPLETED" else "left the study"
    if subject.cut is not None and subject.cut > b:
        return "end of window"
    return "data cutoff"


def last_usable_day(course: Course, b: float | None = None) -> float:
    """The day of the last usable record (on or before b); day 1 without one."""
    days = [reading.day for reading in course.readings if b is None or reading.day <= b]
    return days[-1] if days else 1


def time_to_response(course: Course) -> dict:
    b = course.endpoint.window_days[1]
    found = course.confirmed("response", 2, b)
    if found:
        onset = found[0]
        return event(onset, "response", ONSETDY=onset, CIFDY=onset, CIFEVENT="response")
    day = last_usable_day(course, b)
    competing = []
    if course.subject.death is not None and course.subject.death <= b:
        competing.append((course.subject.death, 0, "death"))
    if course.search_end is not None and course.search_end <= b:
        competing.append((course.search_end, 1, "rescue"))
    cif_day, _, cif_event = min(competing) if competing else (day, 0, "")
    return censored(day, censoring_cause_by(course, b), CIFDY=cif_day, CIFEVENT=cif_event)


def duration_of_response(course: Course) -> dict | None:
    found = course.confirmed("response", *course.endpoint.window_days)
    if not found:
        return None
    onset = found[0]
    loss = course.loss(onset, lambda reading: not reading.response_by_count)
    if loss is not None:
        return event(loss[0] - onset + 1, loss[1], ONSETDY=onset)
    last = max(reading.day for reading in course.readings if reading.response and reading.day >= onset)
    return censored(last - onset + 1, censoring_cause(course), ONSETDY=onset)


ORDER = ("death", "new_therapy", "rescue", "bleeding", "count")


def treatment_failure(course: Course) -> dict:
    endpoint = course.endpoint
    days_of = {
        "death": [] if course.subject.death is None else [course.subject.death],
        "new_therapy": [rescue.start for rescue in course.rescues if rescue.counts and rescue.new_therapy],
        "rescue": [rescue.start for rescue in course.rescues if rescue.counts and not rescue.new_therapy],
        "bleeding": course.bleeding_days(),
        "count": course.low_pairs(lambda reading: not reading.count.reaches(endpoint.failure_count)),
    }
    failures = [
        (day, ORDER.index(name), name)
        for name in endpoint.events
        for day in days_of[name]
        if day >= endpoint.from_day.get(name, 2)
    ]
    if failures:
        day, _, name = min(failures)
        return event(day, name)
    return censored(last_usable_day(course), censoring_cause(course))


RULES = {
    "time_to_response": time_to_response,
    "duration_of_response": duration_of_response,
    "treatment_failure": treatment_failure,
}
