"""The sentence for each platelet record: the clause of the rule that decided about it, in field words.

Day and count stand beside the sentence and are not repeated in it.
"""

import numpy as np

from analysis.endpoints.days import add_days
from analysis.endpoints.reading import TOLERANCE
from analysis.tracing.case import Case

FOLD_WORDS = {2.0: "twice", 3.0: "three times"}


def threshold(case: Case, record: int) -> float:
    """The count a record is held against: max(r_count, r_fold x BASE) for a response; NaN when it needs a baseline."""
    endpoint, base = case.endpoint, case.reading.course.records.base[record]
    if endpoint.kind == "durable_counts":
        return endpoint.threshold
    if endpoint.kind == "treatment_failure":
        return endpoint.failure_count
    if judged_by_hold(case, record):
        least = endpoint.r_count if endpoint.hold_count is None else endpoint.hold_count
        return _needed(least, endpoint.hold_fold, base)
    return _needed(endpoint.r_count, endpoint.r_fold, base)


def judged_by_hold(case: Case, record: int) -> bool:
    """Whether the record comes after the onset of a response that has to hold."""
    return case.endpoint.kind == "sustained_response" and case.reading.day[record] > case.onset


def level(case: Case, record: int) -> str:
    """The level of a usable record as its endpoint calls it, "" for any other."""
    reading = case.reading
    if not reading.usable[record] or case.endpoint.kind == "max_bleeding":
        return ""
    reached = _reaches(case, record, threshold(case, record))
    if case.endpoint.kind == "durable_counts":
        return "reached" if reached else "below"
    if case.endpoint.kind == "treatment_failure":
        return "at least" if reached else "below"
    if reading.cr[record]:
        return "CR"
    if judged_by_hold(case, record):
        return "holds" if reached and not reading.bleeding[record] else "NR"
    return "R" if reading.response[record] else "NR"


def clause(case: Case, record: int) -> str:
    """Why a record was not usable, or what its level is and why."""
    if case.endpoint.kind == "max_bleeding":
        return "This endpoint reads bleeding, not platelets."
    if not case.reading.usable[record]:
        return _unusable(case, record)
    if case.endpoint.kind in ("durable_counts", "treatment_failure"):
        limit = threshold(case, record)
        return (
            f"At least {limit:g}." if level(case, record) in ("reached", "at least") else f"Below {limit:g}."
        )
    return _levelled(case, record)


def baseline_clause(case: Case, base: float) -> str:
    """What the baseline asks of a response."""
    endpoint = case.endpoint
    if endpoint.kind in ("durable_counts", "treatment_failure", "max_bleeding"):
        return "Baseline."
    if endpoint.r_fold == 0:
        return f"Baseline. A response needs at least {endpoint.r_count:g}."
    fold = FOLD_WORDS.get(endpoint.r_fold, f"{endpoint.r_fold:g} times")
    needed = max(endpoint.r_count, endpoint.r_fold * base)
    return f"Baseline. A response needs at least {needed:g}: {endpoint.r_count:g}, and {fold} {base:g}."


def shadow_days(case: Case, record: int) -> str:
    """The days of the shadow on a record: "70 to 98", "from 70" when it does not end, "" without a shadow."""
    rescues, shadow = case.reading.rescues, case.reading.shadow[record]
    if shadow < 0:
        return ""
    start, end = rescues.start[shadow], rescues.end[shadow]
    return f"{start:g} to {end:g}" if np.isfinite(end) else f"from {start:g}"


def _reaches(case: Case, record: int, limit: float) -> bool:
    """Whether a record is at least a limit, which may be a product."""
    return bool(case.reading.course.records.count[record] >= limit - TOLERANCE)


def _needed(least: float, fold: float, base: float) -> float:
    return least if fold == 0 else max(least, fold * base) if base == base else np.nan


def _unusable(case: Case, record: int) -> str:
    day = case.reading.day[record]
    if day < 2:
        return "Before day 2: not used."
    if case.endpoint.rescue == "nonresponse" and day == case.search_end:
        return "Rescue started this day: not used."
    if case.endpoint.rescue == "nonresponse" and day > case.search_end:
        return f"After the start of rescue on day {case.search_end:g}: not used."
    return f"{_shadow_reason(case, record)}: not used."


def _shadow_reason(case: Case, record: int) -> str:
    rescues, shadow = case.reading.rescues, case.reading.shadow[record]
    name, start, end = rescues.cmclas[shadow], rescues.start[shadow], rescues.end[shadow]
    if rescues.new_therapy[shadow]:
        return f"After the start of {name} on day {start:g}"
    if not np.isfinite(end):
        return f"During {name}, running since day {start:g}"
    washout = _washout(case, name)
    stopped = add_days(end, -washout)
    given = f"on day {start:g}" if stopped == start else f"from day {start:g} to {stopped:g}"
    if case.reading.day[record] <= stopped:
        return f"During {name} {given}"
    return f"Within {washout:g} days after {name} {given}"


def _washout(case: Case, cmclas: str) -> int:
    rescue = case.reading.course.definition.rescue
    return next(named.washout_days for named in rescue if named.cmclas == cmclas)


def _levelled(case: Case, record: int) -> str:
    reading, endpoint = case.reading, case.endpoint
    hold = judged_by_hold(case, record)
    limit = threshold(case, record)
    if reading.cr_by_count[record] or np.isnan(limit):
        limit = endpoint.cr_count
    failing = "does not hold" if hold else "no response"
    if level(case, record) == "NR" and not _reaches(case, record, min(limit, endpoint.cr_count)):
        no_base = np.isnan(threshold(case, record))
        why = "; without a baseline only a complete response counts" if no_base else ""
        return f"Below {min(limit, endpoint.cr_count):g}: {failing}{why}."
    word = {"CR": "complete response", "R": "response", "holds": "the response holds", "NR": failing}
    return f"At least {limit:g}{_bleeding(case, record)}: {word[level(case, record)]}."


def _bleeding(case: Case, record: int) -> str:
    """How bleeding was read with the record; "" when the endpoint does not look at it."""
    endpoint, assessed = case.endpoint, case.reading.assessed
    grade, day = assessed.grade[record], assessed.day[record]
    if not endpoint.bleeding:
        return ""
    if np.isnan(grade):
        within = f" within {endpoint.bleeding_window_days} days"
        return (
            f", but no bleeding assessment{within}"
            if case.reading.bleeding[record]
            else ", bleeding not assessed"
        )
    if case.reading.bleeding[record]:
        return f", but bleeding of grade {grade:g} on day {day:g}"
    return ", no bleeding" if grade <= 0 else f", bleeding of no more than grade {grade:g}"
