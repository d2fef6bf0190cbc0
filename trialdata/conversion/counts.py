"""Values of adlb: platelet counts to 10^9/L, whatever unit the row, the cell or the mapping names."""

from collections.abc import Callable
from functools import partial

import numpy as np

from trialdata.conversion import rules
from trialdata.conversion.numbers import Number, convert_numbers, read_cell, read_numbers, scaled
from trialdata.conversion.readings import Readings, Rows
from trialdata.conversion.work import Work
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

    return work.read("AVALU", factor, plat).values(1.0).astype(float)


def _scale(work: Work, column: str, rows: Rows, factor: np.ndarray) -> None:
    """Numbers and limits of the column multiplied."""
    if column not in work:
        return
    for each in np.unique(factor[rows & (factor != 1)]):
        here = rows & (factor == each)
        after = work.read(column, partial(scaled, factor=float(each)), here).values()
        work.change(column, after, SCALED[float(each)], here & (after != work.texts(column)))


def _values_as_reported(work: Work, plat: Rows, factor: np.ndarray) -> None:
    """AVALC: limits in one spelling and, beside a count in another unit, numbers too in 10^9/L."""
    if "AVALC" not in work:
        return
    cells = work.read("AVALC", partial(read_cell, units=True), work.texts("AVALC") != "")
    text, rule, unit = (cells.part(part) for part in ("text", "rule", "unit"))
    limit = _those(cells, lambda cell: cell.limit)
    number = plat & (factor != 1) & _those(cells, lambda cell: NUMBER.fullmatch(cell.text))
    understood = limit | number
    work.change("AVALC", text, rule, understood & (rule != ""))
    _scale(work, "AVALC", plat & understood, np.where(unit != "", _factor_of_cell(cells), factor))


def _those(cells: Readings, holds: Callable[[Number], object]) -> Rows:
    return Readings(cells.codes, [bool(holds(cell)) for cell in cells.cells]).values(False).astype(bool)


def _factor_of_cell(cells: Readings) -> np.ndarray:
    """What makes 10^9/L of a cell that names its own unit; 1 where it names none."""
    factors = [factor_to_stored(cell.unit) or 1.0 for cell in cells.cells]
    return Readings(cells.codes, factors).values(1.0).astype(float)


def _platelet_counts(work: Work, plat: Rows, factor: np.ndarray) -> None:
    """AVAL of platelets: read, codes for missing emptied, limits moved to AVALC, all in 10^9/L."""
    cells = read_numbers(work, "AVAL", units=True, rows=plat)
    unit, own = cells.part("unit"), _factor_of_cell(cells)
    stated = work.where("AVALU", plain)
    disagrees = plat & (unit != "") & stated & (own != factor)
    work.notice("unit_disagrees", disagrees, "AVAL", found=work.texts("AVAL"))
    work.apply("AVAL", cells.without(disagrees))
    coded = plat & (unit == "") & _is_missing_code(work)
    work.notice("sentinel", coded, "AVAL", found=work.texts("AVAL"))
    work.change("AVAL", "", rules.SENTINEL, coded)
    _scale(work, "AVAL", plat & ~disagrees, np.where(unit != "", own, factor))
    _move_limits(work, plat & ~disagrees)


def _is_missing_code(work: Work) -> Rows:
    def coded(text: str) -> bool:
        return NUMBER.fullmatch(text) is not None and float(text) in MISSING_CODES

    return work.where("AVAL", coded)


def _move_limits(work: Work, rows: Rows) -> None:
    """A limit such as <5 in AVAL stands in AVALC from here on; the trail of AVAL says so."""
    text = work.texts("AVAL")
    limit = rows & work.where("AVAL", lambda each: each[:1] in ("<", ">"))
    if limit.any():
        work.change("AVALC", text, rules.CENSORED, limit, source="AVAL")
        work.put("AVAL", "", limit)


def _other_values(work: Work, rows: Rows) -> None:
    """AVAL of other parameters: numbers; limits and results in words stand in AVALC."""
    if not rows.any():
        return
    as_sent = work.texts("AVAL")
    cells = read_numbers(work, "AVAL", rows=rows)
    words = _those(cells, _in_words)
    work.apply("AVAL", cells.without(words))
    _move_limits(work, rows & ~words)
    free = words & (work.texts("AVALC") == "")
    work.change("AVALC", as_sent, rules.IN_WORDS, free, source="AVAL")
    work.put("AVAL", "", free)


def _in_words(cell: Number) -> bool:
    """Whether the cell holds a result that is no number, such as 阴性 or 3+."""
    if cell.check in ("not_one_number", "comma_either"):
        return cell.check == "not_one_number"
    return bool(cell.text) and not cell.limit and not NUMBER.fullmatch(cell.text)


def _units_in_one_spelling(work: Work, plat: Rows) -> None:
    """AVALU of platelets is 10^9/L wherever a unit of counts was named; the findings count every spelling."""
    if "AVALU" not in work:
        return
    unit = work.texts("AVALU")
    found = work.read("AVALU", lambda each: factor_to_stored(each) if plain(each) else None, plat)
    factor = found.values(None).astype(float)
    other = ~np.isnan(factor) & (unit != STORED)
    work.notice("unit_spelling", other & (factor == 1), "AVALU", found=unit)
    work.notice("unit_converted", other & (factor != 1), "AVALU", found=unit)
    work.change("AVALU", STORED, rules.UNIT_SPELLING, other)
