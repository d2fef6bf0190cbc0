"""What the tables of autoantibodies and of haemoglobin response must satisfy beyond the type of each key."""

from collections.abc import Collection

from trialdata.definition import Autoantibodies, HaemoglobinResponse, RescueClass, StudyDefinition
from trialdata.laboratory_parameters import PARAMETERS, parameter_of
from trialdata.toml_tables import Table
from trialdata.toml_values import closest, shown

HIGHEST_RISE, NORMAL = 10, (5, 20)  # g/dL: a number outside them is meant in another unit


def check_specifics(top: Table, definition: StudyDefinition, broken: Collection[str]) -> None:
    """Adds a problem to `top` for everything in [autoantibodies] and [haemoglobin_response] that cannot be used."""
    if definition.autoantibodies is not None:
        _check_classes(top.inside("[autoantibodies]", {}), definition.autoantibodies)
    if definition.haemoglobin_response is not None:
        table = top.inside("[haemoglobin_response]", {})
        _check_response(table, definition.haemoglobin_response)
        if "rescue" not in broken:
            _check_transfusions(table, definition.haemoglobin_response, definition.rescue)


def _check_classes(table: Table, classes: Autoantibodies) -> None:
    names = list(classes.labels.values())
    if not names or not all(name.strip() for name in names):
        table.refuse(
            "labels",
            "a name that is empty" if names else "no name",
            'a table of names such as { ANA = "ANA-positive" }',
        )
    for name in sorted({name for name in names if names.count(name) > 1}):
        table.refuse("labels", f"{shown(name)} more than once", "each name once")


def _check_response(table: Table, rule: HaemoglobinResponse) -> None:
    if not rule.values or not all(value.strip() for value in rule.values):
        table.refuse("values", shown(list(rule.values)), 'the values of the column, such as ["EVANS"]')
    first, last = rule.window_days
    if not 2 <= first <= last:
        table.refuse("window_days", shown([first, last]), "the first before the last, from day 2")
    if not 0 < rule.rise <= HIGHEST_RISE:
        table.refuse("rise", shown(rule.rise), f"g/dL, above 0 and up to {HIGHEST_RISE}, such as 2")
    for key in ("normal_female", "normal_male"):
        value, (low, high) = getattr(rule, key), NORMAL
        if not low <= value <= high:
            table.refuse(key, shown(value), f"g/dL, from {low} to {high}, such as 12")
    known = [parameter.paramcd for parameter in PARAMETERS]
    for key in ("raised", "lowered"):
        for code in getattr(rule, key):
            if parameter_of(code) is None:
                table.refuse(key, shown(code), "a known parameter, such as LDH" + closest(code, known))


def _check_transfusions(table: Table, rule: HaemoglobinResponse, rescue: Collection[RescueClass]) -> None:
    for cmclas in sorted(set(rule.transfusion_classes) & {each.cmclas for each in rescue}):
        table.refuse(
            "transfusion_classes", f"{shown(cmclas)}, a class of [[rescue]]", "one that is no rescue"
        )
