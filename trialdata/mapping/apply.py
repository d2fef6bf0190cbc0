"""A mapping carried out: tables as sent become tables under ADaM names, their cells untouched."""

from collections.abc import Sequence

import pandas as pd

from trialdata.findings import finding
from trialdata.formats.source_table import SourceTable
from trialdata.mapping.import_mapping import (
    UNDECIDED,
    Applied,
    ImportMapping,
    MappedTable,
    Measured,
    TableMapping,
)
from trialdata.mapping.joining import join_participants, one_row_per_participant
from trialdata.mapping.other_texts import FLAG_OF
from trialdata.provenance import SRCCOL, SRCFILE, SRCROW

EVENT = {"adcm": "CMCLAS", "adae": "AEDECOD", "adex": "EXTRT"}


def apply_mapping(tables: Sequence[SourceTable], mapping: ImportMapping) -> Applied:
    """One mapped table for each use of a table, in the order of the tables; participants of two tables joined."""
    mapped: list[MappedTable] = []
    findings: list[pd.DataFrame] = []
    for table in tables:
        uses = [each for each in mapping.tables if each.used and _same(table, each)]
        for of_table in uses:
            one, found = _mapped(table, of_table, shared=len(uses) > 1)
            mapped.append(one)
            findings += found
    joined, found = join_participants(mapped)
    return Applied(tuple(joined), (*findings, *found))


def _same(table: SourceTable, of_table: TableMapping) -> bool:
    return of_table.table == table.name and of_table.headers == tuple(map(str, table.frame.columns))


def _mapped(
    table: SourceTable, of_table: TableMapping, *, shared: bool
) -> tuple[MappedTable, list[pd.DataFrame]]:
    """`shared`: the table feeds other datasets too, so that not every row of it is one of this dataset."""
    headers = {name: header for name, header in of_table.columns.items() if header in table.frame}
    columns = {name: table.frame[header] for name, header in headers.items()}
    frame = table.frame[[]].assign(**columns, **of_table.values)
    row = table.frame.index.astype("str").astype("str")
    frame = frame.assign(**{SRCFILE: table.name, SRCROW: row})
    findings: list[pd.DataFrame] = []
    if of_table.measured:
        frame, findings = _measurements(frame, table, of_table.measured)
    elif shared and of_table.dataset == "adsl":
        frame, findings = one_row_per_participant(frame, table.name)
    elif shared and of_table.dataset in EVENT:
        frame, findings = _with_event(frame, EVENT[of_table.dataset], table.name)
    if "RESCFL" in headers and headers.get("CMCLAS") == headers.get("CMDECOD"):
        frame = frame.assign(CMCLAS=frame["CMCLAS"] + FLAG_OF + frame["RESCFL"])
    sent = {name: table.sent.get(header, header) for name, header in headers.items()}
    return MappedTable(of_table.dataset, frame, sent, of_table.in_study_shape), findings


def _measurements(
    frame: pd.DataFrame, table: SourceTable, measured: Sequence[Measured]
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """One row for each row and column that holds a value, or the date of one that is missing."""
    parts, findings, empty = [], [], 0
    for each in measured:
        if each.paramcd not in ("", UNDECIDED) and each.header in table.frame:
            part = _of_column(frame, table, each)
            kept = (part["AVAL"].str.strip() != "") | (part["ADT"].str.strip() != "" if each.date else False)
            empty += int((~kept).sum())
            parts.append(part[kept])
    if empty:
        findings.append(finding("empty_measurements", table.name, found=f"{empty:,} empty cells"))
    if not parts:
        return frame.iloc[:0].assign(PARAMCD="", AVAL=""), findings
    return pd.concat(parts).fillna("").astype("str"), findings


def _of_column(frame: pd.DataFrame, table: SourceTable, measured: Measured) -> pd.DataFrame:
    given = {"PARAMCD": measured.paramcd, "AVAL": table.frame[measured.header]}
    given[SRCCOL] = table.sent.get(measured.header, measured.header)
    if measured.visit:  # a date or day of the row is not that of the visit in the header
        given |= {"AVISIT": measured.visit, **{name: "" for name in ("ADT", "ADY") if name in frame}}
    if measured.unit:
        given["AVALU"] = measured.unit
    if measured.date in table.frame:
        given["ADT"] = table.frame[measured.date]
    return frame.assign(**given)


def _with_event(frame: pd.DataFrame, column: str, file: str) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """The rows that name an event; the others are rows of the other datasets of the table."""
    named = frame[column].str.strip() != "" if column in frame else pd.Series(False, index=frame.index)
    without = int((~named).sum())
    found = f"{without:,} rows without a text in {column}"
    return frame[named], [finding("rows_of_other_dataset", file, found=found)] if without else []
