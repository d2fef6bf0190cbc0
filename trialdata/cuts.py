"""Data cuts: one folder per data cutoff, named by its ISO date."""

import datetime
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from trialdata.definition import StudyDefinition
from trialdata.errors import StudyDataError, UnknownStudyError


def data_cuts(definition: StudyDefinition, root: Path) -> tuple[datetime.date, ...]:
    """The data cutoffs on disk, oldest first: the folders <root>/<definition.data>/YYYY-MM-DD."""
    folder = Path(root) / definition.data
    if not folder.is_dir():
        return ()
    names = [path.name for path in folder.iterdir() if path.is_dir()]
    return tuple(
        sorted(_cutoff(definition, name) for name in names if re.fullmatch(r"\d{4}-\d\d-\d\d", name))
    )


def _cutoff(definition: StudyDefinition, name: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(name)
    except ValueError:
        expected = "the date of a data cutoff, such as 2026-01-15"
        raise StudyDataError(
            f"{definition.data}/{name}: found a folder name that is no date, expected {expected}."
        ) from None


def cut_folder(definition: StudyDefinition, root: Path, cut: datetime.date | None) -> Path:
    """The folder of a data cut, the latest one for None; StudyDataError when it does not exist."""
    cuts = data_cuts(definition, root)
    if not cuts:
        expected = "a folder for each data cut, such as 2026-01-15"
        raise StudyDataError(f"{definition.data}: found no data cut, expected {expected}.")
    if cut is not None and cut not in cuts:
        known = ", ".join(str(known) for known in cuts)
        raise UnknownStudyError(f"{definition.data}: found no data cut {cut}, expected one of {known}.")
    return Path(root) / definition.data / str(cut or cuts[-1])


def content_hash(contents: Mapping[str, bytes]) -> str:
    """SHA-256 over the names and bytes of the files: the same data give the same text."""
    digest = hashlib.sha256()
    for name, content in sorted(contents.items()):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
