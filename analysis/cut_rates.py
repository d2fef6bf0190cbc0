"""The rates of an endpoint at two data cuts, each over its own due, and how far each number moved."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from analysis.cut_steps import CutComparison
from analysis.populations import analysis_set
from analysis.result_changes import Filters, had_rate
from analysis.rule_sensitivity import NOBODY_DUE, rates_by_rule

CHANGE = "change"
SAME_TRIAL = "no interval: largely the same participants at two cuts"
NO_SUCH_ENDPOINT = "not an endpoint of the definition at that cut"
COLUMNS = ["endpoint", "cut", "arm", "comparison", "measure", "n", "N", "estimate", "conf_low", "conf_high"]
COLUMNS += ["method", "note"]


def cut_names(comparison: CutComparison) -> tuple[str, str]:
    """The date of the earlier cut and of this one, as results name them."""
    return str(comparison.earlier.study.cut), str(comparison.data.study.cut)


def rates_at_cuts(
    comparison: CutComparison,
    paramcd: str,
    population: str,
    filters: Filters = (),
    *,
    arms: Sequence[str],
    pairs: Iterable[tuple[str, str]],
) -> pd.DataFrame:
    """One row per cut and arm (Wilson), then per cut and comparison (Miettinen-Nurminen), then what each changed by.

    Columns as COLUMNS; `cut` is a date, or "change": n, N and estimate are then this cut's minus the earlier one's.
    No test: the looks at one trial are not independent.
    """
    answers = {}
    for name, data in zip(cut_names(comparison), (comparison.earlier, comparison.data), strict=True):
        if had_rate(data.definition, paramcd):
            rows = data.adrs[data.adrs["PARAMCD"] == paramcd]
            members = analysis_set(data, population, filters)[["USUBJID", "ARM"]]
            answers[name] = (rows.merge(members, on="USUBJID"), data.definition.endpoint(paramcd).missing)
    rates = rates_by_rule(answers, arms, list(pairs)).rename(columns={"rule": "cut"})
    changes = _changes(rates, *cut_names(comparison))
    return pd.concat([rates, changes], ignore_index=True).assign(endpoint=paramcd)[COLUMNS]


def _changes(rates: pd.DataFrame, then: str, now: str) -> pd.DataFrame:
    """This cut minus the earlier one; rates without an earlier one have a note instead."""
    keys = ["arm", "comparison", "measure"]
    before, after = (rates[rates["cut"] == cut].set_index(keys) for cut in (then, now))
    before = before.reindex(after.index)
    changes = pd.DataFrame(
        {name: (after[name] - before[name]) for name in ("n", "N", "estimate")}, after.index
    ).reset_index()
    without = NO_SUCH_ENDPOINT if before["method"].isna().all() else NOBODY_DUE
    changes["note"] = np.where(changes["estimate"].isna(), without, SAME_TRIAL)
    return changes.assign(
        cut=CHANGE, measure="change in " + changes["measure"], method="subtraction",
        conf_low=np.nan, conf_high=np.nan,
    )  # fmt: skip
