"""Tables of the next data cut known again by their headers: what the saved mapping says of them still holds."""

from collections.abc import Sequence

import pandas as pd

from trialdata.findings import finding
from trialdata.formats.source_table import SourceTable
from trialdata.mapping.fresh import headers_of
from trialdata.mapping.import_mapping import UNDECIDED, ImportMapping, TableMapping, stem
from trialdata.mapping.wide import measured_columns

KNOWN = 0.6  # of the headers that are used, or of all where none is
Group = tuple[TableMapping, ...]


def known_again(table: SourceTable, saved: ImportMapping) -> Group:
    """What the saved mapping makes of this table; empty for a table that it does not know."""
    groups = _groups(saved)
    headers = set(headers_of(table))
    same = [group for group in groups if set(group[0].headers) == headers]
    if len(same) > 1:
        same = [g for g in same if g[0].table == table.name] or [g for g in same if _named_alike(g, table)]
    if same:
        return same[0] if len(same) == 1 or _alike(same) else ()
    likeness = [(_likeness(group, headers, table), number) for number, group in enumerate(groups)]
    best, number = max(likeness, default=(0.0, 0), key=lambda each: (each[0], -each[1]))
    return groups[number] if best >= KNOWN else ()


def _groups(saved: ImportMapping) -> list[Group]:
    """The uses of each table of the saved mapping, but for those that are still to be asked."""
    groups: dict[tuple[str, tuple[str, ...]], list[TableMapping]] = {}
    for each in saved.tables:
        groups.setdefault((each.table, each.headers), []).append(each)
    return [tuple(group) for group in groups.values() if all(each.dataset != UNDECIDED for each in group)]


def _named_alike(group: Group, table: SourceTable) -> bool:
    return stem(group[0].table) == stem(table.name)


def _alike(groups: Sequence[Group]) -> bool:
    """Whether all of them say the same, whatever the tables were called."""
    first = [each.replace(table="", headers=()) for each in groups[0]]
    return all([each.replace(table="", headers=()) for each in group] == first for group in groups)


def used_headers(of_table: TableMapping) -> set[str]:
    """The headers that the mapping reads, also those that the table no longer has."""
    used = {header for header in of_table.columns.values() if header}
    used |= {each.header for each in of_table.measured}
    return used | {each.date for each in of_table.measured if each.date}


def _likeness(group: Group, headers: set[str], table: SourceTable) -> float:
    used = {header for each in group for header in used_headers(each)}
    if not used:
        all_of_them = set(group[0].headers) | headers
        return len(set(group[0].headers) & headers) / max(len(all_of_them), 1)
    keys = {each.columns.get("USUBJID", "") for each in group}
    share = len(used & headers) / len(used)
    return share + 0.01 * _named_alike(group, table) if keys & headers else 0.0


def carried_over(group: Group, table: SourceTable) -> tuple[Group, list[pd.DataFrame]]:
    """The uses under the table's present name and headers, and what is new or gone.

    A column of a further visit is taken in as the others were; any other new column is not used.
    A column that is gone stays in the mapping: `missing_headers` has it.
    """
    headers, before = headers_of(table), set(group[0].headers)
    new = [header for header in headers if header not in before]
    uses = tuple(_with_further_visits(each, table, new).replace(headers=headers) for each in group)
    uses = tuple(each.replace(table=table.name) for each in uses)
    findings = []
    if new:
        taken = {header for each in uses for header in used_headers(each)}
        for header in new:
            said = "a further visit: read as the others" if header in taken else "not used"
            findings.append(
                finding(
                    "new_column",
                    table.name,
                    column=header,
                    found="a column the mapping did not know",
                    action=said,
                )
            )
    return uses, findings


def _with_further_visits(of_table: TableMapping, table: SourceTable, new: Sequence[str]) -> TableMapping:
    known = {(each.paramcd, bool(each.visit)) for each in of_table.measured}
    old = set(of_table.headers) | {header for header in headers_of(table) if header not in new}
    further = [each for each in measured_columns(table, old) if (each.paramcd, bool(each.visit)) in known]
    return of_table.replace(measured=(*of_table.measured, *further))


def missing_headers(of_table: TableMapping) -> dict[str, str]:
    """ADaM column, or "" for a measurement: the header that the mapping reads and the table does not have."""
    headers = set(of_table.headers)
    missing = {name: header for name, header in of_table.columns.items() if header and header not in headers}
    return missing


def missing_measured(of_table: TableMapping) -> list[str]:
    """The headers of measurements, and of their dates, that the table does not have."""
    wanted = [h for each in of_table.measured for h in (each.header, each.date) if h]
    return [header for header in wanted if header not in set(of_table.headers)]
