"""The trial's design in words: what the registry states and what is assumed."""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.populations import population_labels
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.rules import in_words, rule
from trialdata.definition import Arm, StudyDefinition

DESIGNS = {
    "randomized": "Randomised",
    "nonrandomized": "Not randomised: the arm follows the patient's choice",
    "single_arm": "One arm",
}
MASKINGS = {"none": "open label", "single": "single masked", "double": "double masked"}
SPENDING = {
    "obrien_fleming": "O'Brien-Fleming type",
    "pocock": "Pocock type",
    "hwang_shih_decani": "Hwang-Shih-DeCani",
}
STATED = {"registry": "registry", "publication": "publication", "assumed": "assumed", "": "not marked"}


def design_sentence(definition: StudyDefinition) -> str:
    """ "Randomised 1:1, single masked, corticosteroid-resistant or relapsed immune thrombocytopenia." """
    design = {"randomized": "Randomised", "nonrandomized": "Not randomised", "single_arm": "One arm"}
    several = definition.randomised and len(definition.arms) > 1  # the pooled view has one
    ratio = ":".join(f"{arm.ratio:g}" for arm in definition.arms) if several else ""
    parts = [
        f"{design[definition.design]} {ratio}".strip(),
        MASKINGS[definition.masking],
        definition.condition,
    ]
    return ", ".join(part for part in parts if part) + "."


def design_output(data: AnalysisData, view: View) -> Output:
    """One row per feature of the design, with who states it."""
    basis = Basis(data, view)
    definition = data.definition
    rows = [*_trial_rows(definition), *_arm_rows(basis), *_conduct_rows(definition, data)]
    table = pd.DataFrame(rows, columns=["Feature", "What the definition says", "Stated by"])
    assumed = int(table["Stated by"].str.contains("assumed").sum())
    return Output(
        id="design",
        title="The trial",
        subtitle=f"As read from studies/{definition.name}.toml; values that are assumed say so",
        arms=basis.styles,
        results=table.rename(
            columns={"Feature": "feature", "What the definition says": "value", "Stated by": "source"}
        ),
        table=table,
        headline=definition.title,
        detail=design_sentence(definition),
        footnotes=(f"{assumed} of {len(table)} lines rest on an assumption.",),
    )


def _stated(owner, *keys: str) -> str:
    """Who states these keys of a table: its source, or "assumed" for keys listed as such."""
    if any(key in owner.assumed for key in keys):
        return "assumed"
    return STATED.get(owner.source, owner.source)


def _trial_rows(definition: StudyDefinition) -> list[tuple[str, str, str]]:
    rows = [
        ("Title", definition.title, _stated(definition, "title")),
        ("Registration", f"{definition.registry} ({definition.studyid})", _stated(definition, "registry")),
        ("Phase", definition.phase, _stated(definition, "phase")),
        ("Condition", definition.condition, _stated(definition, "condition")),
        ("Design", DESIGNS[definition.design], _stated(definition, "design")),
        ("Masking", MASKINGS[definition.masking], _stated(definition, "masking")),
        (
            "Planned participants",
            _or_dash(definition.planned_subjects),
            _stated(definition, "planned_subjects"),
        ),
        ("Eligibility", "; ".join(definition.eligibility), _stated(definition, "eligibility")),
        ("Strata", ", ".join(definition.strata) or "none named", _stated(definition, "strata")),
    ]
    return [row for row in rows if row[1]]


def _arm_rows(basis: Basis) -> list[tuple[str, str, str]]:
    return [(_arm_name(arm), _arm_words(arm, basis), _stated_arm(arm, basis)) for arm in basis.arms]


def _arm_name(arm: Arm) -> str:
    return f"Arm: {arm.label}"


def _arm_words(arm: Arm, basis: Basis) -> str:
    ratio = f"; allocation {arm.ratio:g}" if basis.definition.randomised and len(basis.arms) > 1 else ""
    return f"{arm.regimen or arm.trt} ({arm.role}{ratio})"


def _stated_arm(arm: Arm, basis: Basis) -> str:
    source = STATED.get(arm.source or basis.definition.source, arm.source)
    if arm.assumed:
        return f"{source}; assumed: {', '.join(key.replace('_', ' ') for key in arm.assumed)}"
    return source


def _conduct_rows(definition: StudyDefinition, data: AnalysisData) -> list[tuple[str, str, str]]:
    weeks = ", ".join(f"{week:g}" for week in definition.visits.weeks)
    rows = [
        ("Visits, weeks", weeks, _stated(definition.visits, "weeks")),
        *(
            (f"Rescue: {in_words(c.cmclas)}", _rescue_words(c), _stated(c, "washout_days", "open_end"))
            for c in definition.rescue
        ),
        ("Analysis sets", ", ".join(population_labels(definition, data.adsl).values()), "file"),
    ]
    return rows + _plan_rows(definition)


def _rescue_words(rescue) -> str:
    if rescue.new_therapy:
        return "A new ITP therapy: counts are not used from its start on"
    end = "still running without an end day" if rescue.open_end == "ongoing" else "one day without an end day"
    return f"Counts not used until {rescue.washout_days} days after its end; {end}"


def _plan_rows(definition: StudyDefinition) -> list[tuple[str, str, str]]:
    rows = []
    if plan := definition.enrolment:
        words = f"{plan.start:%B %Y} to {plan.end:%B %Y}"
        rows.append(("Enrolment plan", words, _stated(plan, "start", "end")))
    if interim := definition.interim:
        looks = ", ".join(f"{share:.0%}" for share in interim.information)
        words = (
            f"{definition.endpoint(interim.endpoint).label}; looks at {looks} of the information; "
            f"{interim.sides}-sided alpha {interim.alpha:g}, {SPENDING[interim.spending]} spending"
        )
        rows.append(("Interim plan", words, _stated(interim, "information", "spending")))
    return rows


def _or_dash(value) -> str:
    return "" if value is None else str(value)


def design_endpoints_output(data: AnalysisData, view: View) -> Output:
    """One row per line of each endpoint's rule, with who states it."""
    basis = Basis(data, view)
    rows = []
    for endpoint in data.definition.endpoints:
        name = f"{endpoint.label}{' (primary)' if endpoint.primary else ''}"
        for clause in rule(endpoint, data.definition):
            stated = (
                "assumed" if clause.assumed_in(endpoint) else STATED.get(endpoint.source, endpoint.source)
            )
            rows.append((name, endpoint.paramcd, clause.term, clause.sentence, stated))
    results = pd.DataFrame(rows, columns=["endpoint", "paramcd", "term", "rule", "source"])
    table = pd.DataFrame(
        {
            "Endpoint": results["endpoint"].mask(results["endpoint"].duplicated(), ""),
            "Term": results["term"],
            "Rule": results["rule"],
            "Stated by": results["source"],
        }
    )
    return Output(
        id="design_endpoints",
        title="Endpoints",
        subtitle="The rule of each endpoint in words; IWG 2009 levels unless the definition says otherwise",
        arms=basis.styles,
        results=results,
        table=table,
        footnotes=("Rules: Rodeghiero et al., Blood 2009;113:2386, and the study definition.",),
    )
