"""What [[negative_controls]] of a study definition must satisfy: something that no treatment can have changed."""

from collections.abc import Collection

from trialdata.definition import NegativeControl, StudyDefinition
from trialdata.schema import ADSL
from trialdata.toml_tables import Table
from trialdata.toml_values import shown

AFTER_ENTRY = {"TRT01P", "TRT01A", "EOSSTT", "DCSREAS", "FUDY", "BASEDY", "ONSTUDY", "STATUS"}
NO_MEASURE = ("id", "day", "date", "flag")
EXPECTED_ONE = "a column of adsl, or terms or body_systems of adverse events"


def check_negative_controls(top: Table, definition: StudyDefinition) -> None:
    """Adds a problem to `top` for every block that names nothing, too much, or what is no negative control."""
    seen: set[tuple[str, str]] = set()
    for control in definition.negative_controls:
        table = top.inside(f"[[negative_controls]] {control.label}", {})
        _check_one(table, control, definition.covariates)
        _check_events(table, control, definition.adverse_events.excluded_terms)
        if (control.column, control.value) in seen:
            table.refuse("column", f"{shown(control.column)} more than once", "each column and value once")
        seen |= {(control.column, control.value)} if control.column else set()


def _check_one(table: Table, control: NegativeControl, covariates: Collection[str]) -> None:
    events = bool(control.terms or control.body_systems)
    if not control.column and not events:
        table.refuse("column", "neither column nor terms nor body_systems", EXPECTED_ONE)
    if control.column and events:
        table.refuse("column", "a column and adverse events", f"one of the two: {EXPECTED_ONE}")
    if control.value and not control.column:
        table.refuse("value", "value without column", "the column that has this value")
    if control.column in covariates:
        found = f"{shown(control.column)}, a covariate"
        table.refuse("column", found, "a column outside covariates: the score adjusts for its covariates")
    kind = ADSL.kinds.get(control.column, "")
    if control.column in AFTER_ENTRY or kind in NO_MEASURE:
        table.refuse(
            "column", shown(control.column), "a characteristic recorded at entry, which no treatment changes"
        )


def _check_events(table: Table, control: NegativeControl, excluded: Collection[str]) -> None:
    disease = {term.strip().casefold() for term in excluded}
    for term in control.terms:
        if term.strip().casefold() in disease:
            table.refuse("terms", shown(term), "terms that [adverse_events] does not leave out")
