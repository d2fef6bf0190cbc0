"""The alternatives that are customary for an endpoint's rule, one changed key each.

IWG 2009 (Rodeghiero, Blood 2009;113:2386) has 30 and twice the baseline, confirmed after 7 days; trials of
thrombopoietin-receptor agonists ask for 50, without a fold and often without confirmation.
"""

from collections.abc import Iterator
from typing import Any

from trialdata.definition import Endpoint, StudyDefinition

Change = tuple[str, Any]


def customary_changes(definition: StudyDefinition, paramcd: str) -> list[Change]:
    """(key, value) of each alternative to the endpoint's own rule, in the order they are shown."""
    endpoint = definition.endpoint(paramcd)
    proposed = [*_of_levels(endpoint), *_of_confirmation(endpoint), *_of_visits(definition, endpoint)]
    proposed += [*_of_rescue(definition, endpoint), *_of_bleeding(definition, endpoint)]
    return [(key, value) for key, value in proposed if getattr(endpoint, key, None) != value]


def _of_levels(endpoint: Endpoint) -> Iterator[Change]:
    if endpoint.kind == "durable_counts":
        yield "threshold", 30 if endpoint.threshold == 50 else 50
        if endpoint.at_least is not None:
            yield from (("at_least", n) for n in (endpoint.at_least - 1, endpoint.at_least + 1) if n > 0)
        return
    yield "r_count", 30 if endpoint.r_count == 50 else 50
    yield "r_fold", 2 if endpoint.r_fold == 0 else 0
    if endpoint.kind == "sustained_response" and endpoint.hold_count is not None:
        yield "hold_count", 30 if endpoint.hold_count == 50 else 50


def _of_confirmation(endpoint: Endpoint) -> Iterator[Change]:
    if endpoint.kind == "response_at_visit":
        yield "confirmed", not endpoint.confirmed
    elif endpoint.kind != "durable_counts":
        yield from (("confirm_days", days) for days in (0, 7, 14))


def _of_visits(definition: StudyDefinition, endpoint: Endpoint) -> Iterator[Change]:
    """The visit before and after; a range of visits moves by one at both ends."""
    weeks = [week for week in definition.visits.weeks if week > 0]
    if endpoint.kind == "response_at_visit" and endpoint.avisitn in weeks:
        place = weeks.index(endpoint.avisitn)
        yield from (("avisitn", weeks[i]) for i in (place - 1, place + 1) if 0 <= i < len(weeks))
    if endpoint.kind == "durable_counts" and endpoint.visits and set(endpoint.visits) <= set(weeks):
        first, last = (weeks.index(week) for week in endpoint.visits)
        for step in (-1, 1):
            if first + step >= 0 and last + step < len(weeks):
                yield "visits", (weeks[first + step], weeks[last + step])


def _of_rescue(definition: StudyDefinition, endpoint: Endpoint) -> Iterator[Change]:
    classes = [
        rescue
        for rescue in definition.rescue
        if endpoint.rescue_classes is None or rescue.cmclas in endpoint.rescue_classes
    ]
    if classes:
        yield from (("rescue", handling) for handling in ("nonresponse", "washout", "ignore"))
    if endpoint.rescue != "ignore" and any(not each.new_therapy and each.washout_days for each in classes):
        yield from (("washout_times", times) for times in (2, 0))


def _of_bleeding(definition: StudyDefinition, endpoint: Endpoint) -> Iterator[Change]:
    """The clause off where it is on, else on with the scale that another endpoint of the study reads."""
    if endpoint.kind == "durable_counts":
        return
    if endpoint.bleeding:
        yield "bleeding", ""
        yield "bleeding_missing", "present" if endpoint.bleeding_missing == "absent" else "absent"
    else:
        scales = [other.bleeding for other in definition.endpoints if other.bleeding]
        yield from (("bleeding", scale) for scale in scales[:1])
