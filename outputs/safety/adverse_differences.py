"""Where the arms differ: the difference and the ratio of the shares with each adverse event."""

from functools import partial

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.events import AdverseEvents
from analysis.safety.terms import TERM, term_comparisons, term_counts
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.safety.adverse_cards import comparison_cards
from outputs.safety.adverse_cells import (
    KINDS,
    ROW,
    Keys,
    arm_column_cells,
    compared_cells,
    count_cell,
    hidden_counts,
    nothing_to_count,
    of_kind,
    term_labels,
    with_comparisons,
    with_shares,
    without_hidden,
)
from outputs.safety.adverse_overview import difference_notes, event_notes
from outputs.safety.adverse_terms import KEYS, TITLES, term_people
from outputs.safety.basis import events_of, safety_basis
from outputs.safety.counts import arm_cells, arm_columns, row_keys, sizes_words

MEASURES = {"difference": "Difference, points (95% CI)", "risk ratio": "Ratio (95% CI)"}
RATIO_NOTE = "Ratio: experimental over control, score interval; not estimable where nobody had the event."


def adverse_differences_output(
    data: AnalysisData, view: View, *, level: str = "term", least_share: str = "5", kind: str = "any"
) -> Output:
    """Difference and ratio by term or class, of those that at least `least_share` percent of an arm had."""
    share = percent_of(least_share)
    basis = safety_basis(data, view)
    everything = events_of(basis)
    events = of_kind(everything, kind)
    results = difference_results(events, basis, level, share)
    empty = _empty(everything, kind, basis, results, share)
    title = TITLES.get(level, "")
    return Output(
        id="adverse_differences",
        title="Differences",
        subtitle=f"{KINDS[kind]}, {_had_by(share)}; experimental against control",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=pd.DataFrame() if empty else differences_table(results, title, basis),
        records=term_people(events),
        cell_keys=KEYS,
        rows=tuple((*row, "") for row in row_keys(results, ROW)),
        columns=arm_column_cells(basis, total=False),
        headline=_headline(results, share),
        detail=f"{basis.population}: {sizes_words(basis)}. Treatment-emergent, each participant once.",
        footnotes=(*difference_notes(basis), RATIO_NOTE, *event_notes(everything), *basis.notes()),
        badges=basis.badges(),
        cards=() if empty else comparison_cards(results, ROW, lambda row: row[1] or row[0], basis),
        empty=empty,
        as_file=None if empty else partial(_in_file, results, title, basis),
    )


def percent_of(least_share: str) -> float:
    """A share from a number of percent; ValueError for anything else."""
    number = pd.to_numeric(least_share, errors="coerce")
    if not 0 <= number <= 100:
        raise ValueError(f"least_share is {least_share!r}; expected a percent from 0 to 100")
    return float(number) / 100


def difference_results(events: AdverseEvents, basis: Basis, level: str, share: float) -> pd.DataFrame:
    """One row per term and arm (measure "count", "All" last), then per term, comparison and measure."""
    counts = term_counts(events, level=level, least_share=share)
    compared = term_comparisons(counts, basis.comparisons)
    return with_comparisons(with_shares(counts), compared, TERM)


def differences_table(
    results: pd.DataFrame, title: str, basis: Basis, hidden: frozenset[Keys] = frozenset()
) -> pd.DataFrame:
    """A row per term: n (%) [events] by arm, difference and ratio; none of them where a count is hidden."""
    rows = row_keys(results, ROW)
    counts = arm_cells(results[results["measure"] == "count"], ROW, rows, arm_columns(basis), count_cell)
    by_arm = {label: texts for label, texts in counts.items() if label in basis.labels.values()}
    compared = compared_cells(results, ROW, rows, basis, hidden, measures=MEASURES)
    return pd.DataFrame({title: term_labels(rows), **by_arm, **compared}).astype("str")


def _in_file(results: pd.DataFrame, title: str, basis: Basis) -> tuple[pd.DataFrame, pd.DataFrame]:
    hidden = hidden_counts(results[results["measure"] == "count"], ROW)
    kept = without_hidden(results, hidden, ROW)
    return kept, differences_table(kept, title, basis, hidden)


def _empty(events: AdverseEvents, kind: str, basis: Basis, results: pd.DataFrame, share: float) -> str:
    nothing = nothing_to_count(events, kind, basis)
    if nothing:
        return nothing
    if not basis.comparisons:
        return "One arm: nothing to compare."
    if basis.empty_arms():
        return basis.empty_arms()
    return "" if len(results) else f"Nothing was {_had_by(share)} ({KINDS[kind].lower()})."


def _headline(results: pd.DataFrame, share: float) -> str:
    """How many rows are compared; which of them differ most is chance to a large part, and no headline."""
    return f"{wording.plural(len(row_keys(results, ROW)), 'row')}, {_had_by(share)}"


def _had_by(share: float) -> str:
    return f"had by at least {100 * share:g}% of an arm" if share else "had by anybody"
