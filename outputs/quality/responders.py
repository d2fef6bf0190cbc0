"""How many participants changed enough to matter, at each visit and, at one visit, by every amount."""

import dataclasses
import math

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.quality import BETTER, NEITHER, WORSE, change_distribution, change_shares, direction
from analysis.rate_methods import MIETTINEN_NURMINEN, WILSON
from charts.format import fixed
from charts.quality import distribution_figure
from charts.response import by_visit_figure
from outputs import wording
from outputs.output import Card, Output, View
from outputs.quality.asked import Asked, asked
from outputs.rate_cards import difference_cards, shares_card
from outputs.response import NOT_RANDOMISED
from outputs.slide_lines import shares_by_visit

MISSING_NOTE = "Who lacks the baseline or the score of the visit is in no denominator."


def quality_responders_output(data: AnalysisData, view: View, *, questionnaire: str = "") -> Output:
    """Share with a change for the better, and for the worse, of at least the important change, at each visit."""
    score = asked(data, view, questionnaire)
    basis = score.basis
    if score.no_change:
        return _empty("quality_responders", "Changes that matter", score)
    least = score.chosen.important_change
    results = change_shares(score.scores, least, basis.trts, basis.comparisons)
    if not basis.tested:
        results = results[results["measure"] != "test"].assign(p_value=np.nan, statistic=np.nan)
    shares = _rates(results, BETTER)
    week = score.last_mature(score.changes_by_visit())
    words = change_words(score)
    changes = score.scores.changes
    return Output(
        id="quality_responders",
        title="Changes that matter",
        subtitle=f"{score.short}: {words[BETTER]}, of those with a change at the visit. Upright lines: 95% Wilson "
        "interval",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(score, results, words),
        figure=lambda theme, compact: by_visit_figure(
            shares,
            basis.arms,
            enrolled=basis.sizes,
            mature_week=week,
            y_title=words[BETTER].capitalize(),
            row_header="With a change",
            cell=(words[BETTER],),
            theme=theme,
            compact=compact,
        ),
        chart=lambda: shares_by_visit(
            shares,
            basis.arms,
            f"{words[BETTER].capitalize()}, 95% CI",
            sizes=basis.sizes,
            header="With a change",
        ),
        records=changes[["USUBJID", "ARM"]].assign(
            WEEK=changes["AVISITN"].map("{:g}".format), KIND=direction(changes, least).map(words)
        ),
        cell_keys=("ARM", "WEEK", "KIND"),
        headline=f"{score.short}: {words[BETTER]}",
        detail=_detail(score, results, week, words),
        alt=f"Percent {words[BETTER]} in {score.short} at each visit by arm; the table holds every number.",
        footnotes=score.footnotes(
            f"{basis.population}. Of those with a baseline and a score at the visit. {MISSING_NOTE} "
            "Intervals: Wilson; of differences Miettinen and Nurminen, in points."
            + (f" {NOT_RANDOMISED}" if basis.crude else "")
        ),
        badges=score.badges(),
        cards=_cards(score, results, week, words),
    )


def quality_distribution_output(
    data: AnalysisData, view: View, *, questionnaire: str = "", week: str = ""
) -> Output:
    """Share of participants with at least each change for the better at one visit, by arm."""
    score = asked(data, view, questionnaire)
    basis, title = score.basis, "Distribution of the change"
    if score.no_change:
        return _empty("quality_distribution", title, score)
    at = float(week) if week else score.last_mature(score.changes_by_visit())
    changes = score.scores.changes[score.scores.changes["AVISITN"] == at]
    results = change_distribution(score.scores, at, basis.trts)
    if changes.empty:
        return dataclasses.replace(
            _empty("quality_distribution", title, score),
            empty=f"Nobody has a change at week {at:g} at this cut.",
        )
    least = score.chosen.important_change
    reached = _at_least(results, least, basis.trts)
    return Output(
        id="quality_distribution",
        title=title,
        subtitle=f"{score.short} at week {at:g}. Percent with at least each change for the better",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_distribution_table(score, results),
        figure=lambda theme, compact: distribution_figure(
            results, basis.arms, important=least, week=at, theme=theme, compact=compact
        ),
        records=changes[["USUBJID", "ARM"]].reset_index(drop=True),
        cell_keys=("ARM",),
        headline=f"{score.short}: distribution of the change at week {at:g}",
        alt=f"Percent of each arm with at least each change for the better in {score.short} at week {at:g}; the table "
        "holds the percent at steps of half the important change.",
        footnotes=score.footnotes(
            f"{basis.population}, {wording.plural(len(changes), 'participant')} with a baseline and a score at the "
            f"visit. {MISSING_NOTE} Dotted: the important change, {score.size}, for the better and for the worse."
        ),
        badges=score.badges(),
        cards=(
            shares_card(f"{change_words(score)[BETTER].capitalize()}, week {at:g}", reached, basis.labels),
        ),
    )


def change_words(score: Asked) -> dict[str, str]:
    """The kinds of a change in words."""
    return {
        BETTER: f"better by {score.size} or more",
        WORSE: f"worse by {score.size} or more",
        NEITHER: f"changed by less than {score.size}",
    }


def _empty(output_id: str, title: str, score: Asked) -> Output:
    return Output(
        id=output_id,
        title=title,
        population=score.basis.population,
        arms=score.basis.styles,
        headline=title,
        footnotes=score.footnotes(),
        badges=score.badges(),
        empty=score.no_change,
    )


def _rates(results: pd.DataFrame, way: str) -> pd.DataFrame:
    return results[(results["change"] == way) & (results["method"] == WILSON)]


def _differences(results: pd.DataFrame, way: str) -> pd.DataFrame:
    of = (results["measure"] == "difference") & (results["method"] == MIETTINEN_NURMINEN)
    return results[of & (results["change"] == way)]


def _table(score: Asked, results: pd.DataFrame, words: dict[str, str]) -> pd.DataFrame:
    """A row per visit and way: "12 of 30 (40%, 25 to 58)" by arm, then each difference."""
    rows = []
    for week in sorted(results["time"].unique()):
        of_week = results[results["time"] == week]
        for way in (BETTER, WORSE):
            rates, compared = _rates(of_week, way), _differences(of_week, way)
            row = {"Change": f"Week {week:g}, {words[way]}"}
            row |= {score.basis.labels[each.arm]: _share(each) for each in rates.itertuples()}
            for each in compared.itertuples():
                name = "Difference (95% CI)" + (f", {each.comparison}" if compared.shape[0] > 1 else "")
                row[name] = _points(each)
            rows.append(row)
    return pd.DataFrame(rows)


def _share(row) -> str:
    if not row.N:
        return "–"
    interval = wording.percent_interval(row.conf_low, row.conf_high, row.N)
    return f"{row.n} of {row.N} ({wording.percent(row.estimate, row.N)}, {interval})"


def _points(row) -> str:
    estimate, interval = wording.interval_text(row, scale="points")
    return f"{estimate} ({interval})" if interval else estimate


def _detail(score: Asked, results: pd.DataFrame, week: float, words: dict[str, str]) -> str:
    of_week = results[results["time"] == week]
    rates = " vs ".join(
        f"{wording.rate_words(int(row.n), int(row.N))} ({row.n} of {row.N})" if row.N else "nobody"
        for row in _rates(of_week, BETTER).itertuples()
    )
    parts = []
    compared = _differences(of_week, BETTER)
    for row in compared.itertuples():
        named = f"{row.comparison}: " if len(compared) > 1 else ""
        parts.append(f"{named}difference {_points(row)}" if not math.isnan(row.estimate) else "")
    return f"At week {week:g}: {'; '.join([rates, *filter(None, parts)])}."


def _cards(score: Asked, results: pd.DataFrame, week: float, words: dict[str, str]) -> tuple[Card, ...]:
    """Shares and differences at one visit, for the better and for the worse."""
    cards = []
    for way in (BETTER, WORSE):
        rows = results[(results["time"] == week) & (results["change"] == way)]
        name = f"{words[way].capitalize()}, week {week:g}"
        cards.append(shares_card(name, _rates(rows, way), score.basis.labels))
        for each in difference_cards(rows, tested=score.basis.tested):
            cards.append(dataclasses.replace(each, title=f"{name}: {wording.lowered(each.title)}"))
    return tuple(cards)


def _at_least(results: pd.DataFrame, change: float, arms: tuple[str, ...]) -> pd.DataFrame:
    """One row per arm: `n` of `N` with at least that change; N 0 for an arm of nobody."""
    rows = []
    for arm in arms:
        own = results[results["arm"] == arm]
        n = own.loc[own["change"] >= change, "n"].max()
        rows.append((arm, 0 if pd.isna(n) else int(n), int(own["N"].max()) if len(own) else 0))
    return pd.DataFrame(rows, columns=["arm", "n", "N"])


def _distribution_table(score: Asked, results: pd.DataFrame) -> pd.DataFrame:
    """A row for every half of the important change within the changes that occur: percent with at least as much."""
    half = score.chosen.important_change / 2
    low, high = (math.floor(results["change"].min() / half), math.ceil(results["change"].max() / half))
    rows = []
    for step in range(max(low, -8), min(high, 8) + 1):
        counts = _at_least(results, step * half, score.basis.trts)
        cells = {
            score.basis.labels[row.arm]: f"{wording.percent(row.n / row.N, row.N)} ({row.n} of {row.N})"
            if row.N
            else "–"
            for row in counts.itertuples()
        }
        decimals = 0 if float(step * half).is_integer() else 1
        rows.append({"At least": fixed(step * half, decimals, signed=True)} | cells)
    return pd.DataFrame(rows)
