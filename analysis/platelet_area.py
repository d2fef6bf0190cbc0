"""The platelet curve summed up per participant: its time-averaged count, and the weeks at or above a threshold.

Both look at the days from day 1 to one end day for everybody, the target day of a visit, and at the participants
who are due at that visit: its window has closed at their cut day, whatever happened to them. The rules in full:
docs/reference/methods/without_a_model.md.
"""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData, course_of
from analysis.endpoints.course import Course
from analysis.endpoints.days import calendar
from analysis.endpoints.in_response import holds_until
from analysis.endpoints.reading import read_endpoint
from analysis.endpoints.shadows import merge_shadows
from analysis.visits import visit_windows
from trialdata.definition import Endpoint, StudyDefinition
from trialdata.errors import StudyDataError

MAX_GAP_DAYS = 28
LEAST_COVERED = 0.5  # of the days from day 1 to the end day


def platelet_areas(
    data: AnalysisData, *, week: float, threshold: float = 50, outside: bool = False
) -> pd.DataFrame:
    """One row per participant due at the visit of `week`: AREA and DAYS, AVERAGE, WEEKS and NOTE.

    AREA (10^9/L x days) is that of straight lines between neighbouring counts from baseline (standing on day 1) to
    the visit's target day, over the DAYS that lie between two counts at most `max_gap` apart; AVERAGE is AREA / DAYS,
    NaN (NOTE says why) without baseline or with fewer than half of the days covered. `outside` leaves out the
    lines that touch the shadow of a rescue. WEEKS: the weeks from day 2 to the target day on which the count that holds
    is at least `threshold`, outside every shadow.
    """
    windows = visit_windows(data.definition.visits).set_index("AVISITN")
    if week <= 0 or week not in windows.index:
        raise StudyDataError(
            f"Week {week:g} is not a scheduled visit after baseline; choose one of [visits] weeks."
        )
    course, end = course_of(data), float(windows["TARGET"].loc[week])
    gap = max_gap_days(data.definition)
    area, days = curve_area(data, course, end=end, max_gap_days=gap, outside=outside)
    weeks = days_at_or_above(course, threshold, end=end, max_gap_days=gap) / 7
    based = np.isin(course.subjects.usubjid, data.adsl.loc[data.adsl["BASE"].notna(), "USUBJID"])
    enough = based & (days >= LEAST_COVERED * (end - 1))
    average = np.divide(area, days, out=np.full(len(days), np.nan), where=enough & (days > 0))
    frame = pd.DataFrame(
        {
            "USUBJID": course.subjects.usubjid,
            "AREA": area,
            "DAYS": days,
            "AVERAGE": average,
            "WEEKS": weeks,
            "NOTE": np.where(
                enough, "", np.where(based, "fewer than half of the days covered", "no baseline")
            ),
        }
    )
    due = course.subjects.cut >= windows["HIGH"].loc[week]
    return frame[due].reset_index(drop=True)


def max_gap_days(definition: StudyDefinition) -> int:
    """How far apart two counts may lie: as in the study's `time_in_response` endpoint, else 28 days."""
    own = [e.max_gap_days for e in definition.endpoints if e.kind == "time_in_response"]
    return own[0] if own else MAX_GAP_DAYS


def curve_area(
    data: AnalysisData, course: Course, *, end: float, max_gap_days: float, outside: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Per subject the area under the counts from day 1 to `end`, and the days it covers.

    Trapezoids between neighbouring records; the line into the first record after `end` is cut at `end`.
    """
    subject, day, count = _curve(data, course)
    pairs = np.flatnonzero((np.diff(subject) == 0) & (day[:-1] < end))
    left, right = calendar(day[pairs]), calendar(day[pairs + 1])
    until = np.minimum(right, calendar(np.array(end)))
    covered = right - left <= max_gap_days
    if outside:
        shadows = merge_shadows(course.rescues(None))
        last = np.minimum(day[pairs + 1], end)
        covered &= shadows.days_between(subject[pairs], day[pairs], last) == 0
    slope = (count[pairs + 1] - count[pairs]) / (right - left)
    trapezoid = (until - left) * (count[pairs] + slope * (until - left) / 2)
    size = len(course.subjects)
    return (
        np.bincount(subject[pairs], weights=np.where(covered, trapezoid, 0), minlength=size),
        np.bincount(subject[pairs], weights=np.where(covered, until - left, 0), minlength=size),
    )


def days_at_or_above(course: Course, threshold: float, *, end: float, max_gap_days: int) -> np.ndarray:
    """Per subject the days from day 2 to `end` on which the count that holds is at least `threshold`.

    A count holds as in `time_in_response`: from its own day to the day before the next one, at most `max_gap_days`
    days, on no day in the shadow of a rescue of any class, and not beyond the last one outside them.
    """
    at_or_above = Endpoint(
        paramcd="",
        label="",
        kind="time_in_response",
        r_count=threshold,
        r_fold=0,
        cr_count=threshold,
        rescue="washout",
        max_gap_days=max_gap_days,
    )
    reading = read_endpoint(course, at_or_above)
    held = reading.response & (reading.day <= end)
    subject, first = reading.subject[held], reading.day[held]
    last = np.minimum(holds_until(reading)[held], end)
    days = last - first + 1 - merge_shadows(reading.rescues).days_between(subject, first, last)
    return np.bincount(subject, weights=days, minlength=reading.subjects)


def compared_values(areas: pd.DataFrame, column: str, arm_of: pd.Series) -> pd.DataFrame:
    """ARM and AVAL of everybody with a value in `column`; `arm_of` gives the arm by USUBJID, of the analysis set."""
    values = areas.assign(ARM=areas["USUBJID"].map(arm_of), AVAL=areas[column])
    return values[values["ARM"].notna() & values["AVAL"].notna()].reset_index(drop=True)


def _curve(data: AnalysisData, course: Course) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Subject, day and count of the points of every curve: the baseline on day 1, then the records from day 2 on.

    A count reported as `<n` stands for n.
    """
    records = data.adlb[
        (data.adlb["PARAMCD"] == "PLAT") & (data.adlb["RECFL"] == "Y") & (data.adlb["ADY"] >= 2)
    ]
    based = data.adsl[data.adsl["BASE"].notna()]
    subject = course.subjects.number_of(pd.concat([based["USUBJID"], records["USUBJID"]]))
    day = np.append(np.ones(len(based)), records["ADY"].to_numpy(float))
    count = np.append(based["BASE"].to_numpy(float), records["AVAL"].to_numpy(float))
    order = np.lexsort((day, subject))
    return subject[order], day[order], count[order]
