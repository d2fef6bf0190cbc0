"""What can go wrong around a store, each as one sentence."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from trialdata.errors import StudyDataError

NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NO_RIGHT = (errno.EACCES, errno.EPERM, errno.EROFS)
UNCHANGED = "nothing was added and earlier data cuts are as they were"
SQLITE = {  # what SQLite says, and what it means to a person
    "disk is full": f"found no space left, expected room for the register; {UNCHANGED}: free some space and "
    "try again",
    "readonly": f"found a register that cannot be written, expected one its owner can write; {UNCHANGED}: "
    "correct the permissions of the folder, or free some space",
    "disk I/O error": f"found a disk that takes or gives no more, expected to read and write; {UNCHANGED}: free some "
    "space or check the disk, and try again",
    "unable to open": "found a register that cannot be opened, expected a folder its owner can read and write; "
    "correct the permissions of the folder, or free some space",
    "locked": "found the register in use by another import for 30 seconds, expected it free; try again later",
    "not a database": "found a file that is no register, expected the register of the data cuts; restore it "
    "from a backup",
    "malformed": "found a damaged register, expected the register of the data cuts; restore it from a backup",
}
POSTGRESQL = {  # SQLSTATE, https://www.postgresql.org/docs/15/errcodes-appendix.html
    "28": "it refuses the user or the password; correct ITP_REGISTER_URL",
    "3D": "it has no database of that name; create it or correct ITP_REGISTER_URL",
    "42": "its user lacks a right or a table; docs/reference/store.md says which are needed",
    "53": "it has no room or no free connection; free some and try again",
    "55": "another import held it for 30 seconds; try again later",
    "25": "it is read-only; name a server that can be written",
}


CONNECTING = {  # before there is a connection PostgreSQL gives words alone
    "authentication failed": "28",
    "pg_hba.conf": "28",
    "role ": "28",
    "database ": "3D",
    "too many clients": "53",
    "connection slots": "53",
}


@contextmanager
def files_in_words(place: Path) -> Iterator[None]:
    """An error of the file system while `place` is written or read becomes a sentence."""
    try:
        yield
    except OSError as error:
        raise StudyDataError(_of_files(place, error)) from error


def _of_files(place: Path, error: OSError) -> str:
    if error.errno in NO_SPACE:
        return (
            f"{place}: found no space left, expected room for a data cut; {UNCHANGED}: free some space and "
            "try again."
        )
    if error.errno in NO_RIGHT:
        return (
            f"{place}: found a folder or file that cannot be used ({error.strerror}), expected one its owner "
            f"can read and write; {UNCHANGED}: correct its permissions."
        )
    return f"{place}: found an error of the disk ({error.strerror}), expected to read and write; {UNCHANGED}."


@contextmanager
def database_in_words(place: str) -> Iterator[None]:
    """An error of the register becomes a sentence; one of our own statements stays a bug."""
    try:
        yield
    except SQLAlchemyError as error:
        said = _of_database(error)
        if not said:
            raise
        raise StudyDataError(f"{place}: {said}.") from error


def _of_database(error: SQLAlchemyError) -> str:
    if not isinstance(error, DBAPIError):
        return ""
    state = getattr(error.orig, "sqlstate", "")
    if state == "":  # SQLite has none; psycopg has one, None without an answer of the server
        return next((said for word, said in SQLITE.items() if word in str(error.orig)), "")
    fatal = str(error.orig).partition("FATAL: ")[2]
    kind = state[:2] if state else next((CONNECTING[word] for word in CONNECTING if word in fatal), "")
    if kind in POSTGRESQL:
        return f"found a PostgreSQL server that cannot be used: {POSTGRESQL[kind]}; {UNCHANGED}"
    if error.connection_invalidated or isinstance(error, OperationalError | InterfaceError):
        return (
            "found no PostgreSQL server that answers, expected the register of the data cuts; nothing is half "
            "there: start the server or correct ITP_REGISTER_URL, and try again"
        )
    return ""
