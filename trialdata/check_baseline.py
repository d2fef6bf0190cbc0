"""Checks of baseline and visits in adlb: one flagged baseline each, counts for everybody, visits by day."""

import numpy as np
import pandas as pd

from trialdata.check_across import check_counts_by_visit
from trialdata.check_platelets import counts, has_count, platelets
from trialdata.definition import StudyDefinition, Visits
from trialdata.findings import as_text, finding, row_findings
from trialdata.reading import DatasetFile, Frames
from trialdata.windows import visit_of_day, week_of_visit_name


def check_baseline(rows: DatasetFile, adsl: DatasetFile, definition: StudyDefinition) -> Frames:
    """The findings about baselines, subjects without counts and visit names."""
    plat = rows.frame[platelets(rows.frame)]
    cut_day = plat["USUBJID"].map(adsl.frame.set_index("USUBJID")["DCUTDY"]).astype("float64")
    plat = plat[plat["ADY"] <= cut_day]
    return [
        *_subjects_without_counts(plat, rows.file, adsl, definition),
        *_flags(plat, rows.file),
        *_baseline_values(plat, rows.file),
        *_visits(plat, rows.file, definition.visits),
        *check_counts_by_visit(plat, rows.file, _weeks_by_name(plat["AVISIT"])),
    ]


def _subjects_without_counts(
    plat: pd.DataFrame, file: str, adsl: DatasetFile, definition: StudyDefinition
) -> Frames:
    subjects = adsl.frame
    enrolled = subjects["TRT01P"].isin([arm.trt for arm in definition.arms]) & subjects["DCUTDY"].notna()
    without = subjects[enrolled & ~subjects["USUBJID"].isin(plat.loc[has_count(plat), "USUBJID"].unique())]
    found = f"no platelet count in {file}"
    action = None
    if file.lower().endswith(".xpt") and len(without):
        action = (
            "stays in every denominator; if more are missing than expected, the transport file was cut short"
        )
    return [
        row_findings(
            "subject_without_platelets", adsl.file, without, column="USUBJID", found=found, action=action
        )
    ]


def _flags(plat: pd.DataFrame, file: str) -> Frames:
    flagged = plat[plat["ABLFL"] == "Y"]
    counted = flagged[has_count(flagged)]
    several = counted[counted.duplicated("USUBJID", keep=False)]
    late = flagged[flagged["ADY"] > 1]
    return [
        row_findings(
            *("several_baselines", file, several),
            column="ABLFL",
            found="ABLFL = Y on day " + as_text(several["ADY"]) + " and in another row",
        ),
        row_findings(
            "flag_without_count", file, flagged[~has_count(flagged)], column="ABLFL", found="no count"
        ),
        row_findings(*("flag_after_start", file, late), column="ABLFL", found="day " + as_text(late["ADY"])),
    ]


def baseline_counts(plat: pd.DataFrame) -> pd.Series:
    """The baseline count of each subject that has one (endpoints.md, Baseline); index USUBJID."""
    counted = plat.assign(COUNT=counts(plat))[has_count(plat)]
    flagged = counted[counted["ABLFL"] == "Y"]
    early = counted[(counted["ADY"] <= 1) & (counted["DTYPE"] == "")]
    early = early[~early["USUBJID"].isin(flagged["USUBJID"])]
    ordered = pd.concat([flagged, early]).sort_values(["USUBJID", "ADY", "COUNT"])
    return ordered.groupby("USUBJID")["COUNT"].last()


def _baseline_values(plat: pd.DataFrame, file: str) -> Frames:
    base = baseline_counts(plat)
    counted = plat[has_count(plat)]
    first = counted.drop_duplicates("USUBJID")
    without = first[~first["USUBJID"].isin(base.index)]
    findings = [
        row_findings("no_baseline", file, without, column="ABLFL", found="no count on or before day 1")
    ]
    if "BASE" in plat and plat["BASE"].dtype == "float64":
        expected = plat["USUBJID"].map(base).astype("float64")
        other = plat[(plat["BASE"] - expected).abs() > 0.01]
        found = "BASE " + as_text(other["BASE"])
        texts = "the baseline count " + as_text(expected[other.index])
        findings.append(
            row_findings("base_disagrees", file, other, column="BASE", found=found, expected=texts)
        )
    return findings


def _visits(plat: pd.DataFrame, file: str, visits: Visits) -> Frames:
    """Visits as the site wrote them against the visit whose window holds the day."""
    written = _weeks_by_name(plat["AVISIT"])
    numbers = plat.loc[plat["AVISIT"] == "", "AVISITN"].dropna()
    findings = []
    if numbers.isin(visits.weeks).all():
        written = written.fillna(numbers)
    else:
        found = "numbers that are not weeks of the study definition"
        findings.append(finding("visit_number_not_week", file, column="AVISITN", found=found))
    analysis = visit_of_day(plat["ADY"], visits)
    other = written.isin(visits.weeks) & (written != analysis)
    findings.append(
        row_findings(
            *("visit_disagrees", file, plat[other]),
            column="AVISIT",
            found=written[other].map(_visit_name).astype("str")
            + " on day "
            + as_text(plat.loc[other, "ADY"]),
            expected=analysis[other].map(_visit_name).astype("str"),
        )
    )
    return findings


def _weeks_by_name(avisit: pd.Series) -> pd.Series:
    codes, names = pd.factorize(avisit)
    weeks = np.array([week_of_visit_name(name) for name in names], dtype="float64")
    return pd.Series(weeks[codes], index=avisit.index, dtype="float64")


def _visit_name(week: float) -> str:
    if np.isnan(week):
        return "no visit: after the last window"
    return "baseline" if week == 0 else f"week {week:g}"
