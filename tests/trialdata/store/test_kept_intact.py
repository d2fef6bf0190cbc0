"""What is not as it was accepted is found and named: bytes, files, rows of the register, the log and its end."""

import json
import random
import shutil
import sqlite3

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.trialdata.store.kept import AT, accept, fresh, small_definition, small_frames
from tests.trialdata.store.test_accepting import SECOND
from trialdata.errors import StudyDataError
from trialdata.store.store import Store

only_sqlite = pytest.mark.parametrize("url", [""], ids=["sqlite"])
SINGLE_FLIPS = 90


def sql(store: Store, *statements: str) -> None:
    """What somebody with the right to do so would do to the register."""
    with store.register.engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()


def without_guards(store: Store, table: str) -> None:
    """Drop the triggers of a table, as its owner can."""
    if not store.register.file:
        return sql(store, f"ALTER TABLE {table} DISABLE TRIGGER USER")
    with sqlite3.connect(store.register.file) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
        ).fetchall()
        assert names
        for (name,) in names:
            connection.execute(f"DROP TRIGGER {name}")


@only_sqlite
def test_a_flipped_bit_is_refused_and_named(store):
    cut = accept(store)
    files = sorted((store.cuts / cut.id).iterdir())
    assert len(files) == 9
    read = {"findings.parquet": store.read_findings, "load_report.parquet": store.read_report}
    chosen = random.Random(7)
    for number in range(SINGLE_FLIPS):
        file = files[number % len(files)]
        content = file.read_bytes()
        place = chosen.randrange(len(content))
        damaged = bytearray(content)
        damaged[place] ^= 1 << chosen.randrange(8)
        file.write_bytes(damaged)
        with pytest.raises(StudyDataError) as refused:
            read.get(file.name, store.read_texts)(cut)
        assert str(refused.value).startswith(
            f"{file}: found other bytes than were accepted, expected the file of "
        ), place
        if number < len(files):
            assert store.verify() == [str(refused.value)]
        file.write_bytes(content)
    assert store.verify() == []
    assert len(store.read_texts(cut)["adsl"]) == 4


@only_sqlite
@pytest.mark.parametrize("gone", ["adlb.parquet", "manifest.json", ""])
def test_a_missing_file_is_named(store, gone):
    cut = accept(store)
    path = store.cuts / cut.id / gone
    shutil.rmtree(path) if not gone else path.unlink()
    named = path if gone else path / "manifest.json"
    with pytest.raises(StudyDataError) as refused:
        store.read_texts(cut)
    assert str(refused.value) == (
        f"{named}: found no such file, expected the file of the data cut 2026-02-15 of demo as it was accepted on "
        "2026-03-01T08:15:00Z; nothing of this cut is read: restore the file from a backup, or retire the cut and "
        "import the data again."
    )
    assert store.verify() == [str(refused.value)]


@only_sqlite
def test_what_is_lost_can_be_imported_again(store):
    cut = accept(store)
    shutil.rmtree(store.cuts / cut.id)
    store.retire(cut.id, "files were lost", at=AT)
    new = accept(store, again=True)
    assert len(store.read_texts(new)["adsl"]) == 4


@only_sqlite
def test_a_file_too_many_and_rights_of_others_are_named(store):
    cut = accept(store)
    (store.cuts / cut.id / "notes.txt").write_text("x")
    (store.cuts / cut.id / "notes.txt").chmod(0o600)
    (store.cuts / cut.id / "adsl.parquet").chmod(0o644)
    store.folder.chmod(0o755)
    problems = store.verify()
    assert [problem.split(": found ")[0] for problem in problems] == [
        str(store.cuts / cut.id / "notes.txt"),
        str(store.cuts / cut.id / "adsl.parquet"),
        str(store.folder),
    ]


@only_sqlite
def test_a_manifest_of_a_later_version_is_said_to_be_one(store, monkeypatch):
    monkeypatch.setattr("trialdata.store.manifest.FORMAT", 2)
    cut = accept(store)
    manifest = store.cuts / cut.id / "manifest.json"
    assert json.loads(manifest.read_bytes())["format"] == 1  # the default was taken when the class was made
    monkeypatch.setattr("trialdata.store.manifest.FORMAT", 0)
    with pytest.raises(StudyDataError, match="found the format of a later version of this software"):
        store.read_texts(cut)


def test_a_register_of_another_version_is_refused(store):
    accept(store)
    without_guards(store, "itp_register")
    sql(store, "UPDATE itp_register SET version = 99")
    later = Store(store.folder, "" if store.register.file else url_of(store))
    with pytest.raises(StudyDataError) as refused:
        later.start()
    assert str(refused.value) == (
        f"{store.register.place}: found a register of version 99, expected version 1; use the version of this "
        "software that made it."
    )


def url_of(store: Store) -> str:
    return store.register.engine.url.render_as_string(hide_password=False)


CHANGES = [
    "UPDATE itp_log SET detail = '{}' WHERE seq = 1",
    "DELETE FROM itp_log WHERE seq = 2",
    "UPDATE itp_cuts SET cutoff = '2020-01-01'",
    "UPDATE itp_cuts SET id = 'x'",
    "UPDATE itp_cuts SET reason = 'another' WHERE retired <> ''",
    "UPDATE itp_cuts SET retired = '', reason = '' WHERE retired <> ''",
    "DELETE FROM itp_cuts",
    "UPDATE itp_register SET genesis = 'x'",
    "DELETE FROM itp_register",
]


def test_the_register_refuses_changes(store):
    filled(store)
    for statement in CHANGES:
        with pytest.raises(DBAPIError, match=r"append-only|never changes"):
            sql(store, statement)
    assert store.verify() == []


@only_sqlite
def test_a_row_is_not_replaced(store):
    filled(store)
    with pytest.raises(DBAPIError, match="append-only"):
        sql(
            store,
            "INSERT OR REPLACE INTO itp_log SELECT seq, at, event, cut, '{}', previous, hash FROM itp_log",
        )
    assert store.verify() == []


def test_postgresql_refuses_to_empty_the_log(postgres, tmp_path):
    store = Store(tmp_path / "store", postgres.new_database())
    filled(store)
    with pytest.raises(DBAPIError, match="append-only"):
        sql(store, "TRUNCATE itp_log")
    assert store.verify() == []


def filled(store: Store) -> None:
    """Three cuts, the first of them retired: a log of four entries."""
    first = accept(store)
    store.retire(first.id, "wrong export", at=AT)
    accept(store, small_frames(platelets="13"))
    accept(store, cut=SECOND)


@pytest.mark.parametrize("seq", [1, 3, 4])
def test_without_guards_the_chain_breaks_at_the_changed_entry(store, seq):
    filled(store)
    without_guards(store, "itp_log")
    sql(store, f"UPDATE itp_log SET at = '2020-01-01T00:00:00Z' WHERE seq = {seq}")
    problems = store.verify()
    assert problems[0] == (
        f"{store.register.place}, log entry {seq}: found content that does not give its hash, expected the log as it "
        "was written; restore the register from a backup."
    )
    with pytest.raises(StudyDataError, match=f"log entry {seq}: found content"):
        accept(store, cut=SECOND.replace(day=20))
    assert len(store.log()) == 4


def test_an_entry_cut_out_of_the_middle_shows(store):
    filled(store)
    without_guards(store, "itp_log")
    sql(store, "DELETE FROM itp_log WHERE seq = 2")
    assert "log entry 3: found an entry that does not follow entry 1" in store.verify()[0]


def test_the_anchor_shows_that_the_end_is_missing(store):
    filled(store)
    assert json.loads((store.folder / "anchor.json").read_text()) == store.head()._asdict()
    without_guards(store, "itp_log")
    without_guards(store, "itp_cuts")
    sql(store, "DELETE FROM itp_cuts WHERE entry = 4", "DELETE FROM itp_log WHERE seq = 4")
    (missing,) = fresh(store).verify()
    assert "found a log of 3 entries without the one that" in missing
    assert "anchor.json names (entry 4)" in missing
    with pytest.raises(StudyDataError, match="found a log of 3 entries"):
        accept(store, cut=SECOND)
    assert len(list(store.cuts.iterdir())) == 3  # nothing is swept beside a register that may be another one


def test_a_missing_or_unreadable_anchor_is_named(store):
    filled(store)
    anchor = store.folder / "anchor.json"
    anchor.write_text("{")
    assert "without the one that" in fresh(store).verify()[0]
    anchor.unlink()
    assert f"{anchor}: found no such file" in fresh(store).verify()[0]
    with pytest.raises(StudyDataError, match="found no such file"):
        accept(store, cut=SECOND.replace(day=20))


def test_an_anchor_left_behind_by_an_interruption_follows(store):
    filled(store)
    first = store.log().iloc[0]
    (store.folder / "anchor.json").write_text(json.dumps({"seq": 1, "hash": first["hash"]}))
    assert fresh(store).verify() == []
    assert json.loads((store.folder / "anchor.json").read_text())["seq"] == 4


def test_a_changed_row_is_refused_on_read(store):
    cut = accept(store)
    without_guards(store, "itp_cuts")
    sql(store, f"UPDATE itp_cuts SET content = '{'0' * 64}'")
    (changed,) = store.all_cuts()
    assert changed.id == cut.id
    with pytest.raises(StudyDataError, match="found a row that does not agree with its log entry"):
        store.read_texts(changed)
    assert "does not agree with its log entry" in store.verify()[0]


def test_a_retirement_undone_or_made_up_shows(store):
    filled(store)
    without_guards(store, "itp_cuts")
    sql(store, "UPDATE itp_cuts SET retired = '2026-01-01T00:00:00Z', reason = 'x' WHERE entry = 4")
    (problem,) = store.verify()
    assert "does not agree with what the log says of its retirement" in problem


@only_sqlite
def test_without_its_register_no_cut_is_taken_for_a_leftover(store):
    cut = accept(store)
    store.register.file.rename(store.folder / "elsewhere")
    for act in (fresh, accept, Store.all_cuts):
        with pytest.raises(StudyDataError, match="found data cuts, but no register of them"):
            act(store)
    assert (store.cuts / cut.id / "manifest.json").exists()


def test_beside_an_empty_register_no_cut_is_taken_for_a_leftover(postgres, tmp_path):
    store = Store(tmp_path / "store", postgres.new_database())
    cut = accept(store)
    other = Store(store.folder, postgres.new_database())
    with pytest.raises(StudyDataError, match="set ITP_REGISTER_URL as it was"):
        accept(other)
    filled(elsewhere := Store(tmp_path / "elsewhere", postgres.new_database()))
    wrong = Store(store.folder, url_of(elsewhere))
    wrong.start()
    assert (store.cuts / cut.id / "manifest.json").exists()
    assert "this is another or an older register" in wrong.verify()[0]


def test_a_backup_is_restored_into_an_empty_place(store, tmp_path, request):
    """The steps of docs/how-to/back-up-and-restore.md: anchor, register, cuts, in this order."""
    filled(store)
    definition = small_definition(store.folder.parent)
    backup, restored = tmp_path / "backup", tmp_path / "restored/store"
    backup.mkdir()
    shutil.copy2(store.folder / "anchor.json", backup)
    url = ""
    if store.register.file:
        sqlite3.connect(store.register.file).execute("VACUUM INTO ?", (str(backup / "register.sqlite"),))
    else:
        url = restored_database(request.getfixturevalue("postgres"), url_of(store))
    accept(store, cut=SECOND.replace(day=20))  # an import while the backup is made
    shutil.copytree(store.folder / "cuts", backup / "cuts")
    shutil.copytree(backup, restored)
    for path in [restored, *restored.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)
    again = Store(restored, url)
    again.start()
    assert again.verify() == []
    assert again.head().seq == 4
    assert again.all_cuts() == store.all_cuts()[:3]
    for cut in again.standing_cuts(definition):
        assert again.read_texts(cut)["adlb"].equals(store.read_texts(cut)["adlb"])
    with pytest.raises(DBAPIError):
        sql(again, "DELETE FROM itp_log")


def restored_database(postgres, url: str) -> str:
    dump = postgres.run("pg_dump", url.replace("+psycopg", "")).stdout
    new = postgres.new_database()
    postgres.run("psql", "-q", "-v", "ON_ERROR_STOP=1", new, input=dump)
    return new
