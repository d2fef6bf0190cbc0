"""Nothing that identifies a person passes the door, and no message repeats what was refused."""

import datetime
import io
import zipfile

import openpyxl
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from small_study import ADAE, ADLB, ADSL, CUT, FILES, write_study

from trialdata.door import named_safely, record, scan
from trialdata.findings import finding, together
from trialdata.formats.source_table import Concealed, SourceTable
from trialdata.identifiers import ID_WEIGHTS, mostly_names
from trialdata.importing import prepare
from trialdata.loading import load_frames
from trialdata.parsing import find_study


@pytest.fixture(scope="module")
def definition(tmp_path_factory):
    root = tmp_path_factory.mktemp("door")
    write_study(root)
    return find_study(root, "demo")


def prepared(definition, **tables: str):
    files = FILES | {f"{name}.csv": text for name, text in tables.items()}
    content = {name: text.strip().encode() for name, text in files.items()}
    return prepare(definition, content, datetime.date.fromisoformat(CUT))


def told(of) -> str:
    """Everything an import says or keeps."""
    frames = [of.findings, of.report, *of.texts.values()]
    return "\n".join(
        [*(frame.to_csv() for frame in frames), str(of.questions), str(of.files), str(of.mapping)]
    )


def table(*, concealed=(), labels=None, sheet="", file="visits.xlsx", noticed=(), **columns) -> SourceTable:
    frame = pd.DataFrame(columns or {"USUBJID": ["S-01"]}, dtype="str")
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    return SourceTable(file, frame, sheet, labels or {}, tuple(concealed), tuple(noticed))


def found(*tables: SourceTable) -> tuple[list[SourceTable], pd.DataFrame]:
    scanned, findings = scan(tables)
    return scanned, together(findings)


# Identifiers of each kind, made up


def identity_number(seventeen: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(ID_WEIGHTS, seventeen, strict=True))
    return seventeen + "10X98765432"[total % 11]


digits = st.integers(0, 9).map(str)


def numbers(n: int):
    return st.lists(digits, min_size=n, max_size=n).map("".join)


QUICK = (Phase.explicit, Phase.generate)  # an import is too slow to be shrunk
KINDS = {
    "mobile": st.tuples(st.sampled_from("3456789"), numbers(9)).map(lambda t: f"1{t[0]}{t[1]}"),
    "identity": numbers(17).map(identity_number),
    "e-mail": st.from_regex(r"[a-z]{3,8}@[a-z]{3,8}\.(org|cn)", fullmatch=True),
    "IP": st.tuples(st.integers(10, 255), *[st.integers(0, 255)] * 3).map(lambda t: ".".join(map(str, t))),
    "URL": st.from_regex(r"https?://[a-z]{3,8}\.org/[a-z]{1,6}", fullmatch=True),
    "SSN": st.tuples(st.integers(100, 665), st.integers(10, 99), st.integers(1000, 9999)).map(
        lambda t: f"{t[0]}-{t[1]}-{t[2]}"
    ),
    "telephone": numbers(8).map(lambda n: f"010-{n}"),
}
PLACES = (
    [("adsl", column) for column in range(1, 11)] + [("adlb", c) for c in (1, 3, 4, 5, 6)] + [("adae", 1)]
)


def planted(name: str, column: int, row: int, text: str) -> str:
    lines = {"adsl": ADSL, "adlb": ADLB, "adae": ADAE}[name].strip().split("\n")
    cells = lines[1 + row % (len(lines) - 1)].split(",")
    cells[column] = text
    lines[1 + row % (len(lines) - 1)] = ",".join(cells)
    return "\n".join(lines)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12, deadline=None, phases=QUICK)
@given(data=st.data())
def test_an_identifier_in_any_cell_is_found_and_never_repeated(definition, kind, data):
    value = data.draw(KINDS[kind])
    name, column = data.draw(st.sampled_from(PLACES))
    around = data.draw(st.sampled_from(["{}", "tel {}", "{}\nsecond line", "见 {} 。"]))
    row = data.draw(st.integers(0, 8))
    cell = around.format(value)
    quoted = f'"{cell}"' if "\n" in cell else cell
    of = prepared(definition, **{name: planted(name, column, row, quoted)})
    assert {"identifier_value", "identifier_in_free_text"} & set(of.findings["check"])
    assert value not in told(of)
    assert not of.ready


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=8, deadline=None, phases=QUICK)
@given(data=st.data())
def test_an_identifier_in_a_hidden_place_or_a_name_is_found_and_never_repeated(kind, data):
    value = data.draw(KINDS[kind])
    place = data.draw(
        st.sampled_from(["hidden sheet Contacts, cell B2", "comment of cell D7", "property title"])
    )
    tables, findings = found(table(concealed=[Concealed(place, f"call {value}")]))
    assert findings["check"].tolist() == ["identifier_concealed"]
    tables, of_sheet = found(table(sheet=f"of {value}"), table(file=f"{value}.csv"))
    assert of_sheet["check"].tolist() == ["identifier_in_name"] * 2
    files, of_file = named_safely({"a.csv": b"", f"labs {value}.csv": b"1"})
    assert list(files) == ["a.csv", "file 2.csv"]
    said = findings.to_csv() + of_sheet.to_csv() + together(of_file).to_csv() + str(tables)
    assert value not in said
    assert [name.name for name in tables] == ["visits.xlsx, sheet number 1", "file 2"]


# Each rule on both sides


def test_a_name_and_phone_in_a_file_name(definition):
    content = {name: text.strip().encode() for name, text in FILES.items() if name != "adae.csv"}
    files = content | {"张三13812345678.csv": ADAE.strip().encode()}
    of = prepare(definition, files, datetime.date.fromisoformat(CUT))
    (row,) = of.findings[of.findings["check"] == "identifier_in_name"].itertuples()
    assert (row.severity, row.file) == ("error", "file 6.csv")
    assert "张三" not in told(of) and "13812345678" not in told(of)


def test_a_file_that_cannot_be_read_is_not_named_by_its_identifier(definition):
    of = prepare(definition, {"13812345678.csv": b""}, datetime.date.fromisoformat(CUT))
    assert "empty_file" in set(of.findings["check"])
    assert "13812345678" not in told(of)


def of_sheets(**sheets: str) -> bytes:
    """A workbook: "labs" a table, "merged" one with merged cells, "hidden" a hidden sheet, "bare" one word."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, kind in sheets.items():
        sheet = book.create_sheet(name)
        for line in ADLB.strip().split("\n") if kind in ("labs", "merged") else ["note"]:
            sheet.append(line.split(","))
        if kind == "merged":
            sheet.merge_cells("C2:C3")
        if kind == "hidden":
            sheet.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def of_members(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


NAMED = {  # the file, and what is said of the sheet or member
    "merged cells": (
        of_sheets(张三="merged"),
        "cells_merged_down",
        "sheet number 1: the cells C2 to C3 merged",
    ),
    "hidden": (of_sheets(labs="labs", 李四="hidden"), "hidden_sheet", "the hidden sheet number 2"),
    "without a table": (of_sheets(labs="labs", 王五="bare"), "sheet_without_table", "the sheet number 2"),
    "a member": (of_members(**{"张三.csv": b""}), "empty_file", "in the member number 1: "),
    "a member outside": (
        of_members(**{"a.csv": b"x", "../张三.csv": b""}),
        "archive_path",
        "the member number 2,",
    ),
}


@pytest.mark.parametrize("case", NAMED)
def test_a_sheet_or_member_called_by_a_name_is_told_by_its_place(definition, case):
    content, check, said = NAMED[case]
    files = {name: text.strip().encode() for name, text in FILES.items() if name != "adlb.csv"}
    of = prepare(definition, files | {"labs.bin": content}, datetime.date.fromisoformat(CUT))
    (words,) = of.findings.loc[of.findings["check"] == check, "found"]
    assert words.startswith(said)
    assert not any(name in told(of) for name in ("张三", "李四", "王五"))


def test_another_file_in_the_folder_of_a_cut_is_told_by_its_place(tmp_path):
    folder = write_study(tmp_path, files={"notes.txt": "x", "张三 13812345678.xlsx": b"x"})
    findings = load_frames(find_study(tmp_path, "demo"), folder).findings
    names = findings.loc[findings["check"] == "file_not_read", "file"].tolist()
    assert names == ["notes.txt", "file 2.xlsx"]


def test_two_files_never_become_one():
    files, _ = named_safely({"file 2.csv": b"1", "13812345678.csv": b"2"})
    assert sorted(files.values()) == [b"1", b"2"]


@pytest.mark.parametrize(
    "name", ["随访表.xlsx", "血小板计数_2025.csv", "方案.xlsx", "白细胞.csv", "adlb.xpt", "Cohort A.csv"]
)
def test_plain_file_names_stay(name):
    assert named_safely({name: b""}) == ({name: b""}, [])


def test_a_name_alone_in_a_file_name_is_a_warning():
    files, findings = named_safely({"张三.xlsx": b""})
    assert list(files) == ["file 1.xlsx"]
    assert together(findings)[["check", "severity"]].to_numpy().tolist() == [["name_in_name", "warning"]]


def test_names_in_a_hidden_column_and_a_header_there():
    cells = ["姓名", "张三", "李四", "王五"]
    hidden = [Concealed(f"hidden sheet 名单, cell B{n}", text) for n, text in enumerate(cells, start=1)]
    scanned, findings = found(table(concealed=hidden))
    assert findings["check"].tolist() == ["identifier_concealed"] * 2
    assert findings["column"].unique().tolist() == ["hidden sheet 名单, column B"]
    assert scanned[0].concealed == ()
    assert not any(name in findings.to_csv() for name in cells)


def test_a_name_in_a_comment_is_a_warning_and_plain_hidden_cells_are_nothing():
    texts = [Concealed("comment of cell C3", "李四"), Concealed("hidden sheet Lists, cell A1", "Week 4")]
    texts += [Concealed(f"hidden sheet Lists, cell A{n}", f"Week {n}") for n in range(5, 9)]
    _, findings = found(table(concealed=texts))
    assert findings[["check", "column"]].to_numpy().tolist() == [["name_concealed", "comment of cell C3"]]


@pytest.mark.parametrize("said", ["姓名：张三", "姓名:李四 ", "姓名：王"])
def test_a_name_after_its_word_in_a_comment_refuses_the_file(said):
    _, findings = found(table(concealed=[Concealed("comment of cell C3", said)]))
    assert findings[["check", "severity"]].to_numpy().tolist() == [["identifier_concealed", "error"]]
    assert said.strip()[3:] not in findings.to_csv()


def test_a_label_that_names_an_identifier():
    scanned, findings = found(
        table(labels={"V1": "Date of Birth", "V2": "Subject Identifier"}, V1=["1.1.60"], V2=["S-01"])
    )
    assert findings[["check", "column"]].to_numpy().tolist() == [["identifier_header", "V1"]]
    assert list(scanned[0].frame.columns) == ["V2"]


def test_what_reading_noticed_repeats_no_identifier():
    noticed = finding("not_a_number", "visits.xlsx, sheet 13812345678", found='"call 13912345678"')
    scanned, _ = found(table(sheet="13812345678", noticed=[noticed]))
    (part,) = scanned[0].findings
    assert part["file"].tolist() == ["visits.xlsx, sheet number 1"]
    assert "13912345678" not in part.to_csv()


def test_an_identifying_column_that_is_empty_is_dropped_with_a_warning():
    scanned, findings = found(table(USUBJID=["S-01", "S-02"], BRTHDTC=["", ""]))
    assert findings[["check", "severity"]].to_numpy().tolist() == [["empty_identifier_column", "warning"]]
    assert "BRTHDTC" not in scanned[0].frame


TERMS = [
    *(
        "高血压",
        "高血糖",
        "黄疸",
        "白细胞减少",
        "万古霉素",
        "金葡菌感染",
        "常规检查",
        "方案外访视",
        "计划外访视",
    ),
    *(
        "石杉碱甲",
        "白蛋白",
        "马来酸氯苯那敏",
        "龙胆泻肝丸",
        "江苏",
        "第4周",
        "基线",
        "提前退出",
        "联合组",
        "单药组",
    ),
]


def test_chinese_terms_are_no_names():
    assert not mostly_names(TERMS, [1] * len(TERMS))
    assert mostly_names(["张三", "李四", "王 五", "未查"], [1] * 4)
    assert mostly_names(["欧阳明", "司马一", "诸葛二"], [4, 4, 4])
    assert not mostly_names(["张三", "李四", "第4周", "基线"], [1, 1, 3, 3])


def test_nothing_is_found_in_tables_of_terms():
    _, findings = found(
        table(
            USUBJID=[f"S-{n:02d}" for n in range(len(TERMS))],
            AETERM=TERMS,
            AVISIT=TERMS,
            CMTRT=TERMS,
            PARAM=[
                "Platelet (10^9/L)",
                "Hémoglobine 12.5 g/dL, 3-5 d",
                *["Platelets 1.2.3"] * (len(TERMS) - 2),
            ],
        )
    )
    assert findings.empty


def test_the_load_report_says_what_was_looked_for(definition):
    rules = prepared(definition).report["rule"].tolist()
    assert sum(rule.startswith("looked for") for rule in rules) == 9
    _, findings = scan([table(姓名=["张三"], USUBJID=["S-01"])])
    said = pd.concat(record(findings)).set_index("rule")["after"]
    assert said["looked for identifiers in column headers and labels"] == "1 found"
    assert said["looked for genetic data"] == "0 found"


def test_a_refusal_keeps_the_record_that_it_was_looked_for(definition):
    of = prepared(definition, adsl=ADSL.replace("USUBJID", "姓名,USUBJID", 1).replace("\nS-", "\n张三,S-"))
    assert of.refused and of.texts == {}
    assert of.report["rule"].str.startswith("looked for").sum() == 7
