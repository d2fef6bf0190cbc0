"""The trace: how one endpoint's rule read every platelet count of one participant, and the verdict in words.

docs/reference/endpoints.md, section 5. Sentences are made on demand, from the arrays and rows that gave the answer.
"""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.endpoints.days import is_day
from analysis.endpoints.records import is_end_of_treatment
from analysis.tracing import clauses, verdicts
from analysis.tracing.case import Case, read_case
from analysis.tracing.roles import Role, roles

COLUMNS = (
    *("PARAMCD", "ADY", "AVAL", "AVALC", "BASE", "THRESHOLD", "BLEEDGR", "BLEEDDY", "SHADOW", "SHADOWDY"),
    *("USABLE", "LEVEL", "ROLE", "CLAUSE"),
)


def trace(data: AnalysisData, usubjid: str, paramcd: str) -> pd.DataFrame:
    """One row per platelet count of a participant in the order of days, with what an endpoint's rule made of it.

    THRESHOLD the count needed, BLEEDGR and BLEEDDY the bleeding assessment read with it, SHADOW and SHADOWDY the
    rescue class and the days of its shadow, USABLE "Y" or "N", LEVEL, ROLE ("none" mostly) and CLAUSE, the reason.
    """
    case = read_case(data, usubjid, paramcd)
    if case is None:
        return pd.DataFrame(columns=COLUMNS)
    parts = roles(case)
    rows = [_row(case, parts, count) for count in _counts(data, usubjid).itertuples()]
    return pd.DataFrame(rows, columns=COLUMNS)


def verdict(data: AnalysisData, usubjid: str, paramcd: str) -> str:
    """The answer of an endpoint for a participant and why, in one or two plain sentences."""
    case = read_case(data, usubjid, paramcd)
    return "" if case is None else verdicts.verdict(case)


def _counts(data: AnalysisData, usubjid: str) -> pd.DataFrame:
    """The platelet counts of a participant: the records, the baseline, and what else was counted on the same days."""
    adlb = data.adlb[(data.adlb["USUBJID"] == usubjid) & (data.adlb["PARAMCD"] == "PLAT")]
    adlb = adlb[adlb["AVAL"].notna() & is_day(adlb["ADY"].to_numpy(float))]
    flagged = (adlb["RECFL"] == "Y") | (adlb["BLFL"] == "Y")
    copy = is_end_of_treatment(adlb["VISIT"]) & adlb.duplicated(["ADY", "CENSOR", "AVAL"], keep=False)
    shown = adlb[flagged | ((adlb["DTYPE"] == "") & ~copy)]
    return shown.sort_values(["ADY", "RECFL"], kind="stable")


def _row(case: Case, parts: dict[float, Role], count) -> dict:
    """A row of the trace from a platelet count; only the record of its day was read by the rule."""
    shown = {
        "PARAMCD": case.endpoint.paramcd,
        "ADY": count.ADY,
        "AVAL": count.AVAL,
        "AVALC": count.AVALC,
        "BASE": count.BASE,
    }
    record = int(np.searchsorted(case.reading.day, count.ADY))
    if count.BLFL == "Y" and not (count.RECFL == "Y" and count.ADY >= 2):
        return {**shown, **_unread("baseline", "baseline", clauses.baseline_clause(case, count.AVAL))}
    if count.RECFL != "Y":
        why = "Another count of this day is lower: that one is the record."
        return {**shown, **_unread("", "none", why)}
    role = parts.get(count.ADY, Role(count.ADY, "none", ""))
    return {
        **shown,
        "THRESHOLD": clauses.threshold(case, record),
        "BLEEDGR": case.reading.assessed.grade[record],
        "BLEEDDY": case.reading.assessed.day[record],
        "SHADOW": ""
        if case.reading.shadow[record] < 0
        else case.reading.rescues.cmclas[case.reading.shadow[record]],
        "SHADOWDY": clauses.shadow_days(case, record),
        "USABLE": "Y" if case.reading.usable[record] else "N",
        "LEVEL": clauses.level(case, record),
        "ROLE": role.name,
        "CLAUSE": _sentences(case, record, role),
    }


def _sentences(case: Case, record: int, role: Role) -> str:
    """What was decided about the record, then its role; a loss on a day that is not used says it all."""
    if role.name == "loss" and not case.reading.usable[record]:
        return role.sentence
    return f"{clauses.clause(case, record)} {role.sentence}".strip()


def _unread(level: str, role: str, why: str) -> dict:
    unknown = {"THRESHOLD": np.nan, "BLEEDGR": np.nan, "BLEEDDY": np.nan, "SHADOW": "", "SHADOWDY": ""}
    return {**unknown, "USABLE": "N", "LEVEL": level, "ROLE": role, "CLAUSE": why}
