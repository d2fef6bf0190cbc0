"""Platelets compared without a model: rank sums at a visit, area under the curve, weeks at or above a threshold."""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.longitudinal import platelet_quantiles, visit_records
from analysis.platelet_area import compared_values, max_gap_days, platelet_areas
from analysis.visits import visit_windows
from analysis.wilcoxon import EXACT_BELOW, arm_medians, rank_sum_comparison
from outputs import wording
from outputs.basis import Basis
from outputs.cards import card
from outputs.output import Card, Output, View
from outputs.platelets import CENSORED_NOTE, COUNTS_WORDS, THRESHOLDS, platelets
from outputs.response import NOMINAL, NOT_RANDOMISED
from outputs.standing import mature_week

UNIT = "×10⁹/L"
REASON = "No distribution is assumed, and no single high count carries the result."
RANK_SUM_NOTE = (
    "Difference: Hodges-Lehmann, the median of all pairwise differences. Without ties and with fewer than "
    f"{EXACT_BELOW} an arm interval and rank-sum test are exact, else normal with tie and continuity correction."
)


def wilcoxon_at_visit_output(
    data: AnalysisData, view: View, *, week: str = "", counts: str = "all"
) -> Output:
    """Counts at one visit by arm, their Hodges-Lehmann difference from control and the rank-sum test."""
    basis = Basis(data, view)
    if counts not in COUNTS_WORDS:
        raise ValueError(f"counts is {counts!r}; expected one of {tuple(COUNTS_WORDS)}")
    at = chosen_week(basis, week)
    records = visit_records(platelets(basis, counts=counts))
    values = records[records["AVISITN"] == at].reset_index(drop=True)
    results = compared(basis, values).assign(time=at)
    return Output(
        id="wilcoxon_at_visit",
        title=f"Counts at week {at:g}",
        subtitle=f"{COUNTS_WORDS[counts]}. Median and quartiles; difference of the arms without a model",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(results, basis, f"Platelets, {UNIT}"),
        records=values[["USUBJID", "ARM", "AVAL"]],
        cell_keys=("ARM",),
        headline=f"Platelets at week {at:g}: {_medians(results, basis)}",
        detail=_differences(results, basis, UNIT),
        alt=f"Platelets at week {at:g} by arm.",
        footnotes=(
            f"{basis.population}, {wording.plural(len(values), 'participant')} of {len(basis.subjects)} with a count "
            f"in the visit window; who has none is left out. {CENSORED_NOTE['geometric'].split(', and')[0]}.",
            *_notes(basis, results),
        ),
        badges=basis.badges(),
        cards=_cards(results, basis, f"Difference at week {at:g}", _plain),
        empty=basis.nobody() or ("" if len(values) else f"No platelet count at week {at:g} at this cut."),
    )


def platelet_area_output(
    data: AnalysisData, view: View, *, week: str = "", counts: str = "all", threshold: str = "50"
) -> Output:
    """Time-averaged count and weeks at or above a threshold by arm, with Hodges-Lehmann differences from control."""
    basis = Basis(data, view)
    if counts not in COUNTS_WORDS or threshold not in map(str, THRESHOLDS):
        raise ValueError(
            f"counts is {counts!r} and threshold {threshold!r}; expected {tuple(COUNTS_WORDS)} and {THRESHOLDS}"
        )
    at = chosen_week(basis, week)
    areas = platelet_areas(data, week=at, threshold=float(threshold), outside=counts == "outside")
    areas = areas.merge(basis.subjects[["USUBJID", "ARM"]], on="USUBJID")
    names = {
        "AVERAGE": f"Average count, {UNIT}",
        "WEEKS": f"Weeks at or above {threshold}",
    }
    arm_of = basis.subjects.set_index("USUBJID")["ARM"]
    parts = {name: compared(basis, compared_values(areas, column, arm_of)) for column, name in names.items()}
    results = pd.concat(
        [
            part.assign(endpoint=column.lower(), time=at)
            for column, part in zip(names, parts.values(), strict=True)
        ],
        ignore_index=True,
    )
    average, weeks = parts.values()
    return Output(
        id="platelet_area",
        title=f"Area under the curve, week {at:g}",
        subtitle=f"{_CURVE[counts]}; weeks at or above {threshold} without rescue. Median, quartiles",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=pd.concat([_table(part, basis, name) for name, part in parts.items()], ignore_index=True),
        records=areas[["USUBJID", "ARM", "AVERAGE", "AREA", "DAYS", "WEEKS"]],
        cell_keys=("ARM",),
        headline=f"Weeks at or above {threshold} by week {at:g}: {_medians(weeks, basis, 1)}",
        detail=_differences(weeks, basis, "weeks", 1),
        alt=f"Average count and weeks at or above {threshold} to week {at:g} by arm.",
        footnotes=(*_area_notes(basis, areas, at), *_notes(basis, results)),
        badges=basis.badges(),
        cards=(
            *_cards(average, basis, "Difference of average counts", _plain),
            *_cards(weeks, basis, f"Difference of weeks at or above {threshold}", _one_decimal),
        ),
        empty=basis.nobody() or ("" if len(areas) else f"Nobody is due at week {at:g} at this cut."),
    )


_CURVE = {
    "all": "Average count, rescue included",
    "outside": "Average count outside the shadow of rescue",
}


def chosen_week(basis: Basis, week: str) -> float:
    """The visit asked for, else the last longitudinal visit with a count of at least half of every arm.

    Without such a visit the first one after baseline.
    """
    definition = basis.definition
    scheduled = [w for w in visit_windows(definition.visits)["AVISITN"] if w > 0]
    if week:
        known = {f"{w:g}": w for w in scheduled}
        if week not in known:
            raise ValueError(f"week is {week!r}; expected one of {tuple(known)}")
        return float(known[week])
    weeks = definition.longitudinal.weeks if definition.longitudinal else scheduled
    later = [w for w in weeks if w > 0] or scheduled
    return mature_week(platelet_quantiles(platelets(basis), later, basis.trts), basis) or float(later[0])


def compared(basis: Basis, values: pd.DataFrame) -> pd.DataFrame:
    """Medians by arm and the comparisons with control; no p-value where none is shown."""
    parts = [arm_medians(values, basis.trts)]
    parts += [
        rank_sum_comparison(values, experimental=arm, control=control) for arm, control in basis.comparisons
    ]
    results = pd.concat(parts, ignore_index=True).reindex(
        columns=[
            *("arm", "comparison", "measure", "n", "estimate", "conf_low", "conf_high"),
            *("p_value", "statistic", "method", "note"),
        ]
    )
    if basis.untested:
        results = results[results["measure"] != "test"].assign(p_value=np.nan, statistic=np.nan)
    return results.reset_index(drop=True)


def _table(results: pd.DataFrame, basis: Basis, name: str) -> pd.DataFrame:
    """One row per arm, then one per comparison: n, median or difference, quartiles or interval, p."""
    decimals = 1 if name.startswith("Weeks") else 0
    rows = []
    for row in results[results["measure"] != "test"].itertuples():
        of_arm = row.measure == "median"
        shown = wording.p_value(row.p_value).removeprefix("p = ").removeprefix("p ")
        estimate, limits = _number(row, decimals)
        rows.append(
            {
                "Measure": name,
                "Of": basis.labels[row.arm] if of_arm else f"Difference, {_versus(row.comparison, basis)}",
                "n": str(row.n),
                "Estimate": estimate,
                "Quartiles or 95% CI": limits or row.note,
                "p, nominal": shown,
            }
        )
    table = pd.DataFrame(rows)
    return table if (table["p, nominal"] != "").any() else table.drop(columns="p, nominal")


def _versus(comparison: str, basis: Basis) -> str:
    """A comparison by the labels of its arms."""
    (pair,) = [pair for pair in basis.comparisons if " - ".join(pair) == comparison]
    return " vs ".join(basis.labels[trt] for trt in pair)


def _number(row, decimals: int) -> tuple[str, str]:
    """Estimate and limits as text."""
    if math.isnan(row.estimate):
        return wording.NOT_ESTIMABLE, ""
    estimate = wording.fixed(row.estimate, decimals)
    if math.isnan(row.conf_low):
        return estimate, ""
    return estimate, f"{wording.fixed(row.conf_low, decimals)} to {wording.fixed(row.conf_high, decimals)}"


def _plain(row) -> tuple[str, str]:
    return _number(row, 0)


def _one_decimal(row) -> tuple[str, str]:
    return _number(row, 1)


def _medians(results: pd.DataFrame, basis: Basis, decimals: int = 0) -> str:
    medians = (
        results[results["measure"] == "median"]
        .set_index("arm")["estimate"]
        .reindex(list(basis.trts))
        .dropna()
    )
    return (
        f"median {' vs '.join(wording.fixed(m, decimals) for m in medians)}" if len(medians) else "no count"
    )


def _differences(results: pd.DataFrame, basis: Basis, unit: str, decimals: int = 0) -> str:
    """Each difference with its interval, and that arms were not randomised where they were not."""
    parts = []
    for row in results[results["measure"] == "difference"].itertuples():
        estimate, limits = _number(row, decimals)
        interval = f", 95% CI {limits}" if limits else ""
        if not math.isnan(row.estimate):
            parts.append(f"{_versus(row.comparison, basis)}: difference {estimate} {unit}{interval}.")
    association = [NOT_RANDOMISED] if basis.crude else []
    return " ".join(parts + association)


def _cards(
    results: pd.DataFrame, basis: Basis, title: str, words: Callable[..., tuple[str, str]]
) -> tuple[Card, ...]:
    cards = []
    for pair in basis.comparisons:
        rows = results[results["comparison"] == " - ".join(pair)]
        chosen = rows.loc[rows["measure"] == "difference", "method"].iloc[0]
        named = title if len(basis.comparisons) == 1 else f"{title}, {_versus(' - '.join(pair), basis)}"
        null = math.nan if basis.untested else 0.0
        cards.append(card(rows, title=named, chosen=chosen, reason=REASON, words=words, null=null))
    return tuple(cards)


def _area_notes(basis: Basis, areas: pd.DataFrame, week: float) -> tuple[str, ...]:
    gap = max_gap_days(basis.definition)
    left_out = areas["NOTE"].value_counts()
    without = wording.joined([f"{n} with {note}" for note, n in left_out.items() if note])
    return (
        f"{basis.population}, {wording.plural(len(areas), 'participant')} due at week {week:g}. Average count: area "
        "under the lines between counts from baseline (day 1) to the visit's target day, divided by the days covered; "
        f"counts more than {gap} days apart are not joined, and nothing is drawn after the last count."
        + (f" Left out of the average: {without}." if without else ""),
        f"Weeks at or above: a count holds to the next one, at most {gap} days; days in the shadow of any rescue, "
        "without a count or after leaving are not at or above.",
    )


def _notes(basis: Basis, results: pd.DataFrame) -> tuple[str, ...]:
    notes = [basis.empty_arms(), *basis.notes()]
    if basis.comparisons:
        nominal = basis.untested or f"Every p-value is {NOMINAL}."
        association = "" if basis.definition.randomised else NOT_RANDOMISED
        notes = [RANK_SUM_NOTE, nominal, association, *notes]
    return tuple(note for note in notes if note)
