"""The classes of autoantibodies by name: what the study's definition calls them, in its order."""

from collections.abc import Sequence

import pandas as pd

from analysis.populations import ordered_levels, subgroup_levels, subgroup_of
from outputs import wording
from outputs.basis import Basis

MISSING = "missing"


def class_names(levels: Sequence[str], labels: dict[str, str]) -> dict[str, str]:
    """The name of each level, those of `labels` first and in its order, missing last.

    A name that is another level's own stands with its code, so that no two classes become one.
    """
    order = [
        *(code for code in labels if code in levels),
        *(level for level in levels if level not in labels),
    ]
    named: dict[str, str] = {}
    for code in sorted(order, key=lambda level: level == MISSING):
        name = "Missing" if code == MISSING else labels.get(code, code)
        taken = name in named.values() or (name != code and name in levels)
        named[code] = f"{name} ({code})" if taken else name
    return named


def classes_of(basis: Basis) -> pd.Series:
    """The class of each participant of the set by name: an ordered category, its index USUBJID."""
    classes, definition = basis.definition.autoantibodies, basis.definition
    assert classes is not None
    subgroup = subgroup_of(definition, classes.column)
    names = class_names(ordered_levels(basis.subjects, subgroup), dict(classes.labels))
    of_each = subgroup_levels(basis.subjects, subgroup).map(names)
    kind = pd.CategoricalDtype(list(names.values()), ordered=True)
    return of_each.astype(kind).set_axis(basis.subjects["USUBJID"])


def class_label(basis: Basis, column: str, values: Sequence[str]) -> str:
    """The values of a column in words: "Evans syndrome" where the definition names it so."""
    classes = basis.definition.autoantibodies
    labels = dict(classes.labels) if classes is not None and classes.column == column else {}
    folded = {code.strip().casefold(): name for code, name in labels.items()}
    return wording.joined([folded.get(value.strip().casefold(), value) for value in values])
