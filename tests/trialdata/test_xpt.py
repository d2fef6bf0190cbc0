"""SAS transport files: the same data as CSV, damaged files refused."""

import datetime

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from small_study import loaded, places, write_study

from trialdata.loading import load_frames
from trialdata.parsing import find_study

DATES = {"TRTSDT": "DATE9."}
SUBJECTS = ["S-01", "S-02", "S-03", "S-04"]
ADSL = pd.DataFrame(
    {
        "USUBJID": SUBJECTS,
        "TRT01P": ["A", "B", "A", "B"],
        "SITEID": [1.0, 1.0, 2.0, 2.0],
        "AGE": [34.0, 51.0, 47.0, np.nan],
        "ITTFL": ["Y", "Y", "Y", "N"],
        "FASFL": ["Y", "Y", "Y", "N"],
        "SAFFL": ["Y", "Y", "Y", "N"],
        "TRTSDT": [datetime.date(2026, 1, 1), datetime.date(2025, 12, 1), datetime.date(2026, 1, 14), None],
    }
)
ADLB = pd.DataFrame(
    {
        "USUBJID": np.repeat(SUBJECTS, 20),
        "PARAMCD": "PLAT",
        "ADY": np.tile(np.arange(1.0, 21.0), 4),
        "AVAL": np.arange(80.0) + 20,
        "AVISIT": "基线",
    }
)


def write(root, version: int = 5, adlb: pd.DataFrame = ADLB, name: str = "adlb.xpt"):
    """The small study with adsl and adlb as transport files; the folder of the cut."""
    folder = write_study(root, files={"adsl.csv": None, "adlb.csv": None})
    pyreadstat.write_xport(ADSL, folder / "adsl.xpt", file_format_version=version, variable_format=DATES)
    pyreadstat.write_xport(adlb, folder / name, file_format_version=version)
    return folder


def read(root, folder):
    return load_frames(find_study(root, "demo"), folder)


@pytest.mark.parametrize("version", [5, 8])
def test_transport_files_give_the_frames_of_the_same_csv(tmp_path, version):
    result = read(tmp_path, write(tmp_path, version))
    assert not result.refused, result.findings["found"].tolist()
    adsl = ADSL.astype({"SITEID": int})
    csv = loaded(tmp_path / "csv", adsl=adsl.to_csv(index=False), adlb=ADLB.to_csv(index=False))
    for name in ("adsl", "adlb"):
        pd.testing.assert_frame_equal(result.frames[name], csv.frames[name], check_like=True)
    assert result.frames["adsl"]["SITEID"].tolist() == ["1", "1", "2", "2"]
    assert result.frames["adsl"]["DCUTDY"].tolist()[:3] == [15, 46, 2]  # cut 2026-01-15


@pytest.mark.parametrize("name", ["adlbh.xpt", "ADLBHEM.XPT", "adlb.xpt"])
def test_the_laboratory_dataset_may_have_three_names(tmp_path, name):
    assert len(read(tmp_path, write(tmp_path, name=name)).frames["adlb"]) == 80


def test_a_sas_date_without_a_date_format_is_read_as_one(tmp_path):
    folder = write(tmp_path)
    days = ADSL.assign(TRTSDT=[24107.0, 24076.0, 24120.0, np.nan])  # since 1960-01-01
    pyreadstat.write_xport(days, folder / "adsl.xpt", file_format_version=5)
    result = read(tmp_path, folder)
    assert result.frames["adsl"]["TRTSDT"].tolist() == ["2026-01-01", "2025-12-01", "2026-01-14", ""]
    assert places(result.findings, "sas_date") == [("note", "adsl.xpt", None, "TRTSDT", "")]


def test_gb18030_text_is_read(tmp_path):
    folder = write(tmp_path)
    content = (folder / "adlb.xpt").read_bytes()
    utf8, gbk = "基线".encode(), "基线".encode("gb18030").ljust(6)
    (folder / "adlb.xpt").write_bytes(content.replace(utf8, gbk))
    assert set(read(tmp_path, folder).frames["adlb"]["AVISIT"]) == {"基线"}


@pytest.mark.parametrize("cut", [1, 79, 161])
def test_a_file_whose_length_is_no_multiple_of_80_is_refused(tmp_path, cut):
    folder = write(tmp_path)
    content = (folder / "adlb.xpt").read_bytes()
    (folder / "adlb.xpt").write_bytes(content[:-cut])
    assert places(read(tmp_path, folder).findings, "truncated_xpt") == [("error", "adlb.xpt", None, "", "")]


def test_a_file_cut_within_an_observation_is_refused_although_it_reads(tmp_path):
    """An observation has 4 + 4 + 8 + 8 + 6 = 30 bytes: 2400 for 80 of them, of which 400 do not end one."""
    folder = write(tmp_path)
    content = (folder / "adlb.xpt").read_bytes()
    assert len(pyreadstat.read_xport(folder / "adlb.xpt")[0]) == 80
    (folder / "adlb.xpt").write_bytes(content[: -80 * 5])
    assert places(read(tmp_path, folder).findings, "truncated_xpt") == [("error", "adlb.xpt", None, "", "")]


def test_version_8_announces_its_rows(tmp_path):
    folder = write(tmp_path, version=8)
    content = (folder / "adlb.xpt").read_bytes()
    (folder / "adlb.xpt").write_bytes(content[: -80 * 3 * 5])
    assert places(read(tmp_path, folder).findings, "truncated_xpt") == [("error", "adlb.xpt", None, "", "")]


def test_a_file_cut_between_observations_leaves_subjects_without_counts_by_name(tmp_path):
    folder = write(tmp_path, adlb=ADLB[ADLB["USUBJID"].isin(["S-01", "S-02"])])
    findings = read(tmp_path, folder).findings
    assert [place[4] for place in places(findings, "subject_without_platelets")] == ["S-03"]
    assert "cut short" in findings.loc[findings["check"] == "subject_without_platelets", "action"].iloc[0]


def test_another_file_under_the_name_xpt_is_refused(tmp_path):
    folder = write(tmp_path)
    (folder / "adlb.xpt").write_bytes(b"USUBJID,AVAL\n")
    assert places(read(tmp_path, folder).findings, "not_xpt") == [("error", "adlb.xpt", None, "", "")]
