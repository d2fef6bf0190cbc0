"""SAS transport files (version 5 and 8) become a frame of text and numbers."""

import datetime
import io

import pandas as pd
import pyreadstat

from trialdata.headers import clean_headers
from trialdata.limits import Limits, UnreadableFile

RECORD = 80  # bytes: everything in a transport file comes in records of this length


def read_xpt(content: bytes, limits: Limits) -> pd.DataFrame:
    """One row per observation; text and dates (ISO) as text, numbers as numbers.

    The index is the row it would have in a spreadsheet: the first observation is row 2.
    """
    if not content.startswith(b"HEADER RECORD*******LIB"):
        raise UnreadableFile("not_xpt", "a file that does not begin as a SAS transport file")
    if len(content) % RECORD:
        raise UnreadableFile("truncated_xpt", f"{len(content):,} bytes, which is not a multiple of {RECORD}")
    frame = _observations(content)
    if len(frame) > limits.rows:
        raise UnreadableFile("too_large", f"{len(frame):,} rows, more than {limits.rows:,}")
    if len(frame.columns) > limits.columns:
        raise UnreadableFile("too_large", f"{len(frame.columns):,} columns, more than {limits.columns:,}")
    _refuse_cut_observation(content, len(frame))
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    return clean_headers(frame.apply(_as_text_unless_number))


def _observations(content: bytes) -> pd.DataFrame:
    """Transport files store no encoding: UTF-8 first, then GB18030."""
    for encoding in ("UTF-8", "GB18030"):
        try:
            return pyreadstat.read_xport(io.BytesIO(content), encoding=encoding)[0]
        except UnicodeDecodeError:
            continue
        except pyreadstat.ReadstatError as error:
            if "encoding" in str(error).lower() or "convert" in str(error).lower():
                continue
            raise UnreadableFile("not_xpt", f"a damaged SAS transport file ({error})") from None
    raise UnreadableFile("encoding", "characters that are neither UTF-8 nor GB18030")


def _refuse_cut_observation(content: bytes, rows: int) -> None:
    """Version 5 has no row count: bytes after the last whole observation that are not padding are a cut one."""
    start = content.rfind(b"HEADER RECORD*******OBS")
    header, data = content[start : start + RECORD], content[start + RECORD :]
    announced = header[48:].strip() if header.startswith(b"HEADER RECORD*******OBSV8") else b""
    if announced.isdigit() and int(announced) not in (0, rows):
        raise UnreadableFile(
            "truncated_xpt", f"{rows:,} observations where the file announces {int(announced):,}"
        )
    if data[rows * _observation_width(content) :].strip(b" "):
        raise UnreadableFile("truncated_xpt", f"a cut observation after {rows:,} whole ones")


def _observation_width(content: bytes) -> int:
    """Bytes of one observation: the sum of the variable lengths in the NAMESTR records (140 bytes each)."""
    start = max(content.find(b"HEADER RECORD*******NAMESTR"), content.find(b"HEADER RECORD*******NAMSTV8"))
    variables = int(content[start + 54 : start + 58])
    records = content[start + RECORD :]
    return sum(int.from_bytes(records[140 * i + 4 : 140 * i + 6], "big") for i in range(variables))


def _as_text_unless_number(column: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column):
        return column.astype("float64")
    if pd.api.types.is_datetime64_any_dtype(column):
        return column.dt.strftime("%Y-%m-%d").fillna("").astype("str")
    return column.map(_as_text).astype("str")


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return ""
