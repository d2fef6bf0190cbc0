"""One row of ADRS: the answer of every endpoint kind that is not a time."""

from tests.independent.twin.course import Course, Reading
from tests.independent.twin.days import span, window_of
from tests.independent.twin.subject import Record, Subject
from trialdata.definition import Endpoint, StudyDefinition


def status_of(subject: Subject, endpoint: Endpoint, definition: StudyDefinition) -> dict:
    """The columns of ADRS for one subject and one endpoint; None is missing."""
    course = Course(subject, endpoint, definition)
    answer = {
        "AVALC": "",
        "AVAL": None,
        "DUEFL": "",
        "DUEDY": None,
        "REASON": "",
        "ONSETDY": None,
        "CRONSDY": None,
        "CONFDY": None,
        "NOBLEED": 0,
        "BASEGR": None,
        "RESPDAYS": None,
        "OBSDAYS": None,
    }
    answer |= RULES[endpoint.kind](course)
    if "AVAL" in answer and answer["AVALC"] in RESPONDER:
        answer["AVAL"] = RESPONDER[answer["AVALC"]]
    answer["DUEDY"] = due_day(course)
    if answer["DUEDY"] is not None:
        due = subject.cut is not None and subject.cut >= answer["DUEDY"]
        answer["DUEFL"] = "Y" if due else "N"
    return answer


RESPONDER = {"CR": 1, "R": 1, "Y": 1, "NR": 0, "N": 0}


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


# confirmed_response -------------------------------------------------------------------------------------


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


def count_reason(readings: list[Reading]) -> str:
    if any(reading.response for reading in readings):
        return "unconfirmed"
    if any(reading.response_by_count and reading.bleeding for reading in readings):
        return "bleeding"
    return "never reached"


def onset_days(course: Course) -> dict:
    a, b = course.endpoint.window_days
    onset, confirming = course.confirmed("response", a, b) or (None, None)
    cr_onset, _ = course.confirmed("cr", a, b) or (None, None)
    return {"ONSETDY": onset, "CRONSDY": cr_onset, "CONFDY": confirming}


def without_assessment(readings: list[Reading]) -> int:
    return sum(not reading.assessed for reading in readings)


def unassessed_in_window(course: Course) -> int:
    a, b = course.endpoint.window_days
    return without_assessment([reading for reading in course.readings if a <= reading.day <= b])


def confirmed_response(course: Course) -> dict:
    avalc = confirmed_status(course)
    return {
        "AVALC": avalc,
        "REASON": confirmed_reason(course) if avalc == "NR" else "",
        "NOBLEED": unassessed_in_window(course),
    } | onset_days(course)


# sustained_response -------------------------------------------------------------------------------------


def sustained_response(course: Course) -> dict:
    onset = onset_days(course)
    return {
        "AVALC": sustained_status(course, onset["ONSETDY"]),
        "NOBLEED": unassessed_in_window(course),
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


# response_at_visit --------------------------------------------------------------------------------------


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
    return {"AVALC": avalc, "NOBLEED": without_assessment(usable)}


# time_in_response, max_bleeding -------------------------------------------------------------------------


def time_in_response(course: Course) -> dict:
    """Days in response and days observed, counted day by day."""
    if not course.readings:
        return {}
    last = course.readings[-1].day
    days = days_in_response(course, last)
    observed = last - 2 + 1
    return {"AVAL": days / observed, "RESPDAYS": days, "OBSDAYS": observed}


def days_in_response(course: Course, last: float) -> int:
    total = 0
    for reading in course.readings:
        if not reading.response:
            continue
        later = [record.day for record in course.subject.records if record.day > reading.day]
        until = min([reading.day + course.endpoint.max_gap_days - 1, last] + [day - 1 for day in later])
        day = reading.day
        while day <= until:
            if course.endpoint.rescue == "ignore" or not course.in_shadow(day):
                total += 1
            day += 1
    return total


def max_bleeding(course: Course) -> dict:
    a, b = course.endpoint.window_days
    grades = [grade for day, grade in course.assessments() if a <= day <= b]
    before = [(day, grade) for day, grade in course.subject.grades(course.endpoint.bleeding) if day <= 1]
    baseline = max(before)[1] if before else None
    if not grades:
        return {"AVALC": "MISSING", "BASEGR": baseline}
    return {"AVALC": f"{max(grades):g}", "AVAL": max(grades), "BASEGR": baseline}


RULES = {
    "confirmed_response": confirmed_response,
    "response_at_visit": response_at_visit,
    "sustained_response": sustained_response,
    "durable_counts": durable_counts,
    "time_in_response": time_in_response,
    "max_bleeding": max_bleeding,
}
