"""Data cuts: one for a cutoff date, as a folder named by its ISO date or as accepted into the store."""

import datetime
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trialdata.definition import StudyDefinition
from trialdata.errors import StudyDataError, UnknownStudyError
from trialdata.store import store_of
from trialdata.store.stored_cut import StoredCut


@dataclass(frozen=True)
class DataCut:
    """One data cut: `stored` where it was accepted into the store, else the files of `folder`."""

    date: datetime.date
    folder: Path
    stored: StoredCut | None = None


@dataclass(frozen=True, eq=False)
class CutList:
    """The data cuts of a study as they stand at one moment: folders named by their date, and stored cuts.

    No file of a cut is opened: one that is damaged stays in the list, and opening it says why.
    """

    data: str  # of the study definition
    root: Path
    folders: frozenset[datetime.date]
    stored: Mapping[datetime.date, StoredCut]

    @property
    def dates(self) -> tuple[datetime.date, ...]:
        """The data cutoffs, oldest first."""
        return tuple(sorted({*self.folders, *self.stored}))

    def find(self, cut: datetime.date | None) -> DataCut:
        """The data cut of that date, the latest one for None; StudyDataError when there is none, or two."""
        dates = self.dates
        if not dates:
            expected = "a folder for each data cut, such as 2026-01-15, or an import"
            raise StudyDataError(f"{self.data}: found no data cut, expected {expected}.")
        if cut is not None and cut not in dates:
            known = ", ".join(map(str, dates))
            raise UnknownStudyError(f"{self.data}: found no data cut {cut}, expected one of {known}.")
        date = cut or dates[-1]
        if date in self.folders and date in self.stored:
            raise StudyDataError(
                f"{self.data}/{date}: found a folder beside the imported data cut of that date, expected one of the "
                "two; remove the folder, or retire the imported cut."
            )
        return DataCut(date, self.root / self.data / str(date), self.stored.get(date))


def list_cuts(definition: StudyDefinition, root: Path) -> CutList:
    """The folders <root>/<definition.data>/YYYY-MM-DD and the standing cuts of the store."""
    store = store_of(root)
    stored = {cut.cutoff: cut for cut in store.standing_cuts(definition)} if store else {}
    return CutList(definition.data, Path(root), frozenset(folder_cuts(definition, root)), stored)


def data_cuts(definition: StudyDefinition, root: Path) -> tuple[datetime.date, ...]:
    """The data cutoffs, oldest first."""
    return list_cuts(definition, root).dates


def folder_cuts(definition: StudyDefinition, root: Path) -> list[datetime.date]:
    """The dates of the folders <root>/<definition.data>/YYYY-MM-DD, oldest first."""
    folder = Path(root) / definition.data
    if not folder.is_dir():
        return []
    names = [path.name for path in folder.iterdir() if path.is_dir()]
    return sorted(_cutoff(definition, name) for name in names if re.fullmatch(r"\d{4}-\d\d-\d\d", name))


def _cutoff(definition: StudyDefinition, name: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(name)
    except ValueError:
        expected = "the date of a data cutoff, such as 2026-01-15"
        raise StudyDataError(
            f"{definition.data}/{name}: found a folder name that is no date, expected {expected}."
        ) from None


def find_cut(definition: StudyDefinition, root: Path, cut: datetime.date | None) -> DataCut:
    """The data cut of that date, the latest one for None; StudyDataError when there is none, or two."""
    return list_cuts(definition, root).find(cut)


def content_hash(contents: Mapping[str, bytes]) -> str:
    """SHA-256 over the names and bytes of the files: the same data give the same text."""
    digest = hashlib.sha256()
    for name, content in sorted(contents.items()):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
