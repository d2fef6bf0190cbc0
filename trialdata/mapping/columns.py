"""Which header of a table is which ADaM column of a dataset: by its words, and by its values where words fail."""

import re
from collections.abc import Iterable

import pandas as pd

from trialdata.definition import StudyDefinition
from trialdata.formats.source_table import SourceTable
from trialdata.mapping.words import columns_of, folded, rank_of
from trialdata.screening import says_screen_failure
from trialdata.units import factor_to_stored
from trialdata.values import read_number

ADAM_NAME = re.compile(r"[A-Z][A-Z0-9_]{1,7}")
DATE_LIKE = re.compile(
    r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}.*|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{1,2}[- ]?[A-Za-z]{3}[- ]?\d{4}|(19|20)\d{6}"
)
DATES = ("TRTSDT", "RANDDT", "EOSDT", "DTHDT", "ADT", "ASTDT", "AENDT")
NEEDED = {  # each dataset needs one column of every group
    "adsl": (("USUBJID",), ("TRT01P",), ("TRTSDT", "DCUTDY", "RANDDT")),
    "adlb": (("USUBJID",), ("PARAMCD",), ("AVAL",), ("ADT", "ADY", "AVISIT")),
    "adqs": (("USUBJID",), ("PARAMCD",), ("AVAL",), ("ADT", "ADY", "AVISIT")),
    "adcm": (("USUBJID",), ("CMCLAS",), ("ASTDT", "ASTDY")),
    "adae": (("USUBJID",), ("AEDECOD",)),
    "adex": (("USUBJID",), ("EXTRT",), ("ASTDT", "ASTDY")),
}


def candidates(
    table: SourceTable, dataset: str, definition: StudyDefinition, not_these: Iterable[str] = ()
) -> dict[str, list[str]]:
    """ADaM column: the headers whose words say that they are it, the most likely first.

    A header stands under one column only; one that bears the column's own name stands there alone.
    """
    free = [header for header in map(str, table.frame.columns) if header not in set(not_these)]
    found: dict[str, list[tuple[int, str]]] = {}
    for column in (*columns_of(dataset), *(_named_by(definition) if dataset == "adsl" else ())):
        for header in free:
            rank = _rank(table, header, dataset, column, definition)
            if rank is not None:
                found.setdefault(column, []).append((rank, header))
    return _each_once(found)


def _named_by(definition: StudyDefinition) -> list[str]:
    names = [*(each.column for each in definition.subgroups), *definition.covariates, *definition.strata]
    names += [each.column for each in definition.negative_controls if each.column]
    return [name for name in dict.fromkeys(names) if name != "BASE" and name not in columns_of("adsl")]


def _rank(
    table: SourceTable, header: str, dataset: str, column: str, definition: StudyDefinition
) -> int | None:
    if column in columns_of(dataset):
        return rank_of(header, table.labels.get(header, ""), dataset, column)
    labels = [each.label for each in definition.subgroups if each.column == column]
    labels += [each.label for each in definition.negative_controls if each.column == column]
    names = [folded(name) for name in (column, *labels)]
    return names.index(folded(header)) if folded(header) in names else None


def _each_once(found: dict[str, list[tuple[int, str]]]) -> dict[str, list[str]]:
    taken: set[str] = set()
    columns: dict[str, list[str]] = {}
    for own_name in (True, False):
        for column, ranked in found.items():
            if column not in columns:
                headers = [h for rank, h in sorted(ranked) if h not in taken and (rank == 0 or not own_name)]
                if headers:
                    columns[column] = headers[:1] if own_name else headers
                    taken |= set(columns[column])
    return columns


def extra_columns(headers: Iterable[str], used: Iterable[str]) -> dict[str, str]:
    """Columns that nobody asked for under a name that may stand in a dataset: they keep it."""
    left = set(headers) - set(used)
    return {header: header for header in headers if header in left and ADAM_NAME.fullmatch(header)}


def by_values(table: SourceTable, column: str, definition: StudyDefinition, free: Iterable[str]) -> list[str]:
    """Headers whose values look like those of the column: arms of the study, numbers, dates, units of counts."""
    return [header for header in free if _looks_like(table.frame[header], column, definition)]


def _looks_like(cells: pd.Series, column: str, definition: StudyDefinition) -> bool:
    texts = [text for text in cells.unique()[:1000] if text.strip()]
    if not texts:
        return False
    if column == "TRT01P":
        arms = {folded(name) for arm in definition.arms for name in (arm.trt, arm.label)}
        assigned = [text for text in texts if not says_screen_failure(text, definition)]
        return bool(assigned) and all(folded(text) in arms for text in assigned)
    if column == "AVALU":
        return all(factor_to_stored(text) is not None for text in texts)
    if column in DATES:
        return _most(DATE_LIKE.fullmatch(text.strip()) is not None for text in texts)
    if column == "AVAL":
        return _most(
            read_number(text).noticed in ("", "below", "above", "marked", "not done") for text in texts
        )
    return False


def _most(answers: Iterable[bool]) -> bool:
    given = list(answers)
    return sum(given) >= 0.9 * len(given)


def one_row_each(table: SourceTable, header: str) -> bool:
    """Whether no participant has two rows."""
    return table.frame[header][table.frame[header] != ""].is_unique
