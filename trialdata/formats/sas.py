"""SAS transport files and SAS datasets (.sas7bdat) become tables of text."""

import datetime
import io
import math
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pyreadstat

from trialdata.formats.number_text import number_text
from trialdata.formats.sas7bdat_header import refuse_incomplete
from trialdata.formats.source_table import SourceTable
from trialdata.headers import clean_header, clean_headers, sent_headers
from trialdata.limits import Limits, UnreadableFile
from trialdata.xpt_files import read_dataset, refuse_unnamed, transport_datasets

EPOCH = datetime.datetime(1960, 1, 1)  # SAS counts days and seconds from here
DATE_FORMATS = {
    *("DATE", "DAY", "DDMMYY", "DDMMYYB", "DDMMYYC", "DDMMYYD", "DDMMYYN", "DDMMYYP", "DDMMYYS"),
    *("MMDDYY", "MMDDYYB", "MMDDYYC", "MMDDYYD", "MMDDYYN", "MMDDYYP", "MMDDYYS"),
    *("YYMMDD", "YYMMDDB", "YYMMDDC", "YYMMDDD", "YYMMDDN", "YYMMDDP", "YYMMDDS"),
    *("B8601DA", "E8601DA", "IS8601DA", "ND8601DA", "NLDATE", "MINGUO", "NENGO", "JULDAY", "JULIAN"),
    *("MONYY", "MONTH", "MONNAME", "YYMM", "YYMON", "YYQ", "YEAR", "QTR", "WORDDATE", "WORDDATX", "WEEKDATE"),
    *("WEEKDATX", "DOWNAME", "WEEKDAY", "WEEKU", "WEEKV", "WEEKW"),
}
DATETIME_FORMATS = {
    *("DATETIME", "DATEAMPM", "MDYAMPM", "DTDATE", "DTMONYY", "DTWKDATX", "DTYEAR", "DTYYQC", "NLDATM"),
    *("B8601DN", "B8601DT", "B8601DZ", "E8601DN", "E8601DT", "E8601DZ", "IS8601DT", "IS8601DN"),
}
TIME_FORMATS = {"TIME", "TIMEAMPM", "TOD", "HHMM", "HOUR", "MMSS", "B8601TM", "E8601TM", "IS8601TM"}


def read_transport(file: str, content: bytes, limits: Limits) -> list[SourceTable]:
    """Every dataset of a transport file of version 5 or 8."""
    datasets = transport_datasets(content)
    tables = [
        _table(file, *read_dataset(part, limits, disable_datetime_conversion=True)) for part in datasets
    ]
    if len({table.sheet for table in tables}) < len(tables):
        raise UnreadableFile("not_xpt", "two datasets of one name in a SAS transport file")
    return [tables[0].replace(sheet="")] if len(tables) == 1 else tables


def read_sas7bdat(file: str, content: bytes, limits: Limits) -> list[SourceTable]:
    """The one dataset of a SAS data file."""
    rows = refuse_incomplete(content)
    if rows > limits.rows:
        raise UnreadableFile("too_large", f"{rows:,} rows, more than {limits.rows:,}")
    _, about = _read_sas7bdat(content, metadataonly=True)
    if len(about.column_names) > limits.columns:
        found = f"{len(about.column_names):,} columns, more than {limits.columns:,}"
        raise UnreadableFile("too_large", found)
    frame, about = _read_sas7bdat(content, disable_datetime_conversion=True)
    if len(frame) != rows:
        raise UnreadableFile("truncated_sas7bdat", f"{len(frame):,} rows where the file announces {rows:,}")
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    return [_table(file, frame, about).replace(sheet="")]


def _read_sas7bdat(content: bytes, **options: Any) -> tuple[pd.DataFrame, Any]:
    """The encoding is the one the file names."""
    try:
        return pyreadstat.read_sas7bdat(io.BytesIO(content), **options)
    except UnicodeDecodeError:
        raise UnreadableFile("encoding", "characters that are not of the encoding the file names") from None
    except pyreadstat.ReadstatError as error:
        raise UnreadableFile("not_sas7bdat", f"a damaged SAS data file ({error})") from None
    except (pyreadstat.PyreadstatError, TypeError, ValueError, OverflowError, MemoryError):
        raise UnreadableFile("not_sas7bdat", "a damaged SAS data file") from None


def _table(file: str, frame: pd.DataFrame, about: Any) -> SourceTable:
    refuse_unnamed(list(frame.columns))
    formats: Mapping[str, str] = about.original_variable_types
    texts = {name: _texts(column, str(formats.get(name) or "")) for name, column in frame.items()}
    labels = {clean_header(name): label for name, label in about.column_names_to_labels.items() if label}
    named = clean_headers(pd.DataFrame(texts, index=frame.index, dtype="str"))
    sheet, sent = str(about.table_name or "").strip(), sent_headers(frame.columns)
    return SourceTable(file, named, sheet, labels=labels, sent=sent)


def _texts(column: pd.Series, sas_format: str) -> list[str]:
    if not pd.api.types.is_numeric_dtype(column):
        return [value if isinstance(value, str) else "" for value in column]
    name = re.sub(r"\d+\.?\d*$", "", sas_format.upper()).strip()
    if name in DATE_FORMATS:
        return [_moment(value, "days", "%Y-%m-%d") for value in column]
    if name in DATETIME_FORMATS:
        return [_moment(value, "seconds", "%Y-%m-%dT%H:%M:%S") for value in column]
    if name in TIME_FORMATS:
        return [_moment(value, "seconds", "%H:%M:%S") for value in column]
    return ["" if math.isnan(value) else number_text(value) for value in column]


def _moment(value: float, unit: str, form: str) -> str:
    """ISO text of a SAS date, time or both; one that no calendar has stays a number."""
    if math.isnan(value):
        return ""
    try:
        return (EPOCH + datetime.timedelta(**{unit: math.floor(value)})).strftime(form)
    except OverflowError:
        return number_text(value)
