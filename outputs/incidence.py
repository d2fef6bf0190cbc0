"""Cumulative incidence of response, with rescue and death competing."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.gray import gray_tests
from analysis.survival import cumulative_incidence, kaplan_meier, landmark
from charts.survival import cumulative_incidence_figure
from outputs import wording
from outputs.basis import Basis
from outputs.output import Card, Output, View
from outputs.response import NOMINAL
from outputs.slide_lines import curves
from outputs.survival_cards import incidence_card
from outputs.time_endpoints import (
    association,
    endpoint_of_kind,
    landmark_table,
    landmarks,
    latest_common,
    undefined,
)

CAUSES = ("response", "rescue", "death")
NOBODY = "Nobody in the arm."
NO_LIMITS = "An incidence of 0 or 1 has no log-log interval."


def cumulative_response_output(data: AnalysisData, view: View) -> Output:
    """Cumulative incidence of response with rescue and death as competing events, over all participants."""
    basis = Basis(data, view)
    endpoint = endpoint_of_kind(basis, "time_to_response")
    title = "Cumulative incidence of response"
    if endpoint is None:
        return undefined(basis, "cumulative_response", title, "time_to_response")
    times = basis.times_of(endpoint)
    results = cumulative_incidence(times, basis.trts, CAUSES)
    response = results[results["cause"] == "response"]
    at = landmarks(response)
    tests = gray_tests(times, basis.trts, CAUSES) if basis.tested else pd.DataFrame()
    return Output(
        id="cumulative_response",
        title=title,
        subtitle="All participants, due or not. Rescue and death compete. Shaded: 95% interval",
        population=basis.population,
        arms=basis.styles,
        results=_with_tests(results, tests),
        table=landmark_table(at, basis, "Responded by week"),
        figure=lambda theme, compact: cumulative_incidence_figure(
            response,
            basis.arms,
            y_title="Participants with a first confirmed response",
            x_title="Weeks from first dose",
            theme=theme,
            compact=compact,
        ),
        chart=lambda: curves(response, basis.arms, "Participants with a first confirmed response"),
        headline=_cumulative_headline(at),
        detail=_cumulative_detail(at, basis),
        alt="Cumulative incidence of a first confirmed response by arm. " + _cumulative_detail(at, basis),
        footnotes=(
            f"{basis.population}, {wording.plural(len(times), 'participant')}. Aalen-Johansen; participants "
            "without response, rescue or death are censored at their last usable count.",
            *_gray_note(tests),
            *association(basis),
            *basis.notes(endpoint),
        ),
        badges=basis.badges(endpoint),
        cards=_incidence_cards(at, times, basis),
        empty=basis.nobody(),
    )


def _with_tests(curves: pd.DataFrame, tests: pd.DataFrame) -> pd.DataFrame:
    """The curves (measure "incidence") and, where arms are tested, a row of Gray's test per cause ("test")."""
    unknown = [curves["estimate"].isna(), curves["conf_low"].isna()]
    curves = curves.assign(measure="incidence", note=np.select(unknown, [NOBODY, NO_LIMITS], ""))
    if tests.empty:
        return curves
    whole = pd.concat([curves, tests.assign(measure="test")], ignore_index=True)
    counts = dict.fromkeys(("n_risk", "n_event", "n_censor", "n", "N"), "Int64")
    return whole.fillna({"arm": "", "note": ""}).astype(counts)


def _gray_note(tests: pd.DataFrame) -> tuple[str, ...]:
    """Gray's test of each cause that has one."""
    parts = [f"{row.cause} {wording.p_value(row.p_value)}" for row in tests.itertuples() if not row.note]
    return (f"Gray's test: {', '.join(parts)} ({NOMINAL}).",) if parts else ()


def _incidence_cards(at: pd.DataFrame, times: pd.DataFrame, basis: Basis) -> tuple[Card, ...]:
    shown = latest_common(at)
    if shown.empty:
        return ()
    survival_at = landmark(kaplan_meier(times, basis.trts), [7 * shown["week"].iloc[0]])
    return (incidence_card(shown, survival_at, basis),)


def _cumulative_headline(at: pd.DataFrame) -> str:
    shown = latest_common(at)
    if shown.empty:
        return "Response: no landmark week is reached in every arm"
    shares = " vs ".join(wording.percent(value, 0) for value in shown["estimate"])
    return f"Responded by week {shown['week'].iloc[0]:g}: {shares}"


def _cumulative_detail(at: pd.DataFrame, basis: Basis) -> str:
    parts = [f"{basis.labels[row.arm]} 95% CI {_share_limits(row)}" for row in latest_common(at).itertuples()]
    if not parts:
        return "Cumulative incidence, all participants, due or not."
    return " ".join(
        [f"{'; '.join(parts)}. Cumulative incidence, all participants, due or not.", *association(basis)]
    )


def _share_limits(row) -> str:
    return wording.percent_interval(row.conf_low, row.conf_high, 0)
