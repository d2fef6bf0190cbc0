"""The list of all outputs: a page, a slide and a command-line name come from it."""

import dataclasses
import inspect
from collections.abc import Callable
from dataclasses import dataclass

from analysis.adam import AnalysisData
from outputs import (
    adjusted,
    comparison,
    cut_changes,
    cut_movers,
    design,
    durability,
    findings,
    followup,
    gee,
    hazards,
    imported,
    incidence,
    missing_data,
    mmrm,
    one_participant,
    overview,
    participants,
    platelet_areas,
    platelets,
    queries,
    record_changes,
    response,
    rule_grid,
    rule_sensitivity,
    sites,
    standing,
    stratified,
    subgroups,
    time_in_response,
    times,
    tipping_point,
)
from outputs.output import Output, View


@dataclass(frozen=True)
class Entry:
    """One output: its id, what it shows, its section, and the function that builds it."""

    id: str
    title: str
    section: str
    build: Callable[..., Output]
    participant_level: bool = False


_ENTRIES = (
    Entry("status", "The cut, enrolment, who is due, data findings", "trial", overview.status_output),
    Entry("arms", "State by arm: treated, due, left the study, follow-up", "trial", overview.arms_output),
    Entry(
        "headline",
        "The primary endpoint, or what can be answered while few are due",
        "trial",
        overview.headline_output,
    ),
    Entry("answerable", "Rates so far for every endpoint with a rate", "trial", overview.answerable_output),
    Entry("enrolment", "Enrolment and maturity by month", "trial", overview.enrolment_output),
    Entry("due", "Who is due for each endpoint", "trial", overview.due_output),
    Entry("sites", "Last record per site against the cut", "trial", sites.sites_output),
    Entry(
        "overview_platelets", "Small platelet trajectories", "trial", overview.overview_platelets_output, True
    ),
    Entry("design", "The trial's design, with who states it", "trial", design.design_output),
    Entry("design_endpoints", "The rule of every endpoint", "trial", design.design_endpoints_output),
    Entry("findings", "Findings of reading and checking", "trial", findings.findings_output, True),
    Entry("queries", "What to ask each site", "trial", queries.queries_output, True),
    Entry("finding_counts", "Findings counted by kind", "trial", findings.finding_counts_output),
    Entry("load_report", "What the import changed", "trial", imported.load_report_output, True),
    Entry("completeness", "Platelet counts by visit and arm", "trial", findings.completeness_output),
    Entry("cut_changes", "Rates at the earlier cut and at this one", "trial", cut_changes.cut_changes_output),
    Entry("cut_causes", "What leads from the earlier counts to these", "trial", cut_movers.cut_causes_output),
    Entry("cut_movers", "Who moved the rate between the cuts", "trial", cut_movers.cut_movers_output, True),
    Entry("record_changes", "Records new, corrected or gone", "trial", record_changes.record_changes_output),
    Entry(
        "changed_records",
        "Each changed record, before and after",
        "trial",
        record_changes.changed_records_output,
        True,
    ),
    Entry("response_rates", "Response rates and the difference", "efficacy", response.response_rates_output),
    Entry(
        "comparison", "Every comparison with control, every method", "efficacy", comparison.comparison_output
    ),
    Entry("rate_methods", "Each arm's rate by every method", "efficacy", comparison.rate_methods_output),
    Entry("stratified", "Rates and difference within strata", "efficacy", stratified.stratified_output),
    Entry(
        "stratified_methods",
        "What is common to the strata, by every method",
        "efficacy",
        stratified.stratified_methods_output,
    ),
    Entry("adjusted", "Response adjusted for the covariates", "efficacy", adjusted.adjusted_output),
    Entry("standing", "Where everybody stands", "efficacy", standing.standing_output),
    Entry("best_response", "Best response as shares of the due", "efficacy", standing.best_response_output),
    Entry("response_by_visit", "In response at each visit", "efficacy", standing.response_by_visit_output),
    Entry("ledger", "Who counts: from enrolled to every answer", "efficacy", standing.ledger_output),
    Entry("method", "How the response numbers were made", "efficacy", response.method_output),
    Entry("platelet_course", "Platelets by visit and arm", "efficacy", platelets.platelet_course_output),
    Entry(
        "platelet_participants",
        "Every participant's platelets",
        "efficacy",
        platelets.platelet_participants_output,
        True,
    ),
    Entry(
        "platelet_thresholds",
        "Percent at or above 30, 50 and 100",
        "efficacy",
        platelets.platelet_thresholds_output,
    ),
    Entry(
        "platelet_change", "Change in platelets from baseline", "efficacy", platelets.platelet_change_output
    ),
    Entry(
        "mmrm", "Platelets over time by the mixed model for repeated measures", "efficacy", mmrm.mmrm_output
    ),
    Entry("gee", "At or above a threshold over time by estimating equations", "efficacy", gee.gee_output),
    Entry(
        "wilcoxon_at_visit",
        "Counts at one visit compared by rank sums",
        "efficacy",
        platelet_areas.wilcoxon_at_visit_output,
    ),
    Entry(
        "platelet_area",
        "Area under the platelet curve and weeks at or above 50",
        "efficacy",
        platelet_areas.platelet_area_output,
    ),
    Entry(
        "cumulative_response",
        "Cumulative incidence of response, rescue and death competing",
        "efficacy",
        incidence.cumulative_response_output,
    ),
    Entry(
        "time_to_response", "Time to response, Kaplan-Meier", "efficacy", durability.time_to_response_output
    ),
    Entry("duration_of_response", "Duration of response", "efficacy", durability.duration_of_response_output),
    Entry(
        "treatment_failure", "Freedom from treatment failure", "efficacy", durability.treatment_failure_output
    ),
    Entry(
        "time_in_response", "Share of days in response", "efficacy", time_in_response.time_in_response_output
    ),
    Entry(
        "durability_numbers", "Medians and landmark rates", "efficacy", durability.durability_numbers_output
    ),
    Entry("subgroups", "The comparison in every subgroup", "efficacy", subgroups.subgroups_output),
    Entry(
        "missing_strategies",
        "The difference by how missing answers are taken",
        "efficacy",
        missing_data.missing_strategies_output,
    ),
    Entry(
        "tipping_point",
        "How many missing answers turn the conclusion",
        "efficacy",
        tipping_point.tipping_point_output,
    ),
    Entry(
        "time_comparisons",
        "One time to an event, compared by every method",
        "efficacy",
        times.time_comparisons_output,
    ),
    Entry(
        "proportional_hazards",
        "Whether the hazard ratio is constant",
        "efficacy",
        hazards.proportional_hazards_output,
    ),
    Entry("followup", "Median follow-up by reverse Kaplan-Meier", "efficacy", followup.followup_output),
    Entry(
        "rule_sensitivity",
        "Rates by the protocol's and by a changed rule",
        "efficacy",
        rule_sensitivity.rule_sensitivity_output,
    ),
    Entry(
        "rule_movers",
        "Who changes class under a changed rule",
        "efficacy",
        rule_sensitivity.rule_movers_output,
        True,
    ),
    Entry("rule_grid", "Each parameter of the rule moved alone", "efficacy", rule_grid.rule_grid_output),
    Entry("participants", "The list of participants", "participants", participants.participants_output, True),
    Entry("swimlanes", "One lane per participant", "participants", participants.swimlanes_output, True),
    Entry(
        "participant_course",
        "One participant's course",
        "participants",
        one_participant.participant_course_output,
        True,
    ),
    Entry(
        "participant_trace",
        "How the rule read each count",
        "participants",
        one_participant.participant_trace_output,
        True,
    ),
    Entry(
        "participant_verdicts",
        "One participant's answer for every endpoint",
        "participants",
        one_participant.participant_verdicts_output,
        True,
    ),
)

CATALOGUE: dict[str, Entry] = {entry.id: entry for entry in _ENTRIES}


def build(output_id: str, data: AnalysisData, view: View, **options: object) -> Output:
    """The output of that id, with what was chosen for it; KeyError for an id that is not in the catalogue."""
    output = CATALOGUE[output_id].build(data, view, **options)
    chosen = tuple(
        (name, str(value)) for name, value in options.items() if name != "usubjid" and value is not None
    )
    return dataclasses.replace(output, options=chosen)


def option_names(output_id: str) -> list[str]:
    """What can be chosen for one output beyond population, endpoint and filters."""
    parameters = inspect.signature(CATALOGUE[output_id].build).parameters.values()
    return [p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.name != "usubjid"]
