"""Workbooks, archives, exports and names of files as sites send them (41 to 49 of the catalogue of inputs)."""

import io
import json
import pickle
import zipfile

import openpyxl
import pandas as pd
import pyreadstat
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from sending import (
    COMBINED,
    CUT,
    DEFINITION,
    LABS,
    PARTICIPANTS,
    all_findings,
    arrived,
    asked,
    cells_of,
    csv,
    noticed,
    sent,
    values,
    why,
    workbook,
)

from trialdata.importing import prepare

COUNTS = [("-1", "12"), ("8", "45"), ("15", "120")]
SHEETS = {"Subjects": cells_of(PARTICIPANTS), "Labs": cells_of(LABS)}
SYNTHETIC_MOBILE = "13800000000"


def edited(change, sheets=SHEETS) -> bytes:
    """The workbook after `change` of its openpyxl form."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(sheets)))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_41_several_sheets_and_numbers_as_text_are_found():
    prepared = arrived({"site 1.xlsx": workbook(SHEETS)})  # every cell is text
    assert values(prepared, "adlb", "ADY", "AVAL", of="S-01") == COUNTS
    assert values(prepared, "adlb", "SRCFILE", of="S-04")[0] == ("site 1.xlsx, sheet Labs",)


def test_41_a_merged_header_of_two_rows_is_read():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("随访表")
    for column, name in enumerate(("受试者编号", "组别", "首次给药日期")):
        sheet.merge_range(0, column, 1, column, name)
    sheet.merge_range(0, 3, 0, 5, "血小板(×10⁹/L)")
    for column, name in enumerate(("基线", "第1周", "第2周"), start=3):
        sheet.write(1, column, name)
    for row, cells in enumerate(
        (("S-01", "A", "2025-11-17", 12, 45, 120), ("S-02", "B", "2025-11-17", 9, 30, "")), 2
    ):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.close()
    prepared = arrived({"随访表.xlsx": buffer.getvalue()})
    assert values(prepared, "adlb", "ADY", "AVAL", of="S-01") == [("1", "12"), ("8", "45"), ("15", "120")]
    assert [row for (row,) in values(prepared, "adsl", "SRCROW")] == ["3", "4"]


def test_41_a_formula_without_a_value_is_empty_with_a_warning():
    def formula(book):
        book["Labs"]["E4"] = "=100+20"

    prepared = arrived({"labs.xlsx": edited(formula)})
    assert ("15", "") in values(prepared, "adlb", "ADY", "AVAL", of="S-01")
    assert [each[0] for each in noticed(prepared, "formula_without_value")] == ["warning"]


@pytest.mark.parametrize("hidden", ["column", "sheet"])
def test_41_what_is_hidden_is_a_warning(hidden):
    def hide(book):
        if hidden == "column":
            book["Labs"].column_dimensions["C"].hidden = True
        else:
            book.create_sheet("Notes").sheet_state = "hidden"
            book["Notes"]["A1"] = "nothing of note"

    prepared = arrived({"labs.xlsx": edited(hide)})
    assert values(prepared, "adlb", "ADY", "AVAL", of="S-01") == COUNTS
    assert [each[0] for each in noticed(prepared, f"hidden_{hidden}")] == ["warning"]


@pytest.mark.parametrize("place", ["hidden column", "hidden sheet", "comment"])
def test_41_an_identifier_in_a_hidden_place_refuses_the_file_and_is_not_repeated(place):
    def hide(book):
        if place == "hidden column":
            sheet = book["Labs"]
            sheet["G1"] = "Extra"
            for row in range(2, 11):
                sheet.cell(row, 7, SYNTHETIC_MOBILE)
            sheet.column_dimensions["G"].hidden = True
        elif place == "hidden sheet":
            book.create_sheet("Contacts").sheet_state = "hidden"
            book["Contacts"]["B2"] = SYNTHETIC_MOBILE
        else:
            book["Labs"]["A2"].comment = Comment(f"call {SYNTHETIC_MOBILE}", "nobody")

    prepared = arrived({"labs.xlsx": edited(hide)})
    assert prepared.refused
    assert "labs.xlsx" in why(prepared)[0][1]
    assert SYNTHETIC_MOBILE not in prepared.findings.to_csv() + str(prepared.questions)


LEGACY = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096)
PAGE = b"<html><body><table><tr><td>Subject ID</td><td>Result</td></tr></table></body></html>"
BOOK = workbook(SHEETS)


def transport(rows: int = 40) -> bytes:
    """A transport file of one dataset."""
    import tempfile
    from pathlib import Path

    frame = pd.DataFrame(
        {"USUBJID": [f"S-{row:02}" for row in range(rows)], "AVAL": [float(row) for row in range(rows)]}
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "lb.xpt")
        pyreadstat.write_xport(frame, str(path), table_name="LB", file_format_version=5)
        return path.read_bytes()


def dataset_json(**changes) -> bytes:
    whole = {
        "datasetJSONCreationDateTime": "2026-01-15T00:00:00",
        "datasetJSONVersion": "1.1.0",
        "itemGroupOID": "IG.ADSL",
        "records": 4,
        "name": "ADSL",
        "label": "Subjects",
        "columns": [
            {"itemOID": f"IT.{name}", "name": name, "label": name, "dataType": "string"}
            for name in ("USUBJID", "TRT01P", "SITEID", "DCUTDY")
        ],
        "rows": [
            ["S-01", "A", "01", "60"],
            ["S-02", "B", "01", "60"],
            ["S-03", "A", "02", "40"],
            ["S-04", "B", "02", "40"],
        ],
    }
    return json.dumps(whole | changes, allow_nan=False).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "check"),
    [
        pytest.param("labs.xls", PAGE, "web_page", id="web page named .xls"),
        pytest.param("labs.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "pdf_file", id="PDF named .csv"),
        pytest.param("labs.xlsx", BOOK[: len(BOOK) // 2], "archive_damaged", id="truncated workbook"),
        pytest.param("labs.zip", zipped(sent())[:-40], "archive_damaged", id="truncated ZIP"),
        pytest.param("labs.xpt", transport()[:-85], "truncated_xpt", id="truncated transport file"),
        pytest.param("labs.json", dataset_json()[:-30], "damaged_json", id="truncated JSON"),
        pytest.param("labs.pkl", pickle.dumps({"a": 1}), "pickle_file", id="pickle"),
        pytest.param("labs.csv", pickle.dumps([1, 2, 3]), "pickle_file", id="pickle named .csv"),
    ],
)
def test_42_44_what_is_no_table_is_refused_in_a_sentence(name, content, check):
    assert [each[:2] for each in why(arrived({name: content}))] == [(check, name)]


def test_42_an_old_workbook_is_refused_in_a_sentence():
    (problem,) = why(arrived({"labs.xls": LEGACY}))
    assert problem[1] == "labs.xls"
    assert problem[0] in ("legacy_workbook", "unknown_format", "encrypted_workbook")


def test_42_a_csv_file_named_xlsx_is_read_as_what_it_is():
    prepared = arrived({"subjects.xlsx": csv(PARTICIPANTS), "labs.pdf": csv(LABS)})
    assert values(prepared, "adlb", "ADY", "AVAL", of="S-01") == COUNTS


def symlink() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("labs.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return buffer.getvalue()


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
)


def with_entities() -> bytes:
    with zipfile.ZipFile(io.BytesIO(BOOK)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    return zipped(parts | {"xl/worksheets/sheet1.xml": ENTITIES.encode()})


@pytest.mark.parametrize(
    ("name", "content", "checks"),
    [
        ("bomb.zip", zipped({"labs.csv": b"0" * 30_000_000}), {"archive_ratio", "archive_size"}),
        (
            "bomb.xlsx",
            zipped({"xl/workbook.xml": b" " * 30_000_000, "[Content_Types].xml": b""}),
            {"archive_ratio"},
        ),
        ("path.zip", zipped({"../../labs.csv": csv(LABS)}), {"archive_path"}),
        ("link.zip", symlink(), {"archive_link"}),
        ("nested.zip", zipped({"inner.zip": zipped({"labs.csv": csv(LABS)})}), {"archive_nested"}),
        ("entities.xlsx", with_entities(), {"damaged_workbook", "not_workbook"}),
    ],
)
def test_43_an_archive_that_is_a_trap_is_refused(name, content, checks):
    ((check, file, _, _),) = why(arrived({name: content}))
    assert check in checks
    assert file == name


@pytest.mark.parametrize(
    ("changes", "check", "row"),
    [
        ({"records": 5}, "records_disagree", None),
        ({"rows": [["S-01", "A", "01", "60"], ["S-02", "B"]], "records": 2}, "short_record", 3),
        (
            {"columns": [{"itemOID": "I", "name": "USUBJID", "label": "", "dataType": "string"}] * 4},
            "duplicate_header",
            1,
        ),
        ({"datasetJSONVersion": "2.0.0"}, "dataset_json_version", None),
    ],
)
def test_45_a_dataset_json_file_that_contradicts_itself_is_refused(changes, check, row):
    assert [each[:3] for each in why(arrived({"adsl.json": dataset_json(**changes)}))] == [
        (check, "adsl.json", row)
    ]


def test_45_a_hundred_thousand_brackets_are_refused():
    assert [each[1] for each in why(arrived({"adsl.json": b'{"rows": ' + b"[" * 100_000}))] == ["adsl.json"]


def test_45_a_whole_dataset_json_file_is_read():
    prepared = arrived({"adsl.json": dataset_json(), "labs.csv": csv(LABS)})
    assert values(prepared, "adsl", "USUBJID", "TRT01P", "SITEID", "DCUTDY")[3] == ("S-04", "B", "02", "40")


REDCAP = """
record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,redcap_data_access_group,arm,sex,race___1,race___2,trtsdt,sample_date,plt,demographics_complete,labs_complete
S-01,baseline_arm_1,,,site_01,1,2,1,0,2025-11-17,2025-11-16,12,2,2
S-01,week_1_arm_1,,,site_01,,,,,,2025-11-24,45,,2
S-01,week_2_arm_1,,,site_01,,,,,,2025-12-01,120,,2
S-02,baseline_arm_1,,,site_01,2,1,0,1,2025-11-17,2025-11-17,9,2,2
S-02,week_1_arm_1,,,site_01,,,,,,2025-11-24,30,,2
"""


def test_46_a_raw_export_of_redcap_asks_for_its_codes_and_carries_the_arm_over():
    files = {"export.csv": csv(REDCAP)}
    questions = asked(prepare(COMBINED, files, CUT))
    assert {"arms:1", "arms:2", "codes:SEX:1", "codes:SEX:2", "units:PLAT"} <= set(questions)
    answers = {
        "arms:1": "IGU+RTX",
        "arms:2": "RTX",
        "codes:SEX:1": "M",
        "codes:SEX:2": "F",
        "units:PLAT": "10^9/L",
    }
    prepared = arrived(files, answers, definition=COMBINED)
    assert values(prepared, "adsl", "USUBJID", "TRT01P", "SEX", "SITEID") == [
        ("S-01", "IGU+RTX", "F", "site_01"),
        ("S-02", "RTX", "M", "site_01"),
    ]
    assert values(prepared, "adlb", "ADY", "AVAL", of="S-01") == COUNTS


def test_46_the_survey_identifier_of_redcap_refuses_the_file():
    text = REDCAP.replace("race___1", "redcap_survey_identifier")
    assert why(arrived({"export.csv": csv(text)}, definition=COMBINED))[0][:2] == (
        "identifier_header",
        "export.csv",
    )


LABELLED = """
Record ID,Event Name,Data Access Group,Treatment arm,Sex,First dose date,Sample date,PLT (10^9/L),Complete?,Complete?
S-01,Baseline,Site 01,Drug A,Female,2025-11-17,2025-11-16,12,Complete,Complete
S-01,Week 1,Site 01,,,,2025-11-24,45,,Complete
S-01,Week 2,Site 01,,,,2025-12-01,120,,Complete
S-02,Baseline,Site 01,Drug B,Male,2025-11-17,2025-11-17,9,Complete,Complete
"""


def test_47_an_export_of_redcap_with_labels_is_mapped():
    files = {"labels.csv": csv(LABELLED)}
    assert asked(prepare(DEFINITION, files, CUT)) == ["arms:Drug A", "arms:Drug B"]
    prepared = arrived(files, {"arms:Drug A": "A", "arms:Drug B": "B"})
    assert values(prepared, "adsl", "USUBJID", "TRT01P", "SEX") == [("S-01", "A", "F"), ("S-02", "B", "M")]
    assert values(prepared, "adlb", "ADY", "AVAL", "AVALU", of="S-01") == [
        (day, count, "10^9/L") for day, count in COUNTS
    ]


def test_48_a_chinese_follow_up_workbook_asks_for_its_arms():
    rows = [
        ["受试者编号", "中心", "组别", "首次给药日期", "血小板_基线", "血小板_第1周", "血小板_第4周", "备注"],
        ["S-01", "01", "联合组", "2025-11-17", "12", "45", "120", ""],
        ["S-02", "01", "单药组", "2025-11-17", "9", "", "<5", "换药"],
    ]
    files = {"随访表.xlsx": workbook({"随访表": rows})}
    answers = {"arms:联合组": "IGU+RTX", "arms:单药组": "RTX", "units:PLAT": "10^9/L"}
    questions = prepare(COMBINED, files, CUT).open
    assert {question.key for question in questions} == set(answers)
    assert {q.key: q.proposed for q in questions if q.about == "Arms"} == {
        "arms:联合组": "IGU+RTX",
        "arms:单药组": "RTX",
    }
    prepared = arrived(files, answers, definition=COMBINED)
    assert values(prepared, "adsl", "USUBJID", "SITEID", "TRT01P") == [
        ("S-01", "01", "IGU+RTX"),
        ("S-02", "01", "RTX"),
    ]
    assert values(prepared, "adlb", "ADY", "AVAL", "AVALC") == [
        ("1", "12", ""),
        ("1", "9", ""),
        ("8", "45", ""),
        ("29", "120", ""),
        ("29", "", "<5"),
    ]


def test_48_a_cell_of_a_wide_table_is_named_by_its_own_header():
    rows = [
        [
            "受试者编号",
            "组别",
            "首次给药日期",
            "血小板_基线(10^9/L)",
            "血小板_第1周(10^9/L)",
            "血小板_第2周(10^9/L)",
        ],
        ["S-01", "A", "2025-11-17", "12", "溶血", "45↑"],
        ["S-02", "B", "2025-11-17", "9", "30↑", "40"],
    ]
    prepared = arrived({"随访表.xlsx": workbook({"随访表": rows})})
    places = [each[3:] for each in noticed(prepared, "lab_mark", "not_done")]
    assert sorted(places) == [
        (2, "血小板_第1周(10^9/L)"),
        (2, "血小板_第2周(10^9/L)"),
        (3, "血小板_第1周(10^9/L)"),
    ]


NAMES = ["../../etc/labs.csv", "<script>labs</script>.csv", "l" * 240 + ".csv", "CON.csv", "labs\x00.csv"]


@pytest.mark.parametrize("name", NAMES, ids=["path", "script", "long", "CON", "NUL"])
def test_49_the_name_of_a_file_is_data(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    prepared = arrived({"subjects.csv": csv(PARTICIPANTS), name: csv(LABS)})
    assert values(prepared, "adlb", "ADY", "AVAL", of="S-01") == COUNTS
    shown = {file for *_, file, _, _ in all_findings(prepared)} | set(prepared.report["file"])
    assert not any("\x00" in file for file in shown)
    assert list(tmp_path.iterdir()) == []


def test_49_a_name_and_a_telephone_number_in_the_name_of_a_file_are_not_repeated():
    prepared = arrived({"subjects.csv": csv(PARTICIPANTS), f"张三 {SYNTHETIC_MOBILE}.csv": csv(LABS)})
    told = prepared.findings.to_csv() + prepared.report.to_csv()
    assert SYNTHETIC_MOBILE not in told
