"""Values of adlb: platelet counts to 10^9/L, whatever unit the row, the cell or the mapping names."""

from functools import partial

import numpy as np

from trialdata.conversion import rules
from trialdata.conversion.numbers import convert_numbers, read_cell, read_numbers, scaled
from trialdata.conversion.work import Rows, Work, each_part
from trialdata.mapping.import_mapping import ImportMapping
from trialdata.units import STORED, factor_to_stored
from trialdata.values import NUMBER, SENTINELS, plain

PLATELETS = "PLAT"
SAME_UNIT = ("BASE", "CHG", "ANRLO", "ANRHI")  # beside AVAL and AVALC
SCALED = {0.001: rules.PER_MICROLITRE, 10.0: rules.TEN_THOUSANDS, 1.0: ""}
MISSING_CODES = {float(code) for code in SENTINELS}


def convert_values(work: Work, mapping: ImportMapping) -> None:
    """AVAL, AVALC, AVALU and the columns in the unit of AVAL, as study-format.md has them."""
    plat = work.texts("PARAMCD") == PLATELETS
    if "AVAL" not in work:
        return
    factor = _factor_of_row(work, plat, mapping)
    for column in SAME_UNIT:
        convert_numbers(work, column)
        _scale(work, column, plat, factor)
    _values_as_reported(work, plat, factor)
    _platelet_counts(work, plat, factor)
    _other_values(work, ~plat)
    _units_in_one_spelling(work, plat)


def _factor_of_row(work: Work, plat: Rows, mapping: ImportMapping) -> np.ndarray:
    """What makes 10^9/L of the counts of a row: by AVALU, else by the mapping; 1 where a unit is not one of counts."""
    given = mapping.units.get(PLATELETS, "")

    def factor(unit: str) -> float:
        return factor_to_stored(plain(unit) or given) or 1.0

    unit = work.read("AVALU", factor, plat)
    return np.where(plat, unit, 1.0).astype(float)


def _scale(work: Work, column: str, rows: Rows, factor: np.ndarray) -> None:
    """Numbers and limits of the column multiplied."""
    if column not in work:
        return
    for each in np.unique(factor[rows & (factor != 1)]):
        here = rows & (factor == each)
        after = work.read(column, partial(scaled, factor=float(each)), here)
        work.change(column, after, SCALED[float(each)], here & (after != work.texts(column)))


def _values_as_reported(work: Work, plat: Rows, factor: np.ndarray) -> None:
    """AVALC: limits in one spelling and, beside a count in another unit, numbers too in 10^9/L."""
    if "AVALC" not in work:
        return
    cells = work.read("AVALC", lambda text: read_cell(text, units=True), work.texts("AVALC") != "")
    text, rule, unit = (each_part(cells, part) for part in ("text", "rule", "unit"))
    limit = np.array([each[:1] in ("<", ">") for each in text], dtype=bool)
    number = plat & (factor != 1) & np.array([NUMBER.fullmatch(each) is not None for each in text])
    understood = limit | number
    work.change("AVALC", text, rule, understood & (rule != ""))
    own = _factor_of_cell(unit)
    _scale(work, "AVALC", plat & understood, np.where(unit != "", own, factor))


def _factor_of_cell(unit: np.ndarray) -> np.ndarray:
    distinct = {each: factor_to_stored(each) or 1.0 for each in set(unit)}
    return np.array([distinct[each] for each in unit], dtype=float)


def _platelet_counts(work: Work, plat: Rows, factor: np.ndarray) -> None:
    """AVAL of platelets: read, codes for missing emptied, limits moved to AVALC, all in 10^9/L."""
    cells = read_numbers(work, "AVAL", units=True, rows=plat)
    unit = each_part(cells, "unit")
    own = _factor_of_cell(unit)
    stated = np.array([bool(plain(each)) for each in work.texts("AVALU")], dtype=bool)
    disagrees = plat & (unit != "") & stated & (own != factor)
    work.notice("unit_disagrees", disagrees, "AVAL", found=work.texts("AVAL"))
    cells[disagrees] = None
    work.apply("AVAL", cells)
    coded = plat & (unit == "") & _is_missing_code(work)
    work.notice("sentinel", coded, "AVAL", found=work.texts("AVAL"))
    work.change("AVAL", "", rules.SENTINEL, coded)
    _scale(work, "AVAL", plat & ~disagrees, np.where(unit != "", own, factor))
    _move_limits(work, plat & ~disagrees)


def _is_missing_code(work: Work) -> Rows:
    def coded(text: str) -> bool:
        return NUMBER.fullmatch(text) is not None and float(text) in MISSING_CODES

    return work.read("AVAL", coded).astype(bool)


def _move_limits(work: Work, rows: Rows) -> None:
    """A limit such as <5 in AVAL stands in AVALC from here on; the trail of AVAL says so."""
    text = work.texts("AVAL")
    limit = rows & work.read("AVAL", lambda each: each[:1] in ("<", ">")).astype(bool)
    if limit.any():
        work.change("AVALC", text, rules.CENSORED, limit, source="AVAL")
        work.put("AVAL", "", limit)


def _other_values(work: Work, rows: Rows) -> None:
    """AVAL of other parameters: numbers; limits and results in words stand in AVALC."""
    if not rows.any():
        return
    as_sent = work.texts("AVAL")
    cells = read_numbers(work, "AVAL", rows=rows)
    check = each_part(cells, "check")
    text = each_part(cells, "text")
    numeric = {each: not each or each[0] in "<>" or NUMBER.fullmatch(each) is not None for each in set(text)}
    words = rows & ((check == "not_one_number") | ~np.array([numeric[each] for each in text], dtype=bool))
    words &= check != "comma_either"
    cells[words] = None
    work.apply("AVAL", cells)
    _move_limits(work, rows & ~words)
    free = words & (work.texts("AVALC") == "")
    work.change("AVALC", as_sent, rules.IN_WORDS, free, source="AVAL")
    work.put("AVAL", "", free)


def _units_in_one_spelling(work: Work, plat: Rows) -> None:
    """AVALU of platelets is 10^9/L wherever a unit of counts was named; the findings count every spelling."""
    if "AVALU" not in work:
        return
    unit = work.texts("AVALU")
    factor = work.read("AVALU", lambda each: factor_to_stored(each) if plain(each) else None, plat)
    other = (factor != None) & (unit != STORED)  # noqa: E711
    work.notice("unit_spelling", other & (factor == 1), "AVALU", found=unit)
    work.notice("unit_converted", other & (factor != 1), "AVALU", found=unit)
    work.change("AVALU", STORED, rules.UNIT_SPELLING, other)
