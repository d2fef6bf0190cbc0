"""What the tables of safety and quality of life in a study definition must satisfy beyond the type of each key."""

from collections.abc import Collection

from trialdata.definition import PlannedDose, Questionnaire, SpecialInterest, StudyDefinition
from trialdata.toml_tables import Table
from trialdata.toml_values import closest, one_of, shown

BETTER = ("higher", "lower")


def check_safety(top: Table, definition: StudyDefinition, broken: Collection[str]) -> None:
    """Adds a problem to `top` for everything in [[aesi]], [[doses]] and [[questionnaires]] that cannot be used."""
    for group in definition.aesi:
        _check_special_interest(top.inside(f"[[aesi]] {group.label}", {}), group)
    arms = [arm.trt for arm in definition.arms]
    for planned in definition.doses:
        table = top.inside(f"[[doses]] {planned.drug}", {})
        if "arms" not in broken and planned.trt not in arms:
            table.refuse("trt", shown(planned.trt), one_of(arms) + closest(planned.trt, arms))
        _check_planned_dose(table, planned)
    pairs = [(planned.trt, planned.drug) for planned in definition.doses]
    for trt, drug in sorted({pair for pair in pairs if pairs.count(pair) > 1}):
        top.inside(f"[[doses]] {drug}", {}).refuse(
            "drug", f"{shown(drug)} of {shown(trt)} more than once", "once"
        )
    for each in definition.questionnaires:
        table = top.inside(f"[[questionnaires]] {each.paramcd}", {})
        _check_questionnaire(table, each)
        if "visits" not in broken:
            _check_weeks(table, each.weeks, definition.visits.weeks)


def _check_special_interest(table: Table, group: SpecialInterest) -> None:
    if not group.terms and not group.body_systems:
        table.refuse(
            "terms", "neither terms nor body_systems", "preferred terms, system organ classes or both"
        )


def _check_planned_dose(table: Table, planned: PlannedDose) -> None:
    if (planned.doses is None) == (planned.last_day is None):
        found = "neither doses nor last_day" if planned.doses is None else "doses and last_day"
        table.refuse("doses", found, "one of the two")
    if planned.every_days is not None and planned.doses is None:
        table.refuse("every_days", "every_days without doses", "doses, or per_day and last_day")
    for key in ("dose", "doses", "every_days", "per_day", "last_day"):
        value = getattr(planned, key)
        if value is not None and value <= 0:
            table.refuse(key, shown(value), "a number above 0")


def _check_questionnaire(table: Table, each: Questionnaire) -> None:
    if each.better not in BETTER:
        table.refuse("better", shown(each.better), one_of(BETTER))
    if each.range[0] >= each.range[1]:
        table.refuse("range", shown(list(each.range)), "the lowest score before the highest")
    if each.important_change <= 0:
        table.refuse("important_change", shown(each.important_change), "a number above 0")


def _check_weeks(table: Table, asked: tuple[float, ...], weeks: tuple[float, ...]) -> None:
    for week in asked:
        if week not in weeks or week <= 0:
            expected = ", ".join(f"{week:g}" for week in weeks if week > 0)
            table.refuse("weeks", shown(week), f"a week of [visits] after baseline: {expected}")
    if list(asked) != sorted(set(asked)):
        table.refuse("weeks", shown(list(asked)), "weeks in ascending order, each once")
