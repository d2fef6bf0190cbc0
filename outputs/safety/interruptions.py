"""Interruptions and changes of dose, with the reasons that the sites gave."""

from functools import partial

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.doses import dose_rows
from analysis.safety.treatment_time import INTERRUPTED, LOWERED, RAISED, continuous_drugs, dose_changes
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.safety.basis import safety_basis
from outputs.safety.counts import sizes_words
from outputs.safety.exposure_words import without_doses
from outputs.safety.levels import WHOLE, Line, inside, level_counts, level_file, level_table, people_of

TITLE = "Participants treated with the drug"
METHOD = "participants with at least one, of those treated with the drug"


def exposure_interruptions_output(data: AnalysisData, view: View) -> Output:
    """Participants with an interruption or a change of dose of each drug, and why."""
    basis = safety_basis(data, view)
    rows = dose_rows(data, basis.subjects)
    changes = dose_changes(rows)
    lines = change_lines(rows, changes, basis)
    results = level_counts(lines, basis, method=METHOD)
    interrupted = changes[changes["KIND"] == INTERRUPTED]
    return Output(
        id="exposure_interruptions",
        title="Interruptions and changes of dose",
        subtitle="Participants with at least one, and their share of those treated with the drug; reasons below each",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=level_table(results, basis, title=TITLE),
        records=people_of(lines),
        cell_keys=("ROW", "ARM"),
        headline=f"Interruptions: {wording.plural(interrupted['USUBJID'].nunique(), 'participant')}",
        detail=f"{basis.population}: {sizes_words(basis)}.",
        footnotes=(*_notes(interrupted), *basis.notes()),
        badges=basis.badges(),
        empty=basis.nobody() or without_doses(data, rows) or _nothing(lines),
        as_file=partial(level_file, results, basis, title=TITLE),
    )


def change_lines(rows: pd.DataFrame, changes: pd.DataFrame, basis: Basis) -> list[Line]:
    """For each drug given from day to day whether it was interrupted, for each drug its dose raised or lowered."""
    given = rows[rows["GIVEN"]].drop_duplicates(["USUBJID", "DRUG"])
    lines, continuous = [], continuous_drugs(rows)
    for drug in sorted(given["DRUG"].unique()):
        treated = given.loc[given["DRUG"] == drug, "ARM"].value_counts()
        sizes = {trt: int(treated.get(trt, 0)) for trt in basis.trts}
        for kind in (INTERRUPTED, RAISED, LOWERED):
            own = changes[(changes["DRUG"] == drug) & (changes["KIND"] == kind)]
            if own.empty and (kind != INTERRUPTED or drug not in continuous):
                continue
            group = f"{drug}, {kind}"
            lines.append(Line(group, WHOLE, own, sizes))
            lines += [
                Line(group, reason, part, sizes)
                for reason, part in inside(own, "REASON", unnamed="No reason recorded")
            ]
    return lines


def _nothing(lines: list[Line]) -> str:
    return "" if lines else "No drug is given from day to day, and no dose was changed."


def _notes(interrupted: pd.DataFrame) -> tuple[str, ...]:
    rule = (
        "Interruption: 2 or more days without the drug between two records of it; infusions aside. Reason: as recorded "
        "with the change (EXADJ)."
    )
    if interrupted.empty:
        return (rule,)
    return (rule, f"Interruptions last a median of {wording.fixed(interrupted['DAYS'].median())} days.")
