"""Weighted Kaplan-Meier curves of arms that were not randomised, crude beside weighted."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.landmarks import landmark_differences
from analysis.observational.groups import FEWEST
from analysis.observational.weighted_survival import (
    Times,
    times_in_order,
    weighted_curves,
    weighted_landmarks,
    weighted_means,
)
from analysis.restricted_mean import restricted_mean_comparisons, restricted_means
from analysis.survival import kaplan_meier, landmark
from charts.survival import kaplan_meier_figure
from outputs import wording
from outputs.basis import Basis
from outputs.cards import card
from outputs.nothing import nothing_to_show
from outputs.observational.times import KINDS, NO_DURATION, RISING, STATES, TITLES, at_rescue, time_endpoint
from outputs.observational.weighted import (
    BOOTSTRAP,
    CRUDE,
    INTERVALS,
    WHY_BOOTSTRAP,
    Weighted,
    answered,
    weighted,
)
from outputs.output import Card, Output, View
from outputs.slide_lines import curves
from outputs.time_endpoints import KINDS as WORDS
from outputs.time_endpoints import LANDMARK_WEEKS
from trialdata.definition import Endpoint
from trialdata.errors import StudyDataError

ID, TITLE = "weighted_survival", "Weighted curves"
DIFFERENCE, MEAN_DIFFERENCE = "landmark difference", "RMST difference"
HOW_DRAWN = "Thick: weighted, with pointwise 95% intervals; thin and dotted: crude. At risk: participants, not weights."


def weighted_survival_output(
    data: AnalysisData,
    view: View,
    *,
    of: str = KINDS[0],
    estimand: str = "ATO",
    truncate: str = "0",
    arm: str = "",
) -> Output:
    """Curves by arm, their values in landmark weeks and mean times, weighted and crude."""
    basis = Basis(data, view)
    try:
        endpoint = time_endpoint(basis, of)
        rows = basis.times_of(endpoint).dropna(subset=["AVAL"])
        found = answered(weighted(basis, estimand, truncate, arm=arm, among=rows["USUBJID"]))
    except StudyDataError as reason:
        return nothing_to_show(basis, ID, TITLE, str(reason))
    return _output(basis, endpoint, of, found, rows[rows["USUBJID"].isin(found.compared.groups.usubjid)])


def _output(basis: Basis, endpoint: Endpoint, of: str, found: Weighted, rows: pd.DataFrame) -> Output:
    results = _results(found, rows, of)
    survival = results[results["measure"] == "survival"]
    curves_of = {weights: survival[survival["weights"] == weights] for weights in (found.estimand, CRUDE)}
    _, y_title, x_title = WORDS[of]
    return Output(
        id=ID,
        title=f"{TITLES[of]}, weighted",
        subtitle=found.sentence,
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(results, found, of),
        figure=lambda theme, compact: kaplan_meier_figure(
            curves_of[found.estimand],
            basis.arms,
            rising=of == RISING,
            y_title=y_title,
            x_title=x_title,
            crude=curves_of[CRUDE],
            theme=theme,
            compact=compact,
        ),
        chart=lambda: curves(
            curves_of[found.estimand],
            basis.arms,
            y_title,
            x_title=x_title,
            rising=of == RISING,
            crude=curves_of[CRUDE],
        ),
        records=rows.assign(EVENT=np.where(rows["CNSR"] == 0, rows["EVNTDESC"], rows["CNSDTDSC"]))[
            ["USUBJID", "ARM", "EVENT"]
        ],
        cell_keys=("ARM", "EVENT"),
        headline=_headline(results, found, of),
        detail=f"{found.sentence} {_detail(results, found)}".strip(),
        alt=f"{TITLES[of]} by arm, weighted and crude Kaplan-Meier curves; the table holds the landmark weeks.",
        footnotes=(
            f"{basis.population}, {wording.plural(len(rows), 'participant')} of the two arms. {HOW_DRAWN}",
            INTERVALS,
            *found.footnotes(),
            *at_rescue(of),
            NO_DURATION,
            *basis.notes(endpoint),
        ),
        badges=basis.badges(endpoint),
        cards=_cards(results, found),
    )


def _results(found: Weighted, rows: pd.DataFrame, of: str) -> pd.DataFrame:
    """Curves, landmarks and mean times, crude (`weights` "Crude") and weighted (`weights` the estimand)."""
    groups = found.compared.groups
    pair = (groups.experimental, groups.control)
    times = times_in_order(rows, groups)
    crude_curves = kaplan_meier(rows, pair)
    days = _landmark_days(crude_curves)
    crude = [
        crude_curves.assign(measure="survival"),
        landmark(crude_curves, days).assign(measure="landmark"),
        landmark_differences(rows, [pair], days).assign(measure=DIFFERENCE, arm=""),
        *_crude_means(rows, pair, times, days),
    ]
    ours = found.weights(), found.resampled()
    by_weights = [
        weighted_curves(times, *ours).assign(measure="survival"),
        weighted_landmarks(times, *ours, days),
        *([] if (tau := _tau(times, days)) is None else [weighted_means(times, *ours, tau)]),
    ]
    parts = [part.assign(weights=CRUDE) for part in crude if len(part)]
    parts += [part.assign(weights=found.estimand) for part in by_weights if len(part)]
    whole = pd.concat(parts, ignore_index=True)
    comparison = np.where(whole["arm"] == "", " - ".join(pair), "")
    columns = ["measure", "weights", "arm", "comparison", "time", "n_risk", "n_event", "n_censor"]
    columns += ["estimate", "conf_low", "conf_high", "note", "method"]
    whole = whole.assign(comparison=comparison, note=whole["note"].fillna(""))
    return (_turned(whole) if of == RISING else whole)[columns]


def _landmark_days(curves: pd.DataFrame) -> list[float]:
    """The days of the landmark weeks that some arm's curve reaches."""
    at = landmark(curves, [7 * week for week in LANDMARK_WEEKS])
    return sorted(at.loc[at["estimate"].notna(), "time"].unique())


def _tau(times: Times, days: list[float]) -> float | None:
    """The day up to which means are taken: the last landmark with 5 at risk in both arms; None without one."""

    def followed(day: float) -> bool:
        return all((times.days[members] >= day).sum() >= FEWEST for _, members in times.arms)

    return max(filter(followed, days), default=None)


def _crude_means(
    rows: pd.DataFrame, pair: tuple[str, str], times: Times, days: list[float]
) -> list[pd.DataFrame]:
    tau = _tau(times, days)
    if tau is None:
        return []
    means = restricted_means(rows, pair, tau=tau)
    differences = restricted_mean_comparisons(means, [pair])
    differences = differences[differences["measure"] == MEAN_DIFFERENCE].assign(arm="", time=tau)
    return [means.assign(measure="restricted mean"), differences]


def _turned(results: pd.DataFrame) -> pd.DataFrame:
    """Landmarks as the share with the event instead of without; the curves stay as they are."""
    limits = ["estimate", "conf_low", "conf_high"]
    turned = -results[["estimate", "conf_high", "conf_low"]].to_numpy(float)
    at, apart = results["measure"] == "landmark", results["measure"] == DIFFERENCE
    changed = results.copy()
    changed.loc[at, limits] = 1 + turned[at]
    changed.loc[apart, limits] = turned[apart]
    return changed


def _words(row) -> tuple[str, str]:
    """Estimate and interval of a landmark in percent or points, of a mean in weeks."""
    known = not np.isnan(row.conf_low)
    if np.isnan(row.estimate):
        return wording.NOT_ESTIMABLE, ""
    if row.measure == DIFFERENCE:
        return wording.interval_text(row, scale="points")
    if row.measure == "landmark":
        limits = wording.percent_interval(row.conf_low, row.conf_high, 0)
        return wording.percent(row.estimate, 0), limits if known else ""
    week, low, high = (wording.fixed(value / 7, 1) for value in (row.estimate, row.conf_low, row.conf_high))
    return f"{week} weeks", f"{low} to {high}" if known else ""


def _cell(row) -> str:
    estimate, limits = _words(row)
    return f"{estimate} ({limits})" if limits else estimate


def _name(row, found: Weighted, of: str) -> str:
    labels, week = found.compared.basis.labels, wording.fixed(row.time / 7)
    who = labels[row.arm] if row.arm else "difference"
    if row.measure.startswith("landmark"):
        return f"{STATES[of].capitalize()} at week {week}: {who}"
    return f"Mean time without event up to week {week}: {who}"


def _table(results: pd.DataFrame, found: Weighted, of: str) -> pd.DataFrame:
    """A row per landmark or mean and arm, then their difference: crude beside weighted, and why a number is missing."""
    shown = results[results["measure"] != "survival"]
    order = {name: place for place, name in enumerate(("landmark", "restricted mean"))}
    kind = shown["measure"].replace({DIFFERENCE: "landmark", MEAN_DIFFERENCE: "restricted mean"}).map(order)
    shown = shown.assign(kind=kind).sort_values(["kind", "time"], kind="stable")
    by_name: dict[str, dict[str, str]] = {}
    for row in shown.itertuples():
        line = by_name.setdefault(_name(row, found, of), {})
        line[row.weights] = _cell(row)
        line["note"] = row.note if row.weights == found.estimand else line.get("note", "")
    table = pd.DataFrame(
        [
            {
                "Measure": name,
                f"{CRUDE} (95% CI)": line[CRUDE],
                f"{found.name} (95% CI)": line[found.estimand],
                "Note": line["note"],
            }
            for name, line in by_name.items()
        ],
        columns=["Measure", f"{CRUDE} (95% CI)", f"{found.name} (95% CI)", "Note"],
    )
    return table if (table["Note"] != "").any() else table.drop(columns="Note")


def _last_known(results: pd.DataFrame, found: Weighted, weights: str) -> pd.DataFrame:
    """Both arms and the difference at the last landmark with a weighted interval, else the last that is known."""
    ours = results[(results["measure"] == DIFFERENCE) & (results["weights"] == found.estimand)]
    with_interval = ours["time"][ours["conf_low"].notna()]
    week = (with_interval if len(with_interval) else ours["time"][ours["estimate"].notna()]).max()
    at = results[(results["time"] == week) & results["measure"].str.startswith("landmark")]
    return at[at["weights"] == weights]


def _headline(results: pd.DataFrame, found: Weighted, of: str) -> str:
    at = _last_known(results, found, found.estimand)
    if at.empty:
        return f"{TITLES[of]}: no week that both arms reach"
    shares = " vs ".join(wording.percent(value, 0) for value in at["estimate"][at["arm"] != ""])
    week = wording.fixed(at["time"].iloc[0] / 7)
    return f"{shares} {STATES[of]} at week {week} with {wording.lowered(found.name)}"


def _detail(results: pd.DataFrame, found: Weighted) -> str:
    at, crude = (_last_known(results, found, weights) for weights in (found.estimand, CRUDE))
    if at.empty:
        return ""
    said = [_difference_words(rows) for rows in (at, crude)]
    return f"Difference {said[0]}; crude {said[1]}."


def _difference_words(at: pd.DataFrame) -> str:
    estimate, limits = _words(next(at[at["arm"] == ""].itertuples()))
    return f"{estimate} (95% CI {limits})" if limits else f"{estimate} (no interval)"


def _cards(results: pd.DataFrame, found: Weighted) -> tuple[Card, ...]:
    """The difference at the last landmark and the difference of mean times, crude beside weighted."""
    ours = f"Kaplan-Meier, {wording.lowered(found.name)} ({found.estimand}); {BOOTSTRAP}"
    method = np.where(results["weights"] == CRUDE, f"{CRUDE}, " + results["method"], ours)
    named = results.assign(method=method)
    week = _last_known(results, found, found.estimand)["time"].max()
    shown = {
        f"Difference at week {wording.fixed(week / 7)}": named[
            (named["measure"] == DIFFERENCE) & (named["time"] == week)
        ],
        "Difference of mean weeks without event": named[named["measure"] == MEAN_DIFFERENCE],
    }
    return tuple(
        card(rows, title=title, chosen=ours, reason=WHY_BOOTSTRAP, words=_words)
        for title, rows in shown.items()
        if rows["estimate"].notna().any()
    )
