"""Every format read back gives the dataset; awkward text stays text; what a format cannot hold is said."""

import csv
import io
import json
import re
import stat
import zipfile

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from reports.dataset_files import FORMATS, base_name, csv_bytes, dataset_files, write_files, zip_bytes
from reports.dataset_json import dataset_json
from reports.dataset_variables import NUMBER, TEXT, WHOLE, Variable
from reports.datasets import AnalysisDataset, analysis_datasets
from reports.dictionary import dictionary
from reports.export import inert
from reports.transport_files import cut_to_bytes, transport_names, xpt_bytes
from reports.workbook import workbook_bytes
from tests.reports.conftest import CREATED
from trialdata.errors import StudyDataError

FORMULAS = ["=1+1", "+1", "-5", "@SUM(A1)", "\tx", "\rx", "\n=1", "＝1+1", '=HYPERLINK("http://x")']
PLAIN = ["北京医院", "<b>bold</b>", "a,b", 'say "x"', "", " x", "1.5", "http://example.org", "1-2"]
TEXTS = [*FORMULAS, *PLAIN]


def awkward(**texts: list[str]) -> AnalysisDataset:
    """A dataset with a key, an integer, a number, and texts by name."""
    rows = max(map(len, texts.values()))
    frame = pd.DataFrame(
        {
            "USUBJID": pd.Series([f"{n:03}" for n in range(rows)], dtype="str"),
            "ADY": pd.Series([-7, *[None] * (rows - 2), 8], dtype="Int64"),
            "AVAL": pd.Series([-0.1 + 0.3, *[float("nan")] * (rows - 2), -12.5]),
            **{name: pd.Series(values, dtype="str") for name, values in texts.items()},
        }
    )
    variables = (
        Variable("USUBJID", "Subject", TEXT, "collected"),
        Variable("ADY", "Day", WHOLE, "collected"),
        Variable("AVAL", "Value", NUMBER, "derived"),
        *(Variable(name, f"Label of {name}"[:40], TEXT, "collected") for name in texts),
    )
    return AnalysisDataset("ADXX", "Awkward", "One row per participant", ("USUBJID",), variables, frame)


def cells(frame: pd.DataFrame) -> list[list]:
    """Rows as plain values, a missing number as None."""
    columns = [frame[name].astype(object).where(frame[name].notna(), None).tolist() for name in frame]
    return [list(row) for row in zip(*columns, strict=True)]


def from_csv(content: bytes, like: pd.DataFrame) -> list[list]:
    assert content.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert header == list(like)
    numeric = [pd.api.types.is_numeric_dtype(like[name]) for name in like]
    return [
        [
            (float(cell) if cell else None) if number else cell
            for cell, number in zip(row, numeric, strict=True)
        ]
        for row in rows
    ]


def from_sheet(sheet, like: pd.DataFrame) -> list[list]:
    header, *rows = sheet.iter_rows(values_only=True)
    assert list(header) == list(like)
    numeric = [pd.api.types.is_numeric_dtype(like[name]) for name in like]
    return [
        [cell if number else cell or "" for cell, number in zip(row, numeric, strict=True)] for row in rows
    ]


def assert_near(found: list[list], expected: list[list]) -> None:
    """Equal texts; numbers to the 16 digits that a cell of a workbook is written with."""
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected, strict=True):
        assert [cell for cell in ours if isinstance(cell, str)] == [c for c in theirs if isinstance(c, str)]
        numbers = [[cell for cell in row if not isinstance(cell, str)] for row in (ours, theirs)]
        assert numbers[0] == [None if n is None else pytest.approx(n, rel=1e-15) for n in numbers[1]]


def from_xpt(content: bytes, tmp_path) -> tuple[pd.DataFrame, object]:
    path = tmp_path / "read.xpt"
    path.write_bytes(content)
    frame, meta = pyreadstat.read_xport(str(path))
    return frame, meta


def test_csv_gives_the_dataset_back_with_formulas_led_by_an_apostrophe():
    dataset = awkward(TERM=TEXTS)
    read = from_csv(csv_bytes(dataset.frame), dataset.frame)
    expected = cells(dataset.frame)
    assert [row[:3] for row in read] == [row[:3] for row in expected]
    assert [row[3] for row in read[: len(FORMULAS)]] == [
        *("'=1+1", "'+1", "'-5", "'@SUM(A1)", "'\tx", "'\nx", "'\n=1", "'＝1+1", '\'=HYPERLINK("http://x")')
    ]
    assert [row[3] for row in read[len(FORMULAS) :]] == PLAIN


def test_numbers_below_zero_are_no_formulas_in_csv():
    rows = csv_bytes(awkward(TERM=["x", "y"]).frame).decode("utf-8-sig").splitlines()
    assert rows[1] == "000,-7,0.19999999999999998,x"
    assert rows[2] == "001,8,-12.5,y"


def test_a_workbook_holds_text_as_text_and_no_formula_or_link():
    dataset = awkward(TERM=TEXTS)
    content = workbook_bytes({"ADXX": dataset.frame}, CREATED)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["ADXX"]
    kinds = {cell.data_type for column in ("A", "D") for cell in sheet[column][1:] if cell.value is not None}
    assert kinds == {"s"}
    assert {cell.data_type for column in ("B", "C") for cell in sheet[column][1:]} <= {"n"}
    read = from_sheet(sheet, dataset.frame)
    assert_near([row[:3] for row in read], [row[:3] for row in cells(dataset.frame)])
    assert [row[3] for row in read] == [inert(text) for text in TEXTS]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        xml = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in xml
        assert "hyperlink" not in xml
        assert "2026-02-03T04:05:06Z" in parts.read("docProps/core.xml").decode()


def test_transport_and_json_hold_the_text_itself(tmp_path):
    texts = [text for text in TEXTS if text == text.rstrip()]  # the format pads with blanks
    dataset = awkward(TERM=texts)
    frame, _ = from_xpt(xpt_bytes(dataset, CREATED)[0], tmp_path)
    assert frame["TERM"].fillna("").tolist() == texts
    said = json.loads(dataset_json(dataset, "DEMO", CREATED))
    assert [row[3] for row in said["rows"]] == texts


def test_a_transport_file_has_names_labels_and_numbers_and_its_time(tmp_path):
    content, notes = xpt_bytes(awkward(TERM=["x", "北京医院"]), CREATED)
    frame, meta = from_xpt(content, tmp_path)
    assert notes == ()
    assert (meta.table_name, meta.file_label) == ("ADXX", "Awkward")
    assert meta.column_names_to_labels == {
        **{"USUBJID": "Subject", "ADY": "Day", "AVAL": "Value", "TERM": "Label of TERM"}
    }
    assert frame["AVAL"].tolist() == [-0.1 + 0.3, -12.5]
    assert frame["ADY"].tolist() == [-7, 8]
    assert frame["TERM"].tolist() == ["x", "北京医院"]
    assert content.startswith(b"HEADER RECORD*******LIBRARY HEADER RECORD")
    assert len(content) % 80 == 0
    assert set(re.findall(rb"\d\d[A-Z]{3}\d\d:\d\d:\d\d:\d\d", content)) == {b"03FEB26:04:05:06"}


def test_text_over_200_bytes_is_cut_at_a_character_and_told(tmp_path):
    long = "京" * 67  # 201 bytes
    content, notes = xpt_bytes(awkward(TERM=[long, "x"]), CREATED)
    assert from_xpt(content, tmp_path)[0]["TERM"].tolist() == ["京" * 66, "x"]
    assert notes == ("ADXX.TERM: 1 texts are cut to 200 bytes.",)


def test_an_identifier_over_200_bytes_is_refused_not_cut():
    dataset = awkward(TERM=["x", "y"])
    dataset.frame["USUBJID"] = pd.Series(["1" * 201, "2"], dtype="str")
    with pytest.raises(
        StudyDataError, match=r"ADXX\.USUBJID: found a value of more than 200 bytes"
    ) as refused:
        xpt_bytes(dataset, CREATED)
    assert "111" not in str(refused.value)


def test_names_are_made_to_fit_and_told(tmp_path):
    dataset = awkward(分型=["a", "b"], LONGNAME2=["c", "d"], LONGNAME1=["e", "f"], LONGNAME=["g", "h"])
    content, notes = xpt_bytes(dataset, CREATED)
    frame, meta = from_xpt(content, tmp_path)
    assert list(frame)[3:] == ["COL", "LONGNAM2", "LONGNAM3", "LONGNAME"]
    assert frame.iloc[0].tolist()[3:] == ["a", "c", "e", "g"]
    assert meta.column_labels[3:] == [f"Label of {n}" for n in ("分型", "LONGNAME2", "LONGNAME1", "LONGNAME")]
    assert notes == (
        "ADXX.分型 is called COL.",
        "ADXX.LONGNAME2 is called LONGNAM2.",
        "ADXX.LONGNAME1 is called LONGNAM3.",
    )


def test_names_that_fit_are_kept():
    assert transport_names(["USUBJID", "_X1"]) == {"USUBJID": "USUBJID", "_X1": "_X1"}
    assert cut_to_bytes("abc", 2) == "ab"


def test_json_is_dataset_json_1_1(look, files_of):
    for ending, file in files_of(look).items():
        if ending.endswith(".json"):
            said = json.loads(file.content, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))
            assert_dataset_json(said)
            assert said["datasetJSONCreationDateTime"] == "2026-02-03T04:05:06+00:00"
            assert said["records"] == file.rows


def assert_dataset_json(said: dict) -> None:
    """The structure that CDISC Dataset-JSON 1.1 asks for, written from its specification."""
    required = {
        "datasetJSONCreationDateTime",
        "datasetJSONVersion",
        "itemGroupOID",
        "records",
        "name",
        "label",
    }
    optional = {"fileOID", "dbLastModifiedDateTime", "originator", "sourceSystem", "studyOID", "rows"}
    optional |= {"metaDataVersionOID", "metaDataRef"}
    assert required | {"columns"} <= set(said) <= required | optional | {"columns"}
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?", said["datasetJSONCreationDateTime"]
    )
    assert re.fullmatch(r"1\.1(\.\d+)?", said["datasetJSONVersion"])
    assert set(said["sourceSystem"]) == {"name", "version"}
    kinds = {"string": str, "integer": int, "float": (int, float)}
    may_say = {"itemOID", "name", "label", "dataType", "length", "keySequence"}
    for column in said["columns"]:
        assert {"itemOID", "name", "label", "dataType"} <= set(column) <= may_say
        assert column["dataType"] in kinds
        assert ("length" in column) == (column["dataType"] == "string")
    assert len({column["itemOID"] for column in said["columns"]}) == len(said["columns"])
    keys = sorted(column["keySequence"] for column in said["columns"] if "keySequence" in column)
    assert keys == list(range(1, len(keys) + 1))
    assert said["records"] == len(said["rows"])
    for row in said["rows"]:
        assert len(row) == len(said["columns"])
        for cell, column in zip(row, said["columns"], strict=True):
            if column["dataType"] == "string":
                assert isinstance(cell, str)
                assert len(cell.encode()) <= column["length"]
            else:
                assert cell is None or (
                    isinstance(cell, kinds[column["dataType"]]) and not isinstance(cell, bool)
                )


def test_json_refuses_what_json_cannot_say():
    dataset = awkward(TERM=["x", "y"])
    dataset.frame["AVAL"] = [float("inf"), 1.0]
    with pytest.raises(ValueError, match="JSON compliant"):
        dataset_json(dataset, "DEMO", CREATED)


def test_every_format_of_the_sample_gives_the_same_rows(look, files_of, tmp_path):
    files = files_of(look)
    book = openpyxl.load_workbook(io.BytesIO(files["datasets.xlsx"].content), read_only=True)
    assert book.sheetnames == ["Contents", "Dictionary", "Parameters", "ADSL", "ADLB", "ADRS", "ADTTE"]
    for dataset in analysis_datasets(look):
        name, frame = dataset.name.lower(), dataset.frame
        expected = cells(frame)
        assert from_csv(files[f"{name}.csv"].content, frame) == expected
        assert_near(from_sheet(book[dataset.name], frame), expected)
        assert json.loads(files[f"{name}.json"].content)["rows"] == expected
        read, _ = from_xpt(files[f"{name}.xpt"].content, tmp_path)
        texts = [column for column in read if not pd.api.types.is_numeric_dtype(frame[column])]
        assert cells(read.assign(**{column: read[column].fillna("") for column in texts})) == expected


def test_no_file_or_name_holds_the_date_of_the_cut(look, files_of):
    day = look.study.cut
    dates = [
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day:%d%b%y}".upper(),
        f"{day:%d%b%Y}".upper(),
        f"{day:%d %b %Y}",
    ]
    for file in files_of(look).values():
        content = file.content
        if file.name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(content)) as parts:
                content = b"".join(map(parts.read, parts.namelist()))
        for date in dates:
            assert date not in file.name
            assert date.encode() not in content, (file.name, date)


def test_names_say_what_the_files_are(derived):
    true, pooled = (derived("nct07057778", view=view) for view in ("true", "pooled"))
    content = true.study.content_hash[:8]
    assert base_name(true) == f"nct07057778_cut3_{content}_synthetic_participant_level"
    assert "_pooled_" in base_name(pooled)


def test_the_dictionary_names_every_variable_with_its_true_length(derived):
    dataset = awkward(TERM=["京", "ab"])
    listed = dictionary([dataset]).set_index("Variable")
    assert listed.loc["TERM", ["Type", "Length"]].tolist() == ["text", 3]
    assert listed.loc["ADY", ["Type", "Length"]].tolist() == ["integer", 8]
    assert listed.loc["AVAL", "Type"] == "number"
    assert listed["Key"].fillna(0).tolist() == [1, 0, 0, 0]


def test_the_same_data_make_the_same_zip(derived):
    made = [zip_bytes(dataset_files(derived("nct04915482"), FORMATS, CREATED)[0]) for _ in range(2)]
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 4 + 4 + 4 + 1 + 3


def test_files_are_written_whole_for_their_owner_and_never_over_others(derived, tmp_path):
    files, _ = dataset_files(derived("nct04915482"), ["csv"], CREATED)
    folder = tmp_path / "new" / "folder"
    write_files(files, folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted(file.name for file in files)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    last = folder / files[-1].name
    for path in folder.iterdir():
        if path != last:
            path.unlink()
    last.write_bytes(b"mine")
    with pytest.raises(FileExistsError, match=re.escape(last.name)):
        write_files(files, folder)
    assert [path.name for path in folder.iterdir()] == [last.name]
    assert last.read_bytes() == b"mine"
    write_files(files, folder, over=True)
    assert last.read_bytes() == files[-1].content
    assert len(list(folder.iterdir())) == len(files)
