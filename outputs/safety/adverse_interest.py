"""Adverse events of special interest: each block of the trial's definition, its grades, and the terms found in it."""

from collections.abc import Iterator
from functools import partial

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.events import (
    ALL,
    AdverseEvents,
    of_special_interest,
    participants_with,
)
from analysis.safety.terms import GRADES, UNGRADED, share_comparisons, worst_of_each
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.safety.adverse_cards import comparison_cards
from outputs.safety.adverse_cells import (
    INDENT,
    Keys,
    arm_column_cells,
    compared_cells,
    count_cell,
    hidden_counts,
    nothing_to_count,
    with_comparisons,
    with_shares,
    without_hidden,
)
from outputs.safety.adverse_overview import DIFFERENCE, difference_notes, event_notes
from outputs.safety.basis import events_of, safety_basis
from outputs.safety.counts import arm_cells, arm_columns, count_text, row_keys, sizes_words
from outputs.small_cells import hidden_of

ROW = ("GROUP", "PART")
SERIOUS = "Serious"
WORST = "Worst grade"
NONE_DEFINED = "The definition of this trial names no adverse events of special interest."


def adverse_interest_output(data: AnalysisData, view: View) -> Output:
    """Each block [[aesi]]: participants, events, worst grades, serious ones, difference, and its terms."""
    basis = safety_basis(data, view)
    events = events_of(basis)
    parts = list(interest_parts(events, basis))
    results = interest_results(parts, events, basis)
    empty = nothing_to_count(events, "any", basis) or ("" if basis.definition.aesi else NONE_DEFINED)
    return Output(
        id="adverse_interest",
        title="Of special interest",
        subtitle="Participants (share of the arm) [events]; under each name its grades and the terms found",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=pd.DataFrame() if empty else interest_table(results, basis),
        records=interest_people(parts),
        cell_keys=(*ROW, "ARM"),
        rows=tuple((*row, "") for row in row_keys(results, ROW)),
        columns=arm_column_cells(basis),
        headline=_headline(results, basis),
        detail=f"{basis.population}: {sizes_words(basis)}. Treatment-emergent.",
        footnotes=(*_block_notes(basis), *difference_notes(basis), *event_notes(events), *basis.notes()),
        badges=_badges(basis),
        cards=() if empty else comparison_cards(results, ROW, lambda row: row[1] or row[0], basis),
        empty=empty,
        as_file=None if empty else partial(_in_file, results, basis),
    )


def interest_parts(events: AdverseEvents, basis: Basis) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """(block, part, its events): all of a block (""), serious ones, each worst grade that occurs, each term."""
    for group in basis.definition.aesi:
        rows = events.rows[of_special_interest(events.rows, group.terms, group.body_systems)]
        yield group.label, "", rows
        if "SERIOUS" in events.recorded:
            yield group.label, SERIOUS, rows[rows["SERIOUS"]]
        worst = rows["USUBJID"].map(worst_of_each(rows, []).set_index("USUBJID")["WORST"])
        for grade in [*map(str, GRADES), UNGRADED]:
            if (worst == grade).any():
                yield group.label, f"{WORST} {grade}", rows[worst == grade]
        participants = rows.groupby("TERM")["USUBJID"].nunique()
        for term in sorted(participants.index, key=lambda term: (-participants[term], term)):
            yield group.label, term, rows[rows["TERM"] == term]


def interest_results(
    parts: list[tuple[str, str, pd.DataFrame]], events: AdverseEvents, basis: Basis
) -> pd.DataFrame:
    """One row per block, part and arm ("All" last), then per block, part and comparison."""
    if not parts:
        return pd.DataFrame(columns=[*ROW, "measure", "comparison", "arm", "control", "n", "N", "estimate"])
    among = pd.DataFrame([(group, part) for group, part, _ in parts], columns=list(ROW)).astype("str")
    counts = with_shares(participants_with(rows_by_part(parts), ROW, events.sizes, among=among))
    graded = is_grade(counts)
    counts["events"] = counts["events"].mask(graded)  # a participant's other events are of other grades
    compared = share_comparisons(counts[~graded], basis.comparisons, ROW)
    return with_comparisons(counts, compared[compared["measure"] == "difference"], ROW)


def is_grade(frame: pd.DataFrame) -> pd.Series:
    """Whether each row counts those of one worst grade."""
    return frame["PART"].isin([f"{WORST} {grade}" for grade in (*GRADES, UNGRADED)])


def interest_table(
    results: pd.DataFrame, basis: Basis, hidden: frozenset[Keys] = frozenset()
) -> pd.DataFrame:
    """A row per block, then its parts set in; a column per arm and the difference."""
    rows = row_keys(results, ROW)
    names = [f"{INDENT}{part}" if part else group for group, part in rows]
    body = arm_cells(results[results["measure"] == "count"], ROW, rows, arm_columns(basis), count_cell)
    compared = compared_cells(results, ROW, rows, basis, hidden, measures=DIFFERENCE)
    return pd.DataFrame({"Of special interest": names, **body, **compared}).astype("str")


def interest_people(parts: list[tuple[str, str, pd.DataFrame]]) -> pd.DataFrame:
    """One row per participant, block and part: USUBJID ARM GROUP PART WORST."""
    columns = ["USUBJID", "ARM", *ROW, "WORST"]
    return worst_of_each(rows_by_part(parts), ROW)[columns] if parts else pd.DataFrame(columns=columns)


def rows_by_part(parts: list[tuple[str, str, pd.DataFrame]]) -> pd.DataFrame:
    """The events of each part one after another, with GROUP and PART."""
    return pd.concat([rows.assign(GROUP=group, PART=part) for group, part, rows in parts], ignore_index=True)


def _in_file(results: pd.DataFrame, basis: Basis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without small cells; the grades of a block add up to the block, so that they are looked at together."""
    counts = results[results["measure"] == "count"]
    grades = counts[is_grade(counts)]
    over = {"arm": ALL, "PART": None}
    small = hidden_of(grades, over=over, within=("GROUP",), counts=("n",), at_most="N")["n"]
    hidden = hidden_counts(counts[~is_grade(counts)], ROW)
    hidden |= set(grades.loc[small, [*ROW, "arm"]].itertuples(index=False, name=None))
    kept = without_hidden(results, hidden, ROW)
    return kept, interest_table(kept, basis, hidden)


def _block_notes(basis: Basis) -> tuple[str, ...]:
    assumed = [group.label for group in basis.definition.aesi if group.source == "assumed"]
    return (f"Assumed, not stated by the registry: {'; '.join(assumed)}.",) if assumed else ()


def _badges(basis: Basis) -> tuple[str, ...]:
    assumed = any(group.source == "assumed" for group in basis.definition.aesi)
    return (*basis.badges(), *(["assumed"] if assumed else []))


def _headline(results: pd.DataFrame, basis: Basis) -> str:
    """The block that most participants are in, by arm."""
    whole = results[(results["PART"] == "") & (results["measure"] == "count")]
    summed = whole.groupby("GROUP", sort=False)["n"].sum()
    if not summed.sum():
        return "No adverse event of special interest"
    most = summed.astype(float).idxmax()
    by_arm = whole[whole["GROUP"] == most].set_index("arm")
    parts = [count_text(int(by_arm.loc[trt, "n"]), int(by_arm.loc[trt, "N"])) for trt in basis.trts]
    return f"{most}: {' vs '.join(parts)}"
