"""The comparison an output asks for, or the sentence that stands in its place."""

from outputs.basis import Basis
from outputs.observational.compared import Compared, compare
from trialdata.errors import StudyDataError


def attempt(
    basis: Basis, *, arm: str = "", estimand: str = "", truncate: float = 0.0
) -> tuple[Compared | None, str]:
    """What is compared, and empty words; else None, and why: nothing is compared, or this estimand has no answer."""
    try:
        compared = compare(basis, arm=arm)
    except StudyDataError as reason:
        return None, str(reason)
    refused = compared.propensity.refused(estimand, truncate=truncate) if estimand else ""
    return (None, refused) if refused else (compared, "")
