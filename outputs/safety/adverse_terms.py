"""Adverse events by system organ class and preferred term: participants, their share, events."""

from functools import partial

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.events import AdverseEvents
from analysis.safety.terms import LEVELS, ORDERS, TERM, WHOLE_CLASS, term_counts, worst_of_each
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.safety.adverse_cells import (
    ANY_ROW,
    KINDS,
    ROW,
    any_counts,
    arm_column_cells,
    count_cell,
    hidden_counts,
    nothing_to_count,
    of_kind,
    term_labels,
    with_shares,
    without_hidden,
)
from outputs.safety.adverse_overview import event_notes
from outputs.safety.basis import events_of, safety_basis
from outputs.safety.counts import arm_cells, arm_columns, count_text, row_keys, sizes_words

TITLES = {"class": "System organ class", "term": "Preferred term", "all": "Class and term"}
KEYS = ("SOC", "TERM", "ARM")
TERM_NOTE = (
    "A participant counts once in a class and once in a term, so that terms do not add up to their class."
)


def adverse_terms_output(
    data: AnalysisData,
    view: View,
    *,
    level: str = "class",
    body_system: str = "",
    kind: str = "any",
    order: str = "participants",
) -> Output:
    """Participants by class, term or both; `body_system` opens one class; `kind`: which events count."""
    if level not in LEVELS or order not in ORDERS:
        raise ValueError(f"level is {level!r}, order {order!r}; expected one of {LEVELS} and of {ORDERS}")
    basis = safety_basis(data, view)
    everything = events_of(basis)
    events = of_kind(everything, kind)
    empty = nothing_to_count(everything, kind, basis)
    results = term_results(events, level, body_system, order)
    title = TITLES["all" if body_system else level]
    return Output(
        id="adverse_terms",
        title="By class and term",
        subtitle=f"Participants (share of the arm) [events]; {KINDS[kind].lower()}, each participant once in a row",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=pd.DataFrame() if empty else terms_table(title, basis, results),
        records=term_people(events),
        cell_keys=KEYS,
        rows=tuple((*row, "") for row in row_keys(results, ROW)),
        columns=arm_column_cells(basis),
        headline=_headline(results, basis),
        detail=f"{basis.population}: {sizes_words(basis)}. Treatment-emergent.",
        footnotes=(TERM_NOTE, *event_notes(everything), *basis.notes()),
        badges=basis.badges(),
        empty=empty,
        as_file=None if empty else partial(terms_in_file, results, title, basis),
    )


def term_results(events: AdverseEvents, level: str, body_system: str, order: str) -> pd.DataFrame:
    """Any event, then the classes and terms of a level, or every class with the terms of one that is opened."""
    counts = term_counts(events, level="all" if body_system else level, order=order)
    if body_system:
        opened = counts["SOC"] == body_system
        counts = counts[opened | ((counts["TERM"] == WHOLE_CLASS) & (level == "class"))]
    every = pd.concat([any_counts(events), counts], ignore_index=True)
    return with_shares(every)[[*TERM, "arm", "n", "N", "events", "estimate", "method"]]


def terms_table(title: str, basis: Basis, results: pd.DataFrame) -> pd.DataFrame:
    """A row per class or term, terms set in under their class; a column per arm."""
    rows = row_keys(results, ROW)
    body = arm_cells(results, ROW, rows, arm_columns(basis), count_cell)
    return pd.DataFrame({title: term_labels(rows), **body}).astype("str")


def terms_in_file(results: pd.DataFrame, title: str, basis: Basis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Results and table without small cells."""
    kept = without_hidden(results, hidden_counts(results, ROW), ROW)
    return kept, terms_table(title, basis, kept)


def term_people(events: AdverseEvents) -> pd.DataFrame:
    """One row per participant and term: USUBJID ARM SOC TERM WORST, the worst grade first."""
    worst = worst_of_each(events.rows, TERM).sort_values(["GRADE", "USUBJID"], ascending=[False, True])
    return worst[["USUBJID", "ARM", *TERM, "WORST"]].reset_index(drop=True)


def classes_of(output: Output) -> list[str]:
    """The system organ classes that have a row in an `adverse_terms`, in its order."""
    return [soc for soc, term, _ in output.rows if soc and term == WHOLE_CLASS]


def _headline(results: pd.DataFrame, basis: Basis) -> str:
    """The row that most participants are in, by arm."""
    named = [row for row in row_keys(results, ROW) if row != ANY_ROW]
    if not named:
        return "No adverse events"
    most = max(named, key=lambda row: int(_of_row(results, row)["n"].sum()))
    by_arm = _of_row(results, most).set_index("arm")
    parts = [count_text(int(by_arm.loc[trt, "n"]), int(by_arm.loc[trt, "N"])) for trt in basis.trts]
    return f"Most frequent: {wording.lowered(most[1] or most[0])}, {' vs '.join(parts)}"


def _of_row(results: pd.DataFrame, row: tuple[str, ...]) -> pd.DataFrame:
    return results[(results["SOC"] == row[0]) & (results["TERM"] == row[1])]
