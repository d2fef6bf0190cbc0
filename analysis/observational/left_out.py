"""What becomes of an adjusted difference, and of a covariate itself, when the score is fitted without that covariate.

Rules: docs/reference/nonrandomised.md, section 10.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.observational.differences import standardised_by, weighted_difference
from analysis.observational.groups import MISSING, Groups
from analysis.observational.propensity import Propensity, fit_propensity
from trialdata.errors import StudyDataError

ALL = ""
ONLY_ONE = "It is the only covariate: without it the difference is the crude one."
COLUMNS = ["left_out", "measure", "term", "estimate", "conf_low", "conf_high", "spread", "method", "note"]
RESPONSE, REMAINING = "difference", "difference left in it"


def left_out(propensity: Propensity, y: np.ndarray, estimand: str) -> pd.DataFrame:
    """The weighted difference in response with all covariates (left_out ""), then without each; and what is left in it.

    Columns: left_out (the covariate), measure, term, estimate conf_low conf_high, spread, method, note. measure
    "difference" is of response; "difference left in it" has a row per term of the covariate left out: its own weighted
    difference between the arms, in its unit (a share for 0 and 1), of which `spread` makes standard deviations.
    """
    groups = propensity.groups
    rows = [_row(ALL, RESPONSE, "", weighted_difference(propensity, y, estimand))]
    for covariate in dict.fromkeys(groups.column_of.values()):
        rows += _without(groups, covariate, y, estimand)
    return pd.DataFrame(rows, columns=COLUMNS)


def score_without(groups: Groups, covariate: str) -> Propensity:
    """The score of the same participants without one covariate; StudyDataError where there is none."""
    fewer = groups.without(covariate)
    if not len(fewer.matrix.columns):
        raise StudyDataError(ONLY_ONE)
    return fit_propensity(fewer)


def _without(groups: Groups, covariate: str, y: np.ndarray, estimand: str) -> Iterator[dict]:
    try:
        propensity = score_without(groups, covariate)
    except StudyDataError as reason:
        nothing = {
            "estimate": np.nan,
            "conf_low": np.nan,
            "conf_high": np.nan,
            "method": "",
            "note": str(reason),
        }
        yield _row(covariate, RESPONSE, "", nothing)
        return
    yield _row(covariate, RESPONSE, "", weighted_difference(propensity, y, estimand))
    for term in groups.matrix:
        if groups.column_of[term] == covariate and not term.endswith(MISSING):
            values = groups.matrix[term].to_numpy(float)
            spread = standardised_by(values, groups.arm)
            yield _row(covariate, REMAINING, term, weighted_difference(propensity, values, estimand), spread)


def _row(covariate: str, measure: str, term: str, estimated: dict, spread: float = np.nan) -> dict:
    return {"left_out": covariate, "measure": measure, "term": term, "spread": spread, **estimated}
