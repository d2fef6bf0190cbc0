"""The change of a score from baseline, by the mixed model for repeated measures."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.mmrm.repeated import KENWARD_ROGER, RepeatedModel
from analysis.mmrm.visits import left_out_words
from analysis.quality import change_model
from charts.models import model_figure
from outputs import wording
from outputs.cards import card
from outputs.mmrm import REASON
from outputs.models import HOLLOW, at_visits, chosen_rows, comparison_columns, test_note, week_name
from outputs.output import Card, Output, View
from outputs.quality.asked import Asked, asked
from outputs.slide_axis import change_axis
from outputs.slide_lines import by_visit
from trialdata.errors import StudyDataError

TITLE = "Change from baseline"


def quality_change_output(data: AnalysisData, view: View, *, questionnaire: str = "") -> Output:
    """Adjusted mean change by visit and arm, and the difference of the arms at each visit."""
    score = asked(data, view, questionnaire)
    if score.no_change:
        return _empty(score, score.no_change)
    try:
        model = change_model(score.scores, score.basis.trts, score.basis.comparisons)
    except StudyDataError as error:
        return _empty(score, str(error))
    return _shown(score, model)


def _empty(score: Asked, why: str) -> Output:
    return Output(
        id="quality_change",
        title=TITLE,
        population=score.basis.population,
        arms=score.basis.styles,
        headline="Change in quality of life: no model at this cut",
        footnotes=score.footnotes(),
        badges=score.badges(),
        empty=why,
    )


def _shown(score: Asked, model: RepeatedModel) -> Output:
    basis = score.basis
    results = model.results
    if not basis.tested:
        results = results.assign(p_value=np.nan, statistic=np.nan)
    means = chosen_rows(results, "LS mean", KENWARD_ROGER)
    differences = chosen_rows(results, "difference", KENWARD_ROGER)
    last, compared = (rows[rows["time"] == model.weeks[-1]] for rows in (means, differences))
    few = (last["n"] < wording.IMMATURE_BELOW).any()
    subjects = basis.subjects
    return Output(
        id="quality_change",
        title=TITLE,
        subtitle=f"{score.short}, adjusted for the baseline, {score.direction}; upright lines: 95% interval",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(score, means, differences),
        figure=lambda theme, compact: model_figure(
            means,
            at_visits(differences),
            basis.arms,
            kind="score",
            row_header="With a change",
            direction=score.direction,
            enrolled=basis.sizes,
            theme=theme,
            compact=compact,
        ),
        chart=lambda: by_visit(
            means,
            basis.arms,
            change_axis(
                means, f"Change from baseline, adjusted mean and 95% CI, {score.direction}", score=True
            ),
            sizes=basis.sizes,
            header="With a change",
            thresholds=((0, ""),),
        ),
        records=subjects.loc[subjects["USUBJID"].isin(model.participants), ["USUBJID", "ARM"]],
        cell_keys=("ARM",),
        headline=_headline(score, last, compared),
        detail=_detail(last, compared, score),
        alt=f"Adjusted mean change in {score.short} by visit and arm. {_detail(last, compared, score)}",
        footnotes=_footnotes(score, model, compared),
        badges=(*(("immature",) if few else ()), *score.badges()),
        cards=_cards(score, results, last, compared),
    )


def _signed(value: float) -> str:
    return wording.fixed(value, 1, signed=True)


def _words(row) -> tuple[str, str]:
    if np.isnan(row.estimate):
        return wording.NOT_ESTIMABLE, ""
    return _signed(row.estimate), f"{_signed(row.conf_low)} to {_signed(row.conf_high)}"


def _headline(score: Asked, last: pd.DataFrame, compared: pd.DataFrame) -> str:
    values = " vs ".join(map(_signed, last["estimate"]))
    text = f"{score.short} at {last['label'].iloc[0]}: mean change {values}"
    if len(compared) != 1:
        return text
    return f"{text}, difference {_signed(compared['estimate'].iloc[0])}"


def _detail(last: pd.DataFrame, compared: pd.DataFrame, score: Asked) -> str:
    counted = wording.joined([f"{r.n} of {r.N} in {score.basis.labels[r.arm]}" for r in last.itertuples()])
    sentence = f"With a change at {last['label'].iloc[0]}: {counted}, {score.direction}."
    parts = []
    for row in compared.itertuples():
        estimate, interval = _words(row)
        named = f"{row.comparison}: {estimate}, " if len(compared) > 1 else ""
        parts.append(f"{named}95% CI {interval}")
    return f"Difference of means: {'; '.join(parts)}. {sentence}" if parts else sentence


def _table(score: Asked, means: pd.DataFrame, differences: pd.DataFrame) -> pd.DataFrame:
    """One row per visit and their average: adjusted mean change by arm, differences with df and p."""
    weeks = {row.label: week_name(row) for row in [*means.itertuples(), *differences.itertuples()]}
    columns: dict[str, dict[str, str]] = {}
    for trt in score.basis.trts:
        own = means[means["arm"] == trt]
        if len(own):
            columns[score.basis.labels[trt]] = {
                row.label: f"{estimate} ({interval}), n = {row.n}"
                for row in own.itertuples()
                for estimate, interval in [_words(row)]
            }
    columns |= comparison_columns(score.basis, differences, "Difference of means", _words)
    rows = [
        {"Week": week} | {name: cells.get(label, "–") for name, cells in columns.items()}
        for label, week in weeks.items()
    ]
    return pd.DataFrame(rows)


def _footnotes(score: Asked, model: RepeatedModel, compared: pd.DataFrame) -> tuple[str, ...]:
    missing = len(score.basis.subjects) - len(model.participants)
    who = wording.plural(len(model.participants), "participant")
    left_out = f"Not modelled: {left_out_words(model.left_out)}." if model.left_out else ""
    return score.footnotes(
        f"{score.basis.population}: {who} with a baseline and a score at a modelled visit"
        + (f", {missing} without." if missing else "."),
        "Mixed model: arm and baseline at each visit, unstructured covariance, REML, Kenward-Roger; missing scores are "
        "taken as missing at random. Every score enters, also after rescue (treatment policy).",
        HOLLOW,
        left_out,
        test_note(score.basis, compared, "Kenward-Roger t test"),
    )


def _cards(
    score: Asked, results: pd.DataFrame, last: pd.DataFrame, compared: pd.DataFrame
) -> tuple[Card, ...]:
    """The difference at the last modelled visit by every method; without a comparison each arm's mean change."""
    shown = compared if len(compared) else last
    key = "comparison" if len(compared) else "arm"
    cards = []
    for row in shown.itertuples():
        of = getattr(row, key)
        rows = results[(results[key] == of) & (results["time"] == row.time)]
        names = score.basis.labels
        named = f", {names.get(of, of)}" if len(shown) > 1 or key == "arm" else ""
        cards.append(
            card(
                rows,
                title=f"{'Difference' if len(compared) else 'Mean change'} at {row.label}{named}",
                chosen=KENWARD_ROGER,
                reason=REASON,
                words=_words,
                null=0 if score.basis.tested and len(compared) else np.nan,
            )
        )
    return tuple(cards)
