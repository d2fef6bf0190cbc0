"""Bleeding assessments, and the one that is read with a platelet record.

Rule: docs/reference/endpoints.md, section 1 "Bleeding at a record"; IWG 2009 (Rodeghiero, Blood 2009;113:2386)
asks for the absence of bleeding at a response.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.endpoints.days import calendar, is_day, sort_key
from analysis.endpoints.records import Records
from analysis.endpoints.subjects import Subjects
from analysis.stretches import ends_stretch


@dataclass(frozen=True, eq=False)
class Assessments:
    """One element per subject and day with a grade, sorted so; of several on one day the worst grade."""

    subject: np.ndarray
    day: np.ndarray
    grade: np.ndarray
    key: np.ndarray


def read_assessments(adqs: pd.DataFrame, paramcd: str, subjects: Subjects) -> Assessments:
    """The graded assessments of one PARAMCD of ADQS, the days before treatment included; none of PARAMCD ""."""
    rows = adqs[
        (adqs["PARAMCD"] == paramcd)
        & bool(paramcd)
        & adqs["AVAL"].notna()
        & is_day(adqs["ADY"].to_numpy(float))
    ]
    subject, day, grade = subjects.number_of(rows["USUBJID"]), rows["ADY"].to_numpy(float), rows["AVAL"]
    key = sort_key(subject, day)
    order = np.lexsort((grade.to_numpy(float), key))
    worst = order[ends_stretch(key[order])]
    return Assessments(subject[worst], day[worst], grade.to_numpy(float)[worst], key[worst])


def on_treatment(assessments: Assessments) -> Assessments:
    """The assessments on day 2 or later: only these are read with records and can be a loss."""
    kept = assessments.day >= 2
    return Assessments(*(values[kept] for values in vars(assessments).values()))


@dataclass(frozen=True, eq=False)
class BleedingAtRecords:
    """Grade and day of the assessment that is read with each record; NaN when none is near enough."""

    grade: np.ndarray
    day: np.ndarray


def nearest_assessment(records: Records, assessments: Assessments, window_days: float) -> BleedingAtRecords:
    """The assessment nearest to each record, at most `window_days` away; equally near: the worse grade."""
    after = np.searchsorted(assessments.key, records.key, side="left")
    day_before, grade_before = _neighbour(records, assessments, after - 1)
    day_after, grade_after = _neighbour(records, assessments, after)
    before = np.abs(calendar(records.day) - calendar(day_before))
    ahead = np.abs(calendar(day_after) - calendar(records.day))
    closer_before = (before < ahead) | ((before == ahead) & (grade_before > grade_after))
    near_enough = np.minimum(before, ahead) <= window_days
    return BleedingAtRecords(
        grade=np.where(near_enough, np.where(closer_before, grade_before, grade_after), np.nan),
        day=np.where(near_enough, np.where(closer_before, day_before, day_after), np.nan),
    )


def _neighbour(
    records: Records, assessments: Assessments, position: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Day and grade of the assessment at each position; infinitely far, NaN where it is another subject's."""
    day, grade = np.full(len(records), np.inf), np.full(len(records), np.nan)
    exists = (position >= 0) & (position < len(assessments.day))
    exists[exists] = assessments.subject[position[exists]] == records.subject[exists]
    day[exists], grade[exists] = assessments.day[position[exists]], assessments.grade[position[exists]]
    return day, grade
