"""What an output of a cumulative incidence in which death competes is made of."""

from typing import Any

import pandas as pd

from analysis.survival import cumulative_incidence
from charts.survival import cumulative_incidence_figure
from outputs import wording
from outputs.basis import Basis
from outputs.output import Card
from outputs.slide_lines import curves as curves_chart
from outputs.time_endpoints import association, landmark_table, landmarks, latest_common

DEATH = "death"
WHY_INCIDENCE = "Death ends the chance of the event; censoring at death would read too high."


def incidence_parts(
    times: pd.DataFrame, cause: str, basis: Basis, *, said: str, row: str, y_title: str
) -> dict[str, Any]:
    """Results, table, figure, chart, headline, detail and cards of the incidence of `cause` among `times`.

    `times`: one row per participant: ARM, CIFDY (days), CIFEVENT (`cause`, "death" or "" censored). `said` begins the
    headline ("Rescued"), `row` names the rows of the table ("Rescued by week").
    """
    curves = cumulative_incidence(times, basis.trts, (cause, DEATH))
    curve = curves[curves["cause"] == cause]
    at = landmarks(curve)
    return {
        "results": pd.concat(
            [curves.assign(measure="incidence"), at.assign(measure="landmark")], ignore_index=True
        ),
        "table": landmark_table(at, basis, row),
        "figure": lambda theme, compact: cumulative_incidence_figure(
            curve, basis.arms, cause=cause, y_title=y_title, theme=theme, compact=compact
        ),
        "chart": lambda: curves_chart(curve, basis.arms, y_title),
        "headline": incidence_headline(at, said),
        "detail": incidence_detail(at, basis),
        "cards": incidence_cards(at, basis, title=said),
    }


def between(at: pd.DataFrame) -> pd.DataFrame:
    """The rows of the last week that every arm reaches and at which not every arm is at 0 or 1; else of the last."""
    open_weeks = at["estimate"].between(0, 1, inclusive="neither").groupby(at["week"]).transform("any")
    shown = latest_common(at[open_weeks])
    return shown if len(shown) else latest_common(at)


def incidence_headline(at: pd.DataFrame, words: str) -> str:
    """ "Rescued by week 26: 20% vs 31%"."""
    shown = between(at)
    if shown.empty:
        return f"{words}: no landmark week is reached in every arm"
    shares = " vs ".join(wording.percent(value, 0) for value in shown["estimate"])
    return f"{words} by week {shown['week'].iloc[0]:g}: {shares}"


def incidence_detail(at: pd.DataFrame, basis: Basis) -> str:
    """The intervals of the headline, and where arms were not randomised what the difference is."""
    said = [f"{basis.labels[row.arm]} 95% CI {_limits(row)}" for row in between(at).itertuples()]
    first = f"{'; '.join(said)}. " if said else ""
    return " ".join([f"{first}Cumulative incidence, death competing.", *association(basis)])


def incidence_cards(at: pd.DataFrame, basis: Basis, *, title: str) -> tuple[Card, ...]:
    """The card of the incidence in the last week that all arms reach; of the last one of any arm where none does."""
    shown = between(at)
    shown = shown if len(shown) else at[at["estimate"].notna() & (at["week"] == at["week"].max())]
    if shown.empty:
        words = "not estimable: no landmark week is reached"
        return (
            Card(
                title=title, estimate=words, method="Aalen-Johansen, log-log interval", reason=WHY_INCIDENCE
            ),
        )
    said = [
        f"{basis.labels[row.arm]} {wording.percent(row.estimate, 0)}, 95% CI {_limits(row)}"
        for row in shown.itertuples()
    ]
    return (
        Card(
            title=f"{title} by week {shown['week'].iloc[0]:g}",
            estimate="; ".join(said),
            method=str(shown["method"].iloc[0]),
            reason=WHY_INCIDENCE,
        ),
    )


def _limits(row) -> str:
    return wording.percent_interval(row.conf_low, row.conf_high, 0)
