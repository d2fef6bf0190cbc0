"""The mapping of a study's imports as TOML: studies/mappings/<study>.toml, readable by its owner alone."""

import json
import math
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trialdata.definition import StudyDefinition
from trialdata.errors import StudyDataError
from trialdata.mapping.import_mapping import (
    DAY_FIRST,
    MONTH_FIRST,
    UNDECIDED,
    ImportMapping,
    Measured,
    TableMapping,
)
from trialdata.schema import DATASETS
from trialdata.toml_tables import Table, fields_of, read_fields, read_table
from trialdata.toml_values import closest, one_of, shown
from trialdata.whole_files import write_whole

FOLDER = Path("studies") / "mappings"
TEXTS = ("arms", "parameters", "units", "visits", "rescue", "codes", "sites")


def mapping_path(root: Path, definition: StudyDefinition) -> Path:
    return Path(root) / FOLDER / f"{definition.name}.toml"


def load_mapping(root: Path, definition: StudyDefinition) -> ImportMapping | None:
    """The saved mapping of the study, None where there is none; StudyDataError with every problem of the file."""
    path = mapping_path(root, definition)
    try:
        return read_mapping(path.read_text(encoding="utf-8"), f"{FOLDER.as_posix()}/{path.name}")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise StudyDataError(
            f"{FOLDER.as_posix()}/{path.name}: found text that is not UTF-8, expected UTF-8."
        ) from None


def save_mapping(root: Path, definition: StudyDefinition, mapping: ImportMapping) -> Path:
    """The path of the saved mapping: written whole or not at all, readable by its owner alone."""
    path = mapping_path(root, definition)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, write_mapping(mapping).encode())
    except OSError as problem:
        reason = problem.strerror or "an unknown reason"
        raise StudyDataError(f"{FOLDER.as_posix()}/{path.name}: could not be written ({reason}).") from None
    return path


def read_mapping(text: str, file: str = "mapping") -> ImportMapping:
    """The mapping in a TOML text; StudyDataError with every problem, one a line, for anything that is not one."""
    try:
        values = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise StudyDataError(f"{file}: not valid TOML: {error}.") from None
    top = Table(file, "", values)
    plain = {key: value for key, value in values.items() if key != "tables"}
    allowed = [key for key in fields_of(ImportMapping) if key != "tables"]
    fields = read_fields(ImportMapping, top.inside("", plain), allowed)
    tables = _tables(top)
    if fields.get("dates", "") not in ("", DAY_FIRST, MONTH_FIRST):
        top.refuse("dates", shown(fields["dates"]), one_of((DAY_FIRST, MONTH_FIRST)))
    if top.problems:
        raise StudyDataError("\n".join(top.problems))
    return ImportMapping(tables=tables, **fields)


def _tables(top: Table) -> tuple[TableMapping, ...]:
    blocks = _blocks(top, "tables", "[[tables]]")
    read = [_table(top.inside(f"[[tables]] {n}", block)) for n, block in enumerate(blocks, start=1)]
    return tuple(each for each in read if each is not None)


def _blocks(table: Table, key: str, heading: str) -> list[dict[str, Any]]:
    blocks = table.values.get(key, [])
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        table.refuse(key, shown(blocks), f"blocks that begin with {heading}")
        return []
    return blocks


def _table(table: Table) -> TableMapping | None:
    blocks = _blocks(table, "measured", "[[tables.measured]]")
    read = [
        read_table(Measured, table.inside(f"{table.place}, measured {n}", block))
        for n, block in enumerate(blocks, start=1)
    ]
    rest = {key: value for key, value in table.values.items() if key != "measured"}
    keys = [key for key in fields_of(TableMapping) if key != "measured"]
    measured = tuple(each for each in read if each is not None)
    found: TableMapping | None = read_table(
        TableMapping, table.inside(table.place, rest), keys=keys, measured=measured
    )
    if found and found.dataset not in (*DATASETS, "", UNDECIDED):
        expected = f'{one_of(DATASETS)}, or "" for a table that is not used'
        table.refuse("dataset", shown(found.dataset), expected + closest(found.dataset, DATASETS))
    return found


def write_mapping(mapping: ImportMapping) -> str:
    """The mapping as TOML that `read_mapping` reads back to an equal one."""
    lines = [f"dates = {_value(mapping.dates)}"] if mapping.dates else []
    for table in mapping.tables:
        lines += ["", "[[tables]]", f"table = {_value(table.table)}", f"headers = {_value(table.headers)}"]
        lines += [f"dataset = {_value(table.dataset)}"]
        lines += _section("tables.columns", table.columns) + _section("tables.values", table.values)
        for each in table.measured:
            given = {name: getattr(each, name) for name in fields_of(Measured)}
            lines += ["", "[[tables.measured]]"]
            lines += [f"{name} = {_value(text)}" for name, text in given.items() if text or name == "header"]
    for name in TEXTS:
        lines += _section(name, getattr(mapping, name))
    return "\n".join(lines).lstrip("\n") + "\n"


def _section(name: str, texts: Mapping[str, Any]) -> list[str]:
    """A table of texts; each of its keys is in quotes, whatever it is."""
    nested = {key: value for key, value in texts.items() if isinstance(value, Mapping)}
    lines = ["", f"[{name}]"] if texts and not nested else []
    lines += [f"{_value(key)} = {_value(value)}" for key, value in texts.items() if key not in nested]
    for key, inner in nested.items():
        lines += ["", f"[{name}.{_value(key)}]", *(f"{_value(k)} = {_value(v)}" for k, v in inner.items())]
    return lines


def _value(value: str | float | tuple[str, ...]) -> str:
    """A TOML value. The texts of JSON are those of TOML but for the character DEL."""
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if not math.isfinite(value):
        raise ValueError("a number of a mapping is finite")
    return repr(float(value))
