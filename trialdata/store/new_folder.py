"""A folder for a new cut: written under a name of its own, on disk for certain, then renamed.

Its lock is held until the register knows it, so that nobody takes it for a leftover of an import that died.
"""

import fcntl
import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

UNFINISHED = ".tmp-"
FINISHED = re.compile(r"[0-9a-f]{64}")


def make_private(folder: Path) -> None:
    """The folder, readable by its owner alone; one that exists is left as it is."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        sync(folder.parent)


def write_private(path: Path, content: bytes) -> None:
    """A new file, readable by its owner alone, whose bytes have reached the disk."""
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(opened, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync(folder: Path) -> None:
    """The names in the folder have reached the disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def locked(folder: Path, *, wait: bool) -> Iterator[bool]:
    """Whether the lock of a folder is held in the block; without `wait` not while somebody else has it.

    A process that ends, in whatever way, leaves its locks.
    """
    opened = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield _is_there(folder, opened)
    finally:
        os.close(opened)


def _is_there(folder: Path, opened: int) -> bool:
    """Whether the folder that was opened is still the one of that name."""
    try:
        return os.path.samestat(os.stat(folder), os.fstat(opened))
    except FileNotFoundError:
        return False


class NewFolder:
    """The folder of a cut that the register does not know yet."""

    def __init__(self, path: Path):
        self.path = path

    def fill(self, contents: Mapping[str, bytes], name: str) -> None:
        """Write the files, then give the folder its name."""
        for file, content in contents.items():
            write_private(self.path / file, content)
        sync(self.path)
        self.path = self.path.rename(self.path.with_name(name))
        sync(self.path.parent)

    def remove(self) -> None:
        remove(self.path)


@contextmanager
def new_folder(cuts: Path) -> Iterator[NewFolder]:
    """An empty folder below `cuts`, its lock held in the block."""
    with ExitStack() as held:
        yield NewFolder(_made_and_locked(cuts, held))


def _made_and_locked(cuts: Path, held: ExitStack) -> Path:
    while True:  # a sweep may be faster than the lock: then take another name
        path = cuts / f"{UNFINISHED}{uuid.uuid4().hex}"
        path.mkdir(mode=0o700)
        with suppress(FileNotFoundError):
            if held.enter_context(locked(path, wait=False)):
                return path


def remove(folder: Path) -> None:
    """Remove the folder; one that was renamed as complete is no longer called so first."""
    if FINISHED.fullmatch(folder.name):
        folder = folder.rename(folder.with_name(f"{UNFINISHED}{uuid.uuid4().hex}"))
    shutil.rmtree(folder)


def sweep(cuts: Path, known: Callable[[str], bool]) -> int:
    """Remove what interrupted imports left: folders that nobody is writing and that no cut is kept in.

    `known` says whether the register has a cut of that name; it is asked while the lock is held, since an
    import may just have finished.
    """
    swept = 0
    for folder in cuts.iterdir() if cuts.is_dir() else ():
        unfinished = folder.name.startswith(UNFINISHED)
        if not unfinished and (not FINISHED.fullmatch(folder.name) or known(folder.name)):
            continue
        with suppress(OSError), locked(folder, wait=False) as held:
            if held and (unfinished or not known(folder.name)):
                remove(folder)
                swept += 1
    return swept
