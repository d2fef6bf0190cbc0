"""Stores and importers for the tests."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.trialdata.store.kept import checked_once
from tests.trialdata.store.postgres import Server
from trialdata.store import rules
from trialdata.store.store import Store

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def checks_are_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "load_texts", checked_once)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The register of the test: empty for SQLite."""
    return "" if request.param == "sqlite" else request.getfixturevalue("postgres").new_database()


@pytest.fixture
def store(tmp_path: Path, url: str) -> Store:
    return Store(tmp_path / "store", url)


class Importer:
    """A process that was told to import."""

    def __init__(self, pid: int, report: Path):
        self.pid, self.report = pid, report

    def lines(self) -> list[str]:
        return self.report.read_text().splitlines() if self.report.exists() else []

    def wait_for(self, word: str, *, seconds: float = 30) -> list[str]:
        for _ in range(int(seconds / 0.002)):
            if any(line.split(" ")[0] == word for line in self.lines()):
                return self.lines()
            time.sleep(0.002)
        raise AssertionError(f"no {word!r} in {self.lines()}")

    def gone(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        return False

    def kill(self) -> list[str]:
        """End it at once; what it had reported."""
        os.kill(self.pid, 9)
        while not self.gone():
            time.sleep(0.001)
        return self.lines()


@pytest.fixture(scope="session")
def nursery() -> Iterator[subprocess.Popen]:
    """The process that forks importers: what they import is loaded once."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.trialdata.store.importer"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.stdin.close()
    process.wait()


@pytest.fixture
def importer(nursery: subprocess.Popen, tmp_path: Path, url: str) -> Iterator[Callable[..., Importer]]:
    """`importer([(date, platelets), ...])` starts one beside the test."""
    begun: list[Importer] = []

    def started(imports: list[tuple[str, str]], **more) -> Importer:
        report = tmp_path / f"report-{len(begun)}"
        order = {"root": str(tmp_path), "url": url, "report": str(report), "imports": imports} | more
        nursery.stdin.write(json.dumps(order) + "\n")
        nursery.stdin.flush()
        begun.append(Importer(int(nursery.stdout.readline()), report))
        return begun[-1]

    yield started
    for each in begun:
        if not each.gone():
            each.kill()
