"""Whether a number left out can be told from those that are shown, their sums and their bounds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import LinearConstraint, milp


@dataclass(frozen=True)
class Sum:
    """Cells, by position, that add up to another one, or to a number that is known from elsewhere."""

    parts: tuple[int, ...]
    total: int | None = None
    known: float = 0.0

    @property
    def cells(self) -> tuple[int, ...]:
        return self.parts if self.total is None else (*self.parts, self.total)

    @property
    def weights(self) -> list[tuple[int, float]]:
        """Each cell with the sign that makes the weighted sum `known`."""
        return [(cell, -1.0 if cell == self.total else 1.0) for cell in self.cells]


def is_told(cell: int, count: np.ndarray, hidden: np.ndarray, sums: Sequence[Sum], bound: np.ndarray) -> bool:
    """Whether the number in a hidden cell, which agrees with everything shown, is the only one that does."""
    signs = _signs(sums, len(count))
    known = np.array([each.known for each in sums])
    if np.allclose(signs @ count, known) and (count <= bound)[hidden].all():  # the answer needs no search
        if (np.count_nonzero(signs[signs[:, cell] != 0][:, hidden], axis=1) == 1).any():
            return True
        if _may_be_moved(cell, signs, count, hidden, bound):
            return False
    if _extreme(cell, 1, count, hidden, sums, bound) < count[cell] - 0.5:
        return False
    return _extreme(cell, -1, count, hidden, sums, bound) < count[cell] + 0.5


def _signs(sums: Sequence[Sum], cells: int) -> np.ndarray:
    """A row per sum: how each cell counts in it."""
    signs = np.zeros((len(sums), cells))
    for row, each in enumerate(sums):
        for cell, weight in each.weights:
            signs[row, cell] += weight
    return signs


def _may_be_moved(
    cell: int, signs: np.ndarray, count: np.ndarray, hidden: np.ndarray, bound: np.ndarray
) -> bool:
    """Whether one more or one less in a hidden cell agrees with everything shown, if another one makes up for it."""
    others = hidden & (np.arange(len(count)) != cell)
    same, opposite = ((signs == sign * signs[:, [cell]]).all(axis=0) & others for sign in (1, -1))
    for step in (1, -1):
        up, down = ((moved >= 0) & (moved <= bound) for moved in (count + step, count - step))
        if up[cell] and ((same & down) | (opposite & up)).any():
            return True
    return False


def _extreme(
    cell: int, sign: int, count: np.ndarray, hidden: np.ndarray, sums: Sequence[Sum], bound: np.ndarray
) -> float:
    """The least (sign 1) or largest (-1) whole number a hidden cell may be, given every cell that is shown."""
    unknown = np.flatnonzero(hidden)
    place = {int(each): column for column, each in enumerate(unknown)}
    rows, sides = [], []
    for each in sums:
        row, side = np.zeros(len(unknown)), each.known
        for member, weight in each.weights:
            if hidden[member]:
                row[place[member]] += weight
            else:
                side -= weight * count[member]
        if row.any():
            rows.append(row)
            sides.append(side)
    limit = max(float(count.sum()), 1.0) * 2
    upper = np.minimum(bound[unknown], limit)
    aim = np.zeros(len(unknown))
    aim[place[cell]] = sign
    constraints = [LinearConstraint(np.array(rows), sides, sides)] if rows else []
    found = milp(aim, constraints=constraints, integrality=np.ones(len(unknown)), bounds=(0, upper))
    return float(found.x[place[cell]]) if found.x is not None else float(count[cell])
