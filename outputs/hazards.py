"""Whether the hazard ratio is constant: the marks of every event, their smooth, and the score test."""

from functools import partial

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.cox import hazard_ratios
from analysis.proportional_hazards import (
    FEWEST_EVENTS,
    proportional_hazards_test,
    schoenfeld_residuals,
    smoothed,
)
from charts.hazards import proportional_hazards_figure
from outputs import wording
from outputs.basis import Basis
from outputs.cards import card
from outputs.output import Card, Output, View
from outputs.response import NOMINAL
from outputs.survival_cards import WHY_COX
from outputs.time_endpoints import KINDS, endpoint_of_kind, undefined
from outputs.times import association, checked_kind, nothing_to_compare, strata_of, stratum_columns
from trialdata.errors import StudyDataError

MARKS = "Each mark is an event, placed by its scaled Schoenfeld residual"
READING = (
    f"{MARKS}; the curve is their smooth with its 95% interval. "
    "A curve away from the dashed line speaks against one ratio for the whole time."
)
TOO_FEW = f"{MARKS}; with fewer than {FEWEST_EVENTS} events, or events on too few days, no curve is drawn."


def proportional_hazards_output(
    data: AnalysisData, view: View, *, of: str = "treatment_failure", strata: str = ""
) -> Output:
    """The check of proportional hazards of each experimental arm against control; `of`, `strata` as in times."""
    basis = Basis(data, view)
    endpoint = endpoint_of_kind(basis, checked_kind(of))
    title = "Is the hazard ratio constant?"
    if endpoint is None:
        return undefined(basis, "proportional_hazards", title, of)
    times = basis.times_of(endpoint)
    trouble, labels = "", None
    try:
        labels = strata_of(basis, times, stratum_columns(basis, strata))
    except StudyDataError as refused:
        trouble = str(refused)
    test, residuals, curves, ratios = _checked(times, basis, labels)
    results = _results(test, ratios, basis)
    events = wording.plural(len(residuals), "event")
    return Output(
        id="proportional_hazards",
        title=title,
        subtitle=f"Scaled Schoenfeld residuals of {events}{', their smooth and 95% interval' if len(curves) else ''}",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(test, basis),
        figure=lambda theme, compact: proportional_hazards_figure(
            residuals, curves, ratios, basis.arms, x_title=KINDS[of][2], theme=theme, compact=compact
        ),
        headline=title,
        alt=f"{title} Scaled Schoenfeld residuals over time with a smooth, {events}, {KINDS[of][0].lower()}.",
        footnotes=tuple(
            note
            for note in (
                f"{basis.population}. {READING if len(curves) else TOO_FEW}",
                f"Strata: {', '.join(stratum_columns(basis, strata))}." if labels is not None else trouble,
                _test_note(test, basis),
                *association(basis),
                *basis.notes(endpoint),
            )
            if note
        ),
        badges=basis.badges(endpoint),
        cards=_cards(results),
        empty=nothing_to_compare(basis, times) or _no_ratio(test, residuals),
    )


def _checked(times: pd.DataFrame, basis: Basis, labels) -> tuple[pd.DataFrame, ...]:
    """Test, residuals, smooths and hazard ratios, each with its comparison."""
    test = proportional_hazards_test(times, basis.comparisons, labels)
    ratios = hazard_ratios(times, basis.comparisons, labels)
    residuals = [
        schoenfeld_residuals(times, pair, labels).assign(comparison=f"{pair[0]} - {pair[1]}")
        for pair in basis.comparisons
    ]
    curves = [
        smoothed(frame).assign(comparison=frame["comparison"].iloc[0]) for frame in residuals if len(frame)
    ]
    nothing = pd.DataFrame(columns=["comparison", "arm", "time", "x", "estimate", "conf_low", "conf_high"])
    whole = (pd.concat(frames, ignore_index=True) if frames else nothing for frames in (residuals, curves))
    return test, *whole, ratios


def _results(test: pd.DataFrame, ratios: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """The test, without p under a filter, and the hazard ratio it is about, without p where none is shown."""
    ratios = ratios.assign(p_value=np.nan, statistic=np.nan, df=np.nan) if basis.untested else ratios
    rows = pd.concat([test.assign(measure="proportional hazards"), ratios.assign(measure="hazard ratio")])
    if basis.exploratory:
        rows = rows.assign(p_value=np.nan, statistic=np.nan, df=np.nan)
    return rows.reset_index(drop=True)


def _cards(results: pd.DataFrame) -> tuple[Card, ...]:
    """The one hazard ratio of each comparison, and the test of whether it is constant."""
    return tuple(
        card(
            rows[rows["estimate"].notna() | rows["p_value"].notna()],
            title=f"One hazard ratio, {comparison}",
            chosen=str(rows.loc[rows["estimate"].notna(), "method"].iloc[0]),
            reason=WHY_COX,
            words=partial(wording.interval_text, scale="ratio"),
        )
        for comparison, rows in results.groupby("comparison", sort=False)
        if rows["estimate"].notna().any()
    )


def _table(test: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    rows = [
        {
            "Comparison": row.comparison,
            "Events": str(row.n),
            "Chi-square": ""
            if basis.exploratory or np.isnan(row.statistic)
            else wording.fixed(row.statistic, 2),
            "p, nominal": "" if basis.exploratory else _bare(row.p_value),
            "Method": row.method,
            "Note": row.note,
        }
        for row in test.itertuples()
    ]
    table = pd.DataFrame(rows, columns=["Comparison", "Events", "Chi-square", "p, nominal", "Method", "Note"])
    return table if (table["Note"] != "").any() else table.drop(columns="Note")


def _bare(p: float) -> str:
    return wording.p_value(p).removeprefix("p = ").removeprefix("p ")


def _test_note(test: pd.DataFrame, basis: Basis) -> str:
    if basis.exploratory:
        return ""
    several = len(test) > 1
    parts = [
        f"{row.comparison}: {wording.p_value(row.p_value)}" if several else wording.p_value(row.p_value)
        for row in test.itertuples()
        if not np.isnan(row.p_value)
    ]
    return (
        f"Score test of a constant ratio (time by Kaplan-Meier): {'; '.join(parts)} ({NOMINAL})."
        if parts
        else ""
    )


def _no_ratio(test: pd.DataFrame, residuals: pd.DataFrame) -> str:
    """Why there is nothing to draw: no hazard ratio, or events on one day only."""
    return (
        ""
        if residuals["time"].nunique() > 1
        else " ".join(dict.fromkeys(note for note in test["note"] if note))
    )
