"""The manifest of a stored cut: what lies in its folder and what it rests on.

The name of the folder is the SHA-256 of the manifest, and the manifest has the SHA-256 of every file.
"""

import dataclasses
import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FORMAT = 1
MANIFEST = "manifest.json"


class NewerManifest(Exception):
    """The manifest is of a later version of this software."""


@dataclass(frozen=True)
class StoredFile:
    """One file of a stored cut: SHA-256 and number of its bytes, rows of its table."""

    sha256: str
    bytes: int
    rows: int


@dataclass(frozen=True)
class Manifest:
    """Everything a stored cut says of itself. `sent` has the SHA-256 of each file as sent, by name.

    `rules` is the text of the study definition at that time, `definition` its SHA-256.
    `import_id` is of this import alone, so that no two imports ever share a folder.
    """

    import_id: str
    study: str
    cutoff: datetime.date
    content: str
    accepted: str
    definition: str
    rules: str
    version: str
    mapping: str
    sent: Mapping[str, str]
    files: Mapping[str, StoredFile]
    format: int = FORMAT

    def to_bytes(self) -> bytes:
        values = dataclasses.asdict(self) | {"cutoff": self.cutoff.isoformat()}
        return json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def read_manifest(content: bytes) -> Manifest:
    """The manifest of these bytes, which have been found to be the ones accepted."""
    values: dict[str, Any] = json.loads(content)
    if values["format"] > FORMAT:
        raise NewerManifest
    values["cutoff"] = datetime.date.fromisoformat(values["cutoff"])
    values["files"] = {name: StoredFile(**file) for name, file in values["files"].items()}
    return Manifest(**values)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
