"""An output made ready to be shown: its table as the page sets it, and the cells whose participants it can list."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd
import pyarrow as pa

from outputs.output import Output
from outputs.people import STATE_WORDS
from ui.words import arm_name, is_arm, plain

LISTED = (
    *(
        "USUBJID",
        "ARM",
        "CHANGE",
        "CAUSE",
        "WAY",
        "BEHIND",
        "MOVE",
        "RULE",
        "ANSWERSOFAR",
        "REASON",
        "BASE",
        "BEST",
        "ONSETDY",
        "RESCUEDY",
    ),
    *("SCORE", "WEIGHT", "SHARE", "WORST", "STATUS", "SPARK"),
)
ALL = ""  # in a cell, the place of a key that is left open

Cell = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Block:
    """One output, read-only and shared by all sessions; what is derived from it for the screen is made once."""

    output: Output

    @property
    def listable(self) -> bool:
        """Its participants can be listed by cell."""
        return bool(self.output.cell_keys) and not self.output.records.empty

    @cached_property
    def table(self) -> pa.Table:
        """The table: names of arms in their colours, counts as numbers, which are set to the right."""
        table, arms = self.output.table, self.output.arms
        columns = [
            _counts_or_words(table.iloc[:, place], self.output, place) for place in range(table.shape[1])
        ]
        names = [arm_name(str(name), arms) if is_arm(name, arms) else plain(name) for name in table.columns]
        return pa.table(columns, names=names)

    @cached_property
    def frame(self) -> pa.Table:
        """The table as a data frame shows it: letter by letter; made once, since each rerun sends it."""
        return pa.Table.from_pandas(self.output.table, preserve_index=False)

    @cached_property
    def people(self) -> pd.DataFrame:
        """Everybody behind the output as a list shows them."""
        return listed(self.output.records)

    @cached_property
    def cells(self) -> dict[Cell, int]:
        """Every cell with its number of participants; those of all arms come last, or all as they stand in a table."""
        records, keys = self.output.records, list(self.output.cell_keys)
        if self.output.rows:
            return self._cells_of_table()
        counted = {_cell(values): n for values, n in _counted(records, keys)}
        others = [key for key in keys if key != "ARM"]
        if others and len(others) < len(keys) and len(self.output.arms) > 1:
            for values, n in _counted(records, others):
                rest = iter(_cell(values))
                counted[tuple(ALL if key == "ARM" else next(rest) for key in keys)] = n
        return counted

    def _cells_of_table(self) -> dict[Cell, int]:
        """The cells of the table's rows and columns that somebody is in."""
        keys = self.output.cell_keys
        columns = list(dict.fromkeys(self.output.columns))
        wanted = [self.cell_at(row, name) for row in range(len(self.output.rows)) for name in columns]
        counted: dict[Cell, int] = {}
        for given in {tuple(value != ALL for value in cell) for cell in wanted}:
            named = [key for key, is_given in zip(keys, given, strict=True) if is_given]
            everybody = [((), self.output.records["USUBJID"].nunique())]
            for values, n in _counted(self.output.records, named) if named else everybody:
                rest = iter(_cell(values) if named else ())
                counted[tuple(next(rest) if is_given else ALL for is_given in given)] = n
        return {cell: counted[cell] for cell in wanted if counted.get(cell)}

    def cell_at(self, row: int, column: str) -> Cell:
        """The cell of a row and column of a table whose cells can be chosen."""
        key, value = self.output.columns.get(column, ("", ALL))
        of_row = zip(self.output.cell_keys, self.output.rows[row], strict=True)
        return tuple(value if name == key else given for name, given in of_row)

    def clicked(self, customdata: object) -> Cell:
        """The cell of a mark: the values of the first `cell_keys`, the others left open."""
        values = customdata if isinstance(customdata, list) else [customdata]
        cell = [f"{v:g}" if isinstance(v, int | float) else str(v) for v in values]
        keys = len(self.output.cell_keys)
        return tuple([*cell, *[ALL] * keys][:keys])

    def behind(self, cell: Cell) -> pd.DataFrame:
        """One row per participant of the cell."""
        records = self.output.records
        kept = pd.Series(True, records.index)
        for key, value in zip(self.output.cell_keys, cell, strict=True):
            if value != ALL:
                kept &= records[key].astype("str") == value
        return records[kept].drop_duplicates("USUBJID")


def listed(rows: pd.DataFrame) -> pd.DataFrame:
    """The columns that a list of participants shows, in words; columns without a value are left out."""
    filled = [c for c in LISTED if c in rows and (rows[c].notna() & (rows[c].astype("str") != "")).any()]
    return rows[filled].replace({"ANSWERSOFAR": STATE_WORDS})


def _counted(records: pd.DataFrame, keys: list[str]) -> list[tuple[object, int]]:
    return [(values, int(n)) for values, n in records.groupby(keys, sort=False)["USUBJID"].nunique().items()]


def _cell(values: object) -> Cell:
    return tuple(map(str, values)) if isinstance(values, tuple) else (str(values),)


def _counts_or_words(column: pd.Series, output: Output, place: int) -> pa.Array:
    cells = [str(cell) for cell in column]
    if place and all(cell.isdigit() for cell in cells):
        return pa.array([int(cell) for cell in cells])
    first = place == 0
    return pa.array(
        [arm_name(c, output.arms) if first and is_arm(c, output.arms) else plain(c) for c in cells],
        pa.string(),
    )
