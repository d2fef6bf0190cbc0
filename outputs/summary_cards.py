"""Method cards of summaries by arm: medians, means and shares of days, and what another summary says."""

from collections.abc import Callable, Sequence

import pandas as pd

from outputs.basis import Basis
from outputs.output import Card

WHY_MEDIAN = (
    "Counts are skewed and some are reported as <n; the median needs neither symmetry nor their values."
)
WHY_GEOMETRIC = "Counts are skewed; on the log scale their mean has a t interval."
WHY_MEDIAN_SHARE = "Every participant weighs the same, however long observed."
WHY_REVERSE = "Who ended early or is still followed counts as long as observed; death does not shorten it."


def summary_card(
    title: str,
    shown: pd.DataFrame,
    others: Sequence[pd.DataFrame],
    basis: Basis,
    *,
    reason: str,
    words: Callable[..., tuple[str, str]],
) -> Card:
    """The card of one summary of every arm, and beside it `others`.

    Each frame has one row per arm: estimate, conf_low, conf_high, method; `words(row)` gives the estimate and its
    limits (quartiles or a 95% interval, as the method says) as text. An arm without an estimate is left out.
    """
    described = [
        {
            "Method": row.method,
            "Arm": basis.labels.get(row.arm, row.arm),
            "Estimate": estimate,
            "Limits": limits,
        }
        for frame in (shown, *others)
        for row in frame[frame["estimate"].notna()].itertuples()
        for estimate, limits in [words(row)]
    ]
    first = described[: int(shown["estimate"].notna().sum())]
    parts = [
        " ".join([d["Arm"], d["Estimate"], *([f"({d['Limits']})"] if d["Limits"] else [])]) for d in first
    ]
    return Card(
        title=title,
        estimate="; ".join(parts) or "not estimable",
        method=str(shown["method"].iloc[0]) if len(shown) else "",
        reason=reason,
        others=pd.DataFrame(described if others else [], columns=["Method", "Arm", "Estimate", "Limits"]),
    )
