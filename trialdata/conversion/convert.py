"""Mapped tables become the datasets of a study, their cells plain, their dates study days."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from trialdata.definition import StudyDefinition
from trialdata.load_report import NOTHING
from trialdata.mapping.import_mapping import ImportMapping, MappedTable


@dataclass(frozen=True, eq=False)
class Converted:
    """The datasets as text by name (index 2, 3, ...; SRCFILE and SRCROW), the load report, and what was noticed."""

    texts: dict[str, pd.DataFrame]
    report: pd.DataFrame
    findings: tuple[pd.DataFrame, ...] = ()


def convert_tables(
    tables: Sequence[MappedTable],
    definition: StudyDefinition,
    mapping: ImportMapping,
    cut: datetime.date,
) -> Converted:
    """Every table of a dataset joined to one, every cell converted."""
    names = dict.fromkeys(table.dataset for table in tables)
    texts = {}
    for name in names:
        frames = [table.frame for table in tables if table.dataset == name]
        text = pd.concat(frames).fillna("").astype("str")
        texts[name] = text.set_axis(pd.RangeIndex(2, len(text) + 2))
    return Converted(texts, NOTHING)
