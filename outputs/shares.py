"""Shares of participants by arm with their difference from control: numbers, cells and cards of a small table."""

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from analysis.observational.methods import OVERLAP_WEIGHTS
from analysis.rates import rates_and_comparisons, rates_from_counts
from outputs import wording
from outputs.basis import Basis
from outputs.output import Card
from outputs.rate_cards import difference_cards, rate_cards
from outputs.response import HEADLINE_DIFFERENCE, NOT_RANDOMISED, headline_differences, headline_rates
from outputs.small_cells import NOT_SHOWN, hidden_of, suppressed

UNTESTED = ("p_value", "statistic")
DERIVED = ("estimate", "std_err", "conf_low", "conf_high", "p_value", "statistic")


def compared_shares(met: pd.Series, arm: pd.Series, basis: Basis) -> pd.DataFrame:
    """Rates by arm and their comparisons by every closed form; no p-value where arms are not tested."""
    counts = [(trt, int((met & (arm == trt)).sum()), int((arm == trt).sum())) for trt in basis.trts]
    both = rates_and_comparisons(
        rates_from_counts(counts, methods="cheap"), basis.comparisons, methods="cheap"
    )
    if basis.tested:
        return both
    hidden = {name: np.nan for name in UNTESTED if name in both}
    return both[both["measure"] != "test"].assign(**hidden).reset_index(drop=True)


def shares_by_measure(
    met: dict[str, pd.Series], arms: dict[str, pd.Series], basis: Basis, *, column: str
) -> pd.DataFrame:
    """`compared_shares` of each measure, named in `column`."""
    parts = [compared_shares(met[name], arms[name], basis).assign(**{column: name}) for name in met]
    return pd.concat(parts, ignore_index=True)


def headline_shares(cheap: pd.DataFrame) -> pd.DataFrame:
    """Rates and differences by the headline methods alone."""
    return pd.concat([headline_rates(cheap), headline_differences(cheap)], ignore_index=True)


def weighted_differences(results: pd.DataFrame) -> pd.DataFrame:
    """One row per comparison of arms that were not randomised: the difference by overlap weights, or why not."""
    return results[(results["measure"] == "difference") & (results["method"] == OVERLAP_WEIGHTS.name)]


def share_table(results: pd.DataFrame, basis: Basis, *, column: str, title: str) -> pd.DataFrame:
    """A row per measure: n of N with the rate and its interval by arm, and the differences in points.

    Where arms were not randomised the weighted differences, if `results` has them, stand beside the crude ones.
    """
    rates, other = headline_rates(results), weighted_differences(results)
    plain = results[(results["measure"] == "difference") & (results["method"] == HEADLINE_DIFFERENCE)]
    name_of = "Difference, points" if other.empty else "Crude difference, points"
    rows = []
    for name, own in rates.groupby(column, sort=False):
        cells = {basis.labels[row.arm]: rate_cell(row) for row in own.itertuples()}
        for title_of, differences, cell in (
            (name_of, plain, points_cell),
            ("By overlap weights, points", other, weighted_cell),
        ):
            cells |= _difference_cells(differences[differences[column] == name], basis, title_of, cell)
        rows.append({title: name, **cells})
    return pd.DataFrame(rows).fillna("–")


def _difference_cells(
    differences: pd.DataFrame, basis: Basis, title: str, cell: Callable[..., str]
) -> dict[str, str]:
    several = len(basis.comparisons) > 1
    return {
        f"{title} ({row.comparison})" if several else title: cell(row) for row in differences.itertuples()
    }


def shares_in_file(
    results: pd.DataFrame, basis: Basis, *, column: str, title: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Results and table without counts of few participants, nor the rates and differences that would give them."""
    rates = results[results["measure"] == "rate"]
    hidden = hidden_of(rates, over={}).reindex(results.index, fill_value=False)
    kept = suppressed(results, hidden, derived=DERIVED)
    left_out = set(results.loc[hidden.any(axis=1), [column, "arm"]].itertuples(index=False, name=None))
    told = [
        any((row[column], trt) in left_out for trt in str(row.get("comparison", "")).split(" - "))
        for _, row in results.iterrows()
    ]
    compared = (results["measure"] == "difference") & pd.Series(told, results.index, dtype=bool)
    numbers = {name: kept[name].mask(compared) for name in DERIVED if name in kept}
    said = {"note": kept["note"].mask(compared, "")} if "note" in kept else {}
    kept = kept.assign(**numbers, **said)
    return kept, share_table(kept, basis, column=column, title=title)


def differences_sentence(differences: pd.DataFrame, *, crude: bool = False) -> str:
    """ "Difference: 10 (95% CI −21 to 40) points."; of several comparisons each by its name; empty without one."""
    several = len(differences) > 1
    plain = "Crude difference" if crude else "Difference"
    return " ".join(
        f"{row.comparison + (', crude' if crude else '') if several else plain}: {points_cell(row)} points."
        for row in differences.itertuples()
    )


def crude(basis: Basis) -> tuple[str, ...]:
    """What a difference of arms that were not randomised is; nothing of others."""
    if not basis.crude:
        return ()
    return (f"{NOT_RANDOMISED} Crude: not adjusted for what differs between the arms.",)


def rate_cell(row) -> str:
    """ "12 of 20, 60% (39 to 78)"."""
    if pd.isna(row.N) or pd.isna(row.n):
        return NOT_SHOWN
    if not row.N:
        return "–"
    interval = wording.percent_interval(row.conf_low, row.conf_high, row.N)
    return f"{row.n} of {row.N}, {wording.percent(row.estimate, row.N)} ({interval})"


def points_cell(row) -> str:
    """ "24 (95% CI 3 to 41)", in percentage points."""
    if pd.isna(row.estimate):
        return NOT_SHOWN
    estimate, interval = wording.points_and_interval(row.estimate, row.conf_low, row.conf_high)
    return f"{estimate} (95% CI {interval})"


def weighted_cell(row) -> str:
    """The same of a weighted difference, which may have no interval, or no number for a reason that its note gives."""
    if pd.isna(row.estimate):
        return wording.NOT_ESTIMABLE if row.note else NOT_SHOWN
    if pd.isna(row.conf_low):
        return f"{wording.points_and_interval(*[row.estimate] * 3)[0]} (no interval)"
    return points_cell(row)


def share_cards(cheap: pd.DataFrame, basis: Basis, *, column: str, names: Sequence[str]) -> tuple[Card, ...]:
    """Of each measure the cards of the rates and of the differences."""
    cards: list[Card] = []
    for name in names:
        own = cheap[cheap[column] == name]
        both = (*rate_cards(own, basis.labels), *difference_cards(own, tested=basis.tested))
        cards += [dataclasses.replace(card, title=f"{name}: {wording.lowered(card.title)}") for card in both]
    return tuple(cards)
