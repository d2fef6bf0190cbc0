"""Loss of a response, and the counts below a threshold that stand behind it.

Rule: docs/reference/endpoints.md, section 2 "Loss" (L1 count, L2 bleeding, L3 rescue, L4 death); IWG 2009
(Rodeghiero, Blood 2009;113:2386) asks for two counts at least one day apart for the loss.
"""

import numpy as np

from analysis.endpoints.per_subject import earliest, first_index, pick
from analysis.endpoints.reading import Reading


def find_loss(
    reading: Reading, onset: np.ndarray, held_by_count: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Per subject the day and cause ("death", "rescue", "bleeding", "count") of the loss after an onset.

    `held_by_count` says for each usable record whether its count holds the response. NaN and "" without a loss.
    """
    death = reading.course.subjects.death
    return earliest(
        {
            "death": np.where(death >= onset, death, np.nan),
            "rescue": first_rescue(reading, reading.rescues_interrupt, after(onset)),
            "bleeding": first_bleeding(reading, after(onset)),
            "count": first_failing_pair(reading, reading.usable & ~held_by_count, after(onset)),
        }
    )


def after(day: np.ndarray) -> np.ndarray:
    """The first day that is later; days are whole and, on treatment, without a gap."""
    return day + 1


def first_failing_pair(reading: Reading, failing: np.ndarray, from_day: np.ndarray) -> np.ndarray:
    """Day of the first of two consecutive usable records that both fail, on or after each subject's day."""
    used = np.flatnonzero(reading.usable)
    pair = failing[used[:-1]] & failing[used[1:]] & (np.diff(reading.subject[used]) == 0)
    starts = np.zeros(len(failing), dtype=bool)
    starts[used[:-1]] = pair
    starts &= reading.day >= from_day[reading.subject]
    return pick(reading.day, first_index(reading.subject, starts, reading.subjects))


def first_bleeding(reading: Reading, from_day: np.ndarray) -> np.ndarray:
    """Day of the first assessment that is bleeding, on or after each subject's day; none with the clause off."""
    if not reading.endpoint.bleeding:
        return np.full(reading.subjects, np.nan)
    assessments = reading.course.assessments_on_treatment(reading.endpoint.bleeding)
    bleeding = assessments.grade > reading.endpoint.bleeding_max
    bleeding = bleeding & (assessments.day >= from_day[assessments.subject])
    return pick(assessments.day, first_index(assessments.subject, bleeding, reading.subjects))


def first_rescue(reading: Reading, chosen: np.ndarray, from_day: np.ndarray) -> np.ndarray:
    """Start of the first chosen rescue on or after each subject's day."""
    late_enough = reading.rescues.start >= from_day[reading.rescues.subject]
    return reading.rescues.first_start(chosen & late_enough, reading.subjects)
