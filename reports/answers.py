"""The answer of a command, and how it is written: as JSON, as comma-separated rows, or as an aligned table."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from reports.export import as_csv, json_text


@dataclass(frozen=True)
class Answer:
    """What a command has to say: `facts` head the JSON, `rows` follow, `table` shows them to a person."""

    rows: pd.DataFrame
    facts: dict = field(default_factory=dict)
    table: pd.DataFrame | None = None
    status: int = 0


def as_table(answer: Answer) -> str:
    """Aligned columns, numbers to the right; the rounded table of an output where there is one."""
    table = answer.rows if answer.table is None or answer.table.empty else answer.table
    columns = [aligned(str(name), table[name]) for name in table.columns]
    lines = ["  ".join(cells).rstrip() for cells in zip(*columns, strict=True)]
    return "\n".join([*lines, *answer.facts.get("footnotes", [])])


def aligned(name: str, column: pd.Series) -> list[str]:
    """The header and cells of a column, all of one width."""
    cells = [name, *("" if pd.isna(cell) else str(cell) for cell in column)]
    width = max(map(len, cells))
    return [f"{cell:{'>' if pd.api.types.is_numeric_dtype(column) else '<'}{width}}" for cell in cells]


FORMATS: dict[str, Callable[[Answer], str]] = {
    "json": lambda answer: json_text(answer.facts, answer.rows),
    "csv": lambda answer: as_csv(answer.rows),
    "table": as_table,
}
