"""Weighted median platelet counts of two arms by visit, and their difference.

The weights are those at entry, of everybody compared; at a visit those with a count carry them (nonrandomised.md, 9).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.longitudinal import visit_records
from analysis.observational.groups import Groups
from analysis.observational.propensity import SMALLEST_EFFECTIVE
from analysis.observational.resamples import percentile_interval
from analysis.observational.weighted_survival import TOO_FEW
from analysis.observational.weighting import effective_size
from analysis.risk_table import ROUNDING

WEIGHTED_MEDIAN = "weighted median, bootstrap percentile interval"
NOBODY = "Nobody in {arm} has a count."
TOO_SMALL = (
    "In {arm} the weights of those with a count leave an effective sample size of {size:.1f}, below {least}."
)


def weighted_medians(
    records: pd.DataFrame,
    groups: Groups,
    weights: np.ndarray,
    resampled: np.ndarray,
    weeks: Sequence[float],
) -> pd.DataFrame:
    """Three rows per visit (week `time`): both arms, and their difference (`arm` empty), in 10^9/L.

    `records` as in analysis/longitudinal.py; `weights` of each participant of `groups`, `resampled` a row per
    resample. `n` with a count, `effective` the sample size that their weights leave. No median where that is below 5:
    `note` says so.
    """
    chosen = visit_records(records)
    by_visit = dict(iter(chosen.groupby("AVISITN")))
    rows = []
    for week in weeks:
        counts = _counts(by_visit.get(week, chosen.iloc[:0]), groups)
        arms = [
            _of_arm(name, counts, members, weights, resampled)
            for name, members in ((groups.experimental, groups.arm == 1), (groups.control, groups.arm == 0))
        ]
        rows += [{"time": float(week), **row} for row in (*(row for row, _ in arms), _difference(arms))]
    return pd.DataFrame(rows).assign(method=WEIGHTED_MEDIAN)


def weighted_median(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The lowest value at which the weights of those at or below reach half; a number per row of `weights`.

    NaN where nobody has a weight.
    """
    order = np.argsort(values, kind="stable")
    running = np.cumsum(weights[..., order], axis=-1)
    total = running[..., -1:] if len(values) else np.zeros((*weights.shape[:-1], 1))
    if not len(values):
        return np.full(weights.shape[:-1], np.nan)
    reached = running >= total / 2 * (1 - ROUNDING)
    found = values[order][reached.argmax(axis=-1)]
    return np.where(total[..., 0] > 0, found, np.nan)[()]


def _counts(records: pd.DataFrame, groups: Groups) -> np.ndarray:
    """The count of each participant of the groups at one visit, NaN without one."""
    return records.set_index("USUBJID")["AVAL"].reindex(groups.usubjid).to_numpy(float)


def _of_arm(
    name: str, counts: np.ndarray, members: np.ndarray, weights: np.ndarray, resampled: np.ndarray
) -> tuple[dict, np.ndarray]:
    """The row of one arm at one visit, and its medians in the resamples."""
    own = members & ~np.isnan(counts)
    size = effective_size(weights[own])
    row = {"arm": name, "n": int(own.sum()), "effective": size, "measure": "median"}
    if not row["n"] or size < SMALLEST_EFFECTIVE:
        why = NOBODY.format(arm=name)
        if row["n"]:
            why = TOO_SMALL.format(arm=name, size=size, least=SMALLEST_EFFECTIVE)
        return row | dict.fromkeys(("estimate", "conf_low", "conf_high"), np.nan) | {"note": why}, np.full(
            len(resampled), np.nan
        )
    drawn = weighted_median(counts[own], resampled[:, own])
    numbers = _numbers(float(weighted_median(counts[own], weights[own])), drawn)
    return row | numbers, drawn


def _difference(arms: Sequence[tuple[dict, np.ndarray]]) -> dict:
    (treated, of_treated), (control, of_control) = arms
    row = {
        "arm": "",
        "n": treated["n"] + control["n"],
        "effective": np.nan,
        "measure": "median difference",
    }
    estimate = treated["estimate"] - control["estimate"]
    if np.isnan(estimate):
        note = next(arm["note"] for arm, _ in arms if np.isnan(arm["estimate"]))
        return row | dict.fromkeys(("estimate", "conf_low", "conf_high"), np.nan) | {"note": note}
    return row | _numbers(estimate, of_treated - of_control)


def _numbers(estimate: float, drawn: np.ndarray) -> dict:
    low, high = percentile_interval(drawn)
    return {
        "estimate": estimate,
        "conf_low": low,
        "conf_high": high,
        "note": TOO_FEW if np.isnan(low) else "",
    }
