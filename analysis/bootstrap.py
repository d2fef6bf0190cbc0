"""Medians of resampled arms, all resamples at once, and the difference of two medians with its percentile interval.

A resample draws the participants of an arm with replacement; its Kaplan-Meier curve is made from counts per day.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.risk_table import ROUNDING
from analysis.survival import kaplan_meier, median_survival

RESAMPLES, SEED = 10_000, 1
MEDIAN_DIFFERENCE = f"Kaplan-Meier medians, bootstrap percentile ({RESAMPLES:,} resamples, seed {SEED})"
_CELLS = 2_000_000  # numbers held at once


def bootstrap_medians(time, event, resamples: int, rng: np.random.Generator) -> np.ndarray:
    """The Kaplan-Meier median of each resample of one arm: the first time with S <= 0.5, infinite where not reached."""
    n = len(time)
    at_once = max(1, _CELLS // max(n, 1))
    parts = [
        resampled_medians(time, event, rng.integers(0, n, size=(min(at_once, resamples - done), n)))
        for done in range(0, resamples, at_once)
    ]
    return np.concatenate(parts)


def resampled_medians(time, event, draws: np.ndarray) -> np.ndarray:
    """The median of each row of `draws`, which numbers the participants drawn (from 0)."""
    days, index = np.unique(np.asarray(time, dtype=float), return_inverse=True)
    happened = np.asarray(event, dtype=bool)
    resamples, k = draws.shape[0], days.size
    cell = 2 * index + happened
    place = cell[draws] + 2 * k * np.arange(resamples)[:, None]
    counts = np.bincount(place.ravel(), minlength=2 * k * resamples).reshape(resamples, k, 2)
    events = counts[:, :, 1]
    leaving = counts[:, :, 0] + events
    at_risk = draws.shape[1] - leaving.cumsum(axis=1) + leaving
    survival = np.cumprod(1 - events / np.maximum(at_risk, 1), axis=1)
    reached = survival <= 0.5 + ROUNDING
    return np.where(reached[:, -1], days[reached.argmax(axis=1)], np.inf)


def median_differences(
    adtte: pd.DataFrame, pairs: Sequence[tuple[str, str]], *, conf_level: float = 0.95
) -> pd.DataFrame:
    """One row per (experimental, control): the difference of the median days and its bootstrap percentile interval.

    `adtte` has ARM, AVAL (days) and CNSR (0 event). A limit is missing, with its `note`, where too many resamples
    have a median that is not reached; so is the estimate where a median is not reached in the data.
    """
    rows = [(f"{a} - {b}", *_difference(adtte, a, b, conf_level)) for a, b in pairs]
    columns = ["comparison", "n", "N", "estimate", "conf_low", "conf_high", "note"]
    return pd.DataFrame(rows, columns=columns).assign(method=MEDIAN_DIFFERENCE)


def _difference(adtte: pd.DataFrame, experimental: str, control: str, conf_level: float) -> tuple:
    medians = median_survival(kaplan_meier(adtte, [experimental, control])).set_index("arm")
    counts = int(medians["n"].sum()), int(medians["N"].sum())
    absent = [arm for arm in medians.index if not medians.loc[arm, "N"]]
    if absent:
        return *counts, np.nan, np.nan, np.nan, f"Nobody in {' and '.join(absent)}."
    unreached = [arm for arm in medians.index if np.isnan(medians.loc[arm, "estimate"])]
    if unreached:
        return *counts, np.nan, np.nan, np.nan, f"Median not reached in {' and '.join(unreached)}."
    rng = np.random.default_rng(SEED)
    first, second = (_resampled(adtte, arm, rng) for arm in (experimental, control))
    low, high = percentile_limits(first, second, conf_level)
    note = ""
    if not np.isfinite([low, high]).all():
        shares = [
            f"{np.isinf(values).mean():.0%} of {arm}"
            for values, arm in ((first, experimental), (second, control))
        ]
        note = f"Median not reached in the resamples: {', '.join(shares)}."
    estimate = medians.loc[experimental, "estimate"] - medians.loc[control, "estimate"]
    return *counts, estimate, _finite(low), _finite(high), note


def percentile_limits(first: np.ndarray, second: np.ndarray, conf_level: float = 0.95) -> tuple[float, float]:
    """The percentiles of `first` minus `second`, which may be infinite.

    Where neither median is reached the difference may be anything: it counts as the lowest for the lower limit
    and as the highest for the upper.
    """
    with np.errstate(invalid="ignore"):
        difference = first - second
    tails = (1 - conf_level) / 2, (1 + conf_level) / 2
    low, high = (
        np.quantile(np.where(np.isnan(difference), unknown, difference), tail, method="inverted_cdf")
        for tail, unknown in zip(tails, (-np.inf, np.inf), strict=True)
    )
    return float(low), float(high)


def _resampled(adtte: pd.DataFrame, arm: str, rng: np.random.Generator) -> np.ndarray:
    own = adtte[(adtte["ARM"] == arm) & adtte["AVAL"].notna()]
    return bootstrap_medians(own["AVAL"], own["CNSR"] == 0, RESAMPLES, rng)


def _finite(value: float) -> float:
    return value if np.isfinite(value) else np.nan
