"""Stretches of equal neighbours in sorted arrays."""

import numpy as np


def starts_stretch(*columns: np.ndarray) -> np.ndarray:
    """Whether each element differs from the one before it in any of the columns; the first always does."""
    starts = np.ones(len(columns[0]), dtype=bool)
    starts[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return starts


def ends_stretch(*columns: np.ndarray) -> np.ndarray:
    """Whether each element differs from the one after it in any of the columns; the last always does."""
    return np.append(starts_stretch(*columns), True)[1:]
