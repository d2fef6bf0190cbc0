"""Columns of dates that the format does not know: what they are told by, and what their study days are called."""

import re

import pandas as pd

from trialdata.conversion.dates import read_date_cell
from trialdata.conversion.readings import Texts
from trialdata.deidentify import FULL_DATE

HEADER = re.compile(r".*(DT|DTC|DTM|DAT|DATE|日期|时间)")
DATE_CHECKS = ("partial_date", "impossible_date", "placeholder_date", "ambiguous_date", "other_date_order")


def day_name(column: str) -> str:
    """CONSENTDY of CONSENTDT, 采样_DY of 采样日期."""
    bare = re.sub(r"(_?(DTC|DTM|DT|DATE|DAT)|日期|时间)$", "", column)
    return f"{bare}DY" if bare.isascii() else f"{bare}_DY"


def is_dates(column: str, texts: Texts) -> bool:
    """Whether most filled cells of a column that the format does not know are dates."""
    counts = pd.Series(texts, dtype=object).value_counts(sort=False).drop("", errors="ignore")
    named = HEADER.fullmatch(column) is not None
    dates = sum(count for text, count in counts.items() if _is_date(text, named))
    return 2 * dates > counts.sum()


def _is_date(text: str, named: bool) -> bool:
    if not named:
        return FULL_DATE.fullmatch(text) is not None
    cell = read_date_cell(text)
    return bool(cell.text) or cell.check in DATE_CHECKS
