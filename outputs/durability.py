"""Durability: time to response, duration of response, failure, and time spent in response."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.gray import gray_tests
from analysis.response import shares_in_response
from analysis.survival import cumulative_incidence, kaplan_meier, landmark, log_rank, median_survival
from charts.survival import cumulative_incidence_figure, kaplan_meier_figure
from outputs import wording
from outputs.basis import Basis
from outputs.output import Card, Output, View
from outputs.response import NOMINAL, NOT_RANDOMISED
from outputs.survival_cards import incidence_card, landmark_card, median_card
from trialdata.definition import Endpoint

LANDMARK_WEEKS = (12, 26, 52)
KINDS = {
    "time_to_response": (
        "Time to first response",
        "Participants with a first response",
        "Weeks from first dose",
    ),
    "duration_of_response": (
        "Duration of response",
        "Responders still in response",
        "Weeks from onset of response",
    ),
    "treatment_failure": (
        "Freedom from treatment failure",
        "Participants without failure",
        "Weeks from first dose",
    ),
}
CAUSES = ("response", "rescue", "death")
END_WORDS = {"duration_of_response": "still in response", "treatment_failure": "without failure"}
SENTENCES = {
    "time_to_response": "Kaplan-Meier, censoring at rescue; see cumulative incidence for rescue as a competing event",
    "duration_of_response": "Kaplan-Meier from onset to loss, responders only",
    "treatment_failure": "Kaplan-Meier from first dose to failure",
}


def endpoint_of_kind(basis: Basis, kind: str) -> Endpoint | None:
    """The study's first endpoint of a kind; None without one."""
    return next((e for e in basis.definition.endpoints if e.kind == kind), None)


def undefined(basis: Basis, output_id: str, title: str, kind: str) -> Output:
    """The output of an endpoint that the study does not have."""
    words = f"The study defines no endpoint of kind {kind}."
    return Output(
        id=output_id,
        title=title,
        arms=basis.styles,
        headline=title,
        footnotes=basis.notes(),
        badges=basis.badges(),
        empty=words,
    )


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
        table=_landmark_table(at, basis, "Responded by week"),
        figure=lambda theme, compact: cumulative_incidence_figure(
            response,
            basis.arms,
            y_title="Participants with a first confirmed response",
            x_title="Weeks from first dose",
            theme=theme,
            compact=compact,
        ),
        headline=_cumulative_headline(at),
        detail=_cumulative_detail(at, basis),
        alt="Cumulative incidence of a first confirmed response by arm. " + _cumulative_detail(at, basis),
        footnotes=(
            f"{basis.population}, {wording.plural(len(times), 'participant')}. Aalen-Johansen; participants "
            "without response, rescue or death are censored at their last usable count.",
            *_gray_note(tests),
            *_association(basis),
            *basis.notes(endpoint),
        ),
        badges=basis.badges(endpoint),
        cards=_incidence_cards(at, times, basis),
        empty=basis.nobody(),
    )


def _with_tests(curves: pd.DataFrame, tests: pd.DataFrame) -> pd.DataFrame:
    """The curves (measure "incidence") and, where arms are tested, a row of Gray's test per cause ("test")."""
    if tests.empty:
        return curves.assign(measure="incidence")
    whole = pd.concat([curves.assign(measure="incidence"), tests.assign(measure="test")], ignore_index=True)
    counts = dict.fromkeys(("n_risk", "n_event", "n_censor", "n", "N"), "Int64")
    return whole.fillna({"arm": "", "note": ""}).astype(counts)


def _gray_note(tests: pd.DataFrame) -> tuple[str, ...]:
    """Gray's test of each cause that has one."""
    parts = [f"{row.cause} {wording.p_value(row.p_value)}" for row in tests.itertuples() if not row.note]
    return (f"Gray's test: {', '.join(parts)} ({NOMINAL}).",) if parts else ()


def _incidence_cards(at: pd.DataFrame, times: pd.DataFrame, basis: Basis) -> tuple[Card, ...]:
    shown = _latest_common(at)
    if shown.empty:
        return ()
    survival_at = landmark(kaplan_meier(times, basis.trts), [7 * shown["week"].iloc[0]])
    return (incidence_card(shown, survival_at, basis),)


def landmarks(curve: pd.DataFrame) -> pd.DataFrame:
    """One row per arm and landmark week that some arm's curve reaches, with the curve's value there."""
    at = landmark(curve, [7 * week for week in LANDMARK_WEEKS])
    at = at.assign(week=at["time"] / 7)
    known = at["estimate"].notna().groupby(at["week"]).transform("any")
    return at[known].reset_index(drop=True)


def _latest_common(at: pd.DataFrame) -> pd.DataFrame:
    """The rows of the last landmark week at which every arm's curve is known."""
    everywhere = at["estimate"].notna().groupby(at["week"]).transform("all")
    return at[everywhere & (at["week"] == at.loc[everywhere, "week"].max())]


def _cumulative_headline(at: pd.DataFrame) -> str:
    shown = _latest_common(at)
    if shown.empty:
        return "Response: no landmark week is reached in every arm"
    shares = " vs ".join(wording.percent(value, 0) for value in shown["estimate"])
    return f"Responded by week {shown['week'].iloc[0]:g}: {shares}"


def _cumulative_detail(at: pd.DataFrame, basis: Basis) -> str:
    parts = [
        f"{basis.labels[row.arm]} 95% CI {_share_limits(row)}" for row in _latest_common(at).itertuples()
    ]
    if not parts:
        return "Cumulative incidence, all participants."
    return " ".join([f"{'; '.join(parts)}. Cumulative incidence, all participants.", *_association(basis)])


def _share_limits(row) -> str:
    return wording.percent_interval(row.conf_low, row.conf_high, 0)


def _association(basis: Basis) -> tuple[str, ...]:
    return (NOT_RANDOMISED,) if basis.comparisons and not basis.definition.randomised else ()


def _landmark_table(at: pd.DataFrame, basis: Basis, name: str) -> pd.DataFrame:
    rows = []
    for week, part in at.groupby("week"):
        by_arm = part.set_index("arm")
        cells = {
            basis.labels[trt]: _share_cell(by_arm.loc[trt]) if trt in by_arm.index else "–"
            for trt in basis.trts
        }
        rows.append({"Measure (95% CI)": f"{name} {week:g}", **cells})
    return pd.DataFrame(rows)


def _share_cell(row: pd.Series) -> str:
    if np.isnan(row["estimate"]):
        return wording.NOT_ESTIMABLE
    share = wording.percent(row["estimate"], 0)
    interval = wording.percent_interval(row["conf_low"], row["conf_high"], 0)
    return f"{share} ({interval})"


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
        records=times.assign(EVENT=np.where(times["CNSR"] == 0, times["EVNTDESC"], times["CNSDTDSC"]))[
            ["USUBJID", "ARM", "AVAL", "EVENT"]
        ],
        cell_keys=("ARM", "EVENT"),
        headline=_median_headline(title, medians),
        detail=_median_detail(medians, times, basis),
        alt=f"{title} by arm, Kaplan-Meier. {_median_detail(medians, times, basis)}",
        footnotes=(
            f"{basis.population}, {wording.plural(len(times), 'participant')}. Small upright ticks: censored. "
            + _log_rank_note(times, basis),
            *_association(basis),
            *basis.notes(endpoint),
        ),
        badges=basis.badges(endpoint),
        cards=_time_cards(title, curve, medians, basis) if len(times) else (),
        empty=basis.nobody() or ("" if len(times) else "No participant has responded at this cut."),
    )


def _time_cards(title: str, curve: pd.DataFrame, medians: pd.DataFrame, basis: Basis) -> tuple[Card, ...]:
    """The median, and the curve's value in the last landmark week that every arm reaches."""
    shown = _latest_common(landmarks(curve))
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


def _log_rank_note(times: pd.DataFrame, basis: Basis) -> str:
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


def time_in_response_output(data: AnalysisData, view: View) -> Output:
    """Share of the observed days spent in response, by arm: median with quartiles."""
    basis = Basis(data, view)
    endpoint = endpoint_of_kind(basis, "time_in_response")
    title = "Time in response"
    if endpoint is None:
        return undefined(basis, "time_in_response", title, "time_in_response")
    answers = basis.results_of(endpoint)
    results = shares_in_response(answers, basis.trts)
    return Output(
        id="time_in_response",
        title=title,
        subtitle="Days in CR or R as a share of the days observed, per participant",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_time_in_response_table(results, basis),
        records=answers[["USUBJID", "ARM", "AVAL", "RESPDAYS", "OBSDAYS"]],
        cell_keys=("ARM",),
        headline=title,
        footnotes=(
            f"{basis.population}. Quantiles: type 7. Single counts count: no confirmation.",
            *basis.notes(endpoint),
        ),
        badges=basis.badges(endpoint),
        empty=basis.nobody()
        or ("" if results["n_risk"].any() else "No usable count after day 1 at this cut."),
    )


def _time_in_response_table(results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    def cells(words) -> dict:
        return {basis.labels[row.arm]: words(row) for row in results.itertuples()}

    return pd.DataFrame(
        [
            {"Measure": "Participants with a usable count", **cells(lambda r: str(r.n_risk))},
            {
                "Measure": "Median share of days (quartiles)",
                **cells(
                    lambda r: (
                        f"{wording.percent(r.estimate, 0)} ({wording.percent_interval(r.conf_low, r.conf_high, 0)})"
                    )
                ),
            },
            {
                "Measure": "Days in response of days observed",
                **cells(lambda r: f"{r.n} of {r.N}"),
            },
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
        cards += _time_cards(KINDS[kind][0], curve, medians, basis)
        if kind != "time_to_response":
            tables.append(_landmark_table(at, basis, f"{KINDS[kind][1]}, week"))
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
            *_association(basis),
            *basis.notes(*told),
        ),
        badges=basis.badges(*told),
        cards=tuple(cards),
        empty=basis.nobody() or ("" if tables else "No time-to-event endpoint has participants at this cut."),
    )
