"""`cli.py figures`: what it writes, what it says, and what it refuses."""

import hashlib
import json
from pathlib import Path

import pytest

from cli import main
from reports.pictures import browser

STUDY = ("--study", "nct07057778", "--cut", "2026-12-31")
needs_browser = pytest.mark.skipif(browser() is None, reason="no Chromium on PATH")


@pytest.fixture
def run(capsys, monkeypatch):
    """`run("response_rates", ...)` is (exit status, standard output, standard error)."""
    monkeypatch.delenv("ITP_ROOT", raising=False)
    monkeypatch.delenv("ITP_VIEW", raising=False)

    def call(*argv) -> tuple[int, str, str]:
        try:
            status = main(["figures", *map(str, argv)])
        except SystemExit as stopped:
            status = stopped.code
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


@pytest.mark.browser
@needs_browser
def test_files_are_listed_with_their_codes_and_never_written_over_unasked(run, tmp_path):
    argv = ("response_rates", "tipping_point", *STUDY, "--to", tmp_path / "out")
    status, out, err = run(*argv)
    assert status == 0
    (row,) = json.loads(out)["results"]
    (path,) = (tmp_path / "out").iterdir()
    assert (path.name, path.suffix) == (row["file"], ".svg")
    assert row["code"] in path.name and row["code"] in path.read_text()
    assert hashlib.sha256(path.read_bytes()).hexdigest() == row["sha256"]
    assert err.splitlines() == [
        *("Figure 1 of 2", "Figure 2 of 2"),
        "tipping_point: no figure that may leave at this cut",
    ]
    path.write_text("mine")
    status, out, err = run(*argv)
    assert (status, out) == (2, "") and "is there already; --replace writes over it." in err
    assert path.read_text() == "mine"
    assert run(*argv, "--replace")[0] == 0
    assert path.read_text() != "mine"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["no_such_output"], "There is no output 'no_such_output'"),
        (["participants"], "shows single participants or sites"),
        (["sites"], "shows single participants or sites"),
        (["response_rates", "--option", "colour=red"], "There is no option 'colour'"),
        (["--option", "missing=exclude"], "--option needs the outputs it is for"),
        (["response_rates", "--population", "NOBODY"], "There is no population 'NOBODY'"),
        (["response_rates", "--format", "gif"], "invalid choice: 'gif'"),
    ],
)
def test_wrong_usage_is_said(run, tmp_path, argv, said):
    status, out, err = run(*argv, *STUDY, "--to", tmp_path / "out")
    assert (status, out) == (2, "") and said in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("below", "said"), [("", "is a file; --to needs a folder."), ("below", "cannot be written to: Not a dir")]
)
def test_a_place_that_is_no_folder_is_said(run, tmp_path, below, said):
    (tmp_path / "file").write_text("")
    status, out, err = run("response_rates", *STUDY, "--to", tmp_path / "file" / below)
    assert (status, out) == (2, "") and said in err


def test_without_a_chromium_it_is_said_what_to_install(run, tmp_path, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", str(Path("/nowhere")))
    status, out, err = run("response_rates", *STUDY, "--to", tmp_path)
    assert (status, out) == (1, "") and len(err.splitlines()) == 1
    assert "install Chromium or Google Chrome" in err
