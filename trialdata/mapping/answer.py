"""An answer to a question goes to its place in the mapping; one that cannot be is refused in a sentence."""

import re
from collections.abc import Callable, Mapping

from trialdata.errors import StudyDataError
from trialdata.mapping.import_mapping import (
    DAY_FIRST,
    MONTH_FIRST,
    NO_PLANNED_DAY,
    ImportMapping,
    TableMapping,
)
from trialdata.mapping.keys import BOTH, DATES, EVERY_ROW, column_key, measured_key, table_key
from trialdata.schema import DATASETS
from trialdata.toml_values import one_of, shown
from trialdata.units import factor_to_stored
from trialdata.values import plain

PARAMCD = re.compile(r"[A-Z][A-Z0-9]{0,7}")
ADAM_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,31}")
LONGEST_LIFE = 43_830  # days in 120 years


def answered(mapping: ImportMapping, key: str, value: str) -> ImportMapping:
    """The mapping with the answer to the question `key` (trialdata/mapping/keys.py has the forms of keys)."""
    kind, _, rest = key.partition(":")
    if kind not in ANSWERS or (kind != DATES and not rest):
        raise StudyDataError(
            f"The answer to {shown(key)}: found no such question, expected {one_of(ANSWERS)}."
        )
    return ANSWERS[kind](mapping, key, rest, value)


def _refused(key: str, value: str, expected: str) -> StudyDataError:
    return StudyDataError(f"The answer to {shown(key)}: found {shown(value)}, expected {expected}.")


def _with(texts: Mapping, text: str, answer: object) -> dict:
    return {**texts, text: answer}


def _table(mapping: ImportMapping, key: str, table: str, value: str) -> ImportMapping:
    """The table's uses for the datasets that are named; what was known of a dataset stays."""
    datasets = value.split(BOTH) if value else [""]
    wrong = len(set(datasets)) < len(datasets) or any(name not in DATASETS for name in datasets if value)
    if wrong:
        raise _refused(
            key, value, f"names of datasets such as {one_of(DATASETS)}, with + between them, or nothing"
        )
    uses = [each for each in mapping.tables if table_key(each.table) == key]
    if not uses:
        raise _refused(key, value, "a table of this import")
    known = {each.dataset: each for each in uses}
    new = [known.get(name) or TableMapping(uses[0].table, uses[0].headers, name) for name in datasets]
    first = mapping.tables.index(uses[0])
    rest = [each for each in mapping.tables[first:] if each not in uses]
    return mapping.replace(tables=(*mapping.tables[:first], *new, *rest))


def _column(mapping: ImportMapping, key: str, rest: str, value: str) -> ImportMapping:
    column = rest.rpartition(":")[2]
    use = next((each for each in mapping.tables if column_key(each, column) == key), None)
    if use is None or not ADAM_NAME.fullmatch(column):
        raise _refused(key, value, "a column of a table of this import")
    if value and value not in use.headers and not value.startswith(EVERY_ROW):
        raise _refused(key, value, "a header of the table")
    columns = {name: header for name, header in use.columns.items() if name != column}
    columns.pop(value, None)  # no longer kept under its own name
    values = {name: text for name, text in use.values.items() if name != column}
    if value.startswith(EVERY_ROW) and value not in use.headers:
        values[column] = value.removeprefix(EVERY_ROW)
    else:
        columns[column] = value
    return _replaced(mapping, use, use.replace(columns=columns, values=values))


def _measured(mapping: ImportMapping, key: str, rest: str, value: str) -> ImportMapping:
    if value and not PARAMCD.fullmatch(value):
        raise _refused(key, value, "a PARAMCD such as WHOBLD, or nothing")
    for use in mapping.tables:
        for number, each in enumerate(use.measured):
            if measured_key(use, each.header) == key:
                told = type(each)(each.header, value, each.visit, each.date, each.unit)
                measured = (*use.measured[:number], told, *use.measured[number + 1 :])
                return _replaced(mapping, use, use.replace(measured=measured))
    raise _refused(key, value, "a column of a table of this import")


def _replaced(mapping: ImportMapping, use: TableMapping, by: TableMapping) -> ImportMapping:
    return mapping.replace(tables=tuple(by if each is use else each for each in mapping.tables))


def _arm(mapping: ImportMapping, key: str, text: str, value: str) -> ImportMapping:
    return mapping.replace(arms=_with(mapping.arms, text, value))


def _parameter(mapping: ImportMapping, key: str, text: str, value: str) -> ImportMapping:
    if value and not PARAMCD.fullmatch(value):
        raise _refused(key, value, "a PARAMCD such as PLAT, or nothing to leave the rows out")
    return mapping.replace(parameters=_with(mapping.parameters, text, value))


def _unit(mapping: ImportMapping, key: str, paramcd: str, value: str) -> ImportMapping:
    if paramcd == "PLAT" and (not plain(value) or factor_to_stored(value) is None):
        raise _refused(key, value, "a unit of counts such as 10^9/L")
    return mapping.replace(units=_with(mapping.units, paramcd, value))


def _visit(mapping: ImportMapping, key: str, text: str, value: str) -> ImportMapping:
    number = plain(value)
    if not re.fullmatch(r"[+-]?\d{1,5}(\.0+)?", number) or abs(float(number)) > LONGEST_LIFE:
        raise _refused(
            key, value, f"a whole study day such as 29, or {NO_PLANNED_DAY:g} without a planned day"
        )
    return mapping.replace(visits=_with(mapping.visits, text, float(number)))


def _rescue(mapping: ImportMapping, key: str, text: str, value: str) -> ImportMapping:
    return mapping.replace(rescue=_with(mapping.rescue, text, value))


def _code(mapping: ImportMapping, key: str, rest: str, value: str) -> ImportMapping:
    column, colon, code = rest.partition(":")
    if not colon or not ADAM_NAME.fullmatch(column):
        raise _refused(key, value, "a key such as codes:SEX:1")
    return mapping.replace(
        codes=_with(mapping.codes, column, _with(mapping.codes.get(column, {}), code, value))
    )


def _site(mapping: ImportMapping, key: str, site: str, value: str) -> ImportMapping:
    if not value.strip():
        raise _refused(key, value, "the code that stands for the site")
    return mapping.replace(sites=_with(mapping.sites, site, value))


def _dates(mapping: ImportMapping, key: str, rest: str, value: str) -> ImportMapping:
    if rest or value not in (DAY_FIRST, MONTH_FIRST):
        raise _refused(key, value, one_of((DAY_FIRST, MONTH_FIRST)))
    return mapping.replace(dates=value)


ANSWERS: dict[str, Callable[[ImportMapping, str, str, str], ImportMapping]] = {
    "tables": _table,
    "columns": _column,
    "measured": _measured,
    "arms": _arm,
    "parameters": _parameter,
    "units": _unit,
    "visits": _visit,
    "rescue": _rescue,
    "codes": _code,
    "sites": _site,
    DATES: _dates,
}
