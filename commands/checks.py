"""The commands about data as they are read: which there are, what was found in them, what to ask the sites."""

import argparse
import datetime
import sys
from pathlib import Path

import pandas as pd

from commands.shared import must_be_among, process_view
from outputs.queries import NO_SITE, query_list, query_table, sites_of
from reports.answers import Answer
from trialdata.cuts import DataCut, find_cut, list_cuts
from trialdata.definition import StudyDefinition
from trialdata.errors import StudyDataError
from trialdata.loading import load_cut
from trialdata.study import data_cuts, find_studies, find_study, load_study


def studies(arguments: argparse.Namespace) -> Answer:
    """One row per study definition."""
    rows = [
        {
            "study": definition.name,
            "studyid": definition.studyid,
            "registry": definition.registry,
            "design": definition.design,
            "planned_subjects": definition.planned_subjects,
            "synthetic": definition.synthetic,
            "cuts": " ".join(str(cut) for cut in data_cuts(definition, arguments.root)),
            "title": definition.title,
        }
        for definition in find_studies(arguments.root)
    ]
    return Answer(pd.DataFrame(rows))


def check(arguments: argparse.Namespace) -> Answer:
    """One row per finding of every study and cut asked for; status 1 when any cut is refused."""
    names = [arguments.study] if arguments.study else [d.name for d in find_studies(arguments.root)]
    checked = [cut_findings(arguments.root, name, arguments.cut) for name in names]
    rows = pd.concat([frame for frames in checked for frame in frames], ignore_index=True)
    return Answer(rows, status=int((rows["severity"] == "error").any()))


def cut_findings(root: Path, name: str, cut: datetime.date | None) -> list[pd.DataFrame]:
    """The findings of one study, a frame per cut; what becomes of each cut is told on standard error."""
    definition = find_study(root, name)
    found = []
    cuts = list_cuts(definition, root)
    for date in [cut] if cut else cuts.dates or [None]:
        of_date = cuts.find(date)
        findings = visible_findings(root, definition, of_date)
        outcome = "refused" if (findings["severity"] == "error").any() else "accepted"
        print(f"{definition.name}, {of_date.date}: {outcome}, {len(findings)} findings", file=sys.stderr)
        found.append(findings.assign(study=definition.name, cut=str(of_date.date)))
    return [frame[["study", "cut", *frame.columns.drop(["study", "cut"])]] for frame in found]


def visible_findings(root: Path, definition: StudyDefinition, cut: DataCut) -> pd.DataFrame:
    """The findings of one cut; in the pooled view those that name no arm."""
    if process_view() == "true":
        return load_cut(definition, root, cut).findings
    try:
        return load_study(root, definition.name, cut.date, view="pooled").findings
    except StudyDataError as refused:
        if refused.findings is None:
            raise
        return refused.findings


def queries(arguments: argparse.Namespace) -> Answer:
    """One row per query to a site; status 1 when the cut is refused, whose queries are told all the same."""
    definition = find_study(arguments.root, arguments.study)
    cut = find_cut(definition, arguments.root, arguments.cut)
    findings, sites = findings_and_sites(arguments.root, definition, cut)
    rows = query_list(findings, sites)
    if arguments.site is not None:
        known = [*sorted({*sites.values()} - {""}), NO_SITE]
        must_be_among(arguments.site, known, "site", of="cut")
        rows = rows[rows["site"] == arguments.site].reset_index(drop=True)
    refused = bool((rows["severity"] == "error").any())
    return Answer(rows, table=query_table(rows), status=int(refused))


def findings_and_sites(
    root: Path, definition: StudyDefinition, cut: DataCut
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Every finding of one cut, and the site of each participant; in the pooled view those that name no arm."""
    if process_view() == "true":
        loaded = load_cut(definition, root, cut)
        return loaded.every_finding, sites_of(loaded.frames["adsl"])
    try:
        study = load_study(root, definition.name, cut.date, view="pooled")
    except StudyDataError as refused:
        if refused.findings is None:
            raise
        return refused.findings, {}
    return study.every_finding, sites_of(study.adsl)
