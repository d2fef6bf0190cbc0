"""The days a participant spends in the shadow of a rescue, overlapping shadows counted once."""

from dataclasses import dataclass

import numpy as np

from analysis.endpoints.days import FURTHEST, sort_key
from analysis.endpoints.rescue import Rescues


@dataclass(frozen=True, eq=False)
class Shadows:
    """The union of each subject's shadows from day 1 on, as disjoint spans of days sorted by subject and start."""

    subject: np.ndarray
    start: np.ndarray
    end: np.ndarray

    def days_between(self, subject: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
        """Shadow days of each subject on the days first to last, both included and on treatment."""
        if len(self.subject) == 0:
            return np.zeros(len(subject))
        return self._days_up_to(subject, last) - self._days_up_to(subject, first - 1)

    def _days_up_to(self, subject: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Shadow days up to a day, all those of earlier subjects included: they cancel in a difference."""
        begun = np.searchsorted(sort_key(self.subject, self.start), sort_key(subject, day), side="right")
        total = np.append(0, np.cumsum(self.end - self.start + 1))
        own = (begun > 0) & (self.subject[begun - 1] == subject)
        beyond = np.where(own, np.maximum(self.end[begun - 1] - day, 0), 0)
        return total[begun] - beyond


def merge_shadows(rescues: Rescues) -> Shadows:
    """The shadows of rescues as disjoint spans."""
    kept = rescues.end >= 1
    subject = rescues.subject[kept].astype(np.int64)
    start = np.maximum(rescues.start[kept], 1)
    end = np.minimum(rescues.end[kept], FURTHEST)
    if len(subject) == 0:
        return Shadows(subject, start, end)
    first_key = sort_key(subject, np.zeros(len(subject)))
    furthest = np.maximum.accumulate(sort_key(subject, end)) - first_key
    begins = np.r_[True, (np.diff(subject) != 0) | (start[1:] > furthest[:-1])]
    ends = np.r_[begins[1:], True]
    return Shadows(subject[begins], start[begins], furthest[ends].astype(float))
