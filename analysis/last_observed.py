"""The level of the last usable count before an answer was due: what carrying the last observation forward imputes.

Rule, by kind of endpoint (docs/reference/methods/missing_data.md): the last usable record on or before the last day
of the endpoint's window decides by itself, without confirmation. It is a response at the level that the kind asks for:
CR or R; of `sustained_response` the hold level; of `durable_counts` the threshold.
"""

import math

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData, course_of
from analysis.endpoints.at_visit import scheduled_weeks, window_end
from analysis.endpoints.course import Course
from analysis.endpoints.per_subject import last_index
from analysis.endpoints.reading import Reading, read_endpoint
from analysis.endpoints.sustained import held_by_count
from trialdata.definition import Endpoint


def last_observed_response(data: AnalysisData, paramcd: str) -> pd.Series:
    """By USUBJID 1 where the last usable record by the end of the window is a response, 0 where not or without one."""
    course, endpoint = course_of(data), data.definition.endpoint(paramcd)
    reading = read_endpoint(course, endpoint)
    in_time = reading.usable & (reading.day <= last_day_of_window(course, endpoint))
    record = last_index(reading.subject, in_time, reading.subjects)
    responds = np.append(_at_level(reading), False)[record]
    return pd.Series(responds.astype(int), index=course.subjects.usubjid)


def last_day_of_window(course: Course, endpoint: Endpoint) -> float:
    """The last day on which a record still bears on the answer."""
    if endpoint.kind == "response_at_visit":
        return window_end(course, endpoint.avisitn)
    if endpoint.kind == "durable_counts":
        weeks = scheduled_weeks(course, endpoint)
        return window_end(course, weeks[-1] if len(weeks) else None)
    _, last = endpoint.window_days or (2, math.inf)
    return last + (endpoint.tolerance_days if endpoint.kind == "sustained_response" else 0)


def _at_level(reading: Reading) -> np.ndarray:
    """Whether each record is at the level that the endpoint's kind asks for."""
    if reading.endpoint.kind == "durable_counts":
        return reading.usable & (reading.course.records.count >= reading.endpoint.threshold)
    if reading.endpoint.kind == "sustained_response":
        return reading.at_level(held_by_count(reading))
    return reading.response
