"""Shares by visit and arm, among the participants who are due at the visit."""

import numpy as np
import pandas as pd

from analysis.proportions import wilson
from analysis.visits import visit_windows
from trialdata.definition import Visits

RESPONSE = ("CR", "R")


def rates_by_visit(levels: pd.DataFrame, arms: tuple[str, ...]) -> pd.DataFrame:
    """One row per visit and arm: participants in response (CR or R) of those due, with Wilson's interval.

    `levels` has ARM and one row per participant and visit as `response_by_visit` gives: AVISITN, LEVEL, DUEFL.
    A participant due without a count at the visit is not in response.
    """
    due = levels[levels["DUEFL"] == "Y"]
    reached = due["LEVEL"].isin(RESPONSE)
    weeks = sorted(levels["AVISITN"].unique())
    return _shares(due["ARM"], due["AVISITN"], reached, arms=arms, weeks=weeks)


def completeness(
    subjects: pd.DataFrame, records: pd.DataFrame, visits: Visits, arms: tuple[str, ...]
) -> pd.DataFrame:
    """One row per visit and arm: participants with a platelet record (VISITFL) of those due at the visit.

    `subjects` is the analysis set with ARM and DCUTDY; a visit is due when its window closed by the cut.
    """
    windows = visit_windows(visits)
    grid = subjects[["USUBJID", "ARM", "DCUTDY"]].merge(windows[["AVISITN", "HIGH"]], how="cross")
    grid = grid[grid["DCUTDY"] >= grid["HIGH"]]
    present = records.loc[records["VISITFL"] == "Y", ["USUBJID", "AVISITN"]].drop_duplicates()
    grid = grid.merge(present.assign(present=True), on=["USUBJID", "AVISITN"], how="left")
    has_count = grid["present"].eq(True)
    return _shares(grid["ARM"], grid["AVISITN"], has_count, arms=arms, weeks=list(windows["AVISITN"]))


def _shares(
    arm: pd.Series, week: pd.Series, reached: pd.Series, *, arms: tuple[str, ...], weeks
) -> pd.DataFrame:
    counted = reached.groupby([week.rename("time"), arm.rename("arm")]).agg(n="sum", N="size")
    index = pd.MultiIndex.from_product([weeks, arms], names=["time", "arm"])
    rates = counted.reindex(index, fill_value=0).astype(int).reset_index()
    with np.errstate(invalid="ignore", divide="ignore"):
        rates["estimate"] = np.where(rates["N"] > 0, rates["n"] / rates["N"].replace(0, np.nan), np.nan)
    limits = [wilson(n, total) for n, total in zip(rates["n"], rates["N"], strict=True)]
    rates["conf_low"], rates["conf_high"] = ([limit[side] for limit in limits] for side in (0, 1))
    return rates.assign(method="Wilson score")
