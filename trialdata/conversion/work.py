"""One dataset on its way: its cells as they are now, and for each cell as sent what became of it and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trialdata.conversion.readings import Cell, Readings, Rows, Texts
from trialdata.findings import LISTED, finding, quoted, quoted_text, row_findings
from trialdata.load_report import entries, note
from trialdata.mapping.import_mapping import MappedTable
from trialdata.provenance import SOURCE_COLUMNS, SRCCOL, SRCFILE, SRCROW, at_source

MEASURED = "AVAL"  # the column that stands under SRCCOL in a wide table
A_DATE = "a date"
FIRST_ROW = 2
COUNTED = (  # findings by word, not by row
    *("grade_from_words", "unit_converted", "unit_spelling", "age_converted"),
    *("planned_day", "unknown_visit", "unknown_severity", "none_or_not_assessed"),
)


@dataclass(eq=False)
class Trail:
    """What became of each cell of one column as sent: `rule` is "" where nothing did."""

    before: Texts
    after: Texts
    rule: Texts


class Work:
    """The rows of all tables of a dataset, their columns changed one at a time, every change on its trail.

    A column that came from another one (a study day from a date) leaves its trail on that one.
    """

    def __init__(self, dataset: str, tables: Sequence[MappedTable]):
        frames = [table.frame for table in tables]
        frame = pd.concat(frames, ignore_index=True).fillna("").astype("str")
        self.dataset = dataset
        self.table = np.repeat(np.arange(len(frames)), [len(each) for each in frames])
        self.headers = [dict(table.headers) for table in tables]
        self.sources = frame[list(SOURCE_COLUMNS)].set_axis(pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(frame)))
        self.files = self.sources[SRCFILE].unique()
        self.rows = pd.to_numeric(self.sources[SRCROW], errors="coerce").to_numpy()
        self.measured_in = frame[SRCCOL].to_numpy(dtype=object) if SRCCOL in frame else None
        names = [name for name in frame if name not in (*SOURCE_COLUMNS, SRCCOL)]
        self.sent: dict[str, Texts] = {name: frame[name].to_numpy(dtype=object) for name in names}
        self.now = dict(self.sent)
        self.trails: dict[str, Trail] = {}
        self.notes: list[pd.DataFrame] = []
        self.findings: list[pd.DataFrame] = []

    def __len__(self) -> int:
        return len(self.table)

    def __contains__(self, column: str) -> bool:
        return column in self.now

    def texts(self, column: str) -> Texts:
        """The cells of a column as they are now; "" throughout for one that is not there."""
        return self.now[column] if column in self.now else np.full(len(self), "", dtype=object)

    def change(
        self,
        column: str,
        after: Any,
        rule: Any,
        rows: Rows,
        *,
        source: str = "",
        before: str | None = None,
    ) -> None:
        """Sets the cells of `rows`; `after` and `rule` are one text or one for each row of the dataset.

        `source` is the column as sent that the value came from; `before` stands in the report for its text.
        """
        if not rows.any():
            return
        after, rule = (_by_row(value, len(self)) for value in (after, rule))
        self.now[column] = np.where(rows, after, self.texts(column))
        trail = self._trail(source or column)
        trail.after = np.where(rows, after, trail.after)
        first = rows & (trail.rule == "")
        trail.rule = np.where(first, rule, trail.rule)
        again = np.flatnonzero(rows & ~first)
        trail.rule[again] = [
            old if new in old else f"{old}; {new}"
            for old, new in zip(trail.rule[again], rule[again], strict=True)
        ]
        if before is not None:
            trail.before = np.where(rows, before, trail.before)

    def put(self, column: str, after: Any, rows: Rows) -> None:
        """Sets cells whose change is on the trail of another column."""
        self.now[column] = np.where(rows, _by_row(after, len(self)), self.texts(column))

    def hide(self, column: str, rows: Rows, *, before: str, after: str) -> None:
        """What stands in the report for changed cells whose values say too much."""
        trail = self._trail(column)
        trail.before = np.where(rows, before, trail.before)
        trail.after = np.where(rows, after, trail.after)

    def _trail(self, column: str) -> Trail:
        if column not in self.trails:
            sent = self.sent.get(column, np.full(len(self), "", dtype=object))
            now = self.texts(column)
            self.trails[column] = Trail(sent, now.copy(), np.full(len(self), "", dtype=object))
        return self.trails[column]

    def convert(self, column: str, read: Callable[[str], Cell], rows: Rows | None = None) -> None:
        """Each distinct text of the column read once; what was noticed becomes findings."""
        if column in self.now:
            self.apply(column, self.read(column, read, rows))

    def read(self, column: str, read: Callable[[str], Any], rows: Rows | None = None) -> Readings:
        """What `read` makes of the cells of the column in `rows`, called once for each distinct text."""
        inside = np.ones(len(self), dtype=bool) if rows is None else rows
        codes, texts = pd.factorize(self.texts(column)[inside])
        of_row = np.full(len(self), -1)
        of_row[inside] = codes
        return Readings(of_row, [read(text) for text in texts])

    def where(self, column: str, holds: Callable[[str], object]) -> Rows:
        """Rows whose cell is one for which `holds` is true."""
        return self.read(column, holds).values(False).astype(bool)

    def apply(self, column: str, readings: Readings) -> None:
        """Cells as read: the changes, and the findings they name."""
        after, rule, check = (readings.part(part) for part in ("text", "rule", "check"))
        as_sent = self.texts(column)
        for name in dict.fromkeys(cell.check for cell in readings.cells if cell.check):
            self.notice(name, check == name, column, found=as_sent)
        if any(cell.rule for cell in readings.cells):
            self.change(column, after, rule, rule != "")

    def notice(self, check: str, rows: Rows, column: str, *, found: Any, expected: Any = None) -> None:
        """A finding of `check` for each of `rows`, or for each word and its number of rows.

        `found` and `expected` are one text, or one for each row of the dataset.
        """
        if not rows.any():
            return
        if check in COUNTED:
            file, header = self.file, self.header(column, rows)
            for word, count in pd.Series(found[rows]).str.strip().value_counts(sort=False).items():
                said = f"{quoted_text(str(word))} in {count:,} rows"
                self.findings.append(finding(check, file, column=header, found=said))
            return
        if check == "not_done":
            for word in pd.unique(found[rows]):
                self._notice_rows(check, rows & (found == word), column, found, expected)
            return
        self._notice_rows(check, rows, column, found, expected)

    def _notice_rows(self, check: str, rows: Rows, column: str, found: Any, expected: Any) -> None:
        """The first rows listed, then the total, with file, row and header as sent."""
        index = self.sources.index[rows]
        listed = pd.DataFrame({"USUBJID": self.texts("USUBJID")[rows]}, index=index)
        said = found
        if isinstance(found, np.ndarray):
            said = quoted(pd.Series(found[rows], index=index, dtype="str"))
        if isinstance(expected, np.ndarray):
            expected = pd.Series(expected[rows], index=index, dtype="str")
        header = self.header(column, rows)
        rows_found = row_findings(check, self.file, listed, found=said, column=header, expected=expected)
        if rows.sum() <= LISTED:  # each is listed: under its own header, also of a wide table
            rows_found = rows_found.assign(column=self._headers_of(column)[rows])
        self.findings.append(at_source(rows_found, self.sources))

    @property
    def file(self) -> str:
        """The file of all rows, or the dataset where there are several."""
        return self.files[0] if len(self.files) == 1 else self.dataset

    def header(self, column: str, rows: Rows) -> str:
        """The header as sent above these cells; the ADaM name where tables differ."""
        headers = {(self.headers[number].get(column) or column) for number in np.unique(self.table[rows])}
        if column == MEASURED and self.measured_in is not None:
            headers = set(self.measured_in[rows])
        return headers.pop() if len(headers) == 1 else column

    def drop_column(self, column: str, rule: str) -> None:
        """Leaves a column out of the dataset, with a note for each table that has it."""
        filled = self.sent.get(column, self.now[column]) != ""  # AVALC may come from AVAL alone
        for number, headers in enumerate(self.headers):
            rows = filled & (self.table == number)
            if rows.any():
                file = self.sources[SRCFILE].to_numpy()[rows][0]
                self.notes.append(note(file, rule, column=headers.get(column) or column, before=A_DATE))
        del self.now[column]
        if column not in self.sent:
            self.trails.pop(column, None)

    def frame(self) -> pd.DataFrame:
        """The dataset: text cells, index 2, 3, ..., its sources in two columns."""
        frame = pd.DataFrame(self.now, index=self.sources.index, dtype="str")
        return frame.assign(**{name: self.sources[name] for name in SOURCE_COLUMNS})

    def report(self) -> list[pd.DataFrame]:
        """An entry for each cell as sent that was changed, then the notes."""
        parts = []
        files = self.sources[SRCFILE].to_numpy(dtype=object)
        for column, trail in self.trails.items():
            changed = trail.rule != ""
            if changed.any():
                parts.append(
                    entries(
                        *(files[changed], self.rows[changed], self._headers_of(column)[changed]),
                        before=trail.before[changed],
                        after=trail.after[changed],
                        rule=trail.rule[changed],
                    )
                )
        return parts + self.notes

    def _headers_of(self, column: str) -> Texts:
        names = np.array([(headers.get(column) or column) for headers in self.headers], dtype=object)
        named = names[self.table]
        if column == MEASURED and self.measured_in is not None:
            named = np.where(self.measured_in != "", self.measured_in, named)
        return named


def _by_row(value: Any, length: int) -> np.ndarray:
    return value if isinstance(value, np.ndarray) else np.full(length, value, dtype=object)
