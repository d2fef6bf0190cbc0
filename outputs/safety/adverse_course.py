"""Adverse events in time: the first one, how often in each period, how long they last, who has them again."""

from functools import partial

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.event_course import (
    EVENT,
    PERIODS,
    event_durations,
    hazard_by_period,
    onset_times,
    period_label,
    recurrences,
)
from analysis.safety.events import ALL, AdverseEvents, adverse_events
from analysis.survival import cumulative_incidence, kaplan_meier, landmark, median_survival
from charts.safety.periods import periods_figure
from charts.survival import cumulative_incidence_figure
from outputs import wording
from outputs.basis import Basis
from outputs.output import Card, Output, View
from outputs.safety.adverse_cards import WHY_GARWOOD
from outputs.safety.adverse_cells import nothing_to_count
from outputs.safety.adverse_overview import event_notes, overview_kinds, overview_names
from outputs.safety.basis import safety_basis
from outputs.safety.counts import masked
from outputs.small_cells import hidden_of, suppressed
from outputs.survival_cards import incidence_card
from outputs.time_endpoints import association, landmark_table, landmarks, latest_common

ANY = "ANY"
WHY_KAPLAN_MEIER = (
    "Counts events that still run for as long as they have run; leaving them out would read too short."
)


def course_kinds(data: AnalysisData) -> dict[str, str]:
    """The kinds of event for a control: code to name."""
    basis = safety_basis(data, View())
    events = adverse_events(data, basis.subjects, basis.trts)
    recorded = overview_kinds(events, basis)
    return {kind: name for kind, name in overview_names(basis).items() if kind in recorded}


def _start(data: AnalysisData, view: View, kind: str) -> tuple[Basis, AdverseEvents, pd.DataFrame, str, str]:
    """Basis, events, the rows of one kind, its name, and why there is nothing to show."""
    basis = safety_basis(data, view)
    events = adverse_events(data, basis.subjects, basis.trts)
    kinds, names = overview_kinds(events, basis), overview_names(basis)
    chosen = kind if kind in kinds else ANY
    rows = events.rows[kinds[chosen]].reset_index(drop=True) if chosen in kinds else events.rows
    empty = nothing_to_count(events, "any", basis)
    if not empty and rows.empty:
        empty = f"No event of this kind at this cut: {wording.lowered(names[chosen])}."
    return basis, events, rows, names.get(chosen, "Any adverse event"), empty


def adverse_onset_output(data: AnalysisData, view: View, *, kind: str = ANY) -> Output:
    """Cumulative incidence of the first event of a kind, death competing."""
    basis, events, rows, name, empty = _start(data, view, kind)
    times = onset_times(rows, basis.subjects)
    curve = cumulative_incidence(times, basis.trts, (EVENT, "death"))
    first = curve[curve["cause"] == EVENT]
    at = landmarks(first)
    words = times["CIFEVENT"].replace({"": "no event so far", EVENT: "event"})
    title = "First event over time"
    return Output(
        id="adverse_onset",
        title=title,
        subtitle=f"{name}: cumulative incidence from day 1, death competing. Shaded: 95% interval",
        population=basis.population,
        arms=basis.styles,
        results=pd.concat(
            [first.assign(measure="incidence"), at.assign(measure="landmark")], ignore_index=True
        ),
        table=landmark_table(at, basis, "Had it by week"),
        figure=lambda theme, compact: cumulative_incidence_figure(
            first,
            basis.arms,
            cause=EVENT,
            y_title="Participants with the event",
            theme=theme,
            compact=compact,
        ),
        records=times.assign(EVENT=words)[["USUBJID", "ARM", "EVENT"]],
        cell_keys=("ARM", "EVENT"),
        headline=_onset_headline(name, at),
        detail=f"{basis.population}, {wording.plural(len(basis.subjects), 'participant')}. Treatment-emergent events.",
        alt=f"Cumulative incidence of the first event by arm ({wording.lowered(name)}), death competing.",
        footnotes=(
            *_unknown_onset(rows),
            *association(basis),
            *event_notes(events),
            *basis.notes(),
        ),
        badges=basis.badges(),
        cards=_onset_cards(name, at, times, basis),
        empty=empty,
    )


def _unknown_onset(rows: pd.DataFrame) -> tuple[str, ...]:
    """Who is left out because the first day of every such event is unknown."""
    unknown = int(rows.groupby("USUBJID")["ASTDY"].min().isna().sum())
    return (f"Left out, first day unknown: {wording.plural(unknown, 'participant')}.",) if unknown else ()


def _onset_cards(name: str, at: pd.DataFrame, times: pd.DataFrame, basis: Basis) -> tuple[Card, ...]:
    shown = latest_common(at)
    if shown.empty:
        return ()
    alone = times.assign(AVAL=times["CIFDY"], CNSR=(times["CIFEVENT"] != EVENT).astype(int))
    weeks = landmark(kaplan_meier(alone, basis.trts), [7 * shown["week"].iloc[0]])
    return (incidence_card(shown, weeks, basis),)


def _onset_headline(name: str, at: pd.DataFrame) -> str:
    shown = latest_common(at)
    if shown.empty:
        return f"{name}: over time"
    shares = " vs ".join(wording.percent(value, 0) for value in shown["estimate"])
    return f"{name} by week {shown['week'].iloc[0]:g}: {shares}"


def adverse_periods_output(data: AnalysisData, view: View, *, kind: str = ANY) -> Output:
    """First events of a kind per 100 patient-years at risk in each period."""
    basis, events, rows, name, empty = _start(data, view, kind)
    times = onset_times(rows, basis.subjects)
    results = hazard_by_period(times, basis.trts)
    seen = times[times["CIFEVENT"] == EVENT]
    bounds = [(first, np.inf if last is None else last) for first, last in PERIODS]
    labels = [
        next(
            period_label(period)
            for period, (low, high) in zip(PERIODS, bounds, strict=True)
            if low <= day <= high
        )
        for day in seen["CIFDY"]
    ]
    return Output(
        id="adverse_periods",
        title="How often in each period",
        subtitle=f"{name}: first events per 100 patient-years at risk. Below: first events / participants at risk",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_periods_table(results, basis),
        figure=lambda theme, compact: periods_figure(results, basis.arms, theme=theme, compact=compact),
        records=seen[["USUBJID", "ARM"]].assign(PERIOD=pd.Series(labels, seen.index, dtype="str")),
        cell_keys=("PERIOD", "ARM"),
        headline="How often in each period",
        alt=f"First events per 100 patient-years in each period, by arm ({wording.lowered(name)}).",
        footnotes=(
            "A patient-year has 365.25 days.",
            *_unknown_onset(rows),
            *association(basis),
            *event_notes(events),
            *basis.notes(),
        ),
        badges=basis.badges(),
        cards=_period_cards(results, basis),
        empty=empty,
        as_file=partial(_periods_in_file, results, basis),
    )


def _periods_table(results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    rows = [
        {"Period": period, **{basis.labels[row.arm]: _rate_text(row) for row in own.itertuples()}}
        for period, own in results.groupby("period", sort=False)
    ]
    return pd.DataFrame(rows)


def _periods_in_file(results: pd.DataFrame, basis: Basis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without small cells: the periods of an arm add up to those with the event."""
    hidden = hidden_of(results, over={"period": None}, within=("arm",), counts=("n",))
    left_out = {(row.period, basis.labels[row.arm]) for row in results[hidden["n"]].itertuples()}
    table = masked(_periods_table(results, basis), left_out, ["Period"], list(basis.labels.values()))
    return suppressed(results, hidden, derived=("estimate", "conf_low", "conf_high")), table


def _rate_text(row) -> str:
    if np.isnan(row.estimate):
        return "nobody at risk"
    limits = f"{wording.fixed(row.conf_low, 1)} to {wording.fixed(row.conf_high, 1)}"
    return f"{wording.fixed(row.estimate, 1)} ({limits}), {row.n} of {row.at_risk}"


def _period_cards(results: pd.DataFrame, basis: Basis) -> tuple[Card, ...]:
    first = results[(results["period"] == results["period"].iloc[0]) & results["estimate"].notna()]
    parts = [f"{basis.labels[row.arm]} {_rate_text(row)}" for row in first.itertuples()]
    return (
        Card(
            title=f"First events per 100 patient-years, {wording.lowered(str(results['period'].iloc[0]))}",
            estimate="; ".join(parts) or wording.NOT_ESTIMABLE,
            method=str(results["method"].iloc[0]),
            reason=f"{WHY_GARWOOD} Every period is made alike; this is the first one.",
        ),
    )


def adverse_duration_output(data: AnalysisData, view: View, *, kind: str = ANY) -> Output:
    """How long events last: the median over events by Kaplan-Meier, those that still run censored."""
    basis, events, rows, name, empty = _start(data, view, kind)
    lasting = event_durations(rows)
    medians = median_survival(kaplan_meier(lasting, basis.trts))
    running = {trt: int(((lasting["ARM"] == trt) & (lasting["CNSR"] == 1)).sum()) for trt in basis.trts}
    results = medians.assign(ongoing=[running[arm] for arm in medians["arm"]], measure="median")
    state = np.where(lasting["CNSR"] == 1, "still runs", "ended")
    return Output(
        id="adverse_duration",
        title="How long events last",
        subtitle=f"{name}: median days of an event, Kaplan-Meier; events that still run are censored",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_duration_table(results, basis),
        records=lasting.assign(STATE=state)[["USUBJID", "ARM", "STATE"]].drop_duplicates(),
        cell_keys=("STATE", "ARM"),
        headline="How long events last",
        footnotes=(
            "Counts are of events; a participant may have several, which the interval does not know.",
            *([f"Left out, first day unknown: {wording.plural(len(rows) - len(lasting), 'event')}."]
              if len(rows) > len(lasting) else []),
            *event_notes(events),
            *basis.notes(),
        ),
        badges=basis.badges(),
        cards=(_duration_card(results, basis),),
        empty=empty,
    )  # fmt: skip


def _days(row) -> str:
    if np.isnan(row.estimate):
        return wording.NOT_REACHED
    high = wording.NOT_REACHED if np.isnan(row.conf_high) else wording.fixed(row.conf_high)
    low = wording.NOT_ESTIMABLE if np.isnan(row.conf_low) else wording.fixed(row.conf_low)
    return f"{wording.fixed(row.estimate)} ({low} to {high})"


def _duration_table(results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    lines = {
        "Events": lambda row: str(0 if pd.isna(row.N) else int(row.N)),
        "Still running": lambda row: str(row.ongoing),
        "Median days (95% CI)": _days,
    }
    return pd.DataFrame(
        [
            {"Measure": name, **{basis.labels[row.arm]: text(row) for row in results.itertuples()}}
            for name, text in lines.items()
        ]
    )


def _duration_card(results: pd.DataFrame, basis: Basis) -> Card:
    return Card(
        title="Duration of an event, median days",
        estimate="; ".join(f"{basis.labels[row.arm]} {_days(row)}" for row in results.itertuples()),
        method=str(results["method"].iloc[0]),
        reason=WHY_KAPLAN_MEIER,
    )


def adverse_recurrence_output(data: AnalysisData, view: View, *, kind: str = ANY) -> Output:
    """Who had an event of the same term again, of those who had any."""
    basis, events, rows, name, empty = _start(data, view, kind)
    again = recurrences(rows)
    most = again.groupby(["USUBJID", "ARM"], as_index=False)["EVENTS"].max()
    lines = {
        "Once": most["EVENTS"] == 1,
        "Twice": most["EVENTS"] == 2,
        "Three times or more": most["EVENTS"] >= 3,
    }
    results = _recurrence_counts(most, lines, basis)
    records = [most.loc[taken, ["USUBJID", "ARM"]].assign(TIMES=name) for name, taken in lines.items()]
    table = [
        {
            "Events of one term": each,
            **{basis.labels.get(row.arm, ALL): f"{row.n} of {row.N}" for row in own.itertuples()},
        }
        for each, own in results.groupby("times", sort=False)
    ]
    return Output(
        id="adverse_recurrence",
        title="Events that come again",
        subtitle=f"{name}: how often a participant had the same term at most, of those who had any event",
        population=basis.population,
        arms=basis.styles,
        results=results.assign(method="count"),
        table=pd.DataFrame(table),
        records=pd.concat(records, ignore_index=True),
        cell_keys=("TIMES", "ARM"),
        headline="Events that come again",
        footnotes=(*event_notes(events), *basis.notes()),
        badges=basis.badges(),
        empty=empty,
        as_file=partial(_recurrence_in_file, results.assign(method="count"), pd.DataFrame(table), basis),
    )


def _recurrence_in_file(
    results: pd.DataFrame, table: pd.DataFrame, basis: Basis
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without small cells; the lines of an arm add up to those with any event."""
    hidden = hidden_of(
        results, over={"times": None, "arm": ALL if len(basis.trts) > 1 else None}, counts=("n",)
    )
    left_out = {(row.times, basis.labels.get(row.arm, ALL)) for row in results[hidden["n"]].itertuples()}
    kept = suppressed(results, hidden, derived=())
    return kept, masked(table, left_out, ["Events of one term"], list(table.columns[1:]))


def _recurrence_counts(most: pd.DataFrame, lines: dict[str, pd.Series], basis: Basis) -> pd.DataFrame:
    """One row per line and arm, "All" last where there are several: n of N participants with any event."""
    arms = [*basis.trts, *([ALL] if len(basis.trts) > 1 else [])]
    made = []
    for name, taken in lines.items():
        for arm in arms:
            own = (most["ARM"] == arm) | (arm == ALL)
            made.append((name, arm, int((own & taken).sum()), int(own.sum())))
    return pd.DataFrame(made, columns=["times", "arm", "n", "N"])
