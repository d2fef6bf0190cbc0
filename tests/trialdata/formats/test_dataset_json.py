"""CDISC Dataset-JSON 1.1 and NDJSON (the catalogue of inputs, "Files" and row 45), from files written here by hand."""

import json

import pytest

from trialdata.formats.files import read_tables
from trialdata.limits import Limits, UnreadableFile


def column(name: str, kind: str = "string", **more: object) -> dict:
    return {"itemOID": f"IT.ADLB.{name}", "name": name, "label": f"Label of {name}", "dataType": kind} | more


DATASET = {
    "datasetJSONCreationDateTime": "2026-01-15T12:00:00",
    "datasetJSONVersion": "1.1.0",
    "itemGroupOID": "IG.ADLB",
    "records": 2,
    "name": "ADLB",
    "label": "Laboratory",
    "columns": [
        column("USUBJID", length=4, keySequence=1),
        column("AVAL", "decimal", targetDataType="decimal"),
        column("ADY", "integer"),
        column("ADT", "date", targetDataType="integer", displayFormat="DATE9."),
        column("ABLFL", "boolean"),
    ],
}
ROWS = [["S-01", "12.50", -1, "2025-03-01", True], ["S-02", None, 15, "", None]]
CELLS = [["S-01", "12.50", "-1", "2025-03-01", "true"], ["S-02", "", "15", "", ""]]


def written(rows: list = ROWS, *, form: str = "whole", **changes: object) -> bytes:
    metadata = {name: value for name, value in (DATASET | changes).items() if value is not None}
    if form == "lines":
        return "\n".join(json.dumps(part, ensure_ascii=False) for part in (metadata, *rows)).encode()
    return json.dumps(
        metadata | {"rows": rows}, ensure_ascii=False, indent=2 if form == "pretty" else None
    ).encode()


def read(content: bytes, **limits: float):
    (table,) = read_tables("adlb.json", content, Limits(**limits))
    return table


def refusal(content: bytes, **limits: float) -> tuple:
    with pytest.raises(UnreadableFile) as problem:
        read(content, **limits)
    return problem.value.check, problem.value.row


FORMS = {
    "whole": written(),
    "pretty": written(form="pretty"),
    "lines": written(form="lines"),
    "lines with one at the end": written(form="lines") + b"\n",
    "Windows line ends": written(form="lines").replace(b"\n", b"\r\n"),
    "byte order mark": b"\xef\xbb\xbf" + written(),
    "UTF-16": written().decode().encode("utf-16"),
    "version 1.1": written(datasetJSONVersion="1.1"),
}


@pytest.mark.parametrize("form", FORMS)
def test_both_forms_give_text_as_it_stands_with_labels_and_the_name(form):
    table = read(FORMS[form])
    assert table.frame.columns.tolist() == ["USUBJID", "AVAL", "ADY", "ADT", "ABLFL"]
    assert table.frame.to_numpy().tolist() == CELLS
    assert table.frame.index.tolist() == [2, 3]
    assert (table.sheet, table.labels["AVAL"], table.findings) == ("ADLB", "Label of AVAL", ())


NUMBERS = ["12", "12.0", "1.050", "45e1", "1e400", "0.1000000000000000055511151231257827", "9" * 41]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_keeps_its_digits(number):
    content = written([["S-01", 7777, 1, "", True]], records=1).replace(b"7777", number.encode())
    assert read(content).frame["AVAL"].tolist() == [number]


def test_numbers_with_a_sas_date_format_become_dates():
    columns = [column("USUBJID"), column("ADT", "integer", displayFormat="DATE9.")]
    table = read(
        written([["S-01", 0], ["S-02", 23741], ["S-03", None], ["S-04", 10**30]], columns=columns, records=4)
    )
    assert table.frame["ADT"].tolist() == ["1960-01-01", "2024-12-31", "", "1" + "0" * 30]
    assert [found["check"].iloc[0] for found in table.findings] == ["sas_date"]


def test_nan_is_missing_and_counted():
    table = read(written([["S-01", float("nan"), 1, "", True]], records=1))
    assert table.frame["AVAL"].tolist() == [""]
    assert [found["found"].iloc[0] for found in table.findings] == ["NaN in 1 cells"]


REFUSED = {  # content, check, row
    "fewer rows than announced": (written(ROWS[:1]), "records_disagree", None),
    "fewer lines than announced": (written(ROWS[:1], form="lines"), "records_disagree", None),
    "metadata alone": (written(form="lines").split(b"\n")[0], "records_disagree", None),
    "a short row": (written([ROWS[0], ROWS[1][:-1]]), "short_record", 3),
    "a long row": (written([ROWS[0] + [1], ROWS[1]], form="lines"), "short_record", 2),
    "a row of names and values": (written([{"USUBJID": "S-01"}, ROWS[1]]), "short_record", 2),
    "a list in a cell": (written([["S-01", [1], 1, "", True], ROWS[1]]), "short_record", 2),
    "a name twice": (written(columns=[*DATASET["columns"][:4], column("aval")]), "duplicate_header", 1),
    "an attribute twice": (b'{"records": 2, ' + written()[1:], "damaged_json", None),
    "version 1.0": (b'{"clinicalData": {"itemGroupData": {}}}', "dataset_json_version", None),
    "version 2": (written(datasetJSONVersion="2.0.0"), "dataset_json_version", None),
    "version 1.10": (written(datasetJSONVersion="1.10"), "dataset_json_version", None),
    "no version": (written(datasetJSONVersion=None), "not_dataset_json", None),
    "no columns": (written(columns=None), "not_dataset_json", None),
    "a column without a name": (written(columns=[{"label": "x"}]), "not_dataset_json", None),
    "a list of records": (b'[{"USUBJID": "S-01"}]', "not_dataset_json", None),
    "brackets beyond all rows": (b'{"rows": [' + b"[]," * 100 + b"[]]}", "too_large", None),
    "infinity": (written([["S-01", float("inf"), 1, "", True], ROWS[1]]), "damaged_json", None),
    "cut off": (written()[:-40], "damaged_json", 1),
    "cut within a line": (written(form="lines")[:-4], "damaged_json", 3),
    "two datasets": (written() + b"\n" + written(), "damaged_json", 2),
    "too many rows": (written(ROWS * 6, records=12), "too_large", None),
    "too many columns": (written(columns=[column(f"X{i}") for i in range(11)]), "too_large", None),
    "a cell that is too long": (written([["S-01", "x" * 2000, 1, "", True], ROWS[1]]), "too_large", 2),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_whole_is_refused(case):
    content, check, row = REFUSED[case]
    assert refusal(content, rows=10, columns=10, row_bytes=1000) == (check, row)


@pytest.mark.parametrize("end", [b"", b"]" * 100_000 + b"}", b"]" * 100_000 + b"}\n[1]"])
def test_100_000_brackets_are_one_sentence(end):
    assert refusal(b'{"rows": ' + b"[" * 100_000 + end) == ("damaged_json", None)


def test_attributes_that_are_required_but_not_needed_are_named():
    (found,) = read(written(label=None, itemGroupOID=None)).findings
    assert found["found"].iloc[0] == "no itemGroupOID, label"


def test_without_a_record_count_the_rows_are_read_with_a_warning():
    table = read(written(records=None))
    assert len(table.frame) == 2
    assert [found["check"].iloc[0] for found in table.findings] == ["dataset_json_incomplete"]
