"""The parameters of the chosen endpoint's rule as controls: the protocol's value first, others to choose or type."""

from collections.abc import Mapping

import streamlit as st

from outputs.rule_words import value_words
from trialdata.definition import Endpoint, StudyDefinition
from ui.session import Reading

LABELS = {
    "threshold": "Threshold",
    "at_least": "Visits needed",
    "fraction": "Share of visits",
    "visits": "Weeks",
    "avisitn": "Week",
    "r_count": "Threshold",
    "r_fold": "Fold over baseline",
    "confirmed": "Confirmation",
    "confirm_days": "Confirmed after, days",
    "sustain_days": "Held for, days",
    "hold_count": "Count that holds",
    "rescue": "Rescue",
    "washout_times": "Washout",
    "bleeding": "Bleeding clause",
}
NUMBERS = {
    "threshold": (50, 30, 100),
    "at_least": (3, 4, 5, 6),
    "r_count": (30, 50, 20, 100),
    "r_fold": (2, 0, 3),
    "confirm_days": (7, 0, 14, 28),
    "sustain_days": (182, 84, 364),
    "hold_count": (30, 50),
}
WORDS = {
    "rescue": {"nonresponse": "No response", "washout": "Washout", "ignore": "Ignored"},
    "washout_times": {"1": "As defined", "2": "Twice as long", "0.5": "Half as long", "0": "None"},
    "confirmed": {"false": "No", "true": "By a second count"},
    "fraction": {"0.5": "1/2", "2/3": "2/3", "0.75": "3/4", "1": "All"},
}
BY_KIND = {
    "confirmed_response": ("r_count", "r_fold", "confirm_days", "rescue", "washout_times", "bleeding"),
    "response_at_visit": ("avisitn", "r_count", "r_fold", "confirmed", "rescue", "washout_times", "bleeding"),
    "sustained_response": (
        *("r_count", "r_fold", "confirm_days", "sustain_days", "hold_count"),
        *("rescue", "washout_times", "bleeding"),
    ),
    "durable_counts": ("threshold", "at_least", "fraction", "visits", "rescue", "washout_times"),
}
WIDTH = 168


def rule_controls(reading: Reading) -> str:
    """Draw the controls; the changes they make, as the text that the outputs of a changed rule read."""
    definition = reading.data.definition
    options = parameters(definition, _rate_endpoint(reading))
    _of_another_endpoint(reading, options)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        chosen = {key: _control(key, words) for key, words in options.items()}
        st.button(
            "Back to the protocol",
            icon=":material/undo:",
            disabled=not _text(chosen, options),
            on_click=_reset,
            args=(options,),
        )
    return _text(chosen, options)


def parameters(definition: StudyDefinition, endpoint: Endpoint) -> dict[str, dict[str, str]]:
    """By key the values to choose from with their words, the protocol's first; a value is as in the TOML."""
    found = {key: _values(key, definition, endpoint) for key in BY_KIND[endpoint.kind]}
    return {key: words for key, words in found.items() if len(words) > 1}


def _values(key: str, definition: StudyDefinition, endpoint: Endpoint) -> dict[str, str]:
    if key == "bleeding":
        scales = [other.bleeding for other in definition.endpoints if other.bleeding]
        words = dict.fromkeys(scales[:1], "On") | {"": "Off"}
        return _first(endpoint.bleeding, words | ({endpoint.bleeding: "On"} if endpoint.bleeding else {}))
    if key == "washout_times":
        return WORDS[key]
    own = getattr(endpoint, key)
    if own is None:
        return {}
    if key == "avisitn":
        return _first(
            _toml(own), {_toml(week): value_words(week) for week in definition.visits.weeks if week > 0}
        )
    if key == "visits":
        return _first(_toml(own), _ranges(own, definition))
    words = WORDS.get(key) or {_toml(number): value_words(number) for number in NUMBERS[key]}
    return _first(_toml(own), words)


def _first(own: str, words: Mapping[str, str]) -> dict[str, str]:
    """The own value before the others; "none" for the fold 0 and the like stays a number."""
    return {own: words.get(own, own)} | {value: word for value, word in words.items() if value != own}


def _ranges(own: tuple[float, float], definition: StudyDefinition) -> dict[str, str]:
    """The own range of visits, and those one visit earlier and later."""
    weeks = [week for week in definition.visits.weeks if week > 0]
    first, last = (weeks.index(week) for week in own)
    shifted = [(first + step, last + step) for step in (0, -1, 1)]
    ranges = [(weeks[a], weeks[b]) for a, b in shifted if a >= 0 and b < len(weeks)]
    return {_toml(pair): value_words(pair) for pair in ranges}


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _control(key: str, words: Mapping[str, str]) -> str:
    """One parameter; a number may be typed as well."""
    return st.selectbox(
        LABELS[key],
        list(words),
        format_func=lambda value: words.get(value, value),
        accept_new_options=key in NUMBERS,
        key=_name(key),
        bind="query-params",
        width=WIDTH,
    )


def _name(key: str) -> str:
    return f"rule_{key}"


def _text(chosen: Mapping[str, str], options: Mapping[str, Mapping[str, str]]) -> str:
    """ "r_count=50,rescue=washout": what differs from the protocol."""
    return ",".join(f"{key}={value}" for key, value in chosen.items() if value != next(iter(options[key])))


def _reset(options: Mapping[str, Mapping[str, str]]) -> None:
    for key, words in options.items():
        st.session_state[_name(key)] = next(iter(words))


def _of_another_endpoint(reading: Reading, options: Mapping[str, Mapping[str, str]]) -> None:
    """Another study or endpoint begins with its own protocol."""
    now = (reading.data.definition.name, _rate_endpoint(reading).paramcd)
    if st.session_state.get("rule-of", now) != now:
        _reset(options)
    st.session_state["rule-of"] = now


def _rate_endpoint(reading: Reading) -> Endpoint:
    return reading.data.definition.endpoint(reading.view.endpoint)
