"""Adverse events per 100 patient-years: incidence among those at risk, the ratio of two arms, and all events."""

from collections.abc import Sequence
from functools import partial

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.events import AdverseEvents, participants_with
from analysis.safety.exposure_adjusted import EVENTS, INCIDENCE, RATIO, adjusted_rates, rate_ratios
from analysis.safety.terms import TERM, WHOLE_CLASS, term_counts
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.safety.adverse_cards import rate_time_cards
from outputs.safety.adverse_cells import (
    ROW,
    Keys,
    compared_cells,
    hidden_counts,
    nothing_to_count,
    term_labels,
    without_hidden,
)
from outputs.safety.adverse_overview import (
    event_notes,
    kind_people,
    overview_kinds,
    overview_names,
    rows_by_kind,
)
from outputs.safety.adverse_terms import KEYS, TITLES, term_people
from outputs.safety.basis import events_of, safety_basis
from outputs.safety.counts import row_keys, sizes_words
from outputs.small_cells import NOT_SHOWN

LEVELS = ("kind", "class", "term", "all")
RATIO_TITLE = {RATIO: "Ratio of incidences (95% CI)"}
RISK_NOTE = (
    "Incidence: participants with the event per 100 patient-years at risk, to its first day or as long as followed. "
    "Events: all of them per 100 patient-years followed. A patient-year has 365.25 days."
)


def adverse_rates_output(data: AnalysisData, view: View, *, level: str = "kind") -> Output:
    """Incidence with its exact interval, the ratio of incidences, and events, by kind, class or term."""
    if level not in LEVELS:
        raise ValueError(f"level is {level!r}; expected one of {LEVELS}")
    basis = safety_basis(data, view)
    events = events_of(basis)
    keys = ("kind",) if level == "kind" else ROW
    results = kind_rates(events, basis) if level == "kind" else term_rates(events, basis, level)
    empty = nothing_to_count(events, "any", basis)
    names = row_names(results, keys, basis)
    rows = row_keys(results, keys)
    return Output(
        id="adverse_rates",
        title="Per 100 patient-years",
        subtitle="Incidence (95% CI): participants / patient-years at risk. Events: events / patient-years followed",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=pd.DataFrame() if empty else rates_table(results, keys, names, basis),
        records=_people(events, basis, level),
        cell_keys=("KIND", "ARM") if level == "kind" else KEYS,
        rows=tuple((name, "") for name in names) if level == "kind" else tuple((*row, "") for row in rows),
        columns=_column_cells(basis),
        headline=_headline(results, keys, names, basis),
        detail=f"{basis.population}: {sizes_words(basis)}. Treatment-emergent.",
        footnotes=(RISK_NOTE, *_ratio_notes(basis), *event_notes(events), *basis.notes()),
        badges=basis.badges(),
        cards=() if empty else rate_time_cards(results, keys, names[0], basis),
        empty=empty,
        as_file=None if empty else partial(_in_file, results, keys, names, basis, events),
    )


def kind_rates(events: AdverseEvents, basis: Basis) -> pd.DataFrame:
    """Rates and ratios of each kind of the overview that the data record."""
    rows = rows_by_kind(events, overview_kinds(events, basis))
    rates = adjusted_rates(events, basis.subjects, rows, ["kind"], among=_kinds(events, basis))
    return _with_ratios(rates, ["kind"], basis)


def term_rates(events: AdverseEvents, basis: Basis, level: str) -> pd.DataFrame:
    """Rates and ratios of each class and term in the order of `term_counts`."""
    parts = {"class": [events.rows.assign(TERM=WHOLE_CLASS)], "term": [events.rows]}
    parts["all"] = [*parts["class"], *parts["term"]]
    rates = adjusted_rates(events, basis.subjects, pd.concat(parts[level], ignore_index=True), TERM)
    order = term_counts(events, level=level)[TERM].drop_duplicates()
    return _with_ratios(order.merge(rates, on=TERM), TERM, basis)


def _with_ratios(rates: pd.DataFrame, keys: Sequence[str], basis: Basis) -> pd.DataFrame:
    """Rates, then their ratios, as results: whole numbers, "" where there is no comparison."""
    columns = [*keys, "measure", "comparison", "arm", "control", "n", "N", "events", "years"]
    columns += ["estimate", "conf_low", "conf_high", "method"]
    if rates.empty:
        return pd.DataFrame(columns=columns)
    ratios = rate_ratios(rates, basis.comparisons, keys)
    both = pd.concat([rates.assign(comparison="", control=""), ratios], ignore_index=True)
    numbers = dict.fromkeys(["years", "estimate", "conf_low", "conf_high"], float)
    return both.reindex(columns=columns).astype({"n": "Int64", "N": "Int64", "events": "Int64"} | numbers)


def _kinds(events: AdverseEvents, basis: Basis) -> pd.DataFrame:
    """The kinds that the data record, in the order of the overview."""
    recorded = overview_kinds(events, basis)
    return pd.DataFrame({"kind": [kind for kind in overview_names(basis) if kind in recorded]}).astype("str")


def row_names(results: pd.DataFrame, keys: Sequence[str], basis: Basis) -> list[str]:
    """What each row of the table is called."""
    rows = row_keys(results, keys)
    return [overview_names(basis)[kind] for (kind,) in rows] if len(keys) == 1 else term_labels(rows)


def rates_table(
    results: pd.DataFrame,
    keys: Sequence[str],
    names: Sequence[str],
    basis: Basis,
    hidden: frozenset[Keys] = frozenset(),
) -> pd.DataFrame:
    """A row per kind or term: incidence by arm, ratio, events by arm."""
    rows = row_keys(results, keys)
    texts = {
        (*values, row.measure): _rate_text(row)
        for values, row in zip(
            results[[*keys, "arm"]].itertuples(index=False, name=None), results.itertuples(), strict=True
        )
        if row.measure != RATIO
    }
    by_measure = {
        heading: [texts[(*row, arm, measure)] for row in rows]
        for measure in (INCIDENCE, EVENTS)
        for arm, heading in _headings(basis, measure).items()
    }
    ratios = compared_cells(results, keys, rows, basis, hidden, measures=RATIO_TITLE)
    incidence = list(by_measure)[: len(basis.trts)]
    first = {"Participants with" if len(keys) == 1 else _title(rows): list(names)}
    ordered = {name: by_measure[name] for name in incidence} | ratios | by_measure
    return pd.DataFrame(first | ordered).astype("str")


def _headings(basis: Basis, measure: str) -> dict[str, str]:
    return {arm: f"{measure.capitalize()}, {label}" for arm, label in basis.labels.items()}


def _title(rows: Sequence[Keys]) -> str:
    levels = {bool(term) for _, term in rows}
    return TITLES["all" if len(levels) > 1 else "term" if True in levels else "class"]


def _rate_text(row) -> str:
    """ "25.0 (12.5 to 44.7): 11 / 44.0": the rate, its interval, what it is made of."""
    number = row.n if row.measure == INCIDENCE else row.events
    if pd.isna(number):
        return NOT_SHOWN
    if pd.isna(row.estimate):
        return "–"
    limits = f" ({wording.fixed(row.conf_low, 1)} to {wording.fixed(row.conf_high, 1)})"
    rate = f"{wording.fixed(row.estimate, 1)}{limits if row.measure == INCIDENCE else ''}"
    return f"{rate}: {number} / {wording.fixed(row.years, 1)}"


def _column_cells(basis: Basis) -> dict[str, tuple[str, str]]:
    return {
        heading: ("ARM", arm)
        for measure in (INCIDENCE, EVENTS)
        for arm, heading in _headings(basis, measure).items()
    }


def _people(events: AdverseEvents, basis: Basis, level: str) -> pd.DataFrame:
    by_term = level != "kind"
    return (
        term_people(events)
        if by_term
        else kind_people(events, overview_kinds(events, basis), overview_names(basis))
    )


def _ratio_notes(basis: Basis) -> tuple[str, ...]:
    if not basis.comparisons:
        return ()
    made = "Ratio: experimental over control, exact given the participants with the event in both."
    return (made,) if basis.definition.randomised else (made, "Association; arms were not randomised.")


def _in_file(
    results: pd.DataFrame, keys: Keys, names: Sequence[str], basis: Basis, events: AdverseEvents
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without small cells, the same ones as in the tables of counts."""
    if len(keys) == 1:
        rows = rows_by_kind(events, overview_kinds(events, basis))
        counts = participants_with(rows, keys, events.sizes, among=_kinds(events, basis))
    else:
        counts = term_counts(events, level="all")
    hidden = hidden_counts(counts, keys)
    kept = without_hidden(results, hidden, keys)
    return kept, rates_table(kept, keys, names, basis, hidden)


def _headline(results: pd.DataFrame, keys: Sequence[str], names: Sequence[str], basis: Basis) -> str:
    if not names:
        return "No rate to show"
    first = results[(results[list(keys)] == list(row_keys(results, keys)[0])).all(axis=1)]
    rates = first[first["measure"] == INCIDENCE].set_index("arm")["estimate"]
    shown = " vs ".join("–" if pd.isna(rates[trt]) else wording.fixed(rates[trt], 1) for trt in basis.trts)
    return f"{names[0]} per 100 patient-years: {shown}"
