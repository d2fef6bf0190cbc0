"""Rows with neither a day nor a date: the planned study day of their visit."""

import numpy as np

from trialdata.conversion import rules
from trialdata.conversion.readings import Rows, Texts
from trialdata.conversion.work import Work
from trialdata.definition import StudyDefinition
from trialdata.mapping.import_mapping import ImportMapping
from trialdata.mapping.visit_words import planned_day, unplanned


def planned_days(work: Work, undated: Rows, mapping: ImportMapping, definition: StudyDefinition) -> None:
    """ADY of `undated` rows by AVISIT, else by AVISITN; a visit outside the plan leaves its rows without a day."""
    visit = _visits(work)
    rows = undated & (visit != "")
    if not rows.any():
        return
    day = {text: planned_day(text, mapping, definition) for text in set(visit[rows])}
    unknown = [text for text in day if not day[text] and text not in mapping.visits and not unplanned(text)]
    work.notice("unknown_visit", rows & np.isin(visit, unknown), "AVISIT", found=visit)
    known = {text: f"{number:.0f}" for text, number in day.items() if number}
    planned = rows & np.isin(visit, list(known))
    work.notice("planned_day", planned, "AVISIT", found=visit)
    days = np.array([known.get(text, "") for text in visit], dtype=object)
    work.change("ADY", days, rules.PLANNED_DAY, planned)


def _visits(work: Work) -> Texts:
    """The visit of each row, letter by letter as it was sent."""
    name = work.sent.get("AVISIT", work.texts("AVISIT"))
    number = work.sent.get("AVISITN", work.texts("AVISITN"))
    return np.where(work.where("AVISIT", str.strip), name, number)
