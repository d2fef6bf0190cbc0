"""Durability: time to response, duration of response and failure, by Kaplan-Meier."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.survival import kaplan_meier, log_rank, median_survival
from charts.survival import kaplan_meier_figure
from outputs import wording
from outputs.basis import Basis
from outputs.observational.times import beside_crude
from outputs.output import Card, Output, View
from outputs.response import NOMINAL
from outputs.slide_lines import curves
from outputs.survival_cards import landmark_card, median_card
from outputs.time_endpoints import (
    KINDS,
    association,
    endpoint_of_kind,
    landmark_table,
    landmarks,
    latest_common,
    undefined,
)

END_WORDS = {"duration_of_response": "still in response", "treatment_failure": "without failure"}
SENTENCES = {
    "time_to_response": "Kaplan-Meier, censoring at rescue; see cumulative incidence for rescue as a competing event",
    "duration_of_response": "Kaplan-Meier from onset to loss, responders only",
    "treatment_failure": "Kaplan-Meier from first dose to failure",
}


def time_to_response_output(data: AnalysisData, view: View) -> Output:
    return _kaplan_meier_output(data, view, "time_to_response")


def duration_of_response_output(data: AnalysisData, view: View) -> Output:
    return _kaplan_meier_output(data, view, "duration_of_response")


def treatment_failure_output(data: AnalysisData, view: View) -> Output:
    return _kaplan_meier_output(data, view, "treatment_failure")


def _kaplan_meier_output(data: AnalysisData, view: View, kind: str) -> Output:
    """A Kaplan-Meier curve by arm with its medians, landmarks and log-rank test."""
    basis = Basis(data, view)
    endpoint = endpoint_of_kind(basis, kind)
    title, y_title, x_title = KINDS[kind]
    if endpoint is None:
        return undefined(basis, kind, title, kind)
    times = basis.times_of(endpoint)
    curve = kaplan_meier(times, basis.trts)
    medians = median_survival(curve)
    rising = kind == "time_to_response"
    return Output(
        id=kind,
        title=title,
        subtitle=f"{SENTENCES[kind]}. Shaded: 95% log-log interval",
        population=basis.population,
        arms=basis.styles,
        results=km_results(curve, medians, times, basis),
        table=_medians_table(medians, basis, title),
        figure=lambda theme, compact: kaplan_meier_figure(
            curve,
            basis.arms,
            medians=medians,
            rising=rising,
            y_title=y_title,
            x_title=x_title,
            end_words=END_WORDS.get(kind, ""),
            theme=theme,
            compact=compact,
        ),
        chart=lambda: curves(curve, basis.arms, y_title, x_title=x_title, rising=rising),
        records=times.assign(EVENT=np.where(times["CNSR"] == 0, times["EVNTDESC"], times["CNSDTDSC"]))[
            ["USUBJID", "ARM", "AVAL", "EVENT"]
        ],
        cell_keys=("ARM", "EVENT"),
        headline=_median_headline(title, medians),
        detail=_median_detail(medians, times, basis),
        alt=f"{title} by arm, Kaplan-Meier. {_median_detail(medians, times, basis)}",
        footnotes=(
            f"{basis.population}, {wording.plural(len(times), 'participant')}. Small upright ticks: censored. "
            + log_rank_note(times, basis),
            *association(basis),
            *beside_crude(basis, kind),
            *basis.notes(endpoint),
        ),
        badges=basis.badges(endpoint),
        cards=time_cards(title, curve, medians, basis) if len(times) else (),
        empty=basis.nobody() or ("" if len(times) else "No participant has responded at this cut."),
    )


def time_cards(title: str, curve: pd.DataFrame, medians: pd.DataFrame, basis: Basis) -> tuple[Card, ...]:
    """The median, and the curve's value in the last landmark week that every arm reaches."""
    shown = latest_common(landmarks(curve))
    name = f"{title}, curve"
    return (
        median_card(title, medians, basis),
        *([] if shown.empty else [landmark_card(name, shown, basis)]),
    )


def km_results(curve: pd.DataFrame, medians: pd.DataFrame, times: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """Curve, medians, landmarks and log-rank test in one results frame."""
    parts = [
        curve.assign(measure="survival"),
        medians.assign(measure="median"),
        landmarks(curve).assign(measure="landmark"),
    ]
    if basis.tested and times["ARM"].nunique() > 1:
        parts.append(log_rank(times, basis.trts).assign(measure="test"))
    return pd.concat(parts, ignore_index=True)


def log_rank_note(times: pd.DataFrame, basis: Basis) -> str:
    """The log-rank test of the arms with its p-value, where arms are tested; else empty."""
    if not basis.tested or times["ARM"].nunique() < 2 or not (times["CNSR"] == 0).any():
        return ""
    p = float(log_rank(times, basis.trts)["p_value"].iloc[0])
    return f"Log-rank {wording.p_value(p)} ({NOMINAL})." if not np.isnan(p) else ""


def _median_headline(title: str, medians: pd.DataFrame) -> str:
    if medians["estimate"].isna().all():
        return f"{title}: median not reached{' in any arm' if len(medians) > 1 else ''}"
    words = [wording.weeks(value) for value in medians["estimate"]]
    return f"{title}: median {' vs '.join(words)} weeks"


def _median_detail(medians: pd.DataFrame, times: pd.DataFrame, basis: Basis) -> str:
    events = (times["CNSR"] == 0).groupby(times["ARM"]).sum()
    sizes = times["ARM"].value_counts()
    counted = wording.joined([f"{events.get(trt, 0)} of {sizes.get(trt, 0)}" for trt in basis.trts])
    happened = f"Events in {counted} participants."
    if medians[["conf_low", "conf_high"]].isna().all(axis=None):
        return happened
    intervals = wording.joined([_limits(row) for row in medians.itertuples()])
    return f"95% CI {intervals} weeks. {happened}"


def _limits(row) -> str:
    """ "3.3 to 5.0", "5.0 to not reached", or "not estimable" where neither limit is reached."""
    if np.isnan(row.conf_low) and np.isnan(row.conf_high):
        return wording.NOT_ESTIMABLE
    return f"{wording.weeks(row.conf_low)} to {wording.weeks(row.conf_high)}"


def _median_cell(row) -> str:
    if np.isnan(row.estimate) and np.isnan(row.conf_low):
        return wording.NOT_REACHED
    return f"{wording.weeks(row.estimate)} ({_limits(row)})"


def _medians_table(medians: pd.DataFrame, basis: Basis, title: str) -> pd.DataFrame:
    cells = {basis.labels[row.arm]: _median_cell(row) for row in medians.itertuples()}
    events = {basis.labels[row.arm]: f"{row.n} of {row.N}" for row in medians.itertuples()}
    return pd.DataFrame(
        [
            {"Measure (95% CI)": f"{title}, median weeks", **cells},
            {"Measure (95% CI)": "Participants with the event", **events},
        ]
    )


def durability_numbers_output(data: AnalysisData, view: View) -> Output:
    """Medians and landmark rates of the time-to-event endpoints in one table."""
    basis = Basis(data, view)
    parts, tables, told = [], [], []
    cards: list[Card] = []
    for kind in KINDS:
        endpoint = endpoint_of_kind(basis, kind)
        if endpoint is None or basis.times_of(endpoint).empty:
            continue
        told.append(endpoint)
        curve = kaplan_meier(basis.times_of(endpoint), basis.trts)
        medians = median_survival(curve)
        at = landmarks(curve)
        parts += [medians.assign(measure=f"median, {kind}"), at.assign(measure=f"landmark, {kind}")]
        tables.append(_medians_table(medians, basis, KINDS[kind][0]))
        cards += time_cards(KINDS[kind][0], curve, medians, basis)
        if kind != "time_to_response":
            tables.append(landmark_table(at, basis, f"{KINDS[kind][1]}, week"))
    return Output(
        id="durability_numbers",
        title="In numbers",
        subtitle="Medians and landmark rates with 95% intervals",
        population=basis.population,
        arms=basis.styles,
        results=pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(),
        table=pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(),
        headline="Durability in numbers",
        footnotes=(
            "Kaplan-Meier; median limits after Brookmeyer and Crowley, log-log. A time to response is censored "
            "at rescue.",
            *association(basis),
            *dict.fromkeys(note for endpoint in told for note in beside_crude(basis, endpoint.kind)),
            *basis.notes(*told),
        ),
        badges=basis.badges(*told),
        cards=tuple(cards),
        empty=basis.nobody() or ("" if tables else "No time-to-event endpoint has participants at this cut."),
    )
