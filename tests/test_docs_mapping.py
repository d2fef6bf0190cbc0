"""The reference of the mapping names every key with its default, and its example is a mapping."""

import dataclasses
import re
from pathlib import Path

import pytest

from trialdata.mapping.import_mapping import ImportMapping, Measured, TableMapping
from trialdata.mapping.mapping_toml import read_mapping, write_mapping

DOCUMENT = (Path(__file__).parents[1] / "docs/reference/mapping.md").read_text(encoding="utf-8")
HEADINGS = {ImportMapping: "The top of the file", TableMapping: "[[tables]]", Measured: "[[tables.measured]]"}


def documented(heading: str) -> dict[str, str]:
    """The default of each key in the table under a heading."""
    section = DOCUMENT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    cells = [
        re.split(r"\s*\|\s*", line.strip("| ")) for line in section.split("\n") if line.startswith("| `")
    ]
    return {cell[0].strip("`"): cell[2] for cell in cells}


@pytest.mark.parametrize("table", HEADINGS, ids=lambda table: table.__name__)
def test_every_key_of_a_mapping_is_documented_with_its_default_and_no_other_is(table):
    fields = {}
    for field in dataclasses.fields(table):
        required = field.default is field.default_factory is dataclasses.MISSING
        fields[field.name] = "required" if required else '`""`' if field.default == "" else "none"
    assert documented(HEADINGS[table]) == fields


def test_the_example_is_a_mapping_that_uses_every_key():
    (example,) = re.findall(r"```toml\n(.*?)```", DOCUMENT, flags=re.DOTALL)
    mapping = read_mapping(example)
    assert read_mapping(write_mapping(mapping)) == mapping
    assert all(getattr(mapping, field.name) for field in dataclasses.fields(ImportMapping))
    assert {each.dataset for each in mapping.tables} == {"adsl", "adlb", "adae"}
