"""The files of one data cut become checked frames and their findings, in one order."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from trialdata.check_across import check_across
from trialdata.check_baseline import check_baseline
from trialdata.check_doses import check_doses, check_steroid_doses
from trialdata.check_events import (
    check_bleeding,
    check_deaths,
    check_periods,
    check_rescue,
    check_scores,
    check_terms,
)
from trialdata.check_laboratory import check_laboratory
from trialdata.check_platelets import check_platelets
from trialdata.check_rows import DAY, check_rows
from trialdata.check_subjects import check_subjects
from trialdata.cuts import DataCut, content_hash
from trialdata.definition import StudyDefinition
from trialdata.findings import every_finding, finding, listed
from trialdata.formats.names import told_file
from trialdata.limits import Limits, default_limits
from trialdata.load_report import NOTHING
from trialdata.provenance import at_source
from trialdata.reading import READERS, DatasetFile, Frames, absent_dataset, read_dataset, typed_dataset
from trialdata.schema import DATASETS
from trialdata.store import open_store


@dataclass(frozen=True)
class Loaded:
    """The frames of a data cut by name, the findings, the hash of the files, and the load report of an import.

    `findings` lists the first rows of each check, `every_finding` all of them.
    """

    frames: dict[str, pd.DataFrame]
    findings: pd.DataFrame
    content_hash: str
    every_finding: pd.DataFrame
    report: pd.DataFrame = field(default_factory=lambda: NOTHING)

    @property
    def refused(self) -> bool:
        return bool((self.findings["severity"] == "error").any())


def load_cut(
    definition: StudyDefinition, root: Path, cut: DataCut, *, limits: Limits | None = None
) -> Loaded:
    """The frames of a data cut of either kind with every finding, errors too: the caller decides what to refuse.

    A stored cut is checked anew; what its import found in the files as sent is told again.
    """
    if not cut.stored:
        return load_frames(definition, cut.folder, limits=limits)
    store = open_store(root)
    loaded = load_texts(definition, store.read_texts(cut.stored), cut.date, cut.stored.id)
    found = store.read_findings(cut.stored)
    of_import = found[~found["REPEATED"]].drop(columns="REPEATED")
    every = every_finding([loaded.every_finding, of_import])
    report = store.read_report(cut.stored)
    return replace(loaded, findings=listed(every), every_finding=every, report=report)


def load_frames(definition: StudyDefinition, folder: Path, *, limits: Limits | None = None) -> Loaded:
    """The frames of a data cut with every finding, errors too: the caller decides what to refuse.

    The name of the folder is the date of the data cutoff.
    """
    limits = limits or default_limits()
    contents, findings = _contents(folder, limits)
    files: dict[str, DatasetFile] = {}
    for name, dataset in DATASETS.items():
        files[name], found = read_dataset(dataset, contents, limits)
        findings += found
    return _checked(
        files, findings, definition, datetime.date.fromisoformat(folder.name), content_hash(contents)
    )


def load_texts(
    definition: StudyDefinition, texts: Mapping[str, pd.DataFrame], cut: datetime.date, content: str
) -> Loaded:
    """The frames of a data cut whose datasets are at hand as text cells, by dataset name, such as "adsl".

    The index of each is 2, 3, ... as in a file; the columns SRCFILE and SRCROW, where it has them, name the
    file and row as sent in every finding. `content` is the content hash.
    """
    findings: Frames = []
    files: dict[str, DatasetFile] = {}
    for name, dataset in DATASETS.items():
        read = typed_dataset(dataset, texts[name], name) if name in texts else absent_dataset(dataset)
        files[name], found = read
        findings += found
    return _checked(files, findings, definition, cut, content)


def _checked(
    files: dict[str, DatasetFile],
    findings: Frames,
    definition: StudyDefinition,
    cut: datetime.date,
    content: str,
) -> Loaded:
    findings = findings + _check_content(files, definition, cut)
    sources = {file.file: file.sources for file in files.values()}
    located = [at_source(part, sources.get(part["file"].iloc[0])) for part in findings if len(part)]
    frames = {name: file.frame.reset_index(drop=True) for name, file in files.items()}
    every = every_finding(located)
    return Loaded(frames, listed(every), content, every)


def _contents(folder: Path, limits: Limits) -> tuple[dict[str, bytes], Frames]:
    """The bytes of every dataset file by name, and a note for each file of another name."""
    contents = dataset_contents(folder, limits)
    others = sorted(path.name for path in folder.iterdir() if path.is_file() and path.name not in contents)
    return contents, [
        finding("file_not_read", told_file(name, number), found="a file of another name")
        for number, name in enumerate(others, start=1)
        if not name.startswith(".")
    ]


def dataset_contents(folder: Path, limits: Limits) -> dict[str, bytes]:
    """The bytes of every dataset file by name; of a file that is too large only as much as shows it."""
    read = {
        f"{stem}{ending}" for dataset in DATASETS.values() for stem in dataset.files for ending in READERS
    }
    contents = {}
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        if path.name.lower() in read:
            with path.open("rb") as file:
                contents[path.name] = file.read(limits.bytes + 1)
    return contents


def _check_content(files: dict[str, DatasetFile], definition: StudyDefinition, cut: datetime.date) -> Frames:
    """Runs the checks in order; each dataset in `files` is replaced by its checked frame.

    A dataset that could not be read whole is not checked further: its findings say why.
    """
    if not files["adsl"].usable:
        return []
    adsl, findings = check_subjects(files["adsl"], definition, cut)
    files["adsl"] = replace(files["adsl"], frame=adsl)
    for name in DAY:
        if files[name].usable:
            frame, found = check_rows(name, files[name], adsl)
            files[name] = replace(files[name], frame=frame)
            findings += found
    findings += _check_counts(files, definition)
    for name in ("adcm", "adae", "adex"):
        findings += check_periods(files[name]) if files[name].usable else []
    findings += check_rescue(files["adcm"], definition) if files["adcm"].usable else []
    findings += check_bleeding(files["adqs"], definition) if files["adqs"].usable else []
    findings += check_scores(files["adqs"], definition) if files["adqs"].usable else []
    findings += check_terms(files["adae"]) if files["adae"].usable else []
    findings += check_deaths(files["adae"], adsl) if files["adae"].usable else []
    findings += check_doses(files["adex"], definition) if files["adex"].usable else []
    findings += check_steroid_doses(files["adcm"]) if files["adcm"].usable else []
    return findings + check_across(files)


def _check_counts(files: dict[str, DatasetFile], definition: StudyDefinition) -> Frames:
    if not files["adlb"].usable or files["adlb"].frame.empty:
        return []
    frame, findings = check_platelets(files["adlb"], files["adsl"].frame, definition)
    files["adlb"] = replace(files["adlb"], frame=frame)
    findings += check_laboratory(files["adlb"])
    return findings + check_baseline(files["adlb"], files["adsl"], definition)
