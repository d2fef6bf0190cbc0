"""Text columns made from arrays: the first word whose condition holds, and a word for each code."""

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray


def first_that_fits(conditions: dict[str, np.ndarray], otherwise: str) -> np.ndarray:
    """Per element the first word whose condition holds there."""
    code = np.select(list(conditions.values()), list(range(len(conditions))), len(conditions))
    return np.array([*conditions, otherwise], dtype=object)[code]


def coded(code: np.ndarray, names: list[str]) -> ExtensionArray:
    """The name at each code as a text column; a code of -1 is the last name."""
    return pd.array(names, dtype="str").take(np.where(code < 0, len(names) - 1, code))


def flag(chosen: np.ndarray, *, otherwise: str = "") -> ExtensionArray:
    """ "Y" where chosen."""
    return coded(chosen.astype(int), [otherwise, "Y"])


def text(words: np.ndarray) -> ExtensionArray:
    """Words as a text column."""
    return pd.array(np.asarray(words, dtype=object), dtype="str")
