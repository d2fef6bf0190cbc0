"""Method cards: which method gave a number, why this one, what the others say, and whether they disagree."""

import math
from collections.abc import Callable, Iterable

import pandas as pd

from outputs import wording
from outputs.output import Card

ALPHA = 0.05


def card(
    rows: pd.DataFrame,
    *,
    title: str,
    chosen: str,
    reason: str,
    words: Callable[..., tuple[str, str]],
    null: float = math.nan,
) -> Card:
    """The card of one estimand.

    `rows` are its results rows, one per method: estimate, conf_low, conf_high, method, and p_value where there
    is a test; a row with neither estimate nor limits is a test alone. `chosen` is the method of the number shown,
    `words(row)` its estimate and interval as text, `null` the value of no difference: NaN where nothing is
    concluded. A p-value that is hidden (NaN) plays no part.
    """
    tested = rows if "p_value" in rows else rows.assign(p_value=math.nan)
    ordered = sorted(tested.itertuples(), key=lambda row: row.method != chosen)
    described = [_described(row, words) for row in ordered]
    first = described[0] if described else {"Estimate": wording.NOT_ESTIMABLE, "95% CI": ""}
    interval = f", 95% CI {first['95% CI']}" if first["95% CI"] else ""
    others = pd.DataFrame(described, columns=["Method", "Estimate", "95% CI", "p, nominal"])
    return Card(
        title=title,
        estimate=f"{first['Estimate']}{interval}",
        method=chosen,
        reason=reason,
        others=others.loc[:, [c for c in others if c in ("Method", "Estimate") or (others[c] != "").any()]],
        disagreement=disagreement(ordered, null),
    )


def disagreement(rows: Iterable, null: float) -> str:
    """Which methods exclude `null` and which do not, in one sentence; empty where all agree or none concludes."""
    concluded = [(row.method, _excludes(row, null)) for row in rows]
    yes = [method for method, excludes in concluded if excludes is True]
    no = [method for method, excludes in concluded if excludes is False]
    if not yes or not no:
        return ""
    verb, other = "excludes" if len(yes) == 1 else "exclude", "does" if len(no) == 1 else "do"
    return f"At the 5% level {wording.joined(yes)} {verb} no difference, {wording.joined(no)} {other} not."


def _excludes(row, null: float) -> bool | None:
    """Whether a method excludes `null`, by its interval, else by its p; None where it has neither."""
    if not (math.isnan(row.conf_low) or math.isnan(row.conf_high) or math.isnan(null)):
        return not row.conf_low <= null <= row.conf_high
    if math.isnan(row.p_value) or math.isnan(null):
        return None
    return row.p_value < ALPHA


def _described(row, words: Callable[..., tuple[str, str]]) -> dict[str, str]:
    test_alone = math.isnan(row.estimate) and math.isnan(row.conf_low)
    estimate, interval = ("", "") if test_alone and not math.isnan(row.p_value) else words(row)
    shown = wording.p_value(row.p_value).removeprefix("p = ").removeprefix("p ")
    return {"Method": row.method, "Estimate": estimate, "95% CI": interval, "p, nominal": shown}
