"""Stored cuts beside folder cuts: listed, opened, checked, in the dashboard and on the command line."""

import datetime
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st

from cli import main
from tests.trialdata.small_study import CUT, FILES, write_study
from tests.trialdata.store.conftest import ROOT
from tests.trialdata.store.kept import AT, FIRST, accept, small_definition, small_frames
from trialdata.errors import StudyDataError, UnknownStudyError
from trialdata.findings import NONE, finding
from trialdata.store import open_store
from trialdata.study import data_cuts, find_study, load_study

FOLDER = datetime.date.fromisoformat(CUT)
LATER = datetime.date(2026, 3, 15)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small study with a folder cut of January."""
    monkeypatch.delenv("ITP_REGISTER_URL", raising=False)
    monkeypatch.delenv("ITP_VIEW", raising=False)
    monkeypatch.setenv("ITP_ROOT", str(tmp_path))
    write_study(tmp_path)
    st.cache_resource.clear()
    return tmp_path


@pytest.fixture
def definition(root: Path):
    return small_definition(root)


def damage(root: Path, cut) -> Path:
    path = root / "store/cuts" / cut.id / "adlb.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    return path


def test_cuts_of_either_kind_are_listed_and_opened_by_date(root, definition):
    accept(open_store(root))
    assert data_cuts(definition, root) == (FOLDER, FIRST)
    stored, folder = load_study(root, "demo"), load_study(root, "demo", FOLDER)
    assert (stored.cut, stored.cuts) == (FIRST, (FOLDER, FIRST))
    for name in ("adsl", "adlb", "adqs", "adcm", "adae", "adex"):
        pd.testing.assert_frame_equal(getattr(stored, name), getattr(folder, name))
    with pytest.raises(UnknownStudyError, match="expected one of 2026-01-15, 2026-02-15"):
        load_study(root, "demo", LATER)


def test_a_study_without_a_folder_lives_from_its_store(tmp_path):
    definition = small_definition(tmp_path)
    assert not (tmp_path / definition.data / CUT / "adsl.csv").exists()
    (tmp_path / definition.data / CUT).rmdir()
    accept(open_store(tmp_path))
    assert load_study(tmp_path, "demo").cut == FIRST


def test_a_retired_cut_is_no_longer_a_cut(root, definition):
    cut = accept(open_store(root))
    open_store(root).retire(cut.id, "wrong export", at=AT)
    assert data_cuts(definition, root) == (FOLDER,)
    with pytest.raises(UnknownStudyError):
        load_study(root, "demo", FIRST)


def test_a_damaged_cut_stays_in_the_list_and_says_why(root, definition):
    path = damage(root, accept(open_store(root)))
    assert data_cuts(definition, root) == (FOLDER, FIRST)
    with pytest.raises(StudyDataError, match="found other bytes than were accepted") as refused:
        load_study(root, "demo", FIRST)
    assert str(path) in str(refused.value)
    assert load_study(root, "demo", FOLDER).cut == FOLDER


def test_a_folder_made_beside_a_stored_cut_is_no_silent_choice(root, definition):
    accept(open_store(root))
    (root / definition.data / str(FIRST)).mkdir()
    assert data_cuts(definition, root) == (FOLDER, FIRST)
    with pytest.raises(StudyDataError) as refused:
        load_study(root, "demo")
    assert str(refused.value) == (
        "data/demo/2026-02-15: found a folder beside the imported data cut of that date, expected one of the two; "
        "remove the folder, or retire the imported cut."
    )


def test_findings_of_the_import_are_told_with_those_of_today(root):
    of_import = finding("file_not_read", "notes.txt", found="a file of another name")
    accept(open_store(root), findings=pd.concat([NONE, of_import]).astype(NONE.dtypes))
    told = load_study(root, "demo").findings
    assert list(told.loc[told["check"] == "file_not_read", "file"]) == ["notes.txt"]
    assert list(told.columns) == list(NONE.columns)


def test_where_there_is_no_store_nothing_is_made_or_imported(root):
    code = (
        "import sys; from pathlib import Path; from trialdata.study import load_study\n"
        "root = Path(sys.argv[1]); study = load_study(root, 'demo')\n"
        "assert 'sqlalchemy' not in sys.modules and not (root / 'store').exists(), study"
    )
    subprocess.run([sys.executable, "-c", code, root], cwd=ROOT, check=True)


def test_the_dashboard_opens_a_stored_cut_and_keeps_it_by_its_id(root, definition):
    from ui import session

    store = open_store(root)
    cut = accept(store)
    first = session.load(definition, FIRST)
    assert session.load(definition, FIRST) is first
    assert first.data.study.content_hash == cut.id
    store.retire(cut.id, "a count was corrected", at=AT)
    corrected = accept(store, small_frames(platelets="13"))
    assert session.cuts(definition).dates == (FOLDER, FIRST)
    second = session.load(definition, FIRST)
    assert second.data.study.content_hash == corrected.id
    assert [loaded.data.study.adlb["AVAL"].iloc[0] for loaded in (first, second)] == [12, 13]


def test_the_command_line_lists_verifies_and_retires(root, capsys):
    cut = accept(open_store(root))
    assert main(["cuts"]) == 0
    rows = json.loads(capsys.readouterr().out)["results"]
    assert [(row["study"], row["cut"], row["status"]) for row in rows] == [
        ("demo", "2026-01-15", "folder"),
        ("demo", "2026-02-15", "standing"),
    ]
    assert rows[1] | {"version": ""} == {
        **{"study": "demo", "cut": "2026-02-15", "status": "standing", "rows": 21, "version": ""},
        **{"accepted": "2026-03-01T08:15:00Z", "id": cut.id, "retired": "", "reason": ""},
    }
    assert main(["cuts", "--verify"]) == 0
    assert "Every stored cut is as accepted. Log: 1 entries, head " in capsys.readouterr().err
    assert main(["check", "--study", "demo", "--cut", "2026-02-15"]) == 0
    assert "demo, 2026-02-15: accepted" in capsys.readouterr().err
    assert main(["retire", "--study", "demo", "--cut", "2026-02-15", "--reason", "wrong export"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["results"]
    assert (row["status"], row["reason"]) == ("retired", "wrong export")
    assert main(["retire", "--study", "demo", "--cut", "2026-02-15", "--reason", "again"]) == 2
    assert "expected one of: none" in capsys.readouterr().err
    assert main(["cuts", "--study", "demo", "--format", "csv"]) == 0
    assert "2026-02-15,retired,21," in capsys.readouterr().out


def test_verify_ends_with_status_one_and_names_the_file(root, capsys):
    path = damage(root, accept(open_store(root)))
    assert main(["cuts", "--verify"]) == 1
    said = capsys.readouterr()
    assert said.err.startswith(f"{path}: found other bytes than were accepted")
    assert "standing" in said.out
    assert main(["check", "--study", "demo"]) == 1
    assert main(["results", "response_rates", "--study", "demo"]) == 1


def test_a_register_that_cannot_be_reached_is_said_and_no_older_cut_takes_its_place(
    root, monkeypatch, capsys
):
    monkeypatch.setenv("ITP_REGISTER_URL", "postgresql://itp:secret@127.0.0.1:1/register")
    assert main(["results", "response_rates", "--study", "demo"]) == 1
    said = capsys.readouterr()
    assert "found no PostgreSQL server that answers" in said.err
    assert "secret" not in said.err
    assert said.out == ""


def test_cuts_of_a_study_whose_definition_is_gone_are_still_listed(root, capsys):
    accept(open_store(root), definition=find_study(root, "demo").replace(name="gone"))
    assert main(["cuts"]) == 0
    rows = json.loads(capsys.readouterr().out)["results"]
    assert [(row["study"], row["status"]) for row in rows] == [("demo", "folder"), ("gone", "standing")]


def test_every_dataset_of_the_small_study_is_kept():
    assert sorted(small_frames()) == sorted(name.removesuffix(".csv") for name in FILES)
