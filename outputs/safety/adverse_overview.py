"""Adverse events in one table: how many participants had any, related, severe, serious, fatal ones, and who died."""

from functools import partial

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.events import (
    AdverseEvents,
    of_special_interest,
    participants_with,
)
from analysis.safety.terms import share_comparisons
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.safety.adverse_cards import comparison_cards
from outputs.safety.adverse_cells import (
    NO_EVENTS,
    NOT_RECORDED,
    compared_cells,
    count_cell,
    hidden_counts,
    with_comparisons,
    with_shares,
    without_hidden,
)
from outputs.safety.basis import events_of, safety_basis
from outputs.safety.counts import arm_cells, arm_columns, count_text, row_keys, sizes_words

DIFFERENCE = {"difference": "Difference, points (95% CI)"}
KINDS = {
    "ANY": "Any adverse event",
    "RELATED": "Related to treatment",
    "GRADE": "Grade 3 or more",
    "SERIOUS": "Serious",
    "STOPPED": "Leading to stop of treatment",
    "FATAL": "Fatal",
}
DEATH = "DEATH"
INTEREST = "AESI "  # before the label of a block of special interest
DIED = "Died, of any cause"


def adverse_overview_output(data: AnalysisData, view: View) -> Output:
    """Participants with at least one treatment-emergent event of each kind, by arm, and the difference."""
    basis = safety_basis(data, view)
    events = events_of(basis)
    kinds = overview_kinds(events, basis)
    names = overview_names(basis)
    results = overview_results(events, kinds, basis)
    nobody = basis.nobody()
    return Output(
        id="adverse_overview",
        title="Adverse events in short",
        subtitle="Participants with at least one treatment-emergent event, their share of the safety set [events]",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=overview_table(results, basis),
        records=_people(events, kinds, names, basis),
        cell_keys=("KIND", "ARM"),
        headline=_headline(results, basis),
        detail=f"{basis.population}: {sizes_words(basis)}. Treatment-emergent, each participant once.",
        footnotes=(*event_notes(events), *difference_notes(basis), *basis.notes()),
        badges=basis.badges(),
        cards=() if nobody else comparison_cards(results, ["kind"], lambda kind: names[kind[0]], basis),
        empty=nobody or ("" if "ANY" in events.recorded else NO_EVENTS),
        as_file=partial(_in_file, results, basis),
    )


def overview_names(basis: Basis) -> dict[str, str]:
    """What each kind is called, deaths and the blocks of special interest last."""
    interest = {f"{INTEREST}{group.label}": f"{group.label} (of interest)" for group in basis.definition.aesi}
    return KINDS | {DEATH: DIED} | interest


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
    recorded = {kind: taken for kind, taken in kinds.items() if kind in events.recorded}
    if "ANY" not in recorded:
        return {}
    return recorded | {
        f"{INTEREST}{group.label}": of_special_interest(rows, group.terms, group.body_systems)
        for group in basis.definition.aesi
    }


def overview_results(events: AdverseEvents, kinds: dict[str, pd.Series], basis: Basis) -> pd.DataFrame:
    """One row per kind and arm, n of N and events (missing where not recorded), then per kind and comparison."""
    died = basis.subjects.loc[basis.subjects["DTHDY"].notna(), ["USUBJID", "ARM"]].assign(kind=DEATH)
    rows = pd.concat([rows_by_kind(events, kinds), died], ignore_index=True)
    among = pd.DataFrame({"kind": list(overview_names(basis))}).astype("str")
    counts = participants_with(rows, ["kind"], events.sizes, among=among)
    recorded = counts["kind"].isin([*kinds, *([DEATH] if ends_are_known(basis) else [])])
    counts["n"] = counts["n"].astype("Int64").where(recorded)
    counts["events"] = counts["events"].astype("Int64").where(recorded & (counts["kind"] != DEATH))
    counts = with_shares(counts)
    counts["method"] = counts["method"].where(recorded, NOT_RECORDED)
    compared = share_comparisons(counts[recorded], basis.comparisons, ["kind"])
    return with_comparisons(counts, compared[compared["measure"] == "difference"], ["kind"])


def rows_by_kind(events: AdverseEvents, kinds: dict[str, pd.Series]) -> pd.DataFrame:
    """The events of each kind one after another, with `kind`."""
    taken = [events.rows[rows].assign(kind=kind) for kind, rows in kinds.items()]
    return pd.concat(taken or [events.rows[:0].assign(kind="")], ignore_index=True)


def ends_are_known(basis: Basis) -> bool:
    """Whether the data tell how participants ended: without, nobody is known to live."""
    file = basis.data.study.adsl
    return bool(file["DTHDY"].notna().any() or (file["EOSSTT"] != "").any())


def overview_table(
    results: pd.DataFrame, basis: Basis, hidden: frozenset[tuple[str, ...]] = frozenset()
) -> pd.DataFrame:
    """A row per kind: n (%) [events] by arm, and the difference; neither where a count is hidden."""
    names = overview_names(basis)
    rows = row_keys(results, ["kind"])
    body = arm_cells(results[results["measure"] == "count"], ["kind"], rows, arm_columns(basis), count_cell)
    compared = compared_cells(results, ["kind"], rows, basis, hidden, measures=DIFFERENCE)
    table = pd.DataFrame({"Participants with": [names[kind] for (kind,) in rows], **body, **compared})
    return table.astype("str")


def _in_file(results: pd.DataFrame, basis: Basis) -> tuple[pd.DataFrame, pd.DataFrame]:
    hidden = hidden_counts(results[results["measure"] == "count"], ["kind"])
    kept = without_hidden(results, hidden, ["kind"])
    return kept, overview_table(kept, basis, hidden)


def _people(
    events: AdverseEvents, kinds: dict[str, pd.Series], names: dict[str, str], basis: Basis
) -> pd.DataFrame:
    with_event = kind_people(events, kinds, names)
    died = basis.subjects.loc[basis.subjects["DTHDY"].notna(), ["USUBJID", "ARM"]].assign(KIND=DIED)
    return pd.concat([with_event, died], ignore_index=True)


def kind_people(events: AdverseEvents, kinds: dict[str, pd.Series], names: dict[str, str]) -> pd.DataFrame:
    """One row per participant and kind: USUBJID ARM KIND."""
    rows = rows_by_kind(events, kinds)
    return rows.assign(KIND=rows["kind"].map(names))[["USUBJID", "ARM", "KIND"]].drop_duplicates()


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


def difference_notes(basis: Basis) -> tuple[str, ...]:
    """What the difference between arms is, and what it is not where they were not randomised."""
    if not basis.comparisons:
        return ()
    made = "Difference: experimental minus control, Miettinen-Nurminen, not adjusted for the number of rows."
    return (made,) if basis.definition.randomised else (made, "Association; arms were not randomised.")


def _headline(results: pd.DataFrame, basis: Basis) -> str:
    any_event = results[(results["kind"] == "ANY") & (results["measure"] == "count")].set_index("arm")
    if any_event["n"].isna().any():
        return "No adverse events on file"
    parts = [count_text(int(any_event.loc[trt, "n"]), int(any_event.loc[trt, "N"])) for trt in basis.trts]
    return f"Participants with an adverse event: {' vs '.join(parts)}"
