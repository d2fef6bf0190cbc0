"""Files that commands write: whole or not at all, and refused before anything is built where they cannot be."""

import tempfile
from pathlib import Path

from commands.shared import UsageError
from trialdata.whole_files import write_whole


def writable(path: Path, *, option: str = "--output") -> None:
    """UsageError, before anything is built, where the file cannot be written."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder; {option} names a file.")
    if not path.parent.is_dir():
        raise UsageError(f"{path} cannot be written: there is no folder {path.parent}.")
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None


def write(path: Path, content: bytes) -> None:
    """The file, whole or not at all; UsageError where the place cannot be written to."""
    try:
        write_whole(path, content)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None
