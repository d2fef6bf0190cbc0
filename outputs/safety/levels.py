"""Counts of participants by arm in a table of two levels, a group and what is inside it; and as a file holds them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.safety.events import ALL
from outputs.basis import Basis
from outputs.safety.counts import DERIVED, arm_columns, arm_table, share_cell
from outputs.small_cells import hidden_of, suppressed

ABBREVIATIONS = ("ITP", "IVIG", "TPO", "TPO-RA", "AE", "SAE", "ALT", "AST", "WHO")
WHOLE = ""  # the level of a row that is the group itself
COLUMNS = ["arm", "n", "events", "N", "group", "level", "estimate", "method"]


@dataclass(frozen=True, eq=False)
class Line:
    """One row of the table: the rows of data behind it (USUBJID, ARM), and of how many participants by arm."""

    group: str
    level: str
    rows: pd.DataFrame
    sizes: Mapping[str, int]

    @property
    def words(self) -> str:
        return self.group if self.level == WHOLE else f"{self.group}: {self.level}"


def level_counts(lines: Sequence[Line], basis: Basis, *, method: str) -> pd.DataFrame:
    """One row per line and arm, "All" last: group, level, arm, n participants of N, their events, the share."""
    counted = _counted(lines)
    several = len(basis.arms) > 1
    found = []
    for number, line in enumerate(lines):
        sizes = dict(line.sizes) | ({ALL: sum(line.sizes.values())} if several else {})
        for arm, N in sizes.items():
            n, events = counted.get((number, arm), (0, 0))
            found.append((arm, n, events, N, line.group, line.level, n / N if N else np.nan, method))
    return pd.DataFrame(found, columns=COLUMNS)


def _counted(lines: Sequence[Line]) -> dict[tuple[int, str], tuple[int, int]]:
    """Participants and events of each line, by arm and of all arms together ("All")."""
    parts = [line.rows[["USUBJID", "ARM"]].assign(LINE=number) for number, line in enumerate(lines)]
    if not parts:
        return {}
    rows = pd.concat(parts, ignore_index=True)
    by_arm = rows.groupby(["LINE", "ARM"])["USUBJID"].agg(["nunique", "size"])
    whole = rows.groupby("LINE")["USUBJID"].agg(["nunique", "size"])
    both = {(line, ALL): (int(n), int(events)) for line, n, events in whole.itertuples()}
    return both | {(line, arm): (int(n), int(events)) for (line, arm), n, events in by_arm.itertuples()}


def level_table(
    results: pd.DataFrame, basis: Basis, *, title: str, cell: Callable[..., str] = share_cell
) -> pd.DataFrame:
    """A row for each group and, indented, for each level in it, a column per arm."""
    heads = {title: lambda key: key[0] if key[1] == WHOLE else f"\N{EM SPACE}{key[1]}"}
    return arm_table(results, ["group", "level"], heads, arm_columns(basis), cell)


def level_file(
    results: pd.DataFrame, basis: Basis, *, title: str, cell: Callable[..., str] = share_cell
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Results and table without small cells, nor what would give them back by arm or within a group."""
    hidden = hidden_of(results, over={"arm": ALL, "level": WHOLE}, within=("group",), counts=("n",))
    kept = suppressed(results, hidden, derived=DERIVED)
    return kept, level_table(kept, basis, title=title, cell=cell)


def people_of(lines: Sequence[Line]) -> pd.DataFrame:
    """One row per participant and line: USUBJID, ARM, ROW (the line in words)."""
    parts = [line.rows[["USUBJID", "ARM"]].drop_duplicates().assign(ROW=line.words) for line in lines]
    empty = pd.DataFrame(columns=["USUBJID", "ARM", "ROW"], dtype="str")
    return pd.concat(parts, ignore_index=True) if parts else empty


def inside(rows: pd.DataFrame, column: str, *, unnamed: str = "") -> list[tuple[str, pd.DataFrame]]:
    """The rows by what stands in a column, capitals aside, by participants and then by name; "" is `unnamed`."""
    folded = rows[column].str.strip().str.casefold()
    spelled = rows.assign(KEY=folded).groupby("KEY")[column].first()
    counted = rows.groupby(folded)["USUBJID"].nunique()
    order = sorted(counted.index, key=lambda key: (-int(counted[key]), key))
    return [(said(str(spelled[key])) or unnamed, rows[folded == key]) for key in order]


def said(text: str) -> str:
    """Words in capitals as a sentence has them, abbreviations aside: "Platelets below 20", "New ITP therapy"."""
    if not text.isupper():
        return text.strip()
    words = [word if word in ABBREVIATIONS else word.lower() for word in text.split()]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])
