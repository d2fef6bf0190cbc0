"""Percent at or above a platelet threshold over time by generalised estimating equations."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.gee import CORRECTED, CORRELATIONS, ThresholdModel, threshold_model
from analysis.longitudinal import reached_at_visits
from charts.models import model_figure
from outputs import wording
from outputs.basis import Basis
from outputs.cards import card
from outputs.models import (
    HOLLOW,
    NO_VISITS,
    at_visits,
    chosen_rows,
    comparison_columns,
    model_badges,
    modelled_weeks,
    test_note,
    visit_notes,
    week_name,
    without_hidden_p,
)
from outputs.output import Card, Output, View
from outputs.platelets import THRESHOLDS, platelets
from outputs.slide_lines import shares_by_visit
from trialdata.errors import StudyDataError

DENOMINATORS = {
    "due": "Of all due at the visit; missing and counts in the shadow of rescue count as not reached.",
    "observed": "Of those with a count outside the shadow of rescue.",
}
REASON = (
    "Robust standard errors hold whatever the correlation within a participant is; the correction of Mancl and "
    "DeRouen keeps them from being too small with few participants."
)


def gee_output(
    data: AnalysisData,
    view: View,
    *,
    threshold: str = "50",
    denominator: str = "due",
    correlation: str = "exchangeable",
) -> Output:
    """Percent at or above a threshold without rescue by visit and arm, and the odds ratio at each visit."""
    basis = Basis(data, view)
    for name, value, allowed in (
        ("threshold", threshold, tuple(str(t) for t in THRESHOLDS)),
        ("denominator", denominator, tuple(DENOMINATORS)),
        ("correlation", correlation, CORRELATIONS),
    ):
        if value not in allowed:
            raise ValueError(f"{name} is one of {', '.join(allowed)}, not {value!r}")
    weeks = modelled_weeks(basis)
    nothing = basis.nobody() or ("" if weeks else NO_VISITS)
    if nothing:
        return _empty(basis, threshold, nothing)
    try:
        model = _model(basis, weeks, threshold, denominator, correlation)
    except StudyDataError as error:
        return _empty(basis, threshold, str(error))
    return _shown(basis, model, threshold, denominator, CORRECTED.format(correlation))


def _model(
    basis: Basis, weeks: tuple[float, ...], threshold: str, denominator: str, correlation: str
) -> ThresholdModel:
    every, counted, reached = reached_at_visits(
        basis.subjects,
        platelets(basis),
        basis.definition.visits,
        float(threshold),
        observed_only=denominator == "observed",
    )
    places = [every.index(week) for week in weeks]
    arm = basis.subjects["ARM"].to_numpy(dtype=object)
    return threshold_model(
        counted[:, places],
        reached[:, places],
        arm,
        weeks,
        basis.trts,
        basis.comparisons,
        correlation=correlation,
    )


def _title(threshold: str) -> str:
    return f"At or above {threshold} over time"


def _empty(basis: Basis, threshold: str, why: str) -> Output:
    return Output(
        id="gee",
        title=_title(threshold),
        subtitle="Generalised estimating equations",
        population=basis.population,
        arms=basis.styles,
        headline=f"At or above {threshold} over time: no model at this cut",
        footnotes=tuple(note for note in (basis.empty_arms(), *basis.notes()) if note),
        badges=basis.badges(),
        empty=why,
    )


def _shown(basis: Basis, model: ThresholdModel, threshold: str, denominator: str, method: str) -> Output:
    results = without_hidden_p(model.results, basis)
    shares = chosen_rows(results, "proportion", method)
    ratios = chosen_rows(results, "odds ratio", method)
    last, last_ratios = (rows[rows["time"] == model.weeks[-1]] for rows in (shares, ratios))
    sentence = _sentence(basis, last, last_ratios, threshold)
    return Output(
        id="gee",
        title=_title(threshold),
        subtitle=f"At or above {threshold} ×10⁹/L without rescue, "
        + ("of all due" if denominator == "due" else "of those counted")
        + "; upright lines: 95% interval",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(basis, shares, ratios),
        figure=lambda theme, compact: model_figure(
            shares,
            at_visits(ratios),
            basis.arms,
            kind="share",
            row_header="Due" if denominator == "due" else "With a count",
            enrolled=basis.sizes,
            theme=theme,
            compact=compact,
        ),
        chart=lambda: shares_by_visit(
            shares,
            basis.arms,
            "Percent at or above the threshold, model estimate and 95% CI",
            sizes=basis.sizes,
            header="Due" if denominator == "due" else "With a count",
        ),
        records=basis.subjects.loc[model.counted, ["USUBJID", "ARM"]],
        cell_keys=("ARM",),
        headline=_headline(last, last_ratios, threshold),
        detail=sentence,
        alt=f"{_title(threshold)} ×10⁹/L. {sentence} The table holds every visit.",
        footnotes=_footnotes(basis, model, last_ratios, denominator, method),
        badges=model_badges(basis, last["N"]),
        cards=_cards(basis, results, ratios, model.weeks[-1], method),
    )


def _words(row) -> tuple[str, str]:
    return wording.interval_text(row, scale="ratio")


def _headline(last: pd.DataFrame, ratios: pd.DataFrame, threshold: str) -> str:
    shares = " vs ".join(wording.rate_words(row.n, row.N) for row in last.itertuples())
    text = f"At or above {threshold} at {last['label'].iloc[0]}: {shares}"
    return f"{text}, odds ratio {wording.ratio(ratios['estimate'].iloc[0])}" if len(ratios) == 1 else text


def _sentence(basis: Basis, last: pd.DataFrame, ratios: pd.DataFrame, threshold: str) -> str:
    """Each arm's counts and the odds ratios at the last visit."""
    shares = wording.joined([f"{row.n} of {row.N} in {basis.labels[row.arm]}" for row in last.itertuples()])
    parts = [f"At or above {threshold} at {last['label'].iloc[0]}: {shares}."]
    for row in ratios.itertuples():
        estimate, interval = _words(row)
        parts.append(f"Odds ratio, {row.comparison}: {estimate}, 95% CI {interval}.")
    return " ".join(parts)


def _table(basis: Basis, shares: pd.DataFrame, ratios: pd.DataFrame) -> pd.DataFrame:
    """One row per visit and their average: who reached the threshold by arm, and the odds ratios."""
    labels = {row.label: week_name(row) for row in [*shares.itertuples(), *ratios.itertuples()]}
    columns: dict[str, dict[str, str]] = {}
    for trt in basis.trts:
        own = shares[shares["arm"] == trt]
        if len(own):
            columns[basis.labels[trt]] = {
                row.label: f"{row.n} of {row.N}, {wording.percent(row.estimate, row.N)} "
                f"({wording.percent_interval(row.conf_low, row.conf_high, row.N)})"
                for row in own.itertuples()
            }
    columns |= comparison_columns(basis, ratios, "Odds ratio", _words)
    rows = [
        {"Week": week} | {name: cells.get(label, "–") for name, cells in columns.items()}
        for label, week in labels.items()
    ]
    return pd.DataFrame(rows)


def _footnotes(
    basis: Basis, model: ThresholdModel, ratios: pd.DataFrame, denominator: str, method: str
) -> tuple[str, ...]:
    notes = [
        f"{basis.population}, {wording.plural(int(model.counted.sum()), 'participant')}. {DENOMINATORS[denominator]}",
        HOLLOW,
        f"{method}; arm at each visit. Valid when what is missing is missing completely at random"
        + (
            ", which counts that were not taken seldom are."
            if denominator == "observed"
            else "; here a missing count is an answer, and only visits not yet due are missing."
        ),
        *visit_notes(basis, model.left_out),
        test_note(basis, ratios, "Wald test of the odds ratio"),
        basis.empty_arms(),
        *basis.notes(),
    ]
    return tuple(note for note in notes if note)


def _cards(
    basis: Basis, results: pd.DataFrame, ratios: pd.DataFrame, week: float, method: str
) -> tuple[Card, ...]:
    """The odds ratios at the last visit and averaged over the visits, by every method."""
    shown = ratios[(ratios["time"] == week) | ratios["time"].isna()]
    cards = []
    for row in shown.itertuples():
        same = (results["comparison"] == row.comparison) & (results["label"] == row.label)
        named = f", {row.comparison}" if len(basis.comparisons) > 1 else ""
        cards.append(
            card(
                results[same & (results["measure"] == "odds ratio")],
                title=f"Odds ratio, {row.label}{named}",
                chosen=method,
                reason=REASON,
                words=_words,
                null=np.nan if basis.untested else 1,
            )
        )
    return tuple(cards)
