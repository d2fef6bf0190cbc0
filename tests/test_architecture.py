"""The rules of the house, read from the source: who imports whom, and what nobody does.

The table is the one of CONTRIBUTING.md:
trialdata -> analysis -> (charts) -> outputs -> reports, ui -> pages -> app.py; reports -> commands -> cli.py.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MAY_IMPORT = {
    "trialdata": set(),
    "analysis": {"trialdata"},
    "charts": set(),
    "outputs": {"trialdata", "analysis", "charts"},
    "reports": {"trialdata", "analysis", "outputs"},
    "ui": {"trialdata", "analysis", "outputs", "reports"},
    "pages": {"outputs", "ui"},
    "app": {"ui"},
    "commands": {"trialdata", "analysis", "outputs", "reports"},
    "cli": {"trialdata", "reports", "commands"},
}
ONLY_THESE = {"pages": {"streamlit", "ui", "outputs"}, "app": {"streamlit", "ui"}}
ONLY_IN = {"streamlit": {"ui", "pages", "app"}, "plotly": {"charts"}}
NETWORK = {"ftplib", "http", "httpx", "requests", "smtplib", "socket", "urllib"}
UNSAFE = {"dill", "joblib", "marshal", "pickle", "shelve"}
CLOCK = {"monotonic", "now", "perf_counter", "today", "utcnow"}
THE_CLOCK = Path("trialdata/clock.py")  # the register's log and file formats need a time; no number does
MAY_ASK_THE_CLOCK = {"ui", "commands"}  # they pass it on to who never asks
OPEN_MARKS = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
LONGEST_FUNCTION = 60


def package(path: Path) -> str:
    """`analysis` for analysis/adam.py, `app` for app.py."""
    first = path.relative_to(ROOT).parts[0]
    return first.removesuffix(".py")


def sources(*packages: str) -> list[Path]:
    files = [*ROOT.glob("*.py"), *(path for name in MAY_IMPORT for path in (ROOT / name).rglob("*.py"))]
    return sorted(path for path in files if package(path) in packages)


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(path: Path) -> set[str]:
    """The top-level names of every module imported anywhere in the file."""
    nodes = list(ast.walk(parsed(path)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    relative = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.level]
    assert not relative, f"{path.relative_to(ROOT)}:{relative[0].lineno} imports relatively"
    return {
        name.split(".")[0]
        for name in plain | {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    }


def called_names(path: Path) -> list[tuple[str, int]]:
    """`("query", 12)` for frame.query(...) on line 12."""
    return [
        (node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id, node.lineno)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)
    ]


def each(*packages: str):
    """Run the test once for every file of the packages, named by its path."""
    files = sources(*packages)
    return pytest.mark.parametrize("path", files, ids=[str(path.relative_to(ROOT)) for path in files])


everywhere = each(*MAY_IMPORT)


@everywhere
def test_imports_go_one_way(path):
    ours = imports(path) & set(MAY_IMPORT)
    forbidden = ours - MAY_IMPORT[package(path)] - {package(path)}
    assert not forbidden, f"{path.relative_to(ROOT)} must not import {sorted(forbidden)}"


@everywhere
def test_streamlit_and_plotly_stay_at_the_edge(path):
    misplaced = {
        name for name, places in ONLY_IN.items() if name in imports(path) and package(path) not in places
    }
    assert not misplaced, f"{path.relative_to(ROOT)} must not import {sorted(misplaced)}"


@each(*ONLY_THESE)
def test_pages_and_app_import_nothing_else(path):
    surplus = imports(path) - ONLY_THESE[package(path)]
    assert not surplus, f"{path.relative_to(ROOT)} imports {sorted(surplus)}"


@everywhere
def test_nothing_reaches_the_network_or_unpickles(path):
    found = imports(path) & (NETWORK | UNSAFE)
    assert not found, f"{path.relative_to(ROOT)} imports {sorted(found)}"


@everywhere
def test_no_text_becomes_code_and_no_clock_is_read(path):
    banned = {"eval", "exec", "query", "read_pickle", "to_pickle"}
    banned |= set() if path.relative_to(ROOT) == THE_CLOCK else CLOCK
    found = [f"{name}() on line {line}" for name, line in called_names(path) if name in banned]
    assert not found, f"{path.relative_to(ROOT)}: {found}"


@everywhere
def test_only_the_edge_asks_for_the_time(path):
    nodes = list(ast.walk(parsed(path)))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    assert "trialdata.clock" not in names or package(path) in MAY_ASK_THE_CLOCK, path.relative_to(ROOT)


@everywhere
def test_downloads_are_offered_in_one_place(path):
    if path.relative_to(ROOT) == Path("ui/show.py"):
        return
    lines = [line for name, line in called_names(path) if name == "download_button"]
    assert not lines, f"{path.relative_to(ROOT)} offers a download on lines {lines}; ui/show.py does that"


@everywhere
def test_functions_are_short(path):
    long = [
        f"{node.name} ({node.end_lineno - node.lineno + 1} lines)"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]
    assert not long, f"{path.relative_to(ROOT)}: {long}"


def test_the_table_knows_every_package():
    unknown = {
        path.parent.name
        for path in ROOT.glob("*/*.py")
        if path.parent.name not in {*MAY_IMPORT, "tests", "benchmarks"}
        and not path.parent.name.startswith(".")
    }
    assert not unknown


def test_no_page_stands_directly_in_pages():
    """Streamlit would run such a file without app.py, and so without everything app.py guards."""
    assert list((ROOT / "pages").glob("*.py")) == []


def test_app_is_only_the_frame():
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) < 60


def test_nothing_is_left_to_do_in_the_source():
    files = [path for end in ("*.py", "*.md", "*.toml") for path in ROOT.rglob(end)]
    marked = [
        str(path.relative_to(ROOT))
        for path in files
        if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
        and OPEN_MARKS.search(path.read_text(encoding="utf-8"))
    ]
    assert not marked
