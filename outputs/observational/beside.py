"""What stands beside a crude difference wherever it is shown alone: the weighted one, or why there is none."""

import math

import pandas as pd

from analysis.observational.weighted_rates import quick_difference
from analysis.observational.weighting import OVERLAP
from outputs import wording
from outputs.basis import Basis
from outputs.observational.answers import counted_answers, in_order
from outputs.observational.compared import compare
from trialdata.definition import Endpoint
from trialdata.errors import StudyDataError


def weighted_beside(basis: Basis, endpoint: Endpoint, missing: str) -> str:
    """The difference by overlap weights of each comparison in one sentence; empty where arms were randomised."""
    if not basis.crude or basis.subjects.empty:
        return ""
    answers = counted_answers(basis, endpoint, missing)
    several = len(basis.comparisons) > 1
    parts = [
        f"{basis.labels[experimental]}: {_weighted(basis, answers, experimental)}"
        if several
        else _weighted(basis, answers, experimental)
        for experimental, _ in basis.comparisons
    ]
    return f"Weighted to those for whom the choice was open: {'; '.join(parts)}."


def _weighted(basis: Basis, answers: pd.Series, experimental: str) -> str:
    try:
        compared = compare(basis, arm=experimental, among=answers.index)
    except StudyDataError:
        return "not estimable, see Adjusted difference"
    found = quick_difference(compared.propensity, in_order(answers, compared.groups.usubjid), OVERLAP)
    if math.isnan(found.difference):
        return "not estimable, see Adjusted difference"
    points, _ = wording.points_and_interval(found.difference, found.difference, found.difference)
    return f"{points} points"
