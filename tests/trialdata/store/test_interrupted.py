"""Imports that are killed, that meet another, or that find no room: no cut is half there, and the log is whole."""

import datetime
import os
import random
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.trialdata.store.kept import accept, fresh, small_definition, small_frames
from trialdata.errors import StudyDataError
from trialdata.store.new_folder import FINISHED, UNFINISHED, new_folder, sweep
from trialdata.store.store import Store

KILLS = {"sqlite": 30, "postgresql": 10}
only_sqlite = pytest.mark.parametrize("url", [""], ids=["sqlite"])


def dates(start: int, number: int) -> list[tuple[str, str]]:
    """Imports for `number` dates, one a day."""
    first = datetime.date(2000, 1, 1) + datetime.timedelta(days=start)
    return [((first + datetime.timedelta(days=day)).isoformat(), "12") for day in range(number)]


def of(lines: list[str], word: str) -> list[str]:
    """What follows a word in a report."""
    return [line.split(" ", 1)[1] for line in lines if line.split(" ")[0] == word]


def wait_for_writing(store: Store) -> None:
    for _ in range(20_000):
        if any(path.name.startswith(UNFINISHED) for path in store.cuts.glob("*")):
            return
        time.sleep(0.0005)
    raise AssertionError("no import wrote")


def test_a_kill_at_any_moment_leaves_whole_cuts_and_a_whole_log(store, importer, url):
    definition = small_definition(store.folder.parent)
    chosen, kills = random.Random(4), KILLS["postgresql" if url else "sqlite"]
    hit, left_over, told = 0, 0, []
    for number in range(kills):
        child = importer(dates(1000 * number, 1000))
        child.wait_for("kept" if number % 3 else "begin")
        if number % 2:  # a random moment of any import, or of one that has begun to write
            time.sleep(chosen.random() * 0.2)
        else:
            wait_for_writing(store)
            time.sleep(chosen.random() * 0.03)
        lines = child.kill()
        hit += len(of(lines, "begin")) > len(of(lines, "kept")) + len(of(lines, "same"))
        told += of(lines, "kept")
        left_over += len(list(store.cuts.iterdir())) - len(Store(store.folder, url).all_cuts())
        after = fresh(store)
        kept = after.all_cuts()
        assert {path.name for path in store.cuts.iterdir()} == {cut.id for cut in kept}
        assert set(told) <= {cut.id for cut in kept}  # what was said to be kept is
        assert {len(after.read_texts(cut)["adlb"]) for cut in kept[-1:]} <= {9}
    assert hit >= kills // 2, "the kills missed the imports"
    assert left_over >= kills // 6, "the kills met no folder that was being written"
    assert after.verify() == []
    assert len(kept) >= kills // 2
    assert after.head().seq == len(kept) == len(after.standing_cuts(definition))


def together(importer, tmp_path: Path, *imports: list[tuple[str, str]]) -> list[list[str]]:
    """The reports of importers that begin at the same moment."""
    go = tmp_path / "go"
    children = [importer(each, go=str(go)) for each in imports]
    for child in children:
        child.wait_for("ready")
    go.touch()
    reports = [child.wait_for("done") for child in children]
    go.unlink()
    return reports


def test_two_importers_of_the_same_data_make_one_cut(store, importer, tmp_path):
    small_definition(tmp_path)
    one, two = together(importer, tmp_path, dates(0, 6), dates(0, 6))
    assert len(of(one, "begin")) == len(of(two, "begin")) == 6
    assert len(of(one, "kept") + of(two, "kept")) == 6
    assert len(of(one, "same") + of(two, "same")) == 6
    assert sorted(of(one, "kept") + of(two, "kept")) == sorted(of(one, "same") + of(two, "same"))
    assert fresh(store).verify() == []
    assert len(store.all_cuts()) == len(list(store.cuts.iterdir())) == store.head().seq == 6


def test_importers_of_other_dates_all_succeed(store, importer, tmp_path):
    small_definition(tmp_path)
    reports = together(importer, tmp_path, dates(0, 8), dates(100, 8), dates(200, 8))
    assert [len(of(report, "kept")) for report in reports] == [8, 8, 8]
    assert fresh(store).verify() == []
    assert len(store.all_cuts()) == store.head().seq == 24


def test_of_two_importers_of_other_data_for_a_date_one_is_told(store, importer, tmp_path):
    small_definition(tmp_path)
    others = [(date, "13") for date, _ in dates(0, 6)]
    one, two = together(importer, tmp_path, dates(0, 6), others)
    assert len(of(one, "kept") + of(two, "kept")) == 6
    refused = of(one, "refused") + of(two, "refused")
    assert len(refused) == 6
    assert all("found other data than those accepted for this date" in sentence for sentence in refused)
    assert fresh(store).verify() == []
    assert len(store.all_cuts()) == len(list(store.cuts.iterdir())) == store.head().seq == 6


@only_sqlite
def test_the_folder_of_a_running_import_is_no_leftover(store):
    accept(store)
    with new_folder(store.cuts) as running:
        running.fill({"adsl.parquet": b"half"}, "f" * 64)
        with new_folder(store.cuts) as begun:
            assert sweep(store.cuts, store._knows) == 0
            assert running.path.exists() and begun.path.exists()
    assert sweep(store.cuts, store._knows) == 2
    assert [FINISHED.fullmatch(path.name) is not None for path in store.cuts.iterdir()] == [True]


@only_sqlite
def test_a_leftover_that_has_just_become_a_cut_stays(store):
    cut = accept(store)
    answers = iter([False, True])
    assert sweep(store.cuts, lambda name: next(answers)) == 0
    assert (store.cuts / cut.id).exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of 500 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=500k", "tmpfs", place], capture_output=True)
    if mounted.returncode:
        pytest.skip(
            "a file system can be mounted by root alone; the limit of a file's size is tested instead"
        )
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_full_disk_is_said_and_earlier_cuts_stay(small_disk):
    store = Store(small_disk / "store", "")
    definition = small_definition(small_disk)
    kept = []
    for date, _ in dates(0, 200):
        try:
            kept.append(accept(store, cut=datetime.date.fromisoformat(date), definition=definition))
        except StudyDataError as error:
            refused = str(error)
            break
    assert len(kept) >= 3
    assert "free some space" in refused
    assert "nothing was added and earlier data cuts are as they were" in refused
    assert store.all_cuts() == kept
    assert len(store.read_texts(kept[0])["adlb"]) == 9
    assert fresh(store).verify() == []
    assert {path.name for path in store.cuts.iterdir()} == {cut.id for cut in kept}


def test_a_disk_that_has_no_byte_left_is_said_too(small_disk):
    store = Store(small_disk / "store", "")
    definition = small_definition(small_disk)
    kept = accept(store, definition=definition)
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
        while True:
            file.write(b"0" * 512)
    with pytest.raises(StudyDataError, match="space"):
        accept(store, small_frames(platelets="13"), cut=datetime.date(2026, 5, 1), definition=definition)
    filler.unlink()
    assert fresh(store).verify() == []
    assert store.all_cuts() == [kept]
    assert [path.name for path in store.cuts.iterdir()] == [kept.id]
    accept(store, small_frames(platelets="13"), cut=datetime.date(2026, 5, 1), definition=definition)


@only_sqlite
@pytest.mark.parametrize("largest", [2_000, 4_500, 20_000])
def test_a_file_that_may_not_grow_is_said(store, importer, tmp_path, largest):
    kept = accept(store)
    lines = importer(dates(0, 3), largest_file=largest).wait_for("done")
    assert len(of(lines, "refused")) == 3 - len(of(lines, "kept"))
    assert of(lines, "refused"), "the limit was not met"
    assert all("space" in sentence or "disk" in sentence for sentence in of(lines, "refused"))
    assert fresh(store).verify() == []
    assert len(store.read_texts(kept)["adlb"]) == 9


def test_a_disk_that_can_only_be_read_is_said(small_disk):
    store = Store(small_disk / "store", "")
    definition = small_definition(small_disk)
    accept(store, definition=definition)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(StudyDataError) as refused:
        accept(store, cut=datetime.date(2026, 5, 1), definition=definition)
    assert "cannot be" in str(refused.value)
    assert "correct the permissions" in str(refused.value) or "correct its permissions" in str(refused.value)
    subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
    assert fresh(store).verify() == []


@only_sqlite
@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere; a read-only disk is tested instead")
def test_a_folder_that_can_only_be_read_is_said(store):
    definition = small_definition(store.folder.parent)
    store.folder.parent.chmod(0o500)
    with pytest.raises(StudyDataError, match="correct its permissions"):
        accept(store, definition=definition)
    store.folder.parent.chmod(0o700)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_postgresql_that_is_killed_while_importing(postgres, store, importer, url):
    small_definition(store.folder.parent)
    hit = 0
    for number in range(3):
        child = importer(dates(1000 * number, 400))
        child.wait_for("kept")
        postgres.kill()
        lines = child.wait_for("refused")
        child.kill()
        first = next(place for place, line in enumerate(lines) if line.startswith("refused"))
        hit += lines[first - 1].startswith("begin")
        assert "found no PostgreSQL server that answers" in lines[first]
        assert "nothing is half there" in lines[first]
        with pytest.raises(StudyDataError, match="found no PostgreSQL server that answers"):
            Store(store.folder, url).all_cuts()
        postgres.start()
        after = fresh(store)
        assert after.verify() == []
        assert {path.name for path in store.cuts.iterdir()} == {cut.id for cut in after.all_cuts()}
        assert set(of(lines, "kept")) <= {cut.id for cut in after.all_cuts()}
    assert hit == 3
    assert len(after.all_cuts()) >= 3


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://itp@127.0.0.1:1/register", "found no PostgreSQL server that answers"),
        ("mysql://127.0.0.1/register", "ITP_REGISTER_URL: found an address of another kind"),
        ("register", "ITP_REGISTER_URL: found an address of another kind"),
    ],
)
def test_a_server_that_is_not_there_is_said_without_its_password(tmp_path, url, said):
    url = url.replace("itp@", "itp:secret@")
    with pytest.raises(StudyDataError, match=said) as refused:
        accept(Store(tmp_path / "store", url))
    assert "secret" not in str(refused.value)


def test_a_database_that_is_not_there_is_said(postgres, tmp_path):
    with pytest.raises(StudyDataError, match="it has no database of that name"):
        accept(Store(tmp_path / "store", postgres.url("elsewhere")))
