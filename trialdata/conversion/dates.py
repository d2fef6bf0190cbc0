"""One cell of a column of dates: the day it names, and how it was written."""

import datetime
import re
from typing import NamedTuple

from trialdata.conversion import rules
from trialdata.mapping.import_mapping import DAY_FIRST, MONTH_FIRST
from trialdata.values import INERT, MONTHS, NOT_DONE, SAS_EPOCH, plain

TIME = (
    r"(?:[T ,:]\s*\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?秒?|分)?\s*(?:[AP]M)?\s*(?:Z|[+-]\d\d:?\d\d)?)?"
)
YEAR, MONTH, DAY = r"(?P<y>\d{4})", r"(?P<m>\d\d?)", r"(?P<d>\d\d?)"
NAMED_MONTH = r"(?P<m>[A-Z]{3,9})\.?"
YEAR_FIRST = tuple(
    re.compile(form + TIME, re.IGNORECASE)
    for form in (
        f"{YEAR}-{MONTH}-{DAY}",
        f"{YEAR}[/.]{MONTH}[/.]{DAY}",
        rf"{YEAR}\s*年\s*{MONTH}\s*月\s*{DAY}\s*日?\s*",
        r"(?P<y>(?:19|20|99)\d\d)(?P<m>\d\d)(?P<d>\d\d)",
        rf"{DAY}[- ]?{NAMED_MONTH}[- ]?{YEAR}",
        rf"{NAMED_MONTH} {DAY}, ?{YEAR}",
    )
)
EITHER_FIRST = re.compile(rf"(?P<one>\d\d?)([/.-])(?P<two>\d\d?)\2{YEAR}{TIME}", re.IGNORECASE)
UNKNOWN = r"(?:UN|UNK|UU|XX|--?|\?\?)"
PARTIAL = re.compile(
    rf"\d{{4}}(?:[-/.]?(?:\d\d?|{UNKNOWN}))?(?:[-/.]{UNKNOWN})?|\d{{4}}年(?:\d\d?月)?|"
    rf"(?:(?:\d\d?|{UNKNOWN})[-/ ]?)?(?:{UNKNOWN}|[A-Z]{{3}}|\d\d?)[-/ ]?(?:\d{{4}}|{UNKNOWN}|UNKN|UKUK)",
    re.IGNORECASE,
)
NUMBER = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
STILL_RUNNING = {
    *("ongoing", "on-going", "continuing", "continues", "cont", "cont.", "present"),
    *("持续", "持续中", "进行中", "至今", "未结束", "继续", "仍在继续", "仍在使用"),
}
EXCEL_DAYS, SAS_DAYS = (30_000, 60_000), (10_000, 30_000)  # 1982 to 2064, 1987 to 2042: they do not overlap
EPOCHS = {"1900": datetime.date(1899, 12, 30), "1904": datetime.date(1904, 1, 1)}
EXCEL = {"1900": rules.EXCEL_1900, "1904": rules.EXCEL_1904}
ORDERS = {DAY_FIRST: rules.DAY_FIRST_DATE, MONTH_FIRST: rules.MONTH_FIRST_DATE}
LONG_MONTHS = {
    *("january", "february", "march", "april", "june", "july", "august", "september", "sept"),
    *("october", "november", "december"),
}
EARLIEST, LATEST = 1920, 2100  # years; beyond stand 1900-01-01 and 9999-12-31, which mean no date


class Date(NamedTuple):
    """A cell of dates: ISO `text` or "", the rule of its form, and the check where it is no whole date."""

    text: str
    rule: str = ""
    check: str = ""


def read_date_cell(text: str, *, order: str = "", excel: str = "1900") -> Date:
    """The date in one cell. `order` is that of 03/04/2025, `excel` the system of day numbers."""
    simple = plain(INERT.sub("", text))
    word = simple.casefold()
    if not simple or word in STILL_RUNNING:
        return Date("")
    if word in NOT_DONE:
        return Date("", check="not_done")
    for pattern in YEAR_FIRST:
        if match := pattern.fullmatch(simple):
            month = _month(match["m"])
            return _date(int(match["y"]), month, int(match["d"]), rules.DATE) if month else _other(simple)
    if match := EITHER_FIRST.fullmatch(simple):
        return _either(int(match["one"]), int(match["two"]), int(match["y"]), order)
    if match := NUMBER.fullmatch(simple):
        return _numbered(int(match[1]), excel)
    return _other(simple)


def _other(simple: str) -> Date:
    return Date("", check="partial_date" if PARTIAL.fullmatch(simple) else "not_a_date")


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    name = text.casefold()
    known = name[:3] in MONTHS and (len(name) == 3 or name in LONG_MONTHS)
    return MONTHS.index(name[:3]) + 1 if known else 0


def _date(year: int, month: int, day: int, rule: str) -> Date:
    if not EARLIEST <= year <= LATEST:
        return Date("", check="placeholder_date")
    try:
        return Date(datetime.date(year, month, day).isoformat(), rule)
    except ValueError:
        return Date("", check="impossible_date")


def _either(one: int, two: int, year: int, order: str) -> Date:
    """03/04/2025: by the order that the mapping states; without one only where it does not matter."""
    if one > 12 and two > 12:
        return Date("", check="impossible_date")
    if order in ORDERS:
        day, month = (one, two) if order == DAY_FIRST else (two, one)
        return _date(year, month, day, ORDERS[order]) if month <= 12 else Date("", check="other_date_order")
    if one > 12 or one == two:
        return _date(year, two, one, rules.DAY_FIRST_DATE)
    if two > 12:
        return _date(year, one, two, rules.MONTH_FIRST_DATE)
    return Date("", check="ambiguous_date")


def _numbered(days: int, excel: str) -> Date:
    if EXCEL_DAYS[0] <= days < EXCEL_DAYS[1]:
        return Date((EPOCHS[excel] + datetime.timedelta(days=days)).isoformat(), EXCEL[excel])
    if SAS_DAYS[0] <= days < SAS_DAYS[1]:
        return Date((SAS_EPOCH + datetime.timedelta(days=days)).isoformat(), rules.SAS_DAY)
    return Date("", check="not_a_date")


def excel_number(text: str) -> int:
    """The day number of Excel that the cell holds; 0 for any other cell."""
    match = NUMBER.fullmatch(plain(text))
    days = int(match[1]) if match else 0
    return days if EXCEL_DAYS[0] <= days < EXCEL_DAYS[1] else 0
