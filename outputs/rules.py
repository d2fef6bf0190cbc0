"""An endpoint's rule in words, term by term, with the keys each sentence rests on."""

from dataclasses import dataclass

from trialdata.definition import Endpoint, StudyDefinition


@dataclass(frozen=True)
class Clause:
    """One line of a rule: what it is about, the sentence, and the definition keys behind it."""

    term: str
    sentence: str
    keys: tuple[str, ...] = ()

    def assumed_in(self, endpoint: Endpoint) -> bool:
        """The registry is silent about this line."""
        if endpoint.source == "assumed":
            return True
        return any(key in endpoint.assumed for key in self.keys)


def rule(endpoint: Endpoint, definition: StudyDefinition) -> tuple[Clause, ...]:
    """The rule of one endpoint as a reader of the protocol would write it."""
    return (*_OWN[endpoint.kind](endpoint), *_shared(endpoint, definition))


def _number(value: float) -> str:
    return f"{value:g}"


def _window(endpoint: Endpoint) -> str:
    low, high = endpoint.window_days or (2, 0)
    return f"day {low} to day {high}"


def _levels(endpoint: Endpoint) -> tuple[Clause, ...]:
    bleeding = ", no bleeding" if endpoint.bleeding else ""
    fold = f" and at least {_fold(endpoint.r_fold)}" if endpoint.r_fold else ""
    return (
        Clause("CR", f"At least {_number(endpoint.cr_count)} ×10⁹/L{bleeding}", ("cr_count",)),
        Clause("R", f"At least {_number(endpoint.r_count)} ×10⁹/L{fold}{bleeding}", ("r_count", "r_fold")),
    )


def _fold(fold: float) -> str:
    return "twice the baseline" if fold == 2 else f"{_number(fold)} times the baseline"


def _confirmation(endpoint: Endpoint) -> Clause:
    if endpoint.confirm_days == 0:
        return Clause("Confirmed", "One count is enough", ("confirm_days",))
    sentence = f"Two counts, {endpoint.confirm_days} or more days apart, none failing between"
    return Clause("Confirmed", sentence, ("confirm_days",))


def _confirmed_response(endpoint: Endpoint) -> tuple[Clause, ...]:
    return (
        Clause("Endpoint", f"Best confirmed response, {_window(endpoint)}", ("window_days",)),
        *_levels(endpoint),
        _confirmation(endpoint),
    )


def _response_at_visit(endpoint: Endpoint) -> tuple[Clause, ...]:
    week = _number(endpoint.avisitn or 0)
    sentence = f"Response at week {week}: the count nearest to day {7 * (endpoint.avisitn or 0) + 1:g}"
    confirmed = (_confirmation(endpoint),) if endpoint.confirmed else ()
    return (Clause("Endpoint", sentence, ("avisitn",)), *_levels(endpoint), *confirmed)


def _sustained_response(endpoint: Endpoint) -> tuple[Clause, ...]:
    hold = _number(endpoint.hold_count if endpoint.hold_count is not None else endpoint.r_count)
    return (
        Clause("Endpoint", f"Sustained response, {_window(endpoint)}", ("window_days",)),
        *_levels(endpoint),
        _confirmation(endpoint),
        Clause(
            "Sustained",
            f"Held for {endpoint.sustain_days} days from onset, with a count at that time "
            f"({endpoint.tolerance_days} days of tolerance)",
            ("sustain_days", "tolerance_days"),
        ),
        Clause("Held", f"CR, or at least {hold} ×10⁹/L, no loss of response", ("hold_count", "hold_fold")),
    )


def _durable_counts(endpoint: Endpoint) -> tuple[Clause, ...]:
    first, last = endpoint.visits or (0, 0)
    share = (
        f"at least {endpoint.at_least} visits"
        if endpoint.at_least is not None
        else f"at least {(endpoint.fraction or 0):.0%} of the visits with a count"
    )
    sentence = f"At least {_number(endpoint.threshold)} ×10⁹/L at {share}, weeks {first:g} to {last:g}"
    return (Clause("Endpoint", sentence, ("threshold", "visits", "at_least", "fraction")),)


def _time_to_response(endpoint: Endpoint) -> tuple[Clause, ...]:
    high = (endpoint.window_days or (2, 0))[1]
    sentence = f"Day 1 to the onset of the first confirmed response, up to day {high}"
    return (
        Clause("Endpoint", sentence, ("window_days",)),
        *_levels(endpoint),
        _confirmation(endpoint),
        Clause("Competing events", "Rescue and death before a response (cumulative incidence)"),
    )


def _duration_of_response(endpoint: Endpoint) -> tuple[Clause, ...]:
    return (
        Clause("Endpoint", "Responders only: onset of response to its loss", ("window_days",)),
        *_levels(endpoint),
        _confirmation(endpoint),
        Clause("Loss", "Two consecutive counts below response level, bleeding, rescue or death"),
    )


FAILURE_WORDS = {
    "count": "two consecutive counts below {count} ×10⁹/L",
    "rescue": "rescue",
    "new_therapy": "a new ITP therapy",
    "bleeding": "bleeding",
    "death": "death",
}


def _treatment_failure(endpoint: Endpoint) -> tuple[Clause, ...]:
    parts = []
    for event in endpoint.events:
        words = FAILURE_WORDS[event].format(count=_number(endpoint.failure_count))
        day = endpoint.from_day.get(event)
        parts.append(f"{words} (from day {day})" if day else words)
    sentence = f"Day 1 to the first of: {'; '.join(parts)}"
    return (Clause("Endpoint", sentence, ("events", "from_day", "failure_count")),)


def _time_in_response(endpoint: Endpoint) -> tuple[Clause, ...]:
    return (
        Clause("Endpoint", "Days in response as a share of the days observed"),
        *_levels(endpoint),
        Clause(
            "One count stands for", f"Up to {endpoint.max_gap_days} days, unless shadowed", ("max_gap_days",)
        ),
    )


def _max_bleeding(endpoint: Endpoint) -> tuple[Clause, ...]:
    return (Clause("Endpoint", f"Worst bleeding grade, {_window(endpoint)}", ("window_days", "bleeding")),)


_OWN = {
    "confirmed_response": _confirmed_response,
    "response_at_visit": _response_at_visit,
    "sustained_response": _sustained_response,
    "durable_counts": _durable_counts,
    "time_to_response": _time_to_response,
    "duration_of_response": _duration_of_response,
    "treatment_failure": _treatment_failure,
    "time_in_response": _time_in_response,
    "max_bleeding": _max_bleeding,
}

ABBREVIATIONS = ("IVIG", "ITP", "TPO-RA", "RHTPO", "BTK", "SYK", "JAK", "FCRN", "CD20", "CD38", "MMF")
RESCUE_WORDS = {
    "nonresponse": "Ends the search: no response afterwards",
    "washout": "Counts in the shadow of rescue are not used; a new ITP therapy ends the search",
    "ignore": "Not considered",
}


def _shared(endpoint: Endpoint, definition: StudyDefinition) -> tuple[Clause, ...]:
    if endpoint.kind == "max_bleeding":
        return ()
    clauses = [
        Clause("Rescue", _rescue(endpoint, definition), ("rescue", "rescue_classes", "rescue_grace_day"))
    ]
    if endpoint.bleeding and endpoint.kind != "durable_counts":
        clauses.append(
            Clause("Bleeding", _bleeding(endpoint), ("bleeding", "bleeding_max", "bleeding_missing"))
        )
    return tuple(clauses)


def in_words(cmclas: str) -> str:
    """A CMCLAS as it is read: "NEW ITP THERAPY" becomes "new ITP therapy"."""
    return " ".join(word if word in ABBREVIATIONS else word.lower() for word in cmclas.split())


def _rescue(endpoint: Endpoint, definition: StudyDefinition) -> str:
    classes = endpoint.rescue_classes
    names = [c.cmclas for c in definition.rescue if classes is None or c.cmclas in classes]
    listed = f" ({'; '.join(map(in_words, names))})"
    grace = (
        f"; rescue up to day {endpoint.rescue_grace_day} only shadows"
        if endpoint.rescue_grace_day > 0
        else ""
    )
    return RESCUE_WORDS[endpoint.rescue] + grace + (listed if names else ": no class is listed")


def _bleeding(endpoint: Endpoint) -> str:
    grade = f"{endpoint.bleeding_max + 1:g}" if endpoint.bleeding_max == int(endpoint.bleeding_max) else ""
    above = f"grade {grade} or more" if grade else f"grade above {endpoint.bleeding_max:g}"
    missing = "no bleeding" if endpoint.bleeding_missing == "absent" else "bleeding"
    return (
        f"{endpoint.bleeding}, {above}, assessed within {endpoint.bleeding_window_days} days of the count; "
        f"not assessed reads as {missing}"
    )
