"""The files of a bundle, from the ZIP or from the folder it was unzipped to, checked against its manifest."""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from reports.bundle import FORMAT, LONG, MANIFEST, RESULTS, long_csv
from trialdata.errors import StudyDataError
from trialdata.formats.archive import checked_members
from trialdata.limits import UnreadableFile, default_limits

NAME = re.compile(r"[\w.-]+(/[\w.-]+)?")
CODE_FILE = re.compile(rf"{RESULTS}[0-9A-Z]{{4}}-[0-9A-Z]{{4}}\.json")


def read_bundle(path: Path) -> dict[str, bytes]:
    """The files of a bundle by name; StudyDataError with one sentence where it is none."""
    try:
        if path.is_dir():
            return _of_folder(path)
        with path.open("rb") as file:
            return members(file.read(default_limits().bytes + 1))
    except OSError as error:
        raise StudyDataError(f"{path}: the bundle could not be read ({error.strerror}).") from None


def members(bundle: bytes) -> dict[str, bytes]:
    """The files in a ZIP; none is unpacked before all have passed the checks."""
    limits = default_limits()
    if len(bundle) > limits.bytes:
        raise StudyDataError(
            f"Bundle: found more than {limits.megabytes:g} MB, expected a bundle of results."
        )
    try:
        return checked_members(bundle, limits)
    except UnreadableFile as error:
        raise StudyDataError(f"Bundle: found {error.found}, expected the ZIP file of a bundle.") from None


def _of_folder(folder: Path) -> dict[str, bytes]:
    """The manifest and the files that it names; others that lie beside them are left alone."""
    limits = default_limits()
    if not (folder / MANIFEST).is_file():
        return {}
    files = {MANIFEST: (folder / MANIFEST).read_bytes()}
    for name in read_manifest(files)["files"]:
        path = folder / name
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= limits.bytes:
            files[name] = path.read_bytes()
    return files


def read_manifest(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The manifest; StudyDataError where it is missing, of a later version, or says less than it has to."""
    if MANIFEST not in files:
        raise StudyDataError(f"Bundle: found no {MANIFEST}, expected the ZIP file of a bundle.")
    said = _object(files[MANIFEST], MANIFEST)
    if isinstance(said.get("format"), int) and said["format"] > FORMAT:
        raise StudyDataError(
            f"Bundle: found format {said['format']}, expected {FORMAT}; use the version that made it."
        )
    try:
        cut, definition = said["cut"], said["definition"]
        texts = [said["study"], said["view"], said["version"], cut["date"], cut["content_hash"]]
        texts += [definition["file"], definition["sha256"], *cut["cuts"]]
        texts += [*said["files"], *said["files"].values()]
        whole = all(isinstance(text, str) for text in texts) and isinstance(said["settings"], dict)
    except (KeyError, TypeError, AttributeError):
        whole = False
    if not whole:
        raise StudyDataError(f"Bundle, {MANIFEST}: found another content than that of a bundle.")
    for name in said["files"]:
        if not NAME.fullmatch(name) or ".." in PurePosixPath(name).parts:
            raise StudyDataError(f"Bundle, {MANIFEST}: found a file name that points elsewhere.")
    return said


def problems_of_files(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> list[str]:
    """A sentence for every file that is not the one the manifest names."""
    named = manifest["files"]
    problems = [f"{name}: missing from the bundle." for name in named if name not in files]
    problems += [
        f"{name}: its content is not the one that {MANIFEST} names (SHA-256); it was changed after it was written."
        for name, content in files.items()
        if name in named and hashlib.sha256(content).hexdigest() != named[name]
    ]
    others = sorted(name for name in files if name not in named and name != MANIFEST)
    return problems + [
        f"{name[:60]}: found in the bundle, and {MANIFEST} does not name it." for name in others
    ]


def read_documents(files: Mapping[str, bytes], problems: list[str]) -> dict[str, dict]:
    """The results by code; what cannot be read, and a long table that says otherwise, goes to the problems."""
    found = {}
    for name in sorted(filter(CODE_FILE.fullmatch, files)):
        try:
            said = _object(files[name], name)
            rows = said["results"]
            whole = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
            whole &= isinstance(said["output"], str) and isinstance(said["slide"], dict)
            whole &= said["code"] == PurePosixPath(name).stem
        except (StudyDataError, KeyError):
            whole = False
        if whole:
            found[said["code"]] = said
        else:
            problems.append(f"{name}: found another content than that of a result.")
    if LONG in files and files[LONG] != long_csv(found.values()).encode():
        problems.append(f"{LONG}: does not say what the files in {RESULTS} say.")
    return found


def _object(content: bytes, name: str) -> dict[str, Any]:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise StudyDataError(f"Bundle, {name}: found no JSON object, expected one.")
    return said
