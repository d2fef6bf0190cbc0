"""Time to response, duration of response and time to treatment failure.

Rule: docs/reference/endpoints.md, section 2. EVNTDESC of a treatment failure is the name of its event in `events`.
"""

import math

import numpy as np
import pandas as pd

from analysis.endpoints.confirmed import confirm, window_of
from analysis.endpoints.course import Course
from analysis.endpoints.loss import find_loss, first_bleeding, first_failing_pair, first_rescue
from analysis.endpoints.per_subject import earliest, last_index, pick
from analysis.endpoints.reading import Reading, read_endpoint
from analysis.endpoints.rows import time_rows
from analysis.words import first_that_fits
from trialdata.definition import Endpoint

FAILURES = ("death", "new_therapy", "rescue", "bleeding", "count")  # the order on one day


def time_to_response(course: Course, endpoint: Endpoint) -> pd.DataFrame:
    """ADTTE rows: from day 1 to the onset of the confirmed response, with the competing events before it."""
    reading = read_endpoint(course, endpoint)
    _, end = window_of(reading)
    onset = confirm(reading, (2, end)).onset
    responded = ~np.isnan(onset)
    censored = last_day(reading, reading.usable & (reading.day <= end))
    censored = np.where(np.isnan(censored), 1, censored)
    competing_day, competing = earliest(
        {"death": _by(course.subjects.death, end), "rescue": _by(reading.search_end, end)}
    )
    return time_rows(
        course,
        endpoint,
        AVAL=np.where(responded, onset, censored),
        CNSR=np.where(responded, 0, 1),
        EVNTDESC=np.where(responded, "response", ""),
        CNSDTDSC=np.where(responded, "", censoring_reason(reading, end)),
        ONSETDY=onset,
        CIFDY=np.where(responded, onset, np.where(np.isnan(competing_day), censored, competing_day)),
        CIFEVENT=np.where(responded, "response", competing),
    )


def duration_of_response(course: Course, endpoint: Endpoint) -> pd.DataFrame:
    """ADTTE rows of responders: from onset to loss, both days included."""
    reading = read_endpoint(course, endpoint)
    onset = confirm(reading, window_of(reading)).onset
    loss_day, cause = find_loss(reading, onset, reading.response_by_count)
    lost = ~np.isnan(loss_day)
    until = np.where(lost, loss_day, last_day(reading, reading.response))
    rows = time_rows(
        course,
        endpoint,
        AVAL=until - onset + 1,
        CNSR=np.where(lost, 0, 1),
        EVNTDESC=cause,
        CNSDTDSC=np.where(lost, "", censoring_reason(reading)),
        ONSETDY=onset,
    )
    return rows[~np.isnan(onset)]


def treatment_failure(course: Course, endpoint: Endpoint) -> pd.DataFrame:
    """ADTTE rows: from day 1 to the first of the endpoint's events."""
    reading = read_endpoint(course, endpoint)
    failure_day, event = earliest(_failures(reading))
    failed = ~np.isnan(failure_day)
    censored = last_day(reading, reading.usable)
    return time_rows(
        course,
        endpoint,
        AVAL=np.where(failed, failure_day, np.where(np.isnan(censored), 1, censored)),
        CNSR=np.where(failed, 0, 1),
        EVNTDESC=event,
        CNSDTDSC=np.where(failed, "", censoring_reason(reading)),
    )


def last_day(reading: Reading, chosen: np.ndarray) -> np.ndarray:
    """Per subject the day of the last chosen record, NaN without one."""
    return pick(reading.day, last_index(reading.subject, chosen, reading.subjects))


def censoring_reason(reading: Reading, end: float = math.inf) -> np.ndarray:
    """CNSDTDSC of each subject; with the `end` of a window only what happened by then is looked at."""
    subjects = reading.course.subjects
    left = (subjects.study_end <= end) | subjects.ended_without_day
    if math.isinf(end):
        left = ~subjects.on_study
    return first_that_fits(
        {
            "rescue": reading.search_end <= end,
            "death": subjects.death <= end,
            "completed": left & subjects.completed,
            "left the study": left,
            "end of window": subjects.cut > end,
        },
        otherwise="data cutoff",
    )


def _by(day: np.ndarray, end: float) -> np.ndarray:
    return np.where(day <= end, day, np.nan)


def _failures(reading: Reading) -> dict[str, np.ndarray]:
    """Per event of the endpoint the day of its first occurrence from its `from_day` on."""
    endpoint, subjects = reading.endpoint, reading.course.subjects
    new_therapy = reading.counting & reading.rescues.new_therapy
    low = reading.usable & (reading.course.records.count < endpoint.failure_count)

    def first(event: str) -> np.ndarray:
        from_day = np.full(reading.subjects, float(endpoint.from_day.get(event, 2)))
        if event == "death":
            return np.where(subjects.death >= from_day, subjects.death, np.nan)
        if event == "new_therapy":
            return first_rescue(reading, new_therapy, from_day)
        if event == "rescue":
            return first_rescue(reading, reading.counting & ~reading.rescues.new_therapy, from_day)
        if event == "bleeding":
            return first_bleeding(reading, from_day)
        return first_failing_pair(reading, low, from_day)

    never = {"": np.full(reading.subjects, np.nan)}
    return {event: first(event) for event in FAILURES if event in endpoint.events} or never
