"""Which imports may become a data cut, and what a retirement has to say."""

import datetime
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection

from trialdata.definition import StudyDefinition
from trialdata.deidentify import check_identifiers
from trialdata.errors import StudyDataError
from trialdata.findings import COLUMNS, refusal
from trialdata.loading import load_texts
from trialdata.store import register
from trialdata.store.database import CUTS
from trialdata.store.stored_cut import StoredCut
from trialdata.values import INERT

LONGEST_REASON = 500  # characters
REPEATED = "REPEATED"


def refuse_unfit(
    definition: StudyDefinition, frames: Mapping[str, pd.DataFrame], cut: datetime.date, root: Path
) -> pd.DataFrame:
    """The findings of the checks that run at every reading; StudyDataError when the data cannot be a cut."""
    if (root / definition.data / cut.isoformat()).is_dir():
        raise StudyDataError(
            f"{definition.name}, data cut {cut}: found the folder {definition.data}/{cut} for the same date, expected "
            "one data cut for a date; remove the folder, or give these data the date they were cut."
        )
    loaded = load_texts(definition, frames, cut, "")
    if loaded.refused:
        raise StudyDataError(refusal(loaded.findings), loaded.findings)
    return loaded.every_finding


def with_repeated(findings: pd.DataFrame, checked: pd.DataFrame) -> pd.DataFrame:
    """The findings of an import with REPEATED: they come again from the cells whenever the cut is read."""
    again = set(map(tuple, checked[COLUMNS].astype("str").to_numpy()))
    repeated = [tuple(row) in again for row in findings[COLUMNS].astype("str").to_numpy()]
    return findings[COLUMNS].assign(**{REPEATED: pd.array(repeated, dtype="bool")})


def same_data(connection: Connection, new: StoredCut, *, again: bool) -> StoredCut | None:
    """The standing cut of the same data; StudyDataError when the date has other data.

    Data that were retired are refused unless they are accepted again on purpose.
    """
    of_date = register.find_cuts(connection, new.study, CUTS.c.cutoff == new.cutoff.isoformat())
    standing = next((cut for cut in of_date if cut.standing), None)
    if standing and standing.content == new.content:
        return standing
    if standing:
        raise StudyDataError(
            f"{new.study}, data cut {new.cutoff}: found other data than those accepted for this date on "
            f"{standing.accepted}, expected one data cut for a date; retire that one first and give the reason, or "
            "give these data the date they were cut."
        )
    retired = next((cut for cut in reversed(of_date) if cut.content == new.content), None)
    if retired and not again:
        raise StudyDataError(
            f"{new.study}, data cut {new.cutoff}: found the data of a cut that was retired on {retired.retired} "
            f'("{retired.reason}"), expected other data; accept them again on purpose if that no longer holds.'
        )
    return None


def one_reason(text: str) -> str:
    """The reason of a retirement; StudyDataError where there is none or it holds what identifies a person."""
    reason = " ".join(INERT.sub("", text).split())
    if not reason or len(reason) > LONGEST_REASON:
        found = f"{len(reason):,} characters" if reason else "none"
        raise StudyDataError(
            f"Reason: found {found}, expected one to {LONGEST_REASON} characters; say why the cut is retired."
        )
    _, findings = check_identifiers(pd.DataFrame({"REASON": [reason]}, dtype="str"), "reason")
    if any((found["severity"] == "error").any() for found in findings):
        raise StudyDataError(
            "Reason: found what may identify a person, expected a reason without; it stays in the log for good: "
            "say it in other words."
        )
    return reason
