"""One row of ADRS: the answer of every endpoint kind that is not a time."""

from tests.independent.twin.course import Course
from tests.independent.twin.responses import confirmed_response, sustained_response
from tests.independent.twin.subject import Subject
from tests.independent.twin.visit_kinds import durable_counts, response_at_visit
from tests.independent.twin.windows import due_day, without_assessment
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


def time_in_response(course: Course) -> dict:
    """Days in response and days observed, counted day by day."""
    if not course.readings:
        return {"AVALC": "MISSING", "RESPDAYS": 0, "OBSDAYS": 0}
    last = course.readings[-1].day
    days = days_in_response(course, last)
    observed = last - 2 + 1
    return {
        "AVAL": days / observed,
        "RESPDAYS": days,
        "OBSDAYS": observed,
        "NOBLEED": without_assessment(course.readings),
    }


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
