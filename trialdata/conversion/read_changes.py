"""Cells that reading changed already, in the load report as they stood in the file."""

from collections.abc import Iterable, Sequence

import pandas as pd

from trialdata.conversion import rules
from trialdata.formats.source_table import SourceTable
from trialdata.identifiers import identifying_form
from trialdata.load_report import as_report, entries
from trialdata.mapping.import_mapping import ImportMapping
from trialdata.schema import DATASETS, NUMERIC

PLACE = ["file", "row", "column"]


def with_read_changes(
    report: pd.DataFrame, tables: Sequence[SourceTable], mapping: ImportMapping
) -> pd.DataFrame:
    """The load report of the conversion, each cell in it as it stood in the file before it was read.

    A cell that only reading changed has a row of its own, where its column is used as a number; what the report
    hides (a date, a code) stays hidden.
    """
    changed = _changed(tables, mapping)
    if changed.empty:
        return report
    files = report["file"].replace({table.name: table.file for table in tables})
    places = pd.MultiIndex.from_frame(report.assign(file=files)[PLACE].astype("str"))
    read = changed.set_index(pd.MultiIndex.from_frame(changed[PLACE].astype("str")))
    here = read.reindex(places)
    again = here["after"].to_numpy() == report["before"].to_numpy()
    report = report.assign(
        before=report["before"].mask(again, here["before"].to_numpy()),
        rule=report["rule"].mask(again, f"{rules.DECIMAL_COMMA}; " + report["rule"]),
    )
    alone = read[~read.index.isin(places)]
    before, after = alone["before"], alone["after"]
    own = entries(*(alone[name] for name in PLACE), before=before, after=after, rule=rules.DECIMAL_COMMA)
    return as_report([own, report])


def _changed(tables: Sequence[SourceTable], mapping: ImportMapping) -> pd.DataFrame:
    """The changed cells of the columns that hold numbers, under file, row and header as sent; each once."""
    parts = [
        cells.assign(
            file=table.file, column=cells["column"].map(lambda name, of=table: of.sent.get(name, name))
        )
        for table in tables
        for cells in table.changed
    ]
    if not parts:
        return pd.DataFrame(columns=[*PLACE, "before", "after"])
    numbers = set(_numbers(tables, mapping))
    cells = pd.concat(parts, ignore_index=True).drop_duplicates(PLACE)
    used = [place in numbers for place in zip(cells["file"], cells["column"], strict=True)]
    told = [not identifying_form(text) for text in cells["before"]]
    return cells[pd.Series(used) & pd.Series(told)]


def _numbers(tables: Sequence[SourceTable], mapping: ImportMapping) -> Iterable[tuple[str, str]]:
    """File and header as sent of every column that is read as a number."""
    by_name = {table.name: table for table in tables}
    for use in (each for each in mapping.tables if each.used and each.table in by_name):
        table, kinds = by_name[use.table], DATASETS[use.dataset].kinds
        headers = [header for name, header in use.columns.items() if kinds.get(name, "number") in NUMERIC]
        for header in (*headers, *(each.header for each in use.measured)):
            yield table.file, table.sent.get(header, header)
