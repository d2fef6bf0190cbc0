"""How long the drugs were taken, and where they were interrupted or their dose changed.

Rule: docs/reference/safety.md, section 5.
"""

from collections.abc import Sequence
from itertools import groupby
from math import isclose
from typing import Any

import numpy as np
import pandas as pd

from trialdata.definition import StudyDefinition

ANY_DRUG = "Any study drug"
INTERRUPTED, RAISED, LOWERED = "interrupted", "dose raised", "dose lowered"
LEAST_GAP = 2  # days without the drug
COLUMNS = ["USUBJID", "ARM", "DRUG", "KIND", "REASON", "STARTDY", "DAYS"]


def treatment_times(rows: pd.DataFrame, subjects: pd.DataFrame, definition: StudyDefinition) -> pd.DataFrame:
    """One row per treated participant and drug, and for any drug: days from its first dose to its end.

    USUBJID, ARM, DRUG, AVAL (days), CNSR 0 where the drug ended, or death ended it, 1 where it goes on at FUDY.
    """
    given = rows[rows["GIVEN"]]
    last = given.groupby(["USUBJID", "DRUG"]).agg(
        ARM=("ARM", "first"),
        FUDY=("FUDY", "first"),
        FIRST=("START", "min"),
        LAST=("END", "max"),
        DOSES=("DOSES", lambda doses: doses.sum(skipna=False)),
    )
    last = last.reset_index()
    died = subjects.set_index("USUBJID")["DTHDY"]
    last["DIED"] = last["USUBJID"].map(died).notna().to_numpy()
    last["ENDED"] = (last["LAST"] < last["FUDY"]) & ~awaits_a_dose(last, definition)
    whole = last.groupby("USUBJID").agg(
        ARM=("ARM", "first"), FUDY=("FUDY", "first"), FIRST=("FIRST", "min"), LAST=("LAST", "max"),
        DIED=("DIED", "first"), ENDED=("ENDED", "all"),
    )  # fmt: skip
    both = pd.concat([whole.reset_index().assign(DRUG=ANY_DRUG), last], ignore_index=True)
    end = both["LAST"].where(both["ENDED"], both["FUDY"])
    over = both["ENDED"] | both["DIED"]
    times = both.assign(AVAL=end - both["FIRST"] + 1, CNSR=(~over).astype(int))
    return times[["USUBJID", "ARM", "DRUG", "AVAL", "CNSR"]]


def awaits_a_dose(last: pd.DataFrame, definition: StudyDefinition) -> np.ndarray:
    """Whether doses of the plan are left and the next one is not long overdue.

    Between two doses given every so many days a participant is on treatment.
    """
    plans = {(plan.trt, plan.drug): plan for plan in definition.doses if plan.doses and plan.every_days}
    found = [plans.get(pair) for pair in zip(last["ARM"], last["DRUG"], strict=True)]
    left = np.array([0 if plan is None else plan.doses for plan in found]) > last["DOSES"].to_numpy()
    patience = np.array([0 if plan is None else 2 * (plan.every_days or 0) for plan in found])
    return left & (last["FUDY"].to_numpy() - last["LAST"].to_numpy() < patience)


def dose_changes(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per interruption and change of dose: USUBJID ARM DRUG KIND REASON STARTDY DAYS (without the drug).

    REASON is EXADJ of the row that follows; of an interruption first that of a row of dose 0 in it. "" where none is
    recorded.
    """
    found: list[tuple] = []
    in_order = rows.sort_values(["USUBJID", "DRUG"], kind="stable").itertuples()
    for (usubjid, drug), own in groupby(in_order, key=lambda row: (row.USUBJID, row.DRUG)):
        records = list(own)
        found += [(usubjid, records[0].ARM, drug, *change) for change in _changes(records)]
    frame = pd.DataFrame(found, columns=COLUMNS)
    texts = dict.fromkeys(("USUBJID", "ARM", "DRUG", "KIND", "REASON"), "str")
    return frame.astype(texts | {"STARTDY": "float64", "DAYS": "float64"})


def _changes(records: Sequence[Any]) -> list[tuple[str, str, float, float]]:
    """(kind, reason, first day, days without the drug) of one participant and drug, records in order of day."""
    left_out = [record for record in records if not record.GIVEN]
    found: list[tuple[str, str, float, float]] = []
    for once in (False, True):
        before, covered = None, 0.0
        for record in (each for each in records if each.GIVEN and once == each.ONCE):
            if before is not None and covered < record.START:
                gap = record.START - covered - 1
                if not once and gap >= LEAST_GAP + before.EVERY - 1:
                    within = [each.REASON for each in left_out if covered < each.START < record.START]
                    said = next((reason for reason in within if reason), record.REASON)
                    found.append((INTERRUPTED, said, covered + 1, gap))
                found += _change_of_dose(before, record)
            before, covered = record, max(covered, record.END)
    return found


def _change_of_dose(before: Any, row: Any) -> list[tuple[str, str, float, float]]:
    if before.WHY or row.WHY:
        return []
    old, new = (each.DOSE * each.RATE for each in (before, row))
    if isclose(old, new):
        return []
    return [(RAISED if new > old else LOWERED, row.REASON, row.START, 0.0)]


def continuous_drugs(rows: pd.DataFrame) -> Sequence[str]:
    """The drugs that are given from day to day: only they can be interrupted."""
    return sorted(rows.loc[rows["GIVEN"] & ~rows["ONCE"], "DRUG"].unique())
