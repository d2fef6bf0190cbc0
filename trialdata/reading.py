"""Files of a data cut become typed frames: text first, conversion second, every conversion a finding.

The index of a frame is the spreadsheet row of the file (the header is row 1), so that a finding can name it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from trialdata.csv_files import read_csv
from trialdata.deidentify import check_identifiers
from trialdata.findings import finding, quoted, row_findings
from trialdata.limits import Limits, UnreadableFile
from trialdata.provenance import split_sources
from trialdata.schema import FILLED, REQUIRED, Dataset, empty_column, empty_frame
from trialdata.values import INERT, censored_text, read_date, read_flag, read_grade, read_number, sas_date
from trialdata.xpt_files import read_xpt

READERS = {".csv": read_csv, ".xpt": read_xpt}
AGE_ABOVE_89 = r"^\s*(?:[>＞]\s*89|[≥]\s*90|>=\s*90|90\s*\+)\s*$"
Frames = list[pd.DataFrame]


@dataclass(frozen=True)
class DatasetFile:
    """A dataset as read: `frame` typed, `file` as named on disk.

    `given`: the file was there; `usable`: its rows and required columns were read, so that checks make sense;
    `sources`: file and row as sent of each row, where it was imported.
    """

    frame: pd.DataFrame
    file: str
    given: bool = True
    usable: bool = True
    sources: pd.DataFrame | None = None


def read_dataset(dataset: Dataset, contents: dict[str, bytes], limits: Limits) -> tuple[DatasetFile, Frames]:
    """The dataset among the files of a cut, and the findings of reading it."""
    names = [name for name in sorted(contents) if _is_file_of(dataset, name)]
    if len(names) != 1:
        return _without_one_file(dataset, names)
    (name,) = names
    try:
        raw = read_text(name, contents[name], limits)
    except UnreadableFile as problem:
        refused = finding(problem.check, name, row=problem.row, column=problem.column, found=problem.found)
        return DatasetFile(empty_frame(dataset), name, usable=False), [refused]
    return typed_dataset(dataset, raw, name)


def typed_dataset(dataset: Dataset, raw: pd.DataFrame, name: str) -> tuple[DatasetFile, Frames]:
    """The dataset from its cells; of an imported one the source of each row is kept apart."""
    raw, sources = split_sources(raw)
    missing = _missing_columns(dataset, raw, name)
    raw, findings = check_identifiers(raw, name)
    frame, converted = convert(dataset, raw, name)
    if frame.empty:
        check = "empty_dataset" if dataset.required else "no_rows"
        findings.append(finding(check, name, found="a header without rows"))
    file = DatasetFile(frame, name, usable=not missing, sources=sources)
    return file, missing + findings + converted


def _is_file_of(dataset: Dataset, name: str) -> bool:
    path = Path(name.lower())
    return path.suffix in READERS and path.stem in dataset.files


def absent_dataset(dataset: Dataset) -> tuple[DatasetFile, Frames]:
    """A dataset that no file holds: refused where it is required."""
    return _without_one_file(dataset, [])


def _without_one_file(dataset: Dataset, names: list[str]) -> tuple[DatasetFile, Frames]:
    file = names[0] if names else f"{dataset.name}.csv"
    usable = not names and not dataset.required
    empty = DatasetFile(empty_frame(dataset), file, given=bool(names), usable=usable)
    if names:
        return empty, [finding("two_files", " and ".join(names), found=f"{len(names)} files for one dataset")]
    return empty, [
        finding("missing_file" if dataset.required else "absent_file", empty.file, found="no such file")
    ]


def read_text(name: str, content: bytes, limits: Limits) -> pd.DataFrame:
    """The cells of a file as text, those of a SAS transport file as text or numbers; `UnreadableFile` otherwise."""
    if not content:
        raise UnreadableFile("empty_file", "a file of 0 bytes")
    if len(content) > limits.bytes:
        raise UnreadableFile("too_large", f"more than {limits.megabytes:g} MB")
    return READERS[Path(name.lower()).suffix](content, limits)


def _missing_columns(dataset: Dataset, raw: pd.DataFrame, file: str) -> Frames:
    missing = [column.name for column in dataset.named(REQUIRED) if column.name not in raw]
    found = f"the columns {', '.join(raw.columns[:20])}" + (", ..." if len(raw.columns) > 20 else "")
    return [finding("missing_column", file, column=name, row=1, found=found) for name in missing]


def convert(dataset: Dataset, raw: pd.DataFrame, file: str) -> tuple[pd.DataFrame, Frames]:
    """The frame with every column in its type, absent columns filled, and what conversion noticed."""
    findings: Frames = []
    columns = {}
    if "AGE" in raw and not pd.api.types.is_numeric_dtype(raw["AGE"]):
        raw = raw.assign(AGE=raw["AGE"].str.replace(AGE_ABOVE_89, "90", regex=True))
    subjects = {"USUBJID": as_text(raw["USUBJID"])} if "USUBJID" in raw else {}
    rows = pd.DataFrame(subjects, index=raw.index)
    for name in raw.columns:
        kind = dataset.kinds.get(name) or _kind_of_extra(name, raw[name])
        columns[name], found = CONVERSIONS[kind](raw[name], rows, file)
        findings.extend(found)
    for column in dataset.named(REQUIRED) + dataset.named(FILLED):
        if column.name not in columns:
            columns[column.name] = empty_column(column.kind, raw.index)
    if dataset.name == "adlb":
        columns["AVALC"] = _values_as_reported(raw, columns["AVALC"])
    return pd.DataFrame(columns, index=raw.index), findings


def _values_as_reported(raw: pd.DataFrame, avalc: pd.Series) -> pd.Series:
    """AVALC with censored texts in one spelling; a `<5` that stands in AVAL is moved here."""
    reported = _each_text(avalc, censored_text)
    if "AVAL" not in raw or pd.api.types.is_numeric_dtype(raw["AVAL"]):
        return reported
    of_aval = _each_text(raw["AVAL"], lambda text: read_number(text).text)
    return of_aval.where(of_aval != "", reported)


def _each_text(column: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """The column with every distinct text changed once."""
    codes, texts = pd.factorize(column)
    changed = pd.array([change(text) for text in texts], dtype="str")
    return pd.Series(changed.take(codes), index=column.index, dtype="str", name=column.name)


def _kind_of_extra(name: str, column: pd.Series) -> str:
    """Numbers where every filled cell is one; texts such as 01 and names that end in ID stay text."""
    if pd.api.types.is_numeric_dtype(column):
        return "number"
    texts = [text.strip() for text in column.unique() if text.strip()]
    coded = any(len(text) > 1 and text[0] == "0" and text.isdigit() for text in texts)
    if not texts or coded or name.endswith("ID"):
        return "text"
    return "number" if all(read_number(text)[1:] == ("", "") for text in texts) else "text"


def as_text(column: pd.Series) -> pd.Series:
    """Text without blanks at its ends and without control characters; a whole number without its `.0`."""
    if pd.api.types.is_numeric_dtype(column):
        return column.map(lambda value: "" if np.isnan(value) else f"{value:.15g}").astype("str")
    return _each_text(column, lambda text: INERT.sub("", text).strip())


def _convert_text(column: pd.Series, rows: pd.DataFrame, file: str) -> tuple[pd.Series, Frames]:
    return as_text(column), []


def _convert_number(column: pd.Series, rows: pd.DataFrame, file: str) -> tuple[pd.Series, Frames]:
    """Numbers; a censored text becomes NaN here (adlb keeps it in AVALC)."""
    if pd.api.types.is_numeric_dtype(column):
        return column.astype("float64"), []
    codes, texts = pd.factorize(column)
    readings = [read_number(text) for text in texts]
    values = np.array([reading.value for reading in readings], dtype="float64")[codes]
    noticed = pd.Series(
        np.array([reading.noticed for reading in readings], dtype=object)[codes], index=column.index
    )
    findings = []
    for word, check in NOTICED.items():
        if check == "censored_number" and column.name == "AVAL":
            continue  # kept in AVALC and reported there
        hits = noticed == word
        if hits.any():
            found = quoted(column[hits])
            findings.append(row_findings(check, file, rows[hits], column=str(column.name), found=found))
    return pd.Series(values, index=column.index), findings


NOTICED = {  # what read_number noticed, and the check that reports it
    "not done": "not_done",
    "thousands": "thousands_comma",
    "marked": "lab_mark",
    "not one number": "not_one_number",
    "not a number": "not_a_number",
    "infinite": "infinite_number",
    "below": "censored_number",
    "above": "censored_number",
}


def _convert_date(column: pd.Series, rows: pd.DataFrame, file: str) -> tuple[pd.Series, Frames]:
    if pd.api.types.is_numeric_dtype(column):  # a SAS date without a date format
        return column.map(sas_date).astype("str"), [
            finding("sas_date", file, column=str(column.name), found="numbers")
        ]
    return _by_text(column, rows, file, read_date, "not_a_date")


def _convert_flag(column: pd.Series, rows: pd.DataFrame, file: str) -> tuple[pd.Series, Frames]:
    return _by_text(as_text(column), rows, file, read_flag, "not_a_flag")


def _convert_grade(column: pd.Series, rows: pd.DataFrame, file: str) -> tuple[pd.Series, Frames]:
    return _by_text(as_text(column), rows, file, read_grade, "not_a_grade")


def _by_text(column: pd.Series, rows: pd.DataFrame, file: str, read, check: str) -> tuple[pd.Series, Frames]:
    """Each distinct text read once; texts that were not understood become a finding of `check`."""
    codes, texts = pd.factorize(column)
    readings = [read(text) for text in texts]
    values = pd.array([value for value, _ in readings], dtype="str").take(codes)
    bad = np.array([not understood for _, understood in readings], dtype=bool)[codes]
    findings = []
    if bad.any():
        found = quoted(column[bad])
        findings.append(row_findings(check, file, rows[bad], column=str(column.name), found=found))
    return pd.Series(values, index=column.index, dtype="str"), findings


CONVERSIONS = {
    "id": _convert_text,
    "text": _convert_text,
    "number": _convert_number,
    "day": _convert_number,
    "date": _convert_date,
    "flag": _convert_flag,
    "grade": _convert_grade,
}
