"""Another rule for one endpoint: some keys of its definition changed, and checked as those of a TOML are.

`washout_days` (days, for every class of rescue) and `washout_times` (a multiple of each class's own) change
the rescue classes; every other key is one of the endpoint. The definition of the study stays as it is.
"""

import dataclasses
import math
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from trialdata.definition import KIND_KEYS, SHARED_KEYS, Endpoint, RescueClass, StudyDefinition
from trialdata.definition_rules import check_endpoint
from trialdata.errors import StudyDataError
from trialdata.toml_tables import Table, read_fields
from trialdata.toml_values import Unreadable, closest, read_value, shown

NOT_OF_THE_RULE = ("paramcd", "label", "kind", "primary", "source", "assumed")
WASHOUT: dict[str, Any] = {"washout_days": int, "washout_times": float}
PART = re.compile(r'\s*([^=,\s]+)\s*=\s*("[^"]*"|\[[^\]]*\]|\{[^}]*\}|[^,]*?)\s*(?:,|$)')


def changeable_keys(kind: str) -> tuple[str, ...]:
    """The keys that may be changed in the rule of an endpoint of this kind."""
    of_endpoint = [key for key in (*SHARED_KEYS, *KIND_KEYS[kind]) if key not in NOT_OF_THE_RULE]
    return (*of_endpoint, *WASHOUT)


def read_changes(text: str, definition: StudyDefinition, paramcd: str) -> dict[str, Any]:
    """The changes that a text such as "r_count=50, rescue=washout" makes, by key; what changes nothing is left out.

    A value is written as in the TOML, quotation marks may be missing. StudyDataError with a sentence for
    everything that a TOML would be refused for.
    """
    endpoint = definition.endpoint(paramcd)
    table = Table("changes", f"[[endpoints]] {paramcd}", {})
    table.values.update(_values(text, table))
    changes = _read_keys(table, endpoint)
    if not table.problems:
        changed = changed_definition(definition, paramcd, changes)
        check_endpoint(table, changed.endpoint(paramcd), definition)
    if table.problems:
        raise StudyDataError("\n".join(table.problems))
    return {
        key: value for key, value in changes.items() if not _changes_nothing(key, value, definition, endpoint)
    }


def changed_definition(
    definition: StudyDefinition, paramcd: str, changes: Mapping[str, Any]
) -> StudyDefinition:
    """The definition with the changed rule of one endpoint, and changed washouts, in it."""
    of_endpoint = {key: value for key, value in changes.items() if key not in WASHOUT}
    endpoints = tuple(
        dataclasses.replace(endpoint, **of_endpoint) if endpoint.paramcd == paramcd else endpoint
        for endpoint in definition.endpoints
    )
    rescue = tuple(_with_washout(each, changes) for each in definition.rescue)
    return definition.replace(endpoints=endpoints, rescue=rescue)


def _values(text: str, table: Table) -> dict[str, Any]:
    values: dict[str, Any] = {}
    place = 0
    while place < len(text.rstrip(" ,")):
        part = PART.match(text, place)
        if part is None:
            table.refuse("", shown(text[place:].strip()), "key=value, such as r_count=50, confirm_days=14")
            return {}
        key, value = part.groups()
        if key in values:
            table.refuse(key, "the key twice", "each key once")
        values[key] = _value(value)
        place = part.end()
    return values


def _value(text: str) -> Any:
    """A TOML value; a text that is none stands for itself."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text.strip('"')


def _read_keys(table: Table, endpoint: Endpoint) -> dict[str, Any]:
    allowed = changeable_keys(endpoint.kind)
    for key in table.values.keys() - set(allowed):
        table.refuse(key, "an unknown key", "one of " + ", ".join(allowed) + closest(key, allowed))
    known = {key: value for key, value in table.values.items() if key in allowed and key not in WASHOUT}
    washout = {key: table.values[key] for key in WASHOUT if key in table.values}
    return read_fields(Endpoint, table.inside(table.place, known), list(known)) | _read_washout(
        table, washout
    )


def _read_washout(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    read = {}
    for key, value in values.items():
        try:
            read[key] = read_value(key, value, WASHOUT[key])
        except Unreadable as problem:
            table.refuse(key, shown(value), str(problem))
    if len(values) > 1:
        table.refuse("washout_days", "both washout_days and washout_times", "one of the two")
    return read


def _with_washout(rescue: RescueClass, changes: Mapping[str, Any]) -> RescueClass:
    """A class whose shadow never ends has no washout to change; part of a day is a whole one."""
    if rescue.new_therapy or not WASHOUT.keys() & changes.keys():
        return rescue
    times = changes.get("washout_times", 1)
    return dataclasses.replace(
        rescue, washout_days=changes.get("washout_days", math.ceil(times * rescue.washout_days - 1e-9))
    )


def _changes_nothing(key: str, value: Any, definition: StudyDefinition, endpoint: Endpoint) -> bool:
    if key in WASHOUT:
        return all(_with_washout(each, {key: value}) == each for each in definition.rescue)
    return getattr(endpoint, key) == value
