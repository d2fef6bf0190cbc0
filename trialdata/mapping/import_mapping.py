"""The mapping of an import: which table is which dataset, and what the words in it mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import pandas as pd

NOTHING: Mapping[str, Any] = MappingProxyType({})
DAY_FIRST, MONTH_FIRST = "day first", "month first"


def _none() -> Mapping[str, Any]:
    return NOTHING


@dataclass(frozen=True)
class Measured:
    """One column of a wide table that holds a measurement at a visit: `血小板_第4周` is PLAT at 第4周."""

    header: str
    paramcd: str
    visit: str


@dataclass(frozen=True)
class TableMapping:
    """How one table as sent is read. The next cut's table is known again by its headers."""

    table: str  # its name when it was mapped, for the person who reads the mapping
    headers: tuple[str, ...]  # clean headers, in the order of the table
    dataset: str  # a name of trialdata.schema.DATASETS; "" for a table that is not used
    columns: Mapping[str, str] = field(default_factory=_none)  # ADaM column: header
    values: Mapping[str, str] = field(default_factory=_none)  # ADaM column: one text for every row
    measured: tuple[Measured, ...] = ()  # of a wide table; empty for a long one


@dataclass(frozen=True)
class ImportMapping:
    """Every choice of an import, as a person confirmed it; kept as studies/mappings/<study>.toml."""

    tables: tuple[TableMapping, ...] = ()
    arms: Mapping[str, str] = field(default_factory=_none)  # text as sent: trt of [[arms]]; "" for no arm
    parameters: Mapping[str, str] = field(
        default_factory=_none
    )  # text as sent: PARAMCD; "" leaves the rows out
    units: Mapping[str, str] = field(default_factory=_none)  # PARAMCD: the unit of values without one
    visits: Mapping[str, float] = field(default_factory=_none)  # text as sent: planned study day
    rescue: Mapping[str, str] = field(default_factory=_none)  # text as sent: CMCLAS; "" for no rescue
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=_none)  # ADaM column: code as sent: text
    sites: Mapping[str, str] = field(default_factory=_none)  # SITEID as sent: the code that stands for it
    dates: str = ""  # day first | month first: what 03/04/2025 means; "" where no date is ambiguous

    def replace(self, **changes: Any) -> "ImportMapping":
        return replace(self, **changes)


@dataclass(frozen=True)
class Question:
    """What only a person can say. `key` names the place of the answer in the mapping, such as "arms:联合组"."""

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
    sent by ADaM column, for the load report.
    """

    dataset: str
    frame: pd.DataFrame
    headers: Mapping[str, str]
