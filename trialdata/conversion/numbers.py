"""One cell of a column of numbers: the number as a clean file would have it, and the rules that made it so.

What is not understood stays as it was sent: loading refuses it and names the row.
"""

import re
from decimal import Decimal
from functools import partial
from typing import NamedTuple

import numpy as np

from trialdata.conversion import rules
from trialdata.conversion.readings import Readings, Rows
from trialdata.conversion.work import Work
from trialdata.units import factor_to_stored
from trialdata.values import INERT, LAB_MARKS, NUMBER, THOUSANDS, plain, read_number

PLAIN = re.compile(r"-?\d+(\.\d+)?", re.ASCII)  # １２ is not
COMMA_DECIMAL = re.compile(r"[<>≤≥]?\s*=?\s*(-?\d+),(\d{1,2}|\d{4,})|[<>≤≥]?\s*(\d{1,3}(?:\.\d{3})+),(\d+)")
EITHER_COMMA = re.compile(r"[<>≤≥]?\s*=?\s*-?\d{1,3}[.,]\d{3}")  # 1,050 among numbers such as 12,5
VALUE_AND_UNIT = re.compile(
    r"(?P<value>[<>≤≥]?\s*=?\s*(?:\d[\d.,]*))\s*(?P<unit>[^\d\s.,].*|10(?:[\^*e]|\d{1,2}/).*)", re.IGNORECASE
)
AS_SENT = ("comma_either", "not_a_number", "infinite_number")  # the last two are reported when it is loaded


class Number(NamedTuple):
    """A cell of numbers: `text` is the number, a limit such as <5, or ""; `unit` stood in the cell itself."""

    text: str
    rule: str = ""
    check: str = ""
    unit: str = ""

    @property
    def limit(self) -> bool:
        return self.text[:1] in ("<", ">")


def read_cell(text: str, *, comma: bool = False, units: bool = False) -> Number:
    """The number in one cell; `comma`: the column writes 12,5; `units`: the cell may name a unit of counts."""
    if not text or (PLAIN.fullmatch(text) and not (comma and EITHER_COMMA.fullmatch(text))):
        return Number(text)
    bare = INERT.sub("", text).strip()
    simple = plain(bare)
    tidied = _joined(rules.BLANKS * (bare != text), rules.FULL_WIDTH * (simple != bare))
    found = _read(simple, comma, units)
    if found.check in AS_SENT:
        return Number(text, check=found.check if found.check == "comma_either" else "")
    # a word for a missing value says enough by itself
    rule = found.rule if found.text == "" and found.rule else _joined(tidied, found.rule)
    return found._replace(rule=rule)


def _joined(*said: str) -> str:
    return "; ".join(part for part in said if part)


def _read(simple: str, comma: bool, units: bool) -> Number:
    if not simple:
        return Number("")
    if comma and EITHER_COMMA.fullmatch(simple):
        return Number(simple, check="comma_either")
    if match := COMMA_DECIMAL.fullmatch(simple):
        whole, part = match[1] or match[3].replace(".", ""), match[2] or match[4]
        sign = simple[: match.start(1) if match[1] else match.start(3)]
        inner = _read(f"{sign}{whole}.{part}", False, False)
        return inner._replace(rule=_joined(rules.DECIMAL_COMMA, inner.rule), check="decimal_comma")
    reading = read_number(simple)
    if not reading.noticed:
        written = written_out(simple)
        return Number(written, rules.WRITTEN_OUT * (written != simple))
    if units and (found := _with_unit(simple, comma)):
        return found
    if reading.noticed in ("below", "above"):
        return Number(reading.text, rules.CENSORED_SPELLING * (reading.text != simple))
    if reading.noticed == "not done":
        return Number("", rules.SPREADSHEET_ERROR if simple[0] == "#" else rules.NOT_DONE, "not_done")
    if THOUSANDS.fullmatch(simple):
        return Number(written_out(simple.replace(",", "")), rules.THOUSANDS, "thousands_comma")
    if found := _unmarked(simple, comma, units):
        return found
    if reading.noticed == "not one number":
        return Number("", rules.NOT_ONE_NUMBER, "not_one_number")
    return Number(simple, check="infinite_number" if reading.noticed == "infinite" else "not_a_number")


def _unmarked(simple: str, comma: bool, units: bool) -> Number | None:
    """The number without marks such as ↑ and H; None where there is no mark, or no number left."""
    bare = LAB_MARKS.sub("", simple).strip()
    if bare == simple or not bare:
        return None
    inner = _read(bare, comma, units)
    if inner.check in AS_SENT or not inner.text:
        return None
    return inner._replace(rule=_joined(rules.MARK, inner.rule), check=inner.check or "lab_mark")


def _with_unit(simple: str, comma: bool) -> Number | None:
    """45×10^9/L: one number and a unit of counts."""
    match = VALUE_AND_UNIT.fullmatch(simple)
    if not match or factor_to_stored(match["unit"]) is None:
        return None
    inner = _read(match["value"].strip(), comma, False)
    if not inner.text or inner.check in AS_SENT:
        return None
    check = inner.check or "unit_in_cell"
    return inner._replace(rule=_joined(inner.rule, rules.CELL_UNIT), check=check, unit=match["unit"].strip())


def written_out(number: str) -> str:
    """A number without plus sign, exponent and bare point, digit for digit: 4.5E+01 is 45."""
    if PLAIN.fullmatch(number):
        return number
    value = Decimal(number)
    if abs(value.adjusted()) > 40:  # no number of a trial; its digits would fill a page
        return number
    return shortest(value)


def shortest(value: Decimal) -> str:
    """Digits without an exponent and without zeros at the end of a fraction."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def scaled(text: str, factor: float) -> str:
    """A number or limit multiplied, digit for digit; any other text as it is."""
    sign, number = (text[:1], text[1:]) if text[:1] in "<>" and text else ("", text)
    if factor == 1 or not NUMBER.fullmatch(number):
        return text
    return sign + shortest(Decimal(number) * Decimal(str(factor)))


def decimal_comma_rows(work: Work, column: str) -> Rows:
    """Rows of the tables that write this column with a decimal comma anywhere."""
    comma = work.where(column, lambda text: COMMA_DECIMAL.fullmatch(plain(text)))
    return np.isin(work.table, np.unique(work.table[comma]))


def read_numbers(work: Work, column: str, *, units: bool = False, rows: Rows | None = None) -> Readings:
    """The `Number` of each cell of the column in `rows`."""
    inside = np.ones(len(work), dtype=bool) if rows is None else rows
    comma = decimal_comma_rows(work, column)
    with_comma = work.read(column, partial(read_cell, comma=True, units=units), inside & comma)
    without = work.read(column, partial(read_cell, units=units), inside & ~comma)
    return without.beside(with_comma)


def convert_numbers(work: Work, column: str) -> None:
    """A column of numbers in which a limit such as <5 has no place: it is missing, and said so."""
    if column in work:
        found = read_numbers(work, column)
        work.apply(column, Readings(found.codes, [_without_limit(cell) for cell in found.cells]))


def _without_limit(cell: Number) -> Number:
    if not cell.limit:
        return cell
    return cell._replace(text="", rule=rules.CENSORED_MISSING, check="censored_number")
