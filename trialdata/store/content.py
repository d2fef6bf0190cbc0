"""What makes two imports the same data cut: the study, the cutoff date and every cell."""

import datetime
import hashlib
import json
from collections.abc import Mapping

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from trialdata.provenance import SOURCE_COLUMNS

FIRST_ROW = 2  # the header of a file is row 1


def content_hash(study: str, cutoff: datetime.date, frames: Mapping[str, pd.DataFrame]) -> str:
    """SHA-256 of the study, the date and the cells of all datasets; the order of rows and columns means nothing.

    Where the rows came from is no part of it: the same data sent under another file name are the same.
    """
    digest = hashlib.sha256(json.dumps([study, cutoff.isoformat()]).encode())
    for name, frame in sorted(frames.items()):
        columns = sorted(column for column in frame.columns if column not in SOURCE_COLUMNS)
        digest.update(json.dumps([name, len(frame), columns]).encode())
        cells = pa.table({column: text_array(frame[column]) for column in columns})
        if columns:
            cells = cells.take(pc.sort_indices(cells, sort_keys=[(name, "ascending") for name in columns]))
        for column in cells.columns:
            digest.update(pc.binary_length(column).combine_chunks().to_numpy().tobytes())
            digest.update("".join(column.to_pylist()).encode())
    return digest.hexdigest()


def text_array(column: pd.Series) -> pa.Array:
    """The cells of a column; ValueError where one is not text."""
    array = pa.array(column.to_numpy(dtype=object), type=pa.large_string(), from_pandas=True)
    if array.null_count:
        raise ValueError(f"column {column.name} has cells that are no text")
    return array


def as_table(frame: pd.DataFrame) -> pa.Table:
    """The text cells of a dataset; its index has to be 2, 3, ..."""
    if not frame.index.equals(pd.RangeIndex(FIRST_ROW, len(frame) + FIRST_ROW)):
        raise ValueError("the index of a dataset is not 2, 3, ...")
    return pa.table({str(name): text_array(frame[name]) for name in frame.columns})
