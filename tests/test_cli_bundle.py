"""`bundle`, `verify`, `find` and the script of a bundle: run as a reader runs them."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from cli import main
from tests.trialdata.small_study import TOML, write_study

ROOT = Path(__file__).parents[1]
STUDIES = {"nct07057778": "2026-12-31", "nct04915482": "2022-03-31"}


@pytest.fixture
def root(tmp_path, monkeypatch) -> Path:
    """The small study."""
    for name in ("ITP_REGISTER_URL", "ITP_VIEW", "ITP_SMALLEST_CELL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ITP_ROOT", str(tmp_path))
    write_study(tmp_path)
    return tmp_path


def run(capsys, *words) -> tuple[int, str, str]:
    try:
        status = main(list(map(str, words)))
    except SystemExit as stopped:
        status = stopped.code
    said = capsys.readouterr()
    return status, said.out, said.err


def test_a_bundle_is_written_verified_and_found(root, capsys):
    file = root / "out" / "interim.zip"
    status, out, err = run(capsys, "bundle", "--study", "demo", "--planned", "--output", file)
    assert status == 0
    said = json.loads(out)
    rows = {row["output"]: row for row in said["results"]}
    assert {"design", "response_rates", "adverse_overview"} <= set(rows)
    assert err.splitlines()[0] == f"Output 1 of {len(rows)}"
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(file.read_bytes()) == said["bytes"]
    assert not (root / "store").exists()

    status, out, _ = run(capsys, "verify", file)
    assert (status, out.splitlines()[0]) == (0, "identical")
    assert out.splitlines()[1].endswith(f"numbers of {len(rows)} outputs")
    status, out, _ = run(capsys, "verify", file, "--format", "json")
    assert json.loads(out)["identical"] is True

    code = rows["response_rates"]["code"].lower().replace("-", "")
    status, out, _ = run(capsys, "find", code, "--study", "demo")
    found = json.loads(out)
    assert (status, found["output"], found["cut"], found["population"]) == (
        *(0, "response_rates", "2026-01-15"),
        "FAS",
    )
    assert found["title"] and found["headline"]


def test_nothing_is_written_over_by_chance(root, capsys):
    file = root / "interim.zip"
    file.write_text("other work")
    order = ("bundle", "--study", "demo", "--planned", "--output", file)
    status, out, err = run(capsys, *order)
    assert (status, out) == (2, "")
    assert err == f"{file} is there already; --replace writes over it.\n"
    assert file.read_text() == "other work"
    assert run(capsys, *order, "--replace")[0] == 0
    assert zipfile.is_zipfile(file)


def test_a_folder_that_is_no_folder_is_said(root, capsys):
    (root / "file").write_text("")
    status, _, err = run(
        capsys, "bundle", "--study", "demo", "--planned", "--output", root / "file" / "interim.zip"
    )
    assert status == 2
    assert "cannot be written" in err.splitlines()[-1]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("find", "nonsense", "--study", "demo"), 2, "'nonsense' is not a code such as K7QD-2M4X."),
        (("find", "2222-2222", "--study", "demo"), 1, "2222-2222: found at no data cut of DEMO (2026-01-15)"),
        (("find", "2222-2222", "--study", "other"), 2, 'There is no study "other"'),
        (("verify", "nowhere.zip"), 1, "the bundle could not be read (No such file or directory)"),
        (("verify", "x", "--tolerance", "-1"), 2, "'-1' is not a tolerance such as 1e-12"),
        (("verify", "x", "--tolerance", "nan"), 2, "'nan' is not a tolerance such as 1e-12"),
    ],
)
def test_what_cannot_be_done_is_said(root, capsys, words, status, said):
    found, out, err = run(capsys, *words)
    assert (found, out) == (status, "")
    assert said in err


def test_a_view_with_a_filter_is_found_after_it_left(root, capsys):
    (root / "studies/demo.toml").write_text(TOML + '\n[[subgroups]]\ncolumn = "SEX"\nlabel = "Sex"\n')
    file = root / "interim.zip"
    run(capsys, "bundle", "--study", "demo", "--filter", "SEX=F", "--endpoint", "OR", "--output", file)
    with zipfile.ZipFile(file) as archive:
        said = [json.loads(archive.read(name)) for name in archive.namelist() if name.startswith("results/")]
    (code,) = (each["code"] for each in said if each["output"] == "response_rates" and each["filters"])
    status, out, _ = run(capsys, "find", code, "--study", "demo")
    assert (status, json.loads(out)["filters"]) == (0, {"SEX": ["F"]})


def subprocess_run(*words, cwd: Path) -> subprocess.CompletedProcess:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ITP_")}
    return subprocess.run(list(map(str, words)), cwd=cwd, capture_output=True, text=True, env=kept)


@pytest.mark.parametrize("study", STUDIES)
def test_the_script_of_a_bundle_computes_every_number_again(study, tmp_path):
    root, unzipped, file = tmp_path / "root", tmp_path / "unzipped", tmp_path / "interim.zip"
    for part in ("studies", "data/sample"):
        shutil.copytree(ROOT / part, root / part)
    cli = (sys.executable, ROOT / "cli.py", "--root", root)
    order = ("bundle", "--study", study, "--cut", STUDIES[study], "--planned", "--output", file)
    made = subprocess_run(*cli, *order, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    with zipfile.ZipFile(file) as archive:
        archive.extractall(unzipped)
    (unzipped / "a note of the reader.txt").write_text("left alone")
    again = (sys.executable, "recompute.py", ROOT, "--root", root)

    found = subprocess_run(*again, cwd=unzipped)
    assert (found.returncode, found.stdout.splitlines()[0]) == (0, "identical"), found.stdout

    (path,) = (
        path
        for path in (unzipped / "results").iterdir()
        if json.loads(path.read_text())["output"] == "response_rates"
    )
    kept = path.read_text()
    said = json.loads(kept)
    said["results"][0]["N"] += 1
    path.write_text(json.dumps(said))
    found = subprocess_run(*again, cwd=unzipped)
    assert found.returncode == 1
    assert (
        f"response_rates ({said['code']}), row 1, N: {said['results'][0]['N']} in the bundle" in found.stdout
    )
    path.write_text(kept)

    toml = root / "studies" / f"{study}.toml"
    rules = toml.read_text()
    toml.write_text(rules.replace("planned_subjects = ", "planned_subjects = 1", 1))
    found = subprocess_run(*again, cwd=unzipped)
    assert found.returncode == 1
    assert "Study definition, planned_subjects: " in found.stdout
    toml.write_text(rules)

    found = subprocess_run(sys.executable, "recompute.py", tmp_path, cwd=unzipped)
    assert (found.returncode, found.stderr.strip()) == (
        1,
        f"{tmp_path} holds no cli.py: name the folder of ITP Interim.",
    )
