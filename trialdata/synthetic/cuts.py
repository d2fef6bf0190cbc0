"""What each data cutoff sees of a trial, and the CSV files of it.

An earlier cut knows less: participants not yet entered and records after the cutoff are absent, an event
that still runs has no end, sites send visits some days late.
"""

import csv
import datetime
import io
from collections.abc import Iterable
from pathlib import Path

from trialdata.synthetic.adverse import adverse_rows, withdrawal_day
from trialdata.synthetic.anaemia import with_anaemia
from trialdata.synthetic.bleeding_scales import scale_rows
from trialdata.synthetic.blemishes import blemish
from trialdata.synthetic.chemistry import chemistry_rows, with_liver_case
from trialdata.synthetic.course import Course, follow
from trialdata.synthetic.first_reports import as_first_reported
from trialdata.synthetic.height import height
from trialdata.synthetic.laboratory import bleeding_rows, laboratory_rows
from trialdata.synthetic.participants import Participant, participants
from trialdata.synthetic.questionnaires import mistype, questionnaire_rows
from trialdata.synthetic.reasons import with_adjustments, with_indications
from trialdata.synthetic.screened import screen_failure_rows
from trialdata.synthetic.treatment import exposure_rows, medication_rows
from trialdata.synthetic.trials import Trial

Row = dict[str, object]
Tables = dict[str, list[Row]]

COLUMNS = {
    "adsl": "STUDYID USUBJID SITEID TRT01P TRT01A RANDFL ITTFL FASFL PPROTFL SAFFL AGE SEX DURMO PRIORLN STERFL "
    "ITPSTAT ABCLASS HEIGHTBL DCUTDY EOSSTT EOSDY DCSREAS DTHDY",
    "adlb": "USUBJID PARAMCD ADY AVAL AVALC AVALU AVISIT AVISITN ABLFL ANRLO ANRHI",
    "adqs": "USUBJID PARAMCD ADY AVAL",
    "adcm": "USUBJID CMCLAS CMDECOD CMDOSE CMDOSU CMINDC ASTDY AENDY",
    "adae": "USUBJID AEDECOD AEBODSYS AETOXGR AESER AEREL AEACN AEOUT ASTDY AENDY TRTEMFL",
    "adex": "USUBJID EXTRT EXDOSE EXDOSU EXDOSFRQ EXADJ ASTDY AENDY",
}
RANDOMISED_ONLY = {"RANDFL", "ITTFL", "FASFL", "ITPSTAT"}  # the other study leaves them to be derived
VISIT_TABLES = {"adlb", "adqs"}
SITE_DELAY_DAYS = {"02": 5, "03": 3, "05": 9, "07": 12}  # visits of the last days have not arrived yet


def complete_tables(trial: Trial) -> tuple[dict[str, Course], Tables]:
    """The courses by USUBJID, and every record of the trial from first entry to last visit."""
    courses = {person.usubjid: follow(trial, person) for person in participants(trial)}
    tables: Tables = {name: [] for name in COLUMNS if name != "adsl"}
    for course in courses.values():
        adverse = adverse_rows(trial, course)
        tables["adae"] += adverse
        own = laboratory_rows(trial, course, adverse)
        tables["adlb"] += own + chemistry_rows(trial, course, adverse, own)
        tables["adqs"] += bleeding_rows(trial, course)
        tables["adcm"] += with_indications(trial, course, medication_rows(trial, course))
        doses = exposure_rows(trial, course, withdrawal_day(adverse))
        tables["adex"] += with_adjustments(trial, course, doses)
    with_liver_case(trial, tables["adlb"])
    blemish(trial, courses, tables)
    if not trial.randomised:
        for course in courses.values():
            tables["adqs"] += scale_rows(trial, course)
    scores = [row for course in courses.values() for row in questionnaire_rows(trial, course)]
    mistype(scores)
    with_anaemia(trial, courses, tables)
    tables["adqs"] += scores  # after every grade, so that the rows of grades stay where they are
    return courses, tables


def cut_files(trial: Trial) -> dict[str, bytes]:
    """ "<folder>/<cut date>/adsl.csv" and so on: the bytes of every file of the study's sample data."""
    courses, tables = complete_tables(trial)
    files, seen_before = {}, dict[str, int]()
    for number, cut in enumerate(trial.cuts):
        cut_day = {key: study_day(course.person, cut) for key, course in courses.items()}
        delays = {} if number == len(trial.cuts) - 1 else SITE_DELAY_DAYS
        seen = tables_at(trial, courses, tables, cut_day, delays)
        as_first_reported(trial, number, seen, seen_before)
        seen_before = cut_day
        seen["adsl"] += screen_failure_rows(trial, cut)
        for name, rows in seen.items():
            files[f"{trial.folder}/{cut.isoformat()}/{name}.csv"] = csv_bytes(columns_of(trial, name), rows)
    return files


def tables_at(
    trial: Trial,
    courses: dict[str, Course],
    tables: Tables,
    cut_day: dict[str, int],
    delays: dict[str, int],
) -> Tables:
    """The records known at a cutoff. `cut_day` is by USUBJID, `delays` by SITEID."""
    entered = {key: course for key, course in courses.items() if cut_day[key] >= 1}
    seen: Tables = {"adsl": [subject_row(trial, course, cut_day[key]) for key, course in entered.items()]}
    for name, rows in tables.items():
        day = "ADY" if name in VISIT_TABLES else "ASTDY"
        seen[name] = []
        for row in rows:
            key = str(row["USUBJID"])
            delay = delays.get(courses[key].person.siteid, 0) if name in VISIT_TABLES else 0
            if key in entered and known(int(str(row[day])), cut_day[key], delay):
                seen[name].append(until(row, cut_day[key]))
    return seen


def known(day: int, cut_day: int, delay: int) -> bool:
    """Baseline is known at once, other visits when the site has sent them."""
    return day <= 1 or day <= cut_day - delay


def study_day(person: Participant, date: datetime.date) -> int:
    days = (date - person.entry).days
    return days + 1 if days >= 0 else days


def until(row: Row, cut_day: int) -> Row:
    """The row without an end that lies after the cutoff."""
    end = row.get("AENDY")
    if end is None or int(str(end)) <= cut_day:
        return row
    return row | {"AENDY": None} | ({"AEOUT": "NOT RECOVERED/NOT RESOLVED"} if "AEOUT" in row else {})


def subject_row(trial: Trial, course: Course, cut_day: int) -> Row:
    person = course.person
    treated = "Y" if person.actual else "N"
    return {
        "STUDYID": trial.studyid, "USUBJID": person.usubjid, "SITEID": person.siteid,
        "TRT01P": person.planned, "TRT01A": person.actual, "RANDFL": "Y", "ITTFL": "Y", "FASFL": treated,
        "PPROTFL": "Y" if follows_protocol(course) else "N", "SAFFL": treated,
        "AGE": person.age, "SEX": person.sex, "DURMO": person.months_since_diagnosis,
        "PRIORLN": person.prior_lines, "STERFL": "Y" if person.steroid_at_entry else "N",
        "ITPSTAT": "RELAPSED" if person.relapsed else "RESISTANT", "ABCLASS": person.antibody_class,
        "HEIGHTBL": height(trial, person), "DCUTDY": cut_day,
    } | ending_columns(course, cut_day)  # fmt: skip


def follows_protocol(course: Course) -> bool:
    """Treated as planned; about one in twenty deviates in some other way."""
    return course.person.actual == course.person.planned and course.person.number % 19 != 7


def ending_columns(course: Course, cut_day: int) -> Row:
    ending = course.ending
    day = completion_day(course) if ending.status == "COMPLETED" else ending.day
    if day > cut_day:
        return {"EOSSTT": "ONGOING"}
    return {"EOSSTT": ending.status, "EOSDY": day, "DCSREAS": ending.reason, "DTHDY": ending.death_day}


def completion_day(course: Course) -> int:
    return max(365, course.visits[-1].day)


def columns_of(trial: Trial, name: str) -> list[str]:
    absent = {"ABCLASS", "HEIGHTBL"} if trial.randomised else RANDOMISED_ONLY
    return [column for column in COLUMNS[name].split() if column not in absent]


def csv_bytes(columns: list[str], rows: Iterable[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: plain(value) for key, value in row.items()} for row in rows)
    return text.getvalue().encode()


def plain(value: object) -> object:
    """Whole numbers without a decimal point, nothing for a missing value."""
    if value is None:
        return ""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def write_cuts(trial: Trial, folder: Path) -> None:
    """Write the study's sample data below the folder."""
    for name, content in cut_files(trial).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
