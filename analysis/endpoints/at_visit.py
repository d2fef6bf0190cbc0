"""`response_at_visit` and `durable_counts`: the record that stands for a scheduled visit decides.

Rule: docs/reference/endpoints.md, section 2. In `durable_counts` the baseline counts as a visit of the range when the
study schedules AVISITN 0.
"""

import numpy as np
import pandas as pd

from analysis.endpoints.confirmed import failed_by
from analysis.endpoints.course import Course
from analysis.endpoints.per_subject import count_of, first_index
from analysis.endpoints.reading import TOLERANCE, Reading, read_endpoint
from analysis.endpoints.rows import response_rows
from analysis.endpoints.runs import find_runs, in_open_run, within_pair
from analysis.words import first_that_fits
from trialdata.definition import Endpoint


def response_at_visit(course: Course, endpoint: Endpoint) -> pd.DataFrame:
    """ADRS rows of a `response_at_visit` endpoint."""
    reading = read_endpoint(course, endpoint)
    last_day = window_end(course, endpoint.avisitn)
    record = visit_record(reading, endpoint.avisitn)
    level = confirmed_levels(reading) if endpoint.confirmed else levels(reading)
    answer = visit_answer(reading, record, level, last_day)
    return response_rows(
        course,
        endpoint,
        answer,
        due_day=last_day + (endpoint.confirm_days if endpoint.confirmed else 0),
        REASON=np.where(answer == "NR", _reason(reading, record), ""),
        NOBLEED=reading.unassessed(_only(reading, record)),
    )


def visit_answer(reading: Reading, record: np.ndarray, level: np.ndarray, last_day: float) -> np.ndarray:
    """Per subject the level of the visit's record; without one "MISSING", or "NR" for a failure by its last day."""
    missing = np.where(failed_by(reading, last_day), "NR", "MISSING")
    return np.where(record >= 0, _of(level, record, ""), missing)


def durable_counts(course: Course, endpoint: Endpoint) -> pd.DataFrame:
    """ADRS rows of a `durable_counts` endpoint."""
    reading = read_endpoint(course, endpoint)
    count, available = visits_reached(reading)
    weeks = scheduled_weeks(course, endpoint)
    last_day = window_end(course, weeks[-1] if len(weeks) else None)
    answer = first_that_fits(
        {
            "MISSING": (available == 0) & ~failed_by(reading, last_day),
            "Y": _enough(endpoint, count, available),
        },
        otherwise="N",
    )
    return response_rows(course, endpoint, answer, due_day=last_day)


def visits_reached(reading: Reading) -> tuple[np.ndarray, np.ndarray]:
    """Per subject the visits of the range at or above the threshold, and the visits with a record."""
    records, endpoint = reading.course.records, reading.endpoint
    weeks = scheduled_weeks(reading.course, endpoint)
    visit = records.stands_for_visit & np.isin(records.avisitn, weeks)
    reached = visit & reading.usable & (records.count >= endpoint.threshold)
    return (
        count_of(reading.subject, reached, reading.subjects),
        count_of(reading.subject, visit, reading.subjects),
    )


def scheduled_weeks(course: Course, endpoint: Endpoint) -> np.ndarray:
    """The scheduled visits (AVISITN) in the endpoint's range, both ends included, in order."""
    low, high = endpoint.visits or (-np.inf, np.inf)
    return np.array(sorted({week for week in course.definition.visits.weeks if low <= week <= high}))


def window_end(course: Course, avisitn: float | None) -> float:
    """The last day of a visit's analysis window; NaN for a visit that is not scheduled."""
    ends = course.windows.loc[course.windows["AVISITN"] == avisitn, "HIGH"]
    return float(ends.iloc[0]) if len(ends) else np.nan


def visit_record(reading: Reading, avisitn: float | None) -> np.ndarray:
    """Per subject the index of the record that stands for the visit, -1 without one."""
    records = reading.course.records
    return first_index(
        reading.subject, records.stands_for_visit & (records.avisitn == avisitn), reading.subjects
    )


def levels(reading: Reading) -> np.ndarray:
    """ "CR", "R" or "NR" of each record by itself; a record that is not usable is "NR"."""
    return first_that_fits({"CR": reading.cr, "R": reading.response}, otherwise="NR")


def confirmed_levels(reading: Reading) -> np.ndarray:
    """ "CR", "R", "PENDING" or "NR" of each record, a level only within a pair that confirms it."""
    runs = find_runs(reading, reading.response)
    may_confirm = reading.course.subjects.on_study & np.isnan(reading.search_end)
    return first_that_fits(
        {
            "CR": within_pair(reading, find_runs(reading, reading.cr)),
            "R": within_pair(reading, runs),
            "PENDING": in_open_run(reading, runs) & may_confirm[reading.subject],
        },
        otherwise="NR",
    )


def _enough(endpoint: Endpoint, count: np.ndarray, available: np.ndarray) -> np.ndarray:
    if endpoint.at_least is not None:
        return count >= endpoint.at_least
    share = 1.0 if endpoint.fraction is None else endpoint.fraction
    return (available >= endpoint.min_available) & (count >= share * available - TOLERANCE)


def _reason(reading: Reading, record: np.ndarray) -> np.ndarray:
    """Why the visit's record, or its absence, is no response."""
    counted = record >= 0
    unusable = ~_of(reading.usable, record, False)
    return first_that_fits(
        {
            "rescue": np.where(counted, unusable, ~np.isnan(reading.search_end)),
            "death": ~counted,
            "unconfirmed": _of(reading.response, record, False),
            "bleeding": _of(reading.response_by_count, record, False),
        },
        otherwise="never reached",
    )


def _of(values: np.ndarray, record: np.ndarray, default) -> np.ndarray:
    """The value of each subject's record, the default without one."""
    return np.append(values, np.array([default], dtype=values.dtype))[record]


def _only(reading: Reading, record: np.ndarray) -> np.ndarray:
    """Whether each record is one of `record`."""
    chosen = np.zeros(len(reading.day), dtype=bool)
    chosen[record[record >= 0]] = True
    return chosen
