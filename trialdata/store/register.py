"""The register: one row per accepted cut and the log, both written in one transaction."""

import dataclasses
import datetime
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, func, insert, inspect, select, update

from trialdata.errors import StudyDataError
from trialdata.store import database, guards
from trialdata.store.database import CUTS, LOG, REGISTER, VERSION
from trialdata.store.faults import database_in_words
from trialdata.store.log import ACCEPTED, RETIRED, Entry, new_entry
from trialdata.store.stored_cut import StoredCut

Head = tuple[int, str]  # number and hash of a log entry


class Register:
    """The register of a store, SQLite in `file` unless `url` names a PostgreSQL server."""

    def __init__(self, file: Path, url: str):
        self.file = None if url else file
        self.engine = database.postgresql_engine(url) if url else database.sqlite_engine(file, writing=True)
        self.readers = self.engine if url else database.sqlite_engine(file, writing=False)
        self.place = database.place_of(self.engine)
        self._seen = False

    def exists(self) -> bool:
        """Whether it has been made; StudyDataError when it is one of another version."""
        if self.file and (not self.file.exists() or not self.file.stat().st_size):
            return False
        if self._seen:
            return True
        with self._connected() as connection:
            if not inspect(connection).has_table(REGISTER.name):
                return False
            version = connection.scalar(select(REGISTER.c.version))
        if version != VERSION:
            raise StudyDataError(
                f"{self.place}: found a register of version {version}, expected version {VERSION}; "
                "use the version of this software that made it."
            )
        self._seen = True
        return True

    def create(self) -> Head:
        """Make the tables and their guards, unless another process was faster; the beginning of the log."""
        if self.file:
            database.make_file(self.file)
        with self.writing() as connection:
            if not inspect(connection).has_table(REGISTER.name):
                database.METADATA.create_all(connection)
                dialect = guards.SQLITE if self.file else guards.POSTGRESQL
                for statement in dialect:
                    connection.exec_driver_sql(statement)
                connection.execute(insert(REGISTER).values(version=VERSION, genesis=secrets.token_hex(32)))
            return 0, genesis(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads."""
        with self._connected() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that no other import shares; it is committed at the end of the block."""
        with self._connected(writing=True) as connection:
            if not self.file:
                connection.execute(database.ONE_WRITER)
            yield connection
            connection.commit()

    @contextmanager
    def _connected(self, *, writing: bool = False) -> Iterator[Connection]:
        with (
            database_in_words(self.place),
            (self.engine if writing else self.readers).connect() as connection,
        ):
            yield connection


def genesis(connection: Connection) -> str:
    """What stands in the place of the hash before the first entry."""
    return str(connection.scalar(select(REGISTER.c.genesis)))


def head(connection: Connection) -> Head:
    """Number and hash of the last entry."""
    last = connection.execute(select(LOG.c.seq, LOG.c.hash).order_by(LOG.c.seq.desc()).limit(1)).first()
    return (last.seq, last.hash) if last else (0, genesis(connection))


def hash_at(connection: Connection, seq: int) -> str | None:
    """The hash of an entry, of the beginning for 0; None where the log has no such entry."""
    return genesis(connection) if seq == 0 else connection.scalar(select(LOG.c.hash).where(LOG.c.seq == seq))


def entries(connection: Connection) -> list[Entry]:
    """The whole log, oldest first."""
    return [Entry(*row) for row in connection.execute(select(LOG).order_by(LOG.c.seq))]


def entry(connection: Connection, seq: int) -> Entry | None:
    row = connection.execute(select(LOG).where(LOG.c.seq == seq)).first()
    return Entry(*row) if row else None


def find_cuts(connection: Connection, study: str | None = None, *conditions: Any) -> list[StoredCut]:
    """The cuts of a study, of every study for None, in the order of study, date and acceptance."""
    query = select(CUTS).where(*conditions).order_by(CUTS.c.study, CUTS.c.cutoff, CUTS.c.entry)
    if study is not None:
        query = query.where(CUTS.c.study == study)
    return [_cut(row) for row in connection.execute(query)]


def knows(connection: Connection, cut: str) -> bool:
    return bool(connection.scalar(select(func.count()).select_from(CUTS).where(CUTS.c.id == cut)))


def _cut(row: Row) -> StoredCut:
    values = dict(row._mapping)
    return StoredCut(**values | {"cutoff": datetime.date.fromisoformat(values["cutoff"])})


def accepted_detail(cut: StoredCut) -> dict[str, Any]:
    """What the log says of an accepted cut."""
    values = dataclasses.asdict(cut)
    kept = ("study", "content", "rows", "definition", "version")
    return {name: values[name] for name in kept} | {"cutoff": cut.cutoff.isoformat()}


def add_cut(connection: Connection, cut: StoredCut) -> StoredCut:
    """Write the log entry and the row of a new cut."""
    added = new_entry(head(connection), cut.accepted, ACCEPTED, cut.id, accepted_detail(cut))
    connection.execute(insert(LOG).values(**dataclasses.asdict(added)))
    values = accepted_detail(cut) | {"id": cut.id, "accepted": cut.accepted, "entry": added.seq}
    connection.execute(insert(CUTS).values(**values))
    return dataclasses.replace(cut, entry=added.seq)


def retire_cut(connection: Connection, cut: StoredCut, at: str, reason: str) -> StoredCut:
    """Write the log entry of a retirement, and the retirement to the row of the cut."""
    added = new_entry(head(connection), at, RETIRED, cut.id, {"reason": reason})
    connection.execute(insert(LOG).values(**dataclasses.asdict(added)))
    connection.execute(update(CUTS).where(CUTS.c.id == cut.id).values(retired=at, reason=reason))
    return dataclasses.replace(cut, retired=at, reason=reason)
