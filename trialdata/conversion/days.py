"""Dates become study days and are not kept: day 1 is the first dose, the day before it is day -1."""

import datetime
import re

import numpy as np
import pandas as pd

from trialdata.conversion import rules
from trialdata.conversion.date_columns import day_name, is_dates
from trialdata.conversion.dates import EPOCHS, excel_number, read_date_cell
from trialdata.conversion.readings import Readings, Texts
from trialdata.conversion.work import A_DATE, Work
from trialdata.findings import finding
from trialdata.mapping.import_mapping import ImportMapping
from trialdata.values import NUMBER, plain

Works = dict[str, Work]
TREATED, RANDOMISED = "TRTSDT", "RANDDT"
DAY_OF = {"ADT": "ADY", "ASTDT": "ASTDY", "AENDT": "AENDY", "EOSDT": "EOSDY", "DTHDT": "DTHDY"}
DATES = (TREATED, RANDOMISED, *DAY_OF)
FOUND = {
    "partial_date": "a date without its day or month",
    "impossible_date": "a day that the calendar does not have",
    "placeholder_date": "a date that stands for none",
    "ambiguous_date": "a date whose day and month can be told from neither number",
    "other_date_order": "a date in the other order",
}
A_STUDY_DAY = "a study day"


def dates_to_days(works: Works, mapping: ImportMapping, cut: datetime.date) -> None:
    """Study days from the dates of every dataset, DCUTDY and who was treated; then no date is left."""
    excel, both = _excel_system(works, cut)
    cells = read_dates(works, mapping.dates, excel, both)
    day_one: dict[str, np.datetime64] = {}
    if "adsl" in works:
        start = _reference(works["adsl"], cells["adsl"])
        _cut_day(works["adsl"], cells["adsl"], start, cut)
        _treated(works["adsl"])
        day_one = dict(zip(_subjects(works["adsl"])[::-1], start[::-1], strict=True))
    _say_what_has_no_reference(works)
    for name, work in works.items():
        day_one_of_row = np.array([day_one.get(each, NO_DAY) for each in _subjects(work)], dtype=DAYS)
        _days(work, cells[name], day_one_of_row)
        for column in [each for each in work.now if each not in DATES and is_dates(each, work.texts(each))]:
            dates = work.read(column, lambda text: read_date_cell(text, order=mapping.dates, excel=excel))
            _other_days(work, column, dates, day_one_of_row, cut)
        for column in [each for each in DATES if each in work]:
            work.drop_column(column, rules.DATES_DROPPED)


DAYS = "datetime64[D]"
NO_DAY = np.datetime64("NaT", "D")


def read_dates(works: Works, order: str, excel: str, both: bool) -> dict[str, dict[str, Readings]]:
    """The `Date` of each cell of each date column, by dataset and column; what is no date is a finding."""
    cells: dict[str, dict[str, Readings]] = {}
    for name, work in works.items():
        cells[name] = {}
        for column in (column for column in DATES if column in work):
            read = work.read(column, lambda text: read_date_cell(text, order=order, excel=excel))
            check = read.part("check")
            for each in [each for each in pd.unique(check) if each]:
                texts = work.texts(column)
                found = FOUND.get(each, texts if each == "not_done" else _shapes(texts))
                work.notice(each, check == each, column, found=found)
            _say_day_numbers(work, column, read.part("rule"), both)
            cells[name][column] = read
    return cells


def _shapes(texts: Texts) -> Texts:
    """The form of a text without its digits: what may be part of a date is not repeated."""
    return np.array([re.sub(r"\d", "9", text) for text in texts], dtype=object)


def _say_day_numbers(work: Work, column: str, rule: Texts, both: bool) -> None:
    for rules_of, check in (
        ((rules.EXCEL_1900, rules.EXCEL_1904), "excel_days"),
        ((rules.SAS_DAY,), "sas_date"),
    ):
        rows = np.isin(rule, rules_of)
        if rows.any():
            header, file = work.header(column, rows), work.file
            found = f"numbers in {int(rows.sum()):,} rows"
            if check == "excel_days" and both:
                work.findings.append(finding("excel_days_either", file, column=header, found=found))
            else:
                system = "1904" if rules.EXCEL_1904 in rule else "1900"
                action = f"read as dates of the {system} system" if check == "excel_days" else None
                work.findings.append(finding(check, file, column=header, found=found, action=action))


def _excel_system(works: Works, cut: datetime.date) -> tuple[str, bool]:
    """Which system the day numbers of Excel count in, and whether it could be either.

    Both give the same study days; the day of the cut and dates of another form beside them tell. A system
    under which anything happened after the cut, or everything before the first dated dose, is not the one.
    """
    numbers = [
        number
        for work in works.values()
        for column in DATES
        if column in work
        for number in map(excel_number, pd.unique(work.texts(column)))
        if number
    ]
    if not numbers:
        return "1900", False
    first_dose = _first_written_dose(works)
    possible = []
    for system, epoch in EPOCHS.items():
        last = epoch + datetime.timedelta(days=max(numbers))
        if last <= cut and (first_dose is None or last >= first_dose):
            possible.append(system)
    return (possible[0] if possible else "1900"), len(possible) > 1


def _first_written_dose(works: Works) -> datetime.date | None:
    """The earliest first dose that is written as a date."""
    texts = pd.unique(works["adsl"].texts(TREATED)) if "adsl" in works else []
    dates = [read_date_cell(text).text for text in texts if not excel_number(text)]
    return min((datetime.date.fromisoformat(date) for date in dates if date), default=None)


def _subjects(work: Work) -> Texts:
    return work.texts("USUBJID")


def _as_days(cells: Readings | None, length: int) -> np.ndarray:
    if cells is None:
        return np.full(length, NO_DAY, dtype=DAYS)
    distinct = np.array([cell.text or "NaT" for cell in cells.cells] + ["NaT"], dtype=DAYS)
    return distinct[cells.codes]


def study_day(date: np.ndarray, start: np.ndarray) -> np.ndarray:
    """ADY = date - start, plus 1 from the start on: there is no day 0. NaN where either is missing."""
    known = ~(np.isnat(date) | np.isnat(start))
    days = np.full(len(date), np.nan)
    days[known] = (date[known] - start[known]).astype("timedelta64[D]").astype(float)
    return days + (days >= 0)


def _reference(adsl: Work, cells: dict[str, Readings]) -> np.ndarray:
    """The date of day 1: of the first dose; of randomisation where no first dose is recorded."""
    start = _as_days(cells.get(TREATED), len(adsl))
    if TREATED not in adsl:
        return start
    return np.where(adsl.where(TREATED, plain), start, _as_days(cells.get(RANDOMISED), len(adsl)))


def _cut_day(adsl: Work, cells: dict[str, Readings], start: np.ndarray, cut: datetime.date) -> None:
    """DCUTDY where the file has none. The report gives no day: beside the date of the cut it is the first dose."""
    if TREATED not in adsl:
        return
    day = study_day(np.full(len(adsl), cut, dtype=DAYS), start)
    late = day < 0
    adsl.notice("starts_after_cut", late, TREATED, found="a date after the data cutoff")
    given = _numbers(adsl, "DCUTDY")
    treated = ~np.isnat(_as_days(cells.get(TREATED), len(adsl)))
    other = treated & ~np.isnan(given) & (given != day)
    adsl.notice("cut_day_disagrees", other, "DCUTDY", found="another day than the one from TRTSDT")
    fill = (adsl.texts("DCUTDY") == "") & ~np.isnan(day)
    adsl.change("DCUTDY", _whole(day), rules.CUT_DAY, fill)
    if fill.any():
        adsl.hide("DCUTDY", fill, before=A_DATE, after=A_STUDY_DAY)


def _treated(adsl: Work) -> None:
    """SAFFL and FASFL where the file has neither: the dates they rest on are not kept (endpoints.md, section 6)."""
    dosed = adsl.where(TREATED, plain)
    if not dosed.any():
        return
    everyone = np.ones(len(adsl), dtype=bool)
    assigned = adsl.texts("TRT01P") != ""
    for flag, holds in (("FASFL", dosed & assigned), ("SAFFL", dosed)):
        if flag not in adsl:
            found = "no such column"
            adsl.findings.append(finding("population_flag_absent", adsl.file, column=flag, found=found))
            adsl.change(flag, np.where(holds, "Y", "N").astype(object), rules.TREATED, everyone)


def _numbers(work: Work, column: str) -> np.ndarray:
    read = work.read(column, lambda text: float(text) if NUMBER.fullmatch(text) else np.nan)
    return read.values(np.nan).astype(float)


def _whole(days: np.ndarray) -> Texts:
    distinct, codes = np.unique(days, return_inverse=True)
    return np.array(["" if np.isnan(day) else f"{day:.0f}" for day in distinct], dtype=object)[codes]


def _days(work: Work, cells: dict[str, Readings], start: np.ndarray) -> None:
    """The study day of every date; a day that the file has stays, and one that disagrees is a finding."""
    for date, column in DAY_OF.items():
        if date not in cells:
            continue
        day = study_day(_as_days(cells[date], len(work)), start)
        known = ~np.isnan(day)
        given = _numbers(work, column)
        text = _whole(day)
        differ = known & ~np.isnan(given) & (given != day)
        expected = "day " + text + ", from the date"
        work.notice("day_disagrees", differ, column, found="day " + work.texts(column), expected=expected)
        fill = known & (work.texts(column) == "")
        work.change(column, text, cells[date].part("rule"), fill, source=date, before=A_DATE)
        if column not in work:
            work.put(column, "", fill)


def _say_what_has_no_reference(works: Works) -> None:
    """Dates without the date of the first dose say nothing of study days."""
    adsl = works.get("adsl")
    if adsl is None or TREATED in adsl:
        return
    for work in works.values():
        for date, column in DAY_OF.items():
            dated = (work.texts(date) != "") & (work.texts(column) == "")
            if dated.any():
                found = f"dates without a study day in {int(dated.sum()):,} rows, and no TRTSDT in adsl"
                header = work.header(date, dated)
                work.findings.append(finding("no_reference_date", work.file, column=header, found=found))


def _other_days(work: Work, column: str, dates: Readings, start: np.ndarray, cut: datetime.date) -> None:
    """A column of dates that the format does not know, such as CONSENTDT, becomes one of study days.

    A date from the cut on is left out: its study day would be that of the cut, or tell it.
    """
    date, name = _as_days(dates, len(work)), day_name(column)
    day = study_day(date, start)
    known = ~np.isnan(day) & (date < np.datetime64(cut))
    if known.any() and name not in work:
        work.put(name, "", known)
        work.change(name, _whole(day), dates.part("rule"), known, source=column, before=A_DATE)
    work.drop_column(column, rules.DATES_DROPPED)
