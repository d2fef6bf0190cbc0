"""Mapped tables become the datasets of a study, their cells plain, their dates study days.

Every cell that is not as it was sent has an entry in the load report, with the rule that changed it
(docs/reference/conversions.md); what could not be understood stays, and loading refuses it.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from trialdata.conversion import rules
from trialdata.conversion.ages import age_in_years
from trialdata.conversion.counts import SAME_UNIT, convert_values
from trialdata.conversion.days import DAY_OF, Works, dates_to_days
from trialdata.conversion.numbers import convert_numbers
from trialdata.conversion.readings import Rows
from trialdata.conversion.visits import planned_days
from trialdata.conversion.words import apply_codes, convert_words, days_in_words, tidy_texts
from trialdata.conversion.work import Work
from trialdata.definition import StudyDefinition
from trialdata.load_report import as_report, note
from trialdata.mapping.import_mapping import ImportMapping, MappedTable
from trialdata.provenance import SRCFILE
from trialdata.schema import DATASETS, NUMERIC

BY_VISIT = ("adlb", "adqs")


@dataclass(frozen=True, eq=False)
class Converted:
    """The datasets as text by name (index 2, 3, ...; SRCFILE and SRCROW), the load report, and what was noticed."""

    texts: dict[str, pd.DataFrame]
    report: pd.DataFrame
    findings: tuple[pd.DataFrame, ...] = ()


def convert_tables(
    tables: Sequence[MappedTable],
    definition: StudyDefinition,
    mapping: ImportMapping,
    cut: datetime.date,
) -> Converted:
    """Every table of a dataset joined to one, every cell converted."""
    tables, left_out = _without_unused_parameters(tables, mapping)
    names = dict.fromkeys(table.dataset for table in tables)
    works: Works = {name: Work(name, [each for each in tables if each.dataset == name]) for name in names}
    for work in works.values():
        _convert_cells(work, mapping)
    undated = {name: _undated(works[name]) for name in BY_VISIT if name in works}
    dates_to_days(works, mapping, cut)
    for name, rows in undated.items():
        planned_days(works[name], rows, mapping, definition)
    return Converted(
        {name: work.frame() for name, work in works.items()},
        as_report([*left_out, *(part for work in works.values() for part in work.report())]),
        tuple(found for work in works.values() for found in work.findings),
    )


def _without_unused_parameters(
    tables: Sequence[MappedTable], mapping: ImportMapping
) -> tuple[list[MappedTable], list[pd.DataFrame]]:
    """The tables without the rows of parameters that a person left out, and a note for each parameter."""
    unused = [text for text, paramcd in mapping.parameters.items() if not paramcd]
    kept, notes = [], []
    for table in tables:
        if "PARAMCD" in table.frame and unused:
            out = table.frame["PARAMCD"].isin(unused) | table.frame["PARAMCD"].str.strip().isin(unused)
            for (file, text), rows in table.frame[out].groupby([SRCFILE, "PARAMCD"], sort=False):
                header = table.headers.get("PARAMCD") or "PARAMCD"
                notes.append(
                    note(str(file), rules.LEFT_OUT, column=header, before=f"{text} in {len(rows):,} rows")
                )
            table = replace(table, frame=table.frame[~out])
        kept.append(table)
    return kept, notes


def _convert_cells(work: Work, mapping: ImportMapping) -> None:
    apply_codes(work, mapping)
    tidy_texts(work)
    convert_words(work)
    if work.dataset == "adsl":
        age_in_years(work)
    days_in_words(work)
    of_counts = ("AVAL", *SAME_UNIT) if work.dataset == "adlb" else ()
    for column in DATASETS[work.dataset].columns:
        if column.kind in NUMERIC and column.name not in of_counts:
            convert_numbers(work, column.name)
    if work.dataset == "adlb":
        convert_values(work, mapping)


def _undated(work: Work) -> Rows:
    """Rows with neither a study day nor a date, whatever the date says."""
    return (work.texts(DAY_OF["ADT"]) == "") & ~work.where("ADT", str.strip)
