"""The lines of the forest of autoantibody classes: what is common to them, then each class."""

import numpy as np
import pandas as pd

from analysis.stratified import STRATIFIED_MN
from charts.format import of
from outputs.basis import Basis
from outputs.forest import LINES, NO_NUMBERS
from outputs.stratified_words import ALL_STRATA

ALL_CLASSES = "All classes"
SHARE, RATE = "share", "rate"


def class_differences(results: pd.DataFrame) -> pd.DataFrame:
    """The difference of each class, and the common one by the headline method."""
    if "comparison" not in results:
        return results.iloc[:0].assign(comparison="")
    rows = results[results["measure"] == "difference"]
    return rows[(rows["stratum"] != ALL_STRATA) | (rows["method"] == STRATIFIED_MN)]


def class_lines(results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """The lines of the forest: of each comparison what is common, then each class."""
    counts = results[results["measure"] == RATE].set_index(["stratum", "arm"])[["n", "N"]]
    sums = counts.groupby(level="arm").sum()
    rows, several = [], len(basis.comparisons) > 1
    for pair in basis.comparisons:
        shared: dict[str, object] = {"experimental": pair[0], "control": pair[1], "trouble": "", "words": ""}
        if several:
            name = f"{basis.labels[pair[0]]} vs {basis.labels[pair[1]]}"
            rows.append({**NO_NUMBERS, **shared, "kind": "comparison", "name": name, "key": "", "hover": ""})
        own = class_differences(results)
        own = own[own["comparison"] == " - ".join(pair)]
        own = own.sort_values("stratum", key=lambda names: names != ALL_STRATA, kind="stable")
        for row in own.itertuples():
            common = row.stratum == ALL_STRATA
            name = ALL_CLASSES if common else row.stratum
            numbers = [sums.loc[trt] if common else counts.loc[(row.stratum, trt)] for trt in pair]
            words = "" if np.isfinite(row.estimate) else "nobody in one arm"
            rows.append(
                {
                    **shared,
                    "kind": "all" if common else "level",
                    "name": name,
                    "counts1": of(*numbers[0]),
                    "counts0": of(*numbers[1]),
                    "estimate": row.estimate,
                    "conf_low": row.conf_low,
                    "conf_high": row.conf_high,
                    "words": words,
                    "key": name,
                    "hover": name,
                }
            )
    return pd.DataFrame(rows, columns=LINES)
