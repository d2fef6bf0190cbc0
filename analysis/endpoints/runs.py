"""Runs of consecutive usable records at a level, the pairs that confirm in them, and the run still open.

Rule: docs/reference/endpoints.md, section 1 "Run" and section 2 `confirmed_response`. A choice where it leaves room:
under rescue = "ignore" a rescue after the last usable record leaves the run open, as it interrupts nothing.
"""

from dataclasses import dataclass

import numpy as np

from analysis.endpoints.per_subject import last_index, pick
from analysis.endpoints.reading import Reading
from analysis.stretches import starts_stretch


@dataclass(frozen=True, eq=False)
class Runs:
    """For each record the first and last day of its run at a level; NaN for one that is not in a run."""

    first_day: np.ndarray
    last_day: np.ndarray


def find_runs(reading: Reading, at_level: np.ndarray) -> Runs:
    """The runs at a level, `at_level` saying for each usable record whether it is at the level."""
    used = np.flatnonzero(reading.usable)
    subject, day, level = reading.subject[used], reading.day[used], at_level[used]
    rescues = reading.rescues.started_by(reading.rescues_interrupt, subject, day)
    begins = starts_stretch(subject, level, rescues)
    run = np.cumsum(begins) - 1
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(used)) - 1
    runs = Runs(np.full(len(at_level), np.nan), np.full(len(at_level), np.nan))
    runs.first_day[used] = np.where(level, day[first[run]], np.nan)
    runs.last_day[used] = np.where(level, day[last[run]], np.nan)
    return runs


def starts_pair(reading: Reading, runs: Runs) -> np.ndarray:
    """Whether each record is confirmed by a later one of its run, `confirm_days` on (by itself when that is 0)."""
    return runs.last_day - reading.day >= reading.endpoint.confirm_days


def within_pair(reading: Reading, runs: Runs) -> np.ndarray:
    """Whether each record lies between, or is one of, two that confirm each other."""
    return runs.last_day - runs.first_day >= reading.endpoint.confirm_days


def in_open_run(reading: Reading, runs: Runs) -> np.ndarray:
    """Whether each record is in the subject's open run: the run that ends with the last usable record.

    A rescue that counts and starts after that record closes it.
    """
    last_used = pick(reading.day, last_index(reading.subject, reading.usable, reading.subjects))
    last_start = pick(
        reading.rescues.start,
        last_index(reading.rescues.subject, reading.rescues_interrupt, reading.subjects),
    )
    closed = last_start > last_used
    return (runs.last_day == last_used[reading.subject]) & ~closed[reading.subject]
