"""Doses that can be counted in no amount are found by file, row and column, and the rest is not touched."""

import pytest
from small_study import TOML, findings_of, loaded

HEAD = "USUBJID,EXTRT,EXDOSE,EXDOSU,EXDOSFRQ,ASTDY,AENDY\n"
FINE = "S-01,Drug A,25,mg,BID,1,10\nS-02,Drug B,100,MG,ONCE,1,1\nS-03,drug a,50,mg/day,,1,10\nS-04,Drug B,5,mg,,3,3\n"
PLANNED = (
    TOML + '\n[[doses]]\ntrt = "A"\ndrug = "Drug A"\ndose = 25\nunit = "mg"\nper_day = 2\nlast_day = 28\n'
)
CHECKS = ("dose_without_unit", "dose_in_other_unit", "negative_dose", "unknown_frequency")


def test_nothing_is_said_of_doses_that_count(tmp_path):
    assert [findings_of(tmp_path, check, toml=PLANNED, adex=HEAD + FINE) for check in CHECKS] == [[]] * 4


@pytest.mark.parametrize(
    ("row", "check", "column", "found"),
    [
        ("S-01,Drug A,25,,BID,11,20", "dose_without_unit", "EXDOSU", "a dose without a unit"),
        ("S-01,Drug A,25,g,BID,11,20", "dose_in_other_unit", "EXDOSU", '"g"'),
        ("S-01,Drug A,-25,mg,BID,11,20", "negative_dose", "EXDOSE", "dose -25"),
        ("S-01,Drug A,25,mg,PRN,11,20", "unknown_frequency", "EXDOSFRQ", '"PRN"'),
        ("S-01,Drug A,25,mg,,11,20", "unknown_frequency", "EXDOSFRQ", "an empty cell"),
    ],
)
def test_a_dose_that_cannot_be_counted(tmp_path, row, check, column, found):
    findings = loaded(tmp_path, toml=PLANNED, adex=f"{HEAD}{FINE}{row}\n").findings
    own = findings[findings["check"].isin(CHECKS)].to_dict("records")
    assert [(f["check"], f["file"], f["row"], f["column"], f["USUBJID"], f["found"]) for f in own] == [
        (check, "adex.csv", 6, column, "S-01", found)
    ]
    assert own[0]["severity"] == "warning" and "in no amount" in own[0]["action"]


def test_the_unit_expected_is_that_of_the_definition(tmp_path):
    findings = loaded(tmp_path, toml=PLANNED, adex=f"{HEAD}S-01,Drug A,25,g,BID,11,20\n").findings
    assert findings.loc[findings["check"] == "dose_in_other_unit", "expected"].tolist() == [
        "mg, as under [[doses]]"
    ]
    assert findings_of(tmp_path, "dose_in_other_unit", adex=f"{HEAD}S-01,Drug A,25,g,BID,11,20\n") == []


def test_of_other_medication_only_steroids_need_a_unit(tmp_path):
    adcm = (
        "USUBJID,CMCLAS,CMDECOD,CMDOSE,CMDOSU,ASTDY,AENDY\n"
        "S-01,CORTICOSTEROID,Prednisone,5,,1,10\nS-02,ANTACID,Omeprazole,20,,1,10\nS-04,IVIG,Immunoglobulin,,,10,11\n"
    )
    assert findings_of(tmp_path, "dose_without_unit", adcm=adcm) == [
        ("warning", "adcm.csv", 2, "CMDOSU", "S-01")
    ]
    assert findings_of(tmp_path, "unknown_frequency", adcm=adcm) == [
        ("warning", "adcm.csv", 2, "CMDOSFRQ", "S-01")
    ]


def test_every_days_belongs_to_doses(tmp_path):
    wrong = PLANNED.replace("last_day = 28", "last_day = 28\nevery_days = 7")
    with pytest.raises(Exception, match="every_days without doses"):
        loaded(tmp_path, toml=wrong)
