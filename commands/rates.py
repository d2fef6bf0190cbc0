"""The command that compares rates from counts alone."""

import argparse

import pandas as pd

from commands.shared import UsageError
from outputs.counts import Counted, count_results, stratified_results
from reports.answers import Answer

NOMINAL = "p-values are nominal: not adjusted for this look, and no basis for stopping."


def rates(arguments: argparse.Namespace) -> Answer:
    """Rates from counts alone by every method, each arm against the last one named, and within strata if any."""
    arms = len(arguments.counts[0])
    if any(len(of_stratum) != arms for of_stratum in arguments.counts):
        raise UsageError("Every --counts needs the same number of arms.")
    names = arguments.arms or [f"arm {number}" for number in range(1, arms + 1)]
    strata = arguments.strata or [f"stratum {number}" for number in range(1, len(arguments.counts) + 1)]
    if len(names) != arms or len(set(names)) != arms:
        raise UsageError("--arms needs one name for each of --counts, all different.")
    if len(strata) != len(arguments.counts) or len(set(strata)) != len(strata):
        raise UsageError("--strata needs one name for each --counts, all different.")
    counts = [
        Counted(stratum, arm, n, N)
        for stratum, of_stratum in zip(strata, arguments.counts, strict=True)
        for arm, (n, N) in zip(names, of_stratum, strict=True)
    ]
    rows = count_results(counts)
    if arms > 1 and len(strata) > 1:
        rows = pd.concat([rows, stratified_results(counts)], ignore_index=True)
    return Answer(rows, {"footnotes": [NOMINAL] if arms > 1 else []})
