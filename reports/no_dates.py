"""What an emitted dataset may not carry: a calendar date, or a number that follows the day of the data cut.

Beside the date of a cut, a participant's day of that cut gives back the first dose (docs/decisions.md, Data). Study
days of counts and events stay: the analyses need them, and none of them is the day of the cut.
"""

import numpy as np
import pandas as pd

from trialdata.deidentify import FULL_DATE
from trialdata.values import read_date

FOLLOWS = 0.999  # correlation: days, weeks and rounded months since entry follow the day of the cut alike
FEWEST = 3  # distinct days that a correlation needs


def without_full_dates(column: pd.Series) -> tuple[pd.Series, int]:
    """The text with every cell that holds a date emptied, and how many did."""
    codes, texts = pd.factorize(column)
    dated = np.array([_holds_date(text) for text in texts], dtype=bool)
    rows = np.append(dated, False)[codes]
    return column.mask(rows, ""), int(rows.sum())


def _holds_date(text: str) -> bool:
    return bool(read_date(text)[0] or FULL_DATE.search(text.upper()))


def follows_cut_day(column: pd.Series, cut_day: pd.Series) -> bool:
    """Whether a number rises or falls with the day of the cut: entry, follow-up, or that day in another unit."""
    known = column.notna() & cut_day.notna() & np.isfinite(column)
    values, days = column[known].to_numpy(float), cut_day[known].to_numpy(float)
    if len(values) and bool((values == days).all()):
        return True
    if len(np.unique(days)) < FEWEST or len(np.unique(values)) < FEWEST:
        return False
    return bool(abs(np.corrcoef(values, days)[0, 1]) >= FOLLOWS)
