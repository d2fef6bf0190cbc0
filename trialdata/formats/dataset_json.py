"""CDISC Dataset-JSON 1.1, whole or as NDJSON (metadata in the first line, then one record a line)."""

import json
import re
from collections.abc import Iterable

import pandas as pd

from trialdata.findings import finding
from trialdata.formats.delimited import encoding_findings
from trialdata.formats.names import inert_name
from trialdata.formats.source_table import SourceTable
from trialdata.headers import clean_headers, sent_headers
from trialdata.limits import Limits, UnreadableFile
from trialdata.reading import as_text
from trialdata.text_decoding import decode
from trialdata.values import read_number, sas_date

REQUIRED = (
    "datasetJSONCreationDateTime",
    "itemGroupOID",
    "records",
    "name",
    "label",
)  # a table without is readable
NUMERIC = ("integer", "float", "double", "decimal")
DATE_FORMAT = re.compile(
    r"(DATE|YYMMDD|DDMMYY|MMDDYY|E8601DA|B8601DA|IS8601DA)[A-Z]?\d*\.?\d*", re.IGNORECASE
)
BRACKETS_PER_ROW = 10  # opening brackets beyond this many per allowed row are no data
LAST_DAY = 500_000  # days from 1960: the year 3328
NOT_A_NUMBER = object()
Parts = tuple[dict, list]


def read_dataset_json(file: str, content: bytes, limits: Limits) -> list[SourceTable]:
    """The one dataset of a file, every cell as text; the first record is row 2."""
    decoded = decode(content)
    text = decoded.data.decode()
    if text.count("[") + text.count("{") > BRACKETS_PER_ROW * limits.rows:
        raise UnreadableFile("too_large", f"more brackets than {limits.rows:,} rows need")
    metadata, rows = _parts(text)
    _refuse_other_versions(metadata)
    columns = _columns(metadata, limits)
    _refuse_other_rows(metadata, rows, len(columns), limits)
    frame, findings = _frame(rows, columns, file)
    _refuse_long_cells(frame, limits)
    labels = {
        header: label
        for header, column in zip(frame.columns, columns, strict=True)
        if isinstance(label := column.get("label"), str) and label
    }
    name = metadata.get("name")
    return [
        SourceTable(
            file,
            frame,
            sheet=inert_name(name) if isinstance(name, str) and name.strip() else "",
            labels=labels,
            sent=sent_headers(column["name"] for column in columns),
            findings=(*encoding_findings(decoded, file), *_missing_attributes(metadata, file), *findings),
        )
    ]


def _parts(text: str) -> Parts:
    """The metadata and the rows of either form."""
    first, _, rest = text.lstrip().partition("\n")
    try:
        metadata = _loaded(first)
    except UnreadableFile:
        rest = ""
    if not rest.strip():
        metadata = _loaded(text)
    if not isinstance(metadata, dict):
        raise UnreadableFile("not_dataset_json", "JSON without the attributes of a dataset")
    if not rest.strip():
        rows = metadata.get("rows", [])
        return metadata, rows if isinstance(rows, list) else [rows]
    if "rows" in metadata:
        raise UnreadableFile("damaged_json", "more after the end of the dataset", row=2)
    lines = rest.rstrip().split("\n")
    return metadata, [_loaded(line, line_number) for line_number, line in enumerate(lines, start=2)]


def _loaded(text: str, line: int = 1) -> object:
    """The value with every number as the text that stood there."""
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        found = f"JSON that is damaged or cut off ({error.msg})"
        raise UnreadableFile("damaged_json", found, row=line + error.lineno - 1) from None
    except RecursionError:
        raise UnreadableFile("damaged_json", "brackets within brackets without end") from None


def _object(pairs: list[tuple[str, object]]) -> dict:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise UnreadableFile("damaged_json", "an attribute that stands twice")
    return found


def _constant(name: str) -> object:
    if name != "NaN":
        raise UnreadableFile("damaged_json", f"{name}, which is no value in JSON")
    return NOT_A_NUMBER


def _refuse_other_versions(metadata: dict) -> None:
    version = metadata.get("datasetJSONVersion")
    if version is None and {"clinicalData", "referenceData"} & set(metadata):
        raise UnreadableFile("dataset_json_version", "Dataset-JSON 1.0")
    if version is None or "columns" not in metadata:
        raise UnreadableFile("not_dataset_json", "JSON without the attributes of a dataset")
    if not re.fullmatch(r"1\.1(\.\d+)?", str(version)):
        raise UnreadableFile("dataset_json_version", f'version "{inert_name(str(version))[:20]}"')


def _columns(metadata: dict, limits: Limits) -> list[dict]:
    columns = metadata["columns"]
    if not isinstance(columns, list) or not columns:
        raise UnreadableFile("not_dataset_json", "a dataset without columns")
    if len(columns) > limits.columns:
        raise UnreadableFile("too_large", f"{len(columns):,} columns, more than {limits.columns:,}")
    for number, column in enumerate(columns, start=1):
        name = column.get("name") if isinstance(column, dict) else None
        if not isinstance(name, str) or not name.strip():
            raise UnreadableFile("not_dataset_json", f"column {number} without a name")
    return columns


def _refuse_other_rows(metadata: dict, rows: list, columns: int, limits: Limits) -> None:
    """What the schema of the standard does not see: a count that is not that of the rows, and short rows."""
    records = metadata.get("records", str(len(rows)))
    if records != str(len(rows)):
        announced = (
            f"{int(records):,}"
            if isinstance(records, str) and re.fullmatch(r"\d{1,9}", records)
            else "another number"
        )
        raise UnreadableFile("records_disagree", f"{len(rows):,} rows where the file announces {announced}")
    if len(rows) > limits.rows:
        raise UnreadableFile("too_large", f"{len(rows):,} rows, more than {limits.rows:,}")
    for number, row in enumerate(rows, start=2):
        if not isinstance(row, list):
            raise UnreadableFile("short_record", "a record that is no list of values", row=number)
        if len(row) != columns:
            raise UnreadableFile("short_record", f"{len(row):,} values for {columns} columns", row=number)


def _frame(rows: list, columns: list[dict], file: str) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    index = pd.RangeIndex(2, len(rows) + 2)
    names = [column["name"] for column in columns]
    values = zip(*rows, strict=True) if rows else [()] * len(columns)
    cells = [_texts(column, name) for column, name in zip(values, names, strict=True)]
    frame = pd.concat([pd.Series(texts, index=index, dtype="str") for texts, _ in cells], axis=1)
    frame = clean_headers(frame.set_axis(names, axis=1)).apply(as_text)
    findings = []
    for header, column, (_, not_numbers) in zip(frame.columns, columns, cells, strict=True):
        if not_numbers:
            found = f"NaN in {not_numbers:,} cells"
            findings.append(finding("json_nan", file, column=header, found=found))
        if column.get("dataType") in NUMERIC and DATE_FORMAT.fullmatch(str(column.get("displayFormat"))):
            dates = {text: _date(text) for text in frame[header].unique()}
            frame[header] = frame[header].map(dates).astype("str")
            found = f"days with the format {inert_name(column['displayFormat'])}"
            findings.append(finding("sas_date", file, column=header, found=found))
    return frame, findings


def _texts(column: Iterable[object], name: str) -> tuple[list[str], int]:
    """The cells of a column as text, and how many were NaN."""
    texts, not_numbers = [], 0
    for row, value in enumerate(column, start=2):
        if isinstance(value, str):
            texts.append(value)
        elif value is None or value is NOT_A_NUMBER:
            not_numbers += value is NOT_A_NUMBER
            texts.append("")
        elif isinstance(value, bool):
            texts.append("true" if value else "false")
        else:
            raise UnreadableFile(
                "short_record", "a list instead of a value", row=row, column=inert_name(name)
            )
    return texts, not_numbers


def _date(text: str) -> str:
    """ISO date of a SAS day number; any other text, and a day beyond all dates, stays as it is."""
    days = read_number(text).value
    return sas_date(days) if abs(days) < LAST_DAY else text


def _refuse_long_cells(frame: pd.DataFrame, limits: Limits) -> None:
    for header in frame.columns:
        long = frame[header].str.len() > limits.row_bytes
        if long.any():
            found = f"a cell of more than {limits.row_bytes:,} characters"
            raise UnreadableFile("too_large", found, row=int(frame.index[long][0]), column=header)


def _missing_attributes(metadata: dict, file: str) -> list[pd.DataFrame]:
    missing = [name for name in REQUIRED if name not in metadata]
    found = f"no {', '.join(missing)}"
    return [finding("dataset_json_incomplete", file, found=found)] if missing else []
