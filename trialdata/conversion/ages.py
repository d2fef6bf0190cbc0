"""AGE in years, whatever unit the file has."""

import re
from decimal import Decimal
from functools import partial

import numpy as np

from trialdata.conversion import rules
from trialdata.conversion.numbers import shortest
from trialdata.conversion.readings import Cell
from trialdata.conversion.work import Work
from trialdata.reading import AGE_ABOVE_89
from trialdata.values import plain

YEARS, MONTHS, WEEKS, DAYS = 1, 12, 52.1775, 365.25  # of each in a year
UNITS = {
    **dict.fromkeys(("", "y", "yr", "yrs", "year", "years", "岁", "周岁", "年"), YEARS),
    **dict.fromkeys(("mo", "mos", "mon", "month", "months", "月", "个月", "月龄"), MONTHS),
    **dict.fromkeys(("w", "wk", "week", "weeks", "周"), WEEKS),
    **dict.fromkeys(("d", "day", "days", "天", "日"), DAYS),
}
AGE_AND_UNIT = re.compile(r"(\d+(?:\.\d+)?)\s*([^\d\s.,].*)?")


def age_in_years(work: Work) -> None:
    """AGE in years, by the unit in the cell or in AGEU; `>89` is 90."""
    if "AGE" not in work:
        return
    pooled = work.where("AGE", re.compile(AGE_ABOVE_89).match)
    work.notice("age_above_89", pooled, "AGE", found="an age above 89")
    work.change("AGE", "90", rules.AGE_POOLED, pooled, before="an age above 89")
    unit = work.read("AGEU", lambda text: UNITS.get(plain(text).casefold(), 0)).values(1).astype(float)
    for each in np.unique(unit):
        rows = (unit == each) & ~pooled
        work.convert("AGE", partial(_age, per_year=float(each)), rows)
    filled = work.texts("AGE") != ""
    work.notice("age_unit", (unit == 0) & filled, "AGEU", found=work.texts("AGEU"))
    other = (unit > 1) & filled & ~pooled
    if "AGEU" in work:
        work.notice("age_converted", other, "AGEU", found=work.texts("AGEU"))
        work.change("AGEU", "YEARS", rules.AGE_UNIT, other)


def _age(text: str, per_year: float) -> Cell:
    match = AGE_AND_UNIT.fullmatch(plain(text))
    unit = UNITS.get((match[2] or "").strip().casefold()) if match else None
    if match is None or unit is None:
        return Cell(text)
    by = unit if match[2] else per_year
    if by in (0, YEARS):
        return Cell(match[1], rules.AGE_UNIT) if match[2] else Cell(text)
    return Cell(shortest(round(Decimal(match[1]) / Decimal(str(by)), 2)), rules.AGE_UNIT)
