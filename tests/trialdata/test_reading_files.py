"""Files of a data cut: what is accepted as it comes, and what is refused with file and row."""

import datetime

import pandas as pd
import pytest
from small_study import ADLB, ADSL, CUT, findings_of, loaded, places, with_row, write_study

from trialdata.errors import StudyDataError
from trialdata.limits import Limits
from trialdata.loading import load_frames
from trialdata.parsing import find_study
from trialdata.study import data_cuts, load_study

ERROR = "error"


def test_a_good_study_has_no_finding_and_the_frames_of_the_contract(tmp_path):
    write_study(tmp_path)
    study = load_study(tmp_path, "demo")
    assert study.findings.empty
    assert (study.cut, study.view) == (datetime.date(2026, 1, 15), "true")
    assert [len(getattr(study, name)) for name in ("adsl", "adlb", "adqs", "adcm", "adae", "adex")] == [
        *(4, 9, 2, 1, 1, 4)
    ]
    assert study.adlb["AVAL"].tolist() == [12, 45, 120, 9, 30, 20, 55, 15, 18]
    assert study.adsl["EOSDY"].isna().tolist() == [True, True, True, False]


def test_text_columns_are_text_with_missing_as_empty_and_numbers_are_floats(tmp_path):
    write_study(tmp_path)
    study = load_study(tmp_path, "demo")
    assert study.adlb["ABLFL"].dtype == "str"
    assert study.adlb["ABLFL"].tolist()[:2] == ["Y", ""]
    assert study.adlb["ADY"].dtype == "float64"
    assert study.adsl["SITEID"].tolist() == ["01", "01", "02", "02"]


def test_absent_columns_that_mean_empty_are_filled_and_the_others_stay_absent(tmp_path):
    frames = loaded(
        tmp_path,
        adsl="USUBJID,TRT01P,DCUTDY\nS-01,A,60\n",
        adlb="USUBJID,PARAMCD,ADY,AVAL\nS-01,PLAT,1,12\n",
        adae="USUBJID,AEDECOD\nS-01,Headache\n",
        adex="USUBJID,EXTRT,ASTDY\nS-01,x,1\n",
    ).frames
    filled = {
        "adsl": "EOSSTT EOSDY DCSREAS DTHDY SITEID AGE SEX",
        "adlb": "AVALC AVALU AVISIT AVISITN ABLFL DTYPE",
        "adae": "AEBODSYS AETOXGR AESER AEREL AEACN AEOUT ASTDY AENDY TRTEMFL",
        "adex": "EXDOSE EXDOSU AENDY",
    }
    for name, columns in filled.items():
        assert set(columns.split()) <= set(frames[name].columns), name
    assert not {"RANDFL", "ITTFL", "FASFL", "PPROTFL", "SAFFL", "TRT01A", "TRTSDT"} & set(
        frames["adsl"].columns
    )


def test_an_optional_file_that_is_missing_is_an_empty_frame(tmp_path):
    result = loaded(tmp_path, adae=None, adqs=None)
    assert result.frames["adae"].empty
    assert {"USUBJID", "AEDECOD", "TRTEMFL"} <= set(result.frames["adae"].columns)
    assert places(result.findings, "absent_file") == [
        ("note", "adqs.csv", None, "", ""),
        ("note", "adae.csv", None, "", ""),
    ]


def test_the_order_of_rows_means_nothing(tmp_path):
    header, *rows = ADLB.strip().split("\n")
    backwards = "\n".join([header, *rows[::-1]])
    key = ["USUBJID", "ADY"]
    as_is = loaded(tmp_path / "a").frames["adlb"].sort_values(key, ignore_index=True)
    turned = loaded(tmp_path / "b", adlb=backwards).frames["adlb"].sort_values(key, ignore_index=True)
    pd.testing.assert_frame_equal(as_is, turned)


SPELLINGS = {  # bytes that hold the same adlb
    "byte order mark": b"\xef\xbb\xbf" + ADLB.strip().encode(),
    "windows line ends": ADLB.strip().replace("\n", "\r\n").encode(),
    "old Mac line ends": ADLB.strip().replace("\n", "\r").encode(),
    "lower-case header": ADLB.strip().replace("USUBJID,PARAMCD,ADY", "usubjid,paramcd,ady").encode(),
    "zero-width header": ADLB.strip().replace("USUBJID", "\u200bUSUBJID\u00a0").encode(),
    "numbers as 8.0": ADLB.strip().replace(",8,45,", ",8.0,45.0,").encode(),
    "blank rows at the end": ADLB.strip().encode() + b"\n,,,,,,,\n\n",
    "blanks around cells": ADLB.strip().replace("S-01,PLAT,8,45", " S-01 , PLAT , 8 , 45 ").encode(),
    "quotation marks": ADLB.strip().replace("Week 1", '"Week 1"').encode(),
    "full-width digits": ADLB.strip().replace(",8,45,45", ",8,４５,45").encode(),
    "GB18030": ADLB.strip().replace("Baseline", "基线").encode("gb18030"),
    "UTF-8 Chinese": ADLB.strip().replace("Baseline", "基线").encode(),
    "empty column of a spreadsheet": "\n".join(f"{line}," for line in ADLB.strip().split("\n")).encode(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_same_rows_in_another_spelling_give_the_same_counts(tmp_path, spelling):
    result = loaded(tmp_path, adlb=SPELLINGS[spelling])
    assert not result.refused, result.findings["found"].tolist()
    assert result.frames["adlb"]["AVAL"].tolist() == [12, 45, 120, 9, 30, 20, 55, 15, 18]
    assert result.frames["adlb"]["USUBJID"].nunique() == 4


REFUSED = {  # adlb as bytes, the check, and the row it names
    "no bytes": (b"", "empty_file", None),
    "blank lines only": (b"\n\n", "empty_file", None),
    "header only": (b"USUBJID,PARAMCD,ADY,AVAL\n", "empty_dataset", None),
    "a shifted row": (ADLB.strip().replace("Week 2", "Week 2, late").encode(), "ragged_row", 4),
    "a short row": (ADLB.strip().encode() + b"\nS-04,PLAT", "ragged_row", 11),
    "a quotation mark that stays open": (ADLB.strip().replace("Week 2", '"Week 2').encode(), "ragged_row", 4),
    "a zero byte": (ADLB.strip().replace("Week 2", "Week\0").encode(), "nul_bytes", 4),
    "half GB18030": (
        ADLB.strip().replace("Baseline", "基线").encode()
        + "\nS-04,PLAT,15,20,20,10^9/L,第二周,".encode("gb18030"),
        *("encoding", 11),
    ),
    "neither encoding": (
        ADLB.strip().encode() + b"\nS-04,PLAT,15,20,20,10^9/L,\xff\xfe\xff,",
        "encoding",
        11,
    ),
    "UTF-16": (ADLB.strip().encode("utf-16"), "encoding", None),
    "semicolons": (ADLB.strip().replace(",", ";").encode(), "not_comma_separated", 1),
    "tabs": (ADLB.strip().replace(",", "\t").encode(), "not_comma_separated", 1),
    "a cell of 400 kB": (ADLB.strip().replace("Week 2", "x" * 400_000).encode(), "too_large", 4),
    "a header twice": (ADLB.strip().replace("AVALC", "aval").encode(), "duplicate_header", 1),
    "a value without header": (
        "\n".join(
            f"{line},{end}" for line, end in zip(ADLB.strip().split("\n"), [""] + ["x"] * 20, strict=False)
        ).encode(),
        *("column_without_header", 2),
    ),
    "a missing column": (ADLB.strip().replace("AVAL,", "VALUE,", 1).encode(), "missing_column", 1),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_trusted_is_refused_with_its_row(tmp_path, case):
    content, check, row = REFUSED[case]
    result = loaded(tmp_path, adlb=content)
    assert result.refused
    ((severity, file, found_row, _, _),) = places(result.findings, check)
    assert (severity, file, found_row) == (ERROR, "adlb.csv", row)


def test_a_row_number_is_the_spreadsheets_row_after_blank_rows_and_line_breaks_in_cells(tmp_path):
    header, first, *rest = ADLB.strip().split("\n")
    broken = "\n".join([header, first.replace("Baseline", '"Base\nline"'), "", *rest, "S-04,PLAT,15,abc,,,,"])
    assert findings_of(tmp_path, "not_a_number", adlb=broken) == [(ERROR, "adlb.csv", 12, "AVAL", "S-04")]


def test_both_required_files_missing_are_both_named(tmp_path):
    assert findings_of(tmp_path, "missing_file", adsl=None, adlb=None) == [
        (ERROR, "adsl.csv", None, "", ""),
        (ERROR, "adlb.csv", None, "", ""),
    ]


def test_two_files_for_one_dataset_are_refused(tmp_path):
    folder = write_study(tmp_path)
    (folder / "adsl.xpt").write_bytes(b"x")
    findings = load_frames(find_study(tmp_path, "demo"), folder).findings
    assert places(findings, "two_files") == [(ERROR, "adsl.csv and adsl.xpt", None, "", "")]


def test_a_file_of_another_name_is_named_and_not_used(tmp_path):
    folder = write_study(tmp_path)
    (folder / "notes.docx").write_bytes(b"x")
    findings = load_frames(find_study(tmp_path, "demo"), folder).findings
    assert places(findings, "file_not_read") == [("note", "notes.docx", None, "", "")]


@pytest.mark.parametrize("limits", [Limits(rows=8), Limits(megabytes=0.0001), Limits(columns=7)])
def test_a_file_beyond_the_limits_is_refused_in_one_sentence(tmp_path, limits):
    folder = write_study(tmp_path)
    findings = load_frames(find_study(tmp_path, "demo"), folder, limits=limits).findings
    assert ("error", "adlb.csv", None, "", "") in places(findings, "too_large")


def test_the_environment_raises_the_limits(tmp_path, monkeypatch):
    folder = write_study(tmp_path)
    monkeypatch.setenv("ITP_MAX_ROWS", "8")
    monkeypatch.setenv("ITP_MAX_MEGABYTES", "not a number")
    findings = load_frames(find_study(tmp_path, "demo"), folder).findings
    assert places(findings, "too_large") == [("error", "adlb.csv", None, "", "")]
    monkeypatch.setenv("ITP_MAX_ROWS", "9")
    assert load_frames(find_study(tmp_path, "demo"), folder).findings.empty


def test_a_refusal_gives_every_reason_one_sentence_a_line(tmp_path):
    adlb = with_row(with_row(ADLB, "S-01,PLAT,22,abc,,10^9/L,,"), "S-02,PLAT,22,-4,,10^9/L,,")
    adsl = ADSL.replace("S-04,B,", "S-03,B,")
    write_study(tmp_path, files={"adlb.csv": adlb, "adsl.csv": adsl})
    with pytest.raises(StudyDataError) as error:
        load_study(tmp_path, "demo")
    sentences = str(error.value).split("\n")
    assert (
        'adlb.csv, row 11, column AVAL, subject S-01: found "abc"; expected a number or an empty cell'
        in str(error.value)
    )
    assert any(s.startswith("adlb.csv, row 12, column AVAL, subject S-02: found -4") for s in sentences)
    assert sum(s.startswith("adsl.csv, row") and "subject S-03" in s for s in sentences) == 2
    assert set(error.value.findings["check"]) >= {"not_a_number", "negative_count", "subject_two_arms"}


def test_long_lists_are_capped_and_end_with_the_total(tmp_path):
    adlb = ADLB + "".join(f"S-01,PLAT,{day},abc,,10^9/L,,\n" for day in range(30, 60))
    findings = loaded(tmp_path, adlb=adlb).findings
    listed = places(findings, "not_a_number")
    assert [row for _, _, row, _, _ in listed] == [*range(11, 31), None]
    assert findings[findings["check"] == "not_a_number"]["found"].iloc[-1].startswith("30 rows in all")


def test_cuts_are_listed_oldest_first_and_the_latest_is_loaded(tmp_path):
    folder = write_study(tmp_path)
    for name in ("2025-06-30", "2026-12-31", "notes"):
        (folder.parent / name).mkdir()
    for file in folder.iterdir():
        (folder.parent / "2026-12-31" / file.name).write_bytes(file.read_bytes())
    definition = find_study(tmp_path, "demo")
    cuts = tuple(map(datetime.date.fromisoformat, ("2025-06-30", CUT, "2026-12-31")))
    assert data_cuts(definition, tmp_path) == cuts
    assert load_study(tmp_path, "demo").cut == cuts[-1]
    assert load_study(tmp_path, "demo", cuts[1]).cut == cuts[1]
    with pytest.raises(StudyDataError, match="found no data cut 2020-01-01, expected one of 2025-06-30"):
        load_study(tmp_path, "demo", datetime.date(2020, 1, 1))


def test_no_cut_and_a_folder_that_is_no_date_are_sentences(tmp_path):
    folder = write_study(tmp_path)
    (folder.parent / "2026-02-30").mkdir()
    with pytest.raises(StudyDataError, match="2026-02-30: found a folder name that is no date"):
        load_study(tmp_path, "demo")
    definition = find_study(tmp_path, "demo").replace(data="elsewhere")
    assert data_cuts(definition, tmp_path) == ()


def test_the_content_hash_follows_the_bytes_and_the_names(tmp_path):
    first = loaded(tmp_path / "a").content_hash
    assert loaded(tmp_path / "b").content_hash == first
    assert loaded(tmp_path / "c", adlb=ADLB.replace("45", "46", 1)).content_hash != first
    (tmp_path / "b" / "data" / "demo" / CUT / "notes.txt").write_bytes(b"x")
    assert loaded(tmp_path / "b").content_hash == first
    assert loaded(tmp_path / "d", adae=None).content_hash != first


def test_extra_columns_are_kept_as_number_or_text(tmp_path):
    lines = ADSL.strip().split("\n")
    extra = ["ALBUMIN,CENTRE,BLOOD", "40.5,01,A", ",02,", "38,03,0", "41,04,B"]
    adsl = "\n".join(f"{line},{more}" for line, more in zip(lines, extra, strict=True))
    frame = loaded(tmp_path, adsl=adsl).frames["adsl"]
    assert frame["ALBUMIN"].dtype == "float64"
    assert frame["CENTRE"].tolist() == ["01", "02", "03", "04"]
    assert frame["BLOOD"].tolist() == ["A", "", "0", "B"]


def test_markup_stays_text_and_control_characters_go(tmp_path):
    adae = "USUBJID,AEDECOD\nS-01,<script>alert(1)</script>\nS-02,\x1b[31mred\u202e\x07\n"
    frame = loaded(tmp_path, adae=adae).frames["adae"]
    assert frame["AEDECOD"].tolist() == ["<script>alert(1)</script>", "[31mred"]
