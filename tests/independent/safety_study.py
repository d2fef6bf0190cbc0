"""Generated trials for safety: three arms, messy words, days on the borders, every kind of missing cell."""

import datetime

import pandas as pd

from tests.definitions import bare_definition
from tests.independent.dice import Dice
from trialdata.definition import AdverseEventRules, Arm, SpecialInterest, StudyDefinition, Visits
from trialdata.schema import DATASETS, NUMERIC, empty_frame
from trialdata.study import Study

Row = dict[str, object]
ARMS = ("A", "B", "C")
DEFINITION = bare_definition(
    arms=(
        Arm("A", "Drug A", "experimental"),
        Arm("B", "Drug B", "experimental"),
        Arm("C", "Control", "control"),
    ),
    visits=Visits(weeks=(0, 1, 2, 4)),
    aesi=(
        SpecialInterest("Liver", terms=("ALT increased",), body_systems=("Hepatobiliary disorders",)),
        SpecialInterest("Infections", body_systems=("infections and infestations",)),
    ),
    adverse_events=AdverseEventRules(excluded_terms=("Platelet count decreased",)),
)
TERMS = (
    ("Nausea", "Gastrointestinal disorders"),
    ("Vomiting", "Gastrointestinal disorders"),
    ("ALT increased", "Investigations"),
    ("alt increased ", "Investigations"),
    ("PLATELET COUNT DECREASED", "Investigations"),
    ("Cholestasis", "Hepatobiliary disorders"),
    ("Pneumonia", "Infections and infestations"),
    ("Nausea", ""),
    ("", "Gastrointestinal disorders"),
    ("", ""),
)
OUTCOMES = (
    *("RECOVERED/RESOLVED", "RECOVERED/RESOLVED", "Fatal", "", "not recovered", "RECOVERING/RESOLVING"),
    *("NOT RECOVERED/NOT RESOLVED", "Resolved with sequelae", "RECOVERED/RESOLVED WITH SEQUELAE", "unsure"),
)
RELATIONS = ("RELATED", "", "NOT RELATED", "Unlikely", "Possible", "N", "肯定无关", "很可能有关")
ACTIONS = ("DOSE NOT CHANGED", "", "DRUG WITHDRAWN", "Permanently discontinued", "停药", "DRUG INTERRUPTED")
DAYS = (-3, -1, 1, 1, 2, 10, 27, 28, 29, 84, 85, 182, 183, 200, None)
WITHOUT = (  # columns that a whole cut may lack
    (),
    (),
    ("TRTEMFL",),
    ("AEREL",),
    ("AEACN", "AETOXGR"),
    ("TRTEMFL", "AESER"),
)


def make_safety_study(dice: Dice, participants: int, definition: StudyDefinition = DEFINITION) -> Study:
    """A study whose adsl and adae have something to disagree about."""
    rows: dict[str, list[Row]] = {"adsl": [], "adae": []}
    for number in range(participants):
        subject = make_subject(dice, f"S-{number:03}")
        rows["adsl"].append(subject)
        rows["adae"] += [make_event(dice, subject) for _ in range(dice.pick((0, 1, 1, 2, 3, 5)))]
    for column in dice.pick(WITHOUT):
        rows["adae"] = [row | {column: ""} for row in rows["adae"]]
    rows["adae"] += [row | {"USUBJID": "UNKNOWN"} for row in rows["adae"][:2]]
    return study_of_rows(rows, definition)


def make_subject(dice: Dice, usubjid: str) -> Row:
    planned = dice.pick((*ARMS, *ARMS, "Screen failure"))
    cut = dice.pick((400, 200, 84, 30, 1, None))
    left = dice.pick((None, None, 5, 100, 180))
    died = dice.pick((None, None, None, None, 3, 150))
    return {
        "USUBJID": usubjid,
        "TRT01P": planned,
        "TRT01A": dice.pick((planned, planned, planned, "", "C")),
        "SAFFL": dice.pick(("Y", "Y", "Y", "N")),
        "DCUTDY": cut,
        "EOSDY": left,
        "EOSSTT": "DISCONTINUED" if left else "",
        "DTHDY": died,
        "SEX": dice.pick(("F", "M")),
    }


def make_event(dice: Dice, subject: Row) -> Row:
    term, body_system = dice.pick(TERMS)
    start = dice.pick(DAYS)
    length = dice.pick((0, 1, 6, -2, None))
    end = None if start is None or length is None else start + length
    return {
        "USUBJID": subject["USUBJID"],
        "AEDECOD": term,
        "AEBODSYS": body_system,
        "AETOXGR": dice.pick(("1", "1", "2", "3", "4", "5", "")),
        "AESER": dice.pick(("N", "Y", "")),
        "AEREL": dice.pick(RELATIONS),
        "AEACN": dice.pick(ACTIONS),
        "AEOUT": dice.pick(OUTCOMES),
        "ASTDY": start,
        "AENDY": 1 if end == 0 else end,
        "TRTEMFL": dice.pick(("Y", "Y", "Y", "N", "")),
    }


def study_of_rows(rows: dict[str, list[Row]], definition: StudyDefinition) -> Study:
    """The rows as a Study, in the frames the loader would have made."""
    frames = {name: typed_rows(name, rows.get(name, [])) for name in DATASETS}
    cut = datetime.date(2026, 1, 31)
    return Study(
        definition=definition,
        cut=cut,
        cuts=(cut,),
        **frames,
        findings=pd.DataFrame(),
        content_hash="generated",
    )


def typed_rows(name: str, rows: list[Row]) -> pd.DataFrame:
    """Numbers and days as float64 with NaN, everything else as text with "" where missing."""
    frame = empty_frame(DATASETS[name])
    kinds = DATASETS[name].kinds
    columns = list(dict.fromkeys([*frame.columns, *(column for row in rows for column in row)]))
    typed = {}
    for column in columns:
        values = [row.get(column) for row in rows]
        if kinds.get(column) in NUMERIC:
            typed[column] = pd.Series([float("nan") if v is None else v for v in values], dtype="float64")
        else:
            typed[column] = pd.Series(["" if v is None else str(v) for v in values], dtype="str")
    return pd.DataFrame(typed)
