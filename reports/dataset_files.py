"""The analysis datasets as files: CSV, a workbook, SAS transport version 5, Dataset-JSON 1.1; or all in one ZIP file.

The names carry the number and the hash of the cut, not its date: beside study days the date is worth a first dose.
"""

import datetime
import io
import os
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analysis.adam import AnalysisData
from outputs.confidentiality import confidentiality
from reports.dataset_json import dataset_json
from reports.datasets import AnalysisDataset, analysis_datasets, whole_where_whole
from reports.dictionary import dictionary
from reports.export import as_csv, version
from reports.parameters import parameters
from reports.transport_files import xpt_bytes
from reports.workbook import workbook_bytes

FORMATS = ("csv", "xlsx", "xpt", "json")
BOM = "\ufeff"  # a spreadsheet takes the file for UTF-8
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the time of every file in the ZIP: the same data make the same bytes
NO_CUT_DAY = (
    "Participant-level data. No dataset holds the day or date of the data cut, a date, or the last day of follow-up "
    "of somebody on study: beside the date of the cut they give back the first dose."
)


@dataclass(frozen=True)
class File:
    """One file: its name, what is in it, and its bytes."""

    name: str
    holds: str
    rows: int
    content: bytes


def base_name(data: AnalysisData) -> str:
    """Study, number and hash of the cut, view; never its date."""
    study = data.study
    marks = {study.view: study.view != "true", "synthetic": data.definition.synthetic}
    words = [
        *(data.definition.name, f"cut{number_of_cut(data)}", study.content_hash[:8]),
        *(mark for mark, holds in marks.items() if holds),
        "participant_level",
    ]
    return "_".join(words)


def number_of_cut(data: AnalysisData) -> int:
    return data.study.cuts.index(data.study.cut) + 1


def dataset_files(
    data: AnalysisData, wanted: Iterable[str], created: datetime.datetime
) -> tuple[tuple[File, ...], tuple[str, ...]]:
    """The files of the wanted formats with what describes them, and in words what a format could not hold."""
    datasets, wanted = analysis_datasets(data), set(wanted)
    notes = [note for dataset in datasets for note in dataset.notes]
    files: list[File] = []
    for dataset in datasets:
        if "csv" in wanted:
            files.append(_file(dataset, "csv", csv_bytes(dataset.frame)))
        if "xpt" in wanted:
            content, shortened = xpt_bytes(dataset, created)
            files.append(_file(dataset, "xpt", content))
            notes += [f"SAS transport: {note}" for note in shortened]
        if "json" in wanted:
            files.append(_file(dataset, "json", dataset_json(dataset, data.definition.studyid, created)))
    described = describing(data, datasets, created, notes)
    if wanted - {"xlsx"}:
        files += [
            File(f"{name.lower()}.csv", name, len(frame), csv_bytes(frame))
            for name, frame in described.items()
        ]
    if "xlsx" in wanted:
        sheets = described | {dataset.name: dataset.frame for dataset in datasets}
        rows = sum(len(dataset.frame) for dataset in datasets)
        files.append(File("datasets.xlsx", "all of them", rows, workbook_bytes(sheets, created)))
    base = base_name(data)
    return tuple(replace(file, name=f"{base}_{file.name}") for file in files), tuple(notes)


def _file(dataset: AnalysisDataset, ending: str, content: bytes) -> File:
    return File(f"{dataset.name.lower()}.{ending}", dataset.name, len(dataset.frame), content)


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """UTF-8 with a byte order mark; numbers unrounded, text that would run as a formula led by an apostrophe."""
    numbers = [name for name in frame if pd.api.types.is_float_dtype(frame[name])]
    whole = frame.assign(**{name: whole_where_whole(frame[name]) for name in numbers})
    return (BOM + as_csv(whole)).encode()


def describing(
    data: AnalysisData, datasets: Iterable[AnalysisDataset], created: datetime.datetime, notes: Iterable[str]
) -> dict[str, pd.DataFrame]:
    """What stands beside the datasets, by name: Contents, Dictionary, Parameters."""
    definition, study = data.definition, data.study
    facts = [
        ("Study", definition.studyid),
        ("Registry", definition.registry),
        ("Title", definition.title),
        ("Data", "synthetic: no real participants" if definition.synthetic else "of participants"),
        ("Confidentiality", confidentiality(data)),
        ("Data cut", f"{number_of_cut(data)} of {len(study.cuts)}"),
        ("Arms", "as they are" if study.view == "true" else "pooled: no arm is shown"),
        ("Hash of the cut", study.content_hash),
        ("Hash of the definition", definition.content_hash),
        ("Software", f"ITP Interim {version()}"),
        ("Written", created.isoformat(timespec="seconds")),
        *((dataset.name, f"{dataset.label}. {dataset.structure}") for dataset in datasets),
        ("Left out", NO_CUT_DAY),
        *(("Note", note) for note in notes),
    ]
    return {
        "Contents": pd.DataFrame([fact for fact in facts if fact[1]], columns=["Item", "What"]),
        "Dictionary": dictionary(tuple(datasets)),
        "Parameters": parameters(definition),
    }


def zip_bytes(files: Iterable[File]) -> bytes:
    """All files in one, the same bytes for the same files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            info = zipfile.ZipInfo(file.name, EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            archive.writestr(info, file.content)
    return content.getvalue()


def write_files(files: Iterable[File], folder: Path, *, over: bool = False) -> None:
    """All files or none, each readable by its owner alone; FileExistsError names the first that is there already."""
    files = tuple(files)
    folder.mkdir(parents=True, exist_ok=True)
    there = [file.name for file in files if (folder / file.name).exists()]
    if there and not over:
        raise FileExistsError(folder / there[0])
    with tempfile.TemporaryDirectory(dir=folder, prefix=".datasets-") as aside:
        for file in files:
            path = Path(aside) / file.name
            path.touch(mode=0o600)
            path.write_bytes(file.content)
        for file in files:
            os.replace(Path(aside) / file.name, folder / file.name)
