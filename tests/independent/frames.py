"""Participants as a Study, in the frames the loader would have made."""

import datetime
from collections.abc import Sequence

import pandas as pd

from tests.independent.generate import Participant, usubjid_of
from trialdata.definition import StudyDefinition
from trialdata.study import Study

COLUMNS = {
    "adsl": "USUBJID TRT01P DCUTDY EOSSTT EOSDY DCSREAS DTHDY SITEID AGE SEX",
    "adlb": "USUBJID PARAMCD ADY AVAL AVALC AVALU AVISIT AVISITN ABLFL DTYPE",
    "adqs": "USUBJID PARAMCD ADY AVAL",
    "adcm": "USUBJID CMCLAS CMDECOD ASTDY AENDY",
    "adae": "USUBJID AEDECOD AEBODSYS AETOXGR AESER AEREL AEACN AEOUT ASTDY AENDY TRTEMFL",
    "adex": "USUBJID EXTRT EXDOSE EXDOSU ASTDY AENDY",
}
FINDING = "severity file row column USUBJID found expected action check"
NUMBERS = ("DCUTDY", "EOSDY", "DTHDY", "AGE", "ADY", "AVAL", "AVISITN", "ASTDY", "AENDY", "AETOXGR", "EXDOSE")


def typed_frame(name: str, rows: list[dict]) -> pd.DataFrame:
    """Numbers as float64 with NaN, texts as `str` with "" where missing."""
    columns = COLUMNS[name].split()
    columns += sorted({column for row in rows for column in row} - set(columns))
    typed = {}
    for column in columns:
        values = [row.get(column) for row in rows]
        if column in NUMBERS:
            typed[column] = pd.Series([float("nan") if v is None else v for v in values], dtype="float64")
        else:
            typed[column] = pd.Series(["" if v is None else v for v in values], dtype="str")
    return pd.DataFrame(typed)


def shuffled(frame: pd.DataFrame) -> pd.DataFrame:
    """The order of rows means nothing."""
    return frame.sample(frac=1, random_state=1).reset_index(drop=True)


def study_of(
    participants: Sequence[Participant], definition: StudyDefinition, adex: Sequence[dict] = ()
) -> Study:
    """A Study of the participants, USUBJID by position, and a few rows of a subject that ADSL does not know."""
    rows: dict[str, list[dict]] = {name: [] for name in COLUMNS}
    rows["adex"] = list(adex)
    for number, participant in enumerate(participants):
        key = {"USUBJID": usubjid_of(number)}
        rows["adsl"].append(key | participant.adsl)
        for name in ("adlb", "adqs", "adcm"):
            rows[name] += [key | row for row in getattr(participant, name)]
    for name in ("adlb", "adqs", "adcm"):
        rows[name] += [row | {"USUBJID": "UNKNOWN"} for row in rows[name][:3]]
    frames = {name: shuffled(typed_frame(name, rows[name])) for name in COLUMNS}
    cut = datetime.date(2026, 1, 31)
    return Study(
        definition=definition,
        cut=cut,
        cuts=(cut,),
        **frames,
        findings=pd.DataFrame(columns=FINDING.split()),
        content_hash="generated",
        view="true",
    )
