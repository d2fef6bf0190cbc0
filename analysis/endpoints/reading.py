"""How one endpoint reads every platelet record: bleeding, shadow, usable or not, and the levels it reaches.

Rule: docs/reference/endpoints.md, section 1; CR and R are those of IWG 2009 (Rodeghiero, Blood 2009;113:2386).
"""

from dataclasses import dataclass

import numpy as np

from analysis.endpoints.bleeding import BleedingAtRecords
from analysis.endpoints.course import Course
from analysis.endpoints.rescue import Rescues
from trialdata.definition import Endpoint

TOLERANCE = 1e-9  # of products and shares
WORDS = (  # the parameters that decide how records are read
    *(
        "r_count",
        "r_fold",
        "cr_count",
        "bleeding",
        "bleeding_max",
        "bleeding_window_days",
        "bleeding_missing",
    ),
    *("rescue", "rescue_classes", "rescue_grace_day"),
)


@dataclass(frozen=True, eq=False)
class Reading:
    """One element per record, but for `rescues`, `counting` (one per rescue) and `search_end` (one per subject).

    The levels are those of usable records; `..._by_count` leaves bleeding out.
    """

    course: Course
    endpoint: Endpoint
    rescues: Rescues
    counting: np.ndarray
    search_end: np.ndarray  # day, NaN never
    shadow: np.ndarray  # position of the covering rescue, -1 without
    assessed: BleedingAtRecords
    bleeding: np.ndarray
    usable: np.ndarray
    cr_by_count: np.ndarray
    response_by_count: np.ndarray
    cr: np.ndarray
    response: np.ndarray

    @property
    def words(self) -> tuple:
        """What two endpoints have in common when they read every record alike."""
        return tuple(getattr(self.endpoint, word) for word in WORDS)

    @property
    def subject(self) -> np.ndarray:
        return self.course.records.subject

    @property
    def day(self) -> np.ndarray:
        return self.course.records.day

    @property
    def subjects(self) -> int:
        return len(self.course.subjects)

    @property
    def rescues_interrupt(self) -> np.ndarray:
        """Whether each rescue interrupts runs and loses a response."""
        return self.counting & (self.endpoint.rescue != "ignore")

    def in_days(self, low: float, high: float) -> np.ndarray:
        """Whether each record, usable or not, lies on a day in [low, high]."""
        return (self.day >= low) & (self.day <= high)

    def at_level(self, level_by_count: np.ndarray) -> np.ndarray:
        return level_by_count & ~self.bleeding

    def unassessed(self, chosen: np.ndarray) -> np.ndarray:
        """Per subject the chosen usable records read without a bleeding assessment, where one is asked for."""
        read_without = chosen & self.usable & np.isnan(self.assessed.grade) & bool(self.endpoint.bleeding)
        return np.bincount(self.subject[read_without], minlength=self.subjects)


def read_endpoint(course: Course, endpoint: Endpoint) -> Reading:
    """Every record of the course in the words of one endpoint."""
    rescues = course.rescues(endpoint.rescue_classes)
    counting = rescues.counting(endpoint.rescue_grace_day)
    search_end = rescues.first_start(_ends_search(rescues, counting, endpoint), len(course.subjects))
    shadow = course.shadow(endpoint.rescue_classes)
    usable = _usable(course, endpoint, shadow, search_end)
    assessed = course.bleeding(endpoint.bleeding, endpoint.bleeding_window_days)
    bleeding = _bleeding(assessed, endpoint)
    count = course.records.count
    cr = usable & (count >= endpoint.cr_count)
    response = cr | (usable & reaches(count, course.records.base, endpoint.r_count, endpoint.r_fold))
    return Reading(
        course=course,
        endpoint=endpoint,
        rescues=rescues,
        counting=counting,
        search_end=search_end,
        shadow=shadow,
        assessed=assessed,
        bleeding=bleeding,
        usable=usable,
        cr_by_count=cr,
        response_by_count=response,
        cr=cr & ~bleeding,
        response=response & ~bleeding,
    )


def reaches(count: np.ndarray, base: np.ndarray, least: float, fold: float) -> np.ndarray:
    """Whether each count is at least `least` and at least `fold` x BASE; without BASE no fold is reached."""
    if fold == 0:
        return count >= least
    return (count >= least) & (count >= fold * base - TOLERANCE)


def _ends_search(rescues: Rescues, counting: np.ndarray, endpoint: Endpoint) -> np.ndarray:
    if endpoint.rescue == "nonresponse":
        return counting
    return rescues.new_therapy & (endpoint.rescue == "washout")


def _usable(course: Course, endpoint: Endpoint, shadow: np.ndarray, search_end: np.ndarray) -> np.ndarray:
    usable = course.records.day >= 2
    if endpoint.rescue != "ignore":
        usable = usable & (shadow < 0)
    if endpoint.rescue == "nonresponse":
        usable = usable & ~(course.records.day >= search_end[course.records.subject])
    return usable


def _bleeding(assessed: BleedingAtRecords, endpoint: Endpoint) -> np.ndarray:
    if not endpoint.bleeding:
        return np.zeros(len(assessed.grade), dtype=bool)
    unassessed = np.isnan(assessed.grade) & (endpoint.bleeding_missing == "present")
    return (assessed.grade > endpoint.bleeding_max) | unassessed
