"""Comparison of a time to an event: hazard ratio, restricted mean, landmarks, median; stratified where asked."""

import math

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.cox import COX
from analysis.strata import strata_labels
from analysis.survival import kaplan_meier
from analysis.time_comparisons import time_comparisons, without_strata
from outputs import wording
from outputs.basis import Basis
from outputs.comparison import nominal_note
from outputs.observational.times import beside_crude
from outputs.output import Output, View
from outputs.response import NOT_RANDOMISED
from outputs.survival_cards import comparison_cards
from outputs.time_endpoints import KINDS, endpoint_of_kind, landmarks, undefined
from trialdata.errors import StudyDataError

RESPONDERS_ONLY = (
    "Responders only: who responds may differ between the arms; "
    "randomisation does not protect this comparison."
)
CENSORED_AT_RESCUE = (
    "A time to response is censored at rescue; the cumulative incidence takes rescue as a competing event."
)
SAID = {
    "log-rank": "Test of equal curves",
    "hazard ratio": "Hazard ratio",
    "restricted mean": "Mean weeks {state}, up to week {week}",
    "RMST difference": "Difference of mean weeks, up to week {week}",
    "RMST ratio": "Ratio of mean weeks, up to week {week}",
    "landmark difference": "Difference {event} week {week}, percentage points",
    "landmark test": "Test of equal curves at week {week}",
    "median difference": "Difference of median weeks",
}
STATES = {
    "treatment_failure": ("without failure", "without failure at"),
    "time_to_response": ("without response", "with a response by"),
    "duration_of_response": ("in response", "still in response at"),
}
RISING = "time_to_response"
RESPONDERS = "duration_of_response"  # the arms compared are not those that were randomised
HAPPENING = {
    "treatment_failure": ("Treatment failure", "failures"),
    "time_to_response": ("First response", "first responses"),
    "duration_of_response": ("Loss of response", "losses"),
}
WEEKS = ("restricted mean", "RMST difference", "median difference")


def time_comparisons_output(
    data: AnalysisData, view: View, *, of: str = "treatment_failure", strata: str = "", tau: str = ""
) -> Output:
    """Each experimental arm against control in one time to an event, by every method.

    `of` is the kind of endpoint; `strata` comma-separated columns, "" for the study's own; `tau` the week up to
    which means are taken, "" for the last one that every arm reaches.
    """
    basis = Basis(data, view)
    endpoint = endpoint_of_kind(basis, checked_kind(of))
    title = "Every comparison"
    if endpoint is None:
        return undefined(basis, "time_comparisons", title, of)
    times = basis.times_of(endpoint)
    results = compute(basis, times, of, strata, tau)
    return Output(
        id="time_comparisons",
        title=title,
        subtitle=f"Experimental against control; a hazard ratio below 1 means fewer {HAPPENING[of][1]} per time",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(results, basis, of),
        headline=_headline(results, of),
        detail=_detail(results, basis),
        footnotes=_footnotes(basis, of, strata, times),
        badges=(*(("immature",) if few_events(_hazard_ratios(results)) else ()), *basis.badges(endpoint)),
        cards=comparison_cards(
            results, basis, concludes=basis.tested and of != RESPONDERS, words=measure_text
        ),
        empty=nothing_to_compare(basis, times),
    )


def checked_kind(of: str) -> str:
    if of not in KINDS:
        raise ValueError(f"of is {', '.join(KINDS)}, not {of!r}")
    return of


def nothing_to_compare(basis: Basis, times: pd.DataFrame) -> str:
    """Why no comparison can be made; empty where one can."""
    if not basis.comparisons:
        return basis.nobody() or "One arm: nothing to compare."
    if times.empty:
        return basis.nobody() or "No participant has responded at this cut."
    return basis.nobody()


def stratum_columns(basis: Basis, strata: str) -> tuple[str, ...]:
    """The columns of the strata: those named, else the study's own."""
    return tuple(name.strip() for name in strata.split(",") if name.strip()) or basis.definition.strata


def strata_of(basis: Basis, times: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series | None:
    """The stratum of each row of `times`; None without columns, StudyDataError for a column that cannot be one."""
    if not columns:
        return None
    labels = strata_labels(basis.subjects, basis.definition, columns).astype("str")
    return times["USUBJID"].map(labels.set_axis(basis.subjects["USUBJID"]))


def compute(basis: Basis, times: pd.DataFrame, of: str, strata: str, tau: str) -> pd.DataFrame:
    """The rows of `time_comparisons`; no p-value where none is shown."""
    if nothing_to_compare(basis, times):
        return pd.DataFrame()
    refused = pd.DataFrame()
    try:
        labels = strata_of(basis, times, stratum_columns(basis, strata))
    except StudyDataError as trouble:
        labels, refused = None, without_strata(str(trouble), basis.comparisons)
    weeks = landmarks(kaplan_meier(times, basis.trts))["time"].unique()
    results = time_comparisons(
        times, basis.comparisons, landmarks=weeks, strata=labels, tau=7 * week_of(tau) if tau else None
    )
    results = pd.concat([results, refused], ignore_index=True) if len(refused) else results
    results = turned(results) if of == RISING else results
    return without_tests(results) if basis.untested else results


def week_of(tau: str) -> float:
    try:
        week = float(tau)
    except ValueError:
        week = math.nan
    if not math.isfinite(week):
        raise ValueError(f"tau is a number of weeks, not {tau!r}")
    return week


def without_tests(results: pd.DataFrame) -> pd.DataFrame:
    """No tests, no p-values."""
    kept = ~results["measure"].isin(["log-rank", "landmark test"])
    return results[kept].assign(p_value=np.nan, statistic=np.nan, df=np.nan).reset_index(drop=True)


def turned(results: pd.DataFrame) -> pd.DataFrame:
    """Landmark differences of the share with the event instead of without."""
    rows = results["measure"] == "landmark difference"
    results.loc[rows, ["estimate", "conf_low", "conf_high"]] = -results.loc[
        rows, ["estimate", "conf_high", "conf_low"]
    ].to_numpy()
    return results


def measure_text(row) -> tuple[str, str]:
    """Estimate and interval of one row as text, in weeks, points or as a ratio; a test has neither."""
    if row.measure in ("log-rank", "landmark test"):
        return "", ""
    if np.isnan(row.estimate):
        return wording.NOT_ESTIMABLE, ""
    known = not (np.isnan(row.conf_low) and np.isnan(row.conf_high))
    if row.measure == "landmark difference":
        return wording.interval_text(row, scale="points") if known else (_points(row.estimate), "")
    if row.measure not in WEEKS:
        return wording.interval_text(row, scale="ratio")
    limits = f"{_weeks(row.conf_low)} to {_weeks(row.conf_high)}" if known else ""
    return _weeks(row.estimate), limits


def _weeks(days: float) -> str:
    return wording.NOT_ESTIMABLE if np.isnan(days) else wording.fixed(days / 7, 1)


def _points(share: float) -> str:
    return f"{wording.fixed(100 * share)} points"


def _table(results: pd.DataFrame, basis: Basis, of: str) -> pd.DataFrame:
    columns = ["Measure", "Estimate", "95% CI", "p, nominal", "Method", "Note"]
    if len(basis.comparisons) > 1:
        columns.insert(0, "Comparison")
    state, event = STATES[of]
    rows = []
    for row in results.itertuples():
        estimate, interval = measure_text(row)
        week = wording.fixed(row.time / 7, 0 if (row.time / 7).is_integer() else 1) if row.time > 0 else ""
        measure = SAID[row.measure].format(state=state, event=event, week=week)
        rows.append(
            {
                "Comparison": row.comparison,
                "Measure": f"{measure}: {basis.labels[row.arm]}" if row.arm else measure,
                "Estimate": estimate.removesuffix(" points"),
                "95% CI": interval,
                "p, nominal": wording.p_value(row.p_value).removeprefix("p = ").removeprefix("p "),
                "Method": row.method,
                "Note": row.note,
            }
        )
    table = pd.DataFrame(rows, columns=["Comparison", *columns[-6:]])[columns]
    without = [name for name in ("p, nominal", "Note") if (table[name] == "").all()]
    return table.drop(columns=without)


def _hazard_ratios(results: pd.DataFrame) -> pd.DataFrame:
    return results[results["method"] == COX] if len(results) else results


def _headline(results: pd.DataFrame, of: str) -> str:
    ratios = _hazard_ratios(results)
    if not len(ratios) or ratios["estimate"].isna().all():
        return f"{HAPPENING[of][0]}: no hazard ratio at this cut"
    finite = ratios["estimate"].gt(0) & np.isfinite(ratios["estimate"])
    if not finite.any():
        return f"{HAPPENING[of][0]}: no finite hazard ratio at this cut"
    found = wording.joined(
        [wording.ratio(row.estimate) if row.estimate > 0 else "0" for row in ratios.itertuples()]
    )
    few = f" from {wording.plural(ratios['n'].min(), 'event')}" if few_events(ratios) else ""
    return f"{HAPPENING[of][0]}: hazard ratio {found}{few}"


def few_events(ratios: pd.DataFrame) -> bool:
    """Whether a hazard ratio rests on fewer than ten events."""
    return bool(len(ratios) and (ratios["n"] < wording.IMMATURE_BELOW).any())


def _detail(results: pd.DataFrame, basis: Basis) -> str:
    parts = []
    for row in _hazard_ratios(results).itertuples():
        _, interval = measure_text(row)
        words = f"95% CI {interval}, " if interval else ""
        prefix = f"{row.comparison}: " if len(basis.comparisons) > 1 else ""
        parts.append(
            f"{prefix}{words}{wording.plural(row.n, 'event')} in {wording.plural(row.N, 'participant')}."
        )
    return " ".join([*parts, *association(basis)])


def association(basis: Basis) -> tuple[str, ...]:
    return (NOT_RANDOMISED,) if basis.crude else ()


def _footnotes(basis: Basis, of: str, strata: str, times: pd.DataFrame) -> tuple[str, ...]:
    columns = stratum_columns(basis, strata)
    notes = [
        f"{basis.population}, {wording.plural(len(times), 'participant')}. Means, landmarks and medians: Kaplan-Meier.",
        _strata_note(basis, times, columns) if basis.comparisons else "",
        nominal_note(basis),
        CENSORED_AT_RESCUE if of == RISING else "",
        RESPONDERS_ONLY if of == RESPONDERS else "",
        *association(basis),
        *beside_crude(basis, of),
        basis.empty_arms(),
        *basis.notes(*[e for e in [endpoint_of_kind(basis, of)] if e]),
    ]
    return tuple(note for note in notes if note)


def _strata_note(basis: Basis, times: pd.DataFrame, columns: tuple[str, ...]) -> str:
    """The strata, or why there is no stratified row."""
    try:
        strata_of(basis, times, columns)
    except StudyDataError as refused:
        return f"No stratified row: {refused}"
    return f"Strata: {', '.join(columns)}." if columns else "No stratum is named: no stratified row."
