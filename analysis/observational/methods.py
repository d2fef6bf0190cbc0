"""The methods by which response rates of arms that were not randomised are compared, in the order of the table.

Rules: docs/reference/nonrandomised.md, section 7. A method's `name` stands in the column `method` of results.
"""

from dataclasses import dataclass

from analysis.observational.weighting import INVERSE, OF_TREATED, OVERLAP

NO_ESTIMAND = ""
DIFFERENCE, RISK_RATIO = "difference", "risk ratio"
RATE_EXPERIMENTAL, RATE_CONTROL = "rate experimental", "rate control"
MEASURES = (DIFFERENCE, RISK_RATIO, RATE_EXPERIMENTAL, RATE_CONTROL)


@dataclass(frozen=True)
class Method:
    """One method: its key in choices and code, its name on screen, and the estimand it answers."""

    key: str
    name: str
    estimand: str


CRUDE = Method("crude", "Crude", NO_ESTIMAND)
OVERLAP_WEIGHTS = Method("overlap", "Overlap weights", OVERLAP)
INVERSE_WEIGHTS = Method("inverse", "Inverse probability weights", INVERSE)
TREATED_WEIGHTS = Method("treated", "Weights of the treated", OF_TREATED)
MATCHING = Method("matching", "Matching 1:1", OF_TREATED)
STRATA = Method("strata", "Strata of the score", OVERLAP)
G_COMPUTATION = Method("g-computation", "G-computation", INVERSE)
DOUBLY_ROBUST = Method("AIPW", "Doubly robust (AIPW)", INVERSE)

METHODS = {
    method.key: method
    for method in (
        CRUDE,
        OVERLAP_WEIGHTS,
        INVERSE_WEIGHTS,
        TREATED_WEIGHTS,
        MATCHING,
        STRATA,
        G_COMPUTATION,
        DOUBLY_ROBUST,
    )
}
WEIGHTED = (OVERLAP_WEIGHTS, INVERSE_WEIGHTS, TREATED_WEIGHTS)
