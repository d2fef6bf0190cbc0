"""Checks between the datasets: deaths, sites and doses that two of them tell differently."""

import numpy as np
import pandas as pd

from trialdata.check_rows import DAY
from trialdata.findings import as_text, quoted, row_findings
from trialdata.reading import DatasetFile, Frames


def check_across(files: dict[str, DatasetFile]) -> Frames:
    """The findings about rows that disagree with adsl, or with another dataset; `files` as checked so far."""
    adsl = files["adsl"]
    subjects = adsl.frame.drop_duplicates("USUBJID").set_index("USUBJID")
    findings = _days_of_adsl(adsl)
    for name in DAY:
        rows = files[name]
        if rows.usable and len(rows.frame):
            findings += [_after_death(name, rows, subjects), _other_site(rows, subjects)]
    if files["adae"].usable and files["adae"].given:
        findings += [*_fatal_events(files["adae"]), _deaths_without_event(adsl, files["adae"].frame)]
    if files["adex"].usable and len(files["adex"].frame):
        findings.append(_treated_without_dose(adsl, files["adex"].frame))
    return findings


def _days_of_adsl(adsl: DatasetFile) -> Frames:
    """The study does not end after a death, and the first dose is not after the data cutoff."""
    frame = adsl.frame
    late = frame[frame["EOSDY"] > frame["DTHDY"]]
    found = "day " + as_text(late["EOSDY"])
    expected = "a day up to the death, day " + as_text(late["DTHDY"])
    early = frame[frame["DCUTDY"] < 1]  # how many days is not told: it would give back the first dose
    return [
        row_findings("end_after_death", adsl.file, late, column="EOSDY", found=found, expected=expected),
        row_findings(
            "starts_after_cut", adsl.file, early, column="DCUTDY", found="a first dose after the data cutoff"
        ),
    ]


def _after_death(name: str, rows: DatasetFile, subjects: pd.DataFrame) -> pd.DataFrame:
    column = DAY[name]
    death = rows.frame["USUBJID"].map(subjects["DTHDY"]).astype("float64")
    late = rows.frame[rows.frame[column] > death]
    found = "day " + as_text(late[column])
    expected = "days up to the death, day " + as_text(death[late.index])
    return row_findings("after_death", rows.file, late, column=column, found=found, expected=expected)


def _other_site(rows: DatasetFile, subjects: pd.DataFrame) -> pd.DataFrame:
    frame = rows.frame
    if "SITEID" not in frame or frame["SITEID"].dtype != "str":
        return row_findings("site_disagrees", rows.file, frame[:0], found="")
    site = frame["USUBJID"].map(subjects["SITEID"]).fillna("").astype("str")
    other = frame[(frame["SITEID"] != "") & (site != "") & (frame["SITEID"] != site)]
    expected = quoted(site[other.index]) + " as in adsl"
    found = quoted(other["SITEID"])
    return row_findings("site_disagrees", rows.file, other, column="SITEID", found=found, expected=expected)


def _fatal(adae: pd.DataFrame) -> pd.DataFrame:
    """Each way in which an event can be called fatal, as booleans: outcome, grade, criterion."""
    said = {"AEOUT": adae["AEOUT"].str.upper() == "FATAL", "AETOXGR": adae["AETOXGR"] == "5"}
    if "AESDTH" in adae and adae["AESDTH"].dtype == "str":
        said["AESDTH"] = adae["AESDTH"].str.upper().isin(["Y", "YES"])
    return pd.DataFrame(said, index=adae.index)


def _fatal_events(adae: DatasetFile) -> Frames:
    """Outcome, grade and criterion agree where each is given; events that began before day 1 are not emergent."""
    frame, said = adae.frame, _fatal(adae.frame)
    given = pd.DataFrame({name: frame[name] != "" for name in said})
    disagree = (said & given).any(axis=1) & (~said & given).any(axis=1)
    words = [
        " and ".join(f'{name} "{row[name]}"' for name in said if row[name])
        for _, row in frame[disagree].iterrows()
    ]
    found = pd.Series(words, index=frame.index[disagree], dtype="str")
    early = frame[(frame["TRTEMFL"] == "Y") & (frame["ASTDY"] < 1)]
    return [
        row_findings("fatal_disagrees", adae.file, frame[disagree], column="AEOUT", found=found),
        row_findings(
            *("emergent_before_start", adae.file, early),
            column="TRTEMFL",
            found="TRTEMFL = Y with a start on day " + as_text(early["ASTDY"]),
        ),
    ]


def _deaths_without_event(adsl: DatasetFile, adae: pd.DataFrame) -> pd.DataFrame:
    fatal = adae.loc[_fatal(adae).any(axis=1), "USUBJID"]
    died = adsl.frame[(adsl.frame["DTHDY"] <= adsl.frame["DCUTDY"]) & ~adsl.frame["USUBJID"].isin(fatal)]
    return row_findings(
        "death_without_event", adsl.file, died, column="DTHDY", found="no fatal event in adae"
    )


def _treated_without_dose(adsl: DatasetFile, adex: pd.DataFrame) -> pd.DataFrame:
    frame = adsl.frame
    if "SAFFL" not in frame:
        return row_findings("treated_without_dose", adsl.file, frame[:0], found="")
    without = frame[(frame["SAFFL"] == "Y") & ~frame["USUBJID"].isin(adex["USUBJID"])]
    return row_findings(
        "treated_without_dose", adsl.file, without, column="SAFFL", found="SAFFL = Y and no row in adex"
    )


def check_counts_by_visit(plat: pd.DataFrame, file: str, week: pd.Series) -> Frames:
    """Several counts at one planned visit, visits written in several ways, and CHG that is not AVAL - BASE.

    `week` is the planned week that AVISIT says, NaN where it says none.
    """
    planned = plat.assign(WEEK=week)[week.notna() & (plat["DTYPE"] == "") & plat["AVAL"].notna()]
    key = ["USUBJID", "WEEK"]
    distinct = planned.drop_duplicates([*key, "AVAL", "ADY"])
    per_visit = distinct.groupby(key)
    several = distinct[
        (per_visit["AVAL"].transform("nunique") > 1) & (per_visit["ADY"].transform("nunique") > 1)
    ]
    found = as_text(several["AVAL"]) + " on day " + as_text(several["ADY"]) + ", another count on another day"
    findings = [row_findings("several_counts_one_visit", file, several, column="AVISIT", found=found)]
    return [*findings, *_spellings(planned, file), _changes(plat, file)]


def _spellings(planned: pd.DataFrame, file: str) -> Frames:
    written = planned.groupby("WEEK")["AVISIT"].unique()
    several = written[written.map(len) > 1]
    common = planned.groupby("WEEK")["AVISIT"].agg(lambda names: names.value_counts().index[0])
    rare = planned[planned["WEEK"].isin(several.index) & (planned["AVISIT"] != planned["WEEK"].map(common))]
    expected = quoted(rare["WEEK"].map(common).astype("str")) + " as in most rows"
    found = quoted(rare["AVISIT"])
    return [
        row_findings("visit_spelled_differently", file, rare, column="AVISIT", found=found, expected=expected)
    ]


def _changes(plat: pd.DataFrame, file: str) -> pd.DataFrame:
    numeric = all(name in plat and plat[name].dtype == "float64" for name in ("CHG", "BASE"))
    apart = (
        (plat["CHG"] - (plat["AVAL"] - plat["BASE"])).abs() > 0.01 if numeric else np.zeros(len(plat), bool)
    )
    rows = plat[apart]
    found = "CHG " + as_text(rows["CHG"]) if numeric else ""
    return row_findings("change_disagrees", file, rows, column="CHG", found=found)
