"""The distinct texts of a column of the mapped tables, and the questions that they raise."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from trialdata.findings import finding
from trialdata.mapping.import_mapping import ImportMapping, MappedTable, Question
from trialdata.provenance import SRCFILE

MANY = 300  # texts of one column: more are not answered by a person


def rows(count: int) -> str:
    return f"{count:,} row" + ("" if count == 1 else "s")


@dataclass(frozen=True)
class Seen:
    """A text of a column: in how many rows it stands, and in which tables."""

    text: str
    rows: int
    places: tuple[str, ...]

    @property
    def words(self) -> str:
        return f"{rows(self.rows)} in {', '.join(self.places)}"


@dataclass(frozen=True, eq=False)
class Told:
    """The mapping with what is certain, the questions, and the findings of one subject."""

    mapping: ImportMapping
    questions: tuple[Question, ...] = ()
    findings: tuple[pd.DataFrame, ...] = ()


@dataclass(eq=False)
class Gathered:
    """Questions and findings while they are collected."""

    questions: list[Question] = field(default_factory=list)
    findings: list[pd.DataFrame] = field(default_factory=list)

    def told(self, mapping: ImportMapping) -> Told:
        return Told(mapping, tuple(self.questions), tuple(self.findings))


def texts_of(tables: Iterable[MappedTable], *columns: str) -> list[Seen]:
    """The distinct filled texts of the columns, in the order they stand in the tables; a row counts once."""
    counted: dict[str, int] = {}
    places: dict[str, dict[str, None]] = {}
    for table in tables:
        for (text, place), count in _counts(table.frame, columns).items():
            if str(text).strip():
                counted[text] = counted.get(text, 0) + int(count)
                places.setdefault(text, {})[str(place)] = None
    return [Seen(text, count, tuple(places[text])) for text, count in counted.items()]


def _counts(frame: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """The rows in which a text stands in any of the columns, by text and file."""
    there = [name for name in columns if name in frame]
    if not there:
        return pd.Series(dtype="int64")
    parts = [
        pd.DataFrame(
            {"text": frame[name].to_numpy(), "place": frame[SRCFILE].to_numpy(), "row": range(len(frame))}
        )
        for name in there
    ]
    cells = pd.concat(parts).drop_duplicates() if len(parts) > 1 else parts[0]
    return cells.groupby(["text", "place"], sort=False).size()


def few(seen: Sequence[Seen], column: str, gathered: Gathered) -> bool:
    """Whether a person can say what each of the texts means; too many of them refuse the import."""
    if len(seen) <= MANY:
        return True
    found = f"{len(seen):,} different texts"
    gathered.findings.append(finding("too_many_texts", seen[0].places[0], column=column, found=found))
    return False


def where(table: MappedTable, which: Callable[[pd.DataFrame], pd.Series]) -> MappedTable:
    """The table with those of its rows."""
    return MappedTable(table.dataset, table.frame[which(table.frame)], table.headers, table.in_study_shape)


def filled(frame: pd.DataFrame, *columns: str) -> pd.Series:
    """Whether any of the columns, as far as the frame has them, holds a text."""
    any_of = pd.Series(False, index=frame.index)
    for column in columns:
        if column in frame:
            any_of |= (frame[column].str.strip() != "").to_numpy()
    return any_of
