"""What a study definition must satisfy beyond the type of each key: allowed words, ranges, and references."""

from collections.abc import Collection, Sequence

from trialdata.definition import RATE_KINDS, Arm, Endpoint, Interim, StudyDefinition
from trialdata.negative_control_rules import check_negative_controls
from trialdata.safety_rules import check_safety
from trialdata.specific_rules import check_specifics
from trialdata.toml_tables import Table
from trialdata.toml_values import closest, one_of, shown

EVENTS = ("count", "rescue", "new_therapy", "bleeding", "death")
MOST_MODELLED_VISITS = 8  # an unstructured covariance of 8 visits has 36 parameters
REQUIRED_BY_KIND = {
    **dict.fromkeys(("confirmed_response", "sustained_response", "time_to_response"), ("window_days",)),
    **dict.fromkeys(("duration_of_response", "max_bleeding"), ("window_days",)),
    "response_at_visit": ("avisitn",),
    "durable_counts": ("visits",),
    "treatment_failure": ("events",),
}


def check_definition(top: Table, definition: StudyDefinition, broken: Collection[str] = ()) -> None:
    """Adds a problem to `top` for everything in the definition that contradicts itself.

    `broken` names the tables that could not be read whole: nothing is said about references into them.
    """
    if "arms" not in broken:
        _check_design(top, definition)
    if "visits" not in broken:
        _check_visits(top, definition)
    _check_unique(top, definition)
    if "endpoints" not in broken:
        _check_leading_endpoint(top, definition)
    _check_data_folder(top, definition.data)
    for endpoint in definition.endpoints:
        check_endpoint(top.inside(f"[[endpoints]] {endpoint.paramcd}", {}), endpoint, definition, broken)
    if definition.interim is not None:
        table = top.inside("[interim]", {})
        _check_interim(table, definition.interim)
        if "endpoints" not in broken:
            _check_interim_endpoint(table, definition)
    if definition.longitudinal is not None and "visits" not in broken:
        table = top.inside("[longitudinal]", {})
        _check_longitudinal(table, definition.longitudinal.weeks, definition.visits.weeks)
    check_safety(top, definition, broken)
    if not {"arms", "endpoints"} & set(broken):
        _check_historical(top, definition)
    check_specifics(top, definition, broken)
    check_negative_controls(top, definition)
    plan = definition.enrolment
    if plan is not None and plan.end < plan.start:
        expected = f"a date on or after the start, {plan.start}"
        top.inside("[enrolment]", {}).refuse("end", str(plan.end), expected)


def _check_design(top: Table, definition: StudyDefinition) -> None:
    arms, roles, design = definition.arms, [arm.role for arm in definition.arms], definition.design
    controls = roles.count("control")
    if not 1 <= len(arms) <= 3:
        top.refuse("arms", f"{len(arms)} arms", "one, two or three [[arms]] blocks")
    elif design == "single_arm" and len(arms) != 1:
        top.refuse("design", f"single_arm with {len(arms)} arms", "one [[arms]] block, or another design")
    elif design and design != "single_arm" and len(arms) == 1:
        top.refuse("design", f"{design} with one arm", 'two [[arms]] blocks or more, or "single_arm"')
    elif len(arms) > 1 and controls != 1:
        top.refuse("arms", f"{controls} arms with the role control", "exactly one, to compare with")
    elif len(arms) > 1 and "single" in roles:
        top.refuse("arms", "an arm with the role single beside others", "experimental or control")
    for arm in arms:
        _check_arm(top.inside(f"[[arms]] {arm.trt}", {}), arm)


def _check_arm(table: Table, arm: Arm) -> None:
    if arm.ratio <= 0:
        table.refuse("ratio", shown(arm.ratio), "a number above 0")
    if arm.trt != arm.trt.strip():
        table.refuse("trt", shown(arm.trt), "a value without blanks at its ends")


def _check_unique(top: Table, definition: StudyDefinition) -> None:
    columns: dict[tuple[str, str], Sequence] = {
        ("[[arms]]", "trt"): [arm.trt for arm in definition.arms],
        ("[[arms]]", "label"): [arm.label for arm in definition.arms],
        ("[[rescue]]", "cmclas"): [rescue.cmclas for rescue in definition.rescue],
        ("[[endpoints]]", "paramcd"): [endpoint.paramcd for endpoint in definition.endpoints],
        ("[[subgroups]]", "column"): [subgroup.column for subgroup in definition.subgroups],
        ("[[aesi]]", "label"): [group.label for group in definition.aesi],
        ("[[historical]]", "endpoint"): [each.endpoint for each in definition.historical],
        ("[[negative_controls]]", "label"): [control.label for control in definition.negative_controls],
        ("[[questionnaires]]", "paramcd"): [each.paramcd for each in definition.questionnaires],
        ("", "strata"): definition.strata,
        ("", "covariates"): definition.covariates,
        ("[visits]", "weeks"): definition.visits.weeks,
    }
    for (place, key), values in columns.items():
        for value in sorted({value for value in values if values.count(value) > 1}):
            top.inside(place, {}).refuse(key, f"{shown(value)} more than once", "each value once")


def _check_leading_endpoint(top: Table, definition: StudyDefinition) -> None:
    """One endpoint with a rate leads every page: the primary one if it has a rate, else the first of them."""
    rates = "a kind with a rate: " + ", ".join(RATE_KINDS)
    primary = [endpoint for endpoint in definition.endpoints if endpoint.primary]
    if len(primary) > 1:
        codes = ", ".join(endpoint.paramcd for endpoint in primary)
        top.inside("[[endpoints]]", {}).refuse("primary", f"several: {codes}", "at most one")
    if all(endpoint.kind not in RATE_KINDS for endpoint in definition.endpoints):
        top.inside("[[endpoints]]", {}).refuse("kind", "no endpoint with a rate", rates)


def _check_historical(top: Table, definition: StudyDefinition) -> None:
    codes = [endpoint.paramcd for endpoint in definition.endpoints if endpoint.kind in RATE_KINDS]
    for each in definition.historical:
        table = top.inside(f"[[historical]] {each.endpoint}", {})
        if definition.design != "single_arm":
            table.refuse(
                "endpoint",
                f"a historical rate in a study that is {definition.design}",
                'design = "single_arm"',
            )
        if each.endpoint not in codes:
            table.refuse("endpoint", shown(each.endpoint), one_of(codes) + closest(each.endpoint, codes))
        if not 0 < each.rate < 1:
            table.refuse("rate", shown(each.rate), "a share between 0 and 1, such as 0.4")
        if not each.reference.strip():
            table.refuse(
                "reference", "no text", "where the rate comes from, such as author, journal and year"
            )


def _check_visits(top: Table, definition: StudyDefinition) -> None:
    weeks = definition.visits.weeks
    table = top.inside("[visits]", {})
    if not weeks:
        table.refuse("weeks", "[]", "the weeks of the visits, such as [0, 1, 2]")
    elif list(weeks) != sorted(weeks) or weeks[0] < 0:
        table.refuse("weeks", shown(list(weeks)), "weeks from 0 upwards, in ascending order")


def _check_data_folder(top: Table, data: str) -> None:
    parts = data.replace("\\", "/").split("/")
    if data and (".." in parts or parts[0] == "" or ":" in data):
        top.refuse("data", shown(data), "a folder below the one that holds studies/, such as data/my_trial")


def check_endpoint(
    table: Table, endpoint: Endpoint, definition: StudyDefinition, broken: Collection[str] = ()
) -> None:
    """Adds a problem to `table` for everything in an endpoint that contradicts itself or its study."""
    _check_keys(table, endpoint)
    if "visits" not in broken:
        _check_weeks(table, endpoint, definition.visits.weeks)
    if "rescue" not in broken:
        _check_rescue_classes(table, endpoint, [rescue.cmclas for rescue in definition.rescue])


def _check_keys(table: Table, endpoint: Endpoint) -> None:
    for key in REQUIRED_BY_KIND.get(endpoint.kind, ()):
        if getattr(endpoint, key) in (None, ()):
            table.refuse(key, "nothing", f"a value (the kind {endpoint.kind} needs it)")
    for key in ("window_days", "visits"):
        limits = getattr(endpoint, key)
        if limits and limits[0] > limits[1]:
            table.refuse(key, shown(list(limits)), "the first before the last")
    if endpoint.kind == "durable_counts":
        _check_durable_counts(table, endpoint)
    if endpoint.kind == "max_bleeding" and not endpoint.bleeding:
        table.refuse("bleeding", "nothing", "the PARAMCD of the bleeding scale in adqs")
    _check_events(table, endpoint)


def _check_durable_counts(table: Table, endpoint: Endpoint) -> None:
    if endpoint.at_least is None and endpoint.fraction is None:
        table.refuse("at_least", "neither at_least nor fraction", "one of the two")
    if endpoint.at_least is not None and endpoint.fraction is not None:
        table.refuse("at_least", "both at_least and fraction", "one of the two")
    if endpoint.fraction is not None and not 0 < endpoint.fraction <= 1:
        table.refuse("fraction", shown(endpoint.fraction), "a share above 0 and up to 1")


def _check_weeks(table: Table, endpoint: Endpoint, weeks: tuple[float, ...]) -> None:
    expected = "a week of [visits]: " + ", ".join(f"{week:g}" for week in weeks)
    for week in endpoint.visits or ():
        if week not in weeks:
            table.refuse("visits", shown(week), expected)
    if endpoint.avisitn is not None and endpoint.avisitn not in weeks:
        table.refuse("avisitn", shown(endpoint.avisitn), expected)


def _check_longitudinal(table: Table, modelled: tuple[float, ...], weeks: tuple[float, ...]) -> None:
    expected = "a week of [visits] after baseline: " + ", ".join(f"{week:g}" for week in weeks if week > 0)
    for week in modelled:
        if week not in weeks or week <= 0:
            table.refuse("weeks", shown(week), expected)
    if not 1 <= len(modelled) <= MOST_MODELLED_VISITS or list(modelled) != sorted(set(modelled)):
        limit = f"1 to {MOST_MODELLED_VISITS} weeks in ascending order, each once"
        table.refuse("weeks", shown(list(modelled)), limit)


def _check_rescue_classes(table: Table, endpoint: Endpoint, classes: list[str]) -> None:
    for cmclas in endpoint.rescue_classes or ():
        if cmclas not in classes:
            expected = "the cmclas of a [[rescue]] block" + closest(cmclas, classes)
            table.refuse("rescue_classes", shown(cmclas), expected)


def _check_events(table: Table, endpoint: Endpoint) -> None:
    for event in endpoint.events:
        if event not in EVENTS:
            table.refuse("events", shown(event), one_of(EVENTS) + closest(event, EVENTS))
    for event in endpoint.from_day:
        if event not in endpoint.events:
            table.refuse("from_day", shown(event), "one of the events named under events")
    if len(set(endpoint.events)) < len(endpoint.events):
        table.refuse("events", shown(list(endpoint.events)), "each event once")


def _check_interim_endpoint(table: Table, definition: StudyDefinition) -> None:
    named = definition.interim.endpoint if definition.interim else ""
    paramcds = [endpoint.paramcd for endpoint in definition.endpoints]
    if named not in paramcds:
        expected = "the paramcd of an [[endpoints]] block" + closest(named, paramcds)
        table.refuse("endpoint", shown(named), expected)


def _check_interim(table: Table, interim: Interim) -> None:
    if not 0 < interim.alpha < 1:
        table.refuse("alpha", shown(interim.alpha), "a number between 0 and 1")
    if interim.sides not in (1, 2):
        table.refuse("sides", shown(interim.sides), "1 or 2")
    looks = list(interim.information)
    if not looks or looks != sorted(set(looks)) or not 0 < looks[0] <= looks[-1] <= 1:
        table.refuse("information", shown(looks), "ascending shares above 0 and up to 1, such as [0.5, 1.0]")
    if (interim.spending == "hwang_shih_decani") != (interim.gamma is not None):
        found = "nothing" if interim.gamma is None else shown(interim.gamma)
        table.refuse("gamma", found, "a number with the spending hwang_shih_decani, and only there")
