"""The scheduled visit a study day belongs to, for comparing it with the visit a site wrote down."""

import re

import numpy as np
import pandas as pd

from trialdata.definition import Visits

WEEK = re.compile(r"(?:week|wk|w|第)\s*0*(\d+(?:\.\d+)?)\s*周?(?:\s*\(.*\))?", re.IGNORECASE)
BASELINE = ("baseline", "screening/baseline", "基线", "day 1")


def visit_of_day(day: pd.Series, visits: Visits) -> pd.Series:
    """AVISITN (weeks) of each study day: 0 up to day 1, else the nearest target; NaN after the last window.

    The target of week w is day 7w + 1; a day midway between two targets belongs to the later one.
    """
    weeks = np.array(sorted({float(week) for week in visits.weeks if week > 0}))
    if not len(weeks):
        return pd.Series(0.0, index=day.index).where(day <= 1)
    targets = 7 * weeks + 1
    borders = (targets[:-1] + targets[1:]) / 2
    week = pd.Series(weeks[np.searchsorted(borders, day.to_numpy(), side="right")], index=day.index)
    inside = day <= targets[-1] + visits.last_window_days
    return week.where(inside).mask(day <= 1, 0.0)


def week_of_visit_name(avisit: str) -> float:
    """The week that a visit name states: `Week 4`, `W4`, `第4周`, `Baseline`; NaN for any other name."""
    name = avisit.strip()
    if name.casefold() in BASELINE:
        return 0.0
    match = WEEK.fullmatch(name)
    return float(match[1]) if match else np.nan
