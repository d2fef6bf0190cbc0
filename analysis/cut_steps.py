"""From one data cut to the next in steps, each derived anew: what changed a result is found by recomputation.

The first step takes the definition of this cut; the others bring the data of everybody whom the earlier ADSL has
closer to this cut, one kind of change at a time. docs/reference/cut-changes.md gives the order and its reason.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData, derive
from analysis.endpoints.days import add_days
from trialdata.cut_changes import RecordChanges, compare_records
from trialdata.record_matching import Matched, as_compared
from trialdata.schema import DATASETS
from trialdata.study import Study

RULE, CUTOFF, VANISHED = "rule change", "later cutoff", "vanished record"
CORRECTED, COMPLETED = "correction", "completed record"
VISIT, BLEEDING, RESCUE = "new visit", "new bleeding record", "new rescue record"
ENDED, IN_SET = "end of study or death", "analysis set"
STEPS = (RULE, CUTOFF, VANISHED, CORRECTED, COMPLETED, VISIT, BLEEDING, RESCUE, ENDED, IN_SET)
NEW_RECORDS = {"adlb": VISIT, "adqs": BLEEDING, "adcm": RESCUE}
ENDING = ("EOSSTT", "EOSDY", "DCSREAS", "DTHDY")
FLAGS = ("RANDFL", "ITTFL", "FASFL", "PPROTFL", "SAFFL")


@dataclass(frozen=True, eq=False)
class CutComparison:
    """Two cuts of one trial, the data after each step between them (the last is this cut), and their records."""

    earlier: AnalysisData
    data: AnalysisData
    steps: tuple[tuple[str, AnalysisData], ...]
    records: RecordChanges

    def __str__(self) -> str:
        return str(self.earlier.study.cut)


def compare_cuts(earlier: AnalysisData, data: AnalysisData) -> CutComparison:
    """The comparison of two cuts of one trial in one view; each has the definition that it was derived by."""
    before, now = earlier.study, data.study
    if before.definition.studyid != now.definition.studyid or before.view != now.view:
        raise ValueError("two cuts of one trial in one view are compared")
    if before.cut >= now.cut:
        raise ValueError(f"{before.cut} is not before {now.cut}")
    definition = now.definition
    also = (*definition.covariates, *(subgroup.column for subgroup in definition.subgroups))
    records = compare_records(_frames(before), _frames(now), also=also)
    steps = [] if before.definition == definition else [RULE]
    steps += [step for step in STEPS if step != RULE]
    between: list[tuple[str, AnalysisData]] = []
    study, derived = before, earlier
    for step in steps[:-1]:
        following = _after_step(before, now, records, STEPS[: STEPS.index(step) + 1])
        if not _same(study, following):
            study, derived = following, derive(following)
        between.append((step, derived))
    return CutComparison(earlier, data, (*between, (IN_SET, data)), records)


def _same(one: Study, other: Study) -> bool:
    """A step without a change needs no new derivation."""
    if one.definition != other.definition:
        return False
    return all(getattr(one, name).equals(getattr(other, name)) for name in ("adsl", *NEW_RECORDS))


def _frames(study: Study) -> dict[str, pd.DataFrame]:
    frames: dict[str, pd.DataFrame] = {name: getattr(study, name) for name in DATASETS}
    return frames | {"adsl": study.adsl.drop_duplicates("USUBJID")}


def _after_step(before: Study, now: Study, records: RecordChanges, taken: tuple[str, ...]) -> Study:
    """The earlier cut with the changes of the steps taken so far."""
    frames = {
        name: _records_after(name, getattr(before, name), getattr(now, name), records.matched[name], taken)
        for name in NEW_RECORDS
    }
    adsl = before.adsl.drop_duplicates("USUBJID").reset_index(drop=True)
    known = set(adsl["USUBJID"])
    for name, step in NEW_RECORDS.items():
        new = getattr(now, name).iloc[records.matched[name].new]
        if step in taken:
            of_known = new[new["USUBJID"].isin(known)]
            frames[name] = (
                pd.concat([frames[name], of_known], ignore_index=True) if len(of_known) else frames[name]
            )
    frames["adsl"] = _subjects_after(adsl, before, now, records.matched["adsl"], taken)
    return dataclasses.replace(before, definition=now.definition, **frames)


def _records_after(
    name: str, before: pd.DataFrame, after: pd.DataFrame, matched: Matched, taken: tuple[str, ...]
) -> pd.DataFrame:
    frame = _with_cells(before.reset_index(drop=True), after, matched, _cells_taken(taken))
    return frame.drop(index=matched.vanished).reset_index(drop=True) if VANISHED in taken else frame


def _cells_taken(taken: tuple[str, ...]) -> Callable[[str, np.ndarray, np.ndarray], np.ndarray]:
    """Which changed cells of records are those of this cut: the corrected, the completed, both or none."""

    def chosen(column: str, corrected: np.ndarray, completed: np.ndarray) -> np.ndarray:
        return (corrected & (CORRECTED in taken)) | (completed & (COMPLETED in taken))

    return chosen


def _subjects_after(
    adsl: pd.DataFrame, before: Study, now: Study, matched: Matched, taken: tuple[str, ...]
) -> pd.DataFrame:
    """ADSL likewise: the cut day moves with the cutoff; flags and treatment begun come with the last step."""

    def chosen(column: str, corrected: np.ndarray, completed: np.ndarray) -> np.ndarray:
        if column in FLAGS:
            return np.zeros(len(corrected), dtype=bool)
        late = {"TRT01A": IN_SET} | dict.fromkeys(ENDING, ENDED)
        return (corrected & (CORRECTED in taken)) | (completed & (late.get(column, COMPLETED) in taken))

    if CUTOFF not in taken:
        return adsl
    moved = add_days(adsl["DCUTDY"].to_numpy(float), (now.cut - before.cut).days)
    if CORRECTED in taken:
        of_now = now.adsl.drop_duplicates("USUBJID")["DCUTDY"].to_numpy(float)
        moved[matched.pairs["before"]] = of_now[matched.pairs["after"]]
    after = now.adsl.drop_duplicates("USUBJID")
    return _with_cells(adsl.assign(DCUTDY=moved), after, matched, chosen)


def _with_cells(
    frame: pd.DataFrame,
    after: pd.DataFrame,
    matched: Matched,
    chosen: Callable[[str, np.ndarray, np.ndarray], np.ndarray],
) -> pd.DataFrame:
    """The frame of the earlier cut with the chosen changed cells as they are at this cut."""
    pairs, columns = matched.pairs, {}
    for name in matched.columns:
        corrected = matched.corrected[name].to_numpy()
        take = chosen(name, corrected, matched.changed[name].to_numpy() & ~corrected)
        if take.any():
            old, new = frame[name], after[name]
            if old.dtype != new.dtype:
                old, new = as_compared(old), as_compared(new)
            cells = old.array.copy()
            cells[pairs["before"].to_numpy()[take]] = new.array[pairs["after"].to_numpy()[take]]
            columns[name] = pd.Series(cells, frame.index)
    return frame.assign(**columns)
