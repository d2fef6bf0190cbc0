"""Small patients written as text, and a study made of them.

A course is a line of words: `15:40` a platelet count of 40 on day 15 (`15:<5` as reported by the laboratory),
`b15:1` bleeding of grade 1 on day 15, `rIVIG70-72` a rescue of class IVIG from day 70 to 72 (`rIVIG70` without an
end), `cut365`, `died200`, `left180`, `*` after a count: flagged as baseline.
"""

import datetime
import re

import numpy as np
import pandas as pd

from analysis.adam import derive
from trialdata.definition import Arm, Endpoint, RescueClass, StudyDefinition, Visits
from trialdata.study import Study

WORD = re.compile(
    r"(?P<count>-?[\d.]+:[<>]?[\d.]+\*?)|b(?P<bleeding>-?\d+:\d)|r(?P<rescue>[A-Z]+-?\d+(?:-\d+)?)|"
    r"cut(?P<cut>-?\d+|none)|died(?P<died>\d+)|(?P<end>left|completed)(?P<endday>\d*)"
)
SCHEMA = {
    "adlb": "USUBJID PARAMCD ADY AVAL AVALC AVALU AVISIT AVISITN ABLFL DTYPE",
    "adqs": "USUBJID PARAMCD ADY AVAL",
    "adcm": "USUBJID CMCLAS CMDECOD ASTDY AENDY",
    "adae": "USUBJID AEDECOD AEBODSYS AETOXGR AESER AEREL AEACN AEOUT ASTDY AENDY TRTEMFL",
    "adex": "USUBJID EXTRT EXDOSE EXDOSU ASTDY AENDY",
    "adsl": "USUBJID TRT01P DCUTDY EOSSTT EOSDY DCSREAS DTHDY SITEID AGE SEX",
}
NUMBERS = {"ADY", "AVAL", "AVISITN", "ASTDY", "AENDY", "EXDOSE", "DCUTDY", "EOSDY", "DTHDY", "AGE"}
CLASSES = (
    RescueClass("IVIG", washout_days=28),
    RescueClass("PLT", washout_days=7),
    RescueClass("STEROID", washout_days=28, open_end="ongoing"),
    RescueClass("NEW", new_therapy=True),
)
ARMS = (Arm("A", "Arm A", "experimental"), Arm("B", "Arm B", "control"))
WEEKS = (0, 1, 2, 4, 8, 12, 26, 52)


def endpoint(kind: str = "confirmed_response", **keys) -> Endpoint:
    """An endpoint of that kind over days 2 to 365 unless said otherwise."""
    return Endpoint(**{"paramcd": "E", "label": "Endpoint", "kind": kind, "window_days": (2, 365), **keys})


def definition(*endpoints: Endpoint, **keys) -> StudyDefinition:
    return StudyDefinition(
        **{
            **{
                "name": "test",
                "studyid": "TEST",
                "registry": "NCT0",
                "title": "Test",
                "design": "randomized",
            },
            **{"data": "data", "arms": ARMS, "visits": Visits(WEEKS), "endpoints": endpoints},
            **{"rescue": CLASSES, **keys},
        }
    )


def frame(name: str, rows: list[dict]) -> pd.DataFrame:
    """Rows as the loader hands them out: text as `str` with "", numbers as float with NaN."""
    columns = SCHEMA[name].split()
    extra = sorted({key for row in rows for key in row} - set(columns))
    table = pd.DataFrame(rows, columns=columns + extra)
    for column in table:
        if column in NUMBERS:
            table[column] = pd.to_numeric(table[column], errors="coerce").astype(float)
        else:
            table[column] = table[column].astype(object).fillna("").astype("str")
    return table


def study(courses: dict[str, str], *endpoints: Endpoint, **keys) -> Study:
    """A study of participants whose courses are given as text."""
    rows: dict[str, list[dict]] = {name: [] for name in SCHEMA}
    for usubjid, course in courses.items():
        adsl = {"USUBJID": usubjid, "TRT01P": "A", "DCUTDY": 400, "EOSSTT": "ONGOING"}
        for word in course.split():
            match = WORD.fullmatch(word)
            assert match, f"{word!r} is no word of a course"
            add_word(match, usubjid, adsl, rows)
        rows["adsl"].append(adsl)
    frames = {name: frame(name, rows[name]) for name in SCHEMA}
    return Study(
        definition=definition(*endpoints, **keys),
        cut=datetime.date(2026, 12, 31),
        cuts=(datetime.date(2026, 12, 31),),
        findings=pd.DataFrame(),
        content_hash="",
        view="true",
        **frames,
    )


def add_word(match: re.Match, usubjid: str, adsl: dict, rows: dict[str, list[dict]]) -> None:
    said = match.groupdict()
    if said["count"]:
        day, value = said["count"].rstrip("*").split(":")
        rows["adlb"].append(
            {
                **{"USUBJID": usubjid, "PARAMCD": "PLAT", "ADY": float(day), "AVALC": value},
                **{"AVAL": np.nan if value[0] in "<>" else float(value)},
                "ABLFL": "Y" if said["count"].endswith("*") else "",
            }
        )
    elif said["bleeding"]:
        day, grade = said["bleeding"].split(":")
        rows["adqs"].append({"USUBJID": usubjid, "PARAMCD": "WHO", "ADY": float(day), "AVAL": float(grade)})
    elif said["rescue"]:
        cmclas, start, stop = re.fullmatch(r"([A-Z]+)(-?\d+)(?:-(\d+))?", said["rescue"]).groups()
        rows["adcm"].append({"USUBJID": usubjid, "CMCLAS": cmclas, "ASTDY": start, "AENDY": stop})
    elif said["cut"]:
        adsl["DCUTDY"] = None if said["cut"] == "none" else said["cut"]
    elif said["died"]:
        adsl["DTHDY"] = said["died"]
    else:
        adsl["EOSDY"] = said["endday"] or None
        adsl["EOSSTT"] = "COMPLETED" if said["end"] == "completed" else "DISCONTINUED"


def answers(course: str, *endpoints: Endpoint, **keys) -> pd.Series:
    """The ADRS row of one participant for one endpoint."""
    (row,) = derive(study({"S1": course}, *endpoints, **keys)).adrs.to_dict("records")
    return pd.Series(row)


def times(course: str, *endpoints: Endpoint, **keys) -> pd.Series:
    """The ADTTE row of one participant for one endpoint."""
    (row,) = derive(study({"S1": course}, *endpoints, **keys)).adtte.to_dict("records")
    return pd.Series(row)
