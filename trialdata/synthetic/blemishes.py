"""Clerical errors that stay in the data at every cut, so that the findings of the sample have something to say.

One of each: a count entered as "ND", a row sent twice, a visit on day 0, a rescue that ends before it begins,
a count taken after the end of the study. None of them decides an endpoint of more than one participant.
"""

from numpy.random import Generator

from trialdata.synthetic.course import UNSCHEDULED, Course, Visit
from trialdata.synthetic.laboratory import platelet_row
from trialdata.synthetic.randomness import Purpose, stream, whole
from trialdata.synthetic.trials import Trial

Row = dict[str, object]


def blemish(trial: Trial, courses: dict[str, Course], tables: dict[str, list[Row]]) -> None:
    """Put the errors into the tables, in place, among the participants who entered first."""
    rng = stream(trial.seed, Purpose.CORRECTION)
    early = {key for key, course in courses.items() if course.person.number <= trial.size // 4}
    counts, grades, medication = tables["adlb"], tables["adqs"], tables["adcm"]
    counts[some_place(counts, early, rng, planned_count)] |= {"AVAL": "ND"}
    place = some_place(counts, early, rng, planned_count)
    counts.insert(place, dict(counts[place]))
    grades[some_place(grades, early, rng, before_treatment)] |= {"ADY": 0}
    for row in medication:
        if row["CMCLAS"] == "IVIG":
            row["AENDY"] = int(str(row["ASTDY"])) - 1
            break
    counts += late_counts(courses)


def some_place(rows: list[Row], early: set[str], rng: Generator, eligible) -> int:
    places = [i for i, row in enumerate(rows) if row["USUBJID"] in early and eligible(row)]
    return places[whole(rng, 0, len(places) - 1)]


def planned_count(row: Row) -> bool:
    return row["PARAMCD"] == "PLAT" and row["AVISITN"] in (10, 12, 14, 16, 18)


def before_treatment(row: Row) -> bool:
    return int(str(row["ADY"])) < 0


def late_counts(courses: dict[str, Course]) -> list[Row]:
    """A safety visit a week after the first participant who withdrew from treatment had left."""
    for course in courses.values():
        ending = course.ending
        if ending.status == "DISCONTINUED" and course.person.actual and not course.person.dies:
            visit = Visit(ending.day + 7, UNSCHEDULED, course.visits[-1].count, None)
            return [{"USUBJID": course.person.usubjid} | platelet_row(course, visit)]
    return []
