"""De-identification at the door: what identifies a person does not come in.

Nothing else has seen the tables when `scan` runs, nor the names of the files when `named_safely` runs. A finding
says where and of what kind, never what stood there. There is no way around a refusal.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from trialdata.deidentify import check_identifiers, without_identifiers
from trialdata.findings import finding
from trialdata.formats.names import ENDING
from trialdata.formats.source_table import Concealed, SourceTable
from trialdata.headers import clean_header
from trialdata.identifiers import (
    genetic_header,
    identifying_form,
    identifying_header,
    like_a_name,
    mostly_names,
    named_in,
    plain,
)
from trialdata.load_report import note

Findings = list[pd.DataFrame]
SHORT = 20  # characters: a longer hidden text is a sentence and no header
CELL = re.compile(r"cell ([A-Z]{1,3})\d+$")


def named_safely(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], Findings]:
    """The files under names that say nothing of a person: one that does is "file 2", with its ending."""
    named, findings = {}, []
    for number, (name, content) in enumerate(files.items(), start=1):
        check, found = _telling(name)
        ending = ENDING.search(name)
        inert = _free(f"file {number}", ending[0] if ending else "", files) if check else name
        if check:
            findings.append(finding(check, inert, found=f"{found} in the name of the file"))
        named[inert] = content
    return named, findings


def _free(name: str, ending: str, taken: Mapping[str, bytes]) -> str:
    """The name and ending, with as many strokes as no file has yet."""
    while f"{name}{ending}" in taken:
        name += "'"
    return f"{name}{ending}"


def _telling(name: str) -> tuple[str, str]:
    """The check that a file or sheet name meets, and what was found; two empty texts for a plain name."""
    if form := identifying_form(name):
        return "identifier_in_name", form
    return ("name_in_name", "what reads as a personal name") if named_in(name) else ("", "")


def scan(tables: Sequence[SourceTable]) -> tuple[list[SourceTable], Findings]:
    """The tables with every identifier emptied, and the findings: an error among them refuses the files.

    Nothing hidden is left in the tables, and what was noticed on reading them repeats no identifier.
    """
    scanned, findings = [], []
    for number, table in enumerate(tables, start=1):
        table, found = _named(table, number)
        findings += found
        table, found = _labels(table)
        findings += found
        frame, found = check_identifiers(table.frame, table.name)
        findings += [*found, *_concealed(table.concealed, table.name)]
        scanned.append(table.replace(frame=frame, concealed=()))
    return scanned, findings


def _named(table: SourceTable, number: int) -> tuple[SourceTable, Findings]:
    """The table under a file and sheet name that say nothing of a person; what reading noticed names them alike."""
    findings, before = [], table.name
    given = {
        "file": (table.file, f"file {number}"),
        "sheet": (table.sheet, f"number {table.place or number}"),
    }
    for part, (name, by_number) in given.items():
        check, found = _telling(name)
        if check:
            table = table.replace(**{part: by_number})
            findings.append((check, f"{found} in the name of the {part}"))
    noticed = tuple(
        without_identifiers(each.replace({"file": {before: table.name}})) for each in table.findings
    )
    problems = [finding(check, table.name, found=found) for check, found in findings]
    return table.replace(findings=noticed), problems


def _labels(table: SourceTable) -> tuple[SourceTable, Findings]:
    """The table without the columns whose label says that they identify a person or hold genetic data."""
    findings, dropped = [], []
    for header, label in table.labels.items():
        clean = clean_header(label)
        check = "identifier_header" if identifying_header(clean) else ""
        check = "genetic_column" if genetic_header(clean) else check
        check = "identifier_value" if identifying_form(label) else check
        if check and header in table.frame and not identifying_header(header) and not genetic_header(header):
            findings.append(finding(check, table.name, column=header, row=1, found="a label of this kind"))
            dropped.append(header)
    labels = {header: label for header, label in table.labels.items() if not identifying_form(label)}
    return table.replace(frame=table.frame.drop(columns=dropped), labels=labels), findings


def _concealed(texts: Iterable[Concealed], file: str) -> Findings:
    """What hidden sheets, comments and document properties hold, one finding for each place and kind."""
    places: dict[str, list[str]] = {}
    for concealed in texts:
        places.setdefault(_area(concealed.place), []).append(plain(concealed.text).strip())
    findings = []
    for place, hidden in places.items():
        kinds = [kind for text in hidden if (kind := _kind_of_hidden(text, place, alone=len(hidden) == 1))]
        for kind in dict.fromkeys(kinds):
            found = f"{kind} in {kinds.count(kind)} of {len(hidden)} texts"
            findings.append(finding("identifier_concealed", file, column=_shown(place), found=found))
        if mostly_names(hidden, [1] * len(hidden)):
            found = "personal names in most of them"
            findings.append(finding("identifier_concealed", file, column=_shown(place), found=found))
        elif "sheet" not in place and any(map(like_a_name, hidden)):
            found = "what reads as a personal name"
            findings.append(finding("name_concealed", file, column=_shown(place), found=found))
    return findings


def _area(place: str) -> str:
    """The column of a cell on a hidden sheet; any other place as it is."""
    return CELL.sub(r"column \1", place) if place.startswith("hidden") else place


def _kind_of_hidden(text: str, place: str, *, alone: bool) -> str:
    if form := identifying_form(text):
        return form
    header = place.startswith("hidden") and not alone and len(text) <= SHORT
    clean = clean_header(text) if header else ""
    if header and genetic_header(clean):
        return "a header of genetic data"
    return "a header of this kind" if header and identifying_header(clean) else ""


def _shown(place: str) -> str:
    return "a hidden place" if _telling(place)[0] else place


CHECKED = {  # what the load report says was looked for, and the checks that tell of it
    "identifiers in column headers and labels": ("identifier_header", "empty_identifier_column"),
    "identifiers in cells": ("identifier_value", "identifier_in_free_text"),
    "genetic data": ("genetic_column", "genetic_value"),
    "identifiers in hidden sheets, comments and properties": ("identifier_concealed", "name_concealed"),
    "identifiers in file and sheet names": ("identifier_in_name", "name_in_name"),
    "columns of full dates": ("full_dates",),
    "years of birth": ("birth_year",),
}


def record(findings: Findings) -> Findings:
    """Rows of the load report: that each kind of identifier was looked for, and how often it was found."""
    found = pd.concat([part["check"] for part in findings]) if findings else pd.Series(dtype="str")
    return [
        note("all files", f"looked for {kind}", after=f"{int(found.isin(checks).sum()):,} found")
        for kind, checks in CHECKED.items()
    ]
