"""The endpoint kinds: a rule and the course of every participant become one row per participant.

The rules are those of docs/reference/endpoints.md, after IWG 2009 (Rodeghiero, Blood 2009;113:2386). The words they
share (records, bleeding, rescue shadows, usable, levels, runs, loss) have a module each, and so has each family of
kinds. Days are study days; counts are 10^9/L.
"""

import pandas as pd

from analysis.endpoints.at_visit import durable_counts, response_at_visit
from analysis.endpoints.confirmed import confirmed_response
from analysis.endpoints.course import Course
from analysis.endpoints.in_response import time_in_response
from analysis.endpoints.rows import RESPONSE_COLUMNS, TIME_COLUMNS
from analysis.endpoints.sustained import sustained_response
from analysis.endpoints.times import duration_of_response, time_to_response, treatment_failure
from analysis.endpoints.worst_bleeding import max_bleeding
from trialdata.definition import TIME_KINDS

RULES = {
    "confirmed_response": confirmed_response,
    "response_at_visit": response_at_visit,
    "sustained_response": sustained_response,
    "durable_counts": durable_counts,
    "time_to_response": time_to_response,
    "duration_of_response": duration_of_response,
    "treatment_failure": treatment_failure,
    "time_in_response": time_in_response,
    "max_bleeding": max_bleeding,
}


def derive_responses(course: Course) -> pd.DataFrame:
    """ADRS: one row per subject and endpoint of every kind but times to an event, in the study's order of endpoints."""
    endpoints = [endpoint for endpoint in course.definition.endpoints if endpoint.kind not in TIME_KINDS]
    return _stacked([RULES[endpoint.kind](course, endpoint) for endpoint in endpoints], RESPONSE_COLUMNS)


def derive_times(course: Course) -> pd.DataFrame:
    """ADTTE: one row per subject and time-to-event endpoint; of a duration only the responders."""
    endpoints = [endpoint for endpoint in course.definition.endpoints if endpoint.kind in TIME_KINDS]
    return _stacked([RULES[endpoint.kind](course, endpoint) for endpoint in endpoints], TIME_COLUMNS)


def _stacked(frames: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    if not frames:
        return pd.DataFrame({name: pd.Series(dtype="str" if name in TEXT else float) for name in columns})
    return pd.concat(frames, ignore_index=True)


TEXT = {"USUBJID", "PARAMCD", "AVALC", "DUEFL", "REASON", "EVNTDESC", "CNSDTDSC", "CIFEVENT"}
