"""A Parquet file becomes a table of text."""

import io
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from trialdata.findings import finding
from trialdata.formats.number_text import number_text
from trialdata.formats.source_table import SourceTable
from trialdata.headers import clean_header, clean_headers, sent_headers
from trialdata.limits import Limits, UnreadableFile

UNNAMED_INDEX = "__index_level_"  # how pandas names the column of an index that has no name
LABELS = (b"label", b"description", b"comment")  # of a column, where the writer stored one
DAMAGES = (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError, KeyError)


def read_parquet(file: str, content: bytes, limits: Limits) -> list[SourceTable]:
    """The one table of the file; its size is checked by what the file says of itself before it is read."""
    try:
        metadata = pq.read_metadata(io.BytesIO(content))
        schema = metadata.schema.to_arrow_schema()
    except DAMAGES:
        raise UnreadableFile("not_parquet", "a damaged or encrypted Parquet file") from None
    _refuse_large(metadata, limits)
    _refuse_nested(schema)
    labels = {clean_header(field.name): label for field in schema if (label := _label(field))}
    index = [name for name in schema.names if name.startswith(UNNAMED_INDEX)]
    found = (finding("index_not_read", file, found=", ".join(index)),) if index else ()
    frame = _frame(content, schema, limits)
    return [SourceTable(file, frame, labels=labels, findings=found, sent=sent_headers(schema.names))]


def _refuse_large(metadata: pq.FileMetaData, limits: Limits) -> None:
    unpacked = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
    if metadata.num_rows > limits.rows:
        raise UnreadableFile("too_large", f"{metadata.num_rows:,} rows, more than {limits.rows:,}")
    if metadata.num_columns > limits.columns:
        raise UnreadableFile("too_large", f"{metadata.num_columns:,} columns, more than {limits.columns:,}")
    if unpacked > limits.inflated_bytes:
        _refuse_unpacked(limits)


def _refuse_unpacked(limits: Limits) -> None:
    raise UnreadableFile("too_large", f"more than {limits.inflated_megabytes:,g} MB unpacked")


def _refuse_nested(schema: pa.Schema) -> None:
    other = [field for field in schema if _text_of(field.type) is None]
    if other:
        types = ", ".join(sorted({str(field.type) for field in other}))
        raise UnreadableFile(
            "nested_column", f"a column of {types}", column=", ".join(field.name for field in other)
        )


def _label(field: pa.Field) -> str:
    stored = field.metadata or {}
    return next((stored[key].decode(errors="replace") for key in LABELS if key in stored), "")


def _frame(content: bytes, schema: pa.Schema, limits: Limits) -> pd.DataFrame:
    """The columns of text: a text that stands in many rows is held once until their total length is known."""
    texts = [field.name for field in schema if pa.types.is_string(field.type)]
    texts += [field.name for field in schema if pa.types.is_large_string(field.type)]
    try:
        table = pq.ParquetFile(
            io.BytesIO(content), read_dictionary=texts, page_checksum_verification=True
        ).read()
        table.validate(full=True)
        columns = [_column(column) for column in table.columns]
    except DAMAGES:
        raise UnreadableFile("not_parquet", "a damaged Parquet file") from None
    _refuse_long(columns, limits)
    kept = [at for at, name in enumerate(table.column_names) if not name.startswith(UNNAMED_INDEX)]
    rows = pd.RangeIndex(2, table.num_rows + 2)
    frame = pd.DataFrame({at: columns[at] for at in kept}, index=rows, dtype="str")
    names = pd.Index([table.column_names[at] for at in kept], dtype=object)
    return clean_headers(frame.set_axis(names, axis=1))


def _refuse_long(columns: list[list[str]], limits: Limits) -> None:
    lengths = np.zeros(len(columns[0]) if columns else 0, dtype=np.int64)
    for column in columns:
        lengths += np.fromiter(map(len, column), dtype=np.int64, count=len(column))
    if (lengths > limits.row_bytes).any():
        row = int(np.argmax(lengths > limits.row_bytes)) + 2
        raise UnreadableFile("too_large", f"a row of more than {limits.row_bytes:,} characters", row=row)
    if lengths.sum() > limits.inflated_bytes:
        _refuse_unpacked(limits)


def _column(column: pa.ChunkedArray) -> list[str]:
    return [text for chunk in column.chunks for text in _texts(chunk)]


def _texts(values: pa.Array) -> list[str]:
    if pa.types.is_dictionary(values.type):
        words = _texts(values.dictionary)
        return ["" if at is None else words[at] for at in values.indices.to_pylist()]
    text = _text_of(values.type) or str
    return ["" if value is None else text(value) for value in values.to_pylist()]


def _text_of(kind: pa.DataType) -> Callable[[Any], str] | None:
    """How a value of this type is written; None for one that is no single value."""
    if pa.types.is_dictionary(kind):
        return _text_of(kind.value_type)
    if pa.types.is_boolean(kind):
        return lambda value: "TRUE" if value else "FALSE"
    if pa.types.is_float32(kind) or pa.types.is_float16(kind):
        return lambda value: _float(float(str(np.float32(value))))  # 0.1, not 0.10000000149011612
    if pa.types.is_float64(kind):
        return _float
    if pa.types.is_decimal(kind):
        return lambda value: f"{value:f}"
    if pa.types.is_date(kind) or pa.types.is_time(kind):
        return lambda value: value.isoformat()
    if pa.types.is_timestamp(kind):
        return lambda value: value.isoformat().removesuffix("T00:00:00")
    plain = (pa.types.is_integer, pa.types.is_string, pa.types.is_large_string, pa.types.is_null)
    return str if any(is_kind(kind) for is_kind in plain) else None


def _float(value: float) -> str:
    return "" if math.isnan(value) else number_text(value)
