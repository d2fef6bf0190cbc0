"""The database behind the register: SQLite in the store, or PostgreSQL by URL, through one code path."""

import os
import sqlite3
from pathlib import Path

from sqlalchemy import (
    URL,
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from trialdata.errors import StudyDataError

VERSION = 1
WAIT_SECONDS = 30  # for another import to finish its entry
METADATA = MetaData()
REGISTER = Table(
    "itp_register",
    METADATA,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("genesis", String(64), nullable=False),
)
CUTS = Table(
    "itp_cuts",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("study", Text, nullable=False),
    Column("cutoff", String(10), nullable=False),
    Column("content", String(64), nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("definition", String(64), nullable=False),
    Column("version", Text, nullable=False),
    Column("accepted", String(20), nullable=False),
    Column("entry", Integer, nullable=False, unique=True),
    Column("retired", String(20), nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
)
STANDING = text("retired = ''")
Index(
    "itp_one_standing_cut",
    CUTS.c.study,
    CUTS.c.cutoff,
    unique=True,
    sqlite_where=STANDING,
    postgresql_where=STANDING,
)
LOG = Table(
    "itp_log",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(20), nullable=False),
    Column("event", Text, nullable=False),
    Column("cut", String(64), nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
ONE_WRITER = text("SELECT pg_advisory_xact_lock(7057778)")  # the same number in every process


def sqlite_engine(file: Path, *, writing: bool) -> Engine:
    """An engine on a file; each transaction has a connection of its own and sees every commit before it."""
    engine = create_engine(
        URL.create("sqlite", database=str(file)),
        poolclass=NullPool,
        creator=lambda: _for_writing(file) if writing else _for_reading(file),
    )

    @event.listens_for(engine, "begin")
    def begun(connection: Connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _for_writing(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None)  # BEGIN is ours: sqlite3 would defer it
    try:
        connection.execute(f"PRAGMA busy_timeout = {WAIT_SECONDS * 1000}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    except sqlite3.OperationalError:
        connection.close()
        raise
    return connection


def _for_reading(file: Path) -> sqlite3.Connection:
    """On a disk that is full or read-only SQLite cannot make its helper files: then nobody writes, and it is read."""
    try:
        return _for_writing(file)
    except sqlite3.OperationalError:
        unwritten = file.with_name(f"{file.name}-wal")
        if unwritten.exists() and unwritten.stat().st_size:
            raise
        return sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True, isolation_level=None)


def make_file(file: Path) -> None:
    """The empty file of a register, for its owner alone; SQLite gives its own helpers the same rights."""
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))


def postgresql_engine(url: str) -> Engine:
    """An engine on a PostgreSQL server; StudyDataError when the URL names something else."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = URL.create("unreadable")
    if parsed.get_backend_name() not in ("postgresql", "postgres"):
        raise StudyDataError(
            "ITP_REGISTER_URL: found an address of another kind, expected one such as "
            "postgresql://user@host:5432/database; correct the setting or remove it."
        )
    milliseconds = WAIT_SECONDS * 1000
    waits = f"-c lock_timeout={milliseconds} -c statement_timeout={2 * milliseconds} -c synchronous_commit=on"
    return create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5, "options": waits},
    )


def place_of(engine: Engine) -> str:
    """Where the register is, without user and password."""
    url = engine.url
    if engine.dialect.name == "sqlite":
        return str(url.database)
    return f"register {url.host or 'of this machine'}{f':{url.port}' if url.port else ''}/{url.database}"
