"""`confirmed_response`: the best response that a second count confirms.

Rule: docs/reference/endpoints.md, section 2; IWG 2009 (Rodeghiero, Blood 2009;113:2386): two counts at least seven
days apart, none failing between.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.endpoints.course import Course
from analysis.endpoints.days import sort_key
from analysis.endpoints.per_subject import any_of, first_index, pick
from analysis.endpoints.reading import Reading, read_endpoint
from analysis.endpoints.rows import response_rows
from analysis.endpoints.runs import find_runs, in_open_run, starts_pair
from analysis.words import first_that_fits


@dataclass(frozen=True, eq=False)
class Confirmation:
    """Per subject the days of onset (any response, complete response) and of the count that confirms the onset.

    `pending`: no confirmed response, and time may still bring it; `open_onset`: the first day of the open run in the
    window; `no_record`: nothing was counted in the window; `failed_by_end`: the search ended or the subject died
    by the end of the window, so that a missing answer is a failure.
    """

    onset: np.ndarray
    cr_onset: np.ndarray
    confirmed_on: np.ndarray
    pending: np.ndarray
    open_onset: np.ndarray
    no_record: np.ndarray
    failed_by_end: np.ndarray


def window_of(reading: Reading) -> tuple[float, float]:
    return reading.endpoint.window_days or (2, math.inf)


def confirm(reading: Reading, window: tuple[float, float]) -> Confirmation:
    """The confirmed response of each subject in a window of days, both ends included."""
    name = ("confirmation", reading.words, reading.endpoint.confirm_days, window)
    return reading.course.once(name, lambda: _confirm(reading, window))


def _confirm(reading: Reading, window: tuple[float, float]) -> Confirmation:
    in_window = reading.in_days(*window)
    runs = find_runs(reading, reading.response)
    onset = first_day(reading, in_window & starts_pair(reading, runs))
    cr_runs = find_runs(reading, reading.cr)
    open_onset = first_day(reading, in_window & in_open_run(reading, runs))
    on_study = reading.course.subjects.on_study
    return Confirmation(
        onset=onset,
        cr_onset=first_day(reading, in_window & starts_pair(reading, cr_runs)),
        confirmed_on=_confirming_day(reading, onset),
        pending=np.isnan(onset) & on_study & np.isnan(reading.search_end) & ~np.isnan(open_onset),
        open_onset=open_onset,
        no_record=~any_of(reading.subject, in_window, reading.subjects),
        failed_by_end=failed_by(reading, window[1]),
    )


def confirmed_response(course: Course, endpoint) -> pd.DataFrame:
    """ADRS rows of a `confirmed_response` endpoint."""
    reading = read_endpoint(course, endpoint)
    low, high = window_of(reading)
    found = confirm(reading, (low, high))
    answer = first_that_fits(
        {
            "CR": ~np.isnan(found.cr_onset),
            "R": ~np.isnan(found.onset),
            "PENDING": found.pending,
            "MISSING": found.no_record & ~found.failed_by_end,
        },
        otherwise="NR",
    )
    return response_rows(
        course,
        endpoint,
        answer,
        due_day=high + endpoint.confirm_days,
        REASON=np.where(answer == "NR", _reason(reading, found), ""),
        ONSETDY=found.onset,
        CRONSDY=found.cr_onset,
        CONFDY=found.confirmed_on,
        NOBLEED=reading.unassessed(reading.in_days(low, high)),
    )


def first_day(reading: Reading, chosen: np.ndarray) -> np.ndarray:
    """Per subject the day of the first chosen record, NaN without one."""
    return pick(reading.day, first_index(reading.subject, chosen, reading.subjects))


def failed_by(reading: Reading, day: float) -> np.ndarray:
    """Whether each subject's search ended, or the subject died, on or before a day."""
    return (reading.search_end <= day) | (reading.course.subjects.death <= day)


def _confirming_day(reading: Reading, onset: np.ndarray) -> np.ndarray:
    """The first usable record `confirm_days` after the onset; being in the onset's run it confirms it."""
    confirmed_on = np.full(len(onset), np.nan)
    responders = np.flatnonzero(~np.isnan(onset))
    used = np.flatnonzero(reading.usable)
    earliest = sort_key(responders, onset[responders] + reading.endpoint.confirm_days)
    position = np.searchsorted(reading.course.records.key[used], earliest, side="left")
    confirmed_on[responders] = reading.day[used[position]]
    return confirmed_on


def _reason(reading: Reading, found: Confirmation) -> np.ndarray:
    """Why a subject without a confirmed response is a non-responder."""
    low, high = window_of(reading)
    in_window = reading.in_days(low, high)

    def some(chosen: np.ndarray) -> np.ndarray:
        return any_of(reading.subject, in_window & chosen, reading.subjects)

    return first_that_fits(
        {
            "rescue": (reading.search_end <= high) | (~found.no_record & ~some(reading.usable)),
            "death": found.no_record,
            "unconfirmed": some(reading.response),
            "bleeding": some(reading.response_by_count),
        },
        otherwise="never reached",
    )
