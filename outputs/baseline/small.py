"""What of the baseline characteristics leaves no file: small counts, and what would give them back."""

from collections.abc import Collection

import pandas as pd

from analysis.baseline import ALL
from outputs.small_cells import hidden_of


def hidden_counts(summary: pd.DataFrame) -> pd.DataFrame:
    """Which n and N to leave out: levels and missing add up to the arm, and arms to all of them.

    Where the missing ones are left out, so is how many are known, which stands beside every level.
    """
    hidden = hidden_of(summary, over={"level": None, "arm": ALL}, within=("variable",), counts=("n",))
    cell = pd.MultiIndex.from_frame(summary[["variable", "arm"]])
    unknown = cell[(summary["measure"] == "missing").to_numpy() & hidden["n"].to_numpy()]
    return hidden.assign(N=cell.isin(unknown) & (summary["measure"] == "level").to_numpy())


def masked_variables(summary: pd.DataFrame) -> set[str]:
    """The variables of which a count is left out."""
    return set(summary.loc[hidden_counts(summary).any(axis=1), "variable"])


def without_masked(balance: pd.DataFrame, masked: Collection[str]) -> pd.DataFrame:
    """Standardised differences but those of variables with a count left out, which would help to compute it."""
    return balance.assign(estimate=balance["estimate"].mask(balance["variable"].isin(masked)))
