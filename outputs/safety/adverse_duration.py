"""How long adverse events last, and how they end."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.event_course import OUTCOMES, event_durations, worst_outcomes
from analysis.safety.events import AdverseEvents
from analysis.safety.terms import TERM
from analysis.survival import kaplan_meier, median_survival
from outputs import wording
from outputs.basis import Basis
from outputs.output import Card, Output, View
from outputs.safety.adverse_cells import term_labels
from outputs.safety.adverse_course import ANY, course_start
from outputs.safety.adverse_overview import event_notes
from outputs.small_cells import NOT_SHOWN, few, hidden_of, suppressed

MOST_TERMS = 25
LEVELS = ("kind", "term")
RUNNING, ENDED = "Still running", "Ended"
WORST = "Worst outcome: "
WHY_KAPLAN_MEIER = (
    "Counts events that still run for as long as they have run; leaving them out would read too short."
)
SEVERAL = "A participant may have several events, which the interval does not know."


def adverse_duration_output(
    data: AnalysisData, view: View, *, kind: str = ANY, level: str = "kind"
) -> Output:
    """Median days of an event by Kaplan-Meier, and the worst outcomes; or the medians of each term."""
    if level not in LEVELS:
        raise ValueError(f"level is {level!r}; expected one of {LEVELS}")
    basis, events, rows, name, empty = course_start(data, view, kind)
    lasting = event_durations(rows)
    by_term = level == "term"
    medians, left = _by_term(lasting, basis) if by_term else (_medians(lasting, basis), 0)
    outcomes = _outcomes(rows, events, basis) if not by_term else pd.DataFrame()
    results = pd.concat([medians, outcomes], ignore_index=True)
    records = _people_of_terms(rows, medians) if by_term else _people_of_states(rows, lasting, events)
    table = _terms_table if by_term else _kind_table
    return Output(
        id="adverse_duration",
        title="How long events last",
        subtitle=f"{name}: median days of an event, Kaplan-Meier; events that still run are censored",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=table(results, basis),
        records=records,
        cell_keys=("ROW", "ARM"),
        headline="How long events last",
        footnotes=(*_notes(rows, lasting, left, events, by_term), *event_notes(events), *basis.notes()),
        badges=basis.badges(),
        cards=() if empty else (_card(_medians(lasting, basis), basis),),
        empty=empty,
        as_file=None if empty else partial(_in_file, results, basis, table),
    )


def _notes(
    rows: pd.DataFrame, lasting: pd.DataFrame, left: int, events: AdverseEvents, by_term: bool
) -> tuple[str, ...]:
    unknown = len(rows) - len(lasting)
    said = (
        (SEVERAL, True),
        (f"Left out, first day unknown: {wording.plural(unknown, 'event')}.", unknown),
        (f"Not shown: {wording.plural(left, 'term')} with fewer events.", left),
        ("Worst outcomes are of participants with an event.", not by_term and "OUTCOME" in events.recorded),
    )
    return tuple(words for words, holds in said if holds)


def _medians(lasting: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """One row per arm: n `participants`, N events, n of them ended, `ongoing`, the median and its interval."""
    medians = median_survival(kaplan_meier(lasting, basis.trts))
    own = lasting.assign(RUNS=lasting["USUBJID"].where(lasting["CNSR"] == 1)).groupby("ARM")
    people, running = own["USUBJID"].nunique(), own["RUNS"].nunique()
    counts = {"participants": people, "ongoing": own["CNSR"].sum(), "participants_ongoing": running}
    whole = {
        name: medians["arm"].map(count).astype("Float64").fillna(0).astype("Int64")
        for name, count in counts.items()
    }
    return medians.assign(**whole, N=medians["N"].fillna(0).astype("Int64"), measure="median", outcome="")


def _by_term(lasting: pd.DataFrame, basis: Basis) -> tuple[pd.DataFrame, int]:
    """`_medians` of the terms with most events, SOC and TERM first; and how many terms have no room."""
    counted = lasting.groupby(TERM, as_index=False).size()
    ordered = counted.sort_values(["size", "TERM", "SOC"], ascending=[False, True, True])
    parts = [
        _medians(lasting[(lasting["SOC"] == soc) & (lasting["TERM"] == term)], basis).assign(
            SOC=soc, TERM=term
        )
        for soc, term in ordered[TERM].iloc[:MOST_TERMS].itertuples(index=False, name=None)
    ]
    frame = (
        pd.concat(parts, ignore_index=True) if parts else _medians(lasting, basis)[:0].assign(SOC="", TERM="")
    )
    return frame, max(len(ordered) - MOST_TERMS, 0)


def _outcomes(rows: pd.DataFrame, events: AdverseEvents, basis: Basis) -> pd.DataFrame:
    """One row per arm and outcome that occurs: n of `participants` with an event of the kind; none without AEOUT."""
    if "OUTCOME" not in events.recorded:
        return pd.DataFrame()
    worst = worst_outcomes(rows)
    of_arm = worst["ARM"].value_counts()
    made = [
        (
            arm,
            outcome,
            int(((worst["ARM"] == arm) & (worst["OUTCOME"] == outcome)).sum()),
            int(of_arm.get(arm, 0)),
        )
        for outcome in OUTCOMES
        if (worst["OUTCOME"] == outcome).any()
        for arm in basis.trts
    ]
    frame = pd.DataFrame(made, columns=["arm", "outcome", "n", "participants"])
    return frame.assign(measure="outcome", method="participants by worst outcome").astype(
        {"n": "Int64", "participants": "Int64"}
    )


def _people_of_states(rows: pd.DataFrame, lasting: pd.DataFrame, events: AdverseEvents) -> pd.DataFrame:
    state = pd.Series(np.where(lasting["CNSR"] == 1, RUNNING, ENDED), lasting.index, dtype="str")
    states = lasting.assign(ROW=state)[["USUBJID", "ARM", "ROW"]].drop_duplicates()
    worst = worst_outcomes(rows)
    ends = worst.assign(ROW=WORST + worst["OUTCOME"])[["USUBJID", "ARM", "ROW"]]
    return pd.concat([states, ends if "OUTCOME" in events.recorded else ends[:0]], ignore_index=True)


def _people_of_terms(rows: pd.DataFrame, medians: pd.DataFrame) -> pd.DataFrame:
    names = _term_names(medians)
    keys = list(rows[TERM].itertuples(index=False, name=None))
    named = rows.assign(ROW=pd.Series([names.get(key, "") for key in keys], rows.index, dtype="str"))
    return named.loc[named["ROW"] != "", ["USUBJID", "ARM", "ROW"]].drop_duplicates().reset_index(drop=True)


def _term_names(medians: pd.DataFrame) -> dict[tuple[str, str], str]:
    keys = list(medians[TERM].drop_duplicates().itertuples(index=False, name=None))
    return dict(zip(keys, term_labels(keys), strict=True))


def _kind_table(results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    medians, outcomes = (results[results["measure"] == measure] for measure in ("median", "outcome"))
    lines: dict[str, Callable] = {
        "Events": lambda row: _count(row.N),
        RUNNING: lambda row: _count(row.ongoing),
        "Median days (95% CI)": _days,
    }
    table = [
        {"Measure": name, **{basis.labels[row.arm]: text(row) for row in medians.itertuples()}}
        for name, text in lines.items()
    ]
    table += [
        {"Measure": f"{WORST}{outcome}",
         **{basis.labels[row.arm]: _share(row) for row in own.itertuples()}}
        for outcome, own in outcomes.groupby("outcome", sort=False)
    ]  # fmt: skip
    return pd.DataFrame(table).astype("str")


def _terms_table(results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    names = _term_names(results)
    rows = [
        {"Preferred term": names[key], **{basis.labels[row.arm]: _term_cell(row) for row in own.itertuples()}}
        for key, own in results.groupby(TERM, sort=False)
    ]
    return pd.DataFrame(rows, columns=["Preferred term", *basis.labels.values()]).astype("str")


def _term_cell(row) -> str:
    """ "5 (4 to 9); 12 events, 2 running": the median days and what it rests on."""
    if pd.isna(row.N):
        return NOT_SHOWN
    if not row.N:
        return "–"
    running = "" if row.ongoing is not pd.NA and not row.ongoing else f", {_count(row.ongoing)} running"
    return f"{_days(row)}; {wording.plural(row.N, 'event')}{running}"


def _count(n) -> str:
    return NOT_SHOWN if pd.isna(n) else wording.count(float(n))


def _share(row) -> str:
    return NOT_SHOWN if pd.isna(row.n) else f"{row.n} of {row.participants}"


def _days(row) -> str:
    if pd.isna(row.N):
        return NOT_SHOWN
    if not row.N:
        return "–"
    if np.isnan(row.estimate):
        return wording.NOT_REACHED
    if np.isnan(row.conf_low) and np.isnan(row.conf_high):
        return f"{wording.fixed(row.estimate)} (no interval)"
    high = wording.NOT_REACHED if np.isnan(row.conf_high) else wording.fixed(row.conf_high)
    low = wording.NOT_ESTIMABLE if np.isnan(row.conf_low) else wording.fixed(row.conf_low)
    return f"{wording.fixed(row.estimate)} ({low} to {high})"


def _card(medians: pd.DataFrame, basis: Basis) -> Card:
    return Card(
        title="Duration of an event, median days",
        estimate="; ".join(f"{basis.labels[row.arm]} {_days(row)}" for row in medians.itertuples()),
        method=str(medians["method"].iloc[0]),
        reason=WHY_KAPLAN_MEIER,
    )


def _in_file(
    results: pd.DataFrame, basis: Basis, table: Callable[[pd.DataFrame, Basis], pd.DataFrame]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without what few participants stand behind; the outcomes of an arm add up to those with an event."""
    outcomes = results[results["measure"] == "outcome"]
    small = results["participants"].map(few).astype(bool)
    running = results["participants_ongoing"].fillna(0).map(few).astype(bool)
    hidden = pd.DataFrame(dict.fromkeys(("n", "N", "participants"), small))
    hidden = hidden.assign(ongoing=small | running, participants_ongoing=small | running)
    if len(outcomes):
        ends = hidden_of(outcomes, over={"outcome": None}, within=("arm",), counts=("n",))["n"]
        hidden["n"] |= ends.reindex(results.index, fill_value=False)
    kept = suppressed(results, hidden, derived=())
    numbers = {name: kept[name].mask(small) for name in ("estimate", "conf_low", "conf_high")}
    kept = kept.assign(**numbers)
    return kept, table(kept, basis)
