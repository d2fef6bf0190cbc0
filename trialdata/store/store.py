"""The store: accept a cut, list the cuts, read one, retire one, verify all."""

import dataclasses
import datetime
import uuid
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection

from trialdata.definition import StudyDefinition
from trialdata.errors import StudyDataError, UnknownStudyError
from trialdata.store import cut_files, register, verification
from trialdata.store.anchor import Anchor, read_anchor, write_anchor
from trialdata.store.content import content_hash
from trialdata.store.database import CUTS, LOG
from trialdata.store.faults import files_in_words
from trialdata.store.manifest import MANIFEST, Manifest, sha256
from trialdata.store.new_folder import NewFolder, locked, make_private, new_folder, sweep
from trialdata.store.rules import one_reason, refuse_unfit, same_data, with_repeated
from trialdata.store.stored_cut import StoredCut
from trialdata.version import version

FILE = "register.sqlite"


class Store:
    """The accepted data cuts below `folder`; `trialdata.store.open_store` is the way in.

    Nothing is made before the first cut is accepted.
    """

    def __init__(self, folder: Path, url: str):
        self.folder = folder
        self.cuts = folder / "cuts"
        self.register = register.Register(folder / FILE, url)

    def start(self) -> None:
        """Bring the anchor up to the log, and remove what interrupted imports left."""
        if self._made():
            with suppress(OSError):  # a folder that can only be read is read
                self._tidy()

    def accept(
        self,
        definition: StudyDefinition,
        frames: Mapping[str, pd.DataFrame],
        *,
        cut: datetime.date,
        findings: pd.DataFrame,
        report: pd.DataFrame,
        mapping: str,
        files: Mapping[str, str],
        at: datetime.datetime,
        again: bool = False,
    ) -> StoredCut:
        """The datasets (text cells, index 2, 3, ...) as the data cut of that date; `already` where it was one.

        `findings` and `report` are those of the import, `mapping` its TOML, `files` the SHA-256 of each file as
        sent, `at` the present time. `again` accepts data whose cut was retired. StudyDataError when the date
        has other data, as a cut or a folder, when the data would be refused, or when they cannot be kept.
        """
        checked = refuse_unfit(definition, frames, cut, self.folder.parent)
        contents = cut_files.as_files(frames, with_repeated(findings, checked), report)
        manifest = Manifest(
            import_id=uuid.uuid4().hex,
            study=definition.name,
            cutoff=cut,
            content=content_hash(definition.name, cut, frames),
            accepted=as_utc(at),
            definition=definition.content_hash,
            rules=definition.text,
            version=version(),
            mapping=mapping,
            sent=dict(files),
            files=cut_files.described(contents),
        )
        rows = sum(map(len, frames.values()))
        with files_in_words(self.folder):
            self._make()
            kept = self._keep(
                manifest, {name: content for name, (content, _) in contents.items()}, rows, again
            )
            with suppress(OSError, StudyDataError):  # it is kept; the anchor follows at the next start
                self._raise_anchor()
        return kept

    def standing_cuts(self, definition: StudyDefinition) -> list[StoredCut]:
        """The cuts of a study that were not retired, oldest first."""
        return [cut for cut in self.all_cuts(definition) if cut.standing]

    def all_cuts(self, definition: StudyDefinition | None = None) -> list[StoredCut]:
        """The cuts of a study, of every study without one, the retired too, in the order of study and date."""
        if not self._made():
            return []
        with self.register.reading() as connection:
            return register.find_cuts(connection, definition.name if definition else None)

    def retire(self, cut_id: str, reason: str, *, at: datetime.datetime) -> StoredCut:
        """The cut, from now on out of the list of data cuts; its files stay. StudyDataError without a reason."""
        reason = one_reason(reason)
        if not self._made():
            raise UnknownStudyError(f"{self.folder}: found no data cut, expected one to retire.")
        with files_in_words(self.folder):
            with self.register.writing() as connection:
                self._refuse_broken_log(connection)
                found = register.find_cuts(connection, None, CUTS.c.id == cut_id, CUTS.c.retired == "")
                if not found:
                    raise UnknownStudyError(f"{self.folder}: found no standing data cut of that id.")
                retired = register.retire_cut(connection, found[0], as_utc(at), reason)
            with suppress(OSError, StudyDataError):
                self._raise_anchor()
        return retired

    def read_texts(self, cut: StoredCut) -> dict[str, pd.DataFrame]:
        """The datasets of a cut as text cells, index 2, 3, ...; StudyDataError unless they are as accepted."""
        self._refuse_altered(cut)
        return cut_files.read_datasets(self.cuts / cut.id, cut)

    def read_findings(self, cut: StoredCut) -> pd.DataFrame:
        """The findings when the cut was accepted; REPEATED: the check runs again at every reading."""
        self._refuse_altered(cut)
        return cut_files.read_one(self.cuts / cut.id, cut_files.FINDINGS, cut)

    def read_report(self, cut: StoredCut) -> pd.DataFrame:
        """The load report of the import, one row per changed value (trialdata/load_report.py)."""
        self._refuse_altered(cut)
        return cut_files.read_one(self.cuts / cut.id, cut_files.REPORT, cut)

    def read_manifest(self, cut: StoredCut) -> Manifest:
        """What the cut rests on: its mapping, the hashes of the files as sent, the rows of each dataset."""
        self._refuse_altered(cut)
        return cut_files.read_checked_manifest(self.cuts / cut.id, cut)

    def has_register(self) -> bool:
        """Whether there is a register; StudyDataError where it is missing or cannot be used."""
        return self._made()

    def make_register(self) -> None:
        """Make the register where there is none: notes are kept before the first cut is accepted."""
        if not self._made():
            with files_in_words(self.folder):
                self._make()

    def head(self) -> Anchor:
        """Number and hash of the last log entry; number 0 before the first."""
        if not self._made():
            return Anchor(0, "")
        with self.register.reading() as connection:
            return Anchor(*register.head(connection))

    def log(self) -> pd.DataFrame:
        """One row per log entry, oldest first: seq, at (UTC), event, cut, detail (JSON), previous, hash."""
        columns = [column.name for column in LOG.columns]
        if not self._made():
            return pd.DataFrame(columns=columns)
        with self.register.reading() as connection:
            return pd.DataFrame([vars(entry) for entry in register.entries(connection)], columns=columns)

    def verify(self) -> list[str]:
        """A sentence for everything that is not as it was accepted: the log, its anchor, every file."""
        try:
            if not self._made():
                return []
            with self.register.reading() as connection:
                problems = verification.problems_of_register(connection, self.register.place, self.folder)
                cuts = register.find_cuts(connection)
        except StudyDataError as error:
            return [str(error)]
        for cut in cuts:
            problems += cut_files.problems_of_files(self.cuts / cut.id, cut)
        inside = [self.folder / FILE, self.cuts, *(self.cuts / cut.id for cut in cuts)]
        return problems + cut_files.problems_of_rights(self.folder, *inside)

    def _made(self) -> bool:
        """Whether there is a register; StudyDataError where there are cuts and no register."""
        if self.register.exists():
            return True
        if read_anchor(self.folder) is not None or (self.cuts.is_dir() and any(self.cuts.glob("[0-9a-f]*"))):
            raise StudyDataError(
                f"{self.folder}: found data cuts, but no register of them ({self.register.place}); set "
                "ITP_REGISTER_URL as it was when they were accepted, or restore the register from a backup."
            )
        return False

    def _make(self) -> None:
        """Make what is missing of the store; leftovers of interrupted imports go."""
        make_private(self.folder)
        make_private(self.cuts)
        if not self._made():
            self.register.create()
        self._tidy()

    def _tidy(self) -> None:
        """Only beside the register that the anchor belongs to: another one knows none of the cuts."""
        with self.register.reading() as connection:
            if verification.anchor_problem(connection, self.register.place, self.folder):
                return
        self._raise_anchor()
        sweep(self.cuts, self._knows)

    def _keep(self, manifest: Manifest, contents: dict[str, bytes], rows: int, again: bool) -> StoredCut:
        """Write the folder of a cut, then its row; the cut that has the same data where there is one."""
        said = manifest.to_bytes()
        new = StoredCut(
            id=sha256(said),
            rows=rows,
            entry=0,
            **{name: getattr(manifest, name) for name in ("study", "cutoff", "content", "accepted")},
            **{name: getattr(manifest, name) for name in ("definition", "version")},
        )
        with self.register.reading() as connection:
            if known := same_data(connection, new, again=again):
                return dataclasses.replace(known, already=True)
        with new_folder(self.cuts) as folder:
            try:
                folder.fill(contents | {MANIFEST: said}, new.id)
                return self._enter(new, folder, again)
            except BaseException:
                self._drop(folder, new)
                raise

    def _enter(self, new: StoredCut, folder: NewFolder, again: bool) -> StoredCut:
        """One transaction: another import may have been faster since the folder was begun."""
        with self.register.writing() as connection:
            self._refuse_broken_log(connection)
            known = same_data(connection, new, again=again)
            if known is None:
                return register.add_cut(connection, new)
        folder.remove()
        return dataclasses.replace(known, already=True)

    def _drop(self, folder: NewFolder, new: StoredCut) -> None:
        """Remove a folder that certainly became no cut; where that cannot be asked the next start does it."""
        with suppress(OSError, StudyDataError):
            if folder.path.name != new.id or not self._knows(new.id):
                folder.remove()

    def _knows(self, cut_id: str) -> bool:
        with self.register.reading() as connection:
            return register.knows(connection, cut_id)

    def _raise_anchor(self) -> None:
        """Move the anchor to the last entry, never back and never off the chain."""
        with locked(self.folder, wait=True), self.register.reading() as connection:
            last = Anchor(*register.head(connection))
            anchor = read_anchor(self.folder)
            if verification.anchor_problem(connection, self.register.place, self.folder):
                return
            if anchor is None or anchor.seq < last.seq:
                write_anchor(self.folder, last)

    def _refuse_broken_log(self, connection: Connection) -> None:
        """Nothing is added to a log that was changed or cut short."""
        problems = verification.problems_of_log(connection, self.register.place, self.folder)
        if problems:
            raise StudyDataError("\n".join(problems))

    def _refuse_altered(self, cut: StoredCut) -> None:
        """The row of a cut has to agree with its log entry."""
        with self.register.reading() as connection:
            problem = verification.problem_of_row(
                cut, register.entry(connection, cut.entry), self.register.place
            )
        if problem:
            raise StudyDataError(problem)


def as_utc(at: datetime.datetime) -> str:
    """2026-04-02T08:15:00Z"""
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    return at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
