"""A validated study: its definition and the frames of one data cut. `load_study` is the way in."""

import datetime
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from trialdata.cuts import data_cuts, list_cuts
from trialdata.definition import StudyDefinition
from trialdata.errors import StudyDataError
from trialdata.findings import NONE, refusal
from trialdata.limits import Limits
from trialdata.load_report import NOTHING
from trialdata.loading import load_cut, load_frames
from trialdata.masking import pooled_parts, pooled_refusal
from trialdata.parsing import definition_in, find_studies, find_study
from trialdata.schema import DATASETS
from trialdata.store import open_store
from trialdata.store.stored_cut import StoredCut

__all__ = ["Study", "data_cuts", "find_studies", "find_study", "load_frames", "load_study", "masked"]


@dataclass(frozen=True, eq=False)
class Study:
    """The definition and the six frames of one data cut, checked; columns are in trialdata/schema.py.

    `findings` has one row per finding: severity, file, row, column, USUBJID, found, expected, action, check.
    """

    definition: StudyDefinition
    cut: datetime.date
    cuts: tuple[datetime.date, ...]  # all data cuts, oldest first
    adsl: pd.DataFrame
    adlb: pd.DataFrame
    adqs: pd.DataFrame
    adcm: pd.DataFrame
    adae: pd.DataFrame
    adex: pd.DataFrame
    findings: pd.DataFrame
    content_hash: str  # of the files of the cut; of a stored cut its id
    view: str = "true"  # true | pooled
    report: pd.DataFrame = field(default_factory=lambda: NOTHING)  # load report; empty unless imported
    every_finding: pd.DataFrame = field(default_factory=lambda: NONE)  # `findings` has the first rows of each


def load_study(
    root: Path,
    name: str,
    cut: datetime.date | None = None,
    *,
    view: str = "true",
    limits: Limits | None = None,
    as_accepted: bool = False,
) -> Study:
    """The study of that name at a data cut, the latest one by default; StudyDataError with every reason.

    `view="pooled"` gives what a reader may see who must not see the arms. `as_accepted` reads an imported cut by
    the definition of the day it was accepted.
    """
    definition = find_study(root, name)
    cuts = list_cuts(definition, root)
    found = cuts.find(cut)
    if as_accepted and found.stored:
        definition = definition_of(root, found.stored)
    loaded = load_cut(definition, root, found, limits=limits)
    if loaded.refused:
        told = loaded.findings if view == "true" else pooled_refusal(loaded.findings)
        raise StudyDataError(refusal(told), told)
    study = Study(
        definition=definition,
        cut=found.date,
        cuts=cuts.dates,
        **loaded.frames,  # type: ignore[arg-type]
        findings=loaded.findings,
        content_hash=loaded.content_hash,
        report=loaded.report,
        every_finding=loaded.every_finding,
    )
    return study if view == "true" else masked(study)


def definition_of(root: Path, cut: StoredCut) -> StudyDefinition:
    """The study definition that an imported cut was accepted with."""
    return definition_in(open_store(root).read_manifest(cut).rules.encode(), f"{cut.study}.toml")


def masked(study: Study) -> Study:
    """The pooled view: one arm, all participants; nothing in it depends on who had which arm."""
    if study.view == "pooled":
        return study
    frames = {name: getattr(study, name) for name in DATASETS}
    parts = pooled_parts(study.definition, frames, study.findings, study.every_finding)
    return replace(study, report=NOTHING, **parts)
