"""What the product offers stands in its reference, and what the documents name exists.

Keys, kinds, columns and checks of the format: tests/test_docs_format.py.
"""

import argparse
import re
import shlex
from pathlib import Path

import pytest

from cli import parser
from outputs.catalogue import CATALOGUE
from reports import dataset_variables
from trialdata.parsing import find_study

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs/reference"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=[str(p.relative_to(ROOT)) for p in DOCUMENTS])


def reference(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def subcommands() -> dict[str, argparse.ArgumentParser]:
    (found,) = [a for a in parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(found.choices)


@pytest.mark.parametrize("output", CATALOGUE)
def test_every_output_is_documented(output):
    assert f"`{output}`" in reference("outputs.md")


def test_no_output_is_documented_that_does_not_exist():
    listed = re.findall(r"^\| `(\w+)` \|", reference("outputs.md"), flags=re.MULTILINE)
    assert sorted(listed) == sorted(CATALOGUE)


@pytest.mark.parametrize("dataset", ["ADSL", "ADLB", "ADRS", "ADTTE"])
def test_the_tables_of_the_analysis_datasets_are_the_variables(dataset):
    part = reference("datasets.md").split(f"\n### {dataset}: ")[1].split("\n### ")[0]
    rows = [re.split(r" ?\| ?", line.strip("|")) for line in part.split("\n") if line.startswith("| `")]
    assert [[cell.strip() for cell in row[:7]] for row in rows] == [
        [f"`{v.name}`", v.label, v.kind, v.unit, v.origin, v.comment, ", ".join(v.values)]
        for v in getattr(dataset_variables, dataset)
    ]


@pytest.mark.parametrize("command", subcommands())
def test_every_command_and_option_is_documented(command):
    text = reference("cli.md")
    assert re.search(rf"^\| `{command}[ `]", text, flags=re.MULTILINE)
    options = [
        o for action in subcommands()[command]._actions for o in action.option_strings if o[:2] == "--"
    ]
    assert [option for option in options if f"`{option}`" not in text] == []


@each_document
def test_links_lead_somewhere(path):
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (path.parent / link).exists()] == []


@each_document
def test_commands_in_documents_are_ones_that_exist(path):
    text = path.read_text(encoding="utf-8")
    for line in re.findall(r"^(?:\S+/)?python cli\.py (.+)$", text, flags=re.MULTILINE):
        parser().parse_args(shlex.split(line, comments=True))
    targets = set(
        re.findall(r"^(\w+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    assert set(re.findall(r"^make (\w+)", text, flags=re.MULTILINE)) <= targets


def toml_blocks(document: str) -> list[str]:
    return re.findall(r"```toml\n(.*?)```", (ROOT / document).read_text(encoding="utf-8"), flags=re.DOTALL)


def test_the_example_study_is_accepted(tmp_path):
    (tmp_path / "studies").mkdir()
    (example,) = toml_blocks("docs/how-to/add-a-study.md")
    (tmp_path / "studies/mytrial.toml").write_text(example, encoding="utf-8")
    definition = find_study(tmp_path, "MY-ITP-01")
    assert [arm.role for arm in definition.arms] == ["experimental", "control"]


def test_the_example_endpoints_are_accepted(tmp_path):
    (tmp_path / "studies").mkdir()
    study = (ROOT / "studies/nct07057778.toml").read_text(encoding="utf-8")
    examples = toml_blocks("docs/how-to/add-an-endpoint.md")
    (tmp_path / "studies/more.toml").write_text("\n".join([study, *examples]), encoding="utf-8")
    assert {"RESPW08", "DURABLE"} <= {endpoint.paramcd for endpoint in find_study(tmp_path, "more").endpoints}
