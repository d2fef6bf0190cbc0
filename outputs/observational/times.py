"""The times to an event that are weighted: which endpoints, who is in them, and their words."""

from outputs.basis import Basis
from outputs.observational.compared import nothing_compared
from outputs.time_endpoints import endpoint_of_kind
from trialdata.definition import Endpoint
from trialdata.errors import StudyDataError

HAPPENING = {"treatment_failure": "Treatment failure", "time_to_response": "First response"}
KINDS = tuple(HAPPENING)
TITLES = {"treatment_failure": "Freedom from treatment failure", "time_to_response": "Time to first response"}
STATES = {"treatment_failure": "without failure", "time_to_response": "with a first response"}
EVENTS = {"treatment_failure": "failures", "time_to_response": "first responses"}
RISING = "time_to_response"
AT_RESCUE = "A time to response is censored at rescue."
WEIGHTED_TIME = "Crude; weighted curves, landmarks and hazard ratios: Adjusted over time."
NO_DURATION = (
    "Duration of response is not weighted: who responds comes after the choice of treatment, and no score at entry "
    "makes responders alike."
)


def time_endpoint(basis: Basis, of: str) -> Endpoint:
    """The study's endpoint of a kind; StudyDataError with the sentence to show where nothing can be compared."""
    if of not in KINDS:
        raise ValueError(f"of is {of!r}; expected one of {KINDS}")
    if reason := basis.nobody() or nothing_compared(basis):
        raise StudyDataError(reason)
    endpoint = endpoint_of_kind(basis, of)
    if endpoint is None:
        raise StudyDataError(f"The study defines no endpoint of kind {of}.")
    return endpoint


def beside_crude(basis: Basis, kind: str) -> tuple[str, ...]:
    """Where the weighted time stands that a crude one is never without, or why there is none."""
    if not basis.crude:
        return ()
    return (NO_DURATION,) if kind == "duration_of_response" else (WEIGHTED_TIME,)


def at_rescue(of: str) -> tuple[str, ...]:
    return (AT_RESCUE,) if of == RISING else ()
