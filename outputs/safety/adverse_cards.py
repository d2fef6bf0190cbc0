"""Method cards of tables of adverse events: one per comparison and measure, with one of its rows as the example."""

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd

from analysis.rate_methods import MIETTINEN_NURMINEN, RATIO_SCORE
from analysis.rates import rate_comparisons, rates_from_counts
from analysis.safety.exposure_adjusted import EVENTS, RATIO
from outputs import wording
from outputs.basis import Basis
from outputs.cards import card
from outputs.output import Card
from outputs.rate_cards import WHY_MIETTINEN_NURMINEN, WHY_RATIO_SCORE

MEASURES = {
    "difference": (MIETTINEN_NURMINEN, WHY_MIETTINEN_NURMINEN, "points"),
    "risk ratio": (RATIO_SCORE, WHY_RATIO_SCORE, "ratio"),
}
WHY_GARWOOD = (
    "Exact for rare events, where a normal approximation is not; the time at risk is taken as fixed."
)
WHY_CONDITIONAL = "Exact given the number with the event in both arms; has limits where an arm has none."


def comparison_cards(
    results: pd.DataFrame, keys: Sequence[str], name: Callable[[tuple[str, ...]], str], basis: Basis
) -> tuple[Card, ...]:
    """A card per comparison and measure of `results`, with every method for the row that most participants are in."""
    counts = results[results["measure"] == "count"]
    cards = []
    for (measure, arm, control), rows in _compared(results).groupby(
        ["measure", "arm", "control"], sort=False
    ):
        chosen, reason, scale = MEASURES[str(measure)]
        example = _most(counts, keys, rows)
        own = counts[(counts[list(keys)] == list(example)).all(axis=1)].set_index("arm")
        table = [(each, int(own.loc[each, "n"]), int(own.loc[each, "N"])) for each in (arm, control)]
        others = rate_comparisons(
            rates_from_counts(table), experimental=arm, control=control, methods="cheap"
        )
        cards.append(
            card(
                others[others["measure"] == measure].assign(p_value=float("nan")),
                title=f"{str(measure).capitalize()}, {arm} - {control}: {wording.lowered(name(example))}",
                chosen=chosen,
                reason=f"{reason} Every row of the table is made alike; this is the one with most participants.",
                words=partial(wording.interval_text, scale=scale, decimals=1),
            )
        )
    return tuple(cards)


def _compared(results: pd.DataFrame) -> pd.DataFrame:
    return results[results["measure"].isin(MEASURES)]


def _most(counts: pd.DataFrame, keys: Sequence[str], rows: pd.DataFrame) -> tuple[str, ...]:
    """The row, of those compared, that most participants of all arms are in."""
    compared = counts.merge(rows[list(keys)].drop_duplicates(), on=list(keys))
    summed = compared.groupby(list(keys), sort=False)["n"].sum()
    first = summed.astype(float).idxmax()
    return first if isinstance(first, tuple) else (str(first),)


def rate_time_cards(results: pd.DataFrame, keys: Sequence[str], name: str, basis: Basis) -> tuple[Card, ...]:
    """A card per arm and comparison for the first row of a table of rates per time, called `name`."""
    first = results[(results[list(keys)] == results[list(keys)].iloc[0]).all(axis=1)]
    cards = []
    for row in first[first["measure"] != EVENTS].itertuples():
        ratio = row.measure == RATIO
        what = f"Ratio of incidences, {row.comparison}" if ratio else f"Incidence, {basis.labels[row.arm]}"
        why = WHY_CONDITIONAL if ratio else WHY_GARWOOD
        cards.append(
            card(
                first.loc[[row.Index]],
                title=f"{what}: {wording.lowered(name)}",
                chosen=row.method,
                reason=f"{why} Every row of the table is made alike; this is the first one.",
                words=partial(wording.interval_text, scale="ratio") if ratio else _per_100_years,
            )
        )
    return tuple(cards)


def _per_100_years(row) -> tuple[str, str]:
    if pd.isna(row.estimate):
        return wording.NOT_ESTIMABLE, ""
    limits = f"{wording.fixed(row.conf_low, 1)} to {wording.fixed(row.conf_high, 1)}"
    return f"{wording.fixed(row.estimate, 1)} per 100 patient-years", limits
