"""Decimal commas of files whose columns are not separated by commas: made points where they can be nothing else."""

import re
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from trialdata.findings import finding
from trialdata.formats.source_table import read_changes

SIGN, MARKS = r"(?:[<>≤≥＜＞]?\s*=?\s*[+-]?)", r"(?:\s*(?:[↑↓*]|[HhLl]{1,2})*)"
WITH_COMMA = re.compile(rf"({SIGN}\d+(?:\.\d{{3}})*),(\d+{MARKS})")
FORMS = {  # the first that fits a text
    "either": re.compile(rf"{SIGN}[1-9]\d{{0,2}},\d{{3}}{MARKS}"),  # 1,050: thousands or three decimals
    "comma": re.compile(rf"{SIGN}(?:\d+|\d{{1,3}}(?:\.\d{{3}})+),\d+{MARKS}"),  # 12,5 and 1.050,5
    "thousands": re.compile(rf"{SIGN}\d{{1,3}}(?:,\d{{3}})+(?:\.\d+|,\d{{3}}){MARKS}"),  # 1,050.5
    "three": re.compile(rf"{SIGN}[1-9]\d{{0,2}}\.\d{{3}}{MARKS}"),  # 1.050: three decimals or thousands
    "point": re.compile(rf"{SIGN}\d+\.\d+{MARKS}"),  # 12.5
}


class Examples(NamedTuple):
    """The first text of each form in a column, "" where it has none."""

    either: str
    comma: str
    thousands: str
    three: str
    point: str


class Pointed(NamedTuple):
    """The frame as it is read, its findings, and the cells that changed: row, column, before, after."""

    frame: pd.DataFrame
    findings: list[pd.DataFrame]
    changed: list[pd.DataFrame]


def with_decimal_points(frame: pd.DataFrame, file: str, *, separator: str) -> Pointed:
    """The frame with `12,5` as `12.5`, and a finding for each column that has such cells or unclear ones.

    `1,050` is unclear where columns are separated by semicolons or any column has decimal commas, its own among
    them; so is `1.050` beside decimal commas.
    """
    examples = {column: _examples(frame[column].unique()) for column in frame.columns}
    commas = any(seen.comma for seen in examples.values())
    points = any(seen.point for seen in examples.values())
    pointed = Pointed(frame, [], [])
    for column, seen in examples.items():
        unclear = _unclear(seen, commas=commas, points=points, separator=separator)
        if unclear:
            row = int(frame.index[frame[column] == unclear][0])
            pointed.findings.append(
                finding("comma_unclear", file, row=row, column=column, found=f'"{unclear}"')
            )
        elif seen.comma:
            after = _pointed(frame[column])
            rows = after != frame[column]
            cells = int(rows.sum())
            found = f'a comma in {cells:,} cell{"s" if cells > 1 else ""}, such as "{seen.comma}"'
            pointed.findings.append(finding("decimal_comma", file, column=column, found=found))
            pointed.changed.append(read_changes(column, frame.loc[rows, column], after[rows]))
            pointed = pointed._replace(frame=pointed.frame.assign(**{column: after}))
    return pointed


def _examples(texts: Iterable[str]) -> Examples:
    first = dict.fromkeys(FORMS, "")
    for text in texts:
        form = next((name for name, form in FORMS.items() if form.fullmatch(text)), "")
        if form and not first[form]:
            first[form] = text
    return Examples(**first)


def _unclear(seen: Examples, *, commas: bool, points: bool, separator: str) -> str:
    """A text of a column that may be two numbers, or ""."""
    if seen.comma and seen.thousands:
        return seen.thousands
    if seen.three and commas and not points:
        return seen.three
    alone = seen.either and not seen.thousands
    return seen.either if alone and (separator == ";" or commas) else ""


def _pointed(column: pd.Series) -> pd.Series:
    codes, texts = pd.factorize(column)
    pointed = [
        f"{match[1].replace('.', '')}.{match[2]}" if (match := WITH_COMMA.fullmatch(text)) else text
        for text in texts
    ]
    return pd.Series(np.array(pointed, dtype=object)[codes], index=column.index, dtype="str")
