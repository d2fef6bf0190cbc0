"""The outputs about efficacy: response, platelets, models, times."""

from functools import partial

from outputs import (
    adjusted,
    autoantibodies,
    comparison,
    durability,
    followup,
    gee,
    haemoglobin_response,
    hazards,
    historical,
    incidence,
    missing_data,
    mmrm,
    platelet_areas,
    platelets,
    response,
    rule_grid,
    rule_sensitivity,
    standing,
    stratified,
    subgroups,
    time_in_response,
    times,
    tipping_point,
)
from outputs.entry import TABLE, Entry
from outputs.quality import change, course, responders

_entry = partial(Entry, "efficacy")

ENTRIES = (
    _entry("response_rates", "Response rates and the difference", response.response_rates_output),
    _entry("comparison", "Every comparison with control, every method", comparison.comparison_output),
    _entry("rate_methods", "Each arm's rate by every method", comparison.rate_methods_output),
    _entry("stratified", "Rates and difference within strata", stratified.stratified_output),
    _entry(
        "stratified_methods",
        "What is common to the strata, by every method",
        stratified.stratified_methods_output,
    ),
    _entry("historical_rate", "One arm against a historical rate", historical.historical_rate_output),
    _entry("adjusted", "Response adjusted for the covariates", adjusted.adjusted_output),
    _entry("standing", "Where everybody stands", standing.standing_output),
    _entry("best_response", "Best response as shares of the due", standing.best_response_output),
    _entry("response_by_visit", "In response at each visit", standing.response_by_visit_output),
    _entry("ledger", "Who counts: from enrolled to every answer", standing.ledger_output),
    _entry("method", "How the response numbers were made", response.method_output),
    _entry("platelet_course", "Platelets by visit and arm", platelets.platelet_course_output),
    _entry(
        "platelet_participants",
        "Every participant's platelets",
        platelets.platelet_participants_output,
        True,
    ),
    _entry(
        "platelet_thresholds",
        "Percent at or above 30, 50 and 100",
        platelets.platelet_thresholds_output,
    ),
    _entry("platelet_change", "Change in platelets from baseline", platelets.platelet_change_output),
    _entry("mmrm", "Platelets over time by the mixed model for repeated measures", mmrm.mmrm_output),
    _entry("gee", "At or above a threshold over time by estimating equations", gee.gee_output),
    _entry(
        "wilcoxon_at_visit",
        "Counts at one visit compared by rank sums",
        platelet_areas.wilcoxon_at_visit_output,
    ),
    _entry(
        "platelet_area",
        "Area under the platelet curve and weeks at or above 50",
        platelet_areas.platelet_area_output,
    ),
    _entry(
        "cumulative_response",
        "Cumulative incidence of response, rescue and death competing",
        incidence.cumulative_response_output,
    ),
    _entry("time_to_response", "Time to response, Kaplan-Meier", durability.time_to_response_output),
    _entry("duration_of_response", "Duration of response", durability.duration_of_response_output),
    _entry("treatment_failure", "Freedom from treatment failure", durability.treatment_failure_output),
    _entry("time_in_response", "Share of days in response", time_in_response.time_in_response_output),
    _entry("durability_numbers", "Medians and landmark rates", durability.durability_numbers_output),
    _entry("subgroups", "The comparison in every subgroup", subgroups.subgroups_output),
    _entry(
        "missing_strategies",
        "The difference by how missing answers are taken",
        missing_data.missing_strategies_output,
    ),
    _entry(
        "tipping_point",
        "How many missing answers turn the conclusion",
        tipping_point.tipping_point_output,
    ),
    _entry(
        "time_comparisons",
        "One time to an event, compared by every method",
        times.time_comparisons_output,
    ),
    _entry(
        "proportional_hazards",
        "Whether the hazard ratio is constant",
        hazards.proportional_hazards_output,
        leaves=TABLE,
    ),
    _entry("followup", "Median follow-up by reverse Kaplan-Meier", followup.followup_output),
    _entry(
        "rule_sensitivity",
        "Rates by the protocol's and by a changed rule",
        rule_sensitivity.rule_sensitivity_output,
    ),
    _entry(
        "rule_movers",
        "Who changes class under a changed rule",
        rule_sensitivity.rule_movers_output,
        True,
    ),
    _entry("quality_course", "A score of quality of life by visit and arm", course.quality_course_output),
    _entry("quality_change", "Its change from baseline by the mixed model", change.quality_change_output),
    _entry(
        "quality_responders",
        "Who changed by at least the important change",
        responders.quality_responders_output,
    ),
    _entry(
        "quality_distribution",
        "Every change at one visit, cumulated",
        responders.quality_distribution_output,
        leaves=TABLE,
    ),
    _entry(
        "autoantibody_classes",
        "Response by class of autoantibody",
        autoantibodies.autoantibody_classes_output,
    ),
    _entry(
        "haemoglobin_response",
        "Haemoglobin response, as in Evans syndrome",
        haemoglobin_response.haemoglobin_response_output,
    ),
    _entry("rule_grid", "Each parameter of the rule moved alone", rule_grid.rule_grid_output),
)
