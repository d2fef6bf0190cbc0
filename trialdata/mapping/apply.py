"""A mapping carried out: tables as sent become tables under ADaM names, their cells untouched."""

from collections.abc import Sequence

from trialdata.formats.source_table import SourceTable
from trialdata.mapping.import_mapping import Applied, ImportMapping, MappedTable, TableMapping
from trialdata.provenance import SRCFILE, SRCROW


def apply_mapping(tables: Sequence[SourceTable], mapping: ImportMapping) -> Applied:
    """One mapped table for each use that the mapping has for a table, in the order of the tables."""
    return Applied(
        tuple(
            _mapped(table, of_table)
            for table in tables
            for of_table in mapping.tables
            if of_table.used and _same(table, of_table)
        )
    )


def _same(table: SourceTable, of_table: TableMapping) -> bool:
    return of_table.table == table.name and of_table.headers == tuple(map(str, table.frame.columns))


def _mapped(table: SourceTable, of_table: TableMapping) -> MappedTable:
    columns = {name: table.frame[header] for name, header in of_table.columns.items() if header}
    frame = table.frame[[]].assign(**columns, **of_table.values)
    row = table.frame.index.astype("str").astype("str")
    frame = frame.assign(**{SRCFILE: table.name, SRCROW: row})
    sent = {name: table.sent.get(header, header) for name, header in of_table.columns.items()}
    return MappedTable(of_table.dataset, frame, sent, of_table.in_study_shape)
