"""The tipping-point grid: how many of those without an answer would have to respond for the conclusion to turn."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import pandas as pd
from scipy.special import chdtrc, chdtri

from analysis.rate_methods import MIETTINEN_NURMINEN

MOST_CELLS = 60  # a side that can be drawn


def tipping_grid(
    experimental: tuple[int, int, int], control: tuple[int, int, int], *, conf_level: float = 0.95
) -> pd.DataFrame:
    """One row per (`added_experimental`, `added_control`): the difference, the score test, and what it concludes.

    Each arm is (responders, due, unknown among them). EXCLUDES is 1 or -1 where the Miettinen-Nurminen interval lies
    above or below 0, else 0: it excludes 0 exactly when the chi-square of its score test exceeds the quantile, so no
    limit is searched for. TURNED: another conclusion than in the first cell, where none of the unknown responds.
    """
    (x1, n1, m1), (x0, n0, m0) = experimental, control
    j, k = (grid.ravel() for grid in np.meshgrid(np.arange(m1 + 1), np.arange(m0 + 1), indexing="ij"))
    estimate, statistic = score_statistic(x1 + j, n1, x0 + k, n0)
    excludes = np.where(statistic > chdtri(1, 1 - conf_level), np.sign(estimate), 0).astype(int)
    return pd.DataFrame(
        {
            "added_experimental": j,
            "added_control": k,
            "measure": "difference",
            "estimate": estimate,
            "statistic": statistic,
            "p_value": chdtrc(1, statistic),
            "excludes": excludes,
            "turned": excludes != excludes[0],
            "method": f"Score test of the {MIETTINEN_NURMINEN} interval",
        }
    )


def score_statistic(x1: np.ndarray, n1: int, x0: np.ndarray, n0: int) -> tuple[np.ndarray, np.ndarray]:
    """Difference and chi-square of the score test (factor N/(N-1)) for arrays of counts; 0 where all respond alike."""
    total = n1 + n0
    pooled = (x1 + x0) / total
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n0) * total / (total - 1)
    difference = x1 / n1 - x0 / n0
    return difference, np.divide(difference**2, variance, out=np.zeros(len(pooled)), where=variance > 0)


def boundary(grid: pd.DataFrame) -> pd.DataFrame:
    """One row per `added_control`: for which `added_experimental` the conclusion turns, in words, and how many cells.

    TURNS is "0 to 3", "4 or more", several of these, "none" or "any"; SMALLEST the first of them, NaN without one.
    """
    most = int(grid["added_experimental"].max())
    rows = []
    for k, part in grid.groupby("added_control"):
        turned = part.loc[part["turned"], "added_experimental"].to_numpy()
        smallest = float(turned.min()) if len(turned) else np.nan
        rows.append((int(k), _ranges(turned, most), smallest, len(turned)))
    return pd.DataFrame(rows, columns=["added_control", "turns", "smallest", "cells"])


def drawn_values(most: int) -> list[int]:
    """The numbers 0 to `most` that a side of the figure shows: all up to 60 of them, else every second, third ... ."""
    step = -(-(most + 1) // MOST_CELLS)
    return list(range(0, most + 1, step))


def _ranges(values: Sequence[int], most: int) -> str:
    """Ascending whole numbers in words."""
    runs = [[v for _, v in run] for _, run in groupby(enumerate(values), key=lambda pair: pair[1] - pair[0])]
    words = [_range(int(run[0]), int(run[-1]), most) for run in runs]
    return ", ".join(words) or "none"


def _range(low: int, high: int, most: int) -> str:
    if (low, high) == (0, most):
        return "any"
    if low == high:
        return str(low)
    return f"{low} or more" if high == most else f"{low} to {high}"
