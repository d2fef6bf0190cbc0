"""The files of one data cut become checked frames and their findings, in one order."""

import datetime
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from trialdata.cuts import content_hash
from trialdata.definition import StudyDefinition
from trialdata.findings import together
from trialdata.limits import Limits
from trialdata.reading import DatasetFile, Frames, read_dataset
from trialdata.schema import DATASETS


@dataclass(frozen=True)
class Loaded:
    """The frames of a data cut by name, every finding, and the hash of the files."""

    frames: dict[str, pd.DataFrame]
    findings: pd.DataFrame
    content_hash: str

    @property
    def refused(self) -> bool:
        return bool((self.findings["severity"] == "error").any())


def load_frames(definition: StudyDefinition, folder: Path, *, limits: Limits = Limits()) -> Loaded:  # noqa: B008
    """The frames of a data cut with every finding, errors too: the caller decides what to refuse."""
    contents = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    cut = datetime.date.fromisoformat(folder.name)
    files: dict[str, DatasetFile] = {}
    findings: Frames = []
    for name, dataset in DATASETS.items():
        files[name], found = read_dataset(dataset, contents, limits)
        findings += found
    frames = {name: file.frame.reset_index(drop=True) for name, file in files.items()}
    return Loaded(frames, together(findings), content_hash(contents))
