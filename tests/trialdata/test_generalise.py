"""Ages pooled, sites masked, dates taken out of texts: what an import keeps, and what its report says."""

import pandas as pd
import pytest

from trialdata.conversion.convert import Converted
from trialdata.findings import finding, together
from trialdata.generalise import deidentified
from trialdata.identifiers import names_a_site
from trialdata.load_report import entries
from trialdata.mapping.import_mapping import ImportMapping


def texts(**columns: list[str]) -> pd.DataFrame:
    n = len(next(iter(columns.values())))
    frame = pd.DataFrame(
        columns | {"SRCFILE": ["patients.xlsx"] * n, "SRCROW": [str(r) for r in range(7, 7 + n)]}
    )
    return frame.astype("str").set_axis(pd.RangeIndex(2, n + 2))


def adsl(**columns: list[str]) -> pd.DataFrame:
    return texts(USUBJID=["S-01", "S-02", "S-03"], TRT01P=["A", "B", "A"], **columns)


def run(mapping: ImportMapping | None = None, report=None, findings=(), **frames: pd.DataFrame):
    converted = Converted(frames, entries("f", pd.Series([], dtype="Int64"), "", before="", after="", rule="")
                          if report is None else report, tuple(findings))  # fmt: skip
    return deidentified(converted, mapping or ImportMapping())


def changes(of: Converted, rule: str) -> list[tuple]:
    rows = of.report[of.report["rule"] == rule]
    return list(rows[["file", "row", "column", "before", "after"]].itertuples(index=False, name=None))


def test_ages_above_89_become_90_in_every_dataset():
    old = texts(USUBJID=["S-02"], PARAMCD=["PLAT"], AGE=["93"])
    of, _ = run(adsl=adsl(AGE=["89", "93", "89.5"]), adlb=old)
    assert of.texts["adsl"]["AGE"].tolist() == ["89", "90", "90"]
    assert of.texts["adlb"]["AGE"].tolist() == ["90"]
    assert changes(of, "ages above 89 pooled") == [
        ("patients.xlsx", 8, "AGE", "an age above 89", "90"),
        ("patients.xlsx", 9, "AGE", "an age above 89", "90"),
        ("patients.xlsx", 7, "AGE", "an age above 89", "90"),
    ]
    places = together(list(of.findings))[["check", "file", "row", "USUBJID"]]
    assert places.to_numpy().tolist() == [
        ["age_above_89", "patients.xlsx", 8, "S-02"],
        ["age_above_89", "patients.xlsx", 9, "S-03"],
    ]
    assert "93" not in of.report.to_csv() and "89.5" not in of.report.to_csv()


def test_an_age_that_conversion_rewrote_is_hidden_in_its_report_too():
    before = entries("patients.xlsx", pd.Series([7, 8]), "年龄", before=pd.Series(["45岁", "93岁"]),
                     after=pd.Series(["45", "93"]), rule="years")  # fmt: skip
    of, _ = run(report=before, adsl=adsl(AGE=["45", "93", "50"]))
    assert changes(of, "years") == [
        ("patients.xlsx", 7, "年龄", "45岁", "45"),
        ("patients.xlsx", 8, "年龄", "an age above 89", "90"),
    ]


def test_an_age_that_nobody_reaches_stays_for_the_checks():
    of, _ = run(adsl=adsl(AGE=["930", "", ">89"]))
    assert of.texts["adsl"]["AGE"].tolist() == ["930", "", "90"]


@pytest.mark.parametrize(
    "name", ["北京市第一医院", "01-协和", "Boston", "St. Mary Hospital", "Site-Boston-01", "北京"]
)
def test_names_of_sites(name):
    assert names_a_site(name)


@pytest.mark.parametrize(
    "code", ["701", "01", "S01", "US-02", "PKU", "BJ-01", "Site 01", "中心01", "第1中心", "第一中心", ""]
)
def test_codes_of_sites(code):
    assert not names_a_site(code)


def test_sites_called_by_name_get_codes_that_the_next_cut_uses_again():
    of, mapping = run(adsl=adsl(SITEID=["北京医院", "701", "上海医院"]))
    assert of.texts["adsl"]["SITEID"].tolist() == ["Site 01", "701", "Site 02"]
    assert dict(mapping.sites) == {"北京医院": "Site 01", "上海医院": "Site 02"}
    assert together(list(of.findings))[["check", "found"]].to_numpy().tolist() == [
        ["site_name", "names of 2 sites"]
    ]
    of, again = run(mapping, adsl=adsl(SITEID=["广州医院", "上海医院", "Site 04"]))
    assert of.texts["adsl"]["SITEID"].tolist() == ["Site 03", "Site 02", "Site 04"]
    assert "医院" not in of.report.to_csv()
    assert len(again.sites) == 3


def test_a_site_code_given_by_a_person_is_used():
    of, mapping = run(ImportMapping(sites={"701": "North"}), adsl=adsl(SITEID=["701", "702", "701"]))
    assert of.texts["adsl"]["SITEID"].tolist() == ["North", "702", "North"]
    assert dict(mapping.sites) == {"701": "North"}


def test_what_conversion_noticed_of_a_site_does_not_name_it():
    noticed = finding("site_far_off", "labs.csv", found="a median count of 3 at site 北京医院, 90 elsewhere")
    of, _ = run(findings=[noticed], adsl=adsl(SITEID=["北京医院", "北京医院", "上海医院"]))
    assert together(list(of.findings))["found"].iloc[0] == "a median count of 3 at site Site 01, 90 elsewhere"


def test_a_date_within_a_text_is_taken_out():
    ae = texts(USUBJID=["S-01"], AEDECOD=["Fall on 2025-03-11 at home"])
    of, _ = run(adsl=adsl(), adae=ae)
    assert of.texts["adae"]["AEDECOD"].tolist() == ["Fall on (a date) at home"]
    assert changes(of, "a date within a text is not kept") == [
        ("patients.xlsx", 7, "AEDECOD", "a date", "Fall on (a date) at home")
    ]


def test_remarks_and_names_of_sites_are_not_kept_but_verbatim_terms_are():
    of, _ = run(
        adsl=adsl(备注=["好转", "", ""], SITENAME=["x"] * 3, ABCLASS=["EVANS", "", "CTD"]),
        adae=texts(USUBJID=["S-01"], AEDECOD=["Fall"], AETERM=["fell down the stairs of the house at night"]),
    )
    assert list(of.texts["adsl"].columns.drop(["SRCFILE", "SRCROW"])) == ["USUBJID", "TRT01P", "ABCLASS"]
    assert "AETERM" in of.texts["adae"]
    assert changes(of, "free text is not kept")[0][2:4] == ("备注", "1 cells")
