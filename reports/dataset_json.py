"""A dataset as CDISC Dataset-JSON, version 1.1."""

import datetime
import json

import pandas as pd

from reports.datasets import AnalysisDataset
from reports.dictionary import length_of, type_of
from reports.export import version

DATA_TYPES = {"text": "string", "integer": "integer", "number": "float"}


def dataset_json(dataset: AnalysisDataset, study: str, created: datetime.datetime) -> bytes:
    """The file. A missing number is null, a missing text empty; nothing that is not JSON (NaN) is ever written."""
    whole = {
        "datasetJSONCreationDateTime": created.isoformat(timespec="seconds"),
        "datasetJSONVersion": "1.1.0",
        "fileOID": f"{study}.{dataset.name}",
        "originator": "ITP Interim",
        "sourceSystem": {"name": "ITP Interim", "version": version()},
        "studyOID": study,
        "itemGroupOID": f"IG.{dataset.name}",
        "records": len(dataset.frame),
        "name": dataset.name,
        "label": dataset.label,
        "columns": [_column(dataset, place) for place in range(len(dataset.variables))],
        "rows": _rows(dataset.frame),
    }
    return json.dumps(whole, ensure_ascii=False, allow_nan=False).encode()


def _column(dataset: AnalysisDataset, place: int) -> dict[str, object]:
    variable = dataset.variables[place]
    values = dataset.frame[variable.name]
    data_type = DATA_TYPES[type_of(values)]
    said: dict[str, object] = {
        "itemOID": f"IT.{dataset.name}.{variable.name}",
        "name": variable.name,
        "label": variable.label,
        "dataType": data_type,
    }
    if data_type == "string":
        said["length"] = length_of(values)
    if variable.name in dataset.keys:
        said["keySequence"] = dataset.keys.index(variable.name) + 1
    return said


def _rows(frame: pd.DataFrame) -> list[list[object]]:
    columns = [column.astype(object).where(column.notna(), None).tolist() for _, column in frame.items()]
    return [list(row) for row in zip(*columns, strict=True)]
