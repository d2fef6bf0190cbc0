"""The files of a stored cut: tables to bytes, and back only after their SHA-256 has been found right."""

import io
import stat
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from trialdata.errors import StudyDataError
from trialdata.store.content import FIRST_ROW, as_table
from trialdata.store.faults import files_in_words
from trialdata.store.manifest import (
    MANIFEST,
    Manifest,
    NewerManifest,
    StoredFile,
    read_manifest,
    sha256,
)
from trialdata.store.stored_cut import StoredCut

ENDING = ".parquet"
FINDINGS, REPORT = f"findings{ENDING}", f"load_report{ENDING}"
FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def as_files(
    frames: Mapping[str, pd.DataFrame], findings: pd.DataFrame, report: pd.DataFrame
) -> dict[str, tuple[bytes, int]]:
    """The bytes of every file of a cut and the rows in it, by file name."""
    tables = {f"{name}{ENDING}": as_table(frame) for name, frame in frames.items()}
    tables |= {
        name: pa.Table.from_pandas(frame, preserve_index=False)
        for name, frame in ((FINDINGS, findings), (REPORT, report))
    }
    return {name: (_parquet(table), table.num_rows) for name, table in tables.items()}


def _parquet(table: pa.Table) -> bytes:
    content = io.BytesIO()
    pq.write_table(table, content, compression="zstd", write_page_checksum=True)
    return content.getvalue()


def described(files: Mapping[str, tuple[bytes, int]]) -> dict[str, StoredFile]:
    """What the manifest says of each file."""
    return {name: StoredFile(sha256(content), len(content), rows) for name, (content, rows) in files.items()}


def read_checked_manifest(folder: Path, cut: StoredCut) -> Manifest:
    """The manifest of a cut; StudyDataError unless it is the one that was accepted."""
    content = _checked(folder / MANIFEST, cut.id, cut)
    try:
        return read_manifest(content)
    except NewerManifest:
        raise StudyDataError(
            f"{folder / MANIFEST}: found the format of a later version of this software, expected one that "
            f"this version ({cut.version} accepted the cut) reads; update this software."
        ) from None


def read_datasets(folder: Path, cut: StoredCut) -> dict[str, pd.DataFrame]:
    """The datasets of a cut as text cells, index 2, 3, ..., by name."""
    manifest = read_checked_manifest(folder, cut)
    frames = {}
    for name in manifest.files:
        if name not in (FINDINGS, REPORT):
            frame = _read_table(folder, name, manifest, cut).astype("str")
            frame.index = pd.RangeIndex(FIRST_ROW, len(frame) + FIRST_ROW)
            frames[name.removesuffix(ENDING)] = frame
    return frames


def read_one(folder: Path, name: str, cut: StoredCut) -> pd.DataFrame:
    """The findings or the load report of a cut."""
    return _read_table(folder, name, read_checked_manifest(folder, cut), cut)


def _read_table(folder: Path, name: str, manifest: Manifest, cut: StoredCut) -> pd.DataFrame:
    content = _checked(folder / name, manifest.files[name].sha256, cut)
    return pq.read_table(pa.BufferReader(content), page_checksum_verification=True).to_pandas()


def _checked(path: Path, expected: str, cut: StoredCut) -> bytes:
    """The bytes of a file, read once; StudyDataError unless they are the ones that were accepted."""
    try:
        with files_in_words(path):
            content = path.read_bytes() if path.parent.is_dir() else None
    except StudyDataError as error:
        if not isinstance(error.__cause__, FileNotFoundError):
            raise
        content = None
    if content is None:
        raise StudyDataError(_damaged(path, "no such file", cut))
    if sha256(content) != expected:
        raise StudyDataError(_damaged(path, "other bytes than were accepted", cut))
    return content


def _damaged(path: Path, found: str, cut: StoredCut) -> str:
    return (
        f"{path}: found {found}, expected the file of the data cut {cut.cutoff} of {cut.study} as it was accepted "
        f"on {cut.accepted}; nothing of this cut is read: restore the file from a backup, or retire the cut and "
        "import the data again."
    )


def problems_of_files(folder: Path, cut: StoredCut) -> list[str]:
    """A sentence for every file of the cut that is missing, changed, too many or readable by others."""
    problems = []
    try:
        manifest = read_checked_manifest(folder, cut)
    except StudyDataError as error:
        return [str(error)]
    for name, file in manifest.files.items():
        try:
            _checked(folder / name, file.sha256, cut)
        except StudyDataError as error:
            problems.append(str(error))
    surplus = {path.name for path in folder.iterdir()} - {MANIFEST, *manifest.files}
    problems += [
        f"{folder / name}: found a file that does not belong to the cut, expected the files of its manifest; "
        "remove it."
        for name in sorted(surplus)
    ]
    return problems + problems_of_rights(folder, *folder.iterdir())


def problems_of_rights(*paths: Path) -> list[str]:
    """A sentence for each path that others than its owner may use."""
    return [
        f"{path}: found a file or folder that others may use, expected one for its owner alone; "
        "take their rights away (chmod go-rwx)."
        for path in paths
        if path.exists() and path.stat().st_mode & FOR_OTHERS
    ]
