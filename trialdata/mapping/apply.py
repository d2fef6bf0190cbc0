"""A mapping carried out: tables as sent become tables under ADaM names, their cells untouched."""

from collections.abc import Sequence

from trialdata.formats.source_table import SourceTable
from trialdata.mapping.import_mapping import ImportMapping, MappedTable, TableMapping
from trialdata.provenance import SRCFILE, SRCROW


def apply_mapping(tables: Sequence[SourceTable], mapping: ImportMapping) -> list[MappedTable]:
    """One mapped table for each table that the mapping uses, in the order of the tables."""
    return [
        _mapped(table, of_table)
        for table, of_table in zip(tables, mapping.tables, strict=True)
        if of_table.dataset
    ]


def _mapped(table: SourceTable, of_table: TableMapping) -> MappedTable:
    columns = {name: table.frame[header] for name, header in of_table.columns.items()}
    frame = table.frame[[]].assign(**columns, **of_table.values)
    row = table.frame.index.astype("str").astype("str")
    sent = {name: table.sent.get(header, header) for name, header in of_table.columns.items()}
    return MappedTable(of_table.dataset, frame.assign(**{SRCFILE: table.name, SRCROW: row}), sent)
