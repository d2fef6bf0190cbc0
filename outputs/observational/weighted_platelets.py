"""Weighted median platelets by visit of arms that were not randomised, crude beside weighted."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.longitudinal import visit_records
from analysis.observational.weighted_medians import weighted_medians
from charts.platelets import course_figure
from outputs import wording
from outputs.basis import Basis
from outputs.cards import card
from outputs.nothing import nothing_to_show
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
from outputs.platelets import CENSORED_NOTE, COUNTS_WORDS, platelets
from outputs.slide_axis import RESPONSE_LINES, platelet_axis
from outputs.slide_lines import by_visit, with_crude
from outputs.standing import mature_week
from trialdata.errors import StudyDataError

ID, TITLE = "weighted_platelets", "Median platelets, weighted"
HOW_DRAWN = "Thick: weighted, upright lines its 95% interval; thin and dotted: crude."
RULE = (
    "Median: the lowest count at which those at or below hold half of the weight; crude the same with equal weights, "
    "which in an even number is the lower of the two middle counts."
)


def weighted_platelets_output(
    data: AnalysisData,
    view: View,
    *,
    estimand: str = "ATO",
    truncate: str = "0",
    counts: str = "all",
    arm: str = "",
) -> Output:
    """Median counts by visit and arm with their difference, weighted and crude; `counts` as on Platelets."""
    if counts not in COUNTS_WORDS:
        raise ValueError(f"counts is {counts!r}; expected one of {tuple(COUNTS_WORDS)}")
    basis = Basis(data, view)
    try:
        found = answered(weighted(basis, estimand, truncate, arm=arm))
    except StudyDataError as reason:
        return nothing_to_show(basis, ID, TITLE, str(reason))
    records = platelets(basis, counts=counts)
    records = records[records["USUBJID"].isin(found.compared.groups.usubjid)]
    if visit_records(records).empty:
        return nothing_to_show(basis, ID, TITLE, "No platelet count at this cut.")
    return _output(basis, found, records, counts)


def _output(basis: Basis, found: Weighted, records: pd.DataFrame, counts: str) -> Output:
    results = _results(found, records, basis)
    ours, crude = (
        results[(results["weights"] == weights) & (results["measure"] == "median")]
        for weights in (found.estimand, CRUDE)
    )
    week = mature_week(ours.assign(n=ours["n"].where(ours["estimate"].notna(), 0)), basis)
    return Output(
        id=ID,
        title=TITLE,
        subtitle=found.sentence,
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(results, found),
        figure=lambda theme, compact: course_figure(
            ours,
            basis.arms,
            kind="weighted median",
            mature_week=week,
            enrolled=basis.sizes,
            crude=crude,
            theme=theme,
            compact=compact,
        ),
        chart=lambda: with_crude(
            by_visit(
                ours,
                basis.arms,
                platelet_axis(pd.concat([ours, crude]), "median, 95% CI"),
                sizes=basis.sizes,
                thresholds=RESPONSE_LINES,
            ),
            crude,
            basis.arms,
        ),
        records=_records(records),
        cell_keys=("ARM", "WEEK"),
        headline=_headline(ours, found, week),
        detail=f"{found.sentence} {_detail(results, found, week)}".strip(),
        alt="Median platelet count by visit and arm, weighted and crude; the table holds every number.",
        footnotes=(
            f"{basis.population}, {wording.plural(len(found.compared.groups.arm), 'participant')} of the two arms. "
            f"{COUNTS_WORDS[counts]}. {HOW_DRAWN} {RULE} {CENSORED_NOTE['median']}",
            f"Scores are those of everybody compared at entry, not fitted anew by visit. {INTERVALS}",
            *found.footnotes(),
            *basis.notes(),
        ),
        badges=basis.badges(),
        cards=_cards(results, found, week),
    )


def _results(found: Weighted, records: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """Medians of both arms and their difference by visit, crude and weighted; a visit without a count is left out."""
    weeks = basis.definition.visits.weeks
    groups = found.compared.groups
    crude = weighted_medians(records, groups, found.crude, found.crude_resampled, weeks)
    ours = weighted_medians(records, groups, found.weights(), found.resampled(), weeks)
    withheld = ours["estimate"].isna().to_numpy()  # a crude number never stands alone
    crude.loc[withheld, ["estimate", "conf_low", "conf_high"]] = np.nan
    crude.loc[withheld, "note"] = ours.loc[withheld, "note"]
    whole = pd.concat([crude.assign(weights=CRUDE), ours.assign(weights=found.estimand)], ignore_index=True)
    counted = whole.groupby("time")["n"].transform("max") > 0
    comparison = np.where(whole["arm"] == "", f"{groups.experimental} - {groups.control}", "")
    columns = ["measure", "weights", "arm", "comparison", "time", "n", "effective"]
    columns += ["estimate", "conf_low", "conf_high", "note", "method"]
    return whole.assign(comparison=comparison).loc[counted, columns].reset_index(drop=True)


def _records(records: pd.DataFrame) -> pd.DataFrame:
    chosen = visit_records(records)
    return chosen.assign(WEEK=chosen["AVISITN"].map("{:g}".format))[["USUBJID", "ARM", "WEEK"]].reset_index(
        drop=True
    )


def _words(row) -> tuple[str, str]:
    if np.isnan(row.estimate):
        return wording.NOT_ESTIMABLE, ""
    signed = row.measure == "median difference"
    estimate, low, high = (
        wording.fixed(v, signed=signed) for v in (row.estimate, row.conf_low, row.conf_high)
    )
    return estimate, "" if np.isnan(row.conf_low) else f"{low} to {high}"


def _cell(row) -> str:
    estimate, limits = _words(row)
    return f"{estimate} ({limits})" if limits else estimate


def _table(results: pd.DataFrame, found: Weighted) -> pd.DataFrame:
    """A row per visit and arm, then the difference: who has a count, crude beside weighted, why a number is missing."""
    crude, ours = (results[results["weights"] == weights] for weights in (CRUDE, found.estimand))
    labels = found.compared.basis.labels
    lines = []
    for before, row in zip(crude.itertuples(), ours.itertuples(), strict=True):
        lines.append(
            {
                "Week": f"{row.time:g}",
                "Arm": labels[row.arm] if row.arm else "Difference",
                "With a count": str(row.n) if row.arm else "",
                "Effective": wording.fixed(row.effective, 1) if row.arm and row.n else "",
                f"{CRUDE} (95% CI)": _cell(before),
                f"{found.name} (95% CI)": _cell(row),
                "Note": row.note,
            }
        )
    table = pd.DataFrame(lines)
    return table if (table["Note"] != "").any() else table.drop(columns="Note")


def _headline(ours: pd.DataFrame, found: Weighted, week: float) -> str:
    at = ours[ours["time"] == week]
    if at.empty or at["estimate"].isna().any():
        return f"Platelets: no visit with a median in both arms, {wording.lowered(found.name)}"
    values = " vs ".join(wording.count(value) for value in at["estimate"])
    return f"Platelets: median {values} ×10⁹/L at week {week:g} with {wording.lowered(found.name)}"


def _detail(results: pd.DataFrame, found: Weighted, week: float) -> str:
    at = results[(results["time"] == week) & (results["arm"] == "") & results["estimate"].notna()]
    said = {row.weights: _words(row) for row in at.itertuples()}
    if len(said) < 2:
        return ""
    ours, crude = (
        f"{estimate}" + (f" (95% CI {limits})" if limits else " (no interval)")
        for estimate, limits in (said[found.estimand], said[CRUDE])
    )
    return f"Difference {ours}; crude {crude}."


def _cards(results: pd.DataFrame, found: Weighted, week: float) -> tuple[Card, ...]:
    """The difference of medians at the last visit at which half of both arms is counted."""
    rows = results[(results["time"] == week) & (results["arm"] == "")]
    if rows.empty:
        return ()
    chosen = f"Weighted medians, {wording.lowered(found.name)} ({found.estimand}); {BOOTSTRAP}"
    method = np.where(rows["weights"] == CRUDE, f"{CRUDE} medians, bootstrap percentile interval", chosen)
    title = f"Difference of medians at week {week:g}, ×10⁹/L"
    named = rows.assign(method=method)
    return (card(named, title=title, chosen=chosen, reason=WHY_BOOTSTRAP, words=_words),)
