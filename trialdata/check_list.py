"""Every check of the data by its id: how severe a finding is, what was expected, and what to do.

An error refuses the data, a warning loads them and stays visible, a note only informs.
docs/reference/findings.md lists the same checks.
"""

from typing import NamedTuple


class Check(NamedTuple):
    severity: str  # error | warning | note
    expected: str
    action: str


def _error(expected: str, action: str) -> Check:
    return Check("error", expected, action)


def _warning(expected: str, action: str) -> Check:
    return Check("warning", expected, action)


def _note(expected: str, action: str) -> Check:
    return Check("note", expected, action)


FILES = {
    "missing_file": _error(
        "adsl and adlb, as CSV or SAS transport", "add the file to the folder of the data cut"
    ),
    "two_files": _error("one file for a dataset", "remove all but one"),
    "absent_file": _note("nothing: the file is optional", "add it if the trial collected such data"),
    "file_not_read": _note("adsl, adlb, adqs, adcm, adae or adex, as .csv or .xpt", "the file is not used"),
    "empty_file": _error("a header and rows", "export the file again"),
    "empty_dataset": _error("at least one row", "export the file again"),
    "no_rows": _note("rows, or no file", "read as: nothing happened"),
    "too_large": _error("a file within the limits", "raise the limit: docs/reference/study-format.md"),
    "encoding": _error("UTF-8 (or GB18030) throughout", "save the file as CSV UTF-8"),
    "nul_bytes": _error("text", "export the file again"),
    "not_comma_separated": _error("commas between columns", "save the file as CSV (comma separated), UTF-8"),
    "ragged_row": _error("as many cells as headers", "put text that contains a comma in quotation marks"),
    "duplicate_header": _error("each header once", "remove or rename one of the columns"),
    "column_without_header": _error("a header above every column", "name the column or remove it"),
    "missing_column": _error("this column", "add the column; names are in docs/reference/study-format.md"),
    "not_xpt": _error("a SAS transport file (version 5 or 8)", "export the file again"),
    "truncated_xpt": _error("a complete SAS transport file", "copy or export the file again"),
}
FORMATS = {
    "legacy_workbook": _error("a workbook as .xlsx", "open it in Excel, save it as .xlsx and send that"),
    "encrypted_workbook": _error(
        "a workbook without a password", "remove the password, save it as .xlsx and send that"
    ),
    "web_page": _error(
        "a workbook or CSV file, whatever its name", "open it in Excel, save it as .xlsx and send that"
    ),
    "xml_file": _error("a workbook or CSV file", "export the data as CSV or .xlsx"),
    "pdf_file": _error("data, not their print", "export the data as CSV or .xlsx"),
    "image_file": _error("data, not a picture of them", "export the data as CSV or .xlsx"),
    "text_document": _error("a table", "copy the table into a workbook, save it as .xlsx and send that"),
    "pickle_file": _error(
        "data: a pickle is a program, and is never opened", "export the data as CSV, .xlsx or Parquet"
    ),
    "other_archive": _error("a ZIP archive, or the files themselves", "unpack it and send the files"),
    "other_statistics_file": _error(
        "a file of a format that is read: docs/reference/formats.md",
        "export the data as CSV, .xlsx, SAS transport or Parquet",
    ),
    "unknown_format": _error(
        "a file of a format that is read: docs/reference/formats.md", "export the data as CSV or .xlsx"
    ),
}
TEXTS = {
    "text_encoding": _note("UTF-8", "read in this encoding, which fits the text"),
    "western_encoding": _warning(
        "UTF-8", "read as Windows-1252; look at these characters, or save the file as CSV UTF-8"
    ),
    "lost_characters": _warning(
        "the characters as they were typed", "lost before the file was sent; export it again as UTF-8"
    ),
    "separator_unclear": _error("one separator between columns", "save the file as CSV UTF-8"),
    "header_unclear": _error("one row of headers", "remove the rows above the header"),
    "rows_above_header": _warning("the header in the first row", "the rows above are not read"),
    "rows_below_table": _warning("nothing below the table", "not read as rows; check that they hold no data"),
    "blank_rows": _warning("rows without a gap", "the blank rows are left out"),
    "decimal_comma": _warning("a decimal point", "read as a decimal point"),
    "comma_unclear": _error(
        "decimals that can be told from thousands", "write 1.05 with a point and 1050 without any mark"
    ),
}
DATASET_JSON = {
    "not_dataset_json": _error("CDISC Dataset-JSON 1.1", "export the data as Dataset-JSON 1.1 or CSV"),
    "damaged_json": _error("a complete JSON file", "copy or export the file again"),
    "dataset_json_version": _error("version 1.1", "export the data as Dataset-JSON 1.1"),
    "records_disagree": _error("as many rows as the file announces", "copy or export the file again"),
    "short_record": _error("one value for each column", "export the file again"),
    "dataset_json_incomplete": _warning(
        "every attribute that Dataset-JSON 1.1 requires", "read all the same; check that the file is complete"
    ),
    "json_nan": _warning("null for a missing value", "read as missing"),
}
ARCHIVES = {
    "archive_damaged": _error("a complete ZIP archive or workbook", "copy or export the file again"),
    "archive_count": _error(
        "an archive or workbook within the limits",
        "send fewer files at once, or raise the limit: docs/reference/study-format.md",
    ),
    "archive_size": _error(
        "an archive or workbook within the limits",
        "send the files apart, or raise the limit: docs/reference/study-format.md",
    ),
    "archive_ratio": _error(
        "data, which are never compressed that far",
        "send the file itself, or raise the limit: docs/reference/study-format.md",
    ),
    "archive_path": _error("plain names of files", "pack the files again without their paths"),
    "archive_link": _error("files", "pack the file itself instead of the link"),
    "archive_encrypted": _error("an archive without a password", "pack the files without a password"),
    "archive_method": _error("a plain ZIP archive (deflate)", "pack the files as a plain ZIP archive"),
    "archive_nested": _error("files, not archives, in an archive", "unpack the archive inside first"),
    "archive_name_twice": _error("each name once", "remove or rename one of the files"),
    "archive_empty": _error("at least one file of data", "pack the files again"),
    "archive_left_out": _note("files of data", "left behind by the computer that packed it; not read"),
}
SAS_AND_PARQUET = {
    "several_datasets": _error("one dataset in a file", "export each dataset to a file of its own"),
    "not_sas7bdat": _error("a SAS data file (.sas7bdat)", "export the file again"),
    "truncated_sas7bdat": _error("a complete SAS data file", "copy or export the file again"),
    "deleted_rows": _error(
        "no deleted rows", "copy the dataset in SAS (data new; set old; run;) and send that"
    ),
    "not_parquet": _error("a Parquet file", "write the file again"),
    "nested_column": _error("one value in each cell", "write the parts as columns of their own"),
    "index_not_read": _note("columns with names", "an index of pandas without a name; not read"),
}
WORKBOOKS = {
    "not_workbook": _error("an Excel workbook (.xlsx)", "open it in Excel, save it as .xlsx and send that"),
    "damaged_workbook": _error(
        "a complete Excel workbook (.xlsx)", "open it in Excel, save it again as .xlsx and send that"
    ),
    "header_rows_joined": _note("one header row", "the header rows are joined, the upper text first"),
    "cells_merged_down": _error(
        "a value in every row", "unmerge the cells and write the value into each of them"
    ),
    "cells_merged_across": _warning("one value in each cell", "the value is that of the first column only"),
    "hidden_column": _warning("no hidden columns", "read as any other column; remove it if it is not needed"),
    "hidden_rows": _warning("no hidden rows", "read as any other rows; remove them if they are not data"),
    "hidden_sheet": _warning("no hidden sheets", "looked through for identifiers, otherwise not read"),
    "sheet_without_table": _note("a header and rows", "looked through for identifiers, otherwise not read"),
    "comments_not_read": _warning("values in cells", "looked through for identifiers, otherwise not read"),
    "formula_without_value": _warning(
        "a value in every cell", "read as empty; open the workbook in Excel, save it and send that"
    ),
    "dates_from_1904": _warning(
        "days counted from 1900",
        "dates are converted; a day number without a date format is not: give it one",
    ),
    "macros_not_read": _warning("a workbook without macros", "the macros are never run"),
    "pictures_not_read": _warning("values in cells", "not read and not kept"),
}
SHAPES = {
    "sdtm_domain": _note("nothing: this is for information", "read under ADaM names"),
    "redcap_export": _note("nothing: this is for information", "read as one table for each of these"),
}
IDENTIFIERS = {
    "identifier_header": _error(
        "no column that identifies a person", "remove the columns before sharing the data"
    ),
    "empty_identifier_column": _warning(
        "no column that identifies a person", "it is empty and not read; remove it"
    ),
    "identifier_value": _error(
        "no value that identifies a person", "remove the values before sharing the data"
    ),
    "identifier_in_free_text": _warning(
        "free text without identifiers", "the cell is emptied; remove the text before sharing the data"
    ),
    "identifier_concealed": _error(
        "nothing that identifies a person in hidden sheets, comments or properties", "remove it, save again"
    ),
    "name_concealed": _warning("no personal names in comments or properties", "not kept; remove it"),
    "identifier_in_name": _error(
        "file and sheet names that say nothing of a person", "rename the file or sheet and send it again"
    ),
    "name_in_name": _warning(
        "file and sheet names that say nothing of a person", "shown by its number; rename it if it is a name"
    ),
    "genetic_column": _error(
        "no genetic data", "remove the columns: human genetic resources need a permission"
    ),
    "genetic_value": _error(
        "no genetic data", "remove the values: human genetic resources need a permission"
    ),
    "date_in_subject_id": _warning("a code that says nothing of the person", "give the subjects other codes"),
    "initials_in_subject_id": _warning(
        "a code that says nothing of the person", "give the subjects other codes"
    ),
    "site_name": _warning("codes of sites", "the names are replaced by codes: Site 01, Site 02, ..."),
    "age_above_89": _warning("90 for every age above 89", "shown as 90 from here on"),
    "full_dates": _warning("study days instead of dates", "used for study days only"),
    "birth_year": _warning("age instead of the year of birth", "remove the column; it is not used"),
}
VALUES = {
    "not_a_number": _error("a number or an empty cell", "correct the cell"),
    "infinite_number": _error("a finite number", "correct the cell"),
    "not_one_number": _warning("one number", "treated as missing; correct the cell"),
    "not_done": _warning("a number or an empty cell", "treated as missing"),
    "sentinel": _warning("a number or an empty cell", "a code for missing: treated as missing"),
    "thousands_comma": _warning("a number without separators", "the comma is read as a thousands separator"),
    "lab_mark": _warning("a number", "the laboratory's mark is removed"),
    "censored_number": _warning("a number", "treated as missing"),
    "not_a_date": _error("a date such as 2026-01-15", "correct the cell; 03/04/2025 is ambiguous"),
    "sas_date": _note("ISO dates", "read as SAS dates, days since 1960-01-01"),
    "not_a_flag": _error("Y, N or an empty cell", "correct the cell"),
    "not_a_grade": _error("a CTCAE grade from 1 to 5", "correct the cell"),
}
CONVERSION = {
    "comma_either": _error(
        "one meaning of the comma", "write numbers with a decimal point and without separators"
    ),
    "unit_in_cell": _warning("a number, and its unit in AVALU", "the unit of the cell is used"),
    "unit_disagrees": _error("one unit", "correct the cell or AVALU"),
    "unit_spelling": _note("10^9/L", "the same unit"),
    "none_or_not_assessed": _error(
        "0 for no bleeding, an empty cell for not assessed", "say in the mapping which it is"
    ),
    "grade_from_words": _warning("a CTCAE grade", "mild 1, moderate 2, severe 3 and so on: assumed"),
    "unknown_severity": _warning("mild, moderate or severe", "the event has no grade"),
    "age_unit": _error("years, months, weeks or days", "correct AGEU"),
    "age_converted": _warning("years", "converted to years"),
    "partial_date": _warning("a whole date", "treated as missing: nothing is imputed"),
    "impossible_date": _warning("a day of the calendar", "treated as missing; correct the cell"),
    "placeholder_date": _warning("a date or an empty cell", "treated as missing"),
    "ambiguous_date": _error("the order of day and month in the mapping", "state it in the mapping"),
    "other_date_order": _error(
        "the order of day and month that the mapping states", "correct the cell, or the order"
    ),
    "excel_days": _warning("dates", "read as day numbers of Excel"),
    "excel_days_either": _error(
        "dates: the numbers could be of the 1900 or the 1904 system of Excel",
        "write dates such as 2026-01-15",
    ),
    "day_disagrees": _warning("the day that the date gives", "the day as sent is used"),
    "no_reference_date": _error("the date of the first dose, TRTSDT", "add it to adsl, or give study days"),
    "planned_day": _warning("a study day or a date", "the planned day of the visit is used"),
    "unknown_visit": _error(
        "a study day, a date or a visit of the plan", "state its planned day in the mapping"
    ),
}
SUBJECTS = {
    "missing_subject": _error("a USUBJID in every row of adsl", "add the USUBJID"),
    "subject_twice": _error("one row per subject", "remove all but one of the rows"),
    "subject_two_arms": _error("one arm per subject", "correct TRT01P"),
    "no_known_arm": _error("an arm of the study definition", "correct TRT01P, or trt under [[arms]]"),
    "unknown_arm": _warning("an arm of the study definition", "in no analysis set"),
    "unknown_actual_arm": _warning("an arm of the study definition", "in no safety analysis"),
    "arm_switched": _note("TRT01P", "efficacy by TRT01P, safety by TRT01A"),
    "arm_without_subjects": _warning("subjects in every arm", "check TRT01P"),
    "other_study": _warning(
        "the studyid of the study definition", "check that the files belong to this study"
    ),
    "no_cut_day": _error("DCUTDY, or TRTSDT", "add one of the columns"),
    "unknown_cut_day": _warning("DCUTDY, or TRTSDT", "no row of the subject is used, and it is never due"),
    "cut_day_disagrees": _warning("the day from TRTSDT and the date of the cut", "DCUTDY is used"),
    "invalid_subject_day": _warning("a whole study day other than 0, within 120 years", "correct the cell"),
    "unknown_status": _warning("ONGOING, COMPLETED or DISCONTINUED", "read as ongoing unless EOSDY is given"),
    "status_disagrees": _warning("EOSDY empty while ONGOING", "EOSDY is used"),
    "end_after_cut": _warning("a day up to the data cutoff", "not used: it has not happened at the cut"),
    "end_after_death": _warning("an end of study up to the death", "correct EOSDY or DTHDY"),
    "starts_after_cut": _warning(
        "a first dose up to the data cutoff", "no row is used; check the date of the cut"
    ),
    "implausible_age": _warning("an age from 12 to 120 years", "check the unit and the value"),
    "population_flag_absent": _warning("the flag", "derived by the rule in docs/reference/endpoints.md"),
    "definition_column_absent": _warning("the columns the study definition names", "not offered"),
    "cuts_of_text": _warning("numbers, as the subgroup has cuts", "every level is missing"),
}
ROWS = {
    "unknown_subject": _warning("a subject of adsl", "the row is not used"),
    "no_known_subject": _error("subjects of adsl", "check that USUBJID is written alike in both files"),
    "subject_written_differently": _error("the same spelling as in adsl", "restore leading zeros"),
    "row_without_subject": _warning("a USUBJID", "the row is not used"),
    "duplicate_row": _warning("each row once", "used once"),
    "missing_day": _warning("a study day", "the row is not used"),
    "day_zero": _warning("a study day: there is no day 0", "the row is not used"),
    "day_not_whole": _warning("a whole study day, within 120 years", "the row is not used"),
    "after_cut": _warning("days up to the data cutoff", "the row is not used"),
    "after_end_of_study": _warning("days up to EOSDY", "the row is used"),
    "site_disagrees": _warning("SITEID of adsl", "SITEID of adsl is used"),
    "planned_arm_disagrees": _warning("TRT01P of adsl", "TRT01P of adsl is used"),
}
PLATELETS = {
    "no_platelets": _error("rows with PARAMCD PLAT", "name the platelet count PLAT"),
    "subject_without_platelets": _warning("at least one count", "stays in every denominator"),
    "negative_count": _error("a count from 0", "correct the cell"),
    "count_impossible": _error("a count up to 3000 ×10⁹/L", "check the unit and the value"),
    "count_implausible": _warning("a count up to 1500 ×10⁹/L", "used as it is; check it"),
    "unit_refused": _error("10^9/L or a unit that can be converted", "correct AVALU"),
    "unit_converted": _warning("10^9/L", "converted to 10^9/L"),
    "wrong_unit": _error(
        "counts in 10^9/L: a median up to 1500", "state the unit in AVALU, or convert the counts"
    ),
    "wrong_unit_of_site": _error(
        "counts in 10^9/L at every site", "state the unit in AVALU, or convert the counts"
    ),
    "site_far_off": _warning("counts of the size other sites have", "check the unit of the site"),
    "several_counts_one_day": _warning("one value", "the lowest counts; all are shown in the trace"),
    "several_values_one_day": _warning("one value", "all are kept"),
    "end_of_treatment_copy": _note("each count once", "the copy of another visit is not counted"),
    "derived_rows": _note("measured values", "rows with DTYPE are used as a flagged baseline only"),
    "several_baselines": _warning("one row with ABLFL = Y", "the latest day, then the highest count"),
    "flag_without_count": _warning("a count where ABLFL = Y", "the baseline is found without the flag"),
    "flag_after_start": _warning("ABLFL = Y on or before day 1", "used as flagged"),
    "no_baseline": _warning("a count on or before day 1", "only the complete response level can be reached"),
    "base_disagrees": _warning("BASE equal to the baseline count", "BASE is computed from the rows"),
    "change_disagrees": _warning("CHG equal to AVAL - BASE", "CHG is computed from the rows"),
    "several_counts_one_visit": _warning(
        "one count at a planned visit", "each is used on its day; check the visit"
    ),
    "visit_spelled_differently": _note("one spelling of a visit", "read as the same visit"),
    "censored_below": _note("a number", "below every threshold"),
    "censored_above": _note("a number", "counts as the limit"),
    "censored_above_below_threshold": _warning(
        "a limit above every threshold", "does not reach the threshold"
    ),
    "unreadable_censoring": _warning("a text such as <5", "AVAL is used"),
    "count_only_as_text": _warning("the count in AVAL", "treated as missing"),
    "value_disagrees": _warning("AVAL equal to AVALC", "AVALC decides where it is censored, else AVAL"),
    "visit_disagrees": _note("the visit whose window holds the day", "the analysis visit follows the day"),
    "visit_number_not_week": _note("weeks in AVISITN", "AVISITN of the file is not compared"),
}
EVENTS = {
    "end_before_start": _warning("an end on or after the start", "read as ending on the day it began"),
    "end_day_invalid": _warning("a whole study day other than 0, within 120 years", "check the cell"),
    "rescue_not_recorded": _warning("adcm with rescue medication", "read as: nobody was rescued"),
    "rescue_written_differently": _warning(
        "a class under [[rescue]], letter by letter", "not read as rescue"
    ),
    "class_not_rescue": _note("nothing: other medication is allowed", "not read as rescue"),
    "bleeding_not_recorded": _warning(
        "the bleeding scale the endpoints name", "read as the endpoint's bleeding_missing says"
    ),
    "several_grades_one_day": _warning("one grade", "the worst counts"),
    "negative_grade": _warning("a grade from 0", "used as it is; correct the cell"),
    "after_death": _warning("days up to the death", "the row is used; correct the day or DTHDY"),
    "fatal_disagrees": _warning(
        "AEOUT FATAL, grade 5 and AESDTH = Y together or none",
        "any of them is read as fatal; correct the others",
    ),
    "emergent_before_start": _warning("a start on or after day 1", "TRTEMFL is used; correct one of the two"),
    "death_without_event": _note("a fatal event for each death", "DTHDY is used; add the event"),
    "treated_without_dose": _warning(
        "a dose of every subject of the safety set", "SAFFL is used; add the doses"
    ),
    "death_not_in_adsl": _warning("DTHDY in adsl", "read as alive"),
}
MAPPING = {
    "table_not_used": _note("a table of a dataset", "not used"),
    "given_results": _note(
        "participants, measurements and events",
        "results derived elsewhere: compared by reconcile, never used",
    ),
    "columns_not_used": _note("columns that have a meaning for the study", "not used"),
    "new_column": _note("the columns of the saved mapping", "not used"),
    "mapped_column_missing": _warning("the columns of the saved mapping", "read without it"),
    "mapped_table_absent": _warning("the tables of the saved mapping", "read without it"),
    "rescue_without_day": _warning("rescue medication with its days", "not used: add a table of medication"),
    "parameters_left_out": _note("parameters that have a name in the mapping", "their rows are not used"),
    "too_many_texts": _error(
        "at most 300 texts that have to be explained", "export codes instead of free text"
    ),
    "empty_measurements": _note("a value, or an empty cell where none was due", "no row is made of them"),
    "rows_of_other_dataset": _note("a row for each event", "rows of visits or participants only"),
    "participant_rows_merged": _note("one row per participant", "one row is kept of those that agree"),
    "participants_joined": _note("one table of participants", "both are read, by USUBJID"),
    "tables_disagree": _warning("the same value in both tables", "the value of this table is used"),
}
RECONCILIATION = {
    "other_file": _error("a .csv or .xpt file", "export the file as one of the two"),
    "unknown_parameter": _error("a PARAMCD of the study definition", "rename the parameters"),
    "answer_of_nobody": _error("a USUBJID in every row", "add the USUBJID or remove the row"),
    "two_answers": _error("one row per participant and parameter", "keep the row that holds the answer"),
    "not_an_answer": _error("an answer of the endpoint", "correct the cell"),
    "time_without_days": _error("a number of days", "add the number or remove the row"),
    "not_censoring": _error("0 for an event, 1 for censored", "correct the cell"),
    "not_in_days": _error("days", "convert AVAL to days"),
}
CHECKS: dict[str, Check] = {
    **FILES,
    **FORMATS,
    **TEXTS,
    **DATASET_JSON,
    **ARCHIVES,
    **SAS_AND_PARQUET,
    **WORKBOOKS,
    **SHAPES,
    **IDENTIFIERS,
    **VALUES,
    **CONVERSION,
    **SUBJECTS,
    **ROWS,
    **PLATELETS,
    **EVENTS,
    **MAPPING,
    **RECONCILIATION,
}
