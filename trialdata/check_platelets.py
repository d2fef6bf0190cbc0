"""Checks of the platelet counts in adlb: unit, size, censored texts, and several counts on one day."""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from trialdata.definition import StudyDefinition
from trialdata.findings import as_text, finding, quoted, quoted_text, row_findings
from trialdata.reading import DatasetFile, Frames
from trialdata.units import STORED, factor_to_stored
from trialdata.values import SENTINELS, read_number

IMPLAUSIBLE, IMPOSSIBLE = 1500, 3000  # x 10^9/L
COUNTS_OF_A_SITE = 3  # fewer do not speak for the site
FAR_OFF = 100  # times lower than the other sites
SAME_UNIT_COLUMNS = ("AVAL", "BASE", "CHG", "ANRLO", "ANRHI")
END_OF_TREATMENT = r"(?i)end of (?:treatment|trt)|^eot$|early termination|提前退出|治疗结束"


def platelets(frame: pd.DataFrame) -> pd.Series:
    """Which rows of adlb are platelet counts, given or missing."""
    return frame["PARAMCD"] == "PLAT"


def censored(frame: pd.DataFrame) -> pd.Series:
    """Which rows have a text such as <5 or >1000 (AVALC as `read_dataset` spells it)."""
    return of_texts(frame["AVALC"], lambda text: text[:1] in "<>" and text[1:2].isdigit())


def has_count(frame: pd.DataFrame) -> pd.Series:
    """Which rows have a count: a number, or a text such as <5."""
    return frame["AVAL"].notna() | censored(frame)


def counts(frame: pd.DataFrame) -> pd.Series:
    """The count of each row in 10^9/L; the limit of a censored one."""
    limits = frame.loc[censored(frame), "AVALC"].str.slice(1).astype("float64")
    return limits.reindex(frame.index).fillna(frame["AVAL"])


def of_texts(column: pd.Series, rule: Callable[[str], object]) -> pd.Series:
    """Whether `rule` holds for each cell; it is asked once for each distinct text."""
    codes, texts = pd.factorize(column)
    return pd.Series(np.array([bool(rule(text)) for text in texts], dtype=bool)[codes], index=column.index)


def check_platelets(
    rows: DatasetFile, adsl: pd.DataFrame, definition: StudyDefinition
) -> tuple[pd.DataFrame, Frames]:
    """adlb with platelet counts in 10^9/L, and the findings about them."""
    frame, file = rows.frame, rows.file
    if not platelets(frame).any():
        known = ", ".join(sorted(frame["PARAMCD"].unique())[:20])
        return frame, [finding("no_platelets", file, column="PARAMCD", found=f"the parameters {known}")]
    if not has_count(frame[platelets(frame)]).any():
        return frame, [finding("no_platelets", file, column="AVAL", found="rows with PLAT, none with a count",
                               expected="platelet counts", action="export the file again")]  # fmt: skip
    findings = _reported_texts(frame[platelets(frame)], file, definition)
    frame, found = _without_sentinels(frame, file)
    findings += found
    frame, found = _in_stored_unit(frame, file)
    findings += found
    findings += _sizes(frame[platelets(frame)], file, adsl)
    findings += _several_a_day(frame, file)
    findings += _rows_that_are_no_records(frame[platelets(frame)], file)
    return frame, findings


def _reported_texts(plat: pd.DataFrame, file: str, definition: StudyDefinition) -> Frames:
    """AVALC: censored counts, censoring that cannot be read, and numbers that are not AVAL."""
    plat = plat[plat["AVALC"] != ""]
    text, value = plat["AVALC"], plat["AVAL"]
    below, above = of_texts(text, re.compile(r"<\d").match), of_texts(text, re.compile(r">\d").match)
    short = above & (counts(plat) < _highest_threshold(definition))
    number = _numbers(text)
    differs = (number - value).abs() > 0.51  # a reported text may be rounded
    rows_of = {
        "censored_below": below,
        "censored_above": above & ~short,
        "censored_above_below_threshold": short,
        "unreadable_censoring": of_texts(text, re.compile("[<>≤≥]").match) & ~below & ~above,
        "count_only_as_text": number.notna() & value.isna(),
    }
    findings = [
        row_findings(check, file, plat[rows], column="AVALC", found=quoted(text[rows]))
        for check, rows in rows_of.items()
    ]
    found, expected = quoted(text[differs]), "AVAL " + as_text(value[differs])
    other = row_findings(
        "value_disagrees", file, plat[differs], column="AVALC", found=found, expected=expected
    )
    return [*findings, other]


def _highest_threshold(definition: StudyDefinition) -> float:
    """The highest count that any endpoint asks for."""
    asked = [
        threshold
        for endpoint in definition.endpoints
        for threshold in (
            *(endpoint.r_count, endpoint.cr_count, endpoint.hold_count or 0),
            endpoint.threshold if endpoint.kind == "durable_counts" else 0,
            endpoint.failure_count if endpoint.kind == "treatment_failure" else 0,
        )
    ]
    return max(asked, default=0)


def _numbers(text: pd.Series) -> pd.Series:
    """The number each text is, NaN where it is none or censored."""
    codes, texts = pd.factorize(text)
    values = np.array([read_number(each).value for each in texts], dtype="float64")
    return pd.Series(values[codes], index=text.index)


def _without_sentinels(frame: pd.DataFrame, file: str) -> tuple[pd.DataFrame, Frames]:
    coded = platelets(frame) & frame["AVAL"].isin([float(code) for code in SENTINELS])
    found = as_text(frame.loc[coded, "AVAL"])
    findings = [row_findings("sentinel", file, frame[coded], column="AVAL", found=found)]
    return frame.assign(AVAL=frame["AVAL"].mask(coded)), findings


def _in_stored_unit(frame: pd.DataFrame, file: str) -> tuple[pd.DataFrame, Frames]:
    """Platelet rows multiplied to 10^9/L where AVALU names another unit of counts; other units are refused."""
    plat = platelets(frame)
    units = frame.loc[plat, "AVALU"]
    factors = {unit: factor_to_stored(unit) for unit in units.unique()}
    findings = []
    for unit, factor in factors.items():
        rows = units[units == unit]
        where = frame.loc[rows.index]
        if factor is None:
            findings.append(
                row_findings("unit_refused", file, where, column="AVALU", found=quoted_text(unit))
            )
        elif factor != 1:
            found = f"{quoted_text(unit)} in {len(rows):,} rows"
            findings.append(finding("unit_converted", file, column="AVALU", found=found))
    factor = units.map(factors).astype("float64").fillna(1.0).reindex(frame.index, fill_value=1.0)
    if (factor != 1).any():
        frame = _multiplied(frame, factor)
    known = units.map(factors).notna().reindex(frame.index, fill_value=False)
    return frame.assign(AVALU=frame["AVALU"].mask(known, STORED)), findings


def _multiplied(frame: pd.DataFrame, factor: pd.Series) -> pd.DataFrame:
    numeric = [name for name in SAME_UNIT_COLUMNS if name in frame and frame[name].dtype == "float64"]
    changed = {name: frame[name] * factor for name in numeric}
    rows = censored(frame) & (factor != 1)
    limit = frame.loc[rows, "AVALC"].str.slice(1).astype("float64") * factor[rows]
    avalc = frame["AVALC"].copy()
    avalc[rows] = frame.loc[rows, "AVALC"].str.slice(0, 1) + as_text(limit)
    return frame.assign(**changed, AVALC=avalc)


def _sizes(plat: pd.DataFrame, file: str, adsl: pd.DataFrame) -> Frames:
    """Counts no one has: below 0, above what blood can hold, or 1000 times too high for a whole file or site."""
    value = plat["AVAL"]
    if value.median() > IMPLAUSIBLE:
        found = f"a median count of {value.median():,.0f}: the counts look as if they were per microlitre"
        return [finding("wrong_unit", file, column="AVAL", found=found)]
    site = plat["USUBJID"].map(adsl.set_index("USUBJID")["SITEID"])
    findings, wrong = _sizes_by_site(value, site, file)
    value = value[~site.isin(wrong)]
    listed = {
        "negative_count": value < 0,
        "count_impossible": value > IMPOSSIBLE,
        "count_implausible": (value > IMPLAUSIBLE) & (value <= IMPOSSIBLE),
    }
    for check, hit in listed.items():
        rows = plat.loc[value[hit].index]
        findings.append(row_findings(check, file, rows, column="AVAL", found=as_text(rows["AVAL"])))
    return findings


def _sizes_by_site(value: pd.Series, site: pd.Series, file: str) -> tuple[Frames, list[str]]:
    by_site = value.groupby(site)
    medians = by_site.median()[by_site.count() >= COUNTS_OF_A_SITE]
    wrong = medians[medians > IMPLAUSIBLE]
    findings = [
        finding(
            *("wrong_unit_of_site", file),
            column="AVAL",
            found=f"a median count of {median:,.0f} at site {name or 'without SITEID'}",
        )
        for name, median in wrong.items()
    ]
    for name, median in medians.drop(wrong.index).items():
        others = value[(site != name) & ~site.isin(wrong.index)].median()
        if median * FAR_OFF < others:
            found = f"a median count of {median:g} at site {name}, {others:g} elsewhere"
            findings.append(finding("site_far_off", file, column="AVAL", found=found))
    return findings, list(wrong.index)


def _several_a_day(frame: pd.DataFrame, file: str) -> Frames:
    """Rows of one subject, parameter and day that disagree: platelets whatever the visit, others at one visit."""
    given = frame[(frame["AVAL"].notna() | (frame["AVALC"] != "")) & (frame["DTYPE"] == "")]
    plat = platelets(given)
    finer = [name for name in ("AVISIT", "AVISITN", "VISIT", "VISITNUM", "ATPT", "LBSEQ") if name in given]
    day = ["USUBJID", "PARAMCD", "ADY"]
    of_day = _disagreeing(given[plat], day)
    others = _disagreeing(given[~plat], [*day, *finer])
    return [
        row_findings("several_counts_one_day", file, of_day, column="AVAL", found=_value_and_day(of_day)),
        row_findings("several_values_one_day", file, others, column="AVAL", found=_value_and_day(others)),
    ]


def _disagreeing(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """One row for each distinct value of every key that has more than one."""
    several = rows[rows.duplicated(key, keep=False)]
    is_censored = censored(several)
    said = several.assign(
        VALUE=several["AVAL"].mask(is_censored), LIMIT=several["AVALC"].where(is_censored, "")
    ).drop_duplicates([*key, "VALUE", "LIMIT"])
    return said[said.duplicated(key, keep=False)]


def _value_and_day(rows: pd.DataFrame) -> pd.Series:
    value = rows["LIMIT"].where(rows["LIMIT"] != "", as_text(rows["VALUE"]))
    return value + " beside another value on day " + as_text(rows["ADY"])


def _rows_that_are_no_records(plat: pd.DataFrame, file: str) -> Frames:
    findings = []
    derived = int((plat["DTYPE"] != "").sum())
    if derived:
        findings.append(finding("derived_rows", file, column="DTYPE", found=f"{derived:,} derived rows"))
    last = plat[of_texts(plat["AVISIT"], re.compile(END_OF_TREATMENT).search)]
    day = ["USUBJID", "ADY", "AVAL"]
    copies = last[
        pd.MultiIndex.from_frame(last[day]).isin(pd.MultiIndex.from_frame(plat.drop(last.index)[day]))
    ]
    if len(copies):
        found = f"{len(copies):,} end-of-treatment rows that copy another visit"
        findings.append(finding("end_of_treatment_copy", file, column="AVISIT", found=found))
    return findings
