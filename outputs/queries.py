"""Queries: what the sites are asked to correct or confirm, grouped by site."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analysis.adam import AnalysisData
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View

NO_SITE = "no site"
COLUMNS = {
    "site": "Site",
    "USUBJID": "Participant",
    "file": "File",
    "row": "Row",
    "column": "Column",
    "found": "Found",
    "expected": "Expected",
    "to_do": "What to do",
    "answer": "Answer of the site",
}
NOTHING_TO_ASK = {  # warnings that are done with, or that the study definition has to answer
    *(
        "age_above_89",
        "full_dates",
        "birth_year",
        "empty_identifier_column",
        "name_concealed",
        "name_in_name",
    ),
    *("site_name", "initials_in_subject_id", "date_in_subject_id", "not_done", "lab_mark", "unit_converted"),
    *("population_flag_absent", "definition_column_absent", "cuts_of_text", "arm_without_subjects"),
    *("rescue_not_recorded", "bleeding_not_recorded"),
}
OF_A_SITE = re.compile(r" at site (.+?)(, [\d.]+ elsewhere)?$")


def query_list(findings: pd.DataFrame, sites: Mapping[str, str]) -> pd.DataFrame:
    """One row per query: an error, or a warning that a site can answer, with an empty `answer`.

    `findings`: as in trialdata/findings.py, every row of them. `sites`: SITEID by USUBJID; a finding about nobody
    of adsl or about a whole file stands under "no site". Columns: site, USUBJID, file, row, column, found,
    expected, to_do, answer, severity, check; sorted by site, participant, file and row.
    """
    asked = findings[(findings["severity"] != "note") & ~findings["check"].isin(NOTHING_TO_ASK)]
    site = asked["USUBJID"].map(lambda usubjid: sites.get(usubjid, ""))
    named = asked["found"].str.extract(OF_A_SITE)[0].fillna("")
    site = site.where(site != "", named.where(named.isin(list(sites.values())), ""))
    to_do = asked["action"].where(
        asked["severity"] == "error", "Correct or confirm. Until then: " + asked["action"]
    )
    queries = asked.assign(site=site.mask(site == "", NO_SITE), to_do=to_do, answer="")
    queries = queries.assign(LAST=queries["site"] == NO_SITE)
    queries = queries.sort_values(
        ["LAST", "site", "USUBJID", "file", "row"], kind="stable", ignore_index=True
    )
    return queries[[*COLUMNS, "severity", "check"]]


def sites_of(adsl: pd.DataFrame) -> dict[str, str]:
    """SITEID by USUBJID; empty where adsl has no sites."""
    return (
        dict(zip(adsl["USUBJID"], adsl["SITEID"], strict=True)) if {"USUBJID", "SITEID"} <= set(adsl) else {}
    )


def query_table(queries: pd.DataFrame) -> pd.DataFrame:
    """The queries as a site reads them."""
    rows = [f"{row:.0f}" if pd.notna(row) else "" for row in queries["row"]]
    return queries.assign(row=rows)[list(COLUMNS)].rename(columns=COLUMNS)


def by_site(queries: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The table of each site, "no site" last."""
    return {
        str(site): query_table(rows).drop(columns="Site")
        for site, rows in queries.groupby("site", sort=False)
    }


def queries_output(data: AnalysisData, view: View, *, site: str = "") -> Output:
    """What to ask each site; `site`: of one site only."""
    study = data.study
    queries = query_list(study.every_finding, sites_of(study.adsl))
    if site:
        queries = queries[queries["site"] == site].reset_index(drop=True)
    return replace(of_queries(queries, output_id="queries"), arms=Basis(data, view).styles)


def of_queries(queries: pd.DataFrame, *, output_id: str) -> Output:
    """The rows of a query list as an output."""
    n = queries["site"].mask(queries["site"] == NO_SITE).nunique()
    return Output(
        id=output_id,
        title="Queries to the sites",
        subtitle="What to correct or confirm, by site; the last column is for the answer",
        results=queries,
        table=query_table(queries),
        headline=f"{wording.plural(len(queries), 'query', 'queries')} to {wording.plural(n, 'site')}",
        footnotes=(
            "Row: spreadsheet row, the header is row 1. Under no site: whole files, and rows of nobody in adsl.",
        ),
        empty="" if len(queries) else "There is nothing to ask.",
    )
