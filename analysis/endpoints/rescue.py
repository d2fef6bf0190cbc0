"""Rescue therapy: when it starts, how long its shadow lasts, and whether it counts.

Rule: docs/reference/endpoints.md, section 1 "Rescue". A choice where it leaves room: an AENDY that is 0 or not
whole is no day and counts as missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.endpoints.days import add_days, is_day, sort_key
from analysis.endpoints.per_subject import first_index, pick
from analysis.endpoints.subjects import Subjects
from trialdata.definition import RescueClass


@dataclass(frozen=True, eq=False)
class Rescues:
    """One element per rescue of the classes an endpoint names, sorted by subject and start.

    Its shadow is [start, end], inf for one that never ends.
    """

    subject: np.ndarray
    start: np.ndarray
    end: np.ndarray
    new_therapy: np.ndarray
    cmclas: np.ndarray
    key: np.ndarray  # sorts by subject, then by start
    longest: np.ndarray  # position of the rescue whose shadow ends last among those begun so far

    def counting(self, grace_day: float) -> np.ndarray:
        """Whether each rescue counts: on treatment, and a new therapy or started after the grace day."""
        return (self.start >= 1) & (self.new_therapy | (self.start > grace_day))

    def first_start(self, chosen: np.ndarray, subjects: int) -> np.ndarray:
        """Per subject the start of the first chosen rescue, NaN without one."""
        return pick(self.start, first_index(self.subject, chosen, subjects))

    def started_by(self, chosen: np.ndarray, subject: np.ndarray, day: np.ndarray) -> np.ndarray:
        """How many chosen rescues sort up to each subject's day: differences within a subject are numbers of starts."""
        return np.searchsorted(self.key[chosen], sort_key(subject, day), side="right")

    def covering(self, subject: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Position of a rescue whose shadow holds each subject's day, -1 without one."""
        position = np.searchsorted(self.key, sort_key(subject, day), side="right") - 1
        covered = position >= 0
        covered[covered] = self.subject[position[covered]] == subject[covered]
        longest = np.where(covered, self.longest[position] if len(self.longest) else -1, -1)
        covered[covered] = self.end[longest[covered]] >= day[covered]
        return np.where(covered, longest, -1)


def read_rescues(adcm: pd.DataFrame, classes: Sequence[RescueClass], subjects: Subjects) -> Rescues:
    """The rows of ADCM (cut, known subjects) whose CMCLAS is one of `classes`, as rescues."""
    by_class = [_rescues_of(adcm, rescue, subjects) for rescue in classes]
    rows = pd.concat([_no_rescues(), *by_class], ignore_index=True)
    subject, start = rows["subject"].to_numpy(int), rows["start"].to_numpy(float)
    end = rows["end"].to_numpy(float)
    key = sort_key(subject, start)
    order = np.lexsort((end, key))
    return Rescues(
        subject=subject[order],
        start=start[order],
        end=end[order],
        new_therapy=rows["new_therapy"].to_numpy(bool)[order],
        cmclas=rows["cmclas"].to_numpy(object)[order],
        key=key[order],
        longest=_longest_so_far(subject[order], end[order]),
    )


def _no_rescues() -> pd.DataFrame:
    return pd.DataFrame({"subject": [], "start": [], "end": [], "new_therapy": [], "cmclas": []})


def _rescues_of(adcm: pd.DataFrame, rescue: RescueClass, subjects: Subjects) -> pd.DataFrame:
    rows = adcm[(adcm["CMCLAS"] == rescue.cmclas) & is_day(adcm["ASTDY"].to_numpy(float))]
    if rescue.new_therapy:
        rows = rows[rows["ASTDY"] >= 1]  # begun before treatment it is not new
    start = rows["ASTDY"].to_numpy(float)
    return pd.DataFrame(
        {
            "subject": subjects.number_of(rows["USUBJID"]),
            "start": start,
            "end": _shadow_end(start, rows["AENDY"].to_numpy(float), rescue),
            "new_therapy": rescue.new_therapy,
            "cmclas": rescue.cmclas,
        }
    )


def _shadow_end(start: np.ndarray, stop: np.ndarray, rescue: RescueClass) -> np.ndarray:
    if rescue.new_therapy:
        return np.full(len(start), np.inf)
    open_end = np.inf if rescue.open_end == "ongoing" else start
    stop = np.where(is_day(stop), np.maximum(stop, start), open_end)
    return add_days(stop, rescue.washout_days)


def _longest_so_far(subject: np.ndarray, end: np.ndarray) -> np.ndarray:
    """For each rescue the position of the latest shadow end among it and the subject's earlier rescues."""
    reach = sort_key(subject, end)  # later subjects always sort higher, so the maximum stays within a subject
    is_furthest = reach >= np.maximum.accumulate(reach)
    return np.maximum.accumulate(np.where(is_furthest, np.arange(len(reach)), 0))
