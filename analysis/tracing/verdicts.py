"""The answer of an endpoint for one participant, and why, in one or two plain sentences."""

import numpy as np

from analysis.endpoints.at_visit import visit_record, visits_reached
from analysis.tracing.case import Case
from analysis.visits import visit_label

CAUSES = {
    "death": "death",
    "rescue": "rescue",
    "new_therapy": "start of a new therapy",
    "bleeding": "bleeding",
    "count": "two low counts in a row",
}
CENSORED = {
    "rescue": "rescue ended the search",
    "death": "death",
    "completed": "study completed",
    "left the study": "left the study",
    "end of window": "end of the window",
    "data cutoff": "data cutoff",
}


def verdict(case: Case) -> str:
    """The answer and why; for an endpoint with a due day, also that it has not come yet."""
    said = SENTENCES[case.endpoint.kind](case)
    if case.answer.get("DUEFL") != "N":
        return said
    due = case.answer["DUEDY"]
    return (
        f"{said} Not yet due: the last possible day is day {due:g}."
        if np.isfinite(due)
        else f"{said} Not yet due."
    )


def _confirmed(case: Case) -> str:
    answer = case.answer["AVALC"]
    if answer in ("CR", "R"):
        return f"{_responded(case)}."
    if answer == "PENDING":
        return f"Pending: in response at the last count, on day {case.last_used:g}, and not yet confirmed."
    if answer == "MISSING":
        return f"Missing: no count on {_window(case)}."
    so_far = " so far" if case.answer["DUEFL"] == "N" else ""
    return f"No response{so_far}: {_no_response(case)}."


def _responded(case: Case) -> str:
    confirmed = f", confirmed on day {case.answer['CONFDY']:g}" if case.endpoint.confirm_days else ""
    complete = case.answer["CRONSDY"]
    if np.isnan(complete):
        return f"Response from day {case.onset:g}{confirmed}"
    if complete == case.onset:
        return f"Complete response from day {case.onset:g}{confirmed}"
    return f"Complete response from day {complete:g}; response from day {case.onset:g}{confirmed}"


def _no_response(case: Case) -> str:
    return {
        "rescue": _ended(case) or "every count lies in the shadow of a rescue",
        "death": f"died on day {_death(case):g} without a count in the window",
        "unconfirmed": "the level was reached, but never confirmed",
        "bleeding": "counts were high enough only with bleeding",
        "never reached": "no usable count reached the level",
    }[case.answer["REASON"]]


def _ended(case: Case) -> str:
    """ "rescue (IVIG) started on day 95", or "" when no rescue ended the search in the window."""
    if not case.search_end <= case.window[1]:
        return ""
    started = case.reading.rescues.start == case.search_end
    name = case.reading.rescues.cmclas[started][0]
    return f"rescue ({name}) started on day {case.search_end:g}"


def _death(case: Case) -> float:
    return case.reading.course.subjects.death[0]


def _window(case: Case) -> str:
    low, high = case.window
    return f"days {low:g} to {high:g}" if np.isfinite(high) else f"day {low:g} or later"


def _at_visit(case: Case) -> str:
    visit = (
        visit_label(np.nan if case.endpoint.avisitn is None else case.endpoint.avisitn).lower() or "the visit"
    )
    record = visit_record(case.reading, case.endpoint.avisitn)[0]
    seen = f" on day {case.reading.day[record]:g}" if record >= 0 else ""
    answer = case.answer["AVALC"]
    if answer == "MISSING":
        return f"Missing: no count in the window of {visit}."
    if answer == "NR":
        return f"No response at {visit}{seen}: {_no_visit_response(case, seen)}."
    word = {"CR": "Complete response", "R": "Response", "PENDING": "Pending: a response not yet confirmed"}[
        answer
    ]
    return f"{word} at {visit}{seen}."


def _no_visit_response(case: Case, seen: str) -> str:
    if case.answer["REASON"] == "rescue":
        return "the count is not usable because of rescue" if seen else _ended(case)
    return {
        "death": f"died on day {_death(case):g}",
        "unconfirmed": "the level was not confirmed",
        "bleeding": "the count is high enough, but there was bleeding",
        "never reached": "the count is below the level",
    }[case.answer["REASON"]]


def _sustained(case: Case) -> str:
    answer = case.answer["AVALC"]
    if answer == "MISSING":
        return f"Missing: no count on {_window(case)}."
    if np.isnan(case.onset):
        waiting = answer == "PENDING"
        return (
            "Pending: a response not yet confirmed." if waiting else "Not sustained: no confirmed response."
        )
    until = case.onset + case.endpoint.sustain_days
    if answer == "Y":
        return f"Sustained: response from day {case.onset:g} held to day {until:g}."
    if answer == "PENDING":
        return f"Pending: response from day {case.onset:g} not lost so far; it has to hold to day {until:g}."
    day, cause = case.loss()
    if day < until:
        return f"Not sustained: response from day {case.onset:g} was lost on day {day:g} ({CAUSES[cause]})."
    from_day = until - case.endpoint.tolerance_days
    return f"Not sustained: response from day {case.onset:g}, but no count shows it from day {from_day:g} on."


def _durable(case: Case) -> str:
    (count,), (available,) = visits_reached(case.reading)
    if case.answer["AVALC"] == "MISSING":
        return "Missing: no count at any of the visits."
    needed = case.endpoint.at_least
    asked = f"{needed} needed" if needed is not None else f"{case.endpoint.fraction or 1:.0%} of them needed"
    few = (
        " too few visits with a count;" if available < case.endpoint.min_available and needed is None else ""
    )
    word = "Durable" if case.answer["AVALC"] == "Y" else "Not durable"
    reached = f"at least {case.endpoint.threshold:g} at {count} of {available} visits with a count"
    return f"{word}:{few} {reached}, {asked}."


def _time_to_response(case: Case) -> str:
    if case.answer["EVNTDESC"]:
        return f"Response on day {case.answer['AVAL']:g}."
    competing = {"rescue": " Rescue", "death": " Death"}.get(case.answer["CIFEVENT"], "")
    before = f"{competing} came first, on day {case.answer['CIFDY']:g}." if competing else ""
    return f"No response until day {case.answer['AVAL']:g}: censored ({_why_censored(case)}).{before}"


def _duration(case: Case) -> str:
    if not case.answer:
        return "No confirmed response, so no duration."
    until = case.onset + case.answer["AVAL"] - 1
    if case.answer["EVNTDESC"]:
        cause = CAUSES[case.answer["EVNTDESC"]]
        return (
            f"Response from day {case.onset:g} lost on day {until:g} ({cause}): {case.answer['AVAL']:g} days."
        )
    days = f"{case.answer['AVAL']:g} days so far"
    return f"Response from day {case.onset:g} not lost by day {until:g}: {days}, censored ({_why_censored(case)})."


def _failure(case: Case) -> str:
    if case.answer["EVNTDESC"]:
        return f"Treatment failure on day {case.answer['AVAL']:g}: {CAUSES[case.answer['EVNTDESC']]}."
    return f"No treatment failure until day {case.answer['AVAL']:g}: censored ({_why_censored(case)})."


def _why_censored(case: Case) -> str:
    return CENSORED[case.answer["CNSDTDSC"]]


def _in_response(case: Case) -> str:
    days, observed = case.answer["RESPDAYS"], case.answer["OBSDAYS"]
    if np.isnan(case.answer["AVAL"]):
        return "Missing: no usable count after day 1."
    share = f"{days / observed:.0%}" if days == 0 or days / observed >= 0.005 else "less than 1%"
    return f"In response on {days:g} of {observed:g} observed days ({share})."


def _worst_bleeding(case: Case) -> str:
    baseline = case.answer["BASEGR"]
    before = "no assessment before treatment" if np.isnan(baseline) else f"grade {baseline:g} at baseline"
    if np.isnan(case.answer["AVAL"]):
        return f"Missing: no bleeding assessment on {_window(case)}; {before}."
    return f"Worst bleeding grade {case.answer['AVAL']:g} on {_window(case)}; {before}."


SENTENCES = {
    "confirmed_response": _confirmed,
    "response_at_visit": _at_visit,
    "sustained_response": _sustained,
    "durable_counts": _durable,
    "time_to_response": _time_to_response,
    "duration_of_response": _duration,
    "treatment_failure": _failure,
    "time_in_response": _in_response,
    "max_bleeding": _worst_bleeding,
}
