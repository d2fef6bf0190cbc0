"""From records to subjects: one value per subject out of record arrays sorted by subject and day."""

import numpy as np


def first_index(subject: np.ndarray, chosen: np.ndarray, subjects: int) -> np.ndarray:
    """Index of each subject's first chosen record, -1 without one."""
    index = np.flatnonzero(chosen)[::-1]
    first = np.full(subjects, -1)
    first[subject[index]] = index  # of repeated subjects the last assignment stays: the earliest record
    return first


def last_index(subject: np.ndarray, chosen: np.ndarray, subjects: int) -> np.ndarray:
    """Index of each subject's last chosen record, -1 without one."""
    index = np.flatnonzero(chosen)
    last = np.full(subjects, -1)
    last[subject[index]] = index
    return last


def pick(values: np.ndarray, index: np.ndarray) -> np.ndarray:
    """`values` at `index`, NaN where the index is -1."""
    picked = np.full(len(index), np.nan)
    picked[index >= 0] = values[index[index >= 0]]
    return picked


def count_of(subject: np.ndarray, chosen: np.ndarray, subjects: int) -> np.ndarray:
    """Number of each subject's chosen records."""
    return np.bincount(subject[chosen], minlength=subjects)


def any_of(subject: np.ndarray, chosen: np.ndarray, subjects: int) -> np.ndarray:
    """Whether each subject has a chosen record."""
    return count_of(subject, chosen, subjects) > 0


def earliest(days: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Per subject the earliest of several days and its name; on one day the name given first; NaN, "" if none."""
    stacked = np.stack(list(days.values()))
    stacked = np.where(np.isnan(stacked), np.inf, stacked)
    day = stacked.min(axis=0)
    name = np.array(list(days), dtype=object)[stacked.argmin(axis=0)]
    happened = np.isfinite(day)
    return np.where(happened, day, np.nan), np.where(happened, name, "")
