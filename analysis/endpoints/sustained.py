"""`sustained_response`: a confirmed response that holds for months.

Rule: docs/reference/endpoints.md, section 2. A loss is looked for after an onset; a response that is
not yet confirmed is PENDING by its open run alone.
"""

import numpy as np
import pandas as pd

from analysis.endpoints.confirmed import Confirmation, confirm, window_of
from analysis.endpoints.course import Course
from analysis.endpoints.loss import find_loss
from analysis.endpoints.per_subject import any_of
from analysis.endpoints.reading import Reading, reaches, read_endpoint
from analysis.endpoints.rows import response_rows
from analysis.words import first_that_fits
from trialdata.definition import Endpoint


def sustained_response(course: Course, endpoint: Endpoint) -> pd.DataFrame:
    """ADRS rows of a `sustained_response` endpoint."""
    reading = read_endpoint(course, endpoint)
    low, high = window_of(reading)
    found = confirm(reading, (low, high))
    loss_day, _ = find_loss(reading, found.onset, held_by_count(reading))
    last_day = high + endpoint.tolerance_days
    answer = first_that_fits(
        {
            "Y": _holds(reading, found.onset, loss_day, last_day),
            "PENDING": _pending(reading, found, loss_day, last_day),
            "MISSING": found.no_record & ~found.failed_by_end,
        },
        otherwise="N",
    )
    return response_rows(
        course,
        endpoint,
        answer,
        due_day=last_day,
        ONSETDY=found.onset,
        CRONSDY=found.cr_onset,
        CONFDY=found.confirmed_on,
        NOBLEED=reading.unassessed(reading.in_days(low, last_day)),
    )


def held_by_count(reading: Reading) -> np.ndarray:
    """Whether each usable record is at the hold level by count."""
    endpoint, records = reading.endpoint, reading.course.records
    least = endpoint.r_count if endpoint.hold_count is None else endpoint.hold_count
    held = reaches(records.count, records.base, least, endpoint.hold_fold)
    return reading.cr_by_count | (reading.usable & held)


def _holds(reading: Reading, onset: np.ndarray, loss_day: np.ndarray, last_day: float) -> np.ndarray:
    """No loss before the response has lasted, and a record that shows it around the end of that time."""
    endpoint = reading.endpoint
    shown_from = (onset + endpoint.sustain_days - endpoint.tolerance_days)[reading.subject]
    shown = (reading.day >= shown_from) & (reading.day <= last_day)
    shown &= reading.at_level(held_by_count(reading))
    lost = loss_day < onset + endpoint.sustain_days
    return ~np.isnan(onset) & ~lost & any_of(reading.subject, shown, reading.subjects)


def _pending(reading: Reading, found: Confirmation, loss_day: np.ndarray, last_day: float) -> np.ndarray:
    """Still on study with a response that may hold until the end, confirmed and unlost or not yet confirmed."""
    endpoint, subjects = reading.endpoint, reading.course.subjects
    unlost = ~np.isnan(found.onset) & np.isnan(loss_day)
    onset = np.where(unlost, found.onset, found.open_onset)
    in_time = onset + endpoint.sustain_days - endpoint.tolerance_days <= last_day
    return subjects.on_study & (subjects.cut < last_day) & in_time & (unlost | found.pending)
