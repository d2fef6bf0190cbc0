"""Participants in several tables, or in several rows of one, become one row each where nothing contradicts it."""

from collections.abc import Sequence

import pandas as pd

from trialdata.findings import finding, row_findings
from trialdata.mapping.import_mapping import MappedTable
from trialdata.provenance import SOURCE_COLUMNS, SRCFILE, SRCROW

SUBJECT = "USUBJID"


def one_row_per_participant(frame: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """The first row of each participant, empty cells filled from the others.

    A participant whose rows differ keeps every different one: the checks of adsl refuse them by row.
    """
    if SUBJECT not in frame:
        return frame, []
    content = [name for name in frame.columns if name not in SOURCE_COLUMNS]
    values = frame[content].mask(frame[content].apply(lambda column: column.str.strip() == ""))
    full = values.groupby(frame[SUBJECT], sort=False).transform("first").fillna("").astype("str")
    full = values.fillna(full).fillna("").astype("str")
    named = frame[SUBJECT].str.strip() != ""
    kept = ~full.duplicated() & named
    merged = int((~kept).sum())
    found = [finding("participant_rows_merged", file, found=f"{merged:,} further rows")] if merged else []
    return pd.concat([full, frame[list(SOURCE_COLUMNS)]], axis=1)[list(frame.columns)][kept], found


def join_participants(tables: Sequence[MappedTable]) -> tuple[list[MappedTable], list[pd.DataFrame]]:
    """The tables; of two adsl tables about the same participants the second one's columns come to the first.

    Tables of other participants, such as those of another site, stay as they are: their rows follow later.
    """
    joined: list[MappedTable] = []
    findings: list[pd.DataFrame] = []
    for table in tables:
        place = next((number for number, first in enumerate(joined) if _complements(first, table)), None)
        if place is None:
            joined.append(table)
        else:
            joined[place], found = _joined(joined[place], table)
            findings += found
    return joined, findings


def _own(table: MappedTable) -> set[str]:
    return set(table.frame.columns) - set(SOURCE_COLUMNS)


def _complements(first: MappedTable, second: MappedTable) -> bool:
    """Whether both are about the same participants, one row each, and the second has a column more."""
    if not (first.dataset == second.dataset == "adsl" and SUBJECT in first.frame and SUBJECT in second.frame):
        return False
    subjects = [table.frame[SUBJECT] for table in (first, second)]
    unique = all(each[each != ""].is_unique for each in subjects)
    return unique and bool(_own(second) - _own(first)) and bool(set(subjects[0]) & set(subjects[1]) - {""})


def _joined(first: MappedTable, second: MappedTable) -> tuple[MappedTable, list[pd.DataFrame]]:
    """The first table with the columns of the second; participants of the second alone stay, as rows of their own."""
    rows = second.frame[second.frame[SUBJECT] != ""].set_index(SUBJECT)
    frame = first.frame
    findings = []
    for name in (name for name in second.frame.columns if name in rows and name not in SOURCE_COLUMNS):
        other = frame[SUBJECT].map(rows[name]).fillna("").astype("str")
        if name in frame:
            differs = (frame[name] != other) & (frame[name] != "") & (other != "")
            findings.append(_disagreement(frame[differs], name, str(second.frame[SRCFILE].iloc[0])))
            other = frame[name].where(frame[name] != "", other)
        frame = frame.assign(**{name: other})
    alone = second.frame[~second.frame[SUBJECT].isin(frame[SUBJECT])]
    frame = pd.concat([frame, alone]).fillna("").astype("str")
    file = str(second.frame[SRCFILE].iloc[0])
    headers = {
        name: f"{header} ({file})" for name, header in second.headers.items() if name not in first.headers
    }
    found = (
        f"{len(second.frame) - len(alone):,} participants that stand in {first.frame[SRCFILE].iloc[0]} too"
    )
    note = finding("participants_joined", file, found=found)
    return MappedTable("adsl", frame, {**first.headers, **headers}), [note, *findings]


def _disagreement(rows: pd.DataFrame, column: str, other: str) -> pd.DataFrame:
    if rows.empty:
        return row_findings("tables_disagree", other, rows, found="", column=column)
    by_row = rows.set_index(pd.to_numeric(rows[SRCROW]).astype(int))
    found = f"another value than in {other}"
    return row_findings("tables_disagree", str(rows[SRCFILE].iloc[0]), by_row, found=found, column=column)
