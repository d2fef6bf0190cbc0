"""An import: files as sent become the datasets of one data cut, or the sentences that say why not.

The order is that of /docs/explanation/import.md: read, scan for identifiers, bring shapes into one, map, convert,
de-identify, check. Nothing is written here: `trialdata.store` keeps what was accepted.
"""

import datetime
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from trialdata.conversion.convert import Converted, convert_tables
from trialdata.conversion.read_changes import with_read_changes
from trialdata.definition import StudyDefinition
from trialdata.deidentify import without_identifiers
from trialdata.door import named_safely, record, scan
from trialdata.findings import NONE, every_finding, finding, listed
from trialdata.formats.files import read_tables
from trialdata.formats.names import inert_name
from trialdata.formats.source_table import SourceTable
from trialdata.generalise import deidentified
from trialdata.limits import Limits, UnreadableFile, default_limits
from trialdata.load_report import as_report
from trialdata.loading import load_texts
from trialdata.mapping.apply import apply_mapping
from trialdata.mapping.import_mapping import ImportMapping, Question
from trialdata.mapping.propose import propose
from trialdata.shapes.normalise import normalise

Progress = Callable[[float, str], None]


@dataclass(frozen=True, eq=False)
class Prepared:
    """What came of the files of an import.

    `texts`: the datasets (text cells, index 2, 3, ..., SRCFILE and SRCROW), empty while something is asked or
    refused. `findings` and `report` (trialdata/load_report.py) name the files as sent. `files`: SHA-256 by name.
    """

    cut: datetime.date
    files: dict[str, str]
    mapping: ImportMapping
    questions: tuple[Question, ...]
    findings: pd.DataFrame
    texts: dict[str, pd.DataFrame]
    report: pd.DataFrame
    every_finding: pd.DataFrame = field(
        default_factory=lambda: NONE
    )  # `findings` lists the first rows of each

    @property
    def refused(self) -> bool:
        return bool((self.findings["severity"] == "error").any())

    @property
    def open(self) -> tuple[Question, ...]:
        """What a person has to answer first."""
        return tuple(question for question in self.questions if question.open)

    @property
    def ready(self) -> bool:
        """Whether it can be accepted as a data cut."""
        return bool(self.texts) and not self.refused and not self.open


def prepare(
    definition: StudyDefinition,
    files: Mapping[str, bytes],
    cut: datetime.date,
    mapping: ImportMapping | None = None,
    *,
    limits: Limits | None = None,
    progress: Progress = lambda done, doing: None,
) -> Prepared:
    """The data cut that the files make, as far as it is known what they mean; nothing is stored."""
    files, findings = named_safely(files)
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    tables, found = _read(files, limits or default_limits(), progress)
    findings += found
    progress(0.5, "looking for identifiers")
    tables, found = scan(tables)
    findings += found
    checked = as_report(record(findings))
    progress(0.6, "recognising columns")
    tables = normalise(tables)
    findings += [found for table in tables for found in table.findings]
    proposal = propose(tables, definition, mapping)
    findings += proposal.findings
    every = every_finding(findings)
    so_far = Prepared(cut, hashes, proposal.mapping, proposal.questions, listed(every), {}, checked, every)
    if so_far.refused or so_far.open:
        return so_far
    progress(0.7, "converting values")
    applied = apply_mapping(tables, proposal.mapping)
    findings += applied.findings
    converted = convert_tables(applied.tables, definition, proposal.mapping, cut)
    report = with_read_changes(converted.report, tables, proposal.mapping)
    converted = replace(converted, report=report)
    progress(0.8, "de-identifying")
    converted, mapping = deidentified(converted, proposal.mapping)
    progress(0.85, "checking")
    return _checked(replace(so_far, mapping=mapping), findings, converted, definition, tables)


def _read(
    files: Mapping[str, bytes], limits: Limits, progress: Progress
) -> tuple[list[SourceTable], list[pd.DataFrame]]:
    """The tables of all files; one that cannot be read is a finding."""
    tables: list[SourceTable] = []
    findings: list[pd.DataFrame] = []
    for number, (name, content) in enumerate(files.items()):
        progress(0.5 * number / len(files), f"reading file {number + 1} of {len(files)}")
        try:
            tables += read_tables(name, content, limits)
        except UnreadableFile as problem:
            refused = finding(
                problem.check,
                inert_name(name),
                row=problem.row,
                column=problem.column,
                found=problem.found,
            )
            findings.append(without_identifiers(refused))
    return tables, findings


def _checked(
    so_far: Prepared,
    findings: Sequence[pd.DataFrame],
    converted: Converted,
    definition: StudyDefinition,
    tables: Sequence[SourceTable],
) -> Prepared:
    loaded = load_texts(definition, converted.texts, so_far.cut, "")
    found = every_finding([*converted.findings, loaded.every_finding])
    every = every_finding([*findings, _named_as_sent(found, so_far.mapping, tables)])
    return replace(
        so_far,
        findings=listed(every),
        every_finding=every,
        texts=converted.texts,
        report=as_report([so_far.report, converted.report]),
    )


def _named_as_sent(
    findings: pd.DataFrame, mapping: ImportMapping, tables: Sequence[SourceTable]
) -> pd.DataFrame:
    """Findings about whole datasets name the tables they were made of, and columns their headers as sent."""
    by_name = {table.name: table for table in tables}
    made_of: dict[str, list[str]] = {}
    headers: dict[tuple[str, str], set[str]] = {}
    for use in (each for each in mapping.tables if each.used and each.table in by_name):
        made_of.setdefault(use.dataset, []).append(use.table)
        for column, header in use.columns.items():
            as_sent = by_name[use.table].sent.get(header, header)
            headers.setdefault((use.table, column), set()).add(as_sent)
    files = findings["file"].replace({name: " and ".join(names) for name, names in made_of.items()})
    columns = [
        _only(headers.get((file, column), set())) or column
        for file, column in zip(files, findings["column"], strict=True)
    ]
    return findings.assign(file=files, column=pd.array(columns, dtype="str"))


def _only(names: set[str]) -> str:
    """The one name; "" where there is none, or several."""
    return next(iter(names)) if len(names) == 1 else ""
