"""A changed key of a rule in words: "response threshold 50 instead of 30", "rescue ignored"."""

from collections.abc import Callable, Mapping
from typing import Any

from outputs.basis import ASSUMED_WORDS
from trialdata.definition import Endpoint

NAMES = {key: words.removeprefix("the ") for key, words in ASSUMED_WORDS.items()} | {
    "r_count": "response threshold",
    "cr_count": "complete response threshold",
    "hold_fold": "fold over baseline that holds a response",
    "bleeding_max": "bleeding grade allowed",
    "min_available": "visits with a count needed",
    "avisitn": "week",
    "visits": "weeks",
}


def all_changes_words(changes: Mapping[str, Any], endpoint: Endpoint) -> list[str]:
    """The words of every change, in the order of the changes."""
    return [change_words(key, value, endpoint) for key, value in changes.items()]


def change_words(key: str, value: Any, endpoint: Endpoint) -> str:
    """One change against the endpoint's own rule."""
    if key in SAID:
        return SAID[key](value, endpoint)
    return _instead(NAMES.get(key, key), value, getattr(endpoint, key))


def _instead(name: str, value: Any, own: Any, unit: str = "") -> str:
    return f"{name} {value_words(value)} instead of {value_words(own)}{unit}"


def value_words(value: Any) -> str:
    """A value of a definition as it is read."""
    if value in (None, ()):
        return "none"
    if isinstance(value, tuple):
        numbers = all(isinstance(part, int | float) for part in value)
        return (" to " if numbers else ", ").join(map(value_words, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {day}" for name, day in value.items())
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _fold(value: float, endpoint: Endpoint) -> str:
    return _instead("fold over baseline", value, endpoint.r_fold) if value else "no fold over baseline"


def _confirmation(value: int, endpoint: Endpoint) -> str:
    if not value:
        return "no confirmation"
    return _instead("confirmation after", value, endpoint.confirm_days, " days")


def _washout_times(value: float, endpoint: Endpoint) -> str:
    known = {0: "no washout", 0.5: "washout half as long", 2: "washout twice as long"}
    return known.get(value, f"washout {value:g} times as long")


def _bleeding(value: str, endpoint: Endpoint) -> str:
    if not value:
        return "bleeding clause off"
    return f"bleeding clause on ({value})" if not endpoint.bleeding else f"bleeding by {value}"


SAID: dict[str, Callable[[Any, Endpoint], str]] = {
    "r_fold": _fold,
    "confirm_days": _confirmation,
    "confirmed": lambda value, endpoint: "confirmation by a second count" if value else "no confirmation",
    "washout_times": _washout_times,
    "washout_days": lambda value, endpoint: (
        f"washout {value} days for every class" if value else "no washout"
    ),
    "bleeding": _bleeding,
    "bleeding_missing": lambda value, endpoint: (
        "bleeding not assessed read as " + ("bleeding" if value == "present" else "no bleeding")
    ),
    "rescue_classes": lambda value, endpoint: (
        f"rescue classes that count {value_words(value)} instead of "
        + ("all" if endpoint.rescue_classes is None else value_words(endpoint.rescue_classes))
    ),
    "rescue": lambda value, endpoint: {
        "nonresponse": "rescue read as no response",
        "washout": "rescue handled by washout",
        "ignore": "rescue ignored",
    }[value],
    "missing": lambda value, endpoint: (
        "pending and missing " + ("left out" if value == "exclude" else "read as no response")
    ),
}
