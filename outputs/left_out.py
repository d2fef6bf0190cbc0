"""The sentences of an output without the counts that its file leaves out."""

import dataclasses
import re

import pandas as pd

from outputs.output import Output
from outputs.small_cells import few

COUNT = re.compile(r"(?<![\d.,−–])(\d+) (?:of \d+|\(\d[\d.]*%\)|participants?\b)")  # 3 of 7, 3 (43%)
DECIMAL = re.compile(r"(?<![\d.])\d+\.\d+(?![\d.])")  # 0.38


def without_counts_left_out(output: Output, table: pd.DataFrame) -> Output:
    """The output of a file, whose page has this table: no headline, detail or description tells what is left out.

    A small count stays where the results of the file still have it.
    """
    gone = _numbers(table) - _numbers(output.table)
    numbers = output.results["n"] if "n" in output.results else pd.Series(dtype="Int64")
    kept = set(pd.to_numeric(numbers, errors="coerce").dropna())

    def tells(text: str) -> bool:
        small = any(few(n) and n not in kept for n in (int(found[1]) for found in COUNT.finditer(text)))
        return small or bool(_in(text) & gone)

    def without(text: str) -> str:
        parts = [part for part in text.removesuffix(".").split(". ") if part and not tells(part)]
        return "".join(f"{part}. " for part in parts).rstrip()

    return dataclasses.replace(
        output,
        headline=output.title if tells(output.headline) else output.headline,
        detail=without(output.detail) if tells(output.detail) else output.detail,
        alt=(without(output.alt) or output.title) if tells(output.alt) else output.alt,
    )


def _numbers(table: pd.DataFrame) -> set[str]:
    """Every count and decimal number in the cells of a table."""
    return set[str]().union(*(_in(str(cell)) for cell in table.to_numpy(dtype=object).ravel()))


def _in(text: str) -> set[str]:
    return {found[0] for pattern in (COUNT, DECIMAL) for found in pattern.finditer(text)}
