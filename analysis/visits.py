"""Analysis visits: which scheduled visit a study day belongs to, and which count stands for a visit.

Rule: docs/reference/endpoints.md, section 4. Windows are computed from ADY; AVISIT in the file is for display.
"""

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from analysis.stretches import starts_stretch
from analysis.words import coded
from trialdata.definition import Visits


def visit_windows(visits: Visits) -> pd.DataFrame:
    """One row per analysis visit in order: AVISITN (weeks), TARGET, LOW and HIGH (days, both ends included).

    Baseline (AVISITN 0) is every day up to 1. The border between two targets lies midway; a day exactly midway
    belongs to the later visit.
    """
    weeks = np.array(sorted({float(week) for week in visits.weeks if week > 0}))
    target = 7 * weeks + 1
    border = np.ceil((target[:-1] + target[1:]) / 2 - 1e-9)
    low = np.concatenate([[2.0], border]) if len(weeks) else np.empty(0)
    high = np.concatenate([border - 1, np.floor(target[-1:] + visits.last_window_days)])
    baseline = pd.DataFrame({"AVISITN": [0.0], "TARGET": [1.0], "LOW": [-np.inf], "HIGH": [1.0]})
    post = pd.DataFrame({"AVISITN": weeks, "TARGET": target, "LOW": low, "HIGH": high[: len(weeks)]})
    return pd.concat([baseline, post], ignore_index=True)


def analysis_visit(day: np.ndarray, visits: Visits) -> np.ndarray:
    """AVISITN of each study day; NaN after the last window and where the day is NaN."""
    windows = visit_windows(visits)
    position = np.searchsorted(windows["LOW"].to_numpy(), day, side="right") - 1
    inside = day <= windows["HIGH"].to_numpy()[position]
    return np.where(inside, windows["AVISITN"].to_numpy()[position], np.nan)


def visit_label(avisitn: float) -> str:
    """ "Baseline", "Week 4", and "" without a visit."""
    if np.isnan(avisitn):
        return ""
    return "Baseline" if avisitn == 0 else f"Week {avisitn:g}"


def visit_labels(avisitn: np.ndarray) -> ExtensionArray:
    """AVISIT of each AVISITN."""
    number, weeks = pd.factorize(avisitn)
    return coded(number, [*map(visit_label, weeks), ""])


def is_visit_record(subject: np.ndarray, day: np.ndarray, avisitn: np.ndarray, visits: Visits) -> np.ndarray:
    """Whether each record stands for its visit: nearest to the target day, equally near the later one.

    One element per record, sorted by subject and day, one record per day.
    """
    chosen = np.zeros(len(day), dtype=bool)
    index = np.flatnonzero(~np.isnan(avisitn))
    if len(index) == 0:
        return chosen
    windows = visit_windows(visits)
    week, near = avisitn[index], day[index]
    target = windows["TARGET"].to_numpy()[np.searchsorted(windows["AVISITN"].to_numpy(), week)]
    # days and target of a visit lie on one side of day 1, so the missing day 0 changes no order
    rank = np.abs(near - target) - 1e-6 * (near > target)
    first_of_visit = starts_stretch(subject[index], week)
    nearest = np.minimum.reduceat(rank, np.flatnonzero(first_of_visit))
    chosen[index] = rank == nearest[np.cumsum(first_of_visit) - 1]
    return chosen
