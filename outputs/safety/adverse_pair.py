"""What the pictures of two arms share: which arms, the events, and the names of terms."""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.events import AdverseEvents
from analysis.safety.terms import TERM
from outputs.basis import Basis
from outputs.output import View
from outputs.safety.adverse_cells import nothing_to_count, term_labels
from outputs.safety.basis import events_of, safety_basis
from trialdata.definition import Arm

MOST_ROWS = 25


def experimental_arms(data: AnalysisData) -> dict[str, str]:
    """The arms that can be compared with control, for a control of the page: TRT01P to label."""
    basis = safety_basis(data, View())
    return {arm: basis.labels[arm] for arm, _ in basis.comparisons}


def compared_arms(basis: Basis, arm: str) -> tuple[Arm, Arm] | None:
    """The experimental arm asked for (else the first) and control; None where there is nothing to compare."""
    if not basis.comparisons:
        return None
    known = {each.trt: each for each in basis.arms}
    experimental, control = next((pair for pair in basis.comparisons if pair[0] == arm), basis.comparisons[0])
    return known[experimental], known[control]


def compared_start(
    data: AnalysisData, view: View, arm: str
) -> tuple[Basis, AdverseEvents, tuple[Arm, Arm] | None, str]:
    """Basis, events, the arms compared, and why there is nothing to draw."""
    basis = safety_basis(data, view)
    events = events_of(basis)
    pair = compared_arms(basis, arm)
    empty = nothing_to_count(events, "any", basis)
    return (
        basis,
        events,
        pair,
        empty or ("" if pair else "One arm: nothing to compare.") or (basis.empty_arms() if pair else ""),
    )


def with_names(counts: pd.DataFrame) -> pd.DataFrame:
    """The rows with `name`, what each term is called, in their order."""
    keys = list(counts[TERM].drop_duplicates().itertuples(index=False, name=None))
    names = dict(zip(keys, term_labels(keys), strict=True))
    return counts.assign(name=[names[key] for key in counts[TERM].itertuples(index=False, name=None)])
