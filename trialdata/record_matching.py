"""Which records of two cuts are the same record: identical ones, then same key, then same value on another day.

docs/reference/cut-changes.md lists the keys. Rows are compared as text, numbers in one spelling, so that neither the
order of the rows nor 61 for 61.0 is a change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from trialdata.schema import DATASETS, NUMERIC, empty_frame

HIDDEN = ("DCUTDY",)  # and every date
MOVES_ON = {  # a status that says "not over yet" is followed up, not put right
    "EOSSTT": ("ONGOING",),
    "AEOUT": ("NOT RECOVERED/NOT RESOLVED", "RECOVERING/RESOLVING", "UNKNOWN"),
}


@dataclass(frozen=True)
class Key:
    """Records with equal `columns` are the same; `filled` must not be empty, with `alone` no second one may fit."""

    columns: tuple[str, ...]
    filled: str = ""
    alone: bool = False


U, P = "USUBJID", "PARAMCD"
KEYS = {
    "adsl": (Key((U,)),),
    "adlb": (
        Key((U, P, "ADY", "AVISIT", "DTYPE")),
        Key((U, P, "ADY")),
        Key((U, P, "AVISIT", "AVAL", "AVALC", "DTYPE"), filled="AVISIT", alone=True),
        Key((U, P, "AVISITN", "AVAL", "AVALC", "DTYPE"), filled="AVISITN", alone=True),
    ),
    "adqs": (Key((U, P, "ADY")),),
    "adcm": (
        Key((U, "CMCLAS", "CMDECOD", "ASTDY")),
        Key((U, "CMCLAS", "ASTDY")),
        Key((U, "CMDECOD", "ASTDY"), filled="CMDECOD", alone=True),
        Key((U, "CMCLAS", "CMDECOD", "AENDY"), filled="AENDY", alone=True),
    ),
    "adae": (
        Key((U, "AEDECOD", "ASTDY")),
        Key((U, "AEDECOD", "AESEQ"), filled="AESEQ", alone=True),
        Key((U, "ASTDY", "AESEQ"), filled="AESEQ", alone=True),
        Key((U, "AEDECOD", "AENDY"), filled="AENDY", alone=True),
        Key((U, "ASTDY", "AENDY"), filled="AENDY", alone=True),
    ),
    "adex": (
        Key((U, "EXTRT", "ASTDY")),
        Key((U, "EXTRT", "EXDOSE", "AENDY"), filled="AENDY", alone=True),
    ),
}
ONLY_KEY = {"adae": ("AESEQ",)}  # may number the rows anew, so a change of it is none of the record
ABOUT = {"adlb": P, "adqs": P, "adcm": "CMCLAS", "adae": "AEDECOD", "adex": "EXTRT"}
DAY = {"adlb": "ADY", "adqs": "ADY", "adcm": "ASTDY", "adae": "ASTDY", "adex": "ASTDY"}
VALUE = {
    "adlb": ("AVALC", "AVAL"),
    "adqs": ("AVAL",),
    "adcm": ("CMDECOD",),
    "adae": ("AETOXGR",),
    "adex": ("EXDOSE",),
}


@dataclass(frozen=True, eq=False)
class Matched:
    """Two frames as text, `columns` those compared; `pairs` (before, after), `vanished` and `new` are positions."""

    before: pd.DataFrame
    after: pd.DataFrame
    columns: tuple[str, ...]
    pairs: pd.DataFrame
    vanished: np.ndarray
    new: np.ndarray

    def text(self, side: str, column: str) -> np.ndarray:
        """The text of a column in each pair, on the side "before" or "after"."""
        frame = self.before if side == "before" else self.after
        return frame[column].to_numpy(dtype=object)[self.pairs[side].to_numpy()]

    @cached_property
    def changed(self) -> pd.DataFrame:
        """One row per pair, one column per compared column: whether its text differs."""
        columns = {name: self.text("before", name) != self.text("after", name) for name in self.columns}
        return pd.DataFrame(columns, index=self.pairs.index, dtype=bool)

    @cached_property
    def corrected(self) -> pd.DataFrame:
        """Of the changed cells those that held a final value before; the others were completed."""
        return pd.DataFrame(
            {
                name: self.changed[name] & ~followed_up(name, self.text("before", name))
                for name in self.columns
            },
            index=self.pairs.index,
            dtype=bool,
        )


def followed_up(column: str, before: np.ndarray) -> np.ndarray:
    """Whether a change from these texts completes a record: the cell was empty, or its status was not final."""
    return np.isin(before.astype("U"), ("", *MOVES_ON.get(column, ())))


def match_records(
    name: str, before: pd.DataFrame | None, after: pd.DataFrame | None, *, also: Sequence[str] = ()
) -> Matched:
    """The records of a dataset in two cuts, matched one to one; `also` are further columns to compare."""
    nothing = empty_frame(DATASETS[name])
    left, right = nothing if before is None else before, nothing if after is None else after
    columns = _compared(name, left, right, also)
    keys = [each for each in ONLY_KEY.get(name, ()) if each in left and each in right]
    left, right = (_as_text(name, frame, [*columns, *keys]) for frame in (left, right))
    pairs = _pairs(left, right, [Key(tuple(columns)), *KEYS[name]])
    return Matched(left, right, tuple(columns), pairs, *_left_over(left, right, pairs))


def _compared(name: str, left: pd.DataFrame, right: pd.DataFrame, also: Sequence[str]) -> list[str]:
    kinds = DATASETS[name].kinds
    known = [column for column, kind in kinds.items() if kind != "date" and column not in HIDDEN]
    wanted = dict.fromkeys([*known, *(column for column in also if column not in kinds)])
    return [column for column in wanted if column in left and column in right]


def _as_text(name: str, frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The columns with each cell as text: a number in one spelling, "" where there is none."""
    kinds = DATASETS[name].kinds
    texts = {column: as_compared(frame[column], kinds.get(column, "")) for column in columns}
    return pd.DataFrame(texts).reset_index(drop=True)


def as_compared(cells: pd.Series, kind: str = "") -> pd.Series:
    """Cells as the text that is compared."""
    codes, distinct = pd.factorize(cells)
    words = [_word(cell, kind) for cell in distinct]
    return pd.Series(pd.array([*words, ""], dtype="str").take(codes), cells.index)


def _word(cell: object, kind: str) -> str:
    text = str(cell).strip()
    if kind not in (*NUMERIC, "grade") and isinstance(cell, str):
        return text
    try:
        return f"{float(text):.12g}"
    except ValueError:
        return text


def _pairs(left: pd.DataFrame, right: pd.DataFrame, keys: Sequence[Key]) -> pd.DataFrame:
    """Positions (before, after) of the records that are the same, each key tried on what the ones before it left."""
    rest_left, rest_right = _coded(left, right)
    found = [pd.DataFrame({"before": [], "after": []}, dtype="int64")]
    for key in keys:
        if rest_left.empty or rest_right.empty:
            break
        columns = [column for column in key.columns if column in left]
        if not set(key.columns) <= set(left.columns) and key.alone:
            continue
        pairs = _same(rest_left, rest_right, columns, key)
        found.append(pairs)
        rest_left = rest_left.drop(index=pairs["before"])
        rest_right = rest_right.drop(index=pairs["after"])
    return pd.concat(found).sort_values("before").reset_index(drop=True)


def _coded(left: pd.DataFrame, right: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both frames in the order of their content, each text as a number: 0 for "", the others as they sort."""
    both = pd.concat([left, right], ignore_index=True)
    codes = {column: pd.factorize(both[column], sort=True) for column in both}
    numbers = pd.DataFrame({name: code + (0 if "" in texts else 1) for name, (code, texts) in codes.items()})
    first, second = numbers.iloc[: len(left)], numbers.iloc[len(left) :].reset_index(drop=True)
    return tuple(frame.iloc[np.lexsort(frame.to_numpy().T[::-1])] for frame in (first, second))


def _same(left: pd.DataFrame, right: pd.DataFrame, columns: list[str], key: Key) -> pd.DataFrame:
    """Pairs of rows with equal columns, the first with the first; with `alone` only where one fits one."""
    sides = []
    for name, frame in (("before", left), ("after", right)):
        chosen = frame[frame[key.filled] != 0] if key.filled else frame
        if key.alone:
            chosen = chosen[~chosen.duplicated(columns, keep=False)]
        numbered = chosen[columns].assign(_nth=chosen.groupby(columns).cumcount())
        sides.append(numbered.assign(**{name: chosen.index}))
    return sides[0].merge(sides[1], on=[*columns, "_nth"])[["before", "after"]]


def _left_over(left: pd.DataFrame, right: pd.DataFrame, pairs: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    gone = np.setdiff1d(np.arange(len(left)), pairs["before"].to_numpy())
    come = np.setdiff1d(np.arange(len(right)), pairs["after"].to_numpy())
    return gone, come


def subject_of(name: str, frame: pd.DataFrame, rows: np.ndarray) -> np.ndarray:
    """What each row is about: parameter, class of medication, event or drug; "" for a participant."""
    return _column(frame, ABOUT.get(name, ""), rows)


def day_of(name: str, frame: pd.DataFrame, rows: np.ndarray) -> np.ndarray:
    """The study day of each row, NaN without one."""
    return pd.to_numeric(pd.Series(_column(frame, DAY.get(name, ""), rows)), errors="coerce").to_numpy(float)


def value_of(name: str, frame: pd.DataFrame, rows: np.ndarray) -> np.ndarray:
    """What each row says: its value as reported, medication, grade or dose."""
    value = np.full(len(rows), "", dtype=object)
    for column in VALUE.get(name, ()):
        value = np.where(value == "", _column(frame, column, rows), value)
    return value


def _column(frame: pd.DataFrame, column: str, rows: np.ndarray) -> np.ndarray:
    if column not in frame:
        return np.full(len(rows), "", dtype=object)
    return frame[column].to_numpy(dtype=object)[rows]
