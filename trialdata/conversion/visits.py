"""Rows with neither a day nor a date: the planned study day of their visit."""

import re

import numpy as np

from trialdata.conversion import rules
from trialdata.conversion.readings import Rows
from trialdata.conversion.work import Work
from trialdata.definition import StudyDefinition
from trialdata.mapping.import_mapping import ImportMapping
from trialdata.windows import week_of_visit_name

UNPLANNED = re.compile(r"(?i)unsched|early term|end of|计划外|提前|结束")


def planned_days(work: Work, undated: Rows, mapping: ImportMapping, definition: StudyDefinition) -> None:
    """ADY of `undated` rows by AVISIT, else by AVISITN; a visit outside the plan leaves its rows without a day."""
    visit = _visits(work)
    rows = undated & (visit != "")
    if not rows.any():
        return
    days = {text: planned_day(text, mapping, definition) for text in set(visit[rows])}
    day = np.array([days.get(text) or np.nan for text in visit], dtype=float)
    strange = np.array([not _known(text, mapping) for text in visit], dtype=bool)
    work.notice("unknown_visit", rows & np.isnan(day) & strange, "AVISIT", found=visit)
    planned = rows & ~np.isnan(day)
    text = np.array(["" if np.isnan(each) else f"{each:.0f}" for each in day], dtype=object)
    work.notice("planned_day", planned, "AVISIT", found=visit)
    work.change("ADY", text, rules.PLANNED_DAY, planned)


def planned_day(text: str, mapping: ImportMapping, definition: StudyDefinition) -> float | None:
    """What the mapping says of a visit, else what its text says; None or 0 where there is no planned day."""
    if text in mapping.visits:
        return mapping.visits[text]
    try:
        from trialdata.mapping.visit_words import visit_day  # type: ignore[import-not-found]
    except ImportError:
        week = week_of_visit_name(text)
        return 7 * week + 1 if week in definition.visits.weeks else None
    return visit_day(text, definition)


def _unplanned(text: str) -> bool:
    try:
        from trialdata.mapping.visit_words import unplanned
    except ImportError:
        return UNPLANNED.search(text) is not None
    return unplanned(text)


def _known(text: str, mapping: ImportMapping) -> bool:
    return text in mapping.visits or _unplanned(text)


def _visits(work: Work) -> np.ndarray:
    """The visit of each row, letter by letter as it was sent."""
    name = work.sent.get("AVISIT", work.texts("AVISIT"))
    number = work.sent.get("AVISITN", work.texts("AVISITN"))
    return np.where(work.where("AVISIT", str.strip), name, number)
