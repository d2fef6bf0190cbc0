"""One TOML table becomes one dataclass: known keys, right types, and a sentence for everything else."""

import dataclasses
import typing
from dataclasses import dataclass, field
from typing import Any

from trialdata.toml_values import Share, Unreadable, closest, expected, read_value, shown


@dataclass
class Table:
    """A table of the file at `place`, and the problems found so far in the whole file."""

    file: str
    place: str  # "[[endpoints]] OR1Y"; "" at the top
    values: dict[str, Any]
    problems: list[str] = field(default_factory=list)

    def refuse(self, key: str, found: str, expected: str) -> None:
        where = ", ".join(part for part in (self.file, self.place, f'key "{key}"' if key else "") if part)
        end = "" if expected.endswith("?") else "."
        self.problems.append(f"{where}: found {found}, expected {expected}{end}")

    def inside(self, place: str, values: dict[str, Any]) -> "Table":
        """A table below this one, which reports to the same list of problems."""
        return Table(self.file, place, values, self.problems)


def read_table(cls: type, table: Table, *, keys: typing.Sequence[str] | None = None, **given) -> Any:
    """The dataclass `cls` filled from the table, or None when a problem was found in it.

    `keys` are the keys that may stand here (default: every field); `given` are fields set by the caller.
    """
    before = len(table.problems)
    fields = read_fields(cls, table, [key for key in (keys or fields_of(cls)) if key not in given])
    return cls(**fields, **given) if len(table.problems) == before else None


def fields_of(cls: type) -> dict[str, dataclasses.Field]:
    return {field.name: field for field in dataclasses.fields(cls)}


def read_fields(cls: type, table: Table, allowed: typing.Sequence[str]) -> dict[str, Any]:
    """The fields of `cls` that the table gives properly; everything else becomes a problem."""
    types_of = typing.get_type_hints(cls) | {"fraction": Share}
    read = {}
    for key, value in table.values.items():
        if key not in allowed:
            table.refuse(key, "an unknown key", "one of " + ", ".join(allowed) + closest(key, allowed))
        else:
            try:
                read[key] = read_value(key, value, types_of[key])
            except Unreadable as problem:
                table.refuse(key, shown(value), str(problem))
    for key in allowed:
        if key not in table.values and _required(fields_of(cls)[key]):
            table.refuse(key, "nothing", f"{expected(types_of[key])} (the key is required)")
    _check_assumed(table, read.get("assumed", ()), allowed)
    return read


def _required(entry: dataclasses.Field) -> bool:
    return entry.default is dataclasses.MISSING and entry.default_factory is dataclasses.MISSING


def _check_assumed(table: Table, assumed: tuple[str, ...], allowed: typing.Sequence[str]) -> None:
    for key in assumed:
        if key not in allowed:
            table.refuse("assumed", shown(key), "keys that may stand in this table" + closest(key, allowed))
