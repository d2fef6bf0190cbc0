"""Counts of participants by arm as every safety table sets them, as a file may hold them, and who is behind them."""

from collections.abc import Container, Mapping, Sequence

import pandas as pd

from analysis.safety.events import ALL
from outputs import wording
from outputs.basis import Basis
from outputs.small_cells import NOT_SHOWN, hidden_of, suppressed

DERIVED = ("events", "estimate", "conf_low", "conf_high", "rate", "p_value", "statistic")


def count_text(n: int, N: int) -> str:
    """ "12 (20%)": participants with, and their share of everybody; "–" in an arm of nobody."""
    return f"{n} ({wording.percent(n / N, N)})" if N else "–"


def arm_columns(basis: Basis, *, total: bool = True) -> dict[str, str]:
    """The columns of a table by arm: TRT01A to its label, experimental first, "All" last."""
    several = total and len(basis.arms) > 1
    return basis.labels | ({ALL: ALL} if several else {})


def counts_table(
    counts: pd.DataFrame, basis: Basis, *, row: str, names: Mapping[str, str], title: str
) -> pd.DataFrame:
    """A row for each of `names` that occurs (column `row` of `counts`), a column for each arm: "12 (20%)".

    `counts`: arm, n, N and `row`, one row per cell. The first column is called `title`.
    """
    columns = arm_columns(basis)
    cells = {(getattr(each, row), each.arm): count_text(each.n, each.N) for each in counts.itertuples()}
    occurring = [name for name in names if any((name, arm) in cells for arm in columns)]
    body = {label: [cells.get((name, arm), "–") for name in occurring] for arm, label in columns.items()}
    return pd.DataFrame({title: [names[name] for name in occurring], **body}).astype("str")


def in_file(
    results: pd.DataFrame,
    table: pd.DataFrame,
    basis: Basis,
    *,
    row: str,
    names: Mapping[str, str],
    title: str,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Results and table of `counts_table` without small cells, nor what would give them back (safety.md, section 8)."""
    hidden = hidden_of(results, over={"arm": ALL}, within=(row,), counts=("n",), at_most="N")
    left_out = {
        (names[getattr(each, row)], arm_columns(basis).get(each.arm, ""))
        for each in results[hidden["n"]].itertuples()
    }
    table = masked(table, left_out, [title], list(arm_columns(basis).values()))
    return suppressed(results, hidden, derived=DERIVED), table


def masked(
    table: pd.DataFrame, left_out: Container[tuple], heads: Sequence[str], labels: Sequence[str]
) -> pd.DataFrame:
    """The table with "not shown" in the cells left out: (what stands under `heads`, ..., the label of its column)."""
    rows = list(table[list(heads)].itertuples(index=False, name=None))
    return table.assign(
        **{
            label: [
                NOT_SHOWN if (*row, label) in left_out else cell
                for row, cell in zip(rows, table[label], strict=True)
            ]
            for label in labels
        }
    )


def people_behind(events: pd.DataFrame, key: str, kinds: Mapping[str, pd.Series]) -> pd.DataFrame:
    """One row per participant and kind: USUBJID, ARM and `key`, for the rows of `events` that each kind takes."""
    parts = [
        events.loc[taken, ["USUBJID", "ARM"]].drop_duplicates().assign(**{key: kind})
        for kind, taken in kinds.items()
        if taken.any()
    ]
    return (
        pd.concat(parts, ignore_index=True) if parts else events[["USUBJID", "ARM"]].assign(**{key: ""})[:0]
    )


def sizes_words(basis: Basis, arms: Sequence[str] = ()) -> str:
    """ "Iguratimod + rituximab 60, rituximab 60 participants"."""
    parts = [f"{basis.labels[trt]} {basis.sizes[trt]}" for trt in arms or basis.trts]
    return f"{', '.join(parts)} participants"
