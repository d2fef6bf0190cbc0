"""Adverse events in time: when the first one began, and how often in each period."""

from functools import partial

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.event_course import (
    EVENT,
    PERIODS,
    hazard_by_period,
    onset_times,
    period_label,
    unknown_onset,
)
from analysis.safety.events import AdverseEvents, recorded_in
from charts.safety.periods import periods_figure
from outputs import wording
from outputs.basis import Basis
from outputs.competing_death import incidence_parts
from outputs.output import Card, Output, View
from outputs.safety.adverse_cards import WHY_GARWOOD
from outputs.safety.adverse_cells import nothing_to_count
from outputs.safety.adverse_overview import INTEREST, event_notes, overview_kinds, overview_names
from outputs.safety.basis import events_of, safety_basis
from outputs.safety.counts import arm_table
from outputs.slide_chart import Axis
from outputs.slide_rows import of_arms
from outputs.small_cells import NOT_SHOWN, hidden_of, suppressed
from outputs.time_endpoints import association

ANY = "ANY"
NOT_YET = "no event so far"
EVENT_WORDS = {
    "ANY": "Any adverse event",
    "RELATED": "Event related to treatment",
    "GRADE": "Event of grade 3 or more",
    "SERIOUS": "Serious event",
    "STOPPED": "Event leading to stop of treatment",
    "FATAL": "Fatal event",
}


def course_kinds(data: AnalysisData) -> dict[str, str]:
    """The kinds of event that the cut records, for a control: code to name."""
    recorded = recorded_in(data.adae)
    names = overview_names(safety_basis(data, View())) if "ANY" in recorded else {}
    return {kind: name for kind, name in names.items() if kind in recorded or kind.startswith(INTEREST)}


def course_start(
    data: AnalysisData, view: View, kind: str
) -> tuple[Basis, AdverseEvents, pd.DataFrame, str, str]:
    """Basis, events, the rows of one kind, its name, and why there is nothing to show."""
    basis = safety_basis(data, view)
    events = events_of(basis)
    kinds = overview_kinds(events, basis)
    names = EVENT_WORDS | {f"{INTEREST}{group.label}": group.label for group in basis.definition.aesi}
    chosen = kind if kind in kinds else ANY
    rows = events.rows[kinds[chosen]].reset_index(drop=True) if chosen in kinds else events.rows
    empty = nothing_to_count(events, "any", basis)
    if not empty and rows.empty:
        empty = f"No event of this kind at this cut: {wording.lowered(names[chosen])}."
    return basis, events, rows, names[chosen], empty


def adverse_onset_output(data: AnalysisData, view: View, *, kind: str = ANY) -> Output:
    """Cumulative incidence of the first event of a kind, death competing."""
    basis, events, rows, name, empty = course_start(data, view, kind)
    times = onset_times(rows, basis.subjects)
    parts = incidence_parts(
        times, EVENT, basis, said=name, row="Had it by week", y_title="Participants with the event"
    )
    return Output(
        id="adverse_onset",
        title="First event over time",
        subtitle=f"{name}: cumulative incidence from day 1, death competing. Shaded: 95% interval",
        population=basis.population,
        arms=basis.styles,
        **parts,
        records=times.assign(EVENT=times["CIFEVENT"].replace({"": NOT_YET}))[["USUBJID", "ARM", "EVENT"]],
        cell_keys=("ARM", "EVENT"),
        alt=f"Cumulative incidence of the first event by arm ({wording.lowered(name)}). {parts['detail']}",
        footnotes=(*_followed_notes(rows, times, basis), *event_notes(events), *basis.notes()),
        badges=basis.badges(),
        empty=empty,
    )


def _followed_notes(rows: pd.DataFrame, times: pd.DataFrame, basis: Basis) -> tuple[str, ...]:
    """Who is followed, who is left out, and what the difference between arms is."""
    unknown = unknown_onset(rows)
    unfollowed = len(basis.subjects) - len(times) - unknown
    left_out = [
        *([f"first day unknown, {wording.plural(unknown, 'participant')}"] if unknown else []),
        *([f"not followed, {wording.plural(unfollowed, 'participant')}"] if unfollowed else []),
    ]
    return (
        f"{basis.population}, {wording.plural(len(times), 'participant')}; treatment-emergent events.",
        *([f"Left out: {'; '.join(left_out)}."] if left_out else []),
        *association(basis),
    )


def adverse_periods_output(data: AnalysisData, view: View, *, kind: str = ANY) -> Output:
    """First events of a kind per 100 patient-years at risk in each period."""
    basis, events, rows, name, empty = course_start(data, view, kind)
    times = onset_times(rows, basis.subjects)
    results = hazard_by_period(times, basis.trts)
    return Output(
        id="adverse_periods",
        title="How often in each period",
        subtitle=f"{name}: first events per 100 patient-years at risk. Below: first events / participants at risk",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_periods_table(results, basis),
        figure=lambda theme, compact: periods_figure(results, basis.arms, theme=theme, compact=compact),
        chart=lambda: of_arms(
            _periods_in_file(results, basis)[0],
            basis.arms,
            Axis("First events per 100 patient-years, 95% CI", 0),
            _rate_words,
            group=lambda row: row.period,
            detail=_at_risk,
        ),
        records=_in_periods(times),
        cell_keys=("PERIOD", "ARM"),
        headline="How often in each period",
        alt=f"First events per 100 patient-years in each period, by arm ({wording.lowered(name)}).",
        footnotes=(
            "Upright: 95% interval, with an arrow where it goes on. A patient-year has 365.25 days.",
            *_followed_notes(rows, times, basis),
            *event_notes(events),
            *basis.notes(),
        ),
        badges=basis.badges(),
        cards=_period_cards(results, basis),
        empty=empty,
        as_file=None if empty else partial(_periods_in_file, results, basis),
    )


def _in_periods(times: pd.DataFrame) -> pd.DataFrame:
    """One row per participant with a first event: USUBJID ARM PERIOD."""
    first = times[times["CIFEVENT"] == EVENT]
    begins = np.array([begin for begin, _ in PERIODS])
    places = np.searchsorted(begins, first["CIFDY"].to_numpy(float), side="right") - 1
    labels = [period_label(PERIODS[place]) for place in places]
    return first[["USUBJID", "ARM"]].assign(PERIOD=pd.Series(labels, first.index, dtype="str"))


def _periods_in_file(results: pd.DataFrame, basis: Basis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without small cells: the first events of an arm add up over its periods; at most those who left are such."""
    later = results.groupby("arm", sort=False)["at_risk"].shift(-1).fillna(0)
    bounded = results.assign(left=results["at_risk"] - later)
    hidden = hidden_of(bounded, over={"period": None}, within=("arm",), counts=("n",), at_most="left")
    kept = suppressed(results, hidden, derived=("years", "estimate", "conf_low", "conf_high"))
    return kept, _periods_table(kept, basis)


def _periods_table(results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    return arm_table(results, ["period"], {"Period": lambda key: key[0]}, basis.labels, _rate_text)


def _rate_text(row) -> str:
    return ", ".join(filter(None, [_rate_words(row), _at_risk(row)]))


def _rate_words(row) -> str:
    if pd.isna(row.n):
        return NOT_SHOWN
    if np.isnan(row.estimate):
        return "nobody at risk"
    limits = f"{wording.fixed(row.conf_low, 1)} to {wording.fixed(row.conf_high, 1)}"
    return f"{wording.fixed(row.estimate, 1)} ({limits})"


def _at_risk(row) -> str:
    return "" if pd.isna(row.n) or np.isnan(row.estimate) else f"{row.n} of {row.at_risk}"


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
