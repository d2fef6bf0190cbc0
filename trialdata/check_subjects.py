"""Checks of adsl: who is in the trial, in which arm, and how far the data cut sees them."""

import datetime

import numpy as np
import pandas as pd

from trialdata.check_rows import drop_duplicate_rows, invalid_day
from trialdata.definition import StudyDefinition
from trialdata.findings import as_text, finding, quoted, row_findings
from trialdata.reading import DatasetFile, Frames
from trialdata.schema import ADSL
from trialdata.screening import is_screen_failure

DATE_IN_ID = r"(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
FEWEST_INITIALS = 3
DERIVED_FLAGS = ("FASFL", "SAFFL")


def check_subjects(
    adsl: DatasetFile, definition: StudyDefinition, cut: datetime.date
) -> tuple[pd.DataFrame, Frames]:
    """adsl with one row per subject, DCUTDY and pooled ages, and the findings about it."""
    frame, file = adsl.frame, adsl.file
    frame, findings = drop_duplicate_rows(frame, file)
    without = frame[frame["USUBJID"] == ""]
    findings.append(row_findings("missing_subject", file, without, column="USUBJID", found="an empty cell"))
    frame = frame[frame["USUBJID"] != ""]
    findings += _repeated_subjects(frame, file)
    findings += _arms(frame, file, definition)
    findings += _columns_of_definition(frame, file, definition)
    frame, found = _cut_days(frame, file, definition, cut)
    frame = frame.assign(EOSSTT=frame["EOSSTT"].str.upper())
    findings += found + _status(frame, file)
    frame, found = _ages(frame, file)
    findings += found + _study_and_codes(frame, file, definition)
    return frame.drop_duplicates("USUBJID"), findings


def _repeated_subjects(frame: pd.DataFrame, file: str) -> Frames:
    """A subject with two rows is refused; with two arms it is said so."""
    repeated = frame[frame.duplicated("USUBJID", keep=False)]
    arms = repeated.groupby("USUBJID")["TRT01P"].transform("nunique")
    one, two = repeated[arms == 1], repeated[arms > 1]
    return [
        row_findings("subject_twice", file, one, column="USUBJID", found="a subject with several rows"),
        row_findings("subject_two_arms", file, two, column="TRT01P", found=quoted(two["TRT01P"])),
    ]


def _arms(frame: pd.DataFrame, file: str, definition: StudyDefinition) -> Frames:
    arms = [arm.trt for arm in definition.arms]
    expected = "one of " + ", ".join(arms)
    in_arm, failed = frame["TRT01P"].isin(arms), is_screen_failure(frame, definition)
    unknown = frame[~in_arm & ~failed] if in_arm.any() else frame
    found = quoted(unknown["TRT01P"])
    check = "unknown_arm" if in_arm.any() else "no_known_arm"
    findings = [row_findings(check, file, unknown, column="TRT01P", found=found, expected=expected)]
    if in_arm.any():
        findings += _screen_failures(int(failed.sum()), file)
        for arm in set(arms) - set(frame["TRT01P"]):
            findings.append(
                finding("arm_without_subjects", file, column="TRT01P", found=f'no subject in "{arm}"')
            )
    if "TRT01A" in frame:
        treated = frame[frame["TRT01A"] != ""]
        stray = treated[~treated["TRT01A"].isin(arms) & treated["TRT01P"].isin(arms)]
        found = quoted(stray["TRT01A"])
        findings.append(
            row_findings("unknown_actual_arm", file, stray, column="TRT01A", found=found, expected=expected)
        )
        switched = treated[treated["TRT01A"].isin(arms) & (treated["TRT01A"] != treated["TRT01P"])]
        found, planned = quoted(switched["TRT01A"]), quoted(switched["TRT01P"])
        findings.append(
            row_findings(
                "arm_switched", file, switched, column="TRT01A", found=found, expected=planned + " as TRT01P"
            )
        )
    return findings


def _screen_failures(n: int, file: str) -> Frames:
    if not n:
        return []
    rows = "1 row of a screen failure" if n == 1 else f"{n} rows of screen failures"
    return [finding("screen_failures", file, column="TRT01P", found=rows)]


def _columns_of_definition(frame: pd.DataFrame, file: str, definition: StudyDefinition) -> Frames:
    """Columns that the study definition names, and population flags, that adsl does not have."""
    subgroups = [subgroup.column for subgroup in definition.subgroups]
    controls = [control.column for control in definition.negative_controls if control.column]
    named = dict.fromkeys([*definition.covariates, *subgroups, *definition.strata, *controls])
    findings = [
        finding("definition_column_absent", file, column=name, found="no such column")
        for name in named
        if name not in frame and name != "BASE"
    ]
    for subgroup in definition.subgroups:
        if subgroup.cuts and subgroup.column in frame and frame[subgroup.column].dtype == "str":
            findings.append(finding("cuts_of_text", file, column=subgroup.column, found="text"))
    flags = ("ITTFL", *DERIVED_FLAGS) if definition.randomised else DERIVED_FLAGS
    for flag in flags:
        if flag not in frame:
            findings.append(finding("population_flag_absent", file, column=flag, found="no such column"))
    return findings


def _cut_days(
    frame: pd.DataFrame, file: str, definition: StudyDefinition, cut: datetime.date
) -> tuple[pd.DataFrame, Frames]:
    """adsl with DCUTDY: as given, else from TRTSDT, else (never treated) from RANDDT."""
    if "DCUTDY" not in frame and "TRTSDT" not in frame:
        missing = finding("no_cut_day", file, column="DCUTDY", found="neither DCUTDY nor TRTSDT")
        return frame.assign(DCUTDY=np.nan), [missing]
    treated = day_of_cut(cut, frame, "TRTSDT")
    given = frame["DCUTDY"] if "DCUTDY" in frame else pd.Series(np.nan, index=frame.index)
    findings = _days_of_subject(frame.assign(DCUTDY=given), file)
    given = given.mask(invalid_day(given))
    disagree = given.notna() & treated.notna() & (given != treated)
    findings.append(
        row_findings(
            *("cut_day_disagrees", file, frame[disagree]),
            column="DCUTDY",
            found="another day than the one from TRTSDT",
        )
    )
    day = given.fillna(treated).fillna(day_of_cut(cut, frame, "RANDDT"))
    arms = [arm.trt for arm in definition.arms]
    unknown = frame[day.isna() & frame["TRT01P"].isin(arms)]
    findings.append(row_findings("unknown_cut_day", file, unknown, column="DCUTDY", found="no cut day"))
    return frame.assign(DCUTDY=day), findings


def day_of_cut(cut: datetime.date, frame: pd.DataFrame, column: str) -> pd.Series:
    """Study day of the data cutoff, counted from the date in `column`; there is no day 0."""
    if column not in frame:
        return pd.Series(np.nan, index=frame.index)
    start = pd.to_datetime(frame[column].replace("", None), format="%Y-%m-%d", errors="coerce")
    days = (pd.Timestamp(cut) - start).dt.days.astype("float64")
    return days + (days >= 0)


def _days_of_subject(frame: pd.DataFrame, file: str) -> Frames:
    findings = []
    for column in ("DCUTDY", "EOSDY", "DTHDY"):
        rows = frame[invalid_day(frame[column])]
        found = "day " + as_text(rows[column])
        findings.append(row_findings("invalid_subject_day", file, rows, column=column, found=found))
    return findings


def _status(frame: pd.DataFrame, file: str) -> Frames:
    known = next(column.values for column in ADSL.columns if column.name == "EOSSTT")
    unknown = frame[~frame["EOSSTT"].isin([*known, ""])]
    ongoing = frame[(frame["EOSSTT"] == "ONGOING") & (frame["EOSDY"] <= frame["DCUTDY"])]
    findings = [
        row_findings("unknown_status", file, unknown, column="EOSSTT", found=quoted(unknown["EOSSTT"])),
        row_findings("status_disagrees", file, ongoing, column="EOSDY", found="ONGOING with an EOSDY"),
    ]
    for column in ("EOSDY", "DTHDY"):
        late = frame[frame[column] > frame["DCUTDY"]]
        found = "day " + as_text(late[column])
        findings.append(row_findings("end_after_cut", file, late, column=column, found=found))
    return findings


def _ages(frame: pd.DataFrame, file: str) -> tuple[pd.DataFrame, Frames]:
    """Ages above 89 become 90 before anything shows them."""
    old = frame["AGE"] > 90
    strange = (frame["AGE"] < 12) | (frame["AGE"] > 120)
    findings = [
        row_findings("age_above_89", file, frame[old & ~strange], column="AGE", found="an age above 89"),
        row_findings(
            *("implausible_age", file, frame[strange]),
            column="AGE",
            found=as_text(frame.loc[strange, "AGE"]),
        ),
    ]
    return frame.assign(AGE=frame["AGE"].mask(old, 90.0)), findings


def _study_and_codes(frame: pd.DataFrame, file: str, definition: StudyDefinition) -> Frames:
    findings = []
    if "STUDYID" in frame:
        other = frame[frame["STUDYID"] != definition.studyid]
        found, expected = quoted(other["STUDYID"]), f'"{definition.studyid}"'
        findings.append(
            row_findings("other_study", file, other, column="STUDYID", found=found, expected=expected)
        )
    if _with_initials(frame["USUBJID"]):
        found = "letters that differ from subject to subject"
        findings.append(finding("initials_in_subject_id", file, column="USUBJID", found=found))
    dated = frame.loc[frame["USUBJID"].str.contains(DATE_IN_ID), []]
    findings.append(
        row_findings("date_in_subject_id", file, dated, column="USUBJID", found="digits that read as a date")
    )
    return findings


def _with_initials(subjects: pd.Series) -> bool:
    """Whether most subject codes hold letters of their own: ZXM in 01-ZXM-003; a code of the site is shared."""
    letters = subjects.str.extract(r"(?<![A-Za-z])([A-Za-z]{2,4})(?![A-Za-z])")[0]
    given = letters[letters.notna()]
    return given.nunique() >= FEWEST_INITIALS and given.nunique() > len(subjects.unique()) / 2
