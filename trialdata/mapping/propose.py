"""What each table is, as far as its headers and values say; what they do not say is asked."""

from collections.abc import Sequence

import pandas as pd

from trialdata.definition import StudyDefinition
from trialdata.findings import finding
from trialdata.formats.source_table import SourceTable
from trialdata.mapping.apply import apply_mapping
from trialdata.mapping.arm_texts import arms
from trialdata.mapping.columns import candidates, one_row_each
from trialdata.mapping.fresh import fresh_mappings, headers_of, mapping_as
from trialdata.mapping.import_mapping import UNDECIDED, ImportMapping, Proposal, TableMapping
from trialdata.mapping.known_again import (
    carried_over,
    known_again,
    missing_headers,
    missing_measured,
    used_headers,
)
from trialdata.mapping.measurement_texts import parameters, units, visits
from trialdata.mapping.other_texts import codes, dates, rescue
from trialdata.mapping.recognise import recognise, rescue_column, study_file
from trialdata.mapping.table_questions import questions_of

Uses = tuple[TableMapping, ...]
TEXTS = (arms, parameters, units, visits, rescue, codes, dates)


def propose(
    tables: Sequence[SourceTable], definition: StudyDefinition, saved: ImportMapping | None = None
) -> Proposal:
    """The mapping of these tables: what `saved` says where it fits, else what can be told for certain or asked."""
    saved = saved or ImportMapping()
    findings: list[pd.DataFrame] = []
    known = [known_again(table, saved) for table in tables]
    uses = [_uses(table, group, definition, findings) for table, group in zip(tables, known, strict=True)]
    uses = _with_participants(tables, uses, definition)
    for table, of_table in zip(tables, uses, strict=True):
        findings += _about(table, of_table, definition)
    absent = _absent(known, saved, findings)
    mapping = saved.replace(tables=(*(each for of_table in uses for each in of_table), *absent))
    questions = [
        question
        for number, (table, of_table) in enumerate(zip(tables, uses, strict=True))
        for question in questions_of(table, of_table, definition, _joined_to(number, tables, uses))
    ]
    applied = apply_mapping(tables, mapping)
    for texts in TEXTS:
        told = texts(applied.tables, mapping, definition)
        mapping = told.mapping
        questions += told.questions
        findings += told.findings
    return Proposal(mapping, tuple(questions), tuple(findings))


def _uses(table: SourceTable, known: Uses, definition: StudyDefinition, findings: list[pd.DataFrame]) -> Uses:
    """What the table feeds: as saved, or as it looks."""
    is_same = bool(known) and known[0].headers == headers_of(table)
    if not known or (not is_same and (table.dataset or study_file(table))):
        return fresh_mappings(table, definition)
    carried, found = carried_over(known, table)
    findings += found
    return tuple(_completed(each, table, definition) for each in carried)


def _completed(of_table: TableMapping, table: SourceTable, definition: StudyDefinition) -> TableMapping:
    """A table of which only the dataset is known yet gets the columns that are certain."""
    if not of_table.used or of_table.columns or of_table.values or of_table.measured:
        return of_table
    return mapping_as(of_table.dataset, table, definition)


def _with_participants(
    tables: Sequence[SourceTable], uses: list[Uses], definition: StudyDefinition
) -> list[Uses]:
    """Without a table of participants, one with several rows each that has their arm is read as that too."""
    if any(each.dataset == "adsl" for of_table in uses for each in of_table):
        return uses
    for number, table in enumerate(tables):
        found = candidates(table, "adsl", definition)
        fed = uses[number] and uses[number][0].used
        armed = {"USUBJID", "TRT01P"} <= set(found)
        if fed and armed and not one_row_each(table, found["USUBJID"][0]):
            both = (mapping_as("adsl", table, definition), *uses[number])
            return [*uses[:number], both, *uses[number + 1 :]]
    return uses


def _joined_to(number: int, tables: Sequence[SourceTable], uses: Sequence[Uses]) -> set[str]:
    """The columns that other tables have of the participants of this one: they will be joined."""
    own = _participants(tables[number], uses[number])
    return {
        column
        for other in range(len(tables))
        if other != number and own & _participants(tables[other], uses[other])
        for each in uses[other]
        if each.dataset == "adsl"
        for column in (*each.columns, *each.values)
    }


def _participants(table: SourceTable, uses: Uses) -> set[str]:
    headers = [each.columns.get("USUBJID", "") for each in uses if each.dataset == "adsl"]
    return {text for header in headers if header in table.frame for text in table.frame[header]} - {""}


def _about(table: SourceTable, uses: Uses, definition: StudyDefinition) -> list[pd.DataFrame]:
    """What of the table is not used."""
    if any(each.dataset == UNDECIDED for each in uses):
        return []
    if not any(each.used for each in uses):
        given = recognise(table, definition).given
        check = "given_results" if given else "table_not_used"
        return [finding(check, table.name, found=f"{len(table.frame):,} rows")]
    findings = []
    used = {header for each in uses for header in used_headers(each)}
    unused = [header for header in headers_of(table) if header not in used]
    if unused:
        found = ", ".join(unused[:12]) + (f" and {len(unused) - 12} more" if len(unused) > 12 else "")
        findings.append(finding("columns_not_used", table.name, found=found))
    rescued = rescue_column(table, definition)
    if rescued in unused and not any(each.dataset == "adcm" for each in uses):
        found = "who was rescued, without a day"
        findings.append(finding("rescue_without_day", table.name, column=rescued, found=found))
    gone = dict.fromkeys(header for each in uses for header in missing_headers(each).values())
    gone |= dict.fromkeys(header for each in uses for header in missing_measured(each))
    findings += [
        finding("mapped_column_missing", table.name, column=header, found="no such column") for header in gone
    ]
    return findings


def _absent(known: Sequence[Uses], saved: ImportMapping, findings: list[pd.DataFrame]) -> Uses:
    """What the saved mapping says of tables that did not come this time: it stays for the next cut."""
    came = [each for group in known for each in group]
    absent = tuple(each for each in saved.tables if each not in came and each.dataset != UNDECIDED)
    findings += [
        finding("mapped_table_absent", each.table, found="no table with these columns")
        for each in absent
        if each.used
    ]
    return absent
