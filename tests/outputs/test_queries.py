"""The query list: which findings a site is asked about, under which site, and in which words."""

import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import cli
from outputs.catalogue import build
from outputs.output import View
from outputs.queries import NO_SITE, by_site, query_list
from reports.workbook import sheet_names, workbook_bytes
from trialdata.findings import every_finding, finding, row_findings

SITES = {"S-01": "01", "S-02": "02", "S-03": "02"}


def rows(*subjects: str) -> pd.DataFrame:
    return pd.DataFrame({"USUBJID": subjects}, index=pd.RangeIndex(2, len(subjects) + 2))


FINDINGS = every_finding(
    [
        row_findings("day_zero", "adlb.csv", rows("S-03", "S-01"), column="ADY", found="day 0"),
        row_findings("unknown_subject", "adlb.csv", rows("S-09"), column="USUBJID", found="another"),
        row_findings("count_impossible", "adlb.csv", rows("S-02"), column="AVAL", found="4000"),
        row_findings("censored_below", "adlb.csv", rows("S-02"), column="AVALC", found='"<5"'),  # a note
        row_findings(
            "not_done", "adlb.csv", rows("S-02"), column="AVAL", found='"ND"'
        ),  # the site has said so
        finding("site_far_off", "adlb.csv", found="a median count of 0.1 at site 02, 90 elsewhere"),
        finding("missing_column", "adae.csv", column="AEDECOD", found="the columns X"),
    ]
)


def test_queries_stand_under_their_site():
    queries = query_list(FINDINGS, SITES)
    assert queries[["site", "USUBJID", "check"]].to_numpy().tolist() == [
        ["01", "S-01", "day_zero"],
        ["02", "", "site_far_off"],
        ["02", "S-02", "count_impossible"],
        ["02", "S-03", "day_zero"],
        [NO_SITE, "", "missing_column"],
        [NO_SITE, "S-09", "unknown_subject"],
    ]


def test_what_to_do_and_the_place_for_the_answer():
    queries = query_list(FINDINGS, SITES).set_index("check")
    assert queries.loc["count_impossible", "to_do"] == "check the unit and the value"
    asked = "Correct or confirm. Until then: the row is not used"
    assert (queries.loc["day_zero", "to_do"] == asked).all()
    assert (queries["answer"] == "").all()


def test_every_row_is_asked_about_and_the_total_is_not():
    many = every_finding(
        [row_findings("day_zero", "adlb.csv", rows(*["S-01"] * 50), column="ADY", found="day 0")]
    )
    assert len(query_list(many, SITES)) == 50


def test_the_output_has_a_query_for_every_finding_a_site_can_answer(look):
    output = build("queries", look, View())
    assert set(output.results["site"]) <= {*look.adsl["SITEID"], NO_SITE}
    assert {"day_zero", "duplicate_row", "end_before_start"} <= set(output.results["check"])
    assert list(output.table.columns)[-1] == "Answer of the site"
    of_one = build("queries", look, View(), site=output.results["site"].iloc[0])
    assert of_one.results["site"].nunique() == 1 and len(of_one.results) < len(output.results)


def test_a_sheet_for_each_site_without_a_formula():
    told = query_list(
        every_finding(
            [row_findings("day_zero", "=1+1.csv", rows("S-01", "S-02"), column="ADY", found="=2+2")]
        ),
        SITES,
    )
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(by_site(told))))
    assert book.sheetnames == ["01", "02"]
    cells = {cell.value: cell.data_type for cell in book["01"][2]}
    assert cells["'=1+1.csv"] == "s" and cells["'=2+2"] == "s"
    assert book["01"]["A1"].value == "Participant"


def test_names_of_sheets_that_a_workbook_can_hold():
    names = sheet_names(["a/b", "A-B", "x" * 40, "x" * 50, "", "history", "北京"])
    assert names == ["a-b", "A-B 2", "x" * 31, "x" * 29 + " 2", "Sheet", "history ", "北京"]
    assert (
        openpyxl.load_workbook(
            io.BytesIO(workbook_bytes(dict.fromkeys(names, pd.DataFrame({"a": ["1"]}))))
        ).sheetnames
        == names
    )
    assert openpyxl.load_workbook(io.BytesIO(workbook_bytes({}))).sheetnames == ["Sheet1"]


@pytest.mark.parametrize("view", ["true", "pooled"])
def test_the_command_gives_the_queries_of_a_site(capsys, monkeypatch, view):
    monkeypatch.setenv("ITP_VIEW", view)
    root = str(Path(__file__).parents[2])
    ask = ["--root", root, "queries", "--study", "nct07057778", "--format", "csv"]
    assert cli.main(ask) == 0
    everything = capsys.readouterr().out
    assert everything.startswith("site,USUBJID,file,row,column,found,expected,to_do,answer,severity,check")
    assert cli.main([*ask, "--site", "01"]) == 0
    lines = capsys.readouterr().out.strip().split("\n")
    assert 1 < len(lines) < len(everything.strip().split("\n"))
    assert all(line.startswith("01,") for line in lines[1:])
    assert cli.main([*ask, "--site", "nowhere"]) == 2


def test_findings_are_counted_whole(derived):
    """More rows than are listed: the count is that of all."""
    data = derived("nct07057778")
    counts = build("finding_counts", data, View()).results
    assert counts["n"].sum() == len(data.study.every_finding)
