"""Checks on the way from files as sent to datasets: shapes, identifiers, mapping, conversion."""

from trialdata.check_lists.check import error, note, warning

SHAPES = {
    "sdtm_domain": note("nothing: this is for information", "read under ADaM names"),
    "redcap_export": note("nothing: this is for information", "read as one table for each of these"),
}

IDENTIFIERS = {
    "identifier_header": error(
        "no column that identifies a person", "remove the columns before sharing the data"
    ),
    "empty_identifier_column": warning(
        "no column that identifies a person", "it is empty and not read; remove it"
    ),
    "identifier_value": error(
        "no value that identifies a person", "remove the values before sharing the data"
    ),
    "identifier_in_free_text": warning(
        "free text without identifiers", "the cell is emptied; remove the text before sharing the data"
    ),
    "identifier_concealed": error(
        "nothing that identifies a person in hidden sheets, comments or properties", "remove it, save again"
    ),
    "name_concealed": warning("no personal names in comments or properties", "not kept; remove it"),
    "identifier_in_name": error(
        "file and sheet names that say nothing of a person", "rename the file or sheet and send it again"
    ),
    "name_in_name": warning(
        "file and sheet names that say nothing of a person", "shown by its number; rename it if it is a name"
    ),
    "genetic_column": error(
        "no genetic data", "remove the columns: human genetic resources need a permission"
    ),
    "genetic_value": error("no genetic data", "remove the values: human genetic resources need a permission"),
    "date_in_subject_id": warning("a code that says nothing of the person", "give the subjects other codes"),
    "initials_in_subject_id": warning(
        "a code that says nothing of the person", "give the subjects other codes"
    ),
    "site_name": warning("codes of sites", "the names are replaced by codes: Site 01, Site 02, ..."),
    "age_above_89": warning("90 for every age above 89", "shown as 90 from here on"),
    "full_dates": warning("study days instead of dates", "used for study days only"),
    "birth_year": warning("age instead of the year of birth", "remove the column; it is not used"),
}

MAPPING = {
    "table_not_used": note("a table of a dataset", "not used"),
    "given_results": note(
        "participants, measurements and events",
        "results derived elsewhere: compared by reconcile, never used",
    ),
    "columns_not_used": note("columns that have a meaning for the study", "not used"),
    "new_column": note("the columns of the saved mapping", "not used"),
    "mapped_column_missing": warning("the columns of the saved mapping", "read without it"),
    "mapped_table_absent": warning("the tables of the saved mapping", "read without it"),
    "rescue_without_day": warning("rescue medication with its days", "not used: add a table of medication"),
    "parameters_left_out": note("parameters that have a name in the mapping", "their rows are not used"),
    "too_many_texts": error(
        "at most 300 texts that have to be explained", "export codes instead of free text"
    ),
    "empty_measurements": note("a value, or an empty cell where none was due", "no row is made of them"),
    "rows_of_other_dataset": note("a row for each event", "rows of visits or participants only"),
    "participant_rows_merged": note("one row per participant", "one row is kept of those that agree"),
    "participants_joined": note("one table of participants", "both are read, by USUBJID"),
    "tables_disagree": warning("the same value in both tables", "the value of this table is used"),
}

CONVERSION = {
    "comma_either": error(
        "one meaning of the comma", "write numbers with a decimal point and without separators"
    ),
    "unit_in_cell": warning("a number, and its unit in AVALU", "the unit of the cell is used"),
    "unit_disagrees": error("one unit", "correct the cell or AVALU"),
    "unit_spelling": note("10^9/L", "the same unit"),
    "none_or_not_assessed": error(
        "0 for no bleeding, an empty cell for not assessed", "say in the mapping which it is"
    ),
    "grade_from_words": warning("a CTCAE grade", "mild 1, moderate 2, severe 3 and so on: assumed"),
    "unknown_severity": warning("mild, moderate or severe", "the event has no grade"),
    "age_unit": error("years, months, weeks or days", "correct AGEU"),
    "age_converted": warning("years", "converted to years"),
    "partial_date": warning("a whole date", "treated as missing: nothing is imputed"),
    "impossible_date": warning("a day of the calendar", "treated as missing; correct the cell"),
    "placeholder_date": warning("a date or an empty cell", "treated as missing"),
    "ambiguous_date": error("the order of day and month in the mapping", "state it in the mapping"),
    "other_date_order": error(
        "the order of day and month that the mapping states", "correct the cell, or the order"
    ),
    "excel_days": warning("dates", "read as day numbers of Excel"),
    "excel_days_either": error(
        "dates: the numbers could be of the 1900 or the 1904 system of Excel",
        "write dates such as 2026-01-15",
    ),
    "day_disagrees": warning("the day that the date gives", "the day as sent is used"),
    "no_reference_date": error("the date of the first dose, TRTSDT", "add it to adsl, or give study days"),
    "planned_day": warning("a study day or a date", "the planned day of the visit is used"),
    "unknown_visit": error(
        "a study day, a date or a visit of the plan", "state its planned day in the mapping"
    ),
}
