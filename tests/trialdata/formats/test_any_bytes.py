"""Whatever the bytes: tables within the limits, or a refusal that is in the list of checks; nothing else."""

import importlib.util
import io
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialdata.check_list import CHECKS
from trialdata.findings import finding, sentence
from trialdata.formats.files import read_tables
from trialdata.formats.kinds import PARQUET, SAS7BDAT, TRANSPORT, WORKBOOK
from trialdata.headers import clean_header
from trialdata.limits import Limits, UnreadableFile

LIMITS = Limits(rows=50, columns=20, row_bytes=1000, megabytes=0.1, inflated_megabytes=1, members=20)
few = settings(max_examples=60, deadline=None)


def tables_or_refusal(content: bytes, name: str = "a.csv") -> str:
    """The check that refused the file, "" where it was read; either is looked at."""
    try:
        tables = read_tables(name, content, LIMITS)
    except UnreadableFile as problem:
        assert CHECKS[problem.check].severity == "error"
        said = finding(problem.check, name, row=problem.row, column=problem.column, found=problem.found)
        assert len(sentence(said.iloc[0])) < 1000
        assert problem.row is None or problem.row >= 1
        return problem.check
    assert tables
    for table in tables:
        frame = table.frame
        assert len(frame) <= LIMITS.rows and 1 <= len(frame.columns) <= LIMITS.columns
        assert all(frame[column].dtype == "str" for column in frame.columns)
        assert not frame.isna().any(axis=None)
        assert frame.columns.is_unique
        assert [clean_header(name) for name in frame.columns] == frame.columns.tolist()
        assert frame.index.is_monotonic_increasing and (frame.index >= 2).all()
        assert all(len(found) for found in table.findings)
    return ""


CSV = '受试者,ADY,AVAL,备注\nS-01,1,12,基线\nS-02,8,45,"a, b"\n\nS-03,15,7,第2周\n注：x\n'
COLUMNS = [{"name": "USUBJID"}, {"name": "AVAL", "dataType": "integer", "displayFormat": "DATE9."}]
METADATA = {"datasetJSONVersion": "1.1.0", "records": 2, "name": "ADLB", "columns": COLUMNS}
JSON_ROWS = [["S-01", 23000], ["S-02", None]]


def zipped(method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        archive.writestr("a/adsl.csv", CSV)
        archive.writestr("adlb.json", json.dumps(METADATA | {"rows": JSON_ROWS}))
    return content.getvalue()


VALID = {
    "UTF-8": CSV.encode(),
    "UTF-16": CSV.replace(",", "\t").encode("utf-16"),
    "GB18030": CSV.encode("gb18030"),
    "semicolons": CSV.replace(",", ";").replace("12", "1,25").encode(),
    "Windows-1252": b"ID,AVALU\nS-01,10\xb3/\xb5L\nS-02,P\xe9t\xe9chies\n",
    "Dataset-JSON": json.dumps(METADATA | {"rows": JSON_ROWS}).encode(),
    "NDJSON": "\n".join(map(json.dumps, [METADATA, *JSON_ROWS])).encode(),
    "ZIP": zipped(),
    "ZIP, stored": zipped(zipfile.ZIP_STORED),
}
BEGINNINGS = {  # of formats, to be followed by anything
    "text": b"USUBJID,AVAL\n",
    "quotation marks": b'"USUBJID","AVAL\n',
    "UTF-16": b"\xff\xfe",
    "UTF-16, big-endian": b"\xfe\xff",
    "byte order mark": b"\xef\xbb\xbf",
    "GB18030": "受试者,访视\n".encode("gb18030"),
    "separator line": b"sep=",
    "JSON": b'{"datasetJSONVersion": "1.1.0", "columns": [',
    "NDJSON": json.dumps(METADATA).encode() + b"\n[",
    "ZIP": b"PK\x03\x04",
    "ZIP, empty": b"PK\x05\x06",
    "OLE": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "XML": b'<?xml version="1.0"?>',
    "SYLK": b"ID;P",
    "pickle": b"\x80\x04",
    "gzip": b"\x1f\x8b\x08",
    "PDF": b"%PDF-1.7",
}
OF_OTHERS = {
    TRANSPORT: ("sas", b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000000000000000000000000000000  "),
    SAS7BDAT: ("sas", bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")),
    PARQUET: ("parquet", b"PAR1\x15\x04"),
}
every_valid = pytest.mark.parametrize("kind", VALID)


@every_valid
def test_the_files_below_are_read(kind):
    assert tables_or_refusal(VALID[kind]) == ""


@few
@given(st.binary(max_size=400), st.text(max_size=300))
def test_any_bytes_under_any_name(content, name):
    tables_or_refusal(content, name)


@few
@given(st.text(max_size=400), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]))
def test_any_text_in_any_encoding(text, encoding):
    tables_or_refusal(text.encode(encoding, errors="ignore"))


@few
@given(
    st.lists(
        st.lists(st.sampled_from(["", "a", "1,5", "1,050", '"', "注：", "Total", "2025-01-01"]), max_size=5),
        max_size=12,
    ),
    st.sampled_from(",;\t|"),
)
def test_any_rows_of_any_width(rows, separator):
    tables_or_refusal("\n".join(separator.join(row) for row in rows).encode())


@pytest.mark.parametrize("kind", BEGINNINGS)
@few
@given(st.binary(max_size=300))
def test_a_known_beginning_followed_by_anything(kind, rest):
    tables_or_refusal(BEGINNINGS[kind] + rest)


@pytest.mark.parametrize("kind", OF_OTHERS)
@few
@given(st.binary(max_size=300))
def test_a_binary_beginning_followed_by_anything(kind, rest):
    reader, beginning = OF_OTHERS[kind]
    if importlib.util.find_spec(f"trialdata.formats.{reader}") is None:
        pytest.skip(f"trialdata/formats/{reader}.py is not there")
    tables_or_refusal(beginning + rest)


@every_valid
def test_a_file_cut_anywhere_is_refused_or_read_as_far_as_rows_go(kind):
    whole = VALID[kind]
    refused = sum(bool(tables_or_refusal(whole[:end])) for end in range(4, len(whole)))
    if kind in ("ZIP", "ZIP, stored", "Dataset-JSON", "NDJSON"):
        assert refused == len(whole) - 4


@every_valid
@few
@given(st.data())
def test_a_file_with_changed_bytes(kind, data):
    content = bytearray(VALID[kind])
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    tables_or_refusal(bytes(content))


@few
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["name", "label", "x"]), inner)
        ),
        max_leaves=15,
    ),
    st.sampled_from(["rows", "columns", "records", "name", "datasetJSONVersion"]),
)
def test_a_dataset_with_any_value_in_one_attribute(value, attribute):
    tables_or_refusal(json.dumps(METADATA | {"rows": JSON_ROWS} | {attribute: value}).encode())


@few
@given(
    st.dictionaries(st.text("ab./\\:é血\u200b", min_size=1, max_size=20), st.binary(max_size=50), max_size=4)
)
def test_an_archive_of_any_files(files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    tables_or_refusal(content.getvalue())


def test_a_workbook_goes_to_its_reader():
    if importlib.util.find_spec("trialdata.formats.workbook") is None:
        pytest.skip(f"{WORKBOOK}: trialdata/formats/workbook.py is not there")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml"):
            archive.writestr(name, "<x/>")
    assert tables_or_refusal(content.getvalue()) != ""
