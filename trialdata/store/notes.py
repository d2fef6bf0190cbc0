"""What people keep beside the data cuts: pins of the meeting notes, and codes of views that left.

Both are tables of the register, made with the first row. They are notes: they may change, and the log has none of them.
"""

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    and_,
    delete,
    func,
    insert,
    inspect,
    select,
    update,
)

from trialdata.store.store import Store, as_utc

METADATA = MetaData()
PINS = Table(
    "itp_pins",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("study", Text, nullable=False),
    Column("content", String(64), nullable=False),
    Column("view", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("slide", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("at", String(20), nullable=False),
)
CODES = Table(
    "itp_view_codes",
    METADATA,
    Column("study", Text, nullable=False),
    Column("content", String(64), nullable=False),
    Column("view", Text, nullable=False),
    Column("code", String(9), nullable=False),
    Column("slide", Text, nullable=False),
    PrimaryKeyConstraint("study", "content", "view", "code"),
)


class Of(NamedTuple):
    """A data cut as one process shows it: study, content hash, view (true or pooled)."""

    study: str
    content: str
    view: str


@dataclass(frozen=True)
class PinRow:
    """One pin: what is shown (JSON), the comment, and when it was pinned (UTC)."""

    id: int
    slide: str
    comment: str
    at: str


def pins(store: Store, of: Of) -> list[PinRow]:
    """The pins of a cut in their order."""
    columns = [PINS.c[name] for name in ("id", "slide", "comment", "at")]
    with _reading(store, PINS) as connection:
        if connection is None:
            return []
        rows = connection.execute(select(*columns).where(_of(PINS, of)).order_by(PINS.c.place, PINS.c.id))
        return [PinRow(*row) for row in rows]


def add_pin(store: Store, of: Of, slide: str, comment: str, *, at: datetime.datetime) -> None:
    """Pin at the end; what is pinned already gets the new comment in its place."""
    with _writing(store) as connection:
        same = and_(_of(PINS, of), PINS.c.slide == slide)
        said = {"comment": comment, "at": as_utc(at)}
        if not connection.execute(update(PINS).where(same).values(**said)).rowcount:
            last = connection.scalar(select(func.max(PINS.c.place)).where(_of(PINS, of))) or 0
            connection.execute(insert(PINS).values(**of._asdict(), place=last + 1, slide=slide, **said))


def remove_pin(store: Store, of: Of, pin: int) -> None:
    with _writing(store) as connection:
        connection.execute(delete(PINS).where(_of(PINS, of), PINS.c.id == pin))


def move_pin(store: Store, of: Of, pin: int, by: int) -> None:
    """Some places down, up for a negative number; at the ends it stays."""
    with _writing(store) as connection:
        found = connection.execute(select(PINS.c.id).where(_of(PINS, of)).order_by(PINS.c.place, PINS.c.id))
        order = [row.id for row in found]
        if pin not in order:
            return
        place = order.index(pin)
        order.insert(min(max(place + by, 0), len(order) - 1), order.pop(place))
        for number, each in enumerate(order, start=1):
            connection.execute(update(PINS).where(PINS.c.id == each).values(place=number))


def change_comment(store: Store, of: Of, pin: int, comment: str) -> None:
    with _writing(store) as connection:
        connection.execute(update(PINS).where(_of(PINS, of), PINS.c.id == pin).values(comment=comment))


def remember(store: Store, of: Of, slides: Mapping[str, str]) -> None:
    """Keep what each code shows (JSON); a code that is known stays."""
    with _writing(store) as connection:
        found = connection.execute(select(CODES.c.code).where(_of(CODES, of)))
        known = {row.code for row in found}
        for code, slide in slides.items():
            if code not in known:
                connection.execute(insert(CODES).values(**of._asdict(), code=code, slide=slide))


def remembered(store: Store, of: Of, code: str) -> str | None:
    """What a code shows; None where it was not kept."""
    with _reading(store, CODES) as connection:
        if connection is None:
            return None
        return connection.scalar(select(CODES.c.slide).where(_of(CODES, of), CODES.c.code == code))


def _of(table: Table, of: Of) -> Any:
    return and_(table.c.study == of.study, table.c.content == of.content, table.c.view == of.view)


@contextmanager
def _reading(store: Store, table: Table) -> Iterator[Connection | None]:
    """None where there is no such table yet: nothing is made by reading."""
    if not store.has_register():
        yield None
        return
    with store.register.reading() as connection:
        yield connection if inspect(connection).has_table(table.name) else None


@contextmanager
def _writing(store: Store) -> Iterator[Connection]:
    """A register of before gets the tables that it has not."""
    store.make_register()
    with store.register.writing() as connection:
        METADATA.create_all(connection)
        yield connection
