"""SAS transport files (version 5 and 8) become a frame of text and numbers."""

import datetime
import io
import re
from typing import Any

import pandas as pd
import pyreadstat

from trialdata.headers import clean_headers
from trialdata.limits import Limits, UnreadableFile

RECORD = 80  # bytes: everything in a transport file comes in records of this length
RENAMED = re.compile(r"_duplicated\d+$")
LIBRARY = 3 * RECORD  # the records before the first dataset
MEMBERS = (
    b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!",
    b"HEADER RECORD*******MEMBV8  HEADER RECORD!!!!!!!",
)


def read_xpt(content: bytes, limits: Limits) -> pd.DataFrame:
    """One row per observation; text and dates (ISO) as text, numbers as numbers.

    The index is the row it would have in a spreadsheet: the first observation is row 2.
    """
    datasets = transport_datasets(content)
    if len(datasets) > 1:
        raise UnreadableFile("several_datasets", f"{len(datasets):,} datasets in one file")
    frame, _ = read_dataset(datasets[0], limits)
    refuse_unnamed(list(frame.columns))
    return clean_headers(frame.apply(_as_text_unless_number))


def transport_datasets(content: bytes) -> list[bytes]:
    """Each dataset of the file as a file of its own: pyreadstat reads a second one as rows of the first."""
    if not content.startswith(b"HEADER RECORD*******LIB"):
        raise UnreadableFile("not_xpt", "a file that does not begin as a SAS transport file")
    if len(content) % RECORD:
        raise UnreadableFile("truncated_xpt", f"{len(content):,} bytes, which is not a multiple of {RECORD}")
    starts = [at for at in range(LIBRARY, len(content), RECORD) if content.startswith(MEMBERS, at)]
    if not starts or starts[0] != LIBRARY:
        raise UnreadableFile("not_xpt", "a SAS transport file without a dataset")
    ends = [*starts[1:], len(content)]
    return [content[:LIBRARY] + content[start:end] for start, end in zip(starts, ends, strict=True)]


def read_dataset(content: bytes, limits: Limits, **options: Any) -> tuple[pd.DataFrame, Any]:
    """The observations of a file with one dataset, and what pyreadstat tells of it; the index is 2, 3, ..."""
    frame, about = _observations(content, {"row_limit": limits.rows + 1, **options})
    if len(frame) > limits.rows:
        raise UnreadableFile("too_large", f"more than {limits.rows:,} rows")
    if len(frame.columns) > limits.columns:
        raise UnreadableFile("too_large", f"{len(frame.columns):,} columns, more than {limits.columns:,}")
    _refuse_cut_observation(content, len(frame))
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    return frame, about


def refuse_unnamed(names: list[Any]) -> None:
    """Variables without a name, and ones pyreadstat renamed: of two named ADT the second is ADT_duplicated1."""
    if not all(isinstance(name, str) and name.strip() for name in names):
        raise UnreadableFile("column_without_header", "a variable without a name")
    twice = sorted(
        {name for name in names if any(RENAMED.sub("", other) == name != other for other in names)}
    )
    if twice:
        raise UnreadableFile("duplicate_header", "the header twice", row=1, column=", ".join(twice))


def _observations(content: bytes, options: dict[str, Any]) -> tuple[pd.DataFrame, Any]:
    """Transport files store no encoding: UTF-8 first, then GB18030."""
    for encoding in ("UTF-8", "GB18030"):
        try:
            return pyreadstat.read_xport(io.BytesIO(content), encoding=encoding, **options)
        except UnicodeDecodeError:
            continue
        except pyreadstat.ReadstatError as error:
            if "encoding" in str(error).lower() or "convert" in str(error).lower():
                continue
            raise UnreadableFile("not_xpt", f"a damaged SAS transport file ({error})") from None
        except (pyreadstat.PyreadstatError, TypeError, ValueError, OverflowError, MemoryError):
            raise UnreadableFile("not_xpt", "a damaged SAS transport file") from None
    raise UnreadableFile("encoding", "characters that are neither UTF-8 nor GB18030")


def _refuse_cut_observation(content: bytes, rows: int) -> None:
    """Version 5 has no row count: bytes after the last whole observation that are not padding are a cut one."""
    start = content.find(b"HEADER RECORD*******OBS")
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
    count = content[start + 54 : start + 58]
    if start < 0 or not count.isdigit():
        raise UnreadableFile("not_xpt", "a SAS transport file without a list of its variables")
    records = content[start + RECORD :]
    return sum(int.from_bytes(records[140 * i + 4 : 140 * i + 6], "big") for i in range(int(count)))


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
