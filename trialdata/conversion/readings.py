"""What the cells of a column were read as: each distinct text once, then row by row."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

Texts = np.ndarray  # of str, one for each row
Rows = np.ndarray  # of bool, one for each row


class Cell(NamedTuple):
    """What one text becomes: `rule` is "" where it stays, `check` names the finding if there is one."""

    text: str
    rule: str = ""
    check: str = ""


@dataclass(frozen=True, eq=False)
class Readings:
    """What each row's cell was read as: one of `cells` by its code, none where the code is -1."""

    codes: np.ndarray
    cells: list[Any]

    def values(self, otherwise: Any = "") -> np.ndarray:
        """What was read for each row, `otherwise` where nothing was."""
        return _each([*self.cells, otherwise])[self.codes]

    def part(self, name: str) -> Texts:
        """One part of what was read for each row, "" where nothing was."""
        return _each([*(getattr(cell, name) for cell in self.cells), ""])[self.codes]

    def without(self, rows: Rows) -> "Readings":
        return Readings(np.where(rows, -1, self.codes), self.cells)

    def beside(self, other: "Readings") -> "Readings":
        """Both, where no row was read twice."""
        codes = np.where(other.codes >= 0, other.codes + len(self.cells), self.codes)
        return Readings(codes, self.cells + other.cells)


def _each(values: list[Any]) -> np.ndarray:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
