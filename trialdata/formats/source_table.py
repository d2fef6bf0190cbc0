"""One table of a file as it was sent, every cell the text that stood there."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import pandas as pd

NO_LABELS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Concealed:
    """Text that somebody who looks at the table does not see: it is scanned for identifiers and then dropped."""

    place: str  # "hidden sheet Contacts, cell B2", "comment of cell D7"
    text: str


def read_changes(column: str, before: pd.Series, after: pd.Series) -> pd.DataFrame:
    """One row for each cell of a column that reading changed: row of the spreadsheet, header, before, after."""
    return pd.DataFrame({"row": before.index, "column": column, "before": before, "after": after})


@dataclass(frozen=True, eq=False)
class SourceTable:
    """One table: a CSV file, one sheet of a workbook, one dataset of a transport file.

    `frame` has text cells only ("" where empty), under clean headers that are each there once
    (trialdata/headers.py); its index is the row of the spreadsheet, so that the first row under a header in
    row 1 is row 2. `findings` are those of reading it.
    """

    file: str  # as sent, made inert: never used as a path
    frame: pd.DataFrame
    sheet: str = ""  # sheet of a workbook or dataset within a file; "" where the file is one table
    labels: Mapping[str, str] = field(
        default_factory=lambda: NO_LABELS
    )  # header to label, where the format has any
    concealed: tuple[Concealed, ...] = ()
    findings: tuple[pd.DataFrame, ...] = ()
    dataset: str = (
        ""  # a name of trialdata.schema.DATASETS where the shape of the table says it: an SDTM domain
    )
    sent: Mapping[str, str] = field(
        default_factory=lambda: NO_LABELS
    )  # header to header as sent, where changed
    changed: tuple[pd.DataFrame, ...] = ()  # cells that reading changed, as `read_changes` gives them
    place: int = 0  # of the sheet among all sheets of its workbook, counted from 1

    @property
    def name(self) -> str:
        """How findings and the load report name the table."""
        return f"{self.file}, sheet {self.sheet}" if self.sheet else self.file

    def replace(self, **changes: object) -> "SourceTable":
        return replace(self, **changes)  # type: ignore[arg-type]
