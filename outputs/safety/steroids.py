"""Corticosteroids: who takes them and how much at each visit, the cumulative dose, and the time to the stop."""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.steroids import (
    CUMULATIVE,
    DOSE,
    ON_STEROID,
    STOPPED,
    TAKEN,
    cumulative_by_arm,
    steroid_by_week,
    steroid_rows,
    steroid_stops,
)
from analysis.visits import visit_windows
from charts.safety.exposure import steroid_figure
from outputs import wording
from outputs.basis import Basis
from outputs.competing_death import incidence_parts
from outputs.output import Card, Output, View
from outputs.rate_cards import shares_card
from outputs.safety.basis import safety_basis
from outputs.safety.counts import sizes_words
from outputs.safety.exposure_words import POOLED_MEDICATION, WHY_QUARTILES, without_medication
from outputs.slide_chart import Chart
from outputs.slide_lines import shares_by_visit
from outputs.summary_cards import summary_card

UNIT = "mg of prednisone equivalents"
TO_WEEKS = ("12", "26", "52")


def steroid_dose_output(data: AnalysisData, view: View, *, to_week: str = "12") -> Output:
    """The share on a corticosteroid and the daily dose at each visit, and the cumulative dose to a week."""
    if to_week not in TO_WEEKS:
        raise ValueError(f"to_week is {to_week!r}; expected one of {TO_WEEKS}")
    basis = safety_basis(data, view)
    rows = steroid_rows(data, basis.subjects)
    weeks = visit_windows(basis.definition.visits)["AVISITN"].tolist()
    results = steroid_by_week(rows, basis.subjects, weeks, basis.trts)
    results = results[results.groupby("time")["N"].transform("sum") > 0]
    total = cumulative_by_arm(rows, basis.subjects, float(to_week), basis.trts)
    empty = basis.nobody() or without_steroids(data, rows)
    return Output(
        id="steroid_dose",
        title="Corticosteroid over time",
        subtitle="Share of those followed on a corticosteroid, and their daily dose, median and quartiles",
        population=basis.population,
        arms=basis.styles,
        results=pd.concat([results, total], ignore_index=True),
        table=_table(results, total, basis),
        figure=lambda theme, compact: steroid_figure(results, basis.arms, theme=theme, compact=compact),
        chart=lambda: _on_steroid(results, basis),
        records=people_on_steroid(rows, results, basis),
        cell_keys=("ARM", "WEEK"),
        headline=_headline(results, float(to_week), basis),
        detail=f"{basis.population}: {sizes_words(basis)}.",
        alt="Share on a corticosteroid and median daily dose by week and arm; the table holds every number.",
        footnotes=(
            f"Doses in {UNIT}. At a visit: on its day, of those followed to it.",
            *_unknown_note(rows),
            *basis.notes(),
        ),
        badges=basis.badges(),
        cards=_dose_cards(results, total, basis) if not empty else (),
        empty=empty,
    )


def steroid_stop_output(data: AnalysisData, view: View) -> Output:
    """Cumulative incidence of stopping the corticosteroid among those on it on day 1, death competing."""
    basis = safety_basis(data, view)
    rows = steroid_rows(data, basis.subjects)
    stops = steroid_stops(rows, basis.subjects)
    parts = incidence_parts(
        stops,
        STOPPED,
        basis,
        said="Off corticosteroid",
        row="Stopped by week",
        y_title="Participants off corticosteroid for good",
    )
    empty = basis.nobody() or without_steroids(data, rows)
    empty = empty or ("" if len(stops) else "Nobody was on a corticosteroid on day 1.")
    return Output(
        id="steroid_stop",
        title="Time to corticosteroid stop",
        subtitle="Those on a corticosteroid on day 1. Death competes. Shaded: 95% interval",
        population=basis.population,
        arms=basis.styles,
        **parts,
        records=stops[["USUBJID", "ARM"]].reset_index(drop=True),
        cell_keys=("ARM",),
        alt=f"Cumulative incidence of stopping the corticosteroid by arm. {parts['detail']}",
        footnotes=(
            f"{wording.plural(len(stops), 'participant')} on a corticosteroid on day 1. Stopped: the first day after "
            "the last corticosteroid, if none is taken up to the end of follow-up; else censored there.",
            *basis.notes(),
        ),
        badges=basis.badges(),
        empty=empty,
    )


def _on_steroid(results: pd.DataFrame, basis: Basis) -> Chart:
    """The share on a corticosteroid at each visit; the doses stand in the table."""
    shares = results[results["measure"] == ON_STEROID]
    sizes = shares.groupby("arm")["N"].max().to_dict()
    title = "On a corticosteroid, share of those followed"
    return shares_by_visit(shares, basis.arms, title, sizes=sizes, header="Followed")


def without_steroids(data: AnalysisData, rows: pd.DataFrame) -> str:
    """Why no corticosteroid can be shown; empty where there is one."""
    if data.study.view == "pooled":
        return POOLED_MEDICATION
    return without_medication(data) or (
        "" if len(rows) else "Nobody had a corticosteroid on the days followed."
    )


def people_on_steroid(rows: pd.DataFrame, results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """One row per participant and visit at which they take a corticosteroid: USUBJID, ARM, WEEK."""
    parts = []
    for week in results["time"].unique():
        day = 7 * week + 1
        on = rows[(rows["START"] <= day) & (day <= rows["END"])].drop_duplicates("USUBJID")
        parts.append(on[["USUBJID", "ARM"]].assign(WEEK=f"{week:g}"))
    empty = pd.DataFrame(columns=["USUBJID", "ARM", "WEEK"], dtype="str")
    return pd.concat(parts, ignore_index=True) if parts else empty


def _table(results: pd.DataFrame, total: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """A row per visit with share and dose by arm, and one for the cumulative dose."""
    cells = {(row.measure, row.time, row.arm): row for row in [*results.itertuples(), *total.itertuples()]}
    lines = []
    for week in results["time"].unique():
        line = {"Week": f"{week:g}"}
        for trt, label in basis.labels.items():
            line[f"{label}, on corticosteroid"] = _share(cells[ON_STEROID, week, trt])
            line[f"{label}, mg a day"] = _dose(cells[DOSE, week, trt])
            line[f"{label}, mg a day of those on it"] = _dose(cells[TAKEN, week, trt])
        lines.append(line)
    last = {"Week": f"Cumulative to {total['time'].iloc[0]:g}, mg"}
    for trt, label in basis.labels.items():
        row = cells[CUMULATIVE, total["time"].iloc[0], trt]
        last |= {f"{label}, on corticosteroid": f"{row.n} of {row.N} known", f"{label}, mg a day": _dose(row)}
        last |= {f"{label}, mg a day of those on it": ""}
    return pd.DataFrame([*lines, last]).astype("str")


def _share(row) -> str:
    return f"{wording.percent(row.estimate, row.N)} ({row.n} of {row.N})" if row.N else "–"


def _dose(row) -> str:
    if pd.isna(row.estimate):
        return "–"
    return f"{_mg(row.estimate)} ({_mg(row.conf_low)} to {_mg(row.conf_high)})"


def _mg(dose: float) -> str:
    return wording.fixed(dose, 0 if float(dose).is_integer() or dose >= 100 else 1)


def _headline(results: pd.DataFrame, week: float, basis: Basis) -> str:
    """ "On a corticosteroid: 36% vs 47% on day 1, 0% vs 2% at week 26"."""
    shares = results[results["measure"] == ON_STEROID].set_index(["time", "arm"])
    said = []
    for time, words in ((0.0, "on day 1"), (week, f"at week {week:g}")):
        rows = [shares.loc[(time, trt)] for trt in basis.trts if (time, trt) in shares.index]
        if rows and all(row["N"] for row in rows):
            said.append(f"{' vs '.join(wording.percent(row['estimate'], row['N']) for row in rows)} {words}")
    return f"On a corticosteroid: {', '.join(said)}" if said else "Corticosteroid over time"


def _unknown_note(rows: pd.DataFrame) -> tuple[str, ...]:
    unknown = rows[rows["DAILY"].isna()]
    if unknown.empty:
        return ()
    whose = wording.plural(unknown["USUBJID"].nunique(), "participant")
    return (
        f"In no dose: {wording.plural(len(unknown), 'record')} of {whose} without a dose, or one not converted; "
        "on these days, and in a total that has them, the participant counts as on a corticosteroid of unknown dose.",
    )


def _dose_cards(results: pd.DataFrame, total: pd.DataFrame, basis: Basis) -> tuple[Card, ...]:
    shares = results[(results["measure"] == ON_STEROID) & (results["N"] > 0)]
    reached = shares["time"] <= total["time"].iloc[0]
    last = shares.loc[
        reached & (shares.groupby("time")["arm"].transform("size") == len(basis.trts)), "time"
    ].max()
    shown = shares[shares["time"] == last]
    cards = []
    if len(shown):
        cards.append(shares_card("On a corticosteroid", shown, basis.labels, where=f"week {last:g}"))
    title = f"Cumulative dose to week {total['time'].iloc[0]:g}, mg"
    words = lambda row: (_mg(row.estimate), f"{_mg(row.conf_low)} to {_mg(row.conf_high)}")  # noqa: E731
    cards.append(summary_card(title, total, [], basis, reason=WHY_QUARTILES, words=words))
    return tuple(cards)
