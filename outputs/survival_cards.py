"""Method cards of times to an event: medians, rates on a day, and the incidence with competing events."""

import math
from collections.abc import Callable

import pandas as pd

from analysis.cox import COX
from analysis.landmarks import LANDMARK_DIFFERENCE
from outputs import wording
from outputs.basis import Basis
from outputs.cards import card
from outputs.output import Card

WHY_MEDIAN = "Uses everybody for as long as they were followed; the limits need no variance of the median."
WHY_LANDMARK = "Uses everybody for as long as they were followed; log-log limits stay within 0 and 100%."
WHY_INCIDENCE = "Rescue and death end the chance of a response; censoring there would read too high."
WHY_COX = "One number for the whole time, as the log-rank test asks; it describes the arms while the ratio is constant."
WHY_DIFFERENCE = "A difference in percentage points on a day needs no constant hazard ratio."
CENSORED_AT_RESCUE = "1 − Kaplan-Meier, censored at rescue"


def median_card(title: str, medians: pd.DataFrame, basis: Basis) -> Card:
    """The medians of every arm in weeks, with their limits; no other interval is computed."""
    parts = [
        f"{basis.labels[row.arm]} {_weeks(row.estimate, row.conf_low, row.conf_high)}"
        for row in medians.itertuples()
    ]
    return Card(
        title=f"{title}, median weeks",
        estimate="; ".join(parts),
        method=str(medians["method"].iloc[0]),
        reason=WHY_MEDIAN,
    )


def landmark_card(title: str, at: pd.DataFrame, basis: Basis) -> Card:
    """The curve's value of every arm in the last week that all reach."""
    rows = [_described(row, str(row.method), basis) for row in at.itertuples()]
    return Card(
        title=f"{title}, week {at['week'].iloc[0]:g}",
        estimate="; ".join(f"{row['Arm']} {row['Estimate']}, 95% CI {row['95% CI']}" for row in rows),
        method=str(at["method"].iloc[0]),
        reason=WHY_LANDMARK,
    )


def incidence_card(at: pd.DataFrame, survival_at: pd.DataFrame, basis: Basis) -> Card:
    """The cumulative incidence in one week, and beside it the curve that censors at rescue.

    `survival_at` has the Kaplan-Meier curve of the same arms in the same week.
    """
    rising = survival_at.assign(
        estimate=1 - survival_at["estimate"],
        conf_low=1 - survival_at["conf_high"],
        conf_high=1 - survival_at["conf_low"],
    )
    rows = [_described(row, str(row.method), basis) for row in at.itertuples()]
    others = [_described(row, CENSORED_AT_RESCUE, basis) for row in rising.itertuples()]
    return Card(
        title=f"Responded by week {at['week'].iloc[0]:g}",
        estimate="; ".join(f"{row['Arm']} {row['Estimate']}, 95% CI {row['95% CI']}" for row in rows),
        method=str(at["method"].iloc[0]),
        reason=WHY_INCIDENCE,
        others=pd.DataFrame([*rows, *others]),
    )


def comparison_cards(
    results: pd.DataFrame, basis: Basis, *, concludes: bool, words: Callable[..., tuple[str, str]]
) -> tuple[Card, ...]:
    """Per comparison the hazard ratio with its tests, and the difference at the last landmark with its own.

    Without `concludes` no method is held against another: arms not randomised, a filter, responders only.
    """
    found = []
    for experimental, control in basis.comparisons if len(results) else ():
        own = results[results["comparison"] == f"{experimental} - {control}"]
        names = f", {basis.labels[experimental]}" if len(basis.comparisons) > 1 else ""
        ratios = own[own["measure"].isin(["hazard ratio", "log-rank"])]
        null = 1.0 if concludes else math.nan
        title = f"Hazard ratio{names}"
        found.append(card(ratios, title=title, chosen=COX, reason=WHY_COX, words=words, null=null))
        known = own[(own["measure"] == "landmark difference") & own["estimate"].notna()]
        if len(known):
            at = own[(own["time"] == known["time"].max()) & own["measure"].str.startswith("landmark")]
            null = 0.0 if concludes else math.nan
            title = f"Difference at week {wording.fixed(known['time'].max() / 7)}{names}"
            chosen, reason = LANDMARK_DIFFERENCE, WHY_DIFFERENCE
            found.append(card(at, title=title, chosen=chosen, reason=reason, words=words, null=null))
    return tuple(found)


def _described(row, method: str, basis: Basis) -> dict[str, str]:
    unknown = math.isnan(row.conf_low) or math.isnan(row.conf_high)
    return {
        "Method": method,
        "Arm": basis.labels[row.arm],
        "Estimate": wording.percent(row.estimate, 0),
        "95% CI": wording.NOT_ESTIMABLE
        if unknown
        else wording.percent_interval(row.conf_low, row.conf_high, 0),
    }


def _weeks(estimate: float, low: float, high: float) -> str:
    if math.isnan(low) and math.isnan(high):
        return f"{wording.weeks(estimate)}, 95% CI {wording.NOT_ESTIMABLE}"
    return f"{wording.weeks(estimate)}, 95% CI {wording.weeks(low)} to {wording.weeks(high)}"
