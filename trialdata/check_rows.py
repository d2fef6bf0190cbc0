"""Checks that every dataset by subject shares: whose row it is, whether it stands twice, and its day."""

import re

import numpy as np
import pandas as pd

from trialdata.findings import as_text, finding, quoted, row_findings
from trialdata.reading import DatasetFile, Frames

DAY = {"adlb": "ADY", "adqs": "ADY", "adcm": "ASTDY", "adae": "ASTDY", "adex": "ASTDY"}
LONGEST_LIFE = 43_830  # days in 120 years
ENDS_WITH_STUDY = ("adlb", "adqs")  # an adverse event may be followed beyond the end of the study


def check_rows(name: str, rows: DatasetFile, adsl: pd.DataFrame) -> tuple[pd.DataFrame, Frames]:
    """The dataset `name` with the rows that can be used, and the findings about those that cannot."""
    frame, findings = _of_known_subjects(rows.frame, rows.file, adsl)
    frame, found = drop_duplicate_rows(frame, rows.file)
    findings += found + _planned_arms(frame, rows.file, adsl)
    frame, found = _with_a_day(name, frame, rows.file)
    findings += found + _after_the_end(name, frame, rows.file, adsl)
    return frame, findings


def invalid_day(days: pd.Series) -> pd.Series:
    """Whether a given day is none: 0, not whole, or further from day 1 than anybody lives."""
    return (days == 0) | _no_day_of_a_life(days)


def _no_day_of_a_life(days: pd.Series) -> pd.Series:
    return days.notna() & ((days % 1 != 0) | (days.abs() > LONGEST_LIFE))


def drop_duplicate_rows(frame: pd.DataFrame, file: str) -> tuple[pd.DataFrame, Frames]:
    """Each row once; the findings name the repeated ones."""
    key = [column for column in ("USUBJID", "PARAMCD", "ADY", "ASTDY") if column in frame]
    candidates = frame[frame.duplicated(key, keep=False)]
    repeated = candidates[candidates.duplicated()]
    if repeated.empty:
        return frame, []
    found = row_findings("duplicate_row", file, repeated, found="a row that stands in the file before")
    return frame.drop(index=repeated.index), [found]


def _of_known_subjects(frame: pd.DataFrame, file: str, adsl: pd.DataFrame) -> tuple[pd.DataFrame, Frames]:
    known = frame["USUBJID"].isin(adsl["USUBJID"])
    unnamed = frame["USUBJID"] == ""
    strange = frame[~known & ~unnamed]
    findings = [
        row_findings("row_without_subject", file, frame[unnamed], column="USUBJID", found="an empty cell")
    ]
    respelled = strange["USUBJID"].map(_respelled(strange["USUBJID"], adsl["USUBJID"]))
    written = respelled.notna()
    if len(frame) and not known.any() and not written.any():
        found = f"{strange['USUBJID'].nunique():,} subjects, none of them in adsl"
        findings.append(finding("no_known_subject", file, column="USUBJID", found=found))
    else:
        other = strange[~written]
        found = "a subject that adsl does not have"
        findings.append(row_findings("unknown_subject", file, other, column="USUBJID", found=found))
    expected = '"' + respelled[written].astype("str") + '" as in adsl'
    findings.append(
        row_findings(
            *("subject_written_differently", file, strange[written]),
            column="USUBJID",
            found="another spelling",
            expected=expected,
        )
    )
    return frame[known], findings


def _respelled(strange: pd.Series, known: pd.Series) -> dict[str, str]:
    """For a subject number whose leading zeros or capitals differ from adsl: the spelling in adsl."""
    if strange.empty:
        return {}
    spelling = {_bare(usubjid): usubjid for usubjid in known}
    return {text: spelling[_bare(text)] for text in strange.unique() if _bare(text) in spelling}


def _bare(usubjid: str) -> str:
    return re.sub(r"(?<!\d)0+(?=\d)", "", usubjid).casefold().replace(" ", "")


def _planned_arms(frame: pd.DataFrame, file: str, adsl: pd.DataFrame) -> Frames:
    if "TRTP" not in frame or frame["TRTP"].dtype != "str":
        return []
    planned = frame["USUBJID"].map(adsl.set_index("USUBJID")["TRT01P"])
    other = frame[(frame["TRTP"] != "") & (frame["TRTP"] != planned)]
    found = quoted(other["TRTP"])
    return [row_findings("planned_arm_disagrees", file, other, column="TRTP", found=found)]


def _with_a_day(name: str, frame: pd.DataFrame, file: str) -> tuple[pd.DataFrame, Frames]:
    """Rows with a study day; an adverse event without one is kept, without its day."""
    column = DAY[name]
    day = frame[column]
    zero, broken = day == 0, _no_day_of_a_life(day)
    findings = [
        row_findings("day_zero", file, frame[zero], column=column, found="day 0"),
        row_findings(
            *("day_not_whole", file, frame[broken]),
            column=column,
            found="day " + as_text(day[broken]),
        ),
    ]
    if name == "adae":
        action = "the event is kept without its day"
        findings = [found.assign(action=action) for found in findings]
        return frame.assign(**{column: day.mask(zero | broken)}), findings
    missing = frame[day.isna()]
    findings.append(row_findings("missing_day", file, missing, column=column, found="no day"))
    return frame[day.notna() & ~zero & ~broken], findings


def _after_the_end(name: str, frame: pd.DataFrame, file: str, adsl: pd.DataFrame) -> Frames:
    column = DAY[name]
    subjects = adsl.set_index("USUBJID")
    cut_day = frame["USUBJID"].map(subjects["DCUTDY"]).astype("float64")
    late = frame[column] > cut_day
    # the cut day is not told: beside the date of the cut it would give back the first dose
    late_rows = frame[late]
    found = "day " + as_text(late_rows[column])
    findings = [row_findings("after_cut", file, late_rows, column=column, found=found)]
    if name in ENDS_WITH_STUDY:
        ended = subjects["EOSDY"].where(subjects["EOSDY"] <= subjects["DCUTDY"], np.nan)
        end = frame["USUBJID"].map(ended).astype("float64")
        after = (frame[column] > end) & ~late
        findings.append(
            _later_rows("after_end_of_study", file, frame, after, column, end, "the end of the study")
        )
    return findings


def _later_rows(
    check: str, file: str, frame: pd.DataFrame, late: pd.Series, column: str, last: pd.Series, name: str
) -> pd.DataFrame:
    rows = frame[late]
    found = "day " + as_text(rows[column])
    expected = f"days up to {name}, day " + as_text(last[late])
    return row_findings(check, file, rows, column=column, found=found, expected=expected)
