"""Words, table and method cards of a comparison within strata."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd

from analysis.stratified import GREENLAND_ROBINS, ROBINS_BRESLOW_GREENLAND, STRATIFIED_MN, TARONE
from outputs import wording
from outputs.basis import Basis
from outputs.cards import card
from outputs.output import Card
from outputs.response import MISSING_WORDS, NOMINAL, NOT_RANDOMISED
from outputs.strata import Strata, stratum_names

ALL_STRATA = "All strata"
ONE_STRATUM = "Everybody compared is in one stratum: the comparison is the one without strata."
WHY_STRATIFIED_MN = (
    "Inverts the CMH test, so interval and p agree; has limits where a stratum has no responder."
)
WHY_GREENLAND_ROBINS = "Holds for few large and for many small strata."
WHY_ROBINS_BRESLOW_GREENLAND = "The usual interval of the Mantel-Haenszel odds ratio."
CHOSEN = (
    ("difference", STRATIFIED_MN, WHY_STRATIFIED_MN),
    ("risk ratio", GREENLAND_ROBINS, WHY_GREENLAND_ROBINS),
    ("odds ratio", ROBINS_BRESLOW_GREENLAND, WHY_ROBINS_BRESLOW_GREENLAND),
)


def strata_table(results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """One row per stratum, then the common difference: counts by arm, difference, interval, weight."""
    rows = []
    for experimental, control in basis.comparisons:
        part = results[results["comparison"] == f"{experimental} - {control}"]
        rates = part[part["measure"] == "rate"].set_index(["stratum", "arm"])
        sums = part[part["measure"] == "rate"].groupby("arm")[["n", "N"]].sum()
        for row in _difference_rows(part):
            common = row.stratum == ALL_STRATA
            cells = {arm: sums.loc[arm] if common else rates.loc[(row.stratum, arm)] for arm in sums.index}
            points, interval = wording.interval_text(row, scale="points")
            rows.append(
                {"Comparison": row.comparison, "Stratum": row.stratum}
                | {basis.labels[arm]: _rate_cell(cells.get(arm)) for arm in (experimental, control)}
                | {
                    "Difference": points,
                    "95% CI": interval,
                    "Weight": "100%" if common else _share(row.weight),
                }
            )
    table = pd.DataFrame(rows)
    return table if len(basis.comparisons) > 1 or table.empty else table.drop(columns="Comparison")


def _difference_rows(part: pd.DataFrame) -> Iterator:
    kept = (part["measure"] == "difference") & (
        (part["stratum"] != ALL_STRATA) | (part["method"] == STRATIFIED_MN)
    )
    return part[kept].itertuples()


def _rate_cell(row) -> str:
    if row is None or not row["N"]:
        return "nobody"
    share = row["n"] / row["N"]
    return f"{row['n']} of {row['N']}" + (
        f" ({wording.percent(share, row['N'])})" if row["N"] >= wording.IMMATURE_BELOW else ""
    )


def _share(weight: float) -> str:
    return wording.percent(weight, 100)


def stratified_cards(results: pd.DataFrame, *, tested: bool) -> tuple[Card, ...]:
    """Per comparison a card of the common difference, with `tested` its tests, and of either ratio."""
    common = results[results["stratum"] == ALL_STRATA]
    cards = []
    for comparison, rows in common.groupby("comparison", sort=False):
        for measure, chosen, reason in CHOSEN:
            points = measure == "difference"
            kept = rows[rows["measure"].isin([measure, "test"] if points and tested else [measure])]
            cards.append(
                card(
                    kept if tested else kept.assign(p_value=np.nan),
                    title=f"Common {measure}, {comparison}",
                    chosen=chosen,
                    reason=reason,
                    words=partial(wording.interval_text, scale="points" if points else "ratio"),
                    null=0.0 if points else 1.0,
                )
            )
    return tuple(cards)


def headline(names: str, results: pd.DataFrame) -> str:
    common = results[(results["stratum"] == ALL_STRATA) & (results["method"] == STRATIFIED_MN)]
    if len(common) != 1 or common["estimate"].isna().any():
        return f"Stratified by {wording.lowered(names)}"
    (row,) = common.itertuples()
    points, interval = wording.points_and_interval(row.estimate, row.conf_low, row.conf_high)
    return f"Stratified by {wording.lowered(names)}: a common difference of {points} points ({interval})"


def notes(basis: Basis, missing: str, chosen: Strata, results: pd.DataFrame) -> tuple[str, ...]:
    """What the strata are, who is left out, and whether the strata agree."""
    stratified = set(chosen.columns) <= set(basis.definition.strata)
    names = stratum_names(basis, chosen)
    origin = "" if stratified else f"{names}: not a stratification factor of the randomisation."
    if not basis.definition.randomised:
        origin = f"{NOT_RANDOMISED} Strata of {wording.lowered(names)} do not make the arms alike."
    sentences = [
        origin,
        f"Pending and missing {MISSING_WORDS[missing]}. Strata: Miettinen-Nurminen; all strata: its stratified form, "
        "weights n₁n₀/N.",
        ONE_STRATUM if _compared(results) == 1 else "",
        *_left_out(results),
        _homogeneity(basis, results),
    ]
    return tuple(note for note in sentences if note)


def _compared(results: pd.DataFrame) -> int:
    """How many strata have participants in both arms of some comparison."""
    rows = results[(results["measure"] == "difference") & (results["stratum"] != ALL_STRATA)]
    return int(rows.loc[rows["weight"] > 0, "stratum"].nunique())


def _left_out(results: pd.DataFrame) -> list[str]:
    """What strata do not add to, each reason with its strata."""
    noted = results[(results["measure"] == "difference") & (results["stratum"] != ALL_STRATA)]
    noted = noted[noted["note"] != ""]
    return [
        f"{wording.joined(list(dict.fromkeys(rows['stratum'])))}: {note}."
        for note, rows in noted.groupby("note", sort=False)
    ]


def _homogeneity(basis: Basis, results: pd.DataFrame) -> str:
    """Whether the strata's odds ratios differ, in words, where it may be asked."""
    rows = results[(results["method"] == TARONE) & results["p_value"].notna()]
    if not basis.tested or len(rows) != 1:
        return ""
    return (
        f"Odds ratios of the strata alike ({TARONE}): {wording.p_value(rows['p_value'].iloc[0])} ({NOMINAL})."
    )
