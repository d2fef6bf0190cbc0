"""The mapping of an import: which table is which dataset, and what the words in it mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import pandas as pd

from trialdata.schema import DATASETS, REQUIRED

NOTHING: Mapping[str, Any] = MappingProxyType({})
DAY_FIRST, MONTH_FIRST = "day first", "month first"
UNDECIDED = "?"  # the dataset of a table, or the parameter of a column, that a person has to name
NO_PLANNED_DAY = 0.0  # of a visit outside the plan: there is no study day 0


def _none() -> Mapping[str, Any]:
    return NOTHING


@dataclass(frozen=True)
class Measured:
    """One column that holds one parameter: `血小板_第4周` is PLAT at 第4周, `PLT` is PLAT at the visit of the row."""

    header: str
    paramcd: str = ""  # "" for a column that is not used, or UNDECIDED
    visit: str = ""  # "" where the visit stands in the row
    date: str = ""  # header of the date of the sample; "" where the row has it, or nothing has
    unit: str = ""  # as the header states it


@dataclass(frozen=True)
class TableMapping:
    """How one table as sent is read as one dataset; a table that feeds two datasets has two of them.

    The table of an import is found by name and headers, that of the next data cut by its headers.
    """

    table: str  # SourceTable.name
    headers: tuple[str, ...]  # clean headers, in the order of the table
    dataset: str  # a name of trialdata.schema.DATASETS; "" for a table that is not used, or UNDECIDED
    columns: Mapping[str, str] = field(default_factory=_none)  # ADaM column: header; "" where it has none
    values: Mapping[str, str] = field(default_factory=_none)  # ADaM column: one text for every row
    measured: tuple[Measured, ...] = ()  # columns that hold one parameter each; empty for a long table

    def replace(self, **changes: Any) -> "TableMapping":
        return replace(self, **changes)

    @property
    def used(self) -> bool:
        return self.dataset in DATASETS

    @property
    def in_study_shape(self) -> bool:
        """Whether it is a file of a study folder: its name is a dataset's, its columns stand under ADaM names."""
        if not self.used or self.measured or any(name != header for name, header in self.columns.items()):
            return False
        required = {column.name for column in DATASETS[self.dataset].named(REQUIRED)}
        return stem(self.table) in DATASETS[self.dataset].files and required <= set(self.columns)


def stem(table: str) -> str:
    """`adsl` for the table of adsl.csv, also inside a ZIP file, and for the sheet ADSL of a workbook."""
    file, _, sheet = table.partition(", sheet ")
    return (sheet or file.rsplit("/", 1)[-1].rsplit(".", 1)[0]).strip().lower()


@dataclass(frozen=True)
class ImportMapping:
    """Every choice of an import, as a person confirmed it; kept as studies/mappings/<study>.toml."""

    tables: tuple[TableMapping, ...] = ()
    arms: Mapping[str, str] = field(default_factory=_none)  # text as sent: trt of [[arms]]; "" for no arm
    parameters: Mapping[str, str] = field(
        default_factory=_none
    )  # text as sent: PARAMCD; "" leaves the rows out
    units: Mapping[str, str] = field(default_factory=_none)  # PARAMCD: the unit of values without one
    visits: Mapping[str, float] = field(
        default_factory=_none
    )  # text as sent: planned study day, or NO_PLANNED_DAY
    rescue: Mapping[str, str] = field(default_factory=_none)  # text as sent: CMCLAS; "" for no rescue
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=_none)  # ADaM column: code as sent: text
    sites: Mapping[str, str] = field(default_factory=_none)  # SITEID as sent: the code that stands for it
    dates: str = ""  # day first | month first: what 03/04/2025 means; "" where no date is ambiguous

    def replace(self, **changes: Any) -> "ImportMapping":
        return replace(self, **changes)


@dataclass(frozen=True)
class Question:
    """What only a person can say. `key` names the place of the answer in the mapping, such as "arms:联合组".

    trialdata/mapping/keys.py lists the forms of a key.
    """

    key: str
    about: (
        str  # the heading it stands under: Tables, Columns, Arms, Units, Visits, Rescue, Codes, Dates, Sites
    )
    text: str
    options: tuple[tuple[str, str], ...]  # value and words; empty: a text or number is asked for
    proposed: str  # "" where nothing can be proposed
    seen: str = ""  # what the file has: "41 rows in visits.xlsx, sheet 1"; never an identifier
    open: bool = True  # False: proposed with certainty, shown for confirmation only


@dataclass(frozen=True, eq=False)
class Proposal:
    """A mapping as far as it is known, and what is still to be answered."""

    mapping: ImportMapping
    questions: tuple[Question, ...] = ()
    findings: tuple[pd.DataFrame, ...] = ()

    @property
    def open(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.open)


@dataclass(frozen=True, eq=False)
class MappedTable:
    """One table under ADaM names, its cells still as sent.

    `frame` has text cells, the columns SRCFILE and SRCROW (trialdata/provenance.py) and any index; a row of a wide
    table became one row per measurement, with AVAL, AVISIT, PARAMCD and SRCCOL, the header it came from. Dates
    stand in ADaM date columns: TRTSDT, RANDDT, EOSDT, DTHDT, ADT, ASTDT, AENDT. `headers` are the headers as
    sent by ADaM column, for the load report. The texts of arms, parameters, visits and codes are those of the
    cells, letter by letter the keys of the mapping.
    """

    dataset: str
    frame: pd.DataFrame
    headers: Mapping[str, str]
    in_study_shape: bool = False


@dataclass(frozen=True, eq=False)
class Applied:
    """The mapped tables, and the findings about rows and cells that are no row of a dataset."""

    tables: tuple[MappedTable, ...]
    findings: tuple[pd.DataFrame, ...] = ()
