"""Full dates that are left in the datasets of an import: study days where a first dose is known, else nothing."""

import datetime
import re

import pandas as pd

from trialdata.load_report import entries, note
from trialdata.mapping.import_mapping import DAY_FIRST, MONTH_FIRST
from trialdata.provenance import SOURCE_COLUMNS, SRCFILE, SRCROW
from trialdata.schema import DATASETS
from trialdata.values import plain, read_date

A_DATE = "a date"
HIDDEN = "(a date)"
DATE_HEADER = re.compile(r".+(DT|DTC|DTM|DATE|DAT|TIMESTAMP)|.*(日期|时间)")
OF_THE_SUBJECT = ("TRTSDT", "RANDDT")  # these are counted from, and dropped elsewhere
IN_TEXT = re.compile(
    r"(?<!\d)((19|20)\d\d[-/.年](0?[1-9]|1[0-2])[-/.月](0?[1-9]|[12]\d|3[01])日?([T ]\d\d?:\d\d(:\d\d)?)?"
    r"|\d\d?[- ]?(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[- ]?(19|20)\d\d"
    r"|\d\d?[/.]\d\d?[/.](19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
BY_NUMBERS = re.compile(r"(\d\d?)[/.](\d\d?)[/.](\d{4})")
Parts = list[pd.DataFrame]


def first_doses(adsl: pd.DataFrame) -> pd.DataFrame:
    """TRTSDT and RANDDT of each row of adsl as ISO dates, "" where there is none."""
    empty = pd.Series("", index=adsl.index, dtype="str")
    return pd.DataFrame(
        {name: adsl[name].map(lambda text: read_date(text)[0]).astype("str") if name in adsl else empty
         for name in ("TRTSDT", "RANDDT")}
    )  # fmt: skip


def dates_as_days(texts: dict[str, pd.DataFrame], order: str, report: Parts) -> dict[str, pd.DataFrame]:
    """The datasets without a full date outside the columns of dates that conversion knows.

    A column of dates becomes one of study days (CONSENTDT: CONSENTDY); a date in another cell the words "day 8";
    one within a text "(a date)". `order` is what 03/04/2025 means.
    """
    adsl = texts.get("adsl")
    known = (
        first_doses(adsl)["TRTSDT"].set_axis(adsl["USUBJID"])
        if adsl is not None and "USUBJID" in adsl
        else None
    )
    starts = {} if known is None else known[known != ""].to_dict()
    changed = {}
    for name, frame in texts.items():
        for column in [c for c in frame if c not in (*SOURCE_COLUMNS, *OF_THE_SUBJECT, "USUBJID")]:
            if _has_dates(column, frame[column]) and DATASETS[name].kinds.get(column) != "date":
                frame = _without_dates(frame, column, starts, order, report)
        changed[name] = frame
    return changed


def _has_dates(column: str, cells: pd.Series) -> bool:
    return bool(DATE_HEADER.fullmatch(column) and (cells != "").any()) or any(
        IN_TEXT.search(text) for text in cells.unique()
    )


def _without_dates(
    frame: pd.DataFrame, column: str, starts: dict[str, str], order: str, report: Parts
) -> pd.DataFrame:
    cells = frame[column]
    iso = {text: _iso(text, order) for text in cells.unique()}
    dates = cells.map(iso).astype("str")
    of_dates = DATE_HEADER.fullmatch(column) is not None or not ((dates == "") & (cells != "")).any()
    start = (
        frame["USUBJID"].map(lambda subject: starts.get(subject, ""))
        if "USUBJID" in frame
        else pd.Series("", index=frame.index)
    )
    day = pd.Series([_day(a, b) for a, b in zip(dates, start, strict=True)], index=frame.index, dtype="str")
    if of_dates:
        after, name = day, day_name(column)
    else:
        worded = ("day " + day).where(day != "", "")
        inside = cells.str.replace(IN_TEXT, HIDDEN, regex=True)
        after, name = worded.where(dates != "", inside), column
    rows = frame[(cells != "") & (cells != after)]
    report.append(
        entries(rows[SRCFILE], rows[SRCROW].astype("Int64"), column, before=A_DATE, after=after[rows.index],
                rule="a study day instead of a date")
    )  # fmt: skip
    return _replaced(frame, column, name, after, report)


def _replaced(frame: pd.DataFrame, column: str, name: str, after: pd.Series, report: Parts) -> pd.DataFrame:
    """The column under its new name, where it has a day left and the name is free."""
    file = " and ".join(frame[SRCFILE].unique()[:3])
    if (after == "").all():
        report.append(note(file, "dates dropped: no first dose is known", column=column, before=A_DATE))
        return frame.drop(columns=column)
    if name != column and name in frame:
        report.append(note(file, f"dates dropped: {name} has the study day", column=column, before=A_DATE))
        return frame.drop(columns=column)
    return frame.assign(**{column: after}).rename(columns={column: name})


def day_name(column: str) -> str:
    """CONSENTDY of CONSENTDT, 采样_DY of 采样日期."""
    bare = re.sub(r"(_?(DTC|DTM|DT|DATE|DAT|TIMESTAMP)|日期|时间)$", "", column)
    return f"{bare}DY" if bare.isascii() else f"{bare}_DY"


def _iso(text: str, order: str) -> str:
    """ISO date of a cell that is a date and nothing else, with a time or not; "" for any other."""
    simple = re.sub(r"(?<=\d)[T :]+\d\d?:\d\d.*$", "", plain(text))
    iso, understood = read_date(simple)
    if understood:
        return iso
    numbers = BY_NUMBERS.fullmatch(simple)
    if numbers is None or order not in (DAY_FIRST, MONTH_FIRST):
        return ""
    day, month = (numbers[1], numbers[2]) if order == DAY_FIRST else (numbers[2], numbers[1])
    return read_date(f"{numbers[3]}-{month}-{day}")[0]


def _day(date: str, start: str) -> str:
    """Study day of a date; there is no day 0."""
    if not date or not start:
        return ""
    days = (datetime.date.fromisoformat(date) - datetime.date.fromisoformat(start)).days
    return str(days + (days >= 0))
