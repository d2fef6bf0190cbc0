"""Checks of files: whether they can be read, whatever is in them."""

from trialdata.check_lists.check import error, note, warning

FILES = {
    "missing_file": error(
        "adsl and adlb, as CSV or SAS transport", "add the file to the folder of the data cut"
    ),
    "two_files": error("one file for a dataset", "remove all but one"),
    "absent_file": note("nothing: the file is optional", "add it if the trial collected such data"),
    "file_not_read": note("adsl, adlb, adqs, adcm, adae or adex, as .csv or .xpt", "the file is not used"),
    "empty_file": error("a header and rows", "export the file again"),
    "empty_dataset": error("at least one row", "export the file again"),
    "no_rows": note("rows, or no file", "read as: nothing happened"),
    "too_large": error("a file within the limits", "raise the limit: docs/reference/study-format.md"),
    "encoding": error("UTF-8 (or GB18030) throughout", "save the file as CSV UTF-8"),
    "nul_bytes": error("text", "export the file again"),
    "not_comma_separated": error("commas between columns", "save the file as CSV (comma separated), UTF-8"),
    "ragged_row": error("as many cells as headers", "put text that contains a comma in quotation marks"),
    "duplicate_header": error("each header once", "remove or rename one of the columns"),
    "column_without_header": error("a header above every column", "name the column or remove it"),
    "missing_column": error("this column", "add the column; names are in docs/reference/study-format.md"),
    "not_xpt": error("a SAS transport file (version 5 or 8)", "export the file again"),
    "truncated_xpt": error("a complete SAS transport file", "copy or export the file again"),
}

FORMATS = {
    "legacy_workbook": error("a workbook as .xlsx", "open it in Excel, save it as .xlsx and send that"),
    "encrypted_workbook": error(
        "a workbook without a password", "remove the password, save it as .xlsx and send that"
    ),
    "web_page": error(
        "a workbook or CSV file, whatever its name", "open it in Excel, save it as .xlsx and send that"
    ),
    "xml_file": error("a workbook or CSV file", "export the data as CSV or .xlsx"),
    "pdf_file": error("data, not their print", "export the data as CSV or .xlsx"),
    "image_file": error("data, not a picture of them", "export the data as CSV or .xlsx"),
    "text_document": error("a table", "copy the table into a workbook, save it as .xlsx and send that"),
    "pickle_file": error(
        "data: a pickle is a program, and is never opened", "export the data as CSV, .xlsx or Parquet"
    ),
    "other_archive": error("a ZIP archive, or the files themselves", "unpack it and send the files"),
    "other_statistics_file": error(
        "a file of a format that is read: docs/reference/formats.md",
        "export the data as CSV, .xlsx, SAS transport or Parquet",
    ),
    "unknown_format": error(
        "a file of a format that is read: docs/reference/formats.md", "export the data as CSV or .xlsx"
    ),
}

TEXTS = {
    "text_encoding": note("UTF-8", "read in this encoding, which fits the text"),
    "western_encoding": warning(
        "UTF-8", "read as Windows-1252; look at these characters, or save the file as CSV UTF-8"
    ),
    "lost_characters": warning(
        "the characters as they were typed", "lost before the file was sent; export it again as UTF-8"
    ),
    "separator_unclear": error("one separator between columns", "save the file as CSV UTF-8"),
    "header_unclear": error("one row of headers", "remove the rows above the header"),
    "rows_above_header": warning("the header in the first row", "the rows above are not read"),
    "rows_below_table": warning("nothing below the table", "not read as rows; check that they hold no data"),
    "blank_rows": warning("rows without a gap", "the blank rows are left out"),
    "decimal_comma": warning("a decimal point", "read as a decimal point"),
    "comma_unclear": error(
        "decimals that can be told from thousands", "write 1.05 with a point and 1050 without any mark"
    ),
}

DATASET_JSON = {
    "not_dataset_json": error("CDISC Dataset-JSON 1.1", "export the data as Dataset-JSON 1.1 or CSV"),
    "damaged_json": error("a complete JSON file", "copy or export the file again"),
    "dataset_json_version": error("version 1.1", "export the data as Dataset-JSON 1.1"),
    "records_disagree": error("as many rows as the file announces", "copy or export the file again"),
    "short_record": error("one value for each column", "export the file again"),
    "dataset_json_incomplete": warning(
        "every attribute that Dataset-JSON 1.1 requires", "read all the same; check that the file is complete"
    ),
    "json_nan": warning("null for a missing value", "read as missing"),
}

ARCHIVES = {
    "archive_damaged": error("a complete ZIP archive or workbook", "copy or export the file again"),
    "archive_count": error(
        "an archive or workbook within the limits",
        "send fewer files at once, or raise the limit: docs/reference/study-format.md",
    ),
    "archive_size": error(
        "an archive or workbook within the limits",
        "send the files apart, or raise the limit: docs/reference/study-format.md",
    ),
    "archive_ratio": error(
        "data, which are never compressed that far",
        "send the file itself, or raise the limit: docs/reference/study-format.md",
    ),
    "archive_path": error("plain names of files", "pack the files again without their paths"),
    "archive_link": error("files", "pack the file itself instead of the link"),
    "archive_encrypted": error("an archive without a password", "pack the files without a password"),
    "archive_method": error("a plain ZIP archive (deflate)", "pack the files as a plain ZIP archive"),
    "archive_nested": error("files, not archives, in an archive", "unpack the archive inside first"),
    "archive_name_twice": error("each name once", "remove or rename one of the files"),
    "archive_empty": error("at least one file of data", "pack the files again"),
    "archive_left_out": note("files of data", "left behind by the computer that packed it; not read"),
}

SAS_AND_PARQUET = {
    "several_datasets": error("one dataset in a file", "export each dataset to a file of its own"),
    "not_sas7bdat": error("a SAS data file (.sas7bdat)", "export the file again"),
    "truncated_sas7bdat": error("a complete SAS data file", "copy or export the file again"),
    "deleted_rows": error(
        "no deleted rows", "copy the dataset in SAS (data new; set old; run;) and send that"
    ),
    "not_parquet": error("a Parquet file", "write the file again"),
    "nested_column": error("one value in each cell", "write the parts as columns of their own"),
    "index_not_read": note("columns with names", "an index of pandas without a name; not read"),
}

WORKBOOKS = {
    "not_workbook": error("an Excel workbook (.xlsx)", "open it in Excel, save it as .xlsx and send that"),
    "damaged_workbook": error(
        "a complete Excel workbook (.xlsx)", "open it in Excel, save it again as .xlsx and send that"
    ),
    "header_rows_joined": note("one header row", "the header rows are joined, the upper text first"),
    "cells_merged_down": error(
        "a value in every row", "unmerge the cells and write the value into each of them"
    ),
    "cells_merged_across": warning("one value in each cell", "the value is that of the first column only"),
    "hidden_column": warning("no hidden columns", "read as any other column; remove it if it is not needed"),
    "hidden_rows": warning("no hidden rows", "read as any other rows; remove them if they are not data"),
    "hidden_sheet": warning("no hidden sheets", "looked through for identifiers, otherwise not read"),
    "sheet_without_table": note("a header and rows", "looked through for identifiers, otherwise not read"),
    "comments_not_read": warning("values in cells", "looked through for identifiers, otherwise not read"),
    "formula_without_value": warning(
        "a value in every cell", "read as empty; open the workbook in Excel, save it and send that"
    ),
    "dates_from_1904": warning(
        "days counted from 1900",
        "dates are converted; a day number without a date format is not: give it one",
    ),
    "macros_not_read": warning("a workbook without macros", "the macros are never run"),
    "pictures_not_read": warning("values in cells", "not read and not kept"),
}
