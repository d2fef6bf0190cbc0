"""`max_bleeding`: the worst bleeding grade in a window of days, and the grade before treatment.

Rule: docs/reference/endpoints.md, section 2.
"""

import math

import numpy as np
import pandas as pd

from analysis.endpoints.bleeding import Assessments
from analysis.endpoints.course import Course
from analysis.endpoints.per_subject import last_index, pick
from analysis.endpoints.rows import response_rows
from trialdata.definition import Endpoint


def max_bleeding(course: Course, endpoint: Endpoint) -> pd.DataFrame:
    """ADRS rows of a `max_bleeding` endpoint: AVAL and AVALC the worst grade, BASEGR the grade at baseline."""
    assessments, subjects = course.assessments(endpoint.bleeding), len(course.subjects)
    low, high = endpoint.window_days or (2, math.inf)
    before = last_index(assessments.subject, assessments.day <= 1, subjects)
    worst = _worst(assessments, (assessments.day >= max(low, 2)) & (assessments.day <= high), subjects)
    answer = np.array(["MISSING" if np.isnan(grade) else f"{grade:g}" for grade in worst], dtype=object)
    return response_rows(
        course, endpoint, answer, due_day=high, AVAL=worst, BASEGR=pick(assessments.grade, before)
    )


def _worst(assessments: Assessments, chosen: np.ndarray, subjects: int) -> np.ndarray:
    worst = np.full(subjects, -np.inf)
    np.maximum.at(worst, assessments.subject[chosen], assessments.grade[chosen])
    return np.where(np.isfinite(worst), worst, np.nan)
