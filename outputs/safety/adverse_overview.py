"""Adverse events in one table: how many participants had any, related, severe, serious, fatal ones."""

from functools import partial

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.events import AdverseEvents, adverse_events, of_special_interest, participants_with
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.safety.basis import safety_basis
from outputs.safety.counts import count_text, counts_table, in_file, people_behind, sizes_words

KINDS = {
    "ANY": "Any adverse event",
    "RELATED": "Related to treatment",
    "GRADE": "Grade 3 or more",
    "SERIOUS": "Serious",
    "STOPPED": "Leading to stop of treatment",
    "FATAL": "Fatal",
}


def adverse_overview_output(data: AnalysisData, view: View) -> Output:
    """Participants with at least one treatment-emergent event of each kind, by arm."""
    basis = safety_basis(data, view)
    events = adverse_events(data, basis.subjects, basis.trts)
    kinds = overview_kinds(events, basis)
    names = overview_names(basis)
    results = overview_counts(events, kinds)
    table = counts_table(results, basis, row="kind", names=names, title="Participants with")
    return Output(
        id="adverse_overview",
        title="Adverse events in short",
        subtitle="Participants with at least one treatment-emergent event, and their share of the safety set",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=table,
        records=people_behind(events.rows, "KIND", {names[kind]: taken for kind, taken in kinds.items()}),
        cell_keys=("KIND", "ARM"),
        headline=_headline(results, basis),
        detail=f"{basis.population}: {sizes_words(basis)}. Treatment-emergent, each participant once.",
        footnotes=(*event_notes(events), *basis.notes()),
        badges=basis.badges(),
        empty=basis.nobody(),
        as_file=partial(in_file, results, table, basis, row="kind", names=names, title="Participants with"),
    )


def overview_names(basis: Basis) -> dict[str, str]:
    """What each kind is called, the blocks of special interest last."""
    return KINDS | {f"AESI {group.label}": f"{group.label} (of interest)" for group in basis.definition.aesi}


def overview_kinds(events: AdverseEvents, basis: Basis) -> dict[str, pd.Series]:
    """The events of each kind; a kind that the data do not record is absent."""
    rows = events.rows
    kinds = {
        "ANY": pd.Series(True, rows.index),
        "RELATED": rows["RELATED"],
        "GRADE": rows["GRADE"] >= 3,
        "SERIOUS": rows["SERIOUS"],
        "STOPPED": rows["STOPPED"],
        "FATAL": rows["FATAL"],
    }
    kept = {
        kind: taken for kind, taken in kinds.items() if kind in ("ANY", "FATAL") or kind in events.recorded
    }
    return kept | {
        f"AESI {group.label}": of_special_interest(rows, group.terms, group.body_systems)
        for group in basis.definition.aesi
    }


def overview_counts(events: AdverseEvents, kinds: dict[str, pd.Series]) -> pd.DataFrame:
    """One row per kind and arm: n participants of N, their events, the share."""
    counted = [
        participants_with(events.rows[taken], (), events.sizes).assign(kind=kind)
        for kind, taken in kinds.items()
    ]
    frame = pd.concat(counted, ignore_index=True)
    share = frame["n"] / frame["N"].where(frame["N"] > 0)
    return frame.assign(estimate=share.astype(float), method="participants with at least one event")


def event_notes(events: AdverseEvents) -> tuple[str, ...]:
    """What was left out of a table of adverse events, in words."""
    notes = []
    if len(events.excluded):
        who = wording.plural(events.excluded["USUBJID"].nunique(), "participant")
        notes.append(
            f"Left out as the disease itself: {wording.plural(len(events.excluded), 'event')} of a low platelet count "
            f"in {who}."
        )
    else:
        notes.append("A low platelet count is the disease, not an adverse event: such terms are left out.")
    if len(events.before):
        notes.append(
            f"Not treatment-emergent and not counted: {wording.plural(len(events.before), 'event')}."
        )
    ungraded = int(events.rows["GRADE"].isna().sum())
    if ungraded:
        notes.append(f"Without a CTCAE grade: {wording.plural(ungraded, 'event')}, in no count by grade.")
    return tuple(notes)


def _headline(results: pd.DataFrame, basis: Basis) -> str:
    any_event = results[results["kind"] == "ANY"].set_index("arm")
    parts = [count_text(int(any_event.loc[trt, "n"]), int(any_event.loc[trt, "N"])) for trt in basis.trts]
    return f"Participants with an adverse event: {' vs '.join(parts)}"
