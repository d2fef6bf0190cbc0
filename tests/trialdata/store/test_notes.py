"""Pins and codes kept in the register: in order, by cut and view, also in an older register; both databases."""

import dataclasses

import pytest
from sqlalchemy import inspect, text

from tests.trialdata.store.kept import AT, accept, fresh
from trialdata.errors import StudyDataError
from trialdata.store import notes
from trialdata.store.notes import Of
from trialdata.store.store import Store

OURS = Of("DEMO", "c" * 64, "true")
OTHERS = [Of("OTHER", "c" * 64, "true"), Of("DEMO", "d" * 64, "true"), Of("DEMO", "c" * 64, "pooled")]


def shown(store, of=OURS) -> list[tuple[str, str]]:
    return [(row.slide, row.comment) for row in notes.pins(fresh(store), of)]


def pinned(store, *slides: str) -> list[int]:
    for slide in slides:
        notes.add_pin(store, OURS, slide, f"about {slide}", at=AT)
    return [row.id for row in notes.pins(store, OURS)]


def test_reading_makes_nothing(store):
    assert notes.pins(store, OURS) == []
    assert notes.remembered(store, OURS, "K7QD-2M4X") is None
    assert not store.folder.exists()


def test_pins_stay_in_their_order_after_a_restart(store):
    pinned(store, "a", "b", "c")
    assert shown(store) == [("a", "about a"), ("b", "about b"), ("c", "about c")]
    assert {row.at for row in notes.pins(store, OURS)} == {"2026-03-01T08:15:00Z"}


def test_pinned_again_it_keeps_its_place_and_gets_the_new_comment(store):
    pinned(store, "a", "b")
    notes.add_pin(store, OURS, "a", "said anew", at=AT)
    assert shown(store) == [("a", "said anew"), ("b", "about b")]


@pytest.mark.parametrize(
    ("which", "by", "order"),
    [(2, -1, "acb"), (0, 1, "bac"), (0, -1, "abc"), (2, 1, "abc"), (2, -5, "cab"), (1, 9, "acb")],
)
def test_a_pin_moves_as_far_as_there_is_room(store, which, by, order):
    ids = pinned(store, "a", "b", "c")
    notes.move_pin(store, OURS, ids[which], by)
    assert "".join(slide for slide, _ in shown(store)) == order


def test_a_pin_is_removed_and_its_comment_changed(store):
    first, second = pinned(store, "a", "b")
    notes.remove_pin(store, OURS, first)
    notes.change_comment(store, OURS, second, "other words")
    assert shown(store) == [("b", "other words")]


@pytest.mark.parametrize("other", OTHERS)
def test_another_study_content_or_view_has_its_own(store, other):
    (pin,) = pinned(store, "a")
    assert notes.pins(store, other) == []
    notes.remove_pin(store, other, pin)
    notes.change_comment(store, other, pin, "from elsewhere")
    notes.move_pin(store, other, pin, 1)
    assert shown(store) == [("a", "about a")]


def test_a_register_of_before_gets_the_tables_and_its_log_stays(store):
    cut = accept(store)
    before = store.log()
    with store.register.reading() as connection:
        assert not inspect(connection).has_table("itp_pins")
    pinned(store, "a")
    assert shown(store) == [("a", "about a")]
    assert fresh(store).log().equals(before)
    assert fresh(store).verify() == []
    assert fresh(store).all_cuts() == [cut]


def test_the_first_note_makes_a_register_that_cuts_can_follow(store):
    pinned(store, "a")
    cut = accept(store)
    assert fresh(store).all_cuts() == [dataclasses.replace(cut)]
    assert fresh(store).verify() == []


def test_codes_are_kept_once(store):
    notes.remember(store, OURS, {"K7QD-2M4X": "a"})
    notes.remember(store, OURS, {"K7QD-2M4X": "b", "2222-2222": "c"})
    assert notes.remembered(fresh(store), OURS, "K7QD-2M4X") == "a"
    assert notes.remembered(fresh(store), OURS, "2222-2222") == "c"
    assert [notes.remembered(store, other, "2222-2222") for other in OTHERS] == [None] * 3


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_register_that_can_only_be_read_is_said_and_still_read(store, monkeypatch):
    pinned(store, "a")

    def read_only(file):
        connection = original(file)
        connection.execute("PRAGMA query_only = ON")
        return connection

    from trialdata.store import database

    original = database._for_writing
    monkeypatch.setattr(database, "_for_writing", read_only)
    with pytest.raises(StudyDataError, match="register that cannot be written") as refused:
        pinned(store, "b")
    assert "\n" not in str(refused.value)
    assert shown(store) == [("a", "about a")]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_server_that_only_reads_is_said(store):
    pinned(store, "a")
    with store.register.writing() as connection:
        name = store.register.engine.url.database
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    restarted = fresh(store)
    with pytest.raises(StudyDataError, match="it is read-only"):
        pinned(restarted, "b")


def test_a_server_that_is_not_there_is_said_without_its_password(tmp_path):
    store = Store(tmp_path / "store", "postgresql://itp:secret@127.0.0.1:1/register")
    for action in (lambda: notes.pins(store, OURS), lambda: pinned(store, "a")):
        with pytest.raises(StudyDataError, match="found no PostgreSQL server that answers") as refused:
            action()
        assert "secret" not in str(refused.value)
