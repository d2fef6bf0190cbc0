"""The sentences of an output without the counts that its file leaves out."""

import dataclasses
import re
from collections.abc import Callable

import pandas as pd

from outputs.output import Output
from outputs.small_cells import few

COUNT = re.compile(r"(?<![\d.,−–])(\d+) (?:of \d+|\(\d[\d.]*%\)|participants?\b)")  # 3 of 7, 3 (43%)
ESTIMATE = re.compile(
    r"[−+]?\d[\d.]* \((?:95% CI )?[−+]?\d[\d.]* to [−+]?\d[\d.]*\)"
)  # −13 (95% CI −49 to 59)
DECIMAL = re.compile(r"(?<![\d.])\d+\.\d+(?![\d.])")  # 0.38


def without_counts_left_out(output: Output, table: pd.DataFrame) -> Output:
    """The output of a file, whose page has this table: no headline, detail or description tells what is left out.

    A small count stays where the results of the file still have it.
    """
    gone = _numbers(table) - _numbers(output.table)
    numbers = output.results["n"] if "n" in output.results else pd.Series(dtype="Int64")
    kept = set(pd.to_numeric(numbers, errors="coerce").dropna())

    def left_out(text: str) -> bool:
        return bool(_in(text) & gone)

    def tells(text: str) -> bool:
        counts = [int(found[1]) for found in COUNT.finditer(text)]
        return left_out(text) or any(few(n) and n not in kept for n in counts)

    return dataclasses.replace(
        output,
        headline=output.title if tells(output.headline) else output.headline,
        detail=_without(output.detail, tells),
        alt=_without(output.alt, tells) or (output.title if output.alt else ""),
        footnotes=tuple(note for note in (_without(each, left_out) for each in output.footnotes) if note),
    )


def _without(text: str, refused: Callable[[str], bool]) -> str:
    """The text but the sentences that are refused."""
    if not refused(text):
        return text
    kept = [part for part in text.removesuffix(".").split(". ") if part and not refused(part)]
    return " ".join(f"{part}." for part in kept)


def _numbers(table: pd.DataFrame) -> set[str]:
    """Every count and decimal number in the cells of a table."""
    return set[str]().union(*(_in(str(cell)) for cell in table.to_numpy(dtype=object).ravel()))


def _in(text: str) -> set[str]:
    return {found[0] for pattern in (COUNT, ESTIMATE, DECIMAL) for found in pattern.finditer(text)}
