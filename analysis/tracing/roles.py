"""What part each platelet record plays in an answer: onset, confirms, breaks, loss, censors, visit record.

docs/reference/endpoints.md, section 5.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analysis.endpoints.at_visit import scheduled_weeks, visit_record
from analysis.endpoints.runs import find_runs, within_pair
from analysis.endpoints.times import last_day
from analysis.tracing.case import Case
from analysis.visits import visit_label

LOSS_SENTENCES = {
    "death": "Died this day.",
    "rescue": "Rescue started this day: response lost.",
    "bleeding": "Bleeding this day: response lost.",
    "count": "First of two low counts in a row: response lost.",
}
FAILURE_SENTENCES = {
    "death": "Died this day.",
    "new_therapy": "New therapy started this day: treatment failure.",
    "rescue": "Rescue started this day: treatment failure.",
    "bleeding": "Bleeding this day: treatment failure.",
    "count": "First of two low counts in a row: treatment failure.",
}


@dataclass(frozen=True)
class Role:
    """The part of the record on a day, in one word, and the sentence that says so."""

    day: float
    name: str
    sentence: str


def roles(case: Case) -> dict[float, Role]:
    """The role of each day that has one; a day without a record is told of by the verdict alone."""
    found = _by_kind(case)
    return {role.day: role for role in reversed(found)}


def _by_kind(case: Case) -> list[Role]:
    kind = case.endpoint.kind
    if kind in ("response_at_visit", "durable_counts"):
        return _visit_roles(case)
    if kind in ("time_in_response", "max_bleeding"):
        return []
    if kind == "treatment_failure":
        return _event_or_censoring(case, FAILURE_SENTENCES)
    if np.isnan(case.onset):
        censored = [_censors(case.answer["AVAL"])] if kind == "time_to_response" else []
        return censored + _breaks(case, before=np.inf)
    lost = _loss_roles(case) if kind in ("sustained_response", "duration_of_response") else []
    return lost + _onset_roles(case) + _breaks(case, before=case.onset)


def _onset_roles(case: Case) -> list[Role]:
    onset, days = case.onset, case.endpoint.confirm_days
    if days == 0:
        return [Role(onset, "onset", "No second count is asked for.")]
    used = case.reading.day[case.reading.usable]
    confirmed_on = used[used >= onset + days][0]
    return [
        Role(onset, "onset", "First that a later count confirms."),
        Role(
            confirmed_on,
            "confirms",
            f"{confirmed_on - onset:g} days after onset, none failing between: confirmed.",
        ),
    ]


def _loss_roles(case: Case) -> list[Role]:
    day, cause = case.loss()
    if not np.isnan(day):
        return [Role(day, "loss", LOSS_SENTENCES[cause])]
    if case.endpoint.kind == "duration_of_response":
        return [_censors(last_day(case.reading, case.reading.response)[0])]
    return []


def _event_or_censoring(case: Case, sentences: dict[str, str]) -> list[Role]:
    event = case.answer["EVNTDESC"]
    day = case.answer["AVAL"]
    return [Role(day, "loss", sentences[event])] if event else [_censors(day)]


def _censors(day: float) -> Role:
    return Role(day, "censors", "Followed for this endpoint until here: censored.")


def _breaks(case: Case, *, before: float) -> list[Role]:
    """Records that end a response before it was confirmed."""
    reading = case.reading
    runs = find_runs(reading, reading.response)
    unconfirmed = reading.response & ~within_pair(reading, runs)
    used = np.flatnonzero(reading.usable)
    return [
        Role(
            reading.day[after],
            "breaks",
            f"Breaks the response of day {runs.first_day[last]:g} before it was confirmed.",
        )
        for last, after in pairwise(used)
        if unconfirmed[last] and not reading.response[after] and reading.day[after] < before
    ]


def _visit_roles(case: Case) -> list[Role]:
    course, endpoint = case.reading.course, case.endpoint
    weeks: list | np.ndarray = (
        [endpoint.avisitn] if endpoint.kind == "response_at_visit" else scheduled_weeks(course, endpoint)
    )
    records = {week: visit_record(case.reading, week)[0] for week in weeks}
    return [
        Role(case.reading.day[record], "visit record", f"Stands for {visit_label(week).lower()}.")
        for week, record in records.items()
        if record >= 0
    ]
