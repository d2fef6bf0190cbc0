"""What each data cutoff sees of a trial, and the CSV files of it.

An earlier cut knows less: participants not yet entered and records after the cutoff are absent, an event
that still runs has no end, sites send visits some days late. It is also wrong in places that a later cut puts
right: a count with its digits swapped, an adverse event reported late, a value under query.
"""

import csv
import datetime
import io
from collections.abc import Callable, Iterable
from pathlib import Path

from trialdata.synthetic.adverse import adverse_rows, withdrawal_day
from trialdata.synthetic.blemishes import blemish
from trialdata.synthetic.course import Course, follow
from trialdata.synthetic.laboratory import bleeding_rows, laboratory_rows
from trialdata.synthetic.participants import Participant, participants
from trialdata.synthetic.randomness import Purpose, stream, whole
from trialdata.synthetic.treatment import exposure_rows, medication_rows
from trialdata.synthetic.trials import Trial

Row = dict[str, object]
Tables = dict[str, list[Row]]

COLUMNS = {
    "adsl": "STUDYID USUBJID SITEID TRT01P TRT01A RANDFL ITTFL FASFL PPROTFL SAFFL AGE SEX DURMO PRIORLN STERFL "
    "ITPSTAT ABCLASS DCUTDY EOSSTT EOSDY DCSREAS DTHDY",
    "adlb": "USUBJID PARAMCD ADY AVAL AVALC AVALU AVISIT AVISITN ABLFL ANRLO ANRHI",
    "adqs": "USUBJID PARAMCD ADY AVAL",
    "adcm": "USUBJID CMCLAS CMDECOD CMDOSE CMDOSU ASTDY AENDY",
    "adae": "USUBJID AEDECOD AEBODSYS AETOXGR AESER AEREL AEACN AEOUT ASTDY AENDY TRTEMFL",
    "adex": "USUBJID EXTRT EXDOSE EXDOSU EXDOSFRQ ASTDY AENDY",
}
RANDOMISED_ONLY = {"RANDFL", "ITTFL", "FASFL", "ITPSTAT"}  # the other study leaves them to be derived
SITE_DELAY_DAYS = {"02": 5, "03": 3, "05": 9, "07": 12}  # visits of the last days have not arrived yet


def complete_tables(trial: Trial) -> tuple[dict[str, Course], Tables]:
    """The courses by USUBJID, and every record of the trial from first entry to last visit."""
    courses = {person.usubjid: follow(trial, person) for person in participants(trial)}
    tables: Tables = {name: [] for name in COLUMNS if name != "adsl"}
    for course in courses.values():
        adverse = adverse_rows(trial, course)
        tables["adae"] += adverse
        tables["adlb"] += laboratory_rows(trial, course, adverse)
        tables["adqs"] += bleeding_rows(trial, course)
        tables["adcm"] += medication_rows(trial, course)
        tables["adex"] += exposure_rows(trial, course, withdrawal_day(adverse))
    blemish(trial, courses, tables)
    return courses, tables


def cut_files(trial: Trial) -> dict[str, bytes]:
    """ "<folder>/<cut date>/adsl.csv" and so on: the bytes of every file of the study's sample data."""
    courses, tables = complete_tables(trial)
    files = {}
    for number, cut in enumerate(trial.cuts):
        seen = tables_at(trial, courses, tables, cut, final=number == len(trial.cuts) - 1)
        for name, rows in as_first_reported(trial, number, seen).items():
            files[f"{trial.folder}/{cut.isoformat()}/{name}.csv"] = csv_bytes(columns_of(trial, name), rows)
    return files


def tables_at(
    trial: Trial, courses: dict[str, Course], tables: Tables, cut: datetime.date, *, final: bool
) -> Tables:
    """The records known at the cutoff."""
    cut_day = {key: study_day(course.person, cut) for key, course in courses.items()}
    delay = {
        key: 0 if final else SITE_DELAY_DAYS.get(course.person.siteid, 0) for key, course in courses.items()
    }
    entered = [course for key, course in courses.items() if cut_day[key] >= 1]
    seen: Tables = {
        "adsl": [subject_row(trial, course, cut_day[course.person.usubjid]) for course in entered]
    }
    for name, rows in tables.items():
        day = "ADY" if name in ("adlb", "adqs") else "ASTDY"
        late = delay if day == "ADY" else dict.fromkeys(courses, 0)
        seen[name] = [
            until(row, cut_day[str(row["USUBJID"])])
            for row in rows
            if cut_day[str(row["USUBJID"])] >= 1
            and known(int(str(row[day])), cut_day[str(row["USUBJID"])], late[str(row["USUBJID"])])
        ]
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
        "DCUTDY": cut_day,
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


def as_first_reported(trial: Trial, number: int, seen: Tables) -> Tables:
    """The records with the errors that the next cut puts right; the last cut has none."""
    errors = {0: (3, 2, 2), 1: (2, 1, 1)}.get(number)
    if errors is None:
        return seen
    rng = stream(trial.seed, Purpose.CORRECTION, number)
    swapped, late, queried = errors
    change_some(
        seen["adlb"], swapped, rng, digits_can_be_swapped, lambda row: row | {"AVAL": swap(row["AVAL"])}
    )
    change_some(seen["adae"], late, rng, lambda row: int(str(row["ASTDY"])) > 1, lambda row: None)
    change_some(
        seen["adqs"], queried, rng, lambda row: int(str(row["ADY"])) > 1, lambda row: row | {"AVAL": None}
    )
    change_some(seen["adsl"], 1, rng, lambda row: True, lambda row: row | {"PRIORLN": None})
    return seen


def change_some(
    rows: list[Row], count: int, rng, eligible: Callable[[Row], bool], change: Callable[[Row], Row | None]
) -> None:
    """Replace `count` of the eligible rows by what `change` makes of them, in place; None removes the row."""
    for _ in range(count):
        places = [i for i, row in enumerate(rows) if eligible(row)]
        place = places[whole(rng, 0, len(places) - 1)]
        changed = change(rows[place])
        rows[place : place + 1] = [] if changed is None else [changed]


def digits_can_be_swapped(row: Row) -> bool:
    text = str(row["AVAL"])
    usual = row["PARAMCD"] == "PLAT" and not row["AVALC"] and not row["ABLFL"]
    return usual and text.isdigit() and len(text) == 2 and text[0] != text[1] and "0" not in text


def swap(value: object) -> int:
    return int(str(value)[::-1])


def columns_of(trial: Trial, name: str) -> list[str]:
    absent = {"ABCLASS"} if trial.randomised else RANDOMISED_ONLY
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
