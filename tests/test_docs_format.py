"""The format reference says what the code does: every key with its default, every column, every check."""

import dataclasses
import re
from pathlib import Path

import pytest

from trialdata.check_list import CHECKS
from trialdata.definition import (
    KIND_KEYS,
    KINDS,
    SHARED_KEYS,
    AdverseEventRules,
    Arm,
    Autoantibodies,
    Endpoint,
    Enrolment,
    HaemoglobinResponse,
    HistoricalRate,
    Interim,
    Longitudinal,
    NegativeControl,
    PlannedDose,
    Questionnaire,
    RescueClass,
    SpecialInterest,
    StudyDefinition,
    Subgroup,
    Visits,
)
from trialdata.schema import DATASETS, FILLED, REQUIRED

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"
HEADINGS = {Arm: "[[arms]]", Visits: "[visits]", RescueClass: "[[rescue]]", Subgroup: "[[subgroups]]"} | {
    Longitudinal: "[longitudinal]",
    Enrolment: "[enrolment]",
    Interim: "[interim]",
    SpecialInterest: "[[aesi]]",
    HistoricalRate: "[[historical]]",
    NegativeControl: "[[negative_controls]]",
    AdverseEventRules: "[adverse_events]",
    PlannedDose: "[[doses]]",
    Questionnaire: "[[questionnaires]]",
    Autoantibodies: "[autoantibodies]",
    HaemoglobinResponse: "[haemoglobin_response]",
    StudyDefinition: "The top of the file",
}
NOT_WRITTEN = (
    "name",
    "content_hash",
    "text",
    "source",
    "assumed",
    *("arms", "visits", "endpoints", "rescue"),
)
NOT_WRITTEN += (
    "aesi",
    "historical",
    "negative_controls",
    "adverse_events",
    "doses",
    "questionnaires",
    "subgroups",
    "autoantibodies",
    "haemoglobin_response",
    "longitudinal",
    "enrolment",
    "interim",
)


def text(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def rows(document: str, first: str) -> list[list[str]]:
    """The cells of the table rows whose first cell names `first`."""
    lines = [re.split(r"\s*\|\s*", line.strip("| ")) for line in document.split("\n") if line.startswith("|")]
    return [cells for cells in lines if f"`{first}`" in cells[0] or first in cells[0].split(", ")]


def section(document: str, heading: str) -> str:
    return re.split(rf"^#+ .*{re.escape(heading)}.*$", document, flags=re.MULTILINE)[1].split("\n## ")[0]


@pytest.mark.parametrize("table", HEADINGS, ids=lambda table: table.__name__)
def test_every_key_of_a_table_stands_in_its_section_with_its_default(table):
    part = section(text("study-format.md"), HEADINGS[table])
    for key in dataclasses.fields(table):
        if key.name in NOT_WRITTEN:
            continue
        ((_, _, default, _),) = rows(part, key.name)
        if key.default is dataclasses.MISSING and key.default_factory is dataclasses.MISSING:
            assert default == "required", key.name
        else:
            assert written(default) == key.default, key.name


def written(cell: str):
    """The value a default cell stands for."""
    words = {"none": None, "false": False, "true": True, "[]": (), "[1.0]": (1.0,)}
    cell = cell.strip("`")
    if cell.startswith('["'):
        return tuple(re.findall(r'"([^"]+)"', cell))
    if cell in words and not cell.startswith('"'):
        return words[cell]
    return cell.strip('"') if cell.startswith('"') else float(cell)


def test_every_key_of_an_endpoint_stands_in_the_endpoint_reference_with_its_default_and_kinds():
    document = section(text("endpoints.md"), "Keys of an")
    for key in dataclasses.fields(Endpoint):
        (cells,) = rows(document, key.name)
        if key.name in SHARED_KEYS:
            assert cells[3] == "all", key.name
        else:
            kinds = {kind for kind in KINDS if key.name in KIND_KEYS[kind]}
            assert set(re.findall(r"`(\w+)`", cells[3])) == kinds, key.name
        if isinstance(key.default, int | float | str) and key.name not in (
            "source",
            "min_available",
            "from_day",
        ):
            required = key.default is dataclasses.MISSING
            assert required or written(cells[1]) == key.default, key.name


@pytest.mark.parametrize("kind", KINDS)
def test_every_endpoint_kind_has_a_section(kind):
    assert f"\n### `{kind}`\n" in text("endpoints.md")


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)
def test_every_column_stands_in_the_section_of_its_dataset(dataset):
    part = text("study-format.md").split(f"\n### {dataset.name}:")[1].split("\n### ")[0]
    for column in dataset.columns:
        (cells,) = rows(part, column.name)
        presence = cells[1].split(",")[0]
        expected = {REQUIRED: "required", FILLED: "filled"}.get(column.presence, "optional")
        assert presence == expected or column.name in ("DCUTDY", "TRTSDT"), column.name


def test_every_check_stands_in_the_findings_with_its_severity_and_no_other_does():
    table = {
        cells[0].strip("`"): cells[1:4]
        for cells in (re.split(r"\s*\|\s*", line.strip("| ")) for line in text("findings.md").split("\n"))
        if cells[0].startswith("`") and len(cells) >= 4
    }
    assert table == {check: list(said) for check, said in CHECKS.items()}


def test_every_check_is_one_the_code_reports():
    package = Path(__file__).parents[1] / "trialdata"
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for path in package.rglob("*.py")
        if path.parent.name != "check_lists"
    )
    assert [check for check in CHECKS if f'"{check}"' not in code] == []
