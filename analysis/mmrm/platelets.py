"""Platelets over time by the mixed model for repeated measures: least squares means and differences by visit.

The model is that of `analysis.mmrm.repeated`. The response is the natural logarithm of the count, with the logarithm
of the baseline count as covariate, or the change from baseline, with the baseline count.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.longitudinal import LOWEST_COUNT, visit_records
from analysis.mmrm.repeated import Grid, RepeatedModel, repeated_model

RESPONSES = ("log", "change")
MEASURES = {"LS mean": "geometric mean", "difference": "ratio"}


def platelet_model(
    records: pd.DataFrame,
    weeks: Sequence[float],
    arms: Sequence[str],
    comparisons: Sequence[tuple[str, str]],
    *,
    response: str = "log",
    conf_level: float = 0.95,
) -> RepeatedModel:
    """The model of platelets; on the log scale also its geometric means and their ratios.

    `records`: platelet rows of ADLB for the analysis set, with ARM, as in `analysis.longitudinal`. StudyDataError
    where no visit can be modelled or the fit fails.
    """
    grid, names = platelet_grid(records, weeks, response=response)
    model = repeated_model(grid, names, arms, comparisons, conf_level=conf_level)
    if response != "log":
        return model
    both = [model.results, _exponentiated(model.results)]
    return replace(model, results=pd.concat(both, ignore_index=True))


def platelet_grid(records: pd.DataFrame, weeks: Sequence[float], *, response: str) -> tuple[Grid, pd.Index]:
    """The responses laid out by participant and visit, and the participants (USUBJID) in their order."""
    if response not in RESPONSES:
        raise ValueError(f"response is {' or '.join(RESPONSES)}, not {response!r}")
    chosen = visit_records(records)
    by_participant = chosen.groupby("USUBJID", sort=True)[["ARM", "BASE"]].first()
    later = chosen[chosen["AVISITN"] > 0]
    wide = later.pivot_table(index="USUBJID", columns="AVISITN", values="AVAL", aggfunc="min")
    counts = wide.reindex(index=by_participant.index, columns=list(weeks)).to_numpy(dtype=float)
    base = by_participant["BASE"].to_numpy(dtype=float)
    if response == "log":
        base, counts = (np.log(np.maximum(values, LOWEST_COUNT)) for values in (base, counts))
    y = counts if response == "log" else counts - base[:, None]
    arm = by_participant["ARM"].to_numpy(dtype=object)
    return Grid(arm, base, y, counts, tuple(map(float, weeks))), by_participant.index


def _exponentiated(results: pd.DataFrame) -> pd.DataFrame:
    """Rows on the log scale as geometric means and ratios of geometric means; their tests are the same."""
    numbers = {name: np.exp(results[name].astype(float)) for name in ("estimate", "conf_low", "conf_high")}
    return results.assign(measure=results["measure"].map(MEASURES), **numbers)
