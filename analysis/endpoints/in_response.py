"""`time_in_response`: the share of observed days that a participant spends in response.

Rule: docs/reference/endpoints.md, section 2; IWG 2009 (Rodeghiero, Blood 2009;113:2386) names the share of cumulative
time in response beside the duration. Choices where it leaves room: days in response are observed days, so the last
usable record stands for its own day; after a shadow that ends before the next record the level holds again.
"""

import numpy as np
import pandas as pd

from analysis.endpoints.course import Course
from analysis.endpoints.reading import Reading, read_endpoint
from analysis.endpoints.rows import response_rows
from analysis.endpoints.shadows import merge_shadows
from analysis.endpoints.times import last_day
from trialdata.definition import Endpoint


def time_in_response(course: Course, endpoint: Endpoint) -> pd.DataFrame:
    """ADRS rows of a `time_in_response` endpoint: RESPDAYS, OBSDAYS and their ratio in AVAL."""
    reading = read_endpoint(course, endpoint)
    last_used = last_day(reading, reading.usable)
    held_until = holds_until(reading)
    days = held_until - reading.day + 1
    if endpoint.rescue != "ignore":
        days = days - merge_shadows(reading.rescues).days_between(reading.subject, reading.day, held_until)
    in_response = np.where(reading.response, days, 0)
    response_days = np.bincount(reading.subject, weights=in_response, minlength=reading.subjects)
    observed_days = np.where(np.isnan(last_used), 0, last_used - 1)
    share = np.divide(
        response_days, observed_days, out=np.full(reading.subjects, np.nan), where=observed_days > 0
    )
    return response_rows(
        course,
        endpoint,
        np.where(np.isnan(share), "MISSING", ""),
        due_day=None,
        AVAL=share,
        NOBLEED=reading.unassessed(reading.usable),
        RESPDAYS=response_days,
        OBSDAYS=observed_days,
    )


def holds_until(reading: Reading) -> np.ndarray:
    """The last day each record's level holds: until the next record, usable or not, but at most `max_gap_days`.

    No record holds beyond the subject's last usable record.
    """
    next_day = np.full(len(reading.day), np.inf)
    same_subject = np.diff(reading.subject) == 0
    next_day[:-1][same_subject] = reading.day[1:][same_subject]
    until = np.minimum(next_day - 1, reading.day + reading.endpoint.max_gap_days - 1)
    return np.fmin(until, last_day(reading, reading.usable)[reading.subject])
