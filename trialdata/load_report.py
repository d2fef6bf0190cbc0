"""The load report: every value that was changed on the way in, one row each."""

import numpy as np
import pandas as pd

COLUMNS = ["file", "row", "column", "before", "after", "rule"]


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    texts = {column: "str" for column in COLUMNS if column != "row"}
    return frame.astype(texts | {"row": "Int64"}).reset_index(drop=True)


NOTHING = _typed(pd.DataFrame(columns=COLUMNS))


def entries(
    file: "str | pd.Series | np.ndarray",
    row: "pd.Series | pd.Index | np.ndarray",
    column: "str | np.ndarray",
    *,
    before: "pd.Series | np.ndarray | str",
    after: "pd.Series | np.ndarray | str",
    rule: "pd.Series | np.ndarray | str",
) -> pd.DataFrame:
    """One row for each changed cell: `file` and `row` of the cell as sent, its text before and after, and why.

    An identifier is never an entry; a rule that hides a value (a pooled age, a date made a study day) gives
    its kind as `before`, such as "a date".
    """
    values = {"file": file, "row": row, "column": column, "before": before, "after": after, "rule": rule}
    plain = {
        name: value.to_numpy() if hasattr(value, "to_numpy") else value for name, value in values.items()
    }
    return pd.DataFrame(plain, columns=COLUMNS)


def note(file: str, rule: str, *, column: str = "", before: str = "", after: str = "") -> pd.DataFrame:
    """One row for what was done to a whole file or column."""
    return pd.DataFrame([[file, pd.NA, column, before, after, rule]], columns=COLUMNS)


def as_report(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """All parts as one load report, in the order they happened."""
    filled = [part for part in parts if len(part)]
    return _typed(pd.concat(filled, ignore_index=True)) if filled else NOTHING
