"""A dataset as SAS transport file, version 5.

Its limits are bytes: 8 of a name, 40 of a label, 200 of a text. Text is written as UTF-8, which the format has no place
to say: a SAS session has to run in UTF-8 to read what is not ASCII. What does not fit is cut at a character and told.
"""

import datetime
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyreadstat

from reports.datasets import AnalysisDataset
from trialdata.errors import StudyDataError

NAME, LABEL, TEXT = 8, 40, 200
STAMP = re.compile(rb"\d\d[A-Z]{3}\d\d:\d\d:\d\d:\d\d")
HEADERS = 640  # bytes before the variables: both headers with their times lie there


def xpt_bytes(dataset: AnalysisDataset, created: datetime.datetime) -> tuple[bytes, tuple[str, ...]]:
    """The file, and in words what had to be shortened."""
    names = transport_names([variable.name for variable in dataset.variables])
    frame, notes = _within_limits(dataset)
    renamed = [f"{dataset.name}.{name} is called {short}." for name, short in names.items() if name != short]
    labels: dict[str, str | None] = {
        names[variable.name]: cut_to_bytes(variable.label, LABEL) for variable in dataset.variables
    }
    with tempfile.TemporaryDirectory() as folder:  # the library writes to a path only
        path = Path(folder) / "dataset.xpt"
        pyreadstat.write_xport(
            frame.rename(columns=names),
            str(path),
            file_label=cut_to_bytes(dataset.label, LABEL),
            column_labels=labels,
            table_name=dataset.name,
            file_format_version=5,
        )
        content = path.read_bytes()
    stamp = f"{created:%d%b%y:%H:%M:%S}".upper().encode()
    return STAMP.sub(stamp, content[:HEADERS]) + content[HEADERS:], (*renamed, *notes)


def transport_names(names: Sequence[str]) -> dict[str, str]:
    """Each name as the format takes it: capitals, digits and underscores, at most 8, all different."""
    taken: dict[str, str] = {}
    for name in sorted(names, key=lambda name: (not _fits(name), names.index(name))):
        plain = re.sub(r"[^A-Z0-9_]", "", name.upper()).lstrip("0123456789")[:NAME] or "COL"
        short, number = plain, 1
        while short in taken.values():
            number += 1
            short = f"{plain[: NAME - len(str(number))]}{number}"
        taken[name] = short
    return {name: taken[name] for name in names}


def _fits(name: str) -> bool:
    return re.fullmatch(r"[A-Z_][A-Z0-9_]{0,7}", name) is not None


def _within_limits(dataset: AnalysisDataset) -> tuple[pd.DataFrame, list[str]]:
    """Numbers as float64, texts of at most 200 bytes; an identifier is never cut."""
    columns, notes = {}, []
    for name, column in dataset.frame.items():
        if pd.api.types.is_numeric_dtype(column):
            columns[name] = column.astype("float64")
            continue
        short = column.map({text: cut_to_bytes(text, TEXT) for text in column.unique()})
        cut = int((short != column).sum())
        if cut and str(name) in dataset.keys:
            raise StudyDataError(
                f"{dataset.name}.{name}: found a value of more than {TEXT} bytes, expected at most {TEXT}, the "
                "longest text of a SAS transport file. Write the datasets in another format."
            )
        if cut:
            notes.append(f"{dataset.name}.{name}: {cut} texts are cut to {TEXT} bytes.")
        columns[name] = short.astype("str")
    return pd.DataFrame(columns), notes


def cut_to_bytes(text: str, most: int) -> str:
    """The text up to so many bytes of UTF-8, ending with a whole character."""
    return text.encode()[:most].decode(errors="ignore")
