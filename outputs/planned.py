"""Disposition and baseline follow the planned arm, also in the safety set, whose other outputs do not."""

import pandas as pd

from outputs.basis import Basis

HIDDEN_REASONS = "The pooled view shows no reasons of leaving: they could tell the arm."


def planned(basis: Basis) -> pd.DataFrame:
    """The analysis set under the filters, one row per participant, ARM being the planned arm."""
    return basis.subjects.assign(ARM=basis.subjects["TRT01P"])


def planned_note(basis: Basis) -> tuple[str, ...]:
    """Said where the set's other outputs go by the treatment received."""
    return ("By the planned arm.",) if basis.view.population == "SAF" and len(basis.arms) > 1 else ()


def shows_reasons(basis: Basis) -> bool:
    return basis.data.study.view != "pooled"
