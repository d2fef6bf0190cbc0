"""Checks of the datasets of a data cut, and of answers to be reconciled with them."""

from trialdata.check_lists.check import error, note, warning

VALUES = {
    "not_a_number": error("a number or an empty cell", "correct the cell"),
    "infinite_number": error("a finite number", "correct the cell"),
    "not_one_number": warning("one number", "treated as missing; correct the cell"),
    "not_done": warning("a number or an empty cell", "treated as missing"),
    "sentinel": warning("a number or an empty cell", "a code for missing: treated as missing"),
    "thousands_comma": warning("a number without separators", "the comma is read as a thousands separator"),
    "lab_mark": warning("a number", "the laboratory's mark is removed"),
    "censored_number": warning("a number", "treated as missing"),
    "not_a_date": error("a date such as 2026-01-15", "correct the cell; 03/04/2025 is ambiguous"),
    "sas_date": note("ISO dates", "read as SAS dates, days since 1960-01-01"),
    "not_a_flag": error("Y, N or an empty cell", "correct the cell"),
    "not_a_grade": warning(
        "a CTCAE grade from 1 to 5", "the event counts, its grade is missing; correct the cell"
    ),
}

SUBJECTS = {
    "missing_subject": error("a USUBJID in every row of adsl", "add the USUBJID"),
    "subject_twice": error("one row per subject", "remove all but one of the rows"),
    "subject_two_arms": error("one arm per subject", "correct TRT01P"),
    "no_known_arm": error("an arm of the study definition", "correct TRT01P, or trt under [[arms]]"),
    "unknown_arm": warning("an arm of the study definition", "in no analysis set"),
    "screen_failures": note("an arm of the study definition", "in no analysis set; shown in the flow alone"),
    "unknown_actual_arm": warning("an arm of the study definition", "in no safety analysis"),
    "arm_switched": note("TRT01P", "efficacy by TRT01P, safety by TRT01A"),
    "arm_without_subjects": warning("subjects in every arm", "check TRT01P"),
    "other_study": warning(
        "the studyid of the study definition", "check that the files belong to this study"
    ),
    "no_cut_day": error("DCUTDY, or TRTSDT", "add one of the columns"),
    "unknown_cut_day": warning("DCUTDY, or TRTSDT", "no row of the subject is used, and it is never due"),
    "cut_day_disagrees": warning("the day from TRTSDT and the date of the cut", "DCUTDY is used"),
    "invalid_subject_day": warning("a whole study day other than 0, within 120 years", "correct the cell"),
    "unknown_status": warning("ONGOING, COMPLETED or DISCONTINUED", "read as ongoing unless EOSDY is given"),
    "status_disagrees": warning("EOSDY empty while ONGOING", "EOSDY is used"),
    "end_after_cut": warning("a day up to the data cutoff", "not used: it has not happened at the cut"),
    "end_after_death": warning("an end of study up to the death", "correct EOSDY or DTHDY"),
    "starts_after_cut": warning(
        "a first dose up to the data cutoff", "no row is used; check the date of the cut"
    ),
    "implausible_age": warning("an age from 12 to 120 years", "check the unit and the value"),
    "population_flag_absent": warning("the flag", "derived by the rule in docs/reference/endpoints.md"),
    "definition_column_absent": warning("the columns the study definition names", "not offered"),
    "cuts_of_text": warning("numbers, as the subgroup has cuts", "every level is missing"),
}

ROWS = {
    "unknown_subject": warning("a subject of adsl", "the row is not used"),
    "no_known_subject": error("subjects of adsl", "check that USUBJID is written alike in both files"),
    "subject_written_differently": error("the same spelling as in adsl", "restore leading zeros"),
    "row_without_subject": warning("a USUBJID", "the row is not used"),
    "duplicate_row": warning("each row once", "used once"),
    "missing_day": warning("a study day", "the row is not used"),
    "day_zero": warning("a study day: there is no day 0", "the row is not used"),
    "day_not_whole": warning("a whole study day, within 120 years", "the row is not used"),
    "after_cut": warning("days up to the data cutoff", "the row is not used"),
    "after_end_of_study": warning("days up to EOSDY", "the row is used"),
    "site_disagrees": warning("SITEID of adsl", "SITEID of adsl is used"),
    "planned_arm_disagrees": warning("TRT01P of adsl", "TRT01P of adsl is used"),
}

PLATELETS = {
    "no_platelets": error("rows with PARAMCD PLAT", "name the platelet count PLAT"),
    "subject_without_platelets": warning("at least one count", "stays in every denominator"),
    "negative_count": error("a count from 0", "correct the cell"),
    "count_impossible": error("a count up to 3000 ×10⁹/L", "check the unit and the value"),
    "count_implausible": warning("a count up to 1500 ×10⁹/L", "used as it is; check it"),
    "unit_refused": error("10^9/L or a unit that can be converted", "correct AVALU"),
    "unit_converted": warning("10^9/L", "converted to 10^9/L"),
    "wrong_unit": error(
        "counts in 10^9/L: a median up to 1500", "state the unit in AVALU, or convert the counts"
    ),
    "wrong_unit_of_site": error(
        "counts in 10^9/L at every site", "state the unit in AVALU, or convert the counts"
    ),
    "site_far_off": warning("counts of the size other sites have", "check the unit of the site"),
    "several_counts_one_day": warning("one value", "the lowest counts; all are shown in the trace"),
    "several_values_one_day": warning("one value", "all are kept"),
    "end_of_treatment_copy": note("each count once", "the copy of another visit is not counted"),
    "derived_rows": note("measured values", "rows with DTYPE are used as a flagged baseline only"),
    "several_baselines": warning("one row with ABLFL = Y", "the latest day, then the highest count"),
    "flag_without_count": warning("a count where ABLFL = Y", "the baseline is found without the flag"),
    "flag_after_start": warning("ABLFL = Y on or before day 1", "used as flagged"),
    "no_baseline": warning("a count on or before day 1", "only the complete response level can be reached"),
    "base_disagrees": warning("BASE equal to the baseline count", "BASE is computed from the rows"),
    "change_disagrees": warning("CHG equal to AVAL - BASE", "CHG is computed from the rows"),
    "several_counts_one_visit": warning(
        "one count at a planned visit", "each is used on its day; check the visit"
    ),
    "visit_spelled_differently": note("one spelling of a visit", "read as the same visit"),
    "censored_below": note("a number", "below every threshold"),
    "censored_above": note("a number", "counts as the limit"),
    "censored_above_below_threshold": warning(
        "a limit above every threshold", "does not reach the threshold"
    ),
    "unreadable_censoring": warning("a text such as <5", "AVAL is used"),
    "count_only_as_text": warning("the count in AVAL", "treated as missing"),
    "value_disagrees": warning("AVAL equal to AVALC", "AVALC decides where it is censored, else AVAL"),
    "visit_disagrees": note("the visit whose window holds the day", "the analysis visit follows the day"),
    "visit_number_not_week": note("weeks in AVISITN", "AVISITN of the file is not compared"),
}

LABORATORY = {
    "laboratory_unit_unknown": warning(
        "a unit that is known", "shown with its own unit and in no grade; correct AVALU"
    ),
    "no_upper_limit": warning(
        "the upper limit of normal of each value", "shown, but not graded by that limit; add ANRHI"
    ),
}

EVENTS = {
    "end_before_start": warning("an end on or after the start", "read as ending on the day it began"),
    "term_missing": warning("a preferred term in every row", "counted as an event without a term"),
    "end_day_invalid": warning("a whole study day other than 0, within 120 years", "check the cell"),
    "rescue_not_recorded": warning("adcm with rescue medication", "read as: nobody was rescued"),
    "rescue_written_differently": warning("a class under [[rescue]], letter by letter", "not read as rescue"),
    "transfusion_written_differently": warning(
        "a class of transfusion_classes, letter by letter", "not read as red cell transfusion"
    ),
    "class_not_rescue": note("nothing: other medication is allowed", "not read as rescue"),
    "bleeding_not_recorded": warning(
        "the bleeding scale the endpoints name", "read as the endpoint's bleeding_missing says"
    ),
    "several_grades_one_day": warning("one grade", "the worst counts"),
    "grade_not_of_instrument": warning("a grade of the instrument", "left out of the tables of bleeding"),
    "instruments_mixed": warning(
        "one bleeding instrument at every visit of a participant", "each instrument is shown by itself"
    ),
    "negative_grade": warning("a grade from 0", "used as it is; correct the cell"),
    "score_out_of_range": warning(
        "a score within range of its questionnaire", "left out of quality of life; correct the cell"
    ),
    "several_scores_one_day": warning("one score", "the worst counts"),
    "after_death": warning("days up to the death", "the row is used; correct the day or DTHDY"),
    "fatal_disagrees": warning(
        "AEOUT FATAL, grade 5 and AESDTH = Y together or none",
        "any of them is read as fatal; correct the others",
    ),
    "emergent_before_start": warning("a start on or after day 1", "TRTEMFL is used; correct one of the two"),
    "death_without_event": note("a fatal event for each death", "DTHDY is used; add the event"),
    "treated_without_dose": warning(
        "a dose of every subject of the safety set", "SAFFL is used; add the doses"
    ),
    "death_not_in_adsl": warning("DTHDY in adsl", "read as alive"),
    "dose_without_unit": warning("the unit of each dose", "the dose is counted in no amount; add the unit"),
    "dose_in_other_unit": warning(
        "the unit under [[doses]]", "the dose is counted in no amount; correct the dose and its unit"
    ),
    "negative_dose": warning("a dose from 0", "the dose is counted in no amount; correct the cell"),
    "unknown_frequency": warning(
        "how often, such as ONCE, QD, BID or QW", "the dose is counted in no amount; correct the cell"
    ),
}

RECONCILIATION = {
    "other_file": error("a .csv or .xpt file", "export the file as one of the two"),
    "unknown_parameter": error("a PARAMCD of the study definition", "rename the parameters"),
    "answer_of_nobody": error("a USUBJID in every row", "add the USUBJID or remove the row"),
    "two_answers": error("one row per participant and parameter", "keep the row that holds the answer"),
    "not_an_answer": error("an answer of the endpoint", "correct the cell"),
    "time_without_days": error("a number of days", "add the number or remove the row"),
    "not_censoring": error("0 for an event, 1 for censored", "correct the cell"),
    "not_in_days": error("days", "convert AVAL to days"),
}
