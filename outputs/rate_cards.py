"""Method cards of rates and their comparison: the headline method, why it leads, and what the others say."""

from collections.abc import Mapping
from functools import partial

import pandas as pd

from analysis.rate_methods import MIETTINEN_NURMINEN, RATIO_SCORE, WILSON, WOOLF
from analysis.rates import rates_from_counts
from outputs import wording
from outputs.cards import card
from outputs.output import Card

WHY_WILSON = "Near its level in small arms, and within 0 and 100%."
WHY_MIETTINEN_NURMINEN = "Inverts the score test, so interval and p agree; near its level in small arms."
WHY_RATIO_SCORE = "Inverts the same score test as the difference; has limits where an arm has no responder."
WHY_WOOLF = "The usual interval of an odds ratio; the exact one is wider."


def rate_words(row) -> tuple[str, str]:
    """A rate and its interval in percent with one decimal."""
    interval = "" if pd.isna(row.conf_low) else wording.percent_interval(row.conf_low, row.conf_high, 200)
    return wording.percent(row.estimate, 200), interval


def rate_cards(results: pd.DataFrame, labels: Mapping[str, str]) -> tuple[Card, ...]:
    """One card per arm from the rows of measure "rate"."""
    rates = results[results["measure"] == "rate"]
    return tuple(
        card(rows, title=f"Rate, {labels[arm]}", chosen=WILSON, reason=WHY_WILSON, words=rate_words)
        for arm, rows in rates.groupby("arm", sort=False)
    )


def difference_cards(results: pd.DataFrame, *, tested: bool) -> tuple[Card, ...]:
    """One card per comparison: the difference by every interval, and with `tested` every test of no difference."""
    kept = [
        _comparison_card(rows, "difference", MIETTINEN_NURMINEN, WHY_MIETTINEN_NURMINEN, tested=tested)
        for rows in _by_comparison(results)
    ]
    return tuple(kept)


def ratio_cards(results: pd.DataFrame) -> tuple[Card, ...]:
    """Two cards per comparison: risk ratio and odds ratio by every interval."""
    return tuple(
        _comparison_card(rows, measure, chosen, reason, tested=False)
        for rows in _by_comparison(results)
        for measure, chosen, reason in (
            ("risk ratio", RATIO_SCORE, WHY_RATIO_SCORE),
            ("odds ratio", WOOLF, WHY_WOOLF),
        )
    )


def _by_comparison(results: pd.DataFrame) -> list[pd.DataFrame]:
    compared = results[results["measure"] != "rate"]
    if compared.empty:
        return []
    return [rows for _, rows in compared.groupby("comparison", sort=False)]


def _comparison_card(rows: pd.DataFrame, measure: str, chosen: str, reason: str, *, tested: bool) -> Card:
    """Without `tested` the tests are left out and no p stands beside an interval."""
    of_measure = rows[rows["measure"].isin([measure, "test"] if tested else [measure])]
    points = measure == "difference"
    return card(
        of_measure if tested else of_measure.assign(p_value=float("nan")),
        title=f"{measure.capitalize()}, {rows['comparison'].iloc[0]}",
        chosen=chosen,
        reason=reason,
        words=partial(wording.interval_text, scale="points" if points else "ratio", decimals=1),
        null=0.0 if points else 1.0,
    )


def shares_card(title: str, results: pd.DataFrame, labels: Mapping[str, str], *, where: str = "") -> Card:
    """The card of a row of shares: Wilson's interval, and beside it Clopper-Pearson's.

    `results` has one row per arm with `n` of `N`; `where` names the row in its table ("week 12").
    """
    counted = [(labels[row.arm], int(row.n), int(row.N)) for row in results.itertuples() if row.N]
    others = [
        {
            "Method": f"{row.method}, {row.arm}",
            "Estimate": f"{rate_words(row)[0]} ({row.n} of {row.N})",
            "95% CI": rate_words(row)[1],
        }
        for row in rates_from_counts(counted).itertuples()
    ]
    shown = [f"{other['Estimate']}, 95% CI {other['95% CI']}" for other in others[::2]]
    return Card(
        title=title,
        estimate=f"{where}{': ' if where else ''}{' vs '.join(shown)}" if shown else wording.NOT_ESTIMABLE,
        method=WILSON,
        reason=WHY_WILSON,
        others=pd.DataFrame(others),
    )
