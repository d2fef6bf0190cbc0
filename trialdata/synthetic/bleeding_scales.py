"""ITP-BAT domains and the Chinese ITP score (adqs rows) beside the WHO grade, at some visits of one participant."""

from trialdata.synthetic.course import Course
from trialdata.synthetic.randomness import Purpose, stream, whole
from trialdata.synthetic.trials import Trial

Row = dict[str, object]
WEEKS = (0, 2, 4, 8, 12, 26, 52)
SKIN = {0: (0, 0), 1: (1, 2), 2: (1, 3), 3: (2, 3), 4: (2, 3)}  # WHO grade: least and most
MUCOSA = {0: (0, 0), 1: (0, 1), 2: (1, 2), 3: (2, 3), 4: (2, 3)}
ORGAN = {0: (0, 0), 1: (0, 0), 2: (0, 0), 3: (1, 2), 4: (4, 4)}
CHINESE = {0: (0, 0), 1: (1, 2), 2: (2, 3), 3: (3, 5), 4: (8, 8)}
DOMAINS = {"SMOGSKIN": SKIN, "SMOGMUC": MUCOSA, "SMOGORG": ORGAN, "CNBLD": CHINESE}


def scale_rows(trial: Trial, course: Course) -> list[Row]:
    """A row per instrument or domain and visit at which the WHO grade was assessed; age adds to the Chinese score."""
    rng = stream(trial.seed, Purpose.BLEEDING_SCALES, course.person.number)
    rows = []
    for visit in course.visits:
        if visit.grade is None or visit.week not in WEEKS:
            continue
        for paramcd, limits in DOMAINS.items():
            grade = whole(rng, *limits[visit.grade])
            if paramcd == "CNBLD" and grade and course.person.age >= 65:
                grade += 1
            rows.append(
                {"USUBJID": course.person.usubjid, "PARAMCD": paramcd, "ADY": visit.day, "AVAL": grade}
            )
    return rows
