"""A study of four subjects, typed by hand, whose files a test changes one cell at a time."""

from pathlib import Path

import pandas as pd

from trialdata.findings import COLUMNS
from trialdata.loading import load_frames
from trialdata.parsing import find_study

CUT = "2026-01-15"
TOML = """
studyid = "DEMO"
registry = "NCT00000000"
title = "Drug A vs drug B"
design = "randomized"
data = "data/demo"

[[arms]]
trt = "A"
label = "Drug A"
role = "experimental"

[[arms]]
trt = "B"
label = "Drug B"
role = "control"

[visits]
weeks = [0, 1, 2, 4]

[[rescue]]
cmclas = "IVIG"
washout_days = 28

[[endpoints]]
paramcd = "OR"
label = "Overall response"
kind = "confirmed_response"
window_days = [2, 29]
bleeding = "WHOBLD"
"""
ADSL = """
USUBJID,TRT01P,SITEID,STUDYID,ITTFL,FASFL,SAFFL,AGE,SEX,DCUTDY,EOSSTT,EOSDY
S-01,A,01,DEMO,Y,Y,Y,34,F,60,ONGOING,
S-02,B,01,DEMO,Y,Y,Y,51,M,60,ONGOING,
S-03,A,02,DEMO,Y,Y,Y,47,F,40,ONGOING,
S-04,B,02,DEMO,Y,Y,Y,62,M,40,DISCONTINUED,30
"""
ADLB = """
USUBJID,PARAMCD,ADY,AVAL,AVALC,AVALU,AVISIT,ABLFL
S-01,PLAT,-1,12,12,10^9/L,Baseline,Y
S-01,PLAT,8,45,45,10^9/L,Week 1,
S-01,PLAT,15,120,120,10^9/L,Week 2,
S-02,PLAT,1,9,9,10^9/L,Baseline,Y
S-02,PLAT,8,30,30,10^9/L,Week 1,
S-03,PLAT,1,20,20,10^9/L,Baseline,Y
S-03,PLAT,9,55,55,10^9/L,Week 1,
S-04,PLAT,1,15,15,10^9/L,Baseline,Y
S-04,PLAT,8,18,18,10^9/L,Week 1,
"""
ADQS = """
USUBJID,PARAMCD,ADY,AVAL
S-01,WHOBLD,-1,1
S-01,WHOBLD,8,0
"""
ADCM = """
USUBJID,CMCLAS,CMDECOD,ASTDY,AENDY
S-04,IVIG,Immunoglobulin,10,11
"""
ADAE = """
USUBJID,AEDECOD,AETOXGR,AESER,AEOUT,ASTDY,AENDY,TRTEMFL
S-01,Headache,1,N,RECOVERED,3,4,Y
"""
ADEX = """
USUBJID,EXTRT,ASTDY
S-01,Drug A,1
S-02,Drug B,1
S-03,Drug A,1
S-04,Drug B,1
"""
FILES = {
    "adsl.csv": ADSL,
    "adlb.csv": ADLB,
    "adqs.csv": ADQS,
    "adcm.csv": ADCM,
    "adae.csv": ADAE,
    "adex.csv": ADEX,
}


def write_study(root: Path, *, toml: str = TOML, files: dict[str, str | bytes | None] | None = None) -> Path:
    """The study below `root`; `files` replaces files by name, None removes one. Returns the folder of the cut."""
    (root / "studies").mkdir(parents=True, exist_ok=True)
    (root / "studies" / "demo.toml").write_text(toml, encoding="utf-8")
    folder = root / "data" / "demo" / CUT
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (FILES | (files or {})).items():
        if isinstance(content, str):
            content = content.lstrip("\n").encode()
        if content is not None:
            (folder / name).write_bytes(content)
    return folder


def with_row(table: str, row: str) -> str:
    return table.rstrip("\n") + "\n" + row + "\n"


def loaded(root: Path, *, toml: str = TOML, **files: str | bytes | None):
    """What loading gives with `adsl=`, `adlb=`, ... in the place of the files, refused or not."""
    folder = write_study(root, toml=toml, files={f"{name}.csv": content for name, content in files.items()})
    return load_frames(find_study(root, "demo"), folder)


def findings_of(root: Path, check: str, *, toml: str = TOML, **files: str | bytes | None) -> list[tuple]:
    """(severity, file, row, column, USUBJID) of every finding of `check`."""
    return places(loaded(root, toml=toml, **files).findings, check)


def places(findings: pd.DataFrame, check: str) -> list[tuple]:
    """(severity, file, row, column, USUBJID) of every finding of `check`; row None where there is none."""
    assert list(findings.columns) == COLUMNS
    found = findings[findings["check"] == check]
    rows = [None if pd.isna(row) else int(row) for row in found["row"]]
    return list(zip(found["severity"], found["file"], rows, found["column"], found["USUBJID"], strict=True))
