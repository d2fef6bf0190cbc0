"""A score over time by arm."""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.quality import score_means, score_medians
from charts.quality import score_figure
from outputs import wording
from outputs.output import Card, Output, View
from outputs.quality.asked import Asked, asked
from outputs.slide_chart import Axis
from outputs.slide_lines import by_visit
from outputs.standing import visit_table
from outputs.summary_cards import summary_card

TITLE = "Score over time"
WHY_MEAN = "Scores are bounded and near symmetric; means are what the change is modelled by."


def quality_course_output(data: AnalysisData, view: View, *, questionnaire: str = "") -> Output:
    """Mean score by visit and arm with its interval."""
    score = asked(data, view, questionnaire)
    basis = score.basis
    if score.nothing:
        return Output(
            id="quality_course",
            title=TITLE,
            population=basis.population,
            arms=basis.styles,
            headline="Quality of life: no score at this cut",
            footnotes=score.footnotes(),
            badges=score.badges(),
            empty=score.nothing,
        )
    results = score_means(score.scores, score.scores.weeks, basis.trts)
    week = score.last_mature(results)
    visits = score.scores.visits
    return Output(
        id="quality_course",
        title=TITLE,
        subtitle=f"{score.short}, {score.range_words}. Mean by visit; upright lines: 95% interval",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=visit_table(results, basis, _cell),
        figure=lambda theme, compact: score_figure(
            results,
            basis.arms,
            label=score.short,
            span=score.chosen.range,
            better=score.chosen.better,
            mature_week=week,
            enrolled=basis.sizes,
            theme=theme,
            compact=compact,
        ),
        chart=lambda: by_visit(
            results,
            basis.arms,
            Axis(f"{score.short}, {score.range_words}; mean and 95% CI"),
            sizes=basis.sizes,
            header="With a score",
        ),
        records=visits[["USUBJID", "ARM"]].assign(WEEK=visits["AVISITN"].map("{:g}".format)),
        cell_keys=("ARM", "WEEK"),
        headline=f"{score.short} at week {week:g}: mean {_values(results, week)}",
        detail=f"Score from {score.range_words}. {_counted(results, week, score)}",
        alt=f"Mean {score.short} by visit and arm with 95% interval, {score.range_words}; the table holds every "
        "number.",
        footnotes=score.footnotes(
            f"{basis.population}, {wording.plural(len(basis.subjects), 'participant')}. n: participants with a score "
            "in the visit window; week 0 is the baseline. Hollow points: fewer than half of the arm."
        ),
        badges=score.badges(),
        cards=(_card(score, week),),
    )


def _cell(row) -> str:
    if not row.n:
        return "–"
    interval = f" ({_number(row.conf_low)} to {_number(row.conf_high)})" if row.n > 1 else ""
    return f"{_number(row.estimate)}{interval}, n = {row.n}"


def _number(value: float) -> str:
    return wording.fixed(value, 1)


def _values(results: pd.DataFrame, week: float) -> str:
    at = results[(results["time"] == week) & (results["n"] > 0)]
    return " vs ".join(_number(row.estimate) for row in at.itertuples())


def _counted(results: pd.DataFrame, week: float, score: Asked) -> str:
    parts = [
        f"{row.n} of {score.basis.sizes[row.arm]} in {score.basis.labels[row.arm]}"
        for row in results[results["time"] == week].itertuples()
    ]
    return f"With a score at week {week:g}: {wording.joined(parts)}."


def _card(score: Asked, week: float) -> Card:
    """The mean at that visit, and beside it the median."""
    mean, median = (of(score.scores, [week], score.basis.trts) for of in (score_means, score_medians))
    return summary_card(
        f"{score.short} at week {week:g}", mean, [median], score.basis, reason=WHY_MEAN, words=_limits
    )


def _limits(row) -> tuple[str, str]:
    known = not pd.isna(row.conf_low)
    return _number(row.estimate), f"{_number(row.conf_low)} to {_number(row.conf_high)}" if known else ""
